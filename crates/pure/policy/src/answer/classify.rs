//! What a refusal in a conversation is about: us, our speed, or the reader.

use super::phrases::{RELAY, SLOW, US};
use super::reason::Reason;
use super::words::Words;
use super::{BounceKind, Stage, judge};

type Detail = Option<(u16, u16)>;

/// Whether a 5xx at RCPT is about who sends, so that every reader would hear it.
pub(super) fn about_us(code: u16, detail: Detail, text: &Words) -> bool {
    // RFC 4954 6, RFC 3207 4: sign in first, encrypt first.
    let sign_in = matches!(code, 530 | 534 | 535 | 538) || matches!(detail, Some((7, 8 | 9 | 11)));
    // RFC 3463 3.2: x.1.7 and x.1.8 speak of the sender's address.
    sign_in || matches!(detail, Some((1, 7 | 8))) || text.has_one_of(RELAY) || text.has_one_of(US)
}

/// Whether a 4xx after MAIL asks the way to slow down, rather than being about this reader.
pub(super) fn slow_down(code: u16, detail: Detail, text: &Words) -> bool {
    // RFC 5321 3.8: 421 closes the connection, whatever was asked.
    code == 421
        // Gmail's 4.7.28 is about rate; x.3.x is about the system, x.4.x about the network.
        || matches!(detail, Some((7, 28) | (3 | 4, _)))
        // RFC 5321 4.5.3.1.10: too many recipients.
        || matches!(detail, Some((5, 3)))
        || text.has_one_of(SLOW)
}

/// Why a mail was refused for good.
pub(super) fn bounce_kind(code: u16, detail: Detail, text: &Words, stage: Stage) -> BounceKind {
    let enhanced = detail.map(|(subject, detail)| (5, subject, detail));
    let Some(judgement) = judge::by_all(Some(code), enhanced, text) else { return BounceKind::Other };
    // RFC 5321 4.2.3: at the end of a mail it is the mail that is too large.
    if code == 552 && judgement.weight == judge::Weight::Vague && stage >= Stage::Data {
        return BounceKind::Content;
    }
    match judgement.reason {
        Reason::UserUnknown | Reason::Disabled | Reason::Moved => BounceKind::AddressDead,
        Reason::HostUnknown | Reason::NoMailHere => BounceKind::HostDead,
        Reason::MailboxFull => BounceKind::MailboxFull,
        Reason::Blocked | Reason::Policy | Reason::Rate | Reason::Sender | Reason::Relay => {
            BounceKind::Policy
        }
        Reason::Content | Reason::Spam | Reason::Virus | Reason::TooLarge => BounceKind::Content,
        Reason::Authentication | Reason::Tls => BounceKind::Authentication,
        Reason::Suspended
        | Reason::Expired
        | Reason::Network
        | Reason::System
        | Reason::Loop
        | Reason::Syntax
        | Reason::Unclear => BounceKind::Other,
    }
}
