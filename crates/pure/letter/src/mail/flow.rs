//! What Markdown has by itself: paragraphs, headings, lists, code, tables, notes.

use document::{Alignment, Block, Inline, List, Only, Scope, Table};

use super::layout::TABLE;
use super::{Mail, SANS};
use crate::sheet::effective_level;

impl Mail<'_> {
    pub(super) fn paragraph(&mut self, content: &[Inline]) {
        self.push("<p style=\"margin:0 0 16px\">");
        self.markup.inlines(content);
        self.push("</p>\n");
    }

    pub(super) fn heading(&mut self, level: u8, content: &[Inline]) {
        let level = effective_level(level);
        let (size, line, above) = match level {
            2 => (26, 32, 40),
            3 => (20, 28, 32),
            _ => (17, 28, 24),
        };
        let above = if self.leading { 0 } else { above };
        self.push(&format!(
            "<h{level} style=\"margin:{above}px 0 8px;font-size:{size}px;line-height:{line}px;font-weight:bold\""
        ));
        let id = if self.in_notes { None } else { self.markup.next_heading() };
        if let Some(id) = id {
            self.markup.attribute("id", id);
        }
        self.push(">");
        if let Some(id) = id {
            // Outlook goes to names only.
            self.push("<a");
            self.markup.attribute("name", id);
            self.push("></a>");
        }
        self.markup.inlines(content);
        self.push(&format!("</h{level}>\n"));
    }

    pub(super) fn list(&mut self, list: &List) {
        let element = if list.start.is_some() { "ol" } else { "ul" };
        self.push(&format!("<{element}"));
        if let Some(start) = list.start.filter(|start| *start != 1) {
            self.push(&format!(" start=\"{start}\""));
        }
        let tasks = list.items.iter().any(|item| item.checked.is_some());
        let marks = if tasks { ";list-style:none" } else { "" };
        self.push(&format!(" style=\"margin:0 0 16px;padding:0 0 0 24px{marks}\">\n"));
        for item in &list.items {
            self.push("<li style=\"margin:0 0 8px\">");
            if let Some(done) = item.checked {
                self.push(if done { "☑\u{fe0e} " } else { "☐\u{fe0e} " });
            }
            for block in &item.blocks {
                match block {
                    Block::Paragraph { content } if list.tight => self.markup.inlines(content),
                    block => self.block(block),
                }
            }
            self.push("</li>\n");
        }
        self.push(&format!("</{element}>\n"));
    }

    pub(super) fn blockquote(&mut self, blocks: &[Block]) {
        let line = self.colours.hairline;
        self.open_box(" rule", &format!("border-left:3px solid {line};padding:0 0 0 20px;"));
        self.push("<blockquote style=\"margin:0\">");
        self.blocks(blocks);
        self.push("</blockquote>");
        self.close_box();
    }

    pub(super) fn code(&mut self, text: &str) {
        let tint = self.colours.tint;
        self.open_box(" tint", &format!("background-color:{tint};padding:16px;"));
        self.push(
            "<pre style=\"margin:0;font:14px/22px Menlo,Consolas,monospace;\
             white-space:pre-wrap;word-wrap:break-word\">",
        );
        self.words(text);
        self.push("</pre>");
        self.close_box();
    }

    pub(super) fn table(&mut self, table: &Table) {
        let ink = self.colours.ink;
        self.push(&format!(
            "{TABLE}<tr><td style=\"padding:8px 0 24px\">\
             <table width=\"100%\" cellpadding=\"0\" cellspacing=\"0\" \
             style=\"font:15px/24px {SANS};color:{ink}\">\n<thead><tr>"
        ));
        self.cells("th scope=\"col\"", "th", &table.head, &table.alignments);
        self.push("</tr></thead>\n<tbody>\n");
        for row in &table.rows {
            self.push("<tr>");
            self.cells("td", "td", row, &table.alignments);
            self.push("</tr>\n");
        }
        self.push("</tbody></table></td></tr></table>\n");
    }

    fn cells(&mut self, open: &str, close: &str, cells: &[Vec<Inline>], alignments: &[Alignment]) {
        let line = self.colours.hairline;
        let ink = self.colours.ink;
        let start = if self.sheet.direction() == "rtl" { "right" } else { "left" };
        for (at, cell) in cells.iter().enumerate() {
            let side = match alignments.get(at).copied().unwrap_or(Alignment::None) {
                Alignment::None => start,
                Alignment::Left => "left",
                Alignment::Center => "center",
                Alignment::Right => "right",
            };
            let end = if at + 1 == cells.len() { "0" } else { "16px" };
            self.push(&format!(
                "<{open} class=\"ink rule\" align=\"{side}\" valign=\"top\" \
                 style=\"padding:8px {end} 8px 0;border-bottom:1px solid {line};text-align:{side};color:{ink}\">"
            ));
            self.markup.inlines(cell);
            self.push(&format!("</{close}>"));
        }
    }

    pub(super) fn divider(&mut self) {
        let line = self.colours.hairline;
        self.push(&format!(
            "{TABLE}<tr><td align=\"center\" style=\"padding:24px 0 40px\">\
             <table role=\"presentation\" width=\"80\" cellpadding=\"0\" cellspacing=\"0\"><tr>\
             <td class=\"rule\" height=\"1\" style=\"border-top:1px solid {line};font-size:1px;line-height:1px\">&nbsp;\
             </td></tr></table></td></tr></table>\n"
        ));
    }

    pub(super) fn only(&mut self, only: &Only) {
        match &only.to {
            Scope::Segment(name) => {
                self.markup.out.open_segment(name);
                self.blocks(&only.blocks);
                self.markup.out.close_segment();
                // Whoever is not of the segment saw no box.
                self.ruled = false;
            }
            // Resolved by the sheet.
            Scope::Mail | Scope::Web => self.blocks(&only.blocks),
        }
    }

    pub(super) fn notes(&mut self) {
        if self.sheet.notes.is_empty() {
            return;
        }
        self.in_notes = true;
        let sheet = self.sheet;
        let line = self.colours.hairline;
        self.open_box(" rule", &format!("border-top:1px solid {line};padding:16px 0 0;"));
        self.kicker(&sheet.t("letter-footnotes"));
        for (at, note) in sheet.notes.iter().enumerate() {
            let number = at + 1;
            let style = self.reading_style().replace("17px/28px", "15px/24px");
            self.push(&format!(
                "{TABLE}<tr><td width=\"24\" valign=\"top\" class=\"muted\" style=\"{style}\">\
                 <a name=\"note-{number}\" id=\"note-{number}\"></a>"
            ));
            self.markup.open_link(&format!("#ref-{number}"));
            self.push(&format!(">{number}</a></td><td valign=\"top\" class=\"ink\" style=\"{style}\">"));
            self.blocks(&note.blocks);
            self.push("</td></tr></table>\n");
        }
        self.close_box();
        self.in_notes = false;
    }
}
