//! A connection to a relay, on which one call delivers one mail.

mod auth;
mod deliver;
mod direct;
mod error;
mod exchange;
mod gated;
mod open;
mod timeouts;

use std::convert::Infallible;
use std::future::{Ready, ready};
use std::time::Duration;

use wire::smtp::{Capabilities, Command};

pub use direct::Destination;
pub use error::{AuthError, NotDelivered, Refusal, SendError, Stage};
pub use timeouts::Timeouts;

use exchange::Exchange;

/// A server that takes longer to say goodbye is left without.
const QUIT_PATIENCE: Duration = Duration::from_secs(2);

/// An open connection: greeted, encrypted and signed in as its route says.
#[derive(Debug)]
pub struct Connection {
    exchange: Exchange,
    capabilities: Capabilities,
    timeouts: Timeouts,
    /// False from the first byte of a mail until its transaction is over: a call that fails or is dropped
    /// half-way leaves a connection on which nothing more can be said.
    usable: bool,
    /// The last transaction was refused: RSET goes before the next MAIL (RFC 3030 4.2, RFC 5321 4.1.4).
    reset_first: bool,
    deliveries: u64,
    /// Commands of the current mail; kept, so that a mail allocates nothing that grows with the letter.
    head: Vec<u8>,
    /// The letter with its dots, when it has lines that start with one.
    dotted: Vec<u8>,
}

/// A mail that the server took.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Delivered {
    /// Its answer, which often holds the name under which it keeps the mail.
    pub reply: wire::smtp::Reply,
}

/// The gate of a mail that no ledger waits for.
pub fn ungated() -> Ready<Result<(), Infallible>> {
    ready(Ok(()))
}

impl Connection {
    /// Whether another mail can be delivered; false after a loss, a time-out or a 421.
    pub fn is_usable(&self) -> bool {
        self.usable
    }

    /// Whether it is usable and the server has neither closed it nor said anything since the last mail.
    /// Costs no round trip.
    pub fn is_alive(&mut self) -> bool {
        self.usable && self.exchange.is_quiet()
    }

    /// Mails that the server took on this connection.
    pub fn deliveries(&self) -> u64 {
        self.deliveries
    }

    /// What the server offered.
    pub fn capabilities(&self) -> &Capabilities {
        &self.capabilities
    }

    /// Whether the connection is encrypted.
    pub fn is_encrypted(&self) -> bool {
        self.exchange.stream.is_encrypted()
    }

    /// Says QUIT and closes; what the server answers changes nothing.
    pub async fn quit(mut self) {
        if !self.usable {
            return;
        }
        let _ = tokio::time::timeout(QUIT_PATIENCE, async {
            self.exchange.command(Command::Quit, QUIT_PATIENCE).await.map_err(drop)?;
            self.exchange.close().await;
            Ok::<(), ()>(())
        })
        .await;
    }
}
