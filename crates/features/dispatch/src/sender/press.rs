//! What makes the mails of a dispatch: the compiled letter, the head, the tokens and the signature.

use std::sync::Arc;

use instance::{Instance, Signing};
use letter::{CompiledLetter, PersonalSlot, Template, Values};
use publications::Publication;
use wire::Address;
use wire::dkim::{Coverage, Signer};
use wire::header::Date;
use wire::message::{EditionHead, ReaderHead};
use wire::token::{Purpose, TokenKey};

use super::delivery::Claimed;
use super::sheet::Sheet;
use crate::model::{Dispatch, DispatchError, Kind};
use crate::queries;

/// Everything a dispatch's mails have in common. Made once; filling parses nothing.
pub(super) struct Press {
    pub dispatch: i64,
    pub publication: i64,
    pub kind: Kind,
    pub letter: CompiledLetter,
    edition: u64,
    publication_number: u64,
    /// Whether a doubt is to be sent again.
    pub resend: bool,
    first_at: i64,
    subject: Template,
    head: EditionHead,
    signer: Option<Arc<Signer>>,
    key: TokenKey,
    date: Date,
}

impl Press {
    pub(super) async fn set_up(instance: &Instance, dispatch: &Dispatch) -> Result<Self, DispatchError> {
        let (publication, rendering) = crate::freeze::rendering(instance, dispatch).await?;
        let row = instance.store.read_one(queries::LETTER, store::params![dispatch.id]).await?;
        let kept = row.ok_or(DispatchError::Unknown(dispatch.id))?.bytes(1)?;
        let letter =
            CompiledLetter::from_bytes(&kept).map_err(|error| DispatchError::Letter(error.to_string()))?;
        let key = audience::tokens(instance);
        let (stream, content_type) = (dispatch.kind.as_str(), letter.content_type());
        let heading = publications::heading(
            instance,
            &publication,
            dispatch.edition_id,
            stream,
            &content_type,
            key.clone(),
        );
        let head = heading.map_err(|error| DispatchError::Letter(error.to_string()))?;
        let signer = publications::keys::signer(instance, publication.from.address.domain()).await?;
        let signer = signer.map(Arc::new);
        let started = dispatch.started_at.unwrap_or(dispatch.created_at);
        Ok(Press {
            dispatch: dispatch.id,
            publication: publication.id,
            kind: dispatch.kind,
            letter,
            edition: dispatch.edition_id.unsigned_abs(),
            publication_number: publication.id.unsigned_abs(),
            resend: dispatch.in_doubt == policy::delivery::InDoubtRule::Resend,
            first_at: started,
            subject: rendering.subject(),
            head,
            signer,
            key,
            date: date(&publication, started),
        })
    }

    /// Writes the mail of one reader onto a sheet, unsigned. Nothing is parsed; the sheet keeps its room for the next.
    pub(super) fn fill(&self, claimed: &Claimed, sheet: &mut Sheet) -> Result<(), String> {
        let email = claimed.email.as_deref().ok_or("the reader was deleted")?;
        let to = Address::parse(email).map_err(|error| error.to_string())?;
        let (dispatch, reader) = (self.dispatch.unsigned_abs(), claimed.reader.unsigned_abs());
        let unsubscribe = self.key.sign(Purpose::Unsubscribe, self.publication_number, reader);
        let preferences = self.key.sign(Purpose::Preferences, self.publication_number, reader).to_string();
        let heart = self.key.sign(Purpose::Heart, self.edition, reader).to_string();
        let (unsubscribe_text, name) = (unsubscribe.to_string(), full_name(claimed));
        let values = Values::default()
            .with_option(PersonalSlot::FirstName, claimed.first_name.as_deref())
            .with_option(PersonalSlot::LastName, claimed.last_name.as_deref())
            .with_option(PersonalSlot::Name, name.as_deref())
            .with(PersonalSlot::Email, to.as_str())
            .with(PersonalSlot::UnsubscribeToken, &unsubscribe_text)
            .with(PersonalSlot::PreferencesToken, &preferences)
            .with(PersonalSlot::HeartToken, &heart)
            .in_segments(claimed.segments);
        let subject = self.subject.render(&values);
        let reader_head = ReaderHead {
            to: &to,
            name: name.as_deref(),
            subject: &subject,
            date: self.date,
            dispatch,
            reader,
            unsubscribe: &unsubscribe,
        };
        let body = sheet.begin(to.as_str());
        self.head.write(&reader_head, body).map_err(|error| error.to_string())?;
        sheet.end_head();
        self.letter.fill(&values, sheet.body());
        // A token in base32 at a domain that was checked: ASCII.
        self.head.write_return_path(dispatch, reader, sheet.return_path());
        Ok(())
    }

    /// What signs the mails of this dispatch by a route that wants them signed here.
    pub(super) fn signer(&self, signing: Signing) -> Option<(Arc<Signer>, Coverage)> {
        let coverage = match signing {
            Signing::Ours => Coverage::Full,
            Signing::Both => Coverage::WithoutRewritten,
            Signing::Relay => return None,
        };
        self.signer.clone().map(|signer| (signer, coverage))
    }

    /// When the first mail of the dispatch was written, seconds since 1970.
    pub(super) fn signed_at(&self) -> u64 {
        self.first_at.max(0).unsigned_abs() / 1_000_000
    }
}

fn full_name(claimed: &Claimed) -> Option<String> {
    let parts = [claimed.first_name.as_deref(), claimed.last_name.as_deref()];
    let name = parts.into_iter().flatten().map(str::trim).filter(|part| !part.is_empty()).collect::<Vec<_>>();
    (!name.is_empty()).then(|| name.join(" "))
}

fn date(publication: &Publication, moment: i64) -> Date {
    let instant = jiff::Timestamp::from_microsecond(moment).unwrap_or_default();
    let offset = publication.zone().to_offset(instant).seconds() / 60;
    Date { unix_seconds: instant.as_second(), offset_minutes: i16::try_from(offset).unwrap_or_default() }
}
