//! The life of a dispatch. A pause is a record beside it, not a state: what is paused is still sending, and a second
//! process that looks knows why nothing leaves.

use crate::{IllegalMove, Unknown};

/// Where a dispatch stands. The numbers are those of the database.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[repr(u8)]
pub enum DispatchState {
    /// Its time has not come.
    Scheduled = 0,
    /// The audience is being written into the ledger.
    Freezing = 1,
    /// Mails leave.
    Sending = 2,
    /// All that is open are deliveries in doubt, which the publication wants to decide on by hand.
    Held = 3,
    /// No delivery is open.
    Finished = 4,
    /// The author stopped it; what had not left was skipped.
    Stopped = 5,
}

/// What happens to a dispatch.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum DispatchEvent {
    /// Its time has come.
    Start,
    /// The whole audience stands in the ledger.
    Frozen,
    /// Only deliveries in doubt are left.
    Hold,
    /// The author wants those sent once more, or a deferred one is due.
    Resume,
    /// No delivery is open any more.
    Finish,
    /// The author stops it.
    Stop,
}

impl DispatchState {
    /// All states, by number.
    pub const ALL: [Self; 6] =
        [Self::Scheduled, Self::Freezing, Self::Sending, Self::Held, Self::Finished, Self::Stopped];

    /// The number in the database.
    pub fn number(self) -> i64 {
        self as i64
    }

    /// Something is still to come.
    pub fn is_open(self) -> bool {
        !matches!(self, Self::Finished | Self::Stopped)
    }

    /// Whether senders may claim deliveries of it.
    pub fn may_send(self, paused: bool) -> bool {
        self == Self::Sending && !paused
    }

    /// The name in reports; a pause is told apart for people.
    pub fn name(self, paused: bool) -> &'static str {
        match self {
            Self::Scheduled | Self::Freezing | Self::Sending if paused => "paused",
            Self::Scheduled => "scheduled",
            Self::Freezing => "freezing",
            Self::Sending => "sending",
            Self::Held => "held",
            Self::Finished => "finished",
            Self::Stopped => "stopped",
        }
    }
}

impl TryFrom<i64> for DispatchState {
    type Error = Unknown;

    fn try_from(number: i64) -> Result<Self, Unknown> {
        let known = usize::try_from(number).ok().and_then(|number| Self::ALL.get(number));
        known.copied().ok_or_else(|| Unknown { what: "dispatch state", value: number.to_string() })
    }
}

impl DispatchEvent {
    /// All events.
    pub const ALL: [Self; 6] =
        [Self::Start, Self::Frozen, Self::Hold, Self::Resume, Self::Finish, Self::Stop];

    fn name(self) -> &'static str {
        match self {
            Self::Start => "starting",
            Self::Frozen => "the end of freezing",
            Self::Hold => "holding",
            Self::Resume => "resuming",
            Self::Finish => "finishing",
            Self::Stop => "stopping",
        }
    }
}

/// The state that follows.
pub fn next(state: DispatchState, event: DispatchEvent) -> Result<DispatchState, IllegalMove> {
    use DispatchEvent as E;
    use DispatchState as S;
    match (state, event) {
        (S::Scheduled, E::Start) => Ok(S::Freezing),
        // Freezing is done again from its start after a crash: the ledger takes each reader once.
        (S::Freezing, E::Start) => Ok(S::Freezing),
        (S::Freezing, E::Frozen) => Ok(S::Sending),
        (S::Sending, E::Hold) => Ok(S::Held),
        (S::Held, E::Resume) => Ok(S::Sending),
        (S::Sending | S::Held, E::Finish) => Ok(S::Finished),
        (S::Scheduled | S::Freezing | S::Sending | S::Held, E::Stop) => Ok(S::Stopped),
        _ => Err(IllegalMove { state: state.name(false), event: event.name() }),
    }
}

/// What a dispatch that is sending should do, by the number of its open deliveries: those that somebody works on or
/// will, and those in doubt that are held ([`crate::delivery::after_crash`]).
pub fn settle(at_work: u64, held_in_doubt: u64) -> Option<DispatchEvent> {
    match (at_work, held_in_doubt) {
        (0, 0) => Some(DispatchEvent::Finish),
        (0, _) => Some(DispatchEvent::Hold),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_move_is_one_of_these() {
        use DispatchEvent as E;
        use DispatchState as S;
        let mut moves = Vec::new();
        for state in S::ALL {
            for event in E::ALL {
                if let Ok(after) = next(state, event) {
                    moves.push((state, event, after));
                }
            }
        }
        assert_eq!(
            moves,
            [
                (S::Scheduled, E::Start, S::Freezing),
                (S::Scheduled, E::Stop, S::Stopped),
                (S::Freezing, E::Start, S::Freezing),
                (S::Freezing, E::Frozen, S::Sending),
                (S::Freezing, E::Stop, S::Stopped),
                (S::Sending, E::Hold, S::Held),
                (S::Sending, E::Finish, S::Finished),
                (S::Sending, E::Stop, S::Stopped),
                (S::Held, E::Resume, S::Sending),
                (S::Held, E::Finish, S::Finished),
                (S::Held, E::Stop, S::Stopped),
            ]
        );
    }

    #[test]
    fn the_numbers_in_the_database_do_not_change() {
        for (number, state) in DispatchState::ALL.into_iter().enumerate() {
            assert_eq!(state.number(), number as i64);
            assert_eq!(DispatchState::try_from(number as i64), Ok(state));
            assert_eq!(state.is_open(), number < 4);
        }
        assert!(DispatchState::try_from(6).is_err());
    }

    #[test]
    fn nothing_leaves_but_from_a_dispatch_that_is_sending_and_not_paused() {
        for state in DispatchState::ALL {
            assert_eq!(state.may_send(false), state == DispatchState::Sending);
            assert!(!state.may_send(true));
        }
    }

    #[test]
    fn a_dispatch_is_finished_only_when_no_delivery_is_open() {
        assert_eq!(settle(0, 0), Some(DispatchEvent::Finish));
        assert_eq!(settle(0, 1), Some(DispatchEvent::Hold));
        assert_eq!(settle(1, 0), None);
        assert_eq!(settle(1, 1), None);
    }
}
