//! No text leaves the element or the attribute it stands in, whoever wrote it.

mod blocks;

use blocks::{some, t};
use document::*;
use i18n::Language;
use letter::{Look, PersonalSlot, Setting, Template, Values};
use proptest::prelude::*;

/// An edition with a text in every field that takes one, and an address in every field that takes one.
fn everything(text: &str, address: &str) -> Document {
    let x = || text.to_owned();
    let to = || address.to_owned();
    let inside = || vec![Block::Paragraph { content: vec![t(text)] }];
    let line = || {
        vec![
            t(text),
            Inline::Emphasis { content: vec![t(text)] },
            Inline::Code { text: x() },
            Inline::Link { href: to(), title: some(text), content: vec![t(text)] },
            Inline::Image { src: to(), alt: x(), title: some(text) },
            Inline::FootnoteReference { label: "1".into() },
            Inline::Slot { slot: Slot::FirstName, fallback: some(text) },
            Inline::Span { span: Span::Abbr { title: x() }, content: vec![t(text)] },
            Inline::Span { span: Span::Lang { code: x() }, content: vec![t(text)] },
        ]
    };
    let item = |checked| Item { checked, blocks: inside() };
    let mut document = Document {
        format: FORMAT,
        front: FrontMatter {
            title: x(),
            subject: some(text),
            preheader: some(text),
            authors: vec![x()],
            written_at: some(text),
            cover: some(address),
            ..FrontMatter::default()
        },
        blocks: vec![
            Block::Paragraph { content: line() },
            Block::Heading { level: 2, content: vec![t(text)] },
            Block::List(List { start: None, tight: true, items: vec![item(Some(true)), item(None)] }),
            Block::Blockquote { blocks: inside() },
            Block::Code { language: some(text), text: x() },
            Block::Table(Table {
                alignments: vec![Alignment::Left],
                head: vec![line()],
                rows: vec![vec![line()]],
            }),
            Block::Footnote { label: "1".into(), blocks: inside() },
            Block::Comment { text: x() },
            Block::Toc(Toc { title: some(text), depth: None }),
            Block::Written(Written { at: some(text), place: some(text), blocks: inside() }),
            Block::Greeting(Greeting { blocks: inside() }),
            Block::Episode(Episode {
                title: x(),
                href: some(address),
                show: some(text),
                season: Some(1),
                number: Some(2),
                audio: some(address),
                video: some(address),
                image: some(address),
                duration: some(text),
                blocks: inside(),
            }),
            Block::Sponsor(Sponsor {
                name: x(),
                href: some(address),
                logo: some(address),
                label: None,
                blocks: inside(),
            }),
            Block::Sponsor(Sponsor { name: x(), label: some(text), ..Sponsor::default() }),
            Block::Forwarded(Forwarded { label: some(text), blocks: inside() }),
            Block::Quote(Quote {
                who: some(text),
                place: some(text),
                link: some(address),
                portrait: some(address),
                blocks: inside(),
            }),
            Block::Question(Question { label: some(text), blocks: inside() }),
            Block::Heart(Heart { label: some(text) }),
            Block::Share(Share { label: some(text) }),
            Block::Button(Button { href: to(), content: vec![t(text)] }),
            Block::Image(Image {
                src: to(),
                alt: x(),
                href: some(address),
                caption: vec![t(text)],
                ..Image::default()
            }),
            Block::Embed(Embed {
                href: to(),
                title: x(),
                site: some(text),
                image: some(address),
                blocks: inside(),
            }),
            Block::Columns(Columns { columns: vec![inside(), inside()] }),
            Block::Callout(Callout { kind: CalloutKind::Tip, title: some(text), blocks: inside() }),
            Block::Poll(Poll { question: x(), choices: vec![x(), x()] }),
            Block::Booking(Booking {
                href: to(),
                title: x(),
                price: some(text),
                duration: some(text),
                label: some(text),
                blocks: inside(),
            }),
            Block::Recommend(Recommend {
                href: to(),
                title: x(),
                by: some(text),
                image: some(address),
                blocks: inside(),
            }),
            Block::People(People {
                title: some(text),
                people: vec![Person {
                    name: x(),
                    role: some(text),
                    href: some(address),
                    portrait: some(address),
                    content: vec![t(text)],
                }],
            }),
            Block::Ps(Ps { blocks: inside() }),
            Block::Footer(Footer { blocks: inside() }),
        ],
    };
    document.blocks.push(Block::Only(Only { to: Scope::Segment(x()), blocks: inside() }));
    document
}

fn set<'a>(look: &'a Look, text: &'a str) -> Setting<'a> {
    let mut setting = blocks::setting(look, Language::French);
    setting.publication_name = text;
    setting.postal_address = Some(text);
    setting
}

fn hostile() -> impl Strategy<Value = String> {
    prop_oneof![
        "x[<>\"'&=/a-z \\-!`]{0,24}",
        "x\\PC{0,24}",
        Just("x\"><script>alert(1)</script><i class=\"".to_owned()),
        Just("x' onerror='alert(1)".to_owned()),
        Just("x--><![endif]--></style></title><b>".to_owned()),
        Just("x<!--[if mso]><b><![endif]-->".to_owned()),
        Just("x&lt;b&gt;&#60;b&#62;".to_owned()),
        Just("x\u{0}\u{8}\"\u{0}onload=\"x".to_owned()),
    ]
}

/// Elements with the names of their attributes, comments whole: what must not depend on any text.
fn skeleton(html: &str) -> Vec<String> {
    let mut found = Vec::new();
    let mut rest = html;
    while let Some(at) = rest.find('<') {
        rest = &rest[at..];
        if let Some(inside) = rest.strip_prefix("<!--") {
            let end = inside.find("-->").expect("a comment ends");
            found.push(inside[..end].to_owned());
            rest = &inside[end + 3..];
            continue;
        }
        let mut tag = String::new();
        let mut quoted = false;
        let mut end = 0;
        for (at, letter) in rest.char_indices() {
            match letter {
                '"' => quoted = !quoted,
                '>' if !quoted => {
                    end = at + 1;
                    break;
                }
                letter if !quoted => tag.push(letter),
                _ => {}
            }
        }
        assert!(end > 0, "a tag ends: {rest}");
        found.push(tag);
        rest = &rest[end..];
    }
    found
}

/// Every value of an attribute that leads somewhere.
fn addresses(html: &str) -> Vec<String> {
    ["href=\"", "src=\"", "cite=\""]
        .into_iter()
        .flat_map(|name| html.split(name).skip(1))
        .map(|rest| rest.split('"').next().unwrap_or_default().to_owned())
        .collect()
}

const FORMS: [fn(&Document, &Setting<'_>) -> Template; 2] = [letter::web, letter::mail];

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]

    #[test]
    fn no_text_of_the_author_leaves_its_place(text in hostile()) {
        let look = Look::default();
        for form in FORMS {
            let tame = form(&everything("xy", "https://a.example/"), &set(&look, "xy"));
            let wild = form(&everything(&text, "https://a.example/"), &set(&look, &text));
            let values = Values::default().in_segments(1);
            prop_assert_eq!(skeleton(&wild.render(&values)), skeleton(&tame.render(&values)));
        }
    }

    #[test]
    fn no_value_of_a_reader_leaves_its_place(text in hostile()) {
        let look = Look::default();
        let document = everything("xy", "https://a.example/");
        for form in FORMS {
            let template = form(&document, &set(&look, "xy"));
            let ada = |text| {
                let filled = PersonalSlot::ALL.into_iter().fold(Values::default(), |values, slot| values.with(slot, text));
                skeleton(&template.render(&filled))
            };
            prop_assert_eq!(ada(text.as_str()), ada("xy"));
        }
    }

    #[test]
    fn no_address_does_more_than_lead_somewhere(
        address in prop_oneof![
            "[a-z:/\\\\.#?&\" <>\n\t@-]{0,24}",
            "(javascript|data|vbscript|JaVaScRiPt|file|blob)[ \n]?:[a-z/,;(<>\"]{0,12}",
            "\\PC{0,16}",
        ],
    ) {
        let look = Look::default();
        for form in FORMS {
            let html = form(&everything("xy", &address), &set(&look, "xy")).render(&Values::default().in_segments(1));
            for found in addresses(&html) {
                let scheme = found.split(['/', '?', '#']).next().unwrap_or_default();
                let sound = match scheme.split_once(':') {
                    None => true,
                    Some((scheme, _)) => {
                        ["http", "https", "mailto", "tel"].iter().any(|known| scheme.eq_ignore_ascii_case(known))
                    }
                };
                prop_assert!(sound && !found.chars().any(char::is_control), "{found}");
            }
        }
    }

    #[test]
    fn the_three_plain_forms_hold_no_control_character(text in hostile()) {
        let look = Look::default();
        let document = everything(&text, "https://a.example/");
        let setting = set(&look, &text);
        let body = letter::text(&document, &setting).render(&Values::default().in_segments(1));
        prop_assert!(!body.chars().any(|letter| letter.is_control() && letter != '\n'), "{body:?}");
        for line in [letter::subject(&document, &setting), letter::preheader(&document, &setting)] {
            let line = line.render_for_nobody();
            prop_assert!(!line.chars().any(char::is_control), "{line:?}");
        }
    }
}

#[test]
fn the_page_has_no_style_no_script_and_no_form() {
    let look = Look::default();
    let page = letter::web(&everything("xy", "https://a.example/"), &set(&look, "xy")).render_for_nobody();
    for unwanted in ["style=", "<script", "<form", "<iframe", "<h1", "<button", "onclick"] {
        assert!(!page.contains(unwanted), "{unwanted}");
    }
}

#[test]
fn a_forwarded_copy_gives_away_no_token_of_the_reader_in_its_subscribe_link() {
    let look = Look::default();
    let document = blocks::document(vec![Block::Forwarded(Forwarded::default())]);
    let setting = blocks::setting(&look, Language::English);
    for form in [letter::mail as fn(&Document, &Setting<'_>) -> Template, letter::text] {
        let filled =
            PersonalSlot::ALL.into_iter().fold(Values::default(), |values, slot| values.with(slot, "TOKEN"));
        let letter = form(&document, &setting).render(&filled);
        assert!(letter.contains("https://lettre.example/gazette/subscribe"));
        assert!(!letter.contains("subscribe?"));
        assert_eq!(letter.matches("TOKEN").count(), 2, "unsubscribing and preferences, nothing else");
    }
}
