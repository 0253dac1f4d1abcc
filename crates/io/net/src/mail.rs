//! The mail servers of a domain, each with the encryption it must have.

use std::net::IpAddr;

use records::TlsPolicy;
use records::mta_sts::{Mode, Policy};

use crate::address::is_public;
use crate::names::{Exchangers, NameError, Resolver};
use crate::sts::StsPolicies;

/// Servers beyond these are not tried: RFC 5321 5.1 asks for at least two.
const HOSTS_MAX: usize = 8;
/// Where servers take mail from each other.
const PORT: u16 = 25;

/// A server.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MailHost {
    /// Its name.
    pub name: String,
    /// Its addresses, IPv6 first.
    pub addresses: Vec<IpAddr>,
    /// The encryption it must have.
    pub tls: TlsPolicy,
    /// Names besides its own that a certificate under DANE may be for (RFC 7672 3.2.2).
    pub also: Vec<String>,
}

/// Where mail for a domain goes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MailHosts {
    /// The domain, as it is compared.
    pub domain: String,
    /// Its servers, the preferred first; never empty.
    pub hosts: Vec<MailHost>,
    /// Whether DNSSEC proved which servers these are.
    pub secure: bool,
}

/// Why mail for a domain goes nowhere.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum MailHostsError {
    /// For good: the domain says that it takes no mail (RFC 7505).
    #[error("{0} takes no mail (null MX)")]
    NullMx(String),
    /// For good: there is no such domain, or nothing at it that could take mail.
    #[error("there is no mail domain {0}")]
    NoSuchDomain(String),
    /// The servers it names have no address that can be reached. Seldom for good: a mistake in a zone.
    #[error("the mail servers of {0} have no public address")]
    NoServers(String),
    /// For now.
    #[error("the mail servers of {domain} are not known for now: {why}")]
    Temporary {
        /// The domain.
        domain: String,
        /// What happened.
        why: String,
    },
}

impl MailHostsError {
    /// Whether trying again later may help.
    pub fn is_temporary(&self) -> bool {
        matches!(self, Self::Temporary { .. } | Self::NoServers(_))
    }
}

/// Looks up where mail for a domain goes: its MX records, their addresses, and for each server DANE where DNSSEC
/// proves it (RFC 7672), else the MTA-STS policy of the domain (RFC 8461), else whatever encryption there is.
pub async fn mail_hosts(
    resolver: &Resolver,
    policies: &StsPolicies,
    domain: &str,
) -> Result<MailHosts, MailHostsError> {
    let domain = records::normal(domain);
    let (exchangers, policy) = tokio::join!(resolver.mx(&domain), policies.find(&domain));
    let exchangers = exchangers.map_err(|error| match error {
        NameError::Temporary { .. } | NameError::Settings(_) => temporary(&domain, error.to_string()),
        _ => MailHostsError::NoSuchDomain(domain.clone()),
    })?;
    let (names, implicit) = match exchangers.value {
        Exchangers::Null => return Err(MailHostsError::NullMx(domain)),
        Exchangers::Hosts(names) => (names, false),
        Exchangers::Implicit => (vec![domain.clone()], true),
    };
    let mut found = MailHosts { domain: domain.clone(), hosts: Vec::new(), secure: exchangers.secure };
    let mut held_back = None;
    for name in names.into_iter().take(HOSTS_MAX) {
        match mail_host(resolver, policy.as_deref(), &domain, name, exchangers.secure || implicit).await {
            Ok((host, secure)) => {
                found.secure |= implicit && secure;
                found.hosts.push(host);
            }
            // Nothing there: only worth a word if all are like that.
            Err(Skipped::Nothing) => {}
            Err(Skipped::ForNow(why)) => held_back = held_back.or(Some(why)),
        }
    }
    match held_back {
        _ if !found.hosts.is_empty() => Ok(found),
        Some(why) => Err(temporary(&domain, why)),
        None if implicit => Err(MailHostsError::NoSuchDomain(domain)),
        None => Err(MailHostsError::NoServers(domain)),
    }
}

enum Skipped {
    Nothing,
    ForNow(String),
}

/// One server; and whether DNSSEC proved its addresses.
async fn mail_host(
    resolver: &Resolver,
    policy: Option<&Policy>,
    domain: &str,
    name: String,
    named_securely: bool,
) -> Result<(MailHost, bool), Skipped> {
    let answer = resolver.addresses(&name).await.map_err(|error| {
        if error.is_definite() { Skipped::Nothing } else { Skipped::ForNow(error.to_string()) }
    })?;
    let mut addresses = answer.value;
    addresses.retain(|address| {
        let nowhere = address.is_unspecified() || address.is_multicast();
        is_public(*address) || (resolver.reaches_private() && !nowhere)
    });
    if addresses.is_empty() {
        return Err(Skipped::Nothing);
    }
    if named_securely && answer.secure {
        // RFC 7672 2.2.2: at the end of the aliases first, then at the name itself.
        let mut bases = vec![answer.canonical];
        if bases[0] != name {
            bases.push(name.clone());
        }
        for base in bases {
            match resolver.tlsa(&base, PORT).await {
                // RFC 7672 2.2: records that are not proven count as none.
                Ok(records) if records.secure => {
                    let tls = TlsPolicy::Dane(records.value);
                    let also = [base, domain.to_owned()].into_iter().filter(|also| *also != name).collect();
                    return Ok((MailHost { name, addresses, tls, also }, true));
                }
                Ok(_) => {}
                Err(error) if error.is_definite() => {}
                // RFC 7672 2.1.2: a server whose records cannot be known is not used.
                Err(error) => return Err(Skipped::ForNow(error.to_string())),
            }
        }
    }
    let tls = match policy {
        Some(policy) if policy.mode == Mode::Enforce => {
            if !policy.matches(&name) {
                return Err(Skipped::ForNow(format!("the MTA-STS policy does not name the server {name}")));
            }
            TlsPolicy::Required
        }
        _ => TlsPolicy::Opportunistic,
    };
    Ok((MailHost { name, addresses, tls, also: Vec::new() }, answer.secure))
}

fn temporary(domain: &str, why: String) -> MailHostsError {
    MailHostsError::Temporary { domain: domain.to_owned(), why }
}
