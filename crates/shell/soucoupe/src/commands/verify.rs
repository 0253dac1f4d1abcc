//! Is this mail an unaltered letter of ours?

use std::fs::File;
use std::io::Read;
use std::path::Path;

use dispatch::proof::{About, Change, Verdict};
use serde_json::{Value, json};

use crate::failure::Failure;
use crate::settings::Settings;
use crate::{open, words};

/// A letter has some ten thousand bytes, with attachments around it some millions.
const LARGEST: u64 = 50 * 1024 * 1024;

/// Says what a file is, in a sentence or as JSON. Exit codes: 0 unaltered, 1 altered, 2 not ours or not readable.
pub async fn run(settings: &Settings, file: &Path, json: bool) -> Result<(), Failure> {
    let bytes = read(file)?;
    let instance = open::existing(settings).await?;
    let verdict = dispatch::proof::verify(&instance, &bytes).await?;
    if json {
        println!("{}", serde_json::to_string_pretty(&object(&verdict)).map_err(Failure::internal)?);
    }
    match &verdict {
        Verdict::Unaltered(about) => {
            if !json {
                println!("Unaltered: {}.", letter(about));
                println!("{}", particulars(about));
            }
            Ok(())
        }
        Verdict::Altered(about, changes) => {
            if !json {
                println!("Altered: {} was not sent like this.", letter(about));
                for change in changes {
                    println!("{}", sentence(change));
                }
                println!("{}", particulars(about));
            }
            Err(Failure::silent())
        }
        Verdict::NotOurs(why) => Err(Failure::input(format!("{}: {why}", file.display()))),
    }
}

/// Reads the file, or standard input for `-`.
fn read(file: &Path) -> Result<Vec<u8>, Failure> {
    let refused = |why: std::io::Error| Failure::input(format!("{} cannot be read: {why}", file.display()));
    let mut bytes = Vec::new();
    let mut read = |from: &mut dyn Read| from.take(LARGEST + 1).read_to_end(&mut bytes).map_err(refused);
    match file.to_str() {
        Some("-") => read(&mut std::io::stdin().lock())?,
        _ => read(&mut File::open(file).map_err(refused)?)?,
    };
    match bytes.len() as u64 {
        length if length > LARGEST => {
            Err(Failure::input(format!("{} has more than 50 MB: that is no letter", file.display())))
        }
        _ => Ok(bytes),
    }
}

fn letter(about: &About) -> String {
    let About { title, publication_name, dispatch, .. } = about;
    let sent = about.sent_at.as_deref().and_then(|at| at.parse::<jiff::Timestamp>().ok());
    let sent = sent.map_or_else(String::new, |at| format!(" on {}", words::moment(at.as_microsecond())));
    let test = if about.kind == "test" { "a test of " } else { "" };
    format!("{test}“{title}”, sent by {publication_name}{sent} (dispatch {dispatch})")
}

fn particulars(about: &About) -> String {
    let signature = match about.signature {
        "valid" => "Its DKIM signature holds.",
        "broken" => {
            "Its DKIM signature does not hold on this copy: relays that encode a mail anew break it too."
        }
        _ => "It carries no DKIM signature of ours.",
    };
    let entry = match about.entry {
        Some(number) => format!(" Entry {number} of the log has the hash of the letter."),
        None => " The dispatch has not ended: the log has no entry yet.".to_owned(),
    };
    let personal: Vec<String> =
        about.personal.iter().map(|(slot, value)| format!("{slot} “{value}”")).collect();
    let personal = match personal.is_empty() {
        true => String::new(),
        false => format!(" Filled in for the reader: {}.", personal.join(", ")),
    };
    format!("{signature}{entry}{personal}")
}

fn sentence(change: &Change) -> String {
    let Change { place, line, expected, found } = change;
    let line = line.map_or_else(String::new, |line| format!(", line {line}"));
    let shown = |text: &str| if text.is_empty() { "nothing".to_owned() } else { format!("“{text}”") };
    format!("  {}{line}: {} was sent, this copy has {}", place.words(), shown(expected), shown(found))
}

fn object(verdict: &Verdict) -> Value {
    match verdict {
        Verdict::Unaltered(about) => json!({ "verdict": "unaltered", "letter": about, "changes": [] }),
        Verdict::Altered(about, changes) => {
            json!({ "verdict": "altered", "letter": about, "changes": changes })
        }
        Verdict::NotOurs(why) => json!({ "verdict": "not_ours", "why": why }),
    }
}
