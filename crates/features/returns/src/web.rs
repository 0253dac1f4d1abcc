//! The desk's pages about what came back, and the address at which sending services tell of it.

mod csv;
mod hook;
mod letters;
mod list;
mod picture;

use std::sync::Arc;

use axum::routing::{get, post};
use axum::{Extension, Router};
use i18n::Language;
use instance::Instance;
use publications::Publication;

use crate::fetch::{Fetch, Fetcher};

/// `/desk/{publication}/returns`, its `.csv`, `/desk/{publication}/replies` and below, `/hooks/{provider}`.
pub fn routes(fetch: Arc<dyn Fetch>) -> Router<Instance> {
    let hooks = Router::new()
        .route("/hooks/{provider}", post(hook::take))
        .layer(Extension(Arc::new(Fetcher::new(fetch))));
    Router::new()
        .route("/desk/{publication}/returns", get(list::show))
        .route("/desk/{publication}/returns.csv", get(csv::show))
        .route("/desk/{publication}/replies", get(letters::list))
        .route("/desk/{publication}/replies/{id}", get(letters::show))
        .route("/desk/{publication}/replies/{id}/{act}", post(letters::act))
        .merge(hooks)
}

/// A moment in the publication's time, in the desk's language.
fn moment(language: Language, publication: &Publication, microseconds: i64) -> String {
    let instant = jiff::Timestamp::from_microsecond(microseconds).unwrap_or_default();
    i18n::date_time(language, publication.zone().to_datetime(instant))
}

/// A place in a list, as it stands in an address: moment and number.
fn place(text: &str) -> Option<(i64, i64)> {
    let (at, id) = text.split_once('.')?;
    Some((at.parse().ok()?, id.parse().ok()?))
}
