//! One mail: as it looks, as text, as it came.

use askama::Template;
use axum::extract::{Path, Query, State};
use axum::http::HeaderValue;
use axum::http::header::CONTENT_SECURITY_POLICY;
use axum::response::Response;
use i18n::{Language, t, t_with};
use instance::Instance;
use jiff::Timestamp;
use serde::Deserialize;
use web::{OrInternal, WebError, rendered};

use super::Clerk;
use super::list::time;
use crate::find;
use crate::model::CaughtMail;
use crate::read::{self, Letter};

/// DESIGN.md 6: mail HTML below 90 KB; beyond 102 KB Gmail cuts it.
const BUDGET: u64 = 90 * 1024;

#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Eq)]
#[serde(rename_all = "lowercase")]
enum View {
    Html,
    Text,
    Source,
    Headers,
}

impl View {
    const ALL: [View; 4] = [View::Html, View::Text, View::Source, View::Headers];

    const fn name(self) -> &'static str {
        match self {
            View::Html => "html",
            View::Text => "text",
            View::Source => "source",
            View::Headers => "headers",
        }
    }
}

#[derive(Deserialize)]
pub(super) struct Asked {
    view: Option<View>,
    #[serde(default)]
    width: String,
}

struct Tab {
    url: String,
    label: String,
    here: bool,
}

#[derive(Template)]
#[template(path = "letter.html")]
struct Shown {
    language: Language,
    id: i64,
    envelope: [(&'static str, String); 2],
    view: View,
    phone: bool,
    tabs: Vec<Tab>,
    widths: Vec<Tab>,
    letter: Letter,
    weight: Option<Weight>,
}

struct Weight {
    bytes: u64,
    budget: u64,
    words: String,
    heavy: bool,
}

impl Shown {
    fn is_letter(&self) -> bool {
        self.view == View::Html && self.letter.html.is_some()
    }

    fn t(&self, key: &str) -> String {
        t(self.language, key)
    }
}

pub(super) async fn show(
    State(instance): State<Instance>,
    clerk: Clerk,
    Path(id): Path<i64>,
    Query(asked): Query<Asked>,
) -> Result<Response, WebError> {
    let CaughtMail { caught, message } =
        find::one(&instance, id).await.or_internal()?.ok_or(WebError::NotFound)?;
    let language = clerk.face.language;
    let letter = read::read(&message);
    let view = asked.view.unwrap_or(match letter.html {
        Some(_) => View::Html,
        None => View::Text,
    });
    let phone = asked.width == "phone";
    let moment = Timestamp::from_microsecond(caught.received_at).unwrap_or_default();
    let body = rendered(&Shown {
        language,
        id,
        envelope: [("MAIL FROM", format!("<{}>", caught.mail_from)), ("RCPT TO", caught.rcpt_to.clone())],
        view,
        phone,
        tabs: View::ALL.map(|tab| tab_to(language, id, tab, view)).into(),
        widths: vec![width(language, id, "desktop", !phone), width(language, id, "phone", phone)],
        weight: letter.html.as_ref().map(|html| weigh(language, html.len() as u64)),
        letter,
    })?;
    let title = if caught.subject.is_empty() { t(language, "catcher-no-subject") } else { caught.subject };
    let moment = time(language, moment);
    let mut page = clerk.page(&title, body);
    let values = [("to", caught.rcpt_to.as_str().into()), ("time", moment.as_str().into())];
    page.lead = Some(t_with(language, "catcher-lead-letter", &values));
    page.back = Some(web::Link::new(t(language, "catcher-title"), "/desk/catcher"));
    page.respond()
}

/// The letter itself, for the frame: no script, no form, no origin.
pub(super) async fn show_html(
    State(instance): State<Instance>,
    _: Clerk,
    Path(id): Path<i64>,
) -> Result<Response, WebError> {
    let mail = find::one(&instance, id).await.or_internal()?.ok_or(WebError::NotFound)?;
    let html = read::read(&mail.message).html.ok_or(WebError::NotFound)?;
    let mut response = web::html(read::framed(&html));
    response.headers_mut().insert(CONTENT_SECURITY_POLICY, HeaderValue::from_static(web::LETTER_POLICY));
    Ok(response)
}

fn tab_to(language: Language, id: i64, tab: View, view: View) -> Tab {
    Tab {
        url: format!("/desk/catcher/{id}?view={}", tab.name()),
        label: t(language, &format!("catcher-view-{}", tab.name())),
        here: tab == view,
    }
}

fn width(language: Language, id: i64, name: &str, here: bool) -> Tab {
    Tab {
        url: format!("/desk/catcher/{id}?view=html&width={name}"),
        label: t(language, &format!("catcher-width-{name}")),
        here,
    }
}

fn weigh(language: Language, bytes: u64) -> Weight {
    let (size, budget) = (i18n::bytes(language, bytes), i18n::bytes(language, BUDGET));
    let heavy = bytes > BUDGET;
    let key = if heavy { "catcher-weight-heavy" } else { "catcher-weight" };
    let words = t_with(language, key, &[("size", size.as_str().into()), ("budget", budget.as_str().into())]);
    Weight { bytes: bytes.min(BUDGET), budget: BUDGET, words, heavy }
}
