//! Decisions, as functions of (state, event, now): who may be mailed, what an answer means, when to try again.
//!
//! In the order in which an edition meets them: a reader's tie to a publication ([`subscription`],
//! [`confirmation`]), what forbids mailing ([`suppressions`]), who a segment holds ([`segment`]), the life of a
//! dispatch ([`dispatch`]) and of each delivery in it ([`delivery`]), which process may work on it ([`lease`]), how
//! fast ([`rate`], [`pace`], [`window`]), by which way ([`spread`], [`breaker`]) and to whose door ([`provider`],
//! [`shaping`], [`warmup`]), what the answer means ([`answer`]) and when the next try is due ([`retry`]).
//!
//! Guarantees: no clock, no randomness, no storage; times are microseconds since 1970 UTC and random numbers are
//! arguments. An illegal move is an error, in one place per machine. Numbers and names that a database keeps do not
//! change.
//!
//! Not guaranteed: that anybody asks. What is decided here is carried out, and recorded, by the features.

pub mod answer;
pub mod breaker;
pub mod confirmation;
pub mod delivery;
pub mod dispatch;
pub mod lease;
pub mod pace;
pub mod provider;
pub mod rate;
pub mod retry;
pub mod returns;
pub mod segment;
pub mod shaping;
pub mod soft;
pub mod spread;
pub mod subscription;
pub mod suppressions;
pub mod warmup;
pub mod window;

/// A second, in the unit of every time here.
pub const SECOND: i64 = 1_000_000;
/// A minute.
pub const MINUTE: i64 = 60 * SECOND;
/// An hour.
pub const HOUR: i64 = 60 * MINUTE;

/// A move that a state machine does not know.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("{event} is not possible while {state}")]
pub struct IllegalMove {
    /// The state, in words.
    pub state: &'static str,
    /// What should have happened, in words.
    pub event: &'static str,
}

/// A number or name in the database that this version does not know.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{value:?} is not a known {what}")]
pub struct Unknown {
    /// What it should have been.
    pub what: &'static str,
    /// What was found.
    pub value: String,
}
