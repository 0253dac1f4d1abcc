//! What can go wrong with the state of an instance.

use crate::Engine;

/// Why the store did not do as asked. Nothing of a failed transaction was kept.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// The address of the database is not one.
    #[error("the database address {0:?} is not understood: write sqlite:PATH or postgres://USER@HOST/NAME")]
    Address(String),
    /// The database cannot be opened or reached.
    #[error("the database {place} cannot be opened: {why}")]
    Open {
        /// Path, or host and name; never a password.
        place: String,
        /// What the engine said.
        why: String,
    },
    /// SQLite older than what we trust.
    #[error("SQLite {found} is too old: {needed} or newer is needed")]
    TooOld {
        /// What is linked.
        found: String,
        /// What is needed.
        needed: &'static str,
    },
    /// The database was written by a newer program.
    #[error(
        "the database has schema {found}, this program knows up to {known}: use a newer program; nothing was changed"
    )]
    Newer {
        /// Number of the newest migration applied.
        found: i64,
        /// Number of the newest migration known.
        known: i64,
    },
    /// A migration that was applied reads differently today.
    #[error(
        "migration {0} was applied with another text: the database belongs to another build; nothing was changed"
    )]
    Rewritten(i64),
    /// A row that must not exist twice.
    #[error("{query}: such a row exists already ({why})")]
    Taken {
        /// Name of the query.
        query: &'static str,
        /// What the engine said.
        why: String,
    },
    /// A statement of a transaction touched another number of rows than it had to.
    #[error("{query} touched {got} rows, {expected} were expected: the transaction was undone")]
    Unexpected {
        /// Name of the query.
        query: &'static str,
        /// What the caller asked for.
        expected: u64,
        /// What happened.
        got: u64,
    },
    /// The engine refused a statement.
    #[error("{query} failed on {engine}: {why}")]
    Query {
        /// Name of the query.
        query: &'static str,
        /// Where.
        engine: Engine,
        /// What the engine said.
        why: String,
    },
    /// A column is not of the kind that was asked for.
    #[error("column {column} holds {found}, {wanted} was asked for")]
    Column {
        /// Place in the row, from 0.
        column: usize,
        /// The kind asked for.
        wanted: &'static str,
        /// The kind found.
        found: &'static str,
    },
    /// The file at hand is not a backup, or is damaged.
    #[error("{0}")]
    Backup(String),
    /// The store is closing.
    #[error("the store is closed")]
    Closed,
}
