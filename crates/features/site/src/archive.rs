//! `/{publication}/archive`: every edition by year, a page at a time, all or those on a subject.

use std::sync::Arc;

use askama::Template;
use axum::Extension;
use axum::extract::{Path, Query, State};
use axum::http::HeaderMap;
use axum::response::Response;
use i18n::t;
use instance::Instance;
use serde::Deserialize;
use web::{EmptyState, Link, OrInternal, Pages, Prepared, ReadingPage, WebError, redirect, rendered};

use crate::answer::{answer, page};
use crate::card;
use crate::issue::Issue;
use crate::known::Known;
use crate::shelf::Shelf;

/// Half a year of a weekly letter.
const A_PAGE: u64 = 26;
/// Longer than any subject; what is longer is not looked for.
const LONGEST_TAG: usize = 100;

/// Which part of the archive; what cannot be read is the first page of all.
#[derive(Deserialize)]
pub(crate) struct Part {
    #[serde(default)]
    page: String,
    #[serde(default)]
    tag: String,
}

struct Year {
    year: i16,
    issues: Vec<Issue>,
}

#[derive(Template)]
#[template(path = "archive.html")]
struct Archive<'a> {
    known: &'a Known,
    title: &'a str,
    count: String,
    tagged: bool,
    years: Vec<Year>,
    pages: Pages,
    empty: EmptyState,
}

impl Archive<'_> {
    fn t(&self, key: &str) -> String {
        t(self.known.language(), key)
    }
}

pub(crate) async fn show(
    State(instance): State<Instance>,
    Extension(shelf): Extension<Arc<Shelf>>,
    Path(slug): Path<String>,
    Query(part): Query<Part>,
    headers: HeaderMap,
) -> Result<Response, WebError> {
    let number = part.page.trim().parse::<u64>().unwrap_or(1).max(1);
    let tag = Some(part.tag.trim()).filter(|tag| !tag.is_empty());
    let key = format!("archive?{number}&{}", tag.unwrap_or_default());
    let make = async |known: &Known| make(&instance, known, number, tag).await;
    answer(&instance, &shelf, &slug, &key, &headers, make).await
}

async fn make(
    instance: &Instance,
    known: &Known,
    number: u64,
    tag: Option<&str>,
) -> Result<Prepared, WebError> {
    let id = known.publication.id;
    let (editions, total) = match tag {
        None => editions::published(instance, id, number, A_PAGE).await.or_internal()?,
        Some(tag) if tag.len() > LONGEST_TAG => return Err(WebError::NotFound),
        Some(tag) => editions::tagged(instance, id, tag, number, A_PAGE).await.or_internal()?,
    };
    // A page that is not there is not an empty one: it would be kept, and found by search engines.
    if editions.is_empty() && (number > 1 || tag.is_some()) {
        return Err(WebError::NotFound);
    }
    let title = match tag {
        Some(tag) => known.t_with("site-archive-tag", &[("tag", tag.into())]),
        None => known.t("site-archive"),
    };
    let base = match tag {
        Some(tag) => known.path(&format!("/archive?tag={}", redirect::query_value(tag))),
        None => known.path("/archive"),
    };
    let pages = Pages { language: known.language(), current: number, last: total.div_ceil(A_PAGE), base };
    let canonical = address(instance, &pages);
    let body = rendered(&Archive {
        known,
        title: &title,
        count: known.t_with("site-count", &[("n", total.into())]),
        tagged: tag.is_some(),
        years: by_year(editions.iter().map(|edition| Issue::of(instance, known, edition))),
        pages,
        empty: EmptyState {
            title: known.t("site-nothing-yet-title"),
            text: known.t("site-nothing-yet-text"),
            action: Some(Link::new(known.t("site-subscribe"), known.path("/subscribe"))),
        },
    })?;
    let description = known.t_with("site-archive-about", &[("name", known.publication.name.as_str().into())]);
    let page_of = ReadingPage {
        description: Some(&description),
        canonical: Some(canonical),
        head: card::of_list(instance, known, &title, &description)?,
        wide: true,
        ..ReadingPage::new(&known.dress, known.language(), &title, body)
    };
    page_of.render().map(page)
}

fn address(instance: &Instance, pages: &Pages) -> String {
    let mark = if pages.base.contains('?') { '&' } else { '?' };
    match pages.current {
        ..=1 => instance.url(&pages.base),
        page => instance.url(&format!("{}{mark}page={page}", pages.base)),
    }
}

fn by_year(issues: impl Iterator<Item = Issue>) -> Vec<Year> {
    let mut years: Vec<Year> = vec![];
    for issue in issues {
        let year = issue.day.year();
        match years.last_mut() {
            Some(last) if last.year == year => last.issues.push(issue),
            _ => years.push(Year { year, issues: vec![issue] }),
        }
    }
    years
}
