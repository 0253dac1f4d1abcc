//! Is this mail an unaltered letter of ours?

use std::collections::BTreeMap;

use instance::Instance;
use letter::{CompiledLetter, Difference, Part, PersonalSlot};
use publications::Publication;
use serde::Serialize;
use store::params;
use wire::Address;
use wire::token::{Purpose, TokenKey};

use super::entry::{self, Entry};
use super::mail::{self, Copy};
use crate::model::{Dispatch, DispatchError};
use crate::queries;

/// Letters of a publication that are tried where a mail does not say which one it is.
const RECENT: i64 = 20;
/// Bytes that a mail must have in common with the nearest letter, to be called an altered one by its list alone.
const RESEMBLANCE: usize = 40;
/// A longer name is a text that somebody put there.
const LONGEST_NAME: usize = 120;

/// What a mail turned out to be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// A letter of this instance, as it was sent.
    Unaltered(About),
    /// A letter of this instance, and not as it was sent.
    Altered(About, Vec<Change>),
    /// Nothing that this instance sent; why.
    NotOurs(&'static str),
}

/// Which letter it is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct About {
    /// The dispatch.
    pub dispatch: i64,
    /// `edition` or `test`.
    pub kind: &'static str,
    /// The edition's slug.
    pub edition: String,
    /// Its title.
    pub title: String,
    /// The publication's slug.
    pub publication: String,
    /// Its name.
    pub publication_name: String,
    /// When the dispatch began, RFC 3339.
    pub sent_at: Option<String>,
    /// The entry of the log that has the letter's hash; nothing while the dispatch runs.
    pub entry: Option<i64>,
    /// Our DKIM signature on this copy: `valid`, `broken` (relays that encode anew break it) or `absent`.
    pub signature: &'static str,
    /// Whether the letter was attached to another mail.
    pub forwarded: bool,
    /// What was filled in for the reader, by slot.
    pub personal: BTreeMap<&'static str, String>,
}

/// Something that differs from what was sent.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Change {
    /// Where.
    pub place: Place,
    /// The line of a part, from 1 on.
    pub line: Option<usize>,
    /// What was sent.
    pub expected: String,
    /// What the copy has.
    pub found: String,
}

/// Parts of a mail that are compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Place {
    /// The address it is from.
    From,
    /// Where answers go.
    ReplyTo,
    /// The subject.
    Subject,
    /// The text part.
    Text,
    /// The HTML part.
    Html,
    /// The number of parts.
    Parts,
}

impl Place {
    /// As sentences name it.
    pub const fn words(self) -> &'static str {
        match self {
            Place::From => "the sender's address",
            Place::ReplyTo => "the address for answers",
            Place::Subject => "the subject",
            Place::Text => "the text part",
            Place::Html => "the HTML part",
            Place::Parts => "the parts",
        }
    }
}

/// Reads a saved mail and compares it, or the first mail attached to it that is ours, with the letter that was sent.
pub async fn verify(instance: &Instance, file: &[u8]) -> Result<Verdict, DispatchError> {
    let copies = mail::read(file);
    if copies.is_empty() {
        return Ok(Verdict::NotOurs("there is no mail in it"));
    }
    let tokens = audience::tokens(instance);
    for copy in &copies {
        let claim = claim(instance, &tokens, copy).await?;
        let mut nearest: Option<(usize, Verdict)> = None;
        for id in &claim.dispatches {
            let (explained, verdict) = judge(instance, &tokens, copy, *id, claim.reader).await?;
            if matches!(verdict, Verdict::Unaltered(_)) {
                return Ok(verdict);
            }
            if nearest.as_ref().is_none_or(|(most, _)| explained > *most) {
                nearest = Some((explained, verdict));
            }
        }
        if let Some((explained, verdict)) = nearest
            && (claim.certain || explained >= RESEMBLANCE)
        {
            return Ok(verdict);
        }
    }
    Ok(Verdict::NotOurs("no mail in it was sent from here"))
}

/// What a mail says of where it comes from.
#[derive(Default)]
struct Claim {
    dispatches: Vec<i64>,
    reader: Option<u64>,
    /// It carries a token that only we can make.
    certain: bool,
}

/// The Message-ID names the dispatch, unless a relay wrote its own; then the list does, and the newest letters of it
/// are tried.
async fn claim(instance: &Instance, tokens: &TokenKey, copy: &Copy) -> Result<Claim, DispatchError> {
    let local = copy.message_id.as_deref().and_then(|id| id.split('@').next());
    if let Some((dispatch, reader)) = local.and_then(|id| tokens.verify_lower(Purpose::Message, id).ok()) {
        let id = i64::try_from(dispatch).unwrap_or_default();
        if instance.store.read_one(queries::TO_PROVE, params![id]).await?.is_some() {
            return Ok(Claim { dispatches: vec![id], reader: Some(reader), certain: true });
        }
    }
    let link = copy.list_unsubscribe.as_deref().and_then(|field| {
        let (_, rest) = field.split_once("/r/unsubscribe/")?;
        let token = rest.split(|letter: char| !is_of_token(letter)).next()?;
        tokens.verify(Purpose::Unsubscribe, token).ok()
    });
    let publication = match (link, &copy.list_id) {
        (Some((publication, _)), _) => i64::try_from(publication).ok(),
        (None, Some(id)) => of_list(instance, id).await?,
        (None, None) => None,
    };
    let Some(publication) = publication else { return Ok(Claim::default()) };
    let rows = instance.store.read(queries::LETTERS_OF_PUBLICATION, params![publication, RECENT]).await?;
    let dispatches = rows.iter().map(|row| row.int(0)).collect::<Result<_, _>>()?;
    Ok(Claim { dispatches, reader: link.map(|(_, reader)| reader), certain: link.is_some() })
}

const fn is_of_token(letter: char) -> bool {
    letter.is_ascii_alphanumeric() || matches!(letter, '-' | '_')
}

async fn of_list(instance: &Instance, list_id: &str) -> Result<Option<i64>, DispatchError> {
    let all = publications::all(instance).await?;
    let ours = |publication: &&Publication| publication.list_id(instance).eq_ignore_ascii_case(list_id);
    Ok(all.iter().find(ours).map(|publication| publication.id))
}

/// Compares a copy with the letter of a dispatch; also how much of the copy the letter explains.
async fn judge(
    instance: &Instance,
    tokens: &TokenKey,
    copy: &Copy,
    id: i64,
    reader: Option<u64>,
) -> Result<(usize, Verdict), DispatchError> {
    let dispatch = crate::by_id(instance, id).await?;
    let (letter, logged) = kept(instance, id).await?;
    let (publication, rendering) = crate::freeze::rendering(instance, &dispatch).await?;
    let edition = editions::by_id(instance, dispatch.edition_id).await?;
    let edition = edition.ok_or(DispatchError::Kept(id, "edition"))?;
    let signature = match publications::keys::signer(instance, publication.from.address.domain()).await? {
        Some(signer) => signer.verify(&copy.raw),
        None => wire::dkim::Verdict::Absent,
    };
    let plausible = |slot: PersonalSlot, value: &str| is_plausible(tokens, &dispatch, reader, slot, value);
    let mut changes = Vec::new();
    if signature != wire::dkim::Verdict::Valid {
        sender(copy, &publication, &mut changes);
    }
    if let Err(difference) = rendering.subject().matches(&copy.subject, &plausible) {
        changes.push(Change {
            place: Place::Subject,
            line: None,
            expected: difference.expected,
            found: copy.subject.clone(),
        });
    }
    parts(copy, &mut changes);
    let (text, html) = (copy.text.first(), copy.html.first());
    let body = letter.matches(
        text.map(String::as_str).unwrap_or_default(),
        html.map(String::as_str).unwrap_or_default(),
        &plausible,
    );
    let (explained, filled) = match body {
        Ok(filled) => (usize::MAX, filled),
        Err(difference) => {
            let explained = difference.explained;
            // A part that is missing was told as such.
            let missing = match difference.part {
                Some(Part::Html) => html.is_none(),
                _ => text.is_none(),
            };
            if !missing {
                changes.push(difference.into());
            }
            (explained, Vec::new())
        }
    };
    let about = About {
        dispatch: id,
        kind: dispatch.kind.as_str(),
        edition: edition.slug,
        title: edition.title,
        publication: publication.slug.as_str().to_owned(),
        publication_name: publication.name.clone(),
        sent_at: dispatch.started_at.map(super::moment),
        entry: logged,
        signature: match signature {
            wire::dkim::Verdict::Valid => "valid",
            wire::dkim::Verdict::Broken => "broken",
            wire::dkim::Verdict::Absent => "absent",
        },
        forwarded: copy.forwarded,
        personal: filled.into_iter().filter_map(|(slot, value)| Some((called(slot)?, value))).collect(),
    };
    let verdict = match changes.is_empty() {
        true => Verdict::Unaltered(about),
        false => Verdict::Altered(about, changes),
    };
    Ok((explained, verdict))
}

/// The letter as it was sent, and the entry of the log that vouches for it.
async fn kept(instance: &Instance, id: i64) -> Result<(CompiledLetter, Option<i64>), DispatchError> {
    let row = instance.store.read_one(queries::LETTER, params![id]).await?;
    let bytes = row.ok_or(DispatchError::Unknown(id))?.bytes(1)?;
    let logged = match instance.store.read_one(queries::PROOF_OF, params![id]).await? {
        None => None,
        Some(row) => {
            let line = row.text(1)?;
            let signed = entry::is_signed(&line, &row.bytes(3)?, &super::public_key(instance));
            let entry = Entry::from_line(&line).filter(|_| signed);
            if entry.is_none_or(|entry| entry.letter_sha256 != entry::hex(&entry::sha256(&bytes))) {
                return Err(DispatchError::Kept(id, "letter: it is not the one in the signed log"));
            }
            Some(row.int(0)?)
        }
    };
    let letter =
        CompiledLetter::from_bytes(&bytes).map_err(|error| DispatchError::Letter(error.to_string()))?;
    Ok((letter, logged))
}

/// Whether a slot could have been filled so: tokens by their signature, an address by its form, names by not being
/// something else.
fn is_plausible(
    tokens: &TokenKey,
    dispatch: &Dispatch,
    reader: Option<u64>,
    slot: PersonalSlot,
    value: &str,
) -> bool {
    let token = |purpose, number: i64| {
        tokens.verify(purpose, value).is_ok_and(|(first, second)| {
            first == number.unsigned_abs() && reader.is_none_or(|reader| reader == second)
        })
    };
    match slot {
        PersonalSlot::UnsubscribeToken => token(Purpose::Unsubscribe, dispatch.publication_id),
        PersonalSlot::PreferencesToken => token(Purpose::Preferences, dispatch.publication_id),
        PersonalSlot::HeartToken => token(Purpose::Heart, dispatch.edition_id),
        PersonalSlot::Email => Address::parse(value).is_ok(),
        PersonalSlot::FirstName | PersonalSlot::LastName | PersonalSlot::Name => {
            value.chars().count() <= LONGEST_NAME && !value.contains("://") && !value.contains("www.")
        }
    }
}

/// Without a signature that holds, whoever it says it is from has to be the publication as it sends today.
fn sender(copy: &Copy, publication: &Publication, changes: &mut Vec<Change>) {
    let mut compare = |place, found: &Option<String>, sent: &Address| {
        let found = found.as_deref().unwrap_or_default();
        if !found.eq_ignore_ascii_case(sent.as_str()) {
            let (expected, found) = (sent.as_str().to_owned(), found.to_owned());
            changes.push(Change { place, line: None, expected, found });
        }
    };
    compare(Place::From, &copy.from, &publication.from.address);
    if copy.reply_to.is_some() {
        compare(Place::ReplyTo, &copy.reply_to, publication.answers_to());
    }
}

/// A letter has one text and one HTML document, and nothing else.
fn parts(copy: &Copy, changes: &mut Vec<Change>) {
    let mut change = |expected: &str, found: String| {
        let expected = expected.to_owned();
        changes.push(Change { place: Place::Parts, line: None, expected, found });
    };
    for (what, count) in [("one text part", copy.text.len()), ("one HTML part", copy.html.len())] {
        if count != 1 {
            change(what, count.to_string());
        }
    }
    if !copy.others.is_empty() {
        change("no other part", copy.others.join(", "));
    }
}

fn called(slot: PersonalSlot) -> Option<&'static str> {
    match slot {
        PersonalSlot::FirstName => Some("first_name"),
        PersonalSlot::LastName => Some("last_name"),
        PersonalSlot::Name => Some("name"),
        PersonalSlot::Email => Some("email"),
        // Whoever reads the verdict aloud must not give away a reader's links.
        PersonalSlot::UnsubscribeToken | PersonalSlot::PreferencesToken | PersonalSlot::HeartToken => None,
    }
}

impl From<Difference> for Change {
    fn from(difference: Difference) -> Self {
        let place = match difference.part {
            Some(Part::Text) => Place::Text,
            Some(Part::Html) => Place::Html,
            None => Place::Subject,
        };
        let Difference { line, expected, found, .. } = difference;
        Change { place, line: Some(line), expected, found }
    }
}
