//! What the doctor says.

use i18n::{Language, Value};
use serde::Serialize;

/// How grave a finding is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Level {
    /// All is well.
    Ok,
    /// It works, and could be better.
    Warn,
    /// Mail is lost, or not believed.
    Bad,
    /// It could not be looked at: no network, no answer in time.
    Unknown,
}

impl Level {
    /// Every level, the gravest first.
    pub const ALL: [Level; 4] = [Level::Bad, Level::Warn, Level::Unknown, Level::Ok];

    /// As JSON and keys of messages have it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Level::Ok => "ok",
            Level::Warn => "warn",
            Level::Bad => "bad",
            Level::Unknown => "unknown",
        }
    }
}

/// What a finding is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Area {
    /// The machine, its database and its clock.
    Machine,
    /// A way out.
    Route,
    /// The domain of a sender.
    Domain,
    /// The domain that bounces and replies come back to.
    ReturnPath,
    /// A sample of the letter itself.
    Letter,
}

impl Area {
    /// Every area, in the order in which they are told.
    pub const ALL: [Area; 5] = [Area::Machine, Area::Route, Area::Domain, Area::ReturnPath, Area::Letter];

    /// As JSON and keys of messages have it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Area::Machine => "machine",
            Area::Route => "route",
            Area::Domain => "domain",
            Area::ReturnPath => "return_path",
            Area::Letter => "letter",
        }
    }
}

/// A record to publish.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct DnsRecord {
    /// Its full name, with a dot at the end.
    pub name: String,
    /// `TXT`, `MX`, `A`…
    #[serde(rename = "type")]
    pub kind: &'static str,
    /// What it says, as people paste it: no quotation marks, not cut.
    pub value: String,
}

impl DnsRecord {
    /// A record; the dot behind the name is added.
    pub fn new(name: impl AsRef<str>, kind: &'static str, value: impl Into<String>) -> Self {
        DnsRecord { name: format!("{}.", name.as_ref().trim_end_matches('.')), kind, value: value.into() }
    }

    /// The record as a line of a zone file. A long text is cut into strings of 255 octets (RFC 1035 3.3).
    pub fn zone_line(&self) -> String {
        let value = match self.kind {
            "TXT" => wire::dkim::dns_strings(&self.value)
                .into_iter()
                .map(|part| format!("\"{}\"", part.replace('\\', "\\\\").replace('"', "\\\"")))
                .collect::<Vec<_>>()
                .join(" "),
            _ => self.value.clone(),
        };
        format!("{} IN {} {value}", self.name, self.kind)
    }
}

/// A value in the words of a finding.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Said {
    Text(String),
    Number(i64),
    /// Bytes, written as the language writes sizes.
    Size(u64),
}

/// One thing that was looked at.
#[derive(Clone, Debug, PartialEq)]
pub struct Finding {
    /// What it is about.
    pub area: Area,
    /// Which domain, route or publication; empty for the machine.
    pub about: String,
    /// The name of the check.
    pub name: &'static str,
    /// How grave it is.
    pub level: Level,
    /// Records that would mend it, or that belong to what was found.
    pub records: Vec<DnsRecord>,
    what: &'static str,
    values: Vec<(&'static str, Said)>,
}

impl Finding {
    /// A finding; `what` ends the keys of its words.
    pub(crate) fn new(
        area: Area,
        about: impl Into<String>,
        name: &'static str,
        level: Level,
        what: &'static str,
    ) -> Self {
        let finding =
            Finding { area, about: about.into(), name, level, records: Vec::new(), what, values: Vec::new() };
        debug_assert!(i18n::has(Language::English, &finding.key()), "no words for {what}");
        finding
    }

    pub(crate) fn with(mut self, name: &'static str, text: impl Into<String>) -> Self {
        self.values.push((name, Said::Text(text.into())));
        self
    }

    pub(crate) fn number(mut self, name: &'static str, number: impl TryInto<i64>) -> Self {
        self.values.push((name, Said::Number(number.try_into().unwrap_or(i64::MAX))));
        self
    }

    pub(crate) fn size(mut self, name: &'static str, bytes: u64) -> Self {
        self.values.push((name, Said::Size(bytes)));
        self
    }

    pub(crate) fn record(
        mut self,
        name: impl AsRef<str>,
        kind: &'static str,
        value: impl Into<String>,
    ) -> Self {
        self.records.push(DnsRecord::new(name, kind, value));
        self
    }

    /// What was found, a sentence.
    pub fn found(&self, language: Language) -> String {
        self.words(language, &self.key())
    }

    /// The name of the check, for people.
    pub fn title(&self, language: Language) -> String {
        i18n::t(language, &format!("doctor-name-{}", self.name))
    }

    /// Whether this only says that nothing is known, for a reason that has nothing to do with the check.
    pub fn is_silence(&self) -> bool {
        self.what.starts_with("silent-")
    }

    /// What to do about it, a sentence; nothing where there is nothing to do.
    pub fn remedy(&self, language: Language) -> Option<String> {
        let key = format!("doctor-do-{}", self.what);
        i18n::has(language, &key).then(|| self.words(language, &key))
    }

    /// What is asked of a person, for a machine: the finding in a language.
    pub fn told(&self, language: Language) -> Told<'_> {
        Told {
            area: self.area,
            about: &self.about,
            name: self.name,
            level: self.level,
            found: self.found(language),
            remedy: self.remedy(language),
            records: &self.records,
        }
    }

    fn key(&self) -> String {
        format!("doctor-found-{}", self.what)
    }

    fn words(&self, language: Language, key: &str) -> String {
        let texts: Vec<(&str, Written<'_>)> = self
            .values
            .iter()
            .map(|(name, value)| {
                let value = match value {
                    Said::Text(text) => Written::Text(text),
                    Said::Number(number) => Written::Number(*number),
                    Said::Size(bytes) => Written::Own(i18n::bytes(language, *bytes)),
                };
                (*name, value)
            })
            .collect();
        let values: Vec<(&str, Value<'_>)> = texts
            .iter()
            .map(|(name, value)| {
                let value = match value {
                    Written::Text(text) => Value::Text(text),
                    Written::Own(text) => Value::Text(text),
                    Written::Number(number) => Value::Number(*number),
                };
                (*name, value)
            })
            .collect();
        i18n::t_with(language, key, &values)
    }
}

enum Written<'a> {
    Text(&'a str),
    Own(String),
    Number(i64),
}

/// A finding in words, as JSON has it.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Told<'a> {
    /// What it is about.
    pub area: Area,
    /// Which domain, route or publication.
    pub about: &'a str,
    /// The name of the check.
    pub name: &'static str,
    /// How grave it is.
    pub level: Level,
    /// What was found.
    pub found: String,
    /// What to do.
    #[serde(rename = "do")]
    pub remedy: Option<String>,
    /// Records to paste.
    pub records: &'a [DnsRecord],
}

/// Everything that was found, in the order of the areas.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Report {
    /// The findings.
    pub findings: Vec<Finding>,
}

impl Report {
    /// How many findings are of a level.
    pub fn count(&self, level: Level) -> usize {
        self.findings.iter().filter(|finding| finding.level == level).count()
    }

    /// Whether nothing is bad.
    pub fn is_well(&self) -> bool {
        self.count(Level::Bad) == 0
    }

    /// All findings in a language, for a machine.
    pub fn told(&self, language: Language) -> Vec<Told<'_>> {
        self.findings.iter().map(|finding| finding.told(language)).collect()
    }
}

/// What to look at.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Visit {
    /// Only this publication; all when absent.
    pub publication: Option<String>,
    /// Nothing is asked of the network.
    pub offline: bool,
}

/// Why the doctor could not even begin.
#[derive(Debug, thiserror::Error)]
pub enum DoctorError {
    /// No publication has this slug.
    #[error("there is no publication {0:?}")]
    Unknown(String),
    /// Publications could not be read.
    #[error(transparent)]
    Publication(#[from] publications::PublicationError),
    /// Editions could not be read.
    #[error(transparent)]
    Edition(#[from] editions::EditionError),
    /// The store.
    #[error(transparent)]
    Store(#[from] store::StoreError),
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_record_is_cut_as_dns_wants_it_and_pasted_whole() {
        let record = DnsRecord::new("a._domainkey.a.example", "TXT", "p".repeat(300));
        assert_eq!(record.value.len(), 300);
        let line = record.zone_line();
        assert!(line.starts_with("a._domainkey.a.example. IN TXT \"pppp"), "{line}");
        assert_eq!(line.matches("\" \"").count(), 1);
        assert_eq!(
            DnsRecord::new("a.example.", "MX", "10 b.example.").zone_line(),
            "a.example. IN MX 10 b.example."
        );
    }

    #[test]
    fn every_remedy_belongs_to_something_that_can_be_found() {
        for language in [Language::English, Language::French] {
            for key in i18n::keys(language) {
                if let Some(what) = key.strip_prefix("doctor-do-") {
                    assert!(i18n::has(language, &format!("doctor-found-{what}")), "{key}");
                }
            }
        }
    }
}
