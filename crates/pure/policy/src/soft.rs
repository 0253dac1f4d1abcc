//! Editions that came back softly: when several of them mean that nobody is there any more.
//!
//! A full mailbox, a server that is away, a refusal without a reason: one of them says nothing about an address, and
//! a run of them over weeks says that it is not read. What counts is editions, not answers: a server that sends five
//! notices about one mail has said one thing. A delivery that went well wipes the slate.

use crate::HOUR;

/// A day.
const DAY: i64 = 24 * HOUR;
/// So many different editions.
pub const EDITIONS: usize = 3;
/// From the first of them to the last at least so long: a server that is away for a weekend is no dead address, however
/// many editions fall into it.
pub const SPAN: i64 = 14 * DAY;
/// A delivery went well when nothing came back about it for so long. Servers that give up at once say so within
/// seconds; those that try again do it for up to five days (RFC 5321 4.5.4.1), but tell of a delay before.
pub const SETTLES: i64 = 3 * DAY;

/// An edition that came back softly.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Soft {
    /// The edition.
    pub edition: i64,
    /// When the first word of it came.
    pub at: i64,
}

/// The latest moment at which a delivery may have been accepted to count as one that went well by now.
pub fn settled_before(now: i64) -> i64 {
    now.saturating_sub(SETTLES)
}

/// What still counts. `good_at` is when the last delivery that went well was accepted.
pub fn standing(soft: &[Soft], good_at: Option<i64>) -> Vec<Soft> {
    soft.iter().filter(|one| good_at.is_none_or(|good| one.at > good)).copied().collect()
}

/// Whether what still counts means that the address must not be mailed any more.
pub fn is_gone(standing: &[Soft]) -> bool {
    let mut editions: Vec<i64> = standing.iter().map(|one| one.edition).collect();
    editions.sort_unstable();
    editions.dedup();
    let (first, last) = (standing.iter().map(|one| one.at).min(), standing.iter().map(|one| one.at).max());
    let span = last.zip(first).map_or(0, |(last, first)| last.saturating_sub(first));
    editions.len() >= EDITIONS && span >= SPAN
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn soft(days: &[(i64, i64)]) -> Vec<Soft> {
        days.iter().map(|&(edition, day)| Soft { edition, at: day * DAY }).collect()
    }

    #[test]
    fn three_editions_over_two_weeks_mean_that_nobody_is_there() {
        for (days, gone) in [
            (&[(1, 0), (2, 7), (3, 14)][..], true),
            (&[(1, 0), (2, 7), (3, 13)], false),
            (&[(1, 0), (2, 30)], false),
            // One edition is one edition, however often its server writes.
            (&[(1, 0), (1, 7), (1, 14), (1, 21)], false),
            // A daily letter in a weekend's outage.
            (&[(1, 0), (2, 1), (3, 2), (4, 3)], false),
            (&[(3, 20), (1, 0), (2, 1)], true),
            (&[], false),
        ] {
            assert_eq!(is_gone(&soft(days)), gone, "{days:?}");
        }
    }

    #[test]
    fn a_delivery_that_went_well_wipes_the_slate() {
        let days = soft(&[(1, 0), (2, 7), (4, 21)]);
        assert!(is_gone(&standing(&days, None)));
        let after = standing(&days, Some(14 * DAY));
        assert_eq!(after, soft(&[(4, 21)]));
        assert!(!is_gone(&after));
        assert_eq!(settled_before(10 * DAY), 7 * DAY);
    }

    proptest! {
        #[test]
        fn less_never_means_more(
            days in prop::collection::vec((0_i64..6, 0_i64..60), 0..8),
            good in prop::option::of(0_i64..60),
        ) {
            let all = soft(&days);
            let left = standing(&all, good.map(|day| day * DAY));
            prop_assert!(left.len() <= all.len());
            prop_assert!(!is_gone(&left) || is_gone(&all));
            prop_assert!(!is_gone(&all) || all.len() >= EDITIONS);
        }
    }
}
