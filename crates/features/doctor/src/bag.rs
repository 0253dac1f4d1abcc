//! The doctor's bag: what the checks look with, and what they say when they cannot.

use std::net::{IpAddr, SocketAddr, UdpSocket};

use instance::Instance;
use net::{Exchangers, HttpClient, HttpError, HttpLimits, NameError, Resolver, is_public};
use records::dmarc::{Found, TreeWalk};
use records::spf::{self, Answer, Answers, Cost, Kind, Outcome, Query, Question};
use tokio::net::lookup_host;
use tokio::sync::OnceCell;
use tokio::time::timeout;
use url::Url;

use crate::model::{Area, Finding, Level};
use crate::patience::Patience;

/// An evaluation of SPF ends after some tens of questions; this only keeps a fault from going round for ever.
const QUESTIONS_MAX: usize = 200;
/// Names that stand for nothing in the world's DNS (RFC 2606 2, RFC 6761 6, RFC 6762, and `internal` by ICANN).
const RESERVED: &[&str] = &["example", "test", "invalid", "localhost", "local", "internal"];

/// Somewhere far away: nothing is sent there, the system only says which of our addresses would be used.
const FAR: [&str; 2] = ["9.9.9.9:53", "[2620:fe::fe]:53"];
/// Every name server of the internet knows this one; one that does not says of every name that it does not exist, as
/// those of closed networks do.
const LIGHTHOUSE: &str = "a.root-servers.net";
/// A page is not read, only begun.
const PAGE_MAX: usize = 64 * 1024;

/// What the checks look with.
pub(crate) struct Bag {
    pub instance: Instance,
    pub patience: Patience,
    /// None where this machine knows no name server.
    names: Result<(Resolver, HttpClient), Silence>,
    /// Whether the system's name server knows the world at all.
    sighted: OnceCell<bool>,
    /// The public address this machine goes out from, if it has one of its own.
    outgoing: Option<IpAddr>,
    offline: bool,
}

/// Why something could not be looked at.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Silence {
    /// That was wished.
    Offline,
    /// The name is kept for examples and private networks.
    Reserved(String),
    /// No answer from the name server, or no network at all.
    Dns(String),
    /// The name server says of every name that it does not exist.
    Blind,
    /// Out of time.
    Slow,
    /// Something of ours failed.
    Fault(String),
}

impl Silence {
    /// The finding that says so.
    pub(crate) fn finding(self, area: Area, about: &str, name: &'static str) -> Finding {
        let told = |what| Finding::new(area, about, name, Level::Unknown, what);
        match self {
            Silence::Offline => told("silent-offline"),
            Silence::Reserved(domain) => told("silent-reserved").with("domain", domain),
            Silence::Dns(why) => told("silent-dns").with("why", why),
            Silence::Blind => told("silent-blind").with("name", LIGHTHOUSE),
            Silence::Slow => told("silent-slow"),
            Silence::Fault(why) => told("silent-fault").with("why", why),
        }
    }
}

/// What came of asking for a page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Reach {
    /// Somebody answered with something.
    Alive,
    /// There is nothing: why.
    Dead(String),
    /// Not known.
    Silent,
}

impl Bag {
    /// A bag for an instance.
    pub(crate) fn open(instance: &Instance, offline: bool) -> Self {
        let names = match Resolver::new(instance.config.dns) {
            _ if offline => Err(Silence::Offline),
            Ok(names) => Ok((names.clone(), HttpClient::new(names))),
            Err(error) => Err(Silence::Dns(error.to_string())),
        };
        let outgoing = if offline { None } else { FAR.iter().find_map(|far| outgoing(far)) };
        let patience = Patience::default();
        Bag { instance: instance.clone(), patience, names, sighted: OnceCell::new(), outgoing, offline }
    }

    /// Whether nothing may be asked of the network.
    pub(crate) fn is_offline(&self) -> bool {
        self.offline
    }

    /// The public address this machine goes out from, where it has one itself (and not a router before it).
    pub(crate) fn outgoing_address(&self) -> Option<IpAddr> {
        self.outgoing
    }

    fn names(&self, name: &str) -> Result<&Resolver, Silence> {
        let (names, _) = self.names.as_ref().map_err(Clone::clone)?;
        // Of a name kept for examples the world says nothing; a name server that was named may know it.
        if self.instance.config.dns.is_none() && is_reserved(name) {
            return Err(Silence::Reserved(without_labels(name)));
        }
        Ok(names)
    }

    /// The texts of a name; none where it has none.
    pub(crate) async fn txt(&self, name: &str) -> Result<Vec<String>, Silence> {
        let names = self.names(name)?;
        self.answered(async { names.txt(name).await.map(|answer| answer.value) }).await
    }

    /// The addresses of a name, or the address that it is; none where it has none.
    pub(crate) async fn addresses(&self, name: &str) -> Result<Vec<IpAddr>, Silence> {
        if let Ok(ip) = name.trim_matches(['[', ']']).parse() {
            return Ok(vec![ip]);
        }
        if records::normal(name) == "localhost" {
            return Ok(vec![IpAddr::from([127, 0, 0, 1])]);
        }
        // The machine beside us has its name from this system, not from the world.
        if self.instance.config.dns.is_none() && !self.offline && is_inside(name) {
            let asked = timeout(self.patience.name, lookup_host((name, 0))).await;
            if let Ok(Ok(found)) = asked {
                return Ok(found.map(|address| address.ip()).collect());
            }
        }
        let names = self.names(name)?;
        self.answered(async { names.addresses(name).await.map(|answer| answer.value) }).await
    }

    /// The mail servers of a domain, the preferred first; one without a name where it takes no mail (RFC 7505).
    pub(crate) async fn mx(&self, domain: &str) -> Result<Vec<String>, Silence> {
        let names = self.names(domain)?;
        let asked = async {
            names.mx(domain).await.map(|answer| match answer.value {
                Exchangers::Hosts(hosts) => hosts,
                Exchangers::Null => vec![String::new()],
                Exchangers::Implicit => Vec::new(),
            })
        };
        self.answered(asked).await
    }

    /// The names of an address.
    pub(crate) async fn ptr(&self, address: IpAddr) -> Result<Vec<String>, Silence> {
        let (names, _) = self.names.as_ref().map_err(Clone::clone)?;
        self.answered(async { names.ptr(address).await.map(|answer| answer.value) }).await
    }

    /// An answer, or silence; nothing where there definitely is nothing.
    async fn answered<T>(
        &self,
        asked: impl Future<Output = Result<Vec<T>, NameError>>,
    ) -> Result<Vec<T>, Silence> {
        match timeout(self.patience.name, asked).await.map_err(|_| Silence::Slow)? {
            Ok(found) => Ok(found),
            Err(error) if error.is_definite() => match self.is_sighted().await {
                true => Ok(Vec::new()),
                false => Err(Silence::Blind),
            },
            Err(error) => Err(Silence::Dns(error.to_string())),
        }
    }

    /// Whether "there is no such name" can be believed. A name server that was named answers for itself.
    async fn is_sighted(&self) -> bool {
        if self.instance.config.dns.is_some() {
            return true;
        }
        let Ok((names, _)) = &self.names else { return false };
        let look = || async {
            timeout(self.patience.name, names.addresses(LIGHTHOUSE)).await.is_ok_and(|found| found.is_ok())
        };
        *self.sighted.get_or_init(look).await
    }

    /// The walk of RFC 9989 4.10 from a domain up.
    pub(crate) async fn dmarc_walk(&self, domain: &str) -> Result<Found, Silence> {
        let mut walk = TreeWalk::new(domain);
        while let Some(name) = walk.next_name() {
            walk.answer(&self.txt(&name).await?);
        }
        Ok(walk.finish())
    }

    /// What the SPF record of a domain costs.
    pub(crate) async fn spf_cost(&self, domain: &str) -> Result<Cost, Silence> {
        self.spf(|answers| spf::cost(domain, answers)).await
    }

    /// How the SPF evaluation of a question ends.
    pub(crate) async fn spf_outcome(&self, question: &Question) -> Result<Outcome, Silence> {
        self.spf(|answers| spf::evaluate(question, answers)).await
    }

    async fn spf<T>(&self, ask: impl Fn(&Answers) -> Result<T, Query>) -> Result<T, Silence> {
        let mut answers = Answers::default();
        for _ in 0..QUESTIONS_MAX {
            match ask(&answers) {
                Ok(ended) => return Ok(ended),
                Err(query) => {
                    let answer = self.answer(&query).await?;
                    answers.insert(query, answer);
                }
            }
        }
        Err(Silence::Slow)
    }

    async fn answer(&self, query: &Query) -> Result<Answer, Silence> {
        let name = query.name.as_str();
        let family = |v4: bool| move |ip: &IpAddr| ip.is_ipv4() == v4;
        let answer = match (query.kind, query.address) {
            (Kind::Txt, _) => Answer::Texts(self.txt(name).await?),
            (Kind::A, _) => {
                Answer::Addresses(self.addresses(name).await?.into_iter().filter(family(true)).collect())
            }
            (Kind::Aaaa, _) => {
                Answer::Addresses(self.addresses(name).await?.into_iter().filter(family(false)).collect())
            }
            (Kind::Mx, _) => Answer::Names(self.mx(name).await?),
            (Kind::Ptr, Some(address)) => Answer::Names(self.ptr(address).await?),
            (Kind::Ptr, None) => Answer::Nothing,
        };
        let empty = match &answer {
            Answer::Texts(texts) => texts.is_empty(),
            Answer::Addresses(addresses) => addresses.is_empty(),
            Answer::Names(names) => names.is_empty(),
            Answer::Nothing | Answer::Failed => false,
        };
        Ok(if empty { Answer::Nothing } else { answer })
    }

    /// What lies at an https address, or why not in words.
    pub(crate) async fn fetch(&self, address: &str, most: usize) -> Result<Vec<u8>, String> {
        let url = Url::parse(address).map_err(|error| error.to_string())?;
        match self.get(&url, most).await {
            Ok(answer) if answer.is_success() => Ok(answer.body),
            Ok(answer) => Err(format!("HTTP {}", answer.status)),
            Err(Some(error)) => Err(crate::route::told(&error)),
            Err(None) => Err("–".to_owned()),
        }
    }

    /// Whether somebody is at an https address.
    pub(crate) async fn reach(&self, address: &str) -> Reach {
        let Ok(url) = Url::parse(address) else { return Reach::Dead("URL".to_owned()) };
        // What an address of an example leads to is nobody's business.
        if url.host_str().is_none_or(|host| self.instance.config.dns.is_none() && is_reserved(host)) {
            return Reach::Silent;
        }
        match self.get(&url, PAGE_MAX).await {
            // Other refusals are what robots are told, and we are one.
            Ok(answer) if matches!(answer.status, 404 | 410 | 500 | 502 | 504) => {
                Reach::Dead(format!("HTTP {}", answer.status))
            }
            Ok(_) | Err(Some(HttpError::TooLarge(_))) => Reach::Alive,
            Err(Some(HttpError::Name(error))) if error.is_definite() && self.is_sighted().await => {
                Reach::Dead(error.to_string())
            }
            Err(Some(error @ HttpError::Private(_))) => Reach::Dead(error.to_string()),
            Err(Some(error @ HttpError::Failed(_))) => Reach::Dead(crate::route::told(&error)),
            Err(_) => Reach::Silent,
        }
    }

    async fn get(&self, url: &Url, most: usize) -> Result<net::Answered, Option<HttpError>> {
        let Ok((_, web)) = &self.names else { return Err(None) };
        web.limited(HttpLimits { time: self.patience.page, size: most }).get(url).await.map_err(Some)
    }
}

/// Our side of a connection to a far place, where it is a public address.
fn outgoing(far: &str) -> Option<IpAddr> {
    let far: SocketAddr = far.parse().ok()?;
    let own = if far.is_ipv4() { "0.0.0.0:0" } else { "[::]:0" };
    let socket = UdpSocket::bind(own).ok()?;
    // UDP: this only chooses a way, no packet leaves.
    socket.connect(far).ok()?;
    Some(socket.local_addr().ok()?.ip()).filter(|ip| is_public(*ip))
}

/// The domain behind labels such as `_dmarc` and what stands before them.
fn without_labels(name: &str) -> String {
    let name = records::normal(name);
    let labels: Vec<&str> = name.split('.').collect();
    let first = labels.iter().rposition(|label| label.starts_with('_')).map_or(0, |place| place + 1);
    labels[first..].join(".")
}

/// Whether a name is one of a private network: `relay`, `mail.internal`.
fn is_inside(name: &str) -> bool {
    let name = records::normal(name);
    !name.contains('.')
        || name.ends_with(".local")
        || name.ends_with(".internal")
        || name.ends_with(".localhost")
}

/// Whether a name is kept for examples, tests and private networks.
fn is_reserved(name: &str) -> bool {
    let name = records::normal(name);
    let last = name.rsplit('.').next().unwrap_or_default();
    RESERVED.contains(&last) || !name.contains('.') && !name.is_empty() && name.parse::<IpAddr>().is_err()
}

/// Whether an address is of this machine or of a network of its own.
pub(crate) fn is_private(address: IpAddr) -> bool {
    !is_public(address)
}

/// Whether an address of the web leads to this machine only.
pub(crate) fn is_local(url: &str) -> bool {
    let Some(host) = Url::parse(url).ok().and_then(|url| url.host_str().map(str::to_owned)) else {
        return false;
    };
    host == "localhost"
        || host.ends_with(".localhost")
        || host.trim_matches(['[', ']']).parse::<IpAddr>().is_ok_and(|ip| ip.is_loopback())
}

#[cfg(test)]
impl Bag {
    /// A bag for tests: what this machine's own address is, and what the web trusts, are given.
    pub(crate) fn with(instance: &Instance, web: Option<HttpClient>, outgoing: Option<IpAddr>) -> Self {
        let mut bag = Self::open(instance, false);
        bag.outgoing = outgoing;
        bag.patience = Patience::endless();
        if let (Ok((_, client)), Some(web)) = (&mut bag.names, web) {
            *client = web;
        }
        bag
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_for_examples_and_private_networks_are_known() {
        for (name, reserved) in [
            ("gazette.example", true),
            ("_dmarc.Gazette.Example.", true),
            ("localhost", true),
            ("printer.local", true),
            ("relay", true),
            ("example.com", false),
            ("letters.org", false),
            ("192.0.2.1", false),
        ] {
            assert_eq!(is_reserved(name), reserved, "{name}");
        }
        assert!(
            is_local("http://127.0.0.1:8080")
                && is_local("http://localhost:1")
                && is_local("http://[::1]:1/")
        );
        assert!(!is_local("https://letters.example"));
    }
}
