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
    /// Mails that may leave, as of the last look into the database; `i64::MAX`: as many as one likes.
    room: AtomicI64,
    /// Of these, the ones under way and those carried since.
    used: AtomicI64,
}

impl Cap {
    pub(super) const fn none() -> Self {
        Cap { room: AtomicI64::new(i64::MAX), used: AtomicI64::new(0) }
    }

    /// Takes one of the mails that may leave.
    fn reserve(&self) -> bool {
        let room = self.room.load(Ordering::SeqCst);
        if self.used.fetch_add(1, Ordering::SeqCst) < room {
            return true;
        }
        self.give_back(1);
        false
    }

    fn give_back(&self, mails: i64) {
        self.used.fetch_sub(mails, Ordering::SeqCst);
    }

    /// After a look into the database, which has `counted` more mails than at the last one.
    pub(super) fn renew(&self, room: Option<i64>, counted: i64) {
        self.give_back(counted);
        self.room.store(room.unwrap_or(i64::MAX), Ordering::SeqCst);
    }
}

/// A route's account with a provider.
#[derive(Debug)]
pub(super) struct Account {
    pub provider: String,
    /// Of the route, for all providers.
    daily: Arc<Cap>,
    /// Of its warm-up, for this one.
    pub warm_up: Cap,
    carried: Mutex<Carried>,
}

impl Account {
    pub(super) fn new(provider: &str, daily: Arc<Cap>, warm_up: Cap) -> Self {
        Account { provider: provider.to_owned(), daily, warm_up, carried: Mutex::default() }
    }

    /// A mail sets out; false where a cap is used up.
    pub(super) fn reserve(&self) -> bool {
        if !self.daily.reserve() {
            return false;
        }
        if self.warm_up.reserve() {
            return true;
        }
        self.daily.give_back(1);
        false
    }

    /// It did not leave, or was not judged.
    pub(super) fn give_back(&self) {
        self.daily.give_back(1);
        self.warm_up.give_back(1);
    }

    /// What the provider said of a mail.
    pub(super) fn judged(&self, entry: &Move) {
        let by_server = entry.code.is_some();
        let mut carried = self.carried();
        match entry.state {
            DeliveryState::Accepted => carried.accepted += 1,
            DeliveryState::Failed if by_server => carried.bounced += 1,
            // Nobody knows: counted as carried, so that a cap is rather kept than passed.
            DeliveryState::InDoubt => carried.accepted += 1,
            DeliveryState::Deferred if by_server => {
                carried.deferred += 1;
                drop(carried);
                self.give_back();
            }
            _ => {
                drop(carried);
                self.give_back();
            }
        }
    }

    /// What was carried since the last time.
    pub(super) fn take(&self) -> Carried {
        std::mem::take(&mut *self.carried())
    }

    /// What could not be written down is counted again later.
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
