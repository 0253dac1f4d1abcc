//! What is old is forgotten, a little at a time: the database is never held for long.

use std::time::Duration;

use instance::Instance;
use store::params;
use tokio::sync::watch;

use crate::model::ReturnsError;
use crate::queries;

/// How long it is kept that something came back: a year can be compared with the one before.
pub(crate) const KEPT: i64 = 400 * 24 * policy::HOUR;
/// A service's proof is too old to be shown again long before that.
const SPENT: i64 = 2 * 24 * policy::HOUR;
/// Rows looked at in one transaction.
const PART: i64 = 1_000;
/// How often.
const EVERY: Duration = Duration::from_secs(3600);
/// What others get between two parts.
const PAUSE: Duration = Duration::from_millis(100);

/// Forgets what is old until `shutdown` turns true.
pub async fn tidy(instance: Instance, mut shutdown: watch::Receiver<bool>) {
    loop {
        let stopping = shutdown.clone();
        if let Err(error) = forget(&instance, || *stopping.borrow()).await {
            tracing::warn!(%error, "old returns could not be forgotten; trying again later");
        }
        tokio::select! {
            () = tokio::time::sleep(EVERY) => {}
            _ = shutdown.wait_for(|stop| *stop) => return,
        }
    }
}

/// Forgets what is old now. Returns how many returns.
pub async fn forget_old(instance: &Instance) -> Result<u64, ReturnsError> {
    forget(instance, || false).await
}

async fn forget(instance: &Instance, stop: impl Fn() -> bool) -> Result<u64, ReturnsError> {
    let now = instance.now_us();
    instance.store.execute(queries::FORGET_SPENT, params![now - SPENT]).await?;
    let mut forgotten = 0;
    while !stop() {
        let part = instance.store.execute(queries::FORGET_OLD, params![now - KEPT, PART]).await?;
        if part == 0 {
            break;
        }
        forgotten += part;
        tokio::time::sleep(PAUSE).await;
    }
    Ok(forgotten)
}
