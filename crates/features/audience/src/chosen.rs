//! Who gets an edition, and who is left out and why, as SQL that a dispatch freezes its audience with.

use std::collections::HashSet;

use instance::Instance;
use policy::segment::Condition;
use store::{Row, Statement, Value, params};

use crate::audience::Audience;
use crate::find;
use crate::model::AudienceError;
use crate::queries::segment as queries;
use crate::segments::segment;

/// Readers asked about in one question.
const AT_ONCE: usize = 5_000;

/// A sub-select with the columns `reader_id` and `reason` (nothing: gets the mail; else `pending`, `paused`, `ended`
/// or `suppressed`), one row a reader of the audience. Its values are added to `params`; its placeholders are
/// numbered after what stands there already.
pub async fn chosen(
    instance: &Instance,
    publication_id: i64,
    audience: &Audience,
    params: &mut Vec<Value>,
) -> Result<String, AudienceError> {
    match audience {
        Audience::Everyone => Ok(queries::chosen(publication_id, None, params)),
        Audience::Segment(slug) => {
            let condition = condition(instance, publication_id, slug).await?;
            Ok(queries::chosen(publication_id, Some(&condition), params))
        }
        Audience::Address(address) => {
            let reader = find::by_email(instance, address).await?;
            let reader = reader.ok_or_else(|| AudienceError::NotSubscribed(address.clone()))?;
            let tie = find::subscription(instance, publication_id, reader.id).await?;
            tie.ok_or_else(|| AudienceError::NotSubscribed(address.clone()))?;
            Ok(queries::chosen_one(publication_id, reader.id, params))
        }
    }
}

/// Which of these readers a segment holds.
pub async fn matching(
    instance: &Instance,
    publication_id: i64,
    segment: &str,
    reader_ids: &[i64],
) -> Result<HashSet<i64>, AudienceError> {
    let condition = condition(instance, publication_id, segment).await?;
    let mut found = HashSet::new();
    for some in reader_ids.chunks(AT_ONCE) {
        let ids = some.iter().map(i64::to_string).collect::<Vec<_>>().join(",");
        let mut values = params![format!("[{ids}]")];
        let sql = queries::matching(publication_id, &condition, &mut values);
        let statement = Statement::composed("audience.matching", sql, values);
        let rows: Vec<Row> = instance.store.read_statement(statement).await?;
        for row in rows {
            found.insert(row.int(0)?);
        }
    }
    Ok(found)
}

async fn condition(instance: &Instance, publication_id: i64, slug: &str) -> Result<Condition, AudienceError> {
    if let Some(segment) = segment(instance, publication_id, slug).await? {
        return Ok(segment.condition);
    }
    let known = crate::segments::segments(instance, publication_id).await?;
    let known: Vec<&str> = known.iter().map(|segment| segment.slug.as_str()).collect();
    let known = match known.as_slice() {
        [] => "are none yet".to_owned(),
        [one] => format!("is {one}"),
        several => format!("are {}", several.join(", ")),
    };
    Err(AudienceError::NoSegment { name: slug.to_owned(), known })
}
