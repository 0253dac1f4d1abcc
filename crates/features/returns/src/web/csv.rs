//! Everything that came back, as a file.

use accounts::Act;
use axum::extract::{Path, Query, State};
use axum::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use axum::response::{IntoResponse, Response};
use instance::Instance;
use policy::returns::Action;
use publications::Desk;
use serde::Deserialize;
use web::{OrInternal, WebError};

use crate::find::{self, Return, Wanted};

/// Returns read at once.
const BATCH: i64 = 5_000;
/// Returns in one file: some 100 MB.
const MOST: usize = 500_000;

#[derive(Deserialize, Default)]
pub(super) struct Asked {
    #[serde(default)]
    action: String,
    dispatch: Option<i64>,
    #[serde(default)]
    of: String,
}

pub(super) async fn show(
    State(instance): State<Instance>,
    desk: Desk,
    Path(slug): Path<String>,
    Query(asked): Query<Asked>,
) -> Result<Response, WebError> {
    let publication = desk.publication(&slug, Act::ManageReaders)?;
    let mut wanted = Wanted {
        dispatch: asked.dispatch,
        action: asked.action.parse::<Action>().ok(),
        of_nobody: asked.of == super::list::OF_NOBODY,
        before: None,
    };
    let mut csv = String::from("at,email,action,reason,status,words,followed,source,dispatch\r\n");
    let mut rows = 0;
    while rows < MOST {
        let batch = find::returns(&instance, publication.id, wanted, BATCH).await.or_internal()?;
        let Some(last) = batch.last() else { break };
        wanted.before = Some((last.received_at, last.id));
        rows += batch.len();
        for one in batch {
            write(one, &mut csv);
        }
    }
    let headers = [
        (CONTENT_TYPE, "text/csv; charset=utf-8".to_owned()),
        (CONTENT_DISPOSITION, format!("attachment; filename=\"{slug}-returns.csv\"")),
    ];
    Ok((headers, csv).into_response())
}

fn write(one: Return, csv: &mut String) {
    let at = jiff::Timestamp::from_microsecond(one.received_at).map(|at| at.to_string());
    let fields = [
        at.unwrap_or_default(),
        one.address.unwrap_or_default(),
        one.action.as_str().to_owned(),
        one.reason,
        one.status.unwrap_or_default(),
        one.words.unwrap_or_default(),
        one.followed,
        one.source,
        one.dispatch_id.map(|id| id.to_string()).unwrap_or_default(),
    ];
    csv.push_str(&fields.map(|field| quoted(&field)).join(","));
    csv.push_str("\r\n");
}

/// RFC 4180 2.6; a server's words never become a formula (ASVS 5.0, 1.2.10).
fn quoted(field: &str) -> String {
    let guard = if field.starts_with(['=', '+', '-', '@', '\t', '\r']) { "'" } else { "" };
    format!("\"{guard}{}\"", field.replace('"', "\"\""))
}
