//! A real mailbox: a Maildir into which a mail server delivers.

use std::path::{Path, PathBuf};

use mail_parser::{Message, MessageParser};

use crate::patience::{PATIENCE, until};

/// A folder of mails.
#[derive(Debug, Clone)]
pub struct Mailbox {
    folder: PathBuf,
}

impl Mailbox {
    pub(crate) fn in_folder(folder: impl Into<PathBuf>) -> Self {
        Mailbox { folder: folder.into() }
    }

    /// Everything that has arrived so far.
    pub fn all(&self) -> Vec<Received> {
        let Ok(entries) = std::fs::read_dir(self.folder.join("new")) else { return Vec::new() };
        let files = entries.flatten().map(|entry| entry.path());
        files.filter_map(|file: PathBuf| Received::read(&file)).collect()
    }

    /// Waits for so many mails with this subject.
    pub async fn with_subject(&self, subject: &str, number: usize) -> Vec<Received> {
        let what = format!("{number} mails with the subject {subject:?} in the mailbox");
        until(&what, PATIENCE, async || {
            let mut found = self.all();
            found.retain(|mail| mail.message().subject() == Some(subject));
            (found.len() >= number).then_some(found)
        })
        .await
    }

    /// Waits for the mails to an address.
    pub async fn to(&self, address: &str, number: usize) -> Vec<Received> {
        let what = format!("{number} mails to {address} in the mailbox");
        until(&what, PATIENCE, async || {
            let mut found = self.all();
            found.retain(|mail| mail.to() == address);
            (found.len() >= number).then_some(found)
        })
        .await
    }
}

/// A mail as it was delivered.
#[derive(Debug, Clone)]
pub struct Received {
    raw: Vec<u8>,
}

impl Received {
    fn read(file: &Path) -> Option<Self> {
        // Maildir moves whole files in; one that is gone again was never ours.
        std::fs::read(file).ok().map(Received::of)
    }

    /// A mail from its octets.
    pub fn of(raw: Vec<u8>) -> Self {
        Received { raw }
    }

    /// The mail, read.
    pub fn message(&self) -> Message<'_> {
        MessageParser::default().parse(&self.raw).expect("a mail can be read")
    }

    /// The address in To.
    pub fn to(&self) -> String {
        let message = self.message();
        let address = message.to().and_then(|to| to.first()).and_then(|to| to.address());
        address.unwrap_or_default().to_owned()
    }

    /// A header as it stands there, unfolded; empty when it is missing.
    pub fn header(&self, name: &str) -> String {
        let message = self.message();
        let raw = message.header_raw(name).unwrap_or_default();
        raw.split_whitespace().collect::<Vec<_>>().join(" ")
    }

    /// The text part.
    pub fn text(&self) -> String {
        self.message().body_text(0).expect("the mail has a text").into_owned()
    }

    /// The HTML part.
    pub fn html(&self) -> String {
        self.message().body_html(0).expect("the mail has HTML").into_owned()
    }

    /// Every address in an `href` or `src` of its HTML, and every one in its text.
    pub fn links(&self) -> Vec<String> {
        let (html, text) = (self.html(), self.text());
        let mut links = Vec::new();
        for start in ["href=\"", "src=\""] {
            for part in html.split(start).skip(1) {
                let link = part.split('"').next().unwrap_or_default();
                links.push(link.replace("&amp;", "&"));
            }
        }
        for word in text.split(|letter: char| letter.is_whitespace() || "<>()".contains(letter)) {
            if word.starts_with("http") {
                links.push(word.trim_end_matches(['.', ',', ';']).to_owned());
            }
        }
        links.sort();
        links.dedup();
        links
    }

    /// The first link that begins so.
    pub fn link(&self, start: &str) -> String {
        let links = self.links();
        let found = links.iter().find(|link| link.starts_with(start));
        found.unwrap_or_else(|| panic!("no link begins with {start}: {links:#?}")).clone()
    }
}
