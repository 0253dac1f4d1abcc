//! The text of a record (RFC 7208 4.5, 4.6.1 and 12).

use core::net::{Ipv4Addr, Ipv6Addr};
use std::fmt;

use super::macros;
use crate::tags::shortened;

/// What a match means.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Qualifier {
    /// `+`, or nothing: it may send.
    Pass,
    /// `-`: it may not.
    Fail,
    /// `~`: probably not.
    SoftFail,
    /// `?`: nothing is said.
    Neutral,
}

/// What is compared with the sending machine. Domains may hold macros; none stands for the current domain.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Mechanism {
    /// Everything.
    All,
    /// What another record lets pass.
    Include(String),
    /// The addresses of a name, within prefixes of so many bits.
    A {
        /// Whose addresses.
        domain: Option<String>,
        /// Bits of an IPv4 address.
        v4: u8,
        /// Bits of an IPv6 address.
        v6: u8,
    },
    /// The addresses of the mail servers of a domain.
    Mx {
        /// Whose mail servers.
        domain: Option<String>,
        /// Bits of an IPv4 address.
        v4: u8,
        /// Bits of an IPv6 address.
        v6: u8,
    },
    /// A name of the machine lies in this domain; not to be used (5.5).
    Ptr(Option<String>),
    /// A network.
    Ip4(Ipv4Addr, u8),
    /// A network.
    Ip6(Ipv6Addr, u8),
    /// A name exists.
    Exists(String),
}

impl Mechanism {
    /// Whether it costs one of the ten look-ups (4.6.4).
    pub fn costs_lookup(&self) -> bool {
        !matches!(self, Self::All | Self::Ip4(..) | Self::Ip6(..))
    }
}

/// A mechanism with its meaning.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Directive {
    /// What a match means.
    pub qualifier: Qualifier,
    /// What is compared.
    pub mechanism: Mechanism,
}

/// A record.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Record {
    /// From left to right; the first match decides.
    pub directives: Vec<Directive>,
    /// Whose record decides where nothing matched (6.1).
    pub redirect: Option<String>,
    /// Where the explanation for a refusal stands (6.2).
    pub explanation: Option<String>,
    /// Modifiers that nobody knows, as written: to be ignored.
    pub unknown: Vec<String>,
}

/// Why a text is not a record.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SpfError {
    /// Another text.
    #[error("an SPF record begins with v=spf1")]
    Version,
    /// Neither a known mechanism nor a modifier.
    #[error("{0:?} is not a mechanism of SPF")]
    Mechanism(String),
    /// A domain, network or prefix that is none.
    #[error("{0:?} cannot be understood")]
    Value(String),
    /// redirect or exp twice (6).
    #[error("{0} stands there twice")]
    Twice(&'static str),
    /// More than one record: none counts, and receivers see a permanent error (4.5).
    #[error("the domain has {0} SPF records, so that receivers see an error")]
    Several(usize),
}

/// Whether a text claims to be an SPF record (4.5).
pub fn is_record(text: &str) -> bool {
    let Some(start) = text.get(..6) else { return false };
    start.eq_ignore_ascii_case("v=spf1") && matches!(text.as_bytes().get(6), None | Some(b' '))
}

/// The record among the texts of a domain.
pub fn only<S: AsRef<str>>(texts: &[S]) -> Result<Option<Record>, SpfError> {
    let records: Vec<&str> = texts.iter().map(AsRef::as_ref).filter(|text| is_record(text)).collect();
    match records[..] {
        [] => Ok(None),
        [record] => parse(record).map(Some),
        _ => Err(SpfError::Several(records.len())),
    }
}

/// Reads a record.
pub fn parse(text: &str) -> Result<Record, SpfError> {
    if !is_record(text) {
        return Err(SpfError::Version);
    }
    let mut record = Record::default();
    for term in text[6..].split(' ').filter(|term| !term.is_empty()) {
        let end_of_name = term.find([':', '/', '=']).unwrap_or(term.len());
        if term[end_of_name..].starts_with('=') {
            modifier(&mut record, &term[..end_of_name], &term[end_of_name + 1..], term)?;
        } else {
            record.directives.push(directive(term)?);
        }
    }
    Ok(record)
}

fn modifier(record: &mut Record, name: &str, value: &str, term: &str) -> Result<(), SpfError> {
    let (known, place) = match name.to_ascii_lowercase().as_str() {
        "redirect" => ("redirect", &mut record.redirect),
        "exp" => ("exp", &mut record.explanation),
        _ => {
            let letters = |byte: u8| byte.is_ascii_alphanumeric() || b"-_.".contains(&byte);
            let named = name.starts_with(|first: char| first.is_ascii_alphabetic());
            if !named || !name.bytes().all(letters) || !macros::is_sound(value) {
                return Err(SpfError::Mechanism(shortened(term)));
            }
            record.unknown.push(term.to_owned());
            return Ok(());
        }
    };
    if place.replace(domain(value, term)?).is_some() {
        return Err(SpfError::Twice(known));
    }
    Ok(())
}

fn directive(term: &str) -> Result<Directive, SpfError> {
    let (qualifier, rest) = match term.as_bytes()[0] {
        b'+' => (Qualifier::Pass, &term[1..]),
        b'-' => (Qualifier::Fail, &term[1..]),
        b'~' => (Qualifier::SoftFail, &term[1..]),
        b'?' => (Qualifier::Neutral, &term[1..]),
        _ => (Qualifier::Pass, term),
    };
    let (name, argument) = rest.split_at(rest.find([':', '/']).unwrap_or(rest.len()));
    let wrong = || SpfError::Value(shortened(term));
    let value = argument.strip_prefix(':');
    let mechanism = match (name.to_ascii_lowercase().as_str(), value) {
        ("all", _) if argument.is_empty() => Mechanism::All,
        ("include", Some(value)) => Mechanism::Include(domain(value, term)?),
        ("exists", Some(value)) => Mechanism::Exists(domain(value, term)?),
        ("ptr", None) if argument.is_empty() => Mechanism::Ptr(None),
        ("ptr", Some(value)) => Mechanism::Ptr(Some(domain(value, term)?)),
        ("a", _) => {
            let (domain, v4, v6) = host(argument, term)?;
            Mechanism::A { domain, v4, v6 }
        }
        ("mx", _) => {
            let (domain, v4, v6) = host(argument, term)?;
            Mechanism::Mx { domain, v4, v6 }
        }
        ("ip4", Some(value)) => {
            let (address, bits) = network(value, 32).ok_or_else(wrong)?;
            Mechanism::Ip4(address.parse().map_err(|_| wrong())?, bits)
        }
        ("ip6", Some(value)) => {
            let (address, bits) = network(value, 128).ok_or_else(wrong)?;
            Mechanism::Ip6(address.parse().map_err(|_| wrong())?, bits)
        }
        ("all" | "include" | "exists" | "ptr" | "ip4" | "ip6", _) => return Err(wrong()),
        _ => return Err(SpfError::Mechanism(shortened(term))),
    };
    Ok(Directive { qualifier, mechanism })
}

fn domain(text: &str, term: &str) -> Result<String, SpfError> {
    if text.is_empty() || !macros::is_sound(text) {
        return Err(SpfError::Value(shortened(term)));
    }
    Ok(text.to_owned())
}

/// `[:DOMAIN][/BITS4][//BITS6]`
fn host(argument: &str, term: &str) -> Result<(Option<String>, u8, u8), SpfError> {
    let wrong = || SpfError::Value(shortened(term));
    // A macro may hold a slash as its delimiter (7.1); the prefix comes after it.
    let after_macros = argument.rfind('}').map_or(0, |place| place + 1);
    let slash = argument[after_macros..].find('/').map_or(argument.len(), |place| after_macros + place);
    let (name, prefixes) = argument.split_at(slash);
    let name = match name.strip_prefix(':') {
        Some(name) => Some(domain(name, term)?),
        None if name.is_empty() => None,
        None => return Err(wrong()),
    };
    let (v4, v6) = match prefixes.split_once("//") {
        Some((v4, v6)) => (v4, Some(v6)),
        None => (prefixes, None),
    };
    let v4 = match v4.strip_prefix('/') {
        Some(digits) => bits(digits, 32).ok_or_else(wrong)?,
        None if v4.is_empty() => 32,
        None => return Err(wrong()),
    };
    let v6 = match v6 {
        Some(digits) => bits(digits, 128).ok_or_else(wrong)?,
        None => 128,
    };
    Ok((name, v4, v6))
}

fn network(text: &str, most: u8) -> Option<(&str, u8)> {
    match text.split_once('/') {
        Some((address, digits)) => Some((address, bits(digits, most)?)),
        None => Some((text, most)),
    }
}

fn bits(digits: &str, most: u8) -> Option<u8> {
    let canonical = digits == "0" || !digits.starts_with('0');
    let digits =
        Some(digits).filter(|digits| digits.bytes().all(|byte| byte.is_ascii_digit()) && canonical)?;
    digits.parse().ok().filter(|bits| *bits <= most)
}

impl Record {
    /// The look-ups that this record alone costs of the ten (4.6.4), without those of the records it includes.
    pub fn lookups(&self) -> usize {
        let directives =
            self.directives.iter().filter(|directive| directive.mechanism.costs_lookup()).count();
        directives + usize::from(self.all().is_none() && self.redirect.is_some())
    }

    /// What it says about everybody else.
    pub fn all(&self) -> Option<Qualifier> {
        let all = |directive: &&Directive| directive.mechanism == Mechanism::All;
        self.directives.iter().find(all).map(|directive| directive.qualifier)
    }
}

impl fmt::Display for Record {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("v=spf1")?;
        for directive in &self.directives {
            write!(f, " {directive}")?;
        }
        for (name, value) in [("redirect", &self.redirect), ("exp", &self.explanation)] {
            if let Some(value) = value {
                write!(f, " {name}={value}")?;
            }
        }
        self.unknown.iter().try_for_each(|term| write!(f, " {term}"))
    }
}

impl fmt::Display for Directive {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self.qualifier {
            Qualifier::Pass => "",
            Qualifier::Fail => "-",
            Qualifier::SoftFail => "~",
            Qualifier::Neutral => "?",
        })?;
        match &self.mechanism {
            Mechanism::All => f.write_str("all"),
            Mechanism::Include(domain) => write!(f, "include:{domain}"),
            Mechanism::Exists(domain) => write!(f, "exists:{domain}"),
            Mechanism::Ptr(None) => f.write_str("ptr"),
            Mechanism::Ptr(Some(domain)) => write!(f, "ptr:{domain}"),
            Mechanism::A { domain, v4, v6 } => write_host(f, "a", domain.as_deref(), *v4, *v6),
            Mechanism::Mx { domain, v4, v6 } => write_host(f, "mx", domain.as_deref(), *v4, *v6),
            Mechanism::Ip4(address, 32) => write!(f, "ip4:{address}"),
            Mechanism::Ip4(address, bits) => write!(f, "ip4:{address}/{bits}"),
            Mechanism::Ip6(address, 128) => write!(f, "ip6:{address}"),
            Mechanism::Ip6(address, bits) => write!(f, "ip6:{address}/{bits}"),
        }
    }
}

fn write_host(f: &mut fmt::Formatter<'_>, name: &str, domain: Option<&str>, v4: u8, v6: u8) -> fmt::Result {
    f.write_str(name)?;
    if let Some(domain) = domain {
        write!(f, ":{domain}")?;
    }
    if v4 != 32 {
        write!(f, "/{v4}")?;
    }
    if v6 != 128 {
        write!(f, "//{v6}")?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn records_are_read_and_written_alike() {
        for text in [
            "v=spf1 -all",
            "v=spf1 a mx ip4:192.0.2.0/24 ip6:2001:db8::/32 include:_spf.example.com ~all",
            "v=spf1 a:mail.example.com/24//64 mx//48 mx:example.org/30 ?ptr ptr:example.com -exists:%{ir}.%{l1r-}.x.example",
            "v=spf1 redirect=_spf.example.com exp=why.example.com unknown=%{d}",
            "v=spf1 a:%{d1r/}.example/24 -all",
            "v=spf1",
        ] {
            assert_eq!(parse(text).unwrap().to_string(), text);
        }
        assert_eq!(
            parse("V=SPF1 +A  MX:Example.com -ALL ").unwrap().to_string(),
            "v=spf1 a mx:Example.com -all"
        );
    }

    #[test]
    fn a_record_tells_its_look_ups_and_its_last_word() {
        let record =
            parse("v=spf1 a mx ip4:1.2.3.4 include:x.example exists:y.example ptr redirect=z.example")
                .unwrap();
        assert_eq!((record.lookups(), record.all()), (6, None));
        let record = parse("v=spf1 a ~all redirect=z.example").unwrap();
        assert_eq!((record.lookups(), record.all()), (1, Some(Qualifier::SoftFail)));
    }

    #[test]
    fn what_is_wrong_in_a_record_is_named() {
        let check = |text: &str, error: SpfError| assert_eq!(parse(text), Err(error), "{text}");
        check("v=spf10 -all", SpfError::Version);
        check("v=spf1;-all", SpfError::Version);
        check("v=spf1 ipv4:1.2.3.4", SpfError::Mechanism("ipv4:1.2.3.4".into()));
        check("v=spf1 =x", SpfError::Mechanism("=x".into()));
        check("v=spf1 redirect=a redirect=b", SpfError::Twice("redirect"));
        for term in [
            "ip4:1.2.3.4/33",
            "ip4:1.2.3",
            "ip4:1.2.3.4/",
            "ip4:1.2.3.4/08",
            "ip6:1.2.3.4",
            "ip4",
            "include",
            "include:",
            "exists",
            "all:x",
            "ptr/24",
            "a:",
            "a/24/64",
            "mx//129",
            "a:%{x}.example",
            "include:%",
            "a:%{d",
            "all/8",
        ] {
            check(&format!("v=spf1 {term} -all"), SpfError::Value(term.into()));
        }
        assert_eq!(only(&["v=spf1 -all", "v=spf1 ~all"]), Err(SpfError::Several(2)));
        assert_eq!(only(&["v=spf2.0/pra -all"]), Ok(None));
    }
}
