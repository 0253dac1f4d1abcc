//! Things that live elsewhere: pictures, episodes, films, letters, services, sponsors.

use document::{Booking, Button, Embed, Episode, Image, Recommend, Sponsor};

use super::Mail;
use super::layout::{Beside, Label, TABLE};
use crate::sheet::{kicker, sponsor_label};

/// Width of an episode's cover beside its text.
const COVER: u32 = 120;
/// Width of a letter's logo.
const LOGO: u32 = 64;

impl Mail<'_> {
    pub(super) fn image(&mut self, image: &Image) {
        let Some(src) = self.sheet.picture(Some(&image.src)) else {
            return self.small(&image.alt);
        };
        self.push(&format!("{TABLE}<tr><td style=\"padding:8px 0 24px\">"));
        let href = self.sheet.link_of(image.href.as_deref());
        if let Some(href) = &href {
            self.markup.open_link(href);
            self.push(">");
        }
        self.wide_picture(&src, &image.alt, image.width);
        if href.is_some() {
            self.push("</a>");
        }
        if !image.caption.is_empty() {
            let small = self.small_style();
            self.push(&format!("<p class=\"muted\" style=\"margin:8px 0 0;{small}\">"));
            self.markup.inlines(&image.caption);
            self.push("</p>");
        }
        self.push("</td></tr></table>\n");
    }

    pub(super) fn button_block(&mut self, button: &Button) {
        match self.sheet.link(&button.href) {
            Some(href) => self.spaced_button(&href, &Label::Line(&button.content)),
            None => self.paragraph(&button.content),
        }
    }

    pub(super) fn episode(&mut self, episode: &Episode) {
        let sheet = self.sheet;
        self.open_ruled();
        let cover = sheet.picture(episode.image.as_deref());
        let width = self.width;
        self.open_beside(cover.as_deref().map(|src| (src, "")), COVER.min(width / 3), Beside::Thing);
        self.kicker(&kicker(sheet, episode));
        let audio = sheet.link_of(episode.audio.as_deref());
        let video = sheet.link_of(episode.video.as_deref());
        let page = sheet.link_of(episode.href.as_deref());
        self.name(page.as_deref().or(audio.as_deref()).or(video.as_deref()), &episode.title);
        self.blocks(&episode.blocks);
        // A page, where there is one, plays in the browser; a bare sound file is often only downloaded.
        if let Some(listen) = page.as_deref().filter(|_| audio.is_some()).or(audio.as_deref()) {
            self.spaced_button(listen, &Label::Words(&sheet.t("letter-listen")));
            if let Some(watch) = &video {
                self.push("<p style=\"margin:0 0 16px\">");
                self.link(Some(watch), &sheet.t("letter-watch"));
                self.push("</p>\n");
            }
        } else if let Some(watch) = &video {
            self.spaced_button(watch, &Label::Words(&sheet.t("letter-watch")));
        }
        self.close_beside(cover.is_some(), width);
        self.close_ruled();
    }

    pub(super) fn sponsor(&mut self, sponsor: &Sponsor) {
        let sheet = self.sheet;
        self.open_tinted();
        let label = sponsor_label(sheet, sponsor);
        self.kicker(&label);
        let href = sheet.link_of(sponsor.href.as_deref());
        if let Some(logo) = sheet.picture(sponsor.logo.as_deref()) {
            let alt = sheet.t_with("letter-logo", &[("name", (&sponsor.name).into())]);
            self.push(&format!("{TABLE}<tr><td style=\"padding:8px 0 16px\">"));
            self.small_picture(&logo, &alt, 120, false);
            self.push("</td></tr></table>\n");
        }
        self.blocks(&sponsor.blocks);
        if href.is_some() {
            self.push("<p style=\"margin:0 0 16px;font-weight:bold\">");
            self.link(href.as_deref(), &sponsor.name);
            self.push("</p>\n");
        }
        self.close_box();
    }

    pub(super) fn embed(&mut self, embed: &Embed) {
        let sheet = self.sheet;
        let href = sheet.link(&embed.href);
        self.open_ruled();
        if let Some(src) = sheet.picture(embed.image.as_deref()) {
            self.push(&format!("{TABLE}<tr><td style=\"padding:0 0 16px\">"));
            if let Some(href) = &href {
                self.markup.open_link(href);
                self.push(">");
            }
            self.wide_picture(&src, &embed.title, None);
            self.push(if href.is_some() { "</a>" } else { "" });
            self.push("</td></tr></table>\n");
        }
        self.kicker(embed.site.as_deref().unwrap_or_default());
        self.name(href.as_deref(), &embed.title);
        self.blocks(&embed.blocks);
        if href.is_some() {
            self.push("<p style=\"margin:0 0 16px\">");
            self.link(href.as_deref(), &sheet.t("letter-open"));
            self.push("</p>\n");
        }
        self.close_ruled();
    }

    pub(super) fn booking(&mut self, booking: &Booking) {
        let sheet = self.sheet;
        self.open_tinted();
        self.name(None, &booking.title);
        let terms = [booking.duration.as_deref(), booking.price.as_deref()];
        self.small(&terms.into_iter().flatten().collect::<Vec<_>>().join(" · "));
        self.blocks(&booking.blocks);
        if let Some(href) = sheet.link(&booking.href) {
            let label = booking.label.clone().unwrap_or_else(|| sheet.t("letter-book"));
            self.spaced_button(&href, &Label::Words(&label));
        }
        self.close_box();
    }

    pub(super) fn recommend(&mut self, recommend: &Recommend) {
        let sheet = self.sheet;
        let logo = sheet.picture(recommend.image.as_deref());
        let alt = sheet.t_with("letter-logo", &[("name", (&recommend.title).into())]);
        let href = sheet.link(&recommend.href);
        self.open_ruled();
        let width = self.width;
        self.open_beside(logo.as_deref().map(|src| (src, alt.as_str())), LOGO, Beside::Thing);
        self.kicker(&sheet.t("letter-recommend"));
        self.name(href.as_deref(), &recommend.title);
        if let Some(by) = &recommend.by {
            self.small(&sheet.t_with("letter-by", &[("who", by.into())]));
        }
        self.blocks(&recommend.blocks);
        self.close_beside(logo.is_some(), width);
        self.close_ruled();
    }
}
