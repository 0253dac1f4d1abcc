//! Reading back a signature of our own (RFC 6376 6.1), against our own key and without DNS.
//!
//! Only what [`Signer`] writes is read: rsa-sha256, relaxed/relaxed, no `l=`. Signatures of others are passed over.

use aws_lc_rs::signature::{KeyPair, RSA_PKCS1_2048_8192_SHA256, UnparsedPublicKey};
use data_encoding::BASE64;
use memchr::memmem;

use super::canonical::{BodyHash, relaxed_field};
use super::{Signer, fields, is_named};

/// What a mail's signatures say.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// One of ours holds.
    Valid,
    /// Ours is there and does not hold: the body or a signed field was changed.
    Broken,
    /// None of this domain and key.
    Absent,
}

impl Signer {
    /// Whether a mail still has a signature of this key that holds. Line ends may be those of a saved file.
    pub fn verify(&self, message: &[u8]) -> Verdict {
        let message = with_crlf(message);
        let (head, body) = match memmem::find(&message, b"\r\n\r\n") {
            Some(at) => (&message[..at + 2], &message[at + 4..]),
            None => (message.as_slice(), &[][..]),
        };
        let Ok(fields) = fields(head) else { return Verdict::Absent };
        let mut verdict = Verdict::Absent;
        for field in fields.iter().filter(|field| is_named(field, "dkim-signature")) {
            let Some(signature) = Signature::read(field) else { continue };
            let ours = signature.domain.eq_ignore_ascii_case(&self.domain)
                && signature.selector.eq_ignore_ascii_case(&self.selector);
            if !ours {
                continue;
            }
            if self.holds(&signature, field, &fields, body) {
                return Verdict::Valid;
            }
            verdict = Verdict::Broken;
        }
        verdict
    }

    fn holds(&self, signature: &Signature, own: &[u8], fields: &[&[u8]], body: &[u8]) -> bool {
        let mut hash = BodyHash::new();
        hash.update(body);
        if hash.finish() != signature.body_hash[..] {
            return false;
        }
        let mut canonical = Vec::new();
        let mut left: Vec<&[u8]> = fields.to_vec();
        for name in &signature.names {
            // RFC 6376 5.4.2: from the last field of a name upwards; a name without a field stands for none.
            if let Some(at) = left.iter().rposition(|field| is_named(field, name)) {
                relaxed_field(left.remove(at), &mut canonical);
                canonical.extend_from_slice(b"\r\n");
            }
        }
        // RFC 6376 3.7: the signature's own field last, `b=` empty, without CRLF.
        relaxed_field(&without_signature(own), &mut canonical);
        let key = self.key.public_key();
        UnparsedPublicKey::new(&RSA_PKCS1_2048_8192_SHA256, key.as_ref())
            .verify(&canonical, &signature.bytes)
            .is_ok()
    }
}

/// What a `DKIM-Signature` field of our kind says.
struct Signature {
    domain: String,
    selector: String,
    names: Vec<String>,
    body_hash: Vec<u8>,
    bytes: Vec<u8>,
}

impl Signature {
    fn read(field: &[u8]) -> Option<Self> {
        let text = std::str::from_utf8(field).ok()?;
        let (_, tags) = text.split_once(':')?;
        let tag = |wanted: &str| {
            tags.split(';').find_map(|tag| {
                let (name, value) = tag.split_once('=')?;
                // RFC 6376 3.2: white space may stand within a value, and says nothing in those that we read.
                (name.trim() == wanted).then(|| value.split_whitespace().collect::<String>())
            })
        };
        let known = tag("v")? == "1"
            && tag("a")?.eq_ignore_ascii_case("rsa-sha256")
            && tag("c")?.eq_ignore_ascii_case("relaxed/relaxed")
            && tag("l").is_none();
        known.then_some(())?;
        Some(Signature {
            domain: tag("d")?,
            selector: tag("s")?,
            names: tag("h")?.split(':').map(str::to_ascii_lowercase).collect(),
            body_hash: BASE64.decode(tag("bh")?.as_bytes()).ok()?,
            bytes: BASE64.decode(tag("b")?.as_bytes()).ok()?,
        })
    }
}

/// The field with an empty `b=`, wherever it stands.
fn without_signature(field: &[u8]) -> Vec<u8> {
    let colon = memchr::memchr(b':', field).map_or(0, |at| at + 1);
    let mut out = field[..colon].to_vec();
    for (number, tag) in field[colon..].split(|byte| *byte == b';').enumerate() {
        if number > 0 {
            out.push(b';');
        }
        match memchr::memchr(b'=', tag) {
            Some(equals) if tag[..equals].trim_ascii() == b"b" => out.extend_from_slice(&tag[..=equals]),
            _ => out.extend_from_slice(tag),
        }
    }
    out
}

fn with_crlf(message: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(message.len() + message.len() / 40);
    for byte in message {
        if *byte == b'\n' && out.last() != Some(&b'\r') {
            out.push(b'\r');
        }
        out.push(*byte);
    }
    out
}

#[cfg(test)]
mod tests {
    use std::sync::LazyLock;

    use aws_lc_rs::encoding::AsDer;
    use aws_lc_rs::rsa::{KeyPair as RsaKeyPair, KeySize};

    use super::*;

    static SIGNER: LazyLock<Signer> = LazyLock::new(|| {
        let key = RsaKeyPair::generate(KeySize::Rsa2048).unwrap();
        Signer::from_pkcs8("letters.example", "s2026", key.as_der().unwrap().as_ref()).unwrap()
    });

    const HEAD: &str = "From: Ada <ada@letters.example>\r\nTo: zoe@readers.example\r\nSubject: La  Gazette\r\n : suite\r\n\
        Date: Mon, 24 Nov 2025 08:30:00 +0100\r\nMessage-ID: <abc@letters.example>\r\nMIME-Version: 1.0\r\n\
        Content-Type: text/plain; charset=utf-8\r\n";

    fn mail() -> String {
        let body = "Bonjour  Zoé, \r\n\r\nla suite\r\n";
        let mut mail = SIGNER.sign(HEAD.as_bytes(), body.as_bytes(), 1_763_969_400).unwrap();
        mail.extend_from_slice(HEAD.as_bytes());
        mail.extend_from_slice(b"\r\n");
        mail.extend_from_slice(body.as_bytes());
        String::from_utf8(mail).unwrap()
    }

    #[test]
    fn our_signature_holds_as_long_as_nothing_of_ours_is_changed() {
        let mail = mail();
        let verdict = |mail: &str| SIGNER.verify(mail.as_bytes());
        assert_eq!(verdict(&mail), Verdict::Valid);
        assert_eq!(verdict(&mail.replace("\r\n", "\n")), Verdict::Valid, "a file with other line ends");
        assert_eq!(verdict(&format!("Received: from a by b\r\n{mail}")), Verdict::Valid);
        assert_eq!(verdict(&mail.replace("SUBJECT: La  Gazette", "Subject: La Gazette")), Verdict::Valid);
        for (from, to) in [
            ("la suite", "la fuite"),
            ("Subject: La", "Subject: Le"),
            ("Date: Mon", "Date: Tue"),
            ("From: Ada", "From: Eve <eve@evil.example>\r\nFrom: Ada"),
            ("MIME-Version", "Reply-To: eve@evil.example\r\nMIME-Version"),
        ] {
            assert_eq!(verdict(&mail.replacen(from, to, 1)), Verdict::Broken, "{to}");
        }
    }

    #[test]
    fn signatures_of_others_are_passed_over() {
        let mail = mail();
        let other = mail.replacen("d=letters.example", "d=others.example", 1);
        assert_eq!(SIGNER.verify(other.as_bytes()), Verdict::Absent);
        let both = format!(
            "DKIM-Signature: v=1; a=rsa-sha256; c=relaxed/relaxed; d=x.example; s=a;\r\n h=from; bh=AA==; b=AA==\r\n{mail}"
        );
        assert_eq!(SIGNER.verify(both.as_bytes()), Verdict::Valid);
        for nothing in ["", "\r\n", "no field at all", "From: a@x.example\r\n\r\nbody"] {
            assert_eq!(SIGNER.verify(nothing.as_bytes()), Verdict::Absent, "{nothing:?}");
        }
    }
}
