//! `/r/heart/{token}`: the heart of a mail. The link shows a page, its button gives the heart: a scanner that follows
//! every link loves nobody.

use std::sync::Arc;

use askama::Template;
use axum::Extension;
use axum::extract::{Path, State};
use axum::response::Response;
use editions::Edition;
use i18n::t;
use instance::Instance;
use store::params;
use web::{OrInternal, ReadingPage, WebError, redirect, rendered};
use wire::token::Purpose;

use crate::answer::dressed;
use crate::issue::Issue;
use crate::known::Known;
use crate::queries;
use crate::shelf::Shelf;

#[derive(Template)]
#[template(path = "heart.html")]
struct Page<'a> {
    known: &'a Known,
    issue: Issue,
    given: bool,
    count: Option<String>,
}

impl Page<'_> {
    fn t(&self, key: &str) -> String {
        t(self.known.language(), key)
    }
}

/// The edition a token is for, and who holds it.
struct Meant {
    edition: Edition,
    reader_id: i64,
    known: Arc<Known>,
}

pub(crate) async fn show(
    State(instance): State<Instance>,
    Extension(shelf): Extension<Arc<Shelf>>,
    Path(token): Path<String>,
) -> Result<Response, WebError> {
    let meant = read(&instance, &shelf, &token).await?;
    let known = &*meant.known;
    let held = params![meant.edition.id, meant.reader_id];
    let given = instance.store.read_one(queries::HEART_OF, held).await.or_internal()?.is_some();
    let hearts = count(&instance, meant.edition.id).await?;
    let issue = Issue::of(&instance, known, &meant.edition);
    let title = known.t(if given { "site-heart-thanks" } else { "site-heart-title" });
    let count = (hearts > 0).then(|| in_words(known, hearts));
    let body = rendered(&Page { known, issue, given, count })?;
    ReadingPage { noindex: true, ..ReadingPage::new(&known.dress, known.language(), &title, body) }.respond()
}

/// Gives the heart, once however often the button is pressed.
pub(crate) async fn give(
    State(instance): State<Instance>,
    Extension(shelf): Extension<Arc<Shelf>>,
    Path(token): Path<String>,
) -> Result<Response, WebError> {
    let meant = read(&instance, &shelf, &token).await?;
    if !meant.edition.is_public() {
        // The heart of a test mail: the author looks, and nothing is counted.
        return Ok(dressed(WebError::NotFound, &meant.known));
    }
    let values = params![meant.edition.id, meant.reader_id, instance.now_us()];
    instance.store.execute(queries::GIVE_HEART, values).await.or_internal()?;
    shelf.forget(meant.known.slug(), &meant.edition.slug);
    Ok(redirect::to(&format!("/r/heart/{token}")))
}

async fn read(instance: &Instance, shelf: &Shelf, token: &str) -> Result<Meant, WebError> {
    let key = audience::tokens(instance);
    let (edition, reader) = key.verify(Purpose::Heart, token).map_err(|_| WebError::NotFound)?;
    let number = |number: u64| i64::try_from(number).map_err(|_| WebError::NotFound);
    let edition =
        editions::by_id(instance, number(edition)?).await.or_internal()?.ok_or(WebError::NotFound)?;
    let publication = publications::by_id(instance, edition.publication_id).await.or_internal()?;
    let publication = publication.ok_or(WebError::NotFound)?;
    let known = shelf.known(instance, publication.slug.as_str()).await?;
    Ok(Meant { edition, reader_id: number(reader)?, known })
}

/// How many hearts an edition has.
pub(crate) async fn count(instance: &Instance, edition_id: i64) -> Result<i64, WebError> {
    let row = instance.store.read_one(queries::HEARTS, params![edition_id]).await.or_internal()?;
    row.map_or(Ok(0), |row| row.int(0)).or_internal()
}

/// `12 cœurs`.
pub(crate) fn in_words(known: &Known, hearts: i64) -> String {
    known.t_with("site-hearts", &[("n", hearts.into())])
}
