//! The desk's list of readers.

use accounts::Act;
use askama::Template;
use axum::body::{Body, Bytes};
use axum::extract::{Path, Query, State};
use axum::http::HeaderValue;
use axum::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use axum::response::{IntoResponse, Response};
use futures_util::stream;
use i18n::{Language, date_short, number, t};
use instance::Instance;
use jiff::Timestamp;
use policy::subscription::SubscriptionState;
use publications::{Desk, Publication};
use serde::Deserialize;
use store::{Row, params};
use web::{Choice, EmptyState, Field, Link, OrInternal, WebError, redirect, rendered};

use crate::model::{AudienceError, state};
use crate::queries::desk as queries;
use crate::{export_page, suppressed};

/// Readers on a page.
const SHOWN: usize = 50;
/// Behind every address that begins alike: no address holds this letter.
const LAST: char = '\u{10ffff}';

/// What the list is asked for.
#[derive(Deserialize, Default)]
pub(super) struct Asked {
    #[serde(default)]
    q: String,
    #[serde(default)]
    state: String,
    /// `moment.reader` of the last one on the page before.
    #[serde(default)]
    after: String,
}

/// One line of the list.
struct Line {
    id: i64,
    email: String,
    name: String,
    state: SubscriptionState,
    since_us: i64,
    since: String,
    source: String,
}

impl Line {
    fn from_row(row: &Row, language: Language, publication: &Publication) -> Result<Self, AudienceError> {
        let names = [row.opt_text(2)?, row.opt_text(3)?];
        let since_us = row.int(5)?;
        Ok(Line {
            id: row.int(0)?,
            email: row.text(1)?,
            name: names.into_iter().flatten().collect::<Vec<_>>().join(" "),
            state: state(row.int(4)?)?,
            since_us,
            since: day(since_us, language, publication),
            source: source(&row.text(6)?, language),
        })
    }
}

#[derive(Template)]
#[template(path = "audience/desk-readers.html")]
struct Readers<'a> {
    language: Language,
    slug: &'a str,
    counts: Vec<(String, String)>,
    search: Field,
    filter: Field,
    lines: Vec<Line>,
    empty: EmptyState,
    older: Option<String>,
    further: bool,
}

impl Readers<'_> {
    fn t(&self, key: &str) -> String {
        t(self.language, key)
    }

    fn state(&self, line: &Line) -> String {
        state_word(line.state, self.language)
    }

    fn class(&self, line: &Line) -> &'static str {
        state_class(line.state)
    }
}

pub(super) async fn show(
    State(instance): State<Instance>,
    Path(slug): Path<String>,
    Query(asked): Query<Asked>,
    desk: Desk,
) -> Result<Response, WebError> {
    let publication = desk.publication(&slug, Act::ManageReaders)?;
    let language = desk.language;
    let words = |key: &str| t(language, key);
    let wanted = SubscriptionState::ALL.into_iter().find(|state| state.name() == asked.state);
    let rows = rows(&instance, publication.id, &asked, wanted).await.or_internal()?;
    let more = rows.len() > SHOWN;
    let lines = rows
        .iter()
        .take(SHOWN)
        .map(|row| Line::from_row(row, language, publication))
        .collect::<Result<Vec<_>, _>>()
        .or_internal()?;
    let filtered = !asked.q.trim().is_empty() || wanted.is_some();
    let older = lines.last().filter(|_| more).map(|last| {
        let (q, state) = (redirect::query_value(asked.q.trim()), redirect::query_value(&asked.state));
        format!("/desk/{slug}/readers?q={q}&state={state}&after={}.{}", last.since_us, last.id)
    });
    let mut states = vec![Choice::new("", words("audience-desk-every"))];
    states.extend(SubscriptionState::ALL.map(|state| Choice::new(state.name(), state_word(state, language))));
    let empty = match filtered {
        true => EmptyState {
            title: words("audience-desk-empty-found-title"),
            text: words("audience-desk-empty-found-text"),
            action: None,
        },
        false => EmptyState {
            title: words("audience-desk-empty-title"),
            text: words("audience-desk-empty-text"),
            action: Some(Link::new(words("audience-desk-import"), format!("/desk/{slug}/readers/import"))),
        },
    };
    let body = rendered(&Readers {
        language,
        slug: &slug,
        counts: counts(&instance, publication.id, language).await?,
        search: Field::new(web::Kind::Input("search"), "q", words("audience-desk-search"))
            .value(asked.q.trim()),
        filter: Field::menu("state", words("audience-desk-filter"), states).value(&asked.state),
        lines,
        empty,
        older,
        further: !asked.after.is_empty(),
    })?;
    let title = words("audience-desk-title");
    let mut page = desk.page(Some(publication), "readers", &title, body);
    page.actions = format!(
        "<a class=\"button quiet\" href=\"/desk/{slug}/readers/export\">{}{}</a>\
         <a class=\"button\" href=\"/desk/{slug}/readers/import\">{}{}</a>",
        web::icon("download"),
        words("audience-desk-export"),
        web::icon("upload"),
        words("audience-desk-import"),
        slug = publication.slug,
    );
    page.respond()
}

async fn rows(
    instance: &Instance,
    publication_id: i64,
    asked: &Asked,
    wanted: Option<SubscriptionState>,
) -> Result<Vec<Row>, AudienceError> {
    let store = &instance.store;
    let most = SHOWN as i64 + 1;
    let after = asked.after.split_once('.');
    let after = after.and_then(|(us, id)| Some((us.parse::<i64>().ok()?, id.parse::<i64>().ok()?)));
    let prefix = asked.q.trim().to_ascii_lowercase();
    if !prefix.is_empty() {
        // The list by address goes on behind the last one shown.
        let last = match after {
            Some((_, id)) => crate::by_id(instance, id).await?.map(|reader| reader.email.key()),
            None => None,
        };
        // An address equals its prefix only if it is one: the range begins just before.
        let first = last.unwrap_or_else(|| before(&prefix));
        let end = format!("{prefix}{LAST}");
        return Ok(match wanted {
            Some(state) => {
                let values = params![publication_id, first, end, most, state.number()];
                store.read(queries::BY_ADDRESS_IN_STATE, values).await?
            }
            None => store.read(queries::BY_ADDRESS, params![publication_id, first, end, most]).await?,
        });
    }
    let (us, id) = after.unwrap_or((i64::MAX, i64::MAX));
    Ok(match wanted {
        Some(state) => {
            let values = params![publication_id, state.number(), us, id, most];
            store.read(queries::NEWEST_IN_STATE, values).await?
        }
        None => store.read(queries::NEWEST, params![publication_id, id, most]).await?,
    })
}

/// The text just before all those that begin with this one.
fn before(prefix: &str) -> String {
    let mut text: Vec<char> = prefix.chars().collect();
    if let Some(last) = text.pop() {
        text.extend(char::from_u32(last as u32 - 1));
        text.push(LAST);
    }
    text.into_iter().collect()
}

/// Each state with its number, and the blocked addresses.
async fn counts(
    instance: &Instance,
    publication_id: i64,
    language: Language,
) -> Result<Vec<(String, String)>, WebError> {
    let rows = instance.store.read(queries::COUNTS, params![publication_id]).await.or_internal()?;
    let mut counted = [0_i64; 4];
    for row in &rows {
        let at = usize::try_from(row.int(0).or_internal()?).unwrap_or(usize::MAX);
        if let Some(place) = counted.get_mut(at) {
            *place = row.int(1).or_internal()?;
        }
    }
    let [pending, active, paused, ended] = counted;
    let blocked = suppressed(instance, publication_id).await.or_internal()?;
    let shown = [
        ("audience-desk-count-active", active),
        ("audience-desk-count-pending", pending),
        ("audience-desk-count-paused", paused),
        ("audience-desk-count-ended", ended),
        ("audience-desk-count-suppressed", i64::try_from(blocked).unwrap_or(i64::MAX)),
    ];
    Ok(shown.map(|(key, n)| (t(language, key), number(language, n))).to_vec())
}

/// A file of all readers, written as it is read: nothing of it is kept in memory.
pub(super) async fn export(
    State(instance): State<Instance>,
    Path(slug): Path<String>,
    desk: Desk,
) -> Result<Response, WebError> {
    let publication = desk.publication(&slug, Act::ManageReaders)?;
    let id = publication.id;
    let pages = stream::try_unfold((instance, Some(None)), move |(instance, after)| async move {
        let Some(after) = after else { return Ok::<_, AudienceError>(None) };
        let page = export_page(&instance, id, after).await?;
        let next = page.next.map(Some);
        Ok(Some((Bytes::from(page.bytes), (instance, next))))
    });
    let mut response = Body::from_stream(pages).into_response();
    let name = format!("attachment; filename=\"{}.csv\"", publication.slug);
    let headers = response.headers_mut();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static("text/csv; charset=utf-8"));
    headers.insert(CONTENT_DISPOSITION, HeaderValue::from_str(&name).or_internal()?);
    Ok(response)
}

/// A day in the publication's time zone.
pub(super) fn day(us: i64, language: Language, publication: &Publication) -> String {
    let moment = Timestamp::from_microsecond(us).unwrap_or_default();
    date_short(language, publication.zone().to_datetime(moment).date())
}

pub(super) fn state_word(state: SubscriptionState, language: Language) -> String {
    t(language, &format!("audience-state-{}", state.name()))
}

pub(super) fn state_class(state: SubscriptionState) -> &'static str {
    match state {
        SubscriptionState::Active => "good",
        SubscriptionState::Pending => "warn",
        SubscriptionState::Paused | SubscriptionState::Ended => "",
    }
}

/// A source in words, where there are words for it.
pub(super) fn source(source: &str, language: Language) -> String {
    let key = format!("audience-source-{source}");
    if i18n::has(language, &key) { t(language, &key) } else { source.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_range_holds_all_addresses_that_begin_alike_and_no_others() {
        let (first, end) = (before("ada"), format!("ada{LAST}"));
        let held = |email: &str| email > first.as_str() && email < end.as_str();
        assert!(held("ada@a.example") && held("adam@z.example"));
        assert!(!held("acz@a.example") && !held("adb@a.example"));
    }
}
