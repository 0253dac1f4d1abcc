//! Confirming: the reader's own act, by the button on the page that the mailed link opens.

use instance::Instance;
use policy::subscription::{Actor, SubscriptionEvent, SubscriptionState};
use publications::Publication;
use wire::token::Purpose;

use crate::consent::Proof;
use crate::model::{AudienceError, Reader};
use crate::{find, step, tokens};

/// What a confirmation link leads to.
#[derive(Clone, Debug)]
pub struct Waiting {
    /// The publication.
    pub publication: Publication,
    /// The reader.
    pub reader: Reader,
    /// Where the subscription stands; pending, unless it was confirmed or ended since.
    pub state: SubscriptionState,
}

/// What a confirmation link leads to; none when it leads nowhere any more. Changes nothing.
pub async fn waiting(instance: &Instance, token: &str) -> Result<Option<Waiting>, AudienceError> {
    let Some((publication_id, reader_id)) = tokens::read(instance, Purpose::Confirm, token) else {
        return Ok(None);
    };
    let Some(publication) = publications::by_id(instance, publication_id).await? else { return Ok(None) };
    let Some(reader) = find::by_id(instance, reader_id).await? else { return Ok(None) };
    let Some(subscription) = find::subscription(instance, publication_id, reader_id).await? else {
        return Ok(None);
    };
    Ok(Some(Waiting { publication, reader, state: subscription.state }))
}

/// Starts the subscription, keeps the proof, and lifts what stood against this reader here. Doing it twice is doing
/// it once; an ended subscription is not started by an old link.
pub async fn confirm(instance: &Instance, waiting: &Waiting, proof: Proof<'_>) -> Result<(), AudienceError> {
    let (publication, reader) = (waiting.publication.id, &waiting.reader);
    let act = Some(("confirmed", proof));
    step::take(instance, publication, reader, SubscriptionEvent::Confirm, Actor::Reader, act).await?;
    Ok(())
}
