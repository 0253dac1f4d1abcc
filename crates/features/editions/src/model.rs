//! What an edition is.

use document::{Document, Problem};
use i18n::Language;
use store::{Row, StoreError};

/// Where an edition stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum EditionState {
    /// Being written.
    Draft,
    /// A dispatch waits for its hour.
    Scheduled,
    /// On its way; its page is public.
    Sending,
    /// Sent.
    Sent,
}

impl EditionState {
    /// As columns hold it, and as keys of messages end.
    pub const fn as_str(self) -> &'static str {
        match self {
            EditionState::Draft => "draft",
            EditionState::Scheduled => "scheduled",
            EditionState::Sending => "sending",
            EditionState::Sent => "sent",
        }
    }

    fn from_column(text: &str) -> Option<Self> {
        Some(match text {
            "draft" => EditionState::Draft,
            "scheduled" => EditionState::Scheduled,
            "sending" => EditionState::Sending,
            "sent" => EditionState::Sent,
            _ => return None,
        })
    }
}

/// One issue of a publication.
#[derive(Clone, Debug, PartialEq)]
pub struct Edition {
    /// Its number in the store.
    pub id: i64,
    /// The publication it belongs to.
    pub publication_id: i64,
    /// Its name in addresses; a draft's follows its title unless the front matter says otherwise.
    pub slug: String,
    /// Its title; empty while the author has none.
    pub title: String,
    /// Where it stands.
    pub state: EditionState,
    /// Its number within the publication, from the moment it leaves.
    pub number: Option<u32>,
    /// The edition itself.
    pub document: Document,
    /// When it was begun, microseconds UTC, like all times here.
    pub created_at: i64,
    /// When its text was last saved; grows with every save.
    pub updated_at: i64,
    /// When it will leave.
    pub scheduled_at: Option<i64>,
    /// Since when its page is public.
    pub published_at: Option<i64>,
}

impl Edition {
    /// From the columns id, publication_id, slug, title, state, number, document, created_at, updated_at,
    /// scheduled_at, published_at.
    pub(crate) fn from_row(row: &Row) -> Result<Self, EditionError> {
        let id = row.int(0)?;
        let kept = |why: String| EditionError::Kept(id, why);
        let state = row.text(4)?;
        let number = row.opt_int(5)?.map(u32::try_from).transpose();
        Ok(Edition {
            id,
            publication_id: row.int(1)?,
            slug: row.text(2)?,
            title: row.text(3)?,
            state: EditionState::from_column(&state)
                .ok_or_else(|| kept(format!("its state is {state:?}")))?,
            number: number.map_err(|error| kept(error.to_string()))?,
            document: document::from_json(&row.text(6)?).map_err(|error| kept(error.to_string()))?,
            created_at: row.int(7)?,
            updated_at: row.int(8)?,
            scheduled_at: row.opt_int(9)?,
            published_at: row.opt_int(10)?,
        })
    }

    /// The edition as Markdown: what an author edits.
    pub fn markdown(&self) -> String {
        document::write(&self.document)
    }

    /// Whether its page is public.
    pub fn is_public(&self) -> bool {
        self.published_at.is_some()
    }
}

/// Why an edition was not found, made or changed. Nothing was changed.
#[derive(Debug, thiserror::Error)]
pub enum EditionError {
    /// The text has faults.
    #[error("{}", document::sentences(.0, Language::English))]
    Invalid(Vec<Problem>),
    /// No edition has this slug.
    #[error("there is no edition {0:?}")]
    Unknown(String),
    /// Several publications have an edition of this slug.
    #[error("the edition {slug:?} exists in {}: say which with --publication", .publications.join(", "))]
    Ambiguous {
        /// The slug.
        slug: String,
        /// Slugs of the publications.
        publications: Vec<String>,
    },
    /// The slug in the front matter is that of another edition, or a place of the site.
    #[error("the slug {0:?} is taken: change `slug` in the front matter")]
    SlugTaken(String),
    /// Somebody saved meanwhile.
    #[error("the edition {0:?} was saved by somebody else meanwhile")]
    Changed(String),
    /// It has left: what was sent is kept as it was sent.
    #[error("the edition {0:?} was sent and stays as it is")]
    Sent(String),
    /// A dispatch waits to send it as it is.
    #[error("the edition {0:?} is about to be sent: stop its dispatch to change it")]
    Scheduled(String),
    /// A dispatch still needs it.
    #[error("the edition {0:?} is used by a dispatch that has not ended")]
    InUse(String),
    /// What is kept in a row cannot be read.
    #[error("edition {0} is kept in a form that cannot be read: {1}")]
    Kept(i64, String),
    /// The store.
    #[error(transparent)]
    Store(#[from] StoreError),
}
