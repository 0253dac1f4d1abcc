//! One pen: what has gathered becomes a few statements, whatever their number, and one commit.

use std::collections::{BTreeMap, HashSet};
use std::time::Duration;

use instance::Instance;
use policy::delivery::DeliveryState;
use routes::Carried;
use store::{Outcome, Statement, StoreError, params};
use tokio::sync::mpsc;

use super::{Entry, Move, Unsure};
use crate::queries;

/// Entries in one transaction.
const GROUP: usize = 1_000;
/// Between two tries when the database does not take a group: the answers of a relay are not to be lost.
const AGAIN: Duration = Duration::from_secs(1);

pub(super) struct Book {
    instance: Instance,
    process: i64,
}

/// Rows of one dispatch, each named once, as the JSON lists that the statements take.
#[derive(Default)]
struct Page<'a> {
    accepted: Vec<Taken<'a>>,
    moved: Vec<Moved<'a>>,
    /// Place and chunk.
    doubts: Vec<(i64, i64)>,
}

/// Place, code, answer, route.
type Taken<'a> = (i64, Option<u16>, Option<&'a str>, Option<i64>);
/// Place, chunk, state, tries, doubts, next try, code, answer, route.
type Moved<'a> = (i64, i64, i64, i64, i64, Option<i64>, Option<u16>, Option<&'a str>, Option<i64>);

impl Book {
    pub(super) fn new(instance: Instance, process: i64) -> Self {
        Book { instance, process }
    }

    pub(super) async fn keep(self, mut waiting: mpsc::Receiver<Entry>) {
        let mut group = Vec::with_capacity(GROUP);
        while waiting.recv_many(&mut group, GROUP).await > 0 {
            self.commit(&mut group).await;
        }
    }

    async fn commit(&self, group: &mut Vec<Entry>) {
        let now = self.instance.now_us();
        let outcomes = loop {
            let statements = self.statements(group, now);
            if statements.is_empty() {
                break Vec::new();
            }
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

    /// In this order: what happened to rows, then what is about to happen, then the ends of chunks. A row that is
    /// named twice begins a new page, so that its moves keep their order.
    fn statements(&self, group: &[Entry], now: i64) -> Vec<Statement> {
        let mut statements = Vec::new();
        let mut pages: BTreeMap<i64, Page<'_>> = BTreeMap::new();
        let mut named: HashSet<(i64, i64)> = HashSet::with_capacity(group.len());
        let mut ends = Vec::new();
        let mut counts: BTreeMap<(i64, &str), Carried> = BTreeMap::new();
        for entry in group {
            let (dispatch, seq) = match entry {
                Entry::Move(entry) => (entry.dispatch, entry.seq),
                Entry::Sure(doubt, _) => (doubt.chunk.dispatch, doubt.seq),
                Entry::Flush(_) => continue,
                Entry::Close(chunk) => {
                    ends.push(queries::CLOSE_CHUNK.with(params![chunk.dispatch, chunk.number, self.process]));
                    continue;
                }
                Entry::Release(chunk) => {
                    let rows = [chunk.first_seq, chunk.last_seq, chunk.number];
                    let [first, last, number] = rows;
                    let ours = self.process;
                    ends.push(queries::RELEASE_ROWS.with(params![chunk.dispatch, first, last, number, ours]));
                    ends.push(queries::RELEASE_CHUNK.with(params![chunk.dispatch, number, ours]));
                    continue;
                }
            };
            if !named.insert((dispatch, seq)) {
                self.write_out(&mut pages, now, &mut statements);
                named.clear();
                named.insert((dispatch, seq));
            }
            if let Entry::Move(Move { carried: Some((account, carried)), .. }) = entry {
                *counts.entry((account.route, &account.provider)).or_default() += *carried;
            }
            let page = pages.entry(dispatch).or_default();
            match entry {
                Entry::Move(entry) => page.note(entry),
                Entry::Sure(doubt, _) => page.doubts.push((seq, doubt.chunk.number)),
                Entry::Flush(_) | Entry::Close(_) | Entry::Release(_) => {}
            }
        }
        self.write_out(&mut pages, now, &mut statements);
        let day = routes::day_of(now);
        let counts = counts.into_iter();
        statements.extend(
            counts.map(|((route, provider), carried)| routes::counting(route, provider, day, carried)),
        );
        statements.append(&mut ends);
        statements
    }

    fn write_out(&self, pages: &mut BTreeMap<i64, Page<'_>>, now: i64, statements: &mut Vec<Statement>) {
        for (dispatch, page) in std::mem::take(pages) {
            if !page.accepted.is_empty() {
                statements.push(queries::ACCEPT.with(params![dispatch, list(&page.accepted), now]));
            }
            if !page.moved.is_empty() {
                let values = params![dispatch, list(&page.moved), now, self.process];
                statements.push(queries::MOVE.with(values));
            }
            if !page.doubts.is_empty() {
                let values = params![dispatch, list(&page.doubts), now, self.process];
                statements.push(queries::DOUBT.with(values));
            }
        }
    }
}

impl<'a> Page<'a> {
    fn note(&mut self, entry: &'a Move) {
        let answer = entry.answer.as_deref();
        if entry.state == DeliveryState::Accepted {
            self.accepted.push((entry.seq, entry.code, answer, entry.route));
            return;
        }
        self.moved.push((
            entry.seq,
            entry.chunk,
            entry.state.number(),
            entry.tries,
            entry.doubts,
            entry.next_at,
            entry.code,
            answer,
            entry.route,
        ));
    }
}

fn list<T: serde::Serialize>(rows: &[T]) -> String {
    // Numbers and texts: nothing in them can fail to be JSON.
    serde_json::to_string(rows).unwrap_or_default()
}

/// Tells the lines that wait whether their rows were ours: a doubt gives back what it could write.
fn answer(group: &mut Vec<Entry>, outcomes: &[Outcome]) {
    let mut ours: HashSet<(i64, i64)> = HashSet::new();
    for row in outcomes.iter().flat_map(|outcome| &outcome.rows) {
        if let (Ok(dispatch), Ok(seq)) = (row.int(0), row.int(1)) {
            ours.insert((dispatch, seq));
        }
    }
    for entry in group.drain(..) {
        match entry {
            Entry::Sure(doubt, done) => {
                let written = ours.contains(&(doubt.chunk.dispatch, doubt.seq));
                // A line that went away did not send.
                let _ = done.send(if written { Ok(()) } else { Err(Unsure::NotOurs) });
            }
            Entry::Flush(done) => {
                let _ = done.send(());
            }
            Entry::Move(Move { carried: Some((account, carried)), .. }) => account.was_written(carried),
            Entry::Move(_) | Entry::Close(_) | Entry::Release(_) => {}
        }
    }
}
