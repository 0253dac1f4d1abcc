//! When the next try is due, and when there is none.

use crate::{HOUR, MINUTE};

/// How long to wait after a try, and for how long to go on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RetryPlan {
    /// After the first try; doubled after each.
    pub first_wait: i64,
    /// The wait never passes this, jitter aside.
    pub longest_wait: i64,
    /// No try starts later than this after the first.
    pub give_up_after: i64,
}

/// Editions. RFC 5321 4.5.4.1 asks for 30 minutes and allows better strategies "when the sender can determine the
/// reason"; mail systems in use begin with 7 to 20 minutes and double. A letter that is two days late is not wanted
/// any more.
pub const EDITIONS: RetryPlan =
    RetryPlan { first_wait: 20 * MINUTE, longest_wait: 4 * HOUR, give_up_after: 48 * HOUR };

/// Notices: somebody is sitting there waiting for it.
pub const NOTICES: RetryPlan =
    RetryPlan { first_wait: MINUTE, longest_wait: 8 * MINUTE, give_up_after: 30 * MINUTE };

impl RetryPlan {
    /// When to try again after `tries` tries, the first of which was at `first_at`; `None` when it is over.
    ///
    /// `jitter` spreads the tries, its whole range over a quarter of the wait, so that readers deferred together do
    /// not come back together. The last try falls on the end of the time.
    pub fn next_try(&self, first_at: i64, tries: u32, now: i64, jitter: u32) -> Option<i64> {
        let end = first_at.saturating_add(self.give_up_after);
        if now >= end {
            return None;
        }
        let doublings = tries.saturating_sub(1).min(32);
        let wait = self.first_wait.saturating_mul(1 << doublings).min(self.longest_wait);
        let spread = (i128::from(wait / 4) * i128::from(jitter) / i128::from(u32::MAX)) as i64;
        Some(now.saturating_add(wait).saturating_add(spread).min(end))
    }
}

/// When the next try of an edition is due; see [`RetryPlan::next_try`].
pub fn next_try(first_at: i64, tries: u32, now: i64, jitter: u32) -> Option<i64> {
    EDITIONS.next_try(first_at, tries, now, jitter)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn schedule(plan: RetryPlan, jitter: u32) -> Vec<i64> {
        let mut tries = vec![0];
        while let Some(at) = plan.next_try(0, tries.len() as u32, tries[tries.len() - 1], jitter) {
            tries.push(at);
        }
        tries.iter().map(|at| at / MINUTE).collect()
    }

    #[test]
    fn an_edition_is_tried_for_two_days() {
        assert_eq!(
            schedule(EDITIONS, 0),
            [0, 20, 60, 140, 300, 540, 780, 1020, 1260, 1500, 1740, 1980, 2220, 2460, 2700, 2880]
        );
    }

    #[test]
    fn a_notice_is_tried_for_half_an_hour() {
        assert_eq!(schedule(NOTICES, 0), [0, 1, 3, 7, 15, 23, 30]);
    }

    #[test]
    fn jitter_only_lengthens_a_wait_and_by_a_quarter_at_most() {
        assert_eq!(next_try(0, 1, 0, 0), Some(20 * MINUTE));
        assert_eq!(next_try(0, 1, 0, u32::MAX), Some(25 * MINUTE));
    }

    #[test]
    fn after_the_end_there_is_no_try() {
        assert_eq!(next_try(0, 9, 48 * HOUR, 0), None);
        assert_eq!(next_try(0, 1, i64::MAX, 7), None);
        assert_eq!(next_try(0, 1, 48 * HOUR - 1, 0), Some(48 * HOUR));
    }

    proptest! {
        #[test]
        fn the_next_try_is_after_now_and_never_after_the_end(
            first in -1_000_000_000_000_000_i64..4_000_000_000_000_000,
            passed in 0_i64..(60 * HOUR),
            tries: u32,
            jitter: u32,
        ) {
            for plan in [EDITIONS, NOTICES] {
                match plan.next_try(first, tries, first + passed, jitter) {
                    Some(at) => {
                        prop_assert!(at > first + passed);
                        prop_assert!(at <= first + plan.give_up_after);
                    }
                    None => prop_assert!(passed >= plan.give_up_after),
                }
            }
        }
    }
}
