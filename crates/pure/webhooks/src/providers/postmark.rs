//! Postmark's webhooks for bounces, spam complaints and changes of subscriptions. They carry no signature.

use policy::returns::Action;
use serde_json::Value;

use crate::fields::{events, json, moment, text, truth, word};
use crate::proof::password;
use crate::words::{
    AUTHENTICATION, AUTO_REPLY, COMPLAINT, CONTENT, DEAD, Judgement, POLICY, PROVIDER_LIST, SOFT, TRYING,
    UNSUBSCRIBED, Words,
};
use crate::{Notice, Outcome, Provider, Request, WebhookError};

/// Checks the password, and reads the event.
pub(crate) fn read(request: &Request<'_>, secret: &str) -> Result<Outcome, WebhookError> {
    password(request, secret)?;
    let events = events(json(request.body)?)?;
    Ok(Outcome::Notices(events.iter().filter_map(notice).collect()))
}

fn notice(event: &Value) -> Option<Notice> {
    match text(event, "/RecordType").unwrap_or("Bounce") {
        "Bounce" | "SpamComplaint" => bounce(event),
        "SubscriptionChange" => change(event),
        _ => None,
    }
}

fn bounce(event: &Value) -> Option<Notice> {
    let words = Words::new(text(event, "/Details"));
    let judged = by_type(text(event, "/Type").or_else(|| text(event, "/RecordType"))?, &words)?;
    let id = word(event, "/ID").map(|id| format!("bounce-{id}"));
    let (address, mail) = (text(event, "/Email"), text(event, "/MessageID"));
    let told_apart = [
        address.unwrap_or_default(),
        mail.unwrap_or_default(),
        text(event, "/BouncedAt").unwrap_or_default(),
    ];
    let key: &[&str] = match &id {
        Some(id) => &[id],
        None => &told_apart,
    };
    Some(
        Notice::new(Provider::Postmark, key, judged)
            .at(moment(event, "/BouncedAt"))
            .to(address)
            .relay(mail)
            .said(&words),
    )
}

fn by_type(kind: &str, words: &Words) -> Option<Judgement> {
    Some(match kind {
        "HardBounce" => words.judge(DEAD),
        "BadEmailAddress" => (Action::Suppress, "address_invalid"),
        "SoftBounce" | "Unknown" | "DnsError" | "Unconfirmed" => words.judge(SOFT),
        "Transient" => TRYING,
        "SpamComplaint" => COMPLAINT,
        "Unsubscribe" => UNSUBSCRIBED,
        "ManuallyDeactivated" => PROVIDER_LIST,
        "AutoResponder" | "ChallengeVerification" => AUTO_REPLY,
        // Mostly a machine that names a new address; a server that says 5.1.6 means it.
        "AddressChange" => match words.judge(AUTO_REPLY) {
            moved @ (Action::Suppress, _) => moved,
            _ => AUTO_REPLY,
        },
        "SpamNotification" | "VirusNotification" | "TemplateRenderingFailed" => words.judge_ours(CONTENT),
        "DMARCPolicy" => AUTHENTICATION,
        "Blocked" | "OpenRelayTest" | "SMTPApiError" | "InboundError" => words.judge(POLICY),
        _ => return None,
    })
}

fn change(event: &Value) -> Option<Notice> {
    if !truth(event, "/SuppressSending") {
        return None;
    }
    let judged = match text(event, "/SuppressionReason").unwrap_or_default() {
        "SpamComplaint" => COMPLAINT,
        "ManualSuppression" if text(event, "/Origin") == Some("Recipient") => UNSUBSCRIBED,
        // The bounce itself is told apart from this.
        _ => PROVIDER_LIST,
    };
    let (address, mail) = (text(event, "/Recipient"), text(event, "/MessageID"));
    let key = [
        "change",
        address.unwrap_or_default(),
        mail.unwrap_or_default(),
        text(event, "/ChangedAt").unwrap_or_default(),
    ];
    Some(
        Notice::new(Provider::Postmark, &key, judged).at(moment(event, "/ChangedAt")).to(address).relay(mail),
    )
}
