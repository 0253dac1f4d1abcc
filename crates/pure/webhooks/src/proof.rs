//! Proofs of who sent a request: passwords, tokens, HMAC, ECDSA, and their age.

use aws_lc_rs::constant_time::verify_slices_are_equal;
use aws_lc_rs::digest::{SHA256, digest};
use aws_lc_rs::hmac;
use aws_lc_rs::signature::{ECDSA_P256_SHA256_ASN1, UnparsedPublicKey};
use data_encoding::{BASE64, HEXLOWER_PERMISSIVE};
use policy::{HOUR, MINUTE};

use crate::{Request, WebhookError, der};

/// How far a service's clock may be ahead of ours.
const AHEAD: i64 = 5 * MINUTE;
/// SNS tries for an hour, Scaleway's topics and Mailgun for eight, with the first signature.
pub(crate) const HALF_A_DAY: i64 = 12 * HOUR;
/// SendGrid tries for a day.
pub(crate) const OVER_A_DAY: i64 = 26 * HOUR;
/// Forward Email signs the time of the bounce, and tries for days.
pub(crate) const DAYS: i64 = 4 * 24 * HOUR;
/// Svix signs each try anew.
pub(crate) const MINUTES: i64 = 5 * MINUTE;

/// Whether something signed at that moment may still be new.
pub(crate) fn fresh(signed: i64, now: i64, longest: i64) -> Result<(), WebhookError> {
    let age = now.saturating_sub(signed);
    if (-AHEAD..=longest).contains(&age) { Ok(()) } else { Err(WebhookError::Stale) }
}

/// Compares without telling by time where, or how early, two texts differ: not even their lengths.
fn same(given: &str, known: &str) -> bool {
    let hash = |text: &str| digest(&SHA256, text.as_bytes());
    verify_slices_are_equal(hash(given).as_ref(), hash(known).as_ref()).is_ok()
}

/// The credentials of RFC 7617, `user:password`.
fn credentials(request: &Request<'_>) -> Option<String> {
    if let Some((user, password)) = &request.user {
        return Some(format!("{user}:{password}"));
    }
    let decoded = BASE64.decode(authorization(request, "basic")?.as_bytes()).ok()?;
    String::from_utf8(decoded).ok()
}

/// What follows the scheme in the header Authorization (RFC 9110 11.4).
fn authorization<'a>(request: &Request<'a>, scheme: &str) -> Option<&'a str> {
    let (given, rest) = request.header("authorization")?.split_once(' ')?;
    given.eq_ignore_ascii_case(scheme).then(|| rest.trim())
}

/// The password of the endpoint's address.
pub(crate) fn password(request: &Request<'_>, secret: &str) -> Result<(), WebhookError> {
    let given = credentials(request).ok_or(WebhookError::NoProof("user and password"))?;
    if same(&given, secret) { Ok(()) } else { Err(WebhookError::WrongProof("user or password")) }
}

/// The password, or a token as bearer (RFC 6750 2.1) or in a header of the service's own.
pub(crate) fn password_or_token(
    request: &Request<'_>,
    secret: &str,
    own_header: Option<&str>,
) -> Result<(), WebhookError> {
    let own = own_header.and_then(|name| request.header(name));
    if let Some(token) = authorization(request, "bearer").or(own) {
        return if same(token, secret) { Ok(()) } else { Err(WebhookError::WrongProof("token")) };
    }
    match credentials(request) {
        Some(given) if same(&given, secret) => Ok(()),
        Some(_) => Err(WebhookError::WrongProof("user or password")),
        None => Err(WebhookError::NoProof("password or token")),
    }
}

/// HMAC-SHA256 of these parts one after the other.
pub(crate) fn hmac_sha256(secret: &[u8], parts: &[&[u8]], tag: &[u8]) -> bool {
    let mut message = Vec::with_capacity(parts.iter().map(|part| part.len()).sum());
    for part in parts {
        message.extend_from_slice(part);
    }
    hmac::verify(&hmac::Key::new(hmac::HMAC_SHA256, secret), &message, tag).is_ok()
}

/// The octets behind a signature in hexadecimal digits.
pub(crate) fn hex(text: &str) -> Option<Vec<u8>> {
    HEXLOWER_PERMISSIVE.decode(text.as_bytes()).ok()
}

/// The octets behind base64.
pub(crate) fn base64(text: &str) -> Option<Vec<u8>> {
    let compact: Vec<u8> = text.bytes().filter(|byte| !byte.is_ascii_whitespace()).collect();
    BASE64.decode(&compact).ok()
}

/// ECDSA on P-256 with SHA-256; `key` is a SubjectPublicKeyInfo in base64.
pub(crate) fn ecdsa(key: &str, message: &[u8], signature: &[u8]) -> Result<(), WebhookError> {
    const KEY: WebhookError = WebhookError::Secret("the base64 public key that the service shows");
    let key = base64(key).ok_or(KEY)?;
    let point = der::public_key(&key, der::ECDSA_P256).ok_or(KEY)?;
    UnparsedPublicKey::new(&ECDSA_P256_SHA256_ASN1, point)
        .verify(message, signature)
        .map_err(|_| WebhookError::WrongProof("signature"))
}
