//! What stands around the text: contents, the as-of line, columns, asides, people, the postscript.

use document::{Callout, CalloutKind, Columns, People, Person, Ps, Toc, Written};

use super::Web;
use crate::sheet::{AS_OF, Moment, callout_title, contents, split_at_moment};

impl Web<'_> {
    pub(super) fn toc(&mut self, toc: &Toc) {
        let sheet = self.sheet;
        let entries = contents(sheet, toc);
        if entries.is_empty() {
            return;
        }
        let title = toc.title.clone().unwrap_or_else(|| sheet.t("letter-toc"));
        self.push("<nav class=\"toc\"");
        self.markup.attribute("aria-label", &title);
        self.push(">\n");
        self.element("p", "kicker", &title);
        // One open list for each level on the way down to the entry.
        let mut open: Vec<u8> = Vec::new();
        for entry in entries {
            while open.len() > 1 && open.last().is_some_and(|level| *level > entry.level) {
                open.pop();
                self.push("</li>\n</ol>\n");
            }
            match open.last() {
                Some(level) if *level >= entry.level => self.push("</li>\n"),
                _ => {
                    open.push(entry.level);
                    self.push("<ol>\n");
                }
            }
            self.push("<li>");
            self.markup.open_link(&format!("#{}", entry.id));
            self.push(">");
            self.markup.inlines_in_link(&entry.content);
            self.push("</a>");
        }
        for _ in open {
            self.push("</li>\n</ol>\n");
        }
        self.push("</nav>\n");
    }

    pub(super) fn written(&mut self, written: &Written) {
        let sheet = self.sheet;
        let moment = sheet.moment(written.at.as_deref());
        if moment.is_none() && written.blocks.is_empty() {
            return;
        }
        self.push("<aside class=\"written\">\n");
        if let Some(moment) = moment {
            let (before, after) = split_at_moment(sheet, &moment, written.place.as_deref());
            self.push("<p>");
            self.words(&before);
            match &moment {
                Moment::Read(read) => {
                    self.push("<time");
                    self.markup.attribute("datetime", &read.strftime("%Y-%m-%dT%H:%M").to_string());
                    self.push(">");
                    self.words(&moment.written(sheet.language));
                    self.push("</time>");
                }
                Moment::Typed(typed) => self.words(typed),
            }
            self.words(&after);
            if written.blocks.is_empty() {
                self.push(" ");
                self.words(&sheet.t(AS_OF));
            }
            self.push("</p>\n");
        }
        self.blocks(&written.blocks);
        self.push("</aside>\n");
    }

    pub(super) fn columns(&mut self, columns: &Columns) {
        self.push("<div class=\"columns\">\n");
        for column in &columns.columns {
            self.wrapped("div", column);
        }
        self.push("</div>\n");
    }

    pub(super) fn callout(&mut self, callout: &Callout) {
        let kind = match callout.kind {
            CalloutKind::Note => "note",
            CalloutKind::Tip => "tip",
            CalloutKind::Warning => "warning",
        };
        self.push(&format!("<aside class=\"callout {kind}\">\n"));
        self.element("p", "kicker", &callout_title(self.sheet, callout));
        self.blocks(&callout.blocks);
        self.push("</aside>\n");
    }

    pub(super) fn people(&mut self, people: &People) {
        self.push("<section class=\"people\">\n");
        self.element("p", "kicker", people.title.as_deref().unwrap_or_default());
        self.push("<ul>\n");
        people.people.iter().for_each(|person| self.person(person));
        self.push("</ul>\n</section>\n");
    }

    fn person(&mut self, person: &Person) {
        let sheet = self.sheet;
        self.push("<li>");
        if let Some(src) = sheet.picture(person.portrait.as_deref()) {
            // The name stands beside it: said once is enough.
            self.picture(&src, "", (Some(64), Some(64)));
        }
        self.push("<div>");
        self.push("<p class=\"name\">");
        self.link(sheet.link_of(person.href.as_deref()).as_deref(), "", &person.name);
        self.push("</p>");
        if let Some(role) = &person.role {
            self.push("<p class=\"terms\">");
            self.words(role);
            self.push("</p>");
        }
        if !person.content.is_empty() {
            self.push("<p>");
            self.markup.inlines(&person.content);
            self.push("</p>");
        }
        self.push("</div></li>\n");
    }

    pub(super) fn ps(&mut self, ps: &Ps) {
        self.push("<aside class=\"ps\">\n");
        self.element("p", "kicker", &self.sheet.t("letter-ps"));
        self.blocks(&ps.blocks);
        self.push("</aside>\n");
    }
}
