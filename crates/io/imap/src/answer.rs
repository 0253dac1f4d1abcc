//! What a server says, taken apart (RFC 3501 7): only what is asked for here, and whatever else it says is passed over.
//!
//! A line may be interrupted by literals (4.3), so an answer is a row of pieces. Nothing here recurses, whatever the
//! brackets.

/// A stretch of an answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Piece {
    /// Of a line, without its end and without the `{12}` that announces a literal.
    Text(Vec<u8>),
    /// So many octets, whatever they are.
    Literal(Vec<u8>),
}

/// One answer.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct Answer {
    pub(crate) pieces: Vec<Piece>,
}

/// How a status answer begins.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Verdict {
    Ok,
    No,
    Bad,
    Bye,
    PreAuth,
}

/// OK, NO, BAD, BYE or PREAUTH.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Status {
    /// The tag of the command that it ends; nothing for news.
    pub(crate) tag: Option<String>,
    pub(crate) verdict: Verdict,
    /// What stands in the brackets: `UIDVALIDITY 3`.
    pub(crate) code: Option<String>,
    /// The words for people.
    pub(crate) words: String,
}

/// What FETCH tells of one mail.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct Fetch<'a> {
    pub(crate) uid: Option<u32>,
    pub(crate) size: Option<u64>,
    /// `BODY[…]`, whichever section was asked for.
    pub(crate) body: Option<&'a [u8]>,
}

/// The size of the literal that a line announces at its end.
pub(crate) fn announced(line: &[u8]) -> Option<(usize, u64)> {
    let inner = line.strip_suffix(b"}")?;
    let start = inner.iter().rposition(|byte| *byte == b'{')?;
    let digits = std::str::from_utf8(&inner[start + 1..]).ok()?;
    let plain = !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit());
    // A number beyond u64 is a literal all the same, and too large.
    plain.then(|| (start, digits.parse().unwrap_or(u64::MAX)))
}

impl Answer {
    /// Whether a first line is free text to its end, in which `{3}` means nothing.
    pub(crate) fn is_words(line: &[u8]) -> bool {
        line.starts_with(b"+") || status(line).is_some()
    }

    /// Whether the server waits for more of a command.
    pub(crate) fn is_continuation(&self) -> bool {
        self.first().starts_with(b"+")
    }

    /// OK, NO, BAD, BYE, PREAUTH.
    pub(crate) fn status(&self) -> Option<Status> {
        status(self.first())
    }

    /// `* CAPABILITY …`, or the code of the same name; in capitals.
    pub(crate) fn capabilities(&self) -> Option<Vec<String>> {
        let code = self.status().and_then(|status| status.code);
        let line = match &code {
            Some(code) => code.as_str(),
            None => std::str::from_utf8(self.first()).ok()?.strip_prefix("* ")?,
        };
        let mut words = line.split_ascii_whitespace();
        words.next()?.eq_ignore_ascii_case("CAPABILITY").then(|| words.map(str::to_ascii_uppercase).collect())
    }

    /// `* SEARCH 3 5 8`.
    pub(crate) fn search(&self) -> Option<Vec<u32>> {
        let mut words = std::str::from_utf8(self.first()).ok()?.split_ascii_whitespace();
        let is_search = words.next()? == "*" && words.next()?.eq_ignore_ascii_case("SEARCH");
        // CONDSTORE adds `(MODSEQ 7)`, which is no number and ends the list.
        is_search.then(|| words.map_while(|word| word.parse().ok()).collect())
    }

    /// `* 12 FETCH (UID 5 RFC822.SIZE 99 BODY[] {99}…)`.
    pub(crate) fn fetch(&self) -> Option<Fetch<'_>> {
        let mut tokens = Tokens { answer: self, piece: 0, at: 0 };
        let head = (tokens.next()?, tokens.next()?, tokens.next()?, tokens.next()?);
        let (Token::Word(b"*"), Token::Word(number), Token::Word(word), Token::Open) = head else {
            return None;
        };
        let is_fetch = number.iter().all(u8::is_ascii_digit) && word.eq_ignore_ascii_case(b"FETCH");
        if !is_fetch {
            return None;
        }
        let mut fetch = Fetch::default();
        while let Some(Token::Word(name)) = tokens.next() {
            let value = tokens.next()?;
            if value == Token::Open {
                tokens.leave()?;
            } else if name.eq_ignore_ascii_case(b"UID") {
                fetch.uid = value.number().and_then(|number| number.try_into().ok());
            } else if name.eq_ignore_ascii_case(b"RFC822.SIZE") {
                fetch.size = value.number();
            } else if name.get(..5).is_some_and(|start| start.eq_ignore_ascii_case(b"BODY[")) {
                fetch.body = value.string();
            }
        }
        Some(fetch)
    }

    fn first(&self) -> &[u8] {
        match self.pieces.first() {
            Some(Piece::Text(line)) => line,
            _ => b"",
        }
    }
}

fn status(line: &[u8]) -> Option<Status> {
    let line = String::from_utf8_lossy(line);
    let (tag, rest) = line.split_once(' ')?;
    let (word, rest) = rest.split_once(' ').unwrap_or((rest, ""));
    let verdict = match word.to_ascii_uppercase().as_str() {
        "OK" => Verdict::Ok,
        "NO" => Verdict::No,
        "BAD" => Verdict::Bad,
        "BYE" => Verdict::Bye,
        "PREAUTH" => Verdict::PreAuth,
        _ => return None,
    };
    let (code, words) = match rest.strip_prefix('[').and_then(|rest| rest.split_once(']')) {
        Some((code, words)) => (Some(code.to_owned()), words),
        None => (None, rest),
    };
    let tag = (tag != "*").then(|| tag.to_owned());
    Some(Status { tag, verdict, code, words: shown(words) })
}

/// Words of a stranger, for a log or a page: one line, not too long.
fn shown(words: &str) -> String {
    let words = words.trim().chars().take(300);
    words.map(|letter| if letter.is_control() { ' ' } else { letter }).collect()
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Token<'a> {
    Open,
    Close,
    Word(&'a [u8]),
    /// In quotes, its escapes left as they are: nothing that is asked for here comes with any.
    Quoted(&'a [u8]),
    Literal(&'a [u8]),
}

impl<'a> Token<'a> {
    fn number(self) -> Option<u64> {
        let Self::Word(word) = self else { return None };
        std::str::from_utf8(word).ok()?.parse().ok()
    }

    fn string(self) -> Option<&'a [u8]> {
        match self {
            Self::Quoted(bytes) | Self::Literal(bytes) => Some(bytes),
            _ => None,
        }
    }
}

struct Tokens<'a> {
    answer: &'a Answer,
    piece: usize,
    at: usize,
}

impl<'a> Tokens<'a> {
    /// Up to the bracket that closes the one just opened.
    fn leave(&mut self) -> Option<()> {
        let mut depth = 1;
        while depth > 0 {
            match self.next()? {
                Token::Open => depth += 1,
                Token::Close => depth -= 1,
                _ => {}
            }
        }
        Some(())
    }
}

impl<'a> Iterator for Tokens<'a> {
    type Item = Token<'a>;

    fn next(&mut self) -> Option<Token<'a>> {
        loop {
            let text = match self.answer.pieces.get(self.piece)? {
                Piece::Literal(bytes) => {
                    self.piece += 1;
                    return Some(Token::Literal(bytes));
                }
                Piece::Text(text) => text,
            };
            let rest = text.get(self.at..).unwrap_or_default();
            let Some(start) = rest.iter().position(|byte| *byte != b' ') else {
                (self.piece, self.at) = (self.piece + 1, 0);
                continue;
            };
            let rest = &rest[start..];
            let (token, length) = match rest[0] {
                b'(' => (Token::Open, 1),
                b')' => (Token::Close, 1),
                b'"' => {
                    let end = end_of_quoted(rest);
                    (Token::Quoted(&rest[1..end]), end + 1)
                }
                _ => {
                    let end = end_of_word(rest);
                    (Token::Word(&rest[..end]), end)
                }
            };
            self.at += start + length;
            return Some(token);
        }
    }
}

/// Where the closing quote is; the end where it is missing.
fn end_of_quoted(text: &[u8]) -> usize {
    let mut at = 1;
    while at < text.len() && text[at] != b'"' {
        at += if text[at] == b'\\' { 2 } else { 1 };
    }
    at.min(text.len())
}

/// A word ends at a space or a bracket; `BODY[HEADER.FIELDS (FROM)]<0>` is one.
fn end_of_word(text: &[u8]) -> usize {
    let mut in_section = false;
    for (at, byte) in text.iter().enumerate() {
        match byte {
            b'[' => in_section = true,
            b']' => in_section = false,
            b' ' | b'(' | b')' if !in_section => return at.max(1),
            _ => {}
        }
    }
    text.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(text: &str) -> Answer {
        Answer { pieces: vec![Piece::Text(text.into())] }
    }

    #[test]
    fn a_status_has_its_tag_its_code_and_its_words() {
        let status = line("a7 NO [AUTHENTICATIONFAILED] Authentication failed. {3}").status().unwrap();
        assert_eq!((status.tag.as_deref(), status.verdict), (Some("a7"), Verdict::No));
        assert_eq!(status.code.as_deref(), Some("AUTHENTICATIONFAILED"));
        assert_eq!(status.words, "Authentication failed. {3}");
        let status = line("* ok [UIDVALIDITY 3857529045]").status().unwrap();
        assert_eq!((status.tag, status.code.as_deref()), (None, Some("UIDVALIDITY 3857529045")));
        assert_eq!(line("a1 OK").status().unwrap().verdict, Verdict::Ok);
        for other in ["* 3 EXISTS", "* FLAGS (\\Seen)", "+ idling", "", "*", "\u{fffd}"] {
            assert_eq!(line(other).status(), None, "{other}");
        }
        assert!(
            Answer::is_words(b"* OK {12}")
                && Answer::is_words(b"+ go")
                && !Answer::is_words(b"* 1 FETCH ({12}")
        );
    }

    #[test]
    fn capabilities_are_read_from_the_answer_and_from_the_code() {
        let answer = line("* CAPABILITY IMAP4rev1 auth=plain Move").capabilities().unwrap();
        assert_eq!(answer, ["IMAP4REV1", "AUTH=PLAIN", "MOVE"]);
        let answer = line("* OK [CAPABILITY IMAP4rev1 LOGINDISABLED] Ready").capabilities().unwrap();
        assert_eq!(answer, ["IMAP4REV1", "LOGINDISABLED"]);
        assert_eq!(line("* OK [UIDNEXT 3] x").capabilities(), None);
    }

    #[test]
    fn numbers_of_a_search_are_read_whatever_comes_after_them() {
        assert_eq!(line("* SEARCH 3 5 4294967295").search(), Some(vec![3, 5, u32::MAX]));
        assert_eq!(line("* SEARCH").search(), Some(vec![]));
        assert_eq!(line("* SEARCH 3 (MODSEQ 9)").search(), Some(vec![3]));
        assert_eq!(line("* LIST (\\X) \"/\" SEARCH").search(), None);
    }

    #[test]
    fn what_is_fetched_is_found_between_what_was_not_asked_for() {
        let answer = Answer {
            pieces: vec![
                Piece::Text(b"* 12 FETCH (FLAGS (\\Seen (x)) UID 77 X-ODD \"a\\\") UID 5\" BODY[HEADER.FIELDS (TO)]<0> ".into()),
                Piece::Literal(b") UID 9 (".into()),
                Piece::Text(b" RFC822.SIZE 4096)".into()),
            ],
        };
        let fetch = answer.fetch().unwrap();
        assert_eq!(fetch, Fetch { uid: Some(77), size: Some(4096), body: Some(b") UID 9 (") });
        let fetch = line("* 1 FETCH (UID 2 BODY[] \"Hi\")");
        assert_eq!(fetch.fetch().unwrap().body, Some(b"Hi".as_slice()));
        let fetch = line("* 1 FETCH (UID 2 BODY[] NIL)");
        assert_eq!(fetch.fetch().unwrap().body, None);
        assert_eq!(line("* 1 EXISTS").fetch(), None);
        assert_eq!(line("* 1 FETCH (UID").fetch(), None);
    }

    proptest::proptest! {
        #[test]
        fn nothing_that_a_server_says_makes_us_fall_over(
            begin in "(\\* |s1 |\\+ )?(1 FETCH \\(|OK \\[|SEARCH |CAPABILITY )?",
            pieces in proptest::collection::vec((proptest::bool::ANY, ".*|[()\\[\\]\" {}<>0-9A-Z\\\\]*"), 0..4),
        ) {
            let pieces = pieces.into_iter().map(|(literal, text)| {
                if literal { Piece::Literal(text.into()) } else { Piece::Text(text.into()) }
            });
            let answer = Answer { pieces: std::iter::once(Piece::Text(begin.into())).chain(pieces).collect() };
            let _ = (answer.status(), answer.capabilities(), answer.search(), answer.fetch().map(|it| it.size));
            for piece in &answer.pieces {
                if let Piece::Text(text) = piece {
                    let _ = (Answer::is_words(text), announced(text));
                }
            }
        }
    }

    #[test]
    fn any_number_of_brackets_and_quotes_is_read_without_falling_over() {
        for text in ["(".repeat(100_000), "[".repeat(1_000), "\"\\".repeat(999), "* 1 FETCH (A \"\\".into()] {
            let _ = line(&text).fetch();
            let _ = line(&format!("* 1 FETCH (A {text}")).fetch();
        }
    }

    #[test]
    fn a_literal_is_announced_at_the_end_of_a_line() {
        assert_eq!(announced(b"* 1 FETCH (BODY[] {310}"), Some((18, 310)));
        assert_eq!(announced(b"x {0}"), Some((2, 0)));
        assert_eq!(announced(b"x {99999999999999999999999}"), Some((2, u64::MAX)));
        for text in ["x {}", "x {a}", "x {1} ", "x 1}", "{-1}", "{+1}"] {
            assert_eq!(announced(text.as_bytes()), None, "{text}");
        }
    }
}
