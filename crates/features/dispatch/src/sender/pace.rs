//! Places in time: "N a second" for a route, a provider or a dispatch, kept by all lines together.

use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use policy::pace::Pace as Places;
use tokio::time::Instant;

/// Nanoseconds since a beginning, as places have them.
#[derive(Clone, Copy, Debug)]
pub(super) struct Clock(Instant);

impl Clock {
    pub(super) fn start() -> Self {
        Clock(Instant::now())
    }

    pub(super) fn now(self) -> i64 {
        i64::try_from(self.0.elapsed().as_nanos()).unwrap_or(i64::MAX)
    }

    pub(super) fn gate(self, place: i64) -> Gate {
        Gate(self.0.checked_add(Duration::from_nanos(place.max(0).unsigned_abs())))
    }
}

/// A place that was given out: nothing leaves before.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Gate(Option<Instant>);

impl Gate {
    /// No waiting.
    pub(super) const fn open() -> Self {
        Gate(None)
    }

    /// Waits until the place has come.
    pub(super) async fn pass(self) {
        if let Some(at) = self.0 {
            tokio::time::sleep_until(at).await;
        }
    }
}

/// A pace that all keep together.
#[derive(Debug)]
pub(super) struct Pace {
    per_second: f64,
    clock: Clock,
    places: Mutex<Places>,
}

impl Pace {
    /// So many mails a second; as fast as can be when absent.
    pub(super) fn of(rate: Option<u32>) -> Self {
        let per_second = rate.filter(|rate| *rate > 0).map_or(f64::INFINITY, f64::from);
        let clock = Clock::start();
        Pace { per_second, clock, places: Mutex::new(Places::new(clock.now())) }
    }

    /// The next place.
    pub(super) fn place(&self) -> Gate {
        if self.per_second.is_infinite() {
            return Gate::open();
        }
        let place = self.places().place(self.per_second, self.clock.now());
        self.clock.gate(place)
    }

    /// Takes a place if its time has come, at a rate that may be another each time; else says how long to wait.
    pub(super) fn take_turn(&self, per_second: f64) -> Result<(), Duration> {
        let mut places = self.places();
        let now = self.clock.now();
        places.hurry(per_second, now);
        if per_second.is_finite() && places.next() > now {
            return Err(Duration::from_nanos((places.next() - now).unsigned_abs()));
        }
        places.place(per_second, now);
        Ok(())
    }

    fn places(&self) -> std::sync::MutexGuard<'_, Places> {
        self.places.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test(start_paused = true)]
    async fn ten_a_second_is_one_every_tenth_of_a_second() {
        let pace = Pace::of(Some(10));
        let start = Instant::now();
        let mut places = Vec::new();
        for _ in 0..5 {
            pace.place().pass().await;
            places.push(start.elapsed().as_millis());
        }
        assert_eq!(places, [0, 100, 200, 300, 400]);
        tokio::time::sleep(Duration::from_secs(5)).await;
        let rested = Instant::now();
        pace.place().pass().await;
        pace.place().pass().await;
        assert_eq!(rested.elapsed().as_millis(), 100);
    }

    #[tokio::test(start_paused = true)]
    async fn without_a_rate_nobody_waits() {
        let start = Instant::now();
        Pace::of(None).place().pass().await;
        assert_eq!(start.elapsed(), Duration::ZERO);
    }

    #[tokio::test(start_paused = true)]
    async fn a_turn_that_has_not_come_says_how_long_and_is_not_lost() {
        let pace = Pace::of(None);
        assert_eq!(pace.take_turn(2.0), Ok(()));
        assert_eq!(pace.take_turn(2.0), Err(Duration::from_millis(500)));
        assert_eq!(pace.take_turn(4.0), Err(Duration::from_millis(250)), "a higher rate is felt at once");
        assert_eq!(pace.take_turn(f64::INFINITY), Ok(()));
    }
}
