//! TLS-RPT: where a domain wants to hear about connections that could not be encrypted (RFC 8460 3).

use crate::normal;
use crate::tags::{self, TagError};

/// The record at `_smtp._tls.DOMAIN`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Record {
    /// `mailto:` and `https:` addresses, as written.
    pub reports: Vec<String>,
}

/// Why a record cannot be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum TlsRptError {
    /// Another text.
    #[error("a TLS-RPT record begins with v=TLSRPTv1")]
    Version,
    /// Not a list of tags.
    #[error("the TLS-RPT record cannot be read")]
    Tags(#[from] TagError),
    /// No address, or one that is neither `mailto:` nor `https:`.
    #[error("the TLS-RPT record has no usable address (tag rua, mailto: or https:)")]
    Reports,
    /// More than one record (RFC 8460 3: as none).
    #[error("the name has {0} TLS-RPT records, so that none counts")]
    Several(usize),
}

/// Where the record stands.
pub fn record_name(domain: &str) -> String {
    format!("_smtp._tls.{}", normal(domain))
}

/// Whether a text claims to be a TLS-RPT record.
pub fn is_record(text: &str) -> bool {
    tags::has_version(text, "TLSRPTv1")
}

/// The record among the texts at a name.
pub fn only<S: AsRef<str>>(texts: &[S]) -> Result<Option<Record>, TlsRptError> {
    let records: Vec<&str> = texts.iter().map(AsRef::as_ref).filter(|text| is_record(text)).collect();
    match records[..] {
        [] => Ok(None),
        [record] => parse(record).map(Some),
        _ => Err(TlsRptError::Several(records.len())),
    }
}

/// Reads a record.
pub fn parse(text: &str) -> Result<Record, TlsRptError> {
    if !is_record(text) {
        return Err(TlsRptError::Version);
    }
    let tags = tags::read(text)?;
    let reports = tags::value(&tags, "rua").map(|list| tags::list(list, ',')).unwrap_or_default();
    let known = |uri: &String| {
        uri.split_once(':').is_some_and(|(scheme, rest)| {
            !rest.is_empty()
                && (scheme.eq_ignore_ascii_case("mailto") || scheme.eq_ignore_ascii_case("https"))
        })
    };
    if reports.is_empty() || !reports.iter().all(known) {
        return Err(TlsRptError::Reports);
    }
    Ok(Record { reports })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_record_names_where_reports_go() {
        let record =
            parse("v=TLSRPTv1; rua=mailto:tls@example.com, https://reports.example.com/tls;").unwrap();
        assert_eq!(record.reports, ["mailto:tls@example.com", "https://reports.example.com/tls"]);
        assert_eq!(parse("v=TLSRPTv1"), Err(TlsRptError::Reports));
        assert_eq!(parse("v=TLSRPTv1; rua=ftp://x"), Err(TlsRptError::Reports));
        assert_eq!(parse("v=TLSRPTv2; rua=mailto:a@x"), Err(TlsRptError::Version));
        assert_eq!(only::<&str>(&[]), Ok(None));
    }
}
