//! From a server's words and codes to a reason.
//!
//! Words that can mean one thing only come first: the same `5.1.1` is said of a dead mailbox, of a block list and of
//! a full disk, and `5.7.1` of everything. Then the code, where it says something; then words that are only a hint;
//! then what a code of its kind mostly means.

use super::codes::{Enhanced, codes_in};
use super::phrases::*;
use super::reason::Reason::{self, *};
use super::words::Words;
use crate::returns::Action;

/// How sure a judgement is, from the least.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Weight {
    /// What such a code mostly means.
    Vague,
    /// A word that is a hint.
    Hint,
    /// A code that says something of its own.
    Code,
    /// Words that mean one thing.
    Words,
}

/// Why a mail was refused, and how sure that is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Judgement {
    /// Why.
    pub reason: Reason,
    /// How sure.
    pub weight: Weight,
}

/// Why a server refused a mail, by its words and the codes in them. None where nothing can be understood.
pub fn judge(text: &str) -> Option<Judgement> {
    let (code, enhanced) = codes_in(text);
    judge_coded(code, enhanced, text)
}

/// The same with codes that are known from elsewhere. Hostile text is looked at and nothing more.
pub fn judge_coded(code: Option<u16>, enhanced: Option<Enhanced>, text: &str) -> Option<Judgement> {
    by_all(code, enhanced, &Words::new(text))
}

pub(super) fn by_all(code: Option<u16>, enhanced: Option<Enhanced>, words: &Words) -> Option<Judgement> {
    let lasting = code.map_or(enhanced.is_none_or(|(class, ..)| class != 4), |code| code >= 500);
    let judged = |weight| move |reason| Judgement { reason, weight };
    let judgement = by_words(words)
        .map(judged(Weight::Words))
        .or_else(|| {
            enhanced.and_then(by_enhanced).or_else(|| code.and_then(by_basic)).map(judged(Weight::Code))
        })
        .or_else(|| by_hints(words, lasting).map(judged(Weight::Hint)))
        .or_else(|| {
            let vague = enhanced.and_then(|enhanced| vaguely(enhanced, words));
            vague.or_else(|| code.and_then(vaguely_basic)).map(judged(Weight::Vague))
        });
    match judgement {
        // Whoever refuses MAIL FROM has heard of no reader yet (RFC 5321 3.3).
        Some(Judgement { reason, .. })
            if reason.action() == Action::Suppress && words.has_one_of(BEFORE_THE_READER) =>
        {
            Some(Judgement { reason: Sender, weight: Weight::Words })
        }
        judgement => judgement,
    }
}

/// How Postfix and Exim say to what a server's words were the answer.
const BEFORE_THE_READER: &[&str] = &[
    "in reply to mail from",
    "after mail from",
    "for mail from command",
    "in reply to ehlo",
    "in reply to helo",
    "after ehlo",
    "after helo",
    "after initial connection",
    "refused to talk to me",
];

/// In this order: what is said of a reader only counts when nothing is said of us.
const CLEAR: &[(&[&str], Reason)] = &[
    (FULL, MailboxFull),
    (SUSPENDED, Suspended),
    (AUTHENTICATION, Authentication),
    (BLOCKED, Blocked),
    (VIRUS, Virus),
    (SPAM, Spam),
    (RELAY, Relay),
    (SENDER, Sender),
    (TLS, Tls),
    (MOVED, Moved),
    (NO_MAIL, NoMailHere),
    (UNKNOWN_HOST, HostUnknown),
    (DISABLED, Disabled),
    (UNKNOWN_USER, UserUnknown),
    (UNKNOWN_USER_ABROAD, UserUnknown),
    (TOO_LARGE, TooLarge),
    (GREY, Expired),
    (LOOP, Loop),
    (RATE, Rate),
    (SPAM_PERHAPS, Spam),
    (ABOUT_US, Blocked),
];

fn by_words(words: &Words) -> Option<Reason> {
    if words.is_empty() {
        return None;
    }
    let sure = SURE.iter().find(|(phrase, _)| words.has(phrase)).map(|&(_, reason)| reason);
    sure.or_else(|| CLEAR.iter().find(|(phrases, _)| words.has_one_of(phrases)).map(|&(_, reason)| reason))
}

const HINTS: &[(&[&str], Reason)] = &[
    (EXPIRED, Expired),
    (NETWORK, Network),
    (PROGRAM, System),
    (LIMIT, Rate),
    (POLICY, Policy),
    (SYNTAX, Syntax),
    (CONTENT, Content),
];

fn by_hints(words: &Words, lasting: bool) -> Option<Reason> {
    if words.has_one_of(UNAVAILABLE) {
        return Some(if lasting { UserUnknown } else { Suspended });
    }
    let hint = HINTS.iter().find(|(phrases, _)| words.has_one_of(phrases)).map(|&(_, reason)| reason);
    hint.or_else(|| (lasting && words.has_one_of(REFUSED)).then_some(UserUnknown))
        .or_else(|| words.has_one_of(REJECT).then_some(Policy))
        .or_else(|| words.has_one_of(SYSTEM).then_some(System))
}

/// Codes of RFC 3463, 7505, 7293, 7372 and 8689, of the registry after them, and of Exchange Online and Gmail.
fn by_enhanced((class, subject, detail): Enhanced) -> Option<Reason> {
    let lasting = class == 5;
    Some(match (subject, detail) {
        (1, 1 | 3) if lasting => UserUnknown,
        (1, 1 | 3) => Suspended,
        (1, 2) if lasting => HostUnknown,
        (1, 2) => Network,
        (1, 4 | 5) => Unclear,
        (1, 6) => Moved,
        (1, 7 | 8) => Sender,
        (1, 9) => System,
        (1, 10) => NoMailHere,
        (1, 20) => Syntax,
        (1, 90) => Rate,
        (2, 1) if lasting => Disabled,
        (2, 1) => Suspended,
        (2, 2) => MailboxFull,
        (2, 3) | (3, 4) => TooLarge,
        (2, 4) => System,
        (3, 1..=3 | 5) => System,
        (4, 1 | 2 | 3 | 5 | 312 | 316) => Network,
        (4, 4 | 310) if lasting => HostUnknown,
        (4, 4 | 310) => Network,
        (4, 6 | 11 | 14) => Loop,
        (4, 7 | 300) => Expired,
        (5, 1 | 2 | 4 | 5 | 6) => Syntax,
        (5, 3) => Rate,
        (6, 7 | 9) => Syntax,
        (6, _) => Content,
        (7, 4 | 5 | 10 | 320..=326) => Tls,
        (7, 7..=9 | 11 | 12 | 20..=27 | 29..=32 | 40 | 57 | 509 | 515) => Authentication,
        (7, 13 | 60) => Sender,
        (7, 17 | 18) => Moved,
        (7, 28 | 705 | 708) => Rate,
        (7, 64) => Relay,
        (7, 501..=508 | 511..=514 | 606..=649 | 700..=799) => Blocked,
        (7, 2 | 3 | 6 | 14 | 15 | 16 | 19 | 120..=136 | 193) => Policy,
        _ => return None,
    })
}

fn by_basic(code: u16) -> Option<Reason> {
    match code {
        // RFC 7504 4: the host, or its domain, takes no mail.
        521 | 556 => Some(NoMailHere),
        // RFC 5321 3.4: not here, and the way to where is not taken.
        551 => Some(Moved),
        510 | 511 => Some(UserUnknown),
        512 => Some(HostUnknown),
        // RFC 4954 6, RFC 3207 4: sign in first, encrypt first.
        530 | 534 | 535 | 538 => Some(Authentication),
        // RFC 5321 4.2.3.
        500..=504 => Some(Syntax),
        571 => Some(Policy),
        _ => None,
    }
}

/// What a code says that names a field and no more.
fn vaguely((class, subject, detail): Enhanced, words: &Words) -> Option<Reason> {
    match (class, subject, detail) {
        // "Other address status", with nothing beside it that says otherwise.
        (5, 1, 0) => Some(UserUnknown),
        (_, 2, _) if words.has("mailbox") => Some(Suspended),
        (_, 2 | 3, _) => Some(System),
        (_, 4, _) => Some(Network),
        (5, 5, _) => Some(Syntax),
        (5, 7, _) => Some(Policy),
        (4, ..) => Some(Expired),
        _ => None,
    }
}

fn vaguely_basic(code: u16) -> Option<Reason> {
    match code {
        // RFC 5321 4.2.3: exceeded storage allocation.
        552 => Some(MailboxFull),
        421 | 451 => Some(System),
        452 => Some(System),
        450 | 432 | 454 | 455 => Some(Expired),
        _ => None,
    }
}
