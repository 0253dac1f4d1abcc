//! Names of editions in addresses.

use std::collections::HashSet;

use document::Document;
use instance::Instance;
use store::params;

use crate::{EditionError, queries};

/// Names that stand for something else at the same place in an address of the site or of the desk.
pub const RESERVED: &[&str] = &["archive", "embed", "new", "preferences", "search", "subscribe", "tags"];
/// In an address where the title has no letter that could stand there.
const NAMELESS: &str = "edition";

/// The slug an edition should get: the one its author wrote, or one made from its title that nobody has yet.
/// `own` is the slug it has now.
pub(crate) async fn choose(
    instance: &Instance,
    publication_id: i64,
    document: &Document,
    own: Option<&str>,
) -> Result<String, EditionError> {
    let wished = document.front.slug.as_deref();
    let base = wished.map_or_else(|| from_title(&document.front.title), str::to_owned);
    let rows =
        instance.store.read(queries::SLUGS, params![publication_id, &base, format!("{base}-%")]).await?;
    let mut taken = HashSet::new();
    for row in rows {
        taken.insert(row.text(0)?);
    }
    let free = |slug: &str| own == Some(slug) || !(taken.contains(slug) || RESERVED.contains(&slug));
    if wished.is_some() {
        return if free(&base) { Ok(base) } else { Err(EditionError::SlugTaken(base)) };
    }
    // One more candidate than there are slugs in the way: one of them is free.
    let mut candidates = std::iter::once(base.clone()).chain((2..).map(|number| format!("{base}-{number}")));
    Ok(candidates.by_ref().take(taken.len() + 2).find(|slug| free(slug)).unwrap_or(base))
}

/// The slug of a title before anybody else is looked at.
pub(crate) fn from_title(title: &str) -> String {
    let slug = document::slug(title);
    if slug.is_empty() { NAMELESS.to_owned() } else { slug }
}
