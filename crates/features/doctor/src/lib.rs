//! The doctor: whether mail that leaves here will be believed, and what to do where it will not.
//!
//! What one can do: [`examine`] an instance. The [`Report`] is a list of [`Finding`]s, each with its level, what was
//! found, what to do, and the DNS records to paste.
//!
//! What is looked at, all at once: the machine (database, folder, disk, clock, address), every way out (connection,
//! encryption, sign-in, extensions; for direct sending the name, PTR and port 25), the domain of every sender (SPF,
//! DKIM, DMARC and alignment, BIMI), the way back (MX, TLS-RPT, MTA-STS), and a sample letter (headers, size, links,
//! spam score).
//!
//! Routes: `/desk/doctor`. It emits no fact and hears none.
//!
//! Guarantees: it changes nothing and sends no mail; every check has a time limit; what could not be looked at is
//! [`Level::Unknown`] and never bad; a password stands in no sentence.
//!
//! Not guaranteed: that a receiver agrees. Reputation is seen by receivers alone.

mod bag;
mod domain;
mod examine;
mod machine;
mod model;
mod patience;
mod return_path;
mod route;
mod sample;
mod web;

#[cfg(test)]
mod tests;

pub use examine::examine;
pub use model::{Area, DnsRecord, DoctorError, Finding, Level, Report, Told, Visit};
pub use sample::spam::SpamChecker;
pub use web::routes;
