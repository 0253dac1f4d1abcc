//! A mail server with bad manners that goes no further than EHLO and STARTTLS.

use std::io;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex};

use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinSet;

/// What it does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Manners {
    /// Offers no STARTTLS.
    HidesStartTls,
    /// Offers it and says no.
    RefusesStartTls,
    /// Offers it and hangs up.
    ClosesAtStartTls,
    /// Says yes, and then something that is not TLS.
    GarbageForTls,
    /// Says yes, and something more in clear.
    SpeaksTooEarly,
    /// Has no time.
    TooBusy,
    /// Refuses us for good.
    WantsUsNot,
}

/// A running server; it stops when dropped.
pub(super) struct Scripted {
    pub(super) address: SocketAddr,
    heard: Arc<Mutex<(usize, Vec<String>)>>,
    _task: JoinSet<()>,
}

impl Scripted {
    pub(super) async fn start(manners: Manners) -> Scripted {
        Self::start_at(SocketAddr::from(([127, 0, 0, 1], 0)), manners).await.unwrap()
    }

    pub(super) async fn start_at(address: SocketAddr, manners: Manners) -> io::Result<Scripted> {
        let listener = TcpListener::bind(address).await?;
        let address = listener.local_addr()?;
        let heard = Arc::new(Mutex::new((0, Vec::new())));
        let hears = heard.clone();
        let mut task = JoinSet::new();
        task.spawn(async move {
            let mut connections = JoinSet::new();
            while let Ok((stream, _)) = listener.accept().await {
                hears.lock().unwrap().0 += 1;
                let hears = hears.clone();
                connections.spawn(async move {
                    // The client may hang up whenever it likes.
                    let _ = speak(stream, manners, &hears).await;
                });
            }
        });
        Ok(Scripted { address, heard, _task: task })
    }

    /// The first words of what clients said, over all connections.
    pub(super) fn said(&self) -> Vec<String> {
        self.heard.lock().unwrap().1.clone()
    }

    pub(super) fn connections(&self) -> usize {
        self.heard.lock().unwrap().0
    }
}

async fn speak(stream: TcpStream, manners: Manners, heard: &Mutex<(usize, Vec<String>)>) -> io::Result<()> {
    let mut stream = BufReader::new(stream);
    let greeting = match manners {
        Manners::TooBusy => "421 4.3.2 Too busy\r\n",
        Manners::WantsUsNot => "554 5.7.1 Not you\r\n",
        _ => "220 mx.letter.example\r\n",
    };
    stream.write_all(greeting.as_bytes()).await?;
    let mut line = Vec::new();
    loop {
        line.clear();
        if stream.read_until(b'\n', &mut line).await? == 0 {
            return Ok(());
        }
        let words = String::from_utf8_lossy(&line);
        let word = words.split_whitespace().next().unwrap_or_default();
        match word {
            "EHLO" | "STARTTLS" | "MAIL" | "RCPT" | "DATA" => heard.lock().unwrap().1.push(word.to_owned()),
            _ => {}
        }
        let answer = match (word, manners) {
            ("EHLO", Manners::HidesStartTls) => "250 mx.letter.example\r\n",
            ("EHLO", _) => "250-mx.letter.example\r\n250 STARTTLS\r\n",
            ("STARTTLS", Manners::RefusesStartTls) => "454 4.7.0 No\r\n",
            ("STARTTLS", Manners::ClosesAtStartTls) => return Ok(()),
            ("STARTTLS", Manners::GarbageForTls) => {
                stream.write_all(b"220 Go\r\n").await?;
                // The ClientHello, whose first octet is 22 and which seldom has a line end.
                stream.fill_buf().await?;
                stream.write_all(b"This is not TLS, and never was.\r\n").await?;
                return Ok(());
            }
            ("STARTTLS", Manners::SpeaksTooEarly) => "220 Go\r\n250 And another answer\r\n",
            _ => "250 Ok\r\n",
        };
        stream.write_all(answer.as_bytes()).await?;
    }
}
