//! Opening the connection of a line: when the way may be tried, and there is room for one.

use std::sync::Arc;
use std::time::Duration;

use policy::breaker::Admission;
use smtp::{SendError, Timeouts};

use super::{AGAIN, End, Line, Ready};
use crate::sender::door::{Opened, Slots};
use crate::sender::queue::Errand;
use crate::sender::route::told;

impl Line {
    /// Opens the connection if there is none.
    pub(super) async fn connected(&mut self, errand: &Errand) -> Ready {
        if self.open.as_mut().is_some_and(|open| open.connection.is_alive()) {
            return Ready::Yes;
        }
        self.open = None;
        if let Some(not_yet) = self.admitted(errand).await {
            return not_yet;
        }
        let slots = tokio::select! {
            slots = Slots::take(&self.way) => slots,
            _ = self.changes.changed() => return Ready::Again,
            _ = self.crew.shutdown.wait_for(|stop| *stop) => return Ready::Again,
        };
        if self.way.limits.too_many(self.now()) {
            drop(slots);
            return self.gives_way(errand).await;
        }
        let (ways, way, there) = (Arc::clone(&self.ways), Arc::clone(&self.way), self.way.there());
        let opened = tokio::select! {
            opened = ways.doors.open(&way.route.route, &there, Timeouts::default()) => opened,
            // Nothing of the mail has left: it need not be waited for.
            _ = self.crew.shutdown.wait_for(|stop| *stop) => return Ready::Again,
        };
        match opened {
            Ok(connection) => {
                self.open = Some(Opened { connection, _slots: slots });
                Ready::Yes
            }
            Err(error) => {
                drop(slots);
                let why = told(&error);
                if let SendError::Greeting { reply, .. } = &error {
                    self.heard(reply);
                }
                self.fails(&why).await;
                if self.way.route.direct {
                    return Ready::Shut(why);
                }
                // A refused connection answers at once; without a pause the failures of one instant open the circuit.
                self.pause(Duration::from_millis(100)).await;
                Ready::Again
            }
        }
    }

    /// There are fewer connections than lines: where another line is left, it takes the mail over.
    async fn gives_way(&mut self, errand: &Errand) -> Ready {
        if !self.probing && self.way.line_gives_way() {
            self.leaves = true;
            self.way.queue.put_first(errand.clone());
            return Ready::Ended(End::Passed);
        }
        self.pause(AGAIN).await;
        Ready::Again
    }

    /// Nothing when a connection may be tried. Who is the probe stays it until the way has spoken.
    async fn admitted(&mut self, errand: &Errand) -> Option<Ready> {
        if self.probing {
            return None;
        }
        let now = self.now();
        match self.way.admit(now) {
            Admission::Pass => None,
            Admission::Probe => {
                self.probing = true;
                None
            }
            Admission::Wait(until) => {
                if self.may_send(&errand.delivery)
                    && let Some((way, account)) = self.ways.elsewhere(errand, &self.way.route, now)
                {
                    errand.account.give_back();
                    way.queue.squeeze_in(Errand::new(errand.delivery.clone(), account));
                    self.ways.wake(&way);
                    return Some(Ready::Ended(End::Passed));
                }
                if self.way.route.direct && self.way.route.would_admit(now) {
                    return Some(Ready::Shut(self.way.words()));
                }
                // Looks again in between: a probe of another line may open the way sooner.
                let wait = Duration::from_micros(until.saturating_sub(now).max(1).unsigned_abs());
                self.pause(wait.min(Duration::from_secs(1))).await;
                Some(Ready::Again)
            }
        }
    }
}
