//! Amazon SES: feedback notifications (`notificationType`) and event publishing (`eventType`).

use policy::returns::Action;
use serde_json::Value;

use crate::fields::{list, moment, text, truth};
use crate::words::{
    AUTHENTICATION, COMPLAINT, CONTENT, DEAD, FULL, Judgement, PROVIDER_LIST, SOFT, TRYING, UNSUBSCRIBED,
    Words,
};
use crate::{Notice, Provider};

/// Reads one message of the topic; `id` is the envelope's.
pub(crate) fn read(message: &Value, id: &str) -> Vec<Notice> {
    let kind = text(message, "/eventType").or_else(|| text(message, "/notificationType")).unwrap_or_default();
    match kind {
        "Bounce" => bounces(message, id),
        "Complaint" => complaints(message, id),
        "DeliveryDelay" => delays(message, id),
        "Reject" => to_all(message, id, CONTENT, text(message, "/reject/reason")),
        "Rendering Failure" => to_all(message, id, CONTENT, text(message, "/failure/errorMessage")),
        "Subscription" if left(message) => to_all(message, id, UNSUBSCRIBED, None),
        _ => Vec::new(),
    }
}

fn bounces(message: &Value, id: &str) -> Vec<Notice> {
    let (kind, sub) = (text(message, "/bounce/bounceType"), text(message, "/bounce/bounceSubType"));
    let otherwise = by_type(kind, sub);
    // The same bounce may come by both ways of notification: its own id is the same in both.
    let event = text(message, "/bounce/feedbackId").unwrap_or(id);
    let recipients = list(message, "/bounce/bouncedRecipients").iter().map(|recipient| {
        let words = Words::new(text(recipient, "/diagnosticCode")).with_status(text(recipient, "/status"));
        // SES says what its own lists forbid in the words of a server.
        let judged = match otherwise {
            PROVIDER_LIST | UNSUBSCRIBED => otherwise,
            _ => words.judge(otherwise),
        };
        let address = text(recipient, "/emailAddress");
        Notice::new(Provider::Ses, &["bounce", event, address.unwrap_or_default()], judged)
            .at(moment(message, "/bounce/timestamp"))
            .to(address)
            .said(&words)
    });
    recipients.map(|notice| of_mail(notice, message)).collect()
}

/// What a bounce means when no server's words tell better.
pub(crate) fn by_type(kind: Option<&str>, sub: Option<&str>) -> Judgement {
    match (kind, sub) {
        (_, Some("Suppressed" | "OnAccountSuppressionList")) => PROVIDER_LIST,
        (_, Some("UnsubscribedRecipient")) => UNSUBSCRIBED,
        (_, Some("MailboxFull")) => FULL,
        (_, Some("MessageTooLarge" | "ContentRejected" | "AttachmentRejected")) => CONTENT,
        // The bounce did not even name an address.
        (Some("Permanent"), Some("NoEmail")) => SOFT,
        (Some("Permanent"), _) => DEAD,
        _ => SOFT,
    }
}

fn complaints(message: &Value, id: &str) -> Vec<Notice> {
    let judged = match (
        text(message, "/complaint/complaintSubType"),
        text(message, "/complaint/complaintFeedbackType"),
    ) {
        // An old complaint that SES remembers; the reader may have come back to us since.
        (Some("OnAccountSuppressionList"), _) => PROVIDER_LIST,
        (_, Some("not-spam")) => (Action::None, "not_spam"),
        (_, Some("auth-failure")) => AUTHENTICATION,
        (_, Some("virus")) => CONTENT,
        _ => COMPLAINT,
    };
    let event = text(message, "/complaint/feedbackId").unwrap_or(id);
    let recipients = list(message, "/complaint/complainedRecipients").iter().map(|recipient| {
        let address = text(recipient, "/emailAddress");
        Notice::new(Provider::Ses, &["complaint", event, address.unwrap_or_default()], judged)
            .at(moment(message, "/complaint/timestamp"))
            .to(address)
    });
    recipients.map(|notice| of_mail(notice, message)).collect()
}

fn delays(message: &Value, id: &str) -> Vec<Notice> {
    let recipients = list(message, "/deliveryDelay/delayedRecipients").iter().map(|recipient| {
        let words = Words::new(text(recipient, "/diagnosticCode")).with_status(text(recipient, "/status"));
        let address = text(recipient, "/emailAddress");
        Notice::new(Provider::Ses, &["delay", id, address.unwrap_or_default()], TRYING)
            .at(moment(message, "/deliveryDelay/timestamp"))
            .to(address)
            .said(&words)
    });
    recipients.map(|notice| of_mail(notice, message)).collect()
}

/// Events that name no recipient of their own are about all of the mail's.
fn to_all(message: &Value, id: &str, judged: Judgement, said: Option<&str>) -> Vec<Notice> {
    let words = Words::new(said);
    let recipients = list(message, "/mail/destination").iter().filter_map(Value::as_str).map(|address| {
        Notice::new(Provider::Ses, &["mail", id, address], judged)
            .at(moment(message, "/mail/timestamp"))
            .to(Some(address))
            .said(&words)
    });
    recipients.map(|notice| of_mail(notice, message)).collect()
}

fn left(message: &Value) -> bool {
    truth(message, "/subscription/newTopicPreferences/unsubscribeAll")
}

/// SES writes its own Message-ID over ours; ours is among the headers that it keeps, where it is told to.
fn of_mail(notice: Notice, message: &Value) -> Notice {
    let headers = list(message, "/mail/headers");
    let ours = headers
        .iter()
        .find(|header| text(header, "/name").is_some_and(|n| n.eq_ignore_ascii_case("message-id")));
    let ours = ours.and_then(|header| text(header, "/value"));
    notice
        .mail(ours.or_else(|| text(message, "/mail/commonHeaders/messageId")))
        .relay(text(message, "/mail/messageId"))
}
