//! A wire tap between the program and its relay: passes everything on as it is, and keeps what the program said.

use std::io;
use std::net::SocketAddrV4;
use std::sync::{Arc, Mutex};

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

/// What was said, a row of octets for each connection.
type Heard = Arc<Mutex<Vec<Vec<u8>>>>;

/// A running tap; ends with the test.
pub struct Tap {
    heard: Heard,
}

impl Tap {
    /// Listens at one address for another.
    pub async fn start(at: SocketAddrV4, relay: SocketAddrV4) -> Self {
        let listener = TcpListener::bind(at).await.expect("the tap's address is free");
        let heard = Heard::default();
        let kept = heard.clone();
        tokio::spawn(async move {
            while let Ok((client, _)) = listener.accept().await {
                tokio::spawn(pass(client, relay, kept.clone()));
            }
        });
        Tap { heard }
    }

    /// Every mail that the relay was given, to the octet.
    pub fn mails(&self) -> Vec<Vec<u8>> {
        let heard = self.heard.lock().expect("nobody panics while listening");
        heard.iter().flat_map(|said| mails(said)).collect()
    }
}

async fn pass(client: TcpStream, relay: SocketAddrV4, heard: Heard) -> io::Result<()> {
    let server = TcpStream::connect(relay).await?;
    let (mut from_client, mut to_client) = client.into_split();
    let (mut from_server, mut to_server) = server.into_split();
    let place = {
        let mut heard = heard.lock().expect("nobody panics while listening");
        heard.push(Vec::new());
        heard.len() - 1
    };
    let forth = async {
        let mut bytes = vec![0; 64 * 1024];
        loop {
            let read = from_client.read(&mut bytes).await?;
            heard.lock().expect("nobody panics while listening")[place].extend_from_slice(&bytes[..read]);
            if read == 0 {
                return to_server.shutdown().await;
            }
            to_server.write_all(&bytes[..read]).await?;
        }
    };
    let back = async {
        tokio::io::copy(&mut from_server, &mut to_client).await?;
        to_client.shutdown().await
    };
    tokio::try_join!(forth, back).map(|_| ())
}

/// The mails in one side of a dialogue, whether they came by BDAT (RFC 3030) or by DATA with its dots (RFC 5321 4.5.2).
fn mails(mut said: &[u8]) -> Vec<Vec<u8>> {
    let (mut mails, mut mail) = (Vec::new(), Vec::new());
    while let Some(end) = find(said, b"\r\n") {
        let line = String::from_utf8_lossy(&said[..end]).to_ascii_uppercase();
        said = &said[end + 2..];
        if let Some(chunk) = line.strip_prefix("BDAT ") {
            let size: usize = chunk.split(' ').next().and_then(|size| size.parse().ok()).unwrap_or(0);
            let (bytes, rest) = said.split_at(size.min(said.len()));
            mail.extend_from_slice(bytes);
            said = rest;
            if chunk.ends_with("LAST") {
                mails.push(std::mem::take(&mut mail));
            }
        } else if line == "DATA" {
            let end = find(said, b"\r\n.\r\n").map_or(said.len(), |end| end + 2);
            let (bytes, rest) = said.split_at(end);
            mails.push(undotted(bytes));
            said = rest.strip_prefix(b".\r\n").unwrap_or(rest);
        }
    }
    mails
}

fn undotted(bytes: &[u8]) -> Vec<u8> {
    let lines = bytes.split_inclusive(|byte| *byte == b'\n');
    lines.flat_map(|line| line.strip_prefix(b".").unwrap_or(line)).copied().collect()
}

fn find(bytes: &[u8], what: &[u8]) -> Option<usize> {
    bytes.windows(what.len()).position(|window| window == what)
}

#[cfg(test)]
mod tests {
    use super::mails;

    #[test]
    fn mails_are_found_in_both_ways_of_saying_them() {
        let said = b"EHLO x\r\nMAIL FROM:<a@b>\r\nBDAT 6\r\nDATA\r\nBDAT 3 LAST\r\n.\r\nRSET\r\nDATA\r\n..a\r\nb\r\n.\r\nQUIT\r\n";
        assert_eq!(mails(said), [b"DATA\r\n.\r\n".to_vec(), b".a\r\nb\r\n".to_vec()]);
    }
}
