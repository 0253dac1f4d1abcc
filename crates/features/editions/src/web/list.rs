//! The editions of a publication.

use accounts::Act;
use askama::Template;
use axum::extract::{Path, Query, State};
use axum::response::Response;
use i18n::{Language, date_short, number, t, t_with};
use instance::Instance;
use jiff::Timestamp;
use publications::{Desk, Publication};
use serde::Deserialize;
use web::{EmptyState, Link, OrInternal, Pages, WebError, icon, rendered};

use super::{ASSETS, path, title};
use crate::find::{self, PER_PAGE};
use crate::model::{Edition, EditionState};

#[derive(Deserialize)]
pub(super) struct Turned {
    page: Option<u64>,
}

/// A line of the list.
struct Entry {
    url: String,
    title: String,
    number: Option<String>,
    state: String,
    tone: &'static str,
    words: String,
    /// What the day means.
    day_of: String,
    day: String,
    moment: String,
}

#[derive(Template)]
#[template(path = "list.html")]
struct List {
    language: Language,
    entries: Vec<Entry>,
    pages: Pages,
    empty: EmptyState,
}

impl List {
    fn t(&self, key: &str) -> String {
        t(self.language, key)
    }
}

pub(super) async fn show(
    State(instance): State<Instance>,
    desk: Desk,
    Path(slug): Path<String>,
    Query(turned): Query<Turned>,
) -> Result<Response, WebError> {
    let publication = desk.publication(&slug, Act::Write)?;
    let language = desk.language;
    let page = turned.page.unwrap_or(1).max(1);
    let (editions, total) = find::list(&instance, publication.id, page).await.or_internal()?;
    let new = path(publication, super::write::NEW);
    let words = t(language, "editions-new");
    let body = rendered(&List {
        language,
        entries: editions.iter().map(|edition| entry(language, publication, edition)).collect(),
        pages: Pages {
            language,
            current: page,
            last: total.div_ceil(PER_PAGE).max(1),
            base: format!("/desk/{slug}/editions"),
        },
        empty: EmptyState {
            title: t(language, "editions-empty-title"),
            text: t(language, "editions-empty-text"),
            action: Some(Link::new(&words, &new)),
        },
    })?;
    let heading = t(language, "editions-title");
    let style = [ASSETS.url("editor.css")];
    let mut page = desk.page(Some(publication), "editions", &heading, body);
    page.stylesheets = &style;
    if total > 0 {
        page.lead = Some(t_with(language, "editions-lead", &[("n", total.into())]));
        page.actions = format!(r#"<a class="button" href="{new}">{}{words}</a>"#, icon("pencil"));
    }
    page.respond()
}

fn entry(language: Language, publication: &Publication, edition: &Edition) -> Entry {
    let (day_of, moment) = match edition.state {
        EditionState::Draft => ("editions-day-saved", edition.updated_at),
        EditionState::Scheduled => {
            ("editions-day-leaves", edition.scheduled_at.unwrap_or(edition.updated_at))
        }
        EditionState::Sending | EditionState::Sent => {
            ("editions-day-left", edition.published_at.unwrap_or(edition.updated_at))
        }
    };
    let moment = Timestamp::from_microsecond(moment).unwrap_or_default();
    Entry {
        url: path(publication, &edition.slug),
        title: title(language, edition),
        number: edition
            .number
            .map(|it| t_with(language, "editions-number", &[("n", it.to_string().as_str().into())])),
        state: state_words(language, edition.state),
        tone: tone(edition.state),
        words: number(language, document::words(&edition.document) as i64),
        day_of: t(language, day_of),
        day: date_short(language, publication.zone().to_datetime(moment).date()),
        moment: moment.to_string(),
    }
}

/// A state in a word.
pub(super) fn state_words(language: Language, state: EditionState) -> String {
    t(language, &format!("editions-state-{}", state.as_str()))
}

/// The colour of a state's dot.
pub(super) const fn tone(state: EditionState) -> &'static str {
    match state {
        EditionState::Draft => "",
        EditionState::Scheduled | EditionState::Sending => "warn",
        EditionState::Sent => "good",
    }
}
