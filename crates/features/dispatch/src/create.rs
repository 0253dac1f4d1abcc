//! Asking for a dispatch.

use audience::Audience;
use editions::Edition;
use instance::Instance;
use publications::Publication;
use store::params;

use crate::estimate::estimate;
use crate::model::{Dispatch, DispatchError, Kind};
use crate::{queries, status};

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
    let findings = editions::check(instance, publication, edition).await?;
    let errors = findings.iter().filter(|finding| finding.is_error()).count();
    if errors > 0 {
        return Err(DispatchError::Unfit { slug: edition.slug.clone(), errors });
    }
    let expected = estimate(instance, publication, edition.id, audience, Kind::Edition).await?;
    // A dispatch for later may find readers by then.
    if expected.readers == 0 && at.is_none() {
        return Err(DispatchError::Nobody(expected.left_out_total()));
    }
    // From here on nobody changes the draft: what is kept with the dispatch is what leaves and what is published.
    editions::schedule(instance, edition.id, at.unwrap_or_else(|| instance.now_us())).await?;
    let settled = editions::by_id(instance, edition.id).await?;
    let settled = settled.as_ref().unwrap_or(edition);
    let kept = keep(instance, publication, settled, audience, Kind::Edition, at).await;
    if kept.is_err() {
        editions::unschedule(instance, edition.id).await?;
    }
    kept
}

/// Sends an edition to one address as a test: whether it subscribes or not, and without making the edition public.
pub async fn create_test(
    instance: &Instance,
    publication: &Publication,
    edition: &Edition,
    address: &wire::Address,
) -> Result<Dispatch, DispatchError> {
    relay(instance)?;
    let audience = Audience::Address(address.clone());
    let expected = estimate(instance, publication, edition.id, &audience, Kind::Test).await?;
    if expected.readers == 0 {
        return Err(DispatchError::Nobody(expected.left_out_total()));
    }
    keep(instance, publication, edition, &audience, Kind::Test, None).await
}

fn relay(instance: &Instance) -> Result<(), DispatchError> {
    let url = instance.config.smtp_url.as_deref().ok_or(DispatchError::NoRelay)?;
    smtp::Route::parse(url)?;
    Ok(())
}

async fn keep(
    instance: &Instance,
    publication: &Publication,
    edition: &Edition,
    audience: &Audience,
    kind: Kind,
    at: Option<i64>,
) -> Result<Dispatch, DispatchError> {
    let now = instance.now_us();
    let audience =
        serde_json::to_string(audience).map_err(|error| DispatchError::Letter(error.to_string()))?;
    let values = params![
        edition.id,
        publication.id,
        kind.as_str(),
        audience,
        document::to_json(&edition.document),
        publication.in_doubt.name(),
        now,
        at.unwrap_or(now).max(now),
    ];
    let rows = instance.store.write(queries::CREATE, values).await?;
    let id = rows.first().ok_or(DispatchError::Unknown(0))?.int(0)?;
    instance.mail_waits.notify_waiters();
    status::by_id(instance, id).await
}
