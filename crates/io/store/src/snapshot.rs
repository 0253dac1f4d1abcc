//! A store as it was at one moment, however long one looks and whatever is written meanwhile.

use crate::postgres::Frozen as FrozenPostgres;
use crate::sqlite::Frozen as FrozenSqlite;
use crate::{Engine, Row, Statement, StoreError};

/// A view that does not move. On SQLite the write-ahead log grows until it is dropped.
pub(crate) enum Snapshot {
    Sqlite(FrozenSqlite),
    Postgres(Box<FrozenPostgres>),
}

impl Snapshot {
    /// Which engine holds it.
    pub(crate) fn engine(&self) -> Engine {
        match self {
            Snapshot::Sqlite(_) => Engine::Sqlite,
            Snapshot::Postgres(_) => Engine::Postgres,
        }
    }

    /// The rows of a question, as they were.
    pub(crate) async fn read(&self, statement: Statement) -> Result<Vec<Row>, StoreError> {
        match self {
            Snapshot::Sqlite(frozen) => frozen.read(statement).await,
            Snapshot::Postgres(frozen) => frozen.read(statement).await,
        }
    }
}
