//! The one writer. Requests that wait together are committed together: one sync for all of them.

use rusqlite::Connection;
use tokio::sync::{mpsc, oneshot};

use super::connection;
use crate::{Engine, Outcome, Query, Statement, StoreError, Value, trace};

/// Requests that may wait; beyond, callers wait for a place.
const WAITING: usize = 4_096;
/// Requests in one commit: large enough to make the sync cheap, small enough that the first does not wait long.
const GROUP: usize = 1_000;

enum Work {
    Transaction(Vec<Statement>),
    Many(Query, Vec<Vec<Value>>),
}

struct Request {
    work: Work,
    reply: oneshot::Sender<Result<Vec<Outcome>, StoreError>>,
}

enum Message {
    Work(Request),
    Close(oneshot::Sender<()>),
}

pub(super) struct Writer {
    requests: mpsc::Sender<Message>,
}

impl Writer {
    pub(super) fn start(connection: Connection) -> Result<Self, StoreError> {
        let (requests, waiting) = mpsc::channel(WAITING);
        std::thread::Builder::new()
            .name("sqlite-writer".into())
            .spawn(move || write(connection, waiting))
            .map_err(|error| StoreError::Open {
                place: "the writer thread".into(),
                why: error.to_string(),
            })?;
        Ok(Writer { requests })
    }

    pub(super) async fn transaction(&self, statements: Vec<Statement>) -> Result<Vec<Outcome>, StoreError> {
        self.ask(Work::Transaction(statements)).await
    }

    pub(super) async fn write_many(&self, query: Query, sets: Vec<Vec<Value>>) -> Result<u64, StoreError> {
        let outcomes = self.ask(Work::Many(query, sets)).await?;
        Ok(outcomes.iter().map(|outcome| outcome.affected).sum())
    }

    async fn ask(&self, work: Work) -> Result<Vec<Outcome>, StoreError> {
        let (reply, answer) = oneshot::channel();
        let request = Message::Work(Request { work, reply });
        self.requests.send(request).await.map_err(|_| StoreError::Closed)?;
        answer.await.map_err(|_| StoreError::Closed)?
    }

    pub(super) async fn close(&self) {
        let (done, closed) = oneshot::channel();
        if self.requests.send(Message::Close(done)).await.is_ok() {
            // The thread answers after its last commit, or is gone already.
            let _ = closed.await;
        }
    }
}

fn write(connection: Connection, mut waiting: mpsc::Receiver<Message>) {
    let mut group = Vec::new();
    while let Some(message) = waiting.blocking_recv() {
        let mut closing = None;
        let mut next = Some(message);
        while let Some(message) = next {
            match message {
                Message::Work(request) => group.push(request),
                Message::Close(done) => closing = Some(done),
            }
            next = if group.len() < GROUP && closing.is_none() { waiting.try_recv().ok() } else { None };
        }
        commit(&connection, std::mem::take(&mut group));
        if let Some(done) = closing {
            drop(connection);
            let _ = done.send(());
            return;
        }
    }
}

fn commit(connection: &Connection, group: Vec<Request>) {
    if group.is_empty() {
        return;
    }
    let failed = |error: &rusqlite::Error| connection::failure("store.commit", error);
    if let Err(error) = connection.execute_batch("BEGIN IMMEDIATE") {
        for request in group {
            let _ = request.reply.send(Err(failed(&error)));
        }
        return;
    }
    let alone = group.len() == 1;
    let mut done = Vec::with_capacity(group.len());
    for request in group {
        // After some faults (a full disk) the engine undoes everything by itself; what came after would be kept
        // one by one, and reported as lost.
        if connection.is_autocommit() {
            done.push((request.reply, Err(undone())));
            continue;
        }
        let result = if alone { work(connection, &request.work) } else { apart(connection, &request.work) };
        done.push((request.reply, result));
    }
    if connection.is_autocommit() {
        done.iter_mut().filter(|(_, result)| result.is_ok()).for_each(|(_, result)| *result = Err(undone()));
    } else if alone && done.iter().all(|(_, result)| result.is_err()) {
        // Nothing to keep.
        let _ = connection.execute_batch("ROLLBACK");
    } else if let Err(error) = connection.execute_batch("COMMIT") {
        let _ = connection.execute_batch("ROLLBACK");
        for (_, result) in &mut done {
            if result.is_ok() {
                *result = Err(failed(&error));
            }
        }
    }
    for (reply, result) in done {
        // A caller that went away keeps what it asked for.
        let _ = reply.send(result);
    }
}

fn undone() -> StoreError {
    let why = "the engine undid the whole group after a fault in it".to_owned();
    StoreError::Query { query: "store.commit", engine: Engine::Sqlite, why }
}

/// A request among others: what it fails at undoes only itself.
fn apart(connection: &Connection, asked: &Work) -> Result<Vec<Outcome>, StoreError> {
    let batch = |sql: &str| {
        connection.execute_batch(sql).map_err(|error| connection::failure("store.savepoint", &error))
    };
    batch("SAVEPOINT request")?;
    match work(connection, asked) {
        Ok(outcomes) => batch("RELEASE request").map(|()| outcomes),
        Err(error) => {
            batch("ROLLBACK TO request")?;
            batch("RELEASE request")?;
            Err(error)
        }
    }
}

fn work(connection: &Connection, work: &Work) -> Result<Vec<Outcome>, StoreError> {
    match work {
        Work::Transaction(statements) => statements
            .iter()
            .map(|statement| {
                trace::ran(Engine::Sqlite, statement.name);
                connection::run(connection, statement)
            })
            .collect(),
        Work::Many(query, sets) => {
            trace::ran(Engine::Sqlite, query.name);
            let mut affected = 0;
            for params in sets {
                affected += connection::execute(connection, query.sql, params)
                    .map_err(|error| connection::failure(query.name, &error))?
                    .affected;
            }
            Ok(vec![Outcome { rows: Vec::new(), affected }])
        }
    }
}
