//! Forward Email's bounce webhook, signed over the raw body.

use serde_json::Value;

use crate::fields::{code, events, json, moment, text, word};
use crate::proof::{DAYS, fresh, hex, hmac_sha256};
use crate::words::{AUTHENTICATION, CONTENT, DEAD, FULL, Judgement, POLICY, SOFT, TRYING, Words};
use crate::{Notice, Outcome, Provider, Request, WebhookError};

/// Checks the signature over the body, and reads the event.
pub(crate) fn read(request: &Request<'_>, secret: &str, now: i64) -> Result<Outcome, WebhookError> {
    let signature = request.header("X-Webhook-Signature").ok_or(WebhookError::NoProof("signature"))?;
    let signature = hex(signature).ok_or(WebhookError::WrongProof("signature"))?;
    if !hmac_sha256(secret.as_bytes(), &[request.body], &signature) {
        return Err(WebhookError::WrongProof("signature"));
    }
    let events = events(json(request.body)?)?;
    for event in &events {
        // The only moment in what is signed.
        if let Some(at) = moment(event, "/bounced_at") {
            fresh(at, now, DAYS)?;
        }
    }
    Ok(Outcome::Notices(events.iter().filter_map(notice).collect()))
}

fn notice(event: &Value) -> Option<Notice> {
    event.get("bounce")?;
    let said = ["/response", "/message", "/bounce/message"].iter().find_map(|field| text(event, field));
    let answered = code(event, "/response_code").or_else(|| code(event, "/bounce/code"));
    let words = Words::new(said).coded(answered).with_status(text(event, "/bounce/status"));
    let (address, mail) = (text(event, "/recipient"), word(event, "/email_id").unwrap_or_default());
    // It has no id of its own.
    let key = [&mail, address.unwrap_or_default(), text(event, "/bounced_at").unwrap_or_default()];
    let ours = event.get("headers").and_then(Value::as_object).and_then(|headers| {
        let found = headers.iter().find(|(name, _)| name.eq_ignore_ascii_case("message-id"));
        found.and_then(|(_, value)| value.as_str())
    });
    Some(
        Notice::new(Provider::ForwardEmail, &key, judged(event, answered, &words))
            .at(moment(event, "/bounced_at"))
            .to(address)
            .mail(ours)
            .relay((!mail.is_empty()).then_some(&mail))
            .said(&words),
    )
}

/// Its categories `block`, `spam` and `virus` speak of the sender: they never cost a reader.
fn judged(event: &Value, answered: Option<u16>, words: &Words) -> Judgement {
    let still_trying = matches!(text(event, "/bounce/action"), Some("defer" | "slowdown"))
        || answered.is_some_and(|code| code / 100 == 4);
    match text(event, "/bounce/category").unwrap_or_default() {
        _ if still_trying => TRYING,
        "recipient" => words.judge(DEAD),
        "capacity" | "mailbox" | "quota" => words.judge(FULL),
        "spam" | "virus" | "content" | "message" => words.judge_ours(CONTENT),
        "block" | "blocklist" | "policy" | "protocol" | "envelope" | "reputation" | "ratelimit" => {
            words.judge_ours(POLICY)
        }
        "dmarc" | "spf" | "dkim" | "rdns" | "authentication" => words.judge_ours(AUTHENTICATION),
        _ => words.judge(SOFT),
    }
}
