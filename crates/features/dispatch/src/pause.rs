//! Pausing, going on, stopping.

use instance::Instance;
use store::params;

use crate::model::DispatchError;
use crate::{queries, status};

/// Holds a dispatch: mails on the wire arrive, nothing else leaves. A pause outlives a restart.
pub async fn pause(instance: &Instance, id: i64, why: &str) -> Result<(), DispatchError> {
    status::by_id(instance, id).await?;
    instance.store.execute(queries::PAUSE, params![id, why, instance.now_us()]).await?;
    Ok(())
}

/// Lets a dispatch go on.
pub async fn resume(instance: &Instance, id: i64) -> Result<(), DispatchError> {
    instance.store.execute(queries::RESUME, params![id]).await?;
    instance.mail_waits.notify_waiters();
    Ok(())
}

/// Ends a dispatch for good; rows that were not sent stay in the ledger as they are. False where it had ended.
pub async fn stop(instance: &Instance, id: i64) -> Result<bool, DispatchError> {
    let dispatch = status::by_id(instance, id).await?;
    let stopped = !instance.store.write(queries::STOP, params![id, instance.now_us()]).await?.is_empty();
    if stopped && dispatch.kind == crate::Kind::Edition {
        if dispatch.started_at.is_some() {
            editions::finish_sending(instance, dispatch.edition_id).await?;
        } else {
            editions::unschedule(instance, dispatch.edition_id).await?;
        }
    }
    Ok(stopped)
}
