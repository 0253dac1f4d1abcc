//! Backup and restore: the whole state as one SQLite file, whichever engine runs.

use std::path::{Path, PathBuf};

use crate::snapshot::Snapshot;
use crate::{Engine, Statement, Store, StoreError, Value};

/// Rows in one read and one write.
const BATCH: i64 = 2_000;
/// The same of tables whose rows hold whole letters: what is in memory at once stays small.
const WIDE_BATCH: i64 = 50;
const WIDE: &[&str] = &["notices", "editions", "edition_versions", "dispatches", "caught_mails"];

/// Every table of the schema with the columns of its primary key, in an order in which rows only point to rows of
/// tables before their own.
pub(crate) const TABLES: &[(&str, &[&str])] = &[
    ("settings", &["key"]),
    ("publications", &["id"]),
    ("sisters", &["publication_id", "sister_id"]),
    ("signing_keys", &["id"]),
    ("accounts", &["id"]),
    ("sessions", &["token_hash"]),
    ("sign_in_links", &["token_hash"]),
    ("allowances", &["key"]),
    ("readers", &["id"]),
    ("subscriptions", &["publication_id", "reader_id"]),
    ("consents", &["id"]),
    ("reader_tags", &["publication_id", "tag", "reader_id"]),
    ("suppressions", &["suppression_key", "publication_id"]),
    ("confirmations", &["suppression_key"]),
    ("segments", &["id"]),
    ("notices", &["id"]),
    ("editions", &["id"]),
    ("edition_versions", &["edition_id", "number"]),
    ("dispatches", &["id"]),
    ("dispatch_pauses", &["dispatch_id"]),
    ("left_out", &["dispatch_id", "reason"]),
    ("chunks", &["dispatch_id", "number"]),
    ("deliveries", &["dispatch_id", "seq"]),
    ("hearts", &["edition_id", "reader_id"]),
    ("caught_mails", &["id"]),
    ("routes", &["id"]),
    ("publication_routes", &["publication_id", "route_id"]),
    ("route_days", &["route_id", "provider", "day"]),
    ("returns", &["id"]),
    ("soft_returns", &["suppression_key", "edition_id"]),
    ("answers_read", &["dispatch_id"]),
    ("spent_proofs", &["proof"]),
    ("replies", &["id"]),
    ("proofs", &["number"]),
];

/// Not copied: what says which programs run. A test holds the two lists to the schema.
#[cfg(test)]
const PASSING: &[&str] = &["processes", "schema_migrations"];

pub(crate) async fn backup(store: &Store, file: &Path) -> Result<Vec<(String, u64)>, StoreError> {
    if file.exists() {
        return Err(StoreError::Backup(format!("{} exists already; nothing was written", file.display())));
    }
    let unfinished = PathBuf::from(format!("{}.unfinished", file.display()));
    remove(&unfinished)?;
    let target = Store::open(&format!("sqlite:{}", unfinished.display())).await?;
    let counts = copy(store, &target).await;
    target.close().await;
    let counts = match counts {
        Ok(counts) => counts,
        Err(error) => {
            remove(&unfinished)?;
            return Err(error);
        }
    };
    settle(&unfinished, file)?;
    Ok(counts)
}

pub(crate) async fn restore(store: &Store, file: &Path) -> Result<Vec<(String, u64)>, StoreError> {
    if !file.is_file() {
        return Err(StoreError::Backup(format!("there is no file {}; nothing was changed", file.display())));
    }
    if !begins_like_sqlite(file) {
        return Err(StoreError::Backup(format!("{} is not a backup; nothing was changed", file.display())));
    }
    for (table, _) in TABLES.iter().filter(|(table, _)| *table != "settings") {
        if count(store, table).await? > 0 {
            return Err(StoreError::Backup(format!(
                "this instance is not empty ({table} has rows): restore into a new one; nothing was changed"
            )));
        }
    }
    // A copy is opened, so that a backup on a read-only disk is left as it is.
    let opened = PathBuf::from(format!("{}.restoring", file.display()));
    std::fs::copy(file, &opened).map_err(|error| StoreError::Backup(error.to_string()))?;
    let result = restore_from(store, &opened).await;
    remove(&opened)?;
    result
}

/// Whether a file has the first bytes of one; it may be far larger than our memory.
fn begins_like_sqlite(file: &Path) -> bool {
    use std::io::Read;
    let mut first = [0; 16];
    let read = std::fs::File::open(file).and_then(|mut file| file.read_exact(&mut first));
    read.is_ok() && &first == b"SQLite format 3\0"
}

async fn restore_from(store: &Store, opened: &Path) -> Result<Vec<(String, u64)>, StoreError> {
    let source = Store::open(&format!("sqlite:{}", opened.display())).await?;
    let result = async {
        let faults = source.faults().await?;
        if let Some(fault) = faults.first() {
            return Err(StoreError::Backup(format!("the backup is damaged: {fault}; nothing was changed")));
        }
        let counts = match copy(&source, store).await {
            Ok(counts) => counts,
            Err(error) => {
                // The instance was empty and is so again: nothing half done.
                empty(store).await?;
                return Err(error);
            }
        };
        if store.engine() == Engine::Postgres {
            continue_numbers(store).await?;
        }
        Ok(counts)
    }
    .await;
    source.close().await;
    result
}

/// Copies all rows and checks the counts. Existing rows of the target's `settings` give way.
async fn copy(source: &Store, target: &Store) -> Result<Vec<(String, u64)>, StoreError> {
    // Whoever subscribes while we copy is in none of the tables, or in all.
    let source = source.freeze().await?;
    target
        .transaction(vec![Statement::composed("store.clear", "DELETE FROM settings".into(), vec![])])
        .await?;
    let mut counts = Vec::with_capacity(TABLES.len());
    for (table, key) in TABLES {
        let columns = columns(&source, table).await?;
        let mut last: Option<Vec<Value>> = None;
        let mut copied: u64 = 0;
        loop {
            let rows = source.read(page(table, &columns, key, last.as_deref())).await?;
            let Some(end) = rows.last() else { break };
            last = Some(
                key.iter()
                    .filter_map(|name| columns.iter().position(|column| column == name))
                    .map(|at| end.values()[at].clone())
                    .collect(),
            );
            copied += rows.len() as u64;
            let statements = rows.iter().map(|row| insert(table, &columns, row.values().to_vec())).collect();
            target.transaction(statements).await?;
        }
        counts.push(((*table).to_owned(), copied));
    }
    for (table, copied) in &counts {
        let found = count(target, table).await?;
        if found != *copied {
            return Err(StoreError::Backup(format!("{table}: {copied} rows were read, {found} arrived")));
        }
    }
    Ok(counts)
}

async fn empty(store: &Store) -> Result<(), StoreError> {
    let clear = |table: &str| Statement::composed("store.clear", format!("DELETE FROM {table}"), vec![]);
    store.transaction(TABLES.iter().rev().map(|(table, _)| clear(table)).collect()).await.map(|_| ())
}

async fn columns(source: &Snapshot, table: &str) -> Result<Vec<String>, StoreError> {
    let sql = match source.engine() {
        Engine::Sqlite => "SELECT name FROM pragma_table_info(?1) ORDER BY cid",
        Engine::Postgres => {
            "SELECT CAST(column_name AS TEXT) FROM information_schema.columns
             WHERE table_schema = current_schema() AND table_name = CAST(?1 AS TEXT) ORDER BY ordinal_position"
        }
    };
    let statement = Statement::composed("store.columns", sql.into(), vec![Value::from(table)]);
    source.read(statement).await?.iter().map(|row| row.text(0)).collect()
}

/// The next rows by primary key. Names come from our own schema, values are bound.
fn page(table: &str, columns: &[String], key: &[&str], last: Option<&[Value]>) -> Statement {
    let batch = if WIDE.contains(&table) { WIDE_BATCH } else { BATCH };
    let mut params = Vec::new();
    let after = match last {
        None => String::new(),
        Some(last) => {
            params.extend_from_slice(last);
            let marks: Vec<String> = (1..=last.len()).map(|number| format!("?{number}")).collect();
            format!(" WHERE ({}) > ({})", key.join(", "), marks.join(", "))
        }
    };
    let sql = format!(
        "SELECT {} FROM {table}{after} ORDER BY {} LIMIT {batch}",
        columns.join(", "),
        key.join(", ")
    );
    Statement::composed("store.page", sql, params)
}

fn insert(table: &str, columns: &[String], values: Vec<Value>) -> Statement {
    let marks: Vec<String> = (1..=columns.len()).map(|number| format!("?{number}")).collect();
    let sql = format!("INSERT INTO {table} ({}) VALUES ({})", columns.join(", "), marks.join(", "));
    Statement::composed("store.insert", sql, values)
}

async fn count(store: &Store, table: &str) -> Result<u64, StoreError> {
    let statement = Statement::composed("store.count", format!("SELECT COUNT(*) FROM {table}"), vec![]);
    let rows = store.read_statement(statement).await?;
    let number = rows.first().map_or(Ok(0), |row| row.int(0))?;
    Ok(u64::try_from(number).unwrap_or_default())
}

/// PostgreSQL's counters do not see numbers that were given to it.
async fn continue_numbers(store: &Store) -> Result<(), StoreError> {
    for (table, key) in TABLES.iter().filter(|(_, key)| *key == ["id"]) {
        let sql = format!(
            "SELECT setval(pg_get_serial_sequence('{table}', '{}'), (SELECT COALESCE(MAX(id), 0) + 1 FROM {table}), false)",
            key[0]
        );
        store.read_statement(Statement::composed("store.continue", sql, vec![])).await?;
    }
    Ok(())
}

/// The finished file takes its name only once it is on the disk.
fn settle(unfinished: &Path, file: &Path) -> Result<(), StoreError> {
    let failed = |error: std::io::Error| StoreError::Backup(format!("{}: {error}", file.display()));
    std::fs::File::open(unfinished).and_then(|opened| opened.sync_all()).map_err(failed)?;
    std::fs::rename(unfinished, file).map_err(failed)?;
    remove(unfinished)?;
    let folder = file.parent().filter(|folder| !folder.as_os_str().is_empty());
    std::fs::File::open(folder.unwrap_or(Path::new("."))).and_then(|opened| opened.sync_all()).map_err(failed)
}

fn remove(path: &Path) -> Result<(), StoreError> {
    for suffix in ["", "-wal", "-shm"] {
        let path = PathBuf::from(format!("{}{suffix}", path.display()));
        match std::fs::remove_file(&path) {
            Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
                return Err(StoreError::Backup(format!("{}: {error}", path.display())));
            }
            _ => {}
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_table_is_copied_or_passing() {
        let schemas = crate::migrate::MIGRATIONS.iter().map(|migration| migration.sqlite);
        for line in schemas.flat_map(str::lines).filter_map(|line| line.strip_prefix("CREATE TABLE ")) {
            let table = line.trim_end_matches(" (");
            let copied = TABLES.iter().any(|(name, _)| *name == table);
            assert!(copied || PASSING.contains(&table), "{table} would be missing in a backup");
        }
    }
}
