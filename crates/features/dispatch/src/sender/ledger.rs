//! The ledger's pen: moves of all lines, committed together.
//!
//! Moves are written in the order in which they were handed in, so a chunk that is closed after its last move is
//! closed after it in the database too. A line that must be sure, since its mail is about to leave, waits for the
//! commit; no other does.

mod book;

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use instance::{Instance, Process};
use policy::delivery::DeliveryState;
use routes::Carried;
use store::StoreError;
use tokio::sync::{mpsc, oneshot};
use tokio::task::{JoinHandle, JoinSet};

use super::account::Account;
use super::chunk::Chunk;
use book::Book;

/// Moves that may wait for a pen; beyond, lines wait.
const WAITING: usize = 4_096;

/// What is written about one delivery.
#[derive(Clone, Debug)]
pub(super) struct Move {
    pub dispatch: i64,
    pub seq: i64,
    /// The chunk it is in.
    pub chunk: i64,
    pub state: DeliveryState,
    /// Added to the tries: the doubt counted this one, unless there was none, or it was taken back.
    pub tries: i64,
    /// One when it was in doubt and will be sent again.
    pub doubts: i64,
    pub next_at: Option<i64>,
    /// The way it went, or was to go.
    pub route: Option<i64>,
    pub code: Option<u16>,
    pub answer: Option<String>,
    /// What it counts for a cap: kept together with the move, so that a sender that dies forgets no mail.
    pub carried: Option<(Arc<Account>, Carried)>,
}

/// A mail whose last byte is about to leave.
#[derive(Clone, Copy, Debug)]
pub(super) struct Doubt {
    /// The chunk it is in.
    pub chunk: Chunk,
    pub seq: i64,
}

/// Why a last byte must not leave.
#[derive(Debug, thiserror::Error)]
pub(super) enum Unsure {
    /// The doubt is not known to be written.
    #[error(transparent)]
    Ledger(#[from] StoreError),
    /// The row is in other hands: this process was taken for dead.
    #[error("the delivery is in the hands of another process")]
    NotOurs,
}

enum Entry {
    Move(Move),
    /// Committed before the last byte of a mail leaves.
    Sure(Doubt, oneshot::Sender<Result<(), Unsure>>),
    Close(Chunk),
    Release(Chunk),
    /// Everything that was handed in before is durable.
    Flush(oneshot::Sender<()>),
}

/// No pen was used yet.
const NONE: usize = usize::MAX;

/// A hand on the pens; one for each line. What concerns a chunk goes through one pen, in its order.
#[derive(Clone)]
pub(super) struct Ledger {
    pens: Vec<mpsc::Sender<Entry>>,
    /// The pen that this hand used last.
    last: Arc<AtomicUsize>,
}

impl Ledger {
    pub(super) fn open(instance: &Instance, process: &Process) -> (Self, JoinHandle<()>) {
        let mut books = JoinSet::new();
        let pens = (0..instance.store.writers())
            .map(|_| {
                let (entries, waiting) = mpsc::channel(WAITING);
                books.spawn(Book::new(instance.clone(), process.id).keep(waiting));
                entries
            })
            .collect();
        let all = tokio::spawn(async move { while books.join_next().await.is_some() {} });
        (Ledger { pens, last: Arc::new(AtomicUsize::new(NONE)) }, all)
    }

    /// Another hand, for a line of its own.
    pub(super) fn hand(&self) -> Self {
        Ledger { pens: self.pens.clone(), last: Arc::new(AtomicUsize::new(NONE)) }
    }

    fn number(&self, chunk: i64) -> usize {
        // Chunk numbers begin at 0, and there is a pen at least.
        usize::try_from(chunk.unsigned_abs()).unwrap_or_default() % self.pens.len()
    }

    fn pen(&self, chunk: i64) -> &mpsc::Sender<Entry> {
        &self.pens[self.number(chunk)]
    }

    /// Writes a move, soon.
    pub(super) async fn write(&self, entry: Move) -> Result<(), StoreError> {
        self.last.store(self.number(entry.chunk), Ordering::Relaxed);
        self.pen(entry.chunk).send(Entry::Move(entry)).await.map_err(|_| StoreError::Closed)
    }

    /// Writes a doubt and waits until it is durable. What this hand wrote before is durable first: at most one mail of
    /// a line is in doubt, whichever pen writes about it.
    pub(super) async fn doubt(&self, doubt: Doubt) -> Result<(), Unsure> {
        let (last, next) = (self.last.load(Ordering::Relaxed), self.number(doubt.chunk.number));
        if last != next
            && let Some(pen) = self.pens.get(last)
        {
            flush(pen).await?;
        }
        let (done, committed) = oneshot::channel();
        self.pens[next].send(Entry::Sure(doubt, done)).await.map_err(|_| StoreError::Closed)?;
        self.last.store(next, Ordering::Relaxed);
        committed.await.map_err(|_| StoreError::Closed)?
    }

    /// Waits until everything that was handed in is durable.
    pub(super) async fn flush(&self) -> Result<(), StoreError> {
        for pen in &self.pens {
            flush(pen).await?;
        }
        Ok(())
    }

    /// Gives a chunk back, done for now.
    pub(super) async fn close(&self, chunk: Chunk) {
        // Without a pen the lease ends with the process; another will close it.
        let _ = self.pen(chunk.number).send(Entry::Close(chunk)).await;
    }

    /// Gives a chunk back with rows that were not sent.
    pub(super) async fn release(&self, chunk: Chunk) {
        let _ = self.pen(chunk.number).send(Entry::Release(chunk)).await;
    }
}

async fn flush(pen: &mpsc::Sender<Entry>) -> Result<(), StoreError> {
    let (done, flushed) = oneshot::channel();
    pen.send(Entry::Flush(done)).await.map_err(|_| StoreError::Closed)?;
    flushed.await.map_err(|_| StoreError::Closed)
}
