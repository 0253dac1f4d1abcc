//! A line: one connection to the relay and the mails that pass over it, one after the other, each made on its sheet.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use instance::Instance;
use policy::breaker::Admission;
use policy::delivery::DeliveryState;
use smtp::{Connection, Delivered, NotDelivered, SendError, Stage};
use tokio::sync::{Mutex, mpsc, watch};

use super::control::Control;
use super::delivery::Delivery;
use super::ledger::{Doubt, Ledger, Move, Unsure};
use super::outcome::{self, Next};
use super::route::{Way, told};
use super::sheet::Sheet;
use super::signers::Signers;

/// A connection that carries nothing for so long is closed: relays do not like guests who only sit there.
const IDLE: Duration = Duration::from_secs(4);
/// A mail that meets so many broken connections is left for later, so that it cannot hold its line for ever.
const FAULTS: u32 = 5;
/// Between two tries when the ledger does not answer.
const LEDGER_AGAIN: Duration = Duration::from_secs(1);

pub(super) struct Line {
    instance: Instance,
    way: Arc<Way>,
    control: Arc<Control>,
    ledger: Ledger,
    signers: Signers,
    shutdown: watch::Receiver<bool>,
    sheet: Sheet,
    connection: Option<Connection>,
    /// Whether this line is the one that tries whether the relay is back.
    probing: bool,
}

/// How a mail ends here.
enum End {
    Write(Move),
    /// It did not leave and is to be pending again.
    GiveBack,
    /// Another process has it.
    NotOurs,
}

impl Line {
    pub(super) fn new(
        instance: Instance,
        way: Arc<Way>,
        control: Arc<Control>,
        ledger: Ledger,
        signers: Signers,
        shutdown: watch::Receiver<bool>,
    ) -> Self {
        let sheet = Sheet::default();
        Line { instance, way, control, ledger, signers, shutdown, sheet, connection: None, probing: false }
    }

    /// Sends what comes until nothing comes any more.
    pub(super) async fn work(mut self, waiting: Arc<Mutex<mpsc::Receiver<Delivery>>>) {
        loop {
            let next = tokio::time::timeout(IDLE, async { waiting.lock().await.recv().await }).await;
            match next {
                Ok(Some(delivery)) => self.send(&delivery).await,
                Ok(None) => break,
                Err(_) => self.hang_up().await,
            }
        }
        self.hang_up().await;
    }

    async fn hang_up(&mut self) {
        if let Some(connection) = self.connection.take() {
            connection.quit().await;
        }
    }

    async fn send(&mut self, delivery: &Delivery) {
        let end = match self.make(delivery).await {
            Ok(()) => self.outcome(delivery).await,
            Err(why) => End::Write(outcome::unmade(delivery, &why)),
        };
        if std::mem::take(&mut self.probing) {
            self.way.gave_up(self.instance.now_us());
        }
        match end {
            End::Write(entry) => {
                // The ledger's end is the end of the process: the lease brings the row back.
                if self.ledger.write(entry).await.is_ok() {
                    delivery.lease.done(&self.ledger).await;
                }
            }
            End::GiveBack => delivery.lease.give_back(1, &self.ledger).await,
            // Whoever has the row sends it and writes about it.
            End::NotOurs => delivery.lease.done(&self.ledger).await,
        }
    }

    /// Makes the mail on the sheet: filled here, signed by the threads that sign.
    async fn make(&mut self, delivery: &Delivery) -> Result<(), String> {
        let (press, sheet) = (&delivery.press, &mut self.sheet);
        // Not even a panic over one reader may keep a chunk for ever.
        let fill = AssertUnwindSafe(|| press.fill(&delivery.claimed, sheet));
        catch_unwind(fill)
            .unwrap_or_else(|_| Err("the mail could not be made: a fault of the program".to_owned()))?;
        if let Some((signer, coverage)) = press.signer(self.way.signing) {
            let signed = self.signers.sign(&mut self.sheet, signer, coverage, press.signed_at()).await;
            signed.map_err(|error| error.to_string())?;
        }
        Ok(())
    }

    /// What becomes of a mail.
    async fn outcome(&mut self, delivery: &Delivery) -> End {
        let mut faults = 0;
        loop {
            if !self.may_send(delivery) {
                return End::GiveBack;
            }
            // The place comes first: a connection that was opened before might be closed while we wait.
            if !self.placed().await || !self.connected().await || !self.may_send(delivery) {
                continue;
            }
            let fresh = self.connection.as_ref().is_none_or(|connection| connection.deliveries() == 0);
            let gated = AtomicBool::new(false);
            let result = self.deliver(delivery, &gated).await;
            let gated = gated.load(Ordering::SeqCst);
            let now = self.instance.now_us();
            match result {
                Ok(delivered) => {
                    self.works();
                    return End::Write(outcome::accepted(delivery, &delivered.reply));
                }
                Err(NotDelivered::Refused(refusal)) => match outcome::refused(delivery, &refusal, now) {
                    Next::Write { entry, route_fault } => {
                        match route_fault {
                            true => self.fails(refusal.to_string()).await,
                            false => self.works(),
                        }
                        return End::Write(counted(entry, gated));
                    }
                    Next::Again => self.fails(refusal.to_string()).await,
                },
                Err(NotDelivered::Failed(error)) => {
                    self.connection = None;
                    if error.is_about_the_mail() {
                        return End::Write(outcome::unfit(delivery, &told(&error)));
                    }
                    // A relay may close a connection between two mails whenever it likes, but not before the first.
                    if fresh || !between_mails(&error) {
                        self.fails(told(&error)).await;
                        faults += 1;
                    }
                    if error.last_byte_left() {
                        return End::Write(outcome::doubtful(delivery, &told(&error), now));
                    }
                    if faults >= FAULTS {
                        return End::Write(counted(outcome::later(delivery, &told(&error), now), gated));
                    }
                }
                Err(NotDelivered::Gate(Unsure::NotOurs)) => {
                    tracing::warn!(
                        dispatch = delivery.dispatch(),
                        seq = delivery.claimed.seq,
                        "another process has this delivery"
                    );
                    self.connection = None;
                    return End::NotOurs;
                }
                Err(NotDelivered::Gate(Unsure::Ledger(error))) => {
                    tracing::error!(%error, "a mail waits because the ledger does not answer");
                    self.connection = None;
                    // It may have taken the doubt and been cut off before it could say so.
                    let _ = self.ledger.write(outcome::moved(delivery, DeliveryState::Claimed, 0)).await;
                    self.pause(LEDGER_AGAIN).await;
                }
            }
            if gated {
                self.not_in_doubt(delivery).await;
            }
        }
    }

    fn may_send(&self, delivery: &Delivery) -> bool {
        // A sender of the signal that is gone is a shutdown too.
        let stopped = *self.shutdown.borrow() || self.shutdown.has_changed().is_err();
        !stopped && self.control.may_send(delivery.dispatch())
    }

    fn works(&mut self) {
        self.way.works();
        self.probing = false;
    }

    /// The way is at fault. Its connection goes too: who keeps one does not ask whether the way is open.
    async fn fails(&mut self, why: String) {
        self.way.fails(self.instance.now_us(), why);
        self.probing = false;
        self.hang_up().await;
    }

    async fn pause(&mut self, time: Duration) {
        tokio::select! {
            () = tokio::time::sleep(time) => {}
            _ = self.shutdown.wait_for(|stop| *stop) => {}
        }
    }

    /// Waits for a place in time. False when there is no time left.
    async fn placed(&mut self) -> bool {
        tokio::select! {
            () = self.way.pace.place() => true,
            _ = self.shutdown.wait_for(|stop| *stop) => false,
        }
    }

    /// Opens the connection if there is none. False after a wait or a failure: look around before the next try.
    async fn connected(&mut self) -> bool {
        if self.connection.as_mut().is_some_and(Connection::is_alive) {
            return true;
        }
        self.connection = None;
        if !self.admitted().await {
            return false;
        }
        let way = Arc::clone(&self.way);
        let opened = tokio::select! {
            opened = way.connect() => opened,
            // Nothing of the mail has left: it need not be waited for.
            _ = self.shutdown.wait_for(|stop| *stop) => return false,
        };
        match opened {
            Ok(connection) => {
                self.connection = Some(connection);
                true
            }
            Err(error) => {
                self.fails(told(&error)).await;
                // A refused connection answers at once; without a pause the failures of one instant open the circuit.
                self.pause(Duration::from_millis(100)).await;
                false
            }
        }
    }

    /// Whether a connection may be tried; false after a wait. Who is the probe stays it until the way has spoken.
    async fn admitted(&mut self) -> bool {
        if self.probing {
            return true;
        }
        let now = self.instance.now_us();
        match self.way.admit(now) {
            Admission::Pass => true,
            Admission::Probe => {
                self.probing = true;
                true
            }
            Admission::Wait(until) => {
                // Looks again in between: a probe of another line may open the way sooner.
                let wait = Duration::from_micros(until.saturating_sub(now).max(1).unsigned_abs());
                self.pause(wait.min(Duration::from_secs(1))).await;
                false
            }
        }
    }

    async fn deliver(
        &mut self,
        delivery: &Delivery,
        gated: &AtomicBool,
    ) -> Result<Delivered, NotDelivered<Unsure>> {
        let Some(connection) = self.connection.as_mut() else {
            let source = std::io::Error::from(std::io::ErrorKind::NotConnected);
            return Err(SendError::Lost { stage: Stage::Mail, last_byte_left: false, source }.into());
        };
        let ledger = self.ledger.clone();
        let doubt = Doubt { chunk: delivery.lease.chunk(), seq: delivery.claimed.seq };
        let gate = async move {
            ledger.doubt(doubt).await?;
            gated.store(true, Ordering::SeqCst);
            Ok(())
        };
        connection.deliver(self.sheet.from(), self.sheet.to(), self.sheet.message(), gate).await
    }

    /// The mail certainly did not arrive: the doubt and the try are taken back.
    async fn not_in_doubt(&self, delivery: &Delivery) {
        // Without the ledger the row stays in doubt, which is the careful answer.
        let _ = self.ledger.write(outcome::moved(delivery, DeliveryState::Claimed, -1)).await;
    }
}

/// Some servers refuse a reader before the doubt was written, which counts the try.
fn counted(entry: Move, gated: bool) -> Move {
    Move { tries: entry.tries + i64::from(!gated), ..entry }
}

fn between_mails(error: &SendError) -> bool {
    matches!(error, SendError::Lost { stage: Stage::Mail, last_byte_left: false, .. })
}
