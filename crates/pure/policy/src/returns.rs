//! What follows from what came back about a mail.

use crate::Unknown;

/// What to do about an address after something came back. Names are those of the command line and the database.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Action {
    /// Never mail it again: a dead address or domain, one that takes no mail, one that has moved.
    Suppress,
    /// Count it: several in a row, over weeks, mean that nobody is there.
    Soft,
    /// Not now; whoever has the mail tries again.
    Retry,
    /// About what we sent or who we are, never about the reader: tell the author.
    Trouble,
    /// The reader called it spam.
    Complaint,
    /// A machine answered for a person.
    AutoReply,
    /// Nothing follows.
    None,
}

impl Action {
    /// All of them.
    pub const ALL: [Self; 7] = [
        Self::Suppress,
        Self::Soft,
        Self::Retry,
        Self::Trouble,
        Self::Complaint,
        Self::AutoReply,
        Self::None,
    ];

    /// As the command line prints it and columns hold it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Suppress => "suppress",
            Self::Soft => "soft",
            Self::Retry => "retry",
            Self::Trouble => "trouble",
            Self::Complaint => "complaint",
            Self::AutoReply => "auto_reply",
            Self::None => "none",
        }
    }
}

impl std::str::FromStr for Action {
    type Err = Unknown;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let known = Self::ALL.into_iter().find(|action| action.as_str() == text);
        known.ok_or_else(|| Unknown { what: "action", value: text.to_owned() })
    }
}
