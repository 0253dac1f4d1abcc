//! The few shapes every block is made of: boxes, small labels, names, buttons, pictures.

use document::Inline;

use super::{Mail, SANS};
use crate::template::{Escape, PersonalSlot};

/// A table that is layout and nothing else.
pub(super) const TABLE: &str =
    "<table role=\"presentation\" width=\"100%\" cellpadding=\"0\" cellspacing=\"0\">";

/// What a picture beside some text shows.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Beside {
    /// A cover or a logo.
    Thing,
    /// Someone presented.
    Person,
    /// Someone quoted, in one line.
    Speaker,
}

/// What a button says.
pub(super) enum Label<'l> {
    Words(&'l str),
    Line(&'l [Inline]),
}

impl Mail<'_> {
    /// The style of a cell that holds text: mail readers do not let tables inherit.
    pub(super) fn reading_style(&self) -> String {
        format!("font:17px/28px {};color:{}", self.reading, self.colours.ink)
    }

    /// The style of small print.
    pub(super) fn small_style(&self) -> String {
        format!("font:13px/20px {SANS};color:{}", self.colours.muted)
    }

    /// A box with room around it. `style` is added to its cell and ends with a semicolon.
    pub(super) fn open_box(&mut self, class: &str, style: &str) {
        self.open_box_below(8, class, style);
    }

    fn open_box_below(&mut self, above: u32, class: &str, style: &str) {
        let reading = self.reading_style();
        self.push(&format!(
            "{TABLE}<tr><td style=\"padding:{above}px 0 24px\">{TABLE}<tr><td class=\"ink{class}\" style=\"{style}{reading}\">\n"
        ));
        self.opened = true;
    }

    pub(super) fn close_box(&mut self) {
        self.push("</td></tr></table></td></tr></table>\n");
    }

    /// A box between two hairlines. After another such box, one line parts the two.
    pub(super) fn open_ruled(&mut self) {
        let line = self.colours.hairline;
        let below = format!("border-bottom:1px solid {line}");
        if self.below_rule {
            self.open_box_below(0, " rule", &format!("{below};padding:0 0 8px;"));
        } else {
            self.open_box(" rule", &format!("border-top:1px solid {line};{below};padding:24px 0 8px;"));
        }
    }

    pub(super) fn close_ruled(&mut self) {
        self.close_box();
        self.ruled = true;
    }

    /// A box on tinted ground.
    pub(super) fn open_tinted(&mut self) {
        let tint = self.colours.tint;
        self.open_box(" tint", &format!("background-color:{tint};padding:24px 24px 8px;"));
    }

    /// The small words above a thing.
    pub(super) fn kicker(&mut self, words: &str) {
        if !words.trim().is_empty() {
            let style = self.small_style();
            self.push(&format!(
                "<p class=\"muted\" style=\"margin:0 0 8px;{style};font-weight:bold;letter-spacing:.4px\">"
            ));
            self.words(words);
            self.push("</p>\n");
        }
    }

    /// Small words below a name.
    pub(super) fn small(&mut self, words: &str) {
        if !words.trim().is_empty() {
            let style = self.small_style();
            self.push(&format!("<p class=\"muted\" style=\"margin:0 0 8px;{style}\">"));
            self.words(words);
            self.push("</p>\n");
        }
    }

    /// The name of a thing, linked when there is where to go.
    pub(super) fn name(&mut self, href: Option<&str>, words: &str) {
        if words.trim().is_empty() {
            return;
        }
        self.push("<p style=\"margin:0 0 8px;font-size:20px;line-height:28px;font-weight:bold\">");
        match href {
            Some(href) => {
                let ink = self.colours.ink;
                self.push("<a");
                self.markup.attribute("href", href);
                self.push(&format!(" class=\"ink\" style=\"color:{ink};text-decoration:none\">"));
                self.words(words);
                self.push("</a>");
            }
            None => self.words(words),
        }
        self.push("</p>\n");
    }

    /// A link in the text, or only its words.
    pub(super) fn link(&mut self, href: Option<&str>, words: &str) {
        match href {
            Some(href) => {
                self.markup.open_link(href);
                self.push(">");
                self.words(words);
                self.push("</a>");
            }
            None => self.words(words),
        }
    }

    /// A link to a page of the reader's own, in the dress of links.
    pub(super) fn own_link(&mut self, page: &str, token: PersonalSlot, words: &str) {
        let base = self.sheet.setting.reader_base();
        let accent = self.colours.accent_text;
        self.push("<a href=\"");
        self.words(&format!("{base}/{page}/"));
        self.markup.out.slot_led(token, None, Escape::Url, "");
        self.push(&format!("\" class=\"accent\" style=\"color:{accent};text-decoration:underline\">"));
        self.words(words);
        self.push("</a>");
    }

    /// A button that holds everywhere: a coloured cell with a link that fills it. Outlook takes its room from
    /// `mso-padding-alt`, everyone else from the link.
    pub(super) fn button(&mut self, href: &str, label: &Label<'_>) {
        let (ground, text) = (self.colours.accent, self.colours.on_accent);
        self.push(&format!(
            "<table role=\"presentation\" cellpadding=\"0\" cellspacing=\"0\"><tr>\
             <td class=\"button\" bgcolor=\"{ground}\" style=\"background-color:{ground};border-radius:4px;\
             mso-padding-alt:12px 24px\"><a"
        ));
        self.markup.attribute("href", href);
        self.push(&format!(
            " class=\"on\" style=\"display:inline-block;padding:12px 24px;font:bold 16px/24px {SANS};\
             color:{text};text-decoration:none\">"
        ));
        match label {
            Label::Words(words) => self.words(words),
            Label::Line(line) => self.markup.inlines_in_link(line),
        }
        self.push("</a></td></tr></table>\n");
    }

    /// A button with room below it.
    pub(super) fn spaced_button(&mut self, href: &str, label: &Label<'_>) {
        self.push(&format!("{TABLE}<tr><td style=\"padding:8px 0 16px\">"));
        self.button(href, label);
        self.push("</td></tr></table>\n");
    }

    /// A picture as wide as it may be here.
    pub(super) fn wide_picture(&mut self, src: &str, alt: &str, own_width: Option<u32>) {
        let width = own_width.filter(|own| (1..self.width).contains(own)).unwrap_or(self.width);
        self.push("<img");
        self.markup.attribute("src", src);
        self.markup.attribute("alt", alt);
        let reading = self.reading;
        self.push(&format!(
            " width=\"{width}\" style=\"display:block;width:100%;max-width:{width}px;height:auto;border:0;\
             font:15px/24px {reading}\">"
        ));
    }

    /// A picture of a given width beside some text.
    pub(super) fn small_picture(&mut self, src: &str, alt: &str, width: u32, round: bool) {
        self.push("<img");
        self.markup.attribute("src", src);
        self.markup.attribute("alt", alt);
        let radius = if round { width / 2 } else { 4 };
        self.push(&format!(
            " width=\"{width}\" style=\"display:block;width:{width}px;height:auto;border:0;border-radius:{radius}px;\
             font:12px/16px {SANS}\">"
        ));
    }

    /// Opens a picture and the cell beside it, or nothing without a picture.
    pub(super) fn open_beside(&mut self, picture: Option<(&str, &str)>, width: u32, beside: Beside) {
        if let Some((src, alt)) = picture {
            let gap = if width > 64 { 24 } else { 16 };
            let side = if beside == Beside::Speaker { "middle" } else { "top" };
            self.push(&format!(
                "{TABLE}<tr><td width=\"{0}\" valign=\"{side}\" style=\"width:{0}px\">",
                width + gap
            ));
            self.small_picture(src, alt, width, beside != Beside::Thing);
            let reading = self.reading_style();
            self.push(&format!("</td><td class=\"ink\" valign=\"{side}\" style=\"{reading}\">\n"));
            self.width = self.width.saturating_sub(width + gap).max(64);
        }
    }

    /// Closes what [`Self::open_beside`] opened, and goes back to a width.
    pub(super) fn close_beside(&mut self, opened: bool, width: u32) {
        if opened {
            self.push("</td></tr></table>\n");
        }
        self.width = width;
    }
}
