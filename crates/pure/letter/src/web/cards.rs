//! Things that live elsewhere: pictures, episodes, films, letters, services, sponsors.

use document::{Booking, Button, Embed, Episode, Image, Recommend, Sponsor};

use super::Web;
use crate::sheet::{kicker, sponsor_label};

impl Web<'_> {
    pub(super) fn image(&mut self, image: &Image) {
        let Some(src) = self.sheet.picture(Some(&image.src)) else {
            return self.element("p", "picture", &image.alt);
        };
        let href = self.sheet.link_of(image.href.as_deref());
        self.push("<figure class=\"picture\">");
        if let Some(href) = &href {
            self.markup.open_link(href);
            self.push(">");
        }
        self.picture(&src, &image.alt, (image.width, image.height));
        if href.is_some() {
            self.push("</a>");
        }
        if !image.caption.is_empty() {
            self.push("<figcaption>");
            self.markup.inlines(&image.caption);
            self.push("</figcaption>");
        }
        self.push("</figure>\n");
    }

    pub(super) fn button(&mut self, button: &Button) {
        self.push("<p class=\"action\">");
        match self.sheet.link(&button.href) {
            Some(href) => {
                self.markup.open_link(&href);
                self.push(" class=\"button\">");
                self.markup.inlines_in_link(&button.content);
                self.push("</a>");
            }
            None => self.markup.inlines(&button.content),
        }
        self.push("</p>\n");
    }

    pub(super) fn episode(&mut self, episode: &Episode) {
        let sheet = self.sheet;
        let cover = sheet.picture(episode.image.as_deref());
        self.open_card("section", "episode", cover.as_deref(), "");
        self.element("p", "kicker", &kicker(sheet, episode));
        let href = sheet.link_of(episode.href.as_deref());
        self.named(href.as_deref(), &episode.title);
        self.blocks(&episode.blocks);
        let audio = sheet.link_of(episode.audio.as_deref());
        let video = sheet.link_of(episode.video.as_deref());
        if audio.is_some() || video.is_some() {
            self.push("<p class=\"action\">");
            if let Some(audio) = &audio {
                self.link(Some(audio), " class=\"button\"", &sheet.t("letter-listen"));
            }
            if let Some(video) = &video {
                let dress = if audio.is_some() { " class=\"button quiet\"" } else { " class=\"button\"" };
                self.push(if audio.is_some() { " " } else { "" });
                self.link(Some(video), dress, &sheet.t("letter-watch"));
            }
            self.push("</p>\n");
        }
        self.close_card("section", cover.is_some());
    }

    pub(super) fn sponsor(&mut self, sponsor: &Sponsor) {
        let sheet = self.sheet;
        let label = sponsor_label(sheet, sponsor);
        let href = sheet.link_of(sponsor.href.as_deref());
        self.push("<aside class=\"sponsor\"");
        self.markup.attribute("aria-label", &label);
        self.push(">\n");
        self.element("p", "kicker", &label);
        if let Some(logo) = sheet.picture(sponsor.logo.as_deref()) {
            let alt = sheet.t_with("letter-logo", &[("name", (&sponsor.name).into())]);
            self.push("<p class=\"logo\">");
            self.picture(&logo, &alt, (None, None));
            self.push("</p>\n");
        }
        self.blocks(&sponsor.blocks);
        if href.is_some() {
            self.push("<p class=\"action\">");
            self.link(href.as_deref(), " rel=\"sponsored\"", &sponsor.name);
            self.push("</p>\n");
        }
        self.push("</aside>\n");
    }

    pub(super) fn embed(&mut self, embed: &Embed) {
        let image = self.sheet.picture(embed.image.as_deref());
        let href = self.sheet.link(&embed.href);
        self.open_card("section", "embed", image.as_deref(), "");
        self.element("p", "kicker", embed.site.as_deref().unwrap_or_default());
        self.named(href.as_deref(), &embed.title);
        self.blocks(&embed.blocks);
        self.close_card("section", image.is_some());
    }

    pub(super) fn booking(&mut self, booking: &Booking) {
        let sheet = self.sheet;
        self.push("<section class=\"booking\">\n");
        self.named(None, &booking.title);
        let terms = [booking.duration.as_deref(), booking.price.as_deref()];
        self.element("p", "terms", &terms.into_iter().flatten().collect::<Vec<_>>().join(" · "));
        self.blocks(&booking.blocks);
        if let Some(href) = sheet.link(&booking.href) {
            let label = booking.label.clone().unwrap_or_else(|| sheet.t("letter-book"));
            self.push("<p class=\"action\">");
            self.link(Some(&href), " class=\"button\"", &label);
            self.push("</p>\n");
        }
        self.push("</section>\n");
    }

    pub(super) fn recommend(&mut self, recommend: &Recommend) {
        let sheet = self.sheet;
        let logo = sheet.picture(recommend.image.as_deref());
        let alt = sheet.t_with("letter-logo", &[("name", (&recommend.title).into())]);
        self.open_card("section", "recommend", logo.as_deref(), &alt);
        self.element("p", "kicker", &sheet.t("letter-recommend"));
        let href = sheet.link(&recommend.href);
        self.named(href.as_deref(), &recommend.title);
        if let Some(by) = &recommend.by {
            self.element("p", "terms", &sheet.t_with("letter-by", &[("who", by.into())]));
        }
        self.blocks(&recommend.blocks);
        self.close_card("section", logo.is_some());
    }

    /// A card, with a picture beside its text.
    fn open_card(&mut self, element: &str, class: &str, picture: Option<&str>, alt: &str) {
        self.push(&format!("<{element} class=\"{class}\">\n"));
        if let Some(src) = picture {
            self.picture(src, alt, (None, None));
            self.push("\n<div>\n");
        }
    }

    fn close_card(&mut self, element: &str, picture: bool) {
        self.push(if picture { "</div>\n" } else { "" });
        self.push(&format!("</{element}>\n"));
    }

    fn named(&mut self, href: Option<&str>, name: &str) {
        if !name.trim().is_empty() {
            self.push("<p class=\"name\">");
            self.link(href, "", name);
            self.push("</p>\n");
        }
    }
}
