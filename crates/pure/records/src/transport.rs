//! What must hold of the encryption of one connection.

use crate::tlsa::Tlsa;

/// What must hold of the encryption of one connection to a mail server.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum TlsPolicy {
    /// No encryption is tried.
    None,
    /// Encrypted where the server can, with any certificate; in clear where it cannot (RFC 7435).
    #[default]
    Opportunistic,
    /// Encrypted, with a certificate of a known authority for the server's name (RFC 8461 5).
    Required,
    /// Encrypted, with a certificate that one of these records names (RFC 7672). Where no record is usable the
    /// connection is encrypted with any certificate (RFC 7672 2.2).
    Dane(Vec<Tlsa>),
}

impl TlsPolicy {
    /// Whether a connection in clear is ruled out.
    pub fn is_strict(&self) -> bool {
        matches!(self, Self::Required | Self::Dane(_))
    }
}
