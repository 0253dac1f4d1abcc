//! The desk's pages about editions: the list, the editor with its proofs, the check, the end of a draft.

mod check;
mod delete;
mod editor;
mod list;
mod live;
mod notes;
mod preview;
mod proof;
mod write;

use std::sync::LazyLock;

use axum::Router;
use axum::routing::{get, post};
use i18n::Language;
use instance::Instance;
use publications::Publication;
use web::{Asset, AssetSet, OrInternal, WebError};

use crate::find;
use crate::model::Edition;

static ASSETS: LazyLock<AssetSet> = LazyLock::new(|| {
    AssetSet::new(&[
        Asset { name: "editor.css", bytes: include_bytes!("../assets/editor.css") },
        Asset { name: "editor.js", bytes: include_bytes!("../assets/editor.js") },
    ])
});

/// `/desk/{publication}/editions`, `…/new`, `…/{edition}`, and below these `…/render`, `…/preview/{medium}`,
/// `…/check` and `…/delete`.
pub fn routes() -> Router<Instance> {
    const EDITION: &str = "/desk/{publication}/editions/{edition}";
    Router::new()
        .route("/desk/{publication}/editions", get(list::show))
        .route("/desk/{publication}/editions/new", get(write::begin).post(write::create))
        .route(EDITION, get(write::open).post(write::save))
        .route(&format!("{EDITION}/render"), post(live::render))
        .route(&format!("{EDITION}/preview/{{medium}}"), get(preview::show))
        .route(&format!("{EDITION}/check"), get(check::show))
        .route(&format!("{EDITION}/delete"), get(delete::ask).post(delete::act))
        .merge(ASSETS.routes())
}

/// Where an edition has its pages on the desk.
fn path(publication: &Publication, slug: &str) -> String {
    format!("/desk/{}/editions/{slug}", publication.slug)
}

/// The edition of a page's address; `new` is the one that is not there yet, with the text it begins with.
async fn edition_or_first(
    instance: &Instance,
    publication: &Publication,
    slug: &str,
) -> Result<Edition, WebError> {
    if slug == write::NEW {
        write::first(instance, publication)
    } else {
        edition(instance, publication, slug).await
    }
}

/// The edition of a page's address.
async fn edition(instance: &Instance, publication: &Publication, slug: &str) -> Result<Edition, WebError> {
    find::find(instance, publication.id, slug).await.or_internal()?.ok_or(WebError::NotFound)
}

/// The title of an edition as the desk shows it.
fn title(language: Language, edition: &Edition) -> String {
    if edition.title.is_empty() { i18n::t(language, "editions-untitled") } else { edition.title.clone() }
}
