//! From the shelf, or made and put there.

use std::sync::Arc;

use axum::http::HeaderMap;
use axum::response::{IntoResponse, Response};
use instance::Instance;
use web::{Dressed, Prepared, WebError};

use crate::known::Known;
use crate::shelf::Shelf;

/// Answers with a page of a publication. An error wears the publication's dress and speaks its language.
pub(crate) async fn answer(
    instance: &Instance,
    shelf: &Shelf,
    slug: &str,
    key: &str,
    request: &HeaderMap,
    make: impl AsyncFnOnce(&Known) -> Result<Prepared, WebError>,
) -> Result<Response, WebError> {
    let known = shelf.known(instance, slug).await?;
    let now = instance.now_us();
    if let Some(page) = shelf.page(&known, key, now) {
        return Ok(page.respond(request));
    }
    match make(&known).await {
        Ok(page) => {
            let response = page.respond(request);
            shelf.keep(&known, key.to_owned(), page, now);
            Ok(response)
        }
        Err(error) => Ok(dressed(error, &known)),
    }
}

/// An error in the dress of a publication.
pub(crate) fn dressed(error: WebError, known: &Known) -> Response {
    let mut response = error.into_response();
    let dressed = Dressed { dress: Arc::clone(&known.dress), language: known.language() };
    response.extensions_mut().insert(dressed);
    response
}

/// A page of HTML that a browser asks about each time.
pub(crate) fn page(html: String) -> Prepared {
    Prepared::new(html, "text/html; charset=utf-8", 0)
}
