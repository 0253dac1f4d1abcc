//! Letters of readers.

use accounts::Act;
use askama::Template;
use axum::extract::{Path, Query, State};
use axum::response::Response;
use i18n::{Language, t, t_with};
use instance::Instance;
use publications::{Desk, Publication};
use serde::Deserialize;
use web::{EmptyState, OrInternal, WebError, redirect, rendered, said};

use super::{moment, place};
use crate::replies::{self, Reply};

/// Letters on a page.
const PAGE: i64 = 30;
/// How much of a letter the list shows.
const FIRST_WORDS: usize = 160;

#[derive(Deserialize, Default)]
pub(super) struct Asked {
    #[serde(default)]
    before: String,
}

struct Line {
    url: String,
    from: String,
    subject: String,
    first_words: String,
    edition: String,
    read: bool,
    when: String,
}

#[derive(Template)]
#[template(path = "returns/letters.html")]
struct List {
    language: Language,
    lines: Vec<Line>,
    empty: EmptyState,
    older: Option<String>,
}

impl List {
    fn t(&self, key: &str) -> String {
        t(self.language, key)
    }
}

#[derive(Template)]
#[template(path = "returns/letter.html")]
struct Letter<'a> {
    language: Language,
    base: String,
    reply: &'a Reply,
    from: String,
    reader: Option<String>,
    answer: Option<String>,
    files: Option<String>,
    when: String,
}

impl Letter<'_> {
    fn t(&self, key: &str) -> String {
        t(self.language, key)
    }
}

pub(super) async fn list(
    State(instance): State<Instance>,
    desk: Desk,
    Path(slug): Path<String>,
    Query(asked): Query<Asked>,
) -> Result<Response, WebError> {
    let language = desk.language;
    let publication = desk.publication(&slug, Act::ManageReaders)?;
    let before = place(&asked.before).unwrap_or((i64::MAX, i64::MAX));
    let mut found = replies::replies(&instance, publication.id, before, PAGE + 1).await.or_internal()?;
    let more = found.len() as i64 > PAGE;
    found.truncate(PAGE as usize);
    let base = format!("/desk/{slug}/replies");
    let older = found.last().filter(|_| more);
    let older = older.map(|last| format!("{base}?before={}.{}", last.received_at, last.id));
    let unread = replies::unread(&instance, publication.id).await.or_internal()?;
    let address = format!("r+{slug}@{}", instance.config.mail_domain());
    let body = rendered(&List {
        language,
        lines: found.into_iter().map(|reply| line(language, publication, &base, reply)).collect(),
        empty: EmptyState {
            title: t(language, "returns-no-letters"),
            text: t_with(language, "returns-no-letters-text", &[("address", address.as_str().into())]),
            action: desk.may(Act::ManagePublications).is_ok().then(|| {
                web::Link::new(t(language, "returns-to-settings"), format!("/desk/{slug}/settings"))
            }),
        },
        older,
    })?;
    let title = t(language, "returns-letters-title");
    let mut page = desk.page(Some(publication), "replies", &title, body);
    if unread > 0 {
        page.lead = Some(t_with(language, "returns-letters-unread", &[("n", unread.into())]));
    }
    page.respond()
}

fn line(language: Language, publication: &Publication, base: &str, reply: Reply) -> Line {
    Line {
        url: format!("{base}/{}", reply.id),
        from: who(language, &reply),
        subject: subject(language, &reply),
        first_words: first_words(&reply.text),
        when: moment(language, publication, reply.received_at),
        read: reply.read,
        edition: reply.edition.unwrap_or_default(),
    }
}

fn who(language: Language, reply: &Reply) -> String {
    let name = reply.name.clone().or(reply.from.clone());
    name.unwrap_or_else(|| t(language, "returns-nobody"))
}

fn subject(language: Language, reply: &Reply) -> String {
    if reply.subject.is_empty() { t(language, "returns-no-subject") } else { reply.subject.clone() }
}

fn first_words(text: &str) -> String {
    let line = text.split_whitespace().collect::<Vec<_>>().join(" ");
    if line.chars().count() <= FIRST_WORDS {
        return line;
    }
    let cut: String = line.chars().take(FIRST_WORDS).collect();
    format!("{}…", cut.trim_end())
}

pub(super) async fn show(
    State(instance): State<Instance>,
    desk: Desk,
    Path((slug, id)): Path<(String, i64)>,
) -> Result<Response, WebError> {
    let language = desk.language;
    let publication = desk.publication(&slug, Act::ManageReaders)?;
    let reply = replies::reply(&instance, publication.id, id).await.or_internal()?;
    let reply = reply.ok_or(WebError::NotFound)?;
    let title = subject(language, &reply);
    let body = rendered(&Letter {
        language,
        base: format!("/desk/{slug}/replies/{id}"),
        from: who(language, &reply),
        reader: reply.reader_id.map(|reader| format!("/desk/{slug}/readers/{reader}")),
        answer: answer(&reply),
        files: (reply.attachments > 0)
            .then(|| t_with(language, "returns-files-left-out", &[("n", reply.attachments.into())])),
        when: moment(language, publication, reply.received_at),
        reply: &reply,
    })?;
    let mut page = desk.page(Some(publication), "replies", &title, body);
    let back = t(language, "returns-letters-title");
    page.back = Some(web::Link::new(back, format!("/desk/{slug}/replies")));
    page.respond()
}

/// Opens the author's own mail program.
fn answer(reply: &Reply) -> Option<String> {
    let to = reply.from.as_deref()?;
    let subject = match reply.subject.get(..3) {
        Some(start) if start.eq_ignore_ascii_case("re:") => reply.subject.clone(),
        _ => format!("Re: {}", reply.subject),
    };
    // RFC 6068 2: what is not plain in an address is percent-encoded.
    let to = redirect::query_value(to).replace("%40", "@");
    Some(format!("mailto:{to}?subject={}", redirect::query_value(&subject)))
}

pub(super) async fn act(
    State(instance): State<Instance>,
    desk: Desk,
    Path((slug, id, act)): Path<(String, i64, String)>,
) -> Result<Response, WebError> {
    let publication = desk.publication(&slug, Act::ManageReaders)?;
    let key = match act.as_str() {
        "read" => {
            replies::mark(&instance, publication.id, id, true).await.or_internal()?;
            "returns-said-read"
        }
        "unread" => {
            replies::mark(&instance, publication.id, id, false).await.or_internal()?;
            "returns-said-unread"
        }
        "delete" => {
            replies::throw_away(&instance, publication.id, id).await.or_internal()?;
            "returns-said-deleted"
        }
        _ => return Err(WebError::NotFound),
    };
    Ok(redirect::to(&said(&format!("/desk/{slug}/replies"), key)))
}
