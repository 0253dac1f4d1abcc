//! Finding readers and their subscriptions.

use instance::Instance;
use policy::suppressions::{Reason, Scope, blocks};
use store::params;
use wire::Address;

use crate::model::{AudienceError, Reader, Subscription};
use crate::queries::readers as queries;

/// A reader by number; none when there is none any more.
pub async fn by_id(instance: &Instance, id: i64) -> Result<Option<Reader>, AudienceError> {
    let row = instance.store.read_one(queries::BY_ID, params![id]).await?;
    row.as_ref().map(Reader::from_row).transpose()
}

/// A reader by address.
pub async fn by_email(instance: &Instance, address: &Address) -> Result<Option<Reader>, AudienceError> {
    let row = instance.store.read_one(queries::BY_KEY, params![address.key()]).await?;
    row.as_ref().map(Reader::from_row).transpose()
}

/// A reader's tie to one publication.
pub async fn subscription(
    instance: &Instance,
    publication_id: i64,
    reader_id: i64,
) -> Result<Option<Subscription>, AudienceError> {
    let row = instance.store.read_one(queries::SUBSCRIPTION, params![publication_id, reader_id]).await?;
    row.as_ref().map(Subscription::from_row).transpose()
}

/// All ties of a reader.
pub async fn subscriptions(instance: &Instance, reader_id: i64) -> Result<Vec<Subscription>, AudienceError> {
    let rows = instance.store.read(queries::SUBSCRIPTIONS, params![reader_id]).await?;
    rows.iter().map(Subscription::from_row).collect()
}

/// What stands against mailing an address.
pub(crate) async fn standing(
    instance: &Instance,
    suppression_key: [u8; 16],
) -> Result<Vec<(Scope, Reason, i64)>, AudienceError> {
    let rows = instance.store.read(queries::SUPPRESSIONS, params![suppression_key]).await?;
    let standing = rows.iter().map(|row| {
        let reason =
            row.text(1)?.parse::<Reason>().map_err(|error| AudienceError::Unknown(error.to_string()))?;
        Ok((Scope::from_number(row.int(0)?), reason, row.int(2)?))
    });
    standing.collect()
}

/// Why an address must not get editions of a publication.
pub(crate) async fn blocked(
    instance: &Instance,
    suppression_key: [u8; 16],
    publication_id: i64,
) -> Result<Option<Reason>, AudienceError> {
    let standing = standing(instance, suppression_key).await?;
    let pairs: Vec<_> = standing.into_iter().map(|(scope, reason, _)| (scope, reason)).collect();
    Ok(blocks(&pairs, publication_id))
}

/// Whether an address must not get a publication's mails; no row is made for it.
pub async fn is_blocked(
    instance: &Instance,
    address: &Address,
    publication_id: i64,
) -> Result<bool, AudienceError> {
    let key = instance.secrets.suppression_key(&address.key());
    Ok(blocked(instance, key, publication_id).await?.is_some())
}
