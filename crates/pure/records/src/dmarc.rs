//! DMARC: what a domain asks of those who receive mail in its name (RFC 9989).

mod record;
mod walk;

pub use record::{Alignment, DmarcError, Policy, Record, Suffix, is_record, only, parse};
pub use walk::{Found, TreeWalk, names};

/// Whether a domain that SPF or DKIM authenticated is that of the author (RFC 9989 4.4).
///
/// Each domain comes with its organizational domain, which [`TreeWalk`] finds.
pub fn aligned(mode: Alignment, author: (&str, &str), authenticated: (&str, &str)) -> bool {
    match mode {
        Alignment::Strict => crate::normal(author.0) == crate::normal(authenticated.0),
        Alignment::Relaxed => crate::normal(author.1) == crate::normal(authenticated.1),
    }
}
