//! The stored form of a tree.

use crate::{
    Document, FORMAT, normalise,
    problem::{Problem, ProblemKind},
    read, write,
};

/// Why a stored tree cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum JsonError {
    /// Not JSON, or not our tree.
    #[error("the stored edition is not a document tree")]
    Shape(#[source] serde_json::Error),
    /// Written by a newer program.
    #[error("the stored edition has format {found}; this program reads up to {FORMAT}")]
    Newer {
        /// Its number.
        found: u64,
    },
    /// No format number, or one that never was.
    #[error("the stored edition has no known format number")]
    Unnumbered,
}

/// The tree as compact JSON, with its format number.
pub fn to_json(document: &Document) -> String {
    // Strings, numbers and lists with string keys only: nothing in the tree can fail to be written.
    serde_json::to_string(document).unwrap_or_default()
}

/// Reads what [`to_json`] wrote. The number is looked at first, so that a newer tree is named as such.
pub fn from_json(json: &str) -> Result<Document, JsonError> {
    #[derive(serde::Deserialize)]
    struct Numbered {
        format: Option<u64>,
    }
    let numbered: Numbered = serde_json::from_str(json).map_err(JsonError::Shape)?;
    match numbered.format {
        Some(found) if found > u64::from(FORMAT) => return Err(JsonError::Newer { found }),
        Some(found) if found == u64::from(FORMAT) => {}
        _ => return Err(JsonError::Unnumbered),
    }
    serde_json::from_str(json).map_err(JsonError::Shape)
}

/// A tree from elsewhere, such as an editor, as an edition: in normal form, and only if Markdown can say it.
/// The places of problems are those in the Markdown of the tree.
pub fn accept(document: Document) -> Result<Document, Vec<Problem>> {
    let mut wanted = normalise(document);
    wanted.format = FORMAT;
    let written = read(&write(&wanted))?;
    if written == wanted {
        return Ok(written);
    }
    Err(vec![Problem { line: 1, column: 1, kind: ProblemKind::NotWritable }])
}
