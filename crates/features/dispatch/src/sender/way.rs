//! A way: one route to one destination, with its own queue and its own lines.
//!
//! A relay is one destination. By a route that goes straight to the readers, all domains with the same mail servers
//! are one, made when it is needed and forgotten when nothing has gone there for a while.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use policy::breaker::{Admission, Breaker, EXCHANGER};
use policy::shaping::Wish;
use routes::Destination;
use tokio::time::Instant;

use super::limits::Limits;
use super::queue::Queue;
use super::route::RouteAtWork;

/// A way that carried nothing for so long is forgotten.
const FORGOTTEN: Duration = Duration::from_secs(120);

/// One route to one destination.
pub(super) struct Way {
    pub route: Arc<RouteAtWork>,
    there: Mutex<Arc<Destination>>,
    pub limits: Arc<Limits>,
    pub queue: Queue,
    /// Of the destination; a relay has that of its route.
    breaker: Option<Mutex<Breaker>>,
    /// What the destination last said to everybody.
    words: Mutex<Option<String>>,
    lines: AtomicUsize,
    used: Mutex<Instant>,
}

impl Way {
    pub(super) fn new(route: Arc<RouteAtWork>, there: Arc<Destination>, limits: Arc<Limits>) -> Self {
        Way {
            breaker: route.direct.then(|| Mutex::new(Breaker::new(EXCHANGER))),
            there: Mutex::new(there),
            queue: Queue::new(limits.connections() * 2, route.direct.then(|| route.at_hand.clone())),
            limits,
            words: Mutex::default(),
            lines: AtomicUsize::new(0),
            used: Mutex::new(Instant::now()),
            route,
        }
    }

    /// Where it leads.
    pub(super) fn there(&self) -> Arc<Destination> {
        Arc::clone(&lock(&self.there))
    }

    /// The same servers, perhaps with new addresses.
    pub(super) fn leads(&self, there: Arc<Destination>) {
        let mut now = lock(&self.there);
        if !Arc::ptr_eq(&now, &there) {
            *now = there;
        }
    }

    /// Whether the destination may be tried now, as far as it alone decides.
    pub(super) fn would_admit(&self, now: i64) -> bool {
        self.breaker.as_ref().is_none_or(|breaker| lock(breaker).would_admit(now))
    }

    /// Whether a connection may be tried now.
    pub(super) fn admit(&self, now: i64) -> Admission {
        let by_route = self.route.admit(now);
        let (Some(breaker), Admission::Pass | Admission::Probe) = (&self.breaker, by_route) else {
            return by_route;
        };
        match (lock(breaker).admit(now), by_route) {
            (Admission::Wait(until), Admission::Probe) => {
                self.route.gave_up(now);
                Admission::Wait(until)
            }
            (Admission::Pass, by_route) => by_route,
            (by_destination, _) => by_destination,
        }
    }

    /// The probe ended without a word about the way.
    pub(super) fn gave_up(&self, now: i64) {
        self.route.gave_up(now);
        if let Some(breaker) = &self.breaker {
            lock(breaker).gave_up(now);
        }
    }

    pub(super) fn works(&self) {
        self.route.works();
        if let Some(breaker) = &self.breaker {
            lock(breaker).succeeded();
        }
    }

    pub(super) fn fails(&self, now: i64, why: &str) {
        self.route.fails(now, why);
        if let Some(breaker) = &self.breaker {
            lock(breaker).failed(now);
            *lock(&self.words) = Some(why.to_owned());
        }
    }

    /// What the destination last said to everybody.
    pub(super) fn words(&self) -> String {
        lock(&self.words).clone().unwrap_or_else(|| "the mail server does not answer".to_owned())
    }

    /// It was asked to slow down.
    pub(super) fn complained(&self, wish: Wish, now: i64, words: &str) {
        if self.limits.complained(wish, now) {
            let route = &self.route.route.config.name;
            tracing::info!(route, provider = %self.there().provider, ?wish, words, "asked to slow down");
        }
    }

    /// Whether one more line is wanted for what waits; then it counts as one.
    pub(super) fn wants_line(&self) -> bool {
        let most = self.limits.lines();
        let count = self.lines.load(Ordering::SeqCst);
        count < most
            && (count == 0 || !self.queue.is_empty())
            && self.lines.compare_exchange(count, count + 1, Ordering::SeqCst, Ordering::SeqCst).is_ok()
    }

    /// A line ends; false when it has to stay, since something came in this moment.
    pub(super) fn line_leaves(&self) -> bool {
        self.lines.fetch_sub(1, Ordering::SeqCst);
        *lock(&self.used) = Instant::now();
        if self.queue.is_empty() {
            return true;
        }
        self.lines.fetch_add(1, Ordering::SeqCst);
        false
    }

    /// A line ends and leaves what waits to the others; false when it is the last one.
    pub(super) fn line_gives_way(&self) -> bool {
        self.lines
            .fetch_update(Ordering::SeqCst, Ordering::SeqCst, |count| (count > 1).then(|| count - 1))
            .is_ok()
    }

    /// Whether somebody who goes elsewhere waits for the room that a connection takes.
    pub(super) fn is_wanted(&self) -> bool {
        self.route.direct && (self.limits.waiting.count() > 0 || self.route.waiting.count() > 0)
    }

    /// Whether it can be forgotten.
    pub(super) fn is_forgotten(&self) -> bool {
        self.route.direct
            && self.lines.load(Ordering::SeqCst) == 0
            && self.queue.is_empty()
            && lock(&self.used).elapsed() > FORGOTTEN
            && !self.is_down()
    }

    fn is_down(&self) -> bool {
        self.breaker.as_ref().is_some_and(|breaker| lock(breaker).open_until().is_some())
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
