//! What stands around the text: contents, the as-of line, columns, asides, people, the postscript.

use document::{Callout, CalloutKind, Columns, People, Person, Ps, Toc, Written};

use super::layout::{Beside, TABLE};
use super::{GAP, Mail};
use crate::sheet::{AS_OF, callout_title, contents, split_at_moment};

impl Mail<'_> {
    pub(super) fn toc(&mut self, toc: &Toc) {
        let sheet = self.sheet;
        let entries = contents(sheet, toc);
        if entries.is_empty() {
            return;
        }
        let title = toc.title.clone().unwrap_or_else(|| sheet.t("letter-toc"));
        self.open_ruled();
        self.kicker(&title);
        for entry in entries {
            let indent = 20 * u32::from(entry.level - 2);
            entry.segments.iter().for_each(|segment| self.markup.out.open_segment(segment));
            self.push(&format!("<p style=\"margin:0 0 8px;padding:0 0 0 {indent}px\">"));
            self.markup.open_link(&format!("#{}", entry.id));
            self.push(">");
            self.markup.inlines_in_link(&entry.content);
            self.push("</a></p>\n");
            entry.segments.iter().for_each(|_| self.markup.out.close_segment());
        }
        self.push("<div style=\"height:8px;line-height:8px;font-size:8px\">&nbsp;</div>");
        self.close_ruled();
    }

    pub(super) fn written(&mut self, written: &Written) {
        let sheet = self.sheet;
        if let Some(moment) = sheet.moment(written.at.as_deref()) {
            let (before, after) = split_at_moment(sheet, &moment, written.place.as_deref());
            let small = self.small_style();
            self.push(&format!("<p class=\"muted\" style=\"margin:0 0 16px;{small};font-size:14px\">"));
            self.words(&format!("{before}{}{after}", moment.written(sheet.language)));
            if written.blocks.is_empty() {
                self.push(" ");
                self.words(&sheet.t(AS_OF));
            }
            self.push("</p>\n");
        }
        self.blocks(&written.blocks);
    }

    /// Columns that stand side by side where there is room and stack by themselves where there is none, with no
    /// need of a media query. Outlook gets a row of cells.
    pub(super) fn columns(&mut self, columns: &Columns) {
        let count = u32::try_from(columns.columns.len()).unwrap_or(1).max(1);
        let before = self.width;
        let inner = (before + GAP) / count - GAP;
        self.push(&format!("{TABLE}<tr><td style=\"padding:8px 0 8px;font-size:0;line-height:0\">\n"));
        self.push(&format!("<!--[if mso]>{TABLE}<tr><![endif]-->"));
        self.width = inner;
        let style = self.reading_style();
        for (at, column) in columns.columns.iter().enumerate() {
            let gap = if at + 1 == columns.columns.len() { 0 } else { GAP };
            let outer = inner + gap;
            self.push(&format!(
                "<!--[if mso]><td width=\"{outer}\" valign=\"top\"><![endif]-->\
                 <div class=\"column\" style=\"display:inline-block;width:100%;max-width:{outer}px;vertical-align:top\">\
                 {TABLE}<tr><td class=\"ink column-in\" style=\"padding:0 {gap}px 16px 0;{style}\">\n"
            ));
            self.opened = true;
            self.blocks(column);
            self.push("</td></tr></table></div><!--[if mso]></td><![endif]-->");
        }
        self.width = before;
        self.push("<!--[if mso]></tr></table><![endif]-->\n</td></tr></table>\n");
    }

    pub(super) fn callout(&mut self, callout: &Callout) {
        let (class, colour) = match callout.kind {
            CalloutKind::Note => ("rule", self.colours.hairline),
            CalloutKind::Tip => ("accent-rule", self.colours.accent_text),
            CalloutKind::Warning => ("ink-rule", self.colours.ink),
        };
        let tint = self.colours.tint;
        self.open_box(
            &format!(" tint {class}"),
            &format!("background-color:{tint};border-left:3px solid {colour};padding:16px 24px 0 20px;"),
        );
        self.kicker(&callout_title(self.sheet, callout));
        self.blocks(&callout.blocks);
        self.close_box();
    }

    pub(super) fn people(&mut self, people: &People) {
        self.open_ruled();
        self.kicker(people.title.as_deref().unwrap_or_default());
        people.people.iter().for_each(|person| self.person(person));
        self.close_ruled();
    }

    fn person(&mut self, person: &Person) {
        let sheet = self.sheet;
        let portrait = sheet.picture(person.portrait.as_deref());
        let width = self.width;
        let style = self.reading_style();
        self.push(&format!("{TABLE}<tr><td class=\"ink\" style=\"padding:0 0 16px;{style}\">"));
        // The name stands beside the portrait: said once is enough.
        self.open_beside(portrait.as_deref().map(|src| (src, "")), 56, Beside::Person);
        self.push("<p style=\"margin:0;font-weight:bold\">");
        self.link(sheet.link_of(person.href.as_deref()).as_deref(), &person.name);
        self.push("</p>\n");
        if let Some(role) = &person.role {
            let small = self.small_style();
            self.push(&format!("<p class=\"muted\" style=\"margin:0;{small}\">"));
            self.words(role);
            self.push("</p>\n");
        }
        if !person.content.is_empty() {
            self.push("<p style=\"margin:0\">");
            self.markup.inlines(&person.content);
            self.push("</p>\n");
        }
        self.close_beside(portrait.is_some(), width);
        self.push("</td></tr></table>\n");
    }

    pub(super) fn ps(&mut self, ps: &Ps) {
        let line = self.colours.hairline;
        self.open_box(" rule", &format!("border-top:1px solid {line};padding:24px 0 0;"));
        self.kicker(&self.sheet.t("letter-ps"));
        self.blocks(&ps.blocks);
        self.close_box();
    }
}
