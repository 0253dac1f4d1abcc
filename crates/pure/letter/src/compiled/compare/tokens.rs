//! What a letter or a template lets expect, piece by piece, decoded.

use super::Part;
use crate::compiled::{CompiledLetter, Op};
use crate::escape::is_blank;
use crate::template::{Escape, PersonalSlot, Piece};

/// What is expected next.
#[derive(Debug)]
pub(super) enum Token {
    Fixed(String),
    Slot {
        slot: PersonalSlot,
        escape: Escape,
        lead: String,
        fallback: String,
    },
    Only {
        segment: usize,
        skip: usize,
    },
    /// The text ends here and the HTML begins.
    NextPart,
}

impl CompiledLetter {
    /// The operations of a part, decoded.
    pub(super) fn part(&self, part: Part) -> Vec<Token> {
        // The frame is the first operation, the two between the parts, and the last (see `compile`).
        let head = self.part_head("text/html");
        let html = |op: &Op| matches!(op, Op::Run(run) if self.bytes(*run) == head.as_bytes());
        let html = self.ops.iter().position(html).unwrap_or(self.ops.len());
        let range = match part {
            Part::Text => 1..html.saturating_sub(1),
            Part::Html => html + 1..self.ops.len().saturating_sub(1),
        };
        self.ops
            .get(range)
            .unwrap_or_default()
            .iter()
            .map(|op| match op {
                Op::Run(run) => Token::Fixed(decoded(self.bytes(*run))),
                Op::Slot { slot, escape, lead, fallback } => Token::Slot {
                    slot: *slot,
                    escape: *escape,
                    lead: String::from_utf8_lossy(self.bytes(*lead)).into_owned(),
                    fallback: decoded(self.bytes(*fallback)),
                },
                Op::Only { segment, skip } => {
                    Token::Only { segment: usize::from(*segment), skip: *skip as usize }
                }
            })
            .collect()
    }
}

/// The pieces of a template, one after the other.
pub(super) fn flatten(pieces: &[Piece], tokens: &mut Vec<Token>) {
    for piece in pieces {
        match piece {
            Piece::Run(run) => tokens.push(Token::Fixed(run.clone())),
            Piece::Slot(used) => {
                let mut fallback = String::new();
                if let Some(words) = used.fallback.as_deref().filter(|words| !is_blank(words)) {
                    let mut bytes = used.lead.as_bytes().to_vec();
                    crate::escape::escaped(words, used.escape, |escaped| bytes.extend_from_slice(escaped));
                    fallback = String::from_utf8_lossy(&bytes).into_owned();
                }
                tokens.push(Token::Slot {
                    slot: used.slot,
                    escape: used.escape,
                    lead: used.lead.clone(),
                    fallback,
                });
            }
            Piece::Only { segment, pieces } => {
                let at = tokens.len();
                tokens.push(Token::Only { segment: *segment, skip: 0 });
                flatten(pieces, tokens);
                let inside = tokens.len() - at - 1;
                if let Some(Token::Only { skip, .. }) = tokens.get_mut(at) {
                    *skip = inside;
                }
            }
        }
    }
}

/// Undoes quoted-printable as the compiler writes it.
fn decoded(encoded: &[u8]) -> String {
    let mut out = Vec::with_capacity(encoded.len());
    let mut at = 0;
    while let Some(byte) = encoded.get(at) {
        let next = encoded.get(at + 1..at + 3);
        match (byte, next) {
            (b'=', Some(b"\r\n")) => at += 3,
            (b'=', Some(hex)) => {
                let hex = std::str::from_utf8(hex).ok().and_then(|hex| u8::from_str_radix(hex, 16).ok());
                out.extend(hex);
                at += 3;
            }
            (b'\r', Some([b'\n', ..])) => at += 1,
            (b'\r', None) if encoded.get(at + 1) == Some(&b'\n') => at += 1,
            _ => {
                out.push(*byte);
                at += 1;
            }
        }
    }
    String::from_utf8_lossy(&out).into_owned()
}
