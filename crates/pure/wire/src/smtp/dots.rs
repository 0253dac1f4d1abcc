//! The body of a DATA command: RFC 5321 4.5.2 and 4.1.1.4.

use memchr::memmem;

/// Where a message has a CR without LF or an LF without CR, which RFC 5321 2.3.8 forbids: receivers that take
/// such a line end for a real one can be made to read a second, smuggled mail.
pub fn bare_line_end(message: &[u8]) -> Option<usize> {
    let (Some(first), Some(last)) = (message.first(), message.last()) else { return None };
    if *first == b'\n' {
        return Some(0);
    }
    // One branchless pass, which the compiler turns into vector instructions: this runs on every mail.
    let bad = message
        .iter()
        .zip(&message[1..])
        .fold(0u8, |bad, (before, after)| bad | u8::from((*before == b'\r') != (*after == b'\n')));
    if bad != 0 {
        let fault = message.windows(2).position(|pair| (pair[0] == b'\r') != (pair[1] == b'\n'));
        return fault.map(|at| if message[at] == b'\r' { at } else { at + 1 });
    }
    (*last == b'\r').then_some(message.len() - 1)
}

/// Whether a line of the message starts with a dot.
pub fn needs_dots(message: &[u8]) -> bool {
    message.first() == Some(&b'.') || memmem::find(message, b"\r\n.").is_some()
}

/// Appends the message with a dot put before each line that starts with one. The message has no
/// [`bare_line_end`]; the end mark is the caller's.
pub fn dot_stuff(message: &[u8], out: &mut Vec<u8>) {
    out.reserve(message.len() + message.len() / 64 + 8);
    if message.first() == Some(&b'.') {
        out.push(b'.');
    }
    let mut from = 0;
    for at in memmem::find_iter(message, b"\r\n.") {
        out.extend_from_slice(&message[from..at + 3]);
        out.push(b'.');
        from = at + 3;
    }
    out.extend_from_slice(&message[from..]);
}

/// Appends the body with the first dot of each line taken away.
pub fn dot_unstuff(body: &[u8], out: &mut Vec<u8>) {
    out.reserve(body.len());
    let mut from = usize::from(body.first() == Some(&b'.'));
    let search = from;
    for at in memmem::find_iter(&body[search..], b"\r\n.") {
        let at = at + search;
        out.extend_from_slice(&body[from..at + 2]);
        from = at + 3;
    }
    out.extend_from_slice(&body[from..]);
}

/// The end of a body, as a [`DotScanner`] found it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DotEnd {
    /// Length of the body, its last CRLF included, the end mark not.
    pub body: usize,
    /// Length with the end mark.
    pub taken: usize,
    /// Whether the body has dots to take away with [`dot_unstuff`].
    pub stuffed: bool,
}

/// Finds CRLF.CRLF in a body that arrives in pieces; every byte is looked at once.
#[derive(Debug, Default)]
pub struct DotScanner {
    begun: bool,
    position: usize,
    stuffed: bool,
}

impl DotScanner {
    /// A scanner at the start of a body.
    pub fn new() -> Self {
        Self::default()
    }

    /// Looks for the end in `received`: all bytes since the last [`DotScanner::forget`], earlier calls included.
    pub fn find(&mut self, received: &[u8]) -> Option<DotEnd> {
        if !self.begun {
            // The CRLF of the DATA command counts as the one before the dot (RFC 5321 4.1.1.4).
            match received {
                [] | [b'.'] | [b'.', b'\r'] => return None,
                [b'.', b'\r', b'\n', ..] => return Some(DotEnd { body: 0, taken: 3, stuffed: false }),
                [b'.', ..] => (self.stuffed, self.position) = (true, 1),
                _ => {}
            }
            self.begun = true;
        }
        while let Some(found) = memmem::find(&received[self.position..], b"\r\n.") {
            let at = self.position + found;
            match received.get(at + 3..at + 5) {
                None => {
                    self.position = at;
                    return None;
                }
                Some(b"\r\n") => return Some(DotEnd { body: at + 2, taken: at + 5, stuffed: self.stuffed }),
                Some(_) => (self.stuffed, self.position) = (true, at + 3),
            }
        }
        // The last two bytes may be the CRLF of an end mark.
        self.position = self.position.max(received.len().saturating_sub(2));
        None
    }

    /// How many bytes at the front need not be kept to find the end; the caller throws away just those.
    pub fn forget(&mut self) -> usize {
        std::mem::take(&mut self.position)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn only_the_full_end_mark_ends_a_body() {
        let check = |body: &[u8], end: Option<(usize, usize)>| {
            let found = DotScanner::new().find(body).map(|end| (end.body, end.taken));
            assert_eq!(found, end, "{:?}", String::from_utf8_lossy(body));
        };
        check(b".\r\n", Some((0, 3)));
        check(b"a\r\n.\r\nMAIL", Some((3, 6)));
        check(b"a\r\n..\r\n.\r\n", Some((7, 10)));
        check(b"a\r\n.\r.\r\n.\r\n", Some((8, 11)));
        for smuggled in [
            "a\n.\n",
            "a\n.\r\n",
            "a\r\n.\n",
            "a\r.\r",
            "a\r\n.\r",
            "a\r.\r\n",
            "a\n\n.\r\n",
            ".\n",
            ".x\r\n",
        ] {
            check(smuggled.as_bytes(), None);
        }
    }

    #[test]
    fn a_bare_line_end_is_pointed_at() {
        let check = |message: &[u8], at: Option<usize>| assert_eq!(bare_line_end(message), at, "{message:?}");
        check(b"", None);
        check(b"a\r\nb\r\n\r\n", None);
        check(b"a\nb", Some(1));
        check(b"a\rb", Some(1));
        check(b"\na", Some(0));
        check(b"a\r", Some(1));
        check(b"a\r\r\nb", Some(1));
        check(b"a\n\r", Some(1));
        check(b"\r", Some(0));
    }

    fn message() -> impl Strategy<Value = Vec<u8>> {
        let piece = prop_oneof![Just("."), Just("\r\n"), Just("\r\n."), Just("a"), Just("\r"), Just("\n")];
        proptest::collection::vec(piece, 0..40).prop_map(|pieces| pieces.concat().into_bytes())
    }

    proptest! {
        #[test]
        fn a_stuffed_message_is_found_and_restored_however_it_is_cut(message in message(), piece in 1usize..12) {
            let mut message = message;
            message.extend_from_slice(b"\r\n");
            let mut wire = Vec::new();
            dot_stuff(&message, &mut wire);
            let stuffed = wire.len() != message.len();
            prop_assert_eq!(needs_dots(&message), stuffed);
            wire.extend_from_slice(b".\r\n");
            let mut scanner = DotScanner::new();
            let mut end = None;
            let mut received = 0;
            while end.is_none() && received < wire.len() {
                received = (received + piece).min(wire.len());
                end = scanner.find(&wire[..received]);
            }
            let end = end.unwrap();
            prop_assert_eq!((end.taken, end.stuffed), (wire.len(), stuffed));
            let mut back = Vec::new();
            dot_unstuff(&wire[..end.body], &mut back);
            prop_assert_eq!(back, message);
        }

        #[test]
        fn forgetting_what_was_scanned_changes_nothing(message in message(), piece in 1usize..12) {
            let wire = [message.as_slice(), b"\r\n.\r\n"].concat();
            let whole = DotScanner::new().find(&wire).unwrap().taken;
            let mut scanner = DotScanner::new();
            let (mut start, mut received, mut end) = (0, 0, None);
            while end.is_none() && received < wire.len() {
                received = (received + piece).min(wire.len());
                end = scanner.find(&wire[start..received]).map(|end| start + end.taken);
                if end.is_none() {
                    start += scanner.forget();
                }
            }
            prop_assert_eq!(end, Some(whole));
        }
    }
}
