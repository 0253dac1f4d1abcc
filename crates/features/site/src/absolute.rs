//! Addresses of an article as they are seen from elsewhere: in a feed there is no page to start from.

/// The attributes that hold an address, in what `letter::web` writes.
const ADDRESSES: [&str; 4] = ["href", "src", "cite", "poster"];

/// Where an article stands.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Base<'a> {
    /// `https://host`, without a slash at the end.
    pub(crate) origin: &'a str,
    /// The publication's site, without a slash at the end.
    pub(crate) site: &'a str,
    /// The article's own page.
    pub(crate) page: &'a str,
}

/// The article with whole addresses. It is our own markup: text has no bare `<`, values stand in double quotes.
pub(crate) fn absolute(html: &str, base: Base<'_>) -> String {
    let mut out = String::with_capacity(html.len() + html.len() / 16);
    let mut rest = html;
    while let Some(open) = rest.find('<') {
        out.push_str(&rest[..open]);
        rest = tag(&rest[open..], base, &mut out);
    }
    out.push_str(rest);
    out
}

/// Copies one tag, its addresses made whole; returns what comes after it.
fn tag<'a>(html: &'a str, base: Base<'_>, out: &mut String) -> &'a str {
    let mut rest = html;
    while let Some(at) = rest.find(['"', '>']) {
        let (before, after) = rest.split_at(at);
        out.push_str(before);
        if let Some(rest) = after.strip_prefix('>') {
            out.push('>');
            return rest;
        }
        let value = &after[1..];
        let end = value.find('"').unwrap_or(value.len());
        let name = before.trim_end_matches('=').rsplit(' ').next().unwrap_or_default();
        out.push('"');
        if ADDRESSES.contains(&name) {
            out.push_str(&whole(&value[..end], base));
        } else {
            out.push_str(&value[..end]);
        }
        out.push('"');
        rest = value.get(end + 1..).unwrap_or_default();
    }
    out.push_str(rest);
    ""
}

/// One address made whole.
pub(crate) fn whole(address: &str, base: Base<'_>) -> String {
    let end = address.find([':', '/', '?', '#']).unwrap_or(address.len());
    if address[end..].starts_with(':') {
        address.to_owned()
    } else if address.starts_with("//") {
        format!("https:{address}")
    } else if address.starts_with('/') {
        format!("{}{address}", base.origin)
    } else if address.starts_with('#') {
        format!("{}{address}", base.page)
    } else {
        format!("{}/{address}", base.site)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_address_of_a_feed_can_be_followed_from_anywhere() {
        let base =
            Base { origin: "https://h.example", site: "https://h.example/g", page: "https://h.example/g/e" };
        for (written, expected) in [
            (r#"<a href="/archive">x</a>"#, r#"<a href="https://h.example/archive">x</a>"#),
            (
                r##"<a class="note" href="#n1">1</a>"##,
                r#"<a class="note" href="https://h.example/g/e#n1">1</a>"#,
            ),
            (
                r#"<img src="banc.png" alt="src=&quot;/x&quot;">"#,
                r#"<img src="https://h.example/g/banc.png" alt="src=&quot;/x&quot;">"#,
            ),
            (r#"<a href="mailto:a@b.example">a</a>"#, r#"<a href="mailto:a@b.example">a</a>"#),
            (r#"<a href="https://x.example/?a=/b">a</a>"#, r#"<a href="https://x.example/?a=/b">a</a>"#),
            (r#"<a href="//x.example/a">a</a>"#, r#"<a href="https://x.example/a">a</a>"#),
            (r#"<code>href="/x"</code>"#, r#"<code>href="/x"</code>"#),
            (r#"<img alt="a > b" src="/b">"#, r#"<img alt="a > b" src="https://h.example/b">"#),
            ("<p>é</p>", "<p>é</p>"),
            ("<a href=\"/cut", "<a href=\"https://h.example/cut\""),
        ] {
            assert_eq!(absolute(written, base), expected);
        }
    }
}
