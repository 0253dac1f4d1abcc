//! Making text harmless where it stands.

use crate::template::Escape;

/// Appends text for HTML, between tags or inside an attribute in double quotes. Control characters other than line ends and tabs say nothing to a reader and are spaces.
pub(crate) fn push_html(text: &str, out: &mut String) {
    for letter in text.chars() {
        match letter {
            '\n' | '\t' => out.push(letter),
            letter if letter.is_control() => out.push(' '),
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            other => out.push(other),
        }
    }
}

/// Whether a value says nothing.
pub(crate) fn is_blank(value: &str) -> bool {
    value.chars().all(|letter| letter.is_whitespace() || letter.is_control())
}

/// Hands a value over in escaped pieces. Control characters, line ends among them, become spaces: a value never
/// begins a line, a header or a part of its own.
pub(crate) fn escaped(value: &str, escape: Escape, mut put: impl FnMut(&[u8])) {
    for letter in value.chars() {
        let letter =
            if letter.is_control() || matches!(letter, '\u{2028}' | '\u{2029}') { ' ' } else { letter };
        let mut buffer = [0; 4];
        let bytes = letter.encode_utf8(&mut buffer).as_bytes();
        match (escape, letter) {
            (Escape::Html, '&') => put(b"&amp;"),
            (Escape::Html, '<') => put(b"&lt;"),
            (Escape::Html, '>') => put(b"&gt;"),
            (Escape::Html, '"') => put(b"&quot;"),
            (Escape::Html, '\'') => put(b"&#39;"),
            (Escape::None | Escape::Html, _) => put(bytes),
            (Escape::Url, _) => {
                for byte in bytes {
                    percent(*byte, &mut put);
                }
            }
        }
    }
}

// RFC 3986 2.3: only unreserved characters stand for themselves everywhere in an address.
fn percent(byte: u8, put: &mut impl FnMut(&[u8])) {
    const HEX: &[u8; 16] = b"0123456789ABCDEF";
    if byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_' | b'~') {
        put(&[byte]);
    } else {
        put(&[b'%', HEX[usize::from(byte >> 4)], HEX[usize::from(byte & 15)]]);
    }
}

/// A text as a part of an address.
pub(crate) fn url(text: &str) -> String {
    let mut out = Vec::with_capacity(text.len());
    escaped(text, Escape::Url, |bytes| out.extend_from_slice(bytes));
    // Only ASCII was put.
    String::from_utf8(out).unwrap_or_default()
}
