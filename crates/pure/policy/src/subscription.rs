//! A reader's tie to a publication: who may start it, who may end it, what each step leaves behind.

use crate::suppressions::Reason;
use crate::{IllegalMove, Unknown};

/// Where a subscription stands. The numbers are those of the database.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[repr(u8)]
pub enum SubscriptionState {
    /// Asked for, by somebody; not yet confirmed by who reads that mailbox.
    Pending = 0,
    /// The reader gets editions.
    Active = 1,
    /// The reader wants none for a while.
    Paused = 2,
    /// Over.
    Ended = 3,
}

/// Who acts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Actor {
    /// Anyone who can fill in a form.
    Visitor,
    /// Who holds a signed link, and so reads that mailbox.
    Reader,
    /// The author, at the desk or on the command line.
    Author,
    /// A receiving mail server.
    Receiver,
}

/// What happens to a subscription.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum SubscriptionEvent {
    /// A form was filled in.
    Ask,
    /// The mailed link was opened and its button pressed.
    Confirm,
    /// The reader leaves, or the author lets them go.
    Unsubscribe,
    /// No editions for a while.
    Pause,
    /// Editions again.
    Resume,
    /// A row of a file that the author brings.
    Import,
    /// A row of a file that says this address has left.
    ImportOptOut,
    /// The address is dead.
    Bounce,
    /// The reader reported a mail as spam.
    Complaint,
}

/// What a step leads to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Step {
    /// The state from now on.
    pub state: SubscriptionState,
    /// Ask the mailbox to confirm, if it was not asked lately ([`crate::confirmation`]).
    pub ask_mailbox: bool,
    /// Write this suppression, in the scope that is its own ([`Reason::reach`]).
    pub suppress: Option<Reason>,
    /// Lift what stands against this reader ([`crate::suppressions::lift`]).
    pub lift: bool,
}

impl SubscriptionState {
    /// All states, by number.
    pub const ALL: [Self; 4] = [Self::Pending, Self::Active, Self::Paused, Self::Ended];

    /// The number in the database.
    pub fn number(self) -> i64 {
        self as i64
    }

    /// The name in reports.
    pub fn name(self) -> &'static str {
        match self {
            Self::Pending => "pending",
            Self::Active => "active",
            Self::Paused => "paused",
            Self::Ended => "ended",
        }
    }
}

impl TryFrom<i64> for SubscriptionState {
    type Error = Unknown;

    fn try_from(number: i64) -> Result<Self, Unknown> {
        let known = usize::try_from(number).ok().and_then(|number| Self::ALL.get(number));
        known.copied().ok_or_else(|| Unknown { what: "subscription state", value: number.to_string() })
    }
}

impl SubscriptionEvent {
    /// All events.
    pub const ALL: [Self; 9] = [
        Self::Ask,
        Self::Confirm,
        Self::Unsubscribe,
        Self::Pause,
        Self::Resume,
        Self::Import,
        Self::ImportOptOut,
        Self::Bounce,
        Self::Complaint,
    ];

    fn name(self) -> &'static str {
        match self {
            Self::Ask => "asking",
            Self::Confirm => "confirming",
            Self::Unsubscribe => "unsubscribing",
            Self::Pause => "pausing",
            Self::Resume => "resuming",
            Self::Import => "importing",
            Self::ImportOptOut => "importing a departure",
            Self::Bounce => "a bounce",
            Self::Complaint => "a complaint",
        }
    }

    /// Whether this is for that one to do.
    fn is_for(self, actor: Actor) -> bool {
        match self {
            Self::Ask => matches!(actor, Actor::Visitor | Actor::Reader),
            // What only the reader may want: nobody confirms or takes up a subscription for somebody else.
            Self::Confirm | Self::Pause | Self::Resume => actor == Actor::Reader,
            Self::Unsubscribe => matches!(actor, Actor::Reader | Actor::Author),
            Self::Import | Self::ImportOptOut => actor == Actor::Author,
            Self::Bounce | Self::Complaint => actor == Actor::Receiver,
        }
    }
}

/// What follows when `actor` does this; `None` as a state means that there is no subscription, and `suppressed` that
/// something stands against mailing this reader for this publication.
pub fn next(
    state: Option<SubscriptionState>,
    event: SubscriptionEvent,
    actor: Actor,
    suppressed: bool,
) -> Result<Step, IllegalMove> {
    use SubscriptionEvent as E;
    use SubscriptionState as S;
    let illegal = IllegalMove { state: state.map_or("not subscribed", S::name), event: event.name() };
    if !event.is_for(actor) {
        return Err(illegal);
    }
    let stay = |state| Step { state, ask_mailbox: false, suppress: None, lift: false };
    let end = |reason| Step { suppress: Some(reason), ..stay(S::Ended) };
    match (state, event) {
        // Who asks may be somebody else: nothing changes for the reader before the mailbox has answered.
        (None | Some(S::Ended), E::Ask) => Ok(Step { ask_mailbox: true, ..stay(S::Pending) }),
        (Some(state @ (S::Pending | S::Paused)), E::Ask) => Ok(Step { ask_mailbox: true, ..stay(state) }),
        // Alive but suppressed, say by a bounce: the reader can come back by confirming.
        (Some(S::Active), E::Ask) => Ok(Step { ask_mailbox: suppressed, ..stay(S::Active) }),
        (Some(S::Pending | S::Paused | S::Active), E::Confirm) => Ok(Step { lift: true, ..stay(S::Active) }),
        // An old link must not undo a departure: who wants to come back asks first, and is pending then.
        (None | Some(S::Ended), E::Confirm) => Err(illegal),
        // RFC 8058 3.2: pressing twice is no fault.
        (Some(S::Ended), E::Unsubscribe) => Ok(stay(S::Ended)),
        (Some(_), E::Unsubscribe) if actor == Actor::Author => Ok(end(Reason::Manual)),
        (Some(_), E::Unsubscribe) => Ok(end(Reason::Unsubscribed)),
        (Some(S::Active | S::Paused), E::Pause) => Ok(stay(S::Paused)),
        (Some(S::Active | S::Paused), E::Resume) => Ok(stay(S::Active)),
        (None, E::Import) if !suppressed => Ok(stay(S::Active)),
        // An import resurrects nothing, and confirms nothing in the reader's place.
        (Some(state), E::Import) => Ok(stay(state)),
        (None | Some(_), E::ImportOptOut) => Ok(end(Reason::Imported)),
        (Some(_), E::Bounce) => Ok(end(Reason::HardBounce)),
        (Some(_), E::Complaint) => Ok(end(Reason::Complaint)),
        _ => Err(illegal),
    }
}

#[cfg(test)]
mod tests;
