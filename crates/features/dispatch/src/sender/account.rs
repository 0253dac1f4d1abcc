//! What a route carries to a provider today, and how much more it may.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use policy::delivery::DeliveryState;
use routes::Carried;

use super::ledger::Move;

/// A number of mails that may not be passed. Reserved when a mail sets out, since many are under way at once.
#[derive(Debug)]
pub(super) struct Cap {
    /// Mails that may still leave: those of the last look into the database without the ones that set out since. One
    /// number, so that a look changes it at once.
    left: AtomicI64,
    /// What the last look into the database left over. Only who looks changes it.
    room: AtomicI64,
}

/// As many as one likes; far from the ends of the numbers.
const NO_CAP: i64 = i64::MAX / 4;

impl Cap {
    pub(super) const fn none() -> Self {
        Cap { left: AtomicI64::new(NO_CAP), room: AtomicI64::new(NO_CAP) }
    }

    /// Takes one of the mails that may leave.
    fn reserve(&self) -> bool {
        if self.left.fetch_sub(1, Ordering::SeqCst) > 0 {
            return true;
        }
        self.give_back();
        false
    }

    fn give_back(&self) {
        self.left.fetch_add(1, Ordering::SeqCst);
    }

    pub(super) fn has_room(&self) -> bool {
        self.left.load(Ordering::SeqCst) > 0
    }

    /// After a look into the database, which has `counted` more mails of ours than at the last one.
    pub(super) fn renew(&self, room: Option<i64>, counted: i64) {
        let room = room.unwrap_or(NO_CAP);
        let was = self.room.swap(room, Ordering::SeqCst);
        self.left.fetch_add(room - was + counted, Ordering::SeqCst);
    }
}

/// A route's account with a provider.
#[derive(Debug)]
pub(super) struct Account {
    pub provider: String,
    pub route: i64,
    /// Of the route, for all providers.
    daily: Arc<Cap>,
    /// Of its warm-up, for this one.
    pub warm_up: Cap,
    /// Whether a cap goes by it: then it is written down together with the ledger.
    capped: bool,
    carried: Mutex<Carried>,
    /// Mails that were written down with the ledger, and that the caps do not know of yet.
    written: AtomicI64,
}

impl Account {
    pub(super) fn new(provider: &str, route: i64, daily: Arc<Cap>, warm_up: Cap, capped: bool) -> Self {
        let provider = provider.to_owned();
        let (carried, written) = (Mutex::default(), AtomicI64::new(0));
        Account { provider, route, daily, warm_up, capped, carried, written }
    }

    /// A mail sets out; false where a cap is used up.
    pub(super) fn reserve(&self) -> bool {
        if !self.daily.reserve() {
            return false;
        }
        if self.warm_up.reserve() {
            return true;
        }
        self.daily.give_back();
        false
    }

    /// It did not leave, or was not judged.
    pub(super) fn give_back(&self) {
        self.daily.give_back();
        self.warm_up.give_back();
    }

    /// What the provider said of a mail. What comes back is to be written down together with the move.
    pub(super) fn judged(&self, entry: &Move) -> Option<Carried> {
        let by_server = entry.code.is_some();
        let mut one = Carried::default();
        match entry.state {
            DeliveryState::Accepted => one.accepted = 1,
            DeliveryState::Failed if by_server => one.bounced = 1,
            // Nobody knows: counted as carried, so that a cap is rather kept than passed.
            DeliveryState::InDoubt => one.accepted = 1,
            DeliveryState::Deferred if entry.doubts > 0 => one.accepted = 1,
            DeliveryState::Deferred if by_server => one.deferred = 1,
            _ => {}
        }
        if one.accepted + one.bounced == 0 {
            self.give_back();
        }
        if one == Carried::default() {
            return None;
        }
        if self.capped {
            return Some(one);
        }
        self.put_back(one);
        None
    }

    /// It stands in the database, with the ledger.
    pub(super) fn was_written(&self, carried: Carried) {
        self.written.fetch_add(carried.accepted + carried.bounced, Ordering::SeqCst);
    }

    /// What was written with the ledger since the last time.
    pub(super) fn take_written(&self) -> i64 {
        self.written.swap(0, Ordering::SeqCst)
    }

    /// Whether the database knows everything that this knows.
    pub(super) fn is_written(&self) -> bool {
        self.written.load(Ordering::SeqCst) == 0 && *self.carried() == Carried::default()
    }

    /// What was carried since the last time.
    pub(super) fn take(&self) -> Carried {
        std::mem::take(&mut *self.carried())
    }

    /// To be written down later.
    pub(super) fn put_back(&self, carried: Carried) {
        let mut now = self.carried();
        now.accepted += carried.accepted;
        now.deferred += carried.deferred;
        now.bounced += carried.bounced;
    }

    fn carried(&self) -> std::sync::MutexGuard<'_, Carried> {
        self.carried.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Accounts of a route, by provider.
pub(super) type Accounts = Mutex<BTreeMap<String, Arc<Account>>>;
