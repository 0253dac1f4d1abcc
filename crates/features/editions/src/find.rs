//! Finding editions.

use instance::Instance;
use store::{Query, Value, params};

use crate::model::{Edition, EditionError};
use crate::queries;

/// Editions on a page of the desk's list.
pub(crate) const PER_PAGE: u64 = 30;

/// An edition of a publication by its slug.
pub async fn find(
    instance: &Instance,
    publication_id: i64,
    slug: &str,
) -> Result<Option<Edition>, EditionError> {
    Ok(several(instance, queries::BY_SLUG, params![publication_id, slug]).await?.pop())
}

/// An edition by its number in the store.
pub async fn by_id(instance: &Instance, id: i64) -> Result<Option<Edition>, EditionError> {
    Ok(several(instance, queries::BY_ID, params![id]).await?.pop())
}

/// The edition a person means by a slug alone, or by a slug and that of a publication.
pub async fn find_by_slug(
    instance: &Instance,
    slug: &str,
    publication: Option<&str>,
) -> Result<Edition, EditionError> {
    let rows = instance.store.read(queries::PLACES_OF_SLUG, params![slug]).await?;
    let mut places = Vec::new();
    for row in rows {
        let (id, place) = (row.int(0)?, row.text(1)?);
        if publication.is_none_or(|wanted| wanted == place) {
            places.push((id, place));
        }
    }
    let unknown = || EditionError::Unknown(slug.to_owned());
    match places.as_slice() {
        [] => Err(unknown()),
        [(id, _)] => by_id(instance, *id).await?.ok_or_else(unknown),
        several => {
            let publications = several.iter().map(|(_, place)| place.clone()).collect();
            Err(EditionError::Ambiguous { slug: slug.to_owned(), publications })
        }
    }
}

/// The desk's list: every edition of a publication, the one last worked on first; `page` counts from 1. With the
/// number of all.
pub async fn list(
    instance: &Instance,
    publication_id: i64,
    page: u64,
) -> Result<(Vec<Edition>, u64), EditionError> {
    let rows = params![publication_id, count(PER_PAGE), offset(page, PER_PAGE)];
    let editions = several(instance, queries::LIST, rows).await?;
    Ok((editions, total(instance, queries::COUNT, publication_id).await?))
}

/// The public editions of a publication, newest first; `page` counts from 1. With the number of all.
pub async fn published(
    instance: &Instance,
    publication_id: i64,
    page: u64,
    per_page: u64,
) -> Result<(Vec<Edition>, u64), EditionError> {
    let rows = params![publication_id, count(per_page), offset(page, per_page)];
    let editions = several(instance, queries::PUBLISHED, rows).await?;
    Ok((editions, total(instance, queries::COUNT_PUBLISHED, publication_id).await?))
}

/// The public editions that carry a tag, newest first; `page` counts from 1. With the number of all.
pub async fn tagged(
    instance: &Instance,
    publication_id: i64,
    tag: &str,
    page: u64,
    per_page: u64,
) -> Result<(Vec<Edition>, u64), EditionError> {
    // The tag as it stands in JSON, where what LIKE reads in a way of its own is any letter: the tree itself decides.
    let written = serde_json::Value::from(tag).to_string().replace(['\\', '%'], "_");
    let values = params![publication_id, format!("%{written}%")];
    let mut editions = several(instance, queries::PUBLISHED_WITH, values).await?;
    editions.retain(|edition| edition.document.front.tags.iter().any(|own| own == tag));
    let total = editions.len() as u64;
    let first = usize::try_from(page.saturating_sub(1).saturating_mul(per_page)).unwrap_or(usize::MAX);
    let shown =
        editions.into_iter().skip(first).take(usize::try_from(per_page).unwrap_or(usize::MAX)).collect();
    Ok((shown, total))
}

/// The newest public editions, for feeds.
pub async fn recent(
    instance: &Instance,
    publication_id: i64,
    most: u64,
) -> Result<Vec<Edition>, EditionError> {
    several(instance, queries::PUBLISHED, params![publication_id, count(most), 0i64]).await
}

/// The public editions before and after one.
pub async fn neighbours(
    instance: &Instance,
    edition: &Edition,
) -> Result<(Option<Edition>, Option<Edition>), EditionError> {
    let Some(at) = edition.published_at else { return Ok((None, None)) };
    let place = || params![edition.publication_id, at, edition.id];
    let previous = several(instance, queries::PREVIOUS, place()).await?.pop();
    Ok((previous, several(instance, queries::NEXT, place()).await?.pop()))
}

/// An edition as it will leave: with the number it would get if it left now. One that has left comes back as it is.
pub async fn foreseen(instance: &Instance, edition: &Edition) -> Result<Edition, EditionError> {
    let mut edition = edition.clone();
    if edition.number.is_none() {
        edition.number = Some(next_number(instance, edition.publication_id).await?);
    }
    Ok(edition)
}

/// The number the next edition of a publication would get.
pub(crate) async fn next_number(instance: &Instance, publication_id: i64) -> Result<u32, EditionError> {
    let row = instance.store.read_one(queries::NEXT_NUMBER, params![publication_id]).await?;
    Ok(u32::try_from(row.map_or(Ok(1), |row| row.int(0))?).unwrap_or(1))
}

async fn several(
    instance: &Instance,
    query: Query,
    params: Vec<Value>,
) -> Result<Vec<Edition>, EditionError> {
    instance.store.read(query, params).await?.iter().map(Edition::from_row).collect()
}

async fn total(instance: &Instance, query: Query, publication_id: i64) -> Result<u64, EditionError> {
    let row = instance.store.read_one(query, params![publication_id]).await?;
    Ok(row.map_or(Ok(0), |row| row.int(0))?.unsigned_abs())
}

fn count(most: u64) -> i64 {
    i64::try_from(most).unwrap_or(i64::MAX)
}

fn offset(page: u64, per_page: u64) -> i64 {
    count(page.saturating_sub(1).saturating_mul(per_page))
}
