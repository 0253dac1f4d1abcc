//! Where a sending stands.

use std::io::{BufWriter, Write};

use clap::Subcommand;
use dispatch::{Failure as NotDelivered, Status};
use jiff::Timestamp;

use crate::failure::Failure;
use crate::settings::Settings;
use crate::{open, sending, words};

/// Rows of the ledger read at once.
const PAGE: i64 = 1_000;

/// Dispatches: where a sending stands.
#[derive(Debug, Subcommand)]
pub enum Dispatch {
    /// Print the numbers of a dispatch
    Status {
        /// Its number
        id: i64,
        /// As JSON
        #[arg(long)]
        json: bool,
    },
    /// List the dispatches, newest first
    List {
        /// Of this publication only
        #[arg(long)]
        publication: Option<String>,
        /// How many
        #[arg(long, default_value_t = 30, value_parser = clap::value_parser!(i64).range(1..=10_000))]
        limit: i64,
    },
    /// Print who did not get it, or not yet, and why
    Failures {
        /// The number of the dispatch
        id: i64,
        /// As CSV, with a line of names
        #[arg(long)]
        csv: bool,
    },
    /// Hold a dispatch: what is on the wire arrives, nothing else leaves
    Pause {
        /// Its number
        id: i64,
    },
    /// Let a dispatch go on
    Resume {
        /// Its number
        id: i64,
    },
    /// Send what is held in doubt once more; some may get it twice
    ResendDoubted {
        /// Its number
        id: i64,
    },
    /// Send the edition once more to those whose mail of this dispatch failed; prints the number of the new dispatch
    ResendFailed {
        /// Its number
        id: i64,
        /// Wait for the end; exit code 0 only when no reader is left waiting
        #[arg(long)]
        wait: bool,
    },
    /// End a dispatch for good
    Stop {
        /// Its number
        id: i64,
    },
}

impl Dispatch {
    /// Does it.
    pub async fn run(self, settings: &Settings) -> Result<(), Failure> {
        let instance = open::existing(settings).await?;
        match self {
            Dispatch::Status { id, json } => {
                let status = dispatch::status(&instance, id).await?;
                if json {
                    println!("{}", serde_json::to_string_pretty(&status).map_err(Failure::internal)?);
                } else {
                    print(&status);
                }
                Ok(())
            }
            Dispatch::List { publication, limit } => list(&instance, publication.as_deref(), limit).await,
            Dispatch::Failures { id, csv } => failures(&instance, id, csv).await,
            Dispatch::Pause { id } => {
                dispatch::pause(&instance, id, "command line").await?;
                eprintln!("Paused: `soucoupe dispatch resume {id}` lets it go on.");
                Ok(())
            }
            Dispatch::Resume { id } => {
                dispatch::resume(&instance, id).await?;
                if !open::is_served(&instance).await? {
                    eprintln!("It goes on as soon as `soucoupe serve` runs.");
                }
                Ok(())
            }
            Dispatch::ResendDoubted { id } => resend_doubted(&instance, id).await,
            Dispatch::ResendFailed { id, wait } => resend_failed(&instance, id, wait).await,
            Dispatch::Stop { id } => match dispatch::stop(&instance, id).await? {
                true => Ok(()),
                false => Err(Failure::refused(format!("dispatch {id} had ended already"))),
            },
        }
    }
}

async fn resend_doubted(instance: &instance::Instance, id: i64) -> Result<(), Failure> {
    let resent = dispatch::resend_doubted(instance, id).await?;
    if resent == 0 {
        return Err(Failure::refused(format!(
            "nothing of dispatch {id} is held in doubt; nothing was changed"
        )));
    }
    let number = how_many(resent);
    match open::is_served(instance).await? {
        true => eprintln!("{number} sent once more."),
        false => eprintln!("{number} sent once more as soon as `soucoupe serve` runs."),
    }
    Ok(())
}

async fn resend_failed(instance: &instance::Instance, id: i64, wait: bool) -> Result<(), Failure> {
    let made = dispatch::resend_failed(instance, id).await?;
    println!("{}", made.id);
    match open::is_served(instance).await? {
        true if wait => sending::watch(instance, made.id).await,
        true => Ok(()),
        false => sending::send_here(instance, made.id, wait).await,
    }
}

fn how_many(deliveries: u64) -> String {
    match deliveries {
        1 => "1 delivery is".to_owned(),
        many => format!("{} deliveries are", words::number(i64::try_from(many).unwrap_or(i64::MAX))),
    }
}

fn print(status: &Status) {
    let moment = |text: &Option<String>| {
        let at = text.as_deref().and_then(|text| text.parse::<Timestamp>().ok());
        at.map_or_else(|| "–".to_owned(), |at| words::moment(at.as_microsecond()))
    };
    println!("dispatch {}: {}", status.id, status.state);
    for (name, number) in [
        ("readers", status.readers),
        ("left out", status.left_out),
        ("pending", status.pending),
        ("not yet due", status.waiting),
        ("claimed", status.claimed),
        ("in doubt", status.in_doubt),
        ("accepted", status.accepted),
        ("deferred", status.deferred),
        ("failed", status.failed),
    ] {
        println!("{name:>12}  {}", words::number(number));
    }
    for (route, mails) in &status.routes {
        println!("{:>12}  {route}: {}", "by route", words::number(*mails));
    }
    println!("{:>12}  {} mails/s", "rate", status.rate);
    println!("{:>12}  {}", "started", moment(&status.started_at));
    println!("{:>12}  {}", "finished", moment(&status.finished_at));
    if let Some(seconds) = status.seconds_left {
        println!("{:>12}  {}", "time left", words::duration(seconds));
    }
    if let Some(trouble) = &status.trouble {
        println!("{:>12}  {trouble}", "trouble");
    }
}

async fn list(instance: &instance::Instance, slug: Option<&str>, limit: i64) -> Result<(), Failure> {
    let publications = match slug {
        Some(_) => vec![open::publication(instance, slug).await?],
        None => publications::all(instance).await?,
    };
    let mut all = Vec::new();
    for publication in &publications {
        all.extend(dispatch::list(instance, publication.id, limit, 0).await?);
    }
    all.sort_by_key(|(dispatch, ..)| std::cmp::Reverse(dispatch.id));
    for (dispatch, edition, _) in all.iter().take(usize::try_from(limit).unwrap_or_default()) {
        let (state, kind) = (dispatch.state.name(dispatch.paused), dispatch.kind.as_str());
        let audience = match dispatch.failed_of {
            Some(of) => format!("failed of {of}"),
            None => dispatch.audience.to_string(),
        };
        println!("{}\t{state}\t{kind}\t{edition}\t{audience}\t{}", dispatch.id, dispatch.readers);
    }
    Ok(())
}

async fn failures(instance: &instance::Instance, id: i64, csv: bool) -> Result<(), Failure> {
    dispatch::by_id(instance, id).await?;
    let mut out = BufWriter::new(std::io::stdout().lock());
    let mut write = |line: String| writeln!(out, "{line}").map_err(Failure::internal);
    if csv {
        write("email,state,tries,code,answer,at,next_at,route".to_owned())?;
    }
    let mut after = 0;
    loop {
        let page = dispatch::failures(instance, id, after, PAGE).await?;
        let Some(last) = page.last() else { break };
        after = last.seq;
        for one in &page {
            write(if csv { csv_line(one) } else { line(one) })?;
        }
    }
    out.flush().map_err(Failure::internal)
}

fn line(one: &NotDelivered) -> String {
    let email = one.email.as_deref().unwrap_or("(deleted)");
    let code = one.code.map_or_else(String::new, |code| format!(" {code}"));
    format!("{email}\t{}{code}\t{}", one.state, one.answer.as_deref().unwrap_or_default())
}

fn csv_line(one: &NotDelivered) -> String {
    let moment =
        |at: Option<i64>| at.and_then(|at| Timestamp::from_microsecond(at).ok()).map(|at| at.to_string());
    let number = |number: Option<i64>| number.map(|number| number.to_string());
    let fields = [
        one.email.clone(),
        Some(one.state.to_owned()),
        Some(one.tries.to_string()),
        number(one.code),
        one.answer.clone(),
        moment(one.at),
        moment(one.next_at),
        one.route.clone(),
    ];
    fields.map(|field| quoted(&field.unwrap_or_default())).join(",")
}

/// RFC 4180 2.6. What a spreadsheet would take for a formula is given as text: the words are a stranger's.
fn quoted(field: &str) -> String {
    let formula = field.starts_with(['=', '+', '-', '@', '\t']);
    let field = if formula { format!("'{field}") } else { field.to_owned() };
    if field.contains(['"', ',', '\n', '\r']) { format!("\"{}\"", field.replace('"', "\"\"")) } else { field }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_servers_words_stay_one_field_and_no_formula() {
        for (field, written) in [
            ("550 no such user", "550 no such user"),
            ("no, \"never\"", "\"no, \"\"never\"\"\""),
            ("=HYPERLINK(1)", "'=HYPERLINK(1)"),
            ("", ""),
        ] {
            assert_eq!(quoted(field), written);
        }
    }
}
