//! The two cookies of the house: the session of the desk, and the language one chose.

use axum::http::header::COOKIE;
use axum::http::{HeaderMap, HeaderValue};
use i18n::Language;

use crate::WebConfig;

pub(crate) const LANGUAGE: &str = "lang";
const YEAR_S: u64 = 365 * 24 * 3600;

/// The name of the session cookie. RFC 6265bis 4.1.3.2: `__Host-` is refused by browsers unless the cookie is Secure,
/// for every path and for this host alone, so no other host can plant it.
pub fn session_name(config: &WebConfig) -> &'static str {
    if config.secure { "__Host-soucoupe" } else { "soucoupe" }
}

/// The session a request carries.
pub fn session<'a>(headers: &'a HeaderMap, config: &WebConfig) -> Option<&'a str> {
    read(headers, session_name(config))
}

/// `Set-Cookie` for a session; `max_age_s` in seconds. `None` if the value cannot stand in a cookie.
pub fn set_session(config: &WebConfig, value: &str, max_age_s: u64) -> Option<HeaderValue> {
    written(session_name(config), value, max_age_s, config.secure)
}

/// `Set-Cookie` that ends the session.
pub fn clear_session(config: &WebConfig) -> Option<HeaderValue> {
    written(session_name(config), "", 0, config.secure)
}

pub(crate) fn language(language: Language) -> Option<HeaderValue> {
    written(LANGUAGE, language.tag(), YEAR_S, false)
}

/// The value of a cookie by name; the first one counts.
pub fn read<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    headers
        .get_all(COOKIE)
        .iter()
        .filter_map(|header| header.to_str().ok())
        .flat_map(|header| header.split(';'))
        .filter_map(|pair| pair.trim().split_once('='))
        .find_map(|(key, value)| (key == name && !value.is_empty()).then_some(value))
}

fn written(name: &str, value: &str, max_age_s: u64, secure: bool) -> Option<HeaderValue> {
    // RFC 6265 4.1.1: cookie-octet.
    let sound =
        value.bytes().all(|byte| byte.is_ascii_graphic() && !matches!(byte, b'"' | b',' | b';' | b'\\'));
    let secure = if secure { "; Secure" } else { "" };
    sound
        .then(|| format!("{name}={value}; Path=/; Max-Age={max_age_s}; HttpOnly; SameSite=Lax{secure}"))
        .and_then(|text| HeaderValue::from_str(&text).ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_session_is_bound_to_the_host_and_hidden_from_scripts() {
        let secure = WebConfig::new("https://letters.example/");
        assert_eq!(
            set_session(&secure, "abc_-9", 60).unwrap(),
            "__Host-soucoupe=abc_-9; Path=/; Max-Age=60; HttpOnly; SameSite=Lax; Secure"
        );
        let plain = WebConfig::new("http://127.0.0.1:7878");
        assert_eq!(clear_session(&plain).unwrap(), "soucoupe=; Path=/; Max-Age=0; HttpOnly; SameSite=Lax");
        assert!(set_session(&plain, "a; Domain=evil.example", 60).is_none());
    }

    #[test]
    fn a_cookie_is_found_among_others() {
        let mut headers = HeaderMap::new();
        headers.append(COOKIE, HeaderValue::from_static("x=1; soucoupe=abc; soucoupe=def"));
        headers.append(COOKIE, HeaderValue::from_static("lang=fr"));
        assert_eq!(read(&headers, "soucoupe"), Some("abc"));
        assert_eq!(read(&headers, "lang"), Some("fr"));
        assert_eq!(read(&headers, "oucoupe"), None);
    }
}
