//! Where a mail by a route knocks, and the knocking.

use std::borrow::Cow;
use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use instance::Instance;
use net::{HttpClient, MailHost, MailHosts, MailHostsError, NameError, Resolver, StsPolicies, mail_hosts};
use policy::provider;
use records::TlsPolicy;
use smtp::tls::Trust;
use smtp::{Connection, SendError, Timeouts};
use tokio::sync::OnceCell;

use crate::model::Route;
use crate::out::{Direct, Out};

/// What was looked up about a domain is believed for so long; the resolver keeps to the times of the records.
const FRESH: Duration = Duration::from_secs(60);
/// The same where there was no answer, or none that helps.
const FRESH_NOWHERE: Duration = Duration::from_secs(15);
/// Domains that are remembered; beyond, all are forgotten and asked again.
const REMEMBERED: usize = 50_000;
/// Whether our own name server answers at all is believed for so long, and waited for no longer than that.
const HEARD: Duration = Duration::from_secs(15);
const HEARING: Duration = Duration::from_secs(3);
/// A name server that is slower than this is asked again later.
const PATIENCE: Duration = Duration::from_secs(10);

/// Where the mails for a domain knock, by a route.
#[derive(Clone, Debug)]
pub struct Destination {
    /// The same for all domains whose mails may share a connection; empty for a relay.
    pub key: String,
    /// Who is behind the door; for a relay, the relay itself, whatever the domain.
    pub provider: Cow<'static, str>,
    hosts: Vec<MailHost>,
    /// Names that a certificate under DANE may be for, besides those of the servers.
    also: Vec<String>,
}

/// Why there is no door.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Nowhere {
    /// For good: the domain takes no mail, or does not exist.
    #[error("{words}")]
    Dead {
        /// An answer of ours, in the numbers of SMTP.
        code: u16,
        /// An enhanced code and a sentence.
        words: String,
    },
    /// For now.
    #[error("{words}")]
    Later {
        /// An enhanced code and a sentence.
        words: String,
    },
}

/// Doors of all routes of an instance; shared by everybody who sends.
#[derive(Clone)]
pub struct Doors {
    instance: Instance,
    relay: Arc<Destination>,
    trust: Arc<Trust>,
    streets: Arc<OnceCell<Result<Streets, String>>>,
    known: Arc<Mutex<HashMap<String, (Found, Instant)>>>,
    /// Whether our own name server gave no answer, and when that was looked at.
    deaf: Arc<tokio::sync::Mutex<Option<(bool, Instant)>>>,
}

type Found = Result<Arc<Destination>, Nowhere>;

/// How the mail servers of a domain are found.
struct Streets {
    resolver: Resolver,
    policies: StsPolicies,
}

impl Doors {
    /// Nothing is opened and nobody is asked yet.
    pub fn of(instance: &Instance) -> Self {
        Doors {
            instance: instance.clone(),
            relay: Arc::new(Destination::relay()),
            trust: Arc::default(),
            streets: Arc::default(),
            known: Arc::default(),
            deaf: Arc::default(),
        }
    }

    /// Where a mail for a domain knocks.
    pub async fn destination(&self, route: &Route, domain: &str) -> Result<Arc<Destination>, Nowhere> {
        match self.known(route, domain) {
            Some(found) => found,
            None => self.direct(domain).await,
        }
    }

    /// The same without asking anybody: for a relay, or where it was asked a moment ago.
    pub fn known(&self, route: &Route, domain: &str) -> Option<Found> {
        if !route.out.is_direct() {
            return Some(Ok(Arc::clone(&self.relay)));
        }
        let known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        let (found, at) = known.get(domain)?;
        let fresh = if found.is_ok() { FRESH } else { FRESH_NOWHERE };
        (at.elapsed() < fresh).then(|| found.clone())
    }

    /// Whether nothing can be looked up at all: asked about our own domain, our name server says neither yes nor no. Then
    /// no reader's domain is at fault, whatever was not found.
    pub async fn are_deaf(&self) -> bool {
        let mut known = self.deaf.lock().await;
        if let Some((deaf, at)) = *known
            && at.elapsed() < HEARD
        {
            return deaf;
        }
        let streets = self.streets.get_or_init(|| async { Streets::of(&self.instance) }).await;
        let ours = self.instance.config.mail_domain();
        let deaf = match streets {
            Ok(streets) => match tokio::time::timeout(HEARING, streets.resolver.mx(&ours)).await {
                Ok(answer) => {
                    matches!(answer, Err(NameError::Temporary { .. } | NameError::Settings(_)))
                }
                Err(_) => true,
            },
            Err(_) => true,
        };
        *known = Some((deaf, Instant::now()));
        deaf
    }

    async fn direct(&self, domain: &str) -> Found {
        let found = self.ask(domain).await;
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        if known.len() >= REMEMBERED {
            known.clear();
        }
        known.insert(domain.to_owned(), (found.clone(), Instant::now()));
        found
    }

    async fn ask(&self, domain: &str) -> Found {
        let later = |why: String| Nowhere::Later { words: format!("4.4.3 {why}") };
        let streets = self.streets.get_or_init(|| async { Streets::of(&self.instance) }).await;
        let streets = streets.as_ref().map_err(|why| later(why.clone()))?;
        let asked = tokio::time::timeout(PATIENCE, mail_hosts(&streets.resolver, &streets.policies, domain));
        match asked.await {
            Ok(Ok(found)) => Ok(Arc::new(Destination::direct(found))),
            Ok(Err(error)) => Err(nowhere(&error)),
            Err(_) => Err(later(format!("the mail servers of {domain} are not known for now"))),
        }
    }

    /// Knocks, says hello, and signs in where the route says so.
    pub async fn open(
        &self,
        route: &Route,
        there: &Destination,
        timeouts: Timeouts,
    ) -> Result<Connection, SendError> {
        let ours = self.instance.config.mail_domain();
        match &route.out {
            Out::Relay(relay) => Connection::open(relay, &ours, timeouts).await,
            Out::Direct(direct) => straight(direct, &self.trust, there, &ours, timeouts).await,
        }
    }
}

impl Streets {
    fn of(instance: &Instance) -> Result<Self, String> {
        let resolver = Resolver::new(instance.config.dns).map_err(|error| error.to_string())?;
        let policies = StsPolicies::new(resolver.clone(), HttpClient::new(resolver.clone()));
        Ok(Streets { resolver, policies })
    }
}

impl Destination {
    fn relay() -> Self {
        Destination { key: String::new(), provider: Cow::Borrowed(""), hosts: Vec::new(), also: Vec::new() }
    }

    fn direct(found: MailHosts) -> Self {
        let MailHosts { domain, hosts, secure } = found;
        let provider =
            hosts.first().map_or(Cow::Borrowed(provider::OTHER), |host| provider::of_exchanger(&host.name));
        // Servers of equal preference come in any order, and what one domain insists on another may not.
        let mut parts: Vec<String> =
            hosts.iter().map(|host| format!("{} {:?}", host.name, host.tls)).collect();
        parts.sort();
        // RFC 7672 3.2.2: the domain itself counts only where it is proven which servers it has. Then the connection
        // is that of the domain and of no other.
        let proven = secure && hosts.iter().any(|host| matches!(host.tls, TlsPolicy::Dane(_)));
        let also = if proven { vec![domain] } else { Vec::new() };
        parts.extend(also.iter().cloned());
        Destination { key: parts.join(" "), provider, hosts, also }
    }
}

fn nowhere(error: &MailHostsError) -> Nowhere {
    match error {
        // RFC 7505 4.
        MailHostsError::NullMx(_) => Nowhere::Dead { code: 556, words: format!("5.1.10 {error}") },
        MailHostsError::NoSuchDomain(_) => {
            Nowhere::Dead { code: 550, words: format!("5.1.2 no such domain: {error}") }
        }
        MailHostsError::NoServers(_) => Nowhere::Later { words: format!("4.4.4 {error}") },
        MailHostsError::Temporary { .. } => Nowhere::Later { words: format!("4.4.3 {error}") },
    }
}

/// One server after the other, until one answers.
async fn straight(
    direct: &Direct,
    trust: &Trust,
    there: &Destination,
    ours: &str,
    timeouts: Timeouts,
) -> Result<Connection, SendError> {
    let ours = direct.ehlo.as_deref().unwrap_or(ours);
    let mut failed: Option<SendError> = None;
    for host in &there.hosts {
        let server = smtp::Destination {
            host: host.name.clone(),
            addresses: host.addresses.clone(),
            port: direct.port,
            tls: host.tls.clone(),
            also: there.also.clone(),
        };
        match Connection::open_direct(&server, trust, ours, timeouts).await {
            Ok(connection) => return Ok(connection),
            // RFC 5321 5.1: the others are tried too; what the preferred one said is told.
            Err(error) => failed = failed.or(Some(error)),
        }
    }
    Err(failed.unwrap_or_else(|| SendError::Connect {
        relay: "the mail servers of the domain".to_owned(),
        source: std::io::ErrorKind::AddrNotAvailable.into(),
    }))
}
