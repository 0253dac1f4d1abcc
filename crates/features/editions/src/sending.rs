//! An edition leaves: its states and the moves between them, all in one place.
//!
//! ```text
//! draft -> scheduled -> sending -> sent
//!   ^         |           ^  |      |
//!   +---------+           |  +------+   a second dispatch sends it once more
//!   unschedule            +---- draft    sent at once
//! ```
//!
//! Each move is one conditional statement; a move that does not apply changes nothing and says so.

use aws_lc_rs::digest::{SHA256, digest};
use instance::Instance;
use store::{Statement, StoreError, params};

use crate::model::{Edition, EditionError};
use crate::{find, queries};

/// How often the text is read again because it was saved in the moment it left.
const TRIES: usize = 5;

/// The edition leaves, at `at` (microseconds UTC): from now on its page is public and its text stays. The first time
/// it gets its number and its first version. Doing it again, for a second dispatch, gives nothing anew.
pub async fn start_sending(instance: &Instance, edition_id: i64, at: i64) -> Result<Edition, EditionError> {
    for _ in 0..TRIES {
        let edition = existing(instance, edition_id).await?;
        let text = document::to_json(&edition.document);
        let hash = digest(&SHA256, text.as_bytes());
        let statements = vec![
            queries::TAKE_TURN.with(params![edition.publication_id]),
            queries::START.with(params![edition_id, edition.updated_at, at]).expecting(1),
            queries::KEEP_VERSION.with(params![edition_id, text, hash.as_ref(), at]),
        ];
        match instance.store.transaction(statements).await {
            Ok(_) => return existing(instance, edition_id).await,
            // It was saved between our look and our move: the hash must be that of what leaves.
            Err(StoreError::Unexpected { .. }) => continue,
            Err(other) => return Err(other.into()),
        }
    }
    Err(EditionError::Changed(existing(instance, edition_id).await?.slug))
}

/// The last mail of the dispatch under way was answered for. True where the edition was on its way.
pub async fn finish_sending(instance: &Instance, edition_id: i64) -> Result<bool, EditionError> {
    Ok(instance.store.execute(queries::FINISH, params![edition_id]).await? > 0)
}

/// A draft waits for its hour, microseconds UTC, and cannot be changed meanwhile. One that was sent before stays
/// sent. True where it now waits.
pub async fn schedule(instance: &Instance, edition_id: i64, at: i64) -> Result<bool, EditionError> {
    Ok(instance.store.execute(queries::SCHEDULE, params![edition_id, at]).await? > 0)
}

/// A waiting edition is a draft again. True where it waited.
pub async fn unschedule(instance: &Instance, edition_id: i64) -> Result<bool, EditionError> {
    Ok(instance.store.execute(queries::UNSCHEDULE, params![edition_id]).await? > 0)
}

/// What makes a draft wait, done together with what it waits for. The transaction is undone where the text is not
/// the one at hand any more.
pub fn scheduling(edition: &Edition, at: i64) -> [Statement; 2] {
    [
        queries::UNCHANGED.with(params![edition.id, edition.updated_at]).expecting(1),
        queries::SCHEDULE.with(params![edition.id, at]),
    ]
}

/// What makes a waiting edition a draft again, done together with the end of what it waited for.
pub fn unscheduling(edition_id: i64) -> Statement {
    queries::UNSCHEDULE.with(params![edition_id])
}

/// What says that an edition has left, done together with the end of its dispatch.
pub fn finishing(edition_id: i64) -> Statement {
    queries::FINISH.with(params![edition_id])
}

async fn existing(instance: &Instance, edition_id: i64) -> Result<Edition, EditionError> {
    find::by_id(instance, edition_id).await?.ok_or_else(|| EditionError::Unknown(edition_id.to_string()))
}
