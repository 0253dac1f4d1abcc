//! A mail ready for the wire, and what makes it: the compiled letter, the head, the tokens and the signature.

use std::sync::Arc;

use instance::Instance;
use letter::{CompiledLetter, PersonalSlot, Template, Values};
use publications::Publication;
use store::Row;
use wire::dkim::Signer;
use wire::header::Date;
use wire::message::{EditionHead, EditionPlan, FeedbackId, ReaderHead};
use wire::token::{Purpose, TokenKey};
use wire::{Address, Mailbox};

use super::chunk::Lease;
use crate::model::{Dispatch, DispatchError, Kind};
use crate::queries;

/// One mail.
pub(super) struct Mail {
    pub dispatch: i64,
    pub seq: i64,
    /// Tries before this one.
    pub tries: i64,
    /// How often it was in doubt before.
    pub doubts: i64,
    pub from: String,
    pub to: String,
    pub message: Vec<u8>,
    pub lease: Arc<Lease>,
    /// Whether a doubt about it is to be sent again.
    pub resend: bool,
}

/// A row of the ledger with what the letter wants to know of its reader.
#[derive(Clone, Debug)]
pub(super) struct Claimed {
    pub seq: i64,
    pub reader: i64,
    pub tries: i64,
    pub doubts: i64,
    /// Nothing when the reader was deleted a moment ago.
    pub email: Option<String>,
    pub first_name: Option<String>,
    pub last_name: Option<String>,
    pub segments: u64,
}

impl Claimed {
    pub(super) fn from_row(row: &Row) -> Result<Self, store::StoreError> {
        Ok(Claimed {
            seq: row.int(0)?,
            reader: row.int(1)?,
            tries: row.int(2)?,
            doubts: row.int(3)?,
            email: row.opt_text(4)?,
            first_name: row.opt_text(5)?,
            last_name: row.opt_text(6)?,
            segments: 0,
        })
    }
}

/// Everything a dispatch's mails have in common. Made once; filling parses nothing.
pub(super) struct Press {
    pub dispatch: i64,
    pub publication: i64,
    pub kind: Kind,
    pub letter: CompiledLetter,
    edition: u64,
    publication_number: u64,
    resend: bool,
    first_at: i64,
    subject: Template,
    head: EditionHead,
    signer: Option<Signer>,
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

    /// Fills and signs the mail of one reader.
    pub(super) fn fill(&self, claimed: &Claimed, lease: &Arc<Lease>) -> Result<Mail, String> {
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
        let mut head = Vec::with_capacity(2_048);
        let reader_head = ReaderHead {
            to: &to,
            name: name.as_deref(),
            subject: &subject,
            date: self.date,
            dispatch,
            reader,
            unsubscribe: &unsubscribe,
        };
        self.head.write(&reader_head, &mut head).map_err(|error| error.to_string())?;
        let message = match &self.signer {
            None => {
                let mut message = Vec::with_capacity(head.len() + self.letter.size() + 1_024);
                message.extend_from_slice(&head);
                message.extend_from_slice(b"\r\n");
                self.letter.fill(&values, &mut message);
                message
            }
            Some(signer) => {
                let mut body = Vec::with_capacity(self.letter.size() + 1_024);
                self.letter.fill(&values, &mut body);
                let at = self.first_at.max(0).unsigned_abs() / 1_000_000;
                let mut message = signer.sign(&head, &body, at).map_err(|error| error.to_string())?;
                message.reserve(head.len() + body.len() + 2);
                message.extend_from_slice(&head);
                message.extend_from_slice(b"\r\n");
                message.extend_from_slice(&body);
                message
            }
        };
        let mut from = Vec::with_capacity(96);
        self.head.write_return_path(dispatch, reader, &mut from);
        Ok(Mail {
            dispatch: self.dispatch,
            seq: claimed.seq,
            tries: claimed.tries,
            doubts: claimed.doubts,
            // A token in base32 at a domain that was checked.
            from: String::from_utf8_lossy(&from).into_owned(),
            to: to.as_str().to_owned(),
            message,
            lease: Arc::clone(lease),
            resend: self.resend,
        })
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
