//! The part before the `@`: dot-string or quoted-string (RFC 5321 4.1.2).

use super::{AddressError, LOCAL_MAX};

/// The local part in the shortest form that means the same.
pub(super) fn canonical(local: &str) -> Result<String, AddressError> {
    if local.is_empty() {
        return Err(AddressError::LocalEmpty);
    }
    let text = if local.starts_with('"') {
        let plain = unquote(local)?;
        if is_dot_string(&plain) { plain } else { quote(&plain) }
    } else {
        check_dot_string(local)?;
        local.to_owned()
    };
    if text.len() > LOCAL_MAX {
        return Err(AddressError::LocalTooLong(text.len()));
    }
    Ok(text)
}

/// `atext` of RFC 5322 3.2.3.
pub(crate) fn is_atext(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b"!#$%&'*+-/=?^_`{|}~".contains(&byte)
}

fn is_dot_string(text: &str) -> bool {
    check_dot_string(text).is_ok()
}

fn check_dot_string(text: &str) -> Result<(), AddressError> {
    for c in text.chars() {
        match c {
            '"' => return Err(AddressError::LocalQuotes),
            '.' => {}
            c if !c.is_ascii() => return Err(AddressError::LocalNotAscii(c)),
            c if !is_atext(c as u8) => return Err(AddressError::LocalCharacter(c)),
            _ => {}
        }
    }
    if text.split('.').any(str::is_empty) {
        return Err(AddressError::LocalDots);
    }
    Ok(())
}

/// The content of a quoted-string, its quoted pairs undone.
fn unquote(local: &str) -> Result<String, AddressError> {
    let mut plain = String::with_capacity(local.len());
    let mut characters = local.chars().skip(1);
    loop {
        match characters.next() {
            None => return Err(AddressError::LocalQuotes),
            Some('"') => break,
            Some('\\') => plain.push(checked(characters.next().ok_or(AddressError::LocalQuotes)?)?),
            Some(c) => plain.push(checked(c)?),
        }
    }
    match characters.next() {
        None => Ok(plain),
        Some(_) => Err(AddressError::LocalQuotes),
    }
}

fn checked(c: char) -> Result<char, AddressError> {
    match c {
        ' '..='~' => Ok(c),
        c if c.is_ascii() => Err(AddressError::LocalCharacter(c)),
        c => Err(AddressError::LocalNotAscii(c)),
    }
}

fn quote(plain: &str) -> String {
    let mut quoted = String::with_capacity(plain.len() + 2);
    quoted.push('"');
    for c in plain.chars() {
        if matches!(c, '"' | '\\') {
            quoted.push('\\');
        }
        quoted.push(c);
    }
    quoted.push('"');
    quoted
}
