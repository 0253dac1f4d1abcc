//! Deleting a draft.

use instance::Instance;
use store::{StoreError, params};

use crate::model::{Edition, EditionError, EditionState};
use crate::{find, queries};

/// Deletes a draft for good, with the tests that were sent of it. What has left, or is about to, stays.
pub async fn delete(instance: &Instance, edition: &Edition) -> Result<(), EditionError> {
    let id = edition.id;
    let statements = vec![
        queries::DELETE_TEST_DELIVERIES.with(params![id]),
        queries::DELETE_TEST_CHUNKS.with(params![id]),
        queries::DELETE_TEST_LEFT_OUT.with(params![id]),
        queries::DELETE_TEST_PAUSES.with(params![id]),
        queries::DELETE_TESTS.with(params![id]),
        queries::DELETE.with(params![id]).expecting(1),
    ];
    match instance.store.transaction(statements).await {
        Ok(_) => Ok(()),
        Err(StoreError::Unexpected { .. }) => Err(why_not(instance, edition).await?),
        Err(other) => Err(other.into()),
    }
}

async fn why_not(instance: &Instance, edition: &Edition) -> Result<EditionError, EditionError> {
    let slug = edition.slug.clone();
    let Some(current) = find::by_id(instance, edition.id).await? else {
        return Ok(EditionError::Unknown(slug));
    };
    Ok(match current.state {
        EditionState::Draft => EditionError::InUse(slug),
        EditionState::Scheduled => EditionError::Scheduled(slug),
        EditionState::Sending | EditionState::Sent => EditionError::Sent(slug),
    })
}
