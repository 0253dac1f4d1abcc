//! How long each step may take.

use std::time::Duration;

/// Patience per step.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Timeouts {
    /// Name look-up and TCP connection.
    pub connect: Duration,
    /// The TLS handshake.
    pub tls: Duration,
    /// The greeting, and the answer to any command but a fetch.
    pub command: Duration,
    /// One mail, from asking for it to its last byte.
    pub fetch: Duration,
}

impl Default for Timeouts {
    fn default() -> Self {
        Self {
            connect: Duration::from_secs(30),
            tls: Duration::from_secs(30),
            // A server may have to search a mailbox of years.
            command: Duration::from_secs(120),
            fetch: Duration::from_secs(300),
        }
    }
}

impl Timeouts {
    /// The same patience for every step.
    pub fn all(patience: Duration) -> Self {
        Self { connect: patience, tls: patience, command: patience, fetch: patience }
    }
}
