//! A block of header fields.

use crate::charset;

/// More fields are not looked at.
const MOST: usize = 1000;

/// The fields of a mail or part, in their order, unfolded and decoded.
#[derive(Debug, Clone, Default)]
pub struct Headers(Vec<(String, String)>);

impl Headers {
    /// Reads fields up to the first empty line; gives them and where the body begins. A line that is no field and
    /// continues none ends the block: some gateways forget the empty line.
    pub fn read(bytes: &[u8]) -> (Self, usize) {
        let mut fields: Vec<(String, Vec<u8>)> = Vec::new();
        let mut at = 0;
        while at < bytes.len() {
            let end = bytes[at..]
                .iter()
                .position(|byte| *byte == b'\n')
                .map_or(bytes.len(), |length| at + length + 1);
            let line = trim_end(&bytes[at..end]);
            if line.is_empty() && !matches!(bytes[at], b' ' | b'\t') {
                at = end;
                break;
            }
            if matches!(bytes[at], b' ' | b'\t') {
                match fields.last_mut() {
                    Some((_, value)) => {
                        value.push(b' ');
                        value.extend_from_slice(line.trim_ascii_start());
                    }
                    None if line.trim_ascii().is_empty() => {}
                    None => break,
                }
            } else if let Some((name, value)) = field(line) {
                if fields.len() < MOST {
                    fields.push((name, value.to_vec()));
                }
            } else if !line.starts_with(b"From ") && !line.starts_with(b">From ") {
                break;
            }
            at = end;
        }
        let fields = fields.into_iter().map(|(name, value)| (name, charset::words(&value))).collect();
        (Self(fields), at)
    }

    /// The first field of this name, which is in lower case.
    pub fn get(&self, name: &str) -> Option<&str> {
        self.0.iter().find(|(known, _)| known == name).map(|(_, value)| value.trim())
    }

    /// All fields of this name.
    pub fn all<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> {
        self.0.iter().filter(move |(known, _)| known == name).map(|(_, value)| value.trim())
    }

    /// Whether there is such a field.
    pub fn has(&self, name: &str) -> bool {
        self.get(name).is_some()
    }

    /// Whether there is none at all.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

fn trim_end(line: &[u8]) -> &[u8] {
    let end = line.iter().rposition(|byte| !matches!(byte, b'\r' | b'\n')).map_or(0, |at| at + 1);
    &line[..end]
}

fn field(line: &[u8]) -> Option<(String, &[u8])> {
    let colon = line.iter().position(|byte| *byte == b':')?;
    let name = line[..colon].trim_ascii();
    // RFC 5322 2.2: printable, no space.
    let fits = !name.is_empty() && name.len() <= 80 && name.iter().all(|byte| (33..127).contains(byte));
    fits.then(|| (String::from_utf8_lossy(name).to_ascii_lowercase(), &line[colon + 1..]))
}

/// A value and its parameters (RFC 2045 5.1, RFC 2231): the value in lower case, names too.
pub fn parameters(value: &str) -> (String, Vec<(String, String)>) {
    let mut pieces = split_quoted(value).into_iter();
    let head = pieces.next().unwrap_or_default().trim().to_ascii_lowercase();
    let parameters = pieces.filter_map(|piece| {
        let (name, value) = piece.split_once('=')?;
        let name = name.trim().trim_end_matches('*').to_ascii_lowercase();
        Some((name, value.trim().trim_matches('"').to_owned()))
    });
    (head, parameters.collect())
}

fn split_quoted(value: &str) -> Vec<&str> {
    let (mut pieces, mut from, mut quoted, mut escaped) = (Vec::new(), 0, false, false);
    for (at, letter) in value.char_indices() {
        match letter {
            _ if escaped => escaped = false,
            '\\' if quoted => escaped = true,
            '"' => quoted = !quoted,
            ';' if !quoted => {
                pieces.push(&value[from..at]);
                from = at + 1;
            }
            _ => {}
        }
    }
    pieces.push(&value[from..]);
    pieces
}
