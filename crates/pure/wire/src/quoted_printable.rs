//! Quoted-printable (RFC 2045 6.7) in text mode.
//!
//! Guaranteed: no output line exceeds 76 columns, no line ends with a space or tab, every line end is
//! CRLF, all else is printable ASCII. Dot-stuffing is SMTP's business (`smtp::dot_stuff`).

use memchr::memchr;

/// RFC 2045 6.7 (5): 76 columns, the `=` of a soft break included.
const LINE_MAX: usize = 76;
const SOFT_BREAK: &[u8] = b"=\r\n";
const HEX: &[u8; 16] = b"0123456789ABCDEF";

/// Bytes that stand for themselves; space and tab do so everywhere but at a line's end.
static LITERAL: [bool; 256] = literal_table();

const fn literal_table() -> [bool; 256] {
    let mut table = [false; 256];
    let mut byte = b' ';
    while byte <= b'~' {
        table[byte as usize] = byte != b'=';
        byte += 1;
    }
    table[b'\t' as usize] = true;
    table
}

/// Where an encoded text is not quoted-printable.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the quoted-printable text is malformed at byte {offset}")]
pub struct DecodeError {
    /// The position of the `=` or of the byte that cannot be there.
    pub offset: usize,
}

/// Encodes a text; `\n` and `\r\n` become CRLF, every other control byte is escaped.
///
/// `out` is assumed to be at the start of a line. A last line without line end stays so.
pub fn encode(input: &[u8], out: &mut Vec<u8>) {
    // Mostly ASCII text: one extra line in a twenty and a few escapes.
    out.reserve(input.len() + input.len() / 16 + 8);
    let mut rest = input;
    while let Some(end) = memchr(b'\n', rest) {
        let line = rest[..end].strip_suffix(b"\r").unwrap_or(&rest[..end]);
        encode_line(line, LINE_MAX, true, out);
        out.extend_from_slice(b"\r\n");
        rest = &rest[end + 1..];
    }
    encode_line(rest, LINE_MAX, true, out);
}

/// Encodes the value of a slot between two encoded runs.
///
/// `out` must be at column 0 when called, and is at column 0 again on return: the value is closed by a
/// soft break (which decodes to nothing), so neither neighbour needs to know its length. An empty value
/// writes nothing.
pub fn encode_inline(value: &[u8], out: &mut Vec<u8>) {
    let mut rest = value;
    while let Some(end) = memchr(b'\n', rest) {
        let line = rest[..end].strip_suffix(b"\r").unwrap_or(&rest[..end]);
        encode_line(line, LINE_MAX, true, out);
        out.extend_from_slice(b"\r\n");
        rest = &rest[end + 1..];
    }
    if !rest.is_empty() {
        encode_line(rest, LINE_MAX - 1, false, out);
        out.extend_from_slice(SOFT_BREAK);
    }
}

/// Encodes one line without its end. `last` is the width its last row may have; `ends` tells that a hard
/// line end follows, before which white space must be escaped.
fn encode_line(line: &[u8], last: usize, ends: bool, out: &mut Vec<u8>) {
    let literal_end = match line.last() {
        Some(b' ' | b'\t') if ends => line.len() - 1,
        _ => line.len(),
    };
    let mut column = 0;
    let mut position = 0;
    while position < line.len() {
        let run = line[position..literal_end.max(position)]
            .iter()
            .position(|&byte| !LITERAL[byte as usize])
            .unwrap_or(literal_end.saturating_sub(position));
        let mut literal = &line[position..position + run];
        position += run;
        while !literal.is_empty() {
            let limit =
                if position == line.len() && column + literal.len() <= last { last } else { LINE_MAX - 1 };
            let take = literal.len().min(limit - column);
            if take == 0 {
                out.extend_from_slice(SOFT_BREAK);
                column = 0;
                continue;
            }
            out.extend_from_slice(&literal[..take]);
            column += take;
            literal = &literal[take..];
        }
        if let Some(&byte) = line.get(position) {
            position += 1;
            let limit = if position == line.len() { last } else { LINE_MAX - 1 };
            if column + 3 > limit {
                out.extend_from_slice(SOFT_BREAK);
                column = 0;
            }
            out.extend_from_slice(&[b'=', HEX[(byte >> 4) as usize], HEX[(byte & 15) as usize]]);
            column += 3;
        }
    }
}

/// Decodes a quoted-printable text; line ends stay as they are, white space before them is dropped
/// (RFC 2045 6.7 (3)).
pub fn decode(input: &[u8]) -> Result<Vec<u8>, DecodeError> {
    let mut out = Vec::with_capacity(input.len());
    let mut position = 0;
    while position < input.len() {
        let next = memchr(b'\n', &input[position..]).map_or(input.len(), |at| position + at + 1);
        let row = &input[position..next];
        let text = row.strip_suffix(b"\n").unwrap_or(row);
        let text = text.strip_suffix(b"\r").unwrap_or(text);
        let end = &row[text.len()..];
        let text = text.trim_ascii_end();
        let (text, soft) = match text.strip_suffix(b"=") {
            Some(text) => (text, true),
            None => (text, false),
        };
        decode_row(text, position, &mut out)?;
        if !soft {
            out.extend_from_slice(end);
        }
        position = next;
    }
    Ok(out)
}

fn decode_row(row: &[u8], offset: usize, out: &mut Vec<u8>) -> Result<(), DecodeError> {
    let mut at = 0;
    while let Some(&byte) = row.get(at) {
        if byte == b'=' {
            let pair = (row.get(at + 1).copied().and_then(hex), row.get(at + 2).copied().and_then(hex));
            let (Some(high), Some(low)) = pair else { return Err(DecodeError { offset: offset + at }) };
            out.push(high << 4 | low);
            at += 3;
        } else if LITERAL[byte as usize] {
            out.push(byte);
            at += 1;
        } else {
            return Err(DecodeError { offset: offset + at });
        }
    }
    Ok(())
}

fn hex(byte: u8) -> Option<u8> {
    (byte as char).to_digit(16).map(|digit| digit as u8)
}

#[cfg(test)]
mod tests;
