//! Brevo's transactional and marketing webhooks, single or batched. They carry no signature.

use policy::returns::Action;
use serde_json::Value;

use crate::fields::{events, json, milliseconds, seconds, text, word};
use crate::proof::password_or_token;
use crate::words::{COMPLAINT, DEAD, POLICY, PROVIDER_LIST, SOFT, TRYING, UNSUBSCRIBED, Words};
use crate::{Notice, Outcome, Provider, Request, WebhookError};

/// Checks the password or token, and reads the events.
pub(crate) fn read(request: &Request<'_>, secret: &str) -> Result<Outcome, WebhookError> {
    password_or_token(request, secret, None)?;
    let events = events(json(request.body)?)?;
    Ok(Outcome::Notices(events.iter().filter_map(notice).collect()))
}

fn notice(event: &Value) -> Option<Notice> {
    let words = Words::new(text(event, "/reason"));
    let kind = text(event, "/event")?;
    let judged = match kind {
        "hard_bounce" => words.judge(DEAD),
        "soft_bounce" => words.judge(SOFT),
        "invalid_email" => (Action::Suppress, "address_invalid"),
        "blocked" => PROVIDER_LIST,
        "error" => words.judge_ours(POLICY),
        "deferred" => TRYING,
        "spam" | "complaint" => COMPLAINT,
        "unsubscribed" | "unsubscribe" => UNSUBSCRIBED,
        _ => return None,
    };
    let (address, mail) = (text(event, "/email"), text(event, "/message-id"));
    let time = ["/ts_epoch", "/ts_event", "/ts", "/date"].iter().find_map(|field| word(event, field));
    // It has no id of its own.
    let key = [kind, address.unwrap_or_default(), mail.unwrap_or_default(), &time.unwrap_or_default()];
    Some(
        Notice::new(Provider::Brevo, &key, judged)
            // Only this one is UTC whatever the account is set to.
            .at(milliseconds(event, "/ts_epoch").or_else(|| seconds(event, "/ts_event")))
            .to(address)
            .mail(mail)
            .relay(mail)
            .said(&words),
    )
}
