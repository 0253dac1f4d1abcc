//! Opening a connection: TCP, TLS, greeting, EHLO, STARTTLS, AUTH.

use std::io;
use std::sync::Arc;

use rustls::ClientConfig;
use rustls::pki_types::ServerName;
use tokio::net::TcpStream;
use tokio::time::timeout;
use tokio_rustls::TlsConnector;
use wire::smtp::{Capabilities, Command, Reply};

use super::exchange::{Exchange, Fault};
use super::{Connection, SendError, Stage, Timeouts, auth};
use crate::route::{Route, Security};
use crate::stream::Stream;

impl Connection {
    /// Opens a connection; `ehlo_name` is our host name, unless the route has its own.
    pub async fn open(route: &Route, ehlo_name: &str, timeouts: Timeouts) -> Result<Self, SendError> {
        let ehlo_name = route.ehlo.as_deref().unwrap_or(ehlo_name);
        let mut stream = Stream::Plain(connect(route, &timeouts).await?);
        if route.security == Security::Tls {
            stream = encrypt(stream, tls(route).await?, &timeouts).await?;
        }
        let (mut exchange, mut capabilities) = greet(stream, ehlo_name, &timeouts).await?;
        if route.security == Security::StartTls {
            exchange = start_tls(exchange, &capabilities, tls(route).await?, &timeouts).await?;
            // RFC 3207 4.2: what was said before encryption counts no more.
            capabilities = ehlo(&mut exchange, ehlo_name, &timeouts).await?;
        }
        if let Some(credentials) = &route.credentials {
            auth::sign_in(&mut exchange, &capabilities, credentials, timeouts.command).await?;
        }
        Ok(Self::ready(exchange, capabilities, timeouts))
    }

    /// A connection on which mail can be delivered.
    pub(super) fn ready(exchange: Exchange, capabilities: Capabilities, timeouts: Timeouts) -> Self {
        Self {
            exchange,
            capabilities,
            timeouts,
            usable: true,
            reset_first: false,
            deliveries: 0,
            head: Vec::with_capacity(512),
            dotted: Vec::new(),
        }
    }
}

/// With whom to speak TLS, and how.
pub(super) struct Tls {
    pub(super) config: Arc<ClientConfig>,
    pub(super) name: ServerName<'static>,
    /// Host and port, for messages.
    pub(super) relay: String,
}

async fn tls(route: &Route) -> Result<Tls, SendError> {
    let config = route.client_config().await?;
    let name = ServerName::try_from(route.host.clone()).map_err(|error| {
        let source = io::Error::new(io::ErrorKind::InvalidInput, error);
        SendError::Tls { relay: relay(route), source }
    })?;
    Ok(Tls { config, name, relay: relay(route) })
}

async fn connect(route: &Route, timeouts: &Timeouts) -> Result<TcpStream, SendError> {
    let failed = |source| SendError::Connect { relay: relay(route), source };
    let connecting = TcpStream::connect((route.host.as_str(), route.port));
    let stream = match timeout(timeouts.connect, connecting).await {
        Ok(connected) => connected.map_err(failed)?,
        Err(_) => return Err(failed(io::ErrorKind::TimedOut.into())),
    };
    // Every write is a whole step of the dialogue: waiting to fill a packet would only delay it.
    stream.set_nodelay(true).map_err(failed)?;
    Ok(stream)
}

async fn encrypt(stream: Stream, tls: Tls, timeouts: &Timeouts) -> Result<Stream, SendError> {
    let Stream::Plain(stream) = stream else { return Ok(stream) };
    let handshake = TlsConnector::from(tls.config).connect(tls.name, stream);
    let source = match timeout(timeouts.tls, handshake).await {
        Ok(Ok(encrypted)) => return Ok(Stream::Tls(Box::new(encrypted.into()))),
        Ok(Err(error)) => error,
        Err(_) => io::ErrorKind::TimedOut.into(),
    };
    Err(SendError::Tls { relay: tls.relay, source })
}

/// The greeting and EHLO.
pub(super) async fn greet(
    stream: Stream,
    ehlo_name: &str,
    timeouts: &Timeouts,
) -> Result<(Exchange, Capabilities), SendError> {
    let mut exchange = Exchange::new(stream);
    let reply = exchange.reply(timeouts.greeting).await.map_err(|fault| fault.at(Stage::Greeting, false))?;
    expect(Stage::Greeting, 220, reply)?;
    let capabilities = ehlo(&mut exchange, ehlo_name, timeouts).await?;
    Ok((exchange, capabilities))
}

/// STARTTLS and the handshake.
pub(super) async fn start_tls(
    mut exchange: Exchange,
    capabilities: &Capabilities,
    tls: Tls,
    timeouts: &Timeouts,
) -> Result<Exchange, SendError> {
    if !capabilities.starttls {
        return Err(SendError::NoStartTls { relay: tls.relay });
    }
    let reply = exchange.command(Command::StartTls, timeouts.command).await;
    expect(Stage::StartTls, 220, reply.map_err(|fault| fault.at(Stage::StartTls, false))?)?;
    // Bytes after the answer would be taken for encrypted ones (CVE-2011-0411, on this side: CVE-2021-38371).
    if exchange.has_leftovers() {
        let source = io::Error::new(io::ErrorKind::InvalidData, "the server spoke between STARTTLS and TLS");
        return Err(SendError::Tls { relay: tls.relay, source });
    }
    Ok(Exchange::new(encrypt(exchange.stream, tls, timeouts).await?))
}

pub(super) async fn ehlo(
    exchange: &mut Exchange,
    name: &str,
    timeouts: &Timeouts,
) -> Result<Capabilities, SendError> {
    let at = |fault: Fault| fault.at(Stage::Ehlo, false);
    let reply = exchange.command(Command::Ehlo(name), timeouts.command).await.map_err(at)?;
    if reply.is_positive() {
        return Ok(Capabilities::from_ehlo(&reply));
    }
    if !reply.is_permanent() {
        return Err(SendError::Greeting { stage: Stage::Ehlo, reply });
    }
    // RFC 5321 3.2: a server that does not know EHLO is greeted with HELO and has no extensions.
    let reply = exchange.command(Command::Helo(name), timeouts.command).await.map_err(at)?;
    expect(Stage::Ehlo, 250, reply)?;
    Ok(Capabilities::default())
}

fn expect(stage: Stage, code: u16, reply: Reply) -> Result<(), SendError> {
    if reply.code == code { Ok(()) } else { Err(SendError::Greeting { stage, reply }) }
}

fn relay(route: &Route) -> String {
    format!("{}:{}", route.host, route.port)
}
