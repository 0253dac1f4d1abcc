use proptest::prelude::*;

use super::*;

use Actor::{Author, Reader, Receiver, Visitor};
use SubscriptionEvent as E;
use SubscriptionState as S;

const ACTORS: [Actor; 4] = [Visitor, Reader, Author, Receiver];

fn state_after(state: Option<S>, event: E, actor: Actor) -> Option<S> {
    next(state, event, actor, false).ok().map(|step| step.state)
}

#[test]
fn every_step_is_one_of_these() {
    let cases: &[(E, Actor, [Option<S>; 5])] = &[
        // from: none, pending, active, paused, ended
        (
            E::Ask,
            Visitor,
            [Some(S::Pending), Some(S::Pending), Some(S::Active), Some(S::Paused), Some(S::Pending)],
        ),
        (
            E::Ask,
            Reader,
            [Some(S::Pending), Some(S::Pending), Some(S::Active), Some(S::Paused), Some(S::Pending)],
        ),
        (E::Confirm, Reader, [None, Some(S::Active), Some(S::Active), Some(S::Active), None]),
        (E::Unsubscribe, Reader, [None, Some(S::Ended), Some(S::Ended), Some(S::Ended), Some(S::Ended)]),
        (E::Unsubscribe, Author, [None, Some(S::Ended), Some(S::Ended), Some(S::Ended), Some(S::Ended)]),
        (E::Pause, Reader, [None, None, Some(S::Paused), Some(S::Paused), None]),
        (E::Resume, Reader, [None, None, Some(S::Active), Some(S::Active), None]),
        (
            E::Import,
            Author,
            [Some(S::Active), Some(S::Pending), Some(S::Active), Some(S::Paused), Some(S::Ended)],
        ),
        (E::ImportOptOut, Author, [Some(S::Ended); 5]),
        (E::Bounce, Receiver, [None, Some(S::Ended), Some(S::Ended), Some(S::Ended), Some(S::Ended)]),
        (E::Complaint, Receiver, [None, Some(S::Ended), Some(S::Ended), Some(S::Ended), Some(S::Ended)]),
    ];
    let states = [None, Some(S::Pending), Some(S::Active), Some(S::Paused), Some(S::Ended)];
    for event in E::ALL {
        for actor in ACTORS {
            let row = cases.iter().find(|(e, a, _)| (*e, *a) == (event, actor));
            for (number, state) in states.into_iter().enumerate() {
                let expected = row.and_then(|(_, _, after)| after[number]);
                assert_eq!(state_after(state, event, actor), expected, "{state:?} {event:?} {actor:?}");
            }
        }
    }
}

#[test]
fn somebody_else_who_fills_in_the_form_changes_nothing_for_an_active_reader() {
    let step = next(Some(S::Active), E::Ask, Visitor, false).unwrap();
    assert_eq!(step, Step { state: S::Active, ask_mailbox: false, suppress: None, lift: false });
}

#[test]
fn a_suppressed_reader_comes_back_by_asking_and_confirming_only() {
    for state in [None, Some(S::Active), Some(S::Ended)] {
        let asked = next(state, E::Ask, Visitor, true).unwrap();
        assert!(asked.ask_mailbox && !asked.lift, "{state:?}");
        let confirmed = next(Some(asked.state), E::Confirm, Reader, true).unwrap();
        assert!(confirmed.lift && confirmed.state == S::Active, "{state:?}");
    }
    assert!(next(None, E::Import, Author, true).is_err(), "an import does not bring anybody back");
}

#[test]
fn what_ends_a_subscription_leaves_its_reason() {
    let reason = |event, actor| next(Some(S::Active), event, actor, false).unwrap().suppress;
    assert_eq!(reason(E::Unsubscribe, Reader), Some(Reason::Unsubscribed));
    assert_eq!(reason(E::Unsubscribe, Author), Some(Reason::Manual));
    assert_eq!(reason(E::ImportOptOut, Author), Some(Reason::Imported));
    assert_eq!(reason(E::Bounce, Receiver), Some(Reason::HardBounce));
    assert_eq!(reason(E::Complaint, Receiver), Some(Reason::Complaint));
}

#[test]
fn the_numbers_in_the_database_do_not_change() {
    for (number, state) in S::ALL.into_iter().enumerate() {
        assert_eq!(state.number(), number as i64);
        assert_eq!(S::try_from(number as i64), Ok(state));
    }
    assert!(S::try_from(4).is_err());
}

proptest! {
    #[test]
    fn nobody_becomes_active_again_without_the_readers_own_act(
        steps in prop::collection::vec((0_usize..9, 0_usize..4), 0..40),
    ) {
        let mut state = Some(S::Active);
        let mut suppressed = false;
        for (event, actor) in steps {
            let (event, actor) = (E::ALL[event], ACTORS[actor]);
            let Ok(step) = next(state, event, actor, suppressed) else { continue };
            if step.state == S::Active && state != Some(S::Active) {
                prop_assert_eq!(actor, Reader);
            }
            if step.lift {
                prop_assert_eq!((event, actor), (E::Confirm, Reader));
            }
            suppressed = (suppressed || step.suppress.is_some()) && !step.lift;
            state = Some(step.state);
        }
    }
}
