//! What Markdown has by itself: paragraphs, headings, lists, code, tables, notes.

use document::{Alignment, Block, Inline, List, Table};

use super::Web;
use crate::sheet::effective_level;

impl Web<'_> {
    pub(super) fn paragraph(&mut self, content: &[Inline]) {
        self.push("<p>");
        self.markup.inlines(content);
        self.push("</p>\n");
    }

    pub(super) fn heading(&mut self, level: u8, content: &[Inline]) {
        let level = effective_level(level);
        self.push(&format!("<h{level}"));
        if !self.in_notes
            && let Some(id) = self.markup.next_heading()
        {
            self.markup.attribute("id", id);
        }
        self.push(">");
        self.markup.inlines(content);
        self.push(&format!("</h{level}>\n"));
    }

    pub(super) fn list(&mut self, list: &List) {
        let element = if list.start.is_some() { "ol" } else { "ul" };
        self.push(&format!("<{element}"));
        if let Some(start) = list.start.filter(|start| *start != 1) {
            self.push(&format!(" start=\"{start}\""));
        }
        if list.items.iter().any(|item| item.checked.is_some()) {
            self.push(" class=\"tasks\"");
        }
        self.push(">\n");
        for item in &list.items {
            self.push("<li>");
            if let Some(done) = item.checked {
                let (said, sign) = if done { ("letter-done", "☑") } else { ("letter-to-do", "☐") };
                self.push("<span class=\"box\" role=\"img\"");
                let said = self.sheet.t(said);
                self.markup.attribute("aria-label", &said);
                self.push(&format!(">{sign}\u{fe0e}</span> "));
            }
            self.item(&item.blocks, list.tight);
            self.push("</li>\n");
        }
        self.push(&format!("</{element}>\n"));
    }

    /// In a tight list, a paragraph is only its text.
    fn item(&mut self, blocks: &[Block], tight: bool) {
        for block in blocks {
            match block {
                Block::Paragraph { content } if tight => self.markup.inlines(content),
                block => {
                    self.push("\n");
                    self.block(block);
                }
            }
        }
    }

    pub(super) fn code(&mut self, language: Option<&str>, text: &str) {
        self.push("<pre><code");
        if let Some(language) = language.filter(|language| !language.is_empty()) {
            self.markup.attribute("class", &format!("language-{language}"));
        }
        self.push(">");
        self.words(text);
        self.push("\n</code></pre>\n");
    }

    pub(super) fn table(&mut self, table: &Table) {
        self.push("<div class=\"table\"><table>\n<thead>\n<tr>");
        self.cells("th scope=\"col\"", "th", &table.head, &table.alignments);
        self.push("</tr>\n</thead>\n<tbody>\n");
        for row in &table.rows {
            self.push("<tr>");
            self.cells("td", "td", row, &table.alignments);
            self.push("</tr>\n");
        }
        self.push("</tbody>\n</table></div>\n");
    }

    fn cells(&mut self, open: &str, close: &str, cells: &[Vec<Inline>], alignments: &[Alignment]) {
        for (at, cell) in cells.iter().enumerate() {
            let side = match alignments.get(at).copied().unwrap_or(Alignment::None) {
                Alignment::None => "",
                Alignment::Left => " class=\"left\"",
                Alignment::Center => " class=\"center\"",
                Alignment::Right => " class=\"right\"",
            };
            self.push(&format!("<{open}{side}>"));
            self.markup.inlines(cell);
            self.push(&format!("</{close}>"));
        }
    }

    pub(super) fn notes(&mut self) {
        if self.sheet.notes.is_empty() {
            return;
        }
        self.in_notes = true;
        let sheet = self.sheet;
        self.push("<section class=\"notes\"");
        self.markup.attribute("aria-label", &sheet.t("letter-footnotes"));
        self.push(">\n<ol>\n");
        for (at, note) in sheet.notes.iter().enumerate() {
            let number = at + 1;
            self.push(&format!("<li id=\"note-{number}\">\n"));
            self.blocks(&note.blocks);
            self.push(&format!("<a class=\"back\" href=\"#ref-{number}\""));
            self.markup.attribute("aria-label", &sheet.t("letter-footnote-back"));
            self.push(">↑</a></li>\n");
        }
        self.push("</ol>\n</section>\n");
        self.in_notes = false;
    }
}
