//! What is asked of a record, and of the DNS on the way.

use core::net::IpAddr;
use std::collections::BTreeMap;

use crate::normal;

/// Who sends what.
#[derive(Debug, Clone)]
pub struct Question {
    pub(super) address: IpAddr,
    pub(super) domain: String,
    pub(super) sender: String,
    pub(super) helo: String,
}

impl Question {
    /// May this address send mail in the name of the domain? `sender` is the envelope sender; where it is empty,
    /// it is postmaster at `helo` (2.4).
    pub fn new(address: IpAddr, domain: &str, sender: &str, helo: &str) -> Self {
        let sender = if sender.is_empty() { format!("postmaster@{helo}") } else { sender.to_owned() };
        Self { address: address.to_canonical(), domain: normal(domain), sender, helo: normal(helo) }
    }
}

/// The kind of record that is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Kind {
    /// Texts: answer with [`Answer::Texts`].
    Txt,
    /// IPv4 addresses: answer with [`Answer::Addresses`].
    A,
    /// IPv6 addresses: answer with [`Answer::Addresses`].
    Aaaa,
    /// Mail servers, best first: answer with [`Answer::Names`].
    Mx,
    /// Names of an address: answer with [`Answer::Names`].
    Ptr,
}

/// A question to the DNS.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Query {
    /// What is asked for.
    pub kind: Kind,
    /// At which name, lower case, without the dot of the root; for `Ptr` the name under `in-addr.arpa` or
    /// `ip6.arpa`.
    pub name: String,
    /// For `Ptr` the address itself.
    pub address: Option<IpAddr>,
}

impl Query {
    /// For the texts of a name.
    pub fn txt(name: &str) -> Self {
        Self { kind: Kind::Txt, name: normal(name), address: None }
    }

    /// For the addresses of a name, of the family of another address.
    pub fn addresses(name: &str, like: IpAddr) -> Self {
        let kind = if like.is_ipv4() { Kind::A } else { Kind::Aaaa };
        Self { kind, name: normal(name), address: None }
    }

    /// For the mail servers of a domain.
    pub fn mx(name: &str) -> Self {
        Self { kind: Kind::Mx, name: normal(name), address: None }
    }

    /// For the names of an address.
    pub fn ptr(address: IpAddr) -> Self {
        let name = match address {
            IpAddr::V4(address) => {
                let [a, b, c, d] = address.octets();
                format!("{d}.{c}.{b}.{a}.in-addr.arpa")
            }
            IpAddr::V6(address) => {
                let nibbles = address.octets().into_iter().rev().flat_map(|octet| [octet & 15, octet >> 4]);
                nibbles.map(|nibble| format!("{nibble:x}.")).collect::<String>() + "ip6.arpa"
            }
        };
        Self { kind: Kind::Ptr, name, address: Some(address) }
    }
}

/// An answer of the DNS.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Answer {
    /// Texts, the strings of each joined.
    Texts(Vec<String>),
    /// Addresses.
    Addresses(Vec<IpAddr>),
    /// Names.
    Names(Vec<String>),
    /// The name does not exist, or has no such records.
    Nothing,
    /// No answer for now.
    Failed,
}

/// The answers that are known.
#[derive(Debug, Clone, Default)]
pub struct Answers(BTreeMap<Query, Answer>);

impl Answers {
    /// Adds an answer.
    pub fn insert(&mut self, query: Query, answer: Answer) {
        self.0.insert(query, answer);
    }

    /// The answer to a question, where it is known.
    pub fn get(&self, query: &Query) -> Option<&Answer> {
        self.0.get(query)
    }
}
