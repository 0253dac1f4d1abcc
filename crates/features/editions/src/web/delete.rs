//! The end of a draft: a page that asks, and a button that acts.

use accounts::Act;
use askama::Template;
use axum::extract::{Path, State};
use axum::response::Response;
use i18n::{Language, t, t_with};
use instance::Instance;
use publications::Desk;
use web::{OrInternal, WebError, redirect, rendered, said};

use super::{ASSETS, edition, editor, path, title};
use crate::model::{Edition, EditionError, EditionState};

#[derive(Template)]
#[template(path = "delete.html")]
struct DeleteBody {
    language: Language,
    url: String,
    question: String,
    words: String,
}

impl DeleteBody {
    fn t(&self, key: &str) -> String {
        t(self.language, key)
    }
}

pub(super) async fn ask(
    State(instance): State<Instance>,
    desk: Desk,
    Path((slug, name)): Path<(String, String)>,
) -> Result<Response, WebError> {
    let publication = desk.publication(&slug, Act::Write)?;
    let edition = draft(desk.language, edition(&instance, publication, &name).await?)?;
    let question = t_with(
        desk.language,
        "editions-delete-title",
        &[("title", (&title(desk.language, &edition)).into())],
    );
    let body = rendered(&DeleteBody {
        language: desk.language,
        url: path(publication, &edition.slug),
        question: question.clone(),
        words: editor::count(desk.language, document::words(&edition.document)),
    })?;
    let style = [ASSETS.url("editor.css")];
    let mut page = desk.page(Some(publication), "editions", &question, body);
    page.own_heading = true;
    page.stylesheets = &style;
    page.respond()
}

pub(super) async fn act(
    State(instance): State<Instance>,
    desk: Desk,
    Path((slug, name)): Path<(String, String)>,
) -> Result<Response, WebError> {
    let publication = desk.publication(&slug, Act::Write)?;
    let edition = edition(&instance, publication, &name).await?;
    match crate::delete(&instance, &edition).await {
        Ok(()) => Ok(redirect::to(&said(&format!("/desk/{slug}/editions"), "editions-said-deleted"))),
        Err(EditionError::Unknown(_)) => Err(WebError::NotFound),
        Err(EditionError::InUse(_)) => Err(WebError::Conflict(t(desk.language, "editions-delete-in-use"))),
        Err(EditionError::Scheduled(_) | EditionError::Sent(_)) => {
            Err(WebError::Conflict(t(desk.language, "editions-delete-left")))
        }
        Err(other) => Err(other).or_internal(),
    }
}

fn draft(language: Language, edition: Edition) -> Result<Edition, WebError> {
    if edition.state == EditionState::Draft {
        Ok(edition)
    } else {
        Err(WebError::Conflict(t(language, "editions-delete-left")))
    }
}
