//! The end of a dispatch, or its pause until the author has decided.

use instance::Instance;
use policy::dispatch::{DispatchEvent, next};
use store::{StoreError, params};

use crate::DispatchState;
use crate::model::{Dispatch, DispatchError, Kind};
use crate::queries;

/// Moves a dispatch to where its rows say that it stands. False when that cannot be told yet.
pub async fn settle(instance: &Instance, dispatch: &Dispatch) -> Result<bool, DispatchError> {
    if instance.store.read_one(queries::OPEN_CHUNKS, params![dispatch.id]).await?.is_some() {
        // What is held goes on when the author has it sent again; no chunk of it is open before.
        return if dispatch.state == DispatchState::Held {
            go_on(instance, dispatch).await
        } else {
            Ok(false)
        };
    }
    let status = crate::status(instance, dispatch.id).await?;
    let at_work = status.pending + status.claimed + status.deferred;
    let event = match policy::dispatch::settle(at_work.unsigned_abs(), status.in_doubt.unsigned_abs()) {
        Some(event) => event,
        // An answer came late (of a process that was taken for dead), and there is something to do again.
        None if dispatch.state == DispatchState::Held => return go_on(instance, dispatch).await,
        None => return free_stranded(instance, dispatch.id).await,
    };
    let Ok(state) = next(dispatch.state, event) else { return Ok(true) };
    let finished = (!state.is_open()).then(|| instance.now_us());
    let mut statements = vec![queries::END.with(params![dispatch.id, state.number(), finished]).expecting(1)];
    if !state.is_open() && dispatch.kind == Kind::Edition {
        // Together: nobody looks at a dispatch again that has ended.
        statements.push(editions::finishing(dispatch.edition_id));
    }
    match crate::proof::ending(instance, dispatch, state, finished, statements).await {
        Ok(_) => tracing::info!(
            dispatch = dispatch.id,
            state = state.name(false),
            accepted = status.accepted,
            failed = status.failed,
            in_doubt = status.in_doubt,
            rate = status.rate,
            "the dispatch ended"
        ),
        // Another process was faster, or the author stopped it.
        Err(StoreError::Unexpected { .. }) => {}
        Err(error) => return Err(error.into()),
    }
    Ok(true)
}

/// Rows in hand in a chunk that is in nobody's are to be sent. True where there were none.
async fn free_stranded(instance: &Instance, dispatch: i64) -> Result<bool, DispatchError> {
    let chunks = instance.store.read(queries::STRANDED_CHUNKS, params![dispatch]).await?;
    for row in &chunks {
        let (number, first, last) = (row.int(0)?, row.int(1)?, row.int(2)?);
        let statements = vec![
            queries::REOPEN_CHUNK.with(params![dispatch, number]).expecting(1),
            queries::FREE_ROWS.with(params![dispatch, first, last]),
        ];
        match instance.store.transaction(statements).await {
            Ok(_) => tracing::warn!(dispatch, chunk = number, "rows that nobody worked on are sent again"),
            // Somebody works on it after all.
            Err(StoreError::Unexpected { .. }) => {}
            Err(error) => return Err(error.into()),
        }
    }
    Ok(chunks.is_empty())
}

/// What was held sends again.
async fn go_on(instance: &Instance, dispatch: &Dispatch) -> Result<bool, DispatchError> {
    if let Ok(state) = next(dispatch.state, DispatchEvent::Resume) {
        let nothing: Option<i64> = None;
        instance.store.execute(queries::END, params![dispatch.id, state.number(), nothing]).await?;
    }
    Ok(false)
}
