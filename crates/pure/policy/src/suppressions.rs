//! Who must not be mailed, why, and what alone lifts it: suppressions win over everything but the reader's own
//! confirmed wish.
//!
//! Suppressions stand against editions. They do not stand against the one mail that asks whether an address wants
//! to come back, nor against a sign-in link of the desk: leaving a list must not lock anybody out.

use crate::Unknown;

/// Why an address must not be mailed, from the strongest to the weakest.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Reason {
    /// The reader had everything deleted.
    Deleted,
    /// The reader reported a mail as spam.
    Complaint,
    /// The author put it there.
    Manual,
    /// The reader left.
    Unsubscribed,
    /// Came with an import as one who had left.
    Imported,
    /// The address is dead.
    HardBounce,
}

/// How far a suppression reaches.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Scope {
    /// Every publication of the instance.
    Everywhere,
    /// One publication, by its number.
    Publication(i64),
}

/// What a confirmation does to a suppression.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Lift {
    /// Nothing: it is about another publication.
    Keep,
    /// It goes.
    Remove,
    /// It goes for this publication and stays for all others.
    KeepElsewhere,
}

impl Reason {
    /// All reasons, the strongest first.
    pub const ALL: [Self; 6] =
        [Self::Deleted, Self::Complaint, Self::Manual, Self::Unsubscribed, Self::Imported, Self::HardBounce];

    /// The name in the database.
    pub fn name(self) -> &'static str {
        match self {
            Self::Deleted => "deleted",
            Self::Complaint => "complaint",
            Self::Manual => "manual",
            Self::Unsubscribed => "unsubscribed",
            Self::Imported => "imported",
            Self::HardBounce => "hard_bounce",
        }
    }

    /// How far it reaches when it comes from what happened in a publication: death and deletion are about the
    /// address, all else about that publication.
    pub fn reach(self, publication: i64) -> Scope {
        match self {
            Self::Deleted | Self::HardBounce => Scope::Everywhere,
            Self::Complaint | Self::Manual | Self::Unsubscribed | Self::Imported => {
                Scope::Publication(publication)
            }
        }
    }

    /// Which of two reasons for one address and scope is kept.
    pub fn stronger(self, other: Self) -> Self {
        self.min(other)
    }
}

impl std::str::FromStr for Reason {
    type Err = Unknown;

    fn from_str(name: &str) -> Result<Self, Unknown> {
        let known = Self::ALL.into_iter().find(|reason| reason.name() == name);
        known.ok_or_else(|| Unknown { what: "reason of a suppression", value: name.to_owned() })
    }
}

impl Scope {
    /// The publication in the database; 0 means every one.
    pub fn number(self) -> i64 {
        match self {
            Self::Everywhere => 0,
            Self::Publication(number) => number,
        }
    }

    /// The scope behind a number of the database.
    pub fn from_number(number: i64) -> Self {
        if number == 0 { Self::Everywhere } else { Self::Publication(number) }
    }

    /// Whether it reaches a publication.
    pub fn covers(self, publication: i64) -> bool {
        match self {
            Self::Everywhere => true,
            Self::Publication(number) => number == publication,
        }
    }
}

/// Why an edition of this publication must not go to an address with these suppressions; the strongest reason.
pub fn blocks(suppressions: &[(Scope, Reason)], publication: i64) -> Option<Reason> {
    let reasons = suppressions.iter().filter(|(scope, _)| scope.covers(publication));
    reasons.map(|&(_, reason)| reason).reduce(Reason::stronger)
}

/// What becomes of a suppression when the reader has confirmed a subscription to this publication.
pub fn lift(scope: Scope, reason: Reason, publication: i64) -> Lift {
    match scope {
        Scope::Publication(number) if number != publication => Lift::Keep,
        Scope::Publication(_) => Lift::Remove,
        // Who answers is not dead; the rest was said about all publications and taken back for one.
        Scope::Everywhere if reason == Reason::HardBounce => Lift::Remove,
        Scope::Everywhere => Lift::KeepElsewhere,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn any_suppression() -> impl Strategy<Value = (Scope, Reason)> {
        (0_i64..4, 0_usize..6).prop_map(|(scope, reason)| (Scope::from_number(scope), Reason::ALL[reason]))
    }

    /// The suppressions after a confirmation, on an instance with publications 1 to 3.
    fn confirmed(suppressions: &[(Scope, Reason)], publication: i64) -> Vec<(Scope, Reason)> {
        let mut left = Vec::new();
        for &(scope, reason) in suppressions {
            match lift(scope, reason, publication) {
                Lift::Keep => left.push((scope, reason)),
                Lift::Remove => {}
                Lift::KeepElsewhere => {
                    let others = (1..4).filter(|&other| other != publication);
                    left.extend(others.map(|other| (Scope::Publication(other), reason)));
                }
            }
        }
        left
    }

    #[test]
    fn names_and_numbers_in_the_database_do_not_change() {
        let names = ["deleted", "complaint", "manual", "unsubscribed", "imported", "hard_bounce"];
        for (reason, name) in Reason::ALL.into_iter().zip(names) {
            assert_eq!(reason.name(), name);
            assert_eq!(name.parse(), Ok(reason));
        }
        assert!("Deleted".parse::<Reason>().is_err());
        for number in [0, 1, 7] {
            assert_eq!(Scope::from_number(number).number(), number);
        }
    }

    #[test]
    fn a_dead_address_is_dead_for_all_and_a_departure_is_for_one() {
        for reason in Reason::ALL {
            let suppression = [(reason.reach(1), reason)];
            assert_eq!(blocks(&suppression, 1), Some(reason));
            let everywhere = matches!(reason, Reason::Deleted | Reason::HardBounce);
            assert_eq!(blocks(&suppression, 2), everywhere.then_some(reason));
        }
        assert_eq!(blocks(&[], 1), None);
    }

    #[test]
    fn the_strongest_reason_is_the_one_that_is_told() {
        let both = [(Scope::Everywhere, Reason::HardBounce), (Scope::Publication(1), Reason::Complaint)];
        assert_eq!(blocks(&both, 1), Some(Reason::Complaint));
        assert_eq!(blocks(&both, 2), Some(Reason::HardBounce));
        assert_eq!(Reason::Imported.stronger(Reason::Deleted), Reason::Deleted);
    }

    proptest! {
        #[test]
        fn a_confirmation_opens_its_own_publication_and_no_other(
            suppressions in prop::collection::vec(any_suppression(), 0..6),
            publication in 1_i64..4,
        ) {
            let left = confirmed(&suppressions, publication);
            prop_assert_eq!(blocks(&left, publication), None);
            for other in (1..4).filter(|&other| other != publication) {
                let alive: Vec<_> =
                    suppressions.iter().filter(|s| **s != (Scope::Everywhere, Reason::HardBounce)).copied().collect();
                prop_assert_eq!(blocks(&left, other), blocks(&alive, other));
            }
        }
    }
}
