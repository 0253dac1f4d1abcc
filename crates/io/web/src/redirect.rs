//! Sending a browser elsewhere, always inside the instance.

use axum::http::header::LOCATION;
use axum::http::{HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

/// RFC 3986 2.3: unreserved characters stand for themselves; a slash may too inside a query.
const QUERY_VALUE: &AsciiSet =
    &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~').remove(b'/');

/// 303: the form was taken, here is what to look at next.
pub fn to(path: &str) -> Response {
    match HeaderValue::from_str(path) {
        Ok(location) => (StatusCode::SEE_OTHER, [(LOCATION, location)]).into_response(),
        // A path of ours that a header cannot carry was built from something it should not have been built from.
        Err(_) => (StatusCode::SEE_OTHER, [(LOCATION, HeaderValue::from_static("/"))]).into_response(),
    }
}

/// A path somebody handed us, if it stays on this instance. `//host`, `/\host`, a full address and control
/// characters do not: an open redirect lends our name to a stranger.
pub fn local(path: &str) -> Option<&str> {
    let rest = path.strip_prefix('/')?;
    let leaves = rest.starts_with(['/', '\\'])
        || path.bytes().any(|byte| byte <= b' ' || byte == 0x7f || byte == b'\\');
    (!leaves && path.is_ascii()).then_some(path)
}

/// A text as the value of a query.
pub fn query_value(text: &str) -> String {
    utf8_percent_encode(text, QUERY_VALUE).to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nobody_is_sent_to_another_site() {
        for (path, kept) in [
            ("/desk", true),
            ("/desk/gazette/editions?page=2", true),
            ("/", true),
            ("//evil.example", false),
            ("/\\evil.example", false),
            ("/\t/evil.example", false),
            ("https://evil.example", false),
            ("javascript:alert(1)", false),
            ("", false),
            ("/a\r\nSet-Cookie: x", false),
        ] {
            assert_eq!(local(path).is_some(), kept, "{path:?}");
        }
    }
}
