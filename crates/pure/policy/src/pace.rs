//! "N a second", evenly: one place in time for each mail, whoever sends it.

/// A second, in the unit of places: finer than the microseconds elsewhere, since at 30,000 a second rounding would
/// already be felt.
pub const NANOSECONDS: i64 = 1_000_000_000;
/// Where the gap between two mails is below this, so much time that nobody used is made up for: a timer that wakes a
/// millisecond late must not lower the rate.
const SLACK: i64 = NANOSECONDS / 100;

/// The places that were given out.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Pace {
    next: i64,
    /// Part of a nanosecond that the next place is owed.
    rest: f64,
}

impl Pace {
    /// No place was given out yet.
    pub const fn new(now: i64) -> Self {
        Pace { next: now, rest: 0.0 }
    }

    /// The next place, in nanoseconds on the same clock as `now`. Time that nobody used is not made up for: no burst
    /// after a pause. As fast as can be where `per_second` is infinite or not a rate.
    pub fn place(&mut self, per_second: f64, now: i64) -> i64 {
        if !per_second.is_finite() || per_second <= 0.0 {
            *self = Pace::new(now);
            return now;
        }
        let gap = NANOSECONDS as f64 / per_second;
        let slack = if gap < SLACK as f64 { SLACK } else { 0 };
        let place = self.next.max(now.saturating_sub(slack));
        if place != self.next {
            self.rest = 0.0;
        }
        let step = gap + self.rest;
        self.rest = step.fract();
        self.next = place.saturating_add(step as i64);
        place
    }

    /// When the next place is, without taking it.
    pub const fn next(&self) -> i64 {
        self.next
    }

    /// What is changed to a rate that is higher does not wait for a place far away.
    pub fn hurry(&mut self, per_second: f64, now: i64) {
        if per_second.is_finite() && per_second > 0.0 {
            let gap = (NANOSECONDS as f64 / per_second) as i64;
            self.next = self.next.min(now.saturating_add(gap));
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn ten_a_second_is_one_every_tenth_of_a_second_and_a_rest_is_not_made_up_for() {
        let mut pace = Pace::new(0);
        let places: Vec<_> = (0..4).map(|_| pace.place(10.0, 0) / 1_000_000).collect();
        assert_eq!(places, [0, 100, 200, 300]);
        let later = 5 * NANOSECONDS;
        assert_eq!(pace.place(10.0, later), later);
        assert_eq!(pace.place(10.0, later), later + NANOSECONDS / 10);
    }

    #[test]
    fn without_a_rate_nobody_waits() {
        let mut pace = Pace::new(0);
        assert!((0..100).all(|_| pace.place(f64::INFINITY, 7) == 7));
    }

    #[test]
    fn a_slow_pace_that_is_raised_does_not_keep_its_last_long_wait() {
        let mut pace = Pace::new(0);
        pace.place(0.01, 0);
        pace.hurry(10.0, NANOSECONDS);
        assert_eq!(pace.place(10.0, NANOSECONDS), NANOSECONDS + NANOSECONDS / 10);
    }

    proptest! {
        #[test]
        fn every_second_holds_as_many_places_as_were_asked_for(rate in 1_u32..50_000) {
            let mut pace = Pace::new(0);
            let mut counts = [0_u32; 3];
            loop {
                let place = pace.place(f64::from(rate), 0);
                let Some(count) = counts.get_mut((place / NANOSECONDS) as usize) else { break };
                *count += 1;
            }
            for count in counts {
                prop_assert!(count.abs_diff(rate) <= 1, "{counts:?}");
            }
        }

        #[test]
        fn late_wakings_do_not_lower_the_rate_by_more_than_two_percent(
            rate in 200_u32..5_000, late in prop::collection::vec(0_i64..2_000_000, 50),
        ) {
            // Sixteen lines, each of which wakes up to two milliseconds late and takes its next place then.
            let mut pace = Pace::new(0);
            let mut awake = [0_i64; 16];
            let mut left = 0_u32;
            for turn in 0.. {
                let (line, now) = awake.iter().copied().enumerate().min_by_key(|(_, at)| *at).unwrap_or_default();
                if now >= 2 * NANOSECONDS {
                    break;
                }
                let place = pace.place(f64::from(rate), now);
                left += u32::from(place < 2 * NANOSECONDS);
                awake[line] = place.max(now) + late[turn % late.len()];
            }
            let wanted = 2 * rate;
            prop_assert!(left.abs_diff(wanted) * 50 <= wanted + 50, "{left} of {wanted}");
        }
    }
}
