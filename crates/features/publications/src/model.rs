//! What a publication is.

use std::fmt;
use std::str::FromStr;

use i18n::Language;
use instance::Instance;
use letter::Look;
use policy::delivery::InDoubtRule;
use store::StoreError;
use wire::{Address, Mailbox};

/// Names that stand for something else at the same place in an address.
pub const RESERVED: &[&str] = &[
    "desk",
    "r",
    "assets",
    "api",
    "embed",
    "hooks",
    "healthz",
    "metrics",
    "robots.txt",
    "sitemap.xml",
    "favicon.ico",
];
/// RFC 1035 allows 63 octets in a label: a slug also stands in a List-Id.
const SLUG_MAX: usize = 63;

/// A name in addresses: small letters, digits and single hyphens.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Slug(String);

impl Slug {
    /// The text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Slug {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

impl FromStr for Slug {
    type Err = PublicationError;

    fn from_str(text: &str) -> Result<Self, PublicationError> {
        let sound = !text.is_empty()
            && text.len() <= SLUG_MAX
            && text.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-')
            && !text.starts_with('-')
            && !text.ends_with('-')
            && !text.contains("--");
        if !sound {
            return Err(PublicationError::Slug(text.to_owned()));
        }
        if RESERVED.contains(&text) {
            return Err(PublicationError::Reserved(text.to_owned()));
        }
        Ok(Slug(text.to_owned()))
    }
}

/// A letter with its name, sender, language and look.
#[derive(Clone, Debug, PartialEq)]
pub struct Publication {
    /// Its number.
    pub id: i64,
    /// Its name in addresses.
    pub slug: Slug,
    /// Its name.
    pub name: String,
    /// A line under the name.
    pub tagline: Option<String>,
    /// What it is about, a few sentences.
    pub description: Option<String>,
    /// Who signs and sends.
    pub from: Mailbox,
    /// Where answers go; `from` when absent.
    pub reply_to: Option<Address>,
    /// Its language.
    pub language: Language,
    /// IANA name of its time zone.
    pub time_zone: String,
    /// Where it can be written to on paper.
    pub postal_address: Option<String>,
    /// How it looks.
    pub look: Look,
    /// What happens to deliveries in doubt.
    pub in_doubt: InDoubtRule,
    /// When it was made, microseconds UTC.
    pub created_at: i64,
}

impl Publication {
    /// An address on its site; `path` is empty or begins with a slash.
    pub fn url(&self, instance: &Instance, path: &str) -> String {
        instance.url(&format!("/{}{path}", self.slug))
    }

    /// Where answers go.
    pub fn answers_to(&self) -> &Address {
        self.reply_to.as_ref().unwrap_or(&self.from.address)
    }

    /// Its time zone; UTC where the name is not known to this machine any more.
    pub fn zone(&self) -> jiff::tz::TimeZone {
        jiff::tz::TimeZone::get(&self.time_zone).unwrap_or(jiff::tz::TimeZone::UTC)
    }

    /// RFC 2919: an identifier that does not change with the name.
    pub fn list_id(&self, instance: &Instance) -> String {
        format!("{}.{}", self.slug, instance.config.mail_domain())
    }
}

/// Why a publication is not made or changed. Nothing was changed.
#[derive(Debug, thiserror::Error)]
pub enum PublicationError {
    /// Not a slug.
    #[error("the slug {0:?} is not possible: small letters a-z, digits and single hyphens, at most 63")]
    Slug(String),
    /// A slug that stands for something else.
    #[error("the slug {0:?} is taken by the program itself: choose another")]
    Reserved(String),
    /// A slug that is in use.
    #[error("there is a publication {0:?} already")]
    Taken(String),
    /// No name.
    #[error("the publication needs a name")]
    Name,
    /// Not a sender.
    #[error("the sender {text:?} is not understood: {why}")]
    Sender {
        /// What was given.
        text: String,
        /// Why not.
        why: String,
    },
    /// Not a time zone.
    #[error("the time zone {0:?} is not known: write a name such as Europe/Paris")]
    TimeZone(String),
    /// Not a language of ours.
    #[error("the language {0:?} is not spoken here: write fr or en")]
    Language(String),
    /// A key that cannot be made or read.
    #[error("the signing key of {domain} cannot be used: {why}")]
    Key {
        /// Its domain.
        domain: String,
        /// Why not.
        why: String,
    },
    /// What is kept in a row cannot be read.
    #[error("publication {0} is kept in a form that cannot be read: {1}")]
    Kept(i64, String),
    /// The store.
    #[error(transparent)]
    Store(#[from] StoreError),
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slug_stands_in_addresses_and_takes_no_place_of_ours() {
        for (text, sound) in [
            ("gazette", true),
            ("la-gazette-2", true),
            ("", false),
            ("La-Gazette", false),
            ("-a", false),
            ("a-", false),
            ("a--b", false),
            ("é", false),
            ("desk", false),
            ("api", false),
        ] {
            assert_eq!(text.parse::<Slug>().is_ok(), sound, "{text}");
        }
    }
}
