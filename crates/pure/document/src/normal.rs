//! The one shape of a tree among all that would read the same: text in one piece, nothing empty, no line end where
//! none can stand. Reading ends with it, so that a tree and its Markdown are the same thing twice.

use crate::model::*;

/// The normal form of a tree, such as an editor sends it.
pub fn normalise(mut document: Document) -> Document {
    document.front = front(document.front);
    document.blocks = blocks(document.blocks, true);
    document
}

fn front(mut front: FrontMatter) -> FrontMatter {
    for field in [
        &mut front.subject,
        &mut front.preheader,
        &mut front.slug,
        &mut front.written_at,
        &mut front.language,
        &mut front.cover,
    ] {
        said(field);
    }
    front.authors.retain(|author| !author.is_empty());
    front.tags.retain(|tag| !tag.is_empty());
    front
}

/// An attribute that says nothing is not there.
fn said(value: &mut Option<String>) {
    if value.as_deref() == Some("") {
        *value = None;
    }
}

/// Blocks without the empty ones. `flow`: where a block between colons can stand, so not within lists and quotations.
pub(crate) fn blocks(list: Vec<Block>, flow: bool) -> Vec<Block> {
    list.into_iter().filter_map(|one| block(one, flow)).collect()
}

fn block(block: Block, flow: bool) -> Option<Block> {
    Some(match block {
        Block::Paragraph { content } => {
            let content = paragraph(content);
            match content.as_slice() {
                [] => return None,
                // A picture alone in its paragraph is a picture with a caption.
                [Inline::Image { src, alt, title }] if flow => Block::Image(Image {
                    src: src.clone(),
                    alt: alt.clone(),
                    caption: title.iter().map(|text| Inline::Text { text: text.clone() }).collect(),
                    ..Image::default()
                }),
                _ => Block::Paragraph { content },
            }
        }
        Block::Heading { level, content } => {
            Block::Heading { level: level.clamp(1, 6), content: single_line(content) }
        }
        Block::List(list) => Block::List(self::list(list)?),
        Block::Blockquote { blocks } => Block::Blockquote { blocks: self::blocks(blocks, false) },
        Block::Code { language, text } => Block::Code {
            language: language
                .and_then(|language| language.split_whitespace().next().map(str::to_owned))
                .filter(|language| !language.is_empty()),
            text: text.replace("\r\n", "\n").replace('\r', "\n"),
        },
        Block::Table(table) => Block::Table(self::table(table)?),
        Block::Footnote { label, blocks } => {
            Block::Footnote { label: label.to_lowercase(), blocks: self::blocks(blocks, false) }
        }
        Block::Comment { text } => Block::Comment { text: comment(&text) },
        Block::Divider => Block::Divider,
        other => ours(other),
    })
}

/// The blocks between colons.
fn ours(mut block: Block) -> Block {
    let flow = |blocks: &mut Vec<Block>| *blocks = self::blocks(std::mem::take(blocks), true);
    match &mut block {
        Block::Toc(toc) => said(&mut toc.title),
        Block::Written(written) => {
            said(&mut written.at);
            said(&mut written.place);
            flow(&mut written.blocks);
        }
        Block::Greeting(greeting) => flow(&mut greeting.blocks),
        Block::Episode(episode) => {
            for value in [
                &mut episode.href,
                &mut episode.show,
                &mut episode.audio,
                &mut episode.video,
                &mut episode.image,
                &mut episode.duration,
            ] {
                said(value);
            }
            flow(&mut episode.blocks);
        }
        Block::Sponsor(sponsor) => {
            said(&mut sponsor.href);
            said(&mut sponsor.logo);
            said(&mut sponsor.label);
            flow(&mut sponsor.blocks);
        }
        Block::Forwarded(forwarded) => {
            said(&mut forwarded.label);
            flow(&mut forwarded.blocks);
        }
        Block::Quote(quote) => {
            for value in [&mut quote.who, &mut quote.place, &mut quote.link, &mut quote.portrait] {
                said(value);
            }
            flow(&mut quote.blocks);
        }
        Block::Question(question) => {
            said(&mut question.label);
            flow(&mut question.blocks);
        }
        Block::Heart(heart) => said(&mut heart.label),
        Block::Share(share) => said(&mut share.label),
        Block::Button(button) => button.content = paragraph(std::mem::take(&mut button.content)),
        Block::Image(image) => {
            said(&mut image.href);
            image.caption = paragraph(std::mem::take(&mut image.caption));
        }
        Block::Embed(embed) => {
            said(&mut embed.site);
            said(&mut embed.image);
            flow(&mut embed.blocks);
        }
        Block::Columns(columns) => columns.columns.iter_mut().for_each(flow),
        Block::Callout(callout) => {
            said(&mut callout.title);
            flow(&mut callout.blocks);
        }
        Block::Booking(booking) => {
            said(&mut booking.price);
            said(&mut booking.duration);
            said(&mut booking.label);
            flow(&mut booking.blocks);
        }
        Block::Recommend(recommend) => {
            said(&mut recommend.by);
            said(&mut recommend.image);
            flow(&mut recommend.blocks);
        }
        Block::People(people) => {
            said(&mut people.title);
            for person in &mut people.people {
                said(&mut person.role);
                said(&mut person.href);
                said(&mut person.portrait);
                person.content = paragraph(std::mem::take(&mut person.content));
            }
        }
        Block::Only(only) => flow(&mut only.blocks),
        Block::Ps(ps) => flow(&mut ps.blocks),
        Block::Footer(footer) => flow(&mut footer.blocks),
        _ => {}
    }
    block
}

/// Longest number CommonMark takes before a list item (5.2: nine digits).
pub(crate) const MAX_START: u64 = 999_999_999;

fn list(list: List) -> Option<List> {
    let items: Vec<Item> = list
        .items
        .into_iter()
        .map(|item| {
            let blocks = blocks(item.blocks, false);
            let checked = item.checked.filter(|_| matches!(blocks.first(), Some(Block::Paragraph { .. })));
            Item { checked, blocks }
        })
        .collect();
    if items.is_empty() {
        return None;
    }
    let mut list = List { start: list.start.map(|start| start.min(MAX_START)), tight: list.tight, items };
    let has_paragraph = list
        .items
        .iter()
        .any(|item| item.blocks.iter().any(|block| matches!(block, Block::Paragraph { .. })));
    // Tight and loose differ by a blank line between two things, and show on paragraphs only.
    let can_be_loose = list.items.len() > 1 || list.items[0].blocks.len() > 1;
    list.tight = !has_paragraph || !can_be_loose || (list.tight && is_compact(&list));
    Some(list)
}

/// Whether a list can be written without a blank line: each item is a paragraph, with at most one such list after it.
pub(crate) fn is_compact(list: &List) -> bool {
    list.items.iter().all(|item| match item.blocks.as_slice() {
        [] | [Block::Paragraph { .. }] => true,
        [Block::Paragraph { .. }, Block::List(inner)] => {
            // CommonMark 5.3: what may follow a paragraph's line begins at one and is not empty.
            inner.tight
                && is_compact(inner)
                && matches!(inner.start, None | Some(1))
                && matches!(
                    inner.items.first().and_then(|item| item.blocks.first()),
                    Some(Block::Paragraph { .. })
                )
        }
        _ => false,
    })
}

fn table(mut table: Table) -> Option<Table> {
    let width = table.alignments.len();
    let row = |mut row: Vec<Vec<Inline>>| {
        row.resize(width, Vec::new());
        row.into_iter().map(single_line).collect::<Vec<_>>()
    };
    if width == 0 {
        return None;
    }
    table.head = row(table.head);
    table.rows = table.rows.into_iter().map(row).collect();
    Some(table)
}

/// The text of a comment: what would end it is taken apart, blanks at line ends go.
pub(crate) fn comment(text: &str) -> String {
    let text = text.replace('\r', "\n").replace("-->", "-- >").replace("--!>", "-- !>");
    text.split('\n').map(str::trim_end).collect::<Vec<_>>().join("\n").trim().to_owned()
}

/// The words of a slot's fallback: one line without blanks around it.
pub(crate) fn fallback(text: &str) -> String {
    text.replace(char::is_control, " ").trim().to_owned()
}

/// A run of text as it stands in a paragraph: no line end at its beginning and end.
pub(crate) fn paragraph(content: Vec<Inline>) -> Vec<Inline> {
    trimmed(inlines(content))
}

fn trimmed(mut content: Vec<Inline>) -> Vec<Inline> {
    let is_break = |inline: &Inline| matches!(inline, Inline::SoftBreak | Inline::HardBreak);
    let ends = content.iter().rposition(|inline| !is_break(inline)).map_or(0, |last| last + 1);
    content.truncate(ends);
    let begins = content.iter().position(|inline| !is_break(inline)).unwrap_or(0);
    content.drain(..begins);
    content
}

/// A run of text as it stands in a heading or a cell: a line end is a space.
pub(crate) fn single_line(content: Vec<Inline>) -> Vec<Inline> {
    fn spaced(content: Vec<Inline>) -> Vec<Inline> {
        content
            .into_iter()
            .map(|inline| match inline {
                Inline::SoftBreak | Inline::HardBreak => Inline::Text { text: " ".to_owned() },
                other => with_content(other, spaced),
            })
            .collect()
    }
    inlines(spaced(paragraph(content)))
}

/// A run of text with its neighbours merged and nothing empty in it.
pub(crate) fn inlines(list: Vec<Inline>) -> Vec<Inline> {
    let mut merged: Vec<Inline> = Vec::with_capacity(list.len());
    for inline in list {
        match (merged.last_mut(), with_content(inline, inlines)) {
            (_, Inline::Text { text }) if text.is_empty() => {}
            (_, Inline::Code { text }) if text.is_empty() => {}
            (
                _,
                Inline::Emphasis { content }
                | Inline::Strong { content }
                | Inline::Strikethrough { content }
                | Inline::Span { content, .. },
            ) if content.is_empty() => {}
            (Some(Inline::Text { text: before }), Inline::Text { text }) => before.push_str(&text),
            (Some(Inline::SoftBreak | Inline::HardBreak), Inline::SoftBreak) => {}
            (Some(before @ Inline::SoftBreak), Inline::HardBreak) => *before = Inline::HardBreak,
            (_, Inline::Text { text }) => merged.push(Inline::Text { text: text.replace('\0', "\u{fffd}") }),
            (_, Inline::Code { text }) => merged.push(Inline::Code { text: text.replace(['\n', '\r'], " ") }),
            (_, Inline::Slot { slot, fallback }) => {
                merged.push(Inline::Slot { slot, fallback: fallback.map(|words| self::fallback(&words)) });
            }
            (_, Inline::Image { src, alt, mut title }) => {
                said(&mut title);
                merged.push(Inline::Image { src, alt, title });
            }
            (_, Inline::FootnoteReference { label }) => {
                merged.push(Inline::FootnoteReference { label: label.to_lowercase() });
            }
            (_, Inline::Link { href, mut title, content }) => {
                said(&mut title);
                // A line end at the edge of a link is none of its words.
                let content = trimmed(content);
                let content =
                    if content.is_empty() { vec![Inline::Text { text: href.clone() }] } else { content };
                merged.push(Inline::Link { href, title, content });
            }
            (_, other) => merged.push(other),
        }
    }
    merged
}

fn with_content(inline: Inline, change: impl Fn(Vec<Inline>) -> Vec<Inline>) -> Inline {
    match inline {
        Inline::Emphasis { content } => Inline::Emphasis { content: change(content) },
        Inline::Strong { content } => Inline::Strong { content: change(content) },
        Inline::Strikethrough { content } => Inline::Strikethrough { content: change(content) },
        Inline::Link { href, title, content } => Inline::Link { href, title, content: change(content) },
        Inline::Span { span, content } => Inline::Span { span, content: change(content) },
        leaf => leaf,
    }
}
