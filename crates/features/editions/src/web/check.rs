//! What the check found, on a page.

use accounts::Act;
use askama::Template;
use axum::extract::{Path, State};
use axum::response::Response;
use i18n::{Language, t};
use instance::Instance;
use publications::Desk;
use web::{OrInternal, WebError, rendered};

use super::{ASSETS, edition, notes, path, title};
use crate::check::check;

#[derive(Template)]
#[template(path = "check.html")]
struct CheckBody {
    language: Language,
    url: String,
    title: String,
    fit: bool,
    inbox: String,
    weight: String,
    notes: String,
}

impl CheckBody {
    fn t(&self, key: &str) -> String {
        t(self.language, key)
    }
}

pub(super) async fn show(
    State(instance): State<Instance>,
    desk: Desk,
    Path((slug, name)): Path<(String, String)>,
) -> Result<Response, WebError> {
    let publication = desk.publication(&slug, Act::Write)?;
    let edition = edition(&instance, publication, &name).await?;
    let edition = crate::find::foreseen(&instance, &edition).await.or_internal()?;
    let findings = check(&instance, publication, &edition).await.or_internal()?;
    let rendering = crate::Rendering::of(&instance, publication, &edition);
    let url = path(publication, &edition.slug);
    let body = rendered(&CheckBody {
        language: desk.language,
        title: title(desk.language, &edition),
        fit: !findings.iter().any(crate::Finding::is_error),
        inbox: notes::inbox(publication, &rendering)?,
        weight: notes::weight(desk.language, rendering.mail().size())?,
        notes: notes::of_findings(desk.language, &findings, &edition.markdown(), &url)?,
        url,
    })?;
    let heading = t(desk.language, "editions-check-title");
    let style = [ASSETS.url("editor.css")];
    let mut page = desk.page(Some(publication), "editions", &heading, body);
    page.own_heading = true;
    page.stylesheets = &style;
    page.respond()
}
