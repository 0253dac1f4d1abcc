//! What a sink does wrong, to whom, and how often.

use std::sync::atomic::{AtomicU64, Ordering};

use wire::smtp::Reply;

use crate::listener::Answer;

/// Where a fault happens.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum FaultStage {
    /// Instead of the greeting.
    Greeting,
    /// At MAIL.
    Mail,
    /// At RCPT.
    Rcpt,
    /// At DATA or the first BDAT, or in the middle of the body with [`Misdeed::GiveUpAfter`].
    Data,
    /// After the whole mail came; it is not taken.
    Message,
    /// After the mail was taken and logged: what the client hears is not the 250.
    AfterMessage,
}

/// What happens instead of a yes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Misdeed {
    /// This code and text; the text may start with an enhanced code.
    Say(u16, String),
    /// The connection is closed without a word.
    Close,
    /// No answer ever.
    Hang,
    /// Bytes that are no answer.
    Garbage,
    /// At [`FaultStage::Data`]: 421 and an end after so many bytes of the body.
    GiveUpAfter(usize),
}

/// Whom it happens to. MAIL and the greeting know no recipient: faults there are for anyone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Who {
    /// Every mail.
    Anyone,
    /// Mails to this domain.
    Domain(String),
    /// Mails to this address.
    Address(String),
}

/// One way to misbehave.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    /// Where.
    pub stage: FaultStage,
    /// What.
    pub misdeed: Misdeed,
    /// To whom.
    pub who: Who,
    /// At every n-th occasion, the n-th being the first; 1 for each.
    pub every: u64,
    /// So many times at most.
    pub times: u64,
}

impl Fault {
    /// At every occasion, to anyone.
    pub fn always(stage: FaultStage, misdeed: Misdeed) -> Self {
        Self { stage, misdeed, who: Who::Anyone, every: 1, times: u64::MAX }
    }

    /// At every n-th occasion.
    pub fn every(stage: FaultStage, every: u64, misdeed: Misdeed) -> Self {
        Self { every, ..Self::always(stage, misdeed) }
    }

    /// To these only.
    pub fn to(self, who: Who) -> Self {
        Self { who, ..self }
    }

    /// So many times at most.
    pub fn times(self, times: u64) -> Self {
        Self { times, ..self }
    }
}

#[derive(Debug)]
pub(super) struct Faults(Vec<(Fault, AtomicU64)>);

impl Faults {
    pub(super) fn new(faults: Vec<Fault>) -> Self {
        Self(faults.into_iter().map(|fault| (fault, AtomicU64::new(0))).collect())
    }

    pub(super) fn answer(&self, stage: FaultStage, to: &[impl AsRef<str>]) -> Answer {
        for (fault, occasions) in &self.0 {
            if fault.stage != stage || !fault.who.is_among(to) {
                continue;
            }
            let occasion = occasions.fetch_add(1, Ordering::Relaxed) + 1;
            let every = fault.every.max(1);
            if occasion.is_multiple_of(every) && occasion / every <= fault.times {
                return fault.misdeed.answer();
            }
        }
        Answer::Accept
    }
}

impl Who {
    fn is_among(&self, to: &[impl AsRef<str>]) -> bool {
        match self {
            Self::Anyone => true,
            Self::Domain(domain) => to.iter().any(|to| {
                to.as_ref().rsplit_once('@').is_some_and(|(_, found)| found.eq_ignore_ascii_case(domain))
            }),
            Self::Address(address) => to.iter().any(|to| to.as_ref() == address),
        }
    }
}

impl Misdeed {
    fn answer(&self) -> Answer {
        match self {
            Self::Say(code, text) => Answer::Reply(Reply::new(*code, None, text.as_str())),
            Self::Close => Answer::Close,
            Self::Hang => Answer::Hang,
            Self::Garbage => Answer::Raw(b"\x16\x03\x01 what is SMTP?\r\n".to_vec()),
            Self::GiveUpAfter(bytes) => Answer::GiveUpAfter(*bytes),
        }
    }
}
