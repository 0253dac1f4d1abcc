//! The one HTTP client: https, names resolved and checked here, connections only to what was checked.

use std::error::Error;
use std::fmt;
use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;

use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use reqwest::header::CONTENT_TYPE;
use rustls::crypto::aws_lc_rs;
use rustls::pki_types::CertificateDer;
use rustls::{ClientConfig, RootCertStore};
use tokio::sync::OnceCell;
use url::{Host, Url};

use crate::address::is_public;
use crate::names::{NameError, Resolver};

/// Tells who asks, and nothing about how old the program is.
const USER_AGENT: &str = "Soucoupe";

/// How much one request may take.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct HttpLimits {
    /// From the first question to the last byte.
    pub time: Duration,
    /// Octets of the answer.
    pub size: usize,
}

impl Default for HttpLimits {
    fn default() -> Self {
        Self { time: Duration::from_secs(30), size: 1024 * 1024 }
    }
}

/// Fetches over HTTPS from public addresses. Cloning shares the connections.
#[derive(Clone)]
pub struct HttpClient {
    resolver: Resolver,
    /// Addresses that are let through although they are private; for tests.
    allowed: Arc<[SocketAddr]>,
    /// Certificates that are trusted besides those of the system; for tests.
    roots: Arc<[CertificateDer<'static>]>,
    limits: HttpLimits,
    /// Reading the system's roots takes tens of milliseconds: at the first request.
    client: Arc<OnceCell<reqwest::Client>>,
}

/// What a server answered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answered {
    /// The status: 301 is an answer like any other, nobody goes there.
    pub status: u16,
    /// The Content-Type, as sent.
    pub content_type: Option<String>,
    /// The whole body.
    pub body: Vec<u8>,
}

impl Answered {
    /// Whether the status is one of 200 to 299.
    pub fn is_success(&self) -> bool {
        (200..300).contains(&self.status)
    }
}

/// Why nothing was fetched.
#[derive(Debug, thiserror::Error)]
pub enum HttpError {
    /// Another scheme, no host, or a password in the address.
    #[error("{0} is not an https address that may be fetched")]
    Address(String),
    /// The name leads to this machine, a private network or a reserved range.
    #[error("{0} does not lie on the public internet")]
    Private(String),
    /// The name could not be resolved.
    #[error("{0}")]
    Name(NameError),
    /// More than the limit.
    #[error("the answer is larger than {0} octets")]
    TooLarge(usize),
    /// Longer than the limit.
    #[error("no complete answer within {0:?}")]
    TimedOut(Duration),
    /// This system has no root certificates.
    #[error("this system has no root certificates (on Debian: package ca-certificates)")]
    NoRoots,
    /// No connection, no trusted certificate, or no HTTP.
    #[error("the request failed")]
    Failed(#[source] reqwest::Error),
    /// TLS could not be set up on our side.
    #[error("the TLS settings were refused")]
    Settings(#[source] rustls::Error),
}

/// What the checked look-up says to the HTTP library, and comes back inside its error.
#[derive(Debug)]
enum Unresolved {
    Private(String),
    Name(NameError),
}

impl fmt::Display for Unresolved {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Private(name) => write!(f, "{name} does not lie on the public internet"),
            Self::Name(error) => error.fmt(f),
        }
    }
}

impl Error for Unresolved {}

/// Resolves a name and hands on only what may be connected to: the connection is made to these addresses, so that
/// a second, different answer of the DNS changes nothing.
struct Guard {
    resolver: Resolver,
    allowed: Arc<[SocketAddr]>,
}

impl Resolve for Guard {
    fn resolve(&self, name: Name) -> Resolving {
        let (resolver, allowed) = (self.resolver.clone(), self.allowed.clone());
        Box::pin(async move {
            let name = name.as_str();
            let found = resolver.addresses(name).await.map_err(Unresolved::Name)?;
            // One private address among public ones is a trap, or a mistake; either way it is left out.
            let checked: Vec<SocketAddr> =
                found.value.into_iter().filter_map(|address| checked(address, &allowed)).collect();
            if checked.is_empty() {
                return Err(Unresolved::Private(name.to_owned()).into());
            }
            Ok(Box::new(checked.into_iter()) as Addrs)
        })
    }
}

/// The address with port 0, which stands for the usual one; an allowed address brings its own port.
fn checked(address: IpAddr, allowed: &[SocketAddr]) -> Option<SocketAddr> {
    if let Some(known) = allowed.iter().find(|known| known.ip() == address) {
        return Some(*known);
    }
    is_public(address).then(|| SocketAddr::new(address, 0))
}

impl HttpClient {
    /// A client that reaches the public internet.
    pub fn new(resolver: Resolver) -> Self {
        Self::with(resolver, &[], Vec::new())
    }

    /// A client for tests: it also reaches these addresses (at their ports, where the URL names none), and trusts
    /// these certificates too.
    pub fn allowing(resolver: Resolver, allowed: &[SocketAddr], roots: Vec<CertificateDer<'static>>) -> Self {
        Self::with(resolver, allowed, roots)
    }

    fn with(resolver: Resolver, allowed: &[SocketAddr], roots: Vec<CertificateDer<'static>>) -> Self {
        Self {
            resolver,
            allowed: allowed.into(),
            roots: roots.into(),
            limits: HttpLimits::default(),
            client: Arc::default(),
        }
    }

    /// The same client with other limits.
    pub fn limited(&self, limits: HttpLimits) -> Self {
        Self { limits, ..self.clone() }
    }

    /// Fetches.
    pub async fn get(&self, url: &Url) -> Result<Answered, HttpError> {
        self.within_time(url, |client, url| client.get(url)).await
    }

    /// Sends a body.
    pub async fn post(&self, url: &Url, content_type: &str, body: Vec<u8>) -> Result<Answered, HttpError> {
        self.within_time(url, |client, url| client.post(url).header(CONTENT_TYPE, content_type).body(body))
            .await
    }

    async fn within_time(
        &self,
        url: &Url,
        request: impl FnOnce(&reqwest::Client, Url) -> reqwest::RequestBuilder,
    ) -> Result<Answered, HttpError> {
        self.check(url)?;
        let client = self.client.get_or_try_init(|| self.build()).await?;
        let limits = self.limits;
        let exchange = exchange(request(client, url.clone()), limits);
        tokio::time::timeout(limits.time, exchange).await.unwrap_or(Err(HttpError::TimedOut(limits.time)))
    }

    fn check(&self, url: &Url) -> Result<(), HttpError> {
        let shown = || url.host_str().unwrap_or("the address").to_owned();
        if url.scheme() != "https" || !url.username().is_empty() || url.password().is_some() {
            return Err(HttpError::Address(shown()));
        }
        // A literal address is never asked for, so that nothing else would check it.
        let literal = match url.host() {
            Some(Host::Domain(_)) => return Ok(()),
            Some(Host::Ipv4(address)) => IpAddr::V4(address),
            Some(Host::Ipv6(address)) => IpAddr::V6(address),
            None => return Err(HttpError::Address(shown())),
        };
        checked(literal, &self.allowed).map(drop).ok_or_else(|| HttpError::Private(shown()))
    }

    async fn build(&self) -> Result<reqwest::Client, HttpError> {
        let extra = self.roots.clone();
        let config = tokio::task::spawn_blocking(move || tls(&extra)).await;
        // The task only fails when the runtime is shutting down.
        let config = config.unwrap_or(Err(HttpError::NoRoots))?;
        reqwest::Client::builder()
            .tls_backend_preconfigured(config)
            .https_only(true)
            .no_proxy()
            .redirect(reqwest::redirect::Policy::none())
            .referer(false)
            .user_agent(USER_AGENT)
            .dns_resolver(Guard { resolver: self.resolver.clone(), allowed: self.allowed.clone() })
            .build()
            .map_err(HttpError::Failed)
    }
}

fn tls(extra: &[CertificateDer<'static>]) -> Result<ClientConfig, HttpError> {
    let mut roots = RootCertStore::empty();
    roots.add_parsable_certificates(rustls_native_certs::load_native_certs().certs);
    roots.add_parsable_certificates(extra.iter().cloned());
    if roots.is_empty() {
        return Err(HttpError::NoRoots);
    }
    let config = ClientConfig::builder_with_provider(Arc::new(aws_lc_rs::default_provider()))
        .with_safe_default_protocol_versions()
        .map_err(HttpError::Settings)?
        .with_root_certificates(roots)
        .with_no_client_auth();
    Ok(config)
}

async fn exchange(request: reqwest::RequestBuilder, limits: HttpLimits) -> Result<Answered, HttpError> {
    let mut response = request.send().await.map_err(why)?;
    if response.content_length().is_some_and(|length| length > limits.size as u64) {
        return Err(HttpError::TooLarge(limits.size));
    }
    let status = response.status().as_u16();
    let content_type = response.headers().get(CONTENT_TYPE);
    let content_type = content_type.map(|value| String::from_utf8_lossy(value.as_bytes()).into_owned());
    let mut body = Vec::new();
    while let Some(chunk) = response.chunk().await.map_err(why)? {
        if body.len() + chunk.len() > limits.size {
            return Err(HttpError::TooLarge(limits.size));
        }
        body.extend_from_slice(&chunk);
    }
    Ok(Answered { status, content_type, body })
}

fn why(error: reqwest::Error) -> HttpError {
    let mut source: Option<&(dyn Error + 'static)> = error.source();
    while let Some(inner) = source {
        match inner.downcast_ref::<Unresolved>() {
            Some(Unresolved::Private(name)) => return HttpError::Private(name.clone()),
            Some(Unresolved::Name(error)) => return HttpError::Name(error.clone()),
            None => source = inner.source(),
        }
    }
    HttpError::Failed(error)
}

impl fmt::Debug for HttpClient {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("HttpClient").field("limits", &self.limits).finish_non_exhaustive()
    }
}
