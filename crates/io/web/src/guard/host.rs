//! Whether a request means us. Pages never build a link from `Host`; this keeps caches in front from mixing us up,
//! and a rebound DNS name from reaching a desk on loopback.

use axum::extract::Request;
use axum::http::header::HOST;

use super::Guard;

pub(crate) fn is_ours(guard: &Guard, request: &Request) -> bool {
    // A health check speaks to an address, not to a name, and gets nothing that depends on it.
    if matches!(request.uri().path(), "/healthz" | "/metrics") {
        return true;
    }
    // RFC 9112 3.2.2: with a full address in the request line, Host is ignored.
    let named = match request.uri().authority() {
        Some(authority) => Some(authority.as_str()),
        None => request.headers().get(HOST).and_then(|host| host.to_str().ok()),
    };
    let Some(named) = named else { return false };
    let own = guard.config.authority();
    std::iter::once(own)
        .chain(guard.hosts.iter().map(String::as_str))
        .any(|host| host.eq_ignore_ascii_case(named))
        || (is_loopback(own) && is_loopback(named))
}

/// Any port of a loopback name: someone who tries the product on their own machine may call it as they like.
fn is_loopback(authority: &str) -> bool {
    let name = match authority.rsplit_once(':') {
        Some((name, port)) if port.bytes().all(|byte| byte.is_ascii_digit()) => name,
        _ => authority,
    };
    matches!(name, "localhost" | "127.0.0.1" | "[::1]")
}
