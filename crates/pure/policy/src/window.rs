//! When a delivery may leave, beside "now": spread over hours, or at an hour of the reader's own day.

use crate::SECOND;

/// Mails a second so that what is left is done when the window closes; none when it has closed, or nothing is left:
/// then as fast as it goes. Asked again and again, it makes up for pauses and for slow hours.
pub fn rate(left: i64, now: i64, end: i64) -> Option<f64> {
    let time = end.saturating_sub(now);
    (left > 0 && time > 0).then(|| left as f64 / (time as f64 / SECOND as f64))
}

/// The moment (UTC) at which a clock on a wall shows a time, where that clock is `offset_seconds` ahead of UTC then.
/// `wall` is the time on the wall, written as if it were UTC.
pub fn moment_of(wall: i64, offset_seconds: i64) -> i64 {
    wall.saturating_sub(offset_seconds.saturating_mul(SECOND))
}

/// How far ahead of UTC the first clock on earth is (Kiritimati): nobody's wall shows a time earlier than there.
pub const FIRST_OFFSET_SECONDS: i64 = 14 * 3_600;

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::HOUR;

    #[test]
    fn four_thousand_over_four_hours_are_a_thousand_an_hour_whatever_happened_before() {
        let rate_of = |left, now| rate(left, now, 4 * HOUR).map(|rate| (rate * 3_600.0).round());
        assert_eq!(rate_of(4_000, 0), Some(1_000.0));
        assert_eq!(rate_of(4_000, 2 * HOUR), Some(2_000.0), "after a pause of two hours");
        assert_eq!(rate_of(4_000, 4 * HOUR), None, "late: as fast as it goes");
        assert_eq!(rate_of(0, 0), None);
    }

    #[test]
    fn half_past_seven_comes_earlier_in_the_east() {
        let wall = 7 * HOUR + HOUR / 2;
        assert_eq!(moment_of(wall, 3_600), 6 * HOUR + HOUR / 2, "Paris in winter");
        assert_eq!(moment_of(wall, -5 * 3_600), 12 * HOUR + HOUR / 2, "Montréal in winter");
        assert_eq!(moment_of(wall, 5 * 3_600 + 1_800), 2 * HOUR, "Mumbai");
    }

    proptest! {
        #[test]
        fn who_keeps_the_rate_is_done_when_the_window_closes(left in 1_i64..1_000_000, minutes in 1_i64..600) {
            let end = minutes * crate::MINUTE;
            let each_minute = |left, now| rate(left, now, end).map_or(left as f64, |rate| rate * 60.0);
            let (mut open, mut now) = (left as f64, 0);
            while now < end {
                open -= each_minute(open.ceil() as i64, now).min(open);
                now += crate::MINUTE;
            }
            prop_assert!(open < 1.0, "{open} left");
        }
    }
}
