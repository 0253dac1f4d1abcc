//! Segments: saved conditions over readers, always evaluated live.

use instance::Instance;
use policy::segment::Condition;
use store::{Row, StoreError, params};

use crate::model::AudienceError;
use crate::queries::segment as queries;

/// A saved condition.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Segment {
    /// Its number.
    pub id: i64,
    /// Its short name, as the command line takes it.
    pub slug: String,
    /// Its name.
    pub name: String,
    /// What its readers are like.
    pub condition: Condition,
}

/// Saves a condition under a name.
pub async fn create_segment(
    instance: &Instance,
    publication_id: i64,
    slug: &str,
    name: &str,
    condition: &Condition,
) -> Result<Segment, AudienceError> {
    let letters = slug.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-');
    if slug.is_empty() || slug.len() > 63 || !letters || slug.starts_with('-') || slug.ends_with('-') {
        return Err(AudienceError::SegmentSlug(slug.to_owned()));
    }
    condition.validate()?;
    let kept = serde_json::to_string(condition).map_err(|error| AudienceError::Unknown(error.to_string()))?;
    let values = params![publication_id, slug, name.trim(), kept, instance.now_us()];
    match instance.store.write(queries::CREATE, values).await {
        Err(StoreError::Taken { .. }) => Err(AudienceError::SegmentTaken(slug.to_owned())),
        Err(error) => Err(error.into()),
        Ok(_) => segment(instance, publication_id, slug).await?.ok_or(AudienceError::NoReader),
    }
}

/// A segment by its slug.
pub async fn segment(
    instance: &Instance,
    publication_id: i64,
    slug: &str,
) -> Result<Option<Segment>, AudienceError> {
    let row = instance.store.read_one(queries::BY_SLUG, params![publication_id, slug]).await?;
    row.as_ref().map(from_row).transpose()
}

/// The segments of a publication, by name.
pub async fn segments(instance: &Instance, publication_id: i64) -> Result<Vec<Segment>, AudienceError> {
    let rows = instance.store.read(queries::OF_PUBLICATION, params![publication_id]).await?;
    rows.iter().map(from_row).collect()
}

fn from_row(row: &Row) -> Result<Segment, AudienceError> {
    let slug = row.text(1)?;
    let condition = serde_json::from_str(&row.text(3)?)
        .map_err(|error| AudienceError::Unknown(format!("the condition of the segment {slug}: {error}")))?;
    Ok(Segment { id: row.int(0)?, slug, name: row.text(2)?, condition })
}
