//! Beginning an edition.

use document::Document;
use instance::Instance;
use publications::Publication;
use store::{StoreError, params};

use crate::model::{Edition, EditionError, EditionState};
use crate::{find, queries, slug};

/// How often a slug is chosen anew because another edition took it in the same moment.
const TRIES: usize = 5;

/// Makes a draft from Markdown. A text with faults makes none: all of them come back at once.
pub async fn create(
    instance: &Instance,
    publication: &Publication,
    markdown: &str,
) -> Result<Edition, EditionError> {
    let document = document::read(markdown).map_err(EditionError::Invalid)?;
    for _ in 0..TRIES {
        let slug = slug::choose(instance, publication.id, &document, None).await?;
        match keep(instance, publication.id, &slug, &document).await {
            Err(EditionError::Store(StoreError::Taken { .. })) => continue,
            other => return other,
        }
    }
    Err(EditionError::SlugTaken(slug::from_title(&document.front.title)))
}

async fn keep(
    instance: &Instance,
    publication_id: i64,
    slug: &str,
    document: &Document,
) -> Result<Edition, EditionError> {
    let values = params![
        publication_id,
        slug,
        document.front.title.trim(),
        EditionState::Draft.as_str(),
        document::to_json(document),
        instance.now_us(),
    ];
    let rows = instance.store.write(queries::CREATE, values).await?;
    let id = rows.first().ok_or_else(|| EditionError::Unknown(slug.to_owned()))?.int(0)?;
    find::by_id(instance, id).await?.ok_or_else(|| EditionError::Unknown(slug.to_owned()))
}
