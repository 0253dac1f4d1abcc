//! Signed tokens: two numbers and what they may be used for, in a form that fits a URL or a local part.
//!
//! A token is readable by anyone and can be made by nobody but the holder of the key: version, purpose and the
//! two numbers stand in it in clear, with 128 bits of HMAC-SHA256 over them (RFC 2104 5 allows the cut). It does
//! not expire by itself and can be shown more than once: what it opens must be harmless to repeat, or the caller
//! keeps a record of its use.

use std::fmt;

use aws_lc_rs::{constant_time, hmac};
use data_encoding::{BASE32_NOPAD, BASE64URL_NOPAD};

const VERSION: u8 = 1;
/// Version, purpose, and the lengths of the two numbers.
const FRONT: usize = 3;
/// 128 bits.
const TAG: usize = 16;
const LONGEST: usize = FRONT + 8 + 8 + TAG;
/// 35 bytes in base32.
const LONGEST_TEXT: usize = 56;

/// What a token may be used for; a token for one purpose opens no other.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[repr(u8)]
pub enum Purpose {
    /// Confirm a subscription: publication, reader.
    Confirm = 1,
    /// End a subscription: publication (or dispatch), reader.
    Unsubscribe = 2,
    /// Open the preferences page: publication, reader.
    Preferences = 3,
    /// Give a heart: edition, reader.
    Heart = 4,
    /// Return path of an edition: dispatch, reader.
    Verp = 5,
    /// Sign in to the desk: account, number of the link.
    SignIn = 6,
    /// Download all data: publication, reader.
    Export = 7,
    /// Message-ID of an edition: dispatch, reader.
    Message = 8,
    /// Message-ID and return path of a machine notice: its number, 0.
    Notice = 9,
    /// The edition on the web for one reader: edition, reader.
    Browser = 10,
}

/// Why a text is not a token for this.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum TokenError {
    /// Not a token: cut, mistyped, or never one.
    #[error("the link is incomplete or mistyped")]
    Malformed,
    /// The signature is not ours, or the purpose is another.
    #[error("the link was not made here for this")]
    Forged,
}

/// The secret under which tokens are signed.
#[derive(Clone)]
pub struct TokenKey(hmac::Key);

impl TokenKey {
    /// A key from 32 random bytes.
    pub fn new(secret: [u8; 32]) -> Self {
        Self(hmac::Key::new(hmac::HMAC_SHA256, &secret))
    }

    /// Signs two numbers for a purpose; allocates nothing.
    pub fn sign(&self, purpose: Purpose, a: u64, b: u64) -> Token {
        let mut token = Token { bytes: [0; LONGEST], length: FRONT };
        let (a_bytes, a_length) = shortest(a);
        let (b_bytes, b_length) = shortest(b);
        token.bytes[0] = VERSION;
        token.bytes[1] = purpose as u8;
        token.bytes[2] = (a_length << 4 | b_length) as u8;
        token.push(&a_bytes[..a_length]);
        token.push(&b_bytes[..b_length]);
        let tag = self.tag(token.as_bytes());
        token.push(&tag);
        token
    }

    /// Reads a token as [`Token::write_url`] wrote it.
    pub fn verify(&self, purpose: Purpose, text: &str) -> Result<(u64, u64), TokenError> {
        let mut bytes = [0; LONGEST];
        let length = decode(&BASE64URL_NOPAD, text.as_bytes(), &mut bytes)?;
        self.check(purpose, &bytes[..length])
    }

    /// Reads a token as [`Token::write_lower`] wrote it, whatever a server made of its case.
    pub fn verify_lower(&self, purpose: Purpose, text: &str) -> Result<(u64, u64), TokenError> {
        let mut upper = [0; LONGEST_TEXT];
        let upper = upper.get_mut(..text.len()).ok_or(TokenError::Malformed)?;
        upper.copy_from_slice(text.as_bytes());
        upper.make_ascii_uppercase();
        let mut bytes = [0; LONGEST];
        let length = decode(&BASE32_NOPAD, upper, &mut bytes)?;
        self.check(purpose, &bytes[..length])
    }

    fn check(&self, purpose: Purpose, bytes: &[u8]) -> Result<(u64, u64), TokenError> {
        if bytes.len() < FRONT + TAG {
            return Err(TokenError::Malformed);
        }
        let (signed, tag) = bytes.split_at(bytes.len() - TAG);
        // The signature first, in constant time: nothing is learnt from how a forged token is refused.
        constant_time::verify_slices_are_equal(&self.tag(signed), tag).map_err(|_| TokenError::Forged)?;
        let (a_length, b_length) = (usize::from(signed[2] >> 4), usize::from(signed[2] & 15));
        if signed[0] != VERSION || signed[1] != purpose as u8 {
            return Err(TokenError::Forged);
        }
        if signed.len() != FRONT + a_length + b_length || a_length > 8 || b_length > 8 {
            return Err(TokenError::Malformed);
        }
        Ok((number(&signed[FRONT..FRONT + a_length]), number(&signed[FRONT + a_length..])))
    }

    fn tag(&self, signed: &[u8]) -> [u8; TAG] {
        // The prefix keeps apart what else may be signed under the same secret one day.
        let mut context = hmac::Context::with_key(&self.0);
        context.update(b"token\0");
        context.update(signed);
        let mut tag = [0; TAG];
        tag.copy_from_slice(&context.sign().as_ref()[..TAG]);
        tag
    }
}

impl fmt::Debug for TokenKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("TokenKey(secret)")
    }
}

/// A signed token. Displayed in base64url, for URLs.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Token {
    bytes: [u8; LONGEST],
    length: usize,
}

impl Token {
    /// Appends the token in base64url, for URLs: at most 47 characters.
    pub fn write_url(&self, out: &mut Vec<u8>) {
        self.write(&BASE64URL_NOPAD, out);
    }

    /// Appends the token in lower-case base32, which survives servers that change the case of a local part: at
    /// most 56 characters.
    pub fn write_lower(&self, out: &mut Vec<u8>) {
        let start = out.len();
        self.write(&BASE32_NOPAD, out);
        out[start..].make_ascii_lowercase();
    }

    /// The form of [`Token::write_lower`] as a text.
    pub fn to_lower(&self) -> String {
        let mut text = BASE32_NOPAD.encode(self.as_bytes());
        text.make_ascii_lowercase();
        text
    }

    fn write(&self, encoding: &data_encoding::Encoding, out: &mut Vec<u8>) {
        let start = out.len();
        out.resize(start + encoding.encode_len(self.length), 0);
        encoding.encode_mut(self.as_bytes(), &mut out[start..]);
    }

    fn push(&mut self, bytes: &[u8]) {
        self.bytes[self.length..self.length + bytes.len()].copy_from_slice(bytes);
        self.length += bytes.len();
    }

    fn as_bytes(&self) -> &[u8] {
        &self.bytes[..self.length]
    }
}

impl fmt::Display for Token {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut text = [0; LONGEST_TEXT];
        let text = &mut text[..BASE64URL_NOPAD.encode_len(self.length)];
        f.write_str(BASE64URL_NOPAD.encode_mut_str(self.as_bytes(), text))
    }
}

impl fmt::Debug for Token {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Token({self})")
    }
}

fn decode(
    encoding: &data_encoding::Encoding,
    text: &[u8],
    bytes: &mut [u8; LONGEST],
) -> Result<usize, TokenError> {
    if text.len() > LONGEST_TEXT {
        return Err(TokenError::Malformed);
    }
    let length = encoding.decode_len(text.len()).map_err(|_| TokenError::Malformed)?;
    let room = bytes.get_mut(..length).ok_or(TokenError::Malformed)?;
    encoding.decode_mut(text, room).map_err(|_| TokenError::Malformed)
}

/// A number without its leading zero bytes: the bytes, and how many of them count.
fn shortest(number: u64) -> ([u8; 8], usize) {
    let length = 8 - number.leading_zeros() as usize / 8;
    (number.checked_shl(64 - 8 * length as u32).unwrap_or(0).to_be_bytes(), length)
}

fn number(bytes: &[u8]) -> u64 {
    bytes.iter().fold(0, |number, &byte| number << 8 | u64::from(byte))
}

#[cfg(test)]
mod tests;
