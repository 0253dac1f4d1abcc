//! The key of a DKIM signature, at `SELECTOR._domainkey.DOMAIN` (RFC 6376 3.6.1, RFC 8301, RFC 8463).

use data_encoding::BASE64;

use crate::der;
use crate::tags::{self, TagError};

/// RFC 8301 3.2: signatures with shorter RSA keys are not believed.
pub const RSA_BITS_MIN: usize = 1024;
/// RFC 8301 3.2: what signers should use.
pub const RSA_BITS_ADVISED: usize = 2048;
/// Octets of an Ed25519 key (RFC 8463 4).
const ED25519: usize = 32;

/// The kind of key.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Algorithm {
    /// RSA.
    Rsa,
    /// Ed25519.
    Ed25519,
}

/// A key record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Key {
    /// The kind of key (k).
    pub algorithm: Algorithm,
    /// The key itself (p); empty where it was revoked.
    pub key: Vec<u8>,
    /// Its size.
    pub bits: usize,
    /// The domain only tries DKIM (t=y).
    pub testing: bool,
    /// Signatures may not name a subdomain as their identity (t=s).
    pub strict: bool,
    /// The hash algorithms that may be used (h); none means all.
    pub hashes: Vec<String>,
    /// The services that the key is for (s); none means all.
    pub services: Vec<String>,
}

/// Why a text is not a key.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum DkimError {
    /// Not a list of tags.
    #[error("the DKIM record cannot be read")]
    Tags(#[from] TagError),
    /// `v=` with something else, or not at the beginning.
    #[error("the version of a DKIM record is DKIM1, and stands first")]
    Version,
    /// A kind of key that is not known.
    #[error("the kind of key {0:?} is not known")]
    Algorithm(String),
    /// No `p=`.
    #[error("the DKIM record has no key (tag p)")]
    NoKey,
    /// A key that is not Base64, or not a key.
    #[error("the key in the DKIM record cannot be read")]
    BrokenKey,
}

/// Reads a key record.
pub fn parse(text: &str) -> Result<Key, DkimError> {
    let tags = tags::read(text)?;
    let of = |name| tags::value(&tags, name);
    if let Some(version) = of("v")
        && (version != "DKIM1" || tags.first().is_none_or(|(name, _)| *name != "v"))
    {
        return Err(DkimError::Version);
    }
    let algorithm = match of("k").unwrap_or("rsa") {
        "rsa" => Algorithm::Rsa,
        "ed25519" => Algorithm::Ed25519,
        other => return Err(DkimError::Algorithm(tags::shortened(other))),
    };
    let digits: String =
        of("p").ok_or(DkimError::NoKey)?.chars().filter(|letter| !letter.is_whitespace()).collect();
    let key = BASE64.decode(digits.as_bytes()).map_err(|_| DkimError::BrokenKey)?;
    let bits = match algorithm {
        _ if key.is_empty() => 0,
        Algorithm::Rsa => der::rsa_bits(&key).ok_or(DkimError::BrokenKey)?,
        Algorithm::Ed25519 if key.len() == ED25519 => ED25519 * 8,
        Algorithm::Ed25519 => return Err(DkimError::BrokenKey),
    };
    let flags = of("t").map(|flags| tags::list(flags, ':')).unwrap_or_default();
    let has = |flag: &str| flags.iter().any(|known| known == flag);
    let list = |name| of(name).map(|value| tags::list(value, ':')).unwrap_or_default();
    Ok(Key {
        algorithm,
        key,
        bits,
        testing: has("y"),
        strict: has("s"),
        hashes: list("h"),
        services: list("s").into_iter().filter(|service| service != "*").collect(),
    })
}

impl Key {
    /// Whether the owner took the key back: `p=` without a value.
    pub fn is_revoked(&self) -> bool {
        self.key.is_empty()
    }

    /// Whether no receiver believes signatures of this key: revoked, or too short (RFC 8301 3.2).
    pub fn is_useless(&self) -> bool {
        self.is_revoked() || (self.algorithm == Algorithm::Rsa && self.bits < RSA_BITS_MIN)
    }

    /// Whether the key may be used for mail, with SHA-256.
    pub fn is_for_mail(&self) -> bool {
        let either = |list: &[String], name: &str| list.is_empty() || list.iter().any(|known| known == name);
        either(&self.services, "email") && either(&self.hashes, "sha256")
    }
}

/// The name of a key record.
pub fn name(selector: &str, domain: &str) -> String {
    format!("{selector}._domainkey.{}", crate::normal(domain))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// An RSAPublicKey or SubjectPublicKeyInfo with a modulus of so many octets.
    fn rsa(octets: usize, wrapped: bool) -> String {
        let value = |tag: u8, content: &[u8]| {
            let mut out = vec![tag, 0x82];
            out.extend_from_slice(&(content.len() as u16).to_be_bytes());
            if content.len() < 256 {
                out.truncate(1);
                if content.len() >= 128 {
                    out.push(0x81);
                }
                out.push(content.len() as u8);
            }
            out.extend_from_slice(content);
            out
        };
        let mut modulus = vec![0];
        modulus.extend(vec![0xc5; octets]);
        let mut numbers = value(0x02, &modulus);
        numbers.extend(value(0x02, &[1, 0, 1]));
        let mut key = value(0x30, &numbers);
        if wrapped {
            let mut bits = vec![0];
            bits.extend(&key);
            let mut outer = value(0x30, &[0x06, 0x01, 0x2a]);
            outer.extend(value(0x03, &bits));
            key = value(0x30, &outer);
        }
        BASE64.encode(&key)
    }

    #[test]
    fn the_size_of_a_key_is_known_in_both_of_its_forms() {
        for (octets, wrapped) in [(64, true), (128, true), (128, false), (256, true), (512, false)] {
            let key = parse(&format!("v=DKIM1; k=rsa; p={}", rsa(octets, wrapped))).unwrap();
            assert_eq!(key.bits, octets * 8);
            assert_eq!(key.is_useless(), octets < 128);
            assert!(key.is_for_mail());
        }
    }

    #[test]
    fn flags_and_restrictions_are_kept() {
        let ed25519 = "p=11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=";
        let key = parse(&format!("k=ed25519; t=y:s; h=sha1; s=tlsrpt; {ed25519}")).unwrap();
        assert_eq!((key.algorithm, key.bits), (Algorithm::Ed25519, 256));
        assert!(key.testing && key.strict && !key.is_for_mail());
        let key = parse(&format!("k=ed25519; h=sha1:sha256; s=*; {ed25519}")).unwrap();
        assert!(!key.testing && key.is_for_mail() && !key.is_useless());
        let key = parse("v=DKIM1; p=").unwrap();
        assert!(key.is_revoked() && key.is_useless());
    }

    #[test]
    fn what_is_no_key_is_refused() {
        assert_eq!(parse("v=DKIM2; p="), Err(DkimError::Version));
        assert_eq!(parse("p=; v=DKIM1"), Err(DkimError::Version));
        assert_eq!(parse("v=DKIM1"), Err(DkimError::NoKey));
        assert_eq!(parse("v=DKIM1; p=????"), Err(DkimError::BrokenKey));
        assert_eq!(parse("v=DKIM1; p=AAAA"), Err(DkimError::BrokenKey));
        assert_eq!(parse("v=DKIM1; k=ed25519; p=AAAA"), Err(DkimError::BrokenKey));
        assert_eq!(parse("v=DKIM1; k=dsa; p=AAAA"), Err(DkimError::Algorithm("dsa".into())));
        assert!(matches!(parse("v=spf1 -all"), Err(DkimError::BrokenKey | DkimError::Version)));
    }
}
