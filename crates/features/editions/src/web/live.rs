//! What is typed, rendered at once: for the editor's script.

use accounts::Act;
use axum::Json;
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Response};
use document::Problem;
use i18n::Language;
use instance::Instance;
use publications::{Desk, Publication};
use serde::{Deserialize, Serialize};
use web::{OrInternal, WebError};

use super::proof::{Guise, Medium, proof};
use super::{edition_or_first, editor, notes, write};
use crate::check::{Finding, look_through};
use crate::find;
use crate::model::{Edition, EditionState};
use crate::rendering::Rendering;

#[derive(Deserialize)]
pub(super) struct Typed {
    markdown: String,
    #[serde(default)]
    dark: bool,
}

/// The answer. Documents are for frames that are trusted with nothing; parts are pieces of the page, made by us.
#[derive(Serialize, Default)]
struct Rendered {
    mail: Option<String>,
    web: Option<String>,
    text: Option<String>,
    /// Bytes of mail HTML.
    size: Option<usize>,
    problems: Vec<Fault>,
    findings: Vec<Finding>,
    parts: Parts,
}

#[derive(Serialize, Default)]
struct Parts {
    inbox: Option<String>,
    weight: Option<String>,
    words: Option<String>,
    notes: String,
}

#[derive(Serialize)]
struct Fault {
    line: usize,
    column: usize,
    message: String,
}

pub(super) async fn render(
    State(instance): State<Instance>,
    desk: Desk,
    Path((slug, name)): Path<(String, String)>,
    Json(typed): Json<Typed>,
) -> Result<Response, WebError> {
    let publication = desk.publication(&slug, Act::Write)?;
    let language = desk.language;
    let answer = match document::read(&typed.markdown) {
        Err(problems) => Rendered {
            problems: problems.iter().map(|problem| fault(language, problem)).collect(),
            parts: Parts { notes: notes::of_problems(language, &problems)?, ..Parts::default() },
            ..Rendered::default()
        },
        Ok(document) => {
            let kept = edition_or_first(&instance, publication, &name).await?;
            let edition = as_typed(publication, kept, document);
            let edition = find::foreseen(&instance, &edition).await.or_internal()?;
            rendered(&instance, publication, language, &edition, &typed)?
        }
    };
    Ok(Json(answer).into_response())
}

/// The edition with another text.
fn as_typed(publication: &Publication, kept: Edition, document: document::Document) -> Edition {
    if kept.id == 0 {
        return write::unsaved(publication, document);
    }
    Edition { title: document.front.title.trim().to_owned(), document, ..kept }
}

fn rendered(
    instance: &Instance,
    publication: &Publication,
    language: Language,
    edition: &Edition,
    typed: &Typed,
) -> Result<Rendered, WebError> {
    let rendering = Rendering::of(instance, publication, edition);
    // The frame itself is as narrow as a phone: the documents need not pretend.
    let guise = Guise { dark: typed.dark, phone: false };
    let shown = |medium: Medium| proof(publication, &rendering, medium, guise).map(Some);
    let findings = look_through(instance, publication, edition, &rendering);
    let size = rendering.mail().size();
    Ok(Rendered {
        mail: shown(Medium::Mail)?,
        web: shown(Medium::Web)?,
        text: shown(Medium::Text)?,
        size: Some(size),
        problems: vec![],
        parts: Parts {
            inbox: Some(notes::inbox(publication, &rendering)?),
            weight: Some(notes::weight(language, size)?),
            words: Some(editor::count(language, document::words(&edition.document))),
            notes: if edition.state == EditionState::Draft {
                notes::of_findings(language, &findings, &typed.markdown, "")?
            } else {
                String::new()
            },
        },
        findings,
    })
}

fn fault(language: Language, problem: &Problem) -> Fault {
    Fault { line: problem.line, column: problem.column, message: problem.sentence(language) }
}
