//! Notices of sending services about bounces and complaints: who signed them, and what follows from them.
//!
//! In order: [`certificate_url`] says which certificate a notice of SNS needs (the caller fetches it, this crate opens
//! no socket), [`read`] checks the signature or the shared secret over the raw body, then the age, and only then reads
//! the events. Each event about a reader becomes a [`Notice`] with an action; deliveries, openings and clicks are not
//! returned at all.
//!
//! Guaranteed: nothing of an event is looked at before the request has proved who sent it; secrets are compared in
//! constant time; an empty secret opens nothing; one event has the same [`Notice::event_key`] however often the service
//! repeats it; a service's word "hard" does not suppress a reader when the server's own words were about us; nothing
//! here panics.
//!
//! Not guaranteed: that an event is new (the caller keeps the keys), that the address is one of ours, that a service
//! which only knows a password (Postmark, Brevo, Mailjet, SparkPost) was not overheard, or that Mailgun's events are
//! what it sent: it signs a time and a token, not the event; [`Notice::token`] is good for one event, which the caller
//! has to see to.

mod der;
mod error;
mod fields;
mod notice;
mod proof;
mod provider;
mod providers;
mod sns;
mod words;

pub use error::WebhookError;
pub use notice::{Notice, Outcome};
pub use provider::Provider;
pub use sns::certificate_url;

/// A request as it came. Names of headers may be in any case.
#[derive(Debug, Clone)]
pub struct Request<'a> {
    /// Its headers.
    pub headers: &'a [(String, String)],
    /// Its body, byte for byte.
    pub body: &'a [u8],
    /// User and password, where the server has taken them out of the headers already.
    pub user: Option<(String, String)>,
}

impl<'a> Request<'a> {
    /// The first header of this name.
    pub fn header(&self, name: &str) -> Option<&'a str> {
        let found = self.headers.iter().find(|(known, _)| known.eq_ignore_ascii_case(name));
        found.map(|(_, value)| value.trim())
    }
}

/// The largest body that is read: SparkPost and SendGrid send batches of a few megabytes at most.
pub const LARGEST_BODY: usize = 8 * 1024 * 1024;
/// The same where the proof is in the body itself (SES, Scaleway, Mailgun), which hold one event each: SNS ends at 256
/// KB, before it is wrapped.
pub const LARGEST_UNPROVED: usize = 1024 * 1024;
/// The most events of one request: SparkPost's batches end at 10,000.
pub const MOST_EVENTS: usize = 10_000;

/// Checks and reads a request of a service. `secret` is what the author shares with it:
///
/// | service | secret |
/// |---|---|
/// | SES, Scaleway | the ARN of the topic (several with spaces between), or `user:password` of the endpoint's address |
/// | SendGrid | the public key it shows, base64 |
/// | Mailgun | the webhook signing key |
/// | Resend | `whsec_…` |
/// | Forward Email | the webhook key |
/// | Brevo, SparkPost | `user:password`, or a token |
/// | Postmark, Mailjet | `user:password` |
///
/// `certificate` is the PEM file behind [`certificate_url`], for SES and Scaleway; `now` is microseconds since 1970 UTC.
///
/// # Errors
/// Whoever sent it did not prove to be the service, it is too old, or it is not what the service sends.
pub fn read(
    provider: Provider,
    request: &Request<'_>,
    secret: &str,
    certificate: Option<&[u8]>,
    now: i64,
) -> Result<Outcome, WebhookError> {
    let secret = secret.trim();
    if secret.is_empty() {
        return Err(WebhookError::NoSecret);
    }
    if request.body.len() > LARGEST_BODY {
        return Err(WebhookError::TooLarge);
    }
    match provider {
        Provider::Ses => sns::open(provider, request, secret, certificate, now, providers::ses::read),
        Provider::Scaleway => {
            sns::open(provider, request, secret, certificate, now, providers::scaleway::read)
        }
        Provider::SendGrid => providers::sendgrid::read(request, secret, now),
        Provider::Mailgun => providers::mailgun::read(request, secret, now),
        Provider::Postmark => providers::postmark::read(request, secret),
        Provider::Brevo => providers::brevo::read(request, secret),
        Provider::Mailjet => providers::mailjet::read(request, secret),
        Provider::SparkPost => providers::sparkpost::read(request, secret),
        Provider::Resend => providers::resend::read(request, secret, now),
        Provider::ForwardEmail => providers::forwardemail::read(request, secret, now),
    }
}
