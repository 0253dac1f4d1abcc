//! Mailgun's webhooks. The signature is in the body and covers a time and a token, not the event.

use aws_lc_rs::digest::{SHA256, digest};
use data_encoding::HEXLOWER;
use policy::SECOND;
use serde_json::Value;

use crate::fields::{code, seconds, text, unproved, word};
use crate::proof::{HALF_A_DAY, fresh, hex, hmac_sha256};
use crate::words::{COMPLAINT, CONTENT, Judgement, PROVIDER_LIST, SOFT, TRYING, UNSUBSCRIBED, Words};
use crate::{Notice, Outcome, Provider, Request, WebhookError};

/// Mailgun's own codes for mails that it did not even try: bounced before, complained before, left before.
const BOUNCED_BEFORE: u16 = 605;
const LEFT_BEFORE: u16 = 606;
const COMPLAINED_BEFORE: u16 = 607;

/// Checks time and token, and reads the event.
pub(crate) fn read(request: &Request<'_>, secret: &str, now: i64) -> Result<Outcome, WebhookError> {
    // The signature is inside: the body must be read to be checked.
    let body = unproved(request.body)?;
    let time = word(&body, "/signature/timestamp").ok_or(WebhookError::NoProof("time of signature"))?;
    let token = text(&body, "/signature/token").ok_or(WebhookError::NoProof("token"))?;
    let signature = text(&body, "/signature/signature").ok_or(WebhookError::NoProof("signature"))?;
    let signature = hex(signature).ok_or(WebhookError::WrongProof("signature"))?;
    if !hmac_sha256(secret.as_bytes(), &[time.as_bytes(), token.as_bytes()], &signature) {
        return Err(WebhookError::WrongProof("signature"));
    }
    let signed: i64 = time.parse().map_err(|_| WebhookError::WrongProof("time of signature"))?;
    fresh(signed.saturating_mul(SECOND), now, HALF_A_DAY)?;
    let event = body.pointer("/event-data").ok_or(WebhookError::NotUnderstood("no event-data"))?;
    // As it is signed, without anything between: wherever a thief draws the line, it is the same.
    let spent = HEXLOWER.encode(digest(&SHA256, format!("{time}{token}").as_bytes()).as_ref());
    let notice = notice(event, token).map(|notice| Notice { token: Some(spent), ..notice });
    Ok(Outcome::Notices(notice.into_iter().collect()))
}

fn notice(event: &Value, token: &str) -> Option<Notice> {
    let status = "/delivery-status";
    let said = text(event, &format!("{status}/message"))
        .or_else(|| text(event, &format!("{status}/description")))
        .or_else(|| text(event, "/reject/reason"));
    let words = Words::new(said)
        .coded(code(event, &format!("{status}/code")))
        .with_status(text(event, &format!("{status}/enhanced-code")));
    let judged = match text(event, "/event")? {
        "failed" if text(event, "/severity") == Some("temporary") => TRYING,
        "failed" => failed(event, &words),
        "rejected" => words.judge_ours(CONTENT),
        "complained" => COMPLAINT,
        "unsubscribed" => UNSUBSCRIBED,
        _ => return None,
    };
    let address = text(event, "/recipient").or_else(|| text(event, "/message/headers/to"));
    // An id is unique within a day only: the moment belongs to it.
    let time = word(event, "/timestamp").unwrap_or_default();
    let key = [text(event, "/id").unwrap_or(token), &time];
    Some(
        Notice::new(Provider::Mailgun, &key, judged)
            .at(seconds(event, "/timestamp"))
            .to(address)
            .mail(text(event, "/message/headers/message-id"))
            .relay(text(event, "/message/headers/message-id"))
            .said(&words),
    )
}

fn failed(event: &Value, words: &Words) -> Judgement {
    let own = word(event, "/delivery-status/code").and_then(|code| code.parse::<u16>().ok());
    match (text(event, "/reason").unwrap_or_default(), own) {
        ("suppress-unsubscribe", _) | (_, Some(LEFT_BEFORE)) => UNSUBSCRIBED,
        ("suppress-bounce" | "suppress-complaint", _) | (_, Some(BOUNCED_BEFORE | COMPLAINED_BEFORE)) => {
            PROVIDER_LIST
        }
        ("espblock", _) => words.judge_ours(crate::words::POLICY),
        // Tried for too long; the last answer may say why.
        ("old", _) => words.judge(SOFT),
        // "Permanent" and "bounce" are said of every 5xx: without words of a death, nobody is dead.
        _ => words.judge(SOFT),
    }
}
