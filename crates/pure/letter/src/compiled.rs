//! The compiled letter: a text part and an HTML part as `multipart/alternative`, encoded once, with numbered slots.
//!
//! Guarantees:
//! - Filling copies runs and encodes the reader's values; it parses nothing and allocates nothing but room in the
//!   output.
//! - What comes out decodes to exactly what [`Template::render`] gives for the same values.
//! - Every operation begins and ends in column 0 of the quoted-printable text, so runs do not depend on values; no
//!   line is longer than 76 columns, and there is no CR without LF, no LF without CR.
//! - The boundary holds `=_`, which quoted-printable text cannot hold (RFC 2045 6.7), so no value closes a part.
//!
//! It writes the body and the headers of its two parts, not those of the message: [`CompiledLetter::content_type`]
//! is what the message has to say about it.

use aws_lc_rs::digest::{SHA256, digest};

use crate::escape::{escaped, is_blank};
use crate::template::{Escape, PersonalSlot, Piece, SlotUse, Template, Values};

mod compare;
mod stored;

pub use compare::{Difference, Filled, Part};
pub use stored::StoredLetterError;

/// One bit each in [`Values::segments`].
const MOST_SEGMENTS: usize = 64;
/// RFC 2045 6.7 (5): no encoded line is longer, the `=` of a soft break included.
const LINE: usize = 76;
/// RFC 2046 5.1.1: a boundary has at most 70 characters.
const BOUNDARY: usize = 70;

/// Why a letter does not compile.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum CompileError {
    /// The letter speaks to more segments than a reader has bits.
    #[error("the letter speaks to {0} segments, at most {MOST_SEGMENTS} fit")]
    TooManySegments(usize),
}

/// An edition ready to be filled for each reader.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CompiledLetter {
    boundary: String,
    segments: Vec<String>,
    arena: Vec<u8>,
    ops: Vec<Op>,
}

/// Part of the arena.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Span {
    start: u32,
    length: u32,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Op {
    /// Copy.
    Run(Span),
    /// Encode a value, or copy the fallback, already encoded. An empty fallback means that nothing is written.
    Slot { slot: PersonalSlot, escape: Escape, lead: Span, fallback: Span },
    /// Go on for readers of the segment, or skip as many operations.
    Only { segment: u8, skip: u32 },
}

impl CompiledLetter {
    /// Compiles the two bodies. `boundary` should differ from letter to letter; what a boundary may not hold is
    /// left out of it.
    pub fn compile(text: &Template, html: &Template, boundary: &str) -> Result<Self, CompileError> {
        let mut segments: Vec<String> = text.segments().to_vec();
        for name in html.segments() {
            if !segments.contains(name) {
                segments.push(name.clone());
            }
        }
        if segments.len() > MOST_SEGMENTS {
            return Err(CompileError::TooManySegments(segments.len()));
        }
        let mut letter = CompiledLetter {
            boundary: safe_boundary(boundary),
            segments,
            arena: Vec::new(),
            ops: Vec::new(),
        };
        letter.open_part("text/plain");
        letter.pieces(text.pieces(), text.segments());
        letter.plain("\r\n");
        letter.open_part("text/html");
        letter.pieces(html.pieces(), html.segments());
        let close = format!("\r\n--{}--\r\n", letter.boundary);
        letter.plain(&close);
        Ok(letter)
    }

    /// Appends the body of the message for one reader.
    pub fn fill(&self, values: &Values<'_>, out: &mut Vec<u8>) {
        out.reserve(self.arena.len() + 64 * self.ops.len().min(64));
        let mut index = 0;
        while let Some(op) = self.ops.get(index) {
            match op {
                Op::Run(run) => out.extend_from_slice(self.bytes(*run)),
                Op::Slot { slot, escape, lead, fallback } => match values.get(*slot) {
                    Some(value) => encode_value(self.bytes(*lead), value, *escape, out),
                    None => out.extend_from_slice(self.bytes(*fallback)),
                },
                Op::Only { segment, skip } => {
                    if values.segments >> segment & 1 == 0 {
                        index += *skip as usize;
                    }
                }
            }
            index += 1;
        }
    }

    /// The boundary between the parts.
    pub fn boundary(&self) -> &str {
        &self.boundary
    }

    /// The value of the message's `Content-Type` header.
    pub fn content_type(&self) -> String {
        format!("multipart/alternative; boundary=\"{}\"", self.boundary)
    }

    /// The segments the letter speaks to; the first is bit 0 of [`Values::segments`].
    pub fn segments(&self) -> &[String] {
        &self.segments
    }

    /// The slots that occur, each once, in the order of their numbers.
    pub fn slots_used(&self) -> Vec<PersonalSlot> {
        PersonalSlot::ALL
            .into_iter()
            .filter(|wanted| self.ops.iter().any(|op| matches!(op, Op::Slot { slot, .. } if slot == wanted)))
            .collect()
    }

    /// Size in bytes of everything that is copied: the body for a reader in every segment, without the values.
    pub fn size(&self) -> usize {
        self.arena.len()
    }

    /// SHA-256 of the stored form: two letters with the same hash send the same.
    pub fn hash(&self) -> [u8; 32] {
        let mut hash = [0; 32];
        hash.copy_from_slice(digest(&SHA256, &self.to_bytes()).as_ref());
        hash
    }

    fn bytes(&self, span: Span) -> &[u8] {
        // Spans are made by `append` or checked by `from_bytes`; the fallback of `get` is never reached.
        self.arena.get(span.start as usize..(span.start + span.length) as usize).unwrap_or_default()
    }

    fn open_part(&mut self, kind: &str) {
        let head = self.part_head(kind);
        self.plain(&head);
    }

    fn part_head(&self, kind: &str) -> String {
        format!(
            "--{}\r\nContent-Type: {kind}; charset=utf-8\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n",
            self.boundary
        )
    }

    fn plain(&mut self, text: &str) {
        let run = self.append(text.as_bytes());
        self.ops.push(Op::Run(run));
    }

    fn pieces(&mut self, pieces: &[Piece], names: &[String]) {
        for piece in pieces {
            match piece {
                Piece::Run(run) if run.is_empty() => {}
                Piece::Run(run) => {
                    let run = self.append(&encode_run(run));
                    self.ops.push(Op::Run(run));
                }
                Piece::Slot(used) => self.slot(used),
                Piece::Only { segment, pieces } => self.only(*segment, pieces, names),
            }
        }
    }

    fn slot(&mut self, used: &SlotUse) {
        let fallback = match used.fallback.as_deref().filter(|fallback| !is_blank(fallback)) {
            Some(fallback) => {
                let mut encoded = Vec::new();
                encode_value(used.lead.as_bytes(), fallback, used.escape, &mut encoded);
                self.append(&encoded)
            }
            None => self.append(&[]),
        };
        let lead = self.append(used.lead.as_bytes());
        self.ops.push(Op::Slot { slot: used.slot, escape: used.escape, lead, fallback });
    }

    fn only(&mut self, segment: usize, pieces: &[Piece], names: &[String]) {
        // A piece for a segment without a name is for nobody.
        let Some(number) =
            names.get(segment).and_then(|name| self.segments.iter().position(|known| known == name))
        else {
            return;
        };
        let at = self.ops.len();
        // `compile` has refused more than 64.
        self.ops.push(Op::Only { segment: number as u8, skip: 0 });
        self.pieces(pieces, names);
        let inside = (self.ops.len() - at - 1) as u32;
        if let Op::Only { skip, .. } = &mut self.ops[at] {
            *skip = inside;
        }
    }

    fn append(&mut self, bytes: &[u8]) -> Span {
        let span = Span { start: self.arena.len() as u32, length: bytes.len() as u32 };
        self.arena.extend_from_slice(bytes);
        span
    }
}

/// Keeps what a boundary may hold, and adds what encoded text cannot.
fn safe_boundary(wish: &str) -> String {
    let kept: String = wish
        .chars()
        .filter(|letter| letter.is_ascii_alphanumeric() || matches!(letter, '-' | '_' | '.'))
        .take(BOUNDARY - 2)
        .collect();
    format!("=_{kept}")
}

/// A run in quoted-printable that ends in column 0: with a line end of its own, or with a soft one.
fn encode_run(run: &str) -> Vec<u8> {
    let mut out = Vec::with_capacity(run.len() + run.len() / 8);
    wire::quoted_printable::encode(run.as_bytes(), &mut out);
    if out.ends_with(b"\r\n") && run.ends_with('\n') {
        return out;
    }
    let column = out.len() - out.iter().rposition(|byte| *byte == b'\n').map_or(0, |at| at + 1);
    if column >= LINE {
        // No room for the `=`: the last letter, or the last `=XX`, moves to the next line.
        let last = if out[out.len() - 3] == b'=' { 3 } else { 1 };
        let at = out.len() - last;
        out.splice(at..at, *b"=\r\n");
    }
    out.extend_from_slice(b"=\r\n");
    out
}

/// Encodes what leads a value and the value from column 0 on, and ends with a soft line break.
fn encode_value(lead: &[u8], value: &str, escape: Escape, out: &mut Vec<u8>) {
    let mut line = Line { column: 0, out };
    for (at, byte) in lead.iter().enumerate() {
        match byte {
            b'\n' => line.end(),
            // RFC 2045 6.7 (3): a space at the end of a line is encoded.
            b' ' if lead.get(at + 1) == Some(&b'\n') => line.put_encoded(b' '),
            byte => line.put(*byte),
        }
    }
    escaped(value, escape, |bytes| {
        for byte in bytes {
            line.put(*byte);
        }
    });
    line.out.extend_from_slice(b"=\r\n");
}

struct Line<'a> {
    column: usize,
    out: &'a mut Vec<u8>,
}

impl Line<'_> {
    fn put(&mut self, byte: u8) {
        // A space is safe as it is: the line goes on, or ends in the `=` of a soft break.
        if matches!(byte, b' '..=b'~') && byte != b'=' {
            self.room(1);
            self.out.push(byte);
            self.column += 1;
        } else {
            self.put_encoded(byte);
        }
    }

    fn put_encoded(&mut self, byte: u8) {
        const HEX: &[u8; 16] = b"0123456789ABCDEF";
        self.room(3);
        self.out.extend_from_slice(&[b'=', HEX[usize::from(byte >> 4)], HEX[usize::from(byte & 15)]]);
        self.column += 3;
    }

    fn room(&mut self, columns: usize) {
        if self.column + columns >= LINE {
            self.out.extend_from_slice(b"=\r\n");
            self.column = 0;
        }
    }

    fn end(&mut self) {
        self.out.extend_from_slice(b"\r\n");
        self.column = 0;
    }
}

#[cfg(test)]
mod tests;
