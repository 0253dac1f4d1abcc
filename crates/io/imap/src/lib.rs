//! A mailbox that is polled: mails that came back, fetched whole and marked when they were taken in.
//!
//! In the order of use: a [`Mailbox`] is read from a URL; a [`Session`] is opened on it; [`Session::fetch_new`] gives
//! the mails that are not marked yet, oldest first; when the caller has committed one, [`Session::taken`] marks it and
//! moves it where the mailbox says. Speaks IMAP4rev1 (RFC 3501) with MOVE (6851) and UIDPLUS (4315) where offered.
//!
//! Guaranteed: looking changes nothing on the server (BODY.PEEK), so that whatever dies between fetching and
//! committing loses nothing; every mail has the same [`Fetched::key`] each time it is seen, so that what dies between
//! committing and marking takes nothing twice; a mail above [`LARGEST`] is not fetched, its headers are; every
//! step has a time limit; certificates are checked; a password never leaves this machine in clear, nor does it stand
//! in an error or a log. A server that refuses, breaks off or lies is an error, never an empty mailbox.
//!
//! Not guaranteed: that a mail which another program has marked, moved or deleted is seen. Nothing waits for new
//! mail here (no IDLE): the caller polls.

mod answer;
mod ask;
mod error;
mod folder;
mod line;
mod mailbox;
mod open;
mod session;
mod timeouts;

pub use error::{ImapError, Step};
pub use mailbox::{Mailbox, MailboxError};
pub use session::{Fetched, LARGEST, Session};
pub use smtp::{Credentials, Security};
pub use timeouts::Timeouts;

#[cfg(test)]
mod tests;
