//! Headers that make a browser distrust what we did not mean.

use axum::http::header::{
    CACHE_CONTROL, CONTENT_SECURITY_POLICY, HeaderName, REFERRER_POLICY, STRICT_TRANSPORT_SECURITY,
    X_CONTENT_TYPE_OPTIONS,
};
use axum::http::{HeaderMap, HeaderValue};

/// The policy of every page that does not set its own. Images may come from anywhere over https: authors quote them.
pub const PAGE_POLICY: &str = "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self' https: data:; \
     media-src 'self' https:; font-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'; \
     connect-src 'self'; frame-src 'self'; manifest-src 'self'";

/// For a page that other sites may show in a frame: it has no script, and no cookie reaches it there (SameSite).
pub const EMBED_POLICY: &str = "default-src 'none'; style-src 'self'; img-src 'self' https: data:; form-action 'self'; \
     frame-ancestors *; base-uri 'none'";

/// For mail HTML shown on the desk: an opaque origin, inline styles as mail has them, no script, links open outside.
pub const LETTER_POLICY: &str = "default-src 'none'; style-src 'unsafe-inline'; img-src 'self' https: data:; \
     font-src 'none'; form-action 'none'; frame-ancestors 'self'; base-uri 'none'; \
     sandbox allow-popups allow-popups-to-escape-sandbox";

/// For a public page shown on the desk before it is public: an opaque origin with our own stylesheets.
pub const PREVIEW_POLICY: &str = "default-src 'none'; style-src 'self' 'unsafe-inline'; img-src 'self' https: data:; \
     font-src 'self'; form-action 'none'; frame-ancestors 'self'; base-uri 'none'; \
     sandbox allow-popups allow-popups-to-escape-sandbox";

const PERMISSIONS: &str = "camera=(), geolocation=(), microphone=(), payment=(), usb=(), browsing-topics=()";
// ASVS 5.0 3.4.1: at least one year.
const INSIST_ON_HTTPS: &str = "max-age=31536000";

/// Adds what the handler did not set itself.
pub(crate) fn add(headers: &mut HeaderMap, path: &str, secure: bool) {
    let mut put = |name: HeaderName, value: &'static str| {
        headers.entry(name).or_insert(HeaderValue::from_static(value));
    };
    put(CONTENT_SECURITY_POLICY, PAGE_POLICY);
    put(X_CONTENT_TYPE_OPTIONS, "nosniff");
    put(HeaderName::from_static("permissions-policy"), PERMISSIONS);
    put(HeaderName::from_static("cross-origin-opener-policy"), "same-origin");
    // A reader's page has a token in its address; it must not travel to the next site.
    let reader_page = path.starts_with("/r/");
    put(REFERRER_POLICY, if reader_page { "no-referrer" } else { "strict-origin-when-cross-origin" });
    if reader_page {
        put(HeaderName::from_static("x-robots-tag"), "noindex, nofollow");
    }
    if reader_page || path == "/desk" || path.starts_with("/desk/") {
        put(CACHE_CONTROL, "no-store");
    }
    if secure {
        put(STRICT_TRANSPORT_SECURITY, INSIST_ON_HTTPS);
    }
}
