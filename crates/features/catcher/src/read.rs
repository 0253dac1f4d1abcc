//! Taking a mail apart for the eye.

use mail_parser::{MessageParser, PartType};

/// A mail in the parts that are shown.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Letter {
    /// Its HTML, decoded; none in a mail of text only.
    pub html: Option<String>,
    /// Its text, decoded; none in a mail of HTML only.
    pub text: Option<String>,
    /// Its header, name and value with the folds taken out, in order.
    pub headers: Vec<(String, String)>,
    /// All of it as it came.
    pub source: String,
}

/// Reads a mail. What cannot be understood is left out; the source is always there.
pub fn read(message: &[u8]) -> Letter {
    let source = String::from_utf8_lossy(message).into_owned();
    let Some(mail) = MessageParser::default().parse(message) else {
        return Letter { source, ..Letter::default() };
    };
    let mut letter = Letter { source, ..Letter::default() };
    // The bodies that mail-parser offers are made of one another where one is missing; only real parts are shown.
    for part in &mail.parts {
        match &part.body {
            PartType::Html(html) if letter.html.is_none() => letter.html = Some(html.to_string()),
            PartType::Text(text) if letter.text.is_none() => letter.text = Some(text.to_string()),
            _ => {}
        }
    }
    letter.headers = mail.headers_raw().map(|(name, value)| (name.to_owned(), unfolded(value))).collect();
    letter
}

/// RFC 5322 2.2.3: a line end before a space belongs to the fold, not to the value.
fn unfolded(value: &str) -> String {
    value.replace(['\r', '\n'], "").trim().to_owned()
}

/// The HTML with its links opening beside the desk: the frame it is shown in may not go anywhere itself.
pub(crate) fn framed(html: &str) -> String {
    const BASE: &str = r#"<base target="_blank">"#;
    let lower = html.to_ascii_lowercase();
    let after = |tag: &str| {
        let start = lower.find(tag)?;
        let rest = lower[start + tag.len()..].chars().next()?;
        // `<header` is not `<head`.
        (rest == '>' || rest.is_whitespace()).then_some(())?;
        Some(start + lower[start..].find('>')? + 1)
    };
    let place = after("<head").or_else(|| after("<html")).or_else(|| after("<!doctype")).unwrap_or(0);
    format!("{}{BASE}{}", &html[..place], &html[place..])
}

#[cfg(test)]
mod tests {
    use super::*;

    const MAIL: &str = "From: Ada <ada@a.example>\r\nSubject: =?utf-8?Q?L=27=C3=A9t=C3=A9?=\r\nX-Long: one\r\n two\r\n\
        MIME-Version: 1.0\r\nContent-Type: multipart/alternative; boundary=b\r\n\r\n--b\r\n\
        Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n\
        l'=C3=A9t=C3=A9\r\n--b\r\nContent-Type: text/html; charset=utf-8\r\n\r\n<p>l'été</p>\r\n--b--\r\n";

    #[test]
    fn a_mail_is_taken_apart() {
        let letter = read(MAIL.as_bytes());
        assert_eq!(letter.text.as_deref().map(str::trim), Some("l'été"));
        assert_eq!(letter.html.as_deref().map(str::trim), Some("<p>l'été</p>"));
        assert_eq!(letter.headers[2], ("X-Long".to_owned(), "one two".to_owned()));
        assert!(letter.source.starts_with("From: Ada"));
    }

    #[test]
    fn bytes_that_are_no_mail_are_shown_as_they_are() {
        let letter = read(b"\xff\xfe");
        assert_eq!((letter.html, letter.source.is_empty()), (None, false));
    }

    #[test]
    fn links_of_a_letter_open_beside_the_desk() {
        for (html, shown) in [
            (
                "<!doctype html><html><HEAD lang=fr><title>",
                "<!doctype html><html><HEAD lang=fr><base target=\"_blank\"><title>",
            ),
            ("<!doctype html><html><header>", "<!doctype html><html><base target=\"_blank\"><header>"),
            ("<!doctype html><p>é", "<!doctype html><base target=\"_blank\"><p>é"),
            ("<p>é", "<base target=\"_blank\"><p>é"),
        ] {
            assert_eq!(framed(html), shown);
        }
    }
}
