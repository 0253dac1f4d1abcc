//! A name and an address, as people write them: `Ada <ada@letters.example>`.

use std::fmt;

use super::local::is_atext;
use super::{Address, AddressError, trim};

/// Long enough for any name, short enough for a header of two lines.
const NAME_MAX: usize = 200;

/// An address with the name of who answers there.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Mailbox {
    /// The display name, decoded; never empty, holds no control character.
    pub name: Option<String>,
    /// The address.
    pub address: Address,
}

/// Why a text is not a mailbox.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum MailboxError {
    /// The address in it is not one.
    #[error(transparent)]
    Address(#[from] AddressError),
    /// `<` without `>` at the end.
    #[error("the angle brackets around the address are not closed")]
    Brackets,
    /// A quote that is not closed, or text after it.
    #[error("the quotes around the name are not closed, or do not enclose all of it")]
    Quotes,
    /// A tab, a line end or another control character.
    #[error("the name contains a control character")]
    NameControl,
    /// Over 200 characters.
    #[error("the name is {0} characters long, at most {NAME_MAX} are allowed")]
    NameTooLong(usize),
}

impl Mailbox {
    /// A mailbox from its two parts; an empty name counts as none.
    pub fn new(name: Option<&str>, address: Address) -> Result<Self, MailboxError> {
        let name = trim(name.unwrap_or_default());
        if name.chars().any(char::is_control) {
            return Err(MailboxError::NameControl);
        }
        let length = name.chars().count();
        if length > NAME_MAX {
            return Err(MailboxError::NameTooLong(length));
        }
        Ok(Self { name: (!name.is_empty()).then(|| name.to_owned()), address })
    }

    /// Reads `Ada <ada@x.example>`, `"Ada, L." <ada@x.example>`, `<ada@x.example>` or a bare address.
    pub fn parse(text: &str) -> Result<Self, MailboxError> {
        let text = trim(text);
        let Some(inner) = text.strip_suffix('>') else {
            // A `<` inside a quoted local part is fine: the address itself decides.
            return match Address::parse(text) {
                Ok(address) => Ok(Self { name: None, address }),
                Err(_) if text.contains('<') => Err(MailboxError::Brackets),
                Err(error) => Err(error.into()),
            };
        };
        let open = opening_bracket(inner)?;
        let address = Address::parse(&inner[open + 1..])?;
        let name = trim(&inner[..open]);
        match name.strip_prefix('"') {
            Some(quoted) => Self::new(Some(&unquote(quoted)?), address),
            None => Self::new(Some(name), address),
        }
    }
}

/// The first `<` outside quotes; a quote counts at the start only, so that `Ada "Lin" L. <..>` works.
fn opening_bracket(text: &str) -> Result<usize, MailboxError> {
    let mut quoted = false;
    let mut escaped = false;
    for (position, byte) in text.bytes().enumerate() {
        match byte {
            _ if escaped => escaped = false,
            b'\\' if quoted => escaped = true,
            b'"' if quoted || position == 0 => quoted = !quoted,
            b'<' if !quoted => return Ok(position),
            _ => {}
        }
    }
    Err(if quoted { MailboxError::Quotes } else { MailboxError::Brackets })
}

/// The rest of a quoted-string after its opening quote.
fn unquote(text: &str) -> Result<String, MailboxError> {
    let mut plain = String::with_capacity(text.len());
    let mut characters = text.chars();
    while let Some(c) = characters.next() {
        match c {
            '"' if characters.as_str().is_empty() => return Ok(plain),
            '"' => return Err(MailboxError::Quotes),
            '\\' => plain.push(characters.next().ok_or(MailboxError::Quotes)?),
            c => plain.push(c),
        }
    }
    Err(MailboxError::Quotes)
}

impl fmt::Display for Mailbox {
    /// The form [`Mailbox::parse`] reads: for people, not for a header (see `header::mailbox`).
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Some(name) = &self.name else { return write!(f, "{}", self.address) };
        if name.bytes().all(|b| is_atext(b) || b == b' ' || !b.is_ascii()) {
            return write!(f, "{name} <{}>", self.address);
        }
        let escaped = name.replace('\\', "\\\\").replace('"', "\\\"");
        write!(f, "\"{escaped}\" <{}>", self.address)
    }
}

impl std::str::FromStr for Mailbox {
    type Err = MailboxError;

    fn from_str(text: &str) -> Result<Self, MailboxError> {
        Self::parse(text)
    }
}
