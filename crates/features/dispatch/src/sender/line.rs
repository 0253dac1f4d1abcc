//! A line: one connection of a way and the mails that pass over it, one after the other, each made on its sheet.

mod open;

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use policy::delivery::DeliveryState;
use policy::shaping;
use smtp::{Delivered, NotDelivered, SendError, Stage};
use tokio::sync::watch;
use wire::smtp::Reply;

use super::delivery::Delivery;
use super::door::Opened;
use super::ledger::{Doubt, Move, Unsure};
use super::outcome::{self, Next};
use super::queue::Errand;
use super::route::told;
use super::sheet::Sheet;
use super::way::Way;
use super::ways::{Crew, Ways};

/// A connection that carries nothing for so long is closed: servers do not like guests who only sit there.
const IDLE: Duration = Duration::from_secs(4);
/// While it carries nothing it is looked at so often whether somebody else needs its room.
const STEP: Duration = Duration::from_millis(100);
/// A mail that meets so many broken connections is left for later, so that it cannot hold its line for ever.
const FAULTS: u32 = 5;
/// Between two tries when the ledger does not answer.
const LEDGER_AGAIN: Duration = Duration::from_secs(1);
/// Who waits for a connection looks around again after this.
const AGAIN: Duration = Duration::from_millis(250);

pub(super) struct Line {
    crew: Crew,
    ways: Arc<Ways>,
    way: Arc<Way>,
    changes: watch::Receiver<u64>,
    sheet: Sheet,
    open: Option<Opened>,
    /// Whether this line is the one that tries whether the way is open again.
    probing: bool,
    /// There are more lines than connections are allowed: this one ends.
    leaves: bool,
}

/// How a mail ends here.
enum End {
    Write(Move),
    /// It did not leave and is to be pending again.
    GiveBack,
    /// It did not leave and waits for this moment.
    NotBefore(i64),
    /// Another process has it.
    NotOurs,
    /// It was given to another way, or another line of this one.
    Passed,
}

/// Whether there is a connection to send on.
enum Ready {
    Yes,
    /// Look around, then ask again.
    Again,
    /// Nobody opens for now.
    Shut(String),
    Ended(End),
}

impl Line {
    pub(super) fn new(crew: Crew, ways: Arc<Ways>, way: Arc<Way>) -> Self {
        let changes = crew.control.changes();
        let sheet = Sheet::default();
        let crew = Crew { ledger: crew.ledger.hand(), ..crew };
        Line { crew, ways, way, changes, sheet, open: None, probing: false, leaves: false }
    }

    /// Sends what comes until nothing comes any more, or for a while.
    pub(super) async fn work(mut self) {
        let mut idle = Duration::ZERO;
        loop {
            match tokio::time::timeout(STEP, self.way.queue.take()).await {
                Ok(Some(errand)) => {
                    idle = Duration::ZERO;
                    self.send(errand).await;
                }
                // Something may have come in in this moment.
                Ok(None) => {
                    if self.way.line_leaves() {
                        break;
                    }
                }
                Err(_) => {
                    idle += STEP;
                    if idle >= IDLE || (self.open.is_some() && self.way.is_wanted()) {
                        self.hang_up().await;
                        if self.way.line_leaves() {
                            break;
                        }
                        idle = Duration::ZERO;
                    }
                }
            }
            if self.leaves {
                break;
            }
        }
        self.hang_up().await;
    }

    async fn hang_up(&mut self) {
        if let Some(open) = self.open.take() {
            open.connection.quit().await;
        }
    }

    async fn send(&mut self, errand: Errand) {
        let delivery = &errand.delivery;
        let end = self.outcome(&errand).await;
        if std::mem::take(&mut self.probing) {
            self.way.gave_up(self.now());
        }
        let ledger = &self.crew.ledger;
        match end {
            End::Write(entry) => {
                let carried = errand.account.judged(&entry);
                let carried = carried.map(|carried| (Arc::clone(&errand.account), carried));
                let entry = Move { route: Some(self.way.route.route.id), carried, ..entry };
                // The ledger's end is the end of the process: the lease brings the row back.
                if ledger.write(entry).await.is_ok() {
                    delivery.lease.done(ledger).await;
                }
            }
            End::GiveBack => {
                errand.account.give_back();
                delivery.lease.give_back(1, ledger).await;
            }
            End::NotBefore(at) => {
                errand.account.give_back();
                if ledger.write(outcome::waiting(delivery, at)).await.is_ok() {
                    delivery.lease.done(ledger).await;
                }
            }
            // Whoever has the row sends it and writes about it.
            End::NotOurs => {
                errand.account.give_back();
                delivery.lease.done(ledger).await;
            }
            End::Passed => {}
        }
    }

    /// Makes the mail on the sheet: filled here, signed by the threads that sign.
    async fn make(&mut self, delivery: &Delivery) -> Result<(), String> {
        let (press, sheet) = (&delivery.press, &mut self.sheet);
        // Not even a panic over one reader may keep a chunk for ever.
        let fill = AssertUnwindSafe(|| press.fill(&delivery.claimed, sheet));
        catch_unwind(fill)
            .unwrap_or_else(|_| Err("the mail could not be made: a fault of the program".to_owned()))?;
        if let Some((signer, coverage)) = press.signer(self.way.route.route.config.signing) {
            let signed = self.crew.signers.sign(&mut self.sheet, signer, coverage, press.signed_at()).await;
            signed.map_err(|error| error.to_string())?;
        }
        Ok(())
    }

    /// What becomes of a mail.
    async fn outcome(&mut self, errand: &Errand) -> End {
        let delivery = &errand.delivery;
        let direct = self.way.route.direct;
        let (mut faults, mut refusals, mut placed, mut made) = (0, 0, false, false);
        loop {
            if !self.may_send(delivery) {
                return End::GiveBack;
            }
            let now = self.now();
            if let Some(until) = self.way.limits.silent_until(now) {
                return End::NotBefore(self.way.limits.slot(self.way.queue.len(), until.max(now)));
            }
            if !placed && self.way.limits.is_far(now) {
                return End::NotBefore(self.way.limits.slot(self.way.queue.len(), now));
            }
            // The place comes first: a connection that was opened before might be closed while we wait.
            placed = placed || self.placed(delivery).await;
            if !placed {
                continue;
            }
            match self.connected(errand).await {
                Ready::Yes if self.may_send(delivery) => {}
                Ready::Yes | Ready::Again => continue,
                Ready::Shut(why) => {
                    let later = outcome::later(delivery, &why, self.now());
                    return End::Write(counted(later, false));
                }
                Ready::Ended(end) => return end,
            }
            // Not before there is a connection: of those who wait for one there may be many more than connections.
            if !made {
                if let Err(why) = self.make(delivery).await {
                    return End::Write(outcome::unmade(delivery, &why));
                }
                made = true;
            }
            let fresh = self.open.as_ref().is_none_or(|open| open.connection.deliveries() == 0);
            let gated = AtomicBool::new(false);
            let result = self.deliver(delivery, &gated).await;
            placed = false;
            let gated = gated.load(Ordering::SeqCst);
            let now = self.now();
            match result {
                Ok(delivered) => {
                    self.works();
                    self.way.limits.accepted(now);
                    self.rest_if_full().await;
                    return End::Write(outcome::accepted(delivery, &delivered.reply));
                }
                Err(NotDelivered::Refused(refusal)) => {
                    let wish = self.heard(&refusal.reply);
                    match outcome::refused(delivery, &refusal, now) {
                        Next::Write { entry, route_fault } => {
                            match route_fault {
                                true => self.fails(&refusal.to_string()).await,
                                false => self.works(),
                            }
                            return End::Write(counted(entry, gated));
                        }
                        Next::Again => {
                            let named = refusal.stage == Stage::Rcpt;
                            let alone = named && !direct && !self.way.route.refuses_all(delivery.domain());
                            if !alone {
                                self.fails(&refusal.to_string()).await;
                            }
                            refusals += u32::from(named);
                            // One of thousands of mail servers: its mails come back later, and stand in nobody's way. Nor
                            // may a reader to whom alone a relay does not carry hold a line for ever.
                            if (direct && !wish) || alone || refusals >= FAULTS {
                                let later = outcome::later(delivery, &refusal.to_string(), now);
                                let later = Move { code: Some(refusal.reply.code), ..later };
                                return End::Write(counted(later, gated));
                            }
                        }
                    }
                }
                Err(NotDelivered::Failed(error)) => {
                    self.open = None;
                    if error.is_about_the_mail() {
                        return End::Write(outcome::unfit(delivery, &told(&error)));
                    }
                    // A server may close a connection between two mails whenever it likes, but not before the first.
                    if fresh || !between_mails(&error) {
                        self.fails(&told(&error)).await;
                        faults += 1;
                    }
                    if error.last_byte_left() {
                        return End::Write(outcome::doubtful(delivery, &told(&error), now));
                    }
                    if faults >= FAULTS || (faults > 0 && direct) {
                        return End::Write(counted(outcome::later(delivery, &told(&error), now), gated));
                    }
                }
                Err(NotDelivered::Gate(Unsure::NotOurs)) => {
                    tracing::warn!(
                        dispatch = delivery.dispatch(),
                        seq = delivery.claimed.seq,
                        "another process has this delivery"
                    );
                    self.open = None;
                    return End::NotOurs;
                }
                Err(NotDelivered::Gate(Unsure::Ledger(error))) => {
                    tracing::error!(%error, "a mail waits because the ledger does not answer");
                    self.open = None;
                    // It may have taken the doubt and been cut off before it could say so.
                    let claimed = outcome::moved(delivery, DeliveryState::Claimed, 0);
                    let _ = self.crew.ledger.write(claimed).await;
                    self.pause(LEDGER_AGAIN).await;
                }
            }
            if gated {
                self.not_in_doubt(delivery).await;
            }
        }
    }

    fn now(&self) -> i64 {
        self.crew.instance.now_us()
    }

    fn may_send(&self, delivery: &Delivery) -> bool {
        // A sender of the signal that is gone is a shutdown too.
        let shutdown = &self.crew.shutdown;
        let stopped = *shutdown.borrow() || shutdown.has_changed().is_err();
        !stopped && self.crew.control.may_send(delivery.dispatch())
    }

    fn works(&mut self) {
        self.way.works();
        self.probing = false;
    }

    /// The way is at fault. Its connection goes too: who keeps one does not ask whether the way is open.
    async fn fails(&mut self, why: &str) {
        self.way.fails(self.now(), why);
        self.probing = false;
        self.hang_up().await;
    }

    /// Whether the answer asked us to slow down.
    fn heard(&self, reply: &Reply) -> bool {
        // A relay of one's own says 421 when it restarts or is tired of a connection; only words make it a wish.
        let code = if self.way.route.direct || reply.code != 421 { reply.code } else { 451 };
        let words = reply.lines.join(" ");
        let wish = shaping::wish(code, reply.enhanced, &words);
        if let Some(wish) = wish {
            self.way.complained(wish, self.now(), &words);
        }
        wish.is_some()
    }

    /// Hangs up after as many mails as one may send on a connection, and where too many are open.
    async fn rest_if_full(&mut self) {
        let deliveries = self.open.as_ref().map_or(0, |open| open.connection.deliveries());
        if self.way.limits.is_full(deliveries) || self.way.limits.too_many(self.now()) {
            self.hang_up().await;
        }
    }

    /// Waits, but not when a dispatch is paused or the sender stops.
    async fn pause(&mut self, time: Duration) {
        tokio::select! {
            () = tokio::time::sleep(time) => {}
            _ = self.changes.changed() => {}
            _ = self.crew.shutdown.wait_for(|stop| *stop) => {}
        }
    }

    /// Waits for a place in time. False when the mail may not leave any more.
    async fn placed(&mut self, delivery: &Delivery) -> bool {
        let gate = self.way.route.pace.place().max(self.way.limits.place(self.now()));
        loop {
            tokio::select! {
                () = gate.pass() => return true,
                _ = self.crew.shutdown.wait_for(|stop| *stop) => return false,
                _ = self.changes.changed() => {}
            }
            if !self.may_send(delivery) {
                return false;
            }
        }
    }

    async fn deliver(
        &mut self,
        delivery: &Delivery,
        gated: &AtomicBool,
    ) -> Result<Delivered, NotDelivered<Unsure>> {
        let Some(open) = self.open.as_mut() else {
            let source = std::io::Error::from(std::io::ErrorKind::NotConnected);
            return Err(SendError::Lost { stage: Stage::Mail, last_byte_left: false, source }.into());
        };
        let ledger = self.crew.ledger.clone();
        let doubt = Doubt { chunk: delivery.lease.chunk(), seq: delivery.claimed.seq };
        let gate = async move {
            ledger.doubt(doubt).await?;
            gated.store(true, Ordering::SeqCst);
            Ok(())
        };
        open.connection.deliver(self.sheet.from(), self.sheet.to(), self.sheet.message(), gate).await
    }

    /// The mail certainly did not arrive: the doubt and the try are taken back.
    async fn not_in_doubt(&self, delivery: &Delivery) {
        // Without the ledger the row stays in doubt, which is the careful answer.
        let _ = self.crew.ledger.write(outcome::moved(delivery, DeliveryState::Claimed, -1)).await;
    }
}

/// Some servers refuse a reader before the doubt was written, which counts the try.
fn counted(entry: Move, gated: bool) -> Move {
    Move { tries: entry.tries + i64::from(!gated), ..entry }
}

fn between_mails(error: &SendError) -> bool {
    matches!(error, SendError::Lost { stage: Stage::Mail, last_byte_left: false, .. })
}
