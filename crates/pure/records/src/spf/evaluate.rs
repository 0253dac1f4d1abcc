//! `check_host()` (RFC 7208 4), as a function of the answers that are known.

use core::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use super::macros::{self, Values};
use super::question::{Answer, Answers, Kind, Query, Question};
use super::record::{Mechanism, Qualifier, Record, SpfError, only};
use crate::normal;

/// RFC 7208 4.6.4: terms that ask the DNS, over all records.
pub const LOOKUPS_MAX: usize = 10;
/// RFC 7208 4.6.4: questions that bring nothing.
pub const VOIDS_MAX: usize = 2;
/// RFC 7208 4.6.4: mail servers of one `mx`, and names of one `ptr`.
const NAMES_MAX: usize = 10;
/// A cost that is so far over the limit need not be known exactly.
const COST_MAX: usize = 100;

/// The result (2.6).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// The domain has no record.
    None,
    /// It says nothing about this machine.
    Neutral,
    /// The machine may send.
    Pass,
    /// It may not.
    Fail,
    /// It probably may not.
    SoftFail,
    /// The DNS does not answer for now.
    TempError,
    /// The records are broken.
    PermError,
}

impl Verdict {
    /// The word of RFC 8601 2.7.2.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::Neutral => "neutral",
            Self::Pass => "pass",
            Self::Fail => "fail",
            Self::SoftFail => "softfail",
            Self::TempError => "temperror",
            Self::PermError => "permerror",
        }
    }
}

/// How an evaluation ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Outcome {
    /// The result.
    pub verdict: Verdict,
    /// The term that decided, such as `ip4:192.0.2.1`; where the records are broken, what is wrong.
    pub because: Option<String>,
    /// Terms that asked the DNS, of [`LOOKUPS_MAX`].
    pub lookups: usize,
    /// Questions that brought nothing, of [`VOIDS_MAX`].
    pub voids: usize,
}

/// What all records of a domain cost together.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cost {
    /// Terms that ask the DNS; a machine that matches none causes all of them.
    pub lookups: usize,
    /// What is broken, in the words of [`SpfError`]; with the domain where it stands.
    pub broken: Option<(String, String)>,
}

/// Why an evaluation stops before its end.
enum Stop {
    Ask(Query),
    Error(Verdict, String),
}

fn broken(why: impl Into<String>) -> Stop {
    Stop::Error(Verdict::PermError, why.into())
}

/// Evaluates as far as the answers go: an outcome, or the question that comes next.
pub fn evaluate(question: &Question, answers: &Answers) -> Result<Outcome, Query> {
    let mut run = Run { question, answers, lookups: 0, voids: 0 };
    let (verdict, because) = match run.check_host(&question.domain) {
        Ok((verdict, because)) => (verdict, because),
        Err(Stop::Error(verdict, why)) => (verdict, Some(why)),
        Err(Stop::Ask(query)) => return Err(query),
    };
    Ok(Outcome { verdict, because, lookups: run.lookups, voids: run.voids })
}

/// Counts the look-ups of a domain's record and of all that it includes.
pub fn cost(domain: &str, answers: &Answers) -> Result<Cost, Query> {
    let mut cost = Cost { lookups: 0, broken: None };
    let mut waiting = vec![normal(domain)];
    while let Some(domain) = waiting.pop() {
        let record = match answers.get(&Query::txt(&domain)) {
            None => return Err(Query::txt(&domain)),
            Some(Answer::Texts(texts)) => only(texts),
            Some(_) => Ok(None),
        };
        let record = match record {
            Ok(Some(record)) => record,
            Ok(None) => {
                let why = "there is no SPF record".to_owned();
                cost.broken.get_or_insert((domain, why));
                continue;
            }
            Err(error) => {
                cost.broken.get_or_insert((domain, error.to_string()));
                continue;
            }
        };
        cost.lookups += record.lookups();
        if cost.lookups > COST_MAX {
            break;
        }
        let included = record.directives.iter().filter_map(|directive| match &directive.mechanism {
            Mechanism::Include(domain) => Some(domain),
            _ => None,
        });
        let redirect = record.redirect.iter().filter(|_| record.all().is_none());
        // Names with macros depend on the mail; each costs its one look-up here.
        waiting.extend(included.chain(redirect).filter(|name| !name.contains('%')).map(|name| normal(name)));
    }
    Ok(cost)
}

struct Run<'a> {
    question: &'a Question,
    answers: &'a Answers,
    lookups: usize,
    voids: usize,
}

impl<'a> Run<'a> {
    fn check_host(&mut self, domain: &str) -> Result<(Verdict, Option<String>), Stop> {
        // 4.3: what is not a name of several labels has no record.
        if domain.len() > 253
            || !domain.contains('.')
            || domain.split('.').any(|label| label.is_empty() || label.len() > 63)
        {
            return Ok((Verdict::None, None));
        }
        let Some(record) = self.record(domain)? else { return Ok((Verdict::None, None)) };
        for directive in &record.directives {
            if self.matches(&directive.mechanism, domain)? {
                let verdict = match directive.qualifier {
                    Qualifier::Pass => Verdict::Pass,
                    Qualifier::Fail => Verdict::Fail,
                    Qualifier::SoftFail => Verdict::SoftFail,
                    Qualifier::Neutral => Verdict::Neutral,
                };
                return Ok((verdict, Some(directive.to_string())));
            }
        }
        let Some(redirect) = &record.redirect else { return Ok((Verdict::Neutral, None)) };
        // 6.1.
        self.spend()?;
        let target = self.expand(redirect, domain)?;
        match self.check_host(&target)? {
            (Verdict::None, _) => Err(broken(format!("redirect={redirect} leads to no record"))),
            decided => Ok(decided),
        }
    }

    fn record(&mut self, domain: &str) -> Result<Option<Record>, Stop> {
        let texts = match self.ask(Query::txt(domain))? {
            Answer::Texts(texts) => texts,
            _ => return Ok(None),
        };
        only(texts).map_err(|error: SpfError| broken(format!("{domain}: {error}")))
    }

    fn matches(&mut self, mechanism: &Mechanism, domain: &str) -> Result<bool, Stop> {
        if mechanism.costs_lookup() {
            self.spend()?;
        }
        let address = self.question.address;
        match mechanism {
            Mechanism::All => Ok(true),
            Mechanism::Ip4(network, bits) => Ok(within(address, IpAddr::V4(*network), *bits)),
            Mechanism::Ip6(network, bits) => Ok(within(address, IpAddr::V6(*network), *bits)),
            Mechanism::Include(other) => {
                let target = self.expand(other, domain)?;
                match self.check_host(&target)?.0 {
                    Verdict::Pass => Ok(true),
                    // 5.2.
                    Verdict::None => Err(broken(format!("include:{other} leads to no record"))),
                    _ => Ok(false),
                }
            }
            Mechanism::A { domain: other, v4, v6 } => {
                let name = self.target(other.as_deref(), domain)?;
                self.addresses_match(&name, *v4, *v6)
            }
            Mechanism::Mx { domain: other, v4, v6 } => {
                let name = self.target(other.as_deref(), domain)?;
                let Answer::Names(hosts) = self.ask_counted(Query::mx(&name))? else { return Ok(false) };
                if hosts.len() > NAMES_MAX {
                    return Err(broken(format!("{name} has more than {NAMES_MAX} mail servers")));
                }
                for host in hosts {
                    if self.addresses_match(host, *v4, *v6)? {
                        return Ok(true);
                    }
                }
                Ok(false)
            }
            Mechanism::Exists(name) => {
                let name = self.expand(name, domain)?;
                // 5.7: IPv4 addresses are asked for, whatever the connection is.
                let query = Query { kind: Kind::A, name, address: None };
                Ok(matches!(self.ask_counted(query)?, Answer::Addresses(found) if !found.is_empty()))
            }
            Mechanism::Ptr(other) => {
                let name = self.target(other.as_deref(), domain)?;
                self.name_matches(&name)
            }
        }
    }

    fn addresses_match(&mut self, name: &str, v4: u8, v6: u8) -> Result<bool, Stop> {
        let address = self.question.address;
        let bits = if address.is_ipv4() { v4 } else { v6 };
        match self.ask_counted(Query::addresses(name, address))? {
            Answer::Addresses(found) => Ok(found.iter().any(|network| within(address, *network, bits))),
            _ => Ok(false),
        }
    }

    /// 5.5: a name of the address that leads back to it, in the domain. Failures of the DNS are no match.
    fn name_matches(&mut self, domain: &str) -> Result<bool, Stop> {
        let address = self.question.address;
        let names = match self.ask_counted(Query::ptr(address)) {
            Ok(Answer::Names(names)) => names,
            Ok(_) | Err(Stop::Error(Verdict::TempError, _)) => return Ok(false),
            Err(stop) => return Err(stop),
        };
        for name in names.iter().take(NAMES_MAX) {
            let name = normal(name);
            let inside = name.strip_suffix(domain).is_some_and(|rest| rest.is_empty() || rest.ends_with('.'));
            if !inside {
                continue;
            }
            match self.ask(Query::addresses(&name, address)) {
                Ok(Answer::Addresses(found)) if found.contains(&address) => return Ok(true),
                Ok(_) | Err(Stop::Error(Verdict::TempError, _)) => {}
                Err(stop) => return Err(stop),
            }
        }
        Ok(false)
    }

    fn spend(&mut self) -> Result<(), Stop> {
        self.lookups += 1;
        if self.lookups > LOOKUPS_MAX {
            return Err(broken(format!("more than {LOOKUPS_MAX} terms ask the DNS")));
        }
        Ok(())
    }

    fn target(&self, other: Option<&str>, domain: &str) -> Result<String, Stop> {
        match other {
            Some(name) => self.expand(name, domain),
            None => Ok(domain.to_owned()),
        }
    }

    fn expand(&self, text: &str, domain: &str) -> Result<String, Stop> {
        let Question { address, sender, helo, .. } = self.question;
        let values = Values { sender, domain, helo, address: *address };
        macros::expand(text, &values).ok_or_else(|| broken(format!("{text} cannot be understood")))
    }

    fn ask_counted(&mut self, query: Query) -> Result<&'a Answer, Stop> {
        let empty = match self.ask(query.clone())? {
            Answer::Nothing => true,
            Answer::Addresses(found) => found.is_empty(),
            Answer::Names(found) => found.is_empty(),
            Answer::Texts(found) => found.is_empty(),
            Answer::Failed => false,
        };
        if empty {
            self.voids += 1;
            if self.voids > VOIDS_MAX {
                return Err(broken(format!("more than {VOIDS_MAX} questions to the DNS bring nothing")));
            }
        }
        self.ask(query)
    }

    fn ask(&self, query: Query) -> Result<&'a Answer, Stop> {
        match self.answers.get(&query) {
            None => Err(Stop::Ask(query)),
            Some(Answer::Failed) => {
                Err(Stop::Error(Verdict::TempError, format!("the DNS does not answer for {}", query.name)))
            }
            Some(answer) => Ok(answer),
        }
    }
}

/// Whether two addresses of one family share so many bits.
fn within(address: IpAddr, network: IpAddr, bits: u8) -> bool {
    match (address, network) {
        (IpAddr::V4(address), IpAddr::V4(network)) => {
            let mask = u32::MAX.checked_shl(32 - u32::from(bits.min(32))).unwrap_or(0);
            Ipv4Addr::to_bits(address) & mask == Ipv4Addr::to_bits(network) & mask
        }
        (IpAddr::V6(address), IpAddr::V6(network)) => {
            let mask = u128::MAX.checked_shl(128 - u32::from(bits.min(128))).unwrap_or(0);
            Ipv6Addr::to_bits(address) & mask == Ipv6Addr::to_bits(network) & mask
        }
        _ => false,
    }
}
