//! What can go wrong, told so that the caller knows what to do with the mail and with the connection.

use std::fmt;
use std::io;
use std::net::IpAddr;

use wire::smtp::{Reply, ReplyError, UnsafeText};

use crate::tls::TlsError;

/// The step at which something happened.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Stage {
    /// Waiting for the server's first line.
    Greeting,
    /// EHLO, or HELO after it.
    Ehlo,
    /// STARTTLS and the handshake.
    StartTls,
    /// AUTH.
    Auth,
    /// MAIL FROM: the sender.
    Mail,
    /// RCPT TO: the reader's address.
    Rcpt,
    /// DATA, before the body.
    Data,
    /// The body and the answer after its end.
    Body,
}

impl fmt::Display for Stage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Greeting => "the greeting",
            Self::Ehlo => "EHLO",
            Self::StartTls => "STARTTLS",
            Self::Auth => "AUTH",
            Self::Mail => "MAIL FROM",
            Self::Rcpt => "RCPT TO",
            Self::Data => "DATA",
            Self::Body => "the message",
        })
    }
}

/// Why a connection could not be opened, or why a mail was not delivered for a reason other than a refusal.
#[derive(Debug, thiserror::Error)]
pub enum SendError {
    /// No name, no route, nobody listening.
    #[error("no connection to {relay}")]
    Connect {
        /// Host and port.
        relay: String,
        /// What the system said.
        source: io::Error,
    },
    /// TLS could not be set up on our side.
    #[error(transparent)]
    TlsSettings(#[from] TlsError),
    /// The handshake failed, or the certificate is not for this host or not trusted.
    #[error("no encrypted connection to {relay}")]
    Tls {
        /// Host and port.
        relay: String,
        /// What TLS said.
        source: io::Error,
    },
    /// The route asks for STARTTLS and the server does not have it: nothing goes in clear.
    #[error("{relay} does not offer STARTTLS")]
    NoStartTls {
        /// Host and port.
        relay: String,
    },
    /// The server does not want to speak with us.
    #[error("the server answered {stage} with: {reply}")]
    Greeting {
        /// Greeting, EHLO or STARTTLS.
        stage: Stage,
        /// Its answer.
        reply: Reply,
    },
    /// Signing in failed.
    #[error(transparent)]
    Auth(#[from] AuthError),
    /// The server did not answer, or took no more bytes.
    #[error("the server was silent for too long at {stage}")]
    Timeout {
        /// What was waited for.
        stage: Stage,
        /// Whether the mail had left completely.
        last_byte_left: bool,
    },
    /// The connection broke.
    #[error("the connection was lost at {stage}")]
    Lost {
        /// What was waited for.
        stage: Stage,
        /// Whether the mail had left completely.
        last_byte_left: bool,
        /// What the system said; `UnexpectedEof` where the server closed in good order.
        source: io::Error,
    },
    /// Not SMTP.
    #[error("at {stage} {source}")]
    Protocol {
        /// What was waited for.
        stage: Stage,
        /// Whether the mail had left completely.
        last_byte_left: bool,
        /// What is wrong with it.
        source: ReplyError,
    },
    /// An answer that has no meaning there, such as 354 to MAIL.
    #[error("the server answered {stage} with something that makes no sense there: {reply}")]
    Unexpected {
        /// What was waited for.
        stage: Stage,
        /// Whether the mail had left completely.
        last_byte_left: bool,
        /// The answer.
        reply: Reply,
    },
    /// A name or address that would be read as something else; nothing was sent.
    #[error(transparent)]
    Unsafe(#[from] UnsafeText),
    /// A message that invites SMTP smuggling; nothing was sent.
    #[error("the message has a CR or LF that is not part of a CRLF at byte {0}")]
    BareLineEnd(usize),
}

/// Why signing in failed.
#[derive(Debug, thiserror::Error)]
pub enum AuthError {
    /// The server has no AUTH, or none of ours.
    #[error("the server offers neither AUTH PLAIN nor AUTH LOGIN on this connection (it offers: {0})")]
    NotOffered(String),
    /// The connection is not encrypted and leaves the private network.
    #[error(
        "the password was not sent: the connection to {0} is not encrypted; use smtps:// or smtp+starttls://"
    )]
    InClear(IpAddr),
    /// A wrong name or password, or a server that cannot check it now.
    #[error("the server did not accept the user name and password: {0}")]
    Refused(Reply),
}

/// A definite no of the server.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("refused at {stage}: {reply}")]
pub struct Refusal {
    /// What was refused.
    pub stage: Stage,
    /// With which answer: 4xx for now, 5xx for good.
    pub reply: Reply,
}

/// Why a mail was not delivered.
#[derive(Debug, thiserror::Error)]
pub enum NotDelivered<E> {
    /// The server said no: it has not taken the mail.
    #[error(transparent)]
    Refused(#[from] Refusal),
    /// Something broke; ask [`NotDelivered::may_have_been_taken`].
    #[error(transparent)]
    Failed(#[from] SendError),
    /// The gate said no; the last byte did not leave.
    #[error("the mail was held back")]
    Gate(#[source] E),
}

impl SendError {
    /// Whether the whole mail had left before the failure: the server may or may not have taken it.
    pub fn last_byte_left(&self) -> bool {
        match self {
            Self::Timeout { last_byte_left, .. }
            | Self::Lost { last_byte_left, .. }
            | Self::Protocol { last_byte_left, .. }
            | Self::Unexpected { last_byte_left, .. } => *last_byte_left,
            _ => false,
        }
    }

    /// Whether the fault lies in the mail itself, so that another connection would not help.
    pub fn is_about_the_mail(&self) -> bool {
        matches!(self, Self::Unsafe(_) | Self::BareLineEnd(_))
    }
}

impl<E> NotDelivered<E> {
    /// In doubt: the mail left completely and no answer came. False means that it was certainly not taken.
    pub fn may_have_been_taken(&self) -> bool {
        matches!(self, Self::Failed(error) if error.last_byte_left())
    }
}
