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

/// Of an audience only those whose mail of a dispatch failed.
pub(crate) fn of_failed(chosen: Chosen, dispatch_id: i64) -> Chosen {
    let mut params = chosen.params;
    params.push(Value::Int(dispatch_id));
    let sql = format!(
        "SELECT chosen.reader_id AS reader_id, chosen.reason AS reason
         FROM ({}) AS chosen
         WHERE chosen.reader_id IN (SELECT d.reader_id FROM deliveries d WHERE d.dispatch_id = ?{} AND d.state = 5)",
        chosen.sql,
        params.len()
    );
    Chosen { sql, params }
}

/// When the mails of a batch may leave: each at the hour of its reader's own day.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Moments {
    /// For readers of a zone.
    pub by_zone: Vec<(String, i64)>,
    /// For the others; nothing: at once.
    pub otherwise: Option<i64>,
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

/// Why a reader is left out, as the audience and this slice say it.
const REASONS: [&str; 5] = ["already", "ended", "paused", "pending", "suppressed"];

/// How many readers get it, and how many do not, by reason. One pass in which each reader is looked at once and none is
/// kept: a GROUP BY would sort a million of them, in memory. The limit keeps the audience from being folded into each
/// of the counts.
pub(crate) fn estimate(chosen: &Chosen) -> Statement {
    let each = REASONS.map(|reason| format!("COUNT(CASE WHEN reason = '{reason}' THEN 1 END) AS {reason}"));
    let rows = REASONS.map(|reason| format!("SELECT '{reason}', {reason} FROM counted WHERE {reason} > 0"));
    let sql = format!(
        "WITH counted AS MATERIALIZED (
            SELECT COUNT(CASE WHEN reason IS NULL THEN 1 END) AS readers, {},
                COUNT(CASE WHEN reason NOT IN ('{}') THEN 1 END) AS other
            FROM ({} LIMIT {}) AS everyone
         )
         SELECT CAST(NULL AS TEXT) AS reason, readers FROM counted WHERE readers > 0
         UNION ALL {}
         UNION ALL SELECT 'other', other FROM counted WHERE other > 0",
        each.join(", "),
        REASONS.join("', '"),
        chosen.sql,
        i64::MAX,
        rows.join(" UNION ALL ")
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
    moments: &Moments,
) -> Statement {
    let mut params = chosen.params.clone();
    params.extend([dispatch_id, last_seq, after, up_to].map(Value::Int));
    let last = params.len();
    let (dispatch, seq, after, up_to) = (last - 3, last - 2, last - 1, last);
    let moment = moment_of(moments, &mut params);
    let sql = format!(
        "INSERT INTO deliveries (dispatch_id, seq, reader_id, state, tries, doubts, next_at)
         SELECT CAST(?{dispatch} AS BIGINT), CAST(?{seq} AS BIGINT) + ROW_NUMBER() OVER (ORDER BY reader_id),
            reader_id, 0, 0, 0, {moment}
         FROM (
            SELECT reader_id
            FROM ({}) AS everyone
            WHERE reason IS NULL AND reader_id > ?{after} AND reader_id <= ?{up_to}
         ) AS batch",
        chosen.sql
    );
    Statement::composed("dispatch.freeze_batch", sql, params)
}

/// The moment of a row of `batch`.
fn moment_of(moments: &Moments, params: &mut Vec<Value>) -> String {
    let Some(otherwise) = moments.otherwise else { return "NULL".to_owned() };
    params.push(Value::Int(otherwise));
    let otherwise = format!("CAST(?{} AS BIGINT)", params.len());
    if moments.by_zone.is_empty() {
        return otherwise;
    }
    let mut cases = String::new();
    for (zone, moment) in &moments.by_zone {
        params.push(Value::Text(zone.clone()));
        params.push(Value::Int(*moment));
        let (zone, moment) = (params.len() - 1, params.len());
        cases.push_str(&format!(" WHEN ?{zone} THEN CAST(?{moment} AS BIGINT)"));
    }
    format!(
        "CASE (SELECT r.time_zone FROM readers r WHERE r.id = batch.reader_id){cases} ELSE {otherwise} END"
    )
}
