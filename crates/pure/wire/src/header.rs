//! Header fields of RFC 5322: text and mailboxes, folded, with encoded-words (RFC 2047) where they are needed.
//!
//! Guarantees: a field written here is one field, whatever the value; it ends with CRLF, is printable ASCII
//! throughout, and a mail reader gets the value back unchanged but for white space at its ends. Lines keep to
//! 78 columns where the value can be cut (RFC 5322 2.1.1 asks for it), and never pass 998.
//!
//! CR, LF and NUL in a value are refused, not replaced: who passes them has not checked what came in.

mod date;
mod encoded;

pub use date::{Date, write_date};

use crate::address::Mailbox;
use crate::address::is_atext;

/// RFC 5322 2.1.1: lines should have at most 78 characters, without CRLF.
pub(crate) const COLUMNS: usize = 78;
/// RFC 5322 2.1.1: lines must have at most 998 characters, without CRLF.
pub(crate) const LINE_MAX: usize = 998;
/// Longer names are written as encoded-words, which can be cut anywhere.
const PLAIN_NAME_MAX: usize = 60;

/// Why a value cannot stand in a header field.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum HeaderError {
    /// CR, LF or NUL: the value would end the field, or the mail.
    #[error("a value for the field {field} contains {character:?}, which would end it")]
    Control {
        /// The field it was meant for.
        field: &'static str,
        /// The character.
        character: char,
    },
    /// A value that may not be encoded holds something else than printable ASCII.
    #[error("a value for the field {field} contains {character:?}, only printable ASCII can stand there")]
    Character {
        /// The field it was meant for.
        field: &'static str,
        /// The character.
        character: char,
    },
    /// A value that cannot be cut makes a line of more than 998 characters.
    #[error(
        "a value for the field {field} makes a line of {length} characters, at most {LINE_MAX} are allowed"
    )]
    TooLong {
        /// The field it was meant for.
        field: &'static str,
        /// The length of that line.
        length: usize,
    },
    /// A value that must not be empty is.
    #[error("the value for the field {0} is empty")]
    Empty(&'static str),
}

/// Writes a field of free text, such as `Subject`; white space at both ends of the value is dropped.
pub fn unstructured(field: &'static str, value: &str, out: &mut Vec<u8>) -> Result<(), HeaderError> {
    refuse_breaks(field, value)?;
    open(field, out);
    let column = field.len() + 2;
    encoded::text(value.trim_matches([' ', '\t']), column, out);
    out.extend_from_slice(b"\r\n");
    Ok(())
}

/// Writes a field of one mailbox, such as `From`.
pub fn mailbox(field: &'static str, mailbox: &Mailbox, out: &mut Vec<u8>) -> Result<(), HeaderError> {
    named(field, mailbox.name.as_deref(), mailbox.address.as_str(), out)
}

/// Writes a field of one name and what stands in angle brackets behind it: a mailbox, or a `List-Id`
/// (RFC 2919 3). `inner` must be printable ASCII without white space.
pub fn named(
    field: &'static str,
    name: Option<&str>,
    inner: &str,
    out: &mut Vec<u8>,
) -> Result<(), HeaderError> {
    let name = name.map(|name| name.trim_matches([' ', '\t'])).filter(|name| !name.is_empty());
    refuse_breaks(field, name.unwrap_or_default())?;
    token(field, inner)?;
    open(field, out);
    let Some(name) = name else {
        // RFC 5322 3.4: an addr-spec alone needs no brackets; a list-id always has them.
        let bare = inner.contains('@');
        out.extend_from_slice(if bare { b"" } else { b"<" });
        out.extend_from_slice(inner.as_bytes());
        out.extend_from_slice(if bare { b"\r\n" } else { b">\r\n" });
        return Ok(());
    };
    let column = encoded::phrase(name, field.len() + 2, out);
    let fits = column + inner.len() + 3 <= COLUMNS;
    out.extend_from_slice(if fits { b" <" } else { b"\r\n <" });
    out.extend_from_slice(inner.as_bytes());
    out.extend_from_slice(b">\r\n");
    Ok(())
}

/// Writes a field whose value has its own grammar and is ASCII already. `parts` are joined with a space, or
/// with a fold where the line would pass 78 columns; nothing is cut inside a part.
pub fn structured(field: &'static str, parts: &[&str], out: &mut Vec<u8>) -> Result<(), HeaderError> {
    let mut longest = 0;
    for part in parts {
        printable(field, part)?;
        longest = longest.max(part.len() + field.len() + 2);
    }
    if longest > LINE_MAX {
        return Err(HeaderError::TooLong { field, length: longest });
    }
    open(field, out);
    let mut column = field.len() + 2;
    for (number, part) in parts.iter().enumerate() {
        if number > 0 {
            let fits = column + 1 + part.len() <= COLUMNS;
            out.extend_from_slice(if fits { b" " } else { b"\r\n " });
            column = if fits { column + 1 } else { 1 };
        }
        out.extend_from_slice(part.as_bytes());
        column += part.len();
    }
    out.extend_from_slice(b"\r\n");
    Ok(())
}

fn open(field: &str, out: &mut Vec<u8>) {
    out.extend_from_slice(field.as_bytes());
    out.extend_from_slice(b": ");
}

fn refuse_breaks(field: &'static str, value: &str) -> Result<(), HeaderError> {
    match value.chars().find(|c| matches!(c, '\r' | '\n' | '\0')) {
        Some(character) => Err(HeaderError::Control { field, character }),
        None => Ok(()),
    }
}

/// Printable ASCII and single spaces only, not empty.
pub(crate) fn printable(field: &'static str, value: &str) -> Result<(), HeaderError> {
    refuse_breaks(field, value)?;
    if value.is_empty() {
        return Err(HeaderError::Empty(field));
    }
    match value.chars().find(|c| !matches!(c, ' '..='~')) {
        Some(character) => Err(HeaderError::Character { field, character }),
        None if value.len() > LINE_MAX => Err(HeaderError::TooLong { field, length: value.len() }),
        None => Ok(()),
    }
}

/// Printable ASCII that nothing can be read out of: no white space, no angle bracket.
pub(crate) fn token(field: &'static str, value: &str) -> Result<(), HeaderError> {
    printable(field, value)?;
    // A quoted local part may hold a space (RFC 5321 4.1.2); brackets stay out everywhere else.
    let quoted = value.starts_with('"');
    match value.chars().find(|c| !quoted && matches!(c, ' ' | '<' | '>')) {
        Some(character) => Err(HeaderError::Character { field, character }),
        None => Ok(()),
    }
}

/// Whether a name may stand as a row of atoms (RFC 5322 3.2.5).
fn is_atoms(name: &str) -> bool {
    !name.contains("  ") && name.bytes().all(|byte| is_atext(byte) || byte == b' ')
}

#[cfg(test)]
mod tests;
