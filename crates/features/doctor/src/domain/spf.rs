//! SPF (RFC 7208): one record, not too dear, that ends the list and names those who send for us.

use std::net::IpAddr;
use std::sync::Arc;

use records::spf::{self, LOOKUPS_MAX, Mechanism, Qualifier, Question, Record, SpfError, Verdict};

use crate::bag::{Bag, Silence, is_private};
use crate::examine::Outcome;
use crate::model::{Area, Finding, Level};
use crate::route::relays::service;
use crate::route::{Destination, Way, direct_addresses};

/// Looks at the record of a domain.
pub(crate) async fn look(bag: Arc<Bag>, ways: Arc<Vec<Way>>, area: Area, domain: String) -> Outcome {
    let seen = Seen { bag: &bag, ways: &ways, area, domain: &domain };
    match seen.all().await {
        // What should stand there is known even where nobody can be asked.
        Err(silence) => {
            Ok(vec![silence.finding(area, &domain, "spf").record(&domain, "TXT", seen.advised())])
        }
        found => found,
    }
}

struct Seen<'a> {
    bag: &'a Bag,
    ways: &'a [Way],
    area: Area,
    domain: &'a str,
}

impl Seen<'_> {
    fn finding(&self, level: Level, what: &'static str) -> Finding {
        Finding::new(self.area, self.domain, "spf", level, what).with("domain", self.domain)
    }

    async fn all(&self) -> Outcome {
        let texts = self.bag.txt(self.domain).await?;
        let broken = |finding: Finding| Ok(vec![finding.record(self.domain, "TXT", self.advised())]);
        let record = match spf::only(&texts) {
            Ok(Some(record)) => record,
            Ok(None) => return broken(self.finding(Level::Bad, "spf-missing")),
            Err(SpfError::Several(number)) => {
                return broken(self.finding(Level::Bad, "spf-several").number("n", number));
            }
            Err(error) => {
                return broken(self.finding(Level::Bad, "spf-wrong").with("why", error.to_string()));
            }
        };
        let text = texts.iter().find(|text| spf::is_record(text)).map(String::as_str).unwrap_or_default();
        let cost = self.bag.spf_cost(self.domain).await?;
        let mut findings = Vec::new();
        if let Some((place, why)) = cost.broken {
            findings.push(self.finding(Level::Bad, "spf-broken").with("place", place).with("why", why));
        }
        if cost.lookups > LOOKUPS_MAX {
            findings.push(self.finding(Level::Bad, "spf-dear").number("n", cost.lookups));
        }
        findings.extend(self.ending(&record, text));
        for way in self.ways {
            findings.extend(self.way(way, &record, text).await?);
        }
        if findings.is_empty() {
            findings.push(self.finding(Level::Ok, "spf").with("record", text).number("n", cost.lookups));
        }
        Ok(findings)
    }

    /// What the record says about everybody else.
    fn ending(&self, record: &Record, text: &str) -> Option<Finding> {
        match record.all() {
            Some(Qualifier::Fail | Qualifier::SoftFail) => None,
            // RFC 7208 6.1: the record of the other name decides.
            None if record.redirect.is_some() => None,
            Some(Qualifier::Pass) => {
                Some(self.finding(Level::Bad, "spf-everybody").record(self.domain, "TXT", ended(text)))
            }
            Some(Qualifier::Neutral) | None => {
                Some(self.finding(Level::Warn, "spf-endless").record(self.domain, "TXT", ended(text)))
            }
        }
    }

    /// Whether the record lets a way send.
    async fn way(&self, way: &Way, record: &Record, text: &str) -> Result<Option<Finding>, Silence> {
        let route = match &way.to {
            Destination::Nowhere(_) => return Ok(None),
            Destination::Direct { .. } => return self.addresses(way, text, Level::Bad).await,
            Destination::Relay(route) => route,
        };
        if let Some(service) = service(&route.host) {
            let missing = !names(record, service.mechanism) && record.redirect.is_none();
            return Ok(missing.then(|| {
                self.finding(Level::Warn, "spf-include")
                    .with("service", service.name)
                    .with("mechanism", service.mechanism)
                    .record(self.domain, "TXT", extended(text, service.mechanism))
            }));
        }
        let addresses = self.bag.addresses(&route.host).await?;
        if addresses.is_empty() || addresses.iter().all(|ip| is_private(*ip)) {
            // A relay beside us most likely goes out as we would.
            return self.addresses(way, text, Level::Warn).await;
        }
        for ip in addresses {
            if self.passes(ip, &way.ehlo).await? {
                return Ok(None);
            }
        }
        Ok(Some(self.finding(Level::Warn, "spf-relay").with("host", route.host.as_str()).record(
            self.domain,
            "TXT",
            extended(text, &format!("a:{}", route.host)),
        )))
    }

    /// Whether the record lets our own addresses send.
    async fn addresses(&self, way: &Way, text: &str, level: Level) -> Result<Option<Finding>, Silence> {
        for ip in direct_addresses(self.bag, &way.ehlo).await? {
            if !self.passes(ip, &way.ehlo).await? {
                let kind = if ip.is_ipv4() { "ip4" } else { "ip6" };
                return Ok(Some(self.finding(level, "spf-own").with("address", ip.to_string()).record(
                    self.domain,
                    "TXT",
                    extended(text, &format!("{kind}:{ip}")),
                )));
            }
        }
        Ok(None)
    }

    async fn passes(&self, ip: IpAddr, ehlo: &str) -> Result<bool, Silence> {
        let sender = format!("postmaster@{}", self.domain);
        let outcome = self.bag.spf_outcome(&Question::new(ip, self.domain, &sender, ehlo)).await?;
        Ok(outcome.verdict == Verdict::Pass)
    }

    /// The record that would do for all ways.
    fn advised(&self) -> String {
        let mut mechanisms: Vec<String> = Vec::new();
        for way in self.ways {
            let mechanism = match &way.to {
                Destination::Nowhere(_) => continue,
                Destination::Direct { .. } => format!("a:{}", way.ehlo),
                Destination::Relay(route) => match (service(&route.host), route.host.parse::<IpAddr>()) {
                    (Some(service), _) => service.mechanism.to_owned(),
                    (None, Ok(ip)) if is_private(ip) => "mx".to_owned(),
                    (None, Ok(IpAddr::V4(ip))) => format!("ip4:{ip}"),
                    (None, Ok(IpAddr::V6(ip))) => format!("ip6:{ip}"),
                    (None, Err(_)) if route.host == "localhost" => "mx".to_owned(),
                    (None, Err(_)) => format!("a:{}", route.host),
                },
            };
            if !mechanisms.contains(&mechanism) {
                mechanisms.push(mechanism);
            }
        }
        if mechanisms.is_empty() {
            mechanisms.push("mx".to_owned());
        }
        format!("v=spf1 {} ~all", mechanisms.join(" "))
    }
}

/// Whether a record has a mechanism such as `include:example.org`.
fn names(record: &Record, mechanism: &str) -> bool {
    let wanted = records::normal(mechanism.strip_prefix("include:").unwrap_or(mechanism));
    record.directives.iter().any(|directive| {
        matches!(&directive.mechanism, Mechanism::Include(domain) if records::normal(domain) == wanted)
    })
}

/// The record with one mechanism more, before what ends it.
fn extended(text: &str, mechanism: &str) -> String {
    let mut terms: Vec<&str> = text.split(' ').filter(|term| !term.is_empty()).collect();
    let place = terms.iter().position(|term| is_all(term)).unwrap_or(terms.len());
    terms.insert(place, mechanism);
    terms.join(" ")
}

/// The record with an end that shuts the others out.
fn ended(text: &str) -> String {
    let terms: Vec<&str> = text.split(' ').filter(|term| !term.is_empty() && !is_all(term)).collect();
    format!("{} ~all", terms.join(" "))
}

fn is_all(term: &str) -> bool {
    term.trim_start_matches(['+', '-', '~', '?']).eq_ignore_ascii_case("all")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_record_is_mended_where_its_end_stands() {
        assert_eq!(extended("v=spf1 mx -all", "include:a.example"), "v=spf1 mx include:a.example -all");
        assert_eq!(extended("v=spf1 mx", "ip4:192.0.2.1"), "v=spf1 mx ip4:192.0.2.1");
        assert_eq!(ended("v=spf1 +mx +all"), "v=spf1 +mx ~all");
        assert_eq!(ended("v=spf1 mx"), "v=spf1 mx ~all");
        let record = spf::parse("v=spf1 include:Amazonses.com. ~all").unwrap();
        assert!(names(&record, "include:amazonses.com") && !names(&record, "include:sendgrid.net"));
    }
}
