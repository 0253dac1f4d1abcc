//! Where a dispatch stands. The numbers are counts of rows, never counters beside them.

use std::collections::BTreeMap;

use instance::Instance;
use jiff::Timestamp;
use serde::Serialize;
use store::params;

use crate::model::{Dispatch, DispatchError};
use crate::queries;

/// What waits for no longer than this has its turn soon.
const SOON: i64 = policy::MINUTE;

/// The numbers of a dispatch; `readers` is the sum of the six that follow `left_out`.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Status {
    /// Its number.
    pub id: i64,
    /// `scheduled`, `freezing`, `sending`, `paused`, `held`, `finished` or `stopped`.
    pub state: &'static str,
    /// Readers who get it.
    pub readers: i64,
    /// Readers who do not: left out when it was frozen, or gone since.
    pub left_out: i64,
    /// Not yet begun.
    pub pending: i64,
    /// Of these, the ones that wait for a moment to come: their reader's hour, or a day with room.
    pub waiting: i64,
    /// In a sender's hands.
    pub claimed: i64,
    /// On the wire, or held because nobody knows.
    pub in_doubt: i64,
    /// Taken by the relay.
    pub accepted: i64,
    /// Refused for now; tried again.
    pub deferred: i64,
    /// Refused for good.
    pub failed: i64,
    /// Deliveries that were in doubt and were sent again.
    pub doubted: i64,
    /// Mails a second since it began.
    pub rate: f64,
    /// Seconds left at this rate.
    pub seconds_left: Option<i64>,
    /// RFC 3339.
    pub started_at: Option<String>,
    /// RFC 3339.
    pub finished_at: Option<String>,
    /// What the relay refuses to all at the moment.
    pub trouble: Option<String>,
    /// Accepted mails by route, where there are several.
    pub routes: BTreeMap<String, i64>,
}

impl Status {
    /// Rows that are not closed.
    pub fn open(&self) -> i64 {
        self.pending + self.claimed + self.in_doubt + self.deferred
    }
}

/// A dispatch by number.
pub async fn by_id(instance: &Instance, id: i64) -> Result<Dispatch, DispatchError> {
    let row = instance.store.read_one(queries::BY_ID, params![id]).await?;
    row.as_ref().map(Dispatch::from_row).transpose()?.ok_or(DispatchError::Unknown(id))
}

/// The dispatches of a publication, newest first, each with its edition's slug and title.
pub async fn list(
    instance: &Instance,
    publication_id: i64,
    limit: i64,
    offset: i64,
) -> Result<Vec<(Dispatch, String, String)>, DispatchError> {
    let rows = instance.store.read(queries::OF_PUBLICATION, params![publication_id, limit, offset]).await?;
    rows.iter().map(|row| Ok((Dispatch::from_row(row)?, row.text(18)?, row.text(19)?))).collect()
}

/// The numbers of a dispatch as its rows have them now.
pub async fn status(instance: &Instance, id: i64) -> Result<Status, DispatchError> {
    let dispatch = by_id(instance, id).await?;
    let (mut by_state, mut doubted) = ([0_i64; 7], 0);
    for row in instance.store.read(queries::COUNTS, params![id]).await? {
        if let Some(count) = usize::try_from(row.int(0)?).ok().and_then(|state| by_state.get_mut(state)) {
            *count = row.int(1)?;
        }
        doubted += row.int(2)?;
    }
    let [pending, claimed, in_doubt, accepted, deferred, failed, skipped] = by_state;
    let waiting = match dispatch.is_open() && pending > 0 {
        true => {
            let soon = instance.now_us() + SOON;
            let row = instance.store.read_one(queries::WAITING, params![id, soon]).await?;
            row.map_or(Ok(0), |row| row.int(0))?
        }
        false => 0,
    };
    let until = dispatch.finished_at.unwrap_or_else(|| instance.now_us());
    let seconds = dispatch.started_at.map_or(0.0, |start| (until - start).max(0) as f64 / 1e6);
    let rate = if seconds > 0.0 { (accepted + failed) as f64 / seconds } else { 0.0 };
    let left = pending - waiting + claimed + in_doubt;
    let seconds_left =
        (dispatch.is_open() && rate > 0.0 && left > 0).then(|| (left as f64 / rate).ceil() as i64);
    Ok(Status {
        id,
        state: dispatch.state.name(dispatch.paused),
        readers: pending + claimed + in_doubt + accepted + deferred + failed,
        left_out: dispatch.left_out + skipped,
        pending,
        waiting,
        claimed,
        in_doubt,
        accepted,
        deferred,
        failed,
        doubted,
        rate: (rate * 10.0).round() / 10.0,
        seconds_left,
        started_at: dispatch.started_at.map(moment),
        finished_at: dispatch.finished_at.map(moment),
        trouble: dispatch.trouble,
        routes: by_route(instance, id).await?,
    })
}

/// Asked only where it can tell something: it goes over the ledger once more.
async fn by_route(instance: &Instance, id: i64) -> Result<BTreeMap<String, i64>, DispatchError> {
    if instance.config.all_routes().len() < 2 {
        return Ok(BTreeMap::new());
    }
    let rows = instance.store.read(queries::BY_ROUTE, params![id]).await?;
    Ok(rows.iter().map(|row| Ok((row.text(0)?, row.int(1)?))).collect::<Result<_, store::StoreError>>()?)
}

fn moment(microseconds: i64) -> String {
    Timestamp::from_microsecond(microseconds).unwrap_or_default().to_string()
}

/// A reader who did not get it, or not yet.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Failure {
    /// Place in the ledger; the next page begins after it.
    pub seq: i64,
    /// Address; nothing when the reader was deleted since.
    pub email: Option<String>,
    /// `in doubt`, `deferred` or `failed`.
    pub state: &'static str,
    /// Tries so far.
    pub tries: i64,
    /// When it was last tried, microseconds UTC.
    pub at: Option<i64>,
    /// When it is tried again.
    pub next_at: Option<i64>,
    /// The server's code.
    pub code: Option<i64>,
    /// The server's words.
    pub answer: Option<String>,
    /// The route it took, or was to take.
    pub route: Option<String>,
}

/// Who did not get it, and why: a page of the ledger after a place in it.
pub async fn failures(
    instance: &Instance,
    id: i64,
    after: i64,
    limit: i64,
) -> Result<Vec<Failure>, DispatchError> {
    let rows = instance.store.read(queries::FAILURES, params![id, after, limit]).await?;
    rows.iter()
        .map(|row| {
            Ok(Failure {
                seq: row.int(0)?,
                email: row.opt_text(1)?,
                state: match row.int(2)? {
                    2 => "in doubt",
                    4 => "deferred",
                    _ => "failed",
                },
                tries: row.int(3)?,
                at: row.opt_int(4)?,
                next_at: row.opt_int(5)?,
                code: row.opt_int(6)?,
                answer: row.opt_text(7)?,
                route: row.opt_text(8)?,
            })
        })
        .collect()
}
