//! When a dispatch leaves: at a moment, spread over hours, or at an hour of each reader's own day.

use instance::Instance;
use jiff::civil::DateTime;
use jiff::tz::TimeZone;
use policy::window;
use publications::Publication;

use crate::model::DispatchError;

/// The shortest and the longest time over which a dispatch is spread: a minute, and three days.
pub const SPREAD: std::ops::RangeInclusive<i64> = policy::MINUTE..=72 * policy::HOUR;

/// What an author wishes. The default is at once, as fast as it goes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Timing {
    /// Not before this moment, microseconds UTC.
    pub at: Option<i64>,
    /// Spread over so many microseconds; 0: as fast as it goes.
    pub over: i64,
    /// At the hour of `at` where each reader lives.
    pub local: bool,
}

/// A wish, checked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Timed {
    pub scheduled_at: i64,
    pub spread_over: i64,
    pub local_time: i64,
}

impl Timing {
    /// At once or at a moment.
    pub const fn at(at: Option<i64>) -> Self {
        Timing { at, over: 0, local: false }
    }

    pub(crate) fn checked(
        self,
        instance: &Instance,
        publication: &Publication,
    ) -> Result<Timed, DispatchError> {
        let now = instance.now_us();
        if self.over != 0 && !SPREAD.contains(&self.over) {
            return Err(DispatchError::Timing(
                "a dispatch is spread over a minute at least, and three days at most",
            ));
        }
        let at = self.at.unwrap_or(now).max(now);
        if !self.local {
            return Ok(Timed { scheduled_at: at, spread_over: self.over, local_time: 0 });
        }
        if self.over != 0 {
            return Err(DispatchError::Timing(
                "a dispatch is spread over hours, or leaves at each reader's hour, not both",
            ));
        }
        let Some(at) = self.at else {
            return Err(DispatchError::Timing(
                "at each reader's hour: say which hour, with a time to leave at",
            ));
        };
        let wall = wall_of(&publication.zone(), at);
        // Its audience is ready when that hour comes for the first reader on earth.
        let first = window::moment_of(wall, window::FIRST_OFFSET_SECONDS);
        Ok(Timed { scheduled_at: first.max(now), spread_over: 0, local_time: wall })
    }
}

/// What a clock on the wall shows at a moment, as microseconds of a clock that shows UTC.
fn wall_of(zone: &TimeZone, moment: i64) -> i64 {
    let instant = jiff::Timestamp::from_microsecond(moment).unwrap_or_default();
    moment.saturating_add(i64::from(zone.to_offset(instant).seconds()) * policy::SECOND)
}

/// The moment at which clocks of a zone show a time. One that a change of clocks leaves out comes when it would have
/// been; one that comes twice is the first.
pub(crate) fn moment_in(zone: &TimeZone, wall: i64) -> i64 {
    let civil = jiff::Timestamp::from_microsecond(wall).unwrap_or_default();
    let civil: DateTime = TimeZone::UTC.to_datetime(civil);
    match zone.to_timestamp(civil) {
        Ok(moment) => moment.as_microsecond(),
        Err(_) => wall,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_hour_on_the_wall_comes_once_in_every_zone() {
        for (zone, wall, moment) in [
            ("Europe/Paris", "2026-11-26T07:30:00Z", "2026-11-26T06:30:00Z"),
            ("America/Montreal", "2026-11-26T07:30:00Z", "2026-11-26T12:30:00Z"),
            ("Asia/Kolkata", "2026-11-26T07:30:00Z", "2026-11-26T02:00:00Z"),
            ("Pacific/Kiritimati", "2026-11-26T07:30:00Z", "2026-11-25T17:30:00Z"),
            // 02:30 does not exist on that night, and exists twice on the other.
            ("Europe/Paris", "2027-03-28T02:30:00Z", "2027-03-28T01:30:00Z"),
            ("Europe/Paris", "2026-10-25T02:30:00Z", "2026-10-25T00:30:00Z"),
        ] {
            let us = |text: &str| text.parse::<jiff::Timestamp>().unwrap().as_microsecond();
            let found = moment_in(&TimeZone::get(zone).unwrap(), us(wall));
            let found = jiff::Timestamp::from_microsecond(found).unwrap();
            assert_eq!(found, moment.parse::<jiff::Timestamp>().unwrap(), "{zone} {wall}");
        }
    }
}
