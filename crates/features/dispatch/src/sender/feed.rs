//! Feeding the lines: chunk after chunk, the dispatches in turn.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;
use std::time::Duration;

use instance::{Instance, Process};
use store::{Row, Value, params};
use tokio::task::JoinSet;
use tokio::time::Instant;

use super::chunk::{Chunk, Lease};
use super::course::Course;
use super::delivery::Claimed;
use super::hand::{Hand, MOST_PARKED, Parked};
use super::ledger::Ledger;
use super::press::Press;
use super::ways::Ways;
use crate::model::{CHUNK, Dispatch, DispatchError, Kind};
use crate::queries;

/// Chunks of a dispatch being handed on at once: the next is claimed while the lines still empty the first.
const AT_ONCE: usize = 2;
/// The same where mails go straight to the readers: until its mail servers are looked up, a chunk stands still.
const AT_ONCE_DIRECT: usize = 4;
/// Chunks of all dispatches together: each has its turn, and what is in memory stays small.
const AT_ONCE_OF_ALL: usize = 32;
/// Deferred deliveries looked at in one go.
const DUE: i64 = 1_000;
/// How often the end of a quiet dispatch is looked for; counting a large ledger is not free.
const QUIET: Duration = Duration::from_secs(30);
/// How often the routes of a dispatch, and what is left of one that has a window, are looked up again.
const LOOK_UP: Duration = Duration::from_secs(10);

/// What a chunk is claimed for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
enum Batch {
    /// Its readers have not been tried yet.
    Fresh,
    /// Some of them are due again.
    Again,
}

/// Claims chunks and hands their deliveries to the lines.
pub(super) struct Feeder {
    instance: Instance,
    process: Process,
    ledger: Ledger,
    ways: Arc<Ways>,
    hand: Hand,
    presses: HashMap<i64, Arc<Press>>,
    courses: HashMap<i64, (Arc<Course>, Instant)>,
    handing: JoinSet<(i64, Batch, Option<Parked>)>,
    parked: JoinSet<()>,
    /// Chunks being handed on, by dispatch. Those that come again have a number of their own: who was asked to wait for
    /// twenty minutes does not wait until a million others had their turn.
    in_hand: HashMap<(i64, Batch), usize>,
    leases: Vec<(i64, Arc<Lease>)>,
    open: Vec<i64>,
    turn: usize,
    looked: HashMap<i64, Instant>,
    /// Dispatches of which nothing that waited is due, as of this round.
    none_due: HashSet<i64>,
    /// A claim failed, and the database may have taken it all the same.
    unsure: bool,
}

impl Feeder {
    pub(super) fn new(instance: Instance, process: Process, hand: Hand) -> Self {
        Feeder {
            instance,
            process,
            ledger: hand.ledger.clone(),
            ways: Arc::clone(&hand.ways),
            hand,
            presses: HashMap::new(),
            courses: HashMap::new(),
            handing: JoinSet::new(),
            parked: JoinSet::new(),
            in_hand: HashMap::new(),
            leases: Vec::new(),
            open: Vec::new(),
            turn: 0,
            looked: HashMap::new(),
            none_due: HashSet::new(),
            unsure: false,
        }
    }

    /// Feeds from these dispatches from now on.
    pub(super) async fn feed(&mut self, open: &[Dispatch]) -> Result<(), DispatchError> {
        self.open.clear();
        for dispatch in open.iter().filter(|one| one.state.may_send(one.paused)) {
            if !self.presses.contains_key(&dispatch.id) {
                match Press::set_up(&self.instance, dispatch).await {
                    Ok(press) => self.presses.insert(dispatch.id, Arc::new(press)),
                    Err(error) => {
                        self.trouble(dispatch.id, &error).await?;
                        continue;
                    }
                };
            }
            if let Err(error) = self.look_up(dispatch).await {
                self.trouble(dispatch.id, &error).await?;
                continue;
            }
            self.open.push(dispatch.id);
        }
        self.presses.retain(|id, _| open.iter().any(|dispatch| dispatch.id == *id));
        self.courses.retain(|id, _| open.iter().any(|dispatch| dispatch.id == *id));
        self.none_due.clear();
        self.feed_more().await
    }

    /// Looks up by which routes a dispatch goes, and how much is left of it.
    async fn look_up(&mut self, dispatch: &Dispatch) -> Result<(), DispatchError> {
        let course = match self.courses.get(&dispatch.id) {
            Some((_, at)) if at.elapsed() < LOOK_UP => return Ok(()),
            Some((course, _)) => {
                course.follow(self.ways.plan(&self.instance, dispatch.publication_id).await?);
                Arc::clone(course)
            }
            None => {
                let plan = self.ways.plan(&self.instance, dispatch.publication_id).await?;
                Arc::new(Course::new(dispatch, plan))
            }
        };
        if course.has_window() {
            let status = crate::status(&self.instance, dispatch.id).await?;
            course.are_left(status.pending + status.claimed);
        }
        self.courses.insert(dispatch.id, (course, Instant::now()));
        Ok(())
    }

    /// Whether a dispatch can be fed, so that only its routes may be in its way.
    pub(super) fn is_fed(&self, dispatch: i64) -> bool {
        self.open.contains(&dispatch)
    }

    /// What a route refuses to everybody, where a dispatch has no other.
    pub(super) fn way_trouble(&self, dispatch: i64) -> Option<String> {
        let plan = self.courses.get(&dispatch)?.0.plan();
        let mut troubles = plan.routes.iter().map(|route| route.trouble());
        let first = troubles.next()??;
        troubles.all(|trouble| trouble.is_some()).then_some(first)
    }

    /// Claims chunks until enough are being handed on or nothing is open.
    pub(super) async fn feed_more(&mut self) -> Result<(), DispatchError> {
        while let Some(ended) = self.handing.try_join_next() {
            self.handed(ended);
        }
        if self.unsure && !self.sure_again().await? {
            return Ok(());
        }
        self.feed_again().await?;
        let mut empty = 0;
        while self.handing.len() < AT_ONCE_OF_ALL && empty < self.open.len() {
            self.turn = (self.turn + 1) % self.open.len();
            let dispatch = self.open[self.turn];
            if self.has_enough(dispatch, Batch::Fresh) {
                empty += 1;
                continue;
            }
            let row = self.lease(queries::CLAIM_CHUNK, params![dispatch, self.process.id]).await?;
            if let Some((course, _)) = self.courses.get(&dispatch) {
                course.set_more(row.is_some());
            }
            match row {
                None => empty += 1,
                // One whose chunks cannot be handed on keeps no other from its turn.
                Some(row) if !self.hand_out(dispatch, Batch::Fresh, &row).await? => empty += 1,
                Some(_) => empty = 0,
            }
        }
        Ok(())
    }

    /// Whether as many chunks of a dispatch are being handed on as may be.
    fn has_enough(&self, dispatch: i64, batch: Batch) -> bool {
        let (mut parked, mut most) = (0, AT_ONCE);
        if let Some((course, _)) = self.courses.get(&dispatch) {
            parked = course.parked();
            if course.plan().routes.iter().any(|route| route.direct) {
                most = AT_ONCE_DIRECT;
            }
        }
        parked > 2 * MOST_PARKED || self.in_hand.get(&(dispatch, batch)).is_some_and(|chunks| *chunks >= most)
    }

    fn handed(&mut self, ended: Result<(i64, Batch, Option<Parked>), tokio::task::JoinError>) {
        while self.parked.try_join_next().is_some() {}
        match ended {
            Ok((dispatch, batch, parked)) => {
                if let Some(parked) = parked {
                    self.parked.spawn(parked.wait_for_room());
                }
                if let Some(chunks) = self.in_hand.get_mut(&(dispatch, batch)) {
                    *chunks = chunks.saturating_sub(1);
                    if *chunks == 0 {
                        self.in_hand.remove(&(dispatch, batch));
                    }
                }
            }
            // Only a fault of the program: what it held comes back with the end of the process.
            Err(error) => tracing::error!(%error, "a chunk was not handed on"),
        }
    }

    /// Waits until a chunk is handed on; for ever when none is being.
    pub(super) async fn handed_on(&mut self) {
        match self.handing.join_next().await {
            Some(ended) => self.handed(ended),
            None => std::future::pending::<()>().await,
        }
    }

    /// Waits until what was claimed is handed on or given back.
    pub(super) async fn finish(&mut self) {
        while let Some(ended) = self.handing.join_next().await {
            self.handed(ended);
        }
        while self.parked.join_next().await.is_some() {}
    }

    /// Whether mails are under way.
    pub(super) fn is_busy(&mut self) -> bool {
        self.leases.retain(|(_, lease)| !lease.is_over());
        !self.handing.is_empty() || !self.leases.is_empty()
    }

    /// Whether it is time to look if a dispatch has ended: after each of its chunks, and now and then.
    pub(super) fn should_settle(&mut self, dispatch: i64) -> bool {
        if self.leases.iter().any(|(id, lease)| *id == dispatch && !lease.is_over()) {
            self.looked.remove(&dispatch);
            return false;
        }
        let due = self.looked.get(&dispatch).is_none_or(|last| last.elapsed() >= QUIET);
        if due {
            self.looked.insert(dispatch, Instant::now());
        }
        due
    }

    /// A dispatch that could not be settled yet is looked at in the next round.
    pub(super) fn look_again(&mut self, dispatch: i64) {
        self.looked.remove(&dispatch);
    }

    /// Chunks that are closed but for deliveries whose time has come.
    async fn feed_again(&mut self) -> Result<(), DispatchError> {
        let now = self.instance.now_us();
        for dispatch in self.open.clone() {
            let all = self.handing.len() >= AT_ONCE_OF_ALL;
            if all || self.none_due.contains(&dispatch) || self.has_enough(dispatch, Batch::Again) {
                continue;
            }
            let (mut numbers, mut found) = (Vec::new(), false);
            for row in self.instance.store.read(queries::DUE, params![dispatch, now, DUE, CHUNK]).await? {
                let number = (row.int(0)? - 1) / CHUNK;
                if !numbers.contains(&number) {
                    numbers.push(number);
                }
            }
            for number in numbers {
                if self.handing.len() >= AT_ONCE_OF_ALL || self.has_enough(dispatch, Batch::Again) {
                    break;
                }
                let values = params![dispatch, number, self.process.id];
                if let Some(row) = self.lease(queries::CLAIM_CLOSED_CHUNK, values).await? {
                    found |= self.hand_out(dispatch, Batch::Again, &row).await?;
                }
            }
            if !found {
                self.none_due.insert(dispatch);
            }
        }
        Ok(())
    }

    /// Leases a chunk. After a failure nobody knows whether the database did it.
    async fn lease(&mut self, query: store::Query, values: Vec<Value>) -> Result<Option<Row>, DispatchError> {
        match self.instance.store.write(query, values).await {
            Ok(rows) => Ok(rows.into_iter().next()),
            Err(error) => {
                self.unsure = true;
                Err(error.into())
            }
        }
    }

    /// Once nothing is under way, what still stands under our name is a lease that we do not know of: it goes back.
    async fn sure_again(&mut self) -> Result<bool, DispatchError> {
        if self.is_busy() {
            return Ok(false);
        }
        // What our lines wrote about a chunk, its end above all, stands before we look.
        self.ledger.flush().await?;
        let ours = self.process.id;
        for row in self.instance.store.read(queries::LEASES, params![]).await? {
            if row.opt_int(4)? != Some(ours) {
                continue;
            }
            let (dispatch, number, first, last) = (row.int(0)?, row.int(1)?, row.int(2)?, row.int(3)?);
            let statements = vec![
                queries::RELEASE_ROWS.with(params![dispatch, first, last, number, ours]),
                queries::RELEASE_CHUNK.with(params![dispatch, number, ours]),
            ];
            self.instance.store.transaction(statements).await?;
        }
        self.unsure = false;
        Ok(true)
    }

    async fn trouble(&self, dispatch: i64, error: &DispatchError) -> Result<(), DispatchError> {
        tracing::error!(%error, dispatch, "this dispatch cannot go on; trying again");
        self.instance.store.execute(queries::TROUBLE_OF, params![dispatch, error.to_string()]).await?;
        Ok(())
    }

    /// Hands a leased chunk to the lines. False where it could not be and went back.
    async fn hand_out(&mut self, dispatch: i64, batch: Batch, row: &Row) -> Result<bool, DispatchError> {
        let chunk = Chunk { dispatch, number: row.int(0)?, first_seq: row.int(1)?, last_seq: row.int(2)? };
        let course = self.courses.get(&dispatch).map(|(course, _)| Arc::clone(course));
        let (Some(press), Some(course)) = (self.presses.get(&dispatch).map(Arc::clone), course) else {
            self.ledger.release(chunk).await;
            return Ok(false);
        };
        let claimed = match self.claim(&press, chunk).await {
            Ok(claimed) => claimed,
            Err(error) => {
                self.ledger.release(chunk).await;
                self.trouble(dispatch, &error).await?;
                return Ok(false);
            }
        };
        self.looked.remove(&dispatch);
        if claimed.is_empty() {
            self.ledger.close(chunk).await;
            return Ok(true);
        }
        let lease = Arc::new(Lease::new(chunk, claimed.len()));
        self.leases.push((dispatch, Arc::clone(&lease)));
        *self.in_hand.entry((dispatch, batch)).or_default() += 1;
        let hand = self.hand.clone();
        self.handing
            .spawn(async move { (dispatch, batch, hand.hand_on(course, press, claimed, lease).await) });
        Ok(true)
    }

    /// Claims the rows of a leased chunk, passing over readers who left.
    async fn claim(&self, press: &Press, chunk: Chunk) -> Result<Vec<Claimed>, DispatchError> {
        let now = self.instance.now_us();
        let range = [chunk.dispatch, chunk.first_seq, chunk.last_seq];
        let [dispatch, first, last] = range;
        let skip = match press.kind {
            Kind::Edition => queries::SKIP,
            Kind::Test => queries::SKIP_SUPPRESSED,
        };
        let statements = vec![
            skip.with(params![dispatch, first, last, press.publication, now]),
            queries::CLAIM.with(params![dispatch, first, last, now]),
            queries::CLAIMED.with(params![dispatch, first, last]),
        ];
        let outcomes = self.instance.store.transaction(statements).await?;
        let rows = outcomes.last().map(|outcome| outcome.rows.as_slice()).unwrap_or_default();
        let mut claimed = rows.iter().map(Claimed::from_row).collect::<Result<Vec<_>, _>>()?;
        let readers: Vec<i64> = claimed.iter().map(|one| one.reader).collect();
        for (bit, segment) in press.letter.segments().iter().enumerate() {
            let inside = audience::matching(&self.instance, press.publication, segment, &readers).await?;
            for one in claimed.iter_mut().filter(|one| inside.contains(&one.reader)) {
                one.segments |= 1 << bit;
            }
        }
        Ok(claimed)
    }
}
