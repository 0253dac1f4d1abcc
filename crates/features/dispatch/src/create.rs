//! Asking for a dispatch.

use audience::Audience;
use editions::Edition;
use instance::Instance;
use publications::Publication;
use store::{Statement, StoreError, params};

use crate::estimate::estimate;
use crate::model::{Dispatch, DispatchError, Kind};
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
    relay(instance)?;
    for _ in 0..TRIES {
        let edition = editions::by_id(instance, edition.id).await?;
        let edition = edition.ok_or(DispatchError::Kept(0, "edition"))?;
        fit(instance, publication, &edition).await?;
        let expected = estimate(instance, publication, edition.id, audience, Kind::Edition).await?;
        // A dispatch for later may find readers by then.
        if expected.readers == 0 && at.is_none() {
            return Err(DispatchError::Nobody(expected.left_out_total()));
        }
        // Together: from here on nobody changes the draft, and what was checked is what leaves and is published.
        let mut statements = editions::scheduling(&edition, at.unwrap_or_else(|| instance.now_us())).to_vec();
        statements.push(wish(instance, publication, &edition, audience, Kind::Edition, at)?);
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
    relay(instance)?;
    // Asked before a row is made for the address: who was forgotten stays so.
    if audience::is_blocked(instance, address, publication.id).await? {
        return Err(DispatchError::Nobody(1));
    }
    let audience = Audience::Address(address.clone());
    let expected = estimate(instance, publication, edition.id, &audience, Kind::Test).await?;
    if expected.readers == 0 {
        return Err(DispatchError::Nobody(expected.left_out_total()));
    }
    let statement = wish(instance, publication, edition, &audience, Kind::Test, None)?;
    keep(instance, vec![statement]).await
}

fn relay(instance: &Instance) -> Result<(), DispatchError> {
    let url = instance.config.smtp_url.as_deref().ok_or(DispatchError::NoRelay)?;
    smtp::Route::parse(url)?;
    Ok(())
}

fn wish(
    instance: &Instance,
    publication: &Publication,
    edition: &Edition,
    audience: &Audience,
    kind: Kind,
    at: Option<i64>,
) -> Result<Statement, DispatchError> {
    let now = instance.now_us();
    let audience =
        serde_json::to_string(audience).map_err(|error| DispatchError::Letter(error.to_string()))?;
    Ok(queries::CREATE.with(params![
        edition.id,
        publication.id,
        kind.as_str(),
        audience,
        document::to_json(&edition.document),
        publication.in_doubt.name(),
        now,
        at.unwrap_or(now).max(now),
    ]))
}

async fn keep(instance: &Instance, statements: Vec<Statement>) -> Result<Dispatch, DispatchError> {
    let outcomes = instance.store.transaction(statements).await?;
    let row = outcomes.last().and_then(|outcome| outcome.rows.first());
    let id = row.ok_or(DispatchError::Unknown(0))?.int(0)?;
    instance.mail_waits.notify_waiters();
    status::by_id(instance, id).await
}
