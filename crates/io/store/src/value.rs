//! What goes into a statement and comes out of it: five kinds of values, the same on both engines.

use crate::StoreError;

/// A value of a parameter or a column.
#[derive(Clone, Debug, PartialEq)]
pub enum Value {
    /// Nothing.
    Null,
    /// A whole number; also a moment in microseconds UTC.
    Int(i64),
    /// A floating number.
    Real(f64),
    /// Text.
    Text(String),
    /// Bytes.
    Bytes(Vec<u8>),
    /// Yes or no; a number on SQLite, see [`Row::bool`].
    Bool(bool),
}

impl Value {
    pub(crate) const fn kind(&self) -> &'static str {
        match self {
            Value::Null => "nothing",
            Value::Int(_) => "a number",
            Value::Real(_) => "a floating number",
            Value::Text(_) => "text",
            Value::Bytes(_) => "bytes",
            Value::Bool(_) => "yes or no",
        }
    }
}

macro_rules! value_from {
    ($($kind:ty => |$given:ident| $value:expr),* $(,)?) => {$(
        impl From<$kind> for Value {
            fn from($given: $kind) -> Self {
                $value
            }
        }
    )*};
}
value_from! {
    i64 => |n| Value::Int(n),
    i32 => |n| Value::Int(i64::from(n)),
    u32 => |n| Value::Int(i64::from(n)),
    u16 => |n| Value::Int(i64::from(n)),
    u8 => |n| Value::Int(i64::from(n)),
    f64 => |n| Value::Real(n),
    bool => |b| Value::Bool(b),
    &str => |t| Value::Text(t.to_owned()),
    String => |t| Value::Text(t),
    &String => |t| Value::Text(t.clone()),
    Vec<u8> => |b| Value::Bytes(b),
    &[u8] => |b| Value::Bytes(b.to_vec()),
}

impl<const N: usize> From<[u8; N]> for Value {
    fn from(bytes: [u8; N]) -> Self {
        Value::Bytes(bytes.to_vec())
    }
}

impl<T: Into<Value>> From<Option<T>> for Value {
    fn from(given: Option<T>) -> Self {
        given.map_or(Value::Null, Into::into)
    }
}

/// The parameters of a statement, in the order of their numbers: `params![id, "name", None::<i64>]`.
#[macro_export]
macro_rules! params {
    ($($value:expr),* $(,)?) => {
        vec![$($crate::Value::from($value)),*]
    };
}

/// A row of an answer.
#[derive(Clone, Debug, PartialEq)]
pub struct Row(pub(crate) Vec<Value>);

impl Row {
    /// The values, in the order of the columns.
    pub fn values(&self) -> &[Value] {
        &self.0
    }

    /// Whether a column holds nothing.
    pub fn is_null(&self, column: usize) -> bool {
        matches!(self.0.get(column), None | Some(Value::Null))
    }

    /// A number.
    pub fn int(&self, column: usize) -> Result<i64, StoreError> {
        match self.0.get(column) {
            Some(Value::Int(number)) => Ok(*number),
            Some(Value::Bool(yes)) => Ok(i64::from(*yes)),
            other => Err(wrong(column, "a number", other)),
        }
    }

    /// A number, or nothing.
    pub fn opt_int(&self, column: usize) -> Result<Option<i64>, StoreError> {
        if self.is_null(column) { Ok(None) } else { self.int(column).map(Some) }
    }

    /// A floating number.
    pub fn real(&self, column: usize) -> Result<f64, StoreError> {
        match self.0.get(column) {
            Some(Value::Real(number)) => Ok(*number),
            Some(Value::Int(number)) => Ok(*number as f64),
            other => Err(wrong(column, "a floating number", other)),
        }
    }

    /// Text.
    pub fn text(&self, column: usize) -> Result<String, StoreError> {
        match self.0.get(column) {
            Some(Value::Text(text)) => Ok(text.clone()),
            other => Err(wrong(column, "text", other)),
        }
    }

    /// Text, or nothing.
    pub fn opt_text(&self, column: usize) -> Result<Option<String>, StoreError> {
        if self.is_null(column) { Ok(None) } else { self.text(column).map(Some) }
    }

    /// Bytes.
    pub fn bytes(&self, column: usize) -> Result<Vec<u8>, StoreError> {
        match self.0.get(column) {
            Some(Value::Bytes(bytes)) => Ok(bytes.clone()),
            other => Err(wrong(column, "bytes", other)),
        }
    }

    /// Bytes, or nothing.
    pub fn opt_bytes(&self, column: usize) -> Result<Option<Vec<u8>>, StoreError> {
        if self.is_null(column) { Ok(None) } else { self.bytes(column).map(Some) }
    }

    /// Yes or no: SQLite has no such kind and answers 0 or 1.
    pub fn bool(&self, column: usize) -> Result<bool, StoreError> {
        match self.0.get(column) {
            Some(Value::Bool(yes)) => Ok(*yes),
            Some(Value::Int(number)) => Ok(*number != 0),
            other => Err(wrong(column, "yes or no", other)),
        }
    }
}

fn wrong(column: usize, wanted: &'static str, found: Option<&Value>) -> StoreError {
    StoreError::Column { column, wanted, found: found.map_or("no such column", Value::kind) }
}
