//! Answers a browser need not fetch twice.

use aws_lc_rs::digest;
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE, ETAG, IF_NONE_MATCH};
use axum::http::{HeaderMap, HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use bytes::Bytes;
use data_encoding::BASE64URL_NOPAD;

/// Bytes with their strong `ETag`, ready to be answered many times.
#[derive(Clone, Debug)]
pub struct Prepared {
    body: Bytes,
    content_type: HeaderValue,
    cache: HeaderValue,
    etag: HeaderValue,
}

impl Prepared {
    /// Hashes a body once. `max_age_s` is how long a browser may show it without asking; 0 means it asks each time.
    pub fn new(body: impl Into<Bytes>, content_type: &'static str, max_age_s: u32) -> Self {
        let body = body.into();
        let cache = match max_age_s {
            0 => HeaderValue::from_static("no-cache"),
            age => HeaderValue::from_str(&format!("public, max-age={age}"))
                .unwrap_or(HeaderValue::from_static("no-cache")),
        };
        Prepared { etag: etag_of(&body), content_type: HeaderValue::from_static(content_type), cache, body }
    }

    pub(crate) fn immutable(mut self) -> Self {
        self.cache = HeaderValue::from_static("public, max-age=31536000, immutable");
        self
    }

    /// The bytes.
    pub fn body(&self) -> &Bytes {
        &self.body
    }

    /// The whole answer, or 304 if the browser has these very bytes.
    pub fn respond(&self, request: &HeaderMap) -> Response {
        let mut response = if self.is_held(request) {
            StatusCode::NOT_MODIFIED.into_response()
        } else {
            let mut response = self.body.clone().into_response();
            response.headers_mut().insert(CONTENT_TYPE, self.content_type.clone());
            response
        };
        // RFC 9110 15.4.5: a 304 carries the ETag and Cache-Control the 200 would have had.
        response.headers_mut().insert(ETAG, self.etag.clone());
        response.headers_mut().insert(CACHE_CONTROL, self.cache.clone());
        response
    }

    // RFC 9110 13.1.2: weak comparison; `*` matches whatever there is.
    fn is_held(&self, request: &HeaderMap) -> bool {
        request
            .get_all(IF_NONE_MATCH)
            .iter()
            .filter_map(|value| value.to_str().ok())
            .flat_map(|value| value.split(','))
            .map(str::trim)
            .any(|tag| tag == "*" || tag.strip_prefix("W/").unwrap_or(tag).as_bytes() == self.etag.as_bytes())
    }
}

/// An answer with a strong `ETag` by SHA-256, or 304.
pub fn respond_with_etag(
    request: &HeaderMap,
    body: impl Into<Bytes>,
    content_type: &'static str,
    max_age_s: u32,
) -> Response {
    Prepared::new(body, content_type, max_age_s).respond(request)
}

fn etag_of(body: &[u8]) -> HeaderValue {
    let hash = digest::digest(&digest::SHA256, body);
    // Half of the hash: 128 bits tell any two pages apart.
    let text = format!("\"{}\"", BASE64URL_NOPAD.encode(&hash.as_ref()[..16]));
    HeaderValue::from_str(&text).unwrap_or(HeaderValue::from_static("\"\""))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_that_did_not_change_is_not_sent_again() {
        let first = respond_with_etag(&HeaderMap::new(), "a page", "text/html; charset=utf-8", 60);
        assert_eq!(first.status(), StatusCode::OK);
        assert_eq!(first.headers()[CACHE_CONTROL], "public, max-age=60");
        let tag = first.headers()[ETAG].clone();
        for (asked, status) in [
            (tag.to_str().unwrap().to_owned(), 304),
            (format!("\"old\", W/{}", tag.to_str().unwrap()), 304),
            ("*".to_owned(), 304),
            ("\"old\"".to_owned(), 200),
        ] {
            let mut headers = HeaderMap::new();
            headers.insert(IF_NONE_MATCH, asked.parse().unwrap());
            let again = respond_with_etag(&headers, "a page", "text/html; charset=utf-8", 0);
            assert_eq!(again.status(), status, "{asked}");
            assert_eq!(again.headers()[ETAG], tag);
        }
        let other = respond_with_etag(&HeaderMap::new(), "another page", "text/html", 0);
        assert_ne!(other.headers()[ETAG], tag);
    }
}
