//! Which addresses become links.

/// What may be followed from a page or a mail. Everything else (`javascript:`, `data:`…) is only text.
const SCHEMES: [&str; 4] = ["http", "https", "mailto", "tel"];

/// The address when it may be a link.
pub(crate) fn link(text: &str) -> Option<String> {
    let text = clean(text)?;
    match scheme(&text) {
        None => Some(text),
        Some(scheme) if !SCHEMES.iter().any(|known| scheme.eq_ignore_ascii_case(known)) => None,
        Some(scheme) if scheme[..1].eq_ignore_ascii_case("h") => {
            let host = text[scheme.len() + 1..].strip_prefix("//")?;
            (!host.is_empty() && !host.starts_with('/')).then_some(text)
        }
        Some(scheme) => (text.len() > scheme.len() + 1).then_some(text),
    }
}

/// The address when it may be that of a picture.
pub(crate) fn picture(text: &str) -> Option<String> {
    let text = link(text)?;
    let fetched = scheme(&text).is_none_or(|scheme| scheme[..1].eq_ignore_ascii_case("h"));
    (fetched && !text.starts_with('#')).then_some(text)
}

/// The address as it is seen from outside the site: a mail has no page it stands on.
pub(crate) fn absolute(address: &str, site: &str) -> String {
    if scheme(address).is_some() || address.starts_with('#') {
        return address.to_owned();
    }
    if address.starts_with("//") {
        return format!("https:{address}");
    }
    match address.strip_prefix('/') {
        Some(path) => format!("{}/{path}", origin(site)),
        None => format!("{site}/{address}"),
    }
}

/// `https://host` of `https://host/path`.
pub(crate) fn origin(site: &str) -> &str {
    let host = site.find("://").map_or(0, |at| at + 3);
    let end = site[host..].find('/').map_or(site.len(), |at| host + at);
    &site[..end]
}

/// Without spaces around it, and with those inside encoded. One with control characters is none: browsers drop
/// some of them, and `java\nscript:` would come to life.
fn clean(text: &str) -> Option<String> {
    let text = text.trim();
    if text.is_empty() || text.chars().any(char::is_control) {
        return None;
    }
    let mut out = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            ' ' => out.push_str("%20"),
            '"' => out.push_str("%22"),
            '<' => out.push_str("%3C"),
            '>' => out.push_str("%3E"),
            '\\' => out.push_str("%5C"),
            other => out.push(other),
        }
    }
    Some(out)
}

/// What stands before the first colon, when no `/`, `?` or `#` comes before it (RFC 3986 4.2).
fn scheme(text: &str) -> Option<&str> {
    let at = text.find([':', '/', '?', '#'])?;
    text[at..].starts_with(':').then(|| &text[..at])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_addresses_that_do_no_harm_become_links() {
        for (typed, linked) in [
            ("https://a.example/x?y=1&z#t", Some("https://a.example/x?y=1&z#t")),
            (" http://a.example ", Some("http://a.example")),
            ("HTTPS://a.example", Some("HTTPS://a.example")),
            ("mailto:ada@a.example", Some("mailto:ada@a.example")),
            ("tel:+33100000000", Some("tel:+33100000000")),
            ("/archive", Some("/archive")),
            ("#notes", Some("#notes")),
            ("?page=2", Some("?page=2")),
            ("a/b:c", Some("a/b:c")),
            ("https://a.example/a b", Some("https://a.example/a%20b")),
            ("https://a.example/\"x", Some("https://a.example/%22x")),
            ("javascript:alert(1)", None),
            ("JavaScript:alert(1)", None),
            ("java\nscript:alert(1)", None),
            ("\u{1}javascript:alert(1)", None),
            ("data:text/html,<b>", None),
            ("vbscript:x", None),
            ("https:", None),
            ("https://", None),
            ("https:evil", None),
            ("mailto:", None),
            (":x", None),
            ("", None),
        ] {
            assert_eq!(link(typed).as_deref(), linked, "{typed:?}");
        }
        assert_eq!(picture("mailto:a@b.example"), None);
        assert_eq!(picture("/x.png").as_deref(), Some("/x.png"));
    }

    #[test]
    fn a_mail_needs_whole_addresses() {
        for (typed, whole) in [
            ("/x", "https://a.example/x"),
            ("x", "https://a.example/gazette/x"),
            ("//b.example/x", "https://b.example/x"),
            ("https://b.example/x", "https://b.example/x"),
            ("#x", "#x"),
        ] {
            assert_eq!(absolute(typed, "https://a.example/gazette"), whole);
        }
        assert_eq!(origin("https://a.example:8080/x/y"), "https://a.example:8080");
        assert_eq!(origin("https://a.example"), "https://a.example");
    }
}
