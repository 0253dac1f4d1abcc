//! What was sent, kept as it was sent.

use document::Document;
use instance::Instance;
use store::params;

use crate::model::EditionError;
use crate::queries;

/// A numbered content of an edition that was sent; number 1 is the edition as it left.
#[derive(Clone, Debug, PartialEq)]
pub struct Version {
    /// From 1.
    pub number: u32,
    /// What kind of change it was: `sent` for the first.
    pub kind: String,
    /// The content.
    pub document: Document,
    /// SHA-256 of the content as it is kept.
    pub hash: Vec<u8>,
    /// Since when, microseconds UTC.
    pub at: i64,
}

/// A version of an edition.
pub async fn version(
    instance: &Instance,
    edition_id: i64,
    number: u32,
) -> Result<Option<Version>, EditionError> {
    let Some(row) = instance.store.read_one(queries::VERSION, params![edition_id, number]).await? else {
        return Ok(None);
    };
    let kept = |why: String| EditionError::Kept(edition_id, why);
    Ok(Some(Version {
        number,
        kind: row.text(0)?,
        document: document::from_json(&row.text(1)?).map_err(|error| kept(error.to_string()))?,
        hash: row.bytes(2)?,
        at: row.int(3)?,
    }))
}
