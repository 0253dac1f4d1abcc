//! Relaxed canonicalization (RFC 6376 3.4.2 and 3.4.4).

use aws_lc_rs::digest::{Context, SHA256};
use memchr::{memchr, memchr_iter};

/// Gathered before it is hashed: a text has a space every six bytes, and a hash is not called for six bytes.
const BUFFER: usize = 4096;

/// The relaxed body hash, computed while the body is written.
///
/// The pieces may be cut anywhere. Lines end with CRLF; a CR or LF that stands alone is taken as it is.
pub struct BodyHash {
    context: Context,
    buffer: Vec<u8>,
    /// Line ends not yet written: they count only if something follows.
    ends: u64,
    /// White space not yet written: it counts only if something follows on the line.
    space: bool,
    /// A CR whose LF may come with the next piece.
    cr: bool,
    /// Whether anything but line ends has come.
    any: bool,
}

impl BodyHash {
    /// The hash of nothing yet.
    pub fn new() -> Self {
        Self {
            context: Context::new(&SHA256),
            buffer: Vec::with_capacity(BUFFER + 2),
            ends: 0,
            space: false,
            cr: false,
            any: false,
        }
    }

    /// Adds a piece of the body.
    pub fn update(&mut self, mut piece: &[u8]) {
        while let Some(&first) = piece.first() {
            if !self.cr && !self.space {
                let plain = plain_lines(piece);
                if plain > 0 {
                    // All of it but its last line end stands as it is; that one may be among the last.
                    self.run(&piece[..plain - 2]);
                    self.ends = 1;
                    piece = &piece[plain..];
                    continue;
                }
            }
            if self.cr {
                self.cr = false;
                if first == b'\n' {
                    // RFC 6376 3.4.4 a: white space before a line end is ignored.
                    self.space = false;
                    self.ends += 1;
                    piece = &piece[1..];
                    continue;
                }
                self.run(b"\r");
            }
            let length = piece.iter().position(|b| matches!(b, b' ' | b'\t' | b'\r')).unwrap_or(piece.len());
            if length > 0 {
                self.run(&piece[..length]);
            }
            match piece.get(length) {
                Some(b'\r') => self.cr = true,
                Some(_) => self.space = true,
                None => return,
            }
            piece = &piece[length + 1..];
        }
    }

    /// The SHA-256 of the canonical body.
    pub fn finish(mut self) -> [u8; 32] {
        if self.cr {
            self.run(b"\r");
        }
        // RFC 6376 3.4.4 b: empty lines at the end are ignored, the last line gets its CRLF; a line of white space
        // only is an empty line. An empty body stays empty.
        if self.any {
            self.buffer.extend_from_slice(b"\r\n");
        }
        self.context.update(&self.buffer);
        let mut hash = [0; 32];
        hash.copy_from_slice(self.context.finish().as_ref());
        hash
    }

    /// Bytes that stand as they are, after what was held back.
    fn run(&mut self, bytes: &[u8]) {
        self.any = true;
        for _ in 0..std::mem::take(&mut self.ends) {
            self.append(b"\r\n");
        }
        if std::mem::take(&mut self.space) {
            self.append(b" ");
        }
        self.append(bytes);
    }

    fn append(&mut self, bytes: &[u8]) {
        if self.buffer.len() + bytes.len() > BUFFER {
            self.context.update(&self.buffer);
            self.buffer.clear();
        }
        if bytes.len() > BUFFER {
            self.context.update(bytes);
        } else {
            self.buffer.extend_from_slice(bytes);
        }
    }
}

/// How many bytes from here on are whole lines that relaxed canonicalization leaves as they are: no tab, no two spaces
/// together, none at the end, no empty line, no CR or LF by itself. Nearly all of a letter in quoted-printable.
fn plain_lines(piece: &[u8]) -> usize {
    let mut end = 0;
    for newline in memchr_iter(b'\n', piece) {
        let line = &piece[end..=newline];
        let Some(text) = line.strip_suffix(b"\r\n").filter(|text| !text.is_empty()) else { break };
        // Without branches, so that the compiler compares many bytes at once.
        let odd = text.iter().fold(false, |odd, byte| odd | (*byte == b'\t') | (*byte == b'\r'));
        let twice =
            text.iter().zip(&text[1..]).fold(false, |two, (a, b)| two | ((*a == b' ') & (*b == b' ')));
        if odd | twice | text.ends_with(b" ") {
            break;
        }
        end = newline + 1;
    }
    end
}

impl Default for BodyHash {
    fn default() -> Self {
        Self::new()
    }
}

/// Appends a field in relaxed form, without a line end: name in lower case, unfolded, runs of white space as one
/// space, none around the colon and at the end (RFC 6376 3.4.2).
pub(super) fn relaxed_field(field: &[u8], out: &mut Vec<u8>) {
    let colon = memchr(b':', field).unwrap_or(field.len());
    out.extend(field[..colon].trim_ascii_end().iter().map(u8::to_ascii_lowercase));
    out.push(b':');
    let value = field.get(colon + 1..).unwrap_or_default();
    let start = out.len();
    for word in value.split(|b| matches!(b, b' ' | b'\t' | b'\r' | b'\n')).filter(|word| !word.is_empty()) {
        if out.len() > start {
            out.push(b' ');
        }
        out.extend_from_slice(word);
    }
}
