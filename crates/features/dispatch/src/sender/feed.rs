//! Feeding the lines: chunk after chunk, the dispatches in turn.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use instance::{Instance, Process};
use policy::delivery::DeliveryState;
use store::params;
use tokio::sync::mpsc;
use tokio::task::JoinSet;
use tokio::time::Instant;

use super::chunk::{Chunk, Lease};
use super::control::Control;
use super::ledger::{Ledger, Move};
use super::mail::{Claimed, Mail, Press};
use crate::model::{CHUNK, Dispatch, DispatchError, Kind};
use crate::queries;

/// Chunks being filled at once: as many as a small machine has cores. More would only hold more mails in memory.
const FILLING: usize = 2;
/// Deferred deliveries looked at in one go.
const DUE: i64 = 100;
/// How often the end of a quiet dispatch is looked for; counting a large ledger is not free.
const QUIET: Duration = Duration::from_secs(30);

/// Claims chunks and fills mails.
pub(super) struct Feeder {
    instance: Instance,
    process: Process,
    control: Arc<Control>,
    ledger: Ledger,
    mails: mpsc::Sender<Mail>,
    presses: HashMap<i64, Arc<Press>>,
    filling: JoinSet<()>,
    leases: Vec<(i64, Arc<Lease>)>,
    open: Vec<i64>,
    turn: usize,
    looked: HashMap<i64, Instant>,
}

impl Feeder {
    pub(super) fn new(
        instance: Instance,
        process: Process,
        control: Arc<Control>,
        ledger: Ledger,
        mails: mpsc::Sender<Mail>,
    ) -> Self {
        Feeder {
            instance,
            process,
            control,
            ledger,
            mails,
            presses: HashMap::new(),
            filling: JoinSet::new(),
            leases: Vec::new(),
            open: Vec::new(),
            turn: 0,
            looked: HashMap::new(),
        }
    }

    /// Feeds from these dispatches from now on.
    pub(super) async fn feed(&mut self, open: &[Dispatch]) -> Result<(), DispatchError> {
        self.open.clear();
        for dispatch in open.iter().filter(|one| one.state.may_send(one.paused)) {
            if !self.presses.contains_key(&dispatch.id) {
                let press = Press::set_up(&self.instance, dispatch).await?;
                self.presses.insert(dispatch.id, Arc::new(press));
            }
            self.open.push(dispatch.id);
        }
        self.presses.retain(|id, _| open.iter().any(|dispatch| dispatch.id == *id));
        self.feed_more().await
    }

    /// Claims chunks until enough are being filled or nothing is open.
    pub(super) async fn feed_more(&mut self) -> Result<(), DispatchError> {
        while self.filling.try_join_next().is_some() {}
        let mut empty = 0;
        while self.filling.len() < FILLING && empty < self.open.len() {
            self.turn = (self.turn + 1) % self.open.len();
            let dispatch = self.open[self.turn];
            let claimed =
                self.instance.store.write(queries::CLAIM_CHUNK, params![dispatch, self.process.id]).await?;
            match claimed.first() {
                None => empty += 1,
                Some(row) => {
                    empty = 0;
                    self.fill(dispatch, row.int(0)?, row.int(1)?, row.int(2)?).await?;
                }
            }
        }
        if self.filling.is_empty() {
            self.feed_deferred().await?;
        }
        Ok(())
    }

    /// Waits until a chunk is filled; for ever when none is being.
    pub(super) async fn filled(&mut self) {
        if self.filling.join_next().await.is_none() {
            std::future::pending::<()>().await;
        }
    }

    /// Waits until what was claimed is handed on or given back.
    pub(super) async fn finish(&mut self) {
        while self.filling.join_next().await.is_some() {}
    }

    /// Whether mails are under way.
    pub(super) fn is_busy(&mut self) -> bool {
        self.leases.retain(|(_, lease)| !lease.is_over());
        !self.filling.is_empty() || !self.leases.is_empty()
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

    /// Chunks that are closed but for deferred deliveries whose time has come.
    async fn feed_deferred(&mut self) -> Result<(), DispatchError> {
        let now = self.instance.now_us();
        for row in self.instance.store.read(queries::DUE, params![now, DUE]).await? {
            let (dispatch, seq) = (row.int(0)?, row.int(1)?);
            if !self.open.contains(&dispatch) || self.filling.len() >= FILLING {
                continue;
            }
            let number = (seq - 1) / CHUNK;
            let values = params![dispatch, number, self.process.id];
            if let Some(row) = self.instance.store.write(queries::CLAIM_CLOSED_CHUNK, values).await?.first() {
                self.fill(dispatch, row.int(0)?, row.int(1)?, row.int(2)?).await?;
            }
        }
        Ok(())
    }

    async fn fill(&mut self, dispatch: i64, number: i64, first: i64, last: i64) -> Result<(), DispatchError> {
        let Some(press) = self.presses.get(&dispatch).map(Arc::clone) else { return Ok(()) };
        let chunk = Chunk { dispatch, number, first_seq: first, last_seq: last };
        let claimed = self.claim(&press, chunk).await?;
        if claimed.is_empty() {
            self.ledger.close(chunk).await;
            self.looked.remove(&dispatch);
            return Ok(());
        }
        let lease = Arc::new(Lease::new(chunk, claimed.len()));
        self.leases.push((dispatch, Arc::clone(&lease)));
        self.looked.remove(&dispatch);
        let (mails, control, ledger) = (self.mails.clone(), Arc::clone(&self.control), self.ledger.clone());
        self.filling.spawn(async move {
            let (shared, seqs) = (Arc::clone(&lease), claimed.iter().map(|one| one.seq).collect::<Vec<_>>());
            let filled =
                tokio::task::spawn_blocking(move || fill_all(&press, &claimed, &shared, &mails, &control));
            match filled.await {
                Ok(rest) => finish(dispatch, rest, &lease, &ledger).await,
                // Not even a panic may keep a chunk for ever; what was handed on keeps its place in the count.
                Err(error) => {
                    tracing::error!(%error, dispatch, first = seqs.first(), "filling a chunk failed");
                }
            }
        });
        Ok(())
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

/// What a filling did not hand on.
struct Rest {
    unsent: usize,
    unfit: Vec<(i64, String)>,
}

fn fill_all(
    press: &Press,
    claimed: &[Claimed],
    lease: &Arc<Lease>,
    mails: &mpsc::Sender<Mail>,
    control: &Control,
) -> Rest {
    let mut rest = Rest { unsent: 0, unfit: Vec::new() };
    for (place, one) in claimed.iter().enumerate() {
        if !control.may_send(press.dispatch) {
            rest.unsent = claimed.len() - place;
            break;
        }
        match press.fill(one, lease) {
            Err(why) => rest.unfit.push((one.seq, why)),
            Ok(mail) => {
                if mails.blocking_send(mail).is_err() {
                    rest.unsent = claimed.len() - place;
                    break;
                }
            }
        }
    }
    rest
}

async fn finish(dispatch: i64, rest: Rest, lease: &Lease, ledger: &Ledger) {
    for (seq, why) in rest.unfit {
        let entry = Move {
            dispatch,
            seq,
            state: DeliveryState::Failed,
            tries: 0,
            doubts: 0,
            next_at: None,
            code: None,
            answer: Some(why),
        };
        if ledger.write(entry).await.is_ok() {
            lease.done(ledger).await;
        }
    }
    if rest.unsent > 0 {
        lease.give_back(rest.unsent, ledger).await;
    }
}
