//! The envelope of Amazon SNS, which Scaleway's Topics and Events use too: signature, topic, subscription.

use aws_lc_rs::signature::{RSA_PKCS1_2048_8192_SHA256, UnparsedPublicKey};
use serde_json::Value;
use url::Url;

use crate::fields::{moment, shown, text, unproved};
use crate::proof::{HALF_A_DAY, base64, fresh, password};
use crate::{Notice, Outcome, Provider, Request, WebhookError, der};

/// What is signed, in this order; `Subject` only where there is one.
const NOTIFICATION: &[&str] = &["Message", "MessageId", "Subject", "Timestamp", "TopicArn", "Type"];
const CONFIRMATION: &[&str] =
    &["Message", "MessageId", "SubscribeURL", "Timestamp", "Token", "TopicArn", "Type"];

/// What a slice of events is read with: the envelope's message, parsed, and the envelope's own id.
pub(crate) type Reader = fn(&Value, &str) -> Vec<Notice>;

/// The address of the certificate that signed a notice of SES or Scaleway; none for other services. Only addresses of
/// the service itself are given back, and only where the notice speaks of our topic or comes with our password:
/// whoever knows neither makes nobody fetch anything.
///
/// # Errors
/// The body is no envelope of SNS or not for us, or its certificate lies elsewhere.
pub fn certificate_url(
    provider: Provider,
    request: &Request<'_>,
    secret: &str,
) -> Result<Option<Url>, WebhookError> {
    if !matches!(provider, Provider::Ses | Provider::Scaleway) {
        return Ok(None);
    }
    let secret = secret.trim();
    let envelope = envelope(request, secret)?;
    topic(&envelope, secret)?;
    certificate_of(provider, &envelope).map(Some)
}

/// The envelope of a request, not yet proved.
fn envelope(request: &Request<'_>, secret: &str) -> Result<Value, WebhookError> {
    if secret.is_empty() {
        return Err(WebhookError::NoSecret);
    }
    if !is_pinned(secret) {
        password(request, secret)?;
    }
    unproved(request.body)
}

/// Whether the secret is the name of the topic rather than a password.
fn is_pinned(secret: &str) -> bool {
    secret.starts_with("arn:")
}

/// The topic, which must be ours. Anybody may have a topic, and have it signed: without a password, ours is known by
/// its name.
fn topic<'a>(envelope: &'a Value, secret: &str) -> Result<&'a str, WebhookError> {
    let topic = text(envelope, "/TopicArn").ok_or(WebhookError::NotUnderstood("no TopicArn"))?;
    if is_pinned(secret) && !secret.split([' ', ',', '\n', '\t']).any(|known| known.trim() == topic) {
        return Err(WebhookError::OtherTopic(shown(topic)));
    }
    Ok(topic)
}

fn certificate_of(provider: Provider, envelope: &Value) -> Result<Url, WebhookError> {
    let given = text(envelope, "/SigningCertURL").ok_or(WebhookError::NoProof("certificate address"))?;
    let own_url = |url: &Url| {
        let host = url.host_str().unwrap_or_default();
        let host = match provider {
            Provider::Ses => is_sns_host(host),
            // One store for all its regions. A bucket of this name elsewhere could be anybody's.
            _ => host == "messaging.s3.fr-par.scw.cloud",
        };
        host && is_plain_https(url) && url.query().is_none() && url.path().ends_with(".pem")
    };
    own(given, own_url)
}

/// Where a subscription is confirmed: the service's own endpoint, or the address could be used to make us call others.
fn subscribe_url(provider: Provider, envelope: &Value) -> Result<Url, WebhookError> {
    let given = text(envelope, "/SubscribeURL").ok_or(WebhookError::NotUnderstood("no SubscribeURL"))?;
    own(given, |url| {
        let host = url.host_str().unwrap_or_default();
        let host = match provider {
            Provider::Ses => is_sns_host(host),
            _ => ["scaleway.com", "scw.cloud"].iter().any(|domain| is_region(host, "sns.mnq.", domain)),
        };
        host && is_plain_https(url)
    })
}

fn own(given: &str, is_own: impl Fn(&Url) -> bool) -> Result<Url, WebhookError> {
    let url = Url::parse(given).ok().filter(is_own);
    url.ok_or_else(|| WebhookError::ForeignAddress(shown(given)))
}

fn is_plain_https(url: &Url) -> bool {
    url.scheme() == "https"
        && url.port().is_none()
        && url.username().is_empty()
        && url.password().is_none()
        && url.fragment().is_none()
}

fn is_sns_host(host: &str) -> bool {
    ["amazonaws.com", "amazonaws.com.cn"].iter().any(|domain| is_region(host, "sns.", domain))
}

/// `prefix` + one label + `.` + `domain`.
fn is_region(host: &str, prefix: &str, domain: &str) -> bool {
    let region = host
        .strip_prefix(prefix)
        .and_then(|rest| rest.strip_suffix(domain))
        .and_then(|rest| rest.strip_suffix('.'));
    region.is_some_and(|region| {
        !region.is_empty()
            && region.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-')
    })
}

/// Checks an envelope and hands its message on.
pub(crate) fn open(
    provider: Provider,
    request: &Request<'_>,
    secret: &str,
    certificate: Option<&[u8]>,
    now: i64,
    read: Reader,
) -> Result<Outcome, WebhookError> {
    // The signature is inside: the envelope must be read to be checked. What it carries is read only afterwards.
    let envelope = envelope(request, secret)?;
    certificate_of(provider, &envelope)?;
    let kind = text(&envelope, "/Type").ok_or(WebhookError::NotUnderstood("no Type"))?;
    let signed = match kind {
        "Notification" => NOTIFICATION,
        "SubscriptionConfirmation" | "UnsubscribeConfirmation" => CONFIRMATION,
        _ => return Err(WebhookError::NotUnderstood("an unknown Type")),
    };
    verify(&envelope, signed, certificate, now)?;
    let at = moment(&envelope, "/Timestamp").ok_or(WebhookError::NotUnderstood("no Timestamp"))?;
    fresh(at, now, HALF_A_DAY)?;
    let topic = topic(&envelope, secret)?;
    match kind {
        "SubscriptionConfirmation" => subscribe_url(provider, &envelope).map(Outcome::Confirm),
        "UnsubscribeConfirmation" => Ok(Outcome::Ended { topic: topic.to_owned() }),
        _ => {
            let id = text(&envelope, "/MessageId").ok_or(WebhookError::NotUnderstood("no MessageId"))?;
            let message = text(&envelope, "/Message").unwrap_or_default();
            // A topic's test message and SES's own greeting are plain sentences.
            let Ok(message) = serde_json::from_str::<Value>(message) else {
                return Ok(Outcome::Notices(Vec::new()));
            };
            let notices = read(&message, id);
            if notices.len() > crate::MOST_EVENTS {
                Err(WebhookError::TooMany)
            } else {
                Ok(Outcome::Notices(notices))
            }
        }
    }
}

fn verify(
    envelope: &Value,
    signed: &[&str],
    certificate: Option<&[u8]>,
    now: i64,
) -> Result<(), WebhookError> {
    match text(envelope, "/SignatureVersion") {
        Some("2") => {}
        Some("1") => return Err(WebhookError::OldSignature),
        _ => return Err(WebhookError::NoProof("signature of a known version")),
    }
    let signature = text(envelope, "/Signature").ok_or(WebhookError::NoProof("signature"))?;
    let signature = base64(signature).ok_or(WebhookError::WrongProof("signature"))?;
    let certificate = certificate.ok_or(WebhookError::Certificate("it was not fetched"))?;
    let der = der::from_pem(certificate).ok_or(WebhookError::Certificate("it is no PEM file"))?;
    let certificate = der::certificate(&der).ok_or(WebhookError::Certificate("it is damaged"))?;
    if !(certificate.from..=certificate.until).contains(&now) {
        return Err(WebhookError::Certificate("it is not valid today"));
    }
    let key =
        der::public_key(certificate.key, der::RSA).ok_or(WebhookError::Certificate("it holds no RSA key"))?;
    UnparsedPublicKey::new(&RSA_PKCS1_2048_8192_SHA256, key)
        .verify(&signed_text(envelope, signed), &signature)
        .map_err(|_| WebhookError::WrongProof("signature"))
}

/// Name and value of each signed field, each on its own line, exactly as they are.
fn signed_text(envelope: &Value, signed: &[&str]) -> Vec<u8> {
    let mut out = Vec::new();
    for name in signed {
        if let Some(value) = envelope.get(*name).and_then(Value::as_str) {
            out.extend_from_slice(name.as_bytes());
            out.push(b'\n');
            out.extend_from_slice(value.as_bytes());
            out.push(b'\n');
        }
    }
    out
}
