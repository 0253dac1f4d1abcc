//! A connection that stays at one moment.

use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};

use rusqlite::Connection;

use super::connection;
use crate::{Row, Statement, StoreError};

pub(crate) struct Frozen {
    connection: Arc<Mutex<Connection>>,
}

impl Frozen {
    pub(super) fn open(path: &Path) -> Result<Self, StoreError> {
        let failed = |error: rusqlite::Error| connection::failure("store.snapshot", &error);
        let connection = connection::open_reader(path)?;
        connection.execute_batch("BEGIN").map_err(failed)?;
        // The first read, not BEGIN, chooses the moment.
        let mut first = connection.prepare("SELECT COUNT(*) FROM schema_migrations").map_err(failed)?;
        let _: i64 = first.query_row([], |row| row.get(0)).map_err(failed)?;
        drop(first);
        Ok(Frozen { connection: Arc::new(Mutex::new(connection)) })
    }

    pub(crate) async fn read(&self, statement: Statement) -> Result<Vec<Row>, StoreError> {
        let connection = Arc::clone(&self.connection);
        tokio::task::spawn_blocking(move || {
            // A connection is sound whatever happened to the thread that held it.
            let connection = connection.lock().unwrap_or_else(PoisonError::into_inner);
            Ok(connection::run(&connection, &statement)?.rows)
        })
        .await
        .map_err(|_| StoreError::Closed)?
    }
}
