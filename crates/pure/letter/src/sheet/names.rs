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
            id: unique(slug(&plain(content)), used),
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

fn unique(slug: String, used: &mut HashSet<String>) -> String {
    let mut name = slug.clone();
    let mut count = 1;
    while !used.insert(name.clone()) {
        count += 1;
        name = format!("{slug}-{count}");
    }
    name
}

/// Small letters, figures and hyphens; French letters without their accents.
fn slug(text: &str) -> String {
    let mut out = String::new();
    for letter in text.chars().flat_map(char::to_lowercase) {
        match letter {
            'à' | 'â' | 'ä' | 'á' | 'ã' | 'å' => out.push('a'),
            'ç' => out.push('c'),
            'é' | 'è' | 'ê' | 'ë' => out.push('e'),
            'î' | 'ï' | 'í' => out.push('i'),
            'ñ' => out.push('n'),
            'ô' | 'ö' | 'ó' | 'õ' => out.push('o'),
            'ù' | 'û' | 'ü' | 'ú' => out.push('u'),
            'ÿ' => out.push('y'),
            'œ' => out.push_str("oe"),
            'æ' => out.push_str("ae"),
            letter if letter.is_alphanumeric() => out.push(letter),
            _ if out.is_empty() || out.ends_with('-') => {}
            _ => out.push('-'),
        }
    }
    let out: String = out.trim_end_matches('-').chars().take(64).collect();
    let family = out.trim_end_matches(|letter: char| letter == '-' || letter.is_ascii_digit());
    if out.is_empty() || RESERVED.contains(&family) { format!("h-{out}") } else { out }
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
            Inline::Span { span, content } => vec![Inline::Span { span: span.clone(), content: bare(content) }],
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
    use super::slug;

    #[test]
    fn a_heading_is_named_after_its_words() {
        for (text, name) in [
            ("Les abeilles, l’été", "les-abeilles-l-ete"),
            ("Un œuf à 3 € ?", "un-oeuf-a-3"),
            ("Question", "h-question"),
            ("note 2", "h-note-2"),
            ("Notes", "notes"),
            ("!!!", "h-"),
            ("日本", "日本"),
        ] {
            assert_eq!(slug(text), name, "{text}");
        }
    }
}
