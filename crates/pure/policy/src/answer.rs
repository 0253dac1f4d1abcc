//! What a server's answer means for this reader, and what it means for the way to everybody.
//!
//! A bad word about us must not cost a reader: only an unknown user, an unknown host, a host that takes no mail and
//! a mailbox that has moved speak of a dead address. Most answers of the 5xx kind do not.
//!
//! [`verdict`] reads an answer in a conversation; [`judge`] reads the same words where they come back later, in a
//! bounce or by a relay's report. Both use one table of phrases.

mod classify;
mod codes;
mod judge;
mod phrases;
mod reason;
mod words;

use classify::{about_us, bounce_kind, slow_down};
pub use codes::{Enhanced, codes_in};
pub use judge::{Judgement, Weight, judge, judge_coded};
pub use reason::Reason;
use words::Words;

/// Up to where the conversation had come when the answer was given.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Stage {
    /// The greeting, or the lack of one.
    Connect,
    /// EHLO and STARTTLS.
    Ehlo,
    /// AUTH.
    Auth,
    /// MAIL FROM.
    Mail,
    /// RCPT TO.
    Rcpt,
    /// DATA, or the first BDAT.
    Data,
    /// The end of the mail.
    Body,
}

/// What to do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Verdict {
    /// The server has the mail.
    Accepted,
    /// Come back later.
    Defer {
        /// It concerns the way, not this reader alone.
        route: bool,
    },
    /// This mail will never reach this reader.
    Bounce(BounceKind),
    /// The way is closed, for everybody; this reader has nothing to do with it and stays as they were.
    RouteDown,
}

/// Why a mail was refused for good.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum BounceKind {
    /// No such user, moved, or a mailbox that takes no mail.
    AddressDead,
    /// No such host, or one that takes no mail.
    HostDead,
    /// No room.
    MailboxFull,
    /// Refused by a rule: blocked, filtered, rate, reputation.
    Policy,
    /// Something in the mail: size, form, spam, virus.
    Content,
    /// SPF, DKIM, DMARC, PTR or TLS.
    Authentication,
    /// Whatever else.
    Other,
}

impl BounceKind {
    /// Whether the address is dead and must be suppressed at once. All else is counted, or is ours to repair.
    pub fn is_hard(self) -> bool {
        matches!(self, Self::AddressDead | Self::HostDead)
    }

    /// Whether the author should hear of it: it is about the sender, not about the reader.
    pub fn is_about_sender(self) -> bool {
        matches!(self, Self::Policy | Self::Content | Self::Authentication)
    }

    /// The name in reports and in the database.
    pub fn name(self) -> &'static str {
        match self {
            Self::AddressDead => "address_dead",
            Self::HostDead => "host_dead",
            Self::MailboxFull => "mailbox_full",
            Self::Policy => "policy",
            Self::Content => "content",
            Self::Authentication => "authentication",
            Self::Other => "other",
        }
    }
}

/// What an answer means. `enhanced` is the code of RFC 3463 if the answer had one, `text` the rest of it: hostile
/// input that is looked at and nothing more.
pub fn verdict(code: u16, enhanced: Option<(u8, u16, u16)>, text: &str, stage: Stage) -> Verdict {
    let text = Words::new(text);
    // RFC 3463 2: a code of another class than the answer's is a mistake of the server; the answer counts.
    let enhanced = enhanced.filter(|&(class, _, _)| u16::from(class) == code / 100);
    let detail = enhanced.map(|(_, subject, detail)| (subject, detail));
    match code {
        200..300 => Verdict::Accepted,
        400..500 => Verdict::Defer { route: stage < Stage::Rcpt || slow_down(code, detail, &text) },
        // RFC 5321 4.2.1: before RCPT the server has not heard of the reader.
        500..600 if stage < Stage::Rcpt => Verdict::RouteDown,
        // Many servers say only here what they think of us, of our sign-in or of our right to relay.
        500..600 if stage == Stage::Rcpt && about_us(code, detail, &text) => Verdict::RouteDown,
        500..600 => Verdict::Bounce(bounce_kind(code, detail, &text, stage)),
        // Not an answer to what was asked: the conversation is broken, nobody is refused.
        _ => Verdict::Defer { route: true },
    }
}

#[cfg(test)]
mod tests;
