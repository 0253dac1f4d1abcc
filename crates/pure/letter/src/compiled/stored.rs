//! The stored form of a compiled letter: kept with each dispatch, so that a restart sends the same bytes.
//!
//! `SLTR`, a format number, then boundary, segments, operations and arena, each with its count as a little-endian
//! `u32`. Reading checks every number: a damaged row is an error, never a panic while a dispatch runs.

use super::{CompiledLetter, MOST_SEGMENTS, Op, Span};
use crate::template::{Escape, PersonalSlot};

const MAGIC: &[u8; 4] = b"SLTR";
const FORMAT: u8 = 1;

/// Why a stored letter cannot be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum StoredLetterError {
    /// Written by another version of the program.
    #[error("the stored letter has format {0}, this program reads {FORMAT}")]
    Format(u8),
    /// Not a letter, or cut or changed since.
    #[error("the stored letter is damaged")]
    Damaged,
}

impl CompiledLetter {
    /// The letter as bytes to keep.
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut out = Vec::with_capacity(self.arena.len() + self.ops.len() * 20 + 128);
        out.extend_from_slice(MAGIC);
        out.push(FORMAT);
        counted(self.boundary.as_bytes(), &mut out);
        number(self.segments.len() as u32, &mut out);
        for segment in &self.segments {
            counted(segment.as_bytes(), &mut out);
        }
        number(self.ops.len() as u32, &mut out);
        for op in &self.ops {
            match op {
                Op::Run(run) => {
                    out.push(0);
                    span(*run, &mut out);
                }
                Op::Slot { slot, escape, lead, fallback } => {
                    out.extend_from_slice(&[1, slot.number(), *escape as u8]);
                    span(*lead, &mut out);
                    span(*fallback, &mut out);
                }
                Op::Only { segment, skip } => {
                    out.extend_from_slice(&[2, *segment]);
                    number(*skip, &mut out);
                }
            }
        }
        counted(&self.arena, &mut out);
        out
    }

    /// The letter that [`CompiledLetter::to_bytes`] wrote.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, StoredLetterError> {
        let mut reader = Reader { bytes };
        if reader.take(4)? != MAGIC {
            return Err(StoredLetterError::Damaged);
        }
        match reader.byte()? {
            FORMAT => {}
            other => return Err(StoredLetterError::Format(other)),
        }
        let boundary = reader.string()?;
        let segments = (0..reader.number()?).map(|_| reader.string()).collect::<Result<Vec<_>, _>>()?;
        let ops = (0..reader.number()?).map(|_| reader.op()).collect::<Result<Vec<_>, _>>()?;
        let length = reader.number()? as usize;
        let arena = reader.take(length)?.to_vec();
        let letter = CompiledLetter { boundary, segments, arena, ops };
        if reader.bytes.is_empty() && letter.holds_together() {
            Ok(letter)
        } else {
            Err(StoredLetterError::Damaged)
        }
    }

    fn holds_together(&self) -> bool {
        let inside = |span: &Span| {
            span.start.checked_add(span.length).is_some_and(|end| end as usize <= self.arena.len())
        };
        self.segments.len() <= MOST_SEGMENTS
            && self.ops.iter().enumerate().all(|(at, op)| match op {
                Op::Run(run) => inside(run),
                Op::Slot { lead, fallback, .. } => inside(lead) && inside(fallback),
                Op::Only { segment, skip } => {
                    usize::from(*segment) < self.segments.len() && at + (*skip as usize) < self.ops.len()
                }
            })
    }
}

fn number(number: u32, out: &mut Vec<u8>) {
    out.extend_from_slice(&number.to_le_bytes());
}

fn counted(bytes: &[u8], out: &mut Vec<u8>) {
    number(bytes.len() as u32, out);
    out.extend_from_slice(bytes);
}

fn span(span: Span, out: &mut Vec<u8>) {
    number(span.start, out);
    number(span.length, out);
}

struct Reader<'a> {
    bytes: &'a [u8],
}

impl<'a> Reader<'a> {
    fn take(&mut self, length: usize) -> Result<&'a [u8], StoredLetterError> {
        let (taken, rest) = self.bytes.split_at_checked(length).ok_or(StoredLetterError::Damaged)?;
        self.bytes = rest;
        Ok(taken)
    }

    fn byte(&mut self) -> Result<u8, StoredLetterError> {
        Ok(self.take(1)?[0])
    }

    fn number(&mut self) -> Result<u32, StoredLetterError> {
        let bytes = self.take(4)?;
        Ok(u32::from_le_bytes([bytes[0], bytes[1], bytes[2], bytes[3]]))
    }

    fn string(&mut self) -> Result<String, StoredLetterError> {
        let length = self.number()? as usize;
        String::from_utf8(self.take(length)?.to_vec()).map_err(|_| StoredLetterError::Damaged)
    }

    fn span(&mut self) -> Result<Span, StoredLetterError> {
        Ok(Span { start: self.number()?, length: self.number()? })
    }

    fn op(&mut self) -> Result<Op, StoredLetterError> {
        match self.byte()? {
            0 => Ok(Op::Run(self.span()?)),
            1 => {
                let slot = PersonalSlot::from_number(self.byte()?).ok_or(StoredLetterError::Damaged)?;
                let escape = match self.byte()? {
                    0 => Escape::None,
                    1 => Escape::Html,
                    2 => Escape::Url,
                    _ => return Err(StoredLetterError::Damaged),
                };
                Ok(Op::Slot { slot, escape, lead: self.span()?, fallback: self.span()? })
            }
            2 => Ok(Op::Only { segment: self.byte()?, skip: self.number()? }),
            _ => Err(StoredLetterError::Damaged),
        }
    }
}
