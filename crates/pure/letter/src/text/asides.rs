//! Readers and author speaking, and what stands around the text.

use document::{Callout, Forwarded, Heart, People, Poll, Ps, Question, Quote, Share, Toc, Written};

use super::Text;
use super::words::Words;
use crate::sheet::{AS_OF, callout_title, contents, split_at_moment};
use crate::template::PersonalSlot;

impl Text<'_> {
    pub(super) fn toc(&mut self, toc: &Toc) {
        let sheet = self.sheet;
        let entries = contents(sheet, toc);
        if entries.is_empty() {
            return;
        }
        let title = toc.title.clone().unwrap_or_else(|| sheet.t("letter-toc"));
        let colon = self.colon();
        self.line(&format!("{title}{}", colon.trim_end()));
        for entry in entries {
            let mut words = Words::default();
            self.inlines(&entry.content, &mut words);
            entry.segments.iter().for_each(|segment| self.out.open_segment(segment));
            self.bulleted(&format!("{}- ", "  ".repeat(usize::from(entry.level - 2))), words);
            entry.segments.iter().for_each(|_| self.out.close_segment());
        }
    }

    pub(super) fn written(&mut self, written: &Written) {
        let sheet = self.sheet;
        if let Some(moment) = sheet.moment(written.at.as_deref()) {
            let (before, after) = split_at_moment(sheet, &moment, written.place.as_deref());
            let change =
                if written.blocks.is_empty() { format!(" {}", sheet.t(AS_OF)) } else { String::new() };
            self.line(&format!("{before}{}{after}{change}", moment.written(sheet.language)));
        }
        self.blocks(&written.blocks);
    }

    pub(super) fn quote(&mut self, quote: &Quote) {
        self.quoted(&quote.blocks);
        let sheet = self.sheet;
        let link = sheet.link_of(quote.link.as_deref()).filter(|link| !link.starts_with('#'));
        let names = [quote.who.as_deref(), quote.place.as_deref()];
        let mut source = names.into_iter().flatten().collect::<Vec<_>>().join(", ");
        if source.is_empty() && link.is_some() {
            source = sheet.t("letter-source");
        }
        if source.is_empty() {
            return;
        }
        let mut words = Words::default();
        words.text(&format!("— {source}"));
        if let Some(link) = link {
            let number = self.number_of(&link);
            words.number(number);
        }
        self.words(words);
    }

    pub(super) fn question(&mut self, question: &Question) {
        let sheet = self.sheet;
        self.blocks(&question.blocks);
        let label = question.label.clone().unwrap_or_else(|| sheet.t("letter-answer"));
        match sheet.setting.reply_to.filter(|to| !to.is_empty()) {
            Some(to) => self.arrow_to(&label, Some(to)),
            None => self.arrow_to(&label, sheet.setting.edition_url),
        }
    }

    pub(super) fn poll(&mut self, poll: &Poll) {
        let sheet = self.sheet;
        self.name(&poll.question, None);
        self.gap();
        for choice in &poll.choices {
            let mut words = Words::default();
            words.text(choice);
            self.bulleted("- ", words);
        }
        match sheet.setting.reply_to.filter(|to| !to.is_empty()) {
            Some(to) => self.arrow_to(&sheet.t("letter-answer"), Some(to)),
            None => self.arrow_to(&sheet.t("letter-answer-on-page"), sheet.setting.edition_url),
        }
    }

    pub(super) fn heart(&mut self, heart: &Heart) {
        let label = heart.label.clone().unwrap_or_else(|| self.sheet.t("letter-heart"));
        self.gap();
        self.own_page_named(&format!("♥\u{fe0e} {label}"), "heart", PersonalSlot::HeartToken);
    }

    pub(super) fn share(&mut self, share: &Share) {
        let label = share.label.clone().unwrap_or_else(|| self.sheet.t("letter-share"));
        self.arrow_to(&label, Some(self.sheet.page()));
    }

    pub(super) fn forwarded(&mut self, forwarded: &Forwarded) {
        let sheet = self.sheet;
        if forwarded.blocks.is_empty() {
            self.line(&sheet.t("letter-forwarded-words"));
        }
        self.blocks(&forwarded.blocks);
        let label = forwarded.label.clone().unwrap_or_else(|| sheet.t("letter-subscribe"));
        self.arrow_to(&label, Some(&sheet.setting.subscribe_page()));
    }

    pub(super) fn callout(&mut self, callout: &Callout) {
        let title = callout_title(self.sheet, callout);
        self.line(&format!("[{title}]"));
        self.blocks(&callout.blocks);
    }

    pub(super) fn people(&mut self, people: &People) {
        let sheet = self.sheet;
        if let Some(title) = &people.title {
            self.line(title);
        }
        for person in &people.people {
            let mut words = Words::default();
            words.text(&person.name);
            if let Some(href) = sheet.link_of(person.href.as_deref()).filter(|href| !href.starts_with('#')) {
                let number = self.number_of(&href);
                words.number(number);
            }
            if let Some(role) = &person.role {
                words.text(&format!(", {role}"));
            }
            if !person.content.is_empty() {
                words.line();
                self.inlines(&person.content, &mut words);
            }
            self.gap();
            self.bulleted("- ", words);
        }
    }

    pub(super) fn ps(&mut self, ps: &Ps) {
        let sheet = self.sheet;
        self.line(&sheet.t("letter-ps"));
        self.blocks(&ps.blocks);
    }
}
