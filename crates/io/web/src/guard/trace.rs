//! What the log says of a request: never a token, never a query.

use std::borrow::Cow;
use std::time::Duration;

use aws_lc_rs::rand;
use axum::extract::Request;
use axum::http::StatusCode;
use data_encoding::HEXLOWER;

/// The reference of a request, in the log and on the page of an error; also an extension of the request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RequestId(String);

impl RequestId {
    pub(crate) fn new() -> Self {
        let mut bytes = [0; 6];
        // Without randomness the reference is the same for all requests; nothing but the log suffers.
        let _ = rand::fill(&mut bytes);
        RequestId(HEXLOWER.encode(&bytes))
    }

    /// Twelve hexadecimal digits.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

pub(crate) fn span(request: &Request, id: &RequestId) -> tracing::Span {
    let path = shown(request.uri().path());
    tracing::info_span!("request", id = id.as_str(), method = %request.method(), %path)
}

pub(crate) fn answered(status: StatusCode, took: Duration) {
    let ms = took.as_micros() as f64 / 1000.0;
    tracing::debug!(status = status.as_u16(), ms, "answered");
}

/// Whatever stands where a token stands is left out.
fn shown(path: &str) -> Cow<'_, str> {
    if !["/r/", "/desk/sign-in/", "/desk/first-run/"].iter().any(|start| path.starts_with(start)) {
        return Cow::Borrowed(path);
    }
    match path.match_indices('/').nth(2) {
        Some((end, _)) => Cow::Owned(format!("{}/…", &path[..end])),
        None => Cow::Borrowed(path),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_never_reaches_the_log() {
        for (path, logged) in [
            ("/gazette/archive", "/gazette/archive"),
            ("/r/confirm/abcdef", "/r/confirm/…"),
            ("/r/export/abcdef/data.json", "/r/export/…"),
            ("/desk/sign-in/abcdef", "/desk/sign-in/…"),
            ("/desk/sign-in", "/desk/sign-in"),
        ] {
            assert_eq!(shown(path), logged);
        }
    }
}
