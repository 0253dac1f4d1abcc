//! The mails, newest first.

use askama::Template;
use axum::extract::{Query, State};
use axum::response::Response;
use i18n::{Language, t, t_with};
use instance::Instance;
use jiff::Timestamp;
use jiff::tz::TimeZone;
use serde::Deserialize;
use web::{EmptyState, Field, OrInternal, WebError, redirect, rendered, said};

use super::Clerk;
use crate::find::{self, Page, Turn};
use crate::model::Caught;

#[derive(Deserialize, Default)]
pub(super) struct Asked {
    #[serde(default)]
    to: String,
    before: Option<i64>,
    after: Option<i64>,
}

struct Line {
    id: i64,
    to: String,
    subject: String,
    size: String,
    moment: String,
    time: String,
}

#[derive(Template)]
#[template(path = "list.html")]
struct List {
    language: Language,
    search: Field,
    lines: Vec<Line>,
    empty: EmptyState,
    newer: Option<String>,
    older: Option<String>,
    searched: bool,
}

impl List {
    fn t(&self, key: &str) -> String {
        t(self.language, key)
    }
}

pub(super) async fn show(
    State(instance): State<Instance>,
    clerk: Clerk,
    Query(asked): Query<Asked>,
) -> Result<Response, WebError> {
    let turn = match (asked.before, asked.after) {
        (Some(id), _) => Turn::Before(id),
        (None, Some(id)) => Turn::After(id),
        (None, None) => Turn::Newest,
    };
    let page = find::list(&instance, &asked.to, turn).await.or_internal()?;
    let language = clerk.face.language;
    let searched = !asked.to.trim().is_empty();
    let (newer, older) = ways(&page, &asked.to);
    let full = !page.mails.is_empty();
    let body = rendered(&List {
        language,
        search: Field::new(web::Kind::Input("search"), "to", t(language, "catcher-search")).value(&asked.to),
        lines: page.mails.iter().map(|mail| line(language, mail)).collect(),
        empty: nothing(language, searched.then_some(asked.to.trim())),
        newer,
        older,
        searched,
    })?;
    let title = t(language, "catcher-title");
    let mut desk = clerk.page(&title, body);
    desk.lead = Some(t(language, "catcher-lead"));
    if full {
        desk.actions = format!(
            r#"<form method="post" action="/desk/catcher/empty" data-confirm="{}"><button class="button danger">{}{}</button></form>"#,
            t(language, "catcher-empty-sure"),
            web::icon("trash-2"),
            t(language, "catcher-empty")
        );
    }
    desk.respond()
}

pub(super) async fn empty(State(instance): State<Instance>, _: Clerk) -> Result<Response, WebError> {
    find::empty(&instance).await.or_internal()?;
    Ok(redirect::to(&said("/desk/catcher", "catcher-said-emptied")))
}

/// Addresses of the pages beside this one.
fn ways(page: &Page, to: &str) -> (Option<String>, Option<String>) {
    let (Some(first), Some(last)) = (page.mails.first(), page.mails.last()) else { return (None, None) };
    let url = |way: &str, id: i64| match to.trim() {
        "" => format!("/desk/catcher?{way}={id}"),
        to => format!("/desk/catcher?to={}&{way}={id}", redirect::query_value(to)),
    };
    (page.newer.then(|| url("after", first.id)), page.older.then(|| url("before", last.id)))
}

fn nothing(language: Language, searched: Option<&str>) -> EmptyState {
    match searched {
        Some(to) => EmptyState {
            title: t(language, "catcher-none-found"),
            text: t_with(language, "catcher-none-found-text", &[("to", to.into())]),
            action: Some(web::Link::new(t(language, "catcher-all"), "/desk/catcher")),
        },
        None => EmptyState {
            title: t(language, "catcher-none"),
            text: t(language, "catcher-none-text"),
            action: None,
        },
    }
}

fn line(language: Language, mail: &Caught) -> Line {
    let moment = Timestamp::from_microsecond(mail.received_at).unwrap_or_default();
    Line {
        id: mail.id,
        to: mail.rcpt_to.clone(),
        subject: if mail.subject.is_empty() {
            t(language, "catcher-no-subject")
        } else {
            mail.subject.clone()
        },
        size: i18n::bytes(language, u64::try_from(mail.size).unwrap_or_default()),
        moment: moment.to_string(),
        time: time(language, moment),
    }
}

/// A moment on this machine's clock: the catcher is for whoever sits at it.
pub(super) fn time(language: Language, moment: Timestamp) -> String {
    i18n::date_time(language, TimeZone::system().to_datetime(moment))
}
