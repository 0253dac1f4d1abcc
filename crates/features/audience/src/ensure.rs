//! A row for an address that is not a reader yet.

use instance::Instance;
use store::params;
use wire::Address;

use crate::model::AudienceError;
use crate::queries::readers as queries;

/// The number of whoever has this address, known from now on if they were not; nothing is subscribed. A test of an
/// edition goes to an address that need not read it.
pub async fn ensure_reader(instance: &Instance, address: &Address) -> Result<i64, AudienceError> {
    let values = params![
        address.as_str(),
        address.key(),
        instance.secrets.suppression_key(&address.key()),
        address.domain(),
        None::<String>,
        None::<String>,
        None::<String>,
        instance.now_us(),
    ];
    let rows = instance.store.write(queries::KEEP_READER, values).await?;
    Ok(rows.first().ok_or(store::StoreError::Closed)?.int(0)?)
}
