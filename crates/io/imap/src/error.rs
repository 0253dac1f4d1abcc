//! What can go wrong, told so that the caller knows what to say and whether to come back.

use std::fmt;
use std::io;

use smtp::tls::TlsError;

/// The step at which something happened.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Step {
    /// Waiting for the server's first line.
    Greeting,
    /// CAPABILITY.
    Capability,
    /// STARTTLS.
    StartTls,
    /// AUTHENTICATE or LOGIN.
    SignIn,
    /// SELECT.
    Select,
    /// UID SEARCH: which mails are new.
    Search,
    /// UID FETCH: sizes and mails.
    Fetch,
    /// UID STORE: marking a mail.
    Mark,
    /// UID MOVE, or what does the same.
    Move,
    /// LOGOUT.
    Logout,
}

impl fmt::Display for Step {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Greeting => "the greeting",
            Self::Capability => "CAPABILITY",
            Self::StartTls => "STARTTLS",
            Self::SignIn => "signing in",
            Self::Select => "opening the folder",
            Self::Search => "the search for new mail",
            Self::Fetch => "fetching mail",
            Self::Mark => "marking a mail",
            Self::Move => "moving a mail",
            Self::Logout => "LOGOUT",
        })
    }
}

/// Why a mailbox could not be read. After any of these the session is of no use any more.
#[derive(Debug, thiserror::Error)]
pub enum ImapError {
    /// No name, no route, nobody listening.
    #[error("no connection to {server}")]
    Connect {
        /// Host and port.
        server: String,
        /// What the system said.
        source: io::Error,
    },
    /// TLS could not be set up on our side.
    #[error(transparent)]
    TlsSettings(#[from] TlsError),
    /// The handshake failed, or the certificate is not for this host or not trusted.
    #[error("no encrypted connection to {server}")]
    Tls {
        /// Host and port.
        server: String,
        /// What TLS said.
        source: io::Error,
    },
    /// The mailbox asks for STARTTLS and the server does not have it: nothing goes in clear.
    #[error("{server} does not offer STARTTLS")]
    NoStartTls {
        /// Host and port.
        server: String,
    },
    /// `imap://` led somewhere else than to this machine.
    #[error("the password was not sent: {server} is not this machine; use imaps:// or imap+starttls://")]
    InClear {
        /// Host and port.
        server: String,
    },
    /// The server wants another way of signing in, such as OAuth.
    #[error("{server} lets nobody sign in with a user name and a password on this connection")]
    SignInNotOffered {
        /// Host and port.
        server: String,
    },
    /// A wrong name or password, or a server that cannot check it now.
    #[error("the server did not accept the user name and password: {words}")]
    SignIn {
        /// What it said.
        words: String,
    },
    /// Marks would not be kept, so that every poll would bring the same mails again.
    #[error("the folder {folder:?} can be read but not changed: mails could not be marked as taken")]
    ReadOnly {
        /// The folder.
        folder: String,
    },
    /// The same, for the mark that was chosen.
    #[error("the folder {folder:?} does not keep the mark {mark}")]
    MarkNotKept {
        /// The folder.
        folder: String,
        /// `\Seen`, or the keyword.
        mark: String,
    },
    /// NO, BAD or BYE.
    #[error("the server refused {step}: {words}")]
    Refused {
        /// What was asked.
        step: Step,
        /// What it said.
        words: String,
    },
    /// The server did not answer in time.
    #[error("the server was silent for too long at {0}")]
    Timeout(Step),
    /// The connection broke.
    #[error("the connection was lost at {step}")]
    Lost {
        /// What was waited for.
        step: Step,
        /// What the system said; `UnexpectedEof` where the server closed in good order.
        source: io::Error,
    },
    /// Not IMAP, or more of it than was asked for.
    #[error("at {step} the server said something that is not IMAP: {what}")]
    NotImap {
        /// What was waited for.
        step: Step,
        /// What is wrong with it.
        what: &'static str,
    },
    /// Something failed on this session before.
    #[error("the session had already failed")]
    Unusable,
}

impl ImapError {
    /// Whether only the owner can mend it: trying again later will end the same way.
    pub fn is_about_settings(&self) -> bool {
        matches!(
            self,
            Self::TlsSettings(_)
                | Self::NoStartTls { .. }
                | Self::InClear { .. }
                | Self::SignInNotOffered { .. }
                | Self::SignIn { .. }
                | Self::ReadOnly { .. }
                | Self::MarkNotKept { .. }
                | Self::Refused { step: Step::Select | Step::Move, .. }
        )
    }
}
