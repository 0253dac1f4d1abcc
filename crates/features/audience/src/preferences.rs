//! What a reader may decide about themselves, by the signed link that only they have: which publications, a pause,
//! their name and language.

use i18n::Language;
use instance::Instance;
use policy::subscription::{Actor, SubscriptionEvent, SubscriptionState};
use publications::Publication;
use store::params;

use crate::consent::{Proof, keep};
use crate::lift::lifting;
use crate::model::{AudienceError, Reader};
use crate::queries::readers as queries;
use crate::{find, step};

/// What a reader wants of one publication.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wish {
    /// Every edition.
    Receive,
    /// None for a while.
    Pause,
    /// None any more.
    Leave,
}

impl Wish {
    /// As a form sends it.
    pub const fn name(self) -> &'static str {
        match self {
            Wish::Receive => "receive",
            Wish::Pause => "pause",
            Wish::Leave => "leave",
        }
    }

    /// As a form sends it.
    pub fn from_name(name: &str) -> Option<Wish> {
        [Wish::Receive, Wish::Pause, Wish::Leave].into_iter().find(|wish| wish.name() == name)
    }

    /// What a state amounts to.
    pub fn of(state: Option<SubscriptionState>) -> Wish {
        match state {
            Some(SubscriptionState::Active) => Wish::Receive,
            Some(SubscriptionState::Paused) => Wish::Pause,
            Some(SubscriptionState::Pending | SubscriptionState::Ended) | None => Wish::Leave,
        }
    }
}

/// All that a reader decides at once.
#[derive(Clone, Debug, Default)]
pub struct Wishes {
    /// First name.
    pub first_name: String,
    /// Last name.
    pub last_name: String,
    /// Language.
    pub language: Option<Language>,
    /// Publications, by number.
    pub publications: Vec<(i64, Wish)>,
}

/// The publications a reader may decide about: those they have a tie to, and the sisters of the one whose link they
/// followed.
pub async fn preferences(
    instance: &Instance,
    publication: &Publication,
    reader: &Reader,
) -> Result<Vec<(Publication, Wish)>, AudienceError> {
    let ties = find::subscriptions(instance, reader.id).await?;
    let sisters = publications::sisters(instance, publication.id).await?;
    let mut shown = Vec::new();
    for candidate in publications::all(instance).await? {
        let state = ties.iter().find(|tie| tie.publication_id == candidate.id).map(|tie| tie.state);
        let sister = sisters.iter().any(|sister| sister.id == candidate.id);
        if state.is_some() || sister || candidate.id == publication.id {
            shown.push((candidate, Wish::of(state)));
        }
    }
    // The one they came from stands first.
    shown.sort_by_key(|(candidate, _)| candidate.id != publication.id);
    Ok(shown)
}

/// Carries out what a reader decided; what is not among [`preferences`] is left alone.
pub async fn decide(
    instance: &Instance,
    publication: &Publication,
    reader: &Reader,
    wishes: &Wishes,
    proof: Proof<'_>,
) -> Result<(), AudienceError> {
    let own = |text: &str| {
        let text: String = text.trim().chars().filter(|letter| !letter.is_control()).take(100).collect();
        (!text.is_empty()).then_some(text)
    };
    let language = wishes.language.map(|language| language.tag().to_owned()).or(reader.language.clone());
    let values = params![reader.id, own(&wishes.first_name), own(&wishes.last_name), language];
    instance.store.execute(queries::CHANGE_READER, values).await?;
    for (shown, now) in preferences(instance, publication, reader).await? {
        let wish = wishes.publications.iter().find(|(id, _)| *id == shown.id).map(|(_, wish)| *wish);
        match wish {
            Some(wish) if wish != now => carry_out(instance, &shown, reader, wish, proof).await?,
            _ => {}
        }
    }
    Ok(())
}

async fn carry_out(
    instance: &Instance,
    publication: &Publication,
    reader: &Reader,
    wish: Wish,
    proof: Proof<'_>,
) -> Result<(), AudienceError> {
    match wish {
        Wish::Receive => start(instance, publication, reader, proof).await,
        Wish::Pause => {
            start(instance, publication, reader, proof).await?;
            pause(instance, publication, reader, proof).await
        }
        Wish::Leave => crate::unsubscribe::end_for(instance, publication, reader, Actor::Reader, proof).await,
    }
}

/// No editions until the reader resumes.
pub async fn pause(
    instance: &Instance,
    publication: &Publication,
    reader: &Reader,
    proof: Proof<'_>,
) -> Result<(), AudienceError> {
    let act = Some(("paused", proof));
    step::take(instance, publication.id, reader, SubscriptionEvent::Pause, Actor::Reader, act).await?;
    Ok(())
}

/// Editions again.
pub async fn resume(
    instance: &Instance,
    publication: &Publication,
    reader: &Reader,
    proof: Proof<'_>,
) -> Result<(), AudienceError> {
    let act = Some(("resumed", proof));
    step::take(instance, publication.id, reader, SubscriptionEvent::Resume, Actor::Reader, act).await?;
    Ok(())
}

/// From whatever there is to active: the signed link proves what a confirmation mail would prove.
async fn start(
    instance: &Instance,
    publication: &Publication,
    reader: &Reader,
    proof: Proof<'_>,
) -> Result<(), AudienceError> {
    let state = find::subscription(instance, publication.id, reader.id).await?.map(|found| found.state);
    match state {
        Some(SubscriptionState::Active | SubscriptionState::Paused) => {
            resume(instance, publication, reader, proof).await
        }
        _ => {
            let now = instance.now_us();
            let suppression_key = instance.secrets.suppression_key(&reader.email.key());
            let (pending, active) = (SubscriptionState::Pending.number(), SubscriptionState::Active.number());
            let standing = find::standing(instance, suppression_key).await?;
            let mut statements = vec![
                queries::ASK.with(params![publication.id, reader.id, now, proof.form.name()]),
                queries::MOVE.with(params![publication.id, reader.id, pending, active, now, now]),
                keep(reader.id, publication.id, "confirmed", proof, now),
            ];
            statements.extend(lifting(&standing, suppression_key, publication.id));
            instance.store.transaction(statements).await?;
            Ok(())
        }
    }
}
