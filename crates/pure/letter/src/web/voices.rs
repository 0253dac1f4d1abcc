//! The author and the readers speaking to one another: quotes, questions, votes, hearts, sharing.

use document::{Forwarded, Heart, Poll, Question, Quote, Share};

use super::Web;
use crate::escape::url;

/// The heart of the icon set, drawn in the colour of its text.
const HEART: &str = "<svg class=\"icon\" viewBox=\"0 0 24 24\" width=\"20\" height=\"20\" aria-hidden=\"true\">\
<path fill=\"none\" stroke=\"currentColor\" stroke-width=\"1.5\" stroke-linejoin=\"round\" \
d=\"M12 20.5 4.2 12.6a5 5 0 0 1 7.1-7l.7.7.7-.7a5 5 0 0 1 7.1 7z\"/></svg>";

impl Web<'_> {
    pub(super) fn quote(&mut self, quote: &Quote) {
        let sheet = self.sheet;
        let link = sheet.link_of(quote.link.as_deref());
        self.push("<figure class=\"quote\">\n<blockquote");
        if let Some(link) = &link {
            self.markup.attribute("cite", link);
        }
        self.push(">\n");
        self.blocks(&quote.blocks);
        self.push("</blockquote>\n");
        if quote.who.is_some() || quote.place.is_some() || link.is_some() {
            self.push("<figcaption>");
            if let Some(src) = sheet.picture(quote.portrait.as_deref()) {
                let who = quote.who.as_deref().unwrap_or_default();
                let alt = sheet.t_with("letter-portrait", &[("name", who.into())]);
                self.picture(&src, if who.is_empty() { "" } else { &alt }, (Some(48), Some(48)));
                self.push(" ");
            }
            self.source(quote, link.as_deref());
            self.push("</figcaption>\n");
        }
        self.push("</figure>\n");
    }

    /// Who and where; the link on the first of the two, or on a word of ours.
    fn source(&mut self, quote: &Quote, link: Option<&str>) {
        let mut link = link;
        self.push("<span>");
        if let Some(who) = &quote.who {
            self.link(link.take(), "", who);
        }
        if let Some(place) = &quote.place {
            self.push(if quote.who.is_some() { ", <cite>" } else { "<cite>" });
            self.link(link.take(), "", place);
            self.push("</cite>");
        }
        if link.is_some() {
            let source = self.sheet.t("letter-source");
            self.link(link, "", &source);
        }
        self.push("</span>");
    }

    pub(super) fn question(&mut self, question: &Question) {
        let sheet = self.sheet;
        let place = self.markup.place("question");
        self.push(&format!("<section class=\"question\" id=\"{place}\">\n"));
        self.blocks(&question.blocks);
        let subject = sheet.t_with("letter-answer-subject", &[("title", (&sheet.title()).into())]);
        if let Some(answer) = sheet.answer(&subject) {
            let label = question.label.clone().unwrap_or_else(|| sheet.t("letter-answer"));
            self.push("<p class=\"action\">");
            self.link(Some(&answer), " class=\"button\"", &label);
            self.push("</p>\n");
        }
        self.push("</section>\n");
    }

    pub(super) fn poll(&mut self, poll: &Poll) {
        let sheet = self.sheet;
        let place = self.markup.place("poll");
        self.push(&format!("<section class=\"poll\" id=\"{place}\">\n"));
        self.element("p", "kicker", &sheet.t("letter-poll"));
        self.element("p", "name", &poll.question);
        self.push("<ul>\n");
        for choice in &poll.choices {
            let answer = sheet.answer(&format!("{} {choice}", poll.question));
            self.push("<li>");
            self.link(answer.as_deref(), "", choice);
            self.push("</li>\n");
        }
        self.push("</ul>\n");
        if sheet.answer("").is_some() {
            self.element("p", "hint", &sheet.t("letter-poll-hint"));
        }
        self.push("</section>\n");
    }

    pub(super) fn heart(&mut self, heart: &Heart) {
        let sheet = self.sheet;
        // The page of the heart asks for the press; following the link gives nothing (no robot can).
        let Some(href) = sheet.setting.heart_url else { return };
        let label = heart.label.clone().unwrap_or_else(|| sheet.t("letter-heart"));
        self.push("<p class=\"heart\" id=\"");
        let place = self.markup.place("heart");
        self.push(&place);
        self.push("\">");
        self.markup.open_link(href);
        self.push(" rel=\"nofollow\">");
        self.push(HEART);
        self.push(" ");
        self.words(&label);
        self.push("</a></p>\n");
    }

    pub(super) fn share(&mut self, share: &Share) {
        let sheet = self.sheet;
        let page = sheet.page();
        let place = self.markup.place("share");
        self.push(&format!("<section class=\"share\" id=\"{place}\">\n"));
        self.element("p", "name", &share.label.clone().unwrap_or_else(|| sheet.t("letter-share")));
        self.push("<p class=\"action\">");
        let subject = sheet.t_with("letter-share-subject", &[("title", (&sheet.title()).into())]);
        let body = format!("{} {page}", sheet.t("letter-share-body"));
        let mail = format!("mailto:?subject={}&body={}", url(&subject), url(&body));
        self.link(Some(&mail), "", &sheet.t("letter-share-mail"));
        self.push(" ");
        self.link(Some(page), "", &sheet.t("letter-share-link"));
        self.push("</p>\n</section>\n");
    }

    pub(super) fn forwarded(&mut self, forwarded: &Forwarded) {
        let sheet = self.sheet;
        self.push("<aside class=\"forwarded\">\n");
        if forwarded.blocks.is_empty() {
            self.push("<p>");
            self.words(&sheet.t("letter-forwarded-words"));
            self.push("</p>\n");
        }
        self.blocks(&forwarded.blocks);
        let label = forwarded.label.clone().unwrap_or_else(|| sheet.t("letter-subscribe"));
        self.push("<p class=\"action\">");
        self.link(Some(&sheet.setting.subscribe_page()), " class=\"button\"", &label);
        self.push("</p>\n</aside>\n");
    }
}
