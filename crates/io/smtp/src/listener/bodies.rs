//! Receiving a message: DATA (RFC 5321 4.1.1.4) and BDAT (RFC 3030).

use wire::smtp::{DotScanner, dot_unstuff};

use super::line::End;
use super::session::Session;
use super::{Answer, Mailroom};

const TAKEN: &[u8] = b"250 2.0.0 Taken\r\n";
/// A buffer that one great message needed is given back after it.
const KEPT: usize = 1024 * 1024;

impl<M: Mailroom> Session<M> {
    /// DATA: a body that ends with CRLF.CRLF.
    pub(super) async fn receive_data(&mut self) -> Result<(), End> {
        if !self.begun || self.chunked {
            return self.refuse(503, (5, 5, 1), "MAIL and RCPT first");
        }
        if self.envelope.to.is_empty() {
            // RFC 5321 3.3.
            return self.refuse(554, (5, 5, 1), "No valid recipients");
        }
        let answer = self.mailroom.data(&mut self.visit, &self.envelope).await;
        let give_up = if let Answer::GiveUpAfter(bytes) = answer { bytes } else { usize::MAX };
        if !self.answer(answer, b"354 End with a dot on a line of its own\r\n").await? {
            return Ok(());
        }
        let limit = self.options.limits.message;
        let mut scanner = DotScanner::new();
        let mut too_large = false;
        let end = loop {
            if let Some(end) = scanner.find(&self.line.input) {
                break end;
            }
            if self.line.input.len() >= give_up {
                return self.give_up();
            }
            too_large |= self.line.input.len() > limit;
            if too_large {
                // The end must still be found, and nothing more be kept than that takes.
                self.line.forget(scanner.forget());
            }
            self.line.wait_for_body(self.options.limits.body_silence).await?;
        };
        if too_large || end.body > limit {
            self.line.forget(end.taken);
            self.forget_mail();
            return self.refuse(552, (5, 3, 4), "The message is too large");
        }
        let mut message = &self.line.input[..end.body];
        if end.stuffed {
            self.undotted.clear();
            dot_unstuff(message, &mut self.undotted);
            message = &self.undotted;
        }
        let answer = self.mailroom.message(&mut self.visit, &self.envelope, message).await;
        self.line.forget(end.taken);
        if self.undotted.capacity() > KEPT {
            self.undotted = Vec::new();
        }
        self.forget_mail();
        if self.answer(answer, TAKEN).await? {
            // Pipelining makes several errors of one refusal: who has good mail too is not sent away.
            self.errors = 0;
        }
        Ok(())
    }

    /// BDAT: so many octets. They are taken off the line even if they are refused (RFC 3030 2).
    pub(super) async fn receive_chunk(&mut self, size: u64, last: bool) -> Result<(), End> {
        if !self.options.chunking {
            // What follows would be read as commands.
            self.not_offered()?;
            return Err(End::Farewell);
        }
        if !self.begun || self.envelope.to.is_empty() {
            self.discard(size).await?;
            return self.refuse(503, (5, 5, 1), "MAIL and RCPT first");
        }
        let limit = self.options.limits.message;
        let Some(size) = usize::try_from(size).ok().filter(|size| *size <= limit - self.chunks.len()) else {
            self.discard(size).await?;
            self.forget_mail();
            return self.refuse(552, (5, 3, 4), "The message is too large");
        };
        if !self.chunked {
            let answer = self.mailroom.data(&mut self.visit, &self.envelope).await;
            match answer {
                Answer::Accept => {}
                Answer::GiveUpAfter(bytes) => {
                    self.wait_for(bytes.min(size)).await?;
                    return self.give_up();
                }
                refusal => {
                    self.discard(size as u64).await?;
                    self.forget_mail();
                    self.answer(refusal, b"").await?;
                    return Ok(());
                }
            }
            self.chunked = true;
        }
        self.wait_for(size).await?;
        if !last {
            self.chunks.extend_from_slice(&self.line.input[..size]);
            self.line.forget(size);
            self.line.say(b"250 2.0.0 Chunk taken\r\n");
            return Ok(());
        }
        let mut message = &self.line.input[..size];
        if !self.chunks.is_empty() {
            self.chunks.extend_from_slice(message);
            message = &self.chunks;
        }
        let answer = self.mailroom.message(&mut self.visit, &self.envelope, message).await;
        self.line.forget(size);
        self.forget_mail();
        if self.chunks.capacity() > KEPT {
            self.chunks = Vec::new();
        }
        if self.answer(answer, TAKEN).await? {
            // Pipelining makes several errors of one refusal: who has good mail too is not sent away.
            self.errors = 0;
        }
        Ok(())
    }

    async fn wait_for(&mut self, bytes: usize) -> Result<(), End> {
        while self.line.input.len() < bytes {
            self.line.wait_for_body(self.options.limits.body_silence).await?;
        }
        Ok(())
    }

    async fn discard(&mut self, mut bytes: u64) -> Result<(), End> {
        loop {
            let here = bytes.min(self.line.input.len() as u64);
            self.line.forget(here as usize);
            bytes -= here;
            if bytes == 0 {
                return Ok(());
            }
            self.line.wait_for_body(self.options.limits.body_silence).await?;
        }
    }

    fn give_up(&mut self) -> Result<(), End> {
        self.line.say(b"421 4.3.2 This server is going down\r\n");
        Err(End::Farewell)
    }
}
