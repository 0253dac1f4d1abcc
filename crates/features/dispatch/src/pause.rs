//! Pausing, going on, stopping.

use instance::Instance;
use store::{StoreError, params};

use crate::model::DispatchError;
use crate::queries::BATCH;
use crate::{queries, status};

/// Holds a dispatch: mails on the wire arrive, nothing else leaves. A pause outlives a restart.
pub async fn pause(instance: &Instance, id: i64, why: &str) -> Result<(), DispatchError> {
    status::by_id(instance, id).await?;
    instance.store.execute(queries::PAUSE, params![id, why, instance.now_us()]).await?;
    instance.mail_waits.notify_waiters();
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
    let now = instance.now_us();
    let mut statements = vec![queries::STOP.with(params![id, now]).expecting(1)];
    if dispatch.kind == crate::Kind::Edition {
        // Whether it had begun may change while we look: each of the two does something in its own case only.
        statements.push(editions::finishing(dispatch.edition_id));
        let another = params![dispatch.edition_id, id];
        if instance.store.read_one(queries::ANOTHER, another).await?.is_none() {
            statements.push(editions::unscheduling(dispatch.edition_id));
        }
    }
    match crate::proof::ending(instance, &dispatch, crate::DispatchState::Stopped, Some(now), statements)
        .await
    {
        Ok(_) => {}
        Err(StoreError::Unexpected { .. }) => return Ok(false),
        Err(error) => return Err(error.into()),
    }
    instance.mail_waits.notify_waiters();
    forget_due(instance, id).await?;
    Ok(true)
}

/// Rows that waited for another try would be looked at for ever. In parts, so that nobody waits for the writer.
async fn forget_due(instance: &Instance, id: i64) -> Result<(), DispatchError> {
    let readers = status::by_id(instance, id).await?.readers;
    for first in (1..=readers).step_by(BATCH as usize) {
        instance.store.execute(queries::FORGET_DUE, params![id, first, first + BATCH - 1]).await?;
    }
    Ok(())
}
