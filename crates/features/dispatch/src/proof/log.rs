//! Reading the log, and checking it from the first entry to the last.

use instance::Instance;
use serde::Serialize;
use store::params;

use super::entry::{self, Entry};
use crate::model::DispatchError;
use crate::queries;

/// Entries read at once.
const PAGE: i64 = 1_000;

/// The log of an instance.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Log {
    /// The key that signs it: Ed25519, as the base64 of a SubjectPublicKeyInfo (what stands in a PEM file).
    pub public_key: String,
    /// Whether everything holds.
    pub whole: bool,
    /// What does not, a sentence each.
    pub faults: Vec<String>,
    /// The entries, oldest first.
    pub entries: Vec<Logged>,
}

/// An entry with what proves it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Logged {
    /// Its number.
    pub number: i64,
    /// What it says; nothing where it cannot be read.
    pub entry: Option<Entry>,
    /// The line that is hashed and signed.
    pub line: String,
    /// SHA-256 of the line, in hexadecimal digits.
    pub sha256: String,
    /// Ed25519 over the line, in base64.
    pub signature: String,
}

/// The whole log, checked: numbers, hashes, signatures, each link to the entry before, and the letters that are kept.
pub async fn proofs(instance: &Instance) -> Result<Log, DispatchError> {
    let public = &super::public_key(instance);
    let (mut entries, mut faults) = (Vec::new(), Vec::new());
    let (mut last, mut previous) = (0, vec![0; 32]);
    loop {
        let rows = instance.store.read(queries::PROOFS, params![last, PAGE]).await?;
        for row in &rows {
            let (number, line) = (row.int(0)?, row.text(1)?);
            let (hash, signature, letter) = (row.bytes(2)?, row.bytes(3)?, row.opt_bytes(4)?);
            if number != last + 1 {
                faults.push(format!("between entries {last} and {number} some are missing"));
            }
            let entry = Entry::from_line(&line);
            let found = entry::sha256(line.as_bytes());
            if found != hash {
                faults.push(format!("entry {number} was changed: its hash is not the one that was kept"));
            }
            if !entry::is_signed(&line, &signature, public) {
                faults.push(format!("entry {number} does not carry this instance's signature"));
            }
            match &entry {
                None => faults.push(format!("entry {number} is not written as this program writes entries")),
                Some(entry) => check(entry, number, &previous, letter.as_deref(), &mut faults),
            }
            entries.push(Logged {
                number,
                entry,
                sha256: entry::hex(&found),
                signature: entry::base64(&signature),
                line,
            });
            (last, previous) = (number, found);
        }
        if rows.len() < PAGE as usize {
            break;
        }
    }
    cut_off(instance, &entries, &mut faults).await?;
    Ok(Log { public_key: entry::spki(public), whole: faults.is_empty(), faults, entries })
}

fn check(entry: &Entry, number: i64, previous: &[u8], letter: Option<&[u8]>, faults: &mut Vec<String>) {
    if entry.number != number {
        faults.push(format!("entry {number} says that it is entry {}", entry.number));
    }
    if entry.previous_sha256 != entry::hex(previous) {
        faults.push(format!("entry {number} does not follow from the entry before it"));
    }
    if letter.is_some_and(|letter| entry::hex(letter) != entry.letter_sha256) {
        faults
            .push(format!("the letter kept of dispatch {} is not the one of entry {number}", entry.dispatch));
    }
}

/// A log that was cut off at its end is whole by itself; the dispatches that are missing from it tell. What ended
/// before the first entry was sent by a program without a log.
async fn cut_off(
    instance: &Instance,
    entries: &[Logged],
    faults: &mut Vec<String>,
) -> Result<(), DispatchError> {
    let first = entries.first().and_then(|first| first.entry.as_ref());
    let Some(began) = first.and_then(|first| first.finished_at.parse::<jiff::Timestamp>().ok()) else {
        return Ok(());
    };
    for row in instance.store.read(queries::UNPROVEN, params![]).await? {
        if row.opt_int(1)?.is_some_and(|ended| ended >= began.as_microsecond()) {
            faults.push(format!("dispatch {} ended and has no entry", row.int(0)?));
        }
    }
    Ok(())
}
