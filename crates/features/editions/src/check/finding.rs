//! One thing to look at before an edition leaves.

use document::Problem;
use i18n::{Language, t_with};
use serde::Serialize;
use serde::ser::{SerializeStruct, Serializer};

/// How much a finding weighs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Severity {
    /// Keeps the edition from leaving.
    Error,
    /// Worth a look.
    Warning,
}

impl Severity {
    /// `error` or `warning`.
    pub const fn as_str(self) -> &'static str {
        match self {
            Severity::Error => "error",
            Severity::Warning => "warning",
        }
    }
}

/// One thing to look at. Serialised, it has `severity`, `key`, `place` and `message`, the last in English.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// How much it weighs.
    pub severity: Severity,
    /// A name for programs; it never changes.
    pub key: &'static str,
    /// Where: a field of the front matter, an address or a few words as they stand in the text; may be empty.
    pub place: String,
    /// How many, how long or how old.
    count: usize,
    problem: Option<Problem>,
}

impl Finding {
    pub(crate) fn error(key: &'static str) -> Self {
        Finding { severity: Severity::Error, key, place: String::new(), count: 0, problem: None }
    }

    pub(crate) fn warning(key: &'static str) -> Self {
        Finding { severity: Severity::Warning, ..Self::error(key) }
    }

    /// A fault of the text itself.
    pub(crate) fn problem(problem: Problem) -> Self {
        let place = format!("{}:{}", problem.line, problem.column);
        Finding { place, problem: Some(problem), ..Self::error("problem") }
    }

    pub(crate) fn at(mut self, place: impl Into<String>) -> Self {
        self.place = place.into();
        self
    }

    pub(crate) fn counting(mut self, count: usize) -> Self {
        self.count = count;
        self
    }

    /// Whether it keeps the edition from leaving.
    pub fn is_error(&self) -> bool {
        self.severity == Severity::Error
    }

    /// What it is and what to do, in a person's language.
    pub fn sentence(&self, language: Language) -> String {
        if let Some(problem) = &self.problem {
            return problem.with_place(language);
        }
        let size = i18n::bytes(language, self.count as u64);
        let values = [("place", (&self.place).into()), ("n", self.count.into()), ("size", (&size).into())];
        t_with(language, &format!("editions-finding-{}", self.key), &values)
    }

    /// The line of a text that it is about, from 1, where it can be told.
    pub fn line(&self, markdown: &str) -> Option<usize> {
        if let Some(problem) = &self.problem {
            return Some(problem.line);
        }
        let place = self.place.as_str();
        let field = ["title", "subject", "preheader", "written_at"].contains(&place);
        if place.is_empty() || self.key == "clipped" || self.key == "heavy" {
            return None;
        }
        let slot = format!("{}|}}", place.trim_end_matches('}'));
        markdown
            .lines()
            .position(|line| match self.key {
                _ if field => line.starts_with(&format!("{place}:")),
                "slot" => line.contains(place) || line.contains(&slot),
                // A note to oneself may speak of such marks.
                "unfinished" => !line.starts_with("<!--") && line.split(not_a_word).any(|word| word == place),
                _ => line.contains(place),
            })
            .map(|index| index + 1)
            // A field that is not there belongs below the first line.
            .or(field.then_some(1))
    }
}

fn not_a_word(letter: char) -> bool {
    !letter.is_alphanumeric()
}

impl Serialize for Finding {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut state = serializer.serialize_struct("Finding", 4)?;
        state.serialize_field("severity", self.severity.as_str())?;
        state.serialize_field("key", self.key)?;
        state.serialize_field("place", &self.place)?;
        state.serialize_field("message", &self.sentence(Language::English))?;
        state.end()
    }
}
