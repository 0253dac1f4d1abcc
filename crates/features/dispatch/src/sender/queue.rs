//! Deliveries that wait for a line of their way: few, first in first out, and who puts one in waits in turn.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, PoisonError};

use tokio::sync::Semaphore;

use super::account::Account;
use super::delivery::Delivery;
use super::tally::{Counted, Tally};

/// A delivery that has found its way, and what keeps count of it there.
#[derive(Clone)]
pub(super) struct Errand {
    pub delivery: Delivery,
    pub account: Arc<Account>,
    /// As long as it is in a queue or at a line, where those are counted.
    at_hand: Option<Arc<Counted>>,
}

impl Errand {
    pub(super) fn new(delivery: Delivery, account: Arc<Account>) -> Self {
        Errand { delivery, account, at_hand: None }
    }
}

/// What waits at a way.
pub(super) struct Queue {
    waiting: Mutex<VecDeque<(Errand, bool)>>,
    room: Semaphore,
    items: Semaphore,
    /// What is in it is counted here.
    at_hand: Option<Tally>,
}

impl Queue {
    /// A queue with room for so many.
    pub(super) fn new(room: usize, at_hand: Option<Tally>) -> Self {
        Queue {
            // There may be a queue for each of 100,000 domains: room is made when it is needed.
            waiting: Mutex::default(),
            room: Semaphore::new(room),
            items: Semaphore::new(0),
            at_hand,
        }
    }

    /// Puts one in, if there is room now; else it comes back.
    pub(super) fn try_put(&self, errand: Errand) -> Option<Errand> {
        match self.room.try_acquire() {
            Ok(permit) => {
                permit.forget();
                self.push(errand, true);
                None
            }
            Err(_) => Some(errand),
        }
    }

    /// Waits for room, which then is taken. May be dropped at any time.
    pub(super) async fn room(&self) -> Option<Room<'_>> {
        self.room.acquire().await.ok().map(|permit| Room { queue: self, permit })
    }

    /// Puts one in whether there is room or not: it comes from a way that is down, which held few.
    pub(super) fn squeeze_in(&self, errand: Errand) {
        self.push(errand, false);
    }

    /// Puts one back that was taken: it is the next again.
    pub(super) fn put_first(&self, errand: Errand) {
        self.lock().push_front((errand, false));
        self.items.add_permits(1);
    }

    /// The next, as soon as there is one; nothing when the queue is closed and empty.
    pub(super) async fn take(&self) -> Option<Errand> {
        if let Ok(permit) = self.items.acquire().await {
            permit.forget();
        }
        self.pop()
    }

    /// Nothing comes any more.
    pub(super) fn close(&self) {
        self.items.close();
        self.room.close();
    }

    pub(super) fn is_empty(&self) -> bool {
        self.lock().is_empty()
    }

    pub(super) fn len(&self) -> usize {
        self.lock().len()
    }

    fn push(&self, mut errand: Errand, counted: bool) {
        if let Some(tally) = &self.at_hand {
            errand.at_hand.get_or_insert_with(|| Arc::new(tally.add()));
        }
        self.lock().push_back((errand, counted));
        self.items.add_permits(1);
    }

    fn pop(&self) -> Option<Errand> {
        let (errand, counted) = self.lock().pop_front()?;
        if counted {
            self.room.add_permits(1);
        }
        Some(errand)
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, VecDeque<(Errand, bool)>> {
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Room for one in a queue.
pub(super) struct Room<'a> {
    queue: &'a Queue,
    permit: tokio::sync::SemaphorePermit<'a>,
}

impl Room<'_> {
    pub(super) fn put(self, errand: Errand) {
        self.permit.forget();
        self.queue.push(errand, true);
    }
}
