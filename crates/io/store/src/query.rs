//! Named queries, and what they answer.

use std::borrow::Cow;

use crate::{Row, Value};

/// A named SQL text, the same for both engines: placeholders `?1`, `?2`; see `dialect.rs` for the few tokens.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Query {
    /// `slice.what_it_answers`, in logs, errors and tests.
    pub name: &'static str,
    /// The text.
    pub sql: &'static str,
}

impl Query {
    /// A query of a slice's `queries.rs`.
    pub const fn new(name: &'static str, sql: &'static str) -> Self {
        Query { name, sql }
    }

    /// The query with its parameters, for a transaction.
    pub fn with(self, params: Vec<Value>) -> Statement {
        Statement { name: self.name, sql: Cow::Borrowed(self.sql), params, expected: None }
    }
}

/// A query with its parameters.
#[derive(Clone, Debug, PartialEq)]
pub struct Statement {
    pub(crate) name: &'static str,
    pub(crate) sql: Cow<'static, str>,
    pub(crate) params: Vec<Value>,
    pub(crate) expected: Option<u64>,
}

impl Statement {
    /// A statement whose text was put together from a typed tree, such as a segment's condition. Values go into
    /// `params`, never into the text.
    pub fn composed(name: &'static str, sql: String, params: Vec<Value>) -> Self {
        Statement { name, sql: Cow::Owned(sql), params, expected: None }
    }

    /// Undoes the transaction unless exactly as many rows are touched.
    #[must_use]
    pub fn expecting(mut self, rows: u64) -> Self {
        self.expected = Some(rows);
        self
    }
}

/// What a statement of a transaction did.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Outcome {
    /// Rows of a `SELECT` or a `RETURNING`.
    pub rows: Vec<Row>,
    /// Rows inserted, updated or deleted, or returned.
    pub affected: u64,
}
