//! Mailjet's Event API, single or grouped. It carries no signature.

use policy::returns::Action;
use serde_json::Value;

use crate::fields::{events, json, seconds, text, truth, word};
use crate::proof::password;
use crate::words::{
    COMPLAINT, CONTENT, DEAD, FULL, HOST_DEAD, Judgement, POLICY, PROVIDER_LIST, SOFT, TRYING, UNSUBSCRIBED,
    Words,
};
use crate::{Notice, Outcome, Provider, Request, WebhookError};

/// Checks the password, and reads the events.
pub(crate) fn read(request: &Request<'_>, secret: &str) -> Result<Outcome, WebhookError> {
    password(request, secret)?;
    let events = events(json(request.body)?)?;
    Ok(Outcome::Notices(events.iter().filter_map(notice).collect()))
}

fn notice(event: &Value) -> Option<Notice> {
    let kind = text(event, "/event")?;
    let error = text(event, "/error");
    let answer = text(event, "/comment").or_else(|| text(event, "/smtp_reply"));
    let words = Words::new(answer);
    let judged = match kind {
        "bounce" | "blocked" => refused(event, error.unwrap_or_default(), &words),
        "spam" => COMPLAINT,
        "unsub" => UNSUBSCRIBED,
        _ => return None,
    };
    let mail = word(event, "/MessageID").unwrap_or_default();
    let (address, time) = (text(event, "/email"), word(event, "/time").unwrap_or_default());
    // It has no id of its own.
    let key = [kind, &mail, address.unwrap_or_default(), &time];
    Some(
        Notice::new(Provider::Mailjet, &key, judged)
            .at(seconds(event, "/time"))
            .to(address)
            .relay(text(event, "/Message_GUID").or((!mail.is_empty()).then_some(&mail)))
            // Its own name for the error is shown, but is no answer of a server to be judged.
            .said(&if answer.is_some() { words } else { Words::new(error) }),
    )
}

fn refused(event: &Value, error: &str, words: &Words) -> Judgement {
    match error {
        "user unknown" | "mailbox inactive" => words.judge(DEAD),
        "invalid domain" | "no mail host" => words.judge(HOST_DEAD),
        "quota exceeded" => words.judge(FULL),
        "typofix" => (Action::Suppress, "address_invalid"),
        "blacklisted" | "spam reporter" | "preblocked" => PROVIDER_LIST,
        "duplicate in campaign" => (Action::None, "duplicate"),
        "greylisted" if !truth(event, "/hard_bounce") => TRYING,
        "sender blocked" | "policy issue" | "relay/access denied" => words.judge_ours(POLICY),
        "content blocked" => words.judge_ours(CONTENT),
        _ => match text(event, "/error_related_to").unwrap_or_default() {
            "content" | "spam" => words.judge_ours(CONTENT),
            "recipient" if truth(event, "/hard_bounce") => words.judge(DEAD),
            "domain" if truth(event, "/hard_bounce") => words.judge(HOST_DEAD),
            _ => words.judge(SOFT),
        },
    }
}
