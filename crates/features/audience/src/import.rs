//! Importing readers from a CSV file, of this program or of another service.
//!
//! In order: the head of the file tells encoding and delimiter, the header tells the columns, the whole file is
//! looked through once (a fault of the file itself changes nothing), then it is read line by line on a thread of its
//! own and written in batches. Memory does not grow with the file; a dry run remembers eight bytes a line.

mod apply;
mod errors;
mod header;
mod line;
mod report;
mod scan;
mod source;

use std::io::{Read, Seek};
use std::path::PathBuf;

use i18n::{Language, t, t_with};
use instance::Instance;
use publications::Publication;
use store::StoreError;
use tokio::sync::mpsc;

pub(crate) use line::risky;
pub use report::{Refused, Report};

use apply::Importer;
use scan::{Scan, Work};

/// Lines in one batch: enough to make a commit cheap, few enough that a sign-up does not wait behind one.
const BATCH: usize = 2_000;
/// Batches read ahead of the writing.
const AHEAD: usize = 2;

/// How to import.
#[derive(Clone, Debug, Default)]
pub struct Options {
    /// Only tell what would happen.
    pub dry_run: bool,
    /// Name of the file, kept with what came from it.
    pub source: String,
    /// Where refused lines go, with their reasons; the file is made when there is one.
    pub errors: Option<PathBuf>,
    /// Language of those reasons.
    pub language: Language,
}

impl Options {
    /// Beside a file `readers.csv` its errors stand in `readers.csv.errors.csv`.
    pub fn for_file(path: &std::path::Path) -> Self {
        let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
        let mut errors = path.as_os_str().to_owned();
        errors.push(".errors.csv");
        Options { source: name, errors: Some(errors.into()), ..Options::default() }
    }
}

/// Why nothing was imported.
#[derive(Debug, thiserror::Error)]
pub enum ImportError {
    /// There is nothing in the file.
    #[error("line 1, column 1: the file is empty; the first line must name the columns, one of them `email`")]
    Empty,
    /// The first line names no column for the address.
    #[error("line {line}, column 1: no column holds the address; name one `email` (found: {found})")]
    NoAddressColumn {
        /// Line of the header.
        line: u64,
        /// The names that were found.
        found: String,
    },
    /// A quote is opened and never closed.
    #[error("line {line}, column {column}: a quote is opened here and not closed; nothing was imported")]
    OpenQuote {
        /// Line, from 1.
        line: u64,
        /// Column of the file, from 1.
        column: usize,
    },
    /// The file cannot be read.
    #[error("the file cannot be read: {0}")]
    Unreadable(std::io::Error),
    /// The file of refused lines cannot be written.
    #[error("{path}: the refused lines cannot be written there: {why}")]
    Errors {
        /// Where.
        path: String,
        /// Why not.
        why: String,
    },
    /// What is in the database cannot be read.
    #[error(transparent)]
    Audience(#[from] crate::AudienceError),
    /// The store.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl ImportError {
    /// The sentence for whoever uploaded the file; none where it is not the file's fault.
    pub fn sentence(&self, language: Language) -> Option<String> {
        match self {
            ImportError::Empty => Some(t(language, "audience-import-empty")),
            ImportError::NoAddressColumn { line, found } => {
                let values = [("line", (*line).into()), ("found", found.as_str().into())];
                Some(t_with(language, "audience-import-no-address", &values))
            }
            ImportError::OpenQuote { line, column } => {
                let values = [("line", (*line).into()), ("column", (*column).into())];
                Some(t_with(language, "audience-import-open-quote", &values))
            }
            _ => None,
        }
    }
}

/// So many new readers change what a database knows of its tables.
const MANY: u64 = 10_000;

/// Imports a file into a publication.
pub async fn import(
    instance: &Instance,
    publication: &Publication,
    file: impl Read + Seek + Send + 'static,
    options: Options,
) -> Result<Report, ImportError> {
    let (batches, mut waiting) = mpsc::channel(AHEAD);
    let scan = Scan {
        secrets: instance.secrets.clone(),
        errors: options.errors.clone(),
        language: options.language,
    };
    let reading = tokio::task::spawn_blocking(move || scan.run(file, &batches));
    let mut importer = Importer::new(instance, publication.id, &options);
    let mut failed = None;
    while let Some(work) = waiting.recv().await {
        if let Err(error) = apply_one(&mut importer, work).await {
            failed = Some(error);
            break;
        }
    }
    // The reader stops when nobody takes its batches any more.
    drop(waiting);
    let end = reading.await.map_err(|_| StoreError::Closed)?;
    if let Some(error) = failed {
        return Err(error);
    }
    let end = end?;
    let mut report = importer.report;
    report.encoding = end.encoding;
    report.ignored_columns = end.ignored_columns;
    report.errors_file = end.errors_file;
    if report.added >= MANY {
        instance.store.take_stock().await?;
    }
    tracing::info!(
        publication = publication.slug.as_str(),
        dry_run = report.dry_run,
        lines = report.lines,
        added = report.added,
        refused = report.refused,
        "readers imported"
    );
    Ok(report)
}

async fn apply_one(importer: &mut Importer<'_>, work: Work) -> Result<(), ImportError> {
    for reason in work.refused {
        importer.report.refuse(reason);
    }
    importer.batch(work.lines).await
}
