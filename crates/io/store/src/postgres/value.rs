//! Our five kinds of values on PostgreSQL's wire.

use bytes::BytesMut;
use tokio_postgres::types::{IsNull, ToSql, Type, to_sql_checked};

use crate::{Row, Value};

impl ToSql for Value {
    fn to_sql(
        &self,
        kind: &Type,
        out: &mut BytesMut,
    ) -> Result<IsNull, Box<dyn std::error::Error + Sync + Send>> {
        match self {
            Value::Null => Ok(IsNull::Yes),
            // The server chose the width from the column or the cast; ours is always 64 bits.
            Value::Int(number) => match *kind {
                Type::INT4 => i32::try_from(*number)?.to_sql(kind, out),
                Type::INT2 => i16::try_from(*number)?.to_sql(kind, out),
                Type::FLOAT8 => (*number as f64).to_sql(kind, out),
                Type::INT8 => number.to_sql(kind, out),
                _ => Err(mismatch("a number", kind)),
            },
            Value::Real(number) if *kind == Type::FLOAT8 => number.to_sql(kind, out),
            Value::Text(text) if <&str as ToSql>::accepts(kind) => text.as_str().to_sql(kind, out),
            Value::Bytes(bytes) if *kind == Type::BYTEA => bytes.as_slice().to_sql(kind, out),
            Value::Bool(yes) => match *kind {
                Type::BOOL => yes.to_sql(kind, out),
                Type::INT8 => i64::from(*yes).to_sql(kind, out),
                _ => Err(mismatch("yes or no", kind)),
            },
            other => Err(mismatch(other.kind(), kind)),
        }
    }

    fn accepts(_: &Type) -> bool {
        true
    }

    to_sql_checked!();
}

fn mismatch(ours: &str, theirs: &Type) -> Box<dyn std::error::Error + Sync + Send> {
    format!("{ours} was given where {theirs} is needed").into()
}

pub(super) fn row(row: &tokio_postgres::Row) -> Result<Row, tokio_postgres::Error> {
    (0..row.len()).map(|column| value(row, column)).collect::<Result<_, _>>().map(Row)
}

fn value(row: &tokio_postgres::Row, column: usize) -> Result<Value, tokio_postgres::Error> {
    let null = |value: Option<Value>| value.unwrap_or(Value::Null);
    Ok(match *row.columns()[column].type_() {
        Type::INT8 => null(row.try_get::<_, Option<i64>>(column)?.map(Value::Int)),
        Type::INT4 => null(row.try_get::<_, Option<i32>>(column)?.map(|number| Value::Int(number.into()))),
        Type::INT2 => null(row.try_get::<_, Option<i16>>(column)?.map(|number| Value::Int(number.into()))),
        Type::FLOAT8 => null(row.try_get::<_, Option<f64>>(column)?.map(Value::Real)),
        Type::BOOL => null(row.try_get::<_, Option<bool>>(column)?.map(Value::Bool)),
        Type::BYTEA => null(row.try_get::<_, Option<Vec<u8>>>(column)?.map(Value::Bytes)),
        _ => null(row.try_get::<_, Option<String>>(column)?.map(Value::Text)),
    })
}
