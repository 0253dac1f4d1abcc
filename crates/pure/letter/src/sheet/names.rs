//! Walking an edition: names of headings, references to notes, blocks inside blocks.

use std::collections::HashSet;

use document::{Block, Inline, Scope};

use super::{Heading, effective_level, plain};

/// Places on the page that have these names, with or without a number, are ours.
const RESERVED: [&str; 6] = ["question", "poll", "heart", "share", "note", "ref"];

/// The headings with unique names.
pub(super) fn headings<'b>(blocks: impl Iterator<Item = &'b Block>) -> Vec<Heading> {
    let mut found = Vec::new();
    let mut used = HashSet::new();
    blocks.for_each(|block| collect(block, &mut Vec::new(), &mut used, &mut found));
    found
}

fn collect(block: &Block, segments: &mut Vec<String>, used: &mut HashSet<String>, found: &mut Vec<Heading>) {
    if let Block::Heading { level, content } = block {
        found.push(Heading {
            level: effective_level(*level),
            id: unique(name(&plain(content)), used),
            content: bare(content),
            segments: segments.clone(),
        });
    }
    let segment = match block {
        Block::Only(only) => match &only.to {
            Scope::Segment(name) => Some(name.clone()),
            Scope::Mail | Scope::Web => None,
        },
        _ => None,
    };
    let depth = segments.len();
    segments.extend(segment);
    children(block).into_iter().flatten().for_each(|inside| collect(inside, segments, used, found));
    segments.truncate(depth);
}

fn unique(base: String, used: &mut HashSet<String>) -> String {
    let mut name = base.clone();
    let mut count = 1;
    while !used.insert(name.clone()) {
        count += 1;
        name = format!("{base}-{count}");
    }
    name
}

/// The words of a heading as an address has them, kept clear of our own names.
fn name(text: &str) -> String {
    let slug = document::slug(text);
    let family = slug.trim_end_matches(|letter: char| letter == '-' || letter.is_ascii_digit());
    match family {
        "" if slug.is_empty() => "section".to_owned(),
        family if RESERVED.contains(&family) => format!("h-{slug}"),
        _ => slug,
    }
}

/// Without links, notes and pictures: a heading in a table of contents is a link already.
fn bare(content: &[Inline]) -> Vec<Inline> {
    content
        .iter()
        .flat_map(|inline| match inline {
            Inline::Link { content, .. } => bare(content),
            Inline::FootnoteReference { .. } | Inline::Image { .. } => Vec::new(),
            Inline::SoftBreak | Inline::HardBreak => vec![Inline::SoftBreak],
            Inline::Emphasis { content } => vec![Inline::Emphasis { content: bare(content) }],
            Inline::Strong { content } => vec![Inline::Strong { content: bare(content) }],
            Inline::Strikethrough { content } => vec![Inline::Strikethrough { content: bare(content) }],
            Inline::Span { span, content } => {
                vec![Inline::Span { span: span.clone(), content: bare(content) }]
            }
            other => vec![other.clone()],
        })
        .collect()
}

/// The notes a block refers to, in the order of reading.
pub(super) fn references(block: &Block, found: &mut Vec<String>) {
    for content in inlines(block) {
        in_line(content, found);
    }
    for inside in children(block).into_iter().flatten() {
        references(inside, found);
    }
}

fn in_line(content: &[Inline], found: &mut Vec<String>) {
    for inline in content {
        match inline {
            Inline::FootnoteReference { label } => found.push(label.clone()),
            Inline::Emphasis { content }
            | Inline::Strong { content }
            | Inline::Strikethrough { content }
            | Inline::Link { content, .. }
            | Inline::Span { content, .. } => in_line(content, found),
            _ => {}
        }
    }
}

fn inlines(block: &Block) -> Vec<&Vec<Inline>> {
    match block {
        Block::Paragraph { content } | Block::Heading { content, .. } => vec![content],
        Block::Table(table) => table.head.iter().chain(table.rows.iter().flatten()).collect(),
        Block::Button(button) => vec![&button.content],
        Block::Image(image) => vec![&image.caption],
        Block::People(people) => people.people.iter().map(|person| &person.content).collect(),
        _ => Vec::new(),
    }
}

fn children(block: &Block) -> Vec<&Vec<Block>> {
    match block {
        Block::List(list) => list.items.iter().map(|item| &item.blocks).collect(),
        Block::Blockquote { blocks } | Block::Footnote { blocks, .. } => vec![blocks],
        Block::Written(it) => vec![&it.blocks],
        Block::Greeting(it) => vec![&it.blocks],
        Block::Episode(it) => vec![&it.blocks],
        Block::Sponsor(it) => vec![&it.blocks],
        Block::Forwarded(it) => vec![&it.blocks],
        Block::Quote(it) => vec![&it.blocks],
        Block::Question(it) => vec![&it.blocks],
        Block::Embed(it) => vec![&it.blocks],
        Block::Columns(it) => it.columns.iter().collect(),
        Block::Callout(it) => vec![&it.blocks],
        Block::Booking(it) => vec![&it.blocks],
        Block::Recommend(it) => vec![&it.blocks],
        Block::Only(it) => vec![&it.blocks],
        Block::Ps(it) => vec![&it.blocks],
        Block::Footer(it) => vec![&it.blocks],
        _ => Vec::new(),
    }
}

/// The same as [`children`], to be changed.
pub(super) fn children_mut(block: &mut Block) -> Vec<&mut Vec<Block>> {
    match block {
        Block::List(list) => list.items.iter_mut().map(|item| &mut item.blocks).collect(),
        Block::Blockquote { blocks } | Block::Footnote { blocks, .. } => vec![blocks],
        Block::Written(it) => vec![&mut it.blocks],
        Block::Greeting(it) => vec![&mut it.blocks],
        Block::Episode(it) => vec![&mut it.blocks],
        Block::Sponsor(it) => vec![&mut it.blocks],
        Block::Forwarded(it) => vec![&mut it.blocks],
        Block::Quote(it) => vec![&mut it.blocks],
        Block::Question(it) => vec![&mut it.blocks],
        Block::Embed(it) => vec![&mut it.blocks],
        Block::Columns(it) => it.columns.iter_mut().collect(),
        Block::Callout(it) => vec![&mut it.blocks],
        Block::Booking(it) => vec![&mut it.blocks],
        Block::Recommend(it) => vec![&mut it.blocks],
        Block::Only(it) => vec![&mut it.blocks],
        Block::Ps(it) => vec![&mut it.blocks],
        Block::Footer(it) => vec![&mut it.blocks],
        _ => Vec::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::name;

    #[test]
    fn a_heading_is_named_after_its_words_and_never_like_a_place_of_ours() {
        for (text, named) in [
            ("Les abeilles, l’été", "les-abeilles-l-ete"),
            ("Question", "h-question"),
            ("note 2", "h-note-2"),
            ("Notes", "notes"),
            ("2026", "2026"),
            ("!!!", "section"),
        ] {
            assert_eq!(name(text), named, "{text}");
        }
    }
}
