//! What is handed back.

use aws_lc_rs::digest::{Context, SHA256};
use data_encoding::HEXLOWER;
use policy::returns::Action;
use url::Url;
use wire::{Address, Mailbox};

use crate::Provider;
use crate::words::Words;

/// The longest words of a server that are kept, in characters.
const LONGEST_WORDS: usize = 2_000;
/// The longest id of a service that is kept as it is.
const LONGEST_ID: usize = 200;

/// One event about one reader.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Notice {
    /// The same for the same event, however often it is sent: `service:id`.
    pub event_key: String,
    /// When it happened, in microseconds since 1970 UTC.
    pub at: Option<i64>,
    /// The reader's address.
    pub address: Option<String>,
    /// The Message-ID of the mail, without angle brackets.
    pub message_id: Option<String>,
    /// The service's own id of the mail: what its answer to the mail contained.
    pub relay_id: Option<String>,
    /// What to do.
    pub action: Action,
    /// Why, as a name in lower case.
    pub reason: String,
    /// The code of RFC 3463, such as `5.1.1`.
    pub status: Option<String>,
    /// What the receiving server, or else the service, said.
    pub words: Option<String>,
    /// What was signed in place of the event (Mailgun): seen with another event, it was stolen.
    pub token: Option<String>,
}

/// What a request is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// Events, perhaps none that matter.
    Notices(Vec<Notice>),
    /// A topic asks whether it may send here: fetching this address says yes. The address is one of the service's own.
    Confirm(Url),
    /// A topic says that it will send nothing more here.
    Ended {
        /// Which topic.
        topic: String,
    },
}

impl Notice {
    /// A notice whose key is made of what tells this event from all others.
    pub(crate) fn new(provider: Provider, event: &[&str], (action, reason): (Action, &str)) -> Self {
        Self {
            event_key: key(provider, event),
            at: None,
            address: None,
            message_id: None,
            relay_id: None,
            action,
            reason: reason.to_owned(),
            status: None,
            words: None,
            token: None,
        }
    }

    pub(crate) fn at(self, at: Option<i64>) -> Self {
        Self { at, ..self }
    }

    pub(crate) fn to(self, address: Option<&str>) -> Self {
        Self { address: address.and_then(plain_address), ..self }
    }

    pub(crate) fn mail(self, message_id: Option<&str>) -> Self {
        Self { message_id: message_id.and_then(plain_id), ..self }
    }

    pub(crate) fn relay(self, relay_id: Option<&str>) -> Self {
        Self { relay_id: relay_id.and_then(plain_id), ..self }
    }

    pub(crate) fn said(self, words: &Words) -> Self {
        let kept: String =
            words.text().chars().filter(|c| !c.is_control() || *c == '\n').take(LONGEST_WORDS).collect();
        Self { status: words.status(), words: (!kept.is_empty()).then_some(kept), ..self }
    }
}

/// One short id is kept readable; anything else becomes a hash of its parts.
fn key(provider: Provider, event: &[&str]) -> String {
    let plain =
        |id: &str| (1..=LONGEST_ID).contains(&id.len()) && id.bytes().all(|byte| byte.is_ascii_graphic());
    match event {
        [id] if plain(id) => format!("{provider}:{id}"),
        parts => {
            let mut hash = Context::new(&SHA256);
            for part in parts {
                // With its length, so that two parts cannot be read as others.
                hash.update(&(part.len() as u64).to_be_bytes());
                hash.update(part.as_bytes());
            }
            format!("{provider}:{}", HEXLOWER.encode(&hash.finish().as_ref()[..16]))
        }
    }
}

/// An address, with or without a name and brackets around it.
fn plain_address(text: &str) -> Option<String> {
    let text = text.trim();
    let bare = text.strip_prefix('<').and_then(|text| text.strip_suffix('>')).unwrap_or(text);
    let parsed = Address::parse(bare).or_else(|_| Mailbox::parse(text).map(|mailbox| mailbox.address)).ok();
    parsed.map(|address| address.as_str().to_owned())
}

/// An id without brackets and blanks; what is too long to be one, or holds brackets inside, is none.
fn plain_id(text: &str) -> Option<String> {
    let text = text.trim();
    let id = text.strip_prefix('<').and_then(|text| text.strip_suffix('>')).unwrap_or(text).trim();
    let odd = |c: char| c.is_control() || c.is_whitespace() || matches!(c, '<' | '>');
    let fits = (1..=998).contains(&id.len()) && !id.contains(odd);
    fits.then(|| id.to_owned())
}
