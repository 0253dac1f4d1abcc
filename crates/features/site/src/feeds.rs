//! `/{publication}/feed.xml`, `atom.xml` and `feed.json`: the newest editions, whole, for those who read elsewhere.

use std::sync::Arc;

use axum::Extension;
use axum::extract::{Path, State};
use axum::http::HeaderMap;
use axum::response::Response;
use editions::{Edition, Rendering};
use feed::{ATOM_TYPE, Channel, Item, JSON_TYPE, RSS_TYPE};
use instance::Instance;
use web::{OrInternal, Prepared, WebError};

use crate::absolute::{Base, absolute};
use crate::answer::answer;
use crate::known::{Known, timestamp};
use crate::shelf::Shelf;
use crate::{card, issue};

/// Five months of a weekly letter; what is older stays in the archive.
const MOST: u64 = 20;

type Site = State<Instance>;
type Kept = Extension<Arc<Shelf>>;

pub(crate) async fn rss(
    State(instance): Site,
    Extension(shelf): Kept,
    Path(slug): Path<String>,
    headers: HeaderMap,
) -> Result<Response, WebError> {
    answer(&instance, &shelf, &slug, "feed.xml", &headers, async |known| {
        Ok(Prepared::new(feed::rss(&channel(&instance, known, "/feed.xml").await?), RSS_TYPE, 0))
    })
    .await
}

pub(crate) async fn atom(
    State(instance): Site,
    Extension(shelf): Kept,
    Path(slug): Path<String>,
    headers: HeaderMap,
) -> Result<Response, WebError> {
    answer(&instance, &shelf, &slug, "atom.xml", &headers, async |known| {
        Ok(Prepared::new(feed::atom(&channel(&instance, known, "/atom.xml").await?), ATOM_TYPE, 0))
    })
    .await
}

pub(crate) async fn json(
    State(instance): Site,
    Extension(shelf): Kept,
    Path(slug): Path<String>,
    headers: HeaderMap,
) -> Result<Response, WebError> {
    answer(&instance, &shelf, &slug, "feed.json", &headers, async |known| {
        Ok(Prepared::new(feed::json_feed(&channel(&instance, known, "/feed.json").await?), JSON_TYPE, 0))
    })
    .await
}

async fn channel(instance: &Instance, known: &Known, path: &str) -> Result<Channel, WebError> {
    let publication = &known.publication;
    let editions = editions::recent(instance, publication.id, MOST).await.or_internal()?;
    let updated = editions.iter().map(issue::updated_at).max().unwrap_or(publication.created_at);
    Ok(Channel {
        title: publication.name.clone(),
        home: publication.url(instance, "/"),
        self_url: publication.url(instance, path),
        description: card::about(known).unwrap_or_default(),
        language: known.language().tag().to_owned(),
        author: publication.from.name.clone(),
        icon: card::logo(instance, known),
        updated: timestamp(updated),
        items: editions.iter().map(|edition| item(instance, known, edition)).collect(),
    })
}

fn item(instance: &Instance, known: &Known, edition: &Edition) -> Item {
    let rendering = Rendering::of(instance, &known.publication, edition);
    let url = rendering.page_url();
    let base =
        Base { origin: &instance.config.base_url, site: &known.publication.url(instance, ""), page: url };
    Item {
        id: url.to_owned(),
        url: url.to_owned(),
        title: issue::title(known, edition),
        html: absolute(&rendering.web().render_for_nobody(), base),
        summary: issue::summary(&rendering),
        published: timestamp(issue::published_at(edition)),
        updated: timestamp(issue::updated_at(edition)),
        authors: rendering.authors().to_vec(),
        tags: edition.document.front.tags.clone(),
        image: card::cover(instance, known, edition),
    }
}
