//! Delivery status notifications (RFC 3464, RFC 6533).

use policy::answer::{Enhanced, Judgement, Reason, Weight, codes_in, judge, judge_coded};
use policy::returns::Action;

use crate::About;
use crate::addresses;
use crate::freeform;
use crate::headers::Headers;
use crate::mime::Part;
use crate::named::{named, near};
use crate::original;
use crate::subjects::plain;
use crate::transcript::{one_line, server_words, shorten, tidy, written};

/// More recipients are not read.
const MOST: usize = 500;

/// The fields about one recipient.
struct Group(Headers);

/// What a delivery status says of each recipient. None where the mail has no such part.
pub fn read(mail: &Part<'_>, sent: Option<&Headers>) -> Option<Vec<About>> {
    let leaves = mail.leaves();
    let sources: Vec<String> = leaves
        .iter()
        .filter(|part| {
            matches!(part.kind.as_str(), "message/delivery-status" | "message/global-delivery-status")
        })
        .map(|part| part.source())
        .collect();
    let report = mail.kind == "multipart/report"
        && mail
            .parameter("report-type")
            .is_none_or(|kind| kind.to_ascii_lowercase().contains("delivery-status"));
    let sources = if sources.is_empty() && report {
        // The type is often mangled on the way.
        let named = leaves.iter().skip(1).filter(|part| !part.kind.starts_with("message/rfc822"));
        named.map(|part| part.source()).filter(|source| has_fields(source)).take(1).collect()
    } else {
        sources
    };
    if sources.is_empty() {
        return None;
    }
    let human =
        leaves.iter().filter(|part| part.is_text()).map(|part| part.text()).next().unwrap_or_default();
    let human = original::split(freeform::cut(&human)).0.to_owned();
    let groups: Vec<Group> = sources.iter().flat_map(|source| groups(source)).take(MOST).collect();
    let alone = groups.len() == 1;
    let mut recipients: Vec<About> = Vec::new();
    for group in groups {
        let about = group.about(&human, sent, alone);
        let known =
            recipients.iter_mut().find(|known| known.address.is_some() && known.address == about.address);
        match known {
            // The same address twice: what went wrong counts.
            Some(known) if known.action == Action::None => *known = about,
            Some(_) => {}
            None => recipients.push(about),
        }
    }
    Some(recipients)
}

/// The same fields in the middle of a text, from servers that do not wrap them up.
pub fn in_text(text: &str, sent: Option<&Headers>) -> Vec<About> {
    if !has_fields(text) {
        return Vec::new();
    }
    let start = text.to_ascii_lowercase().find("final-recipient:").unwrap_or_default();
    let human = &text[..start];
    groups(&text[start..]).iter().map(|group| group.about(human, sent, true)).collect()
}

fn has_fields(source: &str) -> bool {
    let source = source.to_ascii_lowercase();
    source.contains("final-recipient:") && (source.contains("action:") || source.contains("status:"))
}

/// RFC 3464 2.1: groups of fields, parted by empty lines; the first is about the mail. Some forget the empty lines.
fn groups(source: &str) -> Vec<Group> {
    let mut groups = Vec::new();
    let mut lines: Vec<&str> = Vec::new();
    let mut named = false;
    for line in source.lines().chain([""]) {
        let starts = starts_with_ignoring_case(line, "final-recipient:");
        if line.trim().is_empty() || (starts && named) {
            groups.push(Group(Headers::read(lines.join("\n").as_bytes()).0));
            lines.clear();
            named = false;
        }
        named |= starts;
        if !line.trim().is_empty() {
            lines.push(line);
        }
    }
    groups.retain(|group| {
        let about = ["final-recipient", "original-recipient", "x-actual-recipient", "action", "status"];
        about.iter().any(|name| group.0.has(name))
    });
    groups
}

fn starts_with_ignoring_case(line: &str, start: &str) -> bool {
    line.get(..start.len()).is_some_and(|begin| begin.eq_ignore_ascii_case(start))
}

impl Group {
    fn about(&self, human: &str, sent: Option<&Headers>, alone: bool) -> About {
        let (address, original) = self.addresses(human, sent);
        let status = self.0.get("status").and_then(|status| codes_in(status).1);
        let diagnostic = self.diagnostic();
        let near = match &address {
            Some(address) if !alone => near(human, address),
            _ => human.to_owned(),
        };
        let words = diagnostic.clone().or_else(|| server_words(&near));
        let said = words.as_deref().and_then(|words| codes_in(words).1);
        let (action, reason) = match self.action(status) {
            Told::Failed => {
                let reason = why(diagnostic.as_deref(), status, &near);
                (reason.action(), reason.as_str())
            }
            Told::Delayed => {
                let reason = why(diagnostic.as_deref(), status, &near);
                (Action::Retry, if reason == Reason::Unclear { "delayed" } else { reason.as_str() })
            }
            Told::Well(reason) => (Action::None, reason),
        };
        let status = match (said, status) {
            (Some(said), Some(status)) if is_vague(said) && !is_vague(status) => Some(status),
            (Some(said), _) if said.0 != 2 => Some(said),
            (_, status) => status,
        };
        About { address, original, action, reason, status: status.map(written), reply: words }
    }

    /// The last recipient is whom the server spoke of; where that is only a name on its own machine, the one that
    /// the mail was sent to.
    fn addresses(&self, human: &str, sent: Option<&Headers>) -> (Option<String>, Option<String>) {
        let read = |name| self.0.get(name).and_then(addresses::typed);
        let (last, first) = (read("final-recipient"), read("original-recipient"));
        let actual = read("x-actual-recipient");
        let public = |address: &Option<String>| address.as_deref().is_some_and(addresses::is_public);
        let shown = [&last, &first, &actual].into_iter().find(|address| public(address)).cloned().flatten();
        let shown = shown
            .or_else(|| named(human).into_iter().find(|address| addresses::is_public(address)))
            .or_else(|| sent.and_then(original::recipient).filter(|_| last.is_none()))
            .or(last);
        let other = first.filter(|first| shown.as_ref().is_none_or(|shown| !addresses::same(shown, first)));
        (shown, other)
    }

    /// RFC 3464 2.3.6, without the type before the words.
    fn diagnostic(&self) -> Option<String> {
        let fields = ["diagnostic-code", "x-supplementary-info", "x-notes-diagnostic", "x-diagnostic-code"];
        let values = fields.iter().flat_map(|name| self.0.all(name));
        let value = values.map(one_line).find(|value| value.len() > 2)?;
        let words = match value.split_once(';') {
            Some((kind, rest)) if kind.len() < 20 && !kind.contains(' ') => rest.trim(),
            _ => value.as_str(),
        };
        // A gateway that wraps another's field.
        let words = words.strip_prefix("smtp;").or_else(|| words.strip_prefix("SMTP;")).unwrap_or(words);
        Some(shorten(tidy(words))).filter(|words| !words.is_empty())
    }

    /// RFC 3464 2.3.3.
    fn action(&self, status: Option<Enhanced>) -> Told {
        let action =
            self.0.get("action").unwrap_or_default().trim_matches(['"', ' ', '<', '>']).to_ascii_lowercase();
        let word = action.split([' ', '(', ';']).next().unwrap_or_default();
        match word {
            "delayed" | "delay" | "warning" | "transient" | "deferred" => Told::Delayed,
            "delivered" | "delivery" => Told::Well("delivered"),
            "relayed" => Told::Well("relayed"),
            "expanded" => Told::Well("expanded"),
            _ => match status {
                Some((2, ..)) => Told::Well("delivered"),
                _ => Told::Failed,
            },
        }
    }
}

enum Told {
    Failed,
    Delayed,
    Well(&'static str),
}

/// `5.0.0` and its like say only that it failed.
fn is_vague((_, subject, detail): Enhanced) -> bool {
    matches!((subject, detail), (0, _) | (_, 0)) || (subject, detail) == (7, 1)
}

/// Why: first by the server's own words, then by the code of whoever wrote the notice, then by its prose.
fn why(diagnostic: Option<&str>, status: Option<Enhanced>, human: &str) -> Reason {
    let mut best: Option<Judgement> = None;
    let mut settled = |judgement: Option<Judgement>, least: Weight| {
        if let Some(judgement) = judgement {
            if best.is_none_or(|best| judgement.weight > best.weight) {
                best = Some(judgement);
            }
            return judgement.weight >= least;
        }
        false
    };
    let words = diagnostic.map(str::to_owned).or_else(|| server_words(human));
    let own = words.as_deref().and_then(judge);
    let _ = settled(own, Weight::Code)
        || settled(status.and_then(|status| judge_coded(None, Some(status), "")), Weight::Code)
        || settled(freeform::prose(human), Weight::Words);
    let reason = best.map_or(Reason::Unclear, |judgement| judgement.reason);
    // The prose tells to what the words were the answer; the field does not.
    let before_the_reader =
        reason.action() == Action::Suppress && plain(human).contains("in reply to mail from");
    if before_the_reader { Reason::Sender } else { reason }
}
