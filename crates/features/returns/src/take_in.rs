//! The one way in: what came back is kept together with what follows from it, once.

use audience::Reader;
use instance::Instance;
use policy::returns::Action;
use policy::soft::{self, Soft};
use policy::subscription::SubscriptionState;
use store::{Statement, StoreError, params};

use crate::correlate::{Proof, Tie, correlate};
use crate::model::{Event, Followed, ReturnsError, Taken};
use crate::queries;

/// Another step of the same reader may come between reading and writing; then it is looked at again.
const TRIES: usize = 5;
/// What is kept of a server's words.
const WORDS: usize = 500;

/// What leads to nothing is kept so many times a day for one reader; more of it tells nobody anything.
const NOTES: i64 = 100;
/// The same for all that is about nobody we know.
const NOTES_ABOUT_NOBODY: i64 = 2_000;
const DAY: i64 = 24 * policy::HOUR;

/// Takes an event in: one transaction keeps it and does what follows. An event that is known changes nothing.
pub async fn take_in(instance: &Instance, event: &Event) -> Result<Taken, ReturnsError> {
    if instance.store.read_one(queries::KNOWN, params![&event.key]).await?.is_some() {
        return Ok(Taken::Known);
    }
    let tie = correlate(instance, &event.evidence).await?;
    let mut last = StoreError::Closed;
    for _ in 0..TRIES {
        let (followed, mut statements) = what_follows(instance, event, &tie).await?;
        let leads_nowhere = matches!(followed, Followed::Kept | Followed::Counted);
        if !(leads_nowhere && enough_is_kept(instance, &tie).await?) {
            statements.push(kept(instance, event, &tie, followed));
        }
        if let Some(once) = &event.evidence.once {
            statements.push(queries::SPEND.with(params![once, instance.now_us()]));
        }
        if statements.is_empty() {
            return Ok(Taken::New(followed));
        }
        match instance.store.transaction(statements).await {
            Ok(_) => {
                tell(event, &tie, followed);
                return Ok(Taken::New(followed));
            }
            // Told by two at once: the other was first, and nothing of ours was kept.
            Err(StoreError::Taken { query, .. }) if query == queries::KEEP.name => return Ok(Taken::Known),
            Err(StoreError::Taken { query, .. }) if query == queries::SPEND.name => {
                return Err(ReturnsError::Spent);
            }
            Err(error @ StoreError::Unexpected { .. }) => last = error,
            Err(error) => return Err(error.into()),
        }
    }
    Err(last.into())
}

/// Whether so much was kept within a day that more of it would only fill the disk.
async fn enough_is_kept(instance: &Instance, tie: &Tie) -> Result<bool, ReturnsError> {
    let since = instance.now_us() - DAY;
    let most = if tie.reader.is_some() { NOTES } else { NOTES_ABOUT_NOBODY };
    let (query, values) = match (&tie.reader, tie.publication) {
        (Some(reader), _) => (queries::NOTES, params![reader.id, since, most]),
        (None, Some(publication)) => (queries::NOTES_ABOUT_GONE, params![publication, since, most]),
        (None, None) => (queries::NOTES_ABOUT_NOBODY, params![since, most]),
    };
    let row = instance.store.read_one(query, values).await?;
    Ok(row.map_or(Ok(0), |row| row.int(0))? >= most)
}

/// What an event leads to, and what writes that down.
async fn what_follows(
    instance: &Instance,
    event: &Event,
    tie: &Tie,
) -> Result<(Followed, Vec<Statement>), ReturnsError> {
    // A word that anybody could have written leads to nothing, however often it is said.
    if tie.proof == Proof::None {
        return Ok((Followed::Kept, Vec::new()));
    }
    let (confirmed_at, happened_at) = match event.action {
        // A complaint is as old as itself, whatever mail it is about, and about one publication.
        Action::Complaint => return complaint(instance, event, tie).await,
        _ => (confirmed_at(instance, tie, None).await?, happened_at(instance, event, tie).await?),
    };
    if confirmed_at.is_some_and(|confirmed_at| happened_at < confirmed_at) {
        return Ok((Followed::Kept, Vec::new()));
    }
    match event.action {
        Action::Suppress if !tie.forwarded => match &tie.address {
            Some(address) => Ok((Followed::Suppressed, vec![audience::bounced(instance, address)])),
            None => Ok((Followed::Kept, Vec::new())),
        },
        // A dead mailbox behind a forwarding counts, as a soft return does.
        Action::Suppress | Action::Soft => softly(instance, event, tie, confirmed_at).await,
        Action::Complaint => complaint(instance, event, tie).await,
        Action::Retry | Action::Trouble | Action::AutoReply | Action::None => {
            Ok((Followed::Kept, Vec::new()))
        }
    }
}

/// When the reader confirmed last, a publication or any: a word that comes late does not undo their own wish.
async fn confirmed_at(
    instance: &Instance,
    tie: &Tie,
    publication: Option<i64>,
) -> Result<Option<i64>, ReturnsError> {
    let Some(reader) = &tie.reader else { return Ok(None) };
    let consents = audience::consents(instance, reader.id).await?;
    let confirmed = consents
        .iter()
        .filter(|consent| consent.act == "confirmed")
        .filter(|consent| publication.is_none_or(|publication| consent.publication_id == publication));
    Ok(confirmed.map(|consent| consent.at).max())
}

/// What a bounce tells is as old as the mail that came back: servers try for days, and a mailbox may lie untouched for
/// weeks.
async fn happened_at(instance: &Instance, event: &Event, tie: &Tie) -> Result<i64, ReturnsError> {
    if let Some(written_at) = tie.written_at {
        return Ok(event.at.min(written_at));
    }
    let (Some(dispatch), Some(reader)) = (tie.dispatch, &tie.reader) else { return Ok(event.at) };
    let row = instance.store.read_one(queries::SENT_AT, params![reader.id, dispatch]).await?;
    let sent_at = row.map(|row| row.opt_int(0)).transpose()?.flatten();
    Ok(sent_at.map_or(event.at, |sent_at| event.at.min(sent_at)))
}

async fn complaint(
    instance: &Instance,
    event: &Event,
    tie: &Tie,
) -> Result<(Followed, Vec<Statement>), ReturnsError> {
    let nothing = || Ok((Followed::Kept, Vec::new()));
    let Some(reader) = &tie.reader else { return nothing() };
    let Some(publication) = complained_of(instance, reader, tie).await? else { return nothing() };
    let confirmed_at = confirmed_at(instance, tie, Some(publication)).await?;
    if confirmed_at.is_some_and(|confirmed_at| event.at < confirmed_at) {
        return nothing();
    }
    let words = event.words.as_deref().unwrap_or(&event.reason);
    let statements = audience::complained(instance, publication, reader, &cut(words)).await?;
    Ok((Followed::Ended, statements))
}

/// Which publication is complained of; where the mail is not known, the only one that the reader gets.
async fn complained_of(instance: &Instance, reader: &Reader, tie: &Tie) -> Result<Option<i64>, ReturnsError> {
    if tie.publication.is_some() || tie.written_at.is_some() {
        return Ok(tie.publication);
    }
    let all = audience::subscriptions(instance, reader.id).await?;
    let mut live = all.iter().filter(|one| one.state != SubscriptionState::Ended);
    let only = live.next().filter(|_| live.next().is_none());
    Ok(only.map(|one| one.publication_id))
}

async fn softly(
    instance: &Instance,
    event: &Event,
    tie: &Tie,
    confirmed_at: Option<i64>,
) -> Result<(Followed, Vec<Statement>), ReturnsError> {
    let (Some(edition), Some(reader)) = (tie.edition, &tie.reader) else {
        return Ok((Followed::Kept, Vec::new()));
    };
    let key = instance.secrets.suppression_key(&reader.email.key());
    let mut all = Vec::new();
    for row in instance.store.read(queries::SOFT, params![key]).await? {
        all.push(Soft { edition: row.int(0)?, at: row.int(1)? });
    }
    if !all.iter().any(|one| one.edition == edition) {
        all.push(Soft { edition, at: event.at });
    }
    // Whoever confirmed was there; and what is told no more of does not count any more.
    let forgotten = Some(event.at.saturating_sub(crate::tidy::KEPT));
    let good_at = went_well(instance, reader.id).await?.max(confirmed_at).max(forgotten);
    let standing = soft::standing(&all, good_at);
    let mut statements = Vec::new();
    if let Some(good_at) = good_at {
        statements.push(queries::FORGET_SOFT.with(params![key, good_at]));
    }
    if soft::is_gone(&standing) {
        // Whoever comes back by confirming begins with a clean slate.
        statements.push(queries::FORGET_SOFT.with(params![key, i64::MAX]));
        statements.push(audience::bounced(instance, &reader.email));
        return Ok((Followed::Suppressed, statements));
    }
    statements.push(queries::COUNT_SOFT.with(params![key, edition, event.at]));
    Ok((Followed::Counted, statements))
}

async fn went_well(instance: &Instance, reader: i64) -> Result<Option<i64>, ReturnsError> {
    let before = soft::settled_before(instance.now_us());
    let row = instance.store.read_one(queries::WENT_WELL, params![reader, before]).await?;
    Ok(row.map(|row| row.opt_int(0)).transpose()?.flatten())
}

fn kept(instance: &Instance, event: &Event, tie: &Tie, followed: Followed) -> Statement {
    let spoken_of = event.evidence.address.as_ref().filter(|_| !tie.gone);
    let address = tie.address.as_ref().or(spoken_of);
    let key = address.map(|address| instance.secrets.suppression_key(&address.key()));
    // A reader's address is joined from their row, so that it goes when they go.
    let stranger = address.filter(|_| tie.reader.is_none()).map(|address| address.as_str());
    queries::KEEP.with(params![
        &event.key,
        event.source.column(),
        event.at,
        tie.publication,
        tie.dispatch,
        tie.reader.as_ref().map(|reader| reader.id),
        key,
        stranger,
        event.action.as_str(),
        plain(&event.reason),
        event.status.as_deref().map(plain),
        event.words.as_deref().filter(|_| !tie.gone).map(cut),
        followed.as_str(),
    ])
}

fn tell(event: &Event, tie: &Tie, followed: Followed) {
    tracing::debug!(
        source = event.source.column(),
        action = event.action.as_str(),
        reason = event.reason,
        dispatch = tie.dispatch,
        reader = tie.reader.as_ref().map(|reader| reader.id),
        followed = followed.as_str(),
        "something came back"
    );
}

/// Without what a database or a page cannot bear; nothing turns the direction of what stands around it.
pub(crate) fn plain(text: &str) -> String {
    let turns = |letter: &char| matches!(letter, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
    text.chars()
        .filter(|letter| !turns(letter))
        .map(|letter| if letter.is_control() { ' ' } else { letter })
        .collect::<String>()
        .trim()
        .to_owned()
}

fn cut(text: &str) -> String {
    plain(text).chars().take(WORDS).collect()
}
