//! The ledger's pen: moves of all lines, committed together.
//!
//! Moves are written in the order in which they were handed in, so a chunk that is closed after its last move is
//! closed after it in the database too. A line that must be sure, since its mail is about to leave, waits for the
//! commit; no other does.

use instance::{Instance, Process};
use policy::delivery::DeliveryState;
use store::{Outcome, Statement, StoreError, params};
use tokio::sync::{mpsc, oneshot};
use tokio::task::JoinHandle;

use super::chunk::Chunk;
use crate::queries;

/// Moves in one transaction.
const GROUP: usize = 1_000;
/// Moves that may wait for the pen; beyond, lines wait.
const WAITING: usize = 4_096;
/// Between two tries when the database does not take a group: the answers of a relay are not to be lost.
const AGAIN: std::time::Duration = std::time::Duration::from_secs(1);

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
    pub code: Option<u16>,
    pub answer: Option<String>,
}

/// A mail whose last byte is about to leave.
#[derive(Clone, Copy, Debug)]
pub(super) struct Doubt {
    pub dispatch: i64,
    pub seq: i64,
    pub chunk: i64,
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

/// A hand on the pen; one for each line.
#[derive(Clone)]
pub(super) struct Ledger {
    entries: mpsc::Sender<Entry>,
}

impl Ledger {
    pub(super) fn open(instance: &Instance, process: &Process) -> (Self, JoinHandle<()>) {
        let (entries, waiting) = mpsc::channel(WAITING);
        let book = Book { instance: instance.clone(), process: process.id };
        (Ledger { entries }, tokio::spawn(book.keep(waiting)))
    }

    /// Writes a move, soon.
    pub(super) async fn write(&self, entry: Move) -> Result<(), StoreError> {
        self.entries.send(Entry::Move(entry)).await.map_err(|_| StoreError::Closed)
    }

    /// Writes a doubt and waits until it is durable.
    pub(super) async fn doubt(&self, doubt: Doubt) -> Result<(), Unsure> {
        let (done, committed) = oneshot::channel();
        self.entries.send(Entry::Sure(doubt, done)).await.map_err(|_| StoreError::Closed)?;
        committed.await.map_err(|_| StoreError::Closed)?
    }

    /// Waits until everything that was handed in is durable.
    pub(super) async fn flush(&self) -> Result<(), StoreError> {
        let (done, flushed) = oneshot::channel();
        self.entries.send(Entry::Flush(done)).await.map_err(|_| StoreError::Closed)?;
        flushed.await.map_err(|_| StoreError::Closed)
    }

    /// Gives a chunk back, done for now.
    pub(super) async fn close(&self, chunk: Chunk) {
        // Without a pen the lease ends with the process; another will close it.
        let _ = self.entries.send(Entry::Close(chunk)).await;
    }

    /// Gives a chunk back with rows that were not sent.
    pub(super) async fn release(&self, chunk: Chunk) {
        let _ = self.entries.send(Entry::Release(chunk)).await;
    }
}

struct Book {
    instance: Instance,
    process: i64,
}

impl Book {
    async fn keep(self, mut waiting: mpsc::Receiver<Entry>) {
        let mut group = Vec::with_capacity(GROUP);
        while waiting.recv_many(&mut group, GROUP).await > 0 {
            self.commit(&mut group).await;
        }
    }

    async fn commit(&self, group: &mut Vec<Entry>) {
        let now = self.instance.now_us();
        let outcomes = loop {
            let statements = group.iter().flat_map(|entry| self.statements(entry, now)).collect();
            match self.instance.store.transaction(statements).await {
                Ok(outcomes) => break outcomes,
                Err(error) => {
                    tracing::error!(%error, moves = group.len(), "the ledger does not take what happened; trying again");
                    // Mails that wait for this group have not left: their lines are told, the others' moves stay.
                    let kept = std::mem::take(group).into_iter().filter_map(|entry| match entry {
                        Entry::Sure(_, done) => {
                            let _ = done.send(Err(StoreError::Closed.into()));
                            None
                        }
                        Entry::Flush(_) => None,
                        other => Some(other),
                    });
                    group.extend(kept);
                    if group.is_empty() {
                        return;
                    }
                    tokio::time::sleep(AGAIN).await;
                }
            }
        };
        answer(group, &outcomes);
    }

    fn statements(&self, entry: &Entry, now: i64) -> Vec<Statement> {
        match entry {
            Entry::Sure(doubt, _) => {
                let Doubt { dispatch, seq, chunk } = *doubt;
                vec![queries::DOUBT.with(params![dispatch, seq, now, chunk, self.process])]
            }
            Entry::Move(entry) if entry.state == DeliveryState::Accepted => {
                vec![queries::ACCEPT.with(params![
                    entry.dispatch,
                    entry.seq,
                    now,
                    entry.code,
                    entry.answer.as_deref(),
                ])]
            }
            Entry::Move(entry) => vec![queries::MOVE.with(params![
                entry.dispatch,
                entry.seq,
                entry.state.number(),
                now,
                entry.tries,
                entry.doubts,
                entry.next_at,
                entry.code,
                entry.answer.as_deref(),
                entry.chunk,
                self.process,
            ])],
            Entry::Flush(_) => Vec::new(),
            Entry::Close(chunk) => {
                vec![queries::CLOSE_CHUNK.with(params![chunk.dispatch, chunk.number, self.process])]
            }
            Entry::Release(chunk) => vec![
                queries::RELEASE_ROWS.with(params![
                    chunk.dispatch,
                    chunk.first_seq,
                    chunk.last_seq,
                    chunk.number,
                    self.process
                ]),
                queries::RELEASE_CHUNK.with(params![chunk.dispatch, chunk.number, self.process]),
            ],
        }
    }
}

/// Tells the lines that wait whether their rows were ours; each doubt is one statement of the group.
fn answer(group: &mut Vec<Entry>, outcomes: &[Outcome]) {
    let mut outcomes = outcomes.iter();
    for entry in group.drain(..) {
        match entry {
            Entry::Sure(_, done) => {
                let ours = outcomes.next().is_some_and(|outcome| outcome.affected == 1);
                // A line that went away did not send.
                let _ = done.send(if ours { Ok(()) } else { Err(Unsure::NotOurs) });
            }
            Entry::Flush(done) => {
                let _ = done.send(());
            }
            Entry::Move(_) | Entry::Close(_) => drop(outcomes.next()),
            Entry::Release(_) => drop(outcomes.nth(1)),
        }
    }
}
