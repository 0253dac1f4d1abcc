//! The part after the `@`: a domain name, internationalised or not, in its ASCII form.

use idna::AsciiDenyList;
use idna::uts46::{DnsLength, Hyphens, Uts46};

use super::AddressError;

/// RFC 1035 2.3.4.
const LABEL_MAX: usize = 63;
/// RFC 1035 2.3.4: 255 octets on the wire, which is 253 as text without the final dot.
const DOMAIN_MAX: usize = 253;

/// The domain as the DNS knows it: lower-case A-labels (UTS 46, STD3 rules).
pub(super) fn to_ascii(domain: &str) -> Result<String, AddressError> {
    if domain.is_empty() {
        return Err(AddressError::DomainEmpty);
    }
    if domain.starts_with('[') {
        return Err(AddressError::DomainLiteral);
    }
    if let Some(c) =
        domain.chars().find(|c| c.is_ascii() && !matches!(c, '0'..='9' | 'a'..='z' | 'A'..='Z' | '-' | '.'))
    {
        return Err(AddressError::DomainCharacter(c));
    }
    let ascii = Uts46::new()
        .to_ascii(domain.as_bytes(), AsciiDenyList::STD3, Hyphens::Allow, DnsLength::Ignore)
        .map_err(|_| AddressError::DomainInvalid(domain.to_owned()))?;
    check(&ascii)?;
    Ok(ascii.into_owned())
}

/// The domain as people write it; a label that does not decode stays as it is.
pub(super) fn to_unicode(ascii: &str) -> String {
    let (unicode, _) = Uts46::new().to_unicode(ascii.as_bytes(), AsciiDenyList::STD3, Hyphens::Allow);
    unicode.into_owned()
}

fn check(ascii: &str) -> Result<(), AddressError> {
    for label in ascii.split('.') {
        if label.is_empty() {
            return Err(AddressError::DomainDots);
        }
        if label.len() > LABEL_MAX {
            return Err(AddressError::DomainLabelTooLong);
        }
        if label.starts_with('-') || label.ends_with('-') {
            return Err(AddressError::DomainHyphen);
        }
    }
    if ascii.len() > DOMAIN_MAX {
        return Err(AddressError::DomainTooLong);
    }
    let last = ascii.rsplit('.').next().unwrap_or(ascii);
    // RFC 3696 2: a top-level domain is never all digits, so this is an IP address or a slip.
    if last.bytes().all(|b| b.is_ascii_digit()) {
        return Err(AddressError::DomainNumeric);
    }
    if last.len() == ascii.len() && ascii != "localhost" {
        return Err(AddressError::DomainSingleLabel(ascii.to_owned()));
    }
    Ok(())
}
