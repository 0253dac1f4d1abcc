//! The past of the demo: each step is the product's own, at the hour it would have been taken, but for the wire.

use audience::Audience;
use editions::Edition;
use instance::{Clock, Instance, Process};
use jiff::Timestamp;
use policy::{HOUR, SECOND};
use publications::Publication;
use returns::{Event, Evidence, NewReply, Source};
use store::params;

use crate::DemoError;
use crate::content::{Late, Mail, Refusal, Returns};
use crate::queries;

/// From one mail to the next: some sixty a second.
const STEP: i64 = SECOND / 60;

/// The instance as it was at a moment.
pub(crate) fn at(instance: &Instance, moment: i64) -> Instance {
    let moment = Timestamp::from_microsecond(moment).unwrap_or_default();
    Instance { clock: Clock::standing_at(moment), ..instance.clone() }
}

/// Sends an edition to everyone there was, and takes in what came back.
pub(crate) async fn send(
    then: &Instance,
    publication: &Publication,
    edition: &Edition,
    returns: &Returns,
    now: i64,
) -> Result<(), DemoError> {
    let began = then.now_us();
    let dispatch = dispatch::create(then, publication, edition, &Audience::Everyone, None).await?;
    let process = Process::announce(then, "demo").await?;
    let frozen = dispatch::freeze_due(then, &process).await;
    process.leave(then).await?;
    frozen?;
    let of_edition = |slug: &str| slug == edition.slug.as_str();
    let refusals = returns.refusal.iter().filter(|one| of_edition(&one.edition));
    deliver(then, dispatch.id, began, refusals).await?;
    let frozen = dispatch::by_id(then, dispatch.id).await?;
    then.clock.advance((frozen.readers + 1) * STEP);
    dispatch::settle(then, &frozen).await?;
    then.clock.advance(HOUR);
    returns::after_sending(then).await?;
    for late in returns.late.iter().filter(|one| of_edition(&one.edition)) {
        come_back(then, dispatch.id, late, (began + late.hours * HOUR).min(now)).await?;
    }
    for letter in returns.letter.iter().filter(|one| of_edition(&one.edition)) {
        let to = (publication.id, edition.id, dispatch.id);
        write(then, to, letter, (began + letter.hours * HOUR).min(now)).await?;
    }
    Ok(())
}

async fn deliver(
    then: &Instance,
    dispatch: i64,
    began: i64,
    refusals: impl Iterator<Item = &Refusal>,
) -> Result<(), DemoError> {
    let route = routes::register(then).await?.first().map(|route| route.id);
    let mut statements = vec![queries::TAKEN.with(params![dispatch, began, STEP, route])];
    for one in refusals {
        for place in &one.places {
            let values = params![dispatch, *place, one.tries.unwrap_or(1), one.code, &one.words];
            statements.push(queries::REFUSED.with(values));
        }
    }
    statements.push(queries::CLOSED.with(params![dispatch]));
    then.store.transaction(statements).await?;
    Ok(())
}

/// About a mail that was taken: later, from elsewhere.
async fn come_back(then: &Instance, dispatch: i64, late: &Late, at: i64) -> Result<(), DemoError> {
    let row = then.store.read_one(queries::RECIPIENT, params![dispatch, late.place]).await?;
    let Some(row) = row else { return Ok(()) };
    let wrong = |error: policy::Unknown| DemoError::Content("returns.toml", error.to_string());
    let event = Event {
        key: format!("demo:{dispatch}:{}", late.place),
        source: Source::Listener,
        at,
        action: late.action.parse().map_err(wrong)?,
        reason: late.reason.clone(),
        status: late.status.clone(),
        words: late.words.clone(),
        evidence: Evidence { mail: Some((dispatch, row.int(0)?)), ..Evidence::default() },
    };
    returns::take_in(&self::at(then, at), &event).await?;
    Ok(())
}

/// A letter to the author, read as one that arrives is.
async fn write(then: &Instance, to: (i64, i64, i64), letter: &Mail, at: i64) -> Result<(), DemoError> {
    let (publication_id, edition_id, dispatch) = to;
    let row = then.store.read_one(queries::WRITER, params![dispatch, letter.place]).await?;
    let Some(row) = row else { return Ok(()) };
    let first_name = row.text(1)?;
    let name = format!("{first_name} {}", row.text(2)?);
    let text = letter.text.replace("{{name}}", &first_name).replace('\n', "\r\n");
    let raw =
        format!("Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: 8bit\r\n\r\n{text}");
    let reply = NewReply {
        key: format!("demo:{dispatch}:{}", letter.place),
        at,
        publication_id,
        edition_id: Some(edition_id),
        reader_id: Some(row.int(0)?),
        door: "return",
        from: None,
        name: Some(name),
        subject: letter.subject.clone(),
        text: returned::read(raw.as_bytes()).reply.unwrap_or_default().text,
        attachments: 0,
        whole: true,
    };
    if returns::keep_reply(then, &reply).await? && letter.read {
        let newest = returns::replies(then, publication_id, (i64::MAX, i64::MAX), 1).await?;
        if let Some(kept) = newest.first() {
            returns::mark(then, publication_id, kept.id, true).await?;
        }
    }
    Ok(())
}
