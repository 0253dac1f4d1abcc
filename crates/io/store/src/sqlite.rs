//! SQLite: one writer with group commit, a few readers.

mod connection;
mod frozen;
mod readers;
mod writer;

use std::path::{Path, PathBuf};

use rusqlite::Connection;

pub(crate) use crate::sqlite::frozen::Frozen;
use crate::sqlite::readers::Readers;
use crate::sqlite::writer::Writer;
use crate::{Engine, Outcome, Query, Row, Statement, StoreError, Value, plan, trace};

/// Fixes up to 3.51.3 concern the integrity of WAL files.
const NEEDED: (i32, &str) = (3_051_003, "3.51.3");

pub(crate) struct Sqlite {
    readers: Readers,
    writer: Writer,
}

impl Sqlite {
    pub(crate) fn open(path: &Path) -> Result<Self, StoreError> {
        if rusqlite::version_number() < NEEDED.0 {
            return Err(StoreError::TooOld { found: rusqlite::version().to_owned(), needed: NEEDED.1 });
        }
        let mut writer = connection::open_writer(path)?;
        connection::migrate(&mut writer)?;
        let path: PathBuf = path.to_owned();
        Ok(Sqlite { readers: Readers::new(path), writer: Writer::start(writer)? })
    }

    pub(crate) async fn read(&self, statement: Statement) -> Result<Vec<Row>, StoreError> {
        self.readers
            .with(move |connection| {
                trace::ran(Engine::Sqlite, statement.name);
                let outcome = connection::run(connection, &statement)?;
                Ok(outcome.rows)
            })
            .await
    }

    /// A view of this moment.
    pub(crate) async fn freeze(&self) -> Result<Frozen, StoreError> {
        let path = self.readers.path().to_owned();
        tokio::task::spawn_blocking(move || Frozen::open(&path)).await.map_err(|_| StoreError::Closed)?
    }

    pub(crate) async fn transaction(&self, statements: Vec<Statement>) -> Result<Vec<Outcome>, StoreError> {
        self.writer.transaction(statements).await
    }

    pub(crate) async fn write_many(&self, query: Query, sets: Vec<Vec<Value>>) -> Result<u64, StoreError> {
        self.writer.write_many(query, sets).await
    }

    pub(crate) async fn faults(&self) -> Result<Vec<String>, StoreError> {
        self.readers.with(connection::faults).await
    }

    pub(crate) async fn full_scans(&self, statement: Statement) -> Result<Vec<String>, StoreError> {
        self.readers
            .with(move |connection: &mut Connection| {
                let explained = Statement {
                    sql: format!("EXPLAIN QUERY PLAN {}", statement.sql).into(),
                    expected: None,
                    ..statement
                };
                let outcome = connection::run(connection, &explained)?;
                let lines: Vec<String> = outcome.rows.iter().filter_map(|row| row.text(3).ok()).collect();
                Ok(plan::sqlite_scans(&lines))
            })
            .await
    }

    pub(crate) async fn close(&self) {
        self.writer.close().await;
        self.readers.close();
    }
}
