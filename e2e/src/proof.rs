//! The sink's own log against the ledger: who was lost, who got a copy too many.

use std::collections::HashMap;

use serde_json::Value;
use smtp::sink::Accepted;

use crate::ledger::{Row, State};

/// What the two tell together.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Proof {
    /// Rows of the ledger.
    pub rows: usize,
    /// Mails beyond the first of each reader.
    pub extra: usize,
    /// Rows that were in doubt and were sent again.
    pub doubted: usize,
    /// What must not be, in sentences.
    pub faults: Vec<String>,
}

impl Proof {
    /// Compares the log with the rows, and the rows with the status, after so many kills with so many connections.
    pub fn of(log: &[Accepted], rows: &[Row], status: &Value, kills: usize, connections: usize) -> Proof {
        let mut copies: HashMap<&str, Vec<&Accepted>> = HashMap::new();
        for accepted in log {
            copies.entry(&accepted.to).or_default().push(accepted);
        }
        let mut proof = Proof {
            rows: rows.len(),
            extra: 0,
            doubted: rows.iter().filter(|row| row.doubts > 0).count(),
            faults: Vec::new(),
        };
        for row in rows {
            let taken = copies.remove(row.email.as_str()).unwrap_or_default();
            proof.look_at(row, &taken);
        }
        for stranger in copies.keys() {
            proof.faults.push(format!("{stranger} got a mail and has no row"));
        }
        if proof.extra > kills * connections {
            proof.faults.push(format!(
                "{} extra copies after {kills} kills with {connections} connections",
                proof.extra
            ));
        }
        proof.counters(rows, status);
        proof
    }

    fn look_at(&mut self, row: &Row, taken: &[&Accepted]) {
        let email = &row.email;
        let extra = taken.len().saturating_sub(1);
        self.extra += extra;
        if taken.is_empty() && row.state == State::Accepted {
            self.faults.push(format!("{email} is accepted in the ledger, and the log has nothing"));
        }
        if row.state == State::Accepted && row.code != Some(250) {
            self.faults.push(format!("{email} is accepted with the code {:?}", row.code));
        }
        if row.state == State::Accepted && !taken.is_empty() && !taken.iter().any(|one| one.answered) {
            self.faults.push(format!("{email} is accepted, and the log has no 250"));
        }
        if taken.iter().any(|one| one.message_id.is_empty() || one.message_id != taken[0].message_id) {
            self.faults.push(format!("{email} got copies under different Message-IDs"));
        }
        if extra as i64 > row.doubts {
            self.faults
                .push(format!("{email} got {extra} extra copies, and {} are counted as doubts", row.doubts));
        }
    }

    /// Counters equal rows.
    fn counters(&mut self, rows: &[Row], status: &Value) {
        let count = |state: State| rows.iter().filter(|row| row.state == state).count() as u64;
        let sent: u64 = rows.len() as u64 - count(State::Skipped);
        let expected = [
            ("readers", sent),
            ("pending", count(State::Pending)),
            ("claimed", count(State::Claimed)),
            ("in_doubt", count(State::InDoubt)),
            ("accepted", count(State::Accepted)),
            ("deferred", count(State::Deferred)),
            ("failed", count(State::Failed)),
            ("doubted", self.doubted as u64),
        ];
        for (name, rows) in expected {
            if status[name].as_u64() != Some(rows) {
                self.faults.push(format!("the status says {name}: {}, and {rows} rows are so", status[name]));
            }
        }
    }

    /// Fails with everything that must not be.
    pub fn holds(&self) {
        let shown: Vec<&String> = self.faults.iter().take(20).collect();
        assert!(self.faults.is_empty(), "{} faults, such as: {shown:#?}", self.faults.len());
    }
}

/// Numbers by chance that can be had again: SplitMix64.
#[derive(Debug, Clone)]
pub struct Chance(u64);

impl Chance {
    /// By the clock, or by `SOUCOUPE_TEST_SEED`; says which.
    pub fn new() -> Self {
        let seed = std::env::var("SOUCOUPE_TEST_SEED")
            .ok()
            .and_then(|text| text.parse().ok())
            .unwrap_or_else(|| {
                let now = std::time::SystemTime::UNIX_EPOCH.elapsed();
                now.map_or(1, |age| age.as_nanos() as u64)
            });
        println!("SOUCOUPE_TEST_SEED={seed} repeats these moments");
        Chance(seed)
    }

    /// The same numbers every time.
    pub fn of(seed: u64) -> Self {
        Chance(seed)
    }

    /// A number below `end`.
    pub fn below(&mut self, end: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (mixed ^ (mixed >> 31)) % end.max(1)
    }
}

impl Default for Chance {
    fn default() -> Self {
        Self::new()
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn row(email: &str, state: State, doubts: i64) -> Row {
        let code = (state == State::Accepted).then_some(250);
        Row { seq: 1, email: email.into(), state, tries: 1, doubts, next_at: None, code, answer: None }
    }

    fn taken(to: &str, id: &str) -> Accepted {
        Accepted { time_us: 1, connection: 1, answered: true, size: 1, to: to.into(), message_id: id.into() }
    }

    fn status(accepted: u64, doubted: u64) -> Value {
        json!({"readers": accepted, "pending": 0, "claimed": 0, "in_doubt": 0, "accepted": accepted, "deferred": 0,
            "failed": 0, "doubted": doubted})
    }

    #[test]
    fn a_copy_that_was_in_doubt_is_fine_and_others_are_found() {
        let faults =
            |log: &[Accepted], rows: &[Row], status: &Value| Proof::of(log, rows, status, 1, 1).faults;
        let doubted = [row("a@x", State::Accepted, 1)];
        assert!(faults(&[taken("a@x", "<1>"), taken("a@x", "<1>")], &doubted, &status(1, 1)).is_empty());
        let found = faults(&[taken("a@x", "<1>"), taken("a@x", "<2>")], &doubted, &status(1, 1));
        assert_eq!(found, ["a@x got copies under different Message-IDs"]);
        let sure = [row("a@x", State::Accepted, 0)];
        let found = faults(&[taken("a@x", "<1>"), taken("a@x", "<1>")], &sure, &status(1, 0));
        assert_eq!(found, ["a@x got 1 extra copies, and 0 are counted as doubts"]);
        assert_eq!(
            faults(&[], &sure, &status(1, 0)),
            ["a@x is accepted in the ledger, and the log has nothing"]
        );
        let found = faults(&[taken("a@x", "<1>"), taken("b@x", "<2>")], &sure, &status(2, 0));
        assert_eq!(found.len(), 3, "{found:?}");
    }

    #[test]
    fn a_seed_gives_the_same_numbers_again() {
        let numbers = |mut chance: Chance| [chance.below(1_000), chance.below(1_000), chance.below(7)];
        assert_eq!(numbers(Chance(42)), numbers(Chance(42)));
        assert_ne!(numbers(Chance(42)), numbers(Chance(43)));
    }
}
