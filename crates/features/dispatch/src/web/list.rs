//! The dispatches of a publication.

use accounts::Act;
use askama::Template;
use axum::extract::{Path, Query, State};
use axum::response::Response;
use i18n::{Language, number, t};
use instance::Instance;
use publications::Desk;
use serde::Deserialize;
use web::{EmptyState, Link, OrInternal, WebError, rendered};

use super::{audience_words, moment, state_words, tone};
use crate::model::Kind;

/// Dispatches on a page.
const PAGE: i64 = 30;

#[derive(Deserialize)]
pub(super) struct Place {
    #[serde(default)]
    page: u32,
}

struct Line {
    id: i64,
    title: String,
    state: String,
    tone: &'static str,
    test: bool,
    audience: String,
    readers: String,
    when: String,
}

#[derive(Template)]
#[template(path = "list.html")]
struct List<'a> {
    language: Language,
    slug: &'a str,
    lines: Vec<Line>,
    older: Option<u32>,
    empty: EmptyState,
}

impl List<'_> {
    fn t(&self, key: &str) -> String {
        t(self.language, key)
    }
}

pub(super) async fn show(
    State(instance): State<Instance>,
    desk: Desk,
    Path(slug): Path<String>,
    Query(place): Query<Place>,
) -> Result<Response, WebError> {
    let language = desk.language;
    let publication = desk.publication(&slug, Act::Look)?;
    let page_number = place.page.max(1);
    let offset = i64::from(page_number - 1) * PAGE;
    let mut found = crate::list(&instance, publication.id, PAGE + 1, offset).await.or_internal()?;
    let more = found.len() as i64 > PAGE;
    found.truncate(PAGE as usize);
    let lines = found
        .into_iter()
        .map(|(dispatch, _, title)| Line {
            id: dispatch.id,
            title,
            state: state_words(language, dispatch.state.name(dispatch.paused)),
            tone: tone(dispatch.state),
            test: dispatch.kind == Kind::Test,
            audience: audience_words(language, &dispatch),
            readers: number(language, dispatch.readers),
            when: moment(language, publication, dispatch.started_at.unwrap_or(dispatch.scheduled_at)),
        })
        .collect();
    let words = |key: &str| t(language, key);
    let empty = EmptyState {
        title: words("dispatch-empty-title"),
        text: words("dispatch-empty-text"),
        action: Some(Link::new(words("dispatch-empty-action"), format!("/desk/{slug}/editions"))),
    };
    let body = rendered(&List { language, slug: &slug, lines, older: more.then(|| page_number + 1), empty })?;
    let title = words("dispatch-title");
    let mut page = desk.page(Some(publication), "dispatches", &title, body);
    // Only who may change them sees the routes.
    if desk.may(Act::ManagePublications).is_ok() {
        page.actions = format!(
            "<a class=\"button quiet\" href=\"/desk/{slug}/routes\">{}</a>",
            words("dispatch-routes")
        );
    }
    page.respond()
}
