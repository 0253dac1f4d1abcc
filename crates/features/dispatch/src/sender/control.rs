//! Which dispatches may send at this moment, as every line has to know before each mail.

use std::collections::HashSet;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{PoisonError, RwLock};
use std::time::Duration;

use instance::Instance;
use store::{StoreError, params};
use tokio::sync::{Mutex, watch};

use crate::queries;

/// How often pauses and stops are looked for: they take effect in less than a second, whichever process they are
/// made in, and whatever else keeps this one busy.
const LOOK: Duration = Duration::from_millis(250);

/// Shared by what looks into the database and by the lines, which must not.
#[derive(Debug, Default)]
pub(super) struct Control {
    sending: RwLock<HashSet<i64>>,
    stopped: AtomicBool,
    /// Counted up whenever something is different, for those who wait.
    version: watch::Sender<u64>,
    /// One look at a time: an old answer must not undo a newer one.
    looking: Mutex<()>,
}

impl Control {
    /// Looks which dispatches may send.
    pub(super) async fn look(&self, instance: &Instance) -> Result<(), StoreError> {
        let _alone = self.looking.lock().await;
        let rows = instance.store.read(queries::MAY_SEND, params![]).await?;
        let may = rows.iter().map(|row| row.int(0)).collect::<Result<HashSet<_>, _>>()?;
        let mut sending = self.sending.write().unwrap_or_else(PoisonError::into_inner);
        if *sending != may {
            *sending = may;
            drop(sending);
            self.changed();
        }
        Ok(())
    }

    /// Looks again and again, and whenever somebody rings, until the sender stops.
    pub(super) async fn keep_looking(&self, instance: &Instance) {
        while !self.stopped.load(Ordering::SeqCst) {
            if let Err(error) = self.look(instance).await {
                tracing::warn!(%error, "it could not be seen whether a dispatch was paused; looking again");
            }
            tokio::select! {
                () = tokio::time::sleep(LOOK) => {}
                () = instance.mail_waits.notified() => {}
            }
        }
    }

    /// Nothing new leaves any more.
    pub(super) fn stop(&self) {
        self.stopped.store(true, Ordering::SeqCst);
        self.changed();
    }

    /// Whether a mail of this dispatch may leave.
    pub(super) fn may_send(&self, dispatch: i64) -> bool {
        let sending = self.sending.read().unwrap_or_else(PoisonError::into_inner);
        !self.stopped.load(Ordering::SeqCst) && sending.contains(&dispatch)
    }

    /// Wakes whoever waits when something is different.
    pub(super) fn changes(&self) -> watch::Receiver<u64> {
        self.version.subscribe()
    }

    fn changed(&self) {
        self.version.send_modify(|version| *version += 1);
    }
}
