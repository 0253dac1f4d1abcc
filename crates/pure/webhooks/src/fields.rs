//! Looking into JSON that may hold anything. Fields are named by JSON pointers (RFC 6901).

use jiff::Timestamp;
use serde_json::Value;

use crate::{LARGEST_UNPROVED, MOST_EVENTS, WebhookError};

/// The whole body as JSON.
pub(crate) fn json(body: &[u8]) -> Result<Value, WebhookError> {
    serde_json::from_slice(body).map_err(|_| WebhookError::NotUnderstood("it is not JSON"))
}

/// The same where the proof is inside the body: a stranger's JSON takes many times its size in memory, and one event of
/// a service is never large.
pub(crate) fn unproved(body: &[u8]) -> Result<Value, WebhookError> {
    if body.len() > LARGEST_UNPROVED { Err(WebhookError::TooLarge) } else { json(body) }
}

/// A stranger's words, for a log: one line, not too long.
pub(crate) fn shown(text: &str) -> String {
    text.chars().map(|letter| if letter.is_control() { ' ' } else { letter }).take(200).collect()
}

/// The events of a body that is one event or a list of them.
pub(crate) fn events(body: Value) -> Result<Vec<Value>, WebhookError> {
    match body {
        Value::Array(events) if events.len() > MOST_EVENTS => Err(WebhookError::TooMany),
        Value::Array(events) => Ok(events),
        event @ Value::Object(_) => Ok(vec![event]),
        _ => Err(WebhookError::NotUnderstood("it is neither an event nor a list of events")),
    }
}

/// A text that is not empty.
pub(crate) fn text<'a>(value: &'a Value, pointer: &str) -> Option<&'a str> {
    value.pointer(pointer)?.as_str().map(str::trim).filter(|text| !text.is_empty())
}

/// A text or a number, as text.
pub(crate) fn word(value: &Value, pointer: &str) -> Option<String> {
    match value.pointer(pointer)? {
        Value::String(text) if !text.trim().is_empty() => Some(text.trim().to_owned()),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    }
}

/// A truth.
pub(crate) fn truth(value: &Value, pointer: &str) -> bool {
    value.pointer(pointer).and_then(Value::as_bool).unwrap_or_default()
}

/// A list, empty where there is none.
pub(crate) fn list<'a>(value: &'a Value, pointer: &str) -> &'a [Value] {
    value.pointer(pointer).and_then(Value::as_array).map_or(&[], Vec::as_slice)
}

/// A three-digit code of SMTP, written as a number or as text.
pub(crate) fn code(value: &Value, pointer: &str) -> Option<u16> {
    word(value, pointer)?.parse().ok().filter(|code| (200..600).contains(code))
}

/// A moment written in words (RFC 3339), in microseconds.
pub(crate) fn moment(value: &Value, pointer: &str) -> Option<i64> {
    Some(text(value, pointer)?.parse::<Timestamp>().ok()?.as_microsecond())
}

/// Seconds since 1970, whole or not, as a number or as text, in microseconds.
pub(crate) fn seconds(value: &Value, pointer: &str) -> Option<i64> {
    micros(word(value, pointer)?.parse::<f64>().ok()? * 1e6)
}

/// Milliseconds since 1970, in microseconds.
pub(crate) fn milliseconds(value: &Value, pointer: &str) -> Option<i64> {
    micros(word(value, pointer)?.parse::<f64>().ok()? * 1e3)
}

/// Times before 1970 and after the year 9000 are no times.
fn micros(value: f64) -> Option<i64> {
    (0.0..2.3e17).contains(&value).then_some(value as i64)
}
