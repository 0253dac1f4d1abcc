//! Freezing an audience: from here on the readers of a dispatch and their order are rows.

use instance::{Instance, Process};
use letter::CompiledLetter;
use publications::Publication;
use store::params;

use crate::DispatchState;
use crate::estimate::chosen;
use crate::model::{CHUNK, Dispatch, DispatchError, Kind};
use crate::queries::{self, BATCH, Chosen};

/// Freezes the dispatches that are due, and goes on with those whose process died over it.
pub async fn freeze_due(instance: &Instance, process: &Process) -> Result<(), DispatchError> {
    let alive: Vec<i64> = Process::all(instance)
        .await?
        .into_iter()
        .filter(|other| other.lives(instance.now_us()))
        .map(|other| other.id)
        .collect();
    for row in instance.store.read(queries::FREEZING, params![]).await? {
        let (id, holder) = (row.int(0)?, row.opt_int(1)?.unwrap_or_default());
        let ours = holder == process.id;
        if !ours && alive.contains(&holder) {
            continue;
        }
        let taken = instance.store.write(queries::TAKE_FREEZING, params![id, holder, process.id]).await?;
        if !taken.is_empty() {
            fill(instance, &crate::by_id(instance, id).await?).await?;
        }
    }
    for row in instance.store.read(queries::OPEN, params![instance.now_us()]).await? {
        let dispatch = Dispatch::from_row(&row)?;
        if dispatch.state == DispatchState::Scheduled && !dispatch.paused {
            begin(instance, process, &dispatch).await?;
        }
    }
    Ok(())
}

/// Compiles the letter, makes the edition public, and fills the ledger.
async fn begin(instance: &Instance, process: &Process, dispatch: &Dispatch) -> Result<(), DispatchError> {
    let letter = compile(instance, dispatch).await?;
    let (bytes, hash) = (letter.to_bytes(), letter.hash());
    let values = params![dispatch.id, process.id, bytes, hash, instance.now_us()];
    if instance.store.write(queries::BEGIN_FREEZING, values).await?.is_empty() {
        // Another process was faster.
        return Ok(());
    }
    if dispatch.kind == Kind::Edition {
        editions::start_sending(instance, dispatch.edition_id, instance.now_us()).await?;
    }
    tracing::info!(dispatch = dispatch.id, "freezing the audience");
    fill(instance, dispatch).await
}

async fn fill(instance: &Instance, dispatch: &Dispatch) -> Result<(), DispatchError> {
    let (publication, edition) = (dispatch.publication_id, dispatch.edition_id);
    let chosen: Chosen =
        chosen(instance, publication, edition, dispatch.id, &dispatch.audience, dispatch.kind).await?;
    let row = instance.store.read_one(queries::FROZEN, params![dispatch.id]).await?;
    let (mut last_seq, mut last_reader) = match row {
        Some(row) => (row.int(0)?, row.int(1)?),
        None => (0, 0),
    };
    loop {
        let batch = queries::freeze_batch(&chosen, dispatch.id, last_seq, last_reader);
        let outcomes = instance.store.transaction(vec![batch]).await?;
        let added = outcomes.first().map_or(0, |outcome| outcome.affected as i64);
        if added > 0 {
            let row = instance.store.read_one(queries::FROZEN, params![dispatch.id]).await?;
            let row = row.ok_or(DispatchError::Unknown(dispatch.id))?;
            (last_seq, last_reader) = (row.int(0)?, row.int(1)?);
        }
        if added < BATCH {
            break;
        }
    }
    let chunks = (0..(last_seq + CHUNK - 1) / CHUNK)
        .map(|number| {
            let first = number * CHUNK + 1;
            params![dispatch.id, number, first, last_seq.min(first + CHUNK - 1)]
        })
        .collect();
    instance.store.write_many(queries::ADD_CHUNK, chunks).await?;
    instance.store.transaction(vec![queries::keep_left_out(&chosen, dispatch.id)]).await?;
    let mut left_out = 0;
    for row in instance.store.read(queries::LEFT_OUT, params![dispatch.id]).await? {
        left_out += row.int(1)?;
    }
    instance.store.execute(queries::BEGIN_SENDING, params![dispatch.id, last_seq, left_out]).await?;
    tracing::info!(dispatch = dispatch.id, readers = last_seq, left_out, "the audience is frozen");
    Ok(())
}

async fn compile(instance: &Instance, dispatch: &Dispatch) -> Result<CompiledLetter, DispatchError> {
    let (publication, rendering) = rendering(instance, dispatch).await?;
    let boundary = format!("{}-{}", publication.slug, dispatch.id);
    CompiledLetter::compile(&rendering.text(), &rendering.mail(), &boundary)
        .map_err(|error| DispatchError::Letter(error.to_string()))
}

/// The edition as it was when the dispatch was asked for, ready to be rendered.
pub(crate) async fn rendering(
    instance: &Instance,
    dispatch: &Dispatch,
) -> Result<(Publication, editions::Rendering), DispatchError> {
    let publication = publications::by_id(instance, dispatch.publication_id)
        .await?
        .ok_or(DispatchError::Kept(dispatch.id, "publication"))?;
    let mut edition = editions::by_id(instance, dispatch.edition_id)
        .await?
        .ok_or(DispatchError::Kept(dispatch.id, "edition"))?;
    let row = instance.store.read_one(queries::LETTER, params![dispatch.id]).await?;
    let kept = row.ok_or(DispatchError::Unknown(dispatch.id))?.text(0)?;
    edition.document =
        document::from_json(&kept).map_err(|_| DispatchError::Kept(dispatch.id, "document"))?;
    // The letter is compiled before the edition gets its number, and shows it all the same.
    let edition = editions::foreseen(instance, &edition).await?;
    let rendering = editions::Rendering::of(instance, &publication, &edition);
    Ok((publication, rendering))
}
