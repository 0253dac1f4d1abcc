//! Things that live elsewhere: pictures, episodes, films, letters, services, sponsors.

use document::{Booking, Button, Embed, Episode, Image, Recommend, Sponsor};

use super::Text;
use super::words::Words;
use crate::sheet::{kicker, plain, sponsor_label};

impl Text<'_> {
    pub(super) fn image(&mut self, image: &Image) {
        let sheet = self.sheet;
        let caption = plain(&image.caption);
        if image.alt.trim().is_empty() && caption.trim().is_empty() {
            return;
        }
        let colon = self.colon();
        let mut words = Words::default();
        if image.alt.trim().is_empty() {
            words.text(&format!("[{}]", sheet.t("letter-image")));
        } else {
            words.text(&format!("[{}{colon}{}]", sheet.t("letter-image"), image.alt));
        }
        if let Some(href) = sheet.link_of(image.href.as_deref()).filter(|href| !href.starts_with('#')) {
            let number = self.number_of(&href);
            words.number(number);
        }
        if !image.caption.is_empty() {
            words.line();
            self.inlines(&image.caption, &mut words);
        }
        self.words(words);
    }

    pub(super) fn button(&mut self, button: &Button) {
        let mut words = Words::default();
        self.inlines(&button.content, &mut words);
        self.arrow(words, self.sheet.link(&button.href).as_deref());
    }

    /// `→ words: address`.
    fn arrow(&mut self, mut label: Words, address: Option<&str>) {
        if let Some(address) = address {
            label.text(&format!("{}{address}", self.colon()));
        }
        self.gap();
        self.bulleted("→ ", label);
    }

    /// The same for words of ours.
    pub(super) fn arrow_to(&mut self, label: &str, address: Option<&str>) {
        if address.is_some() {
            let mut words = Words::default();
            words.text(label);
            self.arrow(words, address);
        }
    }

    pub(super) fn episode(&mut self, episode: &Episode) {
        let sheet = self.sheet;
        self.line(&kicker(sheet, episode));
        let page = sheet.link_of(episode.href.as_deref());
        self.name(&episode.title, page.as_deref());
        self.blocks(&episode.blocks);
        self.arrow_to(&sheet.t("letter-listen"), sheet.link_of(episode.audio.as_deref()).as_deref());
        self.arrow_to(&sheet.t("letter-watch"), sheet.link_of(episode.video.as_deref()).as_deref());
    }

    pub(super) fn sponsor(&mut self, sponsor: &Sponsor) {
        let sheet = self.sheet;
        let label = sponsor_label(sheet, sponsor);
        self.line(&format!("[{label}]"));
        self.blocks(&sponsor.blocks);
        self.arrow_to(&sponsor.name, sheet.link_of(sponsor.href.as_deref()).as_deref());
    }

    pub(super) fn embed(&mut self, embed: &Embed) {
        self.line(embed.site.as_deref().unwrap_or_default());
        self.name(&embed.title, None);
        self.blocks(&embed.blocks);
        let open = self.sheet.t("letter-open");
        self.arrow_to(&open, self.sheet.link(&embed.href).as_deref());
    }

    pub(super) fn booking(&mut self, booking: &Booking) {
        let sheet = self.sheet;
        self.name(&booking.title, None);
        let terms = [booking.duration.as_deref(), booking.price.as_deref()];
        self.line(&terms.into_iter().flatten().collect::<Vec<_>>().join(" · "));
        self.blocks(&booking.blocks);
        let label = booking.label.clone().unwrap_or_else(|| sheet.t("letter-book"));
        self.arrow_to(&label, sheet.link(&booking.href).as_deref());
    }

    pub(super) fn recommend(&mut self, recommend: &Recommend) {
        let sheet = self.sheet;
        self.line(&sheet.t("letter-recommend"));
        let by = recommend.by.as_ref().map(|by| sheet.t_with("letter-by", &[("who", by.into())]));
        let title = match by {
            Some(by) => format!("{}, {by}", recommend.title),
            None => recommend.title.clone(),
        };
        let href = sheet.link(&recommend.href);
        self.name(&title, href.as_deref());
        self.blocks(&recommend.blocks);
    }

    /// The name of a thing, with the number of its address.
    pub(super) fn name(&mut self, name: &str, address: Option<&str>) {
        if name.trim().is_empty() {
            return;
        }
        let mut words = Words::default();
        words.text(&format!("*{}*", name.trim()));
        if let Some(address) = address.filter(|address| !address.starts_with('#')) {
            let number = self.number_of(address);
            words.number(number);
        }
        self.words(words);
    }
}
