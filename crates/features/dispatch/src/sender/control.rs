//! Which dispatches may send at this moment, as every line has to know before each mail.

use std::collections::HashSet;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{PoisonError, RwLock};

/// Shared by the feeder, which looks into the database, and the lines, which must not.
#[derive(Debug, Default)]
pub(super) struct Control {
    sending: RwLock<HashSet<i64>>,
    stopped: AtomicBool,
}

impl Control {
    /// From now on only these dispatches send.
    pub(super) fn hold_all_but(&self, dispatches: impl Iterator<Item = i64>) {
        let mut sending = self.sending.write().unwrap_or_else(PoisonError::into_inner);
        sending.clear();
        sending.extend(dispatches);
    }

    /// Nothing new leaves any more.
    pub(super) fn stop(&self) {
        self.stopped.store(true, Ordering::SeqCst);
    }

    /// Whether a mail of this dispatch may leave.
    pub(super) fn may_send(&self, dispatch: i64) -> bool {
        let sending = self.sending.read().unwrap_or_else(PoisonError::into_inner);
        !self.stopped.load(Ordering::SeqCst) && sending.contains(&dispatch)
    }
}
