//! What a mail that came back means: events, a letter, a wish to leave, or nothing that is for us.

use aws_lc_rs::digest::{Context, SHA256};
use data_encoding::HEXLOWER;
use instance::Instance;
use policy::returns::Action;
use returned::{About, Kind, Returned};
use wire::Address;

use crate::model::{Event, Evidence, NewReply, ReturnsError, Source};
use crate::take_in::plain;
use crate::tokens::{self, Door, Found};

/// Events of one mail at most: a mail of ours has one reader, a digest of a mailbox a few.
const EVENTS: usize = 50;

/// What a mail means.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Meaning {
    /// Something came back.
    Events(Vec<Event>),
    /// A reader wrote.
    Letter(NewReply),
    /// A reader wants to leave; the words they said it with.
    Leave { publication: i64, reader: i64, words: String },
    /// Nothing that is for us.
    Nothing,
}

/// A mail, how it came and where to.
pub(crate) struct Arrived<'a> {
    pub door: &'a Door,
    pub source: Source,
    /// What makes it the same mail as another.
    pub key: &'a str,
    /// The null sender: whatever it holds, no person wrote it (RFC 5321 4.5.5).
    pub by_machine: bool,
    pub raw: &'a [u8],
    /// Whether `raw` is all of it; else it is the head of a mail that was too large.
    pub whole: bool,
}

/// What makes a mail the same as another: its bytes and the address it came to.
pub(crate) fn key(to: &str, raw: &[u8]) -> String {
    let mut hash = Context::new(&SHA256);
    hash.update(to.to_ascii_lowercase().as_bytes());
    hash.update(b"\0");
    hash.update(raw);
    format!("mail:{}", HEXLOWER.encode(hash.finish().as_ref()))
}

/// Reads a mail. Changes nothing.
pub(crate) async fn understand(instance: &Instance, mail: &Arrived<'_>) -> Result<Meaning, ReturnsError> {
    let read = returned::read(mail.raw);
    if let Door::Unsubscribe { publication, reader } = *mail.door {
        // A mail to this address is the wish itself (RFC 2369 3.2), whatever it says; a bounce is nobody's wish.
        return Ok(match read.kind {
            Kind::Bounce => Meaning::Nothing,
            _ => Meaning::Leave { publication, reader, words: wish(&read.subject) },
        });
    }
    let found = tokens::found_in(instance, mail.raw);
    match read.kind {
        Kind::Letter if !mail.by_machine => Ok(match letter(instance, mail, read, &found).await? {
            Some(letter) => Meaning::Letter(letter),
            None => Meaning::Nothing,
        }),
        _ => Ok(Meaning::Events(events(instance, mail, &read, &found).await?)),
    }
}

/// The words of the wish, as the proof keeps them.
fn wish(subject: &str) -> String {
    let subject: String = plain(subject).chars().take(200).collect();
    if subject.is_empty() { "mailto:unsubscribe".to_owned() } else { subject }
}

async fn events(
    instance: &Instance,
    mail: &Arrived<'_>,
    read: &Returned,
    found: &Found,
) -> Result<Vec<Event>, ReturnsError> {
    let evidence = evidence(instance, mail.door, read, found);
    let told = told(instance, read, &evidence).await?;
    let reason = match read.kind {
        Kind::AutoReply => "auto_reply",
        Kind::Letter => "machine",
        Kind::Bounce | Kind::Complaint => "unreadable",
    };
    let action = if read.kind == Kind::AutoReply { Action::AutoReply } else { Action::None };
    let event = |number: usize, about: Option<&About>| Event {
        key: if number == 0 { mail.key.to_owned() } else { format!("{}:{number}", mail.key) },
        source: mail.source.clone(),
        at: instance.now_us(),
        action: about.map_or(action, |about| believed(mail, about.action)),
        reason: about.map_or(reason, |about| about.reason).to_owned(),
        status: about.and_then(|about| about.status.clone()),
        words: about.and_then(|about| about.reply.clone()),
        evidence: Evidence { address: about.and_then(spoken_of), ..evidence.clone() },
    };
    if told.is_empty() {
        return Ok(vec![event(0, None)]);
    }
    Ok(told.iter().take(EVENTS).enumerate().map(|(number, about)| event(number, Some(about))).collect())
}

/// A head alone names nobody's death: what it says may be said of somebody else below.
fn believed(mail: &Arrived<'_>, action: Action) -> Action {
    if action == Action::Suppress && !mail.whole { Action::Soft } else { action }
}

/// Whom something is said about: the address that we wrote to, where a server tells it apart from the one behind it.
fn spoken_of(about: &About) -> Option<Address> {
    [&about.original, &about.address].into_iter().flatten().find_map(|text| text.parse().ok())
}

/// What is said about whom. A mail of ours has one reader: where a token names them, what is said about others (whom a
/// list or a forwarding brought in) is not.
async fn told<'a>(
    instance: &Instance,
    read: &'a Returned,
    evidence: &Evidence,
) -> Result<Vec<&'a About>, ReturnsError> {
    let of_token = evidence.mail.or(evidence.reader).map(|(_, reader)| reader);
    let Some(reader) = of_token else { return Ok(read.recipients.iter().collect()) };
    let own = audience::by_id(instance, reader).await?.map(|reader| reader.email.key());
    let is_own = |about: &&About| {
        [&about.original, &about.address].into_iter().flatten().any(|text| {
            Address::parse(text).is_ok_and(|address| own.as_deref() == Some(address.key().as_str()))
        })
    };
    let one = read.recipients.iter().find(is_own).or(read.recipients.first());
    Ok(one.into_iter().collect())
}

fn evidence(instance: &Instance, door: &Door, read: &Returned, found: &Found) -> Evidence {
    let id = read.message_id.as_deref();
    let by_door = match *door {
        Door::Return { dispatch, reader } => Some((dispatch, reader)),
        _ => None,
    };
    let notice = match *door {
        Door::Notice(notice) => Some(notice),
        _ => id.and_then(|id| tokens::notice_of_message_id(instance, id)).or(found.notice),
    };
    let by_id = id.and_then(|id| tokens::of_message_id(instance, id));
    Evidence {
        mail: by_door.or(by_id).or(found.mail),
        notice,
        reader: found.reader,
        named: named(instance, read),
        ..Evidence::default()
    }
}

/// The publication that a returned head names: by Feedback-ID, or by List-Id.
fn named(instance: &Instance, read: &Returned) -> Option<String> {
    let by_feedback = read.feedback_id.as_deref().and_then(|id| {
        let mut parts = id.trim().split(':');
        let (_edition, _stream, publication) = (parts.next()?, parts.next()?, parts.next()?);
        parts.next()?.trim().starts_with("soucoupe").then_some(publication)
    });
    let by_list = || {
        let id = read.list_id.as_deref()?;
        // RFC 2919 3: the id stands in brackets, behind a name for people.
        let id = id.rsplit_once('<').map_or(id, |(_, id)| id).trim().trim_end_matches('>');
        id.strip_suffix(&instance.config.mail_domain())?.strip_suffix('.')
    };
    by_feedback.or_else(by_list).filter(|slug| tokens::is_slug(slug)).map(str::to_owned)
}

async fn letter(
    instance: &Instance,
    mail: &Arrived<'_>,
    read: Returned,
    found: &Found,
) -> Result<Option<NewReply>, ReturnsError> {
    let answered = match *mail.door {
        Door::Return { dispatch, .. } => Some(dispatch),
        _ => found.mail.map(|(dispatch, _)| dispatch),
    };
    let of_dispatch = match answered {
        Some(dispatch) => crate::find::dispatch(instance, dispatch).await?,
        None => None,
    };
    let publication = match (mail.door, of_dispatch) {
        (Door::Reply(slug), _) => publications::find(instance, slug).await?.map(|found| found.id),
        (_, Some((publication, _))) => Some(publication),
        // A mailbox that others write to as well: what answers no edition of ours is not for us.
        (Door::Postmaster, None) if mail.source == Source::Mailbox => None,
        // Mail for the house itself: the letter that was there first stands for it.
        (_, None) => publications::all(instance).await?.first().map(|first| first.id),
    };
    let Some(publication_id) = publication else { return Ok(None) };
    let (name, from) = read.from.unzip();
    let reply = read.reply.unwrap_or_default();
    Ok(Some(NewReply {
        key: mail.key.to_owned(),
        at: instance.now_us(),
        publication_id,
        edition_id: of_dispatch.filter(|(of, _)| *of == publication_id).map(|(_, edition)| edition),
        reader_id: match *mail.door {
            Door::Return { reader, .. } => Some(reader),
            _ => None,
        },
        door: mail.door.column(),
        from: from.and_then(|text| text.parse().ok()),
        name: name.flatten(),
        subject: read.subject,
        text: reply.text,
        attachments: reply.attachments,
        whole: mail.whole,
    }))
}
