//! The door: one type for both engines.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use crate::postgres::Postgres;
use crate::snapshot::Snapshot;
use crate::sqlite::Sqlite;
use crate::{Outcome, Query, Row, Statement, StoreError, Value};

/// Which engine holds the state.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Engine {
    /// A file.
    Sqlite,
    /// A server.
    Postgres,
}

impl std::fmt::Display for Engine {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str(match self {
            Engine::Sqlite => "sqlite",
            Engine::Postgres => "postgres",
        })
    }
}

#[derive(Clone)]
enum Inner {
    Sqlite(Arc<Sqlite>),
    Postgres(Arc<Postgres>),
}

/// The state of an instance. Cheap to clone.
#[derive(Clone)]
pub struct Store {
    inner: Inner,
}

impl Store {
    /// Opens `sqlite:PATH` or `postgres://…`, creates what is missing and brings the schema up to date.
    pub async fn open(address: &str) -> Result<Self, StoreError> {
        let inner = if let Some(path) = address.strip_prefix("sqlite:") {
            let path = path.strip_prefix("//").unwrap_or(path);
            if path.is_empty() {
                return Err(StoreError::Address(address.to_owned()));
            }
            let path = PathBuf::from(path);
            let sqlite = tokio::task::spawn_blocking(move || Sqlite::open(&path))
                .await
                .map_err(|_| StoreError::Closed)??;
            Inner::Sqlite(Arc::new(sqlite))
        } else if address.starts_with("postgres://") || address.starts_with("postgresql://") {
            Inner::Postgres(Arc::new(Postgres::open(address).await?))
        } else {
            return Err(StoreError::Address(without_password(address)));
        };
        Ok(Store { inner })
    }

    /// Which engine it is.
    pub fn engine(&self) -> Engine {
        match &self.inner {
            Inner::Sqlite(_) => Engine::Sqlite,
            Inner::Postgres(_) => Engine::Postgres,
        }
    }

    /// How many transactions it takes at a time with profit: a file has one writer, a server waits for several syncs
    /// at once.
    pub fn writers(&self) -> usize {
        match &self.inner {
            Inner::Sqlite(_) => 1,
            Inner::Postgres(_) => 4,
        }
    }

    /// The rows of a question.
    pub async fn read(&self, query: Query, params: Vec<Value>) -> Result<Vec<Row>, StoreError> {
        self.read_statement(query.with(params)).await
    }

    /// The first row of a question.
    pub async fn read_one(&self, query: Query, params: Vec<Value>) -> Result<Option<Row>, StoreError> {
        Ok(self.read(query, params).await?.into_iter().next())
    }

    /// The rows of a composed question.
    pub async fn read_statement(&self, statement: Statement) -> Result<Vec<Row>, StoreError> {
        match &self.inner {
            Inner::Sqlite(sqlite) => sqlite.read(statement).await,
            Inner::Postgres(postgres) => postgres.read(statement).await,
        }
    }

    /// Writes one statement in a transaction of its own; the rows are those of `RETURNING`.
    pub async fn write(&self, query: Query, params: Vec<Value>) -> Result<Vec<Row>, StoreError> {
        let mut outcomes = self.transaction(vec![query.with(params)]).await?;
        Ok(outcomes.pop().unwrap_or_default().rows)
    }

    /// Writes one statement and says how many rows it touched.
    pub async fn execute(&self, query: Query, params: Vec<Value>) -> Result<u64, StoreError> {
        let mut outcomes = self.transaction(vec![query.with(params)]).await?;
        Ok(outcomes.pop().unwrap_or_default().affected)
    }

    /// Does all statements in order, or none.
    pub async fn transaction(&self, statements: Vec<Statement>) -> Result<Vec<Outcome>, StoreError> {
        match &self.inner {
            Inner::Sqlite(sqlite) => sqlite.transaction(statements).await,
            Inner::Postgres(postgres) => postgres.transaction(statements).await,
        }
    }

    /// Writes one statement once for each set of parameters, all or none. Returns the rows touched.
    pub async fn write_many(&self, query: Query, sets: Vec<Vec<Value>>) -> Result<u64, StoreError> {
        match &self.inner {
            Inner::Sqlite(sqlite) => sqlite.write_many(query, sets).await,
            Inner::Postgres(postgres) => postgres.write_many(query, sets).await,
        }
    }

    /// A view of this moment, for whoever reads everything.
    pub(crate) async fn freeze(&self) -> Result<Snapshot, StoreError> {
        Ok(match &self.inner {
            Inner::Sqlite(sqlite) => Snapshot::Sqlite(sqlite.freeze().await?),
            Inner::Postgres(postgres) => Snapshot::Postgres(Box::new(postgres.freeze().await?)),
        })
    }

    /// Number of the newest migration that was applied.
    pub async fn schema(&self) -> Result<i64, StoreError> {
        let row = self.read_one(crate::migrate::NEWEST, Vec::new()).await?;
        row.map_or(Ok(0), |row| row.int(0))
    }

    /// What is wrong with the database itself, a sentence each; empty when all is well.
    pub async fn faults(&self) -> Result<Vec<String>, StoreError> {
        match &self.inner {
            Inner::Sqlite(sqlite) => sqlite.faults().await,
            Inner::Postgres(postgres) => postgres.faults().await,
        }
    }

    /// Lets the engine look at how large its tables have become: after an import its plans go by the empty ones.
    pub async fn take_stock(&self) -> Result<(), StoreError> {
        match &self.inner {
            // Its plans go by indexes alone.
            Inner::Sqlite(_) => Ok(()),
            Inner::Postgres(postgres) => postgres.take_stock().await,
        }
    }

    /// How the engine would answer a statement: the tables that it would read from end to end.
    pub async fn full_scans(&self, statement: Statement) -> Result<Vec<String>, StoreError> {
        match &self.inner {
            Inner::Sqlite(sqlite) => sqlite.full_scans(statement).await,
            Inner::Postgres(postgres) => postgres.full_scans(statement).await,
        }
    }

    /// Writes everything into a new SQLite file, while the instance runs; the file appears whole or not at all.
    /// Returns the number of rows of each table.
    pub async fn backup(&self, file: &Path) -> Result<Vec<(String, u64)>, StoreError> {
        crate::copy::backup(self, file).await
    }

    /// Fills this store, which must hold nothing yet, with what a backup holds.
    pub async fn restore(&self, file: &Path) -> Result<Vec<(String, u64)>, StoreError> {
        crate::copy::restore(self, file).await
    }

    /// Waits for the writes under way and closes the files.
    pub async fn close(&self) {
        match &self.inner {
            Inner::Sqlite(sqlite) => sqlite.close().await,
            Inner::Postgres(postgres) => postgres.close(),
        }
    }
}

/// Makes a new, empty database on a PostgreSQL server. The name may hold letters, digits and `_` only.
pub async fn create_database(server: &str, name: &str) -> Result<(), StoreError> {
    let plain = !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_');
    if !plain {
        return Err(StoreError::Address(name.to_owned()));
    }
    crate::postgres::create_database(server, name).await
}

/// `SELECT`s and `RETURNING`s have rows; the rest has a count.
pub(crate) fn returns_rows(sql: &str) -> bool {
    let head = sql.trim_start();
    let starts = |word: &str| head.get(..word.len()).is_some_and(|start| start.eq_ignore_ascii_case(word));
    starts("SELECT") || starts("EXPLAIN") || sql.contains("RETURNING") || (starts("WITH") && !writes(sql))
}

fn writes(sql: &str) -> bool {
    ["INSERT INTO", "UPDATE ", "DELETE FROM"].iter().any(|word| sql.contains(word))
}

pub(crate) fn without_password(address: &str) -> String {
    match (address.find("://"), address.rfind('@')) {
        (Some(start), Some(at)) if start + 3 < at => {
            let user = address[start + 3..at].split(':').next().unwrap_or_default();
            format!("{}{user}@{}", &address[..start + 3], &address[at + 1..])
        }
        _ => address.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_password_is_never_shown() {
        for (address, shown) in [
            ("postgres://ada:se:c@ret@db.example/x", "postgres://ada@db.example/x"),
            ("postgres://db.example/x", "postgres://db.example/x"),
            ("mysql://a:b@c", "mysql://a@c"),
            ("plain", "plain"),
        ] {
            assert_eq!(without_password(address), shown);
        }
    }
}
