//! The bytes of one connection: a buffer in, a buffer out.

use std::time::Duration;

use bytes::{Buf, BytesMut};
use memchr::memchr;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::sync::watch;
use tokio::time::{sleep, timeout};

use crate::stream::Stream;

/// Room for commands; a connection that sends nothing big never takes more.
const INPUT_SMALL: usize = 4 * 1024;
/// Room once a body came: a usual letter arrives in one read.
const INPUT_LARGE: usize = 64 * 1024;
/// A buffer that one great message needed is given back after it.
const INPUT_KEPT: usize = 1024 * 1024;
/// A peer that does not take our answers is given up.
const WRITE_PATIENCE: Duration = Duration::from_secs(60);
/// After a farewell: how long we read on, so that closing does not destroy the answer on its way (a close
/// with unread bytes resets the connection).
const LINGER: Duration = Duration::from_secs(1);

/// Why a session stops.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum End {
    /// At once.
    Closed,
    /// After a last answer that the peer should get.
    Farewell,
    /// To go on encrypted.
    StartTls,
}

/// What a line was.
pub(super) enum Heard {
    Line,
    BareLineFeed,
}

#[derive(Debug)]
pub(super) struct Line {
    pub(super) stream: Stream,
    pub(super) input: BytesMut,
    pub(super) output: Vec<u8>,
    closing: watch::Receiver<bool>,
    room: usize,
    answer_delay: Duration,
}

impl Line {
    pub(super) fn new(stream: Stream, closing: watch::Receiver<bool>, answer_delay: Duration) -> Self {
        Self { stream, input: BytesMut::new(), output: Vec::new(), closing, room: INPUT_SMALL, answer_delay }
    }

    pub(super) fn into_stream(self) -> (Stream, watch::Receiver<bool>, Duration) {
        (self.stream, self.closing, self.answer_delay)
    }

    pub(super) fn say(&mut self, line: &[u8]) {
        self.output.extend_from_slice(line);
    }

    /// Copies the next line, without its CRLF, into `line`.
    pub(super) async fn next(
        &mut self,
        line: &mut Vec<u8>,
        max: usize,
        patience: Duration,
    ) -> Result<Heard, End> {
        let mut searched = 0;
        let end = loop {
            if let Some(found) = memchr(b'\n', &self.input[searched..]) {
                break searched + found;
            }
            searched = self.input.len();
            if searched > max {
                break searched;
            }
            self.wait_for_command(patience).await?;
        };
        if end > max {
            self.say(b"500 5.5.2 Line too long\r\n");
            return Err(End::Farewell);
        }
        line.clear();
        line.extend_from_slice(&self.input[..end]);
        self.input.advance(end + 1);
        // RFC 5321 2.3.8: a LF alone ends no line.
        Ok(if line.pop_if(|last| *last == b'\r').is_some() { Heard::Line } else { Heard::BareLineFeed })
    }

    /// Sends the answers, then reads; the shutdown of the listener ends the wait.
    async fn wait_for_command(&mut self, patience: Duration) -> Result<(), End> {
        self.flush().await?;
        self.make_room();
        let read = timeout(patience, self.stream.read_buf(&mut self.input));
        let read = tokio::select! {
            biased;
            _ = self.closing.wait_for(|closing| *closing) => {
                self.output.extend_from_slice(b"421 4.3.2 Shutting down\r\n");
                return Err(End::Farewell);
            }
            read = read => read,
        };
        self.received(read)
    }

    /// Sends the answers, then reads more of a body.
    pub(super) async fn wait_for_body(&mut self, patience: Duration) -> Result<(), End> {
        self.flush().await?;
        self.room = INPUT_LARGE;
        self.make_room();
        let read = timeout(patience, self.stream.read_buf(&mut self.input)).await;
        self.received(read)
    }

    fn received(
        &mut self,
        read: Result<std::io::Result<usize>, tokio::time::error::Elapsed>,
    ) -> Result<(), End> {
        match read {
            Ok(Ok(1..)) => Ok(()),
            Ok(_) => Err(End::Closed),
            Err(_) => {
                self.say(b"421 4.4.2 You were silent for too long\r\n");
                Err(End::Farewell)
            }
        }
    }

    fn make_room(&mut self) {
        // When all was read, `reserve` only moves back to the front of the buffer.
        let free = self.input.capacity() - self.input.len();
        if self.input.is_empty() || free < self.room / 4 {
            self.input.reserve(self.room);
        }
    }

    /// Takes away the front of the input.
    pub(super) fn forget(&mut self, bytes: usize) {
        self.input.advance(bytes);
        if self.input.capacity() > INPUT_KEPT && self.input.len() < INPUT_LARGE {
            self.input = BytesMut::from(&self.input[..]);
        }
    }

    pub(super) async fn flush(&mut self) -> Result<(), End> {
        if self.output.is_empty() {
            return Ok(());
        }
        if !self.answer_delay.is_zero() {
            sleep(self.answer_delay).await;
        }
        let write = async {
            self.stream.write_all(&self.output).await?;
            self.stream.flush().await
        };
        let written = timeout(WRITE_PATIENCE, write).await;
        self.output.clear();
        if matches!(written, Ok(Ok(()))) { Ok(()) } else { Err(End::Closed) }
    }

    /// Says nothing more and waits for the peer to go.
    pub(super) async fn hang(&mut self) -> End {
        let _ = self.flush().await;
        let gone = async {
            loop {
                self.input.clear();
                self.input.reserve(INPUT_SMALL);
                if !matches!(self.stream.read_buf(&mut self.input).await, Ok(1..)) {
                    return;
                }
            }
        };
        tokio::select! {
            _ = self.closing.wait_for(|closing| *closing) => {}
            () = gone => {}
        }
        End::Closed
    }

    /// Closes; after a farewell, so that it arrives.
    pub(super) async fn close(&mut self, end: End) {
        let _ = self.flush().await;
        let _ = timeout(LINGER, self.stream.shutdown()).await;
        if end != End::Farewell {
            return;
        }
        let drain = async {
            loop {
                self.input.clear();
                self.input.reserve(INPUT_LARGE);
                if !matches!(self.stream.read_buf(&mut self.input).await, Ok(1..)) {
                    return;
                }
            }
        };
        let _ = timeout(LINGER, drain).await;
    }
}
