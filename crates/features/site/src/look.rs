//! `/{publication}/look.css`: the publication's colours and letters, and the style of its editions.

use std::sync::Arc;

use axum::Extension;
use axum::extract::{Path, State};
use axum::http::HeaderMap;
use axum::response::Response;
use instance::Instance;
use letter::{Look, READING_CSS, look_css};
use web::{Prepared, WebError};

use crate::answer::answer;
use crate::shelf::Shelf;

/// Seconds for which a browser need not ask again.
const KEPT_S: u32 = 3600;

pub(crate) async fn show(
    State(instance): State<Instance>,
    Extension(shelf): Extension<Arc<Shelf>>,
    Path(slug): Path<String>,
    headers: HeaderMap,
) -> Result<Response, WebError> {
    answer(&instance, &shelf, &slug, "look.css", &headers, async |known| {
        Ok(Prepared::new(style(&known.publication.look), "text/css; charset=utf-8", KEPT_S))
    })
    .await
}

pub(crate) fn style(look: &Look) -> String {
    format!("{}{READING_CSS}", look_css(look))
}
