//! The author and the readers speaking to one another: quotes, questions, votes, hearts, sharing.

use document::{Forwarded, Heart, Poll, Question, Quote, Share};

use super::layout::{Beside, Label, TABLE};
use super::{Mail, SANS};
use crate::escape::url;
use crate::template::PersonalSlot;

/// Width of a portrait.
const PORTRAIT: u32 = 48;

impl Mail<'_> {
    pub(super) fn quote(&mut self, quote: &Quote) {
        let sheet = self.sheet;
        let accent = self.colours.accent_text;
        let link = sheet.link_of(quote.link.as_deref());
        self.open_box(" accent-rule", &format!("border-left:3px solid {accent};padding:0 0 0 20px;"));
        self.push("<blockquote style=\"margin:0;font-style:italic\"");
        if let Some(link) = &link {
            self.markup.attribute("cite", link);
        }
        self.push(">");
        self.blocks(&quote.blocks);
        self.push("</blockquote>");
        if quote.who.is_some() || quote.place.is_some() || link.is_some() {
            let portrait = sheet.picture(quote.portrait.as_deref());
            let who = quote.who.as_deref().unwrap_or_default();
            let alt = sheet.t_with("letter-portrait", &[("name", who.into())]);
            let alt = if who.is_empty() { "" } else { alt.as_str() };
            let width = self.width;
            self.open_beside(portrait.as_deref().map(|src| (src, alt)), PORTRAIT, Beside::Speaker);
            let small = self.small_style();
            self.push(&format!("<p class=\"muted\" style=\"margin:0;{small};font-size:14px\">"));
            self.source(quote, link.as_deref());
            self.push("</p>");
            self.close_beside(portrait.is_some(), width);
        }
        self.close_box();
    }

    /// Who and where; the link on the first of the two, or on a word of ours.
    fn source(&mut self, quote: &Quote, link: Option<&str>) {
        let mut link = link;
        if let Some(who) = &quote.who {
            self.link(link.take(), who);
        }
        if let Some(place) = &quote.place {
            self.push(if quote.who.is_some() { ", <cite>" } else { "<cite>" });
            self.link(link.take(), place);
            self.push("</cite>");
        }
        if link.is_some() {
            let source = self.sheet.t("letter-source");
            self.link(link, &source);
        }
    }

    pub(super) fn question(&mut self, question: &Question) {
        let sheet = self.sheet;
        let place = self.markup.place("question");
        self.open_ruled();
        self.blocks(&question.blocks);
        let subject = sheet.t_with("letter-answer-subject", &[("title", (&sheet.title()).into())]);
        let label = question.label.clone().unwrap_or_else(|| sheet.t("letter-answer"));
        let page = sheet.setting.edition_url.map(|page| format!("{page}#{place}"));
        match (sheet.answer(&subject), page) {
            (Some(answer), page) => {
                self.spaced_button(&answer, &Label::Words(&label));
                if let Some(page) = page {
                    self.push("<p style=\"margin:0 0 16px\">");
                    self.link(Some(&page), &sheet.t("letter-answer-on-page"));
                    self.push("</p>\n");
                }
            }
            (None, Some(page)) => self.spaced_button(&page, &Label::Words(&label)),
            (None, None) => {}
        }
        self.close_ruled();
    }

    pub(super) fn poll(&mut self, poll: &Poll) {
        let sheet = self.sheet;
        let place = self.markup.place("poll");
        let line = self.colours.hairline;
        let page = sheet.setting.edition_url.map(|page| format!("{page}#{place}"));
        self.open_ruled();
        self.kicker(&sheet.t("letter-poll"));
        self.name(None, &poll.question);
        let reading = self.reading_style();
        for choice in &poll.choices {
            let answer = sheet.answer(&format!("{} {choice}", poll.question)).or_else(|| page.clone());
            self.push(&format!(
                "{TABLE}<tr><td class=\"ink rule\" style=\"padding:10px 0;border-top:1px solid {line};{reading}\">"
            ));
            self.link(answer.as_deref(), choice);
            self.push("</td></tr></table>\n");
        }
        if sheet.answer("").is_some() {
            self.push("<div style=\"padding-top:8px\">");
            self.small(&sheet.t("letter-poll-hint"));
            self.push("</div>");
        }
        self.close_ruled();
    }

    pub(super) fn heart(&mut self, heart: &Heart) {
        let sheet = self.sheet;
        let label = heart.label.clone().unwrap_or_else(|| sheet.t("letter-heart"));
        self.push(&format!("<p style=\"margin:0 0 16px;font:15px/24px {SANS}\">"));
        // VARIATION SELECTOR-15: the heart of the font, not the picture.
        let words = format!("♥\u{fe0e}\u{a0}{label}");
        self.own_link("heart", PersonalSlot::HeartToken, &words);
        self.push("</p>\n");
    }

    pub(super) fn share(&mut self, share: &Share) {
        let sheet = self.sheet;
        let page = sheet.page();
        self.open_ruled();
        self.name(None, &share.label.clone().unwrap_or_else(|| sheet.t("letter-share")));
        let subject = sheet.t_with("letter-share-subject", &[("title", (&sheet.title()).into())]);
        let body = format!("{} {page}", sheet.t("letter-share-body"));
        let mail = format!("mailto:?subject={}&body={}", url(&subject), url(&body));
        self.push("<p style=\"margin:0 0 16px\">");
        self.link(Some(&mail), &sheet.t("letter-share-mail"));
        self.push(" &nbsp;·&nbsp; ");
        self.link(Some(page), &sheet.t("letter-share-link"));
        self.push("</p>\n");
        self.close_ruled();
    }

    pub(super) fn forwarded(&mut self, forwarded: &Forwarded) {
        let sheet = self.sheet;
        self.open_tinted();
        if forwarded.blocks.is_empty() {
            self.push("<p style=\"margin:0 0 16px\">");
            self.words(&sheet.t("letter-forwarded-words"));
            self.push("</p>\n");
        }
        self.blocks(&forwarded.blocks);
        let label = forwarded.label.clone().unwrap_or_else(|| sheet.t("letter-subscribe"));
        self.spaced_button(&sheet.setting.subscribe_page(), &Label::Words(&label));
        self.close_box();
    }
}
