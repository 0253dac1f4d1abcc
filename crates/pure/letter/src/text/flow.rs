//! What Markdown has by itself: paragraphs, headings, lists, code, tables, notes.

use document::{Alignment, Block, Inline, List, Only, Scope, Table};

use super::words::Words;
use super::{MEASURE, Text};
use crate::sheet::{effective_level, plain};

impl Text<'_> {
    pub(super) fn paragraph(&mut self, content: &[Inline]) {
        let mut words = Words::default();
        self.inlines(content, &mut words);
        self.words(words);
    }

    pub(super) fn heading(&mut self, level: u8, content: &[Inline]) {
        self.heading += 1;
        let level = effective_level(level);
        let mut words = Words::default();
        if level > 2 {
            words.text(if level == 3 { "## " } else { "### " });
        }
        self.inlines(content, &mut words);
        if words.is_empty() {
            return;
        }
        // A second empty line tells a new part from a new paragraph.
        if !self.fresh && self.prefixes.is_empty() {
            self.out.push("\n");
        }
        if level == 2 { self.underlined(words, '-') } else { self.words(words) }
    }

    pub(super) fn list(&mut self, list: &List) {
        let around = self.tight;
        for (at, item) in list.items.iter().enumerate() {
            self.tight = if at == 0 { around } else { list.tight };
            self.gap();
            self.tight = list.tight;
            let task = item.checked.map(|done| if done { "[x] " } else { "[ ] " }).unwrap_or_default();
            match list.start {
                Some(start) => {
                    let number = format!("{}. ", start.saturating_add(at as u64));
                    let prefix = if number.len() > 3 { "    " } else { "   " };
                    self.indented(prefix, &format!("{number:<0$}{task}", prefix.len()), &item.blocks);
                }
                None => self.indented("  ", &format!("- {task}"), &item.blocks),
            }
        }
        self.tight = around;
    }

    pub(super) fn quoted(&mut self, blocks: &[Block]) {
        if !blocks.is_empty() {
            self.gap();
            self.indented("> ", "> ", blocks);
        }
    }

    pub(super) fn code(&mut self, text: &str) {
        self.gap();
        for line in text.lines() {
            let start = self.line_start();
            let line: String = line
                .chars()
                .map(|letter| if letter.is_control() && letter != '\t' { ' ' } else { letter })
                .collect();
            self.out.push(format!("{start}    {line}").trim_end());
            self.out.push("\n");
        }
    }

    /// In columns when they fit; otherwise each row as a small list under its first cell.
    pub(super) fn table(&mut self, table: &Table) {
        let texts =
            |cells: &[Vec<Inline>]| -> Vec<String> { cells.iter().map(|cell| one_line(cell)).collect() };
        let head = texts(&table.head);
        let right: Vec<bool> = table.alignments.iter().map(|side| *side == Alignment::Right).collect();
        let rows: Vec<Vec<String>> = table.rows.iter().map(|row| texts(row)).collect();
        let widths: Vec<usize> = (0..head.len())
            .map(|column| {
                let cells = [&head].into_iter().chain(&rows).filter_map(|row| row.get(column));
                cells.map(|cell| cell.chars().count()).max().unwrap_or(0)
            })
            .collect();
        let total = widths.iter().sum::<usize>() + 3 * widths.len().saturating_sub(1);
        if total + self.prefixes.concat().len() <= MEASURE {
            self.gap();
            self.row(&head, &widths, &right);
            let rule: Vec<String> = widths.iter().map(|width| "-".repeat(*width)).collect();
            let start = self.line_start();
            self.out.push(&format!("{start}{}\n", rule.join("-+-")));
            rows.iter().for_each(|row| self.row(row, &widths, &right));
        } else {
            for row in &rows {
                let colon = self.colon();
                let lines: Vec<String> = row
                    .iter()
                    .enumerate()
                    .map(|(at, cell)| match head.get(at).filter(|head| !head.is_empty()) {
                        Some(head) => format!("{head}{colon}{cell}"),
                        None => cell.clone(),
                    })
                    .collect();
                self.line(&lines.join("\n"));
            }
        }
        self.table_links(table);
    }

    fn row(&mut self, cells: &[String], widths: &[usize], right: &[bool]) {
        let cells: Vec<String> = cells
            .iter()
            .zip(widths)
            .enumerate()
            .map(|(at, (cell, width))| match right.get(at) {
                Some(true) => format!("{cell:>width$}"),
                _ => format!("{cell:<width$}"),
            })
            .collect();
        let start = self.line_start();
        self.out.push(format!("{start}{}", cells.join(" | ")).trim_end());
        self.out.push("\n");
    }

    /// Links of a table stand below it: numbers in the cells would undo the columns.
    fn table_links(&mut self, table: &Table) {
        let mut found = Vec::new();
        for cell in table.head.iter().chain(table.rows.iter().flatten()) {
            links_in(cell, &mut found);
        }
        let mut lines = Vec::new();
        for (text, href) in found {
            if let Some(address) = self.sheet.link(&href).filter(|address| !address.starts_with('#')) {
                let number = self.number_of(&address);
                lines.push(format!("{text} [{number}]"));
            }
        }
        if !lines.is_empty() {
            self.line(&lines.join("\n"));
        }
    }

    pub(super) fn only(&mut self, only: &Only) {
        match &only.to {
            Scope::Segment(name) => {
                self.out.open_segment(name);
                self.segments.push(name.clone());
                self.blocks(&only.blocks);
                self.segments.pop();
                self.out.close_segment();
            }
            // Resolved by the sheet.
            Scope::Mail | Scope::Web => self.blocks(&only.blocks),
        }
    }

    pub(super) fn notes(&mut self) {
        let sheet = self.sheet;
        if sheet.notes.is_empty() {
            return;
        }
        let mut title = Words::default();
        title.text(&sheet.t("letter-footnotes"));
        self.underlined(title, '-');
        for (at, note) in sheet.notes.iter().enumerate() {
            self.gap();
            self.indented("    ", &format!("{:<4}", format!("({})", at + 1)), &note.blocks);
        }
    }
}

fn one_line(cell: &[Inline]) -> String {
    plain(cell).chars().map(|letter| if letter.is_control() { ' ' } else { letter }).collect()
}

fn links_in(content: &[Inline], found: &mut Vec<(String, String)>) {
    for inline in content {
        match inline {
            Inline::Link { href, content, .. } => found.push((one_line(content), href.clone())),
            Inline::Emphasis { content }
            | Inline::Strong { content }
            | Inline::Strikethrough { content }
            | Inline::Span { content, .. } => links_in(content, found),
            _ => {}
        }
    }
}
