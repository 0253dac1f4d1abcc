//! Reading a file: looked through once for faults of its own, then line by line into batches.

use std::io::{self, Read, Seek};
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use csv::{ByteRecord, Reader, ReaderBuilder};
use i18n::Language;
use instance::Secrets;
use tokio::sync::mpsc::Sender;

use super::errors::Errors;
use super::header::Columns;
use super::line::{self, Line};
use super::report::Refused;
use super::source::{self, Encoding, LineEnd, Shape};
use super::{BATCH, ImportError};

/// A line that can be used, with the forms of its address that the database knows.
pub(super) struct Given {
    pub(super) line: Line,
    pub(super) key: String,
    pub(super) hash: [u8; 16],
}

/// A run of lines.
#[derive(Default)]
pub(super) struct Work {
    pub(super) lines: Vec<Given>,
    pub(super) refused: Vec<Refused>,
}

/// What is known when the file has been read.
pub(super) struct End {
    pub(super) encoding: &'static str,
    pub(super) ignored_columns: Vec<String>,
    pub(super) errors_file: Option<String>,
}

/// A reading of a file.
pub(super) struct Scan {
    pub(super) secrets: Arc<Secrets>,
    pub(super) errors: Option<PathBuf>,
    pub(super) language: Language,
}

/// The records of a file after its header.
struct Records<'a> {
    csv: Reader<Box<dyn Read + 'a>>,
    since: Arc<AtomicUsize>,
    shape: Shape,
}

impl Scan {
    /// Reads the file and hands its lines over until nobody takes them.
    pub(super) fn run<R: Read + Seek>(self, mut file: R, batches: &Sender<Work>) -> Result<End, ImportError> {
        let shape = Shape::of(&mut file).map_err(ImportError::Unreadable)?;
        let columns = look_through(&mut file, shape)?;
        let mut records = Records::open(&mut file, shape)?;
        let header = records.header()?;
        let mut errors = Errors::new(self.errors, self.language, shape.delimiter, header);
        let mut work = Work::default();
        let mut single_bytes = false;
        let mut record = ByteRecord::new();
        while records.next(&mut record)? {
            single_bytes |= !source::is_utf8(&record);
            match line::read(&columns, &record) {
                Ok(line) => {
                    let key = line.email.key();
                    let hash = self.secrets.suppression_key(&key);
                    work.lines.push(Given { line, key, hash });
                }
                Err(reason) => {
                    errors.write(records.line(&record), reason, &record)?;
                    work.refused.push(reason);
                }
            }
            if work.lines.len() + work.refused.len() >= BATCH
                && batches.blocking_send(std::mem::take(&mut work)).is_err()
            {
                break;
            }
        }
        // Whoever stopped listening knows why.
        let _ = batches.blocking_send(work);
        let encoding = match shape.encoding {
            Encoding::EightBit if single_bytes => "windows-1252",
            Encoding::EightBit => "utf-8",
            Encoding::Utf16Le | Encoding::Utf16Be => "utf-16",
        };
        Ok(End { encoding, ignored_columns: columns.ignored, errors_file: errors.finish()? })
    }
}

/// Reads the header, and the whole file for quotes that are not closed.
fn look_through<R: Read + Seek>(file: &mut R, shape: Shape) -> Result<Columns, ImportError> {
    let mut records = Records::open(file, shape)?;
    let header = records.header()?;
    let names: Vec<String> =
        (0..header.len()).map(|column| source::text(&header, column).trim().to_owned()).collect();
    let columns = Columns::of(&names).ok_or_else(|| ImportError::NoAddressColumn {
        line: shape.lines_before + 1,
        found: names.join(", "),
    })?;
    let Columns { first_name, last_name, full_name, language, status, .. } = columns;
    let known = [Some(columns.email), first_name, last_name, full_name, language, status];
    let mut record = ByteRecord::new();
    while records.next(&mut record)? {
        // No address or state has a line end in it, and a name that has one goes on with a name: what goes on with an
        // address or a delimiter swallowed the next lines.
        let swallowed = known
            .iter()
            .flatten()
            .find(|column| record.get(**column).is_some_and(|field| swallowed_lines(field, shape.delimiter)));
        if let Some(column) = swallowed {
            return Err(ImportError::OpenQuote { line: records.line(&record), column: column + 1 });
        }
    }
    Ok(columns)
}

fn swallowed_lines(field: &[u8], delimiter: u8) -> bool {
    let rest = field.trim_ascii().splitn(2, |byte| *byte == b'\n').nth(1).unwrap_or_default();
    rest.iter().any(|byte| *byte == b'@' || *byte == delimiter)
}

impl<'a> Records<'a> {
    fn open<R: Read + Seek>(file: &'a mut R, shape: Shape) -> Result<Self, ImportError> {
        let since = Arc::new(AtomicUsize::new(0));
        let source = shape.open(file, since.clone()).map_err(ImportError::Unreadable)?;
        let csv = ReaderBuilder::new()
            .delimiter(shape.delimiter)
            .has_headers(false)
            .flexible(true)
            .buffer_capacity(256 * 1024)
            .from_reader(Box::new(source) as Box<dyn Read + 'a>);
        Ok(Records { csv, since, shape })
    }

    fn header(&mut self) -> Result<ByteRecord, ImportError> {
        let mut header = ByteRecord::new();
        if self.next(&mut header)? { Ok(header) } else { Err(ImportError::Empty) }
    }

    /// The next record with something in it.
    fn next(&mut self, record: &mut ByteRecord) -> Result<bool, ImportError> {
        loop {
            self.since.store(0, Ordering::Relaxed);
            let begins = self.begins(self.csv.position());
            match self.csv.read_byte_record(record) {
                Ok(false) => return Ok(false),
                Ok(true) if record.iter().all(|field| field.trim_ascii().is_empty()) => {}
                Ok(true) => return Ok(true),
                Err(error) => return Err(self.fault(error, begins)),
            }
        }
    }

    fn fault(&self, error: csv::Error, begins: u64) -> ImportError {
        match error.into_kind() {
            csv::ErrorKind::Io(error) if error.kind() == io::ErrorKind::InvalidData => {
                ImportError::OpenQuote { line: begins, column: 1 }
            }
            csv::ErrorKind::Io(error) => ImportError::Unreadable(error),
            other => ImportError::Unreadable(io::Error::other(format!("{other:?}"))),
        }
    }

    /// The line of the file on which a record begins.
    fn line(&self, record: &ByteRecord) -> u64 {
        record.position().map_or(0, |position| self.begins(position))
    }

    fn begins(&self, position: &csv::Position) -> u64 {
        let line = match self.shape.line_end {
            LineEnd::Lf => position.line(),
            // The reader stands between CR and LF when a record has ended.
            LineEnd::CrLf => position.line() + u64::from(position.byte() > 0),
            // It counts LF only.
            LineEnd::Cr => position.record() + 1,
        };
        line + self.shape.lines_before
    }
}
