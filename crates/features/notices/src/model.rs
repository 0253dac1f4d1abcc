//! What a notice is.

use store::StoreError;
use wire::{Address, Mailbox};

/// A notice to be queued.
#[derive(Clone, Copy, Debug)]
pub struct Notice<'a> {
    /// `confirm`, `sign-in`…
    pub kind: &'static str,
    /// Who it is from.
    pub sender: &'a Mailbox,
    /// Where answers go, if not to the sender.
    pub reply_to: Option<&'a Address>,
    /// Who it is for.
    pub to: &'a Address,
    /// The subject.
    pub subject: &'a str,
    /// The body as text.
    pub text: &'a str,
    /// The body as a whole HTML document.
    pub html: &'a str,
    /// What makes it the same notice as another; put no address into it, it outlives the notice by days.
    pub dedupe: &'a str,
    /// Whether somebody's form provoked it: receivers that drown in such mail can tell (header `Form-Sub`).
    pub by_form: bool,
}

/// Where a notice stands; the numbers are those of deliveries.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    /// Waits.
    Pending = 0,
    /// A process has it in hand.
    Claimed = 1,
    /// The relay took it.
    Accepted = 3,
    /// Refused for now; waits for its next try.
    Deferred = 4,
    /// Refused for good, or tried for too long.
    Failed = 5,
}

impl State {
    /// As the column holds it.
    pub const fn column(self) -> i64 {
        self as i64
    }
}

/// What a pass did.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Passed {
    /// Taken by the relay.
    pub accepted: u64,
    /// Refused for now, or the relay was away.
    pub deferred: u64,
    /// Refused for good, or tried for too long.
    pub failed: u64,
}

/// A notice that did not arrive.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Failed {
    /// What it was.
    pub kind: String,
    /// Who it was for.
    pub recipient: String,
    /// When it was queued, microseconds UTC.
    pub created_at: i64,
    /// The server's last code.
    pub code: Option<i64>,
    /// Its last words.
    pub answer: Option<String>,
}

/// Why a notice was not queued or delivered.
#[derive(Debug, thiserror::Error)]
pub enum NoticeError {
    /// The header cannot be written.
    #[error("the notice cannot be written: {0}")]
    Head(#[from] wire::message::HeadError),
    /// The signing key of the sender's domain.
    #[error("the notice cannot be signed: {0}")]
    Signature(String),
    /// No relay is configured, or its address is not one.
    #[error("no notice can be sent: {0}")]
    Relay(String),
    /// The store.
    #[error(transparent)]
    Store(#[from] StoreError),
}
