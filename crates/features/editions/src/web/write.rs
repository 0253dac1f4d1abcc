//! Writing: a new edition, a draft opened again, a draft saved.

use accounts::Act;
use axum::extract::{Path, State};
use axum::response::Response;
use i18n::{Language, t};
use instance::Instance;
use publications::{Desk, Publication};
use serde::Deserialize;
use web::{Form, Notice, OrInternal, WebError, redirect, said};

use super::editor::{Editor, page};
use super::{edition, path};
use crate::model::{Edition, EditionError, EditionState};

/// The place of the edition that is not there yet.
pub(super) const NEW: &str = "new";

#[derive(Deserialize)]
pub(super) struct Given {
    markdown: String,
    /// [`Edition::updated_at`] of the text that was opened.
    #[serde(default)]
    seen: i64,
}

/// The text a new edition of a publication begins with, as an edition that is kept nowhere.
pub(super) fn first(instance: &Instance, publication: &Publication) -> Result<Edition, WebError> {
    let document = document::read(&first_text(instance, publication))
        .map_err(|problems| WebError::internal(document::sentences(&problems, Language::English)))?;
    Ok(unsaved(publication, document))
}

/// It is dated now, by the publication's own clock, and says what is still to be written.
fn first_text(instance: &Instance, publication: &Publication) -> String {
    let text = match publication.language {
        Language::French => include_str!("../../templates/first.fr.md"),
        Language::English => include_str!("../../templates/first.en.md"),
    };
    let now = publication.zone().to_datetime(instance.now());
    text.replace("{{now}}", &now.strftime("%Y-%m-%dT%H:%M").to_string())
}

/// An edition that is kept nowhere.
pub(super) fn unsaved(publication: &Publication, document: document::Document) -> Edition {
    Edition {
        id: 0,
        publication_id: publication.id,
        slug: crate::slug::from_title(&document.front.title),
        title: document.front.title.trim().to_owned(),
        state: EditionState::Draft,
        number: None,
        document,
        created_at: 0,
        updated_at: 0,
        scheduled_at: None,
        published_at: None,
    }
}

pub(super) async fn begin(
    State(instance): State<Instance>,
    desk: Desk,
    Path(slug): Path<String>,
) -> Result<Response, WebError> {
    let publication = desk.publication(&slug, Act::Write)?;
    let edition = first(&instance, publication)?;
    let markdown = first_text(&instance, publication);
    page(&instance, &desk, publication, Editor { new: true, ..Editor::of(edition, markdown) }).await
}

pub(super) async fn create(
    State(instance): State<Instance>,
    desk: Desk,
    Path(slug): Path<String>,
    Form(given): Form<Given>,
) -> Result<Response, WebError> {
    let publication = desk.publication(&slug, Act::Write)?;
    let markdown = unix(&given.markdown);
    match crate::create(&instance, publication, &markdown).await {
        Ok(edition) => Ok(redirect::to(&said(&path(publication, &edition.slug), "editions-said-created"))),
        Err(error) => {
            let editor = Editor { new: true, ..Editor::of(first(&instance, publication)?, markdown) };
            refused(&instance, &desk, publication, editor, error).await
        }
    }
}

pub(super) async fn open(
    State(instance): State<Instance>,
    desk: Desk,
    Path((slug, name)): Path<(String, String)>,
) -> Result<Response, WebError> {
    let publication = desk.publication(&slug, Act::Write)?;
    let edition = edition(&instance, publication, &name).await?;
    let markdown = edition.markdown();
    page(&instance, &desk, publication, Editor::of(edition, markdown)).await
}

pub(super) async fn save(
    State(instance): State<Instance>,
    desk: Desk,
    Path((slug, name)): Path<(String, String)>,
    Form(given): Form<Given>,
) -> Result<Response, WebError> {
    let publication = desk.publication(&slug, Act::Write)?;
    let edition = edition(&instance, publication, &name).await?;
    let markdown = unix(&given.markdown);
    match crate::save(&instance, &edition, &markdown, given.seen).await {
        Ok(saved) => Ok(redirect::to(&said(&path(publication, &saved.slug), "editions-said-saved"))),
        Err(error) => {
            let mut editor = Editor::of(edition, markdown);
            // Only who was told that there is another text may put their own in its place.
            if !matches!(error, EditionError::Changed(_)) {
                editor.seen = given.seen;
            }
            refused(&instance, &desk, publication, editor, error).await
        }
    }
}

/// The page again, with everything that was typed and why it was not kept.
async fn refused(
    instance: &Instance,
    desk: &Desk,
    publication: &Publication,
    mut editor: Editor,
    error: EditionError,
) -> Result<Response, WebError> {
    let key = match error {
        EditionError::Invalid(problems) => {
            editor.problems = problems;
            "editions-refused-problems"
        }
        EditionError::SlugTaken(_) => "editions-refused-slug",
        EditionError::Changed(_) => "editions-refused-changed",
        EditionError::Sent(_) => "editions-refused-sent",
        EditionError::Scheduled(_) => "editions-refused-scheduled",
        EditionError::Unknown(_) => return Err(WebError::NotFound),
        other => return Err(other).or_internal(),
    };
    editor.dirty = true;
    editor.notice = Some(Notice::wrong(t(desk.language, key)));
    page(instance, desk, publication, editor).await
}

/// Forms send line ends of their own (HTML, "newline normalisation").
fn unix(text: &str) -> String {
    text.replace("\r\n", "\n")
}
