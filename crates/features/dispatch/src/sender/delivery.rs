//! A delivery at work: a claimed row of the ledger, what its mail is made with, and the lease it stands under.

use std::sync::Arc;

use store::Row;

use super::chunk::Lease;
use super::course::Course;
use super::press::Press;

/// One delivery on its way to a line. Small: the mail itself is made by the line that sends it.
#[derive(Clone)]
pub(super) struct Delivery {
    pub course: Arc<Course>,
    pub press: Arc<Press>,
    pub lease: Arc<Lease>,
    pub claimed: Claimed,
}

impl Delivery {
    /// Its dispatch.
    pub(super) fn dispatch(&self) -> i64 {
        self.press.dispatch
    }

    /// The reader's mail domain.
    pub(super) fn domain(&self) -> &str {
        self.claimed.domain()
    }
}

/// A row of the ledger with what the letter wants to know of its reader.
#[derive(Clone, Debug)]
pub(super) struct Claimed {
    pub seq: i64,
    pub reader: i64,
    pub tries: i64,
    pub doubts: i64,
    /// Nothing when the reader was deleted a moment ago.
    pub email: Option<String>,
    pub first_name: Option<String>,
    pub last_name: Option<String>,
    pub segments: u64,
}

impl Claimed {
    /// The reader's mail domain; nothing where the reader was deleted.
    pub(super) fn domain(&self) -> &str {
        self.email.as_deref().and_then(|email| email.rsplit_once('@')).map_or("", |(_, domain)| domain)
    }

    pub(super) fn from_row(row: &Row) -> Result<Self, store::StoreError> {
        Ok(Claimed {
            seq: row.int(0)?,
            reader: row.int(1)?,
            tries: row.int(2)?,
            doubts: row.int(3)?,
            email: row.opt_text(4)?,
            first_name: row.opt_text(5)?,
            last_name: row.opt_text(6)?,
            segments: 0,
        })
    }
}
