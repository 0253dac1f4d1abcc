//! What a route carried to a provider on a day: what caps and a warm-up go by.

use std::collections::BTreeMap;

use instance::Instance;
use policy::warmup::{self, Day, Warmth};
use store::{Statement, params};

use crate::model::{Route, RoutesError};
use crate::queries;

/// Microseconds of a day.
const DAY: i64 = 24 * policy::HOUR;
/// A warm-up looks back no further than this: a way that is warm for so long is warm.
const LOOKS_BACK: i64 = 400;

/// What became of mails of one route at one provider.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Carried {
    /// Taken.
    pub accepted: i64,
    /// Put off.
    pub deferred: i64,
    /// Refused for good.
    pub bounced: i64,
}

impl std::ops::AddAssign for Carried {
    fn add_assign(&mut self, other: Self) {
        self.accepted += other.accepted;
        self.deferred += other.deferred;
        self.bounced += other.bounced;
    }
}

/// Days since 1970 UTC.
pub const fn day_of(now: i64) -> i64 {
    now.div_euclid(DAY)
}

/// Adds what was carried on a day, by route and provider, in one transaction.
pub async fn count(
    instance: &Instance,
    day: i64,
    carried: &BTreeMap<(i64, String), Carried>,
) -> Result<(), RoutesError> {
    let rows = carried
        .iter()
        .map(|((route, provider), carried)| {
            params![*route, provider, day, carried.accepted, carried.deferred, carried.bounced]
        })
        .collect();
    instance.store.write_many(queries::COUNT, rows).await?;
    Ok(())
}

/// Adds what a route carried to a provider on a day, as a part of somebody's transaction.
pub fn counting(route: i64, provider: &str, day: i64, carried: Carried) -> Statement {
    queries::COUNT.with(params![route, provider, day, carried.accepted, carried.deferred, carried.bounced])
}

/// The days of a route that its caps depend on, by provider: today at least, and a warm-up from its beginning.
pub async fn days(instance: &Instance, route: &Route) -> Result<BTreeMap<String, Vec<Day>>, RoutesError> {
    let today = day_of(instance.now_us());
    let since = route.config.warm_up.map_or(today, |begun| begun.max(today - LOOKS_BACK).min(today));
    let mut days: BTreeMap<String, Vec<Day>> = BTreeMap::new();
    for row in instance.store.read(queries::DAYS, params![route.id, since]).await? {
        let day =
            Day { day: row.int(1)?, accepted: row.int(2)?, deferred: row.int(3)?, bounced: row.int(4)? };
        days.entry(row.text(0)?).or_default().push(day);
    }
    Ok(days)
}

/// How warm a route is at a provider today; nothing where it is not being warmed up.
pub fn warmth(route: &Route, today: i64, days: &[Day]) -> Option<Warmth> {
    route.config.warm_up.map(|begun| Warmth::on(today, begun, days))
}

/// Mails that may leave by a route today, to whomever; nothing where no daily cap limits it.
pub fn daily_room(route: &Route, today: i64, days: &BTreeMap<String, Vec<Day>>) -> Option<i64> {
    let all: i64 = days.values().map(|days| carried(today, days)).sum();
    warmup::room(&[route.config.daily_cap.map(i64::from)], all)
}

/// Mails that its warm-up lets a route carry to a provider today, after what it carried; nothing where it is warm. A
/// warm-up that begins on a later day lets nothing through before.
pub fn warm_room(route: &Route, today: i64, days: &[Day]) -> Option<i64> {
    if route.config.warm_up? > today {
        return Some(0);
    }
    warmth(route, today, days).and_then(|warmth| warmup::room(&[warmth.cap()], carried(today, days)))
}

fn carried(today: i64, days: &[Day]) -> i64 {
    days.iter().filter(|day| day.day == today).map(Day::carried).sum()
}

/// When the day after this moment begins, microseconds UTC: what is over a cap goes on then.
pub const fn next_day(now: i64) -> i64 {
    (day_of(now) + 1) * DAY
}
