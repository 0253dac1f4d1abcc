//! The sender: from chunks of the ledger to mails on the wire and back into the ledger.
//!
//! ```text
//! claim a chunk ─> deliveries ─> lines: fill, sign, one connection each ─> relay
//!      ^                              │ in doubt, then the answer
//!      └────────── ledger, committed in groups
//! ```
//!
//! A chunk is leased to a process and passes to another only when that process is dead. Deliveries are
//! small; a mail exists only on the sheet of the line that sends it.

mod account;
mod chunk;
mod control;
mod course;
mod delivery;
mod door;
mod feed;
mod hand;
mod ledger;
mod limits;
mod line;
mod outcome;
mod pace;
mod press;
mod queue;
mod recover;
mod route;
mod settle;
mod sheet;
mod signers;
mod tally;
mod way;
mod ways;

pub use settle::settle;

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use instance::{Instance, Process};
use store::params;
use tokio::sync::{mpsc, watch};
use tokio::task::JoinHandle;
use tokio::time::Instant;

use crate::DispatchState;
use crate::model::{Dispatch, DispatchError};
use crate::queries;
use control::Control;
use feed::Feeder;
use hand::Hand;
use ledger::Ledger;
use signers::Signers;
use ways::{Crew, Ways};

/// How often the sender looks for work when nobody rings.
const LOOK: Duration = Duration::from_millis(500);
/// How often it is written down what the routes carried: caps look at it.
const ACCOUNTS: Duration = Duration::from_secs(2);
/// How often progress goes to the log.
const TELL: Duration = Duration::from_secs(5);

/// Between two tries when the database does not answer at the start.
const AGAIN: Duration = Duration::from_secs(1);

/// How a sender ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ending {
    /// Asked to stop; mails on the wire were finished, the rest given back.
    Stopped,
    /// Nothing was left that could be sent now.
    Idle,
}

/// Sends whatever is due until `shutdown` turns true: the job of `serve`. The caller says that `process` lives, and
/// shuts down when it cannot.
pub async fn run(
    instance: Instance,
    process: Process,
    shutdown: watch::Receiver<bool>,
) -> Result<Ending, DispatchError> {
    work(instance, process, shutdown, false).await
}

/// Sends whatever is due now and returns when nothing more is: the command line without a server.
pub async fn run_until_idle(
    instance: Instance,
    process: Process,
    shutdown: watch::Receiver<bool>,
) -> Result<Ending, DispatchError> {
    work(instance, process, shutdown, true).await
}

async fn work(
    instance: Instance,
    process: Process,
    mut shutdown: watch::Receiver<bool>,
    until_idle: bool,
) -> Result<Ending, DispatchError> {
    if instance.config.all_routes().is_empty() {
        if until_idle {
            return Err(DispatchError::NoRelay);
        }
        tracing::warn!("no relay is configured (SOUCOUPE_SMTP_URL): nothing can be sent");
        // A receiver whose sender is gone is a shutdown too.
        let _ = shutdown.wait_for(|stop| *stop).await;
        return Ok(Ending::Stopped);
    }
    let control = Arc::new(Control::default());
    let (ledger, bookkeeper) = Ledger::open(&instance, &process);
    let (_alive, mut all_gone) = mpsc::channel(1);
    let crew = Crew {
        instance: instance.clone(),
        control: Arc::clone(&control),
        ledger: ledger.clone(),
        signers: Signers::start().map_err(DispatchError::Threads)?,
        shutdown: shutdown.clone(),
        _alive,
    };
    let ways = loop {
        match Ways::open(crew.clone()).await {
            Ok(ways) => break ways,
            Err(error) if until_idle => return Err(error),
            // A database that restarts must not end the job.
            Err(error) => tracing::error!(%error, "the routes could not be looked up; trying again"),
        }
        if tokio::time::timeout(AGAIN, shutdown.wait_for(|stop| *stop)).await.is_ok() {
            return Ok(Ending::Stopped);
        }
    };
    drop(crew);
    let watching = {
        let (instance, control) = (instance.clone(), Arc::clone(&control));
        tokio::spawn(async move { control.keep_looking(&instance).await })
    };
    let hand =
        Hand { instance: instance.clone(), ways: Arc::clone(&ways), control: Arc::clone(&control), ledger };
    let feeder = Feeder::new(instance.clone(), process.clone(), hand);
    let (told, accounted) = (HashMap::new(), Instant::now());
    let mut sender =
        Sender { instance, process, control, ways, feeder, shutdown, freezing: None, told, accounted };
    let ending = sender.look_after(until_idle).await;
    watching.abort();
    let (ways, instance) = (Arc::clone(&sender.ways), sender.instance.clone());
    sender.finish().await;
    ways.close();
    // The lines say goodbye, each after its last word.
    while all_gone.recv().await.is_some() {}
    if let Err(error) = ways.keep_accounts(&instance).await {
        tracing::warn!(%error, "what the routes carried at last was not counted");
    }
    drop(ways);
    // The bookkeeper ends when its last line is gone; a failure was logged where it happened.
    let _ = bookkeeper.await;
    Ok(ending)
}

/// What looks after the feeder and the lines.
struct Sender {
    instance: Instance,
    process: Process,
    control: Arc<Control>,
    ways: Arc<Ways>,
    feeder: Feeder,
    shutdown: watch::Receiver<bool>,
    /// An audience of a million takes seconds: nobody else's sending waits for it.
    freezing: Option<JoinHandle<Result<(), DispatchError>>>,
    /// The trouble that was told of each dispatch.
    told: HashMap<i64, Option<String>>,
    accounted: Instant,
}

impl Sender {
    async fn look_after(&mut self, until_idle: bool) -> Ending {
        let mut told = Instant::now();
        loop {
            if *self.shutdown.borrow() {
                return Ending::Stopped;
            }
            match self.round().await {
                Ok(true) if until_idle => return Ending::Idle,
                Ok(_) => {}
                // A database that restarts must not end a sending; leases keep what we hold.
                Err(error) => tracing::error!(%error, "the sender could not go on; it tries again"),
            }
            if told.elapsed() >= TELL {
                told = Instant::now();
                tell(&self.instance).await;
            }
            if self.fed().await {
                return Ending::Stopped;
            }
        }
    }

    /// Keeps the lines fed until it is time to look around again. True when it is time to stop.
    async fn fed(&mut self) -> bool {
        let until = Instant::now() + LOOK;
        loop {
            tokio::select! {
                () = tokio::time::sleep_until(until) => return false,
                () = self.instance.mail_waits.notified() => return false,
                // A sender of the signal that is gone is a shutdown too.
                _ = self.shutdown.wait_for(|stop| *stop) => return true,
                () = self.feeder.handed_on() => {}
            }
            // Not among the branches: what is claimed and then dropped half-way would be claimed for ever.
            if let Err(error) = self.feeder.feed_more().await {
                tracing::error!(%error, "no chunk could be claimed; trying again");
                tokio::time::sleep_until(until).await;
                return false;
            }
        }
    }

    /// One look: what the dead left, what is due, what can be fed, what is done. True when nothing is under way.
    async fn round(&mut self) -> Result<bool, DispatchError> {
        let instance = &self.instance;
        recover::take_over(instance, &self.process).await?;
        let frozen = self.frozen().await;
        self.ways.look_after(&self.instance).await?;
        if self.accounted.elapsed() >= ACCOUNTS {
            self.accounted = Instant::now();
            self.ways.keep_accounts(&self.instance).await?;
        }
        let instance = &self.instance;
        let mut open = Vec::new();
        for row in instance.store.read(queries::OPEN, params![instance.now_us()]).await? {
            open.push(Dispatch::from_row(&row)?);
        }
        self.control.look(instance).await?;
        self.feeder.feed(&open).await?;
        self.tell_troubles(&open).await?;
        let instance = &self.instance;
        let mut busy = !frozen || self.feeder.is_busy();
        for dispatch in &open {
            if !matches!(dispatch.state, DispatchState::Sending | DispatchState::Held) || dispatch.paused {
                continue;
            }
            if self.feeder.should_settle(dispatch.id) && !settle::settle(instance, dispatch).await? {
                self.feeder.look_again(dispatch.id);
                busy = true;
            }
        }
        Ok(!busy)
    }

    /// Puts what the routes refuse, or that they do not any more, where the status shows it.
    async fn tell_troubles(&mut self, open: &[Dispatch]) -> Result<(), DispatchError> {
        self.told.retain(|id, _| open.iter().any(|dispatch| dispatch.id == *id));
        for dispatch in open.iter().filter(|one| one.state == DispatchState::Sending && !one.paused) {
            let trouble = self.feeder.way_trouble(dispatch.id);
            // Told once; at the beginning too, since nothing is known yet: an old trouble is over.
            if self.told.get(&dispatch.id) != Some(&trouble) && self.feeder.is_fed(dispatch.id) {
                let values = params![dispatch.id, trouble.clone()];
                self.instance.store.execute(queries::TROUBLE_OF, values).await?;
                self.told.insert(dispatch.id, trouble);
            }
        }
        Ok(())
    }

    /// Freezes what is due, beside all else. True when nothing is left to be frozen.
    async fn frozen(&mut self) -> bool {
        let task = self.freezing.get_or_insert_with(|| {
            let (instance, process, shutdown) =
                (self.instance.clone(), self.process.clone(), self.shutdown.clone());
            tokio::spawn(async move {
                crate::freeze::freeze_until(&instance, &process, || *shutdown.borrow()).await
            })
        });
        // A small audience is frozen while we look; a large one goes on.
        let Ok(ended) = tokio::time::timeout(LOOK, task).await else { return false };
        self.freezing = None;
        match ended {
            Ok(Ok(())) => true,
            Ok(Err(error)) => {
                tracing::error!(%error, "freezing could not go on; trying again");
                false
            }
            Err(error) => {
                tracing::error!(%error, "freezing was cut off; trying again");
                false
            }
        }
    }

    /// Nothing new leaves; what was claimed goes on or back. Without a feeder the channel ends, the lines say
    /// goodbye, and the ledger closes after their last word.
    async fn finish(mut self) {
        self.control.stop();
        self.feeder.finish().await;
        if let Some(task) = self.freezing.take() {
            // Between two of its batches it sees that it has to stop; what is half frozen goes on later.
            let _ = task.await;
        }
    }
}

async fn tell(instance: &Instance) {
    let Ok(rows) = instance.store.read(queries::OPEN, params![instance.now_us()]).await else { return };
    for dispatch in rows.iter().filter_map(|row| Dispatch::from_row(row).ok()) {
        if let Ok(status) = crate::status(instance, dispatch.id).await {
            tracing::info!(
                dispatch = status.id,
                state = status.state,
                sent = status.accepted,
                readers = status.readers,
                deferred = status.deferred,
                failed = status.failed,
                rate = status.rate,
                seconds_left = status.seconds_left,
                trouble = status.trouble,
                "progress"
            );
        }
    }
}
