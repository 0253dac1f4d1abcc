//! Keeping an address out, and letting it in again, by the author.

use instance::Instance;
use policy::subscription::Actor;
use policy::suppressions::{Reason, Scope};
use publications::Publication;
use store::params;
use wire::Address;

use crate::consent::Proof;
use crate::lift::suppressing;
use crate::model::{AudienceError, Form, Reader};
use crate::queries::{desk, readers as queries};
use crate::{find, unsubscribe};

/// Something that stands against an address.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Suppressed {
    /// How far it reaches.
    pub scope: Scope,
    /// Why.
    pub reason: Reason,
    /// When, microseconds UTC.
    pub at: i64,
}

/// Keeps an address out. It need not be known here.
pub async fn suppress(
    instance: &Instance,
    address: &Address,
    scope: Scope,
    reason: Reason,
) -> Result<(), AudienceError> {
    let suppression_key = instance.secrets.suppression_key(&address.key());
    let statement = suppressing(suppression_key, scope, reason, instance.now_us());
    instance.store.transaction(vec![statement]).await?;
    Ok(())
}

/// Takes a suppression away, in one scope. It starts no subscription.
pub async fn lift_suppression(
    instance: &Instance,
    address: &Address,
    scope: Scope,
) -> Result<(), AudienceError> {
    let suppression_key = instance.secrets.suppression_key(&address.key());
    instance.store.execute(queries::UNSUPPRESS, params![suppression_key, scope.number()]).await?;
    Ok(())
}

/// What stands against an address, in every scope.
pub async fn suppressions(instance: &Instance, address: &Address) -> Result<Vec<Suppressed>, AudienceError> {
    let standing = find::standing(instance, instance.secrets.suppression_key(&address.key())).await?;
    Ok(standing.into_iter().map(|(scope, reason, at)| Suppressed { scope, reason, at }).collect())
}

/// How many addresses are kept out of a publication, its own and those kept out of all.
pub async fn suppressed(instance: &Instance, publication_id: i64) -> Result<u64, AudienceError> {
    let row = instance.store.read_one(desk::SUPPRESSED, params![publication_id]).await?;
    Ok(row.map_or(Ok(0), |row| row.int(0))?.unsigned_abs())
}

/// Ends a subscription in the author's name, and keeps the address out of that publication.
pub async fn end(
    instance: &Instance,
    publication: &Publication,
    reader: &Reader,
    wording: &str,
) -> Result<(), AudienceError> {
    let proof = Proof { wording, form: Form::Desk, network: None };
    unsubscribe::end_for(instance, publication, reader, Actor::Author, proof).await
}
