//! Blocks.

use crate::{
    model::*,
    normal::{MAX_START, is_compact},
    write::{
        attributes, escape,
        inlines::{Setting, inlines, longest_run},
    },
};

/// Blocks where ours can stand. `begins`: nothing stands above them, so that a divider must not look like the front
/// matter.
pub(crate) fn flow(blocks: &[Block], begins: bool) -> String {
    let divider = if begins && matches!(blocks.first(), Some(Block::Divider)) { "***" } else { "---" };
    let mut out = String::new();
    for (index, block) in blocks.iter().enumerate() {
        if index > 0 {
            out.push('\n');
        }
        match block {
            Block::Divider => {
                out.push_str(if index == 0 { divider } else { "---" });
                out.push('\n');
            }
            _ => one(block, second_mark(blocks, index), 0, &mut out),
        }
    }
    out
}

/// Whether a list needs the other mark because a list of its kind stands right before it, with the first one.
fn second_mark(blocks: &[Block], index: usize) -> bool {
    let same_kind = |a: &Block, b: &Block| match (a, b) {
        (Block::List(a), Block::List(b)) => a.start.is_some() == b.start.is_some(),
        _ => false,
    };
    let before = (1..=index).rev().take_while(|at| same_kind(&blocks[at - 1], &blocks[*at])).count();
    before % 2 == 1
}

/// Blocks within a quotation or a footnote.
fn nested(blocks: &[Block]) -> String {
    let mut out = String::new();
    for (index, block) in blocks.iter().enumerate() {
        if index > 0 {
            out.push('\n');
        }
        one(block, second_mark(blocks, index), 0, &mut out);
    }
    out
}

/// `lists`: how many marks of lists stand before it on its line.
fn one(block: &Block, second_mark: bool, lists: usize, out: &mut String) {
    match block {
        Block::Paragraph { content } => {
            out.push_str(&inlines(content, Setting::default()));
            out.push('\n');
        }
        Block::Heading { level, content } => {
            out.push_str(&"#".repeat(usize::from(*level)));
            if !content.is_empty() {
                out.push(' ');
                out.push_str(&inlines(content, Setting { heading: true, cell: false }));
            }
            out.push('\n');
        }
        Block::List(list) => self::list(list, second_mark, lists, out),
        Block::Blockquote { blocks } => {
            let inside = nested(blocks);
            if inside.is_empty() {
                out.push_str(">\n");
            }
            for line in inside.lines() {
                out.push_str(if line.is_empty() { ">" } else { "> " });
                out.push_str(line);
                out.push('\n');
            }
        }
        Block::Code { language, text } => code(language.as_deref(), text, out),
        Block::Table(table) => self::table(table, out),
        Block::Footnote { label, blocks } => {
            out.push_str(&format!("[^{label}]:"));
            hang(&nested(blocks), 4, out);
        }
        Block::Comment { text } => {
            out.push_str("<!-- ");
            out.push_str(text);
            out.push_str(if text.is_empty() { "-->\n" } else { " -->\n" });
        }
        // Neither the mark of a list nor a line under a heading.
        Block::Divider => out.push_str("___\n"),
        _ => ours(block, out),
    }
}

/// Hangs blocks behind what opens them: the first line after a space, the others under it.
fn hang(inside: &str, width: usize, out: &mut String) {
    for (index, line) in inside.lines().enumerate() {
        if index == 0 {
            out.push(' ');
        } else {
            out.push('\n');
            if !line.is_empty() {
                out.extend(std::iter::repeat_n(' ', width));
            }
        }
        out.push_str(line);
    }
    out.push('\n');
}

fn list(list: &List, second_mark: bool, lists: usize, out: &mut String) {
    let compact = list.tight && is_compact(list);
    // Lists that begin on one line take turns, or `- - -` would be a divider.
    let bullet = match (second_mark, lists % 2) {
        (true, _) => '+',
        (false, 0) => '-',
        (false, _) => '*',
    };
    for (index, item) in list.items.iter().enumerate() {
        if index > 0 && !compact {
            out.push('\n');
        }
        let mark = match list.start {
            None => bullet.to_string(),
            Some(start) => {
                let number = start.saturating_add(index as u64).min(MAX_START);
                format!("{number}{}", if second_mark { ')' } else { '.' })
            }
        };
        out.push_str(&mark);
        let mut inside = String::new();
        if let Some(checked) = item.checked {
            inside.push_str(if checked { "[x] " } else { "[ ] " });
        }
        for (index, block) in item.blocks.iter().enumerate() {
            if index > 0 && !compact {
                inside.push('\n');
            }
            // Only what begins on the mark's own line stands next to it.
            let lists = if index == 0 { lists + 1 } else { 0 };
            one(block, self::second_mark(&item.blocks, index), lists, &mut inside);
        }
        hang(&inside, mark.len() + 1, out);
    }
}

fn code(language: Option<&str>, text: &str, out: &mut String) {
    let fence = "`".repeat((longest_run(text, '`') + 1).max(3));
    out.push_str(&fence);
    for letter in language.unwrap_or_default().chars() {
        match letter {
            '`' => out.push_str("&#96;"),
            '\\' | '&' => out.extend(['\\', letter]),
            _ => out.push(letter),
        }
    }
    out.push('\n');
    if !text.is_empty() {
        out.push_str(text);
        out.push('\n');
    }
    out.push_str(&fence);
    out.push('\n');
}

fn table(table: &Table, out: &mut String) {
    let row = |cells: &[Vec<Inline>], out: &mut String| {
        out.push('|');
        for cell in cells {
            out.push(' ');
            out.push_str(&inlines(cell, Setting { heading: false, cell: true }));
            out.push_str(" |");
        }
        out.push('\n');
    };
    row(&table.head, out);
    out.push('|');
    for alignment in &table.alignments {
        out.push_str(match alignment {
            Alignment::None => " --- |",
            Alignment::Left => " :-- |",
            Alignment::Center => " :-: |",
            Alignment::Right => " --: |",
        });
    }
    out.push('\n');
    for cells in &table.rows {
        row(cells, out);
    }
}

/// A block between lines of colons: one more than any within it.
fn ours(block: &Block, out: &mut String) {
    let colons = 3 + fences_within(block);
    out.push_str(&attributes::open(block.name(), colons, &attributes::of(block)));
    match block {
        Block::Columns(columns) => {
            for column in &columns.columns {
                out.push_str(&attributes::open("column", colons - 1, &[]));
                out.push_str(&flow(column, false));
                close(colons - 1, out);
            }
        }
        Block::People(people) => {
            for person in &people.people {
                out.push_str(&attributes::open("person", colons - 1, &attributes::of_person(person)));
                line(&person.content, out);
                close(colons - 1, out);
            }
        }
        Block::Poll(poll) => {
            for choice in &poll.choices {
                out.push_str("- ");
                let place = escape::Place { line_start: true, line_end: true, ..escape::Place::default() };
                escape::text(choice, place, out);
                out.push('\n');
            }
        }
        _ => {
            line(block.content().unwrap_or_default(), out);
            out.push_str(&flow(block.inside(), false));
        }
    }
    close(colons, out);
}

fn line(content: &[Inline], out: &mut String) {
    if !content.is_empty() {
        out.push_str(&inlines(content, Setting::default()));
        out.push('\n');
    }
}

fn close(colons: usize, out: &mut String) {
    out.extend(std::iter::repeat_n(':', colons));
    out.push('\n');
}

/// How many of our blocks stand in one another within this one.
fn fences_within(block: &Block) -> usize {
    let deepest = |blocks: &[Block]| {
        blocks
            .iter()
            .filter(|block| crate::BLOCKS.iter().any(|form| form.name == block.name()))
            .filter(|block| !matches!(block, Block::Divider))
            .map(|block| 1 + fences_within(block))
            .max()
            .unwrap_or(0)
    };
    match block {
        Block::Columns(columns) => {
            1 + columns.columns.iter().map(|column| deepest(column)).max().unwrap_or(0)
        }
        Block::People(_) => 1,
        _ => deepest(block.inside()),
    }
}
