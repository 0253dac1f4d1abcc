//! The header block of an edition.

use super::{HeadError, domain, url};
use crate::address::{Address, Mailbox};
use crate::header::{Date, HeaderError, LINE_MAX, mailbox, named, structured, unstructured, write_date};
use crate::token::{Purpose, Token, TokenKey};

/// Longest base32 form of a [`Token`].
const TOKEN_MAX: usize = 56;

/// What all mails of a dispatch have in common.
#[derive(Debug, Clone)]
pub struct EditionPlan<'a> {
    /// Who the edition is from: one mailbox, its domain aligned with the signature.
    pub from: &'a Mailbox,
    /// Where answers go, if not there: an address that is read.
    pub reply_to: Option<&'a Mailbox>,
    /// The publication's name, for people.
    pub publication: &'a str,
    /// The publication's stable id, such as `gazette.letters.example`; it never changes with the name.
    pub list_id: &'a str,
    /// What complaints are counted by.
    pub feedback: FeedbackId<'a>,
    /// The archive page.
    pub archive_url: &'a str,
    /// The page that helps, or the preferences page without a reader in it.
    pub help_url: &'a str,
    /// Who runs the publication: a page or a `mailto:`.
    pub owner_url: &'a str,
    /// The unsubscribe page, up to where the token follows: `https://letters.example/r/unsubscribe/`. RFC 8058 3.1
    /// wants https; plain http is let through for instances that only talk to their own machine.
    pub unsubscribe_url: &'a str,
    /// The domain of the unsubscribe mailbox (`unsub+TOKEN@`).
    pub unsubscribe_domain: &'a str,
    /// The domain of the return path (`b+TOKEN@`), aligned with the sender's.
    pub bounce_domain: &'a str,
    /// The right side of the Message-ID: our domain.
    pub message_domain: &'a str,
    /// The Content-Type of the compiled letter.
    pub content_type: &'a str,
}

/// The parts of a Feedback-ID; nothing in it tells one reader from another.
#[derive(Debug, Clone, Copy)]
pub struct FeedbackId<'a> {
    /// The edition: its slug or number.
    pub edition: &'a str,
    /// The stream, such as `edition` or `test`.
    pub stream: &'a str,
    /// The publication: its slug.
    pub publication: &'a str,
    /// 5 to 15 characters that never change for this sender.
    pub sender: &'a str,
}

/// What differs from reader to reader.
#[derive(Debug, Clone, Copy)]
pub struct ReaderHead<'a> {
    /// The reader's address.
    pub to: &'a Address,
    /// The reader's name, if it is to be shown.
    pub name: Option<&'a str>,
    /// The subject, slots filled.
    pub subject: &'a str,
    /// When the mail was first written; keep it for later tries.
    pub date: Date,
    /// The dispatch, in Message-ID and return path.
    pub dispatch: u64,
    /// The reader, in Message-ID and return path.
    pub reader: u64,
    /// The token of the unsubscribe page ([`Purpose::Unsubscribe`]).
    pub unsubscribe: &'a Token,
}

/// The header block of a dispatch, checked and encoded, with gaps for the reader.
#[derive(Debug, Clone)]
pub struct EditionHead {
    key: TokenKey,
    /// From and Reply-To.
    sender: Vec<u8>,
    /// List-Id, and List-Unsubscribe up to the token.
    list: Vec<u8>,
    /// From behind the token of the mailto to the last field.
    rest: Vec<u8>,
    unsubscribe_domain: String,
    bounce_domain: String,
    message_domain: String,
}

impl EditionHead {
    /// Checks and encodes what all readers share.
    pub fn new(plan: &EditionPlan<'_>, key: TokenKey) -> Result<Self, HeadError> {
        domain("List-Id", plan.list_id)?;
        domain("List-Unsubscribe", plan.unsubscribe_domain)?;
        domain("Return-Path", plan.bounce_domain)?;
        domain("Message-ID", plan.message_domain)?;
        url("List-Unsubscribe", plan.unsubscribe_url, &["https://", "http://"])?;
        let length = "List-Unsubscribe: <>,".len() + plan.unsubscribe_url.len() + TOKEN_MAX;
        if length > LINE_MAX {
            return Err(HeaderError::TooLong { field: "List-Unsubscribe", length }.into());
        }
        Ok(Self {
            key,
            sender: sender(plan)?,
            list: list(plan)?,
            rest: rest(plan)?,
            unsubscribe_domain: plan.unsubscribe_domain.to_owned(),
            bounce_domain: plan.bounce_domain.to_owned(),
            message_domain: plan.message_domain.to_owned(),
        })
    }

    /// Appends the header block for a reader, without the blank line behind it. On an error nothing is appended.
    pub fn write(&self, reader: &ReaderHead<'_>, out: &mut Vec<u8>) -> Result<(), HeaderError> {
        let start = out.len();
        self.write_all(reader, out).inspect_err(|_| out.truncate(start))
    }

    fn write_all(&self, reader: &ReaderHead<'_>, out: &mut Vec<u8>) -> Result<(), HeaderError> {
        out.extend_from_slice(&self.sender);
        named("To", reader.name, reader.to.as_str(), out)?;
        unstructured("Subject", reader.subject, out)?;
        out.extend_from_slice(b"Date: ");
        write_date(reader.date, out);
        out.extend_from_slice(b"\r\nMessage-ID: <");
        self.write_message_id(reader.dispatch, reader.reader, out);
        out.extend_from_slice(b">\r\n");
        out.extend_from_slice(&self.list);
        reader.unsubscribe.write_url(out);
        out.extend_from_slice(b">,\r\n <mailto:unsub+");
        reader.unsubscribe.write_lower(out);
        out.push(b'@');
        out.extend_from_slice(self.unsubscribe_domain.as_bytes());
        out.extend_from_slice(b"?subject=unsubscribe>\r\n");
        out.extend_from_slice(&self.rest);
        Ok(())
    }

    /// Appends the Message-ID without brackets: the same for every try.
    pub fn write_message_id(&self, dispatch: u64, reader: u64, out: &mut Vec<u8>) {
        self.key.sign(Purpose::Message, dispatch, reader).write_lower(out);
        out.push(b'@');
        out.extend_from_slice(self.message_domain.as_bytes());
    }

    /// Appends the envelope sender of a reader's mail, `b+TOKEN@bounce.DOMAIN`.
    pub fn write_return_path(&self, dispatch: u64, reader: u64, out: &mut Vec<u8>) {
        out.extend_from_slice(b"b+");
        self.key.sign(Purpose::Verp, dispatch, reader).write_lower(out);
        out.push(b'@');
        out.extend_from_slice(self.bounce_domain.as_bytes());
    }
}

fn sender(plan: &EditionPlan<'_>) -> Result<Vec<u8>, HeadError> {
    let mut out = Vec::new();
    mailbox("From", plan.from, &mut out)?;
    if let Some(reply_to) = plan.reply_to {
        mailbox("Reply-To", reply_to, &mut out)?;
    }
    Ok(out)
}

fn list(plan: &EditionPlan<'_>) -> Result<Vec<u8>, HeadError> {
    let mut out = Vec::new();
    // RFC 2919 3: the id in brackets is what counts, the name is for people.
    named("List-Id", Some(plan.publication), plan.list_id, &mut out)?;
    // RFC 8058 3.1: exactly one https URI; the mailto is for those who know RFC 2369 only.
    out.extend_from_slice(b"List-Unsubscribe: <");
    out.extend_from_slice(plan.unsubscribe_url.as_bytes());
    Ok(out)
}

fn rest(plan: &EditionPlan<'_>) -> Result<Vec<u8>, HeadError> {
    let mut out = Vec::new();
    structured("List-Unsubscribe-Post", &["List-Unsubscribe=One-Click"], &mut out)?;
    // RFC 2369 3.1, 3.5, 3.6
    let pages =
        [("List-Archive", plan.archive_url), ("List-Help", plan.help_url), ("List-Owner", plan.owner_url)];
    for (field, page) in pages {
        url(field, page, &["https://", "http://", "mailto:"])?;
        structured(field, &[&format!("<{page}>")], &mut out)?;
    }
    // RFC 2369 3.4: nobody can write to the list.
    structured("List-Post", &["NO"], &mut out)?;
    structured("Feedback-ID", &[&feedback_id(plan.feedback)?], &mut out)?;
    structured("Precedence", &["bulk"], &mut out)?;
    structured("X-Auto-Response-Suppress", &["OOF,", "AutoReply"], &mut out)?;
    structured("MIME-Version", &["1.0"], &mut out)?;
    structured("Content-Type", &plan.content_type.split(' ').collect::<Vec<_>>(), &mut out)?;
    Ok(out)
}

fn feedback_id(id: FeedbackId<'_>) -> Result<String, HeadError> {
    for part in [id.edition, id.stream, id.publication, id.sender] {
        let known = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_' | b'.');
        if part.is_empty() || !part.bytes().all(known) {
            return Err(HeadError::FeedbackId(part.to_owned()));
        }
    }
    if !(5..=15).contains(&id.sender.len()) {
        return Err(HeadError::FeedbackId(id.sender.to_owned()));
    }
    Ok(format!("{}:{}:{}:{}", id.edition, id.stream, id.publication, id.sender))
}
