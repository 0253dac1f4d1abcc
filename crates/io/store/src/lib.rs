//! The state of an instance: SQLite or PostgreSQL behind one small door.
//!
//! In the order in which a slice meets it: it names its [`Query`]s in `queries.rs`, opens nothing itself, and asks a
//! [`Store`] to read rows, write one statement, run a transaction of several, or write one statement many times.
//! One SQL text serves both engines; what differs stands in `dialect.rs`.
//!
//! Guarantees:
//! - What a write returned for is durable: SQLite commits with `synchronous = FULL`, PostgreSQL with its default.
//! - A transaction is done whole or not at all, also where [`Statement::expecting`] is disappointed.
//! - On SQLite all writes pass one writer that commits them in groups; a reader never waits for it.
//! - Opening brings an older schema up to date in one transaction, refuses a newer one, and drops nothing.
//!
//! Not guaranteed: that two reads see the same moment. No transaction stays open while a caller thinks.

mod copy;
mod dialect;
mod error;
mod migrate;
mod plan;
mod postgres;
mod query;
mod snapshot;
mod sqlite;
mod store;
mod trace;
mod value;

pub use error::StoreError;
pub use query::{Outcome, Query, Statement};
pub use store::{Engine, Store, create_database};
pub use value::{Row, Value};
