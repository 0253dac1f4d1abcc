//! One walk through a tree, and what is counted and listed on the way.

use std::collections::HashMap;

use crate::{model::*, slug};

/// What a walk comes across, in the order of the text.
#[derive(Clone, Copy, Debug)]
pub enum Seen<'a> {
    /// A block, before what stands in it.
    Block(&'a Block),
    /// A whole run of text: of a paragraph, a heading, a cell, a button, a caption.
    Run(&'a [Inline]),
    /// A piece of a run, before what stands in it.
    Inline(&'a Inline),
}

/// Shows every block and every piece of text to `see`, in the order of the text.
pub fn visit<'a>(blocks: &'a [Block], see: &mut dyn FnMut(Seen<'a>)) {
    for block in blocks {
        see(Seen::Block(block));
        if let Some(content) = block.content() {
            run(content, see);
        }
        match block {
            Block::List(list) => list.items.iter().for_each(|item| visit(&item.blocks, see)),
            Block::Table(table) => {
                table.head.iter().chain(table.rows.iter().flatten()).for_each(|cell| run(cell, see));
            }
            Block::Columns(columns) => columns.columns.iter().for_each(|column| visit(column, see)),
            Block::People(people) => people.people.iter().for_each(|person| run(&person.content, see)),
            _ => visit(block.inside(), see),
        }
    }
}

fn run<'a>(content: &'a [Inline], see: &mut dyn FnMut(Seen<'a>)) {
    if !content.is_empty() {
        see(Seen::Run(content));
        visit_inlines(content, &mut |inline| see(Seen::Inline(inline)));
    }
}

/// Shows every piece of a run of text to `see`, in the order of the text.
pub fn visit_inlines<'a>(content: &'a [Inline], see: &mut dyn FnMut(&'a Inline)) {
    for inline in content {
        see(inline);
        visit_inlines(inline.content(), see);
    }
}

impl Block {
    /// The word for it: after the colons for our blocks, the usual one for Markdown's.
    pub fn name(&self) -> &'static str {
        match self {
            Block::Paragraph { .. } => "paragraph",
            Block::Heading { .. } => "heading",
            Block::List(_) => "list",
            Block::Blockquote { .. } => "blockquote",
            Block::Code { .. } => "code",
            Block::Table(_) => "table",
            Block::Footnote { .. } => "footnote",
            Block::Comment { .. } => "comment",
            Block::Divider => "divider",
            Block::Toc(_) => "toc",
            Block::Written(_) => "written",
            Block::Greeting(_) => "greeting",
            Block::Episode(_) => "episode",
            Block::Sponsor(_) => "sponsor",
            Block::Forwarded(_) => "forwarded",
            Block::Quote(_) => "quote",
            Block::Question(_) => "question",
            Block::Heart(_) => "heart",
            Block::Share(_) => "share",
            Block::Button(_) => "button",
            Block::Image(_) => "image",
            Block::Embed(_) => "embed",
            Block::Columns(_) => "columns",
            Block::Callout(_) => "callout",
            Block::Poll(_) => "poll",
            Block::Booking(_) => "booking",
            Block::Recommend(_) => "recommend",
            Block::People(_) => "people",
            Block::Only(_) => "only",
            Block::Ps(_) => "ps",
            Block::Footer(_) => "footer",
        }
    }

    /// The blocks that stand directly in it; of lists, columns and people see their own fields.
    pub fn inside(&self) -> &[Block] {
        match self {
            Block::Blockquote { blocks } | Block::Footnote { blocks, .. } => blocks,
            Block::Written(Written { blocks, .. })
            | Block::Greeting(Greeting { blocks })
            | Block::Episode(Episode { blocks, .. })
            | Block::Sponsor(Sponsor { blocks, .. })
            | Block::Forwarded(Forwarded { blocks, .. })
            | Block::Quote(Quote { blocks, .. })
            | Block::Question(Question { blocks, .. })
            | Block::Embed(Embed { blocks, .. })
            | Block::Callout(Callout { blocks, .. })
            | Block::Booking(Booking { blocks, .. })
            | Block::Recommend(Recommend { blocks, .. })
            | Block::Only(Only { blocks, .. })
            | Block::Ps(Ps { blocks })
            | Block::Footer(Footer { blocks }) => blocks,
            _ => &[],
        }
    }

    /// The run of text that it holds, when it holds one.
    pub fn content(&self) -> Option<&[Inline]> {
        match self {
            Block::Paragraph { content }
            | Block::Heading { content, .. }
            | Block::Button(Button { content, .. })
            | Block::Image(Image { caption: content, .. }) => Some(content),
            _ => None,
        }
    }
}

impl Inline {
    /// What stands in it, when it holds text of its own.
    pub fn content(&self) -> &[Inline] {
        match self {
            Inline::Emphasis { content }
            | Inline::Strong { content }
            | Inline::Strikethrough { content }
            | Inline::Link { content, .. }
            | Inline::Span { content, .. } => content,
            _ => &[],
        }
    }
}

/// How deep marks stand in one another; text alone is 1 deep.
pub(crate) fn depth(content: &[Inline]) -> usize {
    content.iter().map(|inline| 1 + depth(inline.content())).max().unwrap_or(0)
}

/// The words of a run without its marks: a line end is a space, a picture its words, a slot its fallback.
pub fn plain_text(content: &[Inline]) -> String {
    let mut words = String::new();
    visit_inlines(content, &mut |inline| match inline {
        Inline::Text { text } | Inline::Code { text } => words.push_str(text),
        Inline::SoftBreak | Inline::HardBreak => words.push(' '),
        Inline::Image { alt, .. } => words.push_str(alt),
        Inline::Slot { fallback: Some(fallback), .. } => words.push_str(fallback),
        _ => {}
    });
    words
}

/// A heading of an edition.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Heading {
    /// 1 to 6.
    pub level: u8,
    /// Its anchor, unique in the edition.
    pub id: String,
    /// Its words.
    pub text: String,
}

impl Document {
    /// Every heading in the order of the text, with an anchor of its own; those in lists and columns as well.
    pub fn headings(&self) -> Vec<Heading> {
        let mut headings: Vec<Heading> = Vec::new();
        let mut used: HashMap<String, usize> = HashMap::new();
        visit(&self.blocks, &mut |seen| {
            if let Seen::Block(Block::Heading { level, content }) = seen {
                let text = plain_text(content);
                let mut id = slug(&text);
                if id.is_empty() {
                    id.push_str("section");
                }
                let base = id.clone();
                // "a", "a", "a-2": the number goes on until nobody else has it.
                while used.contains_key(&id) {
                    let count = used.entry(base.clone()).or_insert(1);
                    *count += 1;
                    id = format!("{base}-{count}");
                }
                used.insert(id.clone(), 1);
                headings.push(Heading { level: *level, id, text });
            }
        });
        headings
    }

    /// The name of the edition in its address: the front matter's, or the title's.
    pub fn slug(&self) -> String {
        self.front.slug.clone().unwrap_or_else(|| slug(&self.front.title))
    }

    /// The subject of the mail as text and slots: the front matter's `subject`, or the title.
    pub fn subject(&self) -> Vec<Inline> {
        match &self.front.subject {
            Some(subject) => crate::line(subject),
            None => vec![Inline::Text { text: self.front.title.clone() }],
        }
    }
}

/// How many words a reader reads: text, captions, choices; not code, comments and addresses.
pub fn words(document: &Document) -> usize {
    let count =
        |text: &str| text.split_whitespace().filter(|word| word.chars().any(char::is_alphanumeric)).count();
    let mut words = 0;
    visit(&document.blocks, &mut |seen| match seen {
        Seen::Run(content) => words += count(&plain_text(content)),
        Seen::Block(Block::Poll(poll)) => {
            words += count(&poll.question) + poll.choices.iter().map(|choice| count(choice)).sum::<usize>();
        }
        _ => {}
    });
    words
}

/// Every address a reader can follow, in the order of the text, as often as it stands there.
pub fn links(document: &Document) -> Vec<String> {
    let mut links: Vec<&String> = Vec::new();
    visit(&document.blocks, &mut |seen| match seen {
        Seen::Inline(Inline::Link { href, .. }) => links.push(href),
        Seen::Block(block) => match block {
            Block::Episode(episode) => {
                links.extend([&episode.href, &episode.audio, &episode.video].into_iter().flatten());
            }
            Block::Sponsor(sponsor) => links.extend(&sponsor.href),
            Block::Quote(quote) => links.extend(&quote.link),
            Block::Button(button) => links.push(&button.href),
            Block::Image(image) => links.extend(&image.href),
            Block::Embed(embed) => links.push(&embed.href),
            Block::Booking(booking) => links.push(&booking.href),
            Block::Recommend(recommend) => links.push(&recommend.href),
            Block::People(people) => links.extend(people.people.iter().filter_map(|one| one.href.as_ref())),
            _ => {}
        },
        _ => {}
    });
    links.into_iter().cloned().collect()
}

/// Every picture with its words, the cover first; a logo, portrait or card has the name of what it belongs to.
pub fn images(document: &Document) -> Vec<(String, String)> {
    let mut images: Vec<(&String, &String)> = Vec::new();
    images.extend(document.front.cover.as_ref().map(|cover| (cover, &document.front.title)));
    let anybody = String::new();
    visit(&document.blocks, &mut |seen| match seen {
        Seen::Inline(Inline::Image { src, alt, .. }) => images.push((src, alt)),
        Seen::Block(block) => match block {
            Block::Image(image) => images.push((&image.src, &image.alt)),
            Block::Episode(episode) => images.extend(episode.image.as_ref().map(|src| (src, &episode.title))),
            Block::Sponsor(sponsor) => images.extend(sponsor.logo.as_ref().map(|src| (src, &sponsor.name))),
            Block::Quote(quote) => {
                images
                    .extend(quote.portrait.as_ref().map(|src| (src, quote.who.as_ref().unwrap_or(&anybody))));
            }
            Block::Embed(embed) => images.extend(embed.image.as_ref().map(|src| (src, &embed.title))),
            Block::Recommend(one) => images.extend(one.image.as_ref().map(|src| (src, &one.title))),
            Block::People(people) => images.extend(
                people.people.iter().filter_map(|one| one.portrait.as_ref().map(|src| (src, &one.name))),
            ),
            _ => {}
        },
        _ => {}
    });
    images.into_iter().map(|(src, alt)| (src.clone(), alt.clone())).collect()
}

/// Every slot of the subject and of the text with its fallback, in order, as often as it stands there.
pub fn slots(document: &Document) -> Vec<(Slot, Option<String>)> {
    let mut slots = Vec::new();
    let subject = document.subject();
    let mut see = |inline: &Inline| {
        if let Inline::Slot { slot, fallback } = inline {
            slots.push((*slot, fallback.clone()));
        }
    };
    visit_inlines(&subject, &mut see);
    visit(&document.blocks, &mut |seen| {
        if let Seen::Inline(inline) = seen {
            see(inline);
        }
    });
    slots
}
