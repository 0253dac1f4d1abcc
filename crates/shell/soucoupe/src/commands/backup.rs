//! Backup and restore.

use std::fs::File;
use std::io::Read;
use std::path::Path;

use instance::{Instance, Process};
use store::Store;

use crate::failure::Failure;
use crate::settings::Settings;
use crate::{open, words};

/// A backup is a database of SQLite and begins like one.
const BACKUP: &[u8; 16] = b"SQLite format 3\0";

/// Writes everything into a new file.
pub async fn backup(settings: &Settings, file: &Path) -> Result<(), Failure> {
    let instance = open::existing(settings).await?;
    let counts = instance.store.backup(file).await?;
    told(&counts);
    eprintln!("Written to {}. The database is in it; soucoupe.toml is not.", file.display());
    Ok(())
}

/// Fills a new instance.
pub async fn restore(settings: &Settings, file: &Path) -> Result<(), Failure> {
    if !file.is_file() {
        return Err(Failure::input(format!("there is no file {}; nothing was changed", file.display())));
    }
    // Looked at before a new instance is begun for it.
    let mut head = [0; BACKUP.len()];
    let read = File::open(file).and_then(|mut opened| opened.read_exact(&mut head));
    if read.is_err() || head != *BACKUP {
        return Err(Failure::input(format!("{} is not a backup; nothing was changed", file.display())));
    }
    open::make_folder(&settings.config)?;
    let store = Store::open(&settings.config.database_url).await?;
    // A program that runs has read the secret of the empty instance, and would go on with it.
    let instance = Instance::with(store.clone(), settings.config.clone(), instance::Clock::system()).await?;
    let alive = Process::all(&instance).await?.into_iter().find(|process| process.lives(instance.now_us()));
    if let Some(process) = alive {
        return Err(Failure::input(format!(
            "a program works on this instance ({}, process {}): stop it first; nothing was changed",
            process.kind, process.pid
        )));
    }
    let counts = store.restore(file).await?;
    told(&counts);
    eprintln!("Restored from {}.", file.display());
    store.close().await;
    Ok(())
}

fn told(counts: &[(String, u64)]) {
    for (table, rows) in counts.iter().filter(|(_, rows)| *rows > 0) {
        println!("{table}\t{}", words::number(i64::try_from(*rows).unwrap_or(i64::MAX)));
    }
}
