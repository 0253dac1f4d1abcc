//! One dispatch: where it stands, who did not get it and why, and the brakes.

use accounts::Act;
use askama::Template;
use axum::extract::{Path, State};
use axum::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use axum::response::{IntoResponse, Response};
use i18n::{Language, number, t, t_with};
use instance::Instance;
use publications::{Desk, Publication};
use store::params;
use web::{OrInternal, WebError, redirect, rendered, said};

use super::{LeftOut, audience_words, left_out, moment, state_words, tone};
use crate::model::{Dispatch, DispatchError};
use crate::status::{Failure, Status};
use crate::{
    DispatchState, by_id, estimate_failed, failures, pause, queries, resend_doubted, resend_failed, resume,
    status, stop,
};

/// Failures shown on the page; the CSV has all.
const SHOWN: i64 = 100;
/// Rows of the CSV read at once.
const BATCH: i64 = 5_000;

struct Row {
    email: String,
    state: String,
    tone: &'static str,
    answer: String,
    route: String,
    when: String,
}

#[derive(Template)]
#[template(path = "show.html")]
struct Show<'a> {
    language: Language,
    slug: &'a str,
    dispatch: &'a Dispatch,
    status: &'a Status,
    state: String,
    tone: &'static str,
    audience: String,
    left_out: Vec<LeftOut>,
    began: Option<String>,
    ended: Option<String>,
    time_left: Option<String>,
    failures: Vec<Row>,
    more: bool,
    /// What came back about mails that were accepted.
    came_back: i64,
    /// Readers whose mail failed and who may get it once more.
    again: i64,
    routes: bool,
}

impl Show<'_> {
    fn t(&self, key: &str) -> String {
        t(self.language, key)
    }

    fn n(&self, figure: &i64) -> String {
        number(self.language, *figure)
    }

    /// What has not begun, in the ledger or in a sender's hands.
    fn waiting(&self) -> String {
        number(self.language, self.status.pending + self.status.claimed)
    }

    fn route(&self, name: &str) -> String {
        route_words(self.language, name)
    }

    /// Nothing moves until the author has decided about what is in doubt.
    fn held(&self) -> bool {
        self.dispatch.state == DispatchState::Held
    }

    fn resend(&self) -> String {
        t_with(self.language, "dispatch-resend", &[("n", self.status.in_doubt.into())])
    }

    fn resend_failed(&self) -> String {
        t_with(self.language, "dispatch-resend-failed", &[("n", self.again.into())])
    }

    fn rate(&self) -> String {
        t_with(self.language, "dispatch-rate", &[("n", (self.status.rate.round() as i64).into())])
    }
}

async fn found<'a>(
    instance: &Instance,
    desk: &'a Desk,
    slug: &str,
    id: i64,
    act: Act,
) -> Result<(&'a Publication, Dispatch), WebError> {
    let publication = desk.publication(slug, act)?;
    match by_id(instance, id).await {
        Ok(dispatch) if dispatch.publication_id == publication.id => Ok((publication, dispatch)),
        Ok(_) | Err(DispatchError::Unknown(_)) => Err(WebError::NotFound),
        Err(other) => Err(WebError::internal(other)),
    }
}

pub(super) async fn show(
    State(instance): State<Instance>,
    desk: Desk,
    Path((slug, id)): Path<(String, i64)>,
) -> Result<Response, WebError> {
    let language = desk.language;
    let (publication, dispatch) = found(&instance, &desk, &slug, id, Act::Look).await?;
    let status = status(&instance, id).await.or_internal()?;
    let mut reasons = Vec::new();
    let mut frozen_out = 0;
    for row in instance.store.read(queries::LEFT_OUT, params![id]).await.or_internal()? {
        let readers = row.int(1).or_internal()?;
        frozen_out += readers;
        reasons.push((row.text(0).or_internal()?, readers));
    }
    if status.left_out > frozen_out {
        reasons.push(("gone".to_owned(), status.left_out - frozen_out));
    }
    let failed = failures(&instance, id, 0, SHOWN + 1).await.or_internal()?;
    let more = failed.len() as i64 > SHOWN;
    let rows = failed.into_iter().take(SHOWN as usize).map(|one| row(language, publication, one)).collect();
    let again = match status.failed > 0 && !dispatch.is_open() {
        true => estimate_failed(&instance, &dispatch).await.or_internal()?.readers,
        false => 0,
    };
    let came_back = instance.store.read_one(queries::CAME_BACK, params![id]).await.or_internal()?;
    let moves = !dispatch.paused && dispatch.state != DispatchState::Held;
    let body = rendered(&Show {
        language,
        slug: &slug,
        came_back: came_back.map_or(Ok(0), |row| row.int(0)).or_internal()?,
        dispatch: &dispatch,
        status: &status,
        state: state_words(language, status.state),
        tone: tone(dispatch.state),
        audience: audience_words(language, &dispatch),
        left_out: left_out(language, &reasons),
        began: dispatch.started_at.map(|at| moment(language, publication, at)),
        ended: dispatch.finished_at.map(|at| moment(language, publication, at)),
        // What waits for the author has no end that could be told.
        time_left: status
            .seconds_left
            .filter(|_| moves)
            .map(|seconds| i18n::duration(language, seconds.unsigned_abs())),
        failures: rows,
        more,
        again,
        routes: instance.config.all_routes().len() > 1,
    })?;
    let edition = editions::by_id(&instance, dispatch.edition_id).await.or_internal()?;
    let title = edition.map_or_else(|| format!("#{id}"), |edition| edition.title);
    let mut page = desk.page(Some(publication), "dispatches", &title, body);
    page.back = Some(web::Link::new(t(language, "dispatch-title"), format!("/desk/{slug}/dispatches")));
    page.respond()
}

/// The relay of `smtp_url` was given no name by anybody.
fn route_words(language: Language, name: &str) -> String {
    if name == "default" { t(language, "routes-default") } else { name.to_owned() }
}

fn row(language: Language, publication: &Publication, failure: Failure) -> Row {
    let (key, tone) = match failure.state {
        "in doubt" => ("dispatch-row-doubt", "warn"),
        "deferred" => ("dispatch-row-deferred", "warn"),
        _ => ("dispatch-row-failed", "bad"),
    };
    let code = failure.code.map(|code| format!("{code} ")).unwrap_or_default();
    Row {
        email: failure.email.unwrap_or_else(|| t(language, "dispatch-row-deleted")),
        state: t(language, key),
        tone,
        answer: format!("{code}{}", failure.answer.unwrap_or_default()),
        route: failure.route.map(|name| route_words(language, &name)).unwrap_or_default(),
        when: failure.at.map(|at| moment(language, publication, at)).unwrap_or_default(),
    }
}

pub(super) async fn act(
    State(instance): State<Instance>,
    desk: Desk,
    Path((slug, id, act)): Path<(String, i64, String)>,
) -> Result<Response, WebError> {
    let (_, dispatch) = found(&instance, &desk, &slug, id, Act::Send).await?;
    let key = match act.as_str() {
        "pause" => {
            pause(&instance, dispatch.id, &desk.account.name).await.or_internal()?;
            "dispatch-said-paused"
        }
        "resume" => {
            resume(&instance, dispatch.id).await.or_internal()?;
            "dispatch-said-resumed"
        }
        "resend" => {
            resend_doubted(&instance, dispatch.id).await.or_internal()?;
            "dispatch-said-resent"
        }
        "resend-failed" => match resend_failed(&instance, dispatch.id).await {
            Ok(new) => {
                let to = format!("/desk/{slug}/dispatches/{}", new.id);
                return Ok(redirect::to(&said(&to, "dispatch-said-sending")));
            }
            Err(DispatchError::Nobody(_)) => "dispatch-said-nobody-failed",
            Err(DispatchError::Unfit { .. }) => "dispatch-said-unfit",
            Err(other) => return Err(WebError::internal(other)),
        },
        "stop" => {
            stop(&instance, dispatch.id).await.or_internal()?;
            "dispatch-said-stopped"
        }
        _ => return Err(WebError::NotFound),
    };
    Ok(redirect::to(&said(&format!("/desk/{slug}/dispatches/{id}"), key)))
}

pub(super) async fn failures_csv(
    State(instance): State<Instance>,
    desk: Desk,
    Path((slug, id)): Path<(String, i64)>,
) -> Result<Response, WebError> {
    found(&instance, &desk, &slug, id, Act::ManageReaders).await?;
    let mut csv = String::from("email,state,tries,at,code,answer,route\r\n");
    let mut after = 0;
    loop {
        let batch = failures(&instance, id, after, BATCH).await.or_internal()?;
        let Some(last) = batch.last() else { break };
        after = last.seq;
        for one in &batch {
            let at = one.at.and_then(|at| jiff::Timestamp::from_microsecond(at).ok());
            let fields = [
                one.email.clone().unwrap_or_default(),
                one.state.to_owned(),
                one.tries.to_string(),
                at.map(|at| at.to_string()).unwrap_or_default(),
                one.code.map(|code| code.to_string()).unwrap_or_default(),
                one.answer.clone().unwrap_or_default(),
                one.route.clone().unwrap_or_default(),
            ];
            csv.push_str(&fields.map(|field| quoted(&field)).join(","));
            csv.push_str("\r\n");
        }
    }
    let headers = [
        (CONTENT_TYPE, "text/csv; charset=utf-8".to_owned()),
        (CONTENT_DISPOSITION, format!("attachment; filename=\"dispatch-{id}-failures.csv\"")),
    ];
    Ok((headers, csv).into_response())
}

/// RFC 4180 2.6; a server's words never become a formula (ASVS 5.0, 1.2.10).
fn quoted(field: &str) -> String {
    let guard = if field.starts_with(['=', '+', '-', '@', '\t', '\r']) { "'" } else { "" };
    format!("\"{guard}{}\"", field.replace('"', "\"\""))
}
