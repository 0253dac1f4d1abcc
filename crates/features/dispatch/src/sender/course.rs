//! What a dispatch's deliveries have in common beside their letter: the routes it may take, and how fast it may.

use std::sync::atomic::{AtomicBool, AtomicI64, Ordering};
use std::sync::{Arc, PoisonError, RwLock};
use std::time::Duration;

use policy::spread::Spread;
use tokio::time::Instant;

use super::control::Control;
use super::pace::Pace;
use super::route::RouteAtWork;
use super::tally::{Counted, Tally};
use crate::model::Dispatch;

/// A rate that changes with what is left is looked at again after this.
const AGAIN: Duration = Duration::from_millis(250);

/// The routes of a publication, and how mails are spread over them.
pub(super) struct Plan {
    pub routes: Vec<Arc<RouteAtWork>>,
    pub spread: Spread,
}

/// A dispatch under way.
pub(super) struct Course {
    pub dispatch: i64,
    plan: RwLock<Arc<Plan>>,
    /// When its window closes, microseconds UTC.
    window: Option<i64>,
    /// Deliveries that have not set out yet, as far as is known.
    left: AtomicI64,
    pace: Pace,
    /// Whether there is more than what is under way: whoever waits then stands in somebody's way.
    more: AtomicBool,
    /// Chunks of which something waits for room.
    parked: Tally,
}

impl Course {
    pub(super) fn new(dispatch: &Dispatch, plan: Plan) -> Self {
        let window = dispatch
            .started_at
            .filter(|_| dispatch.spread_over > 0)
            .map(|started| started.saturating_add(dispatch.spread_over));
        Course {
            dispatch: dispatch.id,
            plan: RwLock::new(Arc::new(plan)),
            window,
            left: AtomicI64::new(dispatch.readers),
            pace: Pace::of(None),
            more: AtomicBool::new(true),
            parked: Tally::default(),
        }
    }

    pub(super) fn plan(&self) -> Arc<Plan> {
        Arc::clone(&self.plan.read().unwrap_or_else(PoisonError::into_inner))
    }

    /// The author may choose other routes while it is under way.
    pub(super) fn follow(&self, plan: Plan) {
        *self.plan.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(plan);
    }

    /// Whether it is spread over a window of time.
    pub(super) const fn has_window(&self) -> bool {
        self.window.is_some()
    }

    /// So many have not set out yet.
    pub(super) fn are_left(&self, left: i64) {
        self.left.store(left, Ordering::Relaxed);
    }

    /// Something of another chunk waits for room.
    pub(super) fn is_parking(&self) -> Counted {
        self.parked.add()
    }

    /// Chunks of which something waits for room.
    pub(super) fn parked(&self) -> usize {
        self.parked.count()
    }

    pub(super) fn has_more(&self) -> bool {
        self.more.load(Ordering::Relaxed)
    }

    pub(super) fn set_more(&self, more: bool) {
        self.more.store(more, Ordering::Relaxed);
    }

    /// Waits for this dispatch's turn. False when it may not send any more.
    pub(super) async fn turn(&self, control: &Control, now: impl Fn() -> i64) -> bool {
        let Some(end) = self.window else { return true };
        let mut changes = control.changes();
        let begun = Instant::now();
        loop {
            if !control.may_send(self.dispatch) {
                return false;
            }
            let left = self.left.load(Ordering::Relaxed).max(1);
            let rate = policy::window::rate(left, now(), end).unwrap_or(f64::INFINITY);
            let Err(wait) = self.pace.take_turn(rate) else {
                self.left.fetch_sub(1, Ordering::Relaxed);
                return true;
            };
            tracing::trace!(dispatch = self.dispatch, waited = ?begun.elapsed(), "waiting for the window");
            tokio::select! {
                () = tokio::time::sleep(wait.min(AGAIN)) => {}
                _ = changes.changed() => {}
            }
        }
    }
}
