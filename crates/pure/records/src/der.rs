//! As much of DER (X.690) as it takes to find a public key in a certificate, and the size of a key.

const INTEGER: u8 = 0x02;
const BIT_STRING: u8 = 0x03;
const SEQUENCE: u8 = 0x30;
/// `[0] EXPLICIT Version` of a certificate.
const VERSION: u8 = 0xa0;

/// A value with what follows it.
struct Element<'a> {
    tag: u8,
    /// With tag and length.
    whole: &'a [u8],
    content: &'a [u8],
    rest: &'a [u8],
}

/// The first value; none where the bytes are not DER.
fn element(bytes: &[u8]) -> Option<Element<'_>> {
    let (&tag, after) = bytes.split_first()?;
    // Tags above 30 take several bytes; no part of a certificate that is read here has one.
    if tag & 0x1f == 0x1f {
        return None;
    }
    let (&first, after) = after.split_first()?;
    let (length, after) = if first < 0x80 {
        (usize::from(first), after)
    } else {
        let count = usize::from(first & 0x7f);
        // No length of indefinite form, none above 4 GB, none with leading zeros or in a longer form than needed.
        if count == 0 || count > 4 || after.len() < count || after[0] == 0 {
            return None;
        }
        let (digits, after) = after.split_at(count);
        let length = digits.iter().fold(0usize, |sum, digit| sum << 8 | usize::from(*digit));
        if length < 0x80 {
            return None;
        }
        (length, after)
    };
    if after.len() < length {
        return None;
    }
    let (content, rest) = after.split_at(length);
    Some(Element { tag, whole: &bytes[..bytes.len() - rest.len()], content, rest })
}

fn expect(bytes: &[u8], tag: u8) -> Option<Element<'_>> {
    element(bytes).filter(|element| element.tag == tag)
}

/// The SubjectPublicKeyInfo of a certificate, with tag and length (RFC 5280 4.1).
pub(crate) fn public_key(certificate: &[u8]) -> Option<&[u8]> {
    let certificate = expect(certificate, SEQUENCE)?;
    let signed = expect(certificate.content, SEQUENCE)?;
    let mut rest = signed.content;
    if let Some(version) = expect(rest, VERSION) {
        rest = version.rest;
    }
    // Serial number; signature algorithm, issuer, validity, subject.
    rest = expect(rest, INTEGER)?.rest;
    for _ in 0..4 {
        rest = expect(rest, SEQUENCE)?.rest;
    }
    Some(expect(rest, SEQUENCE)?.whole)
}

/// The size in bits of an RSA key, given as SubjectPublicKeyInfo or as RSAPublicKey (both stand in DKIM records).
pub(crate) fn rsa_bits(key: &[u8]) -> Option<usize> {
    let outer = expect(key, SEQUENCE)?;
    let first = element(outer.content)?;
    let numbers = match first.tag {
        INTEGER => outer.content,
        SEQUENCE => {
            let bits = expect(first.rest, BIT_STRING)?;
            // The first byte counts the unused bits of the last one.
            expect(bits.content.get(1..)?, SEQUENCE)?.content
        }
        _ => return None,
    };
    let modulus = expect(numbers, INTEGER)?;
    expect(modulus.rest, INTEGER)?;
    let zeros = modulus.content.iter().take_while(|byte| **byte == 0).count();
    let digits = &modulus.content[zeros..];
    let first = digits.first()?;
    Some(digits.len() * 8 - first.leading_zeros() as usize)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_not_der_has_no_key() {
        for bytes in [
            &b""[..],
            b"\x30",
            b"\x30\x80",
            b"\x30\x81\x01\x00",
            b"\x30\x85\x01\x01\x01\x01\x01",
            b"\x30\x03\x30\x01\x02",
            b"\x1f\x00",
        ] {
            assert!(public_key(bytes).is_none() && rsa_bits(bytes).is_none(), "{bytes:?}");
        }
    }
}
