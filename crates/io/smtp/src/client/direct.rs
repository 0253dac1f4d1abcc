//! Opening a connection straight to a mail server of a domain.

use std::io;
use std::net::{IpAddr, SocketAddr};
use std::time::Duration;

use records::TlsPolicy;
use rustls::pki_types::ServerName;
use tokio::net::TcpStream;
use tokio::time::timeout;

use super::open::{Tls, ehlo, greet, start_tls};
use super::{Connection, SendError, Stage, Timeouts};
use crate::stream::Stream;
use crate::tls::Trust;

/// Addresses of one server that are tried.
const ADDRESSES_MAX: usize = 6;
/// A server with another address is not waited for longer than two lost packets take.
const NEXT_ADDRESS: Duration = Duration::from_secs(5);

/// A mail server, and what a connection to it must be like.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Destination {
    /// Its name, as in the MX record.
    pub host: String,
    /// Its addresses.
    pub addresses: Vec<IpAddr>,
    /// 25, tests aside.
    pub port: u16,
    /// The encryption that it must have.
    pub tls: TlsPolicy,
    /// Names besides `host` that a certificate under DANE may be for: the domain of the readers, where DNSSEC
    /// proved which servers it has (RFC 7672 3.2.2).
    pub also: Vec<String>,
}

impl Connection {
    /// Opens a connection to the first address that answers, one of each family in turn, IPv6 first.
    ///
    /// Where the policy is opportunistic and encryption fails, a new connection is made without; where it is
    /// strict nothing goes in clear, and nothing to a server with a wrong certificate.
    pub async fn open_direct(
        destination: &Destination,
        trust: &Trust,
        ehlo_name: &str,
        timeouts: Timeouts,
    ) -> Result<Self, SendError> {
        let addresses = in_turn(&destination.addresses);
        let mut failed: Option<SendError> = None;
        for (number, address) in addresses.iter().enumerate() {
            let is_last = number + 1 == addresses.len();
            let patience = if is_last { timeouts.connect } else { timeouts.connect.min(NEXT_ADDRESS) };
            let way = Way { destination, address: *address, trust, ehlo_name, timeouts: &timeouts, patience };
            match way.open().await {
                Ok(connection) => return Ok(connection),
                Err(error) if is_final(&error) => return Err(error),
                // Of several failures that of a server that spoke is worth more.
                Err(error) => match &failed {
                    Some(SendError::Connect { .. }) | None => failed = Some(error),
                    Some(_) => {}
                },
            }
        }
        Err(failed.unwrap_or_else(|| SendError::Connect {
            relay: format!("{}:{}", destination.host, destination.port),
            source: io::Error::new(io::ErrorKind::AddrNotAvailable, "the server has no address"),
        }))
    }

    /// With whom the connection is.
    pub fn peer(&self) -> Option<SocketAddr> {
        self.exchange.stream.peer_addr().ok()
    }
}

/// One address of a destination.
struct Way<'a> {
    destination: &'a Destination,
    address: IpAddr,
    trust: &'a Trust,
    ehlo_name: &'a str,
    timeouts: &'a Timeouts,
    patience: Duration,
}

impl Way<'_> {
    async fn open(&self) -> Result<Connection, SendError> {
        let policy = &self.destination.tls;
        if *policy == TlsPolicy::None {
            return self.speak(false).await;
        }
        match self.speak(true).await {
            Err(error) if !policy.is_strict() && is_about_encryption(&error) => {
                {
                    // Its own block: a reference to any error may not be held while we wait.
                    let (host, why) = (&self.destination.host, &error as &dyn std::error::Error);
                    tracing::debug!(host, why, "a mail server does not manage to encrypt; in clear then");
                }
                self.speak(false).await
            }
            other => other,
        }
    }

    async fn speak(&self, encrypted: bool) -> Result<Connection, SendError> {
        let stream = Stream::Plain(self.connect().await?);
        let (mut exchange, mut capabilities) = greet(stream, self.ehlo_name, self.timeouts).await?;
        if encrypted && (capabilities.starttls || self.destination.tls.is_strict()) {
            exchange = start_tls(exchange, &capabilities, self.tls().await?, self.timeouts).await?;
            // RFC 3207 4.2: what was said before encryption counts no more.
            let again = ehlo(&mut exchange, self.ehlo_name, self.timeouts).await;
            capabilities = again.map_err(of_the_handshake)?;
        }
        Ok(Connection::ready(exchange, capabilities, *self.timeouts))
    }

    async fn connect(&self) -> Result<TcpStream, SendError> {
        let failed = |source| SendError::Connect { relay: self.relay(), source };
        let connecting = TcpStream::connect((self.address, self.destination.port));
        let stream = match timeout(self.patience, connecting).await {
            Ok(connected) => connected.map_err(failed)?,
            Err(_) => return Err(failed(io::ErrorKind::TimedOut.into())),
        };
        // Every write is a whole step of the dialogue: waiting to fill a packet would only delay it.
        stream.set_nodelay(true).map_err(failed)?;
        Ok(stream)
    }

    async fn tls(&self) -> Result<Tls, SendError> {
        let Destination { host, also, tls, .. } = self.destination;
        let name = ServerName::try_from(host.clone());
        let config = match tls {
            TlsPolicy::None | TlsPolicy::Opportunistic => self.trust.anything()?,
            TlsPolicy::Required => self.trust.authorities().await?,
            TlsPolicy::Dane(records) => {
                let names = [host].into_iter().chain(also);
                let names = names.filter_map(|name| ServerName::try_from(name.clone()).ok()).collect();
                self.trust.dane(records, names)?
            }
        };
        let name = match name {
            Ok(name) => name,
            // No certificate is checked against it, and an address is not sent to the server.
            Err(_) if !tls.is_strict() => ServerName::IpAddress(self.address.into()),
            Err(error) => {
                let source = io::Error::new(io::ErrorKind::InvalidInput, error);
                return Err(SendError::Tls { relay: self.relay(), source });
            }
        };
        Ok(Tls { config, name, relay: self.relay() })
    }

    fn relay(&self) -> String {
        format!("{} [{}]:{}", self.destination.host, self.address, self.destination.port)
    }
}

/// One of each family in turn, IPv6 first (RFC 8305 4), within the limit.
fn in_turn(addresses: &[IpAddr]) -> Vec<IpAddr> {
    let (six, four): (Vec<IpAddr>, Vec<IpAddr>) = addresses.iter().partition(|address| address.is_ipv6());
    let places = (0..six.len().max(four.len())).flat_map(|place| [six.get(place), four.get(place)]);
    places.flatten().copied().take(ADDRESSES_MAX).collect()
}

/// Whether another address of the same server would say the same.
fn is_final(error: &SendError) -> bool {
    match error {
        SendError::Greeting { reply, .. } => reply.is_permanent(),
        SendError::NoStartTls { .. } | SendError::TlsSettings(_) | SendError::Unsafe(_) => true,
        _ => false,
    }
}

/// In TLS 1.3 a server that ends the handshake is heard only after it: where the first words would be.
fn of_the_handshake(error: SendError) -> SendError {
    match error {
        SendError::Lost { last_byte_left, source, .. } => {
            SendError::Lost { stage: Stage::StartTls, last_byte_left, source }
        }
        other => other,
    }
}

/// Whether a connection without encryption may succeed.
fn is_about_encryption(error: &SendError) -> bool {
    match error {
        SendError::Tls { .. } | SendError::TlsSettings(_) => true,
        SendError::Greeting { stage, .. }
        | SendError::Timeout { stage, .. }
        | SendError::Lost { stage, .. }
        | SendError::Protocol { stage, .. } => *stage == Stage::StartTls,
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_families_have_their_turn() {
        let parsed =
            |list: &[&str]| -> Vec<IpAddr> { list.iter().map(|text| text.parse().unwrap()).collect() };
        let check = |list: &[&str], turns: &[&str]| assert_eq!(in_turn(&parsed(list)), parsed(turns));
        check(&["::1", "::2", "::3", "1.1.1.1"], &["::1", "1.1.1.1", "::2", "::3"]);
        check(&["1.1.1.1", "2.2.2.2", "::1"], &["::1", "1.1.1.1", "2.2.2.2"]);
        check(&[], &[]);
        let many: Vec<String> = (0..20).map(|number| format!("::{number}")).collect();
        assert_eq!(
            in_turn(&parsed(&many.iter().map(String::as_str).collect::<Vec<_>>())).len(),
            ADDRESSES_MAX
        );
    }
}
