//! What surrounds an edition when it is rendered.

use document::Document;
use i18n::Language;
use jiff::civil::{Date, DateTime};
use jiff::tz::TimeZone;

use crate::address::origin;
use crate::look::Look;

/// What a renderer knows besides the edition itself. It knows no reader.
#[derive(Clone, Debug)]
pub struct Setting<'a> {
    /// Name of the publication.
    pub publication_name: &'a str,
    /// Address of its public site, without a slash at the end.
    pub publication_url: &'a str,
    /// Address below which each reader has pages of their own: `{reader_url}/unsubscribe/{token}`. When empty,
    /// `/r` on the host of the site.
    pub reader_url: &'a str,
    /// Where it can be written to on paper; many countries ask for it in the foot.
    pub postal_address: Option<&'a str>,
    /// Language of our own words around the text. The edition's `language`, when given, goes before it.
    pub language: Language,
    /// How it looks.
    pub look: &'a Look,
    /// The edition's page. A draft has none: links that need it lead to the site.
    pub edition_url: Option<&'a str>,
    /// The page a heart is given on by someone who reads the edition's page; without it, that page shows no heart. In
    /// the mail, each reader has a page of their own below `reader_url`.
    pub heart_url: Option<&'a str>,
    /// The page one subscribes on; `{publication_url}/subscribe` when absent.
    pub subscribe_url: Option<&'a str>,
    /// Where answers to a question go by mail.
    pub reply_to: Option<&'a str>,
    /// Number of the edition.
    pub number: Option<u32>,
    /// The day in the head of the letter.
    pub date: Option<Date>,
    /// Who signs, when the edition does not say so itself.
    pub authors: &'a [String],
    /// In which the as-of line is written; as typed when absent.
    pub time_zone: Option<&'a TimeZone>,
    /// When the text was true, when the edition does not say so itself.
    pub written_at: Option<DateTime>,
}

impl<'a> Setting<'a> {
    /// A setting with what is always there; the rest is added by field.
    pub fn new(
        publication_name: &'a str,
        publication_url: &'a str,
        language: Language,
        look: &'a Look,
    ) -> Self {
        Setting {
            publication_name,
            publication_url: publication_url.trim_end_matches('/'),
            reader_url: "",
            postal_address: None,
            language,
            look,
            edition_url: None,
            heart_url: None,
            subscribe_url: None,
            reply_to: None,
            number: None,
            date: None,
            authors: &[],
            time_zone: None,
            written_at: None,
        }
    }

    /// The language our words around this edition are in.
    pub fn language_of(&self, document: &Document) -> Language {
        document.front.language.as_deref().map_or(self.language, Language::from_tag)
    }

    /// The value of the `lang` attribute of this edition.
    pub fn tag_of<'b>(&self, document: &'b Document) -> &'b str {
        let tag = document.front.language.as_deref().unwrap_or(self.language.tag());
        let sound = !tag.is_empty() && tag.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-');
        if sound { tag } else { self.language.tag() }
    }

    /// Where the reader's own pages begin, without a slash at the end.
    pub(crate) fn reader_base(&self) -> String {
        match self.reader_url.trim_end_matches('/') {
            "" => format!("{}/r", origin(self.publication_url)),
            url => url.to_owned(),
        }
    }

    /// The page one subscribes on. It names no reader: a forwarded copy leads to it.
    pub(crate) fn subscribe_page(&self) -> String {
        self.subscribe_url.map_or_else(|| format!("{}/subscribe", self.publication_url), str::to_owned)
    }

    /// When the text was true: what the block says, then the front matter, then the setting.
    pub(crate) fn moment(&self, block: Option<&str>, front: Option<&str>) -> Option<DateTime> {
        match block.or(front) {
            Some(text) => self.read_moment(text),
            None => self.written_at,
        }
    }

    fn read_moment(&self, text: &str) -> Option<DateTime> {
        let text = text.trim();
        if let (Ok(instant), Some(zone)) = (text.parse::<jiff::Timestamp>(), self.time_zone) {
            return Some(zone.to_datetime(instant));
        }
        text.parse::<DateTime>().ok().or_else(|| {
            // With an offset and no zone to bring it to, the hour stands as it was typed.
            let civil = text.trim_end_matches('Z');
            let cut = civil.char_indices().skip(11).find(|(_, letter)| matches!(letter, '+' | '-'));
            civil[..cut.map_or(civil.len(), |(at, _)| at)].parse().ok()
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::datetime;

    #[test]
    fn the_hour_is_that_of_the_publication() {
        let look = Look::default();
        let paris = TimeZone::fixed(jiff::tz::offset(1));
        let mut setting = Setting::new("G", "https://g.example/", Language::French, &look);
        for (zone, text, moment) in [
            (None, "2026-11-23T08:30", Some(datetime(2026, 11, 23, 8, 30, 0, 0))),
            (None, "2026-11-23T08:30+05:00", Some(datetime(2026, 11, 23, 8, 30, 0, 0))),
            (None, "2026-11-23T08:30:00Z", Some(datetime(2026, 11, 23, 8, 30, 0, 0))),
            (Some(&paris), "2026-11-23T08:30:00Z", Some(datetime(2026, 11, 23, 9, 30, 0, 0))),
            (Some(&paris), "2026-11-23T08:30+05:00", Some(datetime(2026, 11, 23, 4, 30, 0, 0))),
            (Some(&paris), "2026-11-23 08:30", Some(datetime(2026, 11, 23, 8, 30, 0, 0))),
            (None, "hier", None),
            (None, "", None),
        ] {
            setting.time_zone = zone;
            assert_eq!(setting.read_moment(text), moment, "{text}");
        }
    }
}
