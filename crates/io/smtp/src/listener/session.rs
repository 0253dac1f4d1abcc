//! One connection, command by command: RFC 5321 4.1.4.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use tokio::net::TcpStream;
use tokio::sync::watch;
use tokio::time::timeout;
use tokio_rustls::TlsAcceptor;
use wire::smtp::{Command, CommandError, MailParameters, Reply};

use super::line::{End, Heard, Line};
use super::{Answer, Envelope, ListenerOptions, Mailroom};
use crate::stream::Stream;

/// RFC 5321 4.5.3.1.4 allows 512 octets, extensions add theirs.
const COMMAND_MAX: usize = 2048;
const HANDSHAKE: Duration = Duration::from_secs(30);

/// What is going on with one peer.
pub(super) struct Session<M: Mailroom> {
    pub(super) line: Line,
    pub(super) options: Arc<ListenerOptions>,
    pub(super) mailroom: Arc<M>,
    pub(super) visit: M::Visit,
    pub(super) local: bool,
    pub(super) encrypted: bool,
    pub(super) greeted: bool,
    pub(super) signed_in: bool,
    /// MAIL was accepted.
    pub(super) begun: bool,
    pub(super) envelope: Envelope,
    /// Earlier BDAT chunks of this mail.
    pub(super) chunks: Vec<u8>,
    pub(super) chunked: bool,
    /// The mail without its dots.
    pub(super) undotted: Vec<u8>,
    pub(super) errors: usize,
}

/// Serves one connection to its end.
pub(super) async fn serve<M: Mailroom>(
    stream: TcpStream,
    peer: SocketAddr,
    options: Arc<ListenerOptions>,
    mailroom: Arc<M>,
    closing: watch::Receiver<bool>,
) {
    // Answers are short and each is waited for.
    let _ = stream.set_nodelay(true);
    let mut line = Line::new(Stream::Plain(stream), closing, options.answer_delay);
    if options.tls_from_start {
        let Some(encrypted) = encrypt(line, &options).await else { return };
        line = encrypted;
    }
    let (visit, greeting) = mailroom.connect(peer).await;
    let encrypted = line.stream.is_encrypted();
    let mut session = Session {
        line,
        options,
        mailroom,
        visit,
        local: peer.ip().to_canonical().is_loopback(),
        encrypted,
        greeted: false,
        signed_in: false,
        begun: false,
        envelope: Envelope::default(),
        chunks: Vec::new(),
        chunked: false,
        undotted: Vec::new(),
        errors: 0,
    };
    let mut end = session.greet(greeting).await;
    if end.is_none() {
        end = Some(session.run().await);
    }
    while end == Some(End::StartTls) {
        let Some(line) = encrypt(session.line, &session.options).await else { return };
        // RFC 3207 4.2: what was said before counts no more.
        session = Session { line, encrypted: true, greeted: false, signed_in: false, ..session };
        session.forget_mail();
        end = Some(session.run().await);
    }
    session.line.close(end.unwrap_or(End::Closed)).await;
}

async fn encrypt(line: Line, options: &ListenerOptions) -> Option<Line> {
    let config = options.tls.clone()?;
    let (stream, closing, delay) = line.into_stream();
    let Stream::Plain(stream) = stream else { return None };
    let accepted = timeout(HANDSHAKE, TlsAcceptor::from(config).accept(stream)).await;
    match accepted {
        Ok(Ok(stream)) => Some(Line::new(Stream::Tls(Box::new(stream.into())), closing, delay)),
        Ok(Err(error)) => {
            tracing::debug!(%error, "a TLS handshake on the SMTP listener failed");
            None
        }
        Err(_) => None,
    }
}

impl<M: Mailroom> Session<M> {
    /// Says the greeting; an end if the peer is not wanted.
    async fn greet(&mut self, greeting: Answer) -> Option<End> {
        let usual = format!("220 {} ESMTP\r\n", self.options.hostname);
        match self.answer(greeting, usual.as_bytes()).await {
            Ok(true) => None,
            // RFC 5321 3.1: after 554 the client may still say QUIT, but it will not be missed.
            Ok(false) => Some(End::Farewell),
            Err(end) => Some(end),
        }
    }

    async fn run(&mut self) -> End {
        let mut command = Vec::with_capacity(256);
        loop {
            let heard = self.line.next(&mut command, COMMAND_MAX, self.options.limits.silence).await;
            let done = match heard {
                Ok(Heard::Line) => self.obey(&command).await,
                Ok(Heard::BareLineFeed) => self.refuse(500, (5, 5, 2), "Lines end with CR LF"),
                Err(end) => Err(end),
            };
            if let Err(end) = done {
                return end;
            }
        }
    }

    async fn obey(&mut self, line: &[u8]) -> Result<(), End> {
        let command = match Command::parse(line) {
            Ok(command) => command,
            Err(error) => {
                error.reply().write(&mut self.line.output);
                return self.count_error();
            }
        };
        match command {
            Command::Ehlo(_) => {
                self.forget_mail();
                self.greeted = true;
                let offered = self.options.capabilities(self.encrypted, self.local);
                offered.to_ehlo(&self.options.hostname).write(&mut self.line.output);
            }
            Command::Helo(_) => {
                self.forget_mail();
                self.greeted = true;
                Reply::new(250, None, self.options.hostname.as_str()).write(&mut self.line.output);
            }
            Command::Mail { from, parameters } => return self.mail(from, parameters).await,
            Command::Rcpt { to } => return self.rcpt(to).await,
            Command::Data => return self.receive_data().await,
            Command::Bdat { size, last } => return self.receive_chunk(size, last).await,
            Command::Rset => {
                self.forget_mail();
                self.line.say(b"250 2.0.0 Forgotten\r\n");
            }
            Command::Noop => self.line.say(b"250 2.0.0 Still here\r\n"),
            Command::Help => self.line.say(b"214 2.0.0 See RFC 5321\r\n"),
            // RFC 5321 3.5.3: who exists is nobody's business.
            Command::Vrfy(_) => self.line.say(b"252 2.5.0 Send a mail and see\r\n"),
            Command::StartTls => return self.start_tls().await,
            Command::Auth { mechanism, initial } => return self.sign_in(mechanism, initial).await,
            Command::Quit => {
                self.line.say(b"221 2.0.0 Goodbye\r\n");
                return Err(End::Closed);
            }
        }
        Ok(())
    }

    async fn mail(&mut self, from: &str, parameters: MailParameters) -> Result<(), End> {
        if !self.greeted {
            return self.refuse(503, (5, 5, 1), "EHLO first");
        }
        if self.options.auth_required && !self.signed_in {
            return self.refuse(530, (5, 7, 0), "Authentication required");
        }
        if self.begun {
            return self.refuse(503, (5, 5, 1), "A mail is under way already");
        }
        if parameters.size.is_some_and(|size| size > self.options.limits.message as u64) {
            // RFC 1870 6.1 (2).
            return self.refuse(552, (5, 3, 4), "The message is too large");
        }
        let answer = self.mailroom.mail_from(&mut self.visit, from).await;
        if self.answer(answer, b"250 2.1.0 Sender ok\r\n").await? {
            self.begun = true;
            self.envelope.from.push_str(from);
        }
        Ok(())
    }

    async fn rcpt(&mut self, to: &str) -> Result<(), End> {
        if !self.begun || self.chunked {
            return self.refuse(503, (5, 5, 1), "MAIL first");
        }
        if self.envelope.to.len() >= self.options.limits.recipients {
            // RFC 5321 4.5.3.1.10.
            return self.refuse(452, (4, 5, 3), "Too many recipients");
        }
        let answer = self.mailroom.rcpt_to(&mut self.visit, to).await;
        if self.answer(answer, b"250 2.1.5 Recipient ok\r\n").await? {
            self.envelope.to.push(to.to_owned());
        }
        Ok(())
    }

    async fn start_tls(&mut self) -> Result<(), End> {
        if self.encrypted || self.options.tls.is_none() {
            return self.refuse(503, (5, 5, 1), "STARTTLS is not offered");
        }
        if !self.line.input.is_empty() {
            // Commands after STARTTLS in the same breath were put there by someone else (CVE-2011-0411).
            self.line.say(b"501 5.5.2 Nothing may follow STARTTLS\r\n");
            return Err(End::Farewell);
        }
        self.line.say(b"220 2.0.0 Go ahead\r\n");
        self.line.flush().await?;
        Err(End::StartTls)
    }

    /// Says the answer, or `usual` for a plain yes; whether it was a yes.
    pub(super) async fn answer(&mut self, answer: Answer, usual: &[u8]) -> Result<bool, End> {
        match answer {
            Answer::Accept | Answer::GiveUpAfter(_) => {
                self.line.say(usual);
                Ok(true)
            }
            Answer::Reply(reply) => {
                reply.write(&mut self.line.output);
                if reply.is_closing() { Err(End::Farewell) } else { Ok(reply.is_positive()) }
            }
            Answer::Raw(bytes) => {
                self.line.say(&bytes);
                Ok(false)
            }
            Answer::Close => Err(End::Closed),
            Answer::Hang => Err(self.line.hang().await),
        }
    }

    /// A no of our own.
    pub(super) fn refuse(&mut self, code: u16, enhanced: (u8, u16, u16), text: &str) -> Result<(), End> {
        Reply::new(code, Some(enhanced), text).write(&mut self.line.output);
        self.count_error()
    }

    fn count_error(&mut self) -> Result<(), End> {
        self.errors += 1;
        if self.errors <= self.options.limits.errors {
            return Ok(());
        }
        self.line.say(b"421 4.7.0 Too many errors\r\n");
        Err(End::Farewell)
    }

    /// Ready for another MAIL.
    pub(super) fn forget_mail(&mut self) {
        self.begun = false;
        self.envelope.from.clear();
        self.envelope.to.clear();
        self.chunks.clear();
        self.chunked = false;
    }

    pub(super) fn not_offered(&mut self) -> Result<(), End> {
        CommandError::Unknown.reply().write(&mut self.line.output);
        self.count_error()
    }
}
