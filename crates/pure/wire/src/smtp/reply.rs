//! The answers of a server: RFC 5321 4.2, with the enhanced codes of RFC 2034 and 3463.

use std::fmt;

use memchr::memchr;

/// RFC 5321 4.5.3.1.5 allows 512 octets; servers that explain themselves at length pass it.
const LINE_MAX: usize = 2048;
/// An EHLO answer has about fifteen lines, the longest refusals about ten.
const LINES_MAX: usize = 100;
/// How much of a line that is no answer is quoted in the error.
const QUOTED_MAX: usize = 80;

/// Class, subject and detail of RFC 3463, as in `5.1.1`.
pub type Enhanced = (u8, u16, u16);

/// One answer of a server, all its lines.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reply {
    /// 200 to 599; where lines disagree, that of the last line.
    pub code: u16,
    /// The enhanced code at the start of the first line, if its class is that of `code`.
    pub enhanced: Option<Enhanced>,
    /// The texts without codes and line ends, control characters replaced by spaces; at least one.
    pub lines: Vec<String>,
}

/// Why what a server sent is not an answer.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ReplyError {
    /// A line without three digits at its start.
    #[error("the server sent something that is not an SMTP answer: {0:?}")]
    NotAReply(String),
    /// A line over 2,048 octets.
    #[error("the server sent a line of more than {LINE_MAX} characters")]
    LineTooLong,
    /// An answer over 100 lines.
    #[error("the server sent an answer of more than {LINES_MAX} lines")]
    TooManyLines,
}

impl Reply {
    /// An answer of one line.
    pub fn new(code: u16, enhanced: Option<Enhanced>, text: impl Into<String>) -> Self {
        Self { code, enhanced, lines: vec![text.into()] }
    }

    /// 2xx: done.
    pub fn is_positive(&self) -> bool {
        self.code / 100 == 2
    }

    /// 3xx: go on.
    pub fn is_intermediate(&self) -> bool {
        self.code / 100 == 3
    }

    /// 4xx: not now.
    pub fn is_transient(&self) -> bool {
        self.code / 100 == 4
    }

    /// 5xx: never like this.
    pub fn is_permanent(&self) -> bool {
        self.code / 100 == 5
    }

    /// 421: the server is about to close the connection (RFC 5321 3.8).
    pub fn is_closing(&self) -> bool {
        self.code == 421
    }

    /// Writes the answer as it goes over the wire. A line end inside a text becomes a space, so that no text
    /// can start another answer.
    pub fn write(&self, out: &mut Vec<u8>) {
        let last = self.lines.len().saturating_sub(1);
        if self.lines.is_empty() {
            out.extend_from_slice(self.code.to_string().as_bytes());
            out.extend_from_slice(b" \r\n");
        }
        for (number, line) in self.lines.iter().enumerate() {
            out.extend_from_slice(self.code.to_string().as_bytes());
            out.push(if number == last { b' ' } else { b'-' });
            if let Some((class, subject, detail)) = self.enhanced {
                out.extend_from_slice(format!("{class}.{subject}.{detail} ").as_bytes());
            }
            out.extend(line.bytes().map(|byte| if byte.is_ascii_control() { b' ' } else { byte }));
            out.extend_from_slice(b"\r\n");
        }
    }
}

impl fmt::Display for Reply {
    /// On one line, for a ledger or a log: `550 5.1.1 No such user here`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.code)?;
        if let Some((class, subject, detail)) = self.enhanced {
            write!(f, " {class}.{subject}.{detail}")?;
        }
        for line in self.lines.iter().filter(|line| !line.is_empty()) {
            write!(f, " {line}")?;
        }
        Ok(())
    }
}

/// Reads answers from bytes as they arrive, in pieces of any size.
#[derive(Debug, Default)]
pub struct ReplyReader {
    /// The start of a line whose end has not come yet.
    partial: Vec<u8>,
    enhanced: Option<Enhanced>,
    lines: Vec<String>,
}

impl ReplyReader {
    /// A reader at the start of an answer.
    pub fn new() -> Self {
        Self::default()
    }

    /// Takes bytes up to the end of one answer: how many were taken, and the answer if it is complete.
    ///
    /// After an error the rest of the connection means nothing.
    pub fn read(&mut self, input: &[u8]) -> Result<(usize, Option<Reply>), ReplyError> {
        let mut taken = 0;
        while let Some(end) = memchr(b'\n', &input[taken..]) {
            let piece = &input[taken..taken + end];
            taken += end + 1;
            let last = if self.partial.is_empty() {
                self.take_line(piece)?
            } else {
                self.keep(piece)?;
                let line = std::mem::take(&mut self.partial);
                self.take_line(&line)?
            };
            if let Some(code) = last {
                let reply = Reply {
                    code,
                    enhanced: self.enhanced.take().filter(|enhanced| u16::from(enhanced.0) == code / 100),
                    lines: std::mem::take(&mut self.lines),
                };
                return Ok((taken, Some(reply)));
            }
        }
        self.keep(&input[taken..])?;
        Ok((input.len(), None))
    }

    /// Whether part of an answer was read.
    pub fn is_midway(&self) -> bool {
        !self.partial.is_empty() || !self.lines.is_empty()
    }

    fn keep(&mut self, piece: &[u8]) -> Result<(), ReplyError> {
        if self.partial.len() + piece.len() > LINE_MAX {
            return Err(ReplyError::LineTooLong);
        }
        self.partial.extend_from_slice(piece);
        Ok(())
    }

    /// Takes one line without its LF; tells the code if it is the last line of the answer.
    fn take_line(&mut self, line: &[u8]) -> Result<Option<u16>, ReplyError> {
        let line = line.strip_suffix(b"\r").unwrap_or(line);
        if line.len() > LINE_MAX {
            return Err(ReplyError::LineTooLong);
        }
        if self.lines.len() == LINES_MAX {
            return Err(ReplyError::TooManyLines);
        }
        let code = code(line).ok_or_else(|| quoted(line))?;
        let last = match line.get(3) {
            None | Some(b' ') => true,
            Some(b'-') => false,
            Some(_) => return Err(quoted(line)),
        };
        let text = line.get(4..).unwrap_or_default();
        let (enhanced, rest) = enhanced(text);
        let class_fits = enhanced.is_some_and(|found| u16::from(found.0) == code / 100);
        if self.lines.is_empty() {
            self.enhanced = enhanced.filter(|_| class_fits);
        }
        let repeated = class_fits && enhanced == self.enhanced;
        self.lines.push(clean(if repeated { rest } else { text }));
        Ok(last.then_some(code))
    }
}

/// The three digits; the second one is not checked, because 57x is in use.
fn code(line: &[u8]) -> Option<u16> {
    let [first @ b'2'..=b'5', second @ b'0'..=b'9', third @ b'0'..=b'9', ..] = line else { return None };
    Some(u16::from(first - b'0') * 100 + u16::from(second - b'0') * 10 + u16::from(third - b'0'))
}

/// Splits `5.1.1 text` (RFC 3463 2: subject and detail have one to three digits).
fn enhanced(text: &[u8]) -> (Option<Enhanced>, &[u8]) {
    let end = memchr(b' ', text).unwrap_or(text.len());
    let parsed = (|| {
        let mut parts = text[..end].split(|byte| *byte == b'.');
        let class = number(parts.next()?)?;
        let subject = number(parts.next()?)?;
        let detail = number(parts.next()?)?;
        (parts.next().is_none() && matches!(class, 2 | 4 | 5)).then_some((class as u8, subject, detail))
    })();
    match parsed {
        Some(found) => (Some(found), text.get(end + 1..).unwrap_or_default()),
        None => (None, text),
    }
}

fn number(digits: &[u8]) -> Option<u16> {
    if digits.is_empty() || digits.len() > 3 || !digits.iter().all(u8::is_ascii_digit) {
        return None;
    }
    Some(digits.iter().fold(0, |sum, digit| sum * 10 + u16::from(digit - b'0')))
}

fn clean(text: &[u8]) -> String {
    let text = String::from_utf8_lossy(text);
    if text.chars().any(char::is_control) {
        return text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
    }
    text.into_owned()
}

fn quoted(line: &[u8]) -> ReplyError {
    ReplyError::NotAReply(clean(&line[..line.len().min(QUOTED_MAX)]))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn read_all(mut input: &[u8], piece: usize) -> Result<Vec<Reply>, ReplyError> {
        let mut reader = ReplyReader::new();
        let mut replies = Vec::new();
        while !input.is_empty() {
            let (taken, reply) = reader.read(&input[..piece.min(input.len())])?;
            replies.extend(reply);
            input = &input[taken..];
        }
        Ok(replies)
    }

    #[test]
    fn answers_seen_in_the_field_are_read_as_meant() {
        let check = |input: &str, shown: &str, enhanced: Option<Enhanced>| {
            let replies = read_all(input.as_bytes(), 4096).unwrap();
            assert_eq!(replies.len(), 1, "{input:?}");
            assert_eq!(replies[0].to_string(), shown, "{input:?}");
            assert_eq!(replies[0].enhanced, enhanced, "{input:?}");
        };
        check("250 OK\r\n", "250 OK", None);
        check("250\r\n", "250", None);
        check("250 \r\n", "250", None);
        check("250 2.0.0 Ok: queued as 4X1\r\n", "250 2.0.0 Ok: queued as 4X1", Some((2, 0, 0)));
        check("550 5.1.1\r\n", "550 5.1.1", Some((5, 1, 1)));
        check(
            "550-5.1.1 The email account that you tried to reach\r\n550 5.1.1 does not exist.\r\n",
            "550 5.1.1 The email account that you tried to reach does not exist.",
            Some((5, 1, 1)),
        );
        check("571 Delivery not authorized\r\n", "571 Delivery not authorized", None);
        check("421 4.7.28 Gmail has detected\n", "421 4.7.28 Gmail has detected", Some((4, 7, 28)));
        // A class that contradicts the code is text.
        check("550 4.2.2 full\r\n", "550 4.2.2 full", None);
        check("250-first\r\n550 last wins\r\n", "550 first last wins", None);
        check("554 caf\u{e9}\tbar\u{7}\r\n", "554 café bar ", None);
    }

    #[test]
    fn what_is_no_answer_is_an_error_and_never_more_than_the_limits_are_kept() {
        for garbage in ["HTTP/1.1 400 Bad Request\r\n", "\r\n", "25\r\n", "2500\r\n", "150 x\r\n", "\u{0}\n"]
        {
            assert!(matches!(read_all(garbage.as_bytes(), 7), Err(ReplyError::NotAReply(_))), "{garbage:?}");
        }
        assert_eq!(read_all(&[b'2'; 5000], 100), Err(ReplyError::LineTooLong));
        let long = [b"250 ".as_slice(), &[b'x'; 3000], b"\r\n"].concat();
        assert_eq!(read_all(&long, 8192), Err(ReplyError::LineTooLong));
        assert_eq!(read_all("250-x\r\n".repeat(101).as_bytes(), 8192), Err(ReplyError::TooManyLines));
    }

    #[test]
    fn pipelined_answers_are_told_apart() {
        let replies = read_all(b"250 a\r\n550-b\r\n550 c\r\n354 d\r\n", 5).unwrap();
        let codes: Vec<u16> = replies.iter().map(|reply| reply.code).collect();
        assert_eq!(codes, [250, 550, 354]);
    }

    proptest! {
        #[test]
        fn an_answer_that_was_written_is_read_back_however_it_is_cut(
            code in 200u16..600,
            detail in proptest::option::of((0u16..1000, 0u16..1000)),
            lines in proptest::collection::vec("[a-zA-Z][ -~é]{0,60}", 1..6),
            piece in 1usize..80,
        ) {
            let class = (code / 100) as u8;
            let enhanced = detail.filter(|_| class != 3).map(|(subject, detail)| (class, subject, detail));
            let reply = Reply { code, enhanced, lines };
            let mut wire = Vec::new();
            reply.write(&mut wire);
            prop_assert_eq!(read_all(&wire, piece).unwrap(), vec![reply]);
        }

        #[test]
        fn no_bytes_make_the_reader_panic(input in proptest::collection::vec(any::<u8>(), 0..400), piece in 1usize..50) {
            let _ = read_all(&input, piece);
        }
    }
}
