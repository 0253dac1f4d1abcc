//! What becomes of received mail.

use std::future::Future;
use std::net::SocketAddr;

use wire::smtp::Reply;

/// The sender and the readers of one message.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Envelope {
    /// The return path; empty for bounces.
    pub from: String,
    /// The accepted recipients.
    pub to: Vec<String>,
}

/// What the server does next. All but the first two exist so that a test can see what a client makes of them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Answer {
    /// Yes, in the usual words.
    Accept,
    /// This answer; 2xx accepts. 421 also closes.
    Reply(Reply),
    /// These bytes, whatever they are.
    Raw(Vec<u8>),
    /// Close without a word.
    Close,
    /// Never answer.
    Hang,
    /// At [`Mailroom::data`] only: take this many bytes of the body, then answer 421 and close.
    GiveUpAfter(usize),
}

impl From<Reply> for Answer {
    fn from(reply: Reply) -> Self {
        Self::Reply(reply)
    }
}

/// Takes mail. One `Visit` is kept for each connection. Only [`Mailroom::message`] must be written.
pub trait Mailroom: Send + Sync + 'static {
    /// What is known about a connection.
    type Visit: Send;

    /// A connection was made; the answer is the greeting.
    fn connect(&self, peer: SocketAddr) -> impl Future<Output = (Self::Visit, Answer)> + Send;

    /// Whether this name and password may send; asked only where AUTH is offered.
    fn authenticate(
        &self,
        visit: &mut Self::Visit,
        user: &str,
        password: &str,
    ) -> impl Future<Output = bool> + Send {
        let _ = (visit, user, password);
        async { false }
    }

    /// A mail begins.
    fn mail_from(&self, visit: &mut Self::Visit, from: &str) -> impl Future<Output = Answer> + Send {
        let _ = (visit, from);
        async { Answer::Accept }
    }

    /// A recipient is named.
    fn rcpt_to(&self, visit: &mut Self::Visit, to: &str) -> impl Future<Output = Answer> + Send {
        let _ = (visit, to);
        async { Answer::Accept }
    }

    /// The body is about to come (DATA or the first BDAT); an answer other than [`Answer::Accept`] stops it.
    fn data(&self, visit: &mut Self::Visit, envelope: &Envelope) -> impl Future<Output = Answer> + Send {
        let _ = (visit, envelope);
        async { Answer::Accept }
    }

    /// A whole mail, dots taken away. A 2xx answer takes responsibility for it (RFC 5321 6.1): it must be
    /// durable by then.
    fn message(
        &self,
        visit: &mut Self::Visit,
        envelope: &Envelope,
        message: &[u8],
    ) -> impl Future<Output = Answer> + Send;
}
