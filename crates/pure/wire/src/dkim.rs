//! DKIM signing (RFC 6376): rsa-sha256, relaxed/relaxed.
//!
//! What is signed: From, To, Subject, Date, Message-ID, Reply-To, MIME-Version and Content-Type, each named once
//! more than it occurs so that none can be added (RFC 6376 8.15), and the list fields that occur, those of
//! RFC 8058 4 among them. No `l=`, so nothing can be put behind the body (RFC 6376 8.2).
//!
//! This module reads back its own signatures only ([`Signer::verify`]); keys come from outside, and so does the time.

mod canonical;
mod dns;
mod verify;

use aws_lc_rs::digest::{Context, SHA256};
use aws_lc_rs::encoding::AsDer;
use aws_lc_rs::rsa::KeyPair as RsaKeyPair;
use aws_lc_rs::signature::{KeyPair, RSA_PKCS1_SHA256};
use data_encoding::BASE64;
use memchr::memchr;

pub use canonical::BodyHash;
pub use dns::dns_strings;
pub use verify::Verdict;

use canonical::relaxed_field;

/// Named once more than they occur; in lower case, as relaxed canonicalization writes them.
const OVERSIGNED: [&str; 8] =
    ["from", "to", "subject", "date", "message-id", "reply-to", "mime-version", "content-type"];
/// Named as often as they occur: a list that passes a notice on may add its own.
const SIGNED: [&str; 8] = [
    "list-id",
    "list-unsubscribe",
    "list-unsubscribe-post",
    "list-archive",
    "list-help",
    "list-owner",
    "feedback-id",
    "auto-submitted",
];
/// RFC 8301 3.2: verifiers do not have to take shorter keys.
const SHORTEST_KEY: usize = 1024 / 8;
/// Base64 on one line of the signature.
const ROW: usize = 72;

/// Which fields a signature covers.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Coverage {
    /// All of them.
    #[default]
    Full,
    /// All but Message-ID and Date, for relays that write their own.
    WithoutRewritten,
}

/// What such relays rewrite.
const REWRITTEN: [&str; 2] = ["date", "message-id"];

/// Why a signer cannot be made, or cannot sign.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum DkimError {
    /// Not a PKCS#8 document with an RSA key.
    #[error("the signing key is not an RSA key in PKCS#8 form: {0}")]
    Key(String),
    /// Under 1024 bits.
    #[error("the signing key has {0} bits, receivers want 2048")]
    KeyTooShort(usize),
    /// A domain or selector that is not one.
    #[error("{0:?} is not a domain name")]
    Domain(String),
    /// A line of the header block is not a field.
    #[error("the header block is malformed at byte {0}")]
    Head(usize),
    /// The library refused.
    #[error("the signature could not be computed")]
    Sign,
}

/// Signs for one domain with one key; shared between threads.
pub struct Signer {
    domain: String,
    selector: String,
    key: RsaKeyPair,
}

impl Signer {
    /// A signer from an RSA key in PKCS#8 (DER).
    pub fn from_pkcs8(domain: &str, selector: &str, pkcs8: &[u8]) -> Result<Self, DkimError> {
        for name in [domain, selector] {
            let label = |label: &str| {
                (1..=63).contains(&label.len())
                    && label.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_'))
            };
            if name.len() > 253 || !name.split('.').all(label) {
                return Err(DkimError::Domain(name.to_owned()));
            }
        }
        let key = RsaKeyPair::from_pkcs8(pkcs8).map_err(|error| DkimError::Key(error.to_string()))?;
        if key.public_modulus_len() < SHORTEST_KEY {
            return Err(DkimError::KeyTooShort(key.public_modulus_len() * 8));
        }
        Ok(Self { domain: domain.to_owned(), selector: selector.to_owned(), key })
    }

    /// The domain that answers for the mail (`d=`).
    pub fn domain(&self) -> &str {
        &self.domain
    }

    /// The name of the key under that domain (`s=`).
    pub fn selector(&self) -> &str {
        &self.selector
    }

    /// The `DKIM-Signature` field with its CRLF, to stand before `head`. `head` is the header block without the
    /// blank line; `now_unix` is seconds.
    pub fn sign(&self, head: &[u8], body: &[u8], now_unix: u64) -> Result<Vec<u8>, DkimError> {
        let mut hash = BodyHash::new();
        hash.update(body);
        self.sign_hashed(head, &hash.finish(), now_unix, Coverage::Full)
    }

    /// As [`Signer::sign`], with the body hashed while it was written.
    pub fn sign_hashed(
        &self,
        head: &[u8],
        body: &[u8; 32],
        now_unix: u64,
        coverage: Coverage,
    ) -> Result<Vec<u8>, DkimError> {
        let fields = fields(head)?;
        let (names, signed) = select(&fields, coverage);
        let mut out = self.open(&names, body, now_unix);
        let mut canonical = Vec::with_capacity(head.len() + out.len());
        for field in signed {
            relaxed_field(field, &mut canonical);
            canonical.extend_from_slice(b"\r\n");
        }
        // RFC 6376 3.7: the signature's own field last, `b=` empty, without CRLF.
        relaxed_field(&out, &mut canonical);
        let mut context = Context::new(&SHA256);
        context.update(&canonical);
        let mut signature = vec![0; self.key.public_modulus_len()];
        self.key
            .sign_digest(&RSA_PKCS1_SHA256, &context.finish(), &mut signature)
            .map_err(|_| DkimError::Sign)?;
        append_base64(&BASE64.encode(&signature), &mut out);
        out.extend_from_slice(b"\r\n");
        Ok(out)
    }

    /// The field up to and with `b=`.
    fn open(&self, names: &[&str], body: &[u8; 32], now_unix: u64) -> Vec<u8> {
        let mut text = format!(
            "DKIM-Signature: v=1; a=rsa-sha256; c=relaxed/relaxed; t={now_unix};\r\n\td={};\r\n\ts={};\r\n\th=",
            self.domain, self.selector
        );
        let mut column = 11;
        for (number, name) in names.iter().enumerate() {
            if number > 0 {
                // RFC 6376 3.5: white space may stand around the colons.
                text.push(':');
                column += 1;
                if column + name.len() + 1 > ROW {
                    text.push_str("\r\n\t ");
                    column = 9;
                }
            }
            text.push_str(name);
            column += name.len();
        }
        text.push_str(";\r\n\tbh=");
        text.push_str(&BASE64.encode(body));
        text.push_str(";\r\n\tb=");
        text.into_bytes()
    }

    /// Where the public key is looked for: the name of the TXT record.
    pub fn dns_name(&self) -> String {
        format!("{}._domainkey.{}", self.selector, self.domain)
    }

    /// What the TXT record says (RFC 6376 3.6.1); see [`dns_strings`] for the form DNS wants it in.
    pub fn dns_record(&self) -> Result<String, DkimError> {
        let der = self.key.public_key().as_der().map_err(|_| DkimError::Sign)?;
        Ok(format!("v=DKIM1; k=rsa; p={}", BASE64.encode(der.as_ref())))
    }
}

impl std::fmt::Debug for Signer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Signer({})", self.dns_name())
    }
}

/// The fields of a header block, folds included, without their CRLF.
fn fields(head: &[u8]) -> Result<Vec<&[u8]>, DkimError> {
    let mut fields = Vec::with_capacity(32);
    let mut start = 0;
    let mut at = 0;
    while at < head.len() {
        let line_start = at;
        let end = memchr(b'\n', &head[at..]).map(|end| at + end).ok_or(DkimError::Head(at))?;
        if end == at || head[end - 1] != b'\r' {
            return Err(DkimError::Head(end));
        }
        at = end + 1;
        if !matches!(head.get(at), Some(b' ' | b'\t')) {
            let field = &head[start..end - 1];
            if memchr(b':', field).is_none_or(|colon| colon == 0) {
                return Err(DkimError::Head(line_start));
            }
            fields.push(field);
            start = at;
        }
    }
    Ok(fields)
}

/// The names for `h=`, and the fields they stand for, in the same order.
fn select<'a>(fields: &[&'a [u8]], coverage: Coverage) -> (Vec<&'static str>, Vec<&'a [u8]>) {
    let mut names = Vec::with_capacity(24);
    let mut signed = Vec::with_capacity(24);
    for (list, once_more) in [(OVERSIGNED, true), (SIGNED, false)] {
        for name in list {
            if coverage == Coverage::WithoutRewritten && REWRITTEN.contains(&name) {
                continue;
            }
            // RFC 6376 5.4.2: of several fields of a name the last is taken first.
            for field in fields.iter().rev().filter(|field| is_named(field, name)) {
                names.push(name);
                signed.push(*field);
            }
            if once_more {
                names.push(name);
            }
        }
    }
    (names, signed)
}

fn is_named(field: &[u8], name: &str) -> bool {
    let colon = memchr(b':', field).unwrap_or(field.len());
    field[..colon].trim_ascii_end().eq_ignore_ascii_case(name.as_bytes())
}

fn append_base64(text: &str, out: &mut Vec<u8>) {
    for (number, row) in text.as_bytes().chunks(ROW).enumerate() {
        if number > 0 {
            out.extend_from_slice(b"\r\n\t ");
        }
        out.extend_from_slice(row);
    }
}

#[cfg(test)]
mod tests;
