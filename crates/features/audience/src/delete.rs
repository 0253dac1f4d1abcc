//! Forgetting a reader: everything goes but a keyed hash that keeps the address out.

use instance::Instance;
use policy::suppressions::{Reason, Scope};
use store::params;

use crate::lift::suppressing;
use crate::model::{AudienceError, Reader};
use crate::queries::readers as queries;

/// Deletes all that is kept about a reader, in every publication. What an edition's ledger holds stays as a number
/// that leads to nobody.
pub async fn delete(instance: &Instance, reader: &Reader) -> Result<(), AudienceError> {
    let suppression_key = instance.secrets.suppression_key(&reader.email.key());
    instance
        .store
        .transaction(vec![
            queries::FORGET_TAGS.with(params![reader.id]),
            queries::FORGET_CONSENTS.with(params![reader.id]),
            queries::FORGET_SUBSCRIPTIONS.with(params![reader.id]),
            notices::forgetting(&reader.email),
            queries::FORGET_RETURNS.with(params![suppression_key]),
            queries::FORGET_SOFT_RETURNS.with(params![suppression_key]),
            queries::FORGET_REPLIES.with(params![reader.id]),
            queries::FORGET_LETTERS.with(params![suppression_key]),
            queries::FORGET_READER.with(params![reader.id, Vec::<u8>::new()]),
            suppressing(suppression_key, Scope::Everywhere, Reason::Deleted, instance.now_us()),
        ])
        .await?;
    Ok(())
}
