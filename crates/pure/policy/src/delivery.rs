//! One reader in one dispatch: no reader is lost and none is mailed twice, whatever dies.

use crate::{IllegalMove, Unknown};

/// Where a delivery stands. The numbers are those of the ledger.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[repr(u8)]
pub enum DeliveryState {
    /// Nobody works on it.
    Pending = 0,
    /// A sender has it; nothing the server could deliver has left.
    Claimed = 1,
    /// Written down before the last byte leaves: from here on only the server's answer tells (RFC 1047).
    InDoubt = 2,
    /// The server took it.
    Accepted = 3,
    /// The server asked to come back.
    Deferred = 4,
    /// Refused for good, or given up.
    Failed = 5,
    /// Not sent, on purpose: unsubscribed or suppressed meanwhile, or the dispatch was stopped.
    Skipped = 6,
}

/// What happens to a delivery.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum DeliveryEvent {
    /// A sender takes it.
    Claim,
    /// The sender is about to write the last byte.
    Doubt,
    /// The server took the mail.
    Accept,
    /// The server, or the way to it, asks for another time.
    Defer,
    /// Refused for good.
    Fail,
    /// The time for tries is over.
    Expire,
    /// The sender gives it back, or died before the last byte left.
    Release,
    /// The sender died with the answer outstanding, and it is to be sent once more under the same Message-ID.
    Resend,
    /// The same, and it is to be left as it is for good.
    LetGo,
    /// The reader may not be mailed any more, or the dispatch stops.
    Skip,
}

impl DeliveryState {
    /// All states, by number.
    pub const ALL: [Self; 7] = [
        Self::Pending,
        Self::Claimed,
        Self::InDoubt,
        Self::Accepted,
        Self::Deferred,
        Self::Failed,
        Self::Skipped,
    ];

    /// The number in the ledger.
    pub fn number(self) -> i64 {
        self as i64
    }

    /// Something is still to be done or to be learnt; a dispatch is finished when no delivery is open.
    pub fn is_open(self) -> bool {
        matches!(self, Self::Pending | Self::Claimed | Self::InDoubt | Self::Deferred)
    }

    /// The name in reports.
    pub fn name(self) -> &'static str {
        match self {
            Self::Pending => "pending",
            Self::Claimed => "claimed",
            Self::InDoubt => "in_doubt",
            Self::Accepted => "accepted",
            Self::Deferred => "deferred",
            Self::Failed => "failed",
            Self::Skipped => "skipped",
        }
    }
}

impl TryFrom<i64> for DeliveryState {
    type Error = Unknown;

    fn try_from(number: i64) -> Result<Self, Unknown> {
        let known = usize::try_from(number).ok().and_then(|number| Self::ALL.get(number));
        known.copied().ok_or_else(|| Unknown { what: "delivery state", value: number.to_string() })
    }
}

impl DeliveryEvent {
    /// All events.
    pub const ALL: [Self; 10] = [
        Self::Claim,
        Self::Doubt,
        Self::Accept,
        Self::Defer,
        Self::Fail,
        Self::Expire,
        Self::Release,
        Self::Resend,
        Self::LetGo,
        Self::Skip,
    ];

    fn name(self) -> &'static str {
        match self {
            Self::Claim => "claiming",
            Self::Doubt => "writing the last byte",
            Self::Accept => "acceptance",
            Self::Defer => "deferral",
            Self::Fail => "refusal",
            Self::Expire => "expiry",
            Self::Release => "giving back",
            Self::Resend => "sending once more",
            Self::LetGo => "letting go",
            Self::Skip => "skipping",
        }
    }
}

/// The state that follows.
pub fn next(state: DeliveryState, event: DeliveryEvent) -> Result<DeliveryState, IllegalMove> {
    use DeliveryEvent as E;
    use DeliveryState as S;
    match (state, event) {
        (S::Pending | S::Deferred, E::Claim) => Ok(S::Claimed),
        // Who unsubscribes during a dispatch is heard as long as the mail is not claimed.
        (S::Pending | S::Deferred, E::Skip) => Ok(S::Skipped),
        (S::Pending | S::Deferred, E::Expire) => Ok(S::Failed),
        (S::Claimed, E::Doubt) => Ok(S::InDoubt),
        // Not accepted from here: only what was in doubt can have been accepted.
        (S::Claimed | S::InDoubt, E::Defer) => Ok(S::Deferred),
        (S::Claimed | S::InDoubt, E::Fail) => Ok(S::Failed),
        (S::Claimed, E::Release) => Ok(S::Pending),
        (S::InDoubt, E::Accept) => Ok(S::Accepted),
        (S::InDoubt, E::Resend) => Ok(S::Pending),
        (S::InDoubt, E::LetGo) => Ok(S::Skipped),
        _ => Err(IllegalMove { state: state.name(), event: event.name() }),
    }
}

/// What a publication wants done with a delivery that was in doubt when its sender died.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum InDoubtRule {
    /// Send it once more under the same Message-ID: rather twice than never.
    Resend,
    /// Leave it to the author: rather never than twice.
    Hold,
}

impl InDoubtRule {
    /// The name in the database.
    pub fn name(self) -> &'static str {
        match self {
            Self::Resend => "resend",
            Self::Hold => "hold",
        }
    }
}

impl std::str::FromStr for InDoubtRule {
    type Err = Unknown;

    fn from_str(name: &str) -> Result<Self, Unknown> {
        match name {
            "resend" => Ok(Self::Resend),
            "hold" => Ok(Self::Hold),
            _ => Err(Unknown { what: "rule for mail in doubt", value: name.to_owned() }),
        }
    }
}

/// Once for each crash, so that nobody is lost to a machine that dies twice in a minute; no more than this, since a
/// mail that kills its sender must not reach its reader again and again.
pub const RESENDS: u32 = 5;

/// What to do with a delivery whose sender died. `doubts` says how often it was sent again before. `None`: it is
/// held until somebody decides.
pub fn after_crash(state: DeliveryState, rule: InDoubtRule, doubts: u32) -> Option<DeliveryEvent> {
    match (state, rule) {
        (DeliveryState::Claimed, _) => Some(DeliveryEvent::Release),
        (DeliveryState::InDoubt, InDoubtRule::Resend) if doubts < RESENDS => Some(DeliveryEvent::Resend),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn allowed(state: DeliveryState) -> Vec<(DeliveryEvent, DeliveryState)> {
        DeliveryEvent::ALL
            .iter()
            .filter_map(|&event| next(state, event).ok().map(|after| (event, after)))
            .collect()
    }

    #[test]
    fn every_move_is_one_of_these() {
        use DeliveryEvent as E;
        use DeliveryState as S;
        let waiting = [(E::Claim, S::Claimed), (E::Expire, S::Failed), (E::Skip, S::Skipped)];
        assert_eq!(allowed(S::Pending), waiting);
        assert_eq!(allowed(S::Deferred), waiting);
        assert_eq!(
            allowed(S::Claimed),
            [(E::Doubt, S::InDoubt), (E::Defer, S::Deferred), (E::Fail, S::Failed), (E::Release, S::Pending)]
        );
        assert_eq!(
            allowed(S::InDoubt),
            [
                (E::Accept, S::Accepted),
                (E::Defer, S::Deferred),
                (E::Fail, S::Failed),
                (E::Resend, S::Pending),
                (E::LetGo, S::Skipped)
            ]
        );
        for closed in [S::Accepted, S::Failed, S::Skipped] {
            assert_eq!(allowed(closed), []);
        }
    }

    #[test]
    fn a_delivery_is_open_exactly_while_something_can_happen() {
        for state in DeliveryState::ALL {
            assert_eq!(state.is_open(), !allowed(state).is_empty(), "{state:?}");
        }
    }

    #[test]
    fn the_numbers_in_the_ledger_do_not_change() {
        for (number, state) in DeliveryState::ALL.into_iter().enumerate() {
            assert_eq!(state.number(), number as i64);
            assert_eq!(DeliveryState::try_from(number as i64), Ok(state));
        }
        assert!(DeliveryState::try_from(7).is_err());
        assert!(DeliveryState::try_from(-1).is_err());
        assert_eq!(DeliveryState::InDoubt.number(), 2);
        assert_eq!(DeliveryState::Skipped.number(), 6);
    }

    #[test]
    fn after_a_crash_only_what_was_on_the_wire_is_in_doubt_and_it_is_not_sent_for_ever() {
        use DeliveryState as S;
        for state in S::ALL {
            for rule in [InDoubtRule::Resend, InDoubtRule::Hold] {
                for doubts in [0, 1, RESENDS - 1, RESENDS] {
                    let expected = match (state, rule, doubts) {
                        (S::Claimed, ..) => Some(S::Pending),
                        (S::InDoubt, InDoubtRule::Resend, doubts) if doubts < RESENDS => Some(S::Pending),
                        _ => None,
                    };
                    let after = after_crash(state, rule, doubts);
                    assert_eq!(after.map(|event| next(state, event)), expected.map(Ok), "{state:?} {rule:?}");
                }
            }
        }
        for rule in [InDoubtRule::Resend, InDoubtRule::Hold] {
            assert_eq!(rule.name().parse(), Ok(rule));
        }
        assert!("later".parse::<InDoubtRule>().is_err());
    }

    proptest! {
        #[test]
        fn whatever_happens_nothing_is_accepted_that_was_not_in_doubt_and_nothing_twice(
            events in prop::collection::vec(0_usize..10, 0..60),
        ) {
            let mut state = DeliveryState::Pending;
            let (mut doubts, mut acceptances) = (0, 0);
            for event in events {
                let event = DeliveryEvent::ALL[event];
                let Ok(after) = next(state, event) else { continue };
                doubts += usize::from(after == DeliveryState::InDoubt);
                acceptances += usize::from(after == DeliveryState::Accepted);
                state = after;
            }
            prop_assert!(acceptances <= 1);
            prop_assert!(acceptances <= doubts);
        }
    }
}
