//! A step of one reader's tie to one publication: what `policy` decides, written down whole or not at all.

use instance::Instance;
use policy::subscription::{Actor, Step, SubscriptionEvent, SubscriptionState, next};
use store::{Statement, StoreError, params};

use crate::consent::{Proof, keep};
use crate::find;
use crate::lift::{lifting, suppressing};
use crate::model::{AudienceError, Reader};
use crate::queries::readers as queries;

/// Another step may come between reading and writing; then it is looked at again.
const TRIES: usize = 5;

/// Takes a step and keeps its proof. Returns the state from now on.
pub(crate) async fn take(
    instance: &Instance,
    publication_id: i64,
    reader: &Reader,
    event: SubscriptionEvent,
    actor: Actor,
    proof: Option<(&'static str, Proof<'_>)>,
) -> Result<SubscriptionState, AudienceError> {
    let mut last = StoreError::Closed;
    for _ in 0..TRIES {
        match attempt(instance, publication_id, reader, event, actor, proof).await {
            Err(AudienceError::Store(error @ StoreError::Unexpected { .. })) => last = error,
            other => return other,
        }
    }
    Err(last.into())
}

async fn attempt(
    instance: &Instance,
    publication_id: i64,
    reader: &Reader,
    event: SubscriptionEvent,
    actor: Actor,
    proof: Option<(&'static str, Proof<'_>)>,
) -> Result<SubscriptionState, AudienceError> {
    let (state, statements) = planned(instance, publication_id, reader, event, actor, proof).await?;
    if !statements.is_empty() {
        instance.store.transaction(statements).await?;
    }
    Ok(state)
}

/// What a step leads to, and what writes it down; where another step came between, the transaction is undone with
/// [`StoreError::Unexpected`].
pub(crate) async fn planned(
    instance: &Instance,
    publication_id: i64,
    reader: &Reader,
    event: SubscriptionEvent,
    actor: Actor,
    proof: Option<(&'static str, Proof<'_>)>,
) -> Result<(SubscriptionState, Vec<Statement>), AudienceError> {
    let suppression_key = instance.secrets.suppression_key(&reader.email.key());
    let subscription = find::subscription(instance, publication_id, reader.id).await?;
    let blocked = find::blocked(instance, suppression_key, publication_id).await?;
    let from = subscription.as_ref().map(|subscription| subscription.state);
    let Step { state, suppress, lift, .. } = next(from, event, actor, blocked.is_some())?;
    let now = instance.now_us();
    let mut statements = Vec::new();
    if let Some(subscription) = subscription
        && subscription.state != state
    {
        // Pausing does not make anybody a newer reader.
        let since = match (subscription.state, state) {
            (SubscriptionState::Pending, SubscriptionState::Active) => now,
            _ => subscription.since,
        };
        let (old, new) = (subscription.state.number(), state.number());
        let values = params![publication_id, reader.id, old, new, since, now];
        statements.push(queries::MOVE.with(values).expecting(1));
    }
    if let Some(reason) = suppress {
        statements.push(suppressing(suppression_key, reason.reach(publication_id), reason, now));
    }
    if lift {
        let standing = find::standing(instance, suppression_key).await?;
        statements.extend(lifting(&standing, suppression_key, publication_id));
    }
    // What changes nothing needs no proof: pressing twice is pressing once.
    if let Some((act, proof)) = proof
        && !statements.is_empty()
    {
        statements.push(keep(reader.id, publication_id, act, proof, now));
    }
    Ok((state, statements))
}
