//! About the reader's mailbox.

mod closed;
mod full;
mod unknown;
mod unknown_abroad;

pub(in crate::answer) use closed::{DISABLED, MOVED, SUSPENDED};
pub(in crate::answer) use full::FULL;
pub(in crate::answer) use unknown::UNKNOWN_USER;
pub(in crate::answer) use unknown_abroad::UNKNOWN_USER_ABROAD;

/// Said of dead mailboxes by most, but not by all: only a 5xx without another meaning makes it so.
pub(in crate::answer) const UNAVAILABLE: &[&str] = &[
    "mailbox unavailable",
    "mailbox name not allowed",
    "mailbox name is not allowed",
    "requested action not taken: mailbox",
    "account is not available",
    "user unavailable",
    "recipient unavailable",
    "no valid recipient",
    "no valid rcpt",
    "no valid recipients",
    "not able to receive mail",
    "unable to receive mail",
    "cannot receive mail",
    "could not receive mail",
    "local delivery failed: no such file",
];

/// A refusal of the recipient that does not say why.
pub(in crate::answer) const REFUSED: &[&str] = &[
    "recipient rejected",
    "recipients rejected",
    "all recipients were rejected",
    "none of your recipients",
    "address rejected",
    "is not a valid",
    "is not known",
    "is not recognized",
    "no account",
    "no recipient",
    "user not accepting",
    "user is not accepting",
    "user can not receive",
];
