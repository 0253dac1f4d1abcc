//! The job that delivers notices.

use std::time::Duration;

use instance::{Instance, Process};
use tokio::sync::{Mutex, watch};

use crate::forget;
use crate::model::{NoticeError, Passed};
use crate::pass::Courier;

/// How long a notice that another process queued waits at most.
const LOOK: Duration = Duration::from_secs(2);
/// What is settled and old is forgotten once every so many looks.
const FORGET_EVERY: u32 = 900;

/// Delivers notices until `shutdown` turns true; the mail under way is finished first. Nothing is due for long:
/// whoever queues one in this process wakes the job, and it looks every two seconds for those of others.
pub async fn deliver(instance: Instance, process: Process, mut shutdown: watch::Receiver<bool>) {
    let mut courier = match Courier::new(&instance, &process) {
        Ok(courier) => courier,
        Err(error) => {
            tracing::warn!(%error, "notices wait in the database");
            return;
        }
    };
    let mut looks = 0_u32;
    loop {
        let woken = instance.mail_waits.notified();
        tokio::pin!(woken);
        // From here on a ring is heard, also while the pass below runs.
        woken.as_mut().enable();
        let stopping = shutdown.clone();
        match courier.pass(|| *stopping.borrow()).await {
            Ok(passed) if passed != Passed::default() => {
                tracing::info!(
                    accepted = passed.accepted,
                    deferred = passed.deferred,
                    failed = passed.failed,
                    "notices delivered"
                );
            }
            Ok(_) => {}
            Err(error) => tracing::error!(%error, "notices could not be delivered; they are kept"),
        }
        if looks.is_multiple_of(FORGET_EVERY)
            && let Err(error) = forget::old(&instance).await
        {
            tracing::warn!(%error, "old notices could not be forgotten");
        }
        looks = looks.wrapping_add(1);
        courier.rest(false).await;
        if *shutdown.borrow() {
            break;
        }
        tokio::select! {
            () = woken => {}
            () = tokio::time::sleep(LOOK) => {}
            changed = shutdown.changed() => {
                if changed.is_err() {
                    break;
                }
            }
        }
    }
    courier.rest(true).await;
}

/// Delivers what is due now, and returns.
pub async fn deliver_due(instance: &Instance) -> Result<Passed, NoticeError> {
    // A process that announces itself anew buries its former self: two passes of one process take turns.
    static TURN: Mutex<()> = Mutex::const_new(());
    let _turn = TURN.lock().await;
    let process = Process::announce(instance, "notices").await?;
    let passed = match Courier::new(instance, &process) {
        Ok(mut courier) => {
            let passed = courier.pass(|| false).await;
            courier.rest(true).await;
            passed
        }
        Err(error) => Err(error),
    };
    process.leave(instance).await?;
    passed
}
