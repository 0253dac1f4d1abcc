//! Whom a notice names, and which of its lines are about whom.

use crate::addresses;
use crate::subjects::plain;

/// More recipients are not read.
const MOST: usize = 200;
/// More lines are not read.
const LINES: usize = 2000;

/// The addresses that a notice presents as recipients: at the beginning of a line, or after a label.
pub fn named(said: &str) -> Vec<String> {
    let mut found: Vec<String> = Vec::new();
    for line in said.lines().take(LINES) {
        if let Some(address) = presented(line)
            && !found.iter().any(|known| addresses::same(known, &address))
        {
            found.push(address);
        }
        if found.len() >= MOST {
            break;
        }
    }
    found
}

fn presented(line: &str) -> Option<String> {
    const LABELS: &[&str] = &[
        "recipient",
        "recipient address",
        "recipient(s)",
        "recipients",
        "failed recipient",
        "failed recipients",
        "failed address",
        "failed addresses",
        "failed to deliver to",
        "final-recipient",
        "original-recipient",
        "intended recipient",
        "invalid recipient",
        "unknown recipient",
        "unknown user",
        "unknown host",
        "user unknown",
        "invalid final delivery userid",
        "user mailbox exceeds allowed size",
        "undeliverable address",
        "undeliverable to",
        "delivery failed",
        "could not deliver to",
        "delivery to",
        "message to",
        "mail to",
        "sent to",
        "addressee",
        "address",
        "e-mail address",
        "email address",
        "email",
        "rcpt to",
        "to",
        "for",
        "user",
        "mailbox",
        "account",
        "destinataire",
        "destinataires",
        "adresse",
        "à",
        "empfänger",
        "empfängeradresse",
        "an",
        "destinatario",
        "destinatarios",
        "destinatari",
        "destinatário",
        "para",
        "ontvanger",
        "aan",
        "odbiorca",
        "adresat",
        "do",
        "получатель",
        "адресат",
        "кому",
        "宛先",
        "あて先",
        "送信先",
        "收件人",
        "收件人地址",
        "收信人",
        "收件者",
        "수신자",
        "받는 사람",
    ];
    let line = line.trim().trim_start_matches(['*', '-', '•', '·', '>', '|']).trim_start();
    let first = line.split_whitespace().next()?;
    if first.contains('@') {
        let bare = first.split("...").next().unwrap_or(first);
        if let Some(address) =
            addresses::address(bare).or_else(|| addresses::in_text(bare).into_iter().next())
        {
            return Some(address);
        }
    }
    let (label, rest) = line.split_once([':', '：'])?;
    let label = plain(label);
    let label = label.trim().trim_start_matches(">>> ").trim_start_matches("--> ");
    let labelled = LABELS.contains(&label)
        || label.ends_with("delivery failed 20 attempts")
        || label.ends_with("attempts");
    if !labelled {
        return None;
    }
    addresses::in_text(rest).into_iter().next()
}

/// The lines that belong to one recipient among several: from where it is presented up to the next, and every other
/// paragraph that names it.
pub fn near(said: &str, address: &str) -> String {
    let mut near = String::new();
    let mut inside = false;
    for line in said.lines().take(LINES) {
        match presented(line) {
            Some(other) => inside = addresses::same(&other, address),
            None if line.to_lowercase().contains(&address.to_lowercase()) => {
                near.push_str(line);
                near.push('\n');
                continue;
            }
            None => {}
        }
        if inside {
            near.push_str(line);
            near.push('\n');
        }
    }
    near
}
