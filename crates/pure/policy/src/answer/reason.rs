//! Why a mail did not arrive, in one word, and what follows from it.

use crate::returns::Action;

/// Why a mail did not arrive.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Reason {
    /// No such mailbox.
    UserUnknown,
    /// The account was closed, or nobody has used it for long.
    Disabled,
    /// The reader is elsewhere.
    Moved,
    /// No such domain, or none that names a mail server.
    HostUnknown,
    /// A domain or mailbox that takes no mail at all (RFC 7505, 7504).
    NoMailHere,
    /// No room.
    MailboxFull,
    /// A mailbox that takes no mail for a while.
    Suspended,
    /// Tried for days.
    Expired,
    /// No connection.
    Network,
    /// The receiver's machine has trouble.
    System,
    /// Handed round in a circle.
    Loop,
    /// Refused, and nobody can tell why.
    Unclear,
    /// Something in the mail was not liked.
    Content,
    /// Taken for spam.
    Spam,
    /// Taken for a virus or for fraud.
    Virus,
    /// Too large.
    TooLarge,
    /// Our machine stands on a list.
    Blocked,
    /// Forbidden by a rule of the receiver.
    Policy,
    /// Too much at once.
    Rate,
    /// SPF, DKIM, DMARC, PTR, HELO.
    Authentication,
    /// Our sender address was not liked.
    Sender,
    /// The server does not feel responsible for the domain.
    Relay,
    /// No encryption that both accept.
    Tls,
    /// The server did not understand what we said.
    Syntax,
}

impl Reason {
    /// All of them.
    pub const ALL: [Self; 24] = [
        Self::UserUnknown,
        Self::Disabled,
        Self::Moved,
        Self::HostUnknown,
        Self::NoMailHere,
        Self::MailboxFull,
        Self::Suspended,
        Self::Expired,
        Self::Network,
        Self::System,
        Self::Loop,
        Self::Unclear,
        Self::Content,
        Self::Spam,
        Self::Virus,
        Self::TooLarge,
        Self::Blocked,
        Self::Policy,
        Self::Rate,
        Self::Authentication,
        Self::Sender,
        Self::Relay,
        Self::Tls,
        Self::Syntax,
    ];

    /// As the command line prints it and columns hold it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::UserUnknown => "user_unknown",
            Self::Disabled => "disabled",
            Self::Moved => "moved",
            Self::HostUnknown => "host_unknown",
            Self::NoMailHere => "no_mail_here",
            Self::MailboxFull => "mailbox_full",
            Self::Suspended => "suspended",
            Self::Expired => "expired",
            Self::Network => "network",
            Self::System => "system",
            Self::Loop => "loop",
            Self::Unclear => "unclear",
            Self::Content => "content",
            Self::Spam => "spam",
            Self::Virus => "virus",
            Self::TooLarge => "too_large",
            Self::Blocked => "blocked",
            Self::Policy => "policy",
            Self::Rate => "rate",
            Self::Authentication => "authentication",
            Self::Sender => "sender",
            Self::Relay => "relay",
            Self::Tls => "tls",
            Self::Syntax => "syntax",
        }
    }

    /// What follows when nobody tries any more. Only a dead address or domain, one that takes no mail and one that
    /// has moved cost a reader anything.
    pub const fn action(self) -> Action {
        match self {
            Self::UserUnknown | Self::Disabled | Self::Moved | Self::HostUnknown | Self::NoMailHere => {
                Action::Suppress
            }
            Self::MailboxFull
            | Self::Suspended
            | Self::Expired
            | Self::Network
            | Self::System
            | Self::Loop
            | Self::Unclear => Action::Soft,
            Self::Content
            | Self::Spam
            | Self::Virus
            | Self::TooLarge
            | Self::Blocked
            | Self::Policy
            | Self::Rate
            | Self::Authentication
            | Self::Sender
            | Self::Relay
            | Self::Tls
            | Self::Syntax => Action::Trouble,
        }
    }
}
