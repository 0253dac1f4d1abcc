//! The codes of RFC 5321 and RFC 3463 as they stand in a text.

/// A code of RFC 3463: class, subject, detail.
pub type Enhanced = (u8, u16, u16);

/// The codes that a server's words carry: the basic one, and the enhanced one that stands right after it if any
/// does. A gateway's own code before the server's words, as in `#5.0.0 smtp; 550 5.1.1 …`, is not the server's.
pub fn codes_in(text: &str) -> (Option<u16>, Option<Enhanced>) {
    let bytes = text.as_bytes();
    let (mut basic, mut enhanced) = (None, None);
    let mut at = 0;
    while at < bytes.len() {
        if !bytes[at].is_ascii_digit() {
            at += 1;
            continue;
        }
        let free = at == 0
            || !(bytes[at - 1].is_ascii_alphanumeric() || matches!(bytes[at - 1], b'.' | b'@' | b'_'));
        let end = at + bytes[at..].iter().take_while(|byte| byte.is_ascii_digit() || **byte == b'.').count();
        if free {
            if let Some((found, length)) = enhanced_at(&bytes[at..]) {
                let after_basic = basic.is_some_and(|(_, close)| at - close <= 3);
                if enhanced.is_none() || (after_basic && !matches!(enhanced, Some((_, true)))) {
                    enhanced = Some((found, after_basic));
                }
                at += length;
                continue;
            }
            if basic.is_none() && end - at == 3 {
                basic = basic_at(&bytes[at..]).map(|code| (code, end));
            }
        }
        at = end.max(at + 1);
    }
    (basic.map(|(code, _)| code), enhanced.map(|(code, _)| code))
}

/// `5.1.1` and nothing longer: no piece of an IP address or a version.
fn enhanced_at(bytes: &[u8]) -> Option<(Enhanced, usize)> {
    let class = match bytes.first()? {
        b'2' => 2,
        b'4' => 4,
        b'5' => 5,
        _ => return None,
    };
    let mut at = 1;
    let mut number = || {
        if bytes.get(at) != Some(&b'.') {
            return None;
        }
        let digits = bytes[at + 1..].iter().take_while(|byte| byte.is_ascii_digit()).count();
        let text = std::str::from_utf8(bytes.get(at + 1..at + 1 + digits)?).ok()?;
        at += 1 + digits;
        // RFC 3463 2: up to three digits each.
        (1..=3).contains(&digits).then(|| text.parse::<u16>().ok()).flatten()
    };
    let (subject, detail) = (number()?, number()?);
    let more = bytes.get(at) == Some(&b'.') && bytes.get(at + 1).is_some_and(u8::is_ascii_digit);
    let joined = bytes.get(at).is_some_and(|byte| byte.is_ascii_alphabetic() || *byte == b'_');
    (!more && !joined && subject < 10).then_some(((class, subject, detail), at))
}

fn basic_at(bytes: &[u8]) -> Option<u16> {
    let code: u16 = std::str::from_utf8(bytes.get(..3)?).ok()?.parse().ok()?;
    let next = bytes.get(3).copied().unwrap_or(b' ');
    // RFC 5321 4.2: 4yz and 5yz, y up to 5; a few write 571.
    ((400..=459).contains(&code) || (500..=559).contains(&code) || (570..580).contains(&code))
        .then_some(code)
        .filter(|_| {
            matches!(next, b' ' | b'-' | b'\t' | b'\r' | b'\n' | b':' | b',' | b';' | b')' | b'#' | b'_')
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_found_where_servers_put_them() {
        for (text, basic, enhanced) in [
            ("smtp; 550 5.1.1 <a@b.example>... User unknown", Some(550), Some((5, 1, 1))),
            ("#5.0.0 smtp; 550 5.7.1 no", Some(550), Some((5, 7, 1))),
            ("<mx.example #5.1.1 SMTP; 550 no>", Some(550), Some((5, 1, 1))),
            ("550-5.2.2 full", Some(550), Some((5, 2, 2))),
            ("550 #5.1.0 Address rejected", Some(550), Some((5, 1, 0))),
            ("Microsoft SMTPSVC(5.0.2195.6713) 192.0.2.1 at 4.5.5.2", None, None),
            ("553 sorry (#5.7.1)", Some(553), Some((5, 7, 1))),
            ("port 5254, 5500 things, id 550x", None, None),
            ("554 5.7.515 Access denied", Some(554), Some((5, 7, 515))),
            ("", None, None),
        ] {
            assert_eq!(codes_in(text), (basic, enhanced), "{text}");
        }
    }
}
