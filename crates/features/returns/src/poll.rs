//! The mailbox that is polled: for instances that cannot be reached on port 25.

use std::collections::BTreeSet;
use std::time::Duration;

use imap::{Fetched, ImapError, Mailbox, Session, Timeouts};
use instance::Instance;
use tokio::sync::watch;

use crate::model::{ReturnsError, Source};
use crate::take_mail::take_all_of;
use crate::tokens::{self, Door};
use crate::understand::Arrived;

/// How often the mailbox is looked at.
const EVERY: Duration = Duration::from_secs(60);
/// What a mailbox that cannot be opened waits at most: doubled after each failure.
const PATIENCE: Duration = Duration::from_secs(30 * 60);
/// Mails fetched at once.
const BATCH: usize = 50;

/// Why a poll ended early. What was taken in stays taken in.
#[derive(Debug, thiserror::Error)]
pub enum PollError {
    /// The mailbox.
    #[error(transparent)]
    Mailbox(#[from] ImapError),
    /// A mail could not be taken in; it stays where it is.
    #[error(transparent)]
    Returns(#[from] ReturnsError),
}

/// Polls the configured mailbox until `shutdown` turns true.
pub async fn poll(instance: Instance, mut shutdown: watch::Receiver<bool>) {
    let Some(url) = instance.config.returns.imap.clone() else { return };
    let mailbox = match Mailbox::parse(&url) {
        Ok(mailbox) => mailbox,
        Err(error) => {
            tracing::error!(%error, "the mailbox for returned mail is not polled");
            return;
        }
    };
    let mut wait = EVERY;
    loop {
        let stopping = shutdown.clone();
        wait = match take_new(&instance, &mailbox, || *stopping.borrow()).await {
            Ok(0) => EVERY,
            Ok(mails) => {
                tracing::info!(mails, "returned mail was taken in");
                EVERY
            }
            Err(error) => {
                tracing::warn!(%error, "the mailbox for returned mail could not be read; trying again later");
                (wait * 2).min(PATIENCE)
            }
        };
        tokio::select! {
            () = tokio::time::sleep(wait) => {}
            _ = shutdown.wait_for(|stop| *stop) => return,
        }
    }
}

/// Takes in what is new in a mailbox. Returns how many mails.
pub async fn poll_once(instance: &Instance, mailbox: &Mailbox) -> Result<usize, PollError> {
    take_new(instance, mailbox, || false).await
}

async fn take_new(
    instance: &Instance,
    mailbox: &Mailbox,
    stop: impl Fn() -> bool,
) -> Result<usize, PollError> {
    let mut session = Session::open(mailbox, Timeouts::default()).await?;
    let mut taken = BTreeSet::new();
    let mut failed = None;
    loop {
        let mails = session.fetch_new(BATCH).await?;
        let before = taken.len();
        let any = !mails.is_empty();
        for mail in mails {
            if stop() {
                session.close().await;
                return Ok(taken.len());
            }
            // Committed first, marked then: what dies in between is seen again and known.
            match take(instance, &mail).await {
                Ok(()) => {
                    session.taken(mail.uid).await?;
                    taken.insert(mail.uid);
                }
                // It stays where it is; what came behind it is not about it.
                Err(error) => {
                    tracing::error!(uid = mail.uid, %error, "a mail of the mailbox could not be taken in");
                    failed.get_or_insert(error);
                }
            }
        }
        if taken.len() == before || failed.is_some() {
            if any && failed.is_none() {
                tracing::warn!("the mailbox for returned mail does not keep its marks");
            }
            break;
        }
    }
    session.close().await;
    match failed {
        Some(error) => Err(error.into()),
        None => Ok(taken.len()),
    }
}

async fn take(instance: &Instance, mail: &Fetched) -> Result<(), ReturnsError> {
    if !mail.whole {
        tracing::info!(
            uid = mail.uid,
            size = mail.size,
            "a returned mail is too large: only its head is read"
        );
    }
    let arrived = Arrived {
        door: &door(instance, &mail.raw),
        source: Source::Mailbox,
        key: &format!("mailbox:{}", mail.key),
        by_machine: has_null_sender(&mail.raw),
        raw: &mail.raw,
        whole: mail.whole,
    };
    take_all_of(instance, &arrived).await
}

/// Which address of ours a mail came to: the envelope is gone, what delivered it has written down whom for. Only the
/// fields on top are asked; what a returned part says is looked at later.
fn door(instance: &Instance, raw: &[u8]) -> Door {
    const DELIVERED: [&str; 7] =
        ["delivered-to", "x-original-to", "envelope-to", "x-envelope-to", "x-delivered-to", "to", "cc"];
    let mut doors = Vec::new();
    for (name, value) in fields(raw) {
        if let Some(rank) = DELIVERED.iter().position(|known| name.eq_ignore_ascii_case(known)) {
            doors.extend(tokens::found_in(instance, value).doors.into_iter().map(|door| (rank, door)));
        }
    }
    doors.sort_by_key(|(rank, _)| *rank);
    doors.into_iter().next().map_or(Door::Postmaster, |(_, door)| door)
}

/// RFC 5321 4.4: the final delivery writes the envelope's sender down.
fn has_null_sender(raw: &[u8]) -> bool {
    let path = fields(raw).find(|(name, _)| name.eq_ignore_ascii_case("return-path"));
    path.is_some_and(|(_, value)| {
        let inside: Vec<u8> = value.iter().copied().filter(|byte| !byte.is_ascii_whitespace()).collect();
        inside == b"<>"
    })
}

/// The fields of a head, values with their folds.
fn fields(raw: &[u8]) -> impl Iterator<Item = (&str, &[u8])> {
    let mut rest = raw;
    std::iter::from_fn(move || {
        loop {
            let mut end = 0;
            // RFC 5322 2.2.3: a line that begins with a space goes on with the one before.
            loop {
                let line =
                    rest[end..].iter().position(|byte| *byte == b'\n').map_or(rest.len(), |at| end + at + 1);
                let more = line < rest.len() && matches!(rest[line], b' ' | b'\t') && line > end;
                end = line;
                if !more {
                    break;
                }
            }
            let field = &rest[..end];
            rest = &rest[end..];
            if field.is_empty() || field == b"\n" || field == b"\r\n" {
                return None;
            }
            let colon = field.iter().position(|byte| *byte == b':');
            if let Some(colon) = colon
                && let Ok(name) = std::str::from_utf8(&field[..colon])
            {
                return Some((name.trim(), &field[colon + 1..]));
            }
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_fields_on_top_are_read_and_none_below() {
        let raw =
            b"Return-Path: < >\r\nTo: a@a.example,\r\n\tb@a.example\r\nnonsense\r\nCc: c\r\n\r\nX: y\r\n";
        let read: Vec<_> = fields(raw).map(|(name, value)| (name, String::from_utf8_lossy(value))).collect();
        let names: Vec<_> = read.iter().map(|(name, _)| *name).collect();
        assert_eq!(names, ["Return-Path", "To", "Cc"]);
        assert!(read[1].1.contains("b@a.example"));
        assert!(has_null_sender(raw));
        assert!(!has_null_sender(b"Return-Path: <a@a.example>\r\n\r\nReturn-Path: <>\r\n"));
        assert_eq!(fields(b"").count(), 0);
        assert_eq!(fields(b"A: b").count(), 1);
    }
}
