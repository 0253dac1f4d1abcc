//! What a mail that comes back says: bounce, complaint, automatic answer, or a reader who writes.
//!
//! In the order of a reading: the mail is taken apart ([`mime`], with [`headers`], [`charset`] and [`html`]), then
//! [`decide`] asks in turn whether it is a complaint ([`feedback`], RFC 5965), a receipt or a report that means
//! nothing, a delivery status ([`status`], RFC 3464), a bounce in free form ([`freeform`]), an automatic answer
//! ([`automatic`], RFC 3834), or else a letter ([`reply`]). [`original`] reads what is left of the mail that was
//! sent. What a server's words mean is not decided here but in `policy::answer`, which reads SMTP answers by the same
//! table. A file with several mails is split by [`mails`].
//!
//! Guarantees: any bytes can be read, without panic, and in time that grows with their number; nothing is taken for
//! a dead address unless a mail system says so of a mail that it could not deliver.
//!
//! Not guaranteed: that the mail tells the truth. Anybody can write a bounce; whoever acts on one needs another match,
//! such as the return path it came to.

mod addresses;
mod automatic;
mod charset;
mod decide;
mod feedback;
mod freeform;
mod headers;
mod html;
mod mbox;
mod mime;
mod named;
mod original;
mod reply;
mod senders;
mod status;
mod subjects;
mod transcript;

pub use mbox::mails;
pub use policy::returns::Action;

/// What a mail is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Kind {
    /// A mail system speaks of a mail that it could not deliver, not yet, or did.
    Bounce,
    /// A reader called a mail spam.
    Complaint,
    /// A machine answers: absent, received, who are you; receipts and reports too.
    AutoReply,
    /// A person writes.
    Letter,
}

/// A mail that came back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Returned {
    /// What it is.
    pub kind: Kind,
    /// Whom it speaks of, one entry each; never empty for a bounce or a complaint.
    pub recipients: Vec<About>,
    /// Message-ID of the mail that was sent, without angle brackets.
    pub message_id: Option<String>,
    /// The List-Id of the mail that was sent, without angle brackets.
    pub list_id: Option<String>,
    /// The Feedback-ID of the mail that was sent.
    pub feedback_id: Option<String>,
    /// Name and address of the sender.
    pub from: Option<(Option<String>, String)>,
    /// The subject.
    pub subject: String,
    /// What a person wrote; only for letters.
    pub reply: Option<Reply>,
}

/// What is said about one recipient.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct About {
    /// Whom.
    pub address: Option<String>,
    /// The address that was written to, where it is another one.
    pub original: Option<String>,
    /// What follows.
    pub action: Action,
    /// Why, in one word.
    pub reason: &'static str,
    /// The code of RFC 3463, such as `5.1.1`.
    pub status: Option<String>,
    /// The words of the server.
    pub reply: Option<String>,
}

/// A letter taken apart.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Reply {
    /// What the person wrote.
    pub text: String,
    /// What was quoted.
    pub quoted: String,
    /// The signature.
    pub signature: String,
    /// How many files hang on it.
    pub attachments: usize,
}

/// Reads a mail.
pub fn read(raw: &[u8]) -> Returned {
    decide::read(raw)
}
