//! MTA-STS: a domain says over HTTPS that its mail servers encrypt (RFC 8461).

use crate::normal;
use crate::tags::{self, TagError};

/// RFC 8461 3.2: the longest that a policy may be kept, about a year, in seconds.
pub const MAX_AGE_MAX: u64 = 31_557_600;
/// A policy file is a few hundred octets; RFC 8461 3.3 suggests 64 KB as the most that is read.
pub const POLICY_MAX: usize = 64 * 1024;

/// The record at `_mta-sts.DOMAIN`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Record {
    /// Changes with the policy.
    pub id: String,
}

/// What a sender does with a server that does not fulfil the policy.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mode {
    /// Not deliver to it.
    Enforce,
    /// Deliver, and report.
    Testing,
    /// The domain withdraws its policy.
    None,
}

impl Mode {
    /// The word in the policy.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Enforce => "enforce",
            Self::Testing => "testing",
            Self::None => "none",
        }
    }
}

/// A policy file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Policy {
    /// What it asks for.
    pub mode: Mode,
    /// How long it may be kept, in seconds.
    pub max_age: u64,
    /// The mail servers: names, or `*.` and a name.
    pub mx: Vec<String>,
}

/// Why a record or policy cannot be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum StsError {
    /// Another text.
    #[error("an MTA-STS record or policy has the version STSv1")]
    Version,
    /// Not a list of tags.
    #[error("the MTA-STS record cannot be read")]
    Tags(#[from] TagError),
    /// No id, or one that is not 1 to 32 letters and digits.
    #[error("the id of an MTA-STS record is 1 to 32 letters and digits")]
    Id,
    /// More than one record (RFC 8461 3.1: as none).
    #[error("the name has {0} MTA-STS records, so that none counts")]
    Several(usize),
    /// A line without a colon.
    #[error("{0:?} is not a line of an MTA-STS policy")]
    Line(String),
    /// A field that is missing or wrong.
    #[error("the MTA-STS policy has no usable {0}")]
    Field(&'static str),
    /// Larger than anyone reads.
    #[error("the MTA-STS policy is larger than {POLICY_MAX} octets")]
    TooLarge,
}

/// Where the record stands.
pub fn record_name(domain: &str) -> String {
    format!("_mta-sts.{}", normal(domain))
}

/// Where the policy stands (RFC 8461 3.3).
pub fn policy_url(domain: &str) -> String {
    format!("https://mta-sts.{}/.well-known/mta-sts.txt", normal(domain))
}

/// Whether a text claims to be an MTA-STS record.
pub fn is_record(text: &str) -> bool {
    tags::has_version(text, "STSv1")
}

/// The record among the texts at a name.
pub fn only<S: AsRef<str>>(texts: &[S]) -> Result<Option<Record>, StsError> {
    let records: Vec<&str> = texts.iter().map(AsRef::as_ref).filter(|text| is_record(text)).collect();
    match records[..] {
        [] => Ok(None),
        [record] => parse_record(record).map(Some),
        _ => Err(StsError::Several(records.len())),
    }
}

/// Reads a record.
pub fn parse_record(text: &str) -> Result<Record, StsError> {
    if !is_record(text) {
        return Err(StsError::Version);
    }
    let tags = tags::read(text)?;
    let id = tags::value(&tags, "id").ok_or(StsError::Id)?;
    if id.is_empty() || id.len() > 32 || !id.bytes().all(|byte| byte.is_ascii_alphanumeric()) {
        return Err(StsError::Id);
    }
    Ok(Record { id: id.to_owned() })
}

/// Reads a policy file.
pub fn parse_policy(text: &str) -> Result<Policy, StsError> {
    if text.len() > POLICY_MAX {
        return Err(StsError::TooLarge);
    }
    let mut mx = Vec::new();
    let (mut version, mut mode, mut max_age) = (None, None, None);
    for line in text.lines() {
        let line = line.trim_end();
        if line.is_empty() {
            continue;
        }
        let (key, value) = line.split_once(':').ok_or_else(|| StsError::Line(tags::shortened(line)))?;
        let (key, value) = (key.trim(), value.trim());
        // RFC 8461 3.2: of a field that stands there twice, the first counts; mx may stand there often.
        let field = match key {
            "mx" => {
                let name = pattern(value).ok_or(StsError::Field("mx"))?;
                mx.push(name);
                continue;
            }
            "version" => &mut version,
            "mode" => &mut mode,
            "max_age" => &mut max_age,
            _ => continue,
        };
        field.get_or_insert(value);
    }
    if version != Some("STSv1") {
        return Err(StsError::Version);
    }
    let mode = [Mode::Enforce, Mode::Testing, Mode::None]
        .into_iter()
        .find(|known| Some(known.as_str()) == mode)
        .ok_or(StsError::Field("mode"))?;
    let max_age = max_age
        .filter(|digits| !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit()))
        .and_then(|digits| digits.parse::<u64>().ok())
        .filter(|age| *age <= MAX_AGE_MAX)
        .ok_or(StsError::Field("max_age"))?;
    if mx.is_empty() && mode != Mode::None {
        return Err(StsError::Field("mx"));
    }
    Ok(Policy { mode, max_age, mx })
}

/// A name, or `*.` and a name, as it is compared.
fn pattern(text: &str) -> Option<String> {
    let text = normal(text);
    let name = text.strip_prefix("*.").unwrap_or(&text);
    let label = |label: &str| {
        let letters = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_';
        !label.is_empty() && label.len() <= 63 && label.bytes().all(letters)
    };
    name.split('.').all(label).then(|| text.clone())
}

impl Policy {
    /// Whether a mail server is one of the domain's (RFC 8461 4.1): `*.` stands for exactly one label.
    pub fn matches(&self, host: &str) -> bool {
        let host = normal(host);
        self.mx.iter().any(|pattern| match pattern.strip_prefix("*.") {
            Some(suffix) => {
                host.split_once('.').is_some_and(|(label, rest)| !label.is_empty() && rest == suffix)
            }
            None => *pattern == host,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const POLICY: &str =
        "version: STSv1\r\nmode: enforce\r\nmx: mail.example.com\r\nmx: *.example.net\r\nmax_age: 604800\r\n";

    #[test]
    fn records_and_policies_are_read() {
        assert_eq!(parse_record("v=STSv1; id=20160831085700Z;").unwrap().id, "20160831085700Z");
        let policy = parse_policy(POLICY).unwrap();
        assert_eq!((policy.mode, policy.max_age), (Mode::Enforce, 604_800));
        assert_eq!(policy.mx, ["mail.example.com", "*.example.net"]);
        assert_eq!(parse_policy(&POLICY.replace("\r\n", "\n")).unwrap(), policy);
        let more = format!("{POLICY}mode: none\r\nsomething: else\r\n\r\n");
        assert_eq!(parse_policy(&more).unwrap(), policy);
        assert!(parse_policy("version: STSv1\nmode: none\nmax_age: 86400\n").is_ok());
        assert_eq!(policy_url("Example.com."), "https://mta-sts.example.com/.well-known/mta-sts.txt");
    }

    #[test]
    fn a_star_stands_for_one_label() {
        let policy = parse_policy(POLICY).unwrap();
        for (host, matches) in [
            ("mail.example.com", true),
            ("MAIL.example.com.", true),
            ("mx.example.com", false),
            ("a.example.net", true),
            ("a.b.example.net", false),
            ("example.net", false),
            (".example.net", false),
            ("aexample.net", false),
        ] {
            assert_eq!(policy.matches(host), matches, "{host}");
        }
    }

    #[test]
    fn broken_records_and_policies_are_none() {
        assert_eq!(parse_record("v=STSv2; id=1"), Err(StsError::Version));
        assert_eq!(parse_record("v=STSv1"), Err(StsError::Id));
        assert_eq!(parse_record("v=STSv1; id=a-b"), Err(StsError::Id));
        assert_eq!(only(&["v=STSv1; id=1", "v=STSv1; id=2"]), Err(StsError::Several(2)));
        for (text, error) in [
            ("", StsError::Version),
            ("<html>", StsError::Line("<html>".into())),
            ("version: STSv1\nmax_age: 1\nmx: a.example", StsError::Field("mode")),
            ("version: STSv1\nmode: enforce\nmx: a.example", StsError::Field("max_age")),
            ("version: STSv1\nmode: enforce\nmx: a.example\nmax_age: +5", StsError::Field("max_age")),
            ("version: STSv1\nmode: enforce\nmx: a.example\nmax_age: 31557601", StsError::Field("max_age")),
            ("version: STSv1\nmode: enforce\nmax_age: 1", StsError::Field("mx")),
            ("version: STSv1\nmode: enforce\nmx: a*.example\nmax_age: 1", StsError::Field("mx")),
        ] {
            assert_eq!(parse_policy(text), Err(error), "{text:?}");
        }
    }
}
