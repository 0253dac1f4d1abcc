//! Writing the readers of a publication as CSV. Read in again, it changes nothing; read into an empty publication, it
//! gives the same readers.

use std::io::{self, Write};

use csv::Writer;
use instance::Instance;
use publications::Publication;
use store::params;

use crate::import::risky;
use crate::kept::moment;
use crate::model::{AudienceError, state};
use crate::queries::import as queries;

/// Readers in one page.
const PAGE: i64 = 2_000;
const HEADER: [&str; 9] =
    ["email", "first_name", "last_name", "language", "state", "since", "source", "tags", "time_zone"];

/// Writes all readers of a publication.
pub async fn export(
    instance: &Instance,
    publication: &Publication,
    mut out: impl Write,
) -> Result<u64, AudienceError> {
    let failed =
        |source: io::Error| AudienceError::File { what: "the readers cannot be written".to_owned(), source };
    let (mut after, mut written) = (None, 0);
    loop {
        let page = page(instance, publication.id, after).await?;
        out.write_all(&page.bytes).map_err(failed)?;
        written += page.readers;
        match page.next {
            Some(next) => after = Some(next),
            None => break,
        }
    }
    out.flush().map_err(failed)?;
    Ok(written)
}

/// Some readers as lines of CSV.
#[derive(Clone, Debug, Default)]
pub struct Page {
    /// The lines, with the header before the first of all.
    pub bytes: Vec<u8>,
    /// How many readers.
    pub readers: u64,
    /// Where to go on; none at the end.
    pub next: Option<i64>,
}

/// The lines of some readers; `after` is the `next` of the page before.
pub async fn page(
    instance: &Instance,
    publication_id: i64,
    after: Option<i64>,
) -> Result<Page, AudienceError> {
    let values = params![publication_id, after.unwrap_or(0), PAGE];
    let rows = instance.store.read(queries::EXPORT_PAGE, values).await?;
    let ids = rows.iter().map(|row| row.int(0)).collect::<Result<Vec<_>, _>>()?;
    let list = format!("[{}]", ids.iter().map(i64::to_string).collect::<Vec<_>>().join(","));
    let tags = match ids.is_empty() {
        true => Vec::new(),
        false => instance.store.read(queries::EXPORT_TAGS, params![list, publication_id]).await?,
    };
    let mut tags = tags.iter().map(|row| Ok((row.int(0)?, row.text(1)?))).peekable();
    let mut csv = Writer::from_writer(Vec::new());
    if after.is_none() {
        line(&mut csv, HEADER.map(str::to_owned))?;
    }
    for row in &rows {
        let id = row.int(0)?;
        let mut own = Vec::new();
        while let Some(tag) =
            tags.next_if(|tag: &Result<_, AudienceError>| tag.as_ref().is_ok_and(|(reader, _)| *reader == id))
        {
            own.push(tag?.1);
        }
        let fields = [
            row.text(1)?,
            row.opt_text(2)?.unwrap_or_default(),
            row.opt_text(3)?.unwrap_or_default(),
            row.opt_text(4)?.unwrap_or_default(),
            state(row.int(5)?)?.name().to_owned(),
            moment(row.int(6)?),
            row.text(7)?,
            joined(&own),
            row.opt_text(8)?.unwrap_or_default(),
        ];
        line(&mut csv, fields.map(guarded))?;
    }
    let next = (ids.len() as i64 == PAGE).then(|| ids.last().copied()).flatten();
    let bytes = csv.into_inner().map_err(|error| unwritten(error.into_error()))?;
    Ok(Page { bytes, readers: ids.len() as u64, next })
}

fn line(csv: &mut Writer<Vec<u8>>, fields: [String; 9]) -> Result<(), AudienceError> {
    csv.write_record(fields).map_err(|error| unwritten(error.into()))
}

fn unwritten(source: io::Error) -> AudienceError {
    AudienceError::File { what: "the readers cannot be written".to_owned(), source }
}

/// Tags are separated by `;`; a single one that holds a comma says so with one at its end.
fn joined(tags: &[String]) -> String {
    match tags {
        [one] if one.contains(',') => format!("{one};"),
        several => several.join(";"),
    }
}

/// A cell that a spreadsheet would run as a formula gets an apostrophe in front; an import takes it away.
fn guarded(text: String) -> String {
    if risky(text.trim_start_matches('\'')) { format!("'{text}") } else { text }
}
