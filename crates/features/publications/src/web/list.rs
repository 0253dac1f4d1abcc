//! The letters of the house.

use accounts::Act;
use askama::Template;
use axum::extract::State;
use axum::response::Response;
use i18n::{Language, t};
use instance::Instance;
use web::{EmptyState, Link, WebError, rendered};

use super::Desk;
use crate::model::Publication;

#[derive(Template)]
#[template(path = "list.html")]
struct List<'a> {
    language: Language,
    publications: &'a [Publication],
    empty: EmptyState,
}

impl List<'_> {
    fn t(&self, key: &str) -> String {
        t(self.language, key)
    }
}

pub(super) async fn show(State(_): State<Instance>, desk: Desk) -> Result<Response, WebError> {
    desk.may(Act::Look)?;
    let words = |key: &str| t(desk.language, key);
    let may_make = desk.may(Act::ManagePublications).is_ok();
    let empty = EmptyState {
        title: words("publications-empty-title"),
        text: words("publications-empty-text"),
        action: may_make.then(|| Link::new(words("publications-new"), "/desk/new")),
    };
    let body = rendered(&List { language: desk.language, publications: &desk.publications, empty })?;
    let title = words("publications-title");
    let mut page = desk.page(None, "publications", &title, body);
    if may_make && !desk.publications.is_empty() {
        page.actions = format!(r#"<a class="button" href="/desk/new">{}</a>"#, words("publications-new"));
    }
    page.respond()
}
