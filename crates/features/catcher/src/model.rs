//! What the box holds.

use store::{Row, StoreError};

/// A mail in the list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Caught {
    /// Its number; later mails have higher ones.
    pub id: i64,
    /// When it came, microseconds UTC.
    pub received_at: i64,
    /// The return path of the envelope; empty for notices of machines.
    pub mail_from: String,
    /// The recipients of the envelope, separated by `, `.
    pub rcpt_to: String,
    /// Its subject, decoded.
    pub subject: String,
    /// Its size in bytes.
    pub size: i64,
}

/// A mail with its bytes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CaughtMail {
    /// What the list shows of it.
    pub caught: Caught,
    /// The mail as it came.
    pub message: Vec<u8>,
}

impl Caught {
    /// From the columns id, received_at, mail_from, rcpt_to, subject, size.
    pub(crate) fn from_row(row: &Row) -> Result<Self, StoreError> {
        Ok(Caught {
            id: row.int(0)?,
            received_at: row.int(1)?,
            mail_from: row.text(2)?,
            rcpt_to: row.text(3)?,
            subject: row.text(4)?,
            size: row.int(5)?,
        })
    }
}

/// Why the catcher does not work.
#[derive(Debug, thiserror::Error)]
pub enum CatcherError {
    /// The address is in use, or not ours.
    #[error("the mail catcher cannot listen on {address}: {source}")]
    Listen {
        /// The address.
        address: std::net::SocketAddr,
        /// What the system said.
        source: std::io::Error,
    },
    /// The store.
    #[error(transparent)]
    Store(#[from] StoreError),
}
