//! From names and attributes to typed blocks and spans, by the table of [`crate::BLOCKS`].

use crate::{
    forms::{AttributeForm, BlockForm, Inside, ValueForm, is_address, is_tag, is_time},
    model::*,
    nearest::nearest,
    plain_text,
    problem::ProblemKind,
    read::fence::Given,
    source::Problems,
};

/// Choices of a poll: fewer is no choice, more is a survey.
pub(crate) const CHOICES: std::ops::RangeInclusive<usize> = 2..=10;

/// Columns that still hold on a screen.
pub(crate) const COLUMNS: std::ops::RangeInclusive<usize> = 2..=3;

/// Attributes that were checked against their form; each says something, or may say nothing.
pub(crate) struct Values(Vec<(&'static str, String)>);

impl Values {
    fn maybe(&self, name: &str) -> Option<String> {
        self.0.iter().find(|(known, _)| *known == name).map(|(_, value)| value.clone())
    }

    fn must(&self, name: &str) -> String {
        self.maybe(name).unwrap_or_default()
    }

    fn number<N: std::str::FromStr>(&self, name: &str) -> Option<N> {
        self.maybe(name)?.parse().ok()
    }
}

/// Checks attributes against their forms; `None` when one of them is wrong.
pub(crate) fn checked(
    block: &str,
    at: usize,
    forms: &'static [AttributeForm],
    given: Vec<Given>,
    problems: &mut Problems,
) -> Option<Values> {
    let mut values: Vec<(&'static str, String)> = Vec::new();
    let mut good = true;
    for one in given {
        let Some(form) = forms.iter().find(|form| form.name == one.name) else {
            let nearest = nearest(&one.name, forms.iter().map(|form| form.name));
            let (block, name) = (block.to_owned(), one.name);
            problems.add(one.at, ProblemKind::UnknownAttribute { block, name, nearest });
            good = false;
            continue;
        };
        if values.iter().any(|(name, _)| *name == form.name) {
            problems.add(one.at, ProblemKind::RepeatedAttribute { name: one.name });
            good = false;
            continue;
        }
        let value = one.value.replace('\0', "\u{fffd}");
        if value.is_empty() && form.value != ValueForm::MaybeNothing {
            if form.required {
                let (block, name) = (block.to_owned(), one.name);
                problems.add(one.value_at, ProblemKind::EmptyAttribute { block, name });
                good = false;
            }
            // Counted as given, so that it is not reported as missing, and so that a second one is.
            values.push((form.name, String::new()));
            continue;
        }
        match fault(form, &value) {
            Some(kind) => {
                problems.add(one.value_at, kind);
                good = false;
                values.push((form.name, String::new()));
            }
            None => values.push((form.name, value)),
        }
    }
    for form in forms.iter().filter(|form| form.required) {
        if !values.iter().any(|(name, _)| *name == form.name) {
            let (block, name) = (block.to_owned(), form.name.to_owned());
            problems.add(at, ProblemKind::MissingAttribute { block, name });
            good = false;
        }
    }
    let keeps =
        |name: &str| forms.iter().any(|form| form.name == name && form.value == ValueForm::MaybeNothing);
    values.retain(|(name, value)| !value.is_empty() || keeps(name));
    good.then_some(Values(values))
}

fn fault(form: &AttributeForm, value: &str) -> Option<ProblemKind> {
    match form.value {
        ValueForm::Text | ValueForm::MaybeNothing => None,
        ValueForm::Address => {
            (!is_address(value)).then(|| ProblemKind::BadAddress { value: value.to_owned() })
        }
        ValueForm::Number { min, max } => {
            let digits = value.bytes().all(|byte| byte.is_ascii_digit());
            let good = digits && value.parse().is_ok_and(|number| (min..=max).contains(&number));
            (!good).then(|| ProblemKind::BadNumber { name: form.name.to_owned(), min, max })
        }
        ValueForm::OneOf(words) => (!words.contains(&value)).then(|| ProblemKind::BadChoice {
            name: form.name.to_owned(),
            value: value.to_owned(),
            choices: words.join(", "),
            nearest: nearest(value, words.iter().copied()),
        }),
        ValueForm::Time => (!is_time(value)).then(|| ProblemKind::BadTime { value: value.to_owned() }),
        ValueForm::Tag => (!is_tag(value)).then(|| ProblemKind::BadTag { value: value.to_owned() }),
    }
}

/// What was read between two lines of colons, with its place.
pub(crate) enum Part {
    Block(Block),
    Column(Vec<Block>),
    Person(Person),
}

/// A part with the byte offset where it begins.
pub(crate) type Placed = (Part, usize);

/// The block of a form with what stands in it; `None` when that is not what belongs there.
pub(crate) fn block(
    form: &'static BlockForm,
    at: usize,
    values: &Values,
    parts: Vec<Placed>,
    problems: &mut Problems,
) -> Option<Part> {
    let name = || form.name.to_owned();
    match form.inside {
        Inside::Nothing => {
            if let Some((_, at)) = parts.first() {
                problems.add(*at, ProblemKind::NotEmpty { name: name() });
                return None;
            }
            Some(Part::Block(holding_nothing(form.name, values)))
        }
        Inside::Paragraph { required } => {
            if let Some((_, at)) = parts.get(1) {
                problems.add(*at, ProblemKind::NotAParagraph { name: name() });
                return None;
            }
            let content = match parts.into_iter().next() {
                None => Vec::new(),
                Some((Part::Block(Block::Paragraph { content }), _)) => content,
                Some((_, at)) => {
                    problems.add(at, ProblemKind::NotAParagraph { name: name() });
                    return None;
                }
            };
            if required && content.is_empty() {
                problems.add(at, ProblemKind::NothingInside { name: name() });
                return None;
            }
            Some(holding_words(form.name, values, content))
        }
        Inside::Choices => {
            let choices = choices(parts);
            if choices.is_none() {
                problems.add(at, ProblemKind::BadChoices);
            }
            Some(Part::Block(Block::Poll(Poll { question: values.must("question"), choices: choices? })))
        }
        Inside::Only(_) => {
            let (mut columns, mut people) = (Vec::new(), Vec::new());
            for (part, _) in parts {
                match part {
                    Part::Column(blocks) => columns.push(blocks),
                    Part::Person(person) => people.push(person),
                    Part::Block(_) => {}
                }
            }
            if form.name == "columns" {
                if !COLUMNS.contains(&columns.len()) {
                    problems.add(at, ProblemKind::BadColumns);
                    return None;
                }
                return Some(Part::Block(Block::Columns(Columns { columns })));
            }
            if people.is_empty() {
                problems.add(at, ProblemKind::NothingInside { name: name() });
                return None;
            }
            Some(Part::Block(Block::People(People { title: values.maybe("title"), people })))
        }
        Inside::Blocks => {
            let blocks = plain(parts);
            if form.name == "column" {
                return Some(Part::Column(blocks));
            }
            holding_blocks(form.name, at, values, blocks, problems).map(Part::Block)
        }
    }
}

/// The blocks among parts; the others were reported where they stand.
pub(crate) fn plain(parts: Vec<Placed>) -> Vec<Block> {
    parts
        .into_iter()
        .filter_map(|(part, _)| match part {
            Part::Block(block) => Some(block),
            _ => None,
        })
        .collect()
}

fn choices(parts: Vec<Placed>) -> Option<Vec<String>> {
    let mut blocks = plain(parts);
    let (Some(Block::List(list)), true) = (blocks.pop(), blocks.is_empty()) else {
        return None;
    };
    if list.start.is_some() || !CHOICES.contains(&list.items.len()) {
        return None;
    }
    list.items
        .iter()
        .map(|item| match (item.checked, item.blocks.as_slice()) {
            (None, [Block::Paragraph { content }]) => {
                let words = plain_text(content);
                (!words.trim().is_empty()).then_some(words)
            }
            _ => None,
        })
        .collect()
}

fn holding_nothing(name: &str, values: &Values) -> Block {
    match name {
        "toc" => Block::Toc(Toc { title: values.maybe("title"), depth: values.number("depth") }),
        "heart" => Block::Heart(Heart { label: values.maybe("label") }),
        "share" => Block::Share(Share { label: values.maybe("label") }),
        _ => Block::Divider,
    }
}

fn holding_words(name: &str, values: &Values, content: Vec<Inline>) -> Part {
    match name {
        "button" => Part::Block(Block::Button(Button { href: values.must("href"), content })),
        "image" => Part::Block(Block::Image(Image {
            src: values.must("src"),
            alt: values.must("alt"),
            width: values.number("width"),
            height: values.number("height"),
            href: values.maybe("href"),
            caption: content,
        })),
        _ => Part::Person(Person {
            name: values.must("name"),
            role: values.maybe("role"),
            href: values.maybe("href"),
            portrait: values.maybe("portrait"),
            content,
        }),
    }
}

fn holding_blocks(
    name: &str,
    at: usize,
    values: &Values,
    blocks: Vec<Block>,
    problems: &mut Problems,
) -> Option<Block> {
    Some(match name {
        "written" => Block::Written(Written { at: values.maybe("at"), place: values.maybe("place"), blocks }),
        "greeting" => Block::Greeting(Greeting { blocks }),
        "episode" => Block::Episode(Episode {
            title: values.must("title"),
            href: values.maybe("href"),
            show: values.maybe("show"),
            season: values.number("season"),
            number: values.number("number"),
            audio: values.maybe("audio"),
            video: values.maybe("video"),
            image: values.maybe("image"),
            duration: values.maybe("duration"),
            blocks,
        }),
        "sponsor" => Block::Sponsor(Sponsor {
            name: values.must("name"),
            href: values.maybe("href"),
            logo: values.maybe("logo"),
            label: values.maybe("label"),
            blocks,
        }),
        "forwarded" => Block::Forwarded(Forwarded { label: values.maybe("label"), blocks }),
        "quote" => Block::Quote(Quote {
            who: values.maybe("who"),
            place: values.maybe("place"),
            link: values.maybe("link"),
            portrait: values.maybe("portrait"),
            blocks,
        }),
        "question" => Block::Question(Question { label: values.maybe("label"), blocks }),
        "embed" => Block::Embed(Embed {
            href: values.must("href"),
            title: values.must("title"),
            site: values.maybe("site"),
            image: values.maybe("image"),
            blocks,
        }),
        "callout" => Block::Callout(Callout {
            kind: match values.maybe("kind").as_deref() {
                Some("tip") => CalloutKind::Tip,
                Some("warning") => CalloutKind::Warning,
                _ => CalloutKind::Note,
            },
            title: values.maybe("title"),
            blocks,
        }),
        "booking" => Block::Booking(Booking {
            href: values.must("href"),
            title: values.must("title"),
            price: values.maybe("price"),
            duration: values.maybe("duration"),
            label: values.maybe("label"),
            blocks,
        }),
        "recommend" => Block::Recommend(Recommend {
            href: values.must("href"),
            title: values.must("title"),
            by: values.maybe("by"),
            image: values.maybe("image"),
            blocks,
        }),
        "only" => {
            let to = match (values.maybe("in").as_deref(), values.maybe("segment")) {
                (Some("mail"), None) => Scope::Mail,
                (Some("web"), None) => Scope::Web,
                (None, Some(segment)) => Scope::Segment(segment),
                _ => {
                    problems.add(at, ProblemKind::OnlyForWhom);
                    return None;
                }
            };
            Block::Only(Only { to, blocks })
        }
        "ps" => Block::Ps(Ps { blocks }),
        _ => Block::Footer(Footer { blocks }),
    })
}

/// The span of a name; the long forms become what they stand for.
pub(crate) fn span(name: &str, values: &Values, content: Vec<Inline>) -> Inline {
    let span = match name {
        "em" => return Inline::Emphasis { content },
        "strong" => return Inline::Strong { content },
        "del" => return Inline::Strikethrough { content },
        "code" => return Inline::Code { text: plain_text(&content) },
        "note" => return Inline::FootnoteReference { label: plain_text(&content).to_lowercase() },
        "small" => Span::Small,
        "abbr" => Span::Abbr { title: values.must("title") },
        "lang" => Span::Lang { code: values.must("code") },
        _ => Span::Mark,
    };
    Inline::Span { span, content }
}
