//! Freezing an audience. Its condition is composed by the audience; values are bound.

use store::{Statement, Value};

/// Readers frozen in one transaction: a few milliseconds, so that a click never waits long for the writer.
pub(crate) const BATCH: i64 = 2_000;

/// SQL of an audience (columns `reader_id`, `reason`) with its parameters.
#[derive(Clone, Debug)]
pub(crate) struct Chosen {
    pub sql: String,
    pub params: Vec<Value>,
}

/// The same audience without those who have this edition already, or will: of a dispatch that has ended only those
/// whose mail left, or is leaving, count.
pub(crate) fn earlier(chosen: Chosen, edition_id: i64, dispatch_id: i64) -> Chosen {
    let mut params = chosen.params;
    params.push(Value::Int(edition_id));
    params.push(Value::Int(dispatch_id));
    let (edition, dispatch) = (params.len() - 1, params.len());
    let sql = format!(
        "SELECT chosen.reader_id AS reader_id,
            CASE
                WHEN chosen.reason IS NOT NULL THEN chosen.reason
                WHEN EXISTS (
                    SELECT 1
                    FROM deliveries d
                    JOIN dispatches x ON x.id = d.dispatch_id
                    WHERE d.reader_id = chosen.reader_id AND x.edition_id = ?{edition} AND x.kind = 'edition'
                        AND x.id <> ?{dispatch} AND d.state < 5
                        AND (x.state < 4 OR d.state BETWEEN 1 AND 3)
                ) THEN 'already'
            END AS reason
         FROM ({}) AS chosen",
        chosen.sql
    );
    Chosen { sql, params }
}

/// One reader, whether they subscribe or not: a test.
pub(crate) fn just(reader_id: i64, publication_id: i64) -> Chosen {
    let sql = "SELECT r.id AS reader_id,
            CASE
                WHEN EXISTS (
                    SELECT 1
                    FROM suppressions x
                    WHERE x.suppression_key = r.suppression_key AND x.publication_id IN (0, ?2)
                ) THEN 'suppressed'
            END AS reason
         FROM readers r
         WHERE r.id = ?1";
    Chosen { sql: sql.to_owned(), params: vec![Value::Int(reader_id), Value::Int(publication_id)] }
}

/// How many readers get it, and how many do not, by reason.
pub(crate) fn estimate(chosen: &Chosen) -> Statement {
    let sql = format!(
        "SELECT reason, COUNT(*)
         FROM ({}) AS everyone
         GROUP BY reason
         ORDER BY reason",
        chosen.sql
    );
    Statement::composed("dispatch.estimate", sql, chosen.params.clone())
}

/// Freezes the readers with numbers after `after`, up to `up_to`; sequence numbers go on after `last_seq`.
///
/// A span of numbers and not the next so many: PostgreSQL would join all readers for each batch to find those.
pub(crate) fn freeze_batch(
    chosen: &Chosen,
    dispatch_id: i64,
    last_seq: i64,
    after: i64,
    up_to: i64,
) -> Statement {
    let mut params = chosen.params.clone();
    params.extend([dispatch_id, last_seq, after, up_to].map(Value::Int));
    let last = params.len();
    let (dispatch, seq, after, up_to) = (last - 3, last - 2, last - 1, last);
    let sql = format!(
        "INSERT INTO deliveries (dispatch_id, seq, reader_id, state, tries, doubts)
         SELECT CAST(?{dispatch} AS BIGINT), CAST(?{seq} AS BIGINT) + ROW_NUMBER() OVER (ORDER BY reader_id),
            reader_id, 0, 0, 0
         FROM (
            SELECT reader_id
            FROM ({}) AS everyone
            WHERE reason IS NULL AND reader_id > ?{after} AND reader_id <= ?{up_to}
         ) AS batch",
        chosen.sql
    );
    Statement::composed("dispatch.freeze_batch", sql, params)
}
