//! The sender: from chunks of the ledger to mails on the wire and back into the ledger.
//!
//! ```text
//! claim a chunk ─> fill and sign each mail ─> lines: one connection each ─> relay
//!      ^                                          │ in doubt, then the answer
//!      └───────────── ledger, committed in groups ┘
//! ```
//!
//! A chunk is leased to a process and passes to another only when that process is dead. Mails travel in memory in
//! small numbers: what bounds them is the channel to the lines, not the audience.

mod chunk;
mod control;
mod feed;
mod ledger;
mod line;
mod mail;
mod outcome;
mod pace;
mod recover;
mod route;

use std::sync::Arc;
use std::time::Duration;

use instance::{Instance, Process};
use store::params;
use tokio::sync::{Mutex, mpsc, watch};
use tokio::task::JoinSet;

use crate::DispatchState;
use crate::model::{Dispatch, DispatchError, Kind};
use crate::queries;
use control::Control;
use feed::Feeder;
use ledger::Ledger;
use line::Line;
use route::Way;

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
    let lines = usize::from(instance.config.smtp_connections.max(1));
    let (mails, waiting) = mpsc::channel(lines * 2);
    let waiting = Arc::new(Mutex::new(waiting));
    let mut crew = JoinSet::new();
    for _ in 0..lines {
        let line = Line::new(
            instance.clone(),
            Arc::clone(&way),
            Arc::clone(&control),
            ledger.clone(),
            shutdown.clone(),
        );
        crew.spawn(line.work(Arc::clone(&waiting)));
    }
    let mut feeder = Feeder::new(instance.clone(), process.clone(), Arc::clone(&control), ledger, mails);
    let ending = look_after(&instance, &process, &control, &way, &mut feeder, &mut shutdown, until_idle).await;
    control.stop();
    feeder.finish().await;
    // Without a feeder the channel ends, the lines say goodbye, and the ledger closes after their last word.
    drop(feeder);
    while crew.join_next().await.is_some() {}
    // The bookkeeper ends when its last line is gone; a failure was logged where it happened.
    let _ = bookkeeper.await;
    ending
}

async fn look_after(
    instance: &Instance,
    process: &Process,
    control: &Control,
    way: &Way,
    feeder: &mut Feeder,
    shutdown: &mut watch::Receiver<bool>,
    until_idle: bool,
) -> Result<Ending, DispatchError> {
    let mut told = tokio::time::Instant::now();
    loop {
        if *shutdown.borrow() {
            return Ok(Ending::Stopped);
        }
        let idle = match round(instance, process, control, way, feeder).await {
            Ok(idle) => idle,
            // A database that restarts must not end a sending; leases keep what we hold.
            Err(error) => {
                tracing::error!(%error, "the sender could not go on; it tries again");
                false
            }
        };
        if idle && until_idle {
            return Ok(Ending::Idle);
        }
        if told.elapsed() >= TELL {
            told = tokio::time::Instant::now();
            tell(instance).await;
        }
        tokio::select! {
            () = fed(feeder, LOOK) => {}
            () = instance.mail_waits.notified() => {}
            _ = shutdown.wait_for(|stop| *stop) => return Ok(Ending::Stopped),
        }
    }
}

/// Keeps the lines fed until it is time to look around again.
async fn fed(feeder: &mut Feeder, until: Duration) {
    let pause = tokio::time::sleep(until);
    tokio::pin!(pause);
    loop {
        tokio::select! {
            () = &mut pause => return,
            () = feeder.filled() => {}
        }
        if let Err(error) = feeder.feed_more().await {
            tracing::error!(%error, "no chunk could be claimed; trying again");
            pause.await;
            return;
        }
    }
}

/// One look: what the dead left, what is due, what can be fed, what is done. True when nothing is under way.
async fn round(
    instance: &Instance,
    process: &Process,
    control: &Control,
    way: &Way,
    feeder: &mut Feeder,
) -> Result<bool, DispatchError> {
    recover::take_over(instance, process).await?;
    crate::freeze::freeze_due(instance, process).await?;
    way.report(instance).await?;
    let now = instance.now_us();
    let mut open = Vec::new();
    for row in instance.store.read(queries::OPEN, params![now]).await? {
        open.push(Dispatch::from_row(&row)?);
    }
    control.hold_all_but(open.iter().filter(|one| one.state.may_send(one.paused)).map(|one| one.id));
    feeder.feed(&open).await?;
    let mut busy = feeder.is_busy();
    for dispatch in &open {
        if !matches!(dispatch.state, DispatchState::Sending | DispatchState::Held) || dispatch.paused {
            continue;
        }
        if feeder.should_settle(dispatch.id) {
            busy |= !settle(instance, dispatch).await?;
        }
    }
    Ok(!busy)
}

/// Ends a dispatch of which no row is open. True when nothing of it can be sent now.
async fn settle(instance: &Instance, dispatch: &Dispatch) -> Result<bool, DispatchError> {
    if instance.store.read_one(queries::OPEN_CHUNKS, params![dispatch.id]).await?.is_some() {
        return Ok(false);
    }
    let status = crate::status(instance, dispatch.id).await?;
    let at_work = status.pending + status.claimed + status.deferred;
    let event = policy::dispatch::settle(at_work.unsigned_abs(), status.in_doubt.unsigned_abs());
    let Some(event) = event else { return Ok(true) };
    let Ok(next) = policy::dispatch::next(dispatch.state, event) else { return Ok(true) };
    let finished = (!next.is_open()).then(|| instance.now_us());
    let moved = instance.store.write(queries::END, params![dispatch.id, next.number(), finished]).await?;
    if !moved.is_empty() {
        tracing::info!(
            dispatch = dispatch.id,
            state = next.name(false),
            accepted = status.accepted,
            failed = status.failed,
            in_doubt = status.in_doubt,
            rate = status.rate,
            "the dispatch ended"
        );
        if !next.is_open() && dispatch.kind == Kind::Edition {
            editions::finish_sending(instance, dispatch.edition_id).await?;
        }
    }
    Ok(true)
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
