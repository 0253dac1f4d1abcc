//! A look at a Rust file's tokens: its code without comments and words, its string literals, its tests.
//!
//! Good enough for rules, not a parser: macros are not expanded, and a `#[cfg(test)]` covers the item that follows.

use std::ops::Range;

/// A string literal and where its opening quote stands.
#[derive(Debug, PartialEq)]
pub(crate) struct Literal {
    pub(crate) offset: usize,
    pub(crate) text: String,
}

/// A Rust file as rules see it.
pub(crate) struct RustSource {
    /// The file with comments and the inside of literals blanked; offsets and lines are those of the file.
    pub(crate) code: String,
    /// String literals in order, escapes resolved as far as rules need.
    pub(crate) literals: Vec<Literal>,
    comments: Vec<(usize, String)>,
    tests: Vec<Range<usize>>,
    lines: Vec<usize>,
}

impl RustSource {
    /// Reads a file.
    pub(crate) fn read(text: &str) -> RustSource {
        let mut reader = Reader {
            bytes: text.as_bytes(),
            text,
            at: 0,
            code: text.as_bytes().to_vec(),
            literals: Vec::new(),
            comments: Vec::new(),
        };
        reader.read();
        let Reader { code, literals, comments, .. } = reader;
        // Only whole comments and literals were blanked, so what is left is still UTF-8.
        let code = String::from_utf8_lossy(&code).into_owned();
        let lines = std::iter::once(0).chain(text.match_indices('\n').map(|(at, _)| at + 1)).collect();
        let tests = tests(&code);
        RustSource { code, literals, comments, tests, lines }
    }

    /// The line of an offset, from 1.
    pub(crate) fn line(&self, offset: usize) -> usize {
        self.lines.partition_point(|start| *start <= offset)
    }

    /// Whether an offset is inside a test.
    pub(crate) fn is_test(&self, offset: usize) -> bool {
        self.tests.iter().any(|range| range.contains(&offset))
    }

    /// Whether the line, or the one above it, has a comment with these words: how code says that a rule does not
    /// mean it.
    pub(crate) fn has_remark(&self, line: usize, words: &str) -> bool {
        self.comments.iter().any(|(offset, comment)| {
            let at = self.line(*offset);
            (at == line || at + 1 == line) && comment.contains(words)
        })
    }

    /// Where words stand in the code; at a letter, digit or `_` on their edges they end, so `rand::` is not found
    /// in `brand::`.
    pub(crate) fn occurrences<'a>(&'a self, words: &'a str) -> impl Iterator<Item = usize> + 'a {
        occurrences(&self.code, words)
    }
}

/// Where whole words stand in a text.
pub(crate) fn occurrences<'a>(text: &'a str, words: &'a str) -> impl Iterator<Item = usize> + 'a {
    let part = |letter: Option<char>| letter.is_some_and(|letter| letter.is_alphanumeric() || letter == '_');
    let open = part(words.chars().next());
    let close = part(words.chars().next_back());
    text.match_indices(words).map(|(at, _)| at).filter(move |at| {
        let before = open && part(text[..*at].chars().next_back());
        let after = close && part(text[at + words.len()..].chars().next());
        !before && !after
    })
}

/// The ranges of items under `#[cfg(test)]` or `#[test]`.
fn tests(code: &str) -> Vec<Range<usize>> {
    let mut ranges: Vec<Range<usize>> = Vec::new();
    for mark in ["#[cfg(test)]", "#[cfg(all(test", "#[test]", "#[tokio::test"] {
        for (start, _) in code.match_indices(mark) {
            if ranges.iter().any(|range| range.contains(&start)) {
                continue;
            }
            ranges.push(start..end_of_item(code, start + mark.len()));
        }
    }
    ranges
}

/// Where the item that begins at `from` ends: at its `;`, or at the brace that closes its body.
fn end_of_item(code: &str, from: usize) -> usize {
    let mut depth = 0usize;
    for (at, letter) in code[from..].char_indices() {
        match letter {
            '{' | '(' | '[' => depth += 1,
            ')' | ']' => depth = depth.saturating_sub(1),
            '}' => {
                depth = depth.saturating_sub(1);
                if depth == 0 {
                    return from + at + 1;
                }
            }
            ';' if depth == 0 => return from + at + 1,
            _ => {}
        }
    }
    code.len()
}

struct Reader<'a> {
    text: &'a str,
    bytes: &'a [u8],
    at: usize,
    code: Vec<u8>,
    literals: Vec<Literal>,
    comments: Vec<(usize, String)>,
}

impl Reader<'_> {
    fn read(&mut self) {
        while self.at < self.bytes.len() {
            match self.bytes[self.at] {
                b'/' if self.next_is(b"//") => {
                    let end = self.text[self.at..].find('\n').map_or(self.bytes.len(), |end| self.at + end);
                    self.comment(end);
                }
                b'/' if self.next_is(b"/*") => {
                    let end = self.end_of_block_comment();
                    self.comment(end);
                }
                b'"' => self.quoted(self.at),
                b'r' | b'b' | b'c' if !self.inside_a_name() => {
                    if !self.raw() {
                        self.at += 1;
                    }
                }
                b'\'' => self.letter_or_lifetime(),
                _ => self.at += 1,
            }
        }
    }

    fn next_is(&self, bytes: &[u8]) -> bool {
        self.bytes[self.at..].starts_with(bytes)
    }

    fn inside_a_name(&self) -> bool {
        self.at > 0 && (self.bytes[self.at - 1].is_ascii_alphanumeric() || self.bytes[self.at - 1] == b'_')
    }

    fn blank(&mut self, range: Range<usize>) {
        for byte in &mut self.code[range] {
            if *byte != b'\n' {
                *byte = b' ';
            }
        }
    }

    fn comment(&mut self, end: usize) {
        self.comments.push((self.at, self.text[self.at..end].to_owned()));
        self.blank(self.at..end);
        self.at = end;
    }

    fn end_of_block_comment(&self) -> usize {
        let mut depth = 0usize;
        let mut at = self.at;
        while at < self.bytes.len() {
            if self.bytes[at..].starts_with(b"/*") {
                depth += 1;
                at += 2;
            } else if self.bytes[at..].starts_with(b"*/") {
                depth -= 1;
                at += 2;
                if depth == 0 {
                    return at;
                }
            } else {
                at += 1;
            }
        }
        self.bytes.len()
    }

    /// `"…"` whose opening quote is at `self.at`.
    fn quoted(&mut self, offset: usize) {
        let start = self.at + 1;
        let mut end = start;
        while end < self.bytes.len() && self.bytes[end] != b'"' {
            end += if self.bytes[end] == b'\\' { 2 } else { 1 };
        }
        let end = end.min(self.bytes.len());
        let text = self.text.get(start..end).map(unescaped).unwrap_or_default();
        self.literals.push(Literal { offset, text });
        self.blank(start..end);
        self.at = (end + 1).min(self.bytes.len());
    }

    /// `r"…"`, `r#"…"#`, `br"…"`, `b"…"`, `c"…"`: whether one begins here, and if so it is read.
    fn raw(&mut self) -> bool {
        let begin = self.at;
        let mut at = begin;
        if matches!(self.bytes[at], b'b' | b'c') {
            at += 1;
        }
        if self.bytes.get(at) == Some(&b'"') {
            self.at = at;
            self.quoted(begin);
            return true;
        }
        if self.bytes.get(at) != Some(&b'r') {
            return false;
        }
        at += 1;
        let hashes = self.bytes[at..].iter().take_while(|byte| **byte == b'#').count();
        at += hashes;
        if self.bytes.get(at) != Some(&b'"') {
            return false;
        }
        let start = at + 1;
        let close = format!("\"{}", "#".repeat(hashes));
        let end = self.text[start..].find(&close).map_or(self.bytes.len(), |end| start + end);
        self.literals.push(Literal { offset: begin, text: self.text[start..end].to_owned() });
        self.blank(start..end);
        self.at = (end + close.len()).min(self.bytes.len());
        true
    }

    /// `'a'` is a letter and blanked, `'a` a lifetime and kept.
    fn letter_or_lifetime(&mut self) {
        let mut letters = self.text[self.at + 1..].char_indices();
        let end = match letters.next() {
            Some((_, '\\')) => {
                let after = self.at + 3;
                self.bytes
                    .get(after..)
                    .and_then(|rest| rest.iter().position(|byte| *byte == b'\''))
                    .map(|end| after + end)
            }
            Some(_) => match letters.next() {
                Some((end, '\'')) => Some(self.at + 1 + end),
                _ => None,
            },
            None => None,
        };
        match end {
            Some(end) => {
                self.blank(self.at + 1..end);
                self.at = end + 1;
            }
            None => self.at += 1,
        }
    }
}

/// The escapes that change what a rule sees: quotes, line ends, and a line that goes on after `\`.
fn unescaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut letters = text.chars().peekable();
    while let Some(letter) = letters.next() {
        if letter != '\\' {
            out.push(letter);
            continue;
        }
        match letters.next() {
            Some('n') => out.push('\n'),
            Some('t') => out.push('\t'),
            Some('\n') => while letters.next_if(|next| next.is_whitespace()).is_some() {},
            Some(other) => out.push(other),
            None => {}
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(source: &str) -> Vec<String> {
        RustSource::read(source).literals.into_iter().map(|literal| literal.text).collect()
    }

    #[test]
    fn literals_are_read_and_comments_are_not() {
        for (source, expected) in [
            (r#"let a = "one"; // "two""#, vec!["one"]),
            (r#"/* "x" /* "y" */ "z" */ f("a\"b")"#, vec!["a\"b"]),
            ("let a = r#\"say \"hi\"\"#; let b = br\"raw\\\";", vec!["say \"hi\"", "raw\\"]),
            ("let c = '\"'; let d = \"é\"; let e: &'static str = \"f\";", vec!["é", "f"]),
            ("let c = '\\''; let d = \"x\";", vec!["x"]),
            ("f(\"SELECT id \\\n    FROM readers\")", vec!["SELECT id FROM readers"]),
            ("let brand = number\"\";", vec![""]),
        ] {
            assert_eq!(texts(source), expected, "{source}");
        }
    }

    #[test]
    fn code_keeps_its_lines_and_loses_its_words() {
        let source = RustSource::read("let a = \"todo\n!\"; // std::fs\nfs::read();\n");
        assert_eq!(source.code.lines().count(), 3);
        assert!(!source.code.contains("todo") && !source.code.contains("std"));
        assert_eq!(source.line(source.occurrences("fs::read").next().unwrap()), 3);
    }

    #[test]
    fn words_are_whole() {
        let source = RustSource::read("brand::new(); rand::random(); tokio_rustls; tokio::spawn");
        assert_eq!(source.occurrences("rand::").collect::<Vec<_>>(), [14]);
        assert_eq!(source.occurrences("tokio").count(), 1);
    }

    #[test]
    fn tests_are_told_from_the_product() {
        let text = "fn a() { x() }\n#[cfg(test)]\nmod tests {\n fn b() { x() }\n}\nfn c() { x() }\n#[cfg(test)]\nmod t;\nfn d() { x() }";
        let source = RustSource::read(text);
        let product: Vec<usize> =
            source.occurrences("x()").filter(|at| !source.is_test(*at)).map(|at| source.line(at)).collect();
        assert_eq!(product, [1, 6, 9]);
    }

    #[test]
    fn a_remark_speaks_for_its_line_and_the_next() {
        let source = RustSource::read("a(); // pure: asked for, not used\n// pure: so is this\nb();\nc();");
        assert!(source.has_remark(1, "pure: "));
        assert!(source.has_remark(3, "pure: "));
        assert!(!source.has_remark(4, "pure: "));
    }
}
