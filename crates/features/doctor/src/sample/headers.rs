//! The headers of a letter, as the large receivers ask for them.

use super::Sample;
use crate::bag::is_local;
use crate::model::{Area, Finding, Level};

/// Looks at the message itself, not at what we meant to write.
pub(crate) fn look(sample: &Sample, about: &str) -> Vec<Finding> {
    if let Some(fault) = &sample.fault {
        let finding = Finding::new(Area::Letter, about, "message", Level::Bad, "message-fault");
        return vec![finding.with("fault", fault.as_str())];
    }
    let head = Head::read(&sample.message);
    vec![
        which(sample, about),
        from(sample, &head, about),
        one_click(sample, &head, about),
        signed(&head, about),
        list(&head, about),
        dated(sample, &head, about),
    ]
}

/// The fields of a message, unfolded.
#[derive(Debug, Default)]
pub(crate) struct Head(Vec<(String, String)>);

impl Head {
    /// Reads up to the first empty line. RFC 5322 2.2.3: a line end before white space belongs to the fold.
    pub(crate) fn read(message: &[u8]) -> Head {
        let text = String::from_utf8_lossy(message);
        let head = text.split("\r\n\r\n").next().unwrap_or_default();
        let mut fields: Vec<(String, String)> = Vec::new();
        for line in head.split("\r\n") {
            if line.starts_with([' ', '\t']) {
                if let Some((_, value)) = fields.last_mut() {
                    value.push_str(line);
                }
            } else if let Some((name, value)) = line.split_once(':') {
                fields.push((name.trim().to_ascii_lowercase(), value.trim().to_owned()));
            }
        }
        Head(fields)
    }

    /// The values of a field.
    pub(crate) fn all(&self, name: &str) -> Vec<&str> {
        self.0.iter().filter(|(known, _)| known == name).map(|(_, value)| value.as_str()).collect()
    }

    /// The value of a field that may stand once.
    pub(crate) fn one(&self, name: &str) -> Option<&str> {
        match self.all(name).as_slice() {
            [value] => Some(value),
            _ => None,
        }
    }

    /// A tag of the signature (RFC 6376 3.5).
    fn tag(&self, name: &str) -> Option<String> {
        let signature = self.one("dkim-signature")?;
        signature.split(';').find_map(|part| {
            let (key, value) = part.split_once('=')?;
            (key.trim() == name).then(|| value.split_whitespace().collect())
        })
    }

    /// Whether the signature covers a field.
    fn covers(&self, name: &str) -> bool {
        self.tag("h").is_some_and(|names| names.split(':').any(|signed| signed.eq_ignore_ascii_case(name)))
    }
}

fn finding(about: &str, name: &'static str, level: Level, what: &'static str) -> Finding {
    Finding::new(Area::Letter, about, name, level, what)
}

fn which(sample: &Sample, about: &str) -> Finding {
    match sample.edition.as_deref() {
        Some("") => finding(about, "sample", Level::Ok, "sample-untitled"),
        Some(title) => finding(about, "sample", Level::Ok, "sample-edition").with("title", title),
        None => finding(about, "sample", Level::Ok, "sample-own"),
    }
}

/// RFC 5322 3.6.2: one From; DMARC wants one mailbox in it, of the domain that is signed for.
fn from(sample: &Sample, head: &Head, about: &str) -> Finding {
    let Some(value) = head.one("from") else { return finding(about, "from", Level::Bad, "from-many") };
    let address = value.rsplit('<').next().unwrap_or(value).trim_end_matches('>');
    let domain = address.rsplit('@').next().unwrap_or_default().to_ascii_lowercase();
    let told = |level, what| {
        finding(about, "from", level, what).with("from", address).with("domain", domain.as_str())
    };
    if domain != sample.sender {
        return told(Level::Bad, "from-foreign");
    }
    if head.one("reply-to").is_none() {
        // Outlook asks for an address that is really read.
        return told(Level::Warn, "reply-to-none");
    }
    told(Level::Ok, "from")
}

/// RFC 8058 3.1: one https URI, and the field that says that a POST is enough.
fn one_click(sample: &Sample, head: &Head, about: &str) -> Finding {
    let told = |level, what| finding(about, "one_click", level, what);
    let addresses = head.one("list-unsubscribe").map(bracketed).unwrap_or_default();
    let web: Vec<&str> = addresses.iter().map(String::as_str).filter(|url| url.starts_with("http")).collect();
    let pair = head.one("list-unsubscribe-post") == Some("List-Unsubscribe=One-Click");
    match web.as_slice() {
        [url] if pair && url.starts_with("https://") => told(Level::Ok, "one-click"),
        [url] if pair => {
            let level = if is_local(&sample.base_url) { Level::Warn } else { Level::Bad };
            told(level, "one-click-plain").with("url", url.split("/r/").next().unwrap_or(url))
        }
        _ => told(Level::Bad, "one-click-none"),
    }
}

/// RFC 8058 4: both fields stand under a valid signature.
fn signed(head: &Head, about: &str) -> Finding {
    let told = |level, what| finding(about, "signature", level, what);
    let Some(domain) = head.tag("d") else { return told(Level::Warn, "signature-none") };
    let wanted =
        ["from", "subject", "date", "message-id", "list-unsubscribe", "list-unsubscribe-post", "feedback-id"];
    let open: Vec<&str> = wanted.into_iter().filter(|name| !head.covers(name)).collect();
    if open.is_empty() {
        told(Level::Ok, "signature").with("domain", domain)
    } else {
        told(Level::Bad, "signature-open").with("domain", domain).with("fields", open.join(", "))
    }
}

/// RFC 2919 3, and the field by which Gmail counts complaints.
fn list(head: &Head, about: &str) -> Finding {
    let id = head.one("list-id").map(bracketed).and_then(|ids| ids.into_iter().next());
    let feedback = head.one("feedback-id").filter(|value| value.split(':').count() == 4);
    match (id, feedback) {
        (Some(id), Some(feedback)) => {
            finding(about, "list_id", Level::Ok, "list-id").with("id", id).with("feedback", feedback)
        }
        _ => finding(about, "list_id", Level::Bad, "list-id-none"),
    }
}

/// RFC 5322 3.6.1 and 3.6.4: one Date; a Message-ID on a domain of ours.
fn dated(sample: &Sample, head: &Head, about: &str) -> Finding {
    let id = head.one("message-id").map(bracketed).and_then(|ids| ids.into_iter().next()).unwrap_or_default();
    let domain = id.rsplit('@').next().unwrap_or_default().to_owned();
    let told = |level, what| finding(about, "message_id", level, what).with("domain", domain.as_str());
    if head.one("date").is_none() || domain.is_empty() {
        told(Level::Bad, "message-id-none")
    } else if domain == "localhost" {
        told(Level::Warn, "message-id-local")
    } else {
        told(Level::Ok, "message-id").with("path", sample.return_path.rsplit('@').next().unwrap_or_default())
    }
}

/// What stands between angle brackets.
fn bracketed(value: &str) -> Vec<String> {
    value
        .split('<')
        .skip(1)
        .filter_map(|part| part.split_once('>'))
        .map(|(inside, _)| inside.split_whitespace().collect())
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const SIGNED: &str = "DKIM-Signature: v=1; a=rsa-sha256; d=gazette.example;\r\n\ts=a; h=from:from:subject:date:\r\n\t \
        message-id:list-unsubscribe:list-unsubscribe-post:feedback-id; bh=x; b=y\r\n";
    const HEAD: &str = "From: Ada <ada@gazette.example>\r\nReply-To: Ada <ada@gazette.example>\r\nSubject: x\r\n\
        Date: Mon, 23 Nov 2026 08:30:00 +0000\r\nMessage-ID: <abc@letters.example>\r\n\
        List-Id: \"La Gazette\" <gazette.letters.example>\r\n\
        List-Unsubscribe: <https://letters.example/r/unsubscribe/t>,\r\n <mailto:unsub+t@letters.example>\r\n\
        List-Unsubscribe-Post: List-Unsubscribe=One-Click\r\nFeedback-ID: e1:edition:gazette:soucoupe1\r\n\r\nbody";

    fn seen(message: String) -> Vec<(&'static str, Level)> {
        let sample = Sample {
            message: message.into_bytes(),
            sender: "gazette.example".to_owned(),
            base_url: "https://letters.example".to_owned(),
            return_path: "b+t@letters.example".to_owned(),
            ..Sample::default()
        };
        look(&sample, "gazette").into_iter().skip(1).map(|finding| (finding.name, finding.level)).collect()
    }

    #[test]
    fn a_letter_with_every_header_is_well() {
        assert!(seen(format!("{SIGNED}{HEAD}")).iter().all(|(_, level)| *level == Level::Ok));
    }

    #[test]
    fn each_header_that_is_missing_or_wrong_is_named() {
        let check = |from: &str, to: &str, name: &str, level: Level| {
            let message = format!("{SIGNED}{HEAD}");
            assert!(message.contains(from), "{from}");
            let wrong: Vec<_> = seen(message.replace(from, to))
                .into_iter()
                .filter(|(_, level)| *level != Level::Ok)
                .collect();
            assert_eq!(wrong, [(name, level)], "{from}");
        };
        check("From: Ada <ada@gazette.example>", "From: Ada <ada@gmail.com>", "from", Level::Bad);
        check("Reply-To: Ada <ada@gazette.example>\r\n", "", "from", Level::Warn);
        check("List-Unsubscribe-Post: List-Unsubscribe=One-Click\r\n", "", "one_click", Level::Bad);
        check(
            "<https://letters.example/r/unsubscribe/t>,",
            "<http://letters.example/r/t>,",
            "one_click",
            Level::Bad,
        );
        check("list-unsubscribe:list-unsubscribe-post:", "list-unsubscribe:", "signature", Level::Bad);
        check("List-Id: \"La Gazette\" <gazette.letters.example>\r\n", "", "list_id", Level::Bad);
        check("Feedback-ID: e1:edition", "Feedback-ID: edition", "list_id", Level::Bad);
        check("<abc@letters.example>", "<abc@localhost>", "message_id", Level::Warn);
        check("Date: Mon, 23 Nov 2026 08:30:00 +0000\r\n", "", "message_id", Level::Bad);
        check(SIGNED, "", "signature", Level::Warn);
    }
}
