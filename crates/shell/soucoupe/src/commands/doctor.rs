//! Looking whether all is well.

use std::fmt::Display;
use std::time::{Duration, SystemTime};

use instance::Instance;
use publications::Publication;
use smtp::{Connection, Route, Timeouts};
use tokio::time::timeout;

use super::keys;
use crate::failure::Failure;
use crate::open;
use crate::settings::Settings;

/// A relay that takes longer to say hello will not do for a dispatch either.
const PATIENCE: Duration = Duration::from_secs(10);
/// The clock of the disk may be another machine's; more than this and links expire at odd times.
const CLOCKS_APART: Duration = Duration::from_secs(5);

/// What was found; each line is printed as it is found.
#[derive(Default)]
struct Visit {
    wrong: usize,
}

impl Visit {
    fn well(&mut self, what: impl Display) {
        println!("ok     {what}");
    }

    fn note(&mut self, what: impl Display) {
        println!("note   {what}");
    }

    fn wrong(&mut self, what: impl Display) {
        self.wrong += 1;
        println!("wrong  {what}");
    }
}

/// Looks; exit code 1 when something is wrong.
pub async fn run(settings: &Settings) -> Result<(), Failure> {
    let instance = open::existing(settings).await?;
    let mut visit = Visit::default();
    database(&instance, &mut visit).await?;
    folder_and_clock(&instance, &mut visit);
    address(&instance, &mut visit);
    relay(&instance, &mut visit).await;
    people(&instance, &mut visit).await?;
    for publication in publications::all(&instance).await? {
        letter(&instance, &publication, &mut visit).await?;
    }
    if visit.wrong == 0 { Ok(()) } else { Err(Failure::silent()) }
}

async fn database(instance: &Instance, visit: &mut Visit) -> Result<(), Failure> {
    let faults = instance.store.faults().await?;
    for fault in &faults {
        visit.wrong(format!("the database: {fault}"));
    }
    if faults.is_empty() {
        let (engine, schema) = (instance.store.engine(), instance.store.schema().await?);
        visit.well(format!("the {engine} database is sound, schema {schema}"));
    }
    Ok(())
}

/// Writes a file and looks when the disk thinks that was.
fn folder_and_clock(instance: &Instance, visit: &mut Visit) {
    let (data, now) = (&instance.config.data, SystemTime::now());
    let probe = data.join(format!(".doctor-{}", std::process::id()));
    let written = std::fs::write(&probe, b"").and_then(|()| std::fs::metadata(&probe)?.modified());
    let removed = std::fs::remove_file(&probe);
    match written.and_then(|at| removed.map(|()| at)) {
        Err(error) => visit.wrong(format!("the folder {} cannot be written: {error}", data.display())),
        Ok(at) => {
            visit.well(format!("the folder {} can be written", data.display()));
            let apart = at.duration_since(now).or_else(|_| now.duration_since(at)).unwrap_or_default();
            // The program was not built before 2026: an earlier clock has lost its battery.
            let lost = instance.now().as_second() < 1_767_225_600;
            if lost || apart > CLOCKS_APART {
                visit.wrong(format!("the clock says {}: set it (timedatectl set-ntp true)", instance.now()));
            } else {
                visit.well(format!("the clock says {}", instance.now()));
            }
        }
    }
}

fn address(instance: &Instance, visit: &mut Visit) {
    let url = &instance.config.base_url;
    let name = instance.config.host().name;
    let local =
        name == "localhost" || name.ends_with(".localhost") || name.starts_with("127.") || name == "[::1]";
    if instance.config.secure() {
        visit.well(format!("readers come to {url}"));
    } else if local {
        visit.note(format!("readers come to {url}, which only this machine reaches: set SOUCOUPE_BASE_URL"));
    } else {
        visit.wrong(format!(
            "readers come to {url} without encryption: put https in front and set SOUCOUPE_BASE_URL"
        ));
    }
}

async fn relay(instance: &Instance, visit: &mut Visit) {
    let Some(url) = instance.config.smtp_url.as_deref() else {
        visit.wrong("no relay is configured, so nothing can be sent: set SOUCOUPE_SMTP_URL");
        return;
    };
    let route = match Route::parse(url) {
        Ok(route) => route,
        Err(error) => return visit.wrong(format!("{error}: set SOUCOUPE_SMTP_URL")),
    };
    let place = format!("{}:{}", route.host, route.port);
    let name = instance.config.mail_domain();
    match timeout(PATIENCE, Connection::open(&route, &name, Timeouts::default())).await {
        Err(_) => visit.wrong(format!(
            "the relay {place} does not answer: is it the right port, does a wall stand between?"
        )),
        Ok(Err(error)) => visit.wrong(format!("the relay {place} cannot be used: {}", told(&error))),
        Ok(Ok(connection)) => {
            let sealed = if connection.is_encrypted() { "encrypted" } else { "not encrypted" };
            let pipes = if connection.capabilities().pipelining { ", pipelining" } else { "" };
            connection.quit().await;
            visit.well(format!("the relay {place} answers ({sealed}{pipes})"));
        }
    }
}

/// An error with what is behind it, each said once.
fn told(error: &dyn std::error::Error) -> String {
    let mut sentence = error.to_string();
    let mut source = error.source();
    while let Some(cause) = source {
        let cause_said = cause.to_string();
        if !sentence.contains(&cause_said) {
            sentence.push_str(&format!(": {cause_said}"));
        }
        source = cause.source();
    }
    sentence
}

async fn people(instance: &Instance, visit: &mut Visit) -> Result<(), Failure> {
    match accounts::owner(instance).await? {
        Some(owner) => visit.well(format!("the desk belongs to {}", owner.email)),
        None => visit.note("the desk has no owner yet: open /desk, or `soucoupe owner create`"),
    }
    if open::is_served(instance).await? {
        visit.well("a server runs");
    } else {
        visit.note("no server runs: pages are not answered and nothing is sent by itself (`soucoupe serve`)");
    }
    Ok(())
}

async fn letter(instance: &Instance, publication: &Publication, visit: &mut Visit) -> Result<(), Failure> {
    let (slug, domain) = (&publication.slug, publication.from.address.domain());
    if publication.postal_address.as_deref().is_none_or(|address| address.trim().is_empty()) {
        visit.note(format!("{slug}: no postal address; many countries ask for one (desk, settings)"));
    }
    match publications::keys::signer(instance, domain).await? {
        None => visit.note(format!("{slug}: mail from {domain} is not signed here: `soucoupe keys create --domain {domain}`, unless the relay signs")),
        Some(signer) => {
            visit.well(format!("{slug}: mail from {domain} is signed; DNS must say:"));
            for record in keys::records(instance, &signer)?.iter().filter(|line| !line.starts_with(';')) {
                println!("         {record}");
            }
        }
    }
    Ok(())
}
