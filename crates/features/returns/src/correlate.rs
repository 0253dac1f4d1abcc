//! Which mail, reader and publication an event is about, and how far that is proved.
//!
//! In this order: a token of ours (return path, then Message-ID, then unsubscribe address); the name under which the
//! relay kept the mail, among the deliveries of the reader who is spoken of; the address alone, from somebody whose
//! signature was checked. The address with the name of a publication of ours proves nothing: anybody could have written
//! it.

use audience::{AudienceError, Reader};
use instance::Instance;
use policy::suppressions::Reason;
use store::{Row, params};
use wire::Address;

use crate::model::{Evidence, ReturnsError};
use crate::queries;

/// A word about an address is about a mail of these last days: servers give up after five (RFC 5321 4.5.4.1), people
/// report what lies in their inbox.
const RECENT: i64 = 30 * 24 * policy::HOUR;

/// How far it is proved what an event is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Proof {
    /// A signature: a token of ours, or that of a sending service.
    Signed,
    /// Nothing: anybody could have written it.
    None,
}

/// What an event is about.
#[derive(Clone, Debug)]
pub(crate) struct Tie {
    pub proof: Proof,
    pub publication: Option<i64>,
    pub dispatch: Option<i64>,
    pub edition: Option<i64>,
    pub reader: Option<Reader>,
    /// The address to be kept out: the reader's, or the one spoken of.
    pub address: Option<Address>,
    /// The address spoken of is not the reader's, nor one of the same house: the reader has mail forwarded.
    pub forwarded: bool,
    /// The reader was deleted since: nothing about them is written down any more.
    pub gone: bool,
    /// When the notice was written, where it is about one.
    pub written_at: Option<i64>,
}

impl Tie {
    fn nothing() -> Self {
        Tie {
            proof: Proof::None,
            publication: None,
            dispatch: None,
            edition: None,
            reader: None,
            address: None,
            forwarded: false,
            gone: false,
            written_at: None,
        }
    }

    fn of_mail(row: &Row) -> Result<Self, ReturnsError> {
        Ok(Tie {
            dispatch: Some(row.int(0)?),
            publication: Some(row.int(1)?),
            edition: Some(row.int(2)?),
            ..Tie::nothing()
        })
    }

    /// About a reader, whose address counts rather than the one spoken of.
    fn to(self, reader: Reader, spoken_of: Option<&Address>) -> Self {
        let forwarded = spoken_of.is_some_and(|other| !same_house(&reader.email, other));
        Tie { address: Some(reader.email.clone()), reader: Some(reader), forwarded, ..self }
    }
}

/// Which mail an event is about.
pub(crate) async fn correlate(instance: &Instance, evidence: &Evidence) -> Result<Tie, ReturnsError> {
    let spoken_of = evidence.address.as_ref();
    if let Some((dispatch, reader)) = evidence.mail {
        return by_token(instance, dispatch, reader, spoken_of).await;
    }
    if let Some((publication, reader)) = evidence.reader {
        let tie = Tie { proof: Proof::Signed, publication: Some(publication), ..Tie::nothing() };
        let Some(reader) = reader_of(instance, reader).await? else {
            return Ok(Tie { gone: true, ..tie });
        };
        let mail = newest(instance, reader.id, publication).await?;
        return Ok(Tie { proof: Proof::Signed, publication: Some(publication), ..mail }.to(reader, spoken_of));
    }
    if let Some(notice) = evidence.notice {
        let row = instance.store.read_one(queries::NOTICE, params![notice]).await?;
        let written_at = row.as_ref().map(|row| row.int(1)).transpose()?;
        let recipient = row.map(|row| row.text(0)).transpose()?;
        let address = recipient.and_then(|text| Address::parse(&text).ok());
        let tie = Tie { proof: Proof::Signed, address: address.clone(), written_at, ..Tie::nothing() };
        let reader = match &address {
            Some(address) => audience::by_email(instance, address).await?,
            None => None,
        };
        return Ok(match reader {
            Some(reader) => tie.to(reader, spoken_of),
            None => tie,
        });
    }
    by_address(instance, evidence).await
}

/// A reader by number. A row that cannot be read must not keep all else from being taken in.
async fn reader_of(instance: &Instance, id: i64) -> Result<Option<Reader>, ReturnsError> {
    match audience::by_id(instance, id).await {
        Err(error @ AudienceError::Kept(_)) => {
            tracing::error!(%error, "what came back is kept without its reader");
            Ok(None)
        }
        other => Ok(other?),
    }
}

async fn by_token(
    instance: &Instance,
    dispatch: i64,
    reader: i64,
    spoken_of: Option<&Address>,
) -> Result<Tie, ReturnsError> {
    let row = instance.store.read_one(queries::DISPATCH, params![dispatch]).await?;
    let mut tie = Tie { proof: Proof::Signed, dispatch: Some(dispatch), ..Tie::nothing() };
    if let Some(row) = row {
        tie.publication = Some(row.int(0)?);
        tie.edition = Some(row.int(1)?);
    }
    Ok(match reader_of(instance, reader).await? {
        Some(reader) => tie.to(reader, spoken_of),
        // What is left is that something came back.
        None => Tie { gone: true, ..tie },
    })
}

async fn by_address(instance: &Instance, evidence: &Evidence) -> Result<Tie, ReturnsError> {
    let Some(address) = &evidence.address else { return Ok(Tie::nothing()) };
    let named = match &evidence.named {
        Some(slug) => publications::find(instance, slug).await?.map(|publication| publication.id),
        None => None,
    };
    let proof = if evidence.signed { Proof::Signed } else { Proof::None };
    let tie = Tie { proof, ..Tie::nothing() };
    let Some(reader) = audience::by_email(instance, address).await? else {
        // Whoever had everything deleted is not written down again.
        let standing = audience::suppressions(instance, address).await?;
        let gone = standing.iter().any(|one| one.reason == Reason::Deleted);
        return Ok(Tie { address: (!gone).then(|| address.clone()), gone, ..tie });
    };
    // Without a proof no mail is named either: what is said about it would count against its having arrived.
    if proof == Proof::None {
        return Ok(Tie { publication: named, ..tie }.to(reader, None));
    }
    let by_name = match &evidence.relay_id {
        Some(id) => by_relay_id(instance, reader.id, id).await?,
        None => None,
    };
    let mail = match by_name {
        Some(mail) => mail,
        None => newest(instance, reader.id, named.unwrap_or(0)).await?,
    };
    Ok(Tie { proof, publication: mail.publication.or(named), ..mail }.to(reader, None))
}

async fn by_relay_id(instance: &Instance, reader: i64, id: &str) -> Result<Option<Tie>, ReturnsError> {
    // Too short a name stands in many answers.
    if id.len() < 8 {
        return Ok(None);
    }
    let escaped = id.replace('!', "!!").replace('%', "!%").replace('_', "!_");
    let row = instance.store.read_one(queries::BY_RELAY_ID, params![reader, format!("%{escaped}%")]).await?;
    row.as_ref().map(Tie::of_mail).transpose()
}

async fn newest(instance: &Instance, reader: i64, publication: i64) -> Result<Tie, ReturnsError> {
    let since = instance.now_us() - RECENT;
    let row = instance.store.read_one(queries::NEWEST, params![reader, since, publication]).await?;
    row.as_ref().map_or_else(|| Ok(Tie::nothing()), Tie::of_mail)
}

/// One address, or two of one organisation: servers rewrite the address of a mailbox within their house, and a
/// mailbox that is gone there is gone.
fn same_house(reader: &Address, other: &Address) -> bool {
    let (ours, theirs) = (reader.domain(), other.domain());
    let below = |lower: &str, upper: &str| lower.strip_suffix(upper).is_some_and(|rest| rest.ends_with('.'));
    reader.key() == other.key() || ours == theirs || below(ours, theirs) || below(theirs, ours)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mailbox_elsewhere_is_not_the_readers() {
        let at = |text: &str| Address::parse(text).unwrap();
        for (reader, other, same) in [
            ("ada@a.example", "ADA@a.example", true),
            ("ada@a.example", "al42@mail.a.example", true),
            ("ada@mail.a.example", "al42@a.example", true),
            ("ada@a.example", "ada@b.example", false),
            ("ada@a.example", "ada@ba.example", false),
        ] {
            assert_eq!(same_house(&at(reader), &at(other)), same, "{reader} {other}");
        }
    }
}
