//! SMTP over real sockets: the client that hands letters to a relay, and a server that takes them.
//!
//! In the order of use: a [`Route`] is read from a URL, or a [`Destination`] is a mail server of a domain with the
//! encryption that it must have; a [`Connection`] is opened to it and delivers one mail a call; a [`Listener`]
//! takes mail for a [`Mailroom`] (the mail catcher, returned mail); a [`Sink`] is a server on that listener that
//! keeps a log and misbehaves on demand, for tests and benchmarks.
//!
//! Guaranteed: the last byte of a mail leaves only when the caller's gate has opened; a failed delivery says
//! whether the server may have taken the mail; certificates are checked, save where a destination's policy is
//! opportunistic; a password never goes over the open internet in clear, nor into an error or a log; only
//! CRLF.CRLF ends a mail that is received.
//!
//! Not guaranteed: that a mail arrives once only. Between its last byte and the server's answer the truth
//! cannot be known (RFC 1047). Pools, retries and pacing are the business of the dispatch.

mod client;
mod listener;
mod route;
pub mod sink;
mod stream;
pub mod tls;

pub use client::{
    AuthError, Connection, Delivered, Destination, NotDelivered, Refusal, SendError, Stage, Timeouts, ungated,
};
pub use listener::{Answer, Envelope, Limits, Listener, ListenerOptions, Mailroom};
pub use route::{Credentials, Route, RouteError, Security};
pub use sink::{Sink, SinkOptions};

#[cfg(test)]
mod tests;
