//! A connection, and the answers that are read from it within bounds.

use std::io;

use tokio::io::{
    AsyncBufRead, AsyncBufReadExt, AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt, BufReader,
};

use crate::answer::{Answer, Piece, announced};

/// TCP, or TLS over it.
pub(crate) trait Wire: AsyncRead + AsyncWrite + Send + Unpin {}
impl<T: AsyncRead + AsyncWrite + Send + Unpin> Wire for T {}

/// What IMAP is spoken over.
pub(crate) struct Line {
    wire: BufReader<Box<dyn Wire>>,
    /// Octets that the answers to the present command may still have. A server that says more is cut off.
    pub(crate) room: u64,
}

/// Why no answer came.
#[derive(Debug)]
pub(crate) enum Fault {
    Lost(io::Error),
    NotImap(&'static str),
}

impl Line {
    pub(crate) fn new(wire: Box<dyn Wire>) -> Self {
        Line { wire: BufReader::with_capacity(16 * 1024, wire), room: 0 }
    }

    /// The connection itself; nothing when the server has said more than was asked for.
    pub(crate) fn into_wire(self) -> Option<Box<dyn Wire>> {
        self.wire.buffer().is_empty().then(|| self.wire.into_inner())
    }

    pub(crate) async fn send(&mut self, bytes: &[u8]) -> io::Result<()> {
        let wire = self.wire.get_mut();
        wire.write_all(bytes).await?;
        wire.flush().await
    }

    /// The next answer.
    pub(crate) async fn answer(&mut self) -> Result<Answer, Fault> {
        let mut answer = Answer::default();
        loop {
            let mut text = self.text().await?;
            let words = answer.pieces.is_empty() && Answer::is_words(&text);
            let literal = if words { None } else { announced(&text) };
            let Some((start, size)) = literal else {
                answer.pieces.push(Piece::Text(text));
                return Ok(answer);
            };
            text.truncate(start);
            answer.pieces.push(Piece::Text(text));
            answer.pieces.push(Piece::Literal(self.literal(size).await?));
        }
    }

    /// A line without its end.
    async fn text(&mut self) -> Result<Vec<u8>, Fault> {
        let mut line = Vec::new();
        let room = self.room;
        let read = until_newline(&mut (&mut self.wire).take(room), &mut line).await.map_err(Fault::Lost)?;
        self.room -= read;
        if !line.ends_with(b"\n") {
            return Err(if self.room == 0 { Fault::NotImap(TOO_MUCH) } else { ended() });
        }
        line.pop();
        if line.ends_with(b"\r") {
            line.pop();
        }
        Ok(line)
    }

    async fn literal(&mut self, size: u64) -> Result<Vec<u8>, Fault> {
        if size > self.room {
            return Err(Fault::NotImap(TOO_MUCH));
        }
        self.room -= size;
        let mut bytes = Vec::new();
        let read = (&mut self.wire).take(size).read_to_end(&mut bytes).await.map_err(Fault::Lost)?;
        if (read as u64) < size { Err(ended()) } else { Ok(bytes) }
    }
}

const TOO_MUCH: &str = "more than was asked for";

async fn until_newline(from: &mut (impl AsyncBufRead + Unpin), line: &mut Vec<u8>) -> io::Result<u64> {
    from.read_until(b'\n', line).await.map(|read| read as u64)
}

fn ended() -> Fault {
    Fault::Lost(io::ErrorKind::UnexpectedEof.into())
}
