//! Bytes out, answers in, each within its time.

use std::collections::VecDeque;
use std::future::poll_fn;
use std::io::{self, IoSlice};
use std::pin::Pin;
use std::task::{Context, Poll, Waker};
use std::time::Duration;

use bytes::{Buf, BytesMut};
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt, ReadBuf};
use tokio::time::timeout;
use wire::smtp::{Command, Reply, ReplyError, ReplyReader, UnsafeText};

use super::{SendError, Stage};
use crate::stream::Stream;

/// Answers are short; a long EHLO has a kilobyte.
const INPUT: usize = 4096;

/// What can happen on the wire, before it is known what it means for a mail.
#[derive(Debug)]
pub(super) enum Fault {
    Timeout,
    Lost(io::Error),
    Garbage(ReplyError),
    Unsafe(UnsafeText),
}

impl Fault {
    pub(super) fn at(self, stage: Stage, last_byte_left: bool) -> SendError {
        match self {
            Self::Timeout => SendError::Timeout { stage, last_byte_left },
            Self::Lost(source) => SendError::Lost { stage, last_byte_left, source },
            Self::Garbage(source) => SendError::Protocol { stage, last_byte_left, source },
            Self::Unsafe(text) => SendError::Unsafe(text),
        }
    }

    fn closed() -> Self {
        Self::Lost(io::Error::new(io::ErrorKind::UnexpectedEof, "the server closed the connection"))
    }
}

/// A stream with what was received on it.
#[derive(Debug)]
pub(super) struct Exchange {
    pub(super) stream: Stream,
    input: BytesMut,
    reader: ReplyReader,
    replies: VecDeque<Reply>,
    /// What came after the answers that are still to be read.
    garbage: Option<ReplyError>,
}

enum Progress {
    Wrote(usize),
    Received(usize),
}

impl Exchange {
    pub(super) fn new(stream: Stream) -> Self {
        Self {
            stream,
            input: BytesMut::with_capacity(INPUT),
            reader: ReplyReader::new(),
            replies: VecDeque::with_capacity(4),
            garbage: None,
        }
    }

    /// One command and its answer.
    pub(super) async fn command(&mut self, command: Command<'_>, patience: Duration) -> Result<Reply, Fault> {
        let mut line = Vec::with_capacity(64);
        command.write(&mut line).map_err(Fault::Unsafe)?;
        self.write([&line, &[], &[]], patience).await.1?;
        self.reply(patience).await
    }

    /// The next answer.
    pub(super) async fn reply(&mut self, patience: Duration) -> Result<Reply, Fault> {
        let read = async {
            loop {
                if let Some(reply) = self.replies.pop_front() {
                    return Ok(reply);
                }
                if let Some(garbage) = self.garbage.take() {
                    return Err(Fault::Garbage(garbage));
                }
                self.input.reserve(INPUT);
                if self.stream.read_buf(&mut self.input).await.map_err(Fault::Lost)? == 0 {
                    return Err(Fault::closed());
                }
                self.take_replies();
            }
        };
        timeout(patience, read).await.unwrap_or(Err(Fault::Timeout))
    }

    /// Writes the parts one after the other, in one system call where the system takes them; tells how many
    /// bytes were taken, also on a fault. `patience` is for each step forward, not for the whole.
    ///
    /// A server that gives up in the middle (421, or closing) is heard although we are still writing.
    pub(super) async fn write(
        &mut self,
        parts: [&[u8]; 3],
        patience: Duration,
    ) -> (usize, Result<(), Fault>) {
        let mut written = 0;
        let result = self.write_parts(parts, patience, &mut written).await;
        (written, result)
    }

    async fn write_parts(
        &mut self,
        mut parts: [&[u8]; 3],
        patience: Duration,
        written: &mut usize,
    ) -> Result<(), Fault> {
        while parts.iter().any(|part| !part.is_empty()) {
            let mut slices = [IoSlice::new(&[]), IoSlice::new(&[]), IoSlice::new(&[])];
            let mut count = 0;
            for part in parts.iter().filter(|part| !part.is_empty()) {
                slices[count] = IoSlice::new(part);
                count += 1;
            }
            let step = poll_fn(|cx| self.poll_step(cx, &slices[..count]));
            match timeout(patience, step).await.unwrap_or(Err(Fault::Timeout))? {
                Progress::Wrote(0) => return Err(Fault::Lost(io::ErrorKind::WriteZero.into())),
                Progress::Wrote(bytes) => {
                    *written += bytes;
                    advance(&mut parts, bytes);
                }
                Progress::Received(bytes) => self.received(bytes)?,
            }
        }
        match timeout(patience, self.stream.flush()).await {
            Ok(flushed) => flushed.map_err(Fault::Lost),
            Err(_) => Err(Fault::Timeout),
        }
    }

    fn poll_step(&mut self, cx: &mut Context<'_>, slices: &[IoSlice<'_>]) -> Poll<Result<Progress, Fault>> {
        if let Poll::Ready(wrote) = Pin::new(&mut self.stream).poll_write_vectored(cx, slices) {
            return Poll::Ready(wrote.map(Progress::Wrote).map_err(Fault::Lost));
        }
        self.poll_receive(cx).map_ok(Progress::Received)
    }

    fn poll_receive(&mut self, cx: &mut Context<'_>) -> Poll<Result<usize, Fault>> {
        let mut bytes = [0; 512];
        let mut buffer = ReadBuf::new(&mut bytes);
        match Pin::new(&mut self.stream).poll_read(cx, &mut buffer) {
            Poll::Pending => Poll::Pending,
            Poll::Ready(Err(error)) => Poll::Ready(Err(Fault::Lost(error))),
            Poll::Ready(Ok(())) => {
                self.input.extend_from_slice(buffer.filled());
                Poll::Ready(Ok(buffer.filled().len()))
            }
        }
    }

    /// Hears what came in meanwhile, without waiting; a fault if the server has given up.
    pub(super) fn listen(&mut self) -> Result<(), Fault> {
        match self.poll_receive(&mut Context::from_waker(Waker::noop())) {
            Poll::Pending => Ok(()),
            Poll::Ready(Ok(bytes)) => self.received(bytes),
            Poll::Ready(Err(fault)) => Err(fault),
        }
    }

    fn received(&mut self, bytes: usize) -> Result<(), Fault> {
        if bytes == 0 {
            return Err(Fault::closed());
        }
        self.take_replies();
        if self.garbage.is_some() || self.replies.iter().any(Reply::is_closing) {
            Err(Fault::closed())
        } else {
            Ok(())
        }
    }

    /// Whether the server has said nothing and closed nothing since its last answer was read.
    pub(super) fn is_quiet(&mut self) -> bool {
        self.waits_for_nothing() && self.poll_receive(&mut Context::from_waker(Waker::noop())).is_pending()
    }

    /// Whether bytes wait that no answer explains.
    pub(super) fn has_leftovers(&self) -> bool {
        !self.waits_for_nothing()
    }

    pub(super) async fn close(&mut self) {
        // The peer may be gone already, which is what we want.
        let _ = self.stream.shutdown().await;
    }

    fn take_replies(&mut self) {
        while !self.input.is_empty() {
            match self.reader.read(&self.input) {
                Ok((taken, reply)) => {
                    self.input.advance(taken);
                    self.replies.extend(reply);
                }
                Err(error) => {
                    self.input.clear();
                    self.garbage.get_or_insert(error);
                }
            }
        }
    }

    fn waits_for_nothing(&self) -> bool {
        self.input.is_empty() && self.replies.is_empty() && self.garbage.is_none() && !self.reader.is_midway()
    }
}

fn advance(parts: &mut [&[u8]; 3], mut bytes: usize) {
    for part in parts {
        let taken = bytes.min(part.len());
        *part = &part[taken..];
        bytes -= taken;
    }
}
