//! Several mails in one file.

/// The mails of a file: one, or as many as an mbox (RFC 4155) holds.
pub fn mails(bytes: &[u8]) -> Vec<&[u8]> {
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    let start = bytes.iter().position(|byte| !byte.is_ascii_whitespace()).unwrap_or(bytes.len());
    let bytes = &bytes[start..];
    if !bytes.starts_with(b"From ") {
        return vec![bytes];
    }
    let (mut found, mut from, mut at, mut empty) = (Vec::new(), None, 0, true);
    while at < bytes.len() {
        let end =
            bytes[at..].iter().position(|byte| *byte == b'\n').map_or(bytes.len(), |length| at + length + 1);
        let line = bytes[at..end].trim_ascii_end();
        if empty && separates(line) {
            found.extend(from.map(|from| &bytes[from..at]));
            from = Some(end);
        }
        empty = line.is_empty();
        at = end;
    }
    // The first line may have no date; it begins a mail all the same.
    found.push(&bytes[from.unwrap_or_default()..]);
    found
}

/// `From ada@b.example Mon Nov 16 08:30:00 2026`: a line with a time of day and a year, which prose has not.
fn separates(line: &[u8]) -> bool {
    let Ok(text) = std::str::from_utf8(line) else { return false };
    let Some(rest) = text.strip_prefix("From ") else { return false };
    let words: Vec<&str> = rest.split_whitespace().collect();
    let year = words.iter().any(|word| word.len() == 4 && word.bytes().all(|byte| byte.is_ascii_digit()));
    let time = words
        .iter()
        .any(|word| word.len() >= 5 && word.as_bytes()[2] == b':' && word.as_bytes()[0].is_ascii_digit());
    (4..12).contains(&words.len()) && year && time
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_mbox_is_split_where_mails_begin_and_nowhere_else() {
        let file = b"From MAILER-DAEMON Mon Nov 16 08:30:00 2026\nSubject: a\n\nx\nFrom here on, 12:30 is 2026 in prose\n\n\
            From b@c.example Mon Nov 16 08:30:00 +0100 2026\nSubject: b\n\ny\n";
        let mails = mails(file);
        assert_eq!(mails.len(), 2);
        assert!(mails[0].starts_with(b"Subject: a") && mails[1].starts_with(b"Subject: b"));
        assert_eq!(super::mails(b"\n\nSubject: a\n\nFrom x Mon Nov 16 08:30:00 2026\n").len(), 1);
        assert_eq!(super::mails(b"").len(), 1);
        assert_eq!(super::mails(b"From ").len(), 1);
    }
}
