//! The work beside the pages: sending editions, delivering notices, reading what comes back, and saying that we live.

use std::time::Duration;

use instance::{Instance, Process};
use policy::lease;
use tokio::sync::watch;
use tokio::task::JoinHandle;
use tokio::time::{sleep, timeout};

use super::KIND;

/// How long a database that is away is left alone before it is asked again.
const PAUSE: Duration = Duration::from_secs(2);

/// How long one beat may take: whoever waits for a database that is silent must not miss the moment to stop.
const PATIENCE: Duration = Duration::from_secs(4);

/// Runs the jobs until `stop` turns true. A process that was taken for dead (a database out of reach, a machine that
/// slept) stops working on what it held, and begins anew under another number.
pub async fn run(instance: Instance, mut stop: watch::Receiver<bool>) {
    while !*stop.borrow() {
        let process = match Process::announce(&instance, KIND).await {
            Ok(process) => process,
            Err(error) => {
                tracing::error!(%error, "the database does not answer; trying again");
                tokio::select! {
                    () = sleep(PAUSE) => {}
                    _ = stop.wait_for(|stop| *stop) => {}
                }
                continue;
            }
        };
        let (halt, halted) = watch::channel(false);
        let crew = crew(&instance, &process, &halted);
        tokio::select! {
            () = beat(instance.clone(), process.clone()) => {
                tracing::error!("we were taken for dead: giving up what we held, beginning anew");
            }
            _ = stop.wait_for(|stop| *stop) => {}
        }
        let _ = halt.send(true);
        for worker in crew {
            // A worker that panicked has been logged; the others still finish.
            let _ = worker.await;
        }
        if let Err(error) = process.leave(&instance).await {
            tracing::warn!(%error, "could not leave the list of processes; our leases end by themselves");
        }
    }
}

fn crew(instance: &Instance, process: &Process, halted: &watch::Receiver<bool>) -> Vec<JoinHandle<()>> {
    let (sending, sender, stop) = (instance.clone(), process.clone(), halted.clone());
    let senders = tokio::spawn(async move {
        if let Err(error) = dispatch::run(sending, sender, stop).await {
            tracing::error!(%error, "the sender ended");
        }
    });
    vec![
        senders,
        tokio::spawn(notices::deliver(instance.clone(), process.clone(), halted.clone())),
        tokio::spawn(returns::read_answers(instance.clone(), halted.clone())),
        tokio::spawn(returns::poll(instance.clone(), halted.clone())),
        tokio::spawn(returns::tidy(instance.clone(), halted.clone())),
    ]
}

/// Says that a process lives, every two seconds. Returns when it must not work any more: somebody buried it, or the
/// database could not be told for so long that somebody soon will.
pub async fn beat(instance: Instance, process: Process) {
    let every = Duration::from_micros(lease::BEAT_EVERY.unsigned_abs());
    let mut last = process.beat_at;
    loop {
        sleep(every).await;
        match timeout(PATIENCE, process.beat(&instance)).await {
            Ok(Ok(true)) => last = instance.now_us(),
            Ok(Ok(false)) => return,
            Ok(Err(error)) => tracing::warn!(%error, "the database could not be told that we live"),
            Err(_) => tracing::warn!("the database was not told within {PATIENCE:?} that we live"),
        }
        if lease::must_stop(last, instance.now_us()) {
            return;
        }
    }
}
