//! Reading refusals: enhanced codes (RFC 3463, 7505 and the registry after it) first, then words.

use super::{BounceKind, Stage};

/// More is not looked at.
const LONGEST: usize = 1000;

type Detail = Option<(u16, u16)>;

/// The words of an answer, in lower case.
pub(super) struct Text(String);

impl Text {
    pub(super) fn new(text: &str) -> Self {
        Self(text.chars().take(LONGEST).flat_map(char::to_lowercase).collect())
    }

    fn has(&self, phrases: &[&str]) -> bool {
        phrases.iter().any(|phrase| self.0.contains(phrase))
    }
}

const RELAY: &[&str] = &[
    "relay access denied",
    "relaying denied",
    "relay denied",
    "relay not permitted",
    "not permitted to relay",
    "unable to relay",
    "relaying not allowed",
    "not allowed to relay",
    "we do not relay",
];
/// Postfix and others hold these back until RCPT.
const SENDER: &[&str] = &[
    "client host rejected",
    "client host [",
    "helo command rejected",
    "ehlo command rejected",
    "sender address rejected",
    "sender rejected",
    "not owned by user",
    "authentication required",
    "authentication is required",
    "must authenticate",
    "must issue a starttls",
];
const UNKNOWN_USER: &[&str] = &[
    "user unknown",
    "unknown user",
    "no such user",
    "no such recipient",
    "no such mailbox",
    "no such address",
    "user not found",
    "recipient not found",
    "mailbox not found",
    "account not found",
    "unknown recipient",
    "recipient unknown",
    "unknown local part",
    "unrouteable address",
    "user doesn't exist",
    "does not exist",
    "doesn't exist",
    "no mailbox here",
    "no longer valid",
    "no longer exists",
    "invalid mailbox",
    "invalid recipient",
    "account that you tried to reach is disabled",
    "mailbox disabled",
    "account disabled",
    "account has been disabled",
    "account is inactive",
    "inactive account",
    "mailbox has moved",
    "user has moved",
];
const UNKNOWN_HOST: &[&str] = &[
    "host not found",
    "host or domain name not found",
    "domain not found",
    "domain does not exist",
    "no such domain",
    "does not accept mail",
    "null mx",
    "nullmx",
];
const FULL: &[&str] = &[
    "mailbox full",
    "mailbox is full",
    "over quota",
    "quota exceeded",
    "exceeded quota",
    "exceeded storage",
    "exceeds storage",
    "insufficient storage",
    "out of storage",
];
const AUTHENTICATION: &[&str] =
    &["dmarc", "dkim", "spf ", "spf)", "unauthenticated", "not authenticated", "reverse dns", "ptr record"];
const CONTENT: &[&str] = &[
    "message size",
    "message too large",
    "too big",
    "virus",
    "malware",
    "spam",
    "line too long",
    "attachment",
];
const BLOCKED: &[&str] = &["blocked", "blacklist", "blocklist", "block list", "spamhaus", "reputation"];
const POLICY: &[&str] = &["policy", "access denied", "not allowed", "unsolicited", "banned"];
const RATE: &[&str] = &[
    "rate limit",
    "ratelimit",
    "too many",
    "throttl",
    "temporarily deferred due to",
    "unusual rate",
    "try again later due to volume",
    "connection limit",
];

/// Whether a 5xx at RCPT is about who sends, so that every reader would hear it.
pub(super) fn about_us(code: u16, detail: Detail, text: &Text) -> bool {
    // RFC 4954 6, RFC 3207 4: sign in first, encrypt first.
    let sign_in = matches!(code, 530 | 534 | 535 | 538) || matches!(detail, Some((7, 8 | 9 | 11)));
    // RFC 3463 3.2: x.1.7 and x.1.8 speak of the sender's address.
    sign_in || matches!(detail, Some((1, 7 | 8))) || text.has(RELAY) || text.has(SENDER)
}

/// Whether a 4xx after MAIL asks the way to slow down, rather than being about this reader.
pub(super) fn slow_down(code: u16, detail: Detail, text: &Text) -> bool {
    // RFC 5321 3.8: 421 closes the connection, whatever was asked.
    code == 421
        // Gmail's 4.7.28 is about rate; x.3.x is about the system, x.4.x about the network.
        || matches!(detail, Some((7, 28) | (3 | 4, _)))
        // RFC 5321 4.5.3.1.10: too many recipients.
        || matches!(detail, Some((5, 3)))
        || text.has(RATE)
}

/// Why a mail was refused for good.
pub(super) fn bounce_kind(code: u16, detail: Detail, text: &Text, stage: Stage) -> BounceKind {
    if let Some(kind) = detail.and_then(|detail| by_code(detail, text)) {
        return kind;
    }
    match code {
        // RFC 7504 4: the host, or its domain, takes no mail.
        521 | 556 => return BounceKind::HostDead,
        // RFC 5321 3.4: not here, and the way to where is not taken.
        551 => return BounceKind::AddressDead,
        // RFC 5321 4.2.3: at the end of a mail it is the mail that is too large.
        552 if stage < Stage::Data || text.has(FULL) => return BounceKind::MailboxFull,
        552 => return BounceKind::Content,
        _ => {}
    }
    by_words(text)
}

fn by_code(detail: (u16, u16), text: &Text) -> Option<BounceKind> {
    let kind = match detail {
        (1, 1 | 6) => BounceKind::AddressDead,
        // RFC 7505 4: null MX is x.1.10.
        (1, 2 | 10) => BounceKind::HostDead,
        // "Disabled, not accepting messages"; some say it when it is full.
        (2, 1) if text.has(FULL) => BounceKind::MailboxFull,
        (2, 1) => BounceKind::AddressDead,
        (2, 2) => BounceKind::MailboxFull,
        (2, 3) | (3, 4) | (6, _) => BounceKind::Content,
        // Exchange Online says so when its directory does not know the recipient.
        (4, 1) if text.has(&["recipient address rejected"]) => BounceKind::AddressDead,
        (4, 4) if text.has(UNKNOWN_HOST) => BounceKind::HostDead,
        // RFC 7372 and the bulk-sender rules of the large receivers.
        (7, 20..=27 | 29..=32 | 40 | 509 | 515) => BounceKind::Authentication,
        // x.7.1 is used for everything, unknown users included: words decide, a policy is what it says.
        (7, _) => match by_words(text) {
            BounceKind::Other => BounceKind::Policy,
            kind => kind,
        },
        _ => return None,
    };
    Some(kind)
}

fn by_words(text: &Text) -> BounceKind {
    let table = [
        (AUTHENTICATION, BounceKind::Authentication),
        (FULL, BounceKind::MailboxFull),
        // Before the words about users: "blocked: no such user in our reputation system" is about us.
        (BLOCKED, BounceKind::Policy),
        (UNKNOWN_HOST, BounceKind::HostDead),
        (UNKNOWN_USER, BounceKind::AddressDead),
        (CONTENT, BounceKind::Content),
        (POLICY, BounceKind::Policy),
    ];
    table.iter().find(|(words, _)| text.has(words)).map_or(BounceKind::Other, |&(_, kind)| kind)
}
