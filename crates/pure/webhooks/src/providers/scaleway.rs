//! Scaleway Transactional Email.

use serde_json::Value;

use crate::fields::{code, list, moment, text};
use crate::words::{CONTENT, DEAD, PROVIDER_LIST, SOFT, TRYING, Words};
use crate::{Notice, Provider};

/// Reads one message of the topic; `id` is the envelope's.
pub(crate) fn read(message: &Value, id: &str) -> Vec<Notice> {
    let said = text(message, "/email_response_message").or_else(|| text(message, "/email_error"));
    let words = Words::new(said).coded(code(message, "/email_response_code"));
    let judged = match text(message, "/type").unwrap_or_default() {
        // "Definitively rejected": by whom and why, only the words know.
        "email_dropped" => words.judge(SOFT),
        "email_mailbox_not_found" => words.judge(DEAD),
        // By a filter or by the reader, it does not say which.
        "email_spam" => words.judge_ours(CONTENT),
        "email_blocklisted" => PROVIDER_LIST,
        "email_deferred" => TRYING,
        _ => return Vec::new(),
    };
    let headers = list(message, "/email_headers");
    let ours = headers
        .iter()
        .find(|header| text(header, "/key").is_some_and(|n| n.eq_ignore_ascii_case("message-id")));
    let notice = Notice::new(Provider::Scaleway, &[text(message, "/id").unwrap_or(id)], judged)
        .at(moment(message, "/created_at"))
        .to(text(message, "/email_to"))
        .mail(ours.and_then(|header| text(header, "/value")))
        .relay(text(message, "/email_id"))
        .said(&words);
    vec![notice]
}
