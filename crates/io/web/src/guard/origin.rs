//! Whether an unsafe method comes from one of our own pages.

use axum::http::header::{HOST, HeaderName, ORIGIN};
use axum::http::{HeaderMap, Method};

use crate::WebConfig;

const SEC_FETCH_SITE: HeaderName = HeaderName::from_static("sec-fetch-site");

/// True if the browser says so, or if `Origin` is our own. A request with neither comes from no browser of the last
/// years and is refused: whoever writes a program uses `/api/`.
pub(crate) fn is_ours(headers: &HeaderMap, config: &WebConfig) -> bool {
    if let Some(site) = headers.get(SEC_FETCH_SITE) {
        return matches!(site.as_bytes(), b"same-origin" | b"none");
    }
    let Some(origin) = headers.get(ORIGIN).and_then(|origin| origin.to_str().ok()) else { return false };
    // The host has been checked before: an origin that equals it is ours under another of our names.
    let asked = headers.get(HOST).and_then(|host| host.to_str().ok());
    let scheme = if config.secure { "https://" } else { "http://" };
    origin == config.base_url || origin.strip_prefix(scheme).is_some_and(|host| Some(host) == asked)
}

/// The usual exemptions: the one-click POST of RFC 8058 (it carries neither cookie nor Origin), programs, notices of
/// sending services (they are signed), and the sign-up form that authors put on their own sites.
pub fn exempt(method: &Method, path: &str) -> bool {
    let sign_up = path.strip_prefix('/').and_then(|path| path.strip_suffix("/subscribe"));
    method == Method::POST
        && (path.starts_with("/r/unsubscribe/")
            || path.starts_with("/api/")
            || path.starts_with("/hooks/")
            || sign_up.is_some_and(|slug| !slug.is_empty() && !slug.contains('/') && slug != "desk"))
}
