//! Asking for a dispatch.

use audience::Audience;
use editions::Edition;
use instance::Instance;
use publications::Publication;
use store::{Statement, StoreError, params};

use crate::estimate::{estimate, estimate_failed};
use crate::model::{Dispatch, DispatchError, Kind};
use crate::timing::{Timed, Timing};
use crate::{queries, status};

/// How often the text is checked anew because it was saved in the moment it was to leave.
const TRIES: usize = 5;

/// Asks for an edition to be sent to an audience, now or at a moment (microseconds UTC). Refused where nobody would
/// get it and where the edition has errors; the document is kept as it now stands.
pub async fn create(
    instance: &Instance,
    publication: &Publication,
    edition: &Edition,
    audience: &Audience,
    at: Option<i64>,
) -> Result<Dispatch, DispatchError> {
    create_timed(instance, publication, edition, audience, Timing::at(at)).await
}

/// The same, spread over hours or at an hour of each reader's own day.
pub async fn create_timed(
    instance: &Instance,
    publication: &Publication,
    edition: &Edition,
    audience: &Audience,
    timing: Timing,
) -> Result<Dispatch, DispatchError> {
    ways_out(instance).await?;
    let timed = timing.checked(instance, publication)?;
    for _ in 0..TRIES {
        let edition = editions::by_id(instance, edition.id).await?;
        let edition = edition.ok_or(DispatchError::Kept(0, "edition"))?;
        fit(instance, publication, &edition).await?;
        let expected = estimate(instance, publication, edition.id, audience, Kind::Edition).await?;
        // A dispatch for later may find readers by then.
        if expected.readers == 0 && timing.at.is_none() {
            return Err(DispatchError::Nobody(expected.left_out_total()));
        }
        // Together: from here on nobody changes the draft, and what was checked is what leaves and is published.
        let mut statements = editions::scheduling(&edition, timed.scheduled_at).to_vec();
        let wished = Wished { audience, kind: Kind::Edition, timed, failed_of: None };
        statements.push(wish(instance, publication, &edition, wished)?);
        match keep(instance, statements).await {
            Err(DispatchError::Store(StoreError::Unexpected { .. })) => continue,
            other => return other,
        }
    }
    Err(editions::EditionError::Changed(edition.slug.clone()).into())
}

async fn fit(instance: &Instance, publication: &Publication, edition: &Edition) -> Result<(), DispatchError> {
    let findings = editions::check(instance, publication, edition).await?;
    match findings.iter().filter(|finding| finding.is_error()).count() {
        0 => Ok(()),
        errors => Err(DispatchError::Unfit { slug: edition.slug.clone(), errors }),
    }
}

/// Sends an edition to one address as a test: whether it subscribes or not, and without making the edition public.
pub async fn create_test(
    instance: &Instance,
    publication: &Publication,
    edition: &Edition,
    address: &wire::Address,
) -> Result<Dispatch, DispatchError> {
    ways_out(instance).await?;
    // Asked before a row is made for the address: who was forgotten stays so.
    if audience::is_blocked(instance, address, publication.id).await? {
        return Err(DispatchError::Nobody(1));
    }
    let audience = Audience::Address(address.clone());
    let expected = estimate(instance, publication, edition.id, &audience, Kind::Test).await?;
    if expected.readers == 0 {
        return Err(DispatchError::Nobody(expected.left_out_total()));
    }
    let timed = Timing::default().checked(instance, publication)?;
    let wished = Wished { audience: &audience, kind: Kind::Test, timed, failed_of: None };
    keep(instance, vec![wish(instance, publication, edition, wished)?]).await
}

/// Sends the edition of a dispatch once more to those whose mail of it failed, and who may still be mailed. Refused
/// where there is nobody.
pub async fn resend_failed(instance: &Instance, id: i64) -> Result<Dispatch, DispatchError> {
    ways_out(instance).await?;
    let dispatch = status::by_id(instance, id).await?;
    if dispatch.kind != Kind::Edition {
        return Err(DispatchError::Nobody(0));
    }
    let publication = publications::by_id(instance, dispatch.publication_id).await?;
    let publication = publication.ok_or(DispatchError::Kept(id, "publication"))?;
    let expected = estimate_failed(instance, &dispatch).await?;
    if expected.readers == 0 {
        return Err(DispatchError::Nobody(expected.left_out_total()));
    }
    for _ in 0..TRIES {
        let edition = editions::by_id(instance, dispatch.edition_id).await?;
        let edition = edition.ok_or(DispatchError::Kept(id, "edition"))?;
        fit(instance, &publication, &edition).await?;
        let timed = Timing::default().checked(instance, &publication)?;
        let mut statements = editions::scheduling(&edition, timed.scheduled_at).to_vec();
        let audience = &Audience::Everyone;
        let wished = Wished { audience, kind: Kind::Edition, timed, failed_of: Some(id) };
        statements.push(wish(instance, &publication, &edition, wished)?);
        match keep(instance, statements).await {
            Err(DispatchError::Store(StoreError::Unexpected { .. })) => continue,
            other => return other,
        }
    }
    Err(DispatchError::Kept(id, "edition"))
}

async fn ways_out(instance: &Instance) -> Result<(), DispatchError> {
    if routes::register(instance).await?.is_empty() { Err(DispatchError::NoRelay) } else { Ok(()) }
}

/// What is asked for.
struct Wished<'a> {
    audience: &'a Audience,
    kind: Kind,
    timed: Timed,
    failed_of: Option<i64>,
}

fn wish(
    instance: &Instance,
    publication: &Publication,
    edition: &Edition,
    wished: Wished<'_>,
) -> Result<Statement, DispatchError> {
    let now = instance.now_us();
    let audience =
        serde_json::to_string(wished.audience).map_err(|error| DispatchError::Letter(error.to_string()))?;
    Ok(queries::CREATE.with(params![
        edition.id,
        publication.id,
        wished.kind.as_str(),
        audience,
        document::to_json(&edition.document),
        publication.in_doubt.name(),
        now,
        wished.timed.scheduled_at,
        wished.timed.spread_over,
        wished.timed.local_time,
        wished.failed_of,
    ]))
}

async fn keep(instance: &Instance, statements: Vec<Statement>) -> Result<Dispatch, DispatchError> {
    let outcomes = instance.store.transaction(statements).await?;
    let row = outcomes.last().and_then(|outcome| outcome.rows.first());
    let id = row.ok_or(DispatchError::Unknown(0))?.int(0)?;
    instance.mail_waits.notify_waiters();
    status::by_id(instance, id).await
}
