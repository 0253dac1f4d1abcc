//! Requests as the services would sign them, with keys of our own.
#![allow(dead_code, reason = "each test file uses some of it")]

use aws_lc_rs::hmac;
use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::signature::{
    ECDSA_P256_SHA256_ASN1_SIGNING, EcdsaKeyPair, KeyPair, RSA_PKCS1_SHA256, RsaKeyPair,
};
use data_encoding::{BASE64, HEXLOWER};
use serde_json::{Value, json};
use webhooks::{Outcome, Provider, Request, WebhookError, read};

/// Now, in the tests: 2027-01-15T12:00:00Z.
pub const NOW_SECONDS: i64 = 1_800_014_400;
pub const NOW: i64 = NOW_SECONDS * 1_000_000;
pub const HOUR: i64 = 3_600_000_000;
pub const TOPIC: &str = "arn:aws:sns:eu-west-3:123456789012:bounces";
pub const CERTIFICATE: &[u8] = include_bytes!("../fixtures/sns.pem");
pub const OTHER_CERTIFICATE: &[u8] = include_bytes!("../fixtures/ec.pem");
const CERTIFICATE_KEY: &[u8] = include_bytes!("../fixtures/sns.key.der");
pub const AWS_CERTIFICATE: &str =
    "https://sns.eu-west-3.amazonaws.com/SimpleNotificationService-0123456789abcdef.pem";
pub const SCALEWAY_CERTIFICATE: &str =
    "https://messaging.s3.fr-par.scw.cloud/fr-par/sns/0123456789abcdef.pem";

/// A request that can be changed before it is read.
#[derive(Clone, Debug)]
pub struct Signed {
    pub provider: Provider,
    pub headers: Vec<(String, String)>,
    pub body: Vec<u8>,
    pub user: Option<(String, String)>,
    pub secret: String,
}

impl Signed {
    pub fn read(&self) -> Result<Outcome, WebhookError> {
        self.read_at(NOW)
    }

    pub fn read_at(&self, now: i64) -> Result<Outcome, WebhookError> {
        let request = Request { headers: &self.headers, body: &self.body, user: self.user.clone() };
        read(self.provider, &request, &self.secret, Some(CERTIFICATE), now)
    }
}

fn bare(provider: Provider, body: Vec<u8>, secret: &str) -> Signed {
    Signed { provider, headers: Vec::new(), body, user: None, secret: secret.to_owned() }
}

/// An event of a service, in the request it would send.
pub fn signed(provider: Provider, event: &Value) -> Signed {
    match provider {
        Provider::Ses => sns(provider, envelope("Notification", &event.to_string(), TOPIC, AWS_CERTIFICATE)),
        Provider::Scaleway => {
            sns(provider, envelope("Notification", &event.to_string(), TOPIC, SCALEWAY_CERTIFICATE))
        }
        Provider::SendGrid => sendgrid(event.to_string().into_bytes()),
        Provider::Mailgun => mailgun(event),
        Provider::Resend => resend(event.to_string().into_bytes()),
        Provider::ForwardEmail => forwardemail(event.to_string().into_bytes()),
        Provider::Postmark | Provider::Brevo | Provider::Mailjet | Provider::SparkPost => {
            let mut request = bare(provider, event.to_string().into_bytes(), "maud:a:b c");
            request.user = Some(("maud".to_owned(), "a:b c".to_owned()));
            request
        }
    }
}

pub fn envelope(kind: &str, message: &str, topic: &str, certificate: &str) -> Value {
    let mut envelope = json!({
        "Type": kind,
        "MessageId": "22b80b92-fdea-4c2c-8f9d-bdfb0c7bf324",
        "TopicArn": topic,
        "Message": message,
        "Timestamp": "2027-01-15T11:59:58.500Z",
        "SignatureVersion": "2",
        "SigningCertURL": certificate,
    });
    if kind != "Notification" {
        envelope["Token"] = json!("2336412f37");
        envelope["SubscribeURL"] =
            json!("https://sns.eu-west-3.amazonaws.com/?Action=ConfirmSubscription&Token=2336412f37");
    }
    envelope
}

/// Signs an envelope as SNS does.
pub fn sns(provider: Provider, mut envelope: Value) -> Signed {
    let confirmation = envelope["Type"] != "Notification";
    let names: &[&str] = if confirmation {
        &["Message", "MessageId", "SubscribeURL", "Timestamp", "Token", "TopicArn", "Type"]
    } else {
        &["Message", "MessageId", "Subject", "Timestamp", "TopicArn", "Type"]
    };
    let mut text = String::new();
    for name in names {
        if let Some(value) = envelope[*name].as_str() {
            text.push_str(&format!("{name}\n{value}\n"));
        }
    }
    let key = RsaKeyPair::from_pkcs8(CERTIFICATE_KEY).unwrap();
    let mut signature = vec![0; key.public_modulus_len()];
    key.sign(&RSA_PKCS1_SHA256, &SystemRandom::new(), text.as_bytes(), &mut signature).unwrap();
    envelope["Signature"] = json!(BASE64.encode(&signature));
    bare(provider, envelope.to_string().into_bytes(), TOPIC)
}

/// The fixed octets before an uncompressed point in a SubjectPublicKeyInfo of P-256.
const P256_HEAD: [u8; 26] = [
    0x30, 0x59, 0x30, 0x13, 0x06, 0x07, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x02, 0x01, 0x06, 0x08, 0x2a, 0x86,
    0x48, 0xce, 0x3d, 0x03, 0x01, 0x07, 0x03, 0x42, 0x00,
];

pub fn sendgrid(body: Vec<u8>) -> Signed {
    let key = EcdsaKeyPair::generate(&ECDSA_P256_SHA256_ASN1_SIGNING).unwrap();
    let message = [NOW_SECONDS.to_string().as_bytes(), &body].concat();
    let signature = key.sign(&SystemRandom::new(), &message).unwrap();
    let spki = [&P256_HEAD, key.public_key().as_ref()].concat();
    let mut request = bare(Provider::SendGrid, body, &BASE64.encode(&spki));
    request.headers = vec![
        ("x-twilio-email-event-webhook-signature".to_owned(), BASE64.encode(signature.as_ref())),
        ("X-Twilio-Email-Event-Webhook-Timestamp".to_owned(), NOW_SECONDS.to_string()),
    ];
    request
}

fn tag(key: &[u8], message: &[u8]) -> Vec<u8> {
    hmac::sign(&hmac::Key::new(hmac::HMAC_SHA256, key), message).as_ref().to_vec()
}

pub fn mailgun(event: &Value) -> Signed {
    let (secret, token) = ("key-3ax6xnjp29jd6fds4gc373sgvjxteol0", "c5b2cf5c29a1b3ac65a1");
    let signature = HEXLOWER.encode(&tag(secret.as_bytes(), format!("{NOW_SECONDS}{token}").as_bytes()));
    let body = json!({
        "signature": { "timestamp": NOW_SECONDS.to_string(), "token": token, "signature": signature },
        "event-data": event,
    });
    bare(Provider::Mailgun, body.to_string().into_bytes(), secret)
}

pub fn resend(body: Vec<u8>) -> Signed {
    let key = b"an ordinary key of 32 octets, ok";
    let (id, time) = ("msg_2qFhB5k", NOW_SECONDS.to_string());
    let message = [format!("{id}.{time}.").as_bytes(), &body].concat();
    let good = BASE64.encode(&tag(key, &message));
    let mut request = bare(Provider::Resend, body, &format!("whsec_{}", BASE64.encode(key)));
    request.headers = vec![
        ("svix-id".to_owned(), id.to_owned()),
        ("svix-timestamp".to_owned(), time),
        ("svix-signature".to_owned(), format!("v1,AAAA v2,what {} v1,{good}", "v1,!!")),
    ];
    request
}

pub fn forwardemail(body: Vec<u8>) -> Signed {
    let secret = "0123456789abcdef";
    let signature = HEXLOWER.encode(&tag(secret.as_bytes(), &body));
    let mut request = bare(Provider::ForwardEmail, body, secret);
    request.headers = vec![("X-Webhook-Signature".to_owned(), signature)];
    request
}

/// An event of each service that is a bounce of a dead address.
pub fn dead(provider: Provider) -> Value {
    match provider {
        Provider::Ses => json!({
            "notificationType": "Bounce",
            "bounce": {
                "bounceType": "Permanent", "bounceSubType": "General", "feedbackId": "0100-fb",
                "timestamp": "2027-01-15T11:59:50.000Z",
                "bouncedRecipients": [{
                    "emailAddress": "ines@example.com", "action": "failed", "status": "5.1.1",
                    "diagnosticCode": "smtp; 550 5.1.1 no such user here",
                }],
            },
            "mail": {
                "messageId": "0100018c-ses", "destination": ["ines@example.com"],
                "headers": [{ "name": "Message-ID", "value": "<7.a@letters.example>" }],
                "commonHeaders": { "messageId": "<0100018c-ses@eu-west-3.amazonses.com>" },
            },
        }),
        Provider::SendGrid => json!([{
            "event": "bounce", "email": "ines@example.com", "timestamp": NOW_SECONDS - 10, "type": "bounce",
            "smtp-id": "<7.a@letters.example>", "sg_event_id": "ev1", "status": "5.1.1",
            "sg_message_id": "q_1-x.recvd-7f8-12-6F.0", "reason": "550 5.1.1 no such user here",
            "bounce_classification": "Invalid Address",
        }]),
        Provider::Mailgun => json!({
            "event": "failed", "severity": "permanent", "reason": "bounce", "id": "G9Bn5sl1TC6nu79C8C0bwg",
            "timestamp": 1_800_014_390.25, "recipient": "ines@example.com",
            "message": { "headers": { "message-id": "7.a@letters.example", "to": "ines@example.com" } },
            "delivery-status": { "code": 550, "enhanced-code": "5.1.1", "message": "5.1.1 no such user here" },
        }),
        Provider::Postmark => json!({
            "RecordType": "Bounce", "ID": 42, "Type": "HardBounce", "TypeCode": 1, "Email": "ines@example.com",
            "MessageID": "883953f4-6105-42a2-a16a-77a8eac79483", "BouncedAt": "2027-01-15T12:59:50.2735393+01:00",
            "Details": "smtp;550 5.1.1 no such user here",
        }),
        Provider::Brevo => json!({
            "event": "hard_bounce", "email": "ines@example.com", "id": 26224, "ts_epoch": 1_800_014_390_000_i64,
            "message-id": "<7.a@letters.example>", "reason": "550 5.1.1 no such user here",
        }),
        Provider::Mailjet => json!({
            "event": "bounce", "time": NOW_SECONDS - 10, "MessageID": 13_792_286_917_004_336_i64,
            "Message_GUID": "1ab23cd4-e567", "email": "ines@example.com", "blocked": false, "hard_bounce": true,
            "error_related_to": "recipient", "error": "user unknown", "comment": "550 5.1.1 no such user here",
        }),
        Provider::SparkPost => json!([{ "msys": { "message_event": {
            "type": "bounce", "bounce_class": "10", "error_code": "550", "event_id": "92356927693813856",
            "message_id": "000443ee14578172be22", "rcpt_to": "ines@example.com", "timestamp": "1800014390",
            "raw_reason": "550 5.1.1 no such user here",
        }}}, { "msys": {} }]),
        Provider::Resend => json!({
            "type": "email.bounced", "created_at": "2027-01-15T11:59:50.000Z",
            "data": {
                "email_id": "56761188-7520", "message_id": "<7.a@letters.example>", "to": ["ines@example.com"],
                "bounce": {
                    "type": "Permanent", "subType": "General", "message": "550 5.1.1 no such user here",
                },
            },
        }),
        Provider::Scaleway => json!({
            "id": "a5e1", "type": "email_mailbox_not_found", "created_at": "2027-01-15T11:59:50Z",
            "email_id": "e-17", "email_to": "ines@example.com", "email_response_code": 550,
            "email_response_message": "5.1.1 no such user here",
            "email_headers": [{ "key": "Message-ID", "value": "<7.a@letters.example>" }],
        }),
        Provider::ForwardEmail => json!({
            "email_id": "66f5", "recipient": "ines@example.com", "response_code": 550,
            "response": "550 5.1.1 no such user here", "truth_source": false, "list_id": "<x.letters.example>",
            "bounce": { "action": "reject", "category": "recipient", "code": 550, "status": "5.1.1" },
            "headers": { "Message-ID": "<7.a@letters.example>" }, "bounced_at": "2027-01-15T11:59:50.000Z",
        }),
    }
}
