//! "N a second", evenly: one place in time for each mail, whichever line it takes.

use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use tokio::time::Instant;

/// A pace all lines keep together.
#[derive(Debug)]
pub(super) struct Pace {
    gap: Option<Duration>,
    next: Mutex<Instant>,
}

impl Pace {
    /// So many mails a second; as fast as can be when absent.
    pub(super) fn of(rate: Option<u32>) -> Self {
        let gap = rate.filter(|rate| *rate > 0).map(|rate| Duration::from_secs_f64(1.0 / f64::from(rate)));
        Pace { gap, next: Mutex::new(Instant::now()) }
    }

    /// Waits for the next place.
    pub(super) async fn place(&self) {
        let Some(gap) = self.gap else { return };
        let place = {
            let mut next = self.next.lock().unwrap_or_else(PoisonError::into_inner);
            // Time that nobody used is not made up for: no burst after a pause.
            let place = (*next).max(Instant::now());
            *next = place + gap;
            place
        };
        tokio::time::sleep_until(place).await;
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
            pace.place().await;
            places.push(start.elapsed().as_millis());
        }
        assert_eq!(places, [0, 100, 200, 300, 400]);
        tokio::time::sleep(Duration::from_secs(5)).await;
        let rested = Instant::now();
        pace.place().await;
        pace.place().await;
        assert_eq!(rested.elapsed().as_millis(), 100);
    }

    #[tokio::test(start_paused = true)]
    async fn without_a_rate_nobody_waits() {
        let start = Instant::now();
        Pace::of(None).place().await;
        assert_eq!(start.elapsed(), Duration::ZERO);
    }
}
