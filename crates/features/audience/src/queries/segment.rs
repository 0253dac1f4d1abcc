//! Segments, and the statements that are put together from a condition. Values go into the parameters, never into
//! the text.

use policy::segment::Condition;
use store::{Query, Value};

/// Saves a condition.
pub const CREATE: Query = Query::new(
    "audience.create_segment",
    "INSERT INTO segments (publication_id, slug, name, condition, created_at)
     VALUES (?1, ?2, ?3, ?4, ?5)
     RETURNING id",
);

/// A segment by its slug.
pub const BY_SLUG: Query = Query::new(
    "audience.segment",
    "SELECT id, slug, name, condition
     FROM segments
     WHERE publication_id = ?1 AND slug = ?2",
);

/// The segments of a publication.
pub const OF_PUBLICATION: Query = Query::new(
    "audience.segments",
    "SELECT id, slug, name, condition
     FROM segments
     WHERE publication_id = ?1
     ORDER BY name, id",
);

/// `reader_id` and `reason` of everybody, or of those a condition holds.
pub(crate) fn chosen(publication_id: i64, condition: Option<&Condition>, params: &mut Vec<Value>) -> String {
    let publication = bind(params, publication_id);
    let mut sql = format!("{} WHERE s.publication_id = {publication}", all(&publication));
    if let Some(condition) = condition {
        sql.push_str(" AND ");
        compile(condition, &publication, params, &mut sql);
    }
    sql
}

/// `reader_id` and `reason` of one.
pub(crate) fn chosen_one(publication_id: i64, reader_id: i64, params: &mut Vec<Value>) -> String {
    let publication = bind(params, publication_id);
    let reader = bind(params, reader_id);
    format!("{} WHERE s.publication_id = {publication} AND s.reader_id = {reader}", all(&publication))
}

/// Those of a list, which is `?1`, that a condition holds.
pub(crate) fn matching(publication_id: i64, condition: &Condition, params: &mut Vec<Value>) -> String {
    let publication = bind(params, publication_id);
    let mut sql = format!(
        "SELECT s.reader_id FROM {{list_int:?1}} JOIN subscriptions s ON s.reader_id = value \
         JOIN readers r ON r.id = s.reader_id WHERE s.publication_id = {publication} AND "
    );
    compile(condition, &publication, params, &mut sql);
    sql
}

fn all(publication: &str) -> String {
    format!(
        "SELECT s.reader_id AS reader_id, CASE \
         WHEN s.state = 0 THEN 'pending' WHEN s.state = 2 THEN 'paused' WHEN s.state = 3 THEN 'ended' \
         WHEN EXISTS (SELECT 1 FROM suppressions x WHERE x.suppression_key = r.suppression_key \
         AND x.publication_id IN (0, {publication})) THEN 'suppressed' END AS reason \
         FROM subscriptions s JOIN readers r ON r.id = s.reader_id"
    )
}

/// Adds a value and returns its placeholder, with its kind said: PostgreSQL cannot always infer it.
fn bind(params: &mut Vec<Value>, value: impl Into<Value>) -> String {
    let value = value.into();
    let kind = if matches!(value, Value::Int(_)) { "BIGINT" } else { "TEXT" };
    params.push(value);
    format!("CAST(?{} AS {kind})", params.len())
}

fn compile(condition: &Condition, publication: &str, params: &mut Vec<Value>, sql: &mut String) {
    match condition {
        Condition::All { of } => group(of, " AND ", publication, params, sql),
        Condition::Any { of } => group(of, " OR ", publication, params, sql),
        Condition::Not { of } => {
            sql.push_str("NOT ");
            compile(of, publication, params, sql);
        }
        Condition::Tag { tag } => {
            let tag = bind(params, tag.as_str());
            sql.push_str(&format!(
                "EXISTS (SELECT 1 FROM reader_tags t WHERE t.publication_id = {publication} \
                 AND t.tag = {tag} AND t.reader_id = s.reader_id)"
            ));
        }
        // RFC 4647 3.3.1: `fr` holds `fr` and `fr-CA`, whatever the case; what is not known is not French.
        Condition::Language { is } => {
            let is = is.to_ascii_lowercase();
            let start = bind(params, format!("{is}-"));
            let is = bind(params, is);
            sql.push_str(&format!(
                "(LOWER(COALESCE(r.language, '')) = {is} \
                 OR SUBSTR(LOWER(COALESCE(r.language, '')), 1, LENGTH({start})) = {start})"
            ));
        }
        Condition::SubscribedBefore { us } => {
            let us = bind(params, *us);
            sql.push_str(&format!("s.since < {us}"));
        }
        Condition::SubscribedAfter { us } => {
            let us = bind(params, *us);
            sql.push_str(&format!("s.since >= {us}"));
        }
        Condition::Source { is } => {
            let is = bind(params, is.as_str());
            sql.push_str(&format!("s.source = {is}"));
        }
        Condition::Domain { is } => {
            let is = bind(params, is.as_str());
            sql.push_str(&format!("r.domain = {is}"));
        }
    }
}

/// An empty group is refused before it is saved; should one come from elsewhere, it holds nobody.
fn group(of: &[Condition], between: &str, publication: &str, params: &mut Vec<Value>, sql: &mut String) {
    if of.is_empty() {
        sql.push_str("(1 = 0)");
        return;
    }
    sql.push('(');
    for (number, condition) in of.iter().enumerate() {
        if number > 0 {
            sql.push_str(between);
        }
        compile(condition, publication, params, sql);
    }
    sql.push(')');
}
