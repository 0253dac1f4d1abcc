//! The grammar of SMTP (RFC 5321 and the extensions a sender of letters uses), for both ends.
//!
//! A client writes [`Command`]s and reads answers with a [`ReplyReader`]; what the server can do stands in
//! its [`Capabilities`]. A server reads the same [`Command`]s and writes the same [`Reply`]s. The body of a
//! DATA command is protected by [`dot_stuff`] and found again by a [`DotScanner`].
//!
//! Guaranteed: a command that was written holds exactly one line; an answer is read within fixed limits,
//! whatever the other side sends; only CRLF.CRLF ends a body, never a bare LF (no SMTP smuggling).

mod capability;
mod command;
mod dots;
mod reply;

pub use capability::Capabilities;
pub use command::{Body, Command, CommandError, MailParameters, UnsafeText};
pub use dots::{DotEnd, DotScanner, bare_line_end, dot_stuff, dot_unstuff, needs_dots};
pub use reply::{Enhanced, Reply, ReplyError, ReplyReader};
