//! Leaving: at once, also for a dispatch under way whose mail to this reader is not yet claimed.

use instance::Instance;
use policy::subscription::{Actor, SubscriptionEvent};
use publications::Publication;
use wire::token::Purpose;

use crate::consent::Proof;
use crate::model::{AudienceError, Reader};
use crate::{find, step, tokens};

/// What an unsubscribe link leads to.
#[derive(Clone, Debug)]
pub struct Way {
    /// The publication.
    pub publication: Publication,
    /// The reader; none when everything about them was deleted, and so they have left.
    pub reader: Option<Reader>,
}

impl Way {
    /// Where a link leads; none when it was not made here. Changes nothing.
    pub async fn of(instance: &Instance, token: &str) -> Result<Option<Way>, AudienceError> {
        let Some((publication_id, reader_id)) = tokens::read(instance, Purpose::Unsubscribe, token) else {
            return Ok(None);
        };
        let Some(publication) = publications::by_id(instance, publication_id).await? else { return Ok(None) };
        Ok(Some(Way { publication, reader: find::by_id(instance, reader_id).await? }))
    }
}

/// Ends the subscription and keeps the address out until the reader asks and confirms again. Doing it twice is doing
/// it once.
pub async fn unsubscribe(instance: &Instance, way: &Way, proof: Proof<'_>) -> Result<(), AudienceError> {
    let Some(reader) = &way.reader else { return Ok(()) };
    end_for(instance, &way.publication, reader, Actor::Reader, proof).await
}

/// The end, wished by the reader or by the author; none where there was no tie.
pub(crate) async fn end_for(
    instance: &Instance,
    publication: &Publication,
    reader: &Reader,
    actor: Actor,
    proof: Proof<'_>,
) -> Result<(), AudienceError> {
    if find::subscription(instance, publication.id, reader.id).await?.is_none() {
        return Ok(());
    }
    let act = Some(("unsubscribed", proof));
    step::take(instance, publication.id, reader, SubscriptionEvent::Unsubscribe, actor, act).await?;
    Ok(())
}
