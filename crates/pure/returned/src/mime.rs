//! A mail taken into its parts (RFC 2045, 2046). Our own reader and no library's: what comes back is broken in every
//! way, and must be read all the same, without a panic and without endless nesting.

use crate::charset;
use crate::headers::{Headers, parameters};
use crate::html;

/// Deeper parts are left as they are.
const DEEPEST: usize = 12;
/// More parts are not looked at.
const MOST: usize = 500;
/// Of a text no more is decoded: nobody writes so much, and no server.
const LONGEST: usize = 1 << 20;

/// A part of a mail, or the mail itself.
#[derive(Debug)]
pub struct Part<'a> {
    /// Its fields.
    pub headers: Headers,
    /// Such as `text/plain`; lower case.
    pub kind: String,
    parameters: Vec<(String, String)>,
    disposition: String,
    raw: &'a [u8],
    /// The parts of a multipart. What is inside `message/rfc822` is not taken apart.
    pub parts: Vec<Part<'a>>,
}

impl<'a> Part<'a> {
    /// Takes a mail apart.
    pub fn read(bytes: &'a [u8]) -> Self {
        let mut left = MOST;
        Self::nested(bytes, 0, &mut left, "text/plain")
    }

    fn nested(bytes: &'a [u8], depth: usize, left: &mut usize, usual: &str) -> Self {
        let (headers, body) = Headers::read(bytes);
        let raw = &bytes[body.min(bytes.len())..];
        let (mut kind, parameters_found) = parameters(headers.get("content-type").unwrap_or(usual));
        if !kind.contains('/') {
            kind =
                if kind == "text" || kind.is_empty() { "text/plain".to_owned() } else { format!("{kind}/") };
        }
        let (disposition, more) = parameters(headers.get("content-disposition").unwrap_or_default());
        let mut part =
            Part { headers, kind, parameters: parameters_found, disposition, raw, parts: Vec::new() };
        part.parameters.extend(more);
        if part.kind.starts_with("multipart/") && depth < DEEPEST {
            let usual = if part.kind == "multipart/digest" { "message/rfc822" } else { "text/plain" };
            let boundary = part.parameter("boundary").map(|boundary| boundary.trim_end().to_owned());
            let boundary = boundary.filter(|boundary| !boundary.is_empty()).or_else(|| guessed_boundary(raw));
            for piece in boundary.map(|boundary| pieces(raw, boundary.as_bytes())).unwrap_or_default() {
                if *left == 0 {
                    break;
                }
                *left -= 1;
                part.parts.push(Self::nested(piece, depth + 1, left, usual));
            }
            // A multipart without parts is read as the text it is.
            if part.parts.is_empty() {
                part.kind = "text/plain".to_owned();
            }
        }
        part
    }

    /// A parameter of Content-Type or Content-Disposition.
    pub fn parameter(&self, name: &str) -> Option<&str> {
        self.parameters.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }

    /// The parts that hold something, in their order.
    pub fn leaves(&self) -> Vec<&Part<'a>> {
        let mut leaves = Vec::new();
        self.collect(&mut leaves);
        leaves
    }

    fn collect<'p>(&'p self, leaves: &mut Vec<&'p Part<'a>>) {
        if self.parts.is_empty() {
            leaves.push(self);
        }
        for part in &self.parts {
            part.collect(leaves);
        }
    }

    /// Text that is to be read, not a file.
    pub fn is_text(&self) -> bool {
        (self.kind == "text/plain" || self.kind == "text/html" || self.kind == "text/") && !self.is_file()
    }

    fn is_file(&self) -> bool {
        self.disposition == "attachment"
    }

    /// A file that hangs on the mail: anything but text, its own structure and its proofs.
    pub fn hangs_on(&self) -> bool {
        let proof =
            ["application/pkcs7-signature", "application/x-pkcs7-signature", "application/pgp-signature"];
        let text = self.kind.starts_with("text/") && !self.is_file() && self.parameter("filename").is_none();
        let card =
            self.kind == "application/pgp-keys" || self.kind == "text/vcard" || self.kind == "text/x-vcard";
        !text && !card && !proof.contains(&self.kind.as_str()) && !self.kind.starts_with("multipart/")
    }

    /// The bytes without their transfer encoding.
    pub fn bytes(&self) -> Vec<u8> {
        let raw = &self.raw[..self.raw.len().min(LONGEST * 2)];
        let encoding = self.headers.get("content-transfer-encoding").unwrap_or_default();
        let encoding = encoding.split([';', ' ']).next().unwrap_or_default().to_ascii_lowercase();
        let mut bytes = match encoding.as_str() {
            "base64" if looks_like_base64(raw) => charset::base64(raw),
            "quoted-printable" => charset::quoted_printable(raw, false),
            _ => raw.to_vec(),
        };
        bytes.truncate(LONGEST);
        bytes
    }

    /// The text as it was written: lines end in `\n`, NUL is gone.
    pub fn source(&self) -> String {
        let text = charset::text(&self.bytes(), self.parameter("charset"));
        text.replace("\r\n", "\n").replace('\r', "\n").replace('\0', "")
    }

    /// The text as it is read: HTML is turned into text.
    pub fn text(&self) -> String {
        let source = self.source();
        if self.kind == "text/html" || (self.kind == "text/plain" && html::is_html(&source)) {
            html::to_text(&source)
        } else {
            source
        }
    }

    /// What reads best in this part and below: of alternatives the plain one, unless it says nothing.
    pub fn readable(&self) -> String {
        if self.kind == "multipart/alternative" {
            let texts: Vec<String> = self.parts.iter().map(Part::readable).collect();
            return texts.into_iter().find(|text| text.trim().len() > 20).unwrap_or_default();
        }
        if !self.parts.is_empty() {
            let texts: Vec<String> =
                self.parts.iter().map(Part::readable).filter(|text| !text.is_empty()).collect();
            return texts.join("\n");
        }
        if self.is_text() { self.text() } else { String::new() }
    }
}

/// Some say base64 and send plain text.
fn looks_like_base64(raw: &[u8]) -> bool {
    let spaces = raw.iter().take(400).filter(|byte| matches!(byte, b' ' | b'<' | b'.' | b',')).count();
    spaces < 8
}

/// A multipart that does not name its boundary: the first line of two dashes and more.
fn guessed_boundary(raw: &[u8]) -> Option<String> {
    let line =
        raw.split(|byte| *byte == b'\n').take(50).map(<[u8]>::trim_ascii_end).find(|line| {
            line.starts_with(b"--") && line.len() > 4 && line.len() < 80 && !line.contains(&b' ')
        })?;
    Some(String::from_utf8_lossy(&line[2..]).into_owned())
}

/// RFC 2046 5.1.1: what stands between the lines of the boundary. The end may be missing.
fn pieces<'a>(raw: &'a [u8], boundary: &[u8]) -> Vec<&'a [u8]> {
    let (mut found, mut open, mut at) = (Vec::new(), None, 0);
    while at < raw.len() && found.len() < MOST {
        let end =
            raw[at..].iter().position(|byte| *byte == b'\n').map_or(raw.len(), |length| at + length + 1);
        let line = raw[at..end].trim_ascii_end();
        let rest = line.strip_prefix(b"--").and_then(|line| line.strip_prefix(boundary));
        if let Some(rest) = rest.filter(|rest| rest.is_empty() || *rest == b"--") {
            found.extend(open.take().map(|from| without_last_break(&raw[from..at])));
            open = rest.is_empty().then_some(end);
        }
        at = end;
    }
    if let Some(from) = open.filter(|from| *from < raw.len()) {
        found.push(&raw[from..]);
    }
    found
}

fn without_last_break(bytes: &[u8]) -> &[u8] {
    let bytes = bytes.strip_suffix(b"\n").unwrap_or(bytes);
    bytes.strip_suffix(b"\r").unwrap_or(bytes)
}
