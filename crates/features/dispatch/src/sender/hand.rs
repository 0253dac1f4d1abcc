//! Handing the deliveries of a chunk to their ways.
//!
//! A delivery whose way has no room waits here, and does not keep those behind it from other ways. When others could
//! be sent meanwhile it is put back as waiting, with the moment at which its turn comes.

use std::collections::{HashSet, VecDeque};
use std::sync::Arc;
use std::time::Duration;

use instance::Instance;
use policy::delivery::DeliveryState;
use tokio::task::JoinSet;

use super::chunk::Lease;
use super::control::Control;
use super::course::Course;
use super::delivery::{Claimed, Delivery};
use super::ledger::{Ledger, Move};
use super::outcome;
use super::press::Press;
use super::queue::Errand;
use super::route::RouteAtWork;
use super::tally::Counted;
use super::way::Way;
use super::ways::{Found, Ways};

/// Domains that are looked up at once.
const LOOK_UPS: usize = 40;
/// Who waits for room looks around again after this.
const AGAIN: Duration = Duration::from_millis(250);
/// Who waits for memory looks again after this.
const SOON: Duration = Duration::from_millis(20);
/// Deliveries of a route straight to the readers that are in queues or at lines: beyond, the next ones wait.
const MOST_AT_HAND: usize = 1_000;
/// Chunks of a dispatch that may wait for room while others could be sent; beyond, deliveries are put back, since
/// memory is not a ledger.
pub(super) const MOST_PARKED: usize = 8;

/// What hands deliveries on.
#[derive(Clone)]
pub(super) struct Hand {
    pub instance: Instance,
    pub ways: Arc<Ways>,
    pub control: Arc<Control>,
    pub ledger: Ledger,
}

impl Hand {
    /// Hands a chunk on, as fast as the ways take it. What found no room comes back, and what may not leave goes back.
    pub(super) async fn hand_on(
        self,
        course: Arc<Course>,
        press: Arc<Press>,
        claimed: Vec<Claimed>,
        lease: Arc<Lease>,
    ) -> Option<Parked> {
        let mut left = claimed.len();
        self.look_up(&course, &claimed).await;
        let mut waiting = VecDeque::new();
        for claimed in claimed {
            if !course.turn(&self.control, || self.instance.now_us()).await
                || !self.control.may_send(course.dispatch)
            {
                break;
            }
            let delivery = Delivery {
                course: Arc::clone(&course),
                press: Arc::clone(&press),
                lease: Arc::clone(&lease),
                claimed,
            };
            left -= 1;
            waiting.extend(self.send_off(delivery, &course).await);
        }
        if left > 0 {
            lease.give_back(left, &self.ledger).await;
        }
        let stay = course.is_parking();
        (!waiting.is_empty()).then(|| Parked { hand: self, waiting, course, lease, _stay: stay })
    }

    /// Gives a delivery to its way, or writes down why not. It comes back where its way has no room.
    async fn send_off(&self, delivery: Delivery, course: &Course) -> Option<(Errand, Arc<Way>)> {
        let now = self.instance.now_us();
        let plan = course.plan();
        let (dispatch, seq) = (delivery.dispatch(), delivery.claimed.seq);
        if delivery.claimed.email.is_none() {
            self.write(&delivery, outcome::unmade(&delivery, "the reader was deleted")).await;
            return None;
        }
        match self.ways.find(&plan, dispatch, seq, delivery.domain(), now).await {
            Found::Way(way, account) => {
                let errand = Errand::new(delivery, account);
                // With one way there is nobody to let pass.
                if let [only] = plan.routes.as_slice()
                    && !only.direct
                {
                    return self.put(errand, &way).await.map(|errand| (errand, way));
                }
                if way.route.direct && !self.has_memory(&way.route, dispatch).await {
                    return Some((errand, way));
                }
                let parked = way.queue.try_put(errand);
                self.ways.wake(&way);
                parked.map(|errand| (errand, way))
            }
            Found::NotBefore(at) => {
                self.write(&delivery, outcome::waiting(&delivery, at)).await;
                None
            }
            Found::Later(words) => {
                let later = outcome::later(&delivery, &words, now);
                self.write(&delivery, Move { tries: 1, ..later }).await;
                None
            }
            Found::Dead(code, words) => {
                let dead = Move { code: Some(code), tries: 1, ..outcome::unmade(&delivery, &words) };
                self.write(&delivery, dead).await;
                None
            }
        }
    }

    /// Waits until not too many are under way straight to the readers: each mail server has a queue of its own, and of
    /// those there are as many as there are domains. False when the mail may not leave any more.
    async fn has_memory(&self, route: &RouteAtWork, dispatch: i64) -> bool {
        let mut changes = self.control.changes();
        while route.at_hand.count() >= MOST_AT_HAND {
            tokio::select! {
                () = tokio::time::sleep(SOON) => {}
                _ = changes.changed() => {}
            }
            if !self.control.may_send(dispatch) {
                return false;
            }
        }
        true
    }

    /// Puts an errand into the queue of its way as soon as there is room. It comes back when it may not leave any more.
    async fn put(&self, errand: Errand, way: &Arc<Way>) -> Option<Errand> {
        let mut changes = self.control.changes();
        loop {
            tokio::select! {
                room = way.queue.room() => {
                    let Some(room) = room else { return Some(errand) };
                    room.put(errand);
                    self.ways.wake(way);
                    return None;
                }
                _ = changes.changed() => {
                    if !self.control.may_send(errand.delivery.dispatch()) {
                        return Some(errand);
                    }
                }
            }
        }
    }

    /// Looks the mail servers of all domains of a chunk up beforehand, many at once.
    async fn look_up(&self, course: &Course, claimed: &[Claimed]) {
        let plan = course.plan();
        let Some(route) = plan.routes.iter().find(|route| route.direct) else { return };
        let mut domains: HashSet<&str> = claimed.iter().map(Claimed::domain).collect();
        domains.retain(|domain| self.ways.doors.known(&route.route, domain).is_none());
        let mut changes = self.control.changes();
        let mut asking = JoinSet::new();
        let mut domains = domains.into_iter();
        loop {
            while asking.len() < LOOK_UPS
                && let Some(domain) = domains.next()
            {
                let (ways, route, domain) = (Arc::clone(&self.ways), Arc::clone(route), domain.to_owned());
                // What was found is remembered at the door.
                asking.spawn(async move { drop(ways.doors.destination(&route.route, &domain).await) });
            }
            tokio::select! {
                asked = asking.join_next() => {
                    if asked.is_none() {
                        return;
                    }
                }
                _ = changes.changed() => {}
            }
            // A name server that takes its time keeps nobody from stopping.
            if !self.control.may_send(course.dispatch) {
                return;
            }
        }
    }

    async fn write(&self, delivery: &Delivery, entry: Move) {
        debug_assert_ne!(entry.state, DeliveryState::Accepted);
        if self.ledger.write(entry).await.is_ok() {
            delivery.lease.done(&self.ledger).await;
        }
    }
}

/// Deliveries of a chunk whose ways had no room. Others are claimed and handed on meanwhile.
pub(super) struct Parked {
    hand: Hand,
    waiting: VecDeque<(Errand, Arc<Way>)>,
    course: Arc<Course>,
    lease: Arc<Lease>,
    _stay: Counted,
}

impl Parked {
    /// Waits for room, or puts back as waiting what stands in others' way, and gives back what may not leave any more.
    pub(super) async fn wait_for_room(mut self) {
        let mut changes = self.hand.control.changes();
        let mut back = 0;
        while !self.waiting.is_empty() {
            let before = self.waiting.len();
            // All of them, each time: one whose way has room does not wait for another's.
            for _ in 0..before {
                let Some((errand, way)) = self.waiting.pop_front() else { break };
                back += self.look(errand, way).await;
            }
            let Some((_, way)) = self.waiting.front() else { break };
            if self.waiting.len() == before {
                let way = Arc::clone(way);
                tokio::select! {
                    // Given back at once, and taken in the next look.
                    _ = way.queue.room() => {}
                    () = tokio::time::sleep(AGAIN) => {}
                    _ = changes.changed() => {}
                }
            }
        }
        if back > 0 {
            self.lease.give_back(back, &self.hand.ledger).await;
        }
    }

    /// Puts one into its queue, or back where it came from. How many are to be given back: one, or none.
    async fn look(&mut self, errand: Errand, way: Arc<Way>) -> usize {
        let (hand, course) = (&self.hand, &self.course);
        if !hand.control.may_send(course.dispatch) {
            errand.account.give_back();
            return 1;
        }
        let Some(errand) = way.queue.try_put(errand) else {
            hand.ways.wake(&way);
            return 0;
        };
        let now = hand.instance.now_us();
        // Who would wait for long keeps the lease of its whole chunk, and others of it may be due.
        let in_the_way = way.limits.is_far(now)
            || (course.has_more()
                && course.parked() > MOST_PARKED
                && hand.ways.are_hungry(&course.plan(), &way, now));
        if in_the_way {
            errand.account.give_back();
            let at = way.limits.slot(way.queue.len() + 1, now);
            hand.write(&errand.delivery, outcome::waiting(&errand.delivery, at)).await;
            return 0;
        }
        self.waiting.push_back((errand, way));
        0
    }
}
