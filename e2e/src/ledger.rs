//! The ledger, row by row, as the database has it.

use store::{Store, params};

use crate::queries;

/// Where a delivery stands; see DESIGN.md, rule 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[expect(missing_docs, reason = "the words of the design")]
pub enum State {
    Pending,
    Claimed,
    InDoubt,
    Accepted,
    Deferred,
    Failed,
    Skipped,
}

/// One delivery.
#[derive(Clone, Debug)]
pub struct Row {
    /// Its place in the dispatch.
    pub seq: i64,
    /// The reader's address.
    pub email: String,
    /// Where it stands.
    pub state: State,
    /// How often it was tried.
    pub tries: i64,
    /// How often it was in doubt and was sent again.
    pub doubts: i64,
    /// When it is tried again.
    pub next_at: Option<i64>,
    /// The server's code.
    pub code: Option<i64>,
    /// The server's words.
    pub answer: Option<String>,
}

/// The rows of a dispatch.
pub async fn ledger(database: &str, dispatch: i64) -> Vec<Row> {
    let store = open(database).await;
    let rows = store.read(queries::LEDGER, params![dispatch]).await.expect("the ledger can be read");
    let rows = rows.iter().map(|row| {
        Ok::<_, store::StoreError>(Row {
            seq: row.int(0)?,
            email: row.text(1)?,
            state: state(row.int(2)?),
            tries: row.int(3)?,
            doubts: row.int(4)?,
            next_at: row.opt_int(5)?,
            code: row.opt_int(6)?,
            answer: row.opt_text(7)?,
        })
    });
    let rows = rows.collect::<Result<Vec<_>, _>>().expect("the ledger is understood");
    store.close().await;
    rows
}

/// Lets every deferred delivery of a dispatch be due now; how many there were.
pub async fn hasten(database: &str, dispatch: i64) -> u64 {
    let store = open(database).await;
    let hastened =
        store.execute(queries::HASTEN, params![dispatch]).await.expect("the ledger can be written");
    store.close().await;
    hastened
}

/// How many hearts were given on the instance.
pub async fn hearts(database: &str) -> i64 {
    let store = open(database).await;
    let row = store.read_one(queries::HEARTS, params![]).await.expect("hearts can be counted");
    store.close().await;
    row.expect("a count is a row").int(0).expect("a count is a number")
}

/// What the engine finds wrong with a database; nothing when all is well.
pub async fn integrity(database: &str) -> Vec<String> {
    let store = open(database).await;
    let faults = store.faults().await.expect("the engine looks at its own files");
    store.close().await;
    faults
}

async fn open(database: &str) -> Store {
    Store::open(database).await.expect("the database of the program opens beside it")
}

fn state(number: i64) -> State {
    match number {
        0 => State::Pending,
        1 => State::Claimed,
        2 => State::InDoubt,
        3 => State::Accepted,
        4 => State::Deferred,
        5 => State::Failed,
        6 => State::Skipped,
        other => panic!("the ledger has a state {other}"),
    }
}
