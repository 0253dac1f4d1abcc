//! One mail, one call: MAIL, RCPT and the body in as few round trips as the server allows.

use std::future::Future;
use std::io;
use std::pin::{Pin, pin};
use std::time::Duration;

use wire::smtp::{Body, Command, MailParameters, Reply, UnsafeText, bare_line_end};

use super::exchange::Fault;
use super::gated::Sent;
use super::{Connection, Delivered, NotDelivered, Refusal, SendError, Stage};

/// A larger body waits for the answer to RCPT: sending it for a reader who is refused would cost more than
/// the round trip.
const BODY_WITH_ENVELOPE_MAX: usize = 256 * 1024;
/// How long to listen for the reason after the connection broke under a write.
const LAST_WORDS: Duration = Duration::from_secs(5);

impl Connection {
    /// Delivers one mail to one reader. The last byte of the message leaves only after `gate` is `Ok`.
    ///
    /// Nothing is parsed and nothing that grows with the letter is allocated. Where the message leaves as BDAT nothing of
    /// it leaves before the gate is open, and all of it then in one write; the gate is dropped unasked when the reader is
    /// refused before. `message` is
    /// complete, with CRLF line ends; a CRLF at its end is added if missing. An error of the gate leaves the
    /// mail undelivered. After any error ask [`Connection::is_usable`] before the next mail. Dropping the
    /// future half-way loses the connection, and the mail is in doubt if the gate had opened.
    pub async fn deliver<E>(
        &mut self,
        from: &str,
        to: &str,
        message: &[u8],
        gate: impl Future<Output = Result<(), E>>,
    ) -> Result<Delivered, NotDelivered<E>> {
        if !self.is_alive() {
            self.usable = false;
            let source = io::Error::new(
                io::ErrorKind::NotConnected,
                "the server ended the connection before this mail",
            );
            return Err(SendError::Lost { stage: Stage::Mail, last_byte_left: false, source }.into());
        }
        if let Some(at) = bare_line_end(message) {
            return Err(SendError::BareLineEnd(at).into());
        }
        let size = message.len() + if message.ends_with(b"\r\n") { 0 } else { 2 };
        let gate = pin!(gate);
        let together =
            self.capabilities.pipelining && self.capabilities.chunking && size <= BODY_WITH_ENVELOPE_MAX;
        let reply = if together {
            self.in_one_go(from, to, message, size, gate).await?
        } else {
            self.envelope(from, to, message, size).await?;
            self.body(message, size, gate).await?
        };
        self.usable = true;
        self.deliveries += 1;
        Ok(Delivered { reply })
    }

    /// MAIL, RCPT, BDAT and the message in one write (RFC 2920 and 3030): one round trip.
    async fn in_one_go<E>(
        &mut self,
        from: &str,
        to: &str,
        message: &[u8],
        size: usize,
        gate: Pin<&mut impl Future<Output = Result<(), E>>>,
    ) -> Result<Reply, NotDelivered<E>> {
        self.head.clear();
        let reset = self.write_envelope(from, to, message, size)?;
        self.write_command(Command::Bdat { size: size as u64, last: true })?;
        let sent = match self.send(message, gate).await {
            Ok(sent) => sent,
            Err(shut) => {
                self.usable = !shut.begun;
                // What was not sent includes the RSET.
                self.reset_first = reset;
                return Err(NotDelivered::Gate(shut.error));
            }
        };
        let refusal = self.envelope_answers(reset, &sent).await?;
        let last = self.answer(Stage::Body, &sent).await;
        match refusal {
            // Whatever follows, no recipient was accepted; only an answer leaves a connection in step.
            Some(refusal) => {
                self.usable = sent.fault.is_none() && last.is_ok_and(|reply| !reply.is_closing());
                Err(refusal.into())
            }
            None => self.verdict(last?, sent),
        }
    }

    /// MAIL and RCPT, with DATA where BDAT is not known; together where pipelining is.
    async fn envelope<E>(
        &mut self,
        from: &str,
        to: &str,
        message: &[u8],
        size: usize,
    ) -> Result<(), NotDelivered<E>> {
        self.head.clear();
        let reset = self.write_envelope(from, to, message, size)?;
        let data = !self.capabilities.chunking;
        if data {
            self.write_command(Command::Data)?;
        }
        self.usable = false;
        let refusal = if self.capabilities.pipelining {
            let (_, wrote) = self.exchange.write([&self.head, &[], &[]], self.timeouts.mail).await;
            let sent = Sent { last_byte_left: false, fault: wrote.err() };
            let mut refusal = self.envelope_answers(reset, &sent).await?;
            if data {
                let reply = self.answer(Stage::Data, &sent).await;
                refusal = self.data_answer(refusal, reply, &sent).await?;
            } else {
                self.usable = refusal.is_some() && sent.fault.is_none();
            }
            refusal
        } else {
            self.step_by_step(reset, data).await?
        };
        match refusal {
            Some(refusal) => Err(refusal.into()),
            None => Ok(()),
        }
    }

    /// The commands in `head`, one round trip each; stops at the first refusal.
    async fn step_by_step(&mut self, reset: bool, data: bool) -> Result<Option<Refusal>, SendError> {
        let head = std::mem::take(&mut self.head);
        let stages = [Stage::Mail, Stage::Mail, Stage::Rcpt, Stage::Data];
        let stages = &stages[usize::from(!reset)..stages.len() - usize::from(!data)];
        let mut result = Ok(None);
        for (number, (line, stage)) in head.split_inclusive(|byte| *byte == b'\n').zip(stages).enumerate() {
            let (_, wrote) = self.exchange.write([line, &[], &[]], self.timeouts.mail).await;
            let sent = Sent { last_byte_left: false, fault: wrote.err() };
            let reply = match self.answer(*stage, &sent).await {
                Ok(reply) => reply,
                Err(error) => {
                    result = Err(error);
                    break;
                }
            };
            if reset && number == 0 && !reply.is_closing() {
                continue;
            }
            let good = if *stage == Stage::Data { reply.code == 354 } else { reply.is_positive() };
            if !good {
                result = self.refused(*stage, reply, &sent).map(Some);
                break;
            }
        }
        self.head = head;
        result
    }

    /// The body after an accepted envelope: BDAT, or the rest of DATA.
    async fn body<E>(
        &mut self,
        message: &[u8],
        size: usize,
        gate: Pin<&mut impl Future<Output = Result<(), E>>>,
    ) -> Result<Reply, NotDelivered<E>> {
        self.head.clear();
        let chunking = self.capabilities.chunking;
        let sent = if chunking {
            self.write_command(Command::Bdat { size: size as u64, last: true })?;
            self.send(message, gate).await
        } else {
            self.send_dotted(message, gate).await
        };
        let sent = match sent {
            Ok(sent) => sent,
            Err(shut) => {
                // An announced DATA cannot be called off; a BDAT that was not begun can.
                self.usable = chunking && !shut.begun;
                self.reset_first = true;
                return Err(NotDelivered::Gate(shut.error));
            }
        };
        let reply = self.answer(Stage::Body, &sent).await?;
        self.verdict(reply, sent)
    }

    /// Reads the answers to MAIL and RCPT; the first refusal, if any. An error where the connection is over.
    async fn envelope_answers<E>(
        &mut self,
        reset: bool,
        sent: &Sent,
    ) -> Result<Option<Refusal>, NotDelivered<E>> {
        let mut refusal = None;
        let stages = [Stage::Mail, Stage::Mail, Stage::Rcpt];
        for (number, stage) in stages.into_iter().enumerate().skip(usize::from(!reset)) {
            let reply = self.answer(stage, sent).await;
            if let Some(earlier) = refusal {
                if reply.as_ref().is_ok_and(|reply| !reply.is_closing()) {
                    refusal = Some(earlier);
                    continue;
                }
                self.usable = false;
                return Err(NotDelivered::Refused(earlier));
            }
            let reply = reply?;
            if reply.is_closing() {
                self.usable = false;
                return Err(Refusal { stage, reply }.into());
            }
            // A server that does not like RSET will say so again at MAIL.
            let is_reset = number == 0;
            if !is_reset && !reply.is_positive() {
                refusal = Some(self.refused(stage, reply, sent)?);
                // Not before the other answers have been read.
                self.usable = false;
            }
        }
        Ok(refusal)
    }

    /// What to do with the answer to a pipelined DATA.
    async fn data_answer<E>(
        &mut self,
        refusal: Option<Refusal>,
        reply: Result<Reply, SendError>,
        sent: &Sent,
    ) -> Result<Option<Refusal>, NotDelivered<E>> {
        match (refusal, reply) {
            (None, Ok(reply)) if reply.code == 354 => Ok(None),
            (None, Ok(reply)) => Ok(Some(self.refused(Stage::Data, reply, sent)?)),
            (None, Err(error)) => Err(error.into()),
            (Some(refusal), Ok(reply)) if reply.code == 354 => {
                // RFC 2920 3.1: the server waits for a message to nobody; it gets an empty one.
                self.usable = false;
                if self.exchange.write([b".\r\n", &[], &[]], self.timeouts.block).await.1.is_ok() {
                    let end = self.exchange.reply(self.timeouts.end).await;
                    self.usable = end.is_ok_and(|reply| !reply.is_closing());
                }
                Ok(Some(refusal))
            }
            (Some(refusal), reply) => {
                self.usable = reply.is_ok_and(|reply| !reply.is_closing());
                Ok(Some(refusal))
            }
        }
    }

    /// The answer to the whole mail.
    fn verdict<E>(&mut self, reply: Reply, sent: Sent) -> Result<Reply, NotDelivered<E>> {
        if !reply.is_positive() {
            return Err(self.refused(Stage::Body, reply, &sent)?.into());
        }
        match sent.fault {
            // A yes to a mail that did not leave is not one.
            Some(fault) if !sent.last_byte_left => Err(fault.at(Stage::Body, false).into()),
            _ => Ok(reply),
        }
    }

    /// A 4xx or 5xx leaves the connection in step, unless it is 421; anything else makes no sense.
    fn refused(&mut self, stage: Stage, reply: Reply, sent: &Sent) -> Result<Refusal, SendError> {
        if !(reply.is_transient() || reply.is_permanent()) {
            self.usable = false;
            return Err(SendError::Unexpected { stage, last_byte_left: sent.last_byte_left, reply });
        }
        self.usable = sent.fault.is_none() && !reply.is_closing();
        self.reset_first = true;
        Ok(Refusal { stage, reply })
    }

    /// The next answer; after a broken write, what the server said before it hung up.
    async fn answer(&mut self, stage: Stage, sent: &Sent) -> Result<Reply, SendError> {
        let patience = match stage {
            _ if sent.fault.is_some() => LAST_WORDS,
            Stage::Mail => self.timeouts.mail,
            Stage::Rcpt => self.timeouts.rcpt,
            Stage::Data => self.timeouts.data,
            _ => self.timeouts.end,
        };
        let reply = self.exchange.reply(patience).await;
        // Only the answer to the body can mean that the mail was taken, but a server that lost the line after
        // all was sent may have taken it before its answers to MAIL and RCPT could leave.
        reply.map_err(|fault| {
            self.usable = false;
            match (&sent.fault, fault) {
                (Some(Fault::Timeout), _) => Fault::Timeout.at(stage, sent.last_byte_left),
                (_, fault) => fault.at(stage, sent.last_byte_left),
            }
        })
    }

    fn write_envelope(
        &mut self,
        from: &str,
        to: &str,
        message: &[u8],
        size: usize,
    ) -> Result<bool, SendError> {
        let reset = std::mem::take(&mut self.reset_first);
        if reset {
            self.write_command(Command::Rset)?;
        }
        let offered = &self.capabilities;
        let eight_bit = offered.eight_bit_mime && !message.is_ascii();
        let parameters = MailParameters {
            size: offered.size.map(|_| size as u64),
            body: eight_bit.then_some(Body::EightBitMime),
            smtp_utf8: offered.smtp_utf8 && !(from.is_ascii() && to.is_ascii()),
        };
        // RFC 6531 3.1: such an address needs a server that knows it.
        if !to.is_ascii() && !parameters.smtp_utf8 {
            self.reset_first = reset;
            return Err(UnsafeText(to.to_owned()).into());
        }
        let written = self
            .write_command(Command::Mail { from, parameters })
            .and_then(|()| self.write_command(Command::Rcpt { to }));
        if written.is_err() {
            self.reset_first = reset;
        }
        written.map(|()| reset)
    }

    fn write_command(&mut self, command: Command<'_>) -> Result<(), SendError> {
        Ok(command.write(&mut self.head)?)
    }
}
