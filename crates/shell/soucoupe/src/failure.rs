//! How a command ends when it does not end well: one sentence and an exit code.

use std::fmt::Display;
use std::process::ExitCode;

use accounts::AccountError;
use audience::AudienceError;
use catcher::CatcherError;
use dispatch::DispatchError;
use doctor::DoctorError;
use editions::EditionError;
use instance::{ConfigError, OpenError};
use notices::NoticeError;
use publications::PublicationError;
use returns::ReturnsError;
use routes::RoutesError;
use store::StoreError;

/// The answer is no.
const REFUSED: u8 = 1;
/// What was given cannot be used.
const WRONG_INPUT: u8 = 2;
/// A fault of ours or of the machine (`EX_SOFTWARE` of sysexits.h).
const INTERNAL: u8 = 70;

/// Why a command did not do what was asked.
#[derive(Debug)]
pub struct Failure {
    code: u8,
    sentence: String,
}

impl Failure {
    /// Something that was given is wrong; nothing was changed.
    pub fn input(sentence: impl Display) -> Self {
        Failure { code: WRONG_INPUT, sentence: sentence.to_string() }
    }

    /// All was understood, and the answer is no.
    pub fn refused(sentence: impl Display) -> Self {
        Failure { code: REFUSED, sentence: sentence.to_string() }
    }

    /// The command has said everything itself; only the code is left to tell.
    pub fn silent() -> Self {
        Failure { code: REFUSED, sentence: String::new() }
    }

    /// Our fault, or the machine's.
    pub fn internal(error: impl Into<anyhow::Error>) -> Self {
        Failure { code: INTERNAL, sentence: format!("{:#}", error.into()) }
    }

    /// Says it and gives the code to exit with.
    pub fn told(self) -> ExitCode {
        if !self.sentence.is_empty() {
            eprintln!("soucoupe: {}", self.sentence);
        }
        ExitCode::from(self.code)
    }

    /// The same failure with the place before its sentence.
    #[must_use]
    pub fn at(mut self, place: impl Display) -> Self {
        self.sentence = format!("{place}: {}", self.sentence);
        self
    }
}

impl From<StoreError> for Failure {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::Address(_)
            | StoreError::Open { .. }
            | StoreError::TooOld { .. }
            | StoreError::Newer { .. }
            | StoreError::Rewritten(_)
            | StoreError::Backup(_) => Failure::input(error),
            _ => Failure::internal(error),
        }
    }
}

impl From<OpenError> for Failure {
    fn from(error: OpenError) -> Self {
        match error {
            OpenError::Store(error) => error.into(),
            OpenError::Secret => Failure::internal(error),
        }
    }
}

impl From<ConfigError> for Failure {
    fn from(error: ConfigError) -> Self {
        Failure::input(error)
    }
}

impl From<PublicationError> for Failure {
    fn from(error: PublicationError) -> Self {
        match error {
            PublicationError::Store(error) => error.into(),
            PublicationError::Kept(..) => Failure::internal(error),
            _ => Failure::input(error),
        }
    }
}

impl From<AccountError> for Failure {
    fn from(error: AccountError) -> Self {
        match error {
            AccountError::Store(error) => error.into(),
            AccountError::Hash(_) => Failure::internal(error),
            _ => Failure::input(error),
        }
    }
}

impl From<NoticeError> for Failure {
    fn from(error: NoticeError) -> Self {
        Failure::internal(error)
    }
}

impl From<AudienceError> for Failure {
    fn from(error: AudienceError) -> Self {
        match error {
            AudienceError::Store(error) => error.into(),
            AudienceError::Publication(error) => error.into(),
            AudienceError::Notice(error) => error.into(),
            AudienceError::Kept(_) | AudienceError::Unknown(_) => Failure::internal(error),
            _ => Failure::input(error),
        }
    }
}

impl From<EditionError> for Failure {
    fn from(error: EditionError) -> Self {
        match error {
            EditionError::Store(error) => error.into(),
            EditionError::Kept(..) => Failure::internal(error),
            _ => Failure::input(error),
        }
    }
}

impl From<DispatchError> for Failure {
    fn from(error: DispatchError) -> Self {
        match error {
            DispatchError::Store(error) => error.into(),
            DispatchError::Publication(error) => error.into(),
            DispatchError::Audience(error) => error.into(),
            DispatchError::Edition(error) => error.into(),
            DispatchError::Unfit { .. } | DispatchError::Nobody(_) => Failure::refused(error),
            DispatchError::Routes(error) => error.into(),
            DispatchError::Unknown(_) | DispatchError::NoRelay | DispatchError::Timing(_) => {
                Failure::input(error)
            }
            _ => Failure::internal(error),
        }
    }
}

impl From<RoutesError> for Failure {
    fn from(error: RoutesError) -> Self {
        match error {
            RoutesError::Out { .. } => Failure::input(error),
            RoutesError::Store(error) => error.into(),
        }
    }
}

impl From<ReturnsError> for Failure {
    fn from(error: ReturnsError) -> Self {
        match error {
            ReturnsError::Listen { .. } | ReturnsError::Certificate { .. } => Failure::input(error),
            ReturnsError::Audience(error) => error.into(),
            ReturnsError::Publication(error) => error.into(),
            ReturnsError::Store(error) => error.into(),
            ReturnsError::Kept(_) | ReturnsError::Spent => Failure::internal(error),
        }
    }
}

impl From<DoctorError> for Failure {
    fn from(error: DoctorError) -> Self {
        match error {
            DoctorError::Store(error) => error.into(),
            DoctorError::Publication(error) => error.into(),
            DoctorError::Edition(error) => error.into(),
            DoctorError::Unknown(_) => Failure::input(error),
        }
    }
}

impl From<CatcherError> for Failure {
    fn from(error: CatcherError) -> Self {
        match error {
            CatcherError::Listen { .. } => Failure::input(error),
            CatcherError::Store(error) => error.into(),
        }
    }
}
