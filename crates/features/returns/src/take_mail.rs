//! A mail that came back, from the listener or the mailbox: understood, and what it means done.

use audience::{Form, Proof, Way};
use instance::Instance;

use crate::model::{NewReply, ReturnsError};
use crate::replies::{is_flooded, keep_reply};
use crate::take_in::take_in;
use crate::understand::{Arrived, Meaning, understand};

/// Why a mail was not taken.
#[derive(Debug)]
pub(crate) enum Refused {
    /// A letter with files.
    Attachments(Box<NewReply>),
    /// More letters than are kept.
    TooMany,
    /// It could not be done now.
    Error(ReturnsError),
}

impl<E: Into<ReturnsError>> From<E> for Refused {
    fn from(error: E) -> Self {
        Refused::Error(error.into())
    }
}

/// Takes a mail in; letters with files are refused, and letters that `may_write` does not let in.
pub(crate) async fn take_mail(
    instance: &Instance,
    mail: &Arrived<'_>,
    may_write: impl FnOnce() -> bool,
) -> Result<(), Refused> {
    match understand(instance, mail).await? {
        Meaning::Letter(letter) if letter.attachments > 0 => Err(Refused::Attachments(Box::new(letter))),
        Meaning::Letter(letter) if !may_write() || is_flooded(instance, letter.publication_id).await? => {
            Err(Refused::TooMany)
        }
        meaning => Ok(act(instance, meaning).await?),
    }
}

/// Takes a mail in that nobody can be told about any more: of letters with files the text is kept.
pub(crate) async fn take_all_of(instance: &Instance, mail: &Arrived<'_>) -> Result<(), ReturnsError> {
    let meaning = understand(instance, mail).await?;
    act(instance, meaning).await
}

async fn act(instance: &Instance, meaning: Meaning) -> Result<(), ReturnsError> {
    match meaning {
        Meaning::Events(events) => {
            for event in &events {
                take_in(instance, event).await?;
            }
        }
        Meaning::Letter(letter) => {
            keep_reply(instance, &letter).await?;
        }
        Meaning::Leave { publication, reader, words } => {
            leave(instance, publication, reader, &words).await?;
        }
        Meaning::Nothing => {}
    }
    Ok(())
}

/// Exactly what the one-click POST does.
async fn leave(instance: &Instance, publication: i64, reader: i64, words: &str) -> Result<(), ReturnsError> {
    let Some(publication) = publications::by_id(instance, publication).await? else { return Ok(()) };
    let way = Way { publication, reader: audience::by_id(instance, reader).await? };
    let proof = Proof { wording: words, form: Form::Mail, network: None };
    audience::unsubscribe(instance, &way, proof).await?;
    Ok(())
}
