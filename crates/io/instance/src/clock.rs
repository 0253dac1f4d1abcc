//! What time it is: the machine's, or one that a test sets.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use jiff::Timestamp;

/// A clock. Cheap to clone; clones of a set clock move together.
#[derive(Clone, Debug, Default)]
pub struct Clock {
    set: Option<Arc<AtomicI64>>,
}

impl Clock {
    /// The machine's clock.
    pub const fn system() -> Self {
        Clock { set: None }
    }

    /// A clock that stands at a moment until it is moved.
    pub fn standing_at(moment: Timestamp) -> Self {
        Clock { set: Some(Arc::new(AtomicI64::new(moment.as_microsecond()))) }
    }

    /// The present moment.
    pub fn now(&self) -> Timestamp {
        match &self.set {
            // Only moments that were one before are set; the epoch would only show a broken test.
            Some(set) => Timestamp::from_microsecond(set.load(Ordering::SeqCst)).unwrap_or_default(),
            None => Timestamp::now(),
        }
    }

    /// Moves a standing clock by some microseconds; the machine's clock is left alone.
    pub fn advance(&self, microseconds: i64) {
        if let Some(set) = &self.set {
            set.fetch_add(microseconds, Ordering::SeqCst);
        }
    }
}
