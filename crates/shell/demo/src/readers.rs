//! 5,000 readers who do not exist, as a file to import.

use std::collections::HashMap;
use std::fmt::Write as _;

use jiff::{SignedDuration, Timestamp};

use crate::choose::Chooser;
use crate::content::{Names, Weighed};

/// How many.
pub(crate) const READERS: usize = 5_000;
/// The seed is part of the sample: with another one, everybody has another name.
const SEED: u64 = 0x60_0091_11e5;
/// The newest subscription, so that no day of the year makes another sample.
const NEWEST: i64 = 1_795_392_000;
/// The oldest is three years older.
const DAYS: u64 = 1_095;

/// Of a thousand: how many wait for their confirmation, have paused, have left, and read the sister letter too.
const PENDING: u64 = 9;
const PAUSED: u64 = 8;
const ENDED: u64 = 12;
const SISTERS: u64 = 140;

/// A reader of the sample.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct SampleReader {
    email: String,
    first_name: String,
    last_name: String,
    language: &'static str,
    state: &'static str,
    /// Since when, as the texts are dated.
    pub since: Timestamp,
    source: String,
    tags: Vec<String>,
    /// Whether they read the sister letter too.
    pub both: bool,
}

/// All of them, always the same.
pub(crate) fn all(names: &Names) -> Vec<SampleReader> {
    let mut chooser = Chooser::new(SEED);
    let mut taken = HashMap::new();
    (0..READERS).map(|_| one(names, &mut chooser, &mut taken)).collect()
}

fn one(names: &Names, chooser: &mut Chooser, taken: &mut HashMap<String, u32>) -> SampleReader {
    let foreign = chooser.in_thousand(250);
    let given = if foreign { &names.given_names_foreign } else { &names.given_names_french };
    let first_name = chooser.one(given).cloned().unwrap_or_default();
    let last_name = chooser.one(&names.family_names).cloned().unwrap_or_default();
    let domain = drawn(chooser, &names.mail_domains);
    let both = chooser.in_thousand(SISTERS);
    let state = match chooser.below(1000) {
        n if n < PENDING => "pending",
        n if n < PENDING + PAUSED => "paused",
        n if n < PENDING + PAUSED + ENDED => "ended",
        _ => "active",
    };
    SampleReader {
        email: address(&first_name, &last_name, &domain, chooser, taken),
        // Some readers never said their name: the letter greets them all the same.
        first_name: if chooser.in_thousand(880) { first_name } else { String::new() },
        last_name: if chooser.in_thousand(760) { last_name } else { String::new() },
        language: if both && chooser.in_thousand(500) { "en" } else { "fr" },
        state,
        since: since(chooser),
        source: drawn(chooser, &names.sources),
        tags: tags(chooser, &names.tags),
        both,
    }
}

fn drawn(chooser: &mut Chooser, list: &[Weighed]) -> String {
    chooser.weighed(list, |one| one.weight).map(|one| one.name.clone()).unwrap_or_default()
}

/// None to three different ones.
fn tags(chooser: &mut Chooser, list: &[Weighed]) -> Vec<String> {
    let mut tags: Vec<String> = Vec::new();
    for _ in 0..chooser.below(4) {
        let tag = drawn(chooser, list);
        if !tags.contains(&tag) {
            tags.push(tag);
        }
    }
    tags
}

/// More subscribed lately than long ago: the sample grows like a letter that is read.
fn since(chooser: &mut Chooser) -> Timestamp {
    let days = chooser.below(DAYS).min(chooser.below(DAYS));
    let seconds = i64::try_from(days * 86_400 + chooser.below(86_400)).unwrap_or_default();
    let newest = Timestamp::from_second(NEWEST).unwrap_or_default();
    newest.checked_sub(SignedDuration::from_secs(seconds)).unwrap_or(newest)
}

/// `prenom.nom@…` and its usual variants; the second of a name gets a number.
fn address(
    first: &str,
    last: &str,
    domain: &str,
    chooser: &mut Chooser,
    taken: &mut HashMap<String, u32>,
) -> String {
    let (first, last) = (plain(first), plain(last));
    let initial = first.get(..1).unwrap_or_default().to_owned();
    let local = match chooser.below(10) {
        0..=5 => format!("{first}.{last}"),
        6 | 7 => format!("{initial}.{last}"),
        8 => format!("{first}{}", 50 + chooser.below(60)),
        _ => format!("{last}.{first}"),
    };
    let count = taken.entry(format!("{local}@{domain}")).or_default();
    *count += 1;
    match *count {
        1 => format!("{local}@{domain}"),
        count => format!("{local}-{count}@{domain}"),
    }
}

/// A name as it stands in an address: small letters without accents; what is none becomes a hyphen.
fn plain(name: &str) -> String {
    let mut plain = String::with_capacity(name.len());
    for letter in name.chars().flat_map(char::to_lowercase) {
        match letter {
            'a'..='z' | '0'..='9' => plain.push(letter),
            'à' | 'á' | 'â' | 'ã' | 'ä' | 'å' => plain.push('a'),
            'ç' => plain.push('c'),
            'è' | 'é' | 'ê' | 'ë' => plain.push('e'),
            'ì' | 'í' | 'î' | 'ï' => plain.push('i'),
            'ñ' => plain.push('n'),
            'ò' | 'ó' | 'ô' | 'õ' | 'ö' => plain.push('o'),
            'ù' | 'ú' | 'û' | 'ü' => plain.push('u'),
            'ÿ' => plain.push('y'),
            'œ' => plain.push_str("oe"),
            'æ' => plain.push_str("ae"),
            _ if plain.ends_with('-') => {}
            _ => plain.push('-'),
        }
    }
    plain.trim_matches('-').to_owned()
}

/// The readers as the CSV that an import reads: each since so much later than the texts say, and not after `now`.
pub(crate) fn csv<'a>(
    readers: impl Iterator<Item = &'a SampleReader>,
    later: SignedDuration,
    now: Timestamp,
) -> String {
    let mut csv = String::from("email,first_name,last_name,language,state,since,source,tags\n");
    for one in readers {
        let SampleReader { email, first_name, last_name, language, state, source, tags, .. } = one;
        let since = one.since.checked_add(later).unwrap_or(now).min(now);
        // Writing to a String does not fail. Names of the sample hold neither quotes nor commas.
        let _ = writeln!(
            csv,
            "{email},{first_name},{last_name},{language},{state},{since},{source},{}",
            tags.join(";")
        );
    }
    csv
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::content::names;

    #[test]
    fn the_same_readers_are_drawn_each_time_and_no_address_twice() {
        let names = names().unwrap();
        let (readers, again) = (all(&names), all(&names));
        assert_eq!(readers, again);
        let mut addresses: Vec<&str> = readers.iter().map(|one| one.email.as_str()).collect();
        addresses.sort_unstable();
        addresses.dedup();
        assert_eq!(addresses.len(), READERS);
        let count = |state: &str| readers.iter().filter(|one| one.state == state).count();
        assert!(count("active") > 4_800, "{}", count("active"));
        for state in ["pending", "paused", "ended"] {
            assert!((20..=90).contains(&count(state)), "{state}: {}", count(state));
        }
        let csv = csv(readers.iter(), SignedDuration::ZERO, Timestamp::MAX);
        assert_eq!(csv.lines().count(), READERS + 1);
        assert!(csv.lines().all(|line| line.matches(',').count() == 7));
    }

    #[test]
    fn a_name_stands_in_an_address_without_its_accents() {
        for (name, local) in
            [("Jean-Luc", "jean-luc"), ("Éléonore", "eleonore"), ("Le Goff", "le-goff"), ("D'Œuf", "d-oeuf")]
        {
            assert_eq!(plain(name), local);
        }
    }
}
