//! Bytes to text, and the transfer encodings before that.

use std::borrow::Cow;

use encoding_rs::{Encoding, UTF_8, WINDOWS_1252};

/// Text of a named charset. UTF-8 wins where the bytes are UTF-8, whatever was named: many gateways name nothing or
/// US-ASCII. No byte is refused.
pub fn text(bytes: &[u8], label: Option<&str>) -> String {
    let named = label.and_then(|label| Encoding::for_label(label.trim().trim_matches('"').as_bytes()));
    // ISO-2022-JP is 7-bit: its bytes are valid UTF-8 too.
    let escapes = bytes.windows(2).any(|pair| pair[0] == 0x1b && matches!(pair[1], b'$' | b'('));
    if escapes {
        return encoding_rs::ISO_2022_JP.decode_without_bom_handling(bytes).0.into_owned();
    }
    match named {
        Some(encoding) if encoding == encoding_rs::UTF_16LE || encoding == encoding_rs::UTF_16BE => {
            encoding.decode(bytes).0.into_owned()
        }
        _ => match std::str::from_utf8(bytes) {
            Ok(text) => text.trim_start_matches('\u{feff}').to_owned(),
            Err(_) => match named {
                Some(encoding) if encoding != UTF_8 => {
                    encoding.decode_without_bom_handling(bytes).0.into_owned()
                }
                _ => unnamed(bytes),
            },
        },
    }
}

/// No charset, and not UTF-8: what is most likely there. Half-broken UTF-8 stays UTF-8.
fn unnamed(bytes: &[u8]) -> String {
    let lossy = String::from_utf8_lossy(bytes);
    let broken = lossy.matches('\u{fffd}').count();
    let others = lossy.chars().filter(|letter| !letter.is_ascii() && *letter != '\u{fffd}').count();
    if others > broken * 2 {
        return lossy.into_owned();
    }
    for encoding in [encoding_rs::SHIFT_JIS, encoding_rs::GBK, encoding_rs::EUC_JP] {
        let (text, faults) = encoding.decode_without_bom_handling(bytes);
        let kana_or_han = text.chars().filter(|letter| ('\u{3040}'..='\u{9fff}').contains(letter)).count();
        let foreign = text.chars().filter(|letter| !letter.is_ascii()).count();
        if !faults && kana_or_han > 4 && kana_or_han * 10 >= foreign * 8 {
            return text.into_owned();
        }
    }
    WINDOWS_1252.decode_without_bom_handling(bytes).0.into_owned()
}

/// RFC 2045 6.8; what is no base64 is skipped.
pub fn base64(bytes: &[u8]) -> Vec<u8> {
    let mut plain = Vec::with_capacity(bytes.len() / 4 * 3);
    let (mut bits, mut count) = (0_u32, 0_u8);
    for byte in bytes {
        let value = match byte {
            b'A'..=b'Z' => byte - b'A',
            b'a'..=b'z' => byte - b'a' + 26,
            b'0'..=b'9' => byte - b'0' + 52,
            b'+' | b'-' => 62,
            b'/' | b'_' => 63,
            b'=' => {
                (bits, count) = (0, 0);
                continue;
            }
            _ => continue,
        };
        bits = bits << 6 | u32::from(value);
        count += 6;
        if count >= 8 {
            count -= 8;
            plain.push((bits >> count) as u8);
        }
    }
    plain
}

/// RFC 2045 6.7, and RFC 2047 4.2 for words in headers. A `=` that begins no code stays.
pub fn quoted_printable(bytes: &[u8], word: bool) -> Vec<u8> {
    let mut plain = Vec::with_capacity(bytes.len());
    let mut at = 0;
    while at < bytes.len() {
        match bytes[at] {
            b'_' if word => plain.push(b' '),
            b'=' => {
                let hex =
                    bytes.get(at + 1..at + 3).and_then(|pair| Some(digit(pair[0])? << 4 | digit(pair[1])?));
                if let Some(byte) = hex {
                    plain.push(byte);
                    at += 3;
                    continue;
                }
                let blank = bytes[at + 1..].iter().take_while(|byte| matches!(byte, b' ' | b'\t')).count();
                match bytes.get(at + 1 + blank..) {
                    Some([b'\r', b'\n', ..]) => at += blank + 2,
                    Some([b'\n', ..]) => at += blank + 1,
                    _ => plain.push(b'='),
                }
            }
            byte => plain.push(byte),
        }
        at += 1;
    }
    plain
}

fn digit(byte: u8) -> Option<u8> {
    char::from(byte).to_digit(16).map(|value| value as u8)
}

/// RFC 2047 words in a header's value; neighbours in the same charset are joined before they are decoded, because
/// senders cut letters in two.
pub fn words(value: &[u8]) -> String {
    let raw = text_of_header(value);
    if !raw.contains("=?") {
        return raw;
    }
    let mut plain = String::with_capacity(raw.len());
    let mut pending: Option<(String, Vec<u8>)> = None;
    let mut rest = raw.as_str();
    while let Some(start) = rest.find("=?") {
        let (before, from) = rest.split_at(start);
        let Some((charset, bytes, length)) = word(from) else {
            flush(&mut pending, &mut plain);
            plain.push_str(before);
            plain.push_str("=?");
            rest = &from[2..];
            continue;
        };
        // RFC 2047 6.2: white space between two words is not shown.
        let blank = before.chars().all(char::is_whitespace);
        if !(blank && pending.is_some()) {
            flush(&mut pending, &mut plain);
            plain.push_str(before);
        }
        match &mut pending {
            Some((known, joined)) if known.eq_ignore_ascii_case(&charset) => joined.extend(bytes),
            _ => {
                flush(&mut pending, &mut plain);
                pending = Some((charset, bytes));
            }
        }
        rest = &from[length..];
    }
    flush(&mut pending, &mut plain);
    plain.push_str(rest);
    plain
}

fn flush(pending: &mut Option<(String, Vec<u8>)>, plain: &mut String) {
    if let Some((charset, bytes)) = pending.take() {
        plain.push_str(&text(&bytes, Some(&charset)));
    }
}

fn word(from: &str) -> Option<(String, Vec<u8>, usize)> {
    let mut pieces = from[2..].splitn(3, '?');
    let (charset, encoding, rest) = (pieces.next()?, pieces.next()?, pieces.next()?);
    let end = rest.find("?=")?;
    let body = &rest[..end];
    if charset.is_empty() || charset.len() > 40 || charset.contains(char::is_whitespace) {
        return None;
    }
    let bytes = match encoding {
        "B" | "b" => base64(body.as_bytes()),
        "Q" | "q" => quoted_printable(body.as_bytes(), true),
        _ => return None,
    };
    // RFC 2231 5: a language may follow the charset.
    let charset_only = charset.split('*').next().unwrap_or(charset);
    let length = 2 + charset.len() + 1 + encoding.len() + 1 + end + 2;
    Some((charset_only.to_owned(), bytes, length))
}

fn text_of_header(value: &[u8]) -> String {
    match std::str::from_utf8(value) {
        Ok(text) if !text.contains('\u{1b}') => Cow::Borrowed(text),
        _ => Cow::Owned(text(value, None)),
    }
    .into_owned()
}
