//! What an import did, or would do.

use std::collections::BTreeMap;

use i18n::{Language, t, t_with};
use serde::Serialize;
use wire::AddressError;

/// Why a line was refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Refused {
    /// No address in it.
    Empty,
    /// No @, or several.
    At,
    /// Something before the @ that cannot be there.
    Local,
    /// Something after the @ that is no domain.
    Domain,
    /// Too long.
    Length,
    /// A placeholder of a service for somebody who had themselves deleted there.
    Deletion,
    /// A status that nobody here understands: mailing would be a guess.
    Status,
}

impl Refused {
    /// Every reason.
    pub const ALL: [Refused; 7] = [
        Refused::Empty,
        Refused::At,
        Refused::Local,
        Refused::Domain,
        Refused::Length,
        Refused::Deletion,
        Refused::Status,
    ];

    /// The name in JSON.
    pub const fn name(self) -> &'static str {
        match self {
            Refused::Empty => "empty",
            Refused::At => "at",
            Refused::Local => "local",
            Refused::Domain => "domain",
            Refused::Length => "length",
            Refused::Deletion => "deletion",
            Refused::Status => "status",
        }
    }

    /// The reason in words.
    pub fn sentence(self, language: Language) -> String {
        t(language, &format!("audience-refused-{}", self.name()))
    }
}

impl From<&AddressError> for Refused {
    fn from(error: &AddressError) -> Self {
        use AddressError as E;
        match error {
            E::Empty => Refused::Empty,
            E::NoAt | E::SeveralAts => Refused::At,
            E::TooLong(_) | E::LocalTooLong(_) | E::DomainTooLong | E::DomainLabelTooLong => Refused::Length,
            E::LocalEmpty | E::LocalNotAscii(_) | E::LocalCharacter(_) | E::LocalDots | E::LocalQuotes => {
                Refused::Local
            }
            E::DomainEmpty
            | E::DomainLiteral
            | E::DomainNumeric
            | E::DomainSingleLabel(_)
            | E::DomainDots
            | E::DomainHyphen
            | E::DomainCharacter(_)
            | E::DomainInvalid(_) => Refused::Domain,
        }
    }
}

/// What an import did. Every line is counted once: `lines` is the sum of the others, `pending` apart.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Report {
    /// Whether nothing was written.
    pub dry_run: bool,
    /// Lines with something in them, the header apart.
    pub lines: u64,
    /// New subscriptions.
    pub added: u64,
    /// Of those, the ones that still wait for their confirmation.
    pub pending: u64,
    /// Readers of this publication about whom the file knew more.
    pub updated: u64,
    /// Readers of this publication about whom it did not, and second lines of the same address.
    pub already: u64,
    /// Addresses that have left or must not be mailed: they stay out.
    pub suppressed: u64,
    /// Departures that the file tells of.
    pub opted_out: u64,
    /// Lines that could not be used.
    pub refused: u64,
    /// The refused ones, by reason.
    pub reasons: BTreeMap<Refused, u64>,
    /// Columns that mean nothing here.
    pub ignored_columns: Vec<String>,
    /// `utf-8`, `utf-16` or `windows-1252`.
    pub encoding: &'static str,
    /// Where the refused lines were written, with their reasons.
    pub errors_file: Option<String>,
}

impl Report {
    pub(super) fn refuse(&mut self, reason: Refused) {
        self.lines += 1;
        self.refused += 1;
        *self.reasons.entry(reason).or_default() += 1;
    }

    /// The report as JSON.
    pub fn json(&self) -> String {
        // Counts and words: plain data that always has a JSON form.
        serde_json::to_string_pretty(self).unwrap_or_else(|_| "{}".to_owned())
    }

    /// What was found and done in sentences, one a line.
    pub fn findings(&self, language: Language) -> Vec<String> {
        let counted = |key: &str, n: u64| t_with(language, key, &[("n", n.into())]);
        let mut sentences = vec![counted("audience-report-lines", self.lines)];
        let parts = [
            ("audience-report-added", self.added),
            ("audience-report-pending", self.pending),
            ("audience-report-updated", self.updated),
            ("audience-report-already", self.already),
            ("audience-report-suppressed", self.suppressed),
            ("audience-report-opted-out", self.opted_out),
            ("audience-report-refused", self.refused),
        ];
        sentences.extend(parts.into_iter().filter(|(_, n)| *n > 0).map(|(key, n)| counted(key, n)));
        for (reason, n) in &self.reasons {
            let why = reason.sentence(language);
            let values = [("n", (*n).into()), ("why", why.as_str().into())];
            sentences.push(t_with(language, "audience-report-reason", &values));
        }
        if !self.ignored_columns.is_empty() {
            let names = self.ignored_columns.join(", ");
            sentences.push(t_with(language, "audience-report-ignored", &[("names", names.as_str().into())]));
        }
        sentences
    }

    /// The whole report in sentences, one a line; it names the file of refused lines by its path, so it is for
    /// the machine's own terminal.
    pub fn sentences(&self, language: Language) -> Vec<String> {
        let mut sentences = self.findings(language);
        if let Some(file) = &self.errors_file {
            sentences.push(t_with(language, "audience-report-errors", &[("file", file.as_str().into())]));
        }
        if self.dry_run {
            sentences.push(t(language, "audience-report-dry-run"));
        }
        sentences
    }
}
