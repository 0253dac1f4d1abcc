//! What is left of the mail that was sent.

use crate::addresses;
use crate::headers::Headers;
use crate::mime::Part;
use crate::subjects::plain;

/// The fields of the mail that was sent, wherever they stand.
pub fn find(mail: &Part<'_>) -> Option<Headers> {
    const KINDS: &[&str] = &[
        "message/rfc822",
        "text/rfc822-headers",
        "message/rfc822-headers",
        "message/global",
        "message/global-headers",
        "text/rfc822",
        "message/partial",
    ];
    let leaves = mail.leaves();
    let part = leaves.iter().find(|part| KINDS.contains(&part.kind.as_str()))?;
    Some(in_text(&part.source())).filter(|headers| !headers.is_empty())
}

/// The fields at the beginning of a text; empty lines before them are skipped.
pub fn in_text(text: &str) -> Headers {
    let lines = text.trim_start_matches(['\n', ' ', '\t']);
    // Some return the mail indented or quoted.
    let quoted = lines.starts_with("> ") || lines.starts_with(">R");
    let plain;
    let lines = if quoted {
        plain =
            lines.lines().take(200).map(|line| line.trim_start_matches('>').trim_start()).collect::<Vec<_>>();
        plain.join("\n")
    } else {
        lines.to_owned()
    };
    Headers::read(lines.as_bytes()).0
}

/// Without angle brackets.
pub fn message_id(headers: &Headers) -> Option<String> {
    let value = headers.get("message-id")?;
    let inside = value.split('<').nth(1).and_then(|rest| rest.split('>').next()).unwrap_or(value).trim();
    Some(inside.to_owned()).filter(|id| !id.is_empty() && id.len() < 1000)
}

/// RFC 2919 3: the last thing in angle brackets.
pub fn list_id(headers: &Headers) -> Option<String> {
    let value = headers.get("list-id")?;
    let inside =
        value.rsplit_once('<').map_or(value, |(_, rest)| rest.split('>').next().unwrap_or(rest)).trim();
    Some(inside.to_owned()).filter(|id| !id.is_empty())
}

/// To whom it was sent, as far as one address can be told.
pub fn recipient(headers: &Headers) -> Option<String> {
    let names =
        ["x-hmxmroriginalrecipient", "x-original-to", "envelope-to", "x-envelope-to", "delivered-to", "to"];
    names.iter().find_map(|name| {
        let found = addresses::in_text(&headers.all(name).collect::<Vec<_>>().join(" "));
        found.into_iter().find(|address| !is_redacted(address))
    })
}

/// An address that a feedback loop made unreadable.
pub fn is_redacted(address: &str) -> bool {
    let local = address.split('@').next().unwrap_or_default().to_ascii_lowercase();
    local.contains("redacted")
        || local.contains("undisclosed")
        || (local.len() > 2 && local.chars().all(|c| c == 'x'))
}

/// Up to where the system speaks, and the mail that was sent after that.
pub fn split(text: &str) -> (&str, &str) {
    const MARKS: &[&str] = &[
        "below this line is a copy of the message",
        "a copy of the message follows",
        "a copy of your message follows",
        "this is a copy of the message",
        "this is a copy of your message",
        "this is a copy of the headers",
        "copy of the original message",
        "here is a copy of",
        "original message follows",
        "original message headers",
        "original message header",
        "original message ---",
        "--- original message",
        "original message:",
        "original message is attached",
        "original mail follows",
        "original email follows",
        "unsent message follows",
        "unsent message",
        "undelivered message follows",
        "returned message follows",
        "returned message -",
        "-- returned message",
        "returned mail follows",
        "message header follows",
        "message headers follow",
        "message header:",
        "headers of the original message",
        "header of the original message",
        "headers of your message",
        "header of your message",
        "message follows",
        "message as follows",
        "the body of your message",
        "the text of your message",
        "start of message",
        "begin message",
        "beginning of message",
        "first lines of your message",
        "lines of your message",
        "your message follows",
        "your original message",
        "mail header follows",
        "message d'origine",
        "message original",
        "en-têtes du message",
        "ursprüngliche nachricht",
        "originalnachricht",
        "kopfzeilen der nachricht",
        "mensaje original",
        "messaggio originale",
        "mensagem original",
        "oorspronkelijk bericht",
        "исходное сообщение",
        "текст письма",
        "заголовки письма",
        "元のメール",
        "元のメッセージ",
        "原邮件如下",
        "原邮件内容",
        "以下是原邮件",
        "原始邮件",
        "原信",
        "以下是您的",
    ];
    let mut at = 0;
    for (number, line) in text.split_inclusive('\n').enumerate() {
        let plain = plain(line);
        let words = plain.trim_matches(|letter: char| !letter.is_alphanumeric());
        let field = ["return-path:", "received:", "dkim-signature:", "x-original-to:", "arc-seal:"]
            .iter()
            .any(|name| plain.trim_start_matches(['>', ' ']).starts_with(name));
        if number > 0 && field {
            return (&text[..at], &text[at..]);
        }
        let marked = words.len() < 90
            && MARKS.iter().any(|mark| words.starts_with(mark.trim_matches(['-', ' ', ':'])));
        if number > 0 && marked {
            return (&text[..at], &text[at + line.len()..]);
        }
        at += line.len();
    }
    (text, "")
}
