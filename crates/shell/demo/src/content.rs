//! The texts of `content/`, read.

use jiff::Span;
use jiff::civil::{DateTime, Time, Weekday};
use jiff::tz::TimeZone;
use serde::Deserialize;

use crate::DemoError;

/// Stands in the texts for the address of the instance.
const BASE: &str = "{{base}}";
const PUBLICATIONS: &str = include_str!("../content/publications.toml");
const NAMES: &str = include_str!("../content/names.toml");
const RETURNS: &str = include_str!("../content/returns.toml");
/// Editions leave on the Thursday after they were written, at this hour of their publication's clock.
const HOUR: i8 = 7;
/// What stands before the moment at which a text was written.
const WRITTEN: &str = "written_at:";

/// An edition of the sample.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Text {
    /// Slug of its publication.
    pub publication: &'static str,
    /// Name of its file.
    pub file: &'static str,
    markdown: &'static str,
}

macro_rules! texts {
    ($($publication:literal: $($file:literal),*;)*) => {
        &[$($(Text {
            publication: $publication,
            file: $file,
            markdown: include_str!(concat!("../content/", $publication, "/", $file)),
        }),*),*]
    };
}

/// Every edition, in the order in which they were written; drafts last.
pub(crate) const TEXTS: &[Text] = texts! {
    "la-goupille":
        "01-le-banc-et-la-roulette.md",
        "02-le-bouton-qui-ne-fait-rien.md",
        "03-le-centime-du-milieu.md",
        "04-provisoire-depuis-1987.md",
        "05-quatre-heures-de-nuit.md",
        "06-lisez-la-notice.md",
        "draft-la-file-d-attente.md";
    "the-cotter-pin":
        "01-the-bench-nobody-chose.md",
        "02-the-pigeon-in-charge.md";
};

impl Text {
    /// Whether it is still being written.
    pub(crate) fn is_draft(&self) -> bool {
        self.file.starts_with("draft-")
    }

    /// Its Markdown on an instance, written so many weeks later than it was.
    pub(crate) fn markdown(&self, base_url: &str, weeks: i64) -> Result<String, DemoError> {
        let text = self.markdown.replace(BASE, base_url);
        let (written, later) = (self.written(0)?, self.written(weeks)?);
        let line = |at: DateTime| format!("{WRITTEN} {}", at.strftime("%Y-%m-%dT%H:%M"));
        Ok(text.replacen(&line(written), &line(later), 1))
    }

    /// When it left, microseconds UTC: so many weeks later than it did.
    pub(crate) fn left_at(&self, zone: &TimeZone, weeks: i64) -> Result<i64, DemoError> {
        let written = self.written(weeks)?.date();
        let thursday = written.nth_weekday(1, Weekday::Thursday).map_err(|error| self.wrong(error))?;
        let moment = zone.to_timestamp(thursday.to_datetime(Time::constant(HOUR, 0, 0, 0)));
        Ok(moment.map_err(|error| self.wrong(error))?.as_microsecond())
    }

    fn written(&self, weeks: i64) -> Result<DateTime, DemoError> {
        let line = self.markdown.lines().find_map(|line| line.strip_prefix(WRITTEN));
        let written: DateTime =
            line.unwrap_or_default().trim().parse().map_err(|error: jiff::Error| self.wrong(error))?;
        written.checked_add(Span::new().weeks(weeks)).map_err(|error| self.wrong(error))
    }

    fn wrong(&self, why: jiff::Error) -> DemoError {
        DemoError::Content(self.file, why.to_string())
    }
}

/// A publication of the sample.
#[derive(Debug, Deserialize)]
pub(crate) struct Letter {
    pub slug: String,
    pub name: String,
    pub tagline: String,
    pub from: String,
    pub reply_to: String,
    pub language: String,
    pub postal_address: String,
    pub accent: String,
    pub time_zone: String,
    pub description: String,
    pub sisters: Vec<String>,
}

/// The publications.
pub(crate) fn letters() -> Result<Vec<Letter>, DemoError> {
    #[derive(Deserialize)]
    struct File {
        publication: Vec<Letter>,
    }
    let file: File = read("publications.toml", PUBLICATIONS)?;
    Ok(file.publication)
}

/// A word and how often it is drawn.
#[derive(Debug, Deserialize)]
pub(crate) struct Weighed {
    pub name: String,
    pub weight: u64,
}

/// What readers are made of.
#[derive(Debug, Deserialize)]
pub(crate) struct Names {
    pub given_names_french: Vec<String>,
    pub given_names_foreign: Vec<String>,
    pub family_names: Vec<String>,
    pub mail_domains: Vec<Weighed>,
    pub tags: Vec<Weighed>,
    pub sources: Vec<Weighed>,
}

/// The names.
pub(crate) fn names() -> Result<Names, DemoError> {
    read("names.toml", NAMES)
}

/// What came back about the editions.
#[derive(Debug, Deserialize)]
pub(crate) struct Returns {
    pub refusal: Vec<Refusal>,
    pub late: Vec<Late>,
    pub letter: Vec<Mail>,
}

/// What a server answered instead of taking a mail.
#[derive(Debug, Deserialize)]
pub(crate) struct Refusal {
    /// Slug of the edition.
    pub edition: String,
    /// Which readers, by their place in the ledger.
    pub places: Vec<i64>,
    pub code: i64,
    pub words: String,
    #[serde(default)]
    pub tries: Option<i64>,
}

/// What came back about a mail that was taken.
#[derive(Debug, Deserialize)]
pub(crate) struct Late {
    pub edition: String,
    pub place: i64,
    pub hours: i64,
    pub action: String,
    pub reason: String,
    #[serde(default)]
    pub status: Option<String>,
    #[serde(default)]
    pub words: Option<String>,
}

/// What a reader answered; `{{name}}` stands for them.
#[derive(Debug, Deserialize)]
pub(crate) struct Mail {
    pub edition: String,
    /// The first reader from this place on who has said their name.
    pub place: i64,
    pub hours: i64,
    pub subject: String,
    pub text: String,
    #[serde(default)]
    pub read: bool,
}

/// The returns.
pub(crate) fn returns() -> Result<Returns, DemoError> {
    read("returns.toml", RETURNS)
}

fn read<T: serde::de::DeserializeOwned>(file: &'static str, text: &str) -> Result<T, DemoError> {
    toml::from_str(text).map_err(|error| DemoError::Content(file, error.to_string()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_text_of_the_folder_is_in_the_sample() {
        for letter in letters().unwrap() {
            let folder = format!("{}/content/{}", env!("CARGO_MANIFEST_DIR"), letter.slug);
            for entry in std::fs::read_dir(folder).unwrap() {
                let name = entry.unwrap().file_name().into_string().unwrap();
                let known = TEXTS.iter().any(|text| text.publication == letter.slug && text.file == name);
                assert!(known, "{}/{name} is not in the sample", letter.slug);
            }
        }
    }

    #[test]
    fn an_edition_left_on_the_thursday_after_it_was_written() {
        let left = TEXTS[0].left_at(&TimeZone::get("Europe/Paris").unwrap(), 0).unwrap();
        let moment = jiff::Timestamp::from_microsecond(left).unwrap();
        assert_eq!(moment.to_string(), "2026-10-15T05:00:00Z");
    }

    #[test]
    fn the_address_of_the_instance_takes_its_place_in_every_text() {
        for text in TEXTS {
            let markdown = text.markdown("http://127.0.0.1:7878", 0).unwrap();
            assert!(!markdown.contains("{{"), "{}", text.file);
        }
    }

    #[test]
    fn a_text_moves_with_the_calendar_by_whole_weeks() {
        let zone = TimeZone::get("Europe/Paris").unwrap();
        let text = TEXTS[0];
        assert!(text.markdown("", 0).unwrap().contains("written_at: 2026-10-14T21:40\n"));
        assert!(text.markdown("", 2).unwrap().contains("written_at: 2026-10-28T21:40\n"));
        let days = (text.left_at(&zone, -1).unwrap() - text.left_at(&zone, 0).unwrap()) / 86_400_000_000;
        assert_eq!(days, -7);
    }

    #[test]
    fn what_came_back_is_about_editions_of_the_sample() {
        let returns = returns().unwrap();
        let named = returns.refusal.iter().map(|one| &one.edition);
        let named = named.chain(returns.late.iter().map(|one| &one.edition));
        for slug in named.chain(returns.letter.iter().map(|one| &one.edition)) {
            let line = format!("\nslug: {slug}\n");
            assert!(TEXTS.iter().any(|text| text.markdown.contains(&line)), "{slug}");
        }
        for late in &returns.late {
            assert!(late.action.parse::<policy::returns::Action>().is_ok(), "{}", late.action);
        }
    }
}
