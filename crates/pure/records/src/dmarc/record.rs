//! The record at `_dmarc.DOMAIN` (RFC 9989 4.7 and 4.8).

use crate::tags::{self, TagError};

/// What to do with mail that fails.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Policy {
    /// Nothing; only report.
    None,
    /// Treat it as suspicious.
    Quarantine,
    /// Refuse it.
    Reject,
}

impl Policy {
    /// The word in the record.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::Quarantine => "quarantine",
            Self::Reject => "reject",
        }
    }

    fn read(text: &str) -> Option<Self> {
        [Self::None, Self::Quarantine, Self::Reject]
            .into_iter()
            .find(|policy| policy.as_str().eq_ignore_ascii_case(text))
    }

    /// One step milder: what a policy in testing asks for (RFC 9989 4.7, tag t).
    fn milder(self) -> Self {
        match self {
            Self::Reject => Self::Quarantine,
            _ => Self::None,
        }
    }
}

/// How close two domains must be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Alignment {
    /// The same organizational domain.
    Relaxed,
    /// The same domain.
    Strict,
}

/// Whether a domain is a public suffix, by its own word (tag psd).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Suffix {
    /// It is one: the organizational domain is one label longer.
    Yes,
    /// It is an organizational domain.
    No,
    /// It does not say.
    Unknown,
}

/// A DMARC record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Record {
    /// For mail of the domain itself (p).
    pub policy: Policy,
    /// Whether p is there and valid; without it the policy is `none`.
    pub policy_stated: bool,
    /// For its subdomains (sp).
    pub subdomains: Option<Policy>,
    /// For subdomains that do not exist (np).
    pub absent: Option<Policy>,
    /// How close the DKIM domain must be (adkim).
    pub dkim: Alignment,
    /// How close the SPF domain must be (aspf).
    pub spf: Alignment,
    /// Whether the domain is a public suffix (psd).
    pub suffix: Suffix,
    /// The policy is only being tried: one step milder (t=y).
    pub testing: bool,
    /// Where aggregate reports go (rua), as written.
    pub aggregate_reports: Vec<String>,
    /// Where failure reports go (ruf), as written.
    pub failure_reports: Vec<String>,
    /// When failure reports are wanted (fo): 0, 1, d, s.
    pub failure_options: Vec<String>,
    /// Tags of RFC 7489 that RFC 9989 removed (pct, rf, ri), with their values: to be ignored.
    pub removed: Vec<(String, String)>,
    /// Tags that nobody knows: to be ignored.
    pub unknown: Vec<String>,
}

/// Why a text is not a DMARC record that can be applied.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum DmarcError {
    /// Another text.
    #[error("a DMARC record begins with v=DMARC1")]
    Version,
    /// Not a list of tags.
    #[error("the DMARC record cannot be read")]
    Tags(#[from] TagError),
    /// No valid policy and no address for reports: the record says nothing (RFC 9989 4.10.1).
    #[error("the DMARC record has no valid {0} and no address for reports")]
    Policy(&'static str),
    /// More than one record: none applies (RFC 9989 4.10.1).
    #[error("the name has {0} DMARC records, so that none applies")]
    Several(usize),
}

/// Whether a text claims to be a DMARC record.
pub fn is_record(text: &str) -> bool {
    tags::has_version(text, "DMARC1")
}

/// The record among the texts at a name.
pub fn only<S: AsRef<str>>(texts: &[S]) -> Result<Option<Record>, DmarcError> {
    let records: Vec<&str> = texts.iter().map(AsRef::as_ref).filter(|text| is_record(text)).collect();
    match records[..] {
        [] => Ok(None),
        [record] => parse(record).map(Some),
        _ => Err(DmarcError::Several(records.len())),
    }
}

/// Reads a record.
pub fn parse(text: &str) -> Result<Record, DmarcError> {
    if !is_record(text) {
        return Err(DmarcError::Version);
    }
    let tags = tags::read(text)?;
    let of = |name| tags::value(&tags, name);
    let uris = |name| of(name).map(|list| tags::list(list, ',')).unwrap_or_default();
    let aggregate_reports = uris("rua");
    let reports = aggregate_reports.iter().any(|uri| is_uri(uri));
    let mut wrong = None;
    let mut policy_of = |name: &'static str| {
        let policy = of(name).and_then(Policy::read);
        if of(name).is_some() && policy.is_none() {
            wrong = Some(name);
        }
        policy
    };
    let (policy, subdomains, absent) = (policy_of("p"), policy_of("sp"), policy_of("np"));
    let stated = policy.is_some() && wrong.is_none();
    if !stated && !reports {
        return Err(DmarcError::Policy(wrong.unwrap_or("p")));
    }
    // RFC 9989 4.10.1: with a broken policy, but somewhere to report to, the record counts as p=none.
    let (policy, subdomains, absent) = if stated {
        (policy.unwrap_or(Policy::None), subdomains, absent)
    } else {
        (Policy::None, None, None)
    };
    let alignment = |name| match of(name) {
        Some("s" | "S") => Alignment::Strict,
        _ => Alignment::Relaxed,
    };
    const KNOWN: &[&str] = &["v", "p", "sp", "np", "adkim", "aspf", "psd", "t", "rua", "ruf", "fo"];
    const REMOVED: &[&str] = &["pct", "rf", "ri"];
    let (removed, unknown): (Vec<_>, Vec<_>) =
        tags.iter().filter(|(name, _)| !KNOWN.contains(name)).partition(|(name, _)| REMOVED.contains(name));
    Ok(Record {
        policy,
        policy_stated: stated,
        subdomains,
        absent,
        dkim: alignment("adkim"),
        spf: alignment("aspf"),
        suffix: match of("psd") {
            Some("y" | "Y") => Suffix::Yes,
            Some("n" | "N") => Suffix::No,
            _ => Suffix::Unknown,
        },
        testing: matches!(of("t"), Some("y" | "Y")),
        aggregate_reports,
        failure_reports: uris("ruf"),
        failure_options: of("fo").map(|list| tags::list(list, ':')).unwrap_or_default(),
        removed: removed.into_iter().map(|(name, value)| (name.to_string(), value.to_string())).collect(),
        unknown: unknown.into_iter().map(|(name, _)| name.to_string()).collect(),
    })
}

impl Record {
    /// What the record asks for mail of a domain: `itself` where the record stands at that domain, `exists`
    /// where the domain has any record in the DNS. Testing (t=y) is taken into account.
    pub fn policy_for(&self, itself: bool, exists: bool) -> Policy {
        let policy = if itself {
            self.policy
        } else {
            // RFC 9989 4.7: np, else sp, else p.
            let absent = if exists { None } else { self.absent };
            absent.or(self.subdomains).unwrap_or(self.policy)
        };
        if self.testing { policy.milder() } else { policy }
    }
}

/// RFC 3986 3.1: a scheme and a colon.
fn is_uri(text: &str) -> bool {
    text.split_once(':').is_some_and(|(scheme, rest)| {
        !rest.is_empty()
            && scheme.bytes().next().is_some_and(|byte| byte.is_ascii_alphabetic())
            && scheme.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"+-.".contains(&byte))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_record_of_today_is_read_with_its_defaults() {
        let record = parse("v=DMARC1; p=reject").unwrap();
        assert_eq!(record.policy, Policy::Reject);
        assert_eq!((record.dkim, record.spf), (Alignment::Relaxed, Alignment::Relaxed));
        assert_eq!(record.suffix, Suffix::Unknown);
        assert!(!record.testing && record.removed.is_empty() && record.unknown.is_empty());
        let record = parse(
            "v=DMARC1;p=Quarantine; sp=none; np=reject; adkim=s; aspf=r; psd=n; t=y; pct=50; x=1; fo=1:d; \
             rua=mailto:a@x.example,mailto:b@y.example!10m; ruf=mailto:c@x.example",
        )
        .unwrap();
        assert_eq!(record.policy, Policy::Quarantine);
        assert_eq!((record.subdomains, record.absent), (Some(Policy::None), Some(Policy::Reject)));
        assert_eq!((record.dkim, record.spf), (Alignment::Strict, Alignment::Relaxed));
        assert_eq!(record.suffix, Suffix::No);
        assert_eq!(record.aggregate_reports.len(), 2);
        assert_eq!(record.failure_options, ["1", "d"]);
        assert_eq!(record.removed, [("pct".to_owned(), "50".to_owned())]);
        assert_eq!(record.unknown, ["x"]);
    }

    #[test]
    fn a_policy_in_testing_is_one_step_milder() {
        let record = parse("v=DMARC1; p=reject; sp=quarantine; np=reject; t=y").unwrap();
        assert_eq!(record.policy_for(true, true), Policy::Quarantine);
        assert_eq!(record.policy_for(false, true), Policy::None);
        assert_eq!(record.policy_for(false, false), Policy::Quarantine);
        let record = parse("v=DMARC1; p=quarantine").unwrap();
        assert_eq!(record.policy_for(false, false), Policy::Quarantine);
    }

    #[test]
    fn a_broken_policy_counts_as_none_only_where_reports_are_wanted() {
        for broken in
            ["v=DMARC1", "v=DMARC1; p=maybe", "v=DMARC1; p=reject; sp=maybe", "v=DMARC1; rua=nowhere"]
        {
            assert!(matches!(parse(broken), Err(DmarcError::Policy(_))), "{broken}");
        }
        let record = parse("v=DMARC1; p=reject; sp=maybe; rua=mailto:a@x.example").unwrap();
        assert_eq!((record.policy, record.policy_stated), (Policy::None, false));
    }

    #[test]
    fn other_texts_and_doubled_records_do_not_apply() {
        assert_eq!(parse("v=dmarc1; p=none"), Err(DmarcError::Version));
        assert_eq!(parse("p=none; v=DMARC1"), Err(DmarcError::Version));
        assert_eq!(only(&["v=spf1 -all"]), Ok(None));
        assert_eq!(only(&["v=DMARC1; p=none", "v=DMARC1; p=none"]), Err(DmarcError::Several(2)));
        assert!(only(&["other", "v=DMARC1; p=none"]).unwrap().is_some());
    }
}
