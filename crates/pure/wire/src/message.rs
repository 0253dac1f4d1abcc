//! Header blocks: of an edition, laid out once per dispatch and filled per reader, and of a machine notice.
//!
//! Guarantees: the blocks are those of the checklist that the large receivers publish (RFC 5322, 2919, 2369,
//! 8058, 3834), in the same order every time; a value that could start another field is refused before anything
//! is sent; the Message-ID of a reader's mail is the same on every try, so that a receiver can drop a second copy
//! (RFC 5322 3.6.4).
//!
//! A block written here has no blank line behind it: the signature is prepended, then `\r\n` and the body follow.

mod edition;
mod notice;

pub use edition::{EditionHead, EditionPlan, FeedbackId, ReaderHead};
pub use notice::Notice;

use crate::header::{HeaderError, printable};

/// Why a header block cannot be laid out.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum HeadError {
    /// A value that no field may hold.
    #[error(transparent)]
    Header(#[from] HeaderError),
    /// A domain or a list id that is not one.
    #[error("{value:?} is not a domain name, which the field {field} needs")]
    Domain {
        /// The field it was meant for.
        field: &'static str,
        /// What was given.
        value: String,
    },
    /// A URL that is none, or of another scheme.
    #[error("{value:?} is not a web or mail address in URL form, which the field {field} needs")]
    Url {
        /// The field it was meant for.
        field: &'static str,
        /// What was given.
        value: String,
    },
    /// A part of the Feedback-ID with a character it cannot have, or a sender id of the wrong length.
    #[error("{0:?} cannot be a part of the Feedback-ID")]
    FeedbackId(String),
}

/// A domain in ASCII: what may stand behind the `@` of a Message-ID and in a List-Id.
fn domain(field: &'static str, value: &str) -> Result<(), HeadError> {
    let label = |label: &str| {
        !label.is_empty() && label.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_'))
    };
    if value.len() <= 253 && value.split('.').all(label) {
        return Ok(());
    }
    Err(HeadError::Domain { field, value: value.to_owned() })
}

/// A URL that can stand between angle brackets (RFC 2369 2).
fn url(field: &'static str, value: &str, schemes: &[&str]) -> Result<(), HeadError> {
    printable(field, value)?;
    let known = schemes.iter().any(|scheme| value.len() > scheme.len() && value.starts_with(scheme));
    // RFC 2369 2: the brackets end the URL, a comma separates two of them.
    if known && !value.contains([' ', '<', '>', '"', ',', '\\']) {
        return Ok(());
    }
    Err(HeadError::Url { field, value: value.to_owned() })
}

#[cfg(test)]
mod tests;
