//! Commands, written by a client and read by a server: RFC 5321 4.1, 1870, 3030, 3207, 4954, 6152.

use super::Reply;

/// RFC 5321 4.5.3.1.3: 256 octets with the angle brackets.
const PATH_MAX: usize = 254;
/// RFC 5321 4.5.3.1.2.
const NAME_MAX: usize = 255;

/// One command line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Command<'a> {
    /// `HELO name`.
    Helo(&'a str),
    /// `EHLO name`.
    Ehlo(&'a str),
    /// `MAIL FROM:<from> parameters`; `from` is empty for bounces.
    Mail {
        /// The return path, without brackets.
        from: &'a str,
        /// What follows it.
        parameters: MailParameters,
    },
    /// `RCPT TO:<to>`.
    Rcpt {
        /// The address, without brackets.
        to: &'a str,
    },
    /// `DATA`.
    Data,
    /// `BDAT size [LAST]`, followed by that many octets.
    Bdat {
        /// Octets that follow the line.
        size: u64,
        /// Whether the message ends with them.
        last: bool,
    },
    /// `RSET`.
    Rset,
    /// `NOOP`.
    Noop,
    /// `QUIT`.
    Quit,
    /// `STARTTLS`.
    StartTls,
    /// `AUTH mechanism [initial response]`, the response in base64.
    Auth {
        /// `PLAIN`, `LOGIN`, in any case.
        mechanism: &'a str,
        /// The first answer of the client, if it comes along.
        initial: Option<&'a str>,
    },
    /// `VRFY text`.
    Vrfy(&'a str),
    /// `HELP`.
    Help,
}

/// What may follow the return path.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct MailParameters {
    /// Octets of the message (RFC 1870).
    pub size: Option<u64>,
    /// The kind of body (RFC 6152).
    pub body: Option<Body>,
    /// Whether addresses may hold non-ASCII characters (RFC 6531).
    pub smtp_utf8: bool,
}

/// The kind of body (RFC 6152).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Body {
    /// ASCII only.
    SevenBit,
    /// Any byte in lines.
    EightBitMime,
}

/// A text that cannot stand in a command, because it would be read as something else.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0:?} cannot be written into an SMTP command")]
pub struct UnsafeText(pub String);

/// Why a line is not a command.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum CommandError {
    /// No command that we know.
    #[error("command not recognised")]
    Unknown,
    /// The right word, the wrong rest.
    #[error("syntax error in the command or its arguments")]
    Syntax,
    /// A parameter of MAIL or RCPT that was not offered.
    #[error("parameter not recognised or not implemented")]
    Parameter,
}

impl CommandError {
    /// The answer for it (RFC 5321 4.2.2, 4.1.1.11).
    pub fn reply(self) -> Reply {
        let (code, enhanced) = match self {
            Self::Unknown => (500, (5, 5, 2)),
            Self::Syntax => (501, (5, 5, 4)),
            Self::Parameter => (555, (5, 5, 4)),
        };
        Reply::new(code, Some(enhanced), self.to_string())
    }
}

impl<'a> Command<'a> {
    /// Appends the command with its CRLF; on an error nothing is appended.
    pub fn write(&self, out: &mut Vec<u8>) -> Result<(), UnsafeText> {
        match *self {
            Self::Helo(name) => words(out, &["HELO ", word(name, NAME_MAX)?]),
            Self::Ehlo(name) => words(out, &["EHLO ", word(name, NAME_MAX)?]),
            Self::Mail { from, parameters } => {
                if !from.is_empty() {
                    mailbox(from, parameters.smtp_utf8)?;
                }
                words(out, &["MAIL FROM:<", from, ">"]);
                if let Some(size) = parameters.size {
                    words(out, &[" SIZE=", &size.to_string()]);
                }
                match parameters.body {
                    None => {}
                    Some(Body::SevenBit) => words(out, &[" BODY=7BIT"]),
                    Some(Body::EightBitMime) => words(out, &[" BODY=8BITMIME"]),
                }
                if parameters.smtp_utf8 {
                    words(out, &[" SMTPUTF8"]);
                }
            }
            Self::Rcpt { to } => words(out, &["RCPT TO:<", mailbox(to, true)?, ">"]),
            Self::Data => words(out, &["DATA"]),
            Self::Bdat { size, last } => {
                words(out, &["BDAT ", &size.to_string(), if last { " LAST" } else { "" }]);
            }
            Self::Rset => words(out, &["RSET"]),
            Self::Noop => words(out, &["NOOP"]),
            Self::Quit => words(out, &["QUIT"]),
            Self::StartTls => words(out, &["STARTTLS"]),
            Self::Auth { mechanism, initial: None } => words(out, &["AUTH ", word(mechanism, NAME_MAX)?]),
            Self::Auth { mechanism, initial: Some(initial) } => {
                let mechanism = word(mechanism, NAME_MAX)?;
                // RFC 4954 4: an empty response is written "=".
                let initial = if initial.is_empty() { "=" } else { word(initial, usize::MAX)? };
                words(out, &["AUTH ", mechanism, " ", initial]);
            }
            Self::Vrfy(text) => words(out, &["VRFY ", word(text, PATH_MAX)?]),
            Self::Help => words(out, &["HELP"]),
        }
        out.extend_from_slice(b"\r\n");
        Ok(())
    }

    /// Reads a command line without its CRLF.
    pub fn parse(line: &'a [u8]) -> Result<Self, CommandError> {
        let line = std::str::from_utf8(line).map_err(|_| CommandError::Syntax)?;
        if line.contains(|c: char| c.is_control() && c != '\t') {
            return Err(CommandError::Syntax);
        }
        let (verb, rest) = line.split_once(' ').unwrap_or((line, ""));
        let rest = rest.trim();
        let alone = |command: Self| if rest.is_empty() { Ok(command) } else { Err(CommandError::Syntax) };
        let named = |command: fn(&'a str) -> Self| {
            word(rest, NAME_MAX).map(command).map_err(|_| CommandError::Syntax)
        };
        // The longest verb has eight letters.
        let mut upper = [0; 8];
        let upper = upper.get_mut(..verb.len()).ok_or(CommandError::Unknown)?;
        upper.copy_from_slice(verb.as_bytes());
        upper.make_ascii_uppercase();
        match &*upper {
            b"EHLO" => named(Self::Ehlo),
            b"HELO" => named(Self::Helo),
            b"MAIL" => {
                let (from, rest) = path(rest, "FROM:", true)?;
                Ok(Self::Mail { from, parameters: MailParameters::parse(rest)? })
            }
            b"RCPT" => match path(rest, "TO:", false)? {
                (to, "") => Ok(Self::Rcpt { to }),
                _ => Err(CommandError::Parameter),
            },
            b"DATA" => alone(Self::Data),
            b"BDAT" => bdat(rest),
            b"RSET" => alone(Self::Rset),
            b"NOOP" => Ok(Self::Noop),
            b"QUIT" => alone(Self::Quit),
            b"STARTTLS" => alone(Self::StartTls),
            b"AUTH" => auth(rest),
            b"VRFY" => Ok(Self::Vrfy(rest)),
            b"HELP" => Ok(Self::Help),
            _ => Err(CommandError::Unknown),
        }
    }
}

impl MailParameters {
    fn parse(text: &str) -> Result<Self, CommandError> {
        let mut found = Self::default();
        for parameter in text.split_ascii_whitespace() {
            let (key, value) = parameter.split_once('=').unwrap_or((parameter, ""));
            if key.eq_ignore_ascii_case("SIZE") {
                found.size = Some(digits(value).ok_or(CommandError::Syntax)?);
            } else if key.eq_ignore_ascii_case("BODY") && value.eq_ignore_ascii_case("7BIT") {
                found.body = Some(Body::SevenBit);
            } else if key.eq_ignore_ascii_case("BODY") && value.eq_ignore_ascii_case("8BITMIME") {
                found.body = Some(Body::EightBitMime);
            } else if key.eq_ignore_ascii_case("SMTPUTF8") && value.is_empty() {
                found.smtp_utf8 = true;
            } else if !key.eq_ignore_ascii_case("AUTH") {
                // RFC 4954 5: AUTH= may be ignored, and is.
                return Err(CommandError::Parameter);
            }
        }
        Ok(found)
    }
}

fn words(out: &mut Vec<u8>, words: &[&str]) {
    for word in words {
        out.extend_from_slice(word.as_bytes());
    }
}

/// One argument without spaces.
fn word(text: &str, max: usize) -> Result<&str, UnsafeText> {
    if !text.is_empty() && text.len() <= max && text.bytes().all(|byte| byte.is_ascii_graphic()) {
        return Ok(text);
    }
    Err(UnsafeText(text.to_owned()))
}

/// A mailbox that ends where it seems to end: brackets and spaces stand within quotes only.
fn mailbox(text: &str, utf8: bool) -> Result<&str, UnsafeText> {
    let fits = !text.is_empty() && text.len() <= PATH_MAX && (utf8 || text.is_ascii());
    if fits && end_of_mailbox(text) == Some(text.len()) {
        return Ok(text);
    }
    Err(UnsafeText(text.to_owned()))
}

/// Where the first `>` outside quotes stands, or the length; nothing if a character cannot be there.
fn end_of_mailbox(text: &str) -> Option<usize> {
    let (mut quoted, mut escaped) = (false, false);
    for (at, c) in text.char_indices() {
        match c {
            _ if c.is_control() => return None,
            _ if escaped => escaped = false,
            '\\' if quoted => escaped = true,
            '"' => quoted = !quoted,
            '>' if !quoted => return Some(at),
            '<' if !quoted => return None,
            _ if !quoted && c.is_whitespace() => return None,
            _ => {}
        }
    }
    (!quoted).then_some(text.len())
}

/// `FROM:<path> rest`; a space after the colon is a common fault and harmless.
fn path<'a>(text: &'a str, keyword: &str, empty: bool) -> Result<(&'a str, &'a str), CommandError> {
    let head = text.get(..keyword.len()).ok_or(CommandError::Syntax)?;
    if !head.eq_ignore_ascii_case(keyword) {
        return Err(CommandError::Syntax);
    }
    let inner = text[keyword.len()..].trim_start().strip_prefix('<').ok_or(CommandError::Syntax)?;
    let end = end_of_mailbox(inner).filter(|end| *end < inner.len()).ok_or(CommandError::Syntax)?;
    let rest = &inner[end + 1..];
    if end > PATH_MAX || !(rest.is_empty() || rest.starts_with(' ')) {
        return Err(CommandError::Syntax);
    }
    let mut mailbox = &inner[..end];
    // RFC 5321 4.1.1.3: a source route is accepted and ignored.
    if mailbox.starts_with('@') {
        mailbox = mailbox.split_once(':').ok_or(CommandError::Syntax)?.1;
        // One route at most, and behind it a mailbox and nothing else.
        if mailbox.starts_with('@') || end_of_mailbox(mailbox) != Some(mailbox.len()) {
            return Err(CommandError::Syntax);
        }
    }
    if mailbox.is_empty() && !empty {
        return Err(CommandError::Syntax);
    }
    Ok((mailbox, rest.trim()))
}

fn bdat<'a>(rest: &str) -> Result<Command<'a>, CommandError> {
    let (size, last) = rest.split_once(' ').unwrap_or((rest, ""));
    let last = match last.trim() {
        "" => false,
        last if last.eq_ignore_ascii_case("LAST") => true,
        _ => return Err(CommandError::Syntax),
    };
    Ok(Command::Bdat { size: digits(size).ok_or(CommandError::Syntax)?, last })
}

fn auth(rest: &str) -> Result<Command<'_>, CommandError> {
    let (mechanism, initial) =
        rest.split_once(' ').map_or((rest, None), |(name, rest)| (name, Some(rest.trim())));
    word(mechanism, NAME_MAX).map_err(|_| CommandError::Syntax)?;
    let initial = initial.map(|initial| if initial == "=" { "" } else { initial });
    Ok(Command::Auth { mechanism, initial })
}

fn digits(text: &str) -> Option<u64> {
    text.bytes().all(|byte| byte.is_ascii_digit()).then(|| text.parse().ok())?
}

#[cfg(test)]
mod tests;
