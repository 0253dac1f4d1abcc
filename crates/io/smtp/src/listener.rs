//! A server that takes mail for a [`Mailroom`].

mod auth;
mod bodies;
mod line;
mod mailroom;
mod session;

use std::future::Future;
use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use rustls::ServerConfig;
use tokio::net::{TcpListener, TcpStream, ToSocketAddrs};
use tokio::sync::{Semaphore, watch};
use tokio::task::JoinSet;
use wire::smtp::{Capabilities, Reply};

pub use mailroom::{Answer, Envelope, Mailroom};

/// After a failed accept (no file descriptors left) the next one would fail as fast.
const ACCEPT_PAUSE: Duration = Duration::from_millis(100);
/// A connection over the limit is told so, if it takes the line at once.
const TURN_AWAY: Duration = Duration::from_secs(2);

/// What a listener offers, and how much it bears.
#[derive(Debug, Clone)]
pub struct ListenerOptions {
    /// Our name in the greeting.
    pub hostname: String,
    /// Offer PIPELINING (RFC 2920).
    pub pipelining: bool,
    /// Offer CHUNKING (RFC 3030).
    pub chunking: bool,
    /// Offer STARTTLS with these settings, see [`crate::tls::server_config`].
    pub tls: Option<Arc<ServerConfig>>,
    /// Encrypt from the first byte on instead; needs `tls`.
    pub tls_from_start: bool,
    /// Offer AUTH; on unencrypted connections only to loopback.
    pub auth: bool,
    /// Refuse mail before a successful AUTH.
    pub auth_required: bool,
    /// Wait so long before each batch of answers: a distant server, for tests and benchmarks.
    pub answer_delay: Duration,
    /// How much one peer may ask for.
    pub limits: Limits,
}

/// How much one peer may ask for.
#[derive(Debug, Clone, Copy)]
pub struct Limits {
    /// Octets of a message.
    pub message: usize,
    /// Recipients of a message; RFC 5321 4.5.3.1.8 asks for a hundred.
    pub recipients: usize,
    /// Connections at once.
    pub connections: usize,
    /// Commands refused before the connection is closed.
    pub errors: usize,
    /// Silence between commands; RFC 5321 4.5.3.2.7 asks for five minutes.
    pub silence: Duration,
    /// Silence within a message.
    pub body_silence: Duration,
    /// How long open sessions may go on after the shutdown began.
    pub grace: Duration,
}

impl Default for ListenerOptions {
    fn default() -> Self {
        Self {
            hostname: "localhost".to_owned(),
            pipelining: true,
            chunking: true,
            tls: None,
            tls_from_start: false,
            auth: false,
            auth_required: false,
            answer_delay: Duration::ZERO,
            limits: Limits::default(),
        }
    }
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            message: 25 * 1024 * 1024,
            recipients: 100,
            connections: 1000,
            errors: 20,
            silence: Duration::from_secs(300),
            body_silence: Duration::from_secs(180),
            grace: Duration::from_secs(5),
        }
    }
}

impl ListenerOptions {
    fn capabilities(&self, encrypted: bool, local: bool) -> Capabilities {
        let auth = self.auth && (encrypted || local);
        Capabilities {
            pipelining: self.pipelining,
            chunking: self.chunking,
            starttls: self.tls.is_some() && !encrypted,
            eight_bit_mime: true,
            smtp_utf8: true,
            enhanced_status_codes: true,
            size: Some(self.limits.message as u64),
            auth: if auth { vec!["PLAIN".to_owned(), "LOGIN".to_owned()] } else { Vec::new() },
        }
    }
}

/// A bound socket.
#[derive(Debug)]
pub struct Listener {
    socket: TcpListener,
    options: Arc<ListenerOptions>,
}

impl Listener {
    /// Binds the address; connections wait until [`Listener::serve`].
    pub async fn bind(address: impl ToSocketAddrs, options: ListenerOptions) -> io::Result<Self> {
        let socket = TcpListener::bind(address).await?;
        Ok(Self { socket, options: Arc::new(options) })
    }

    /// Where it listens.
    pub fn local_addr(&self) -> io::Result<SocketAddr> {
        self.socket.local_addr()
    }

    /// Serves until `shutdown` is done: then idle sessions are told 421, and a message that is arriving has the
    /// grace time to arrive.
    pub async fn serve<M: Mailroom>(self, mailroom: Arc<M>, shutdown: impl Future<Output = ()>) {
        let limits = self.options.limits;
        let places = Arc::new(Semaphore::new(limits.connections));
        let (closing, _) = watch::channel(false);
        let mut sessions = JoinSet::new();
        let mut shutdown = std::pin::pin!(shutdown);
        loop {
            let accepted = tokio::select! {
                accepted = self.socket.accept() => accepted,
                () = &mut shutdown => break,
            };
            // Sessions that ended are forgotten, so that the set does not grow.
            while sessions.try_join_next().is_some() {}
            let (stream, peer) = match accepted {
                Ok(accepted) => accepted,
                Err(error) => {
                    tracing::warn!(%error, "an SMTP connection could not be accepted");
                    tokio::time::sleep(ACCEPT_PAUSE).await;
                    continue;
                }
            };
            let Ok(place) = places.clone().try_acquire_owned() else {
                sessions.spawn(turn_away(stream));
                continue;
            };
            let session =
                session::serve(stream, peer, self.options.clone(), mailroom.clone(), closing.subscribe());
            sessions.spawn(async move {
                session.await;
                drop(place);
            });
        }
        drop(self.socket);
        closing.send_replace(true);
        let finish = async { while sessions.join_next().await.is_some() {} };
        if tokio::time::timeout(limits.grace, finish).await.is_err() {
            sessions.shutdown().await;
        }
    }
}

async fn turn_away(mut stream: TcpStream) {
    let mut line = Vec::new();
    Reply::new(421, Some((4, 3, 2)), "Too many connections, try again later").write(&mut line);
    let _ = tokio::time::timeout(TURN_AWAY, tokio::io::AsyncWriteExt::write_all(&mut stream, &line)).await;
}
