//! SparkPost's event webhooks: batches without a signature.

use policy::returns::Action;
use serde_json::Value;

use crate::fields::{code, events, json, moment, seconds, text, word};
use crate::proof::password_or_token;
use crate::words::{
    AUTO_REPLY, COMPLAINT, CONTENT, DEAD, FULL, Judgement, POLICY, PROVIDER_LIST, SOFT, TRYING, UNSUBSCRIBED,
    Words,
};
use crate::{Notice, Outcome, Provider, Request, WebhookError};

/// Older endpoints prove themselves with a token here.
const TOKEN: &str = "X-MessageSystems-Webhook-Token";

/// Checks the password or token, and reads the batch.
pub(crate) fn read(request: &Request<'_>, secret: &str) -> Result<Outcome, WebhookError> {
    password_or_token(request, secret, Some(TOKEN))?;
    let events = events(json(request.body)?)?;
    Ok(Outcome::Notices(events.iter().filter_map(notice).collect()))
}

/// `{"msys": {"message_event": {…}}}`; a test has nothing inside.
fn notice(wrapped: &Value) -> Option<Notice> {
    let (_, event) = wrapped.get("msys")?.as_object()?.iter().next()?;
    let kind = text(event, "/type")?;
    let said = text(event, "/raw_reason").or_else(|| text(event, "/reason"));
    let words = Words::new(said).coded(code(event, "/error_code"));
    let judged = match kind {
        "bounce" | "out_of_band" => by_class(&word(event, "/bounce_class").unwrap_or_default(), &words),
        "policy_rejection" => match word(event, "/bounce_class").as_deref() {
            Some("25") => PROVIDER_LIST,
            _ => words.judge_ours(POLICY),
        },
        "generation_failure" | "generation_rejection" => words.judge_ours(CONTENT),
        "delay" => TRYING,
        "spam_complaint" => COMPLAINT,
        "list_unsubscribe" | "link_unsubscribe" => UNSUBSCRIBED,
        _ => return None,
    };
    let address = text(event, "/raw_rcpt_to").or_else(|| text(event, "/rcpt_to"));
    let id = word(event, "/event_id");
    let (mail, time) =
        (word(event, "/message_id").unwrap_or_default(), word(event, "/timestamp").unwrap_or_default());
    let told_apart = [kind, &mail, address.unwrap_or_default(), &time];
    let key: &[&str] = match &id {
        Some(id) => &[id],
        None => &told_apart,
    };
    Some(
        Notice::new(Provider::SparkPost, key, judged)
            .at(seconds(event, "/timestamp").or_else(|| moment(event, "/timestamp")))
            .to(address)
            .relay((!mail.is_empty()).then_some(&mail))
            .said(&words),
    )
}

fn by_class(class: &str, words: &Words) -> Judgement {
    match class {
        // Invalid recipient, and a bounce that names none.
        "10" | "30" => words.judge(DEAD),
        "22" => words.judge(FULL),
        "23" | "52" | "53" => words.judge_ours(CONTENT),
        // The account's own list or rules.
        "25" => PROVIDER_LIST,
        "50" | "51" | "54" => words.judge_ours(POLICY),
        "60" | "100" => AUTO_REPLY,
        "80" => (Action::None, "subscribed"),
        "90" => UNSUBSCRIBED,
        _ => words.judge(SOFT),
    }
}
