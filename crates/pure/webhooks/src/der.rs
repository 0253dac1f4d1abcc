//! As much of DER (X.690) as it takes to find the key and the dates of a certificate (RFC 5280 4.1).

use jiff::civil::DateTime;
use jiff::tz::Offset;

const INTEGER: u8 = 0x02;
const BIT_STRING: u8 = 0x03;
const OBJECT: u8 = 0x06;
const UTC_TIME: u8 = 0x17;
const GENERALIZED_TIME: u8 = 0x18;
const SEQUENCE: u8 = 0x30;
const VERSION: u8 = 0xa0;

/// RSA: 1.2.840.113549.1.1.1.
pub(crate) const RSA: &[&[u8]] = &[&[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x01]];
/// Elliptic curves, 1.2.840.10045.2.1, and among them P-256, 1.2.840.10045.3.1.7.
pub(crate) const ECDSA_P256: &[&[u8]] =
    &[&[0x2a, 0x86, 0x48, 0xce, 0x3d, 0x02, 0x01], &[0x2a, 0x86, 0x48, 0xce, 0x3d, 0x03, 0x01, 0x07]];

/// What a certificate says of itself.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Certificate<'a> {
    /// A SubjectPublicKeyInfo.
    pub(crate) key: &'a [u8],
    /// From when on, in microseconds.
    pub(crate) from: i64,
    /// Until when.
    pub(crate) until: i64,
}

/// One element: its tag, its content, itself with its header, and what follows it.
struct Element<'a> {
    tag: u8,
    content: &'a [u8],
    whole: &'a [u8],
    rest: &'a [u8],
}

fn element(input: &[u8]) -> Option<Element<'_>> {
    let (&tag, after) = input.split_first()?;
    let (&first, mut after) = after.split_first()?;
    let mut length = usize::from(first);
    if first & 0x80 != 0 {
        let octets = usize::from(first & 0x7f);
        // Four octets count more than anybody sends.
        if !(1..=4).contains(&octets) || after.len() < octets {
            return None;
        }
        let (digits, behind) = after.split_at(octets);
        length = digits.iter().fold(0, |length, digit| length << 8 | usize::from(*digit));
        after = behind;
    }
    let content = after.get(..length)?;
    let rest = &after[length..];
    let whole = &input[..input.len() - rest.len()];
    Some(Element { tag, content, whole, rest })
}

fn expect(input: &[u8], tag: u8) -> Option<Element<'_>> {
    element(input).filter(|element| element.tag == tag)
}

/// The key and dates of a certificate.
pub(crate) fn certificate(der: &[u8]) -> Option<Certificate<'_>> {
    let body = expect(expect(der, SEQUENCE)?.content, SEQUENCE)?.content;
    let mut rest = body;
    if element(rest)?.tag == VERSION {
        rest = element(rest)?.rest;
    }
    let serial = expect(rest, INTEGER)?;
    let algorithm = expect(serial.rest, SEQUENCE)?;
    let issuer = expect(algorithm.rest, SEQUENCE)?;
    let validity = expect(issuer.rest, SEQUENCE)?;
    let subject = expect(validity.rest, SEQUENCE)?;
    let key = expect(subject.rest, SEQUENCE)?;
    let from = element(validity.content)?;
    let until = element(from.rest)?;
    Some(Certificate { key: key.whole, from: time(&from)?, until: time(&until)? })
}

/// The key inside a SubjectPublicKeyInfo whose algorithm is this one.
pub(crate) fn public_key<'a>(spki: &'a [u8], algorithm: &[&[u8]]) -> Option<&'a [u8]> {
    let info = expect(spki, SEQUENCE)?;
    let names = expect(info.content, SEQUENCE)?;
    let mut rest = names.content;
    for name in algorithm {
        let object = expect(rest, OBJECT)?;
        if object.content != *name {
            return None;
        }
        rest = object.rest;
    }
    // A first octet counts the bits that are not used: none in any key.
    expect(names.rest, BIT_STRING)?.content.strip_prefix(&[0])
}

/// RFC 5280 4.1.2.5: always UTC, always with seconds.
fn time(element: &Element<'_>) -> Option<i64> {
    let text = std::str::from_utf8(element.content).ok()?.strip_suffix('Z')?;
    if !text.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let (year, rest) = match (element.tag, text.len()) {
        (UTC_TIME, 12) => {
            let (year, rest) = text.split_at(2);
            let year: i16 = year.parse().ok()?;
            (if year >= 50 { 1900 + year } else { 2000 + year }, rest)
        }
        (GENERALIZED_TIME, 14) => {
            let (year, rest) = text.split_at(4);
            (year.parse().ok()?, rest)
        }
        _ => return None,
    };
    let part = |at: usize| rest[at..at + 2].parse::<i8>().ok();
    let civil = DateTime::new(year, part(0)?, part(2)?, part(4)?, part(6)?, part(8)?, 0).ok()?;
    Some(Offset::UTC.to_timestamp(civil).ok()?.as_microsecond())
}

/// The first certificate of a PEM file (RFC 7468), as DER.
pub(crate) fn from_pem(pem: &[u8]) -> Option<Vec<u8>> {
    let text = std::str::from_utf8(pem).ok()?;
    let (_, after) = text.split_once("-----BEGIN CERTIFICATE-----")?;
    let (body, _) = after.split_once("-----END CERTIFICATE-----")?;
    crate::proof::base64(body)
}
