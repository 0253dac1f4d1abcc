//! A saved mail, and the mails that are attached to it.

use std::borrow::Cow;

use mail_parser::{HeaderName, Message, MessageParser, MimeHeaders, PartType};

/// Mails within mails that are looked into.
const DEEPEST: usize = 4;
/// Mails that are looked at in all.
const MOST: usize = 50;

/// One mail, decoded.
#[derive(Debug)]
pub(super) struct Copy {
    /// Its bytes, for the signature.
    pub raw: Vec<u8>,
    /// Whether it was inside another.
    pub forwarded: bool,
    pub from: Option<String>,
    pub reply_to: Option<String>,
    pub subject: String,
    /// Without brackets.
    pub message_id: Option<String>,
    /// What stands in the brackets.
    pub list_id: Option<String>,
    pub list_unsubscribe: Option<String>,
    pub text: Vec<String>,
    pub html: Vec<String>,
    /// Parts that are neither, by name or type.
    pub others: Vec<String>,
}

/// The mail in a file and those attached to it, the outermost first. Nothing where there is none.
pub(super) fn read(file: &[u8]) -> Vec<Copy> {
    let mut copies = Vec::new();
    open(bare(file), 0, &mut copies);
    copies
}

/// Without what some programs write before the first field: a byte order mark, the line of an mbox, empty lines.
fn bare(file: &[u8]) -> &[u8] {
    let file = file.strip_prefix(b"\xef\xbb\xbf").unwrap_or(file).trim_ascii_start();
    match file.strip_prefix(b"From ") {
        Some(rest) => rest.iter().position(|byte| *byte == b'\n').map_or(file, |end| &rest[end + 1..]),
        None => file,
    }
}

fn open(raw: &[u8], depth: usize, copies: &mut Vec<Copy>) {
    let Some(message) = MessageParser::default().parse(raw) else { return };
    let mut copy = head(&message, raw, depth > 0);
    // The parser takes any text for a mail; one has at least a field that people see.
    let is_mail = copy.from.is_some() || copy.message_id.is_some() || !copy.subject.is_empty();
    if copies.len() >= MOST || !is_mail {
        return;
    }
    let mut inside: Vec<Cow<'_, [u8]>> = Vec::new();
    for part in &message.parts {
        let is_file = part.content_disposition().is_some_and(|disposition| disposition.is_attachment());
        let kind = part
            .content_type()
            .map(|kind| format!("{}/{}", kind.ctype(), kind.subtype().unwrap_or("*")).to_ascii_lowercase());
        match &part.body {
            PartType::Multipart(_) => continue,
            PartType::Text(text) if !is_file && kind.as_deref().is_none_or(|kind| kind == "text/plain") => {
                copy.text.push(text.to_string());
                continue;
            }
            PartType::Html(html) if !is_file => {
                copy.html.push(html.to_string());
                continue;
            }
            PartType::Message(nested) => {
                let (from, to) = (part.offset_body as usize, part.offset_end as usize);
                // An encoded one was decoded into a buffer of its own; any other stands in ours.
                match part.encoding {
                    mail_parser::Encoding::None => inside.extend(raw.get(from..to).map(Cow::Borrowed)),
                    _ => inside.push(Cow::Owned(nested.raw_message.to_vec())),
                }
            }
            PartType::Binary(bytes) | PartType::InlineBinary(bytes) => {
                if part.attachment_name().is_some_and(|name| name.to_ascii_lowercase().ends_with(".eml")) {
                    inside.push(Cow::Borrowed(bytes.as_ref()));
                }
            }
            PartType::Text(text) | PartType::Html(text) => {
                if part.attachment_name().is_some_and(|name| name.to_ascii_lowercase().ends_with(".eml")) {
                    inside.push(Cow::Borrowed(text.as_bytes()));
                }
            }
        }
        let name = part.attachment_name().map(str::to_owned).or(kind);
        copy.others.push(name.unwrap_or_else(|| "a part without a type".to_owned()));
    }
    copies.push(copy);
    if depth < DEEPEST {
        for raw in &inside {
            open(bare(raw), depth + 1, copies);
        }
    }
}

fn head(message: &Message<'_>, raw: &[u8], forwarded: bool) -> Copy {
    let first = |address: Option<&mail_parser::Address<'_>>| {
        address.and_then(|all| all.first()).and_then(|one| one.address.as_deref().map(str::to_owned))
    };
    let field = |name: &'static str| message.header_raw(HeaderName::Other(name.into())).map(str::to_owned);
    let list_id = message.header_raw("List-Id").map(str::to_owned).or_else(|| field("List-Id"));
    Copy {
        raw: raw.to_vec(),
        forwarded,
        from: first(message.from()),
        reply_to: first(message.reply_to()),
        subject: message.subject().unwrap_or_default().to_owned(),
        message_id: message.message_id().map(str::to_owned),
        list_id: list_id.and_then(|id| {
            let id = id.rsplit_once('<').map_or(id.as_str(), |(_, id)| id);
            let id = id.split('>').next().unwrap_or_default().trim();
            (!id.is_empty()).then(|| id.to_ascii_lowercase())
        }),
        list_unsubscribe: message
            .header_raw("List-Unsubscribe")
            .map(|field| field.split_whitespace().collect::<String>()),
        text: Vec::new(),
        html: Vec::new(),
        others: Vec::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const INNER: &str = "From: Ada <ada@letters.example>\r\nReply-To: b@letters.example\r\nSubject: =?utf-8?q?d=C3=A9j=C3=A0?=\r\n\
        Message-ID: <abc@letters.example>\r\nList-Id: La Gazette <Gazette.letters.example>\r\n\
        List-Unsubscribe: <https://letters.example/r/unsubscribe/AQ>,\r\n <mailto:u@x.example>\r\n\
        MIME-Version: 1.0\r\nContent-Type: multipart/alternative; boundary=\"=_b\"\r\n\r\n\
        --=_b\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\nd=C3=A9=\r\nj=C3=A0\r\n\
        --=_b\r\nContent-Type: text/html; charset=utf-8\r\nContent-Transfer-Encoding: base64\r\n\r\nPHA+PC9wPg==\r\n--=_b--\r\n";

    fn is_the_inner(copy: &Copy) {
        assert_eq!(copy.from.as_deref(), Some("ada@letters.example"));
        assert_eq!(copy.reply_to.as_deref(), Some("b@letters.example"));
        assert_eq!(copy.subject, "déjà");
        assert_eq!(copy.message_id.as_deref(), Some("abc@letters.example"));
        assert_eq!(copy.list_id.as_deref(), Some("gazette.letters.example"));
        assert!(
            copy.list_unsubscribe
                .as_deref()
                .unwrap()
                .starts_with("<https://letters.example/r/unsubscribe/AQ>,")
        );
        assert_eq!(copy.text.concat().trim_end(), "déjà");
        assert_eq!(copy.html, ["<p></p>"]);
        assert_eq!(copy.others, Vec::<String>::new());
    }

    #[test]
    fn a_mail_is_read_whatever_its_encodings_and_line_ends_are() {
        for file in [
            INNER.to_owned(),
            INNER.replace("\r\n", "\n"),
            format!("\u{feff}{INNER}"),
            format!("From ada Mon Nov 23\n{INNER}"),
        ] {
            let copies = read(file.as_bytes());
            assert_eq!(copies.len(), 1, "{copies:?}");
            is_the_inner(&copies[0]);
        }
        for nothing in ["", "\n\n", "just words, no mail"] {
            assert!(read(nothing.as_bytes()).is_empty(), "{nothing:?}");
        }
    }

    #[test]
    fn a_mail_attached_to_another_is_found_as_such_or_as_a_file() {
        let wrap = |head: &str, body: &str| {
            format!(
                "From: eve@x.example\r\nSubject: Fwd\r\nMIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=out\r\n\r\n\
                 --out\r\nContent-Type: text/plain\r\n\r\nlook\r\n--out\r\n{head}\r\n\r\n{body}\r\n--out--\r\n"
            )
        };
        let encoded: String = super::super::entry::base64(INNER.as_bytes())
            .as_bytes()
            .chunks(76)
            .map(|line| format!("{}\r\n", String::from_utf8_lossy(line)))
            .collect();
        for file in [
            wrap("Content-Type: message/rfc822\r\nContent-Disposition: attachment", INNER),
            wrap("Content-Type: message/rfc822\r\nContent-Transfer-Encoding: base64", &encoded),
            wrap(
                "Content-Type: application/octet-stream; name=\"letter.eml\"\r\nContent-Transfer-Encoding: base64",
                &encoded,
            ),
        ] {
            let copies = read(file.as_bytes());
            assert_eq!(copies.len(), 2, "{copies:?}");
            assert_eq!((copies[0].forwarded, copies[1].forwarded), (false, true));
            assert_eq!(copies[0].others.len(), 1, "{:?}", copies[0].others);
            is_the_inner(&copies[1]);
        }
    }
}
