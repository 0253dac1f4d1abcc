//! Deliveries in doubt that are held, sent once more because the author says so.

use instance::Instance;
use store::{StoreError, params};

use crate::model::DispatchError;
use crate::{queries, status};

/// Sends what is held in doubt once more, under the same Message-IDs. Says how many; none where nothing is held or
/// the dispatch has ended. Mails that are on the wire at this moment are not touched: their answer may still come.
pub async fn resend_doubted(instance: &Instance, id: i64) -> Result<u64, DispatchError> {
    if !status::by_id(instance, id).await?.is_open() {
        return Ok(0);
    }
    let mut resent = 0;
    for row in instance.store.read(queries::HELD_CHUNKS, params![id]).await? {
        let (number, first, last) = (row.int(0)?, row.int(1)?, row.int(2)?);
        let statements = vec![
            queries::REOPEN_CHUNK.with(params![id, number]).expecting(1),
            queries::RESEND_HELD.with(params![id, first, last]),
        ];
        match instance.store.transaction(statements).await {
            Ok(outcomes) => resent += outcomes.last().map_or(0, |outcome| outcome.affected),
            // Somebody works on it now; what is in doubt there then is in doubt for another reason.
            Err(StoreError::Unexpected { .. }) => {}
            Err(error) => return Err(error.into()),
        }
    }
    if resent > 0 {
        instance.store.execute(queries::GO_ON, params![id]).await?;
        instance.mail_waits.notify_waiters();
    }
    Ok(resent)
}
