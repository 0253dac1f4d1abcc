//! Opening a connection, running a statement on it.

use std::path::Path;
use std::time::Duration;

use rusqlite::config::DbConfig;
use rusqlite::types::{ToSqlOutput, ValueRef};
use rusqlite::{Connection, OpenFlags, TransactionBehavior, params_from_iter};

use crate::store::returns_rows;
use crate::{Engine, Outcome, Row, Statement, StoreError, Value, dialect, migrate};

/// Another process may hold the write lock for a whole group commit, an import included.
const BUSY: Duration = Duration::from_secs(30);
/// Statements kept prepared on each connection; there are about as many queries in the program.
const STATEMENTS: usize = 256;

pub(super) fn open_writer(path: &Path) -> Result<Connection, StoreError> {
    let new = !path.exists();
    let connection = Connection::open(path).map_err(|error| cannot_open(path, &error))?;
    if new {
        private(path)?;
    }
    // FULL: a commit that we answered for survives a power cut (NORMAL survives only the death of the program).
    configure(&connection, "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;")
        .map_err(|error| cannot_open(path, &error))?;
    Ok(connection)
}

pub(super) fn open_reader(path: &Path) -> Result<Connection, StoreError> {
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection = Connection::open_with_flags(path, flags).map_err(|error| cannot_open(path, &error))?;
    // There are several of them: with the writer's cache each, they alone would break the memory budget of a dispatch.
    configure(
        &connection,
        "PRAGMA query_only = TRUE; PRAGMA wal_autocheckpoint = 0; PRAGMA cache_size = -2000;",
    )
    .map_err(|error| cannot_open(path, &error))?;
    Ok(connection)
}

fn configure(connection: &Connection, more: &str) -> rusqlite::Result<()> {
    connection.busy_timeout(BUSY)?;
    connection.set_prepared_statement_cache_capacity(STATEMENTS);
    // The planner must not look at values: it would plan anew whenever one differs, and not always well.
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true)?;
    connection.execute_batch(
        "PRAGMA foreign_keys = TRUE; PRAGMA mmap_size = 0; PRAGMA temp_store = MEMORY; PRAGMA cache_size = -8000;",
    )?;
    connection.execute_batch(more)
}

fn cannot_open(path: &Path, error: &rusqlite::Error) -> StoreError {
    StoreError::Open { place: path.display().to_string(), why: error.to_string() }
}

/// Addresses and keys are in there: nobody but the owner reads it.
fn private(path: &Path) -> Result<(), StoreError> {
    let mode = rustix::fs::Mode::from_raw_mode(0o600);
    rustix::fs::chmod(path, mode)
        .map_err(|error| StoreError::Open { place: path.display().to_string(), why: error.to_string() })
}

pub(super) fn migrate(connection: &mut Connection) -> Result<(), StoreError> {
    let failed = |error: rusqlite::Error| failure("store.migrate", &error);
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate).map_err(failed)?;
    transaction.execute_batch(migrate::TABLE).map_err(failed)?;
    let applied: Vec<(i64, String)> = {
        let mut statement = transaction.prepare(migrate::APPLIED).map_err(failed)?;
        let rows = statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?))).map_err(failed)?;
        rows.collect::<Result<_, _>>().map_err(failed)?
    };
    for migration in migrate::pending(Engine::Sqlite, &applied)? {
        transaction.execute_batch(migration.sqlite).map_err(failed)?;
        let record = (migration.number, migration.name, migration.checksum(Engine::Sqlite), migrate::now());
        transaction.execute(migrate::RECORD, record).map_err(failed)?;
        tracing::info!(number = migration.number, name = migration.name, "schema brought up to date");
    }
    transaction.commit().map_err(failed)
}

pub(super) fn run(connection: &Connection, statement: &Statement) -> Result<Outcome, StoreError> {
    let outcome = execute(connection, &statement.sql, &statement.params)
        .map_err(|error| failure(statement.name, &error))?;
    match statement.expected {
        Some(expected) if expected != outcome.affected => {
            Err(StoreError::Unexpected { query: statement.name, expected, got: outcome.affected })
        }
        _ => Ok(outcome),
    }
}

pub(super) fn execute(connection: &Connection, sql: &str, params: &[Value]) -> rusqlite::Result<Outcome> {
    let mut prepared = connection.prepare_cached(&dialect::translate(Engine::Sqlite, sql))?;
    if !returns_rows(sql) {
        let affected = prepared.execute(params_from_iter(params))?;
        return Ok(Outcome { rows: Vec::new(), affected: affected as u64 });
    }
    let columns = prepared.column_count();
    let mut answer = prepared.query(params_from_iter(params))?;
    let mut rows = Vec::new();
    while let Some(row) = answer.next()? {
        let values = (0..columns).map(|column| row.get_ref(column).map(owned)).collect::<Result<_, _>>()?;
        rows.push(Row(values));
    }
    let affected = rows.len() as u64;
    Ok(Outcome { rows, affected })
}

fn owned(value: ValueRef<'_>) -> Value {
    match value {
        ValueRef::Null => Value::Null,
        ValueRef::Integer(number) => Value::Int(number),
        ValueRef::Real(number) => Value::Real(number),
        ValueRef::Text(text) => Value::Text(String::from_utf8_lossy(text).into_owned()),
        ValueRef::Blob(bytes) => Value::Bytes(bytes.to_vec()),
    }
}

impl rusqlite::ToSql for Value {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        Ok(ToSqlOutput::Borrowed(match self {
            Value::Null => ValueRef::Null,
            Value::Int(number) => ValueRef::Integer(*number),
            Value::Real(number) => ValueRef::Real(*number),
            Value::Text(text) => ValueRef::Text(text.as_bytes()),
            Value::Bytes(bytes) => ValueRef::Blob(bytes),
            Value::Bool(yes) => ValueRef::Integer(i64::from(*yes)),
        }))
    }
}

pub(super) fn failure(query: &'static str, error: &rusqlite::Error) -> StoreError {
    use rusqlite::ErrorCode::ConstraintViolation;
    let why = error.to_string();
    match error.sqlite_error() {
        Some(inner) if inner.code == ConstraintViolation && why.contains("UNIQUE") => {
            StoreError::Taken { query, why }
        }
        _ => StoreError::Query { query, engine: Engine::Sqlite, why },
    }
}

pub(super) fn faults(connection: &mut Connection) -> Result<Vec<String>, StoreError> {
    let failed = |error: rusqlite::Error| failure("store.faults", &error);
    let mut faults = Vec::new();
    let mut statement = connection.prepare("PRAGMA integrity_check(20)").map_err(failed)?;
    let lines = statement.query_map([], |row| row.get::<_, String>(0)).map_err(failed)?;
    faults.extend(lines.filter_map(Result::ok).filter(|line| line != "ok"));
    let mut statement = connection.prepare("PRAGMA foreign_key_check").map_err(failed)?;
    let lines = statement
        .query_map([], |row| {
            Ok(format!(
                "a row of {} points to nothing in {}",
                row.get::<_, String>(0)?,
                row.get::<_, String>(2)?
            ))
        })
        .map_err(failed)?;
    faults.extend(lines.filter_map(Result::ok).take(20));
    Ok(faults)
}
