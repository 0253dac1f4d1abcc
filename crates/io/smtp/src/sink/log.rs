//! The log of a sink: one line a mail and recipient.

use std::fmt;
use std::str::FromStr;

use memchr::memchr;

/// A mail that a sink took.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Accepted {
    /// Microseconds since 1970.
    pub time_us: u64,
    /// The connection it came on, from 1 on.
    pub connection: u64,
    /// Whether the client was told so; not, where a fault was in the way.
    pub answered: bool,
    /// Octets, dots taken away.
    pub size: usize,
    /// The recipient of RCPT.
    pub to: Box<str>,
    /// The value of Message-ID, brackets included; empty without one.
    pub message_id: Box<str>,
}

/// A line that is not one of a sink's log, such as the last one of a killed sink.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("this is not a line of a sink's log")]
pub struct LogLineError;

impl fmt::Display for Accepted {
    /// The line in the log file, with its line end: time, connection, `250` or `lost`, size, recipient,
    /// Message-ID, separated by tabs.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { time_us, connection, answered, size, to, message_id } = self;
        let answered = if *answered { "250" } else { "lost" };
        writeln!(f, "{time_us}\t{connection}\t{answered}\t{size}\t{to}\t{message_id}")
    }
}

impl FromStr for Accepted {
    type Err = LogLineError;

    fn from_str(line: &str) -> Result<Self, LogLineError> {
        let mut fields = line.strip_suffix('\n').unwrap_or(line).split('\t');
        let mut next = || fields.next().ok_or(LogLineError);
        let accepted = Self {
            time_us: next()?.parse().map_err(|_| LogLineError)?,
            connection: next()?.parse().map_err(|_| LogLineError)?,
            answered: match next()? {
                "250" => true,
                "lost" => false,
                _ => return Err(LogLineError),
            },
            size: next()?.parse().map_err(|_| LogLineError)?,
            to: next()?.into(),
            message_id: next()?.into(),
        };
        if fields.next().is_some() { Err(LogLineError) } else { Ok(accepted) }
    }
}

/// The Message-ID of a mail without parsing it: the first header line of that name, which may be folded once
/// after the colon (RFC 5322 3.6.4 leaves no other place that senders use).
pub(super) fn message_id(message: &[u8]) -> &str {
    let mut rest = message;
    while let Some(end) = memchr(b'\n', rest) {
        let line = &rest[..end];
        rest = &rest[end + 1..];
        if line == b"\r" || line.is_empty() {
            return "";
        }
        const NAME: &[u8] = b"message-id:";
        if line.len() < NAME.len() || !line[..NAME.len()].eq_ignore_ascii_case(NAME) {
            continue;
        }
        let mut value = line[NAME.len()..].trim_ascii();
        if value.is_empty() && rest.first().is_some_and(|byte| matches!(byte, b' ' | b'\t')) {
            value = rest[..memchr(b'\n', rest).unwrap_or(rest.len())].trim_ascii();
        }
        let text = std::str::from_utf8(value).unwrap_or_default();
        return if text.contains(char::is_control) { "" } else { text };
    }
    ""
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_message_id_is_found_in_the_header_only() {
        let check = |message: &str, id: &str| assert_eq!(message_id(message.as_bytes()), id, "{message:?}");
        check("Date: x\r\nMessage-ID: <1@x>\r\n\r\nbody\r\n", "<1@x>");
        check("message-id:<1@x>\r\n\r\n", "<1@x>");
        check("Message-ID:\r\n <1@x>\r\n\r\n", "<1@x>");
        check("Subject: x\r\n\r\nMessage-ID: <1@x>\r\n", "");
        check("Subject: x", "");
        check("", "");
    }

    #[test]
    fn a_line_of_the_log_is_read_back_and_a_torn_one_is_not() {
        let accepted = Accepted {
            time_us: 1_700_000_000_000_000,
            connection: 3,
            answered: false,
            size: 20_480,
            to: "a@x.example".into(),
            message_id: "<1@x>".into(),
        };
        let line = accepted.to_string();
        assert_eq!(line.parse(), Ok(accepted));
        assert_eq!("1700000000000000\t3\t250\t20".parse::<Accepted>(), Err(LogLineError));
        assert_eq!("".parse::<Accepted>(), Err(LogLineError));
    }
}
