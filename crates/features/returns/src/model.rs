//! What comes back, and what is known of where it belongs.

use policy::returns::Action;
use store::StoreError;
use wire::Address;

/// Who told us.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Source {
    /// A server, while we handed it a mail.
    Answer,
    /// A mail to the built-in listener.
    Listener,
    /// A mail in the polled mailbox.
    Mailbox,
    /// A sending service's signed notice, by the service's name.
    Webhook(&'static str),
}

impl Source {
    /// As columns hold it.
    pub fn column(&self) -> String {
        match self {
            Source::Answer => "answer".to_owned(),
            Source::Listener => "listener".to_owned(),
            Source::Mailbox => "mailbox".to_owned(),
            Source::Webhook(provider) => format!("webhook:{provider}"),
        }
    }
}

/// Something that came back about a mail, from whatever source.
#[derive(Clone, Debug, PartialEq)]
pub struct Event {
    /// What makes it the same event as another: told twice, it counts once.
    pub key: String,
    /// Who told.
    pub source: Source,
    /// When, microseconds UTC.
    pub at: i64,
    /// What it means.
    pub action: Action,
    /// Why, in a word: `user_unknown`…
    pub reason: String,
    /// The enhanced code (RFC 3463), as in `5.1.1`.
    pub status: Option<String>,
    /// The server's words.
    pub words: Option<String>,
    /// What says which mail it is about.
    pub evidence: Evidence,
}

/// What says which mail, reader or publication an event is about, the strongest first.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Evidence {
    /// Dispatch and reader of a token of ours.
    pub mail: Option<(i64, i64)>,
    /// The number of a notice, of a token of ours.
    pub notice: Option<i64>,
    /// Publication and reader of an unsubscribe token of ours.
    pub reader: Option<(i64, i64)>,
    /// The word of somebody whose signature was checked.
    pub signed: bool,
    /// The address that is spoken of.
    pub address: Option<Address>,
    /// The name under which the relay kept the mail.
    pub relay_id: Option<String>,
    /// Slug of a publication, as the returned head names it. Anybody could have written it.
    pub named: Option<String>,
    /// A proof that says nothing about what it proves: it is good for one event.
    pub once: Option<String>,
}

/// What an event led to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Followed {
    /// The address is kept out of every publication.
    Suppressed,
    /// It counts as one edition that came back softly.
    Counted,
    /// The subscription ended, and the address is kept out of that publication.
    Ended,
    /// It is only kept.
    Kept,
}

impl Followed {
    /// As columns hold it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Followed::Suppressed => "suppressed",
            Followed::Counted => "counted",
            Followed::Ended => "ended",
            Followed::Kept => "kept",
        }
    }
}

/// What became of an event that was handed in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Taken {
    /// It was new.
    New(Followed),
    /// It was known.
    Known,
}

/// A letter of a reader to the author, to be kept.
#[derive(Clone, Debug, PartialEq)]
pub struct NewReply {
    /// What makes it the same letter as another.
    pub key: String,
    /// When it came, microseconds UTC.
    pub at: i64,
    /// The publication it is for.
    pub publication_id: i64,
    /// The edition it answers, where that is known.
    pub edition_id: Option<i64>,
    /// The reader whose token it came with, where it came with one.
    pub reader_id: Option<i64>,
    /// Which address it came to: `return`, `reply` or `postmaster`.
    pub door: &'static str,
    /// Who wrote, as the mail says.
    pub from: Option<Address>,
    /// Their name, as the mail says.
    pub name: Option<String>,
    /// The subject.
    pub subject: String,
    /// What they wrote, without what they quoted.
    pub text: String,
    /// Files that were left out.
    pub attachments: usize,
    /// Whether the mail was small enough to be read; else only its head was.
    pub whole: bool,
}

/// Why something that came back could not be taken in. Nothing of it was kept.
#[derive(Debug, thiserror::Error)]
pub enum ReturnsError {
    /// The address is in use, or not ours.
    #[error("the listener for returned mail cannot listen on {address}: {source}")]
    Listen {
        /// The address.
        address: std::net::SocketAddr,
        /// What the system said.
        source: std::io::Error,
    },
    /// The certificate of the listener cannot be used.
    #[error("the certificate of the listener for returned mail cannot be used: {file}: {why}")]
    Certificate {
        /// The file.
        file: String,
        /// What is wrong.
        why: String,
    },
    /// A proof that is good for one event was used for another.
    #[error("the proof of this notice was used for another one before")]
    Spent,
    /// What is kept cannot be read.
    #[error("return {0} is kept in a form that cannot be read")]
    Kept(i64),
    /// The readers.
    #[error(transparent)]
    Audience(#[from] audience::AudienceError),
    /// The publication.
    #[error(transparent)]
    Publication(#[from] publications::PublicationError),
    /// The store.
    #[error(transparent)]
    Store(#[from] StoreError),
}
