use proptest::prelude::*;

use super::*;

const SHAPE: Shape = Shape { connections: 8, mails_per_connection: 100, per_second: 80.0 };

#[test]
fn what_a_server_asks_of_the_way_is_read_from_its_answer() {
    for (code, enhanced, text, wanted) in [
        (421, None, "Service not available", Some(Wish::Slower)),
        (
            421,
            Some((4, 7, 28)),
            "Our system has detected an unusual rate of unsolicited mail",
            Some(Wish::Trickle),
        ),
        (
            421,
            Some((4, 7, 0)),
            "[TSS04] Messages temporarily deferred due to user complaints",
            Some(Wish::Stop),
        ),
        (421, None, "[TS02] postponed", Some(Wish::Stop)),
        (
            451,
            Some((4, 7, 650)),
            "The mail server has been temporarily rate limited due to IP reputation",
            Some(Wish::Trickle),
        ),
        (450, Some((4, 7, 26)), "This mail is unauthenticated", Some(Wish::Slower)),
        (450, Some((4, 7, 1)), "Greylisted, come back in five minutes", None),
        (451, Some((4, 7, 1)), "Too many connections from your host", Some(Wish::Slower)),
        (452, Some((4, 2, 2)), "Mailbox full", None),
        (450, Some((4, 2, 1)), "The user is receiving mail too quickly", None),
        (451, None, "Temporary local problem", None),
        (550, Some((5, 7, 1)), "rate limit exceeded", None),
        (250, None, "rate limit", None),
    ] {
        assert_eq!(wish(code, enhanced, text), wanted, "{code} {text}");
    }
}

#[test]
fn a_complaint_halves_the_rate_and_its_echo_does_not_halve_it_again() {
    let mut way = Backoff::new();
    assert_eq!(way.allowed(SHAPE, 0).per_second, 80.0);
    assert!(way.complained(Wish::Slower, SHAPE, 80.0, 0));
    assert!(!way.complained(Wish::Slower, SHAPE, 80.0, SECOND), "an echo");
    let allowed = way.allowed(SHAPE, SECOND);
    assert_eq!((allowed.per_second, allowed.connections, allowed.not_before), (40.0, 4, BREATH));
    assert!(way.complained(Wish::Slower, SHAPE, 40.0, MINUTE));
    assert_eq!(way.allowed(SHAPE, MINUTE).per_second, 20.0);
}

#[test]
fn a_way_without_a_limit_is_halved_from_what_it_really_did() {
    let free = Shape { per_second: f64::INFINITY, ..SHAPE };
    let mut way = Backoff::new();
    way.complained(Wish::Slower, free, 500.0, 0);
    assert_eq!(way.allowed(free, 0).per_second, 250.0);
    let mut now = 0;
    while way.holds_back() {
        now += STEP;
        way.accepted(now);
        assert!(now < 24 * HOUR, "it is free again one day");
    }
    assert_eq!(way.allowed(free, now).per_second, f64::INFINITY);
}

#[test]
fn a_trickle_is_one_connection_and_one_mail_a_minute_for_ninety_minutes() {
    let mut way = Backoff::new();
    way.complained(Wish::Trickle, SHAPE, 80.0, 0);
    for now in [0, 89 * MINUTE] {
        way.accepted(now);
        let allowed = way.allowed(SHAPE, now);
        assert_eq!((allowed.connections, allowed.per_second), (1, 1.0 / 60.0));
    }
    assert_eq!(way.allowed(SHAPE, 90 * MINUTE).per_second, 40.0);
}

#[test]
fn a_stop_says_until_when() {
    let mut way = Backoff::new();
    way.complained(Wish::Slower, SHAPE, 80.0, 0);
    assert!(way.complained(Wish::Stop, SHAPE, 80.0, SECOND), "worse than what was heard");
    assert_eq!(way.allowed(SHAPE, SECOND).not_before, SECOND + STOPS);
    assert_eq!(way.allowed(SHAPE, SECOND + STOPS).not_before, i64::MIN);
}

#[test]
fn every_known_provider_has_a_seed_that_can_send() {
    for provider in crate::provider::KNOWN {
        let shape = seed(provider.key);
        assert!(shape.connections > 0 && shape.mails_per_connection > 0 && shape.per_second > 0.0);
    }
    assert_eq!(seed("gmail").connections, 5);
    assert_eq!(seed("example.org"), USUAL);
}

#[derive(Debug, Clone, Copy)]
enum Step {
    Complaint(Wish, f64),
    Accepted,
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        1 => (prop_oneof![Just(Wish::Slower), Just(Wish::Trickle), Just(Wish::Stop)], 0.0..200.0_f64)
            .prop_map(|(wish, rate)| Step::Complaint(wish, rate)),
        4 => Just(Step::Accepted),
    ]
}

proptest! {
    #[test]
    fn a_rate_is_never_doubled_and_never_raised_twice_within_a_step(
        steps in prop::collection::vec((step(), 0_i64..20 * MINUTE), 0..200),
    ) {
        let mut way = Backoff::new();
        let (mut now, mut raised_at, mut limit) = (0_i64, i64::MIN, f64::INFINITY);
        for (step, passed) in steps {
            now += passed;
            match step {
                Step::Complaint(wish, rate) => {
                    way.complained(wish, SHAPE, rate, now);
                }
                Step::Accepted => way.accepted(now),
            }
            let new = way.limit.unwrap_or(SHAPE.per_second);
            let before = limit.min(SHAPE.per_second);
            if new > before {
                prop_assert!(new <= before * RAISE + 1e-9, "{before} -> {new}");
                prop_assert!(raised_at == i64::MIN || now - raised_at >= STEP);
                raised_at = now;
            }
            limit = new;
            let allowed = way.allowed(SHAPE, now);
            prop_assert!(allowed.per_second > 0.0 && allowed.per_second <= SHAPE.per_second);
            prop_assert!(allowed.connections >= 1 && allowed.connections <= SHAPE.connections);
            prop_assert!(allowed.not_before <= now + STOPS);
        }
    }

    #[test]
    fn whoever_is_heard_no_more_is_at_full_speed_again_within_a_day(
        complaints in prop::collection::vec((step(), 0_i64..HOUR), 1..30),
    ) {
        let mut way = Backoff::new();
        let mut now = 0;
        for (step, passed) in complaints {
            now += passed;
            if let Step::Complaint(wish, rate) = step {
                way.complained(wish, SHAPE, rate, now);
            }
        }
        for _ in 0..24 * 12 {
            now += STEP;
            way.accepted(now);
        }
        prop_assert!(!way.holds_back());
    }
}
