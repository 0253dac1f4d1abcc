//! Machines that answer for people (RFC 3834), receipts (RFC 8098) and reports that nobody reads.

use policy::returns::Action;

use crate::About;
use crate::addresses;
use crate::headers::{Headers, parameters};
use crate::mime::Part;
use crate::subjects::{self, one_of, plain};

/// How much of a text is looked at.
const OPENING: usize = 1500;

/// A receipt or a report of another kind: it names no trouble and asks for nothing.
pub fn receipt(mail: &Part<'_>, subject: &str) -> Option<About> {
    let about = |reason, address| About {
        address,
        original: None,
        action: Action::None,
        reason,
        status: None,
        reply: None,
    };
    let report = mail
        .parameter("report-type")
        .filter(|_| mail.kind == "multipart/report")
        .map(str::to_ascii_lowercase);
    let leaves = mail.leaves();
    // RFC 8098 3.2: read, deleted, displayed.
    let disposition = leaves.iter().find(|part| {
        matches!(
            part.kind.as_str(),
            "message/disposition-notification" | "message/global-disposition-notification"
        )
    });
    if let Some(part) = disposition {
        let fields = Headers::read(part.source().as_bytes()).0;
        return Some(about("receipt", fields.get("final-recipient").and_then(addresses::typed)));
    }
    match report.as_deref() {
        Some("disposition-notification") => return Some(about("receipt", None)),
        Some("tlsrpt") => return Some(about("report", None)),
        _ => {}
    }
    // RFC 9990 and RFC 8460: aggregate reports come as files.
    let packed = leaves.iter().any(|part| {
        let name = part.parameter("filename").or_else(|| part.parameter("name")).unwrap_or_default();
        let name = name.to_ascii_lowercase();
        part.kind.contains("gzip")
            || part.kind.contains("zip")
            || part.kind.contains("tlsrpt")
            || name.contains('!')
    });
    let subject = plain(subject);
    let titled = subject.contains("report domain:")
        || subject.contains("dmarc aggregate")
        || subject.contains("tls-rpt");
    (titled && (packed || subject.contains("submitter:"))).then(|| about("report", None))
}

/// An automatic answer. None where a person may have written.
pub fn read(mail: &Part<'_>, subject: &str) -> Option<About> {
    let headers = &mail.headers;
    let subject = plain(subject);
    let text = mail.readable();
    let opening: String = text.chars().take(OPENING).collect();
    let opening = plain(&opening);
    let challenge = is_challenge(headers, &subject, &opening);
    let titled = subjects::AUTOMATIC.iter().any(|words| subject.starts_with(words));
    let marked = is_marked(headers);
    let of_a_list = headers.has("list-unsubscribe") || headers.has("list-id") || headers.has("list-post");
    let after_mark = subject.split_once([':', '：']).map(|(_, rest)| rest.trim()).unwrap_or_default();
    let titled_after =
        subjects::answers(&subject) && subjects::AUTOMATIC.iter().any(|words| after_mark.starts_with(words));
    let absent = one_of(&opening, subjects::ABSENT) || one_of(&subject, subjects::ABSENT);
    let from_nobody =
        headers.get("return-path").is_some_and(|path| path.trim_matches(['<', '>', ' ']).is_empty());
    let bulk = headers
        .get("precedence")
        .is_some_and(|value| matches!(value.trim().to_ascii_lowercase().as_str(), "bulk" | "junk" | "list"));
    let generated =
        submitted(headers).is_some_and(|kind| kind == "auto-generated" || kind == "auto-notified");
    let is_answer = (challenge && !of_a_list)
        || marked
        || (titled && !of_a_list)
        || ((from_nobody || bulk || generated) && (absent || titled_after) && !of_a_list)
        || (generated && (from_nobody || bulk || headers.has("in-reply-to")) && !of_a_list);
    is_answer.then(|| About {
        address: headers.get("from").and_then(addresses::mailbox).map(|(_, address)| address),
        original: None,
        action: Action::AutoReply,
        reason: if challenge { "challenge" } else { "vacation" },
        status: None,
        reply: None,
    })
}

/// RFC 3834 5.
fn submitted(headers: &Headers) -> Option<String> {
    headers
        .get("auto-submitted")
        .or_else(|| headers.get("autosubmitted"))
        .map(|value| parameters(value).0)
        .map(|value| value.split([' ', '(']).next().unwrap_or_default().to_owned())
}

/// Headers that say so. X-Auto-Response-Suppress is none of them: it stands in mail that wants no answer.
fn is_marked(headers: &Headers) -> bool {
    const FIELDS: &[&str] = &[
        "x-autoreply",
        "x-auto-reply",
        "x-autoreply-from",
        "x-auto-reply-from",
        "x-autorespond",
        "x-autoresponder",
        "x-mail-autoreply",
        "x-autoreply-domain",
        "x-away",
        "x-vacation",
        "x-vacation-reply",
        "autoresponder",
        "x-qq-auto-reply",
        "x-mailautoreply",
    ];
    let yes = |value: &str| !matches!(value.trim().to_ascii_lowercase().as_str(), "no" | "false" | "0" | "");
    let said = |name: &str, words: &[&str]| {
        headers.all(name).any(|value| words.contains(&value.trim().to_ascii_lowercase().as_str()))
    };
    let answers = ["auto_reply", "auto-reply", "autoreply", "auto reply"];
    submitted(headers).is_some_and(|kind| kind.starts_with("auto-repl"))
        || FIELDS.iter().any(|name| headers.get(name).is_some_and(yes))
        || said("precedence", &answers)
        || said("x-precedence", &answers)
        || said("preference", &answers)
        || said("x-autogenerated", &["reply", "forward", "group"])
        || said("x-post-messageclass", &["9; autoresponder", "9"])
        || said("delivered-to", &["autoresponder"])
        || headers.get("x-mailer").is_some_and(|mailer| mailer.to_ascii_lowercase().contains("vacation"))
        || headers.get("x-loop").is_some_and(|value| value.to_ascii_lowercase().contains("vacation"))
}

fn is_challenge(headers: &Headers, subject: &str, opening: &str) -> bool {
    let fields =
        ["x-tmda-fingerprint", "x-delivery-agent-tmda", "x-spamarrest-id", "x-boxbe", "x-choicemail"];
    let from = headers.get("from").map(plain).unwrap_or_default();
    fields.iter().any(|name| headers.has(name))
        || ["spamarrest", "boxbe.com", "mailinblack", "bluebottle"].iter().any(|name| from.contains(name))
        || opening.contains("spamarrest.com/")
        || (one_of(subject, subjects::CHALLENGE) && one_of(opening, subjects::CHALLENGE))
}
