//! Complaints: RFC 5965 and what was sent before it.

use policy::returns::Action;

use crate::addresses;
use crate::headers::Headers;
use crate::mime::Part;
use crate::original::{self, is_redacted};
use crate::subjects::plain;
use crate::{About, Kind};

/// A complaint, or a report in its form that is none.
pub fn read(mail: &Part<'_>, subject: &str, sent: Option<&Headers>) -> Option<(Kind, Vec<About>)> {
    let report = report(mail);
    let (kind, action, reason) = match &report {
        Some(report) => means(report.get("feedback-type").unwrap_or("abuse")),
        None if is_old_form(subject, mail, sent) => (Kind::Complaint, Action::Complaint, "complaint"),
        None => return None,
    };
    let mut found: Vec<String> = Vec::new();
    for name in ["original-rcpt-to", "removal-recipient", "x-original-rcpt-to"] {
        for value in report.iter().flat_map(|report| report.all(name)) {
            let address = addresses::typed(value).filter(|address| !is_redacted(address));
            found
                .extend(address.filter(|address| !found.iter().any(|known| addresses::same(known, address))));
        }
        if !found.is_empty() {
            break;
        }
    }
    if found.is_empty() {
        found.extend(sent.and_then(original::recipient));
    }
    let about = |address| About { address, original: None, action, reason, status: None, reply: None };
    let mut recipients: Vec<About> = found.into_iter().map(|address| about(Some(address))).collect();
    if recipients.is_empty() {
        recipients.push(about(None));
    }
    Some((kind, recipients))
}

/// RFC 5965 3.1: `message/feedback-report`; a few send it as text.
fn report(mail: &Part<'_>) -> Option<Headers> {
    let wants = mail.kind == "multipart/report"
        && mail.parameter("report-type").is_some_and(|kind| kind.eq_ignore_ascii_case("feedback-report"));
    let leaves = mail.leaves();
    let part = leaves.iter().find(|part| part.kind == "message/feedback-report").or_else(|| {
        leaves
            .iter()
            .filter(|_| wants)
            .find(|part| part.is_text() && plain(&part.source()).contains("feedback-type:"))
    });
    match part {
        Some(part) => {
            // A blank line splits the fields now and then.
            let lines: Vec<String> =
                part.source().lines().filter(|line| !line.trim().is_empty()).map(str::to_owned).collect();
            let start = lines.iter().position(|line| line.contains(':')).unwrap_or_default();
            Some(Headers::read(lines[start.min(lines.len())..].join("\n").as_bytes()).0)
        }
        None => wants.then(Headers::default),
    }
}

/// RFC 5965 7.3 and 3.1; RFC 6591 (auth-failure), RFC 6430 (not-spam).
fn means(kind: &str) -> (Kind, Action, &'static str) {
    match kind.trim().to_ascii_lowercase().as_str() {
        "not-spam" => (Kind::AutoReply, Action::None, "not_spam"),
        "auth-failure" | "dmarc" | "dkim" | "spf" => (Kind::Bounce, Action::Trouble, "authentication"),
        _ => (Kind::Complaint, Action::Complaint, "complaint"),
    }
}

/// Microsoft's JMRP and AOL before RFC 5965: the mail that was complained about hangs on it, and the subject says so.
fn is_old_form(subject: &str, mail: &Part<'_>, sent: Option<&Headers>) -> bool {
    let subject = plain(subject);
    // SpamCop sends the mail as text below its own words.
    if subject.starts_with("[spamcop (") {
        return true;
    }
    let Some(sent) = sent else { return false };
    if sent.has("x-hmxmroriginalrecipient") {
        return true;
    }
    let says =
        ["complaint about message from", "email feedback report for ip", "abuse complaint", "feedback loop:"]
            .iter()
            .any(|words| subject.starts_with(words));
    says && mail.leaves().iter().any(|part| part.kind == "message/rfc822")
}
