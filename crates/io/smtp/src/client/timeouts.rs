//! How long each step may take.

use std::time::Duration;

/// Patience per step; the defaults are the minima of RFC 5321 4.5.3.2.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Timeouts {
    /// Name look-up and TCP connection.
    pub connect: Duration,
    /// The TLS handshake.
    pub tls: Duration,
    /// The first line of the server (4.5.3.2.1).
    pub greeting: Duration,
    /// Answers to EHLO, STARTTLS, AUTH and RSET.
    pub command: Duration,
    /// The answer to MAIL (4.5.3.2.2).
    pub mail: Duration,
    /// The answer to RCPT (4.5.3.2.3).
    pub rcpt: Duration,
    /// The answer to DATA (4.5.3.2.4).
    pub data: Duration,
    /// Until the server takes more bytes of the body (4.5.3.2.5).
    pub block: Duration,
    /// The answer to the end of the mail (4.5.3.2.6): giving up early is how mails are sent twice (RFC 1047).
    pub end: Duration,
}

impl Default for Timeouts {
    fn default() -> Self {
        let minutes = |count: u64| Duration::from_secs(60 * count);
        Self {
            connect: Duration::from_secs(30),
            tls: minutes(1),
            greeting: minutes(5),
            command: minutes(5),
            mail: minutes(5),
            rcpt: minutes(5),
            data: minutes(2),
            block: minutes(3),
            end: minutes(10),
        }
    }
}

impl Timeouts {
    /// The same patience for every step.
    pub fn all(patience: Duration) -> Self {
        Self {
            connect: patience,
            tls: patience,
            greeting: patience,
            command: patience,
            mail: patience,
            rcpt: patience,
            data: patience,
            block: patience,
            end: patience,
        }
    }
}
