//! Freezing an audience: from here on the readers of a dispatch and their order are rows.

use instance::{Instance, Process};
use letter::CompiledLetter;
use publications::Publication;
use store::params;

use crate::DispatchState;
use crate::estimate::chosen;
use crate::model::{CHUNK, Dispatch, DispatchError, Kind};
use crate::queries::{self, BATCH, Chosen, Moments};
use crate::timing;

/// Freezes the dispatches that are due, and goes on with those whose process died over it.
pub async fn freeze_due(instance: &Instance, process: &Process) -> Result<(), DispatchError> {
    freeze_until(instance, process, || false).await
}

/// The same until `stop` says so; what is half done goes on later, here or in another process. A dispatch that
/// cannot be frozen says why and keeps no other from its turn.
pub(crate) async fn freeze_until(
    instance: &Instance,
    process: &Process,
    stop: impl Fn() -> bool,
) -> Result<(), DispatchError> {
    for id in left_half_frozen(instance, process).await? {
        let frozen = match crate::by_id(instance, id).await {
            Ok(dispatch) => fill(instance, &dispatch, &stop).await,
            Err(error) => Err(error),
        };
        note(instance, id, frozen).await?;
    }
    for row in instance.store.read(queries::OPEN, params![instance.now_us()]).await? {
        let dispatch = Dispatch::from_row(&row)?;
        if dispatch.state == DispatchState::Scheduled && !dispatch.paused && !stop() {
            let frozen = begin(instance, process, &dispatch, &stop).await;
            note(instance, dispatch.id, frozen).await?;
        }
    }
    Ok(())
}

/// Dispatches that are ours to freeze on: of a process that is dead, or our own from a try that failed.
async fn left_half_frozen(instance: &Instance, process: &Process) -> Result<Vec<i64>, DispatchError> {
    // In this order: who announced itself after the first look holds nothing that the first look saw.
    let freezing = instance.store.read(queries::FREEZING, params![]).await?;
    let processes = Process::all(instance).await?;
    let now = instance.now_us();
    let mut ours = Vec::new();
    for row in freezing {
        let (id, holder) = (row.int(0)?, row.opt_int(1)?.unwrap_or_default());
        let alive = processes.iter().any(|other| other.id == holder && other.lives(now));
        if alive && holder != process.id {
            continue;
        }
        let taken = instance.store.write(queries::TAKE_FREEZING, params![id, holder, process.id]).await?;
        if !taken.is_empty() {
            ours.push(id);
        }
    }
    Ok(ours)
}

/// Shows why a dispatch does not begin, and goes on with the others; the author can mend it or stop it.
async fn note(instance: &Instance, id: i64, frozen: Result<(), DispatchError>) -> Result<(), DispatchError> {
    let Err(error) = frozen else { return Ok(()) };
    tracing::error!(%error, dispatch = id, "the audience could not be frozen; trying again");
    instance.store.execute(queries::TROUBLE_OF, params![id, error.to_string()]).await?;
    Ok(())
}

/// Compiles the letter, takes the dispatch and fills the ledger.
async fn begin(
    instance: &Instance,
    process: &Process,
    dispatch: &Dispatch,
    stop: &impl Fn() -> bool,
) -> Result<(), DispatchError> {
    let letter = compile(instance, dispatch).await?;
    let (bytes, hash) = (letter.to_bytes(), letter.hash());
    let values = params![dispatch.id, process.id, bytes, hash, instance.now_us()];
    let statements =
        vec![queries::TAKE_TURN.with(params![dispatch.edition_id]), queries::BEGIN_FREEZING.with(values)];
    let outcomes = instance.store.transaction(statements).await?;
    if outcomes.last().is_none_or(|outcome| outcome.rows.is_empty()) {
        // Another process was faster, or another dispatch of this edition is being frozen.
        return Ok(());
    }
    tracing::info!(dispatch = dispatch.id, "freezing the audience");
    fill(instance, dispatch, stop).await
}

/// Makes the edition public and fills the ledger. Each step may have been done by a process that died over the next.
async fn fill(
    instance: &Instance,
    dispatch: &Dispatch,
    stop: &impl Fn() -> bool,
) -> Result<(), DispatchError> {
    if dispatch.kind == Kind::Edition {
        editions::start_sending(instance, dispatch.edition_id, instance.now_us()).await?;
    }
    let (publication, edition) = (dispatch.publication_id, dispatch.edition_id);
    let mut chosen: Chosen =
        chosen(instance, publication, edition, dispatch.id, &dispatch.audience, dispatch.kind).await?;
    if let Some(failed_of) = dispatch.failed_of {
        chosen = queries::of_failed(chosen, failed_of);
    }
    let moments = moments(instance, dispatch).await?;
    let Some(readers) = write_rows(instance, dispatch.id, &chosen, &moments, stop).await? else {
        return Ok(());
    };
    let chunks = (0..(readers + CHUNK - 1) / CHUNK)
        .map(|number| {
            let first = number * CHUNK + 1;
            params![dispatch.id, number, first, readers.min(first + CHUNK - 1)]
        })
        .collect();
    instance.store.write_many(queries::ADD_CHUNK, chunks).await?;
    let left_out = keep_left_out(instance, dispatch.id, &chosen).await?;
    let begun =
        instance.store.execute(queries::BEGIN_SENDING, params![dispatch.id, readers, left_out]).await?;
    if begun == 0 && dispatch.kind == Kind::Edition {
        // It was stopped meanwhile, perhaps before the edition became public.
        editions::finish_sending(instance, edition).await?;
    }
    tracing::info!(dispatch = dispatch.id, readers, left_out, "the audience is frozen");
    Ok(())
}

/// One row a reader, batch after batch. The number of rows; nothing where it was told to stop.
async fn write_rows(
    instance: &Instance,
    dispatch: i64,
    chosen: &Chosen,
    moments: &Moments,
    stop: &impl Fn() -> bool,
) -> Result<Option<i64>, DispatchError> {
    let row = instance.store.read_one(queries::FROZEN, params![dispatch]).await?;
    let (mut last_seq, mut after) = match row {
        Some(row) => (row.int(0)?, row.int(1)?),
        None => (0, 0),
    };
    loop {
        if stop() {
            return Ok(None);
        }
        let row = instance.store.read_one(queries::SPAN, params![after, BATCH - 1]).await?;
        let up_to = row.map(|row| row.int(0)).transpose()?;
        let batch =
            queries::freeze_batch(chosen, dispatch, last_seq, after, up_to.unwrap_or(i64::MAX), moments);
        let outcomes = instance.store.transaction(vec![batch]).await?;
        last_seq += outcomes.first().map_or(0, |outcome| outcome.affected as i64);
        match up_to {
            Some(up_to) => after = up_to,
            None => return Ok(Some(last_seq)),
        }
    }
}

/// When each mail may leave: at once, or when it is the hour of the dispatch where its reader lives.
async fn moments(instance: &Instance, dispatch: &Dispatch) -> Result<Moments, DispatchError> {
    if dispatch.local_time == 0 {
        return Ok(Moments::default());
    }
    let publication = publications::by_id(instance, dispatch.publication_id)
        .await?
        .ok_or(DispatchError::Kept(dispatch.id, "publication"))?;
    let mut moments = Moments {
        by_zone: Vec::new(),
        otherwise: Some(timing::moment_in(&publication.zone(), dispatch.local_time)),
    };
    for row in instance.store.read(queries::ZONES, params![]).await? {
        let name = row.text(0)?;
        // One that the time zone database does not know any more is as none.
        if let Ok(zone) = jiff::tz::TimeZone::get(&name) {
            moments.by_zone.push((name, timing::moment_in(&zone, dispatch.local_time)));
        }
    }
    Ok(moments)
}

/// Counts who is left out where no writer waits for it, and keeps the few numbers.
async fn keep_left_out(instance: &Instance, dispatch: i64, chosen: &Chosen) -> Result<i64, DispatchError> {
    let (mut left_out, mut kept) = (0, Vec::new());
    for row in instance.store.read_statement(queries::estimate(chosen)).await? {
        if let Some(reason) = row.opt_text(0)? {
            left_out += row.int(1)?;
            kept.push(params![dispatch, reason, row.int(1)?]);
        }
    }
    instance.store.write_many(queries::KEEP_LEFT_OUT, kept).await?;
    Ok(left_out)
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
