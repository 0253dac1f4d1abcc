//! What a claim is worth: a process holds what it claimed as long as it is heard of.

use crate::SECOND;

/// How often a process says that it lives.
pub const BEAT_EVERY: i64 = 2 * SECOND;
/// Not heard of for so long, a process is dead; it stops by itself before that ([`must_stop`]).
pub const DEAD_AFTER: i64 = 20 * SECOND;

/// Whether what a process claimed may be taken from it.
///
/// `runs_here` is what its own machine knows: `Some(false)` when that is this machine and no such process is there,
/// `None` when it is another machine. After a kill and a restart on one machine nobody has to wait.
pub fn is_dead(beat_at: i64, now: i64, runs_here: Option<bool>) -> bool {
    // A number is given to another process after a while, so `Some(true)` proves nothing against silence.
    runs_here == Some(false) || now.saturating_sub(beat_at) >= DEAD_AFTER
}

/// Whether a process has to stop working on what it claimed, since others will soon take it for dead: its last
/// recorded beat is too old, whatever the reason (a database out of reach, a machine that slept).
pub fn must_stop(beat_at: i64, now: i64) -> bool {
    now.saturating_sub(beat_at) >= DEAD_AFTER / 2
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_process_that_is_gone_from_this_machine_is_dead_at_once() {
        assert!(is_dead(100, 100, Some(false)));
        assert!(!is_dead(100, 100, Some(true)));
        assert!(!is_dead(100, 100, None));
    }

    #[test]
    fn a_process_that_is_silent_is_dead_wherever_it_runs() {
        for runs_here in [None, Some(true)] {
            assert!(!is_dead(0, DEAD_AFTER - 1, runs_here));
            assert!(is_dead(0, DEAD_AFTER, runs_here));
        }
    }

    #[test]
    fn a_clock_that_goes_back_kills_nobody() {
        assert!(!is_dead(1000 * SECOND, 0, None));
        assert!(!must_stop(1000 * SECOND, 0));
    }

    proptest! {
        #[test]
        fn a_process_stops_before_others_take_its_work(beat: i64, now: i64) {
            prop_assert!(must_stop(beat, now) || !is_dead(beat, now, Some(true)));
        }
    }
}
