//! TLSA: a domain names the certificates of its servers in the DNS (RFC 6698; for mail RFC 7672).

use std::fmt;

use aws_lc_rs::digest::{self, SHA256, SHA512};
use data_encoding::HEXLOWER_PERMISSIVE;

use crate::{der, normal};

/// Certificate usages that mail knows (RFC 7672 3.1); the others are unusable.
pub const DANE_TA: u8 = 2;
/// The server's own certificate or key.
pub const DANE_EE: u8 = 3;

/// A record, as on the wire.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Tlsa {
    /// 2: an authority above the certificate; 3: the certificate itself.
    pub usage: u8,
    /// 0: the whole certificate; 1: its public key.
    pub selector: u8,
    /// 0: as it is; 1: its SHA-256; 2: its SHA-512.
    pub matching: u8,
    /// What must match.
    pub data: Vec<u8>,
}

/// Why a text is not a TLSA record.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0:?} is not a TLSA record: three numbers and hexadecimal digits")]
pub struct TlsaError(String);

/// What the certificates of a server are by its records.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Match {
    /// The server's certificate is named: neither name nor date nor authority matter (RFC 7672 3.1.1).
    Certificate,
    /// The certificate at this place of the chain is a named authority: the chain must lead up to it, and the
    /// server's certificate must be for its name (RFC 7672 3.1.2).
    Authority(usize),
    /// No record fits.
    Nothing,
    /// No record can be used: any certificate will do, but it must be there (RFC 7672 2.2).
    Unusable,
}

impl Tlsa {
    /// Reads the RDATA of a record.
    pub fn from_wire(bytes: &[u8]) -> Option<Self> {
        let [usage, selector, matching, data @ ..] = bytes else { return None };
        if data.is_empty() {
            return None;
        }
        Some(Self { usage: *usage, selector: *selector, matching: *matching, data: data.to_vec() })
    }

    /// The RDATA of the record.
    pub fn to_wire(&self) -> Vec<u8> {
        [&[self.usage, self.selector, self.matching], &self.data[..]].concat()
    }

    /// Reads `3 1 1 0123…`, as in a zone file.
    pub fn parse(text: &str) -> Result<Self, TlsaError> {
        let error = || TlsaError(crate::tags::shortened(text));
        let mut words = text.split_ascii_whitespace();
        let mut number = || words.next().and_then(|word| word.parse::<u8>().ok()).ok_or_else(error);
        let (usage, selector, matching) = (number()?, number()?, number()?);
        let digits: String = words.collect();
        let data = HEXLOWER_PERMISSIVE.decode(digits.as_bytes()).map_err(|_| error())?;
        if data.is_empty() {
            return Err(error());
        }
        Ok(Self { usage, selector, matching, data })
    }

    /// The record `3 1 1` of a certificate: what its owner publishes (RFC 7671 5.1). None where the certificate
    /// cannot be read.
    pub fn of_certificate(certificate: &[u8]) -> Option<Self> {
        let key = der::public_key(certificate)?;
        Some(Self {
            usage: DANE_EE,
            selector: 1,
            matching: 1,
            data: digest::digest(&SHA256, key).as_ref().to_vec(),
        })
    }

    /// Whether mail can use the record (RFC 7672 3.1.3: usages 0 and 1 it cannot).
    pub fn is_usable(&self) -> bool {
        let length = match self.matching {
            0 => !self.data.is_empty(),
            1 => self.data.len() == SHA256.output_len(),
            2 => self.data.len() == SHA512.output_len(),
            _ => false,
        };
        matches!(self.usage, DANE_TA | DANE_EE) && self.selector <= 1 && length
    }

    /// Whether the record names this certificate (DER).
    pub fn names(&self, certificate: &[u8]) -> bool {
        let selected = match self.selector {
            0 => Some(certificate),
            1 => der::public_key(certificate),
            _ => None,
        };
        let Some(selected) = selected else { return false };
        match self.matching {
            0 => selected == self.data,
            1 => digest::digest(&SHA256, selected).as_ref() == self.data,
            2 => digest::digest(&SHA512, selected).as_ref() == self.data,
            _ => false,
        }
    }
}

/// Judges the certificates that a server showed, its own first, in DER.
pub fn judge<C: AsRef<[u8]>>(records: &[Tlsa], chain: &[C]) -> Match {
    let mut usable = records.iter().filter(|record| record.is_usable()).peekable();
    if usable.peek().is_none() {
        return Match::Unusable;
    }
    let mut authority = None;
    for record in usable {
        match record.usage {
            DANE_EE if chain.first().is_some_and(|own| record.names(own.as_ref())) => {
                return Match::Certificate;
            }
            DANE_TA if authority.is_none() => {
                authority = chain.iter().position(|certificate| record.names(certificate.as_ref()));
            }
            _ => {}
        }
    }
    authority.map_or(Match::Nothing, Match::Authority)
}

/// Where the records of a mail server stand.
pub fn record_name(host: &str, port: u16) -> String {
    format!("_{port}._tcp.{}", normal(host))
}

impl fmt::Display for Tlsa {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let data = data_encoding::HEXLOWER.encode(&self.data);
        write!(f, "{} {} {} {data}", self.usage, self.selector, self.matching)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A self-signed P-256 certificate for `localhost`; its key's SHA-256 was computed by OpenSSL.
    const CERTIFICATE: &str = include_str!("../tests/certificate.pem");
    const KEY_SHA256: &str = include_str!("../tests/certificate.spki.sha256");

    fn certificate() -> Vec<u8> {
        let lines: String = CERTIFICATE.lines().filter(|line| !line.starts_with("-----")).collect();
        data_encoding::BASE64.decode(lines.as_bytes()).unwrap()
    }

    #[test]
    fn the_key_in_a_certificate_is_the_one_that_openssl_finds() {
        let record = Tlsa::parse(&format!("3 1 1 {}", KEY_SHA256.trim())).unwrap();
        assert!(record.names(&certificate()));
        assert_eq!(Tlsa::of_certificate(&certificate()), Some(record));
    }

    #[test]
    fn every_selector_and_matching_finds_its_certificate_and_no_other() {
        let (own, other) = (certificate(), b"another certificate".to_vec());
        let key = der::public_key(&own).unwrap();
        for usage in [DANE_TA, DANE_EE] {
            for (selector, selected) in [(0, &own[..]), (1, key)] {
                let hash = |algorithm| digest::digest(algorithm, selected).as_ref().to_vec();
                for (matching, data) in [(0, selected.to_vec()), (1, hash(&SHA256)), (2, hash(&SHA512))] {
                    let record = Tlsa { usage, selector, matching, data };
                    assert_eq!(Tlsa::from_wire(&record.to_wire()).as_ref(), Some(&record));
                    assert_eq!(Tlsa::parse(&record.to_string()).as_ref(), Ok(&record));
                    assert!(record.is_usable() && record.names(&own) && !record.names(&other));
                    let records = [record];
                    let (alone, above) = (judge(&records, &[&own]), judge(&records, &[&other, &own]));
                    let expected = match usage {
                        DANE_EE => (Match::Certificate, Match::Nothing),
                        _ => (Match::Authority(0), Match::Authority(1)),
                    };
                    assert_eq!((alone, above), expected);
                }
            }
        }
    }

    #[test]
    fn records_that_mail_cannot_use_ask_for_encryption_only() {
        let hash = "00".repeat(32);
        for text in [
            format!("0 1 1 {hash}"),
            format!("1 0 1 {hash}"),
            format!("3 2 1 {hash}"),
            format!("3 1 3 {hash}"),
            "3 1 1 00".into(),
        ] {
            let record = Tlsa::parse(&text).unwrap();
            assert!(!record.is_usable(), "{text}");
            assert_eq!(judge(&[record], &[certificate()]), Match::Unusable);
        }
        let wrong = Tlsa::parse(&format!("3 1 1 {hash}")).unwrap();
        assert_eq!(judge(std::slice::from_ref(&wrong), &[certificate()]), Match::Nothing);
        assert_eq!(judge::<Vec<u8>>(&[wrong], &[]), Match::Nothing);
        for text in ["", "3 1 1", "3 1 1 0", "3 1 1 zz", "300 1 1 00", "a b c d"] {
            assert!(Tlsa::parse(text).is_err(), "{text}");
        }
        assert_eq!(Tlsa::from_wire(&[3, 1, 1]), None);
    }
}
