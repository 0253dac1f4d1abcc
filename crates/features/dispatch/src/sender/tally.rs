//! How many of something there are, as long as somebody holds on to them.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

/// A number that falls by itself.
#[derive(Clone, Debug, Default)]
pub(super) struct Tally(Arc<AtomicUsize>);

/// One that is counted until it is dropped.
#[derive(Debug)]
pub(super) struct Counted(Arc<AtomicUsize>);

impl Tally {
    /// One more.
    pub(super) fn add(&self) -> Counted {
        self.0.fetch_add(1, Ordering::SeqCst);
        Counted(Arc::clone(&self.0))
    }

    /// So many there are.
    pub(super) fn count(&self) -> usize {
        self.0.load(Ordering::SeqCst)
    }
}

impl Drop for Counted {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::SeqCst);
    }
}
