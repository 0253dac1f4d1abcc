//! A route at work: whether it answers, what it last refused to everybody, how fast it may, what it carried today.

pub(super) use routes::told;
use std::collections::BTreeMap;
use std::sync::atomic::{AtomicBool, AtomicI64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use instance::Instance;
use policy::breaker::{Admission, Breaker, RELAY, WORLD};
use policy::warmup::Day;
use routes::{Carried, Route, RoutesError};
use tokio::sync::Semaphore;

use super::account::{Account, Accounts, Cap};
use super::pace::Pace;
use super::tally::Tally;

/// Who is refused as if nobody could be mailed: so many domains in a row, or so many readers, are everybody.
const SEVERAL_DOMAINS: usize = 3;
const MANY_READERS: u32 = 100;

/// Readers to whom a relay did not want to carry since it last took a mail.
#[derive(Debug, Default)]
struct Unwanted {
    domains: Vec<String>,
    readers: u32,
}

/// A route, shared by all its ways.
pub(super) struct RouteAtWork {
    pub route: Route,
    /// Whether it leads straight to the readers' mail servers.
    pub direct: bool,
    breaker: Mutex<Breaker>,
    /// What it refuses to all; told to the database when it changes.
    trouble: Mutex<(Option<String>, bool)>,
    unwanted: Mutex<Unwanted>,
    has_unwanted: AtomicBool,
    /// "N a second", for all its ways together.
    pub pace: Pace,
    /// Room for connections, of all its ways together.
    slots: Arc<Semaphore>,
    /// Lines that wait for room for a connection.
    pub waiting: Tally,
    /// Deliveries in queues and at lines, where it leads straight to the readers.
    pub at_hand: Tally,
    /// The day for which the caps were looked at.
    day: AtomicI64,
    daily: Arc<Cap>,
    accounts: Accounts,
    days: Mutex<BTreeMap<String, Vec<Day>>>,
}

impl RouteAtWork {
    pub(super) fn new(route: Route) -> Self {
        let direct = route.out.is_direct();
        RouteAtWork {
            direct,
            breaker: Mutex::new(Breaker::new(if direct { WORLD } else { RELAY })),
            // Nothing is known yet: an old trouble in the database is told to be over.
            trouble: Mutex::new((None, true)),
            unwanted: Mutex::default(),
            has_unwanted: AtomicBool::new(false),
            pace: Pace::of(route.config.rate),
            slots: Arc::new(Semaphore::new(usize::from(route.config.connections.max(1)))),
            waiting: Tally::default(),
            at_hand: Tally::default(),
            day: AtomicI64::new(i64::MIN),
            daily: Arc::new(Cap::none()),
            accounts: Mutex::default(),
            days: Mutex::default(),
            route,
        }
    }

    /// Whether a connection may be tried now.
    pub(super) fn admit(&self, now: i64) -> Admission {
        self.breaker().admit(now)
    }

    /// The same, without trying one.
    pub(super) fn would_admit(&self, now: i64) -> bool {
        self.breaker().would_admit(now)
    }

    /// The probe ended without a word about the route.
    pub(super) fn gave_up(&self, now: i64) {
        self.breaker().gave_up(now);
    }

    pub(super) fn works(&self) {
        self.breaker().succeeded();
        self.note(None);
        // For each mail: only a look, as long as there is nothing to be forgotten.
        if self.has_unwanted.load(Ordering::Relaxed) && self.has_unwanted.swap(false, Ordering::SeqCst) {
            *self.unwanted.lock().unwrap_or_else(PoisonError::into_inner) = Unwanted::default();
        }
    }

    /// A relay took the sender and then refused a reader as if it carried for nobody. Whether it says so to everybody:
    /// one who is told so alone must not close the way to all others.
    pub(super) fn refuses_all(&self, domain: &str) -> bool {
        let mut unwanted = self.unwanted.lock().unwrap_or_else(PoisonError::into_inner);
        self.has_unwanted.store(true, Ordering::SeqCst);
        unwanted.readers = unwanted.readers.saturating_add(1);
        if unwanted.domains.len() < SEVERAL_DOMAINS && !unwanted.domains.iter().any(|one| one == domain) {
            unwanted.domains.push(domain.to_owned());
        }
        unwanted.domains.len() >= SEVERAL_DOMAINS || unwanted.readers >= MANY_READERS
    }

    pub(super) fn fails(&self, now: i64, why: &str) {
        let down = {
            let mut breaker = self.breaker();
            breaker.failed(now);
            breaker.open_until().is_some()
        };
        // One of thousands of mail servers that is down is no trouble of the route.
        if (!self.direct || down) && self.note(Some(why.to_owned())) {
            // Once, not for each connection and each try: it is over when the words change or a mail gets through.
            tracing::warn!(route = self.route.config.name, out = %self.route.out, why, "the route cannot be used");
        }
    }

    /// Whether this is new.
    fn note(&self, why: Option<String>) -> bool {
        let mut trouble = self.trouble_now();
        let new = trouble.0 != why;
        if new {
            *trouble = (why, true);
        }
        new
    }

    /// What it refuses to everybody.
    pub(super) fn trouble(&self) -> Option<String> {
        self.trouble_now().0.clone()
    }

    /// Puts the present trouble, or its end, where the desk shows it.
    pub(super) async fn report(&self, instance: &Instance) -> Result<(), RoutesError> {
        let (why, news) = self.trouble_now().clone();
        if news {
            routes::note(instance, self.route.id, why.as_deref()).await?;
            let mut trouble = self.trouble_now();
            trouble.1 &= trouble.0 != why;
        }
        Ok(())
    }

    /// Room for a connection; who waits for it is served in turn.
    pub(super) fn slots(&self) -> Arc<Semaphore> {
        Arc::clone(&self.slots)
    }

    /// Whether a cap limits it.
    pub(super) fn is_capped(&self) -> bool {
        self.route.config.daily_cap.is_some() || self.route.config.warm_up.is_some()
    }

    /// Whether it may carry something today, to somebody.
    pub(super) fn has_room(&self) -> bool {
        self.daily.has_room()
    }

    /// When to ask again where a cap is used up: the day after, but soon where the cap is that of yesterday.
    pub(super) fn next_room(&self, now: i64) -> i64 {
        if self.day.load(Ordering::SeqCst) < routes::day_of(now) {
            return now.saturating_add(policy::SECOND);
        }
        routes::next_day(now)
    }

    /// The account with a provider.
    pub(super) fn account(&self, provider: &str, today: i64) -> Arc<Account> {
        let mut accounts = self.accounts.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(account) = accounts.get(provider) {
            return Arc::clone(account);
        }
        let warm_up = Cap::none();
        let days = self.days();
        let of_provider = days.get(provider).map(Vec::as_slice).unwrap_or_default();
        warm_up.renew(routes::warm_room(&self.route, today, of_provider), 0);
        let account = Arc::new(Account::new(
            provider,
            self.route.id,
            Arc::clone(&self.daily),
            warm_up,
            self.is_capped(),
        ));
        accounts.insert(provider.to_owned(), Arc::clone(&account));
        account
    }

    /// Writes down what was carried since the last time, and looks how much more may be.
    pub(super) async fn keep_accounts(&self, instance: &Instance) -> Result<(), RoutesError> {
        let accounts: Vec<_> =
            self.accounts.lock().unwrap_or_else(PoisonError::into_inner).values().cloned().collect();
        let taken: Vec<_> = accounts.iter().map(|account| (Arc::clone(account), account.take())).collect();
        let today = routes::day_of(instance.now_us());
        let carried: BTreeMap<_, _> = taken
            .iter()
            .filter(|(_, carried)| *carried != Carried::default())
            .map(|(account, carried)| ((self.route.id, account.provider.clone()), *carried))
            .collect();
        if !carried.is_empty()
            && let Err(error) = routes::count(instance, today, &carried).await
        {
            for (account, carried) in taken {
                account.put_back(carried);
            }
            return Err(error);
        }
        drop(taken);
        if !self.is_capped() {
            self.forget_accounts();
            return Ok(());
        }
        // Before the look: what is written meanwhile is rather counted twice until the next one than not at all.
        let written: Vec<_> = accounts.iter().map(|account| (account, account.take_written())).collect();
        let days = routes::days(instance, &self.route).await?;
        let mut all = 0;
        for (account, counted) in written {
            all += counted;
            let of_provider = days.get(&account.provider).map(Vec::as_slice).unwrap_or_default();
            account.warm_up.renew(routes::warm_room(&self.route, today, of_provider), counted);
        }
        self.daily.renew(routes::daily_room(&self.route, today, &days), all);
        *self.days() = days;
        self.day.store(today, Ordering::SeqCst);
        drop(accounts);
        self.forget_accounts();
        Ok(())
    }

    /// Straight to the readers there are as many providers as mail servers: what is written down need not be kept here.
    fn forget_accounts(&self) {
        if self.direct {
            let mut accounts = self.accounts.lock().unwrap_or_else(PoisonError::into_inner);
            accounts.retain(|_, account| Arc::strong_count(account) > 1 || !account.is_written());
        }
    }

    fn days(&self) -> MutexGuard<'_, BTreeMap<String, Vec<Day>>> {
        self.days.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn trouble_now(&self) -> MutexGuard<'_, (Option<String>, bool)> {
        self.trouble.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn breaker(&self) -> MutexGuard<'_, Breaker> {
        self.breaker.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
