//! Encoded-words (RFC 2047) and folding.

use data_encoding::BASE64;

use super::{COLUMNS, PLAIN_NAME_MAX, is_atoms};

/// RFC 2047 2: an encoded-word has at most 75 characters.
const WORD_MAX: usize = 75;
const Q_OPEN: &[u8] = b"=?utf-8?q?";
const B_OPEN: &[u8] = b"=?utf-8?b?";
const CLOSE: &[u8] = b"?=";
const OVERHEAD: usize = Q_OPEN.len() + CLOSE.len();
const HEX: &[u8; 16] = b"0123456789ABCDEF";

/// Writes free text from `column` on. Words that can stand as they are do; what lies between the first and the
/// last that cannot becomes encoded-words.
pub(super) fn text(value: &str, column: usize, out: &mut Vec<u8>) {
    let longest = COLUMNS - column;
    let (from, to) = encoded_span(value, longest);
    let mut line = Line { column, out };
    line.plain(&value[..from]);
    if from < to {
        line.encoded(&value[from..to]);
    }
    line.plain(&value[to..]);
}

/// Writes a display name from `column` on: atoms, a quoted-string or encoded-words. Returns the column reached.
pub(super) fn phrase(name: &str, column: usize, out: &mut Vec<u8>) -> usize {
    let ascii = name.bytes().all(|byte| matches!(byte, b' '..=b'~'));
    let mut line = Line { column, out };
    // Readers in use decode encoded-words inside quotes too, though RFC 2047 5 forbids it.
    if !ascii || name.len() > PLAIN_NAME_MAX || name.contains("=?") {
        line.encoded(name);
    } else if is_atoms(name) {
        line.write(name.as_bytes());
    } else {
        // RFC 5322 3.2.4
        line.write(b"\"");
        for byte in name.bytes() {
            if matches!(byte, b'"' | b'\\') {
                line.write(b"\\");
            }
            line.write(&[byte]);
        }
        line.write(b"\"");
    }
    line.column
}

/// The byte range to encode: whole words, none if all of them can stand as they are.
fn encoded_span(value: &str, longest: usize) -> (usize, usize) {
    let mut span: Option<(usize, usize)> = None;
    let mut start = 0;
    for word in value.split_inclusive(' ') {
        let bare = word.strip_suffix(' ').unwrap_or(word);
        let plain =
            bare.bytes().all(|b| b.is_ascii_graphic()) && bare.len() <= longest && !bare.contains("=?");
        if !plain {
            span = Some((span.map_or(start, |(from, _)| from), start + bare.len()));
        }
        start += word.len();
    }
    let Some((from, to)) = span else { return (value.len(), value.len()) };
    // One space stays outside as the separator that RFC 2047 5 (1) asks for; a reader may collapse the others.
    let from_spaces = value[..from].len() - value[..from].trim_end_matches(' ').len();
    let to_spaces = value[to..].len() - value[to..].trim_start_matches(' ').len();
    (from - from_spaces.saturating_sub(1), to + to_spaces.saturating_sub(1))
}

struct Line<'a> {
    column: usize,
    out: &'a mut Vec<u8>,
}

impl Line<'_> {
    fn write(&mut self, bytes: &[u8]) {
        self.out.extend_from_slice(bytes);
        self.column += bytes.len();
    }

    fn fold(&mut self) {
        self.out.extend_from_slice(b"\r\n");
        self.column = 0;
    }

    /// Words and the spaces before each; a fold comes before spaces that a word follows (RFC 5322 2.2.3), so no
    /// line is made of white space only.
    fn plain(&mut self, text: &str) {
        let mut rest = text;
        while !rest.is_empty() {
            let spaces = rest.len() - rest.trim_start_matches(' ').len();
            let end = rest[spaces..].find(' ').map_or(rest.len(), |at| spaces + at);
            if spaces > 0 && end > spaces && self.column + end > COLUMNS {
                self.fold();
            }
            self.write(&rest.as_bytes()[..end]);
            rest = &rest[end..];
        }
    }

    /// Encoded-words, each but the first on a line of its own; white space between two of them is not part of the
    /// value (RFC 2047 6.2). No character is cut in two (RFC 2047 5).
    fn encoded(&mut self, text: &str) {
        let q_length: usize = text.chars().map(q_cost).sum();
        let b_length = text.len().div_ceil(3) * 4;
        let q = q_length <= b_length;
        // A word needs room for one character of four bytes; plain words before it end with a space.
        if self.column + OVERHEAD + 12 > COLUMNS && self.out.last() == Some(&b' ') {
            self.out.pop();
            self.fold();
            self.write(b" ");
        }
        let mut rest = text;
        while !rest.is_empty() {
            let room = (COLUMNS.saturating_sub(self.column)).min(WORD_MAX).saturating_sub(OVERHEAD);
            let take = if q { q_fitting(rest, room) } else { b_fitting(rest, room) };
            let (chunk, after) = rest.split_at(take);
            if q {
                self.write(Q_OPEN);
                q_encode(chunk, self);
            } else {
                self.write(B_OPEN);
                let encoded = BASE64.encode(chunk.as_bytes());
                self.write(encoded.as_bytes());
            }
            self.write(CLOSE);
            if !after.is_empty() {
                self.fold();
                self.write(b" ");
            }
            rest = after;
        }
    }
}

/// Stands for itself in a phrase (RFC 2047 5 (3)), and so everywhere.
fn is_q_literal(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b"!*+-/".contains(&byte)
}

fn q_cost(c: char) -> usize {
    match c {
        ' ' => 1,
        c if c.is_ascii() && is_q_literal(c as u8) => 1,
        c => 3 * c.len_utf8(),
    }
}

/// How many bytes of the text fit, at least one character.
fn q_fitting(text: &str, room: usize) -> usize {
    let mut used = 0;
    for (at, c) in text.char_indices() {
        used += q_cost(c);
        if used > room && at > 0 {
            return at;
        }
    }
    text.len()
}

fn b_fitting(text: &str, room: usize) -> usize {
    let mut end = (room / 4 * 3).min(text.len());
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    if end == 0 { text.chars().next().map_or(0, char::len_utf8) } else { end }
}

fn q_encode(text: &str, line: &mut Line<'_>) {
    for byte in text.bytes() {
        match byte {
            b' ' => line.write(b"_"),
            byte if is_q_literal(byte) => line.write(&[byte]),
            byte => line.write(&[b'=', HEX[usize::from(byte >> 4)], HEX[usize::from(byte & 15)]]),
        }
    }
}
