//! Notices of sending services. The first byte says which service, and whether the rest is an event (which is then
//! signed as the service would, so that it is read) or a whole body with a certificate behind it.
#![no_main]

use std::sync::LazyLock;

use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::signature::{
    ECDSA_P256_SHA256_ASN1_SIGNING, EcdsaKeyPair, KeyPair, RSA_PKCS1_SHA256, RsaKeyPair,
};
use aws_lc_rs::{hmac, signature};
use data_encoding::{BASE64, HEXLOWER};
use libfuzzer_sys::fuzz_target;
use serde_json::json;
use webhooks::{Outcome, Provider, Request, certificate_url, read};

const NOW_SECONDS: i64 = 1_800_014_400;
const NOW: i64 = NOW_SECONDS * 1_000_000;
const TOPIC: &str = "arn:aws:sns:eu-west-3:123456789012:bounces";
const CERTIFICATE: &[u8] = include_bytes!("../../crates/pure/webhooks/tests/fixtures/sns.pem");
const CERTIFICATE_KEY: &[u8] = include_bytes!("../../crates/pure/webhooks/tests/fixtures/sns.key.der");
/// What stands before a point of P-256 in a SubjectPublicKeyInfo.
const P256_HEAD: &str = "3059301306072a8648ce3d020106082a8648ce3d030107034200";

static RSA: LazyLock<RsaKeyPair> = LazyLock::new(|| RsaKeyPair::from_pkcs8(CERTIFICATE_KEY).unwrap());
static ECDSA: LazyLock<signature::EcdsaKeyPair> =
    LazyLock::new(|| EcdsaKeyPair::generate(&ECDSA_P256_SHA256_ASN1_SIGNING).unwrap());

struct Signed {
    headers: Vec<(String, String)>,
    body: Vec<u8>,
    secret: String,
}

fn tag(key: &[u8], message: &[u8]) -> Vec<u8> {
    hmac::sign(&hmac::Key::new(hmac::HMAC_SHA256, key), message).as_ref().to_vec()
}

fn header(name: &str, value: impl Into<String>) -> (String, String) {
    (name.to_owned(), value.into())
}

fn sns(message: &str, certificate: &str) -> Signed {
    let time = "2027-01-15T11:59:58.500Z";
    let signed = format!(
        "Message\n{message}\nMessageId\n22b8\nTimestamp\n{time}\nTopicArn\n{TOPIC}\nType\nNotification\n"
    );
    let mut signature = vec![0; RSA.public_modulus_len()];
    RSA.sign(&RSA_PKCS1_SHA256, &SystemRandom::new(), signed.as_bytes(), &mut signature).unwrap();
    let envelope = json!({
        "Type": "Notification", "MessageId": "22b8", "TopicArn": TOPIC, "Message": message, "Timestamp": time,
        "SignatureVersion": "2", "SigningCertURL": certificate, "Signature": BASE64.encode(&signature),
    });
    Signed { headers: Vec::new(), body: envelope.to_string().into_bytes(), secret: TOPIC.to_owned() }
}

fn signed(provider: Provider, event: &[u8]) -> Option<Signed> {
    let body = event.to_vec();
    Some(match provider {
        Provider::Ses => {
            let url = "https://sns.eu-west-3.amazonaws.com/SimpleNotificationService-01.pem";
            sns(std::str::from_utf8(event).ok()?, url)
        }
        Provider::Scaleway => {
            sns(std::str::from_utf8(event).ok()?, "https://messaging.s3.fr-par.scw.cloud/fr-par/sns/01.pem")
        }
        Provider::SendGrid => {
            let message = [NOW_SECONDS.to_string().as_bytes(), event].concat();
            let signature = ECDSA.sign(&SystemRandom::new(), &message).unwrap();
            let head = HEXLOWER.decode(P256_HEAD.as_bytes()).unwrap();
            let key = [&head, ECDSA.public_key().as_ref()].concat();
            let headers = vec![
                header("x-twilio-email-event-webhook-signature", BASE64.encode(signature.as_ref())),
                header("x-twilio-email-event-webhook-timestamp", NOW_SECONDS.to_string()),
            ];
            Signed { headers, body, secret: BASE64.encode(&key) }
        }
        Provider::Mailgun => {
            let signature = HEXLOWER.encode(&tag(b"key", format!("{NOW_SECONDS}token").as_bytes()));
            let head = json!({ "timestamp": NOW_SECONDS, "token": "token", "signature": signature });
            let head = format!("{{\"signature\":{head},\"event-data\":");
            let body = [head.as_bytes(), event, b"}"];
            Signed { headers: Vec::new(), body: body.concat(), secret: "key".to_owned() }
        }
        Provider::Resend => {
            let message = [format!("id.{NOW_SECONDS}.").as_bytes(), event].concat();
            let headers = vec![
                header("svix-id", "id"),
                header("svix-timestamp", NOW_SECONDS.to_string()),
                header("svix-signature", format!("v1,{}", BASE64.encode(&tag(b"key", &message)))),
            ];
            Signed { headers, body, secret: format!("whsec_{}", BASE64.encode(b"key")) }
        }
        Provider::ForwardEmail => {
            let headers = vec![header("x-webhook-signature", HEXLOWER.encode(&tag(b"key", event)))];
            Signed { headers, body, secret: "key".to_owned() }
        }
        Provider::Postmark | Provider::Brevo | Provider::Mailjet | Provider::SparkPost => {
            let headers = vec![header("authorization", format!("Basic {}", BASE64.encode(b"maud:letters")))];
            Signed { headers, body, secret: "maud:letters".to_owned() }
        }
    })
}

fuzz_target!(|input: &[u8]| {
    let Some((&first, rest)) = input.split_first() else { return };
    let provider = Provider::ALL[usize::from(first) % Provider::ALL.len()];
    if first >= 200 {
        let middle = rest.iter().position(|byte| *byte == 0).unwrap_or(rest.len());
        let (body, certificate) = rest.split_at(middle);
        let request = Request { headers: &[], body, user: Some(("maud".to_owned(), "letters".to_owned())) };
        let _ = certificate_url(provider, &request, "maud:letters");
        let _ = read(provider, &request, "maud:letters", Some(certificate), NOW);
        return;
    }
    let Some(signed) = signed(provider, rest) else { return };
    let request = Request { headers: &signed.headers, body: &signed.body, user: None };
    match read(provider, &request, &signed.secret, Some(CERTIFICATE), NOW) {
        Ok(Outcome::Notices(notices)) => {
            for notice in notices {
                assert!(notice.event_key.starts_with(provider.as_str()));
                assert!(notice.message_id.is_none_or(|id| !id.contains(['<', '\n'])));
            }
        }
        Ok(_) => {}
        // What we signed must not look forged, unless it holds a time of its own.
        Err(error) => assert!(
            !error.is_forgery() || provider == Provider::ForwardEmail || provider == Provider::Mailgun
        ),
    }
});
