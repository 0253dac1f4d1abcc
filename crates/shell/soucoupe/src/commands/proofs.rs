//! The signed log of what was sent.

use dispatch::proof::{Log, Logged, proofs};

use crate::failure::Failure;
use crate::settings::Settings;
use crate::{open, words};

/// Digits of a hash that a person compares.
const SHORT: usize = 16;

/// Prints the log and checks it from the first entry to the last.
pub async fn run(settings: &Settings, json: bool) -> Result<(), Failure> {
    let instance = open::existing(settings).await?;
    let log = proofs(&instance).await?;
    if json {
        println!("{}", serde_json::to_string_pretty(&log).map_err(Failure::internal)?);
    } else {
        print(&log);
    }
    match log.whole {
        true => Ok(()),
        false => Err(Failure::refused(format!("the log does not hold: {}", log.faults.join("; ")))),
    }
}

fn print(log: &Log) {
    for logged in &log.entries {
        println!("{}", line(logged));
    }
    println!("public key (Ed25519): {}", log.public_key);
    if log.whole {
        let count = i64::try_from(log.entries.len()).unwrap_or(i64::MAX);
        let entries = if count == 1 { "entry" } else { "entries" };
        eprintln!("{} {entries}: numbers, hashes, signatures and kept letters hold.", words::number(count));
    }
}

fn line(logged: &Logged) -> String {
    let (number, hash) = (logged.number, logged.sha256.get(..SHORT).unwrap_or_default());
    let Some(entry) = &logged.entry else { return format!("{number}\t(not readable)\t{hash}") };
    format!(
        "{number}\t{}\t{}/{}\t{}\tdispatch {}\t{} readers\t{} accepted\t{} failed\t{hash}",
        entry.finished_at,
        entry.publication,
        entry.edition,
        if entry.kind == "test" { "test" } else { &entry.state },
        entry.dispatch,
        words::number(entry.readers),
        words::number(entry.accepted),
        words::number(entry.failed),
    )
}
