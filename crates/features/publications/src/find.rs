//! Finding publications.

use i18n::Language;
use instance::Instance;
use store::{Query, Row, Value, params};
use wire::{Address, Mailbox};

use crate::model::{Publication, PublicationError};
use crate::queries;

/// A publication by its slug.
pub async fn find(instance: &Instance, slug: &str) -> Result<Option<Publication>, PublicationError> {
    Ok(several(instance, queries::BY_SLUG, params![slug]).await?.pop())
}

/// A publication by its number.
pub async fn by_id(instance: &Instance, id: i64) -> Result<Option<Publication>, PublicationError> {
    Ok(several(instance, queries::BY_ID, params![id]).await?.pop())
}

/// Every publication, in the order in which they were made.
pub async fn all(instance: &Instance) -> Result<Vec<Publication>, PublicationError> {
    several(instance, queries::EVERY, params![]).await
}

/// The sister letters of a publication.
pub async fn sisters(instance: &Instance, id: i64) -> Result<Vec<Publication>, PublicationError> {
    several(instance, queries::SISTERS, params![id]).await
}

async fn several(
    instance: &Instance,
    query: Query,
    params: Vec<Value>,
) -> Result<Vec<Publication>, PublicationError> {
    instance.store.read(query, params).await?.iter().map(publication).collect()
}

fn publication(row: &Row) -> Result<Publication, PublicationError> {
    let id = row.int(0)?;
    let kept = |why: String| PublicationError::Kept(id, why);
    let address = |text: &str| Address::parse(text).map_err(|error| kept(error.to_string()));
    let name = row.opt_text(5)?;
    Ok(Publication {
        id,
        slug: row.text(1)?.parse()?,
        name: row.text(2)?,
        tagline: row.opt_text(3)?,
        description: row.opt_text(4)?,
        from: Mailbox::new(name.as_deref(), address(&row.text(6)?)?)
            .map_err(|error| kept(error.to_string()))?,
        reply_to: row.opt_text(7)?.map(|text| address(&text)).transpose()?,
        language: Language::from_tag(&row.text(8)?),
        time_zone: row.text(9)?,
        postal_address: row.opt_text(10)?,
        look: serde_json::from_str(&row.text(11)?).map_err(|error| kept(error.to_string()))?,
        in_doubt: row.text(12)?.parse().map_err(|error: policy::Unknown| kept(error.to_string()))?,
        created_at: row.int(13)?,
    })
}
