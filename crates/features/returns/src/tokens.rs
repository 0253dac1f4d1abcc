//! Our own addresses, and our own tokens wherever a returned mail still carries them.
//!
//! A token says under a signature which mail or reader something is about; nothing else in a returned mail proves
//! anything, since anybody could have written it.

use instance::Instance;
use wire::token::{Purpose, TokenKey};

/// Tokens looked at in one mail: each costs a hash, and a hostile mail is nothing but things that look like them.
const LOOKED_AT: usize = 200;
/// Longest local part (RFC 5321 4.5.3.1.1).
const LOCAL_MAX: usize = 64;

/// An address at which we take mail.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Door {
    /// The return path of a reader's mail.
    Return {
        /// The dispatch.
        dispatch: i64,
        /// The reader.
        reader: i64,
    },
    /// The return path of a notice.
    Notice(i64),
    /// The unsubscribe address of a reader.
    Unsubscribe {
        /// The publication.
        publication: i64,
        /// The reader.
        reader: i64,
    },
    /// Where readers answer: the slug of a publication.
    Reply(String),
    /// `postmaster@` and `abuse@` (RFC 5321 4.5.1, RFC 2142 4).
    Postmaster,
}

impl Door {
    /// As columns hold it.
    pub fn column(&self) -> &'static str {
        match self {
            Door::Return { .. } | Door::Notice(_) | Door::Unsubscribe { .. } => "return",
            Door::Reply(_) => "reply",
            Door::Postmaster => "postmaster",
        }
    }

    /// What an address of ours stands for; nothing for any other.
    pub fn of(instance: &Instance, address: &str) -> Option<Door> {
        let (local, domain) = match address.rsplit_once('@') {
            Some((local, domain)) => (local, Some(domain)),
            // RFC 5321 4.5.1: `<Postmaster>` without a domain is always taken.
            None => (address, None),
        };
        let ours = domain.is_none_or(|domain| {
            domain.trim_end_matches('.').eq_ignore_ascii_case(&instance.config.mail_domain())
        });
        if !ours || local.len() > LOCAL_MAX {
            return None;
        }
        let lower = local.to_ascii_lowercase();
        if lower == "postmaster" || (lower == "abuse" && domain.is_some()) {
            return Some(Door::Postmaster);
        }
        domain?;
        if let Some(slug) = lower.strip_prefix("r+") {
            return is_slug(slug).then(|| Door::Reply(slug.to_owned()));
        }
        signed(&audience::tokens(instance), &lower)
    }
}

/// Whether a word could be a publication's short name: a database bears no NUL, and nobody asks it about novels.
pub(crate) fn is_slug(word: &str) -> bool {
    let letter = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_');
    (1..=LOCAL_MAX).contains(&word.len()) && word.bytes().all(letter)
}

/// `b+TOKEN` or `unsub+TOKEN`.
fn signed(key: &TokenKey, local: &str) -> Option<Door> {
    if let Some(token) = local.strip_prefix("unsub+") {
        let (publication, reader) = numbers(key, Purpose::Unsubscribe, token)?;
        return Some(Door::Unsubscribe { publication, reader });
    }
    let token = local.strip_prefix("b+")?;
    if let Some((dispatch, reader)) = numbers(key, Purpose::Verp, token) {
        return Some(Door::Return { dispatch, reader });
    }
    numbers(key, Purpose::Notice, token).map(|(notice, _)| Door::Notice(notice))
}

fn numbers(key: &TokenKey, purpose: Purpose, token: &str) -> Option<(i64, i64)> {
    // In constant time, signature first: nothing is learnt from how a forged token is refused.
    let (a, b) = key.verify_lower(purpose, token).ok()?;
    Some((i64::try_from(a).ok()?, i64::try_from(b).ok()?))
}

/// Dispatch and reader of a Message-ID of ours, brackets or not.
pub fn of_message_id(instance: &Instance, id: &str) -> Option<(i64, i64)> {
    let (token, _) = id.trim().trim_start_matches('<').split_once('@')?;
    numbers(&audience::tokens(instance), Purpose::Message, token)
}

/// The number of the notice with a Message-ID of ours.
pub fn notice_of_message_id(instance: &Instance, id: &str) -> Option<i64> {
    let (token, _) = id.trim().trim_start_matches('<').split_once('@')?;
    numbers(&audience::tokens(instance), Purpose::Notice, token).map(|(notice, _)| notice)
}

/// The tokens of ours that stand somewhere in a mail.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Found {
    /// Dispatch and reader: of a return path first, of a Message-ID else.
    pub mail: Option<(i64, i64)>,
    /// A notice.
    pub notice: Option<i64>,
    /// Publication and reader of an unsubscribe address.
    pub reader: Option<(i64, i64)>,
    /// The addresses of ours among them, as doors; the first of each kind.
    pub doors: Vec<Door>,
}

/// Looks for tokens of ours before each `@` of our domain.
pub fn found_in(instance: &Instance, raw: &[u8]) -> Found {
    let key = audience::tokens(instance);
    let domain = instance.config.mail_domain().to_ascii_lowercase().into_bytes();
    let mut found = Found::default();
    let (mut by_id, mut looked, mut from) = (None, 0, 0);
    while let Some(at) = raw[from..].iter().position(|byte| *byte == b'@').map(|place| from + place) {
        from = at + 1;
        let behind = raw.get(from..from + domain.len());
        if !behind.is_some_and(|text| text.eq_ignore_ascii_case(&domain)) {
            continue;
        }
        let Some(local) = local_before(raw, at) else { continue };
        looked += 1;
        if looked > LOOKED_AT {
            break;
        }
        if let Some(slug) = local.strip_prefix("r+") {
            found.keep(Door::Reply(slug.to_owned()));
            continue;
        }
        match signed(&key, &local) {
            Some(door) => {
                match door {
                    Door::Return { dispatch, reader } => {
                        found.mail.get_or_insert((dispatch, reader));
                    }
                    Door::Notice(notice) => {
                        found.notice.get_or_insert(notice);
                    }
                    Door::Unsubscribe { publication, reader } => {
                        found.reader.get_or_insert((publication, reader));
                    }
                    Door::Reply(_) | Door::Postmaster => {}
                }
                found.keep(door);
            }
            None => {
                by_id = by_id.or_else(|| numbers(&key, Purpose::Message, &local));
                found.notice =
                    found.notice.or_else(|| numbers(&key, Purpose::Notice, &local).map(|(id, _)| id));
            }
        }
    }
    found.mail = found.mail.or(by_id);
    found
}

impl Found {
    fn keep(&mut self, door: Door) {
        let kind = std::mem::discriminant(&door);
        if !self.doors.iter().any(|known| std::mem::discriminant(known) == kind) {
            self.doors.push(door);
        }
    }
}

/// What stands before an `@`, in lower case, as far as a local part of ours can reach.
fn local_before(raw: &[u8], at: usize) -> Option<String> {
    let ours = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'-');
    let start = raw[..at].iter().rev().take(LOCAL_MAX + 1).take_while(|byte| ours(**byte)).count();
    if start == 0 || start > LOCAL_MAX {
        return None;
    }
    String::from_utf8(raw[at - start..at].to_ascii_lowercase()).ok()
}
