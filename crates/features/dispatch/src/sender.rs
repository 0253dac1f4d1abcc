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

mod chunk;
mod control;
mod delivery;
mod feed;
mod ledger;
mod line;
mod outcome;
mod pace;
mod press;
mod recover;
mod route;
mod settle;
mod sheet;
mod signers;

use std::sync::Arc;
use std::time::Duration;

use instance::{Instance, Process};
use store::params;
use tokio::sync::{Mutex, mpsc, watch};
use tokio::task::{JoinHandle, JoinSet};
use tokio::time::Instant;

use crate::DispatchState;
use crate::model::{Dispatch, DispatchError};
use crate::queries;
use control::Control;
use feed::Feeder;
use ledger::Ledger;
use line::Line;
use route::Way;
use signers::Signers;

/// How often the sender looks for work when nobody rings.
const LOOK: Duration = Duration::from_millis(500);
/// How often progress goes to the log.
const TELL: Duration = Duration::from_secs(5);

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
    let Some(url) = instance.config.smtp_url.clone() else {
        if until_idle {
            return Err(DispatchError::NoRelay);
        }
        tracing::warn!("no relay is configured (SOUCOUPE_SMTP_URL): nothing can be sent");
        // A receiver whose sender is gone is a shutdown too.
        let _ = shutdown.wait_for(|stop| *stop).await;
        return Ok(Ending::Stopped);
    };
    let way = Arc::new(Way::open(&instance, smtp::Route::parse(&url)?));
    let control = Arc::new(Control::default());
    let (ledger, bookkeeper) = Ledger::open(&instance, &process);
    let signers = Signers::start().map_err(DispatchError::Threads)?;
    let lines = usize::from(instance.config.smtp_connections.max(1));
    let (deliveries, waiting) = mpsc::channel(lines * 2);
    let waiting = Arc::new(Mutex::new(waiting));
    let mut crew = JoinSet::new();
    for _ in 0..lines {
        let line = Line::new(
            instance.clone(),
            Arc::clone(&way),
            Arc::clone(&control),
            ledger.clone(),
            signers.clone(),
            shutdown.clone(),
        );
        crew.spawn(line.work(Arc::clone(&waiting)));
    }
    let feeder = Feeder::new(instance.clone(), process.clone(), Arc::clone(&control), ledger, deliveries);
    let mut sender = Sender { instance, process, control, way, feeder, shutdown, freezing: None };
    let ending = sender.look_after(until_idle).await;
    sender.finish().await;
    while crew.join_next().await.is_some() {}
    // The bookkeeper ends when its last line is gone; a failure was logged where it happened.
    let _ = bookkeeper.await;
    Ok(ending)
}

/// What looks after the feeder and the lines.
struct Sender {
    instance: Instance,
    process: Process,
    control: Arc<Control>,
    way: Arc<Way>,
    feeder: Feeder,
    shutdown: watch::Receiver<bool>,
    /// An audience of a million takes seconds: nobody else's sending waits for it.
    freezing: Option<JoinHandle<Result<(), DispatchError>>>,
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
        let instance = &self.instance;
        self.way.report(instance).await?;
        let mut open = Vec::new();
        for row in instance.store.read(queries::OPEN, params![instance.now_us()]).await? {
            open.push(Dispatch::from_row(&row)?);
        }
        self.control.hold_all_but(open.iter().filter(|one| one.state.may_send(one.paused)).map(|one| one.id));
        self.feeder.feed(&open).await?;
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
