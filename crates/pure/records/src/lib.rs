//! Records that a domain publishes about its mail, read and judged.
//!
//! One module a record: [`spf`] (RFC 7208), [`dmarc`] (RFC 9989), [`dkim`] (RFC 6376), [`mta_sts`] (RFC 8461),
//! [`tlsa`] (RFC 6698 and 7672), [`tls_rpt`] (RFC 8460), [`bimi`]. [`TlsPolicy`] is what they say together about
//! the encryption of one connection.
//!
//! Guaranteed: no input makes a parser panic; a decision depends on its arguments alone. Whoever evaluates a
//! record asks the questions that the evaluation returns and brings the answers.
//!
//! Not guaranteed: that a name exists, that an answer is genuine, that a certificate is still valid. This crate
//! knows no resolver and no clock.

pub mod bimi;
mod der;
pub mod dkim;
pub mod dmarc;
pub mod mta_sts;
pub mod spf;
mod tags;
pub mod tls_rpt;
pub mod tlsa;
mod transport;

pub use tags::TagError;
pub use transport::TlsPolicy;

/// A domain as it is compared: lower case, without the dot of the root.
pub fn normal(domain: &str) -> String {
    domain.trim().trim_end_matches('.').to_ascii_lowercase()
}
