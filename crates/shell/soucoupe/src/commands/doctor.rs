//! Looking whether all is well.

use clap::Args;
use doctor::{Level, Report, Visit};
use i18n::Language;

use crate::failure::Failure;
use crate::open;
use crate::settings::Settings;

/// Looks whether all is well; exit code 1 when something is wrong.
#[derive(Debug, Args)]
pub struct Doctor {
    /// Only this publication
    #[arg(long, value_name = "SLUG")]
    publication: Option<String>,
    /// Print the findings as JSON
    #[arg(long)]
    json: bool,
    /// Ask nothing of the network
    #[arg(long)]
    offline: bool,
}

impl Doctor {
    /// Does it.
    pub async fn run(self, settings: &Settings) -> Result<(), Failure> {
        let instance = open::existing(settings).await?;
        let visit = Visit { publication: self.publication, offline: self.offline };
        let report = doctor::examine(&instance, &visit).await?;
        if self.json {
            let told = report.told(Language::English);
            println!("{}", serde_json::to_string_pretty(&told).map_err(Failure::internal)?);
        } else {
            print(&report);
        }
        if report.is_well() { Ok(()) } else { Err(Failure::silent()) }
    }
}

/// A line a finding; below it what to do, and the records as lines of a zone file.
fn print(report: &Report) {
    let mut last = None;
    for finding in &report.findings {
        let level = match finding.level {
            Level::Ok => "ok",
            Level::Warn => "note",
            Level::Bad => "wrong",
            Level::Unknown => "unsure",
        };
        let mut found = finding.found(Language::English);
        if finding.is_silence() {
            found = format!("{}: {}", finding.title(Language::English), within(&found));
        }
        println!("{level:<6} {}", line(&finding.about, &found));
        if finding.level == Level::Ok {
            continue;
        }
        // What is advised for one is not said again for the next.
        let remedy = finding.remedy(Language::English).filter(|remedy| last.as_ref() != Some(remedy));
        if let Some(remedy) = remedy {
            println!("         {remedy}");
            last = Some(remedy);
        }
        for record in &finding.records {
            println!("         {}", record.zone_line());
        }
    }
}

fn line(about: &str, found: &str) -> String {
    // A domain is named in most sentences about it.
    if about.is_empty() || about.contains('.') && found.contains(about) {
        within(found)
    } else {
        format!("{about}: {}", within(found))
    }
}

/// A sentence that goes on after what stands before it. SPF and the like stay as they are.
fn within(sentence: &str) -> String {
    let mut letters = sentence.chars();
    match (letters.next(), letters.next()) {
        (Some(first), Some(second)) if second.is_lowercase() || second == ' ' => {
            let rest = &sentence[first.len_utf8()..];
            format!("{}{rest}", first.to_lowercase())
        }
        _ => sentence.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_goes_on_after_what_it_is_about() {
        assert_eq!(line("", "No relay is configured."), "no relay is configured.");
        assert_eq!(line("", "A server runs."), "a server runs.");
        assert_eq!(line("gazette.example", "SPF is there."), "gazette.example: SPF is there.");
        assert_eq!(
            line("a.example", "Nothing says DMARC for a.example."),
            "nothing says DMARC for a.example."
        );
    }
}
