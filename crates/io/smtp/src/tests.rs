//! Our client and our listener, over real sockets on the loopback.

mod delivering;
mod direct;
mod encrypting;
mod losing;
mod receiving;
mod refusing;

use std::convert::Infallible;
use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use crate::sink::Fault;
use crate::{Connection, Delivered, ListenerOptions, NotDelivered, Sink, SinkOptions, Timeouts, ungated};

const FROM: &str = "b+1@bounce.letter.example";
const TO: &str = "jeanne@reader.example";
/// Long enough for a busy machine; nothing here waits for it to pass.
const PATIENCE: Duration = Duration::from_secs(30);

/// The four kinds of server: with and without PIPELINING and CHUNKING.
const KINDS: [(bool, bool); 4] = [(false, false), (true, false), (false, true), (true, true)];

fn kind((pipelining, chunking): (bool, bool)) -> ListenerOptions {
    ListenerOptions { pipelining, chunking, ..ListenerOptions::default() }
}

async fn sink(listener: ListenerOptions, faults: Vec<Fault>) -> Sink {
    let options = SinkOptions { listener, faults, keep_messages: true, ..SinkOptions::default() };
    Sink::start(options).await.unwrap()
}

async fn open(sink: &Sink) -> Connection {
    Connection::open(&sink.route(), "letter.example", Timeouts::all(PATIENCE)).await.unwrap()
}

async fn deliver(
    connection: &mut Connection,
    to: &str,
    message: &[u8],
) -> Result<Delivered, NotDelivered<Infallible>> {
    connection.deliver(FROM, to, message, ungated()).await
}

fn letter(number: usize) -> Vec<u8> {
    format!(
        "From: <a@letter.example>\r\nMessage-ID: <{number}@letter.example>\r\n\r\n.dot\r\n..\r\nBonjour\r\n.\r\n"
    )
    .into_bytes()
}

fn refusal(result: Result<Delivered, NotDelivered<Infallible>>) -> crate::Refusal {
    match result {
        Err(NotDelivered::Refused(refusal)) => refusal,
        other => panic!("not refused: {other:?}"),
    }
}

/// Sends raw bytes after the greeting and returns all that comes back until the server closes.
async fn speak(sink: &Sink, bytes: &[u8]) -> String {
    let mut stream = TcpStream::connect(sink.address()).await.unwrap();
    stream.write_all(bytes).await.unwrap();
    let mut answers = String::new();
    stream.read_to_string(&mut answers).await.unwrap();
    answers
}
