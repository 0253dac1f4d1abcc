//! Saving a draft.

use instance::Instance;
use store::{StoreError, params};

use crate::model::{Edition, EditionError, EditionState};
use crate::{find, queries, slug};

/// Keeps a new text for a draft. `seen_updated_at` is the [`Edition::updated_at`] of the text that was changed: when
/// somebody saved since, nothing is kept and both texts still exist, theirs here and ours with the caller.
///
/// The slug follows the title until the edition leaves, unless the front matter names one.
pub async fn save(
    instance: &Instance,
    edition: &Edition,
    markdown: &str,
    seen_updated_at: i64,
) -> Result<Edition, EditionError> {
    let document = document::read(markdown).map_err(EditionError::Invalid)?;
    let stays = document.front.slug.is_none()
        && edition.document.front.slug.is_none()
        && slug::from_title(&document.front.title) == slug::from_title(&edition.title);
    let slug = if stays {
        edition.slug.clone()
    } else {
        slug::choose(instance, edition.publication_id, &document, Some(&edition.slug)).await?
    };
    // Two saves within one tick of the clock are still two.
    let now = instance.now_us().max(seen_updated_at + 1);
    let values = params![
        edition.id,
        seen_updated_at,
        &slug,
        document.front.title.trim(),
        document::to_json(&document),
        now,
    ];
    match instance.store.execute(queries::SAVE, values).await {
        Ok(0) => Err(why_not(instance, edition).await?),
        Ok(_) => current(instance, edition).await,
        Err(StoreError::Taken { .. }) => Err(EditionError::SlugTaken(slug)),
        Err(other) => Err(other.into()),
    }
}

async fn why_not(instance: &Instance, edition: &Edition) -> Result<EditionError, EditionError> {
    let current = current(instance, edition).await?;
    Ok(match current.state {
        EditionState::Draft => EditionError::Changed(current.slug),
        EditionState::Scheduled => EditionError::Scheduled(current.slug),
        EditionState::Sending | EditionState::Sent => EditionError::Sent(current.slug),
    })
}

async fn current(instance: &Instance, edition: &Edition) -> Result<Edition, EditionError> {
    find::by_id(instance, edition.id).await?.ok_or_else(|| EditionError::Unknown(edition.slug.clone()))
}
