//! How long each step may take. A dispatch waits longer; somebody who looks does not.

use std::time::Duration;

/// Limits of a visit.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Patience {
    /// A whole check; all run side by side.
    pub check: Duration,
    /// A question to the name server: one that takes longer is as good as none.
    pub name: Duration,
    /// A page: one that takes longer is not called dead.
    pub page: Duration,
    /// A step of a conversation: a connection, a greeting, an answer.
    pub step: Duration,
}

impl Default for Patience {
    fn default() -> Self {
        let seconds = Duration::from_secs;
        Patience { check: seconds(12), name: seconds(5), page: seconds(6), step: seconds(5) }
    }
}

#[cfg(test)]
impl Patience {
    /// For tests on a machine that has much to do: nothing in them is found out by waiting.
    pub(crate) fn endless() -> Self {
        let minutes = Duration::from_secs(300);
        Patience { check: minutes, name: minutes, page: minutes, step: minutes }
    }
}
