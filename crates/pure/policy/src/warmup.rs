//! Warming up a way: a new sender is trusted with a few mails a day, and with more when those were welcome.
//!
//! The cap holds for one way and one provider. It starts at 50, grows by doubling two days out of three, and reaches a
//! million in about three weeks of days that went well; a day that did not go well, or that was not used, moves
//! nothing. What is over the cap waits for the next day; nothing is dropped.

/// The first day's cap.
pub const FIRST: i64 = 50;
/// From here on nobody counts any more: the way is warm.
pub const WARM: i64 = 1_000_000;
/// After so many days without mail a provider has forgotten us.
pub const FORGOTTEN_AFTER: i64 = 30;
/// A day counts when so much of its cap was used, in percent: what nobody saw proves nothing.
const USED: i64 = 90;

/// What a way carried to a provider on a day.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Day {
    /// Days since 1970 UTC.
    pub day: i64,
    /// Taken.
    pub accepted: i64,
    /// Answers that asked to come back.
    pub deferred: i64,
    /// Refused for good.
    pub bounced: i64,
}

impl Day {
    /// Mails that reached the provider and were judged: what a cap counts.
    pub fn carried(&self) -> i64 {
        self.accepted + self.bounced
    }

    /// Deferrals under 1 %, bounces under 3 %.
    pub fn went_well(&self) -> bool {
        let tried = self.accepted + self.deferred + self.bounced;
        tried > 0 && self.deferred * 100 < tried && self.bounced * 100 < tried * 3
    }
}

/// How warm a way is at a provider.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Warmth {
    /// Days that went well and were used, since it was new.
    good_days: u32,
    /// The last day on which anything was carried.
    last_day: Option<i64>,
}

impl Warmth {
    /// As it stands on the morning of `today`, after the days before it (in order; of a warm-up that began on
    /// `begun`). Days before the beginning do not count.
    pub fn on(today: i64, begun: i64, days: &[Day]) -> Self {
        let mut warmth = Warmth { good_days: 0, last_day: None };
        for day in days.iter().filter(|day| day.day >= begun && day.day < today) {
            warmth.forget_if_idle(day.day);
            if day.carried() + day.deferred > 0 {
                warmth.last_day = Some(day.day);
            }
            let used = warmth.cap().is_some_and(|cap| day.carried() * 100 >= cap * USED);
            if used && day.went_well() {
                warmth.good_days += 1;
            }
        }
        warmth.forget_if_idle(today);
        warmth
    }

    /// Mails that may be carried in a day; none where the way is warm.
    pub fn cap(&self) -> Option<i64> {
        // 1, 2, 2, 3, 4, 4, 5, …: two doublings, then a day to let it settle.
        let doublings = (2 * self.good_days).div_ceil(3);
        let cap = FIRST.saturating_mul(1_i64.checked_shl(doublings.min(40)).unwrap_or(i64::MAX));
        (cap < WARM).then_some(cap)
    }

    /// The caps of the coming days, this one first, if each is used and goes well. Ends when the way is warm.
    pub fn plan(mut self, days: usize) -> Vec<i64> {
        let mut caps = Vec::new();
        while caps.len() < days {
            let Some(cap) = self.cap() else { break };
            caps.push(cap);
            self.good_days += 1;
        }
        caps
    }

    fn forget_if_idle(&mut self, day: i64) {
        if self.last_day.is_some_and(|last| day - last > FORGOTTEN_AFTER) {
            *self = Warmth { good_days: 0, last_day: None };
        }
    }
}

/// Mails that may still leave today: what a warm-up and a daily cap leave over what was carried. None: as many as one
/// likes.
pub fn room(caps: &[Option<i64>], carried: i64) -> Option<i64> {
    caps.iter().flatten().map(|cap| (cap - carried).max(0)).min()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn full(day: i64, cap: i64) -> Day {
        Day { day, accepted: cap, ..Day::default() }
    }

    /// Every day is used to its cap and goes well.
    fn ideal(days: i64) -> Vec<Day> {
        let mut history = Vec::new();
        for day in 0..days {
            let cap = Warmth::on(day, 0, &history).cap().unwrap_or(WARM);
            history.push(full(day, cap));
        }
        history
    }

    #[test]
    fn a_new_way_starts_at_fifty_and_is_warm_in_about_three_weeks() {
        let caps: Vec<_> = ideal(7).iter().map(|day| day.accepted).collect();
        assert_eq!(caps, [50, 100, 200, 200, 400, 800, 800]);
        assert_eq!(Warmth::on(0, 0, &[]).plan(7), caps, "and the plan says so before");
        let warm = (0..60).find(|day| Warmth::on(*day, 0, &ideal(*day)).cap().is_none());
        assert_eq!(warm, Some(22));
    }

    #[test]
    fn a_day_that_went_badly_or_was_not_used_moves_nothing() {
        let cap = |second: Day| Warmth::on(2, 0, &[full(0, 50), second]).cap();
        assert_eq!(cap(full(1, 100)), Some(200));
        assert_eq!(cap(full(1, 89)), Some(100), "not used");
        assert_eq!(cap(Day { day: 1, accepted: 100, deferred: 2, bounced: 0 }), Some(100), "deferred");
        assert_eq!(cap(Day { day: 1, accepted: 97, deferred: 0, bounced: 3 }), Some(100), "bounced");
        assert_eq!(cap(Day { day: 1, accepted: 98, deferred: 0, bounced: 2 }), Some(200));
    }

    #[test]
    fn after_thirty_idle_days_a_way_is_new_again() {
        let history = ideal(10);
        let cap = |today| Warmth::on(today, 0, &history).cap();
        assert_eq!(cap(9 + 30), cap(10));
        assert_eq!(cap(9 + 31), Some(FIRST));
        let mut back = history.clone();
        back.push(full(60, 50));
        assert_eq!(Warmth::on(61, 0, &back).cap(), Some(100));
        let warm = ideal(40);
        assert_eq!(Warmth::on(39 + 30, 0, &warm).cap(), None);
        assert_eq!(Warmth::on(39 + 31, 0, &warm).cap(), Some(FIRST), "a warm one too");
    }

    #[test]
    fn a_warm_up_that_was_begun_anew_counts_from_there() {
        assert_eq!(Warmth::on(10, 10, &ideal(10)).cap(), Some(FIRST));
    }

    #[test]
    fn the_narrowest_cap_decides_what_may_still_leave() {
        assert_eq!(room(&[None, None], 7), None);
        assert_eq!(room(&[Some(50), None], 7), Some(43));
        assert_eq!(room(&[Some(50), Some(20)], 7), Some(13));
        assert_eq!(room(&[Some(5)], 7), Some(0));
    }

    proptest! {
        #[test]
        fn a_cap_never_more_than_doubles_from_one_day_to_the_next(
            days in prop::collection::vec((0_i64..4, 0_i64..2_000, 0_i64..50, 0_i64..100), 0..60),
        ) {
            let mut history = Vec::new();
            let mut day = 0;
            for (idle, accepted, deferred, bounced) in days {
                let before = Warmth::on(day, 0, &history).cap();
                history.push(Day { day, accepted, deferred, bounced });
                let after = Warmth::on(day + 1, 0, &history).cap();
                prop_assert!(after.unwrap_or(WARM) <= 2 * before.unwrap_or(WARM));
                day += 1 + idle;
            }
        }
    }
}
