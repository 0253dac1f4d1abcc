//! What came back, for whoever looks.

use instance::Instance;
use policy::returns::Action;
use store::{Row, params};

use crate::model::ReturnsError;
use crate::queries;

/// A day in microseconds.
pub const DAY: i64 = 24 * policy::HOUR;

/// Something that came back, as it is shown.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Return {
    /// Its number.
    pub id: i64,
    /// When, microseconds UTC.
    pub received_at: i64,
    /// Who told: `answer`, `listener`, `mailbox` or `webhook:` and a service.
    pub source: String,
    /// The dispatch.
    pub dispatch_id: Option<i64>,
    /// The reader.
    pub reader_id: Option<i64>,
    /// The address; nothing when the reader was deleted since, or none was named.
    pub address: Option<String>,
    /// What it means.
    pub action: Action,
    /// Why, in a word.
    pub reason: String,
    /// The enhanced code.
    pub status: Option<String>,
    /// The server's words.
    pub words: Option<String>,
    /// What it led to: `suppressed`, `counted`, `ended` or `kept`.
    pub followed: String,
    /// The title of the edition.
    pub edition: Option<String>,
}

impl Return {
    fn from_row(row: &Row) -> Result<Self, ReturnsError> {
        let id = row.int(0)?;
        let of_reader = row.opt_text(5)?.filter(|email| !email.is_empty());
        Ok(Return {
            id,
            received_at: row.int(1)?,
            source: row.text(2)?,
            dispatch_id: row.opt_int(3)?,
            reader_id: row.opt_int(4)?,
            address: of_reader.or(row.opt_text(6)?),
            action: row.text(7)?.parse().map_err(|_| ReturnsError::Kept(id))?,
            reason: row.text(8)?,
            status: row.opt_text(9)?,
            words: row.opt_text(10)?,
            followed: row.text(11)?,
            edition: row.opt_text(12)?,
        })
    }
}

/// Which returns are looked for.
#[derive(Clone, Copy, Debug, Default)]
pub struct Wanted {
    /// Those of one dispatch.
    pub dispatch: Option<i64>,
    /// Those of one kind.
    pub action: Option<Action>,
    /// Those that belong to no publication instead: notices, and what strangers write.
    pub of_nobody: bool,
    /// Those before this moment and number; the newest where absent.
    pub before: Option<(i64, i64)>,
}

/// What came back to a publication, the newest first.
pub async fn returns(
    instance: &Instance,
    publication_id: i64,
    wanted: Wanted,
    limit: i64,
) -> Result<Vec<Return>, ReturnsError> {
    let (at, id) = wanted.before.unwrap_or((i64::MAX, i64::MAX));
    let action = wanted.action.map_or("", Action::as_str);
    let (query, values) = match wanted.of_nobody {
        true => (queries::LIST_OF_NOBODY, params![at, id, action, limit]),
        false => {
            (queries::LIST, params![publication_id, at, id, wanted.dispatch.unwrap_or(0), action, limit])
        }
    };
    instance.store.read(query, values).await?.iter().map(Return::from_row).collect()
}

/// How much came back since a moment that belongs to no publication.
pub async fn of_nobody(instance: &Instance, since: i64) -> Result<i64, ReturnsError> {
    let row = instance.store.read_one(queries::OF_NOBODY, params![since]).await?;
    Ok(row.map_or(Ok(0), |row| row.int(0))?)
}

/// How much came back since a moment, by kind.
pub async fn counts(
    instance: &Instance,
    publication_id: i64,
    since: i64,
) -> Result<Vec<(Action, i64)>, ReturnsError> {
    let rows = instance.store.read(queries::BY_ACTION, params![publication_id, since]).await?;
    let counts = rows.iter().map(|row| {
        let action = row.text(0)?.parse().map_err(|_| ReturnsError::Kept(0))?;
        Ok((action, row.int(1)?))
    });
    counts.collect()
}

/// The same by day: days since the moment, the kind, how many.
pub async fn by_day(
    instance: &Instance,
    publication_id: i64,
    since: i64,
) -> Result<Vec<(i64, Action, i64)>, ReturnsError> {
    let rows = instance.store.read(queries::BY_DAY, params![publication_id, since, DAY]).await?;
    let days = rows.iter().map(|row| {
        let action = row.text(1)?.parse().map_err(|_| ReturnsError::Kept(0))?;
        Ok((row.int(0)?, action, row.int(2)?))
    });
    days.collect()
}

/// Trouble with what was sent: about the sender, never about a reader.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Trouble {
    /// The dispatch.
    pub dispatch_id: Option<i64>,
    /// The title of its edition.
    pub edition: Option<String>,
    /// Why, in a word.
    pub reason: String,
    /// How many mails.
    pub mails: i64,
    /// A server's words, of one of them.
    pub words: Option<String>,
}

/// Trouble since a moment, by dispatch and reason.
pub async fn troubles(
    instance: &Instance,
    publication_id: i64,
    since: i64,
) -> Result<Vec<Trouble>, ReturnsError> {
    let rows = instance.store.read(queries::TROUBLES, params![publication_id, since]).await?;
    let troubles = rows.iter().map(|row| {
        Ok(Trouble {
            dispatch_id: row.opt_int(0)?,
            edition: row.opt_text(1)?,
            reason: row.text(2)?,
            mails: row.int(3)?,
            words: row.opt_text(4)?,
        })
    });
    troubles.collect()
}

/// The publication and edition of a dispatch.
pub(crate) async fn dispatch(instance: &Instance, id: i64) -> Result<Option<(i64, i64)>, ReturnsError> {
    let row = instance.store.read_one(queries::DISPATCH, params![id]).await?;
    Ok(row.map(|row| Ok::<_, store::StoreError>((row.int(0)?, row.int(1)?))).transpose()?)
}
