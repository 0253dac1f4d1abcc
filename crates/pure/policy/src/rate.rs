//! A token bucket: so many at once, so many over time.

/// How much a bucket holds and how fast it fills.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Rate {
    /// So many at once.
    pub burst: f64,
    /// So many per second in the long run; 0 means none.
    pub per_second: f64,
}

/// What is left, and as of when: a row of `allowances`.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Bucket {
    /// Tokens left at that time.
    pub tokens: f64,
    /// Microseconds since 1970 UTC.
    pub at: i64,
}

/// Sign-ups from one network prefix.
pub const SIGN_UPS_PER_NETWORK: Rate = Rate { burst: 10.0, per_second: 10.0 / 3600.0 };
/// Sign-ups on the whole instance; a publisher that is mentioned in the news passes, a flood does not.
pub const SIGN_UPS: Rate = Rate { burst: 1000.0, per_second: 1.0 };
/// Failed sign-ins for one account or from one network prefix.
pub const SIGN_IN_FAILURES: Rate = Rate { burst: 10.0, per_second: 1.0 / 60.0 };

impl Bucket {
    /// A full bucket.
    pub fn full(rate: Rate, now: i64) -> Self {
        Self { tokens: rate.burst, at: now }
    }

    /// Takes `count` tokens. Returns what is left, and on refusal how many microseconds until there would be enough
    /// (`None`: never).
    pub fn take(self, rate: Rate, count: f64, now: i64) -> (Self, Result<(), Option<i64>>) {
        // A clock that goes back adds nothing and does not lock the bucket until it has caught up.
        let passed = now.saturating_sub(self.at).max(0) as f64 / 1e6;
        let held = if self.tokens.is_finite() { self.tokens.max(0.0) } else { 0.0 };
        let tokens = (held + passed * rate.per_second).min(rate.burst);
        if tokens >= count {
            return (Self { tokens: tokens - count, at: now }, Ok(()));
        }
        let reachable = rate.per_second > 0.0 && count <= rate.burst;
        let wait = reachable.then(|| ((count - tokens) / rate.per_second * 1e6).ceil() as i64);
        (Self { tokens, at: now }, Err(wait.map(|wait| wait.max(1))))
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::SECOND;

    const RATE: Rate = Rate { burst: 3.0, per_second: 0.5 };

    #[test]
    fn a_burst_passes_and_the_next_waits() {
        let mut bucket = Bucket::full(RATE, 0);
        for _ in 0..3 {
            let (left, answer) = bucket.take(RATE, 1.0, 0);
            assert_eq!(answer, Ok(()));
            bucket = left;
        }
        let (bucket, answer) = bucket.take(RATE, 1.0, 0);
        assert_eq!(answer, Err(Some(2 * SECOND)));
        let (bucket, answer) = bucket.take(RATE, 1.0, SECOND);
        assert_eq!(answer, Err(Some(SECOND)));
        assert_eq!(bucket.take(RATE, 1.0, 2 * SECOND).1, Ok(()));
    }

    #[test]
    fn a_bucket_never_holds_more_than_its_burst() {
        let (left, answer) = Bucket::full(RATE, 0).take(RATE, 3.0, i64::MAX);
        assert_eq!((left.tokens, answer), (0.0, Ok(())));
    }

    #[test]
    fn what_can_never_be_had_says_so() {
        assert_eq!(Bucket::full(RATE, 0).take(RATE, 4.0, 0).1, Err(None));
        let closed = Rate { burst: 1.0, per_second: 0.0 };
        let (empty, _) = Bucket::full(closed, 0).take(closed, 1.0, 0);
        assert_eq!(empty.take(closed, 1.0, i64::MAX).1, Err(None));
    }

    #[test]
    fn a_clock_that_goes_back_gives_nothing_and_locks_nobody_out() {
        let (empty, _) = Bucket::full(RATE, 1000 * SECOND).take(RATE, 3.0, 1000 * SECOND);
        let (empty, answer) = empty.take(RATE, 1.0, 0);
        assert_eq!(answer, Err(Some(2 * SECOND)));
        assert_eq!(empty.take(RATE, 1.0, 2 * SECOND).1, Ok(()));
    }

    proptest! {
        #[test]
        fn in_the_long_run_no_more_passes_than_the_rate_allows(
            steps in prop::collection::vec(0_i64..5 * SECOND, 1..200),
        ) {
            let (mut bucket, mut now, mut passed) = (Bucket::full(RATE, 0), 0, 0.0);
            for step in steps {
                now += step;
                let (left, answer) = bucket.take(RATE, 1.0, now);
                bucket = left;
                passed += f64::from(u8::from(answer.is_ok()));
            }
            prop_assert!(passed <= RATE.burst + now as f64 / 1e6 * RATE.per_second + 1e-6);
        }

        #[test]
        fn who_waits_as_told_is_served(tokens in 0.0..3.0, count in 0.1..3.0) {
            let bucket = Bucket { tokens, at: 0 };
            if let (left, Err(Some(wait))) = bucket.take(RATE, count, 0) {
                // A microsecond more than asked covers what floating numbers lose.
                prop_assert_eq!(left.take(RATE, count, wait + 1).1, Ok(()));
            }
        }
    }
}
