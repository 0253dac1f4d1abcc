//! What a reader and a subscription are.

use i18n::Language;
use policy::segment::ConditionError;
use policy::subscription::SubscriptionState;
use store::{Row, StoreError};
use wire::Address;

/// A person known by one address.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reader {
    /// Its number.
    pub id: i64,
    /// Where mail goes, as it was given.
    pub email: Address,
    /// First name.
    pub first_name: Option<String>,
    /// Last name.
    pub last_name: Option<String>,
    /// Language tag, if known.
    pub language: Option<String>,
    /// When the address was first seen, microseconds UTC.
    pub created_at: i64,
}

impl Reader {
    /// From the columns id, email, first_name, last_name, language, created_at.
    pub(crate) fn from_row(row: &Row) -> Result<Self, AudienceError> {
        let (id, email) = (row.int(0)?, row.text(1)?);
        let email = Address::parse(&email).map_err(|_| AudienceError::Kept(id))?;
        Ok(Reader {
            id,
            email,
            first_name: row.opt_text(2)?,
            last_name: row.opt_text(3)?,
            language: row.opt_text(4)?,
            created_at: row.int(5)?,
        })
    }

    /// The language to speak to this reader in.
    pub fn speaks(&self, otherwise: Language) -> Language {
        self.language.as_deref().map_or(otherwise, Language::from_tag)
    }
}

/// A reader's tie to a publication.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Subscription {
    /// The publication's number.
    pub publication_id: i64,
    /// The reader's number.
    pub reader_id: i64,
    /// Where it stands.
    pub state: SubscriptionState,
    /// Since when the reader is subscribed, microseconds UTC.
    pub since: i64,
    /// When its state last changed.
    pub changed_at: i64,
    /// How it came in: `form`, `embed`, `api`, `import`…
    pub source: String,
}

impl Subscription {
    /// From the columns publication_id, reader_id, state, since, changed_at, source.
    pub(crate) fn from_row(row: &Row) -> Result<Self, AudienceError> {
        Ok(Subscription {
            publication_id: row.int(0)?,
            reader_id: row.int(1)?,
            state: state(row.int(2)?)?,
            since: row.int(3)?,
            changed_at: row.int(4)?,
            source: row.text(5)?,
        })
    }
}

pub(crate) fn state(number: i64) -> Result<SubscriptionState, AudienceError> {
    SubscriptionState::try_from(number).map_err(|unknown| AudienceError::Unknown(unknown.to_string()))
}

/// Where somebody asked to subscribe, or acted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// The subscribe page.
    Page,
    /// The small form in another site's page.
    Embed,
    /// A program.
    Api,
    /// The page that a mailed link opens.
    Confirm,
    /// The reader's own preferences page.
    Preferences,
    /// The page of an unsubscribe link.
    Unsubscribe,
    /// The button of a mail program (RFC 8058).
    OneClick,
    /// A mail to the unsubscribe address (RFC 2369 3.2).
    Mail,
    /// A receiving server's report (RFC 5965).
    Report,
    /// The author, at the desk.
    Desk,
}

impl Form {
    /// As columns hold it.
    pub const fn name(self) -> &'static str {
        match self {
            Form::Page => "form",
            Form::Embed => "embed",
            Form::Api => "api",
            Form::Confirm => "confirm",
            Form::Preferences => "preferences",
            Form::Unsubscribe => "unsubscribe",
            Form::OneClick => "one-click",
            Form::Mail => "mail",
            Form::Report => "report",
            Form::Desk => "desk",
        }
    }
}

/// Why something about readers was not done. Nothing was changed.
#[derive(Debug, thiserror::Error)]
pub enum AudienceError {
    /// Too many sign-ups from one network, or at all.
    #[error("too many sign-ups; wait {0} seconds")]
    Wait(u64),
    /// Nobody is known under this number or link.
    #[error("no such reader")]
    NoReader,
    /// No reader of this publication has this address.
    #[error("{0} is not a reader of this publication")]
    NotSubscribed(Address),
    /// There is no such segment.
    #[error("there is no segment {name:?} in this publication; there {known}")]
    NoSegment {
        /// What was asked for.
        name: String,
        /// A half sentence about those that exist.
        known: String,
    },
    /// A slug that is not one.
    #[error("the segment's short name {0:?} is not possible: small letters a-z, digits and single hyphens")]
    SegmentSlug(String),
    /// A segment of that name exists.
    #[error("there is a segment {0:?} already")]
    SegmentTaken(String),
    /// A condition that cannot be used.
    #[error("the segment's condition cannot be used: {0}")]
    Condition(#[from] ConditionError),
    /// The step is not possible now.
    #[error(transparent)]
    Move(#[from] policy::IllegalMove),
    /// What a row holds cannot be read.
    #[error("reader {0} is kept in a form that cannot be read")]
    Kept(i64),
    /// A number or name in the database that this version does not know.
    #[error("the database holds something unknown: {0}")]
    Unknown(String),
    /// A file that cannot be read or written.
    #[error("{what}: {source}")]
    File {
        /// What we were doing.
        what: String,
        /// Why it failed.
        source: std::io::Error,
    },
    /// The notice.
    #[error(transparent)]
    Notice(#[from] notices::NoticeError),
    /// The publication.
    #[error(transparent)]
    Publication(#[from] publications::PublicationError),
    /// The store.
    #[error(transparent)]
    Store(#[from] StoreError),
}
