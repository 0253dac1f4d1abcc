//! The public site: what a stranger, a reader and a machine see of the publications of an instance.
//!
//! Routes, all of them GET but one: `/` the front of the instance; `/{publication}/` its home; `/{publication}/archive`
//! by year, page and tag; `/{publication}/{edition}` an edition; `/{publication}/look.css`; `/{publication}/feed.xml`,
//! `atom.xml` and `feed.json`; `/r/heart/{token}`, whose POST gives the heart; `/sitemap.xml` and `/robots.txt`.
//! The subscribe page itself belongs to `audience`. It emits no fact and hears none.
//!
//! Guarantees:
//! - Nothing that is not published is shown, and a GET changes nothing.
//! - No text of an author or a reader leaves its element, its attribute or its JSON.
//! - A page speaks its publication's language, works without script and asks nothing of another site.
//! - A page that was made is answered again without rendering until something of its publication changes; a change
//!   shows a second later at most, in every process, and hearts given in another process a minute later.
//!
//! Not guaranteed: that pictures an author links to elsewhere are small, or still there.

mod absolute;
mod answer;
mod archive;
mod assets;
mod card;
mod edition;
mod feeds;
mod front;
mod heart;
mod home;
mod issue;
mod known;
mod look;
mod queries;
mod shelf;
mod sitemap;
mod subscribe;

use std::sync::Arc;

use axum::routing::get;
use axum::{Extension, Router};
use instance::Instance;

pub use queries::ALL as QUERIES;

/// The routes of the public site, with a shelf of ready pages of their own.
pub fn routes() -> Router<Instance> {
    Router::new()
        .route("/", get(front::show))
        .route("/sitemap.xml", get(sitemap::show))
        .route("/robots.txt", get(sitemap::robots))
        .route("/r/heart/{token}", get(heart::show).post(heart::give))
        .route("/{publication}", get(home::to_home))
        .route("/{publication}/", get(home::show))
        .route("/{publication}/archive", get(archive::show))
        .route("/{publication}/look.css", get(look::show))
        .route("/{publication}/feed.xml", get(feeds::rss))
        .route("/{publication}/atom.xml", get(feeds::atom))
        .route("/{publication}/feed.json", get(feeds::json))
        .route("/{publication}/{edition}", get(edition::show))
        .route("/{publication}/{edition}/", get(edition::without_slash))
        .layer(Extension(Arc::new(shelf::Shelf::default())))
        .merge(assets::routes())
}
