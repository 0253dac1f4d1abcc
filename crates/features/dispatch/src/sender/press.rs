//! What makes the mails of a dispatch: the compiled letter, the head, the tokens and the signature.

use std::sync::Arc;

use instance::{Instance, Signing};
use letter::{CompiledLetter, PersonalSlot, Template, Values};
use publications::Publication;
use wire::dkim::{Coverage, Signer};
use wire::header::Date;
use wire::message::{EditionHead, EditionPlan, FeedbackId, ReaderHead};
use wire::token::{Purpose, TokenKey};
use wire::{Address, Mailbox};

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
        let head = head(instance, &publication, dispatch, &letter, key.clone())?;
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

fn head(
    instance: &Instance,
    publication: &Publication,
    dispatch: &Dispatch,
    letter: &CompiledLetter,
    key: TokenKey,
) -> Result<EditionHead, DispatchError> {
    let domain = instance.config.mail_domain();
    // Named even where it is the sender: some receivers look for an address that is really read.
    let reply_to = Mailbox::new(publication.from.name.as_deref(), publication.answers_to().clone()).ok();
    let owner = format!("mailto:{}", publication.answers_to());
    let edition = format!("e{}", dispatch.edition_id);
    // 5 to 15 characters, always the same for this instance.
    let sender =
        format!("soucoupe{:04x}", u16::from_be_bytes(first_two(&instance.secrets.key("feedback id"))));
    let plan = EditionPlan {
        from: &publication.from,
        reply_to: reply_to.as_ref(),
        publication: &publication.name,
        list_id: &publication.list_id(instance),
        feedback: FeedbackId {
            edition: &edition,
            stream: dispatch.kind.as_str(),
            publication: publication.slug.as_str(),
            sender: &sender,
        },
        archive_url: &publication.url(instance, "/archive"),
        help_url: &publication.url(instance, "/"),
        owner_url: &owner,
        unsubscribe_url: &instance.url("/r/unsubscribe/"),
        unsubscribe_domain: &domain,
        bounce_domain: &domain,
        message_domain: &domain,
        content_type: &letter.content_type(),
    };
    EditionHead::new(&plan, key).map_err(|error| DispatchError::Letter(error.to_string()))
}

const fn first_two(key: &[u8; 32]) -> [u8; 2] {
    [key[0], key[1]]
}
