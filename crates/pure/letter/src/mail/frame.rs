//! The document around the text: head of the document, masthead and title, foot.

use super::layout::TABLE;
use super::{MEASURE, Mail, SANS};
use crate::look::Palette;
use crate::subject::preheader_line;
use crate::template::PersonalSlot;

/// Invisible letters after the preheader: without them, inboxes go on with the first words of the mail.
const SPACER: &str = "&#847;&zwnj;&nbsp;";
/// Inboxes show up to about 140 letters.
const SPACERS: usize = 90;

impl Mail<'_> {
    pub(super) fn open_document(&mut self) {
        let sheet = self.sheet;
        let paper = self.colours.paper;
        self.push("<!doctype html>\n<html");
        self.markup.attribute("lang", &sheet.tag);
        self.markup.attribute("dir", sheet.direction());
        self.push(
            " xmlns:o=\"urn:schemas-microsoft-com:office:office\">\n<head>\n<meta charset=\"utf-8\">\n\
             <meta name=\"viewport\" content=\"width=device-width,initial-scale=1\">\n\
             <meta name=\"x-apple-disable-message-reformatting\">\n\
             <meta name=\"format-detection\" content=\"telephone=no,date=no,address=no,email=no,url=no\">\n\
             <meta name=\"color-scheme\" content=\"light dark\">\n\
             <meta name=\"supported-color-schemes\" content=\"light dark\">\n<title>",
        );
        self.words(&sheet.title());
        // Without these settings, Outlook scales pictures on screens above 96 dots an inch.
        self.push(
            "</title>\n<!--[if mso]><noscript><xml><o:OfficeDocumentSettings><o:AllowPNG/>\
             <o:PixelsPerInch>96</o:PixelsPerInch></o:OfficeDocumentSettings></xml></noscript>\
             <style>table{border-collapse:collapse}</style><![endif]-->\n<style>\n",
        );
        let style = style(&sheet.setting.look.dark());
        self.push(&style);
        self.push(&format!(
            "</style>\n</head>\n<body class=\"paper\" style=\"margin:0;padding:0;width:100%;background-color:{paper};\
             -webkit-text-size-adjust:100%;-ms-text-size-adjust:100%\">\n"
        ));
        self.preheader();
        self.push(&format!(
            "<table role=\"presentation\" class=\"paper\" width=\"100%\" cellpadding=\"0\" cellspacing=\"0\" \
             bgcolor=\"{paper}\" style=\"background-color:{paper}\"><tr><td align=\"center\">\n\
             <!--[if mso]><table role=\"presentation\" width=\"600\" align=\"center\" cellpadding=\"0\" cellspacing=\"0\"><tr><td><![endif]-->\n\
             <table role=\"presentation\" width=\"100%\" cellpadding=\"0\" cellspacing=\"0\" \
             style=\"max-width:600px;margin:0 auto\"><tr><td class=\"sheet\" align=\"left\" \
             style=\"padding:0 24px;text-align:{}\">\n",
            if sheet.direction() == "rtl" { "right" } else { "left" }
        ));
    }

    pub(super) fn close_document(&mut self) {
        self.push(
            "</td></tr></table>\n<!--[if mso]></td></tr></table><![endif]-->\n</td></tr></table>\n</body>\n</html>\n",
        );
    }

    fn preheader(&mut self) {
        let line = preheader_line(self.sheet);
        if line.is_empty() {
            return;
        }
        self.push(
            "<div style=\"display:none;max-height:0;max-width:0;overflow:hidden;opacity:0;font-size:1px;\
             line-height:1px;mso-hide:all\">",
        );
        self.markup.inlines(&line);
        self.push(&SPACER.repeat(SPACERS));
        self.push("</div>\n");
    }

    /// The masthead, the title, who signs and the cover; and the cell the text stands in.
    pub(super) fn head(&mut self) {
        self.masthead();
        let sheet = self.sheet;
        let ink = self.colours.ink;
        let reading = self.reading;
        self.push(&format!(
            "{TABLE}<tr><td class=\"ink\" style=\"padding:40px 0 24px;color:{ink}\">\
             <h1 class=\"title\" style=\"margin:0;font:bold 36px/44px {reading};letter-spacing:-.2px\">"
        ));
        self.words(&sheet.title());
        self.push("</h1>\n");
        let authors = sheet.authors();
        if !authors.is_empty() {
            let small = self.small_style();
            self.push(&format!("<p class=\"muted\" style=\"margin:16px 0 0;{small};font-size:14px\">"));
            self.words(&sheet.t_with("letter-by", &[("who", (&authors).into())]));
            self.push("</p>\n");
        }
        self.push("</td></tr></table>\n");
        if let Some(cover) = sheet.picture(sheet.front.cover.as_deref()) {
            self.push(&format!("{TABLE}<tr><td style=\"padding:0 0 24px\">"));
            self.wide_picture(&cover, "", None);
            self.push("</td></tr></table>\n");
        }
        let style = self.reading_style();
        self.push(&format!("{TABLE}<tr><td class=\"ink\" style=\"padding:0 0 16px;{style}\">\n"));
    }

    fn masthead(&mut self) {
        let sheet = self.sheet;
        let setting = sheet.setting;
        let line = self.colours.hairline;
        self.push(&format!(
            "{TABLE}<tr><td class=\"rule\" valign=\"bottom\" \
             style=\"padding:32px 16px 16px 0;border-bottom:1px solid {line}\"><a"
        ));
        self.markup.attribute("href", setting.publication_url);
        let accent = self.colours.accent_text;
        self.push(&format!(
            " class=\"accent\" style=\"font:bold 18px/24px {SANS};\
             color:{accent};text-decoration:none\">"
        ));
        let logo = setting.look.logo.as_ref();
        match logo.and_then(|logo| sheet.picture(Some(&logo.src)).map(|src| (src, logo))) {
            Some((src, logo)) => {
                // Twice the size of a word, never wider than half the sheet.
                let width = (logo.width * 48 / logo.height.max(1)).clamp(24, MEASURE / 2);
                let alt = if logo.alt.is_empty() { setting.publication_name } else { &logo.alt };
                self.push("<img");
                self.markup.attribute("src", &src);
                self.markup.attribute("alt", alt);
                self.push(&format!(
                    " width=\"{width}\" style=\"display:block;width:{width}px;height:auto;border:0\">"
                ));
            }
            None => self.words(setting.publication_name),
        }
        let small = self.small_style();
        self.push(&format!(
            "</a></td><td class=\"muted rule\" align=\"right\" valign=\"bottom\" \
             style=\"padding:32px 0 16px;border-bottom:1px solid {line};text-align:right;{small}\">"
        ));
        let number = setting
            .number
            .map(|number| sheet.t_with("letter-number", &[("number", number.to_string().as_str().into())]));
        let date = setting.date.map(|date| i18n::date_long(sheet.language, date));
        let facts: Vec<String> = [number, date].into_iter().flatten().collect();
        self.words(&facts.join(" · "));
        if let Some(page) = setting.edition_url {
            self.push(if facts.is_empty() { "" } else { "<br>" });
            self.link(Some(page), &sheet.t("letter-read-online"));
        }
        self.push("</td></tr></table>\n");
    }

    /// Ends the text; then the author's last words and what the law and the reader ask for.
    pub(super) fn foot(&mut self) {
        let sheet = self.sheet;
        let setting = sheet.setting;
        let line = self.colours.hairline;
        let small = self.small_style();
        self.push(&format!(
            "</td></tr></table>\n{TABLE}<tr><td class=\"muted rule\" \
             style=\"padding:24px 0 40px;border-top:1px solid {line};{small}\">\n"
        ));
        self.blocks(&sheet.footers);
        self.push("<p style=\"margin:0 0 8px\">");
        self.words(&sheet.t_with("letter-why", &[("publication", setting.publication_name.into())]));
        self.push("</p>\n<p style=\"margin:0 0 8px\">");
        self.own_link("unsubscribe", PersonalSlot::UnsubscribeToken, &sheet.t("letter-unsubscribe"));
        self.push(" &nbsp;·&nbsp; ");
        self.own_link("preferences", PersonalSlot::PreferencesToken, &sheet.t("letter-preferences"));
        self.push(" &nbsp;·&nbsp; ");
        let archive = format!("{}/archive", setting.publication_url);
        self.link(Some(&archive), &sheet.t("letter-archive"));
        self.push("</p>\n<p style=\"margin:0\">");
        self.words(setting.publication_name);
        if let Some(address) = setting.postal_address {
            for line in address.lines().map(str::trim).filter(|line| !line.is_empty()) {
                self.push(", ");
                self.words(line.trim_end_matches(','));
            }
        }
        self.push("</p>\n</td></tr></table>\n");
    }
}

/// Night and phones, three sheets: a mail reader that does not like a rule throws its whole sheet away. Everything
/// else stands on the elements.
fn style(dark: &Palette) -> String {
    let Palette { paper, tint, ink, muted, hairline, accent_text, accent, on_accent } = dark;
    let grounds = [(".paper", paper), (".tint", tint), (".button", accent)];
    let texts = [(".ink", ink), (".muted", muted), (".accent", accent_text), (".on", on_accent)];
    let rules = |prefix_ground: &str, prefix_text: &str| {
        let mut css = String::new();
        for (class, colour) in grounds {
            css.push_str(&format!("{prefix_ground}{class}{{background-color:{colour}!important}}"));
        }
        for (class, colour) in texts {
            css.push_str(&format!("{prefix_text}{class}{{color:{colour}!important}}"));
        }
        for (class, colour) in [("rule", hairline), ("accent-rule", accent_text), ("ink-rule", ink)] {
            css.push_str(&format!("{prefix_ground}.{class}{{border-color:{colour}!important}}"));
        }
        css
    };
    format!(
        ":root{{color-scheme:light dark;supported-color-schemes:light dark}}\n\
         @media (prefers-color-scheme:dark){{{}}}\n</style>\n<style>{}</style>\n<style>\n\
         @media (max-width:600px){{.sheet{{padding:0 20px!important}}\
         .title{{font-size:30px!important;line-height:38px!important}}\
         .column{{max-width:100%!important}}.column-in{{padding-right:0!important}}}}\n",
        rules("", ""),
        rules("[data-ogsb] ", "[data-ogsc] "),
    )
}
