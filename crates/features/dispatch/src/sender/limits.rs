//! How hard one may knock at a provider's door by a route: what it takes from a stranger, and what it complained about.

use std::collections::VecDeque;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use policy::pace::Pace;
use policy::shaping::{Backoff, Shape, Wish, seed};
use tokio::sync::Semaphore;
use tokio::time::Instant;

use super::pace::{Clock, Gate};
use super::tally::Tally;

/// The rate that was really sent is measured over this.
const MEASURED: Duration = Duration::from_secs(10);

/// What a relay is thought to have taken on a connection in a second, when it complains before it took much.
const LEAST_OF_A_RELAY: f64 = 10.0;

/// Nobody is put off for longer than this: by then the provider may take more again.
const HORIZON: i64 = policy::HOUR;

/// Who would wait for longer than this is put back.
const FAR: i64 = 10 * policy::pace::NANOSECONDS;

/// What was learnt of a provider that took everything is forgotten after this.
const FORGOTTEN: Duration = Duration::from_secs(120);

/// Limits of a route at a provider, shared by all its ways there.
pub(super) struct Limits {
    shape: Shape,
    /// A relay is one's own: it may be asked again at once, and knows no hours of silence.
    relay: bool,
    learnt: Mutex<Learnt>,
    /// Whether a complaint holds us back, so that the lines need not look otherwise.
    held_back: AtomicBool,
    /// Lines that have something to do.
    lines: AtomicUsize,
    slots: Arc<Semaphore>,
    /// Lines that wait for room.
    pub waiting: Tally,
    clock: Clock,
}

struct Learnt {
    backoff: Backoff,
    pace: Pace,
    /// The rate of the last place.
    rate: f64,
    /// Places in time of deliveries that were put back, microseconds UTC.
    slot: i64,
    accepted: VecDeque<Instant>,
}

impl Limits {
    pub(super) fn of_relay(connections: u16) -> Self {
        let shape = Shape {
            connections: connections.max(1),
            mails_per_connection: u32::MAX,
            per_second: f64::INFINITY,
        };
        Self::new(shape, true)
    }

    pub(super) fn of_provider(provider: &str, connections: u16) -> Self {
        let shape = seed(provider);
        Self::new(Shape { connections: shape.connections.min(connections.max(1)), ..shape }, false)
    }

    fn new(shape: Shape, relay: bool) -> Self {
        let clock = Clock::start();
        let learnt = Learnt {
            backoff: Backoff::new(),
            pace: Pace::new(clock.now()),
            rate: f64::INFINITY,
            slot: i64::MIN,
            accepted: VecDeque::new(),
        };
        Limits {
            shape,
            relay,
            learnt: Mutex::new(learnt),
            held_back: AtomicBool::new(false),
            lines: AtomicUsize::new(usize::from(shape.connections)),
            slots: Arc::new(Semaphore::new(usize::from(shape.connections))),
            waiting: Tally::default(),
            clock,
        }
    }

    /// Connections at once.
    pub(super) fn connections(&self) -> usize {
        usize::from(self.shape.connections)
    }

    /// Lines that have something to do: as many as there may be connections.
    pub(super) fn lines(&self) -> usize {
        self.lines.load(Ordering::Relaxed)
    }

    /// Room for a connection; who waits for it is served in turn.
    pub(super) fn slots(&self) -> Arc<Semaphore> {
        Arc::clone(&self.slots)
    }

    /// Whether a connection has carried as much as one may.
    pub(super) fn is_full(&self, deliveries: u64) -> bool {
        deliveries >= u64::from(self.shape.mails_per_connection)
    }

    /// Until when nothing may leave, after a complaint.
    pub(super) fn silent_until(&self, now: i64) -> Option<i64> {
        if self.relay || !self.held_back.load(Ordering::Relaxed) {
            return None;
        }
        let until = self.learnt().backoff.allowed(self.shape, now).not_before;
        (until > now).then_some(until)
    }

    /// Whether more connections are open than are allowed after a complaint.
    pub(super) fn too_many(&self, now: i64) -> bool {
        if !self.held_back.load(Ordering::Relaxed) {
            return false;
        }
        let open = self.connections().saturating_sub(self.slots.available_permits());
        open > usize::from(self.learnt().backoff.allowed(self.shape, now).connections)
    }

    /// A place in time for a mail, by the pace that is allowed now.
    pub(super) fn place(&self, now: i64) -> Gate {
        if self.shape.per_second.is_infinite() && !self.held_back.load(Ordering::Relaxed) {
            return Gate::open();
        }
        let mut learnt = self.learnt();
        let per_second = learnt.backoff.allowed(self.shape, now).per_second;
        let moment = self.clock.now();
        if per_second > learnt.rate {
            learnt.pace.hurry(per_second, moment);
        }
        learnt.rate = per_second;
        if per_second.is_infinite() {
            return Gate::open();
        }
        self.clock.gate(learnt.pace.place(per_second, moment))
    }

    /// Whether the next place, by what was learnt of complaints, is so far away that a mail should not wait for it here.
    pub(super) fn is_far(&self, now: i64) -> bool {
        if self.relay || !self.held_back.load(Ordering::Relaxed) {
            return false;
        }
        let learnt = self.learnt();
        let gap = policy::pace::NANOSECONDS as f64 / learnt.backoff.allowed(self.shape, now).per_second;
        // A place that was given out at a slower pace than today's is hurried when it is asked for.
        gap > FAR as f64 && learnt.pace.next().saturating_sub(self.clock.now()) > FAR
    }

    /// Whether nothing is known that would be missed.
    pub(super) fn is_forgotten(&self) -> bool {
        let learnt = self.learnt();
        !learnt.backoff.holds_back() && learnt.accepted.back().is_none_or(|at| at.elapsed() > FORGOTTEN)
    }

    /// A mail was taken.
    pub(super) fn accepted(&self, now: i64) {
        let mut learnt = self.learnt();
        // Enough to know what a way without limits really does when it is complained about.
        if learnt.accepted.len() >= 4_096 {
            learnt.accepted.pop_front();
        }
        learnt.accepted.push_back(Instant::now());
        if self.held_back.load(Ordering::Relaxed) {
            learnt.backoff.accepted(now);
            self.held_back.store(learnt.backoff.holds_back(), Ordering::Relaxed);
            self.lines.store(self.lines_of(&learnt, now), Ordering::Relaxed);
        }
    }

    /// A complaint. True when it is a new one.
    pub(super) fn complained(&self, wish: Wish, now: i64) -> bool {
        let mut learnt = self.learnt();
        let least = if self.relay { f64::from(self.shape.connections) * LEAST_OF_A_RELAY } else { 0.0 };
        let rate = learnt.rate().max(least);
        let wish = if self.relay { Wish::Slower } else { wish };
        self.held_back.store(true, Ordering::Relaxed);
        let new = learnt.backoff.complained(wish, self.shape, rate, now);
        self.lines.store(self.lines_of(&learnt, now), Ordering::Relaxed);
        new
    }

    fn lines_of(&self, learnt: &Learnt, now: i64) -> usize {
        usize::from(learnt.backoff.allowed(self.shape, now).connections)
    }

    /// When a delivery that cannot wait here would have its turn, behind `waiting` others and all that were put back
    /// before it.
    pub(super) fn slot(&self, waiting: usize, now: i64) -> i64 {
        let mut learnt = self.learnt();
        let allowed = learnt.backoff.allowed(self.shape, now);
        let least = if self.relay { f64::from(self.shape.connections) * LEAST_OF_A_RELAY } else { 1.0 };
        let really = learnt.rate().max(least);
        let rate = if allowed.per_second.is_finite() { allowed.per_second } else { really };
        let gap = (policy::SECOND as f64 / rate) as i64;
        let not_before = if self.relay { now } else { allowed.not_before.max(now) };
        let first = not_before.saturating_add(gap.saturating_mul(waiting as i64));
        let horizon = not_before.saturating_add(HORIZON);
        learnt.slot = learnt.slot.max(first).saturating_add(gap).min(horizon);
        // A little early: the queue should not run dry between two looks.
        (learnt.slot - policy::SECOND).max(not_before).max(now + policy::SECOND / 2)
    }

    fn learnt(&self) -> std::sync::MutexGuard<'_, Learnt> {
        self.learnt.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Learnt {
    /// Mails a second that were really taken of late.
    fn rate(&mut self) -> f64 {
        while self.accepted.front().is_some_and(|at| at.elapsed() > MEASURED) {
            self.accepted.pop_front();
        }
        let Some(first) = self.accepted.front() else { return 0.0 };
        self.accepted.len() as f64 / first.elapsed().as_secs_f64().max(0.1)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test(start_paused = true)]
    async fn what_a_provider_puts_off_has_its_turn_within_the_hour_however_many_wait() {
        let now = 1_000 * policy::HOUR;
        let limits = Limits::of_provider("gmail", 100);
        limits.complained(Wish::Trickle, now);
        let slots: Vec<i64> = (0..50_000).map(|_| limits.slot(10, now)).collect();
        assert!(slots.iter().all(|slot| *slot > now && *slot <= now + policy::HOUR), "{:?}", slots.last());
        assert!(slots[0] < slots[20], "one after the other");
        // The next day they are all gone, and nobody waits behind them.
        let tomorrow = now + 24 * policy::HOUR;
        assert!(limits.slot(0, tomorrow) < tomorrow + 2 * policy::MINUTE);
    }

    #[tokio::test(start_paused = true)]
    async fn who_would_wait_a_minute_for_a_place_does_not_wait_here() {
        let now = 1_000 * policy::HOUR;
        let limits = Limits::of_provider("gmail", 100);
        limits.complained(Wish::Trickle, now);
        assert!(!limits.is_far(now), "the first may go");
        limits.place(now).pass().await;
        assert!(limits.is_far(now));
        tokio::time::sleep(Duration::from_secs(55)).await;
        assert!(!limits.is_far(now), "soon");
    }
}
