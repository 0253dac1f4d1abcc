//! Letters of readers: kept for the author, shown at the desk.

use instance::Instance;
use store::{Row, params};
use wire::Address;

use crate::model::{NewReply, ReturnsError};
use crate::queries;
use crate::take_in::plain;

/// What is kept of a subject.
const SUBJECT: usize = 300;
/// What is kept of a name.
const NAME: usize = 100;
/// What is kept of a text: some ten pages.
const TEXT: usize = 20_000;

/// A letter of a reader.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reply {
    /// Its number.
    pub id: i64,
    /// When it came, microseconds UTC.
    pub received_at: i64,
    /// The reader, where it is known who wrote.
    pub reader_id: Option<i64>,
    /// The address to answer to.
    pub from: Option<String>,
    /// Their name.
    pub name: Option<String>,
    /// The subject.
    pub subject: String,
    /// What they wrote, without what they quoted.
    pub text: String,
    /// Files that were left out.
    pub attachments: i64,
    /// Which address it came to: `return`, `reply` or `postmaster`.
    pub door: String,
    /// The title of the edition it answers.
    pub edition: Option<String>,
    /// Whether it was small enough to be read; else there is no text.
    pub whole: bool,
    /// Whether somebody has read it.
    pub read: bool,
}

impl Reply {
    fn from_row(row: &Row) -> Result<Self, ReturnsError> {
        let of_reader = row.opt_text(3)?.filter(|email| !email.is_empty());
        Ok(Reply {
            id: row.int(0)?,
            received_at: row.int(1)?,
            reader_id: row.opt_int(2)?,
            from: row.opt_text(4)?.or(of_reader),
            name: row.opt_text(5)?,
            subject: row.text(6)?,
            text: row.text(7)?,
            attachments: row.int(8)?,
            door: row.text(9)?,
            edition: row.opt_text(10)?,
            read: !row.is_null(11),
            whole: row.int(12)? != 0,
        })
    }
}

/// Keeps a letter. False when it is kept already.
pub async fn keep_reply(instance: &Instance, reply: &NewReply) -> Result<bool, ReturnsError> {
    let reader = match (reply.reader_id, &reply.from) {
        (Some(id), _) => audience::by_id(instance, id).await?,
        (None, Some(from)) => audience::by_email(instance, from).await?,
        (None, None) => None,
    };
    let own = |address: &&Address| reader.as_ref().is_none_or(|reader| reader.email.key() != address.key());
    let stranger = reply.from.as_ref().filter(own);
    let key = stranger.or(reader.as_ref().map(|reader| &reader.email));
    let values = params![
        &reply.key,
        reply.publication_id,
        reply.edition_id,
        reader.as_ref().map(|reader| reader.id),
        key.map(|address| instance.secrets.suppression_key(&address.key())),
        reply.door,
        stranger.map(|address| address.as_str()),
        reply.name.as_deref().map(|name| short(name, NAME)).filter(|name| !name.is_empty()),
        short(&reply.subject, SUBJECT),
        text(&reply.text),
        u32::try_from(reply.attachments).unwrap_or(u32::MAX),
        i64::from(reply.whole),
        reply.at,
    ];
    Ok(!instance.store.write(queries::KEEP_LETTER, values).await?.is_empty())
}

fn short(line: &str, most: usize) -> String {
    plain(line).chars().take(most).collect()
}

/// Lines stay lines; PostgreSQL keeps no NUL in text.
fn text(text: &str) -> String {
    let kept = |letter: &char| !letter.is_control() || matches!(letter, '\n' | '\t');
    let mut kept: String = text.chars().filter(kept).take(TEXT).collect();
    kept.truncate(kept.trim_end().len());
    kept
}

/// Letters that one publication gets in a day through the listener; more than that nobody reads.
const LETTERS_A_DAY: i64 = 5_000;

/// Whether a publication has got more letters within a day than it can read.
pub(crate) async fn is_flooded(instance: &Instance, publication_id: i64) -> Result<bool, ReturnsError> {
    let since = instance.now_us() - 24 * policy::HOUR;
    let values = params![publication_id, since, LETTERS_A_DAY];
    let row = instance.store.read_one(queries::LETTERS_SINCE, values).await?;
    Ok(row.map_or(Ok(0), |row| row.int(0))? >= LETTERS_A_DAY)
}

/// Letters to a publication, the newest first, after those before a place (moment and number).
pub async fn replies(
    instance: &Instance,
    publication_id: i64,
    before: (i64, i64),
    limit: i64,
) -> Result<Vec<Reply>, ReturnsError> {
    let values = params![publication_id, before.0, before.1, limit];
    instance.store.read(queries::LETTERS, values).await?.iter().map(Reply::from_row).collect()
}

/// One letter.
pub async fn reply(instance: &Instance, publication_id: i64, id: i64) -> Result<Option<Reply>, ReturnsError> {
    let row = instance.store.read_one(queries::LETTER, params![publication_id, id]).await?;
    row.as_ref().map(Reply::from_row).transpose()
}

/// How many letters nobody has read.
pub async fn unread(instance: &Instance, publication_id: i64) -> Result<i64, ReturnsError> {
    let row = instance.store.read_one(queries::UNREAD_LETTERS, params![publication_id]).await?;
    Ok(row.map_or(Ok(0), |row| row.int(0))?)
}

/// A letter is read, or to be read again.
pub async fn mark(instance: &Instance, publication_id: i64, id: i64, read: bool) -> Result<(), ReturnsError> {
    let now = instance.now_us();
    match read {
        true => instance.store.execute(queries::MARK_READ, params![publication_id, id, now]).await?,
        false => instance.store.execute(queries::MARK_UNREAD, params![publication_id, id]).await?,
    };
    Ok(())
}

/// Throws a letter away.
pub async fn throw_away(instance: &Instance, publication_id: i64, id: i64) -> Result<(), ReturnsError> {
    instance.store.execute(queries::THROW_AWAY, params![publication_id, id]).await?;
    Ok(())
}
