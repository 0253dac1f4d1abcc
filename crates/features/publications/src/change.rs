//! Changing a publication.

use instance::Instance;
use store::params;
use wire::Address;

use crate::create::{check_zone, look_text};
use crate::model::{Publication, PublicationError};
use crate::queries;

/// Keeps a publication as it now stands. Its slug and number do not change.
pub async fn change(instance: &Instance, publication: &Publication) -> Result<(), PublicationError> {
    if publication.name.trim().is_empty() {
        return Err(PublicationError::Name);
    }
    check_zone(&publication.time_zone)?;
    let values = params![
        publication.id,
        publication.name.trim(),
        publication.tagline.clone(),
        publication.description.clone(),
        publication.from.name.clone(),
        publication.from.address.as_str(),
        publication.reply_to.as_ref().map(Address::as_str),
        publication.language.tag(),
        &publication.time_zone,
        publication.postal_address.clone(),
        look_text(&publication.look),
        publication.in_doubt.name(),
    ];
    instance.store.execute(queries::CHANGE, values).await?;
    Ok(())
}
