//! The texts of `content/`, read.

use jiff::civil::{Time, Weekday};
use jiff::tz::TimeZone;
use serde::Deserialize;

use crate::DemoError;

/// Stands in the texts for the address of the instance.
const BASE: &str = "{{base}}";
const PUBLICATIONS: &str = include_str!("../content/publications.toml");
const NAMES: &str = include_str!("../content/names.toml");
/// Editions leave on the Thursday after they were written, at this hour of their publication's clock.
const HOUR: i8 = 7;

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

    /// Its Markdown on an instance.
    pub(crate) fn markdown(&self, base_url: &str) -> String {
        self.markdown.replace(BASE, base_url)
    }

    /// When it left, microseconds UTC.
    pub(crate) fn left_at(&self, zone: &TimeZone) -> Result<i64, DemoError> {
        let wrong = |why: String| DemoError::Content(self.file, why);
        let written = self.markdown.lines().find_map(|line| line.strip_prefix("written_at:"));
        let written: jiff::civil::DateTime = written
            .unwrap_or_default()
            .trim()
            .parse()
            .map_err(|error: jiff::Error| wrong(error.to_string()))?;
        let thursday =
            written.date().nth_weekday(1, Weekday::Thursday).map_err(|error| wrong(error.to_string()))?;
        let moment = zone.to_timestamp(thursday.to_datetime(Time::constant(HOUR, 0, 0, 0)));
        Ok(moment.map_err(|error| wrong(error.to_string()))?.as_microsecond())
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
        let left = TEXTS[0].left_at(&TimeZone::get("Europe/Paris").unwrap()).unwrap();
        let moment = jiff::Timestamp::from_microsecond(left).unwrap();
        assert_eq!(moment.to_string(), "2026-10-15T05:00:00Z");
    }

    #[test]
    fn the_address_of_the_instance_takes_its_place_in_every_text() {
        for text in TEXTS {
            let markdown = text.markdown("http://127.0.0.1:7878");
            assert!(!markdown.contains("{{"), "{}", text.file);
        }
    }
}
