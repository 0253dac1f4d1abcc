//! The bytes a mail is made of: addresses, header lines, quoted-printable, DKIM, SMTP grammar, signed tokens.
//!
//! In the order in which a mail needs them: an [`address`] is parsed at the door, a body is encoded
//! ([`quoted_printable`]), header values are encoded and folded ([`header`]), the header block of an
//! edition or a notice is laid out ([`message`]) with its personal links ([`token`]), the whole is
//! signed ([`dkim`]) and spoken to a server ([`smtp`]).
//!
//! Guaranteed: nothing written here contains a bare CR or LF, a line longer than its RFC allows, or a
//! value that could start another header or another SMTP command; nothing read here panics.
//!
//! Not guaranteed: that a mailbox exists, that a server will like the mail. This crate opens no socket
//! or file, reads no clock and draws no random number: times and keys are arguments.

pub mod address;
pub mod dkim;
pub mod header;
pub mod message;
pub mod quoted_printable;
pub mod smtp;
pub mod token;

pub use address::{Address, AddressError, Mailbox};
