//! Macros in the domains of a record (RFC 7208 7).

use core::net::IpAddr;

/// RFC 7208 7.3: an expanded name longer than this loses labels on the left.
const NAME_MAX: usize = 253;

/// What macros stand for.
pub(super) struct Values<'a> {
    pub(super) sender: &'a str,
    pub(super) domain: &'a str,
    pub(super) helo: &'a str,
    pub(super) address: IpAddr,
}

/// A piece of a text with macros.
enum Piece<'a> {
    Text(&'a str),
    Macro { letter: char, last: usize, reversed: bool, delimiters: &'a str },
}

/// Whether the macros of a text are well formed, and of the letters that stand outside explanations (7.1).
pub(super) fn is_sound(text: &str) -> bool {
    text.bytes().all(|byte| byte.is_ascii_graphic()) && pieces(text).is_some()
}

/// The text with its macros filled in; none where it is not sound.
pub(super) fn expand(text: &str, values: &Values<'_>) -> Option<String> {
    let mut out = String::new();
    for piece in pieces(text)? {
        match piece {
            Piece::Text(text) => out.push_str(text),
            Piece::Macro { letter, last, reversed, delimiters } => {
                let value = value(letter.to_ascii_lowercase(), values);
                let delimiters = if delimiters.is_empty() { "." } else { delimiters };
                let mut parts: Vec<&str> = value.split(|letter| delimiters.contains(letter)).collect();
                if reversed {
                    parts.reverse();
                }
                let kept = if last == 0 { 0 } else { parts.len().saturating_sub(last) };
                let filled = parts[kept..].join(".");
                if letter.is_ascii_uppercase() { escape(&filled, &mut out) } else { out.push_str(&filled) }
            }
        }
    }
    let mut name = out.trim_end_matches('.');
    while name.len() > NAME_MAX {
        name = name.split_once('.')?.1;
    }
    Some(name.to_ascii_lowercase())
}

fn value(letter: char, values: &Values<'_>) -> String {
    let (local, sender_domain) = values.sender.rsplit_once('@').unwrap_or(("postmaster", values.sender));
    match letter {
        's' => values.sender.to_owned(),
        'l' => local.to_owned(),
        'o' => sender_domain.to_owned(),
        'd' => values.domain.to_owned(),
        'h' => values.helo.to_owned(),
        'i' => dotted(values.address),
        'v' if values.address.is_ipv4() => "in-addr".to_owned(),
        'v' => "ip6".to_owned(),
        // 7.2: the validated name is not to be used; "unknown" is what it is without one.
        _ => "unknown".to_owned(),
    }
}

/// 7.3: IPv6 addresses as single nibbles with dots.
fn dotted(address: IpAddr) -> String {
    match address {
        IpAddr::V4(address) => address.to_string(),
        IpAddr::V6(address) => {
            let nibbles = address.octets().into_iter().flat_map(|octet| [octet >> 4, octet & 15]);
            nibbles.map(|nibble| format!("{nibble:x}")).collect::<Vec<_>>().join(".")
        }
    }
}

/// 7.3: upper-case letters ask for the escapes of a URL.
fn escape(text: &str, out: &mut String) {
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            out.push(char::from(byte));
        } else {
            out.push_str(&format!("%{byte:02X}"));
        }
    }
}

fn pieces(text: &str) -> Option<Vec<Piece<'_>>> {
    let mut pieces = Vec::new();
    let mut rest = text;
    while let Some(at) = rest.find('%') {
        if at > 0 {
            pieces.push(Piece::Text(&rest[..at]));
        }
        let after = &rest[at + 1..];
        let (piece, length) = match after.as_bytes().first()? {
            b'%' => (Piece::Text("%"), 1),
            b'_' => (Piece::Text(" "), 1),
            b'-' => (Piece::Text("%20"), 1),
            b'{' => {
                let end = after.find('}')?;
                (a_macro(&after[1..end])?, end + 1)
            }
            _ => return None,
        };
        pieces.push(piece);
        rest = &after[length..];
    }
    if !rest.is_empty() {
        pieces.push(Piece::Text(rest));
    }
    Some(pieces)
}

fn a_macro(text: &str) -> Option<Piece<'_>> {
    let letter = text.chars().next().filter(|letter| "slodiphvSLODIPHV".contains(*letter))?;
    let rest = &text[1..];
    let digits = rest.len() - rest.trim_start_matches(|letter: char| letter.is_ascii_digit()).len();
    let (digits, rest) = rest.split_at(digits);
    let last = match digits {
        "" => 0,
        // 7.1: zero makes no sense.
        _ => digits.parse::<usize>().ok().filter(|last| *last > 0)?,
    };
    let delimiters = rest.strip_prefix(['r', 'R']);
    let (reversed, delimiters) = (delimiters.is_some(), delimiters.unwrap_or(rest));
    let known = delimiters.chars().all(|letter| ".-+,/_=".contains(letter));
    known.then_some(Piece::Macro { letter, last, reversed, delimiters })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_examples_of_the_standard_expand_as_it_says() {
        let check = |address: &str, text: &str, expected: &str| {
            let values = Values {
                sender: "strong-bad@email.example.com",
                domain: "email.example.com",
                helo: "mx.example.org",
                address: address.parse().unwrap(),
            };
            assert_eq!(expand(text, &values).as_deref(), Some(expected), "{text}");
        };
        for (text, expected) in [
            ("%{s}", "strong-bad@email.example.com"),
            ("%{o}", "email.example.com"),
            ("%{d4}", "email.example.com"),
            ("%{d3}", "email.example.com"),
            ("%{d2}", "example.com"),
            ("%{d1}", "com"),
            ("%{dr}", "com.example.email"),
            ("%{d2r}", "example.email"),
            ("%{l}", "strong-bad"),
            ("%{l-}", "strong.bad"),
            ("%{lr}", "strong-bad"),
            ("%{lr-}", "bad.strong"),
            ("%{l1r-}", "strong"),
            ("%{ir}.%{v}._spf.%{d2}", "3.2.0.192.in-addr._spf.example.com"),
            ("%{lr-}.lp._spf.%{d2}", "bad.strong.lp._spf.example.com"),
            ("%{h}", "mx.example.org"),
            ("%%%_%-x", "% %20x"),
        ] {
            check("192.0.2.3", text, expected);
        }
        check(
            "2001:db8::cb01",
            "%{ir}.%{v}._spf.%{d2}",
            "1.0.b.c.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.8.b.d.0.1.0.0.2.ip6._spf.example.com",
        );
        let long = format!("{}.example.com", vec!["abcdefghi"; 30].join("."));
        let values = Values { sender: "", domain: "", helo: "", address: "::1".parse().unwrap() };
        let cut = expand(&long, &values).unwrap();
        assert!(cut.len() <= NAME_MAX && cut.ends_with(".example.com") && cut.starts_with("abcdefghi."));
    }
}
