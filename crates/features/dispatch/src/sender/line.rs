//! A line: one connection to the relay and the mails that pass over it, one after the other.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use instance::Instance;
use policy::delivery::DeliveryState;
use smtp::{Connection, Delivered, NotDelivered, SendError, Stage};
use store::StoreError;
use tokio::sync::{Mutex, mpsc, watch};

use super::control::Control;
use super::ledger::{Ledger, Move};
use super::mail::Mail;
use super::outcome::{self, Next};
use super::route::{Way, told};

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
    shutdown: watch::Receiver<bool>,
    connection: Option<Connection>,
}

impl Line {
    pub(super) fn new(
        instance: Instance,
        way: Arc<Way>,
        control: Arc<Control>,
        ledger: Ledger,
        shutdown: watch::Receiver<bool>,
    ) -> Self {
        Line { instance, way, control, ledger, shutdown, connection: None }
    }

    /// Sends what comes until nothing comes any more.
    pub(super) async fn work(mut self, waiting: Arc<Mutex<mpsc::Receiver<Mail>>>) {
        loop {
            let next = tokio::time::timeout(IDLE, async { waiting.lock().await.recv().await }).await;
            match next {
                Ok(Some(mail)) => self.send(mail).await,
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

    async fn send(&mut self, mail: Mail) {
        match self.outcome(&mail).await {
            Some(entry) => {
                // The ledger's end is the end of the process: the lease brings the row back.
                if self.ledger.write(entry).await.is_ok() {
                    mail.lease.done(&self.ledger).await;
                }
            }
            None => mail.lease.give_back(1, &self.ledger).await,
        }
    }

    /// What to write about a mail; nothing when it did not leave and is to be pending again.
    async fn outcome(&mut self, mail: &Mail) -> Option<Move> {
        let mut faults = 0;
        loop {
            if !self.control.may_send(mail.dispatch) || *self.shutdown.borrow() {
                return None;
            }
            if !self.connected().await {
                continue;
            }
            self.way.pace.place().await;
            let gated = AtomicBool::new(false);
            let result = self.deliver(mail, &gated).await;
            let now = self.instance.now_us();
            match result {
                Ok(delivered) => {
                    self.way.works();
                    return Some(outcome::accepted(mail, &delivered.reply));
                }
                Err(NotDelivered::Refused(refusal)) => match outcome::refused(mail, &refusal, now) {
                    Next::Write { entry, route_fault } => {
                        match route_fault {
                            true => self.way.fails(now, refusal.to_string()),
                            false => self.way.works(),
                        }
                        // Some servers refuse a reader before the doubt was written, which counts the try.
                        let tries = entry.tries + i64::from(!gated.load(Ordering::SeqCst));
                        return Some(Move { tries, ..entry });
                    }
                    Next::Again => self.way.fails(now, refusal.to_string()),
                },
                Err(NotDelivered::Failed(error)) => {
                    self.connection = None;
                    if error.last_byte_left() {
                        self.way.fails(now, told(&error));
                        return Some(outcome::doubtful(mail, &told(&error), now));
                    }
                    if error.is_about_the_mail() {
                        return Some(outcome::unfit(mail, &told(&error)));
                    }
                    // A relay may close a connection between two mails whenever it likes.
                    if !between_mails(&error) {
                        self.way.fails(now, told(&error));
                        faults += 1;
                    }
                    if faults >= FAULTS {
                        return Some(outcome::later(mail, &told(&error), now));
                    }
                }
                Err(NotDelivered::Gate(error)) => {
                    self.connection = None;
                    tracing::error!(%error, "a mail waits because the ledger does not answer");
                    tokio::time::sleep(LEDGER_AGAIN).await;
                }
            }
            if gated.load(Ordering::SeqCst) {
                self.not_in_doubt(mail).await;
            }
        }
    }

    /// Opens the connection if there is none. False after a wait or a failure: look around before the next try.
    async fn connected(&mut self) -> bool {
        if self.connection.as_mut().is_some_and(Connection::is_alive) {
            return true;
        }
        self.connection = None;
        if let Some(wait) = self.way.admit(self.instance.now_us()) {
            tokio::select! {
                () = tokio::time::sleep(wait) => {}
                _ = self.shutdown.wait_for(|stop| *stop) => {}
            }
            return false;
        }
        match self.way.connect().await {
            Ok(connection) => {
                self.connection = Some(connection);
                true
            }
            Err(error) => {
                self.way.fails(self.instance.now_us(), told(&error));
                // A refused connection answers at once; without a pause the failures of one instant open the circuit.
                tokio::time::sleep(Duration::from_millis(100)).await;
                false
            }
        }
    }

    async fn deliver(
        &mut self,
        mail: &Mail,
        gated: &AtomicBool,
    ) -> Result<Delivered, NotDelivered<StoreError>> {
        let Some(connection) = self.connection.as_mut() else {
            let source = std::io::Error::from(std::io::ErrorKind::NotConnected);
            return Err(SendError::Lost { stage: Stage::Mail, last_byte_left: false, source }.into());
        };
        let ledger = self.ledger.clone();
        let doubt = outcome::moved(mail, DeliveryState::InDoubt, 1);
        let gate = async move {
            ledger.write_surely(doubt).await?;
            gated.store(true, Ordering::SeqCst);
            Ok(())
        };
        connection.deliver(&mail.from, &mail.to, &mail.message, gate).await
    }

    /// The mail certainly did not arrive: the doubt and the try are taken back.
    async fn not_in_doubt(&self, mail: &Mail) {
        // Without the ledger the row stays in doubt, which is the careful answer.
        let _ = self.ledger.write(outcome::moved(mail, DeliveryState::Claimed, -1)).await;
    }
}

fn between_mails(error: &SendError) -> bool {
    matches!(error, SendError::Lost { stage: Stage::Mail, last_byte_left: false, .. })
}
