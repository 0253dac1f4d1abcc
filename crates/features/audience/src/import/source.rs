//! The bytes of a file as text: which encoding, which delimiter.
//!
//! UTF-16 is turned into UTF-8 as it is read. Everything else is read as it stands, since commas, quotes and line
//! ends are the same bytes in all of it; each line is then UTF-8, or where it is not, Windows-1252.

use std::borrow::Cow;
use std::io::{self, Read, Seek, SeekFrom};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use encoding_rs::{CoderResult, Decoder, Encoding as Charset, UTF_16BE, UTF_16LE, WINDOWS_1252};

/// What is looked at to tell the encoding and the delimiter.
const HEAD: usize = 64 * 1024;
/// A line longer than this is none: a quote was opened and not closed.
pub(super) const LONGEST_LINE: usize = 1024 * 1024;
const BUFFER: usize = 32 * 1024;

/// How the bytes of a file are read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Encoding {
    /// UTF-8, and Windows-1252 line by line where it is not.
    EightBit,
    /// UTF-16, low byte first.
    Utf16Le,
    /// UTF-16, high byte first.
    Utf16Be,
}

/// What the head of a file tells.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Shape {
    pub(super) encoding: Encoding,
    pub(super) delimiter: u8,
    /// Bytes before the header: a byte order mark, a line `sep=;` of a spreadsheet. After decoding.
    pub(super) skip: usize,
    /// Lines before the header.
    pub(super) lines_before: u64,
    pub(super) line_end: LineEnd,
}

/// How the lines of a file end, which is what counting them depends on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum LineEnd {
    /// As most files.
    Lf,
    /// As on Windows.
    CrLf,
    /// As on a Macintosh of old.
    Cr,
}

impl Shape {
    /// Looks at the head of a file.
    pub(super) fn of(file: &mut (impl Read + Seek)) -> io::Result<Shape> {
        file.seek(SeekFrom::Start(0))?;
        let mut head = Vec::with_capacity(HEAD);
        file.by_ref().take(HEAD as u64).read_to_end(&mut head)?;
        let encoding = encoding(&head);
        let mut text = Vec::new();
        Decoding::new(head.as_slice(), encoding).read_to_end(&mut text)?;
        let mut shape = Shape { encoding, delimiter: b',', skip: 0, lines_before: 0, line_end: LineEnd::Lf };
        if text.starts_with(b"\xef\xbb\xbf") {
            shape.skip = 3;
        }
        let first = first_line(&text[shape.skip..]);
        shape.line_end = match first {
            [.., b'\r', b'\n'] => LineEnd::CrLf,
            [.., b'\r'] => LineEnd::Cr,
            _ => LineEnd::Lf,
        };
        if let Some(named) = separator_line(first) {
            shape.skip += first.len();
            shape.lines_before = 1;
            shape.delimiter = named;
        } else {
            shape.delimiter = delimiter(first);
        }
        Ok(shape)
    }

    /// The file from its header on, as bytes of which commas and line ends can be told. The counter holds how much
    /// was read since it was last set to 0.
    pub(super) fn open<R: Read + Seek>(self, mut file: R, since: Arc<AtomicUsize>) -> io::Result<impl Read> {
        file.seek(SeekFrom::Start(0))?;
        let mut decoding = Decoding::new(file, self.encoding);
        io::copy(&mut decoding.by_ref().take(self.skip as u64), &mut io::sink())?;
        Ok(Counted { inner: decoding, since })
    }
}

fn encoding(head: &[u8]) -> Encoding {
    let known = |charset: &'static Charset| match charset {
        charset if charset == UTF_16LE => Encoding::Utf16Le,
        charset if charset == UTF_16BE => Encoding::Utf16Be,
        _ => Encoding::EightBit,
    };
    if let Some((charset, _)) = Charset::for_bom(head) {
        return known(charset);
    }
    // Without a mark: text in UTF-16 that has a header in plain letters has a zero in every second byte.
    let sample = &head[..head.len().min(512)];
    let zeros = |parity: usize| sample.iter().skip(parity).step_by(2).filter(|byte| **byte == 0).count();
    let enough = sample.len() / 8;
    match (zeros(0), zeros(1)) {
        (_, odd) if odd > enough => Encoding::Utf16Le,
        (even, _) if even > enough => Encoding::Utf16Be,
        _ => Encoding::EightBit,
    }
}

/// The first line with its end; what stands in quotes does not end it.
fn first_line(text: &[u8]) -> &[u8] {
    let mut quoted = false;
    for (at, byte) in text.iter().enumerate() {
        match byte {
            b'"' => quoted = !quoted,
            b'\n' if !quoted => return &text[..=at],
            b'\r' if !quoted && text.get(at + 1) != Some(&b'\n') => return &text[..=at],
            _ => {}
        }
    }
    text
}

/// `sep=;`, which spreadsheets write for themselves.
fn separator_line(line: &[u8]) -> Option<u8> {
    let line = line.trim_ascii_end();
    let named = line.strip_prefix(b"sep=").or_else(|| line.strip_prefix(b"SEP="));
    match named {
        Some([delimiter]) => Some(*delimiter),
        // A tab is cut with the white space at the end.
        Some([]) => Some(b'\t'),
        _ => None,
    }
}

fn delimiter(header: &[u8]) -> u8 {
    let mut counts = [(b',', 0_usize), (b';', 0), (b'\t', 0), (b'|', 0)];
    let mut quoted = false;
    for byte in header {
        match byte {
            b'"' => quoted = !quoted,
            other if !quoted => {
                if let Some((_, count)) = counts.iter_mut().find(|(delimiter, _)| delimiter == other) {
                    *count += 1;
                }
            }
            _ => {}
        }
    }
    // Of equals the first, so a file of one column has commas.
    counts.iter().rev().max_by_key(|(_, count)| *count).map_or(b',', |(delimiter, _)| *delimiter)
}

/// Bytes of a file, as UTF-8 where it was UTF-16.
struct Decoding<R> {
    inner: R,
    decoder: Option<Decoder>,
    input: Vec<u8>,
    taken: usize,
    output: Vec<u8>,
    given: usize,
    ended: bool,
}

impl<R: Read> Decoding<R> {
    fn new(inner: R, encoding: Encoding) -> Self {
        let decoder = match encoding {
            Encoding::EightBit => None,
            Encoding::Utf16Le => Some(UTF_16LE.new_decoder_with_bom_removal()),
            Encoding::Utf16Be => Some(UTF_16BE.new_decoder_with_bom_removal()),
        };
        Decoding { inner, decoder, input: vec![], taken: 0, output: vec![], given: 0, ended: false }
    }
}

impl<R: Read> Read for Decoding<R> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let Some(decoder) = &mut self.decoder else { return self.inner.read(into) };
        while self.given == self.output.len() && !self.ended {
            if self.taken == self.input.len() {
                self.input.resize(BUFFER, 0);
                let read = self.inner.read(&mut self.input)?;
                self.input.truncate(read);
                self.taken = 0;
            }
            let last = self.input.is_empty();
            self.output.resize(BUFFER, 0);
            let (result, read, written, _) =
                decoder.decode_to_utf8(&self.input[self.taken..], &mut self.output, last);
            self.taken += read;
            self.output.truncate(written);
            self.given = 0;
            self.ended = last && result == CoderResult::InputEmpty;
        }
        let some = into.len().min(self.output.len() - self.given);
        into[..some].copy_from_slice(&self.output[self.given..self.given + some]);
        self.given += some;
        Ok(some)
    }
}

/// Refuses to read on when one line has no end.
struct Counted<R> {
    inner: R,
    since: Arc<AtomicUsize>,
}

impl<R: Read> Read for Counted<R> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let read = self.inner.read(into)?;
        if self.since.fetch_add(read, Ordering::Relaxed) > LONGEST_LINE {
            return Err(io::Error::new(io::ErrorKind::InvalidData, "a line without an end"));
        }
        Ok(read)
    }
}

/// A field as text: UTF-8, or Windows-1252 where its line is not UTF-8.
pub(super) fn text(record: &csv::ByteRecord, column: usize) -> Cow<'_, str> {
    let bytes = record.get(column).unwrap_or_default();
    match std::str::from_utf8(bytes) {
        Ok(text) if bytes.is_ascii() || is_utf8(record) => Cow::Borrowed(text),
        _ => WINDOWS_1252.decode_without_bom_handling(bytes).0,
    }
}

/// Whether a line is UTF-8.
pub(super) fn is_utf8(record: &csv::ByteRecord) -> bool {
    std::str::from_utf8(record.as_slice()).is_ok()
}

#[cfg(test)]
mod tests {
    use std::io::Cursor;

    use super::*;

    #[test]
    fn the_delimiter_is_the_one_the_header_uses() {
        for (header, delimiter) in [
            ("email,first_name\n", b','),
            ("email;prénom;nom\r\n", b';'),
            ("Email\tName\n", b'\t'),
            ("email|name|tags\n", b'|'),
            ("email\n", b','),
            ("\"a;b\",email;\"c,d\",x\n", b','),
            ("sep=;\r\nemail,a;b\r\n", b';'),
            ("sep=\t\nemail\n", b'\t'),
        ] {
            let shape = Shape::of(&mut Cursor::new(header)).unwrap();
            assert_eq!(shape.delimiter as char, delimiter as char, "{header:?}");
        }
    }

    #[test]
    fn a_file_is_the_same_text_in_whatever_encoding() {
        let plain = "email;prénom\r\nada@a.example;Zoé\r\n";
        let wide = |to_bytes: fn(u16) -> [u8; 2], bom: bool| -> Vec<u8> {
            let mark = bom.then_some(0xfeff);
            mark.into_iter().chain(plain.encode_utf16()).flat_map(to_bytes).collect()
        };
        let files = [
            plain.as_bytes().to_vec(),
            format!("\u{feff}{plain}").into_bytes(),
            wide(u16::to_le_bytes, true),
            wide(u16::to_be_bytes, true),
            wide(u16::to_le_bytes, false),
            encoding_rs::WINDOWS_1252.encode(plain).0.into_owned(),
        ];
        for file in files {
            let mut file = Cursor::new(file);
            let shape = Shape::of(&mut file).unwrap();
            let reader = shape.open(file, Arc::default()).unwrap();
            let mut csv =
                csv::ReaderBuilder::new().delimiter(shape.delimiter).has_headers(false).from_reader(reader);
            let records: Vec<csv::ByteRecord> = csv.byte_records().map(Result::unwrap).collect();
            assert_eq!(text(&records[0], 1), "prénom", "{shape:?}");
            assert_eq!(text(&records[1], 1), "Zoé", "{shape:?}");
            assert_eq!(text(&records[1], 0), "ada@a.example");
        }
    }

    #[test]
    fn a_line_without_an_end_is_not_swallowed() {
        let file = format!("email,note\nada@a.example,\"{}", "x\n".repeat(LONGEST_LINE));
        let mut file = Cursor::new(file);
        let shape = Shape::of(&mut file).unwrap();
        let reader = shape.open(file, Arc::default()).unwrap();
        assert!(csv::Reader::from_reader(reader).byte_records().any(|record| record.is_err()));
    }
}
