//! A proof with an address: what is kept, as mail, page or text.

use accounts::Act;
use axum::extract::{Path, Query, State};
use axum::http::HeaderValue;
use axum::http::header::CONTENT_SECURITY_POLICY;
use axum::response::Response;
use instance::Instance;
use publications::Desk;
use serde::Deserialize;
use web::{OrInternal, WebError, html};

use super::edition_or_first;
use super::proof::{self, Guise, Medium};
use crate::find;
use crate::rendering::Rendering;

#[derive(Deserialize, Default)]
pub(super) struct Asked {
    #[serde(default)]
    width: String,
    #[serde(default)]
    dark: String,
}

pub(super) async fn show(
    State(instance): State<Instance>,
    desk: Desk,
    Path((slug, name, medium)): Path<(String, String, String)>,
    Query(asked): Query<Asked>,
) -> Result<Response, WebError> {
    let publication = desk.publication(&slug, Act::Write)?;
    let medium = Medium::from_name(&medium).ok_or(WebError::NotFound)?;
    let edition = edition_or_first(&instance, publication, &name).await?;
    let edition = find::foreseen(&instance, &edition).await.or_internal()?;
    let rendering = Rendering::of(&instance, publication, &edition);
    let guise = Guise { dark: asked.dark == "1", phone: asked.width == "phone" };
    let mut response = html(proof::proof(publication, &rendering, medium, guise)?);
    response.headers_mut().insert(CONTENT_SECURITY_POLICY, HeaderValue::from_static(proof::POLICY));
    Ok(response)
}
