//! Resend's webhooks, signed by Svix.

use policy::SECOND;
use serde_json::Value;

use crate::fields::{json, list, moment, text};
use crate::proof::{MINUTES, base64, fresh, hmac_sha256};
use crate::words::{COMPLAINT, POLICY, PROVIDER_LIST, TRYING, UNSUBSCRIBED, Words};
use crate::{Notice, Outcome, Provider, Request, WebhookError};

/// Checks the signature over id, time and body, and reads the event.
pub(crate) fn read(request: &Request<'_>, secret: &str, now: i64) -> Result<Outcome, WebhookError> {
    let key = secret.strip_prefix("whsec_").and_then(base64);
    let key = key.ok_or(WebhookError::Secret("whsec_ and a key in base64"))?;
    let id = request.header("svix-id").ok_or(WebhookError::NoProof("svix-id"))?;
    let time = request.header("svix-timestamp").ok_or(WebhookError::NoProof("svix-timestamp"))?;
    let signatures = request.header("svix-signature").ok_or(WebhookError::NoProof("svix-signature"))?;
    let parts: [&[u8]; 5] = [id.as_bytes(), b".", time.as_bytes(), b".", request.body];
    // While a secret is changed there are several.
    let mut given = signatures.split(' ').filter_map(|one| base64(one.strip_prefix("v1,")?)).take(8);
    if !given.any(|tag| hmac_sha256(&key, &parts, &tag)) {
        return Err(WebhookError::WrongProof("signature"));
    }
    let signed: i64 = time.parse().map_err(|_| WebhookError::WrongProof("svix-timestamp"))?;
    fresh(signed.saturating_mul(SECOND), now, MINUTES)?;
    Ok(Outcome::Notices(notice(&json(request.body)?, id).into_iter().collect()))
}

fn notice(event: &Value, id: &str) -> Option<Notice> {
    let said = ["/data/bounce/message", "/data/failed/reason", "/data/suppressed/message"];
    let words = Words::new(said.iter().find_map(|field| text(event, field)));
    let judged = match text(event, "/type")? {
        "email.bounced" => {
            let (kind, sub) = (text(event, "/data/bounce/type"), text(event, "/data/bounce/subType"));
            match super::ses::by_type(kind, sub) {
                own @ (PROVIDER_LIST | UNSUBSCRIBED) => own,
                otherwise => words.judge(otherwise),
            }
        }
        "email.complained" => COMPLAINT,
        "email.delivery_delayed" => TRYING,
        "email.suppressed" => PROVIDER_LIST,
        "email.failed" => words.judge_ours(POLICY),
        _ => return None,
    };
    // With several recipients it does not say which one: then only the mail is known.
    let address = match list(event, "/data/to") {
        [one] => one.as_str(),
        _ => text(event, "/data/to"),
    };
    Some(
        Notice::new(Provider::Resend, &[id], judged)
            .at(moment(event, "/created_at"))
            .to(address)
            .mail(text(event, "/data/message_id"))
            .relay(text(event, "/data/email_id"))
            .said(&words),
    )
}
