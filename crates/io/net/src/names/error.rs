//! Why a question to the DNS brought nothing.

use hickory_resolver::net::{DnsError, NetError};
use hickory_resolver::proto::dnssec::Proof;
use hickory_resolver::proto::op::ResponseCode;

/// Why a question to the DNS brought nothing.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NameError {
    /// The name does not exist.
    #[error("the name {0} does not exist")]
    NoSuchName(String),
    /// The name exists, and has no such record.
    #[error("the name {0} has no such record")]
    NoRecords(String),
    /// Not a name of the DNS.
    #[error("{0:?} is not a name of the DNS")]
    NotAName(String),
    /// No answer for now, or one whose signatures do not hold: ask again later.
    #[error("the DNS does not answer for {name} ({why})")]
    Temporary {
        /// What was asked.
        name: String,
        /// What happened.
        why: String,
    },
    /// The system's settings for names cannot be read.
    #[error("the name servers of this machine are not known ({0})")]
    Settings(String),
}

impl NameError {
    /// Whether the answer is definite: there is nothing, and asking again brings nothing.
    pub fn is_definite(&self) -> bool {
        matches!(self, Self::NoSuchName(_) | Self::NoRecords(_) | Self::NotAName(_))
    }

    pub(super) fn of(name: &str, error: NetError) -> Self {
        let negative = |code| match code {
            ResponseCode::NXDomain => Self::NoSuchName(name.to_owned()),
            ResponseCode::NoError => Self::NoRecords(name.to_owned()),
            other => temporary(name, other.to_string()),
        };
        match error {
            NetError::Dns(DnsError::NoRecordsFound(none)) => negative(none.response_code),
            NetError::Dns(DnsError::Nsec { response, proof, .. }) if proof != Proof::Bogus => {
                negative(response.response_code)
            }
            NetError::Dns(DnsError::DnssecBogus | DnsError::Nsec { .. }) => {
                temporary(name, "its signatures do not hold".to_owned())
            }
            NetError::Dns(DnsError::ResponseCode(code)) => temporary(name, code.to_string()),
            other => temporary(name, other.to_string()),
        }
    }
}

fn temporary(name: &str, why: String) -> NameError {
    NameError::Temporary { name: name.to_owned(), why }
}
