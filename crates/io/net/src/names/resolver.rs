//! The resolver, over hickory.

use std::collections::hash_map::RandomState;
use std::fmt;
use std::hash::BuildHasher;
use std::net::{IpAddr, SocketAddr};
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use hickory_resolver::TokioResolver;
use hickory_resolver::config::{
    ConnectionConfig, NameServerConfig, ResolveHosts, ResolverConfig, ResolverOpts,
};
use hickory_resolver::lookup::Lookup;
use hickory_resolver::net::runtime::TokioRuntimeProvider;
use hickory_resolver::proto::dnssec::{Proof, TrustAnchors};
use hickory_resolver::proto::rr::{Name, RData, RecordType};
use hickory_resolver::system_conf::read_system_conf;
use records::tlsa::{self, Tlsa};
use tokio::sync::Mutex;
use tokio::time::Instant;

use super::NameError;

/// Whether the name servers pass signatures on is asked again after so long, where they did not.
const ASK_AGAIN: Duration = Duration::from_secs(3600);
/// Answers that are kept.
const CACHE: u64 = 4096;
/// The usual port of name servers.
const PORT: u16 = 53;

/// Asks the DNS, and keeps what it said for as long as it may. Cloning shares the memory.
#[derive(Clone)]
pub struct Resolver {
    inner: Arc<Inner>,
}

struct Inner {
    plain: TokioResolver,
    validating: TokioResolver,
    /// Whether validation works behind these name servers, and since when that is known.
    capable: Mutex<Option<(bool, Instant)>>,
    /// All name servers are on this machine, so that nobody can bend their word on the way.
    local: bool,
    private: bool,
}

/// An answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answer<T> {
    /// What was asked for.
    pub value: T,
    /// Whether DNSSEC proved it, from the root down, aliases included.
    pub secure: bool,
    /// The name at the end of the aliases: the one that was asked where there is none.
    pub canonical: String,
}

/// Where mail for a domain goes (RFC 5321 5.1).
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Exchangers {
    /// To these servers, the preferred first; servers of one preference in random order.
    Hosts(Vec<String>),
    /// The domain takes no mail (RFC 7505).
    Null,
    /// The domain names no server: to the domain itself, if it has an address.
    Implicit,
}

impl Resolver {
    /// A resolver that asks one name server, or those of the system.
    pub fn new(server: Option<SocketAddr>) -> Result<Self, NameError> {
        Self::with(server, None)
    }

    /// A resolver that believes the root keys in a file (DNSKEY records as in a zone file) instead of those of the
    /// internet: for a network of its own, or a test.
    pub fn anchored(server: SocketAddr, keys: PathBuf) -> Result<Self, NameError> {
        Self::with(Some(server), Some(keys))
    }

    fn with(server: Option<SocketAddr>, keys: Option<PathBuf>) -> Result<Self, NameError> {
        let settings = |error: hickory_resolver::net::NetError| NameError::Settings(error.to_string());
        let (config, mut options) = match server {
            Some(server) => (at(server), ResolverOpts::default()),
            None => read_system_conf().map_err(settings)?,
        };
        options.cache_size = CACHE;
        options.try_tcp_on_error = true;
        options.preserve_intermediates = true;
        if server.is_some() {
            options.use_hosts_file = ResolveHosts::Never;
        }
        let local = config.name_servers.iter().all(|server| server.ip.is_loopback());
        let anchors = match keys {
            Some(file) => {
                TrustAnchors::from_file(&file).map_err(|error| NameError::Settings(error.to_string()))?
            }
            None => TrustAnchors::default(),
        };
        let anchors = Arc::new(anchors);
        let build = |validate: bool| {
            let mut builder =
                TokioResolver::builder_with_config(config.clone(), TokioRuntimeProvider::default());
            *builder.options_mut() = options.clone();
            if validate {
                builder = builder.with_trust_anchor(anchors.clone());
            }
            builder.build().map_err(settings)
        };
        let private = server.is_some_and(|server| server.port() != PORT);
        let (plain, validating) = (build(false)?, build(true)?);
        Ok(Self { inner: Arc::new(Inner { plain, validating, capable: Mutex::new(None), local, private }) })
    }

    /// Whether mail servers may have private addresses: only where a name server on a port of its own was named,
    /// which is a network of its own, or a test.
    pub fn reaches_private(&self) -> bool {
        self.inner.private
    }

    /// Whether the name servers pass the signatures of DNSSEC on, so that answers can be secure.
    pub async fn validates(&self) -> bool {
        let mut capable = self.inner.capable.lock().await;
        match *capable {
            Some((true, _)) => return true,
            Some((false, since)) if since.elapsed() < ASK_AGAIN => return false,
            _ => {}
        }
        // The keys of the root are signed with the key that is built in: what proves these proves all the rest.
        let root = self.inner.validating.lookup(Name::root(), RecordType::DNSKEY).await;
        let keys = |record: &&hickory_resolver::proto::rr::Record| record.record_type() == RecordType::DNSKEY;
        let works = root.is_ok_and(|lookup| {
            let mut keys = lookup.answers().iter().filter(keys).peekable();
            keys.peek().is_some() && keys.all(|record| record.proof == Proof::Secure)
        });
        if !works {
            tracing::info!("the name servers do not pass DNSSEC on: answers are taken as they come");
        }
        *capable = Some((works, Instant::now()));
        works
    }

    /// The mail servers of a domain.
    pub async fn mx(&self, domain: &str) -> Result<Answer<Exchangers>, NameError> {
        let answer = match self.ask(domain, RecordType::MX).await {
            Ok(answer) => answer,
            Err(NameError::NoRecords(_)) => {
                return Ok(Answer {
                    value: Exchangers::Implicit,
                    // What is not there cannot be shown as signed; the address that is used instead can.
                    secure: false,
                    canonical: records::normal(domain),
                });
            }
            Err(error) => return Err(error),
        };
        let random = RandomState::new();
        let mut hosts: Vec<(u16, u64, String)> = answer
            .value
            .iter()
            .filter_map(|value| match value {
                RData::MX(mx) => {
                    let host = text(&mx.exchange);
                    Some((mx.preference, random.hash_one(&host), host))
                }
                _ => None,
            })
            .collect();
        hosts.sort();
        // RFC 7505 3: one record, to the root.
        let null = hosts.iter().all(|(.., host)| host.is_empty());
        let hosts: Vec<String> =
            hosts.into_iter().map(|(.., host)| host).filter(|host| !host.is_empty()).collect();
        let value = if null { Exchangers::Null } else { Exchangers::Hosts(hosts) };
        Ok(Answer { value, secure: answer.secure, canonical: answer.canonical })
    }

    /// The addresses of a name, IPv6 first.
    pub async fn addresses(&self, name: &str) -> Result<Answer<Vec<IpAddr>>, NameError> {
        let (v6, v4) = tokio::join!(self.ask(name, RecordType::AAAA), self.ask(name, RecordType::A));
        let found = match (v6, v4) {
            (Ok(v6), Ok(v4)) => Answer {
                value: [v6.value, v4.value].concat(),
                secure: v6.secure && v4.secure,
                canonical: v4.canonical,
            },
            (Ok(found), Err(_)) | (Err(_), Ok(found)) => found,
            // What is not definite may change.
            (Err(first), Err(second)) if first.is_definite() => return Err(second),
            (Err(first), Err(_)) => return Err(first),
        };
        let address = |value: &RData| match value {
            RData::A(address) => Some(IpAddr::V4(address.0)),
            RData::AAAA(address) => Some(IpAddr::V6(address.0)),
            _ => None,
        };
        Ok(found.map(|values| values.iter().filter_map(address).collect()))
    }

    /// The texts of a name, the strings of each joined.
    pub async fn txt(&self, name: &str) -> Result<Answer<Vec<String>>, NameError> {
        let answer = self.ask(name, RecordType::TXT).await?;
        Ok(answer.map(|values| {
            let joined = |value: &RData| match value {
                RData::TXT(text) => Some(String::from_utf8_lossy(&text.txt_data.concat()).into_owned()),
                _ => None,
            };
            values.iter().filter_map(joined).collect()
        }))
    }

    /// The TLSA records of a server.
    pub async fn tlsa(&self, host: &str, port: u16) -> Result<Answer<Vec<Tlsa>>, NameError> {
        let answer = self.ask(&tlsa::record_name(host, port), RecordType::TLSA).await?;
        Ok(answer.map(|values| {
            let record = |value: &RData| match value {
                RData::TLSA(record) => Some(Tlsa {
                    usage: record.cert_usage.into(),
                    selector: record.selector.into(),
                    matching: record.matching.into(),
                    data: record.cert_data.clone(),
                }),
                _ => None,
            };
            values.iter().filter_map(record).collect()
        }))
    }

    /// The names of an address.
    pub async fn ptr(&self, address: IpAddr) -> Result<Answer<Vec<String>>, NameError> {
        let name = records::spf::Query::ptr(address.to_canonical()).name;
        let answer = self.ask(&name, RecordType::PTR).await?;
        Ok(answer.map(|values| {
            let name = |value: &RData| match value {
                RData::PTR(name) => Some(text(name)),
                _ => None,
            };
            values.iter().filter_map(name).collect()
        }))
    }

    /// What a name is an alias of.
    pub async fn cname(&self, name: &str) -> Result<Answer<String>, NameError> {
        let answer = self.ask(name, RecordType::CNAME).await?;
        let target = answer.value.iter().find_map(|value| match value {
            RData::CNAME(target) => Some(text(target)),
            _ => None,
        });
        match target {
            Some(value) => Ok(Answer { value, secure: answer.secure, canonical: answer.canonical }),
            None => Err(NameError::NoRecords(records::normal(name))),
        }
    }

    async fn ask(&self, name: &str, kind: RecordType) -> Result<Answer<Vec<RData>>, NameError> {
        let asked = records::normal(name);
        let fqdn = Name::from_utf8(format!("{asked}."))
            .ok()
            .filter(|name| !name.is_root())
            .ok_or_else(|| NameError::NotAName(asked.clone()))?;
        let validates = self.validates().await;
        let resolver = if validates { &self.inner.validating } else { &self.inner.plain };
        let lookup =
            resolver.lookup(fqdn.clone(), kind).await.map_err(|error| NameError::of(&asked, error))?;
        let answer = self.read(&lookup, &fqdn, kind, validates);
        if answer.value.is_empty() { Err(NameError::NoRecords(asked)) } else { Ok(answer) }
    }

    /// The records at the end of the aliases.
    fn read(&self, lookup: &Lookup, asked: &Name, kind: RecordType, validated: bool) -> Answer<Vec<RData>> {
        let mut name = asked.clone();
        let mut proven = true;
        let mut steps = 0;
        // Aliases may stand in any order; each is followed once.
        while steps <= lookup.answers().len() && kind != RecordType::CNAME {
            let alias = lookup.answers().iter().find_map(|record| match &record.data {
                RData::CNAME(target) if record.name == name => Some((target.0.clone(), record.proof)),
                _ => None,
            });
            let Some((target, proof)) = alias else { break };
            proven &= proof == Proof::Secure;
            name = target;
            steps += 1;
        }
        let mut value = Vec::new();
        for record in lookup.answers() {
            if record.record_type() == kind && record.name == name {
                proven &= record.proof == Proof::Secure;
                value.push(record.data.clone());
            }
        }
        // RFC 6698 A.3: the word of a validating name server counts where the way to it is safe.
        let said = self.inner.local && lookup.message().metadata.authentic_data;
        let secure = !value.is_empty() && if validated { proven } else { said };
        Answer { value, secure, canonical: text(&name) }
    }
}

impl<T> Answer<T> {
    fn map<U>(self, change: impl FnOnce(T) -> U) -> Answer<U> {
        Answer { value: change(self.value), secure: self.secure, canonical: self.canonical }
    }
}

impl fmt::Debug for Resolver {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Resolver").field("local", &self.inner.local).finish_non_exhaustive()
    }
}

fn at(server: SocketAddr) -> ResolverConfig {
    let connections = [ConnectionConfig::udp(), ConnectionConfig::tcp()].map(|mut connection| {
        connection.port = server.port();
        connection
    });
    let server = NameServerConfig::new(server.ip(), true, connections.into());
    ResolverConfig::from_name_servers(vec![server])
}

fn text(name: &Name) -> String {
    records::normal(&name.to_ascii())
}
