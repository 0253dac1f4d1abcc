//! A machine notice: the whole mail, since there is one reader.

use super::{HeadError, domain};
use crate::address::Mailbox;
use crate::header::{Date, mailbox, structured, unstructured};
use crate::quoted_printable;
use crate::token::Token;

/// A mail that answers something a person just did: confirm, sign in. It is not part of a list, so it has none of
/// the list fields, and says that no person wrote it (RFC 3834 5).
#[derive(Debug, Clone, Copy)]
pub struct Notice<'a> {
    /// Who it is from.
    pub from: &'a Mailbox,
    /// Who it is for.
    pub to: &'a Mailbox,
    /// Where answers go, if not to the sender.
    pub reply_to: Option<&'a Mailbox>,
    /// The subject.
    pub subject: &'a str,
    /// When it was written.
    pub date: Date,
    /// The left side of the Message-ID, and what makes the boundary differ from mail to mail.
    pub id: &'a Token,
    /// The right side of the Message-ID: our domain.
    pub message_domain: &'a str,
    /// The value of `Form-Sub`, for mail that a form provoked (draft-levine-mailbomb-header).
    pub form_sub: Option<&'a str>,
    /// The body as text.
    pub text: &'a str,
    /// The body as a whole HTML document.
    pub html: &'a str,
}

impl Notice<'_> {
    /// The header block, without the blank line behind it.
    pub fn head(&self) -> Result<Vec<u8>, HeadError> {
        domain("Message-ID", self.message_domain)?;
        let mut out = Vec::with_capacity(1024);
        mailbox("From", self.from, &mut out)?;
        if let Some(reply_to) = self.reply_to {
            mailbox("Reply-To", reply_to, &mut out)?;
        }
        mailbox("To", self.to, &mut out)?;
        unstructured("Subject", self.subject, &mut out)?;
        structured("Date", &[&self.date.to_string()], &mut out)?;
        let id = format!("<{}@{}>", self.id.to_lower(), self.message_domain);
        structured("Message-ID", &[&id], &mut out)?;
        structured("Auto-Submitted", &["auto-generated"], &mut out)?;
        if let Some(form_sub) = self.form_sub {
            structured("Form-Sub", &form_sub.split(' ').collect::<Vec<_>>(), &mut out)?;
        }
        structured("MIME-Version", &["1.0"], &mut out)?;
        let boundary = format!("boundary=\"{}\"", self.boundary());
        structured("Content-Type", &["multipart/alternative;", &boundary], &mut out)?;
        Ok(out)
    }

    /// The body: text first, HTML last (RFC 2046 5.1.4: the richest last).
    pub fn body(&self) -> Vec<u8> {
        let boundary = self.boundary();
        let mut out = Vec::with_capacity(self.text.len() + self.html.len() + 1024);
        for (kind, body) in [("text/plain", self.text), ("text/html", self.html)] {
            let head = format!(
                "--{boundary}\r\nContent-Type: {kind}; charset=utf-8\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n"
            );
            out.extend_from_slice(head.as_bytes());
            quoted_printable::encode(body.as_bytes(), &mut out);
            out.extend_from_slice(b"\r\n");
        }
        out.extend_from_slice(format!("--{boundary}--\r\n").as_bytes());
        out
    }

    /// The whole mail, unsigned.
    pub fn build(&self) -> Result<Vec<u8>, HeadError> {
        let mut out = self.head()?;
        out.extend_from_slice(b"\r\n");
        out.extend_from_slice(&self.body());
        Ok(out)
    }

    /// RFC 2045 6.7: quoted-printable text cannot hold `=_`, so no body closes a part.
    fn boundary(&self) -> String {
        format!("=_{}", self.id.to_lower())
    }
}
