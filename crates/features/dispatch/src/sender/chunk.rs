//! A run of deliveries under one lease.

use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

use super::ledger::Ledger;

/// Which rows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Chunk {
    pub dispatch: i64,
    pub number: i64,
    pub first_seq: i64,
    pub last_seq: i64,
}

/// A chunk at work: it goes back when the last of its mails has an answer, or was given back.
#[derive(Debug)]
pub(super) struct Lease {
    chunk: Chunk,
    left: AtomicUsize,
    given_back: AtomicBool,
}

impl Lease {
    pub(super) fn new(chunk: Chunk, mails: usize) -> Self {
        Lease { chunk, left: AtomicUsize::new(mails), given_back: AtomicBool::new(false) }
    }

    /// One mail has its answer in the ledger.
    pub(super) async fn done(&self, ledger: &Ledger) {
        self.less(1, ledger).await;
    }

    /// Some mails did not leave and are to be pending again.
    pub(super) async fn give_back(&self, mails: usize, ledger: &Ledger) {
        self.given_back.store(true, Ordering::SeqCst);
        self.less(mails, ledger).await;
    }

    async fn less(&self, mails: usize, ledger: &Ledger) {
        if self.left.fetch_sub(mails, Ordering::SeqCst) != mails {
            return;
        }
        if self.given_back.load(Ordering::SeqCst) {
            ledger.release(self.chunk).await;
        } else {
            ledger.close(self.chunk).await;
        }
    }

    pub(super) const fn chunk(&self) -> Chunk {
        self.chunk
    }

    pub(super) fn is_over(&self) -> bool {
        self.left.load(Ordering::SeqCst) == 0
    }
}
