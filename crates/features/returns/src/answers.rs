//! What servers said while they were handed a mail: the refusals in the ledger of deliveries, read by a job and not by
//! the sender, which has better things to do.

use std::time::Duration;

use instance::Instance;
use policy::answer::{Reason, judge_coded};
use policy::returns::Action;
use store::{Row, StoreError, params};
use tokio::sync::watch;
use tokio::task::JoinSet;

use crate::model::{Event, Evidence, ReturnsError, Source};
use crate::queries;
use crate::take_in::take_in;

/// How often the ledgers are looked at.
const LOOK: Duration = Duration::from_secs(5);
/// Places of a ledger read at once.
const SPAN: i64 = 5_000;
/// Events taken in at the same time: their commits are one commit.
const TOGETHER: usize = 32;
/// A dispatch under way is read again from the start so often: mails that were deferred fail after hours.
const FROM_THE_START: i64 = policy::HOUR;

/// A mail that was on the wire when its dispatch was stopped has its answer by then.
const LAST_WORDS: i64 = 15 * policy::MINUTE;

/// A dispatch whose answers may not have been read.
struct Unread {
    dispatch: i64,
    over: bool,
    upto: i64,
    looked_at: i64,
    /// The last place up to which no row will be written soon.
    closed: i64,
}

impl Unread {
    fn from_row(row: &Row, now: i64) -> Result<Self, StoreError> {
        let last = row.opt_int(5)?.unwrap_or(0);
        Ok(Unread {
            dispatch: row.int(0)?,
            over: row.int(1)? >= 4 && now - row.int(6)? >= LAST_WORDS,
            upto: row.int(2)?,
            looked_at: row.int(3)?,
            closed: row.opt_int(4)?.unwrap_or(last),
        })
    }
}

/// Reads answers until `shutdown` turns true.
pub async fn read_answers(instance: Instance, mut shutdown: watch::Receiver<bool>) {
    loop {
        let stopping = shutdown.clone();
        if let Err(error) = read_all(&instance, || *stopping.borrow()).await {
            tracing::error!(%error, "the answers of servers could not be read; trying again");
        }
        tokio::select! {
            () = tokio::time::sleep(LOOK) => {}
            _ = shutdown.wait_for(|stop| *stop) => return,
        }
    }
}

/// Reads all answers that stand in ledgers now. Returns how many were new.
pub async fn after_sending(instance: &Instance) -> Result<usize, ReturnsError> {
    read_all(instance, || false).await
}

async fn read_all(instance: &Instance, stop: impl Fn() -> bool) -> Result<usize, ReturnsError> {
    let mut new = 0;
    for row in instance.store.read(queries::UNREAD, params![]).await? {
        let now = instance.now_us();
        let unread = Unread::from_row(&row, now)?;
        let again = unread.over || now - unread.looked_at >= FROM_THE_START;
        let from = if again { 0 } else { unread.upto };
        if from >= unread.closed && !unread.over {
            continue;
        }
        let Some(taken) = read_one(instance, &unread, from, &stop).await? else { return Ok(new) };
        new += taken;
        let looked_at = if again { now } else { unread.looked_at };
        let values = params![unread.dispatch, unread.closed, looked_at, i64::from(unread.over)];
        instance.store.execute(queries::KEEP_PLACE, values).await?;
    }
    Ok(new)
}

/// Nothing when it was stopped on the way.
async fn read_one(
    instance: &Instance,
    unread: &Unread,
    mut from: i64,
    stop: impl Fn() -> bool,
) -> Result<Option<usize>, ReturnsError> {
    let mut new = 0;
    while from < unread.closed {
        if stop() {
            return Ok(None);
        }
        let to = (from + SPAN).min(unread.closed);
        let rows = instance.store.read(queries::ANSWERS, params![unread.dispatch, from, to]).await?;
        let events = rows.iter().map(|row| event(unread.dispatch, row)).collect::<Result<Vec<_>, _>>()?;
        new += events.len();
        take_all(instance, events).await?;
        from = to;
    }
    Ok(Some(new))
}

async fn take_all(instance: &Instance, events: Vec<Event>) -> Result<(), ReturnsError> {
    let mut under_way = JoinSet::new();
    for event in events {
        if under_way.len() >= TOGETHER {
            ended(&mut under_way).await?;
        }
        let instance = instance.clone();
        under_way.spawn(async move { take_in(&instance, &event).await.map(|_| ()) });
    }
    while !under_way.is_empty() {
        ended(&mut under_way).await?;
    }
    Ok(())
}

async fn ended(under_way: &mut JoinSet<Result<(), ReturnsError>>) -> Result<(), ReturnsError> {
    match under_way.join_next().await {
        Some(Ok(result)) => result,
        // Cut off by a shutdown or a panic, which was logged: the row is read again.
        Some(Err(_)) | None => Ok(()),
    }
}

fn event(dispatch: i64, row: &Row) -> Result<Event, StoreError> {
    let (seq, reader) = (row.int(0)?, row.int(1)?);
    let code = row.opt_int(3)?.and_then(|code| u16::try_from(code).ok());
    let words = row.opt_text(4)?;
    let (status, text) = split(words.as_deref().unwrap_or_default());
    let (action, reason) = meaning(code, status, text);
    Ok(Event {
        key: format!("delivery:{dispatch}:{seq}"),
        source: Source::Answer,
        at: row.opt_int(2)?.unwrap_or_default(),
        action,
        reason: reason.to_owned(),
        status: status.map(|(class, subject, detail)| format!("{class}.{subject}.{detail}")),
        words: words.map(|words| match code {
            Some(code) => format!("{code} {words}"),
            None => words,
        }),
        evidence: Evidence { mail: Some((dispatch, reader)), ..Evidence::default() },
    })
}

/// What an answer means for the reader whose mail was given up.
fn meaning(code: Option<u16>, status: Option<(u8, u16, u16)>, text: &str) -> (Action, &'static str) {
    // No server said anything: the mail could not be made, or no connection held.
    let Some(code) = code else { return (Action::None, "no_answer") };
    let judged = judge_coded(Some(code), status, text).map_or(Reason::Unclear, |judged| judged.reason);
    match (code, judged.action()) {
        // "Not now" was the last word, until the time was over: nobody said that the address is dead.
        (..500, Action::Suppress) => (Action::Soft, Reason::Expired.as_str()),
        (_, action) => (action, judged.as_str()),
    }
}

/// The enhanced code at the start of an answer (RFC 2034 4), and the rest.
fn split(words: &str) -> (Option<(u8, u16, u16)>, &str) {
    let (first, rest) = words.split_once(' ').unwrap_or((words, ""));
    let mut parts = first.split('.').map(|part| part.parse::<u16>().ok());
    let status = match (parts.next(), parts.next(), parts.next(), parts.next()) {
        (Some(Some(class @ (2 | 4 | 5))), Some(Some(subject)), Some(Some(detail)), None) => {
            Some((class as u8, subject, detail))
        }
        _ => None,
    };
    if status.is_some() { (status, rest) } else { (None, words) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_dead_address_is_hard() {
        for (code, words, action) in [
            (Some(550), "5.1.1 no such user", Action::Suppress),
            (Some(550), "No such user here", Action::Suppress),
            (Some(556), "5.1.10 recipient address has null MX", Action::Suppress),
            (Some(552), "5.2.2 mailbox full", Action::Soft),
            (Some(554), "5.7.1 message refused, spam", Action::Trouble),
            (Some(550), "5.7.26 unauthenticated", Action::Trouble),
            (Some(451), "4.2.1 come back later", Action::Soft),
            (None, "nobody answered", Action::None),
        ] {
            let (status, text) = split(words);
            assert_eq!(meaning(code, status, text).0, action, "{code:?} {words}");
        }
    }

    #[test]
    fn an_enhanced_code_is_taken_off_the_words() {
        assert_eq!(split("5.1.1 no such user"), (Some((5, 1, 1)), "no such user"));
        assert_eq!(split("5.1.1"), (Some((5, 1, 1)), ""));
        assert_eq!(split("192.0.2.1 is blocked"), (None, "192.0.2.1 is blocked"));
        assert_eq!(split("no"), (None, "no"));
    }
}
