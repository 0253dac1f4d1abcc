//! The file of refused lines: each as it stood, behind its number and the reason.

use std::fs::File;
use std::io::BufWriter;
use std::path::{Path, PathBuf};

use csv::{ByteRecord, Writer, WriterBuilder};
use i18n::{Language, t};

use super::ImportError;
use super::report::Refused;

pub(super) struct Errors {
    path: Option<PathBuf>,
    language: Language,
    delimiter: u8,
    header: ByteRecord,
    writer: Option<Writer<BufWriter<File>>>,
}

impl Errors {
    pub(super) fn new(path: Option<PathBuf>, language: Language, delimiter: u8, header: ByteRecord) -> Self {
        Errors { path, language, delimiter, header, writer: None }
    }

    /// Writes one; the file is made for the first.
    pub(super) fn write(
        &mut self,
        line: u64,
        reason: Refused,
        record: &ByteRecord,
    ) -> Result<(), ImportError> {
        let Some(path) = self.path.clone() else { return Ok(()) };
        let (language, why) = (self.language, reason.sentence(self.language));
        let header = self.header.clone();
        let writer = match &mut self.writer {
            Some(writer) => writer,
            None => {
                let file = File::create(&path).map_err(|error| failed(&path, &error))?;
                let mut writer = WriterBuilder::new()
                    .delimiter(self.delimiter)
                    .flexible(true)
                    .from_writer(BufWriter::new(file));
                let (number, reason) =
                    (t(language, "audience-errors-line"), t(language, "audience-errors-reason"));
                write(&mut writer, &number, &reason, &header, &path)?;
                self.writer.insert(writer)
            }
        };
        write(writer, &line.to_string(), &why, record, &path)
    }

    /// Completes the file. Returns its path, if there was anything to write.
    pub(super) fn finish(self) -> Result<Option<String>, ImportError> {
        let (Some(mut writer), Some(path)) = (self.writer, self.path) else { return Ok(None) };
        writer.flush().map_err(|error| failed(&path, &error))?;
        Ok(Some(path.display().to_string()))
    }
}

fn write(
    writer: &mut Writer<BufWriter<File>>,
    line: &str,
    reason: &str,
    record: &ByteRecord,
    path: &Path,
) -> Result<(), ImportError> {
    let front = [line.as_bytes(), reason.as_bytes()].into_iter().map(<[u8]>::to_vec);
    // The author opens this file in a spreadsheet, and a stranger may have written what is in it.
    let rest = record.iter().map(|field| {
        let risky = matches!(field.first(), Some(b'=' | b'+' | b'-' | b'@' | b'\t' | b'\r'));
        if risky { [b"'", field].concat() } else { field.to_vec() }
    });
    writer.write_record(front.chain(rest)).map_err(|error| failed(path, &error))
}

fn failed(path: &Path, error: &dyn std::fmt::Display) -> ImportError {
    ImportError::Errors { path: path.display().to_string(), why: error.to_string() }
}
