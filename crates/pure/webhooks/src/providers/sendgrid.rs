//! Twilio SendGrid's Event Webhook, signed.

use policy::SECOND;
use policy::returns::Action;
use serde_json::Value;

use crate::fields::{events, json, seconds, text};
use crate::proof::{OVER_A_DAY, base64, ecdsa, fresh};
use crate::words::{
    COMPLAINT, CONTENT, DEAD, Judgement, POLICY, PROVIDER_LIST, SOFT, TRYING, UNSUBSCRIBED, Words,
};
use crate::{Notice, Outcome, Provider, Request, WebhookError};

const SIGNATURE: &str = "X-Twilio-Email-Event-Webhook-Signature";
const TIMESTAMP: &str = "X-Twilio-Email-Event-Webhook-Timestamp";

/// Checks the signature over time and body, and reads the events.
pub(crate) fn read(request: &Request<'_>, secret: &str, now: i64) -> Result<Outcome, WebhookError> {
    let signature = request.header(SIGNATURE).ok_or(WebhookError::NoProof("signature"))?;
    let signature = base64(signature).ok_or(WebhookError::WrongProof("signature"))?;
    let time = request.header(TIMESTAMP).ok_or(WebhookError::NoProof("time of signature"))?;
    let message = [time.as_bytes(), request.body].concat();
    ecdsa(secret, &message, &signature)?;
    let signed: i64 = time.parse().map_err(|_| WebhookError::WrongProof("time of signature"))?;
    fresh(signed.saturating_mul(SECOND), now, OVER_A_DAY)?;
    let events = events(json(request.body)?)?;
    Ok(Outcome::Notices(events.iter().filter_map(notice).collect()))
}

fn notice(event: &Value) -> Option<Notice> {
    let said = text(event, "/reason").or_else(|| text(event, "/response"));
    let words = Words::new(said).with_status(text(event, "/status"));
    let judged = match text(event, "/event")? {
        "bounce" => bounced(event, &words),
        "blocked" => words.judge(POLICY),
        "dropped" => dropped(said.unwrap_or_default()),
        "deferred" => TRYING,
        "spamreport" => COMPLAINT,
        "unsubscribe" | "group_unsubscribe" => UNSUBSCRIBED,
        _ => return None,
    };
    let address = text(event, "/email");
    let id = text(event, "/sg_event_id");
    let kind = text(event, "/event").unwrap_or_default();
    let time = event.pointer("/timestamp").map(Value::to_string).unwrap_or_default();
    let told_apart =
        [kind, text(event, "/sg_message_id").unwrap_or_default(), address.unwrap_or_default(), &time];
    let key: &[&str] = match &id {
        Some(id) => &[id],
        None => &told_apart,
    };
    Some(
        Notice::new(Provider::SendGrid, key, judged)
            .at(seconds(event, "/timestamp"))
            .to(address)
            .mail(text(event, "/smtp-id"))
            .relay(text(event, "/sg_message_id").map(queue_id))
            .said(&words),
    )
}

fn bounced(event: &Value, words: &Words) -> Judgement {
    let blocked = text(event, "/type") == Some("blocked");
    let otherwise = match text(event, "/bounce_classification").unwrap_or_default() {
        "Invalid Address" | "Invalid" => DEAD,
        "Mailbox Unavailable" | "Technical" | "Technical Failure" => SOFT,
        "Content" => CONTENT,
        "Reputation" | "Frequency or Volume Too High" | "Frequency/Volume" => POLICY,
        _ if blocked => POLICY,
        _ => DEAD,
    };
    words.judge(otherwise)
}

/// SendGrid did not even try; its reason is a sentence of its own.
fn dropped(reason: &str) -> Judgement {
    let reason = reason.to_ascii_lowercase();
    match reason.as_str() {
        "invalid" => (Action::Suppress, "address_invalid"),
        _ if reason.contains("unsubscribed") => UNSUBSCRIBED,
        _ if reason.contains("bounced address") || reason.contains("spam reporting address") => PROVIDER_LIST,
        _ if reason.contains("spam content") => CONTENT,
        _ => POLICY,
    }
}

/// The id that the answer to the mail contained is what stands before the name of the machine that took it.
fn queue_id(id: &str) -> &str {
    let end = [".filter", ".recvd"].iter().filter_map(|mark| id.find(mark)).min();
    &id[..end.unwrap_or(id.len())]
}
