//! Mail addresses: RFC 5321 4.1.2 with internationalised domains (UTS 46).
//!
//! An [`Address`] can be written into an SMTP command or a header as it is: it holds printable ASCII
//! only, no line end, and respects the length limits. It does not say that the mailbox exists.

mod domain;
mod local;
mod mailbox;

use std::fmt;

pub(crate) use local::is_atext;
pub use mailbox::{Mailbox, MailboxError};

/// RFC 5321 4.5.3.1.1, in octets, quotes included.
const LOCAL_MAX: usize = 64;
/// RFC 5321 4.5.3.1.3 allows a path of 256 octets, two of which are the angle brackets.
const ADDRESS_MAX: usize = 254;

/// A checked mail address: `local@domain`, the domain in lower-case ASCII (A-labels).
///
/// Two addresses are equal when they are written alike; use [`Address::key`] to tell whether they
/// stand for one reader.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Address {
    text: Box<str>,
    at: usize,
}

/// Why a text is not an address we can write to.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum AddressError {
    /// Nothing but white space.
    #[error("the address is empty")]
    Empty,
    /// No `@` outside quotes.
    #[error("there is no @ in the address")]
    NoAt,
    /// A second `@` outside quotes.
    #[error("there is more than one @ in the address")]
    SeveralAts,
    /// Longer than 254 octets.
    #[error("the address is {0} characters long, at most {ADDRESS_MAX} are allowed")]
    TooLong(usize),
    /// Nothing before the `@`.
    #[error("the part before the @ is empty")]
    LocalEmpty,
    /// More than 64 octets before the `@`.
    #[error("the part before the @ is {0} characters long, at most {LOCAL_MAX} are allowed")]
    LocalTooLong(usize),
    /// SMTPUTF8 (RFC 6531) is not offered.
    #[error("the part before the @ contains {0:?}, only unaccented characters are possible there")]
    LocalNotAscii(char),
    /// A character that RFC 5321 does not allow there.
    #[error("the part before the @ contains {0:?}, which is not allowed there")]
    LocalCharacter(char),
    /// Starts with a dot, ends with one, or has two in a row.
    #[error("the part before the @ starts or ends with a dot, or has two dots in a row")]
    LocalDots,
    /// Quotes that do not enclose the whole local part.
    #[error("the quotes in the part before the @ are not closed, or do not enclose all of it")]
    LocalQuotes,
    /// Nothing after the `@`.
    #[error("the part after the @ is empty")]
    DomainEmpty,
    /// `[192.0.2.1]`: no reader lives there.
    #[error("the part after the @ is a number in brackets, a domain name is needed")]
    DomainLiteral,
    /// `192.0.2.1`, or a last label of digits only.
    #[error("the part after the @ ends with a number, a domain name is needed")]
    DomainNumeric,
    /// One label only, other than `localhost`.
    #[error("the domain {0:?} has no dot, something like {0}.com is needed")]
    DomainSingleLabel(String),
    /// Two dots in a row, or one at an end.
    #[error("the part after the @ starts or ends with a dot, or has two dots in a row")]
    DomainDots,
    /// A label over 63 octets, once in ASCII form.
    #[error("a part of the domain is longer than 63 characters")]
    DomainLabelTooLong,
    /// Over 253 octets, once in ASCII form.
    #[error("the domain is longer than 253 characters")]
    DomainTooLong,
    /// A label that starts or ends with a hyphen.
    #[error("a part of the domain starts or ends with a hyphen")]
    DomainHyphen,
    /// A character that no domain name has.
    #[error("the part after the @ contains {0:?}, which no domain name has")]
    DomainCharacter(char),
    /// Refused by UTS 46.
    #[error("the domain {0:?} is not a valid internationalised domain name")]
    DomainInvalid(String),
}

impl Address {
    /// Reads an address; outer white space is dropped, the domain becomes lower-case ASCII, the local
    /// part keeps its case and loses quotes that it does not need (RFC 5321 4.1.2).
    pub fn parse(text: &str) -> Result<Self, AddressError> {
        let text = trim(text);
        if text.is_empty() {
            return Err(AddressError::Empty);
        }
        let (local, domain) = split(text)?;
        let mut whole = local::canonical(local)?;
        let domain = domain::to_ascii(domain)?;
        let at = whole.len();
        whole.push('@');
        whole.push_str(&domain);
        if whole.len() > ADDRESS_MAX {
            return Err(AddressError::TooLong(whole.len()));
        }
        Ok(Self { text: whole.into(), at })
    }

    /// The whole address, in ASCII.
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// What stands before the `@`, with its quotes if it needs them.
    pub fn local(&self) -> &str {
        &self.text[..self.at]
    }

    /// The domain in ASCII (`xn--...`), lower-case.
    pub fn domain(&self) -> &str {
        &self.text[self.at + 1..]
    }

    /// The domain as people write it.
    pub fn domain_unicode(&self) -> String {
        domain::to_unicode(self.domain())
    }

    /// The form under which an address is compared and kept unique: all lower-case. RFC 5321 2.4 lets a
    /// host tell `Ada` from `ada`; no host in use does, and people do not.
    pub fn key(&self) -> String {
        self.text.to_ascii_lowercase()
    }
}

/// Cuts white space, and the invisible characters that come along when an address is pasted.
fn trim(text: &str) -> &str {
    text.trim_matches(|c: char| {
        c.is_whitespace() || matches!(c, '\u{200b}'..='\u{200f}' | '\u{2060}' | '\u{feff}')
    })
}

/// Splits at the one `@` that stands outside quotes.
fn split(text: &str) -> Result<(&str, &str), AddressError> {
    let mut quoted = false;
    let mut escaped = false;
    let mut at = None;
    for (position, byte) in text.bytes().enumerate() {
        match byte {
            _ if escaped => escaped = false,
            b'\\' if quoted => escaped = true,
            // A quote opens at the start only; elsewhere it is a fault that `local` names.
            b'"' if quoted || position == 0 => quoted = !quoted,
            b'@' if !quoted => match at {
                None => at = Some(position),
                Some(_) => return Err(AddressError::SeveralAts),
            },
            _ => {}
        }
    }
    match at {
        Some(at) => Ok((&text[..at], &text[at + 1..])),
        None if quoted => Err(AddressError::LocalQuotes),
        None => Err(AddressError::NoAt),
    }
}

impl fmt::Display for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

impl fmt::Debug for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Address({})", self.text)
    }
}

impl AsRef<str> for Address {
    fn as_ref(&self) -> &str {
        &self.text
    }
}

impl std::str::FromStr for Address {
    type Err = AddressError;

    fn from_str(text: &str) -> Result<Self, AddressError> {
        Self::parse(text)
    }
}

#[cfg(test)]
mod tests;
