//! What a dispatch is.

use audience::Audience;
use policy::delivery::InDoubtRule;
use policy::dispatch::DispatchState;
use store::{Row, StoreError};

/// Readers of a chunk: one lease, one read, about a tenth of a second of work.
pub(crate) const CHUNK: i64 = 500;

/// What a dispatch is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// The edition, to its readers.
    Edition,
    /// A look at it before: to one address, without making it public.
    Test,
}

impl Kind {
    /// As columns hold it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Kind::Edition => "edition",
            Kind::Test => "test",
        }
    }

    fn from_column(text: &str) -> Self {
        if text == "test" { Kind::Test } else { Kind::Edition }
    }
}

/// One sending of an edition to a frozen audience.
#[derive(Clone, Debug, PartialEq)]
pub struct Dispatch {
    /// Its number.
    pub id: i64,
    /// The edition.
    pub edition_id: i64,
    /// Its publication.
    pub publication_id: i64,
    /// What it is for.
    pub kind: Kind,
    /// Who was asked for.
    pub audience: Audience,
    /// Where it stands.
    pub state: DispatchState,
    /// Readers it was frozen with.
    pub readers: i64,
    /// Readers who were left out when it was frozen.
    pub left_out: i64,
    /// What becomes of deliveries in doubt.
    pub in_doubt: InDoubtRule,
    /// When it was asked for, microseconds UTC, like all times here.
    pub created_at: i64,
    /// When it may begin.
    pub scheduled_at: i64,
    /// When its audience was frozen.
    pub started_at: Option<i64>,
    /// When its last row closed.
    pub finished_at: Option<i64>,
    /// What the relay last refused to all, while it does.
    pub trouble: Option<String>,
    /// Whether it is paused.
    pub paused: bool,
    /// Microseconds over which it is spread; 0: as fast as it goes.
    pub spread_over: i64,
    /// The hour at which it leaves in each reader's own day, as the microseconds of a clock that shows UTC; 0: to all
    /// at the same moment.
    pub local_time: i64,
    /// It goes to those whose mail of this dispatch failed.
    pub failed_of: Option<i64>,
}

impl Dispatch {
    pub(crate) fn from_row(row: &Row) -> Result<Self, DispatchError> {
        let id = row.int(0)?;
        let kept = |what: &'static str| DispatchError::Kept(id, what);
        Ok(Dispatch {
            id,
            edition_id: row.int(1)?,
            publication_id: row.int(2)?,
            kind: Kind::from_column(&row.text(3)?),
            audience: serde_json::from_str(&row.text(4)?).map_err(|_| kept("audience"))?,
            state: DispatchState::try_from(row.int(5)?).map_err(|_| kept("state"))?,
            readers: row.int(6)?,
            left_out: row.int(7)?,
            in_doubt: row.text(8)?.parse().map_err(|_| kept("rule for doubts"))?,
            created_at: row.int(9)?,
            scheduled_at: row.int(10)?,
            started_at: row.opt_int(11)?,
            finished_at: row.opt_int(12)?,
            trouble: row.opt_text(13)?,
            paused: row.bool(14)?,
            spread_over: row.int(15)?,
            local_time: row.int(16)?,
            failed_of: row.opt_int(17)?,
        })
    }

    /// Whether it may still send something.
    pub fn is_open(&self) -> bool {
        self.state.is_open()
    }
}

/// Why a dispatch was not made, or cannot go on.
#[derive(Debug, thiserror::Error)]
pub enum DispatchError {
    /// No such dispatch.
    #[error("there is no dispatch {0}")]
    Unknown(i64),
    /// Nobody to send to.
    #[error("this would reach nobody: {0} readers are left out; nothing was sent")]
    Nobody(i64),
    /// The edition is not fit to be sent.
    #[error("the edition has {errors} errors: `soucoupe edition check {slug}` names them; nothing was sent")]
    Unfit {
        /// Its slug.
        slug: String,
        /// How many.
        errors: usize,
    },
    /// No relay is configured.
    #[error("no relay is configured: set SOUCOUPE_SMTP_URL, for instance smtp://127.0.0.1:25")]
    NoRelay,
    /// A route's address is not one, or routes could not be looked up.
    #[error(transparent)]
    Routes(#[from] routes::RoutesError),
    /// The system gives no more threads.
    #[error("the threads that sign could not be started: {0}")]
    Threads(std::io::Error),
    /// When it should leave cannot be.
    #[error("{0}; nothing was sent")]
    Timing(&'static str),
    /// What is kept cannot be read.
    #[error("dispatch {0} is kept in a form that cannot be read: {1}")]
    Kept(i64, &'static str),
    /// The letter does not compile.
    #[error("the letter cannot be made: {0}")]
    Letter(String),
    /// The edition.
    #[error(transparent)]
    Edition(#[from] editions::EditionError),
    /// The publication.
    #[error(transparent)]
    Publication(#[from] publications::PublicationError),
    /// The audience.
    #[error(transparent)]
    Audience(#[from] audience::AudienceError),
    /// The store.
    #[error(transparent)]
    Store(#[from] StoreError),
}
