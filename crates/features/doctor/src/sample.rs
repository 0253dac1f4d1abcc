//! A sample letter, made as a dispatch makes one, for a reader that does not exist.

pub(crate) mod headers;
pub(crate) mod links;
pub(crate) mod spam;

use editions::{CLIPPED, HEAVY, Rendering};
use i18n::Language;
use instance::Instance;
use letter::{CompiledLetter, PersonalSlot, Values};
use publications::Publication;
use wire::header::Date;
use wire::message::ReaderHead;
use wire::token::{Purpose, TokenKey};

use crate::model::{Area, DoctorError, Finding, Level};

/// What the letter is when no edition was written yet.
const ENGLISH: &str = include_str!("../assets/sample.en.md");
const FRENCH: &str = include_str!("../assets/sample.fr.md");
/// A name of middling length.
const READER: &str = "Camille";

/// A letter as it would leave.
#[derive(Debug, Default)]
pub(crate) struct Sample {
    /// Title of the edition it was made of; none for the one we keep for this.
    pub edition: Option<String>,
    /// All of it.
    pub message: Vec<u8>,
    /// The HTML part, decoded.
    pub html: String,
    /// The domain of its sender.
    pub sender: String,
    /// What it is sent in the name of: the envelope.
    pub return_path: String,
    /// Address of the instance; its own links begin with it.
    pub base_url: String,
    /// Why it could not be made at all.
    pub fault: Option<String>,
}

/// Makes the sample: the edition that was worked on last, or a letter of our own where there is none.
pub(crate) async fn sample(
    instance: &Instance,
    publication: &Publication,
    signs: bool,
) -> Result<Sample, DoctorError> {
    let newest = editions::list(instance, publication.id, 1).await?.0.into_iter().next();
    let (edition, rendering) = match newest {
        Some(edition) => {
            let edition = editions::foreseen(instance, &edition).await?;
            (Some(edition.title.clone()), Ok(Rendering::of(instance, publication, &edition)))
        }
        None => (None, of_nothing(instance, publication)),
    };
    let mut made = Sample {
        edition,
        sender: publication.from.address.domain().to_ascii_lowercase(),
        base_url: instance.config.base_url.clone(),
        ..Sample::default()
    };
    let signer = match signs {
        true => publications::keys::signer(instance, publication.from.address.domain()).await?,
        false => None,
    };
    let filled =
        rendering.and_then(|rendering| fill(instance, publication, &rendering, signer.as_ref(), &mut made));
    made.fault = filled.err();
    Ok(made)
}

fn of_nothing(instance: &Instance, publication: &Publication) -> Result<Rendering, String> {
    let text = match publication.language {
        Language::French => FRENCH,
        Language::English => ENGLISH,
    };
    let document =
        document::read(text).map_err(|problems| document::sentences(&problems, publication.language))?;
    Ok(Rendering::of_document(instance, publication, &document, "sample", Some(1), None))
}

/// The same steps as those of a dispatch, with tokens that open nothing.
fn fill(
    instance: &Instance,
    publication: &Publication,
    rendering: &Rendering,
    signer: Option<&wire::dkim::Signer>,
    made: &mut Sample,
) -> Result<(), String> {
    let key = TokenKey::new(instance.secrets.key("doctor sample"));
    let unsubscribe = key.sign(Purpose::Unsubscribe, 0, 0);
    let (unsubscribe_text, to) = (unsubscribe.to_string(), publication.answers_to());
    let (preferences, heart) =
        (key.sign(Purpose::Preferences, 0, 0).to_string(), key.sign(Purpose::Heart, 0, 0).to_string());
    let values = Values::default()
        .with(PersonalSlot::FirstName, READER)
        .with(PersonalSlot::Name, READER)
        .with(PersonalSlot::Email, to.as_str())
        .with(PersonalSlot::UnsubscribeToken, &unsubscribe_text)
        .with(PersonalSlot::PreferencesToken, &preferences)
        .with(PersonalSlot::HeartToken, &heart)
        .in_segments(u64::MAX);
    made.html = rendering.mail().render(&values);
    let compiled = CompiledLetter::compile(&rendering.text(), &rendering.mail(), "sample")
        .map_err(|error| error.to_string())?;
    let content_type = compiled.content_type();
    let heading = publications::heading(instance, publication, 0, "test", &content_type, key)
        .map_err(|error| error.to_string())?;
    let now = instance.now();
    let offset = publication.zone().to_offset(now).seconds() / 60;
    let reader = ReaderHead {
        to,
        name: Some(READER),
        subject: &rendering.subject().render(&values),
        date: Date {
            unix_seconds: now.as_second(),
            offset_minutes: i16::try_from(offset).unwrap_or_default(),
        },
        dispatch: 0,
        reader: 0,
        unsubscribe: &unsubscribe,
    };
    let (mut head, mut body, mut from) = (Vec::new(), Vec::new(), Vec::new());
    heading.write(&reader, &mut head).map_err(|error| error.to_string())?;
    heading.write_return_path(0, 0, &mut from);
    made.return_path = String::from_utf8_lossy(&from).into_owned();
    compiled.fill(&values, &mut body);
    if let Some(signer) = signer {
        let at = now.as_second().max(0).unsigned_abs();
        made.message = signer.sign(&head, &body, at).map_err(|error| error.to_string())?;
    }
    made.message.extend_from_slice(&head);
    made.message.extend_from_slice(b"\r\n");
    made.message.extend_from_slice(&body);
    Ok(())
}

/// Whether the letter says where its author can be written to on paper.
pub(crate) fn postal(publication: &Publication, about: &str) -> Vec<Finding> {
    let none = publication.postal_address.as_deref().is_none_or(|address| address.trim().is_empty());
    let (level, what) = if none { (Level::Warn, "postal-none") } else { (Level::Ok, "postal") };
    vec![Finding::new(Area::Letter, about, "postal_address", level, what)]
}

/// Whether it is light enough not to be cut.
pub(crate) fn size(sample: &Sample, about: &str) -> Vec<Finding> {
    let bytes = sample.html.len();
    let (level, what) = match bytes {
        bytes if bytes > CLIPPED => (Level::Bad, "size-clipped"),
        bytes if bytes > HEAVY => (Level::Warn, "size-heavy"),
        _ => (Level::Ok, "size"),
    };
    let finding = Finding::new(Area::Letter, about, "size", level, what);
    vec![
        finding
            .size("size", bytes as u64)
            .size("budget", HEAVY as u64)
            .size("whole", sample.message.len() as u64),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_letters_of_our_own_are_letters() {
        for text in [ENGLISH, FRENCH] {
            assert!(document::read(text).is_ok());
        }
    }

    #[test]
    fn a_letter_is_heavy_from_90_kilobytes_on_and_cut_from_102_on() {
        for (bytes, level) in [(20_000, Level::Ok), (HEAVY + 1, Level::Warn), (CLIPPED + 1, Level::Bad)] {
            let sample = Sample { html: "x".repeat(bytes), ..Sample::default() };
            assert_eq!(size(&sample, "gazette")[0].level, level, "{bytes}");
        }
    }
}
