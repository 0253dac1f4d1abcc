//! All ways out: which one a delivery takes, and the lines that work on them.

use std::borrow::Cow;
use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use instance::Instance;
use policy::provider;
use policy::spread::Spread;
use routes::{Destination, Doors, Nowhere};
use tokio::sync::{mpsc, watch};

use super::account::Account;
use super::control::Control;
use super::course::Plan;
use super::ledger::Ledger;
use super::limits::Limits;
use super::line::Line;
use super::queue::Errand;
use super::route::RouteAtWork;
use super::signers::Signers;
use super::way::Way;
use crate::model::DispatchError;

/// While our own name server does not answer, nobody is looked up sooner than this.
const DEAF: i64 = 5 * policy::MINUTE;

/// What the lines share.
#[derive(Clone)]
pub(super) struct Crew {
    pub instance: Instance,
    pub control: Arc<Control>,
    pub ledger: Ledger,
    pub signers: Signers,
    pub shutdown: watch::Receiver<bool>,
    /// Held by each line: when all are gone, nothing is on the wire any more.
    pub _alive: mpsc::Sender<()>,
}

/// Of a route, at a provider.
type ByProvider<T> = HashMap<(i64, Cow<'static, str>), Arc<T>>;

/// Every way, and what is known of each route and provider.
pub(super) struct Ways {
    pub doors: Doors,
    routes: Vec<Arc<RouteAtWork>>,
    ways: Mutex<HashMap<(i64, String), Arc<Way>>>,
    limits: Mutex<ByProvider<Limits>>,
    /// Taken away when the sender ends: no line begins after that.
    crew: Mutex<Option<Crew>>,
}

/// What there is for a delivery.
pub(super) enum Found {
    /// A way, with room in its account.
    Way(Arc<Way>, Arc<Account>),
    /// Not before this moment: held back, or a cap is used up. It counts no try.
    NotBefore(i64),
    /// Its mail servers are not known, or do not answer, for now. It counts a try.
    Later(String),
    /// There is nobody to give it to.
    Dead(u16, String),
}

impl Ways {
    pub(super) async fn open(crew: Crew) -> Result<Arc<Self>, DispatchError> {
        let instance = &crew.instance;
        let routes: Vec<_> = routes::register(instance)
            .await?
            .into_iter()
            .map(|route| Arc::new(RouteAtWork::new(route)))
            .collect();
        for route in &routes {
            route.keep_accounts(instance).await?;
        }
        Ok(Arc::new(Ways {
            doors: Doors::of(instance),
            routes,
            ways: Mutex::default(),
            limits: Mutex::default(),
            crew: Mutex::new(Some(crew)),
        }))
    }

    /// The routes a publication uses now.
    pub(super) async fn plan(&self, instance: &Instance, publication: i64) -> Result<Plan, DispatchError> {
        let chosen = routes::of_publication(instance, publication).await?;
        let (mut routes, mut weights) = (Vec::new(), Vec::new());
        for one in chosen {
            if let Some(route) = self.routes.iter().find(|route| route.route.id == one.route.id) {
                routes.push(Arc::clone(route));
                weights.push(one.weight);
            }
        }
        Ok(Plan { routes, spread: Spread::new(&weights) })
    }

    /// The way of a delivery: that of its share, or of the next route that is open.
    pub(super) async fn find(&self, plan: &Plan, dispatch: i64, seq: i64, domain: &str, now: i64) -> Found {
        let today = routes::day_of(now);
        let (mut not_before, mut later, mut down) = (None::<i64>, None::<String>, None);
        let mut sooner = |at: i64| not_before = Some(not_before.map_or(at, |other| other.min(at)));
        for place in plan.spread.order(dispatch, seq) {
            let route = &plan.routes[place];
            let there = match self.doors.destination(&route.route, domain).await {
                Ok(there) => there,
                Err(Nowhere::Dead { code, words }) => return Found::Dead(code, words),
                // No reader's domain is at fault where nobody's can be found.
                Err(Nowhere::Later { .. }) if self.doors.are_deaf().await => {
                    sooner(now.saturating_add(DEAF));
                    continue;
                }
                Err(Nowhere::Later { words }) => {
                    later = Some(words);
                    continue;
                }
            };
            let way = self.way(route, there);
            if !route.would_admit(now) {
                down = down.or(Some((way, place)));
                continue;
            }
            if !way.would_admit(now) {
                later = Some(way.words());
                continue;
            }
            if let Some(until) = way.limits.silent_until(now) {
                sooner(way.limits.slot(0, until.max(now)));
                continue;
            }
            if way.limits.is_far(now) {
                sooner(way.limits.slot(way.queue.len(), now));
                continue;
            }
            let account = route.account(&provider_of(route, &way, domain), today);
            if !account.reserve() {
                sooner(route.next_room(now));
                continue;
            }
            return Found::Way(way, account);
        }
        match (down, not_before, later) {
            // No other can take it now: it waits at the door of its own until one can. Put back, it would be claimed for
            // nothing again and again.
            (Some((way, place)), _, _) => {
                let account = plan.routes[place].account(&provider_of(&way.route, &way, domain), today);
                match account.reserve() {
                    true => Found::Way(way, account),
                    false => {
                        let room = plan.routes[place].next_room(now);
                        Found::NotBefore(not_before.map_or(room, |at| at.min(room)))
                    }
                }
            }
            (None, Some(at), _) => Found::NotBefore(at),
            (None, None, Some(words)) => Found::Later(words),
            (None, None, None) => Found::NotBefore(now + policy::MINUTE),
        }
    }

    /// Another route for what waits at one that is down, if one is open and nobody has to be asked first.
    pub(super) fn elsewhere(
        &self,
        errand: &Errand,
        not: &RouteAtWork,
        now: i64,
    ) -> Option<(Arc<Way>, Arc<Account>)> {
        let plan = errand.delivery.course.plan();
        let domain = errand.delivery.domain();
        for place in plan.spread.order(errand.delivery.dispatch(), errand.delivery.claimed.seq) {
            let route = &plan.routes[place];
            if route.route.id == not.route.id || !route.would_admit(now) {
                continue;
            }
            let Some(Ok(there)) = self.doors.known(&route.route, domain) else { continue };
            let way = self.way(route, there);
            if !way.would_admit(now) || way.limits.silent_until(now).is_some() || way.limits.is_far(now) {
                continue;
            }
            let account = route.account(&provider_of(route, &way, domain), routes::day_of(now));
            if account.reserve() {
                return Some((way, account));
            }
        }
        None
    }

    /// Whether a mail for somebody else could leave now, while one waits for room at this way.
    pub(super) fn are_hungry(&self, plan: &Plan, at: &Way, now: i64) -> bool {
        // Straight to the readers there are as many doors as mail servers.
        at.route.direct
            || plan.routes.iter().any(|route| {
                route.route.id != at.route.route.id
                    && route.would_admit(now)
                    && route.has_room()
                    && (route.direct || self.is_idle(route))
            })
    }

    /// Whether nothing waits at a relay.
    fn is_idle(&self, route: &RouteAtWork) -> bool {
        let ways = lock(&self.ways);
        ways.get(&(route.route.id, String::new())).is_none_or(|way| way.queue.is_empty())
    }

    /// Gives what waits at a way another line, if it wants one.
    pub(super) fn wake(self: &Arc<Self>, way: &Arc<Way>) {
        if !way.wants_line() {
            return;
        }
        match lock(&self.crew).clone() {
            Some(crew) => drop(tokio::spawn(Line::new(crew, Arc::clone(self), Arc::clone(way)).work())),
            None => drop(way.line_leaves()),
        }
    }

    /// Says what routes refuse to everybody, writes down what was carried, and forgets what nobody needs.
    pub(super) async fn look_after(&self, instance: &Instance) -> Result<(), DispatchError> {
        for route in &self.routes {
            route.report(instance).await?;
        }
        lock(&self.ways).retain(|_, way| !way.is_forgotten());
        lock(&self.limits).retain(|_, limits| Arc::strong_count(limits) > 1 || !limits.is_forgotten());
        Ok(())
    }

    /// Writes down what was carried, and looks how much more may be.
    pub(super) async fn keep_accounts(&self, instance: &Instance) -> Result<(), DispatchError> {
        for route in &self.routes {
            route.keep_accounts(instance).await?;
        }
        Ok(())
    }

    /// Nothing more comes: the lines end when they have emptied their queues.
    pub(super) fn close(&self) {
        lock(&self.crew).take();
        for way in lock(&self.ways).values() {
            way.queue.close();
        }
    }

    fn way(&self, route: &Arc<RouteAtWork>, there: Arc<Destination>) -> Arc<Way> {
        let mut ways = lock(&self.ways);
        if let Some(way) = ways.get(&(route.route.id, there.key.clone())) {
            way.leads(there);
            return Arc::clone(way);
        }
        let limits = self.limits(route, &there);
        let key = (route.route.id, there.key.clone());
        let way = Arc::new(Way::new(Arc::clone(route), there, limits));
        ways.insert(key, Arc::clone(&way));
        way
    }

    fn limits(&self, route: &RouteAtWork, there: &Destination) -> Arc<Limits> {
        let mut limits = lock(&self.limits);
        let connections = route.route.config.connections;
        let new = || match route.direct {
            true => Limits::of_provider(&there.provider, connections),
            false => Limits::of_relay(connections),
        };
        let limits =
            limits.entry((route.route.id, there.provider.clone())).or_insert_with(|| Arc::new(new()));
        Arc::clone(limits)
    }
}

/// Whom a mail counts for.
fn provider_of(route: &RouteAtWork, way: &Way, domain: &str) -> Cow<'static, str> {
    if route.direct { way.there().provider.clone() } else { Cow::Borrowed(provider::of_domain(domain)) }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
