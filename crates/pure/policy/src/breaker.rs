//! A circuit breaker for a way out: a dead relay burns nobody.
//!
//! Failures counted here are the way's own (no connection, no TLS, sign-in refused), never a reader's.

use crate::{MINUTE, SECOND};

/// When a way counts as down, and for how long it is left alone.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct BreakerPlan {
    /// So many failures in a row open the circuit.
    pub failures: u32,
    /// The first wait; doubled each time the probe fails.
    pub first_wait: i64,
    /// The wait never passes this.
    pub longest_wait: i64,
    /// A probe that has said nothing for so long does not count any more.
    pub probe_limit: i64,
}

/// For a relay of our own choice: it is back soon, or somebody has to look at it.
pub const RELAY: BreakerPlan =
    BreakerPlan { failures: 5, first_wait: 5 * SECOND, longest_wait: 5 * MINUTE, probe_limit: 5 * MINUTE };

/// For mail servers of the readers: each is one of thousands, and whoever is down today gets its mail later.
pub const EXCHANGER: BreakerPlan =
    BreakerPlan { failures: 3, first_wait: MINUTE, longest_wait: 30 * MINUTE, probe_limit: 5 * MINUTE };

/// For all of them together: so many in a row, and nothing between, is our own connection to the world.
pub const WORLD: BreakerPlan =
    BreakerPlan { failures: 40, first_wait: 10 * SECOND, longest_wait: 5 * MINUTE, probe_limit: 5 * MINUTE };

/// Whether a connection may be tried.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Admission {
    /// Yes.
    Pass,
    /// Yes, one, and what it learns decides.
    Probe,
    /// Not before this time.
    Wait(i64),
}

/// The circuit of one way.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Breaker {
    plan: BreakerPlan,
    circuit: Circuit,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Circuit {
    Closed { failures: u32 },
    Open { until: i64, wait: i64 },
    HalfOpen { since: i64, wait: i64 },
}

impl Breaker {
    /// A way not yet known to be down.
    pub fn new(plan: BreakerPlan) -> Self {
        Self { plan, circuit: Circuit::Closed { failures: 0 } }
    }

    /// Whether a connection may be tried at this moment, without trying one.
    pub fn would_admit(&self, now: i64) -> bool {
        let mut asked = *self;
        !matches!(asked.admit(now), Admission::Wait(_))
    }

    /// Asks to try a connection; a [`Admission::Probe`] is given to one asker at a time.
    pub fn admit(&mut self, now: i64) -> Admission {
        match self.circuit {
            Circuit::Closed { .. } => Admission::Pass,
            // A clock that went back behind the moment of the failure must not lengthen the wait.
            Circuit::Open { until, wait } if now < until && now >= until.saturating_sub(wait) => {
                Admission::Wait(until)
            }
            Circuit::HalfOpen { since, .. }
                if now >= since && now < since.saturating_add(self.plan.probe_limit) =>
            {
                Admission::Wait(since.saturating_add(self.plan.probe_limit))
            }
            Circuit::Open { wait, .. } | Circuit::HalfOpen { wait, .. } => {
                self.circuit = Circuit::HalfOpen { since: now, wait };
                Admission::Probe
            }
        }
    }

    /// The way works: a connection was made and greeted.
    pub fn succeeded(&mut self) {
        self.circuit = Circuit::Closed { failures: 0 };
    }

    /// The way failed.
    pub fn failed(&mut self, now: i64) {
        self.circuit = match self.circuit {
            Circuit::Closed { failures } if failures + 1 < self.plan.failures => {
                Circuit::Closed { failures: failures + 1 }
            }
            Circuit::Closed { .. } => self.open(now, self.plan.first_wait),
            // Connections that were under way when the circuit opened fail late: they tell nothing new.
            open @ Circuit::Open { .. } => open,
            Circuit::HalfOpen { wait, .. } => {
                self.open(now, wait.saturating_mul(2).min(self.plan.longest_wait))
            }
        };
    }

    /// The probe ended without having learnt anything: the next who asks is the probe.
    pub fn gave_up(&mut self, now: i64) {
        if let Circuit::HalfOpen { wait, .. } = self.circuit {
            self.circuit = Circuit::Open { until: now, wait };
        }
    }

    /// Until when the way is left alone, if it is down.
    pub fn open_until(&self) -> Option<i64> {
        match self.circuit {
            Circuit::Closed { .. } => None,
            Circuit::Open { until, .. } => Some(until),
            Circuit::HalfOpen { since, .. } => Some(since),
        }
    }

    fn open(&self, now: i64, wait: i64) -> Circuit {
        Circuit::Open { until: now.saturating_add(wait), wait }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn down(now: i64) -> Breaker {
        let mut breaker = Breaker::new(RELAY);
        for _ in 0..RELAY.failures {
            assert_eq!(breaker.admit(now), Admission::Pass);
            breaker.failed(now);
        }
        breaker
    }

    #[test]
    fn five_failures_in_a_row_open_the_circuit_and_four_do_not() {
        let mut breaker = Breaker::new(RELAY);
        for _ in 0..20 {
            for _ in 0..RELAY.failures - 1 {
                breaker.failed(0);
            }
            assert_eq!(breaker.open_until(), None);
            breaker.succeeded();
        }
        assert_eq!(down(7).open_until(), Some(7 + RELAY.first_wait));
    }

    #[test]
    fn a_way_that_is_down_gets_one_probe_at_a_time() {
        let mut breaker = down(0);
        assert_eq!(breaker.admit(1), Admission::Wait(RELAY.first_wait));
        assert_eq!(breaker.admit(RELAY.first_wait), Admission::Probe);
        assert_eq!(breaker.admit(RELAY.first_wait), Admission::Wait(RELAY.first_wait + RELAY.probe_limit));
        breaker.succeeded();
        assert_eq!(breaker.admit(RELAY.first_wait), Admission::Pass);
    }

    #[test]
    fn asking_whether_one_would_be_let_through_changes_nothing() {
        let breaker = down(0);
        assert!(!breaker.would_admit(1) && breaker.would_admit(RELAY.first_wait));
        let mut probed = breaker;
        assert_eq!(probed.admit(RELAY.first_wait), Admission::Probe);
        assert!(!probed.would_admit(RELAY.first_wait), "another is trying it");
        assert!(breaker.would_admit(RELAY.first_wait), "nobody has tried it yet");
    }

    #[test]
    fn waits_double_up_to_the_longest() {
        let mut breaker = down(0);
        let mut waits = Vec::new();
        for _ in 0..9 {
            let until = breaker.open_until().unwrap();
            assert_eq!(breaker.admit(until), Admission::Probe);
            breaker.failed(until);
            waits.push((breaker.open_until().unwrap() - until) / SECOND);
        }
        assert_eq!(waits, [10, 20, 40, 80, 160, 300, 300, 300, 300]);
    }

    #[test]
    fn a_late_failure_does_not_lengthen_the_wait() {
        let mut breaker = down(0);
        let before = breaker;
        breaker.failed(RELAY.first_wait - 1);
        assert_eq!(breaker, before);
    }

    #[test]
    fn a_probe_that_died_does_not_block_the_way_for_ever() {
        let mut breaker = down(0);
        assert_eq!(breaker.admit(RELAY.first_wait), Admission::Probe);
        assert_eq!(breaker.admit(RELAY.first_wait + RELAY.probe_limit), Admission::Probe);
    }

    #[test]
    fn a_probe_that_learnt_nothing_leaves_its_place_to_the_next() {
        let mut breaker = down(0);
        assert_eq!(breaker.admit(RELAY.first_wait), Admission::Probe);
        breaker.gave_up(RELAY.first_wait);
        assert_eq!(breaker.admit(RELAY.first_wait), Admission::Probe);
        let mut closed = Breaker::new(RELAY);
        closed.gave_up(0);
        assert_eq!(closed, Breaker::new(RELAY));
    }

    #[test]
    fn a_clock_that_goes_back_does_not_close_the_way_for_longer() {
        let now = 1_000_000 * SECOND;
        assert_eq!(down(now).admit(0), Admission::Probe);
        let mut half_open = down(now);
        assert_eq!(half_open.admit(now + RELAY.first_wait), Admission::Probe);
        assert_eq!(half_open.admit(0), Admission::Probe);
    }

    proptest! {
        #[test]
        fn who_waits_as_told_is_let_through(steps in prop::collection::vec((0_u8..3, 0_i64..MINUTE), 0..80)) {
            let mut breaker = Breaker::new(RELAY);
            let mut now = 0;
            for (step, passed) in steps {
                now += passed;
                match step {
                    0 => breaker.succeeded(),
                    1 => breaker.failed(now),
                    _ => {
                        if let Admission::Wait(until) = breaker.admit(now) {
                            prop_assert!(until > now);
                            prop_assert!(until - now <= RELAY.longest_wait.max(RELAY.probe_limit));
                            prop_assert_ne!({ breaker }.admit(until), Admission::Wait(until));
                        }
                    }
                }
            }
        }
    }
}
