//! Sending an edition.

use audience::Audience;
use clap::Args;
use dispatch::{Dispatch, Estimate, Kind, Timing};
use editions::Edition;
use instance::Instance;
use publications::Publication;

use super::edition::found;
use crate::failure::Failure;
use crate::sending::{self, moment};
use crate::settings::Settings;
use crate::{open, words};

/// Send an edition; prints the number of the dispatch.
#[derive(Debug, Args)]
pub struct Send {
    /// The edition
    slug: String,
    /// When: 2026-11-26T07:30 in the publication's zone, an RFC 3339 moment, or +2h [default: now]
    #[arg(long, value_name = "TIME", allow_hyphen_values = true)]
    at: Option<String>,
    /// Spread it evenly over this time, such as 4h or 90m
    #[arg(long, value_name = "SPAN")]
    over: Option<String>,
    /// At the hour of --at where each reader lives; readers without a time zone: the publication's
    #[arg(long, requires = "at", conflicts_with = "over")]
    local_time: bool,
    /// To whom: a segment, or one address as a test [default: everyone]
    #[arg(long, value_name = "SEGMENT|ADDRESS")]
    to: Option<String>,
    /// Wait for the end; exit code 0 only when no reader is left waiting
    #[arg(long)]
    wait: bool,
    /// Its publication, where several have an edition of that slug
    #[arg(long)]
    publication: Option<String>,
}

impl Send {
    /// Does it.
    pub async fn run(self, settings: &Settings) -> Result<(), Failure> {
        let (instance, publication, edition) =
            found(settings, &self.slug, self.publication.as_deref()).await?;
        let at = self
            .at
            .as_deref()
            .map(|text| moment::read(text, &publication.zone(), instance.now()))
            .transpose();
        let at = at.map_err(|sentence| Failure::input(format!("--at: {sentence}")))?;
        let over = self.over.as_deref().map(moment::span).transpose();
        let over = over.map_err(|sentence| Failure::input(format!("--over: {sentence}")))?;
        let timing = Timing { at, over: over.unwrap_or_default(), local: self.local_time };
        let Ok(audience) = self.to.as_deref().unwrap_or_default().parse::<Audience>();
        let made = ask(&instance, &publication, &edition, &audience, timing).await?;
        println!("{}", made.id);
        if made.scheduled_at > instance.now_us() {
            eprintln!("It leaves on {}.", words::moment_in(made.scheduled_at, &publication.zone()));
        }
        if open::is_served(&instance).await? {
            if self.wait { sending::watch(&instance, made.id).await } else { Ok(()) }
        } else if self.wait || made.scheduled_at <= instance.now_us() {
            sending::send_here(&instance, made.id, self.wait).await
        } else {
            eprintln!("Nobody would send it then: start `soucoupe serve` before.");
            Ok(())
        }
    }
}

async fn ask(
    instance: &Instance,
    publication: &Publication,
    edition: &Edition,
    audience: &Audience,
    timing: Timing,
) -> Result<Dispatch, Failure> {
    if let Audience::Address(address) = audience {
        if timing != Timing::default() {
            return Err(Failure::input(
                "a test to one address leaves at once: take --at, --over and --local-time away",
            ));
        }
        return Ok(dispatch::create_test(instance, publication, edition, address).await?);
    }
    // Asked before anything is made, so that an unknown segment or an empty audience changes nothing.
    let estimate = dispatch::estimate(instance, publication, edition.id, audience, Kind::Edition).await?;
    let made = dispatch::create_timed(instance, publication, edition, audience, timing).await?;
    eprintln!("{}", told(&estimate));
    Ok(made)
}

/// The exact number, and who is left out and why.
fn told(estimate: &Estimate) -> String {
    let mut sentence = format!("To {}", words::readers(estimate.readers));
    if !estimate.left_out.is_empty() {
        let reasons: Vec<String> = estimate
            .left_out
            .iter()
            .map(|(reason, readers)| format!("{} {}", words::number(*readers), why(reason)))
            .collect();
        sentence.push_str(&format!("; left out: {}", reasons.join(", ")));
    }
    sentence.push('.');
    sentence
}

fn why(reason: &str) -> &str {
    match reason {
        "pending" => "not confirmed",
        "paused" => "paused",
        "ended" => "unsubscribed",
        "suppressed" => "suppressed",
        "already" => "who have it already",
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_author_is_told_who_gets_it_and_who_does_not() {
        let estimate = Estimate { readers: 1, left_out: vec![("paused".into(), 2), ("already".into(), 1)] };
        let sentence = told(&estimate);
        assert!(sentence.contains("left out: 2 paused, 1 who have it already."), "{sentence}");
    }
}
