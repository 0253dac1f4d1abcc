//! The page on which an edition is written: the text on one side, what a reader will see on the other.

use askama::Template;
use axum::http::header::CONTENT_SECURITY_POLICY;
use axum::http::{HeaderValue, StatusCode};
use axum::response::Response;
use document::Problem;
use i18n::{Language, date_time, t, t_with};
use instance::Instance;
use jiff::Timestamp;
use publications::{Desk, Publication};
use web::{Notice, OrInternal, WebError, icon, rendered};

use super::list::{state_words, tone};
use super::proof::{self, Medium};
use super::{ASSETS, notes, path, title};
use crate::check::look_through;
use crate::find;
use crate::model::{Edition, EditionState};
use crate::rendering::Rendering;

/// What the page shows.
pub(super) struct Editor {
    /// As it is kept.
    pub edition: Edition,
    /// As it is typed.
    pub markdown: String,
    /// [`Edition::updated_at`] of the text that was opened.
    pub seen: i64,
    /// Not kept yet at all.
    pub new: bool,
    /// What is typed is not what is kept.
    pub dirty: bool,
    /// Faults of what is typed.
    pub problems: Vec<Problem>,
    /// What has just been done, or not.
    pub notice: Option<Notice>,
}

impl Editor {
    pub(super) fn of(edition: Edition, markdown: String) -> Self {
        let seen = edition.updated_at;
        Editor { edition, markdown, seen, new: false, dirty: false, problems: vec![], notice: None }
    }
}

#[derive(Template)]
#[template(path = "editor.html")]
struct EditorBody<'a> {
    language: Language,
    list: String,
    url: String,
    title: String,
    tag: String,
    state: EditionState,
    state_words: String,
    tone: &'static str,
    words: String,
    day: Option<String>,
    page: Option<String>,
    dispatches: String,
    markdown: &'a str,
    seen: i64,
    new: bool,
    dirty: bool,
    inbox: String,
    weight: String,
    notes: String,
}

impl EditorBody<'_> {
    fn t(&self, key: &str) -> String {
        t(self.language, key)
    }

    fn is_draft(&self) -> bool {
        self.state == EditionState::Draft
    }

    fn show(&self, medium: &Medium) -> String {
        t(self.language, &format!("editions-show-{}", medium.as_str()))
    }

    fn sign(&self, medium: &Medium) -> web::Markup {
        icon(match medium {
            Medium::Mail => "mail",
            Medium::Web => "newspaper",
            Medium::Text => "file-text",
        })
    }
}

/// The page. What was typed and is no edition is answered with 422, and with every word of it.
pub(super) async fn page(
    instance: &Instance,
    desk: &Desk,
    publication: &Publication,
    editor: Editor,
) -> Result<Response, WebError> {
    let language = desk.language;
    let edition = find::foreseen(instance, &editor.edition).await.or_internal()?;
    let rendering = Rendering::of(instance, publication, &edition);
    let notes = if !editor.problems.is_empty() {
        notes::of_problems(language, &editor.problems)?
    } else {
        notes_of(instance, publication, language, &edition, &rendering, &editor.markdown)?
    };
    let heading = if editor.new { t(language, "editions-new") } else { title(language, &edition) };
    let moment = |moment: i64| {
        let moment = Timestamp::from_microsecond(moment).unwrap_or_default();
        date_time(language, publication.zone().to_datetime(moment))
    };
    let told = |key: &str, at: i64| t_with(language, key, &[("moment", (&moment(at)).into())]);
    let day = match edition.state {
        _ if editor.new => None,
        EditionState::Draft => Some(told("editions-saved-at", edition.updated_at)),
        EditionState::Scheduled => edition.scheduled_at.map(|at| told("editions-leaves-at", at)),
        EditionState::Sending | EditionState::Sent => {
            edition.published_at.map(|at| told("editions-left-at", at))
        }
    };
    let slug = if editor.new { super::write::NEW } else { &edition.slug };
    let body = rendered(&EditorBody {
        language,
        list: format!("/desk/{}/editions", publication.slug),
        url: path(publication, slug),
        title: heading.clone(),
        tag: rendering.tag(),
        state: edition.state,
        state_words: state_words(language, edition.state),
        tone: tone(edition.state),
        words: count(language, document::words(&edition.document)),
        day,
        page: edition.is_public().then(|| format!("/{}/{}", publication.slug, edition.slug)),
        dispatches: format!("/desk/{}/dispatches", publication.slug),
        markdown: &editor.markdown,
        seen: editor.seen,
        new: editor.new,
        dirty: editor.dirty,
        inbox: notes::inbox(publication, &rendering)?,
        weight: notes::weight(language, rendering.mail().size())?,
        notes,
    })?;
    let (script, style) = ([ASSETS.url("editor.js")], [ASSETS.url("editor.css")]);
    let mut page = desk.page(Some(publication), "editions", &heading, body);
    page.wide = true;
    page.own_heading = true;
    page.scripts = &script;
    page.stylesheets = &style;
    page.notice = editor.notice.or(page.notice);
    let mut response = page.respond()?;
    if editor.dirty {
        *response.status_mut() = StatusCode::UNPROCESSABLE_ENTITY;
    }
    let policy = HeaderValue::from_static(proof::PAGE_POLICY);
    response.headers_mut().insert(CONTENT_SECURITY_POLICY, policy);
    Ok(response)
}

/// What to look at before a draft leaves; nothing when it has, or cannot be changed any more.
pub(super) fn notes_of(
    instance: &Instance,
    publication: &Publication,
    language: Language,
    edition: &Edition,
    rendering: &Rendering,
    markdown: &str,
) -> Result<String, WebError> {
    if edition.state != EditionState::Draft {
        return Ok(String::new());
    }
    let findings = look_through(instance, publication, edition, rendering);
    notes::of_findings(language, &findings, markdown, "")
}

/// `1 234 words`.
pub(super) fn count(language: Language, words: usize) -> String {
    t_with(language, "editions-words", &[("n", words.into())])
}
