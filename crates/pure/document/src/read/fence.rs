//! The lines of our blocks, `:::name{key="value"}` and `:::`, and the attributes of blocks and spans.
//!
//! comrak's own directives refuse a colon in their attributes, so no address would fit: these are ours.

/// A line that opens or closes a block.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum FenceLine {
    Open { colons: usize, name: String, name_at: usize, attributes: Vec<Given> },
    Close { colons: usize },
}

/// An attribute as written; `at` and `value_at` are byte offsets in the text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Given {
    pub(crate) name: String,
    pub(crate) at: usize,
    pub(crate) value: String,
    pub(crate) value_at: usize,
}

/// Why a line of colons opens and closes nothing; with its place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum FenceFault {
    Name(usize),
    Attributes(usize),
}

/// Reads the line between two offsets; it begins with three colons.
pub(crate) fn fence_line(text: &str, start: usize, end: usize) -> Result<FenceLine, FenceFault> {
    let line = &text[start..end];
    let colons = line.len() - line.trim_start_matches(':').len();
    let mut at = skip_blanks(text, start + colons, end);
    if at == end {
        return Ok(FenceLine::Close { colons });
    }
    let name = word(text, at, end);
    if name.is_empty() {
        return Err(FenceFault::Name(at));
    }
    let name_at = at;
    at = skip_blanks(text, at + name.len(), end);
    let mut attributes = Vec::new();
    if text[at..end].starts_with('{') {
        (attributes, at) = attributes_at(text, at, end).map_err(FenceFault::Attributes)?;
        at = skip_blanks(text, at, end);
    }
    if at < end {
        return Err(FenceFault::Attributes(at));
    }
    Ok(FenceLine::Open { colons, name: name.to_owned(), name_at, attributes })
}

/// Reads `{name="value" …}` from the brace at `start`; returns the offset after the closing brace, or the place
/// where it stops making sense.
pub(crate) fn attributes_at(text: &str, start: usize, end: usize) -> Result<(Vec<Given>, usize), usize> {
    let mut given = Vec::new();
    let mut at = start + 1;
    loop {
        at = skip_blanks(text, at, end);
        if text[at..end].starts_with('}') {
            return Ok((given, at + 1));
        }
        let name = word(text, at, end);
        if name.is_empty() {
            return Err(at);
        }
        let name_at = at;
        at = skip_blanks(text, at + name.len(), end);
        if !text[at..end].starts_with('=') {
            return Err(at);
        }
        at = skip_blanks(text, at + 1, end);
        if !text[at..end].starts_with('"') {
            return Err(at);
        }
        let value_at = at + 1;
        let (value, after) = quoted(text, value_at, end).ok_or(at)?;
        at = after;
        given.push(Given { name: name.to_owned(), at: name_at, value, value_at });
    }
}

/// Reads up to the closing double quote; returns the offset after it.
fn quoted(text: &str, start: usize, end: usize) -> Option<(String, usize)> {
    let mut value = String::new();
    let mut letters = text[start..end].char_indices();
    while let Some((at, letter)) = letters.next() {
        match letter {
            '"' => return Some((value, start + at + 1)),
            '\\' => match letters.next() {
                Some((_, 'n')) => value.push('\n'),
                Some((_, 'r')) => value.push('\r'),
                Some((_, next)) if next.is_ascii_punctuation() => value.push(next),
                Some((_, next)) => value.extend(['\\', next]),
                None => return None,
            },
            _ => value.push(letter),
        }
    }
    None
}

/// The name at an offset: ASCII letters, digits, `_` and `-`.
pub(crate) fn word(text: &str, at: usize, end: usize) -> &str {
    let rest = &text[at..end];
    let length = rest
        .bytes()
        .position(|byte| !(byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-')))
        .unwrap_or(rest.len());
    &rest[..length]
}

fn skip_blanks(text: &str, at: usize, end: usize) -> usize {
    at + text[at..end].bytes().take_while(|byte| matches!(byte, b' ' | b'\t')).count()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(line: &str) -> Result<FenceLine, FenceFault> {
        fence_line(line, 0, line.len())
    }

    #[test]
    fn a_value_may_hold_any_character() {
        for value in [
            "https://a.example:8080/x?y=1&z={2}#w",
            "} ::: {",
            "say \"hi\"",
            "back\\slash",
            "a\nb",
            "é🛸",
            "",
        ] {
            let line = format!(
                ":::button{{href=\"{}\"}}",
                value.replace('\\', "\\\\").replace('"', "\\\"").replace('\n', "\\n")
            );
            match read(&line) {
                Ok(FenceLine::Open { colons: 3, name, attributes, .. }) => {
                    assert_eq!((name.as_str(), attributes[0].value.as_str()), ("button", value));
                }
                other => panic!("{line}: {other:?}"),
            }
        }
    }

    #[test]
    fn blanks_are_free_and_the_fault_has_its_place() {
        assert!(matches!(read("::::  columns  "), Ok(FenceLine::Open { colons: 4, .. })));
        assert!(matches!(read("::: toc { title = \"a\"  depth=\"2\" } "), Ok(FenceLine::Open { .. })));
        assert_eq!(read(":::  "), Ok(FenceLine::Close { colons: 3 }));
        assert_eq!(read(":::{a=\"b\"}"), Err(FenceFault::Name(3)));
        assert_eq!(read(":::toc{title}"), Err(FenceFault::Attributes(12)));
        assert_eq!(read(":::toc{title=“a”}"), Err(FenceFault::Attributes(13)));
        assert_eq!(read(":::toc{title=\"a}"), Err(FenceFault::Attributes(13)));
        assert_eq!(read(":::toc hello"), Err(FenceFault::Attributes(7)));
    }
}
