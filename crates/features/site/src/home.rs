//! `/{publication}/`: the newest edition, those before it, and how to climb aboard.

use std::sync::Arc;

use askama::Template;
use axum::Extension;
use axum::extract::{Path, State};
use axum::http::header::LOCATION;
use axum::http::{HeaderMap, HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use editions::Edition;
use i18n::t;
use instance::Instance;
use letter::{Manner, set_text};
use web::{EmptyState, Link, OrInternal, Prepared, ReadingPage, WebError, rendered};

use crate::answer::{answer, page};
use crate::card;
use crate::issue::Issue;
use crate::known::Known;
use crate::shelf::Shelf;
use crate::subscribe::Subscribe;

/// The newest and the five before it.
const SHOWN: u64 = 6;

#[derive(Template)]
#[template(path = "home.html")]
struct Home<'a> {
    known: &'a Known,
    latest: Option<(Issue, String)>,
    cover: Option<String>,
    others: Vec<Issue>,
    count: String,
    empty: EmptyState,
    subscribe: Subscribe<'a>,
    about: Vec<String>,
    sisters: Vec<Sister>,
}

struct Sister {
    link: Link,
    tagline: Option<String>,
    language: &'static str,
}

impl Home<'_> {
    fn t(&self, key: &str) -> String {
        t(self.known.language(), key)
    }

    fn read(&self, issue: &Issue) -> String {
        self.known.t_with("site-read-title", &[("title", issue.title.as_str().into())])
    }
}

pub(crate) async fn show(
    State(instance): State<Instance>,
    Extension(shelf): Extension<Arc<Shelf>>,
    Path(slug): Path<String>,
    headers: HeaderMap,
) -> Result<Response, WebError> {
    answer(&instance, &shelf, &slug, "", &headers, async |known| make(&instance, known).await).await
}

/// `/gazette` is the home, too.
pub(crate) async fn to_home(
    State(instance): State<Instance>,
    Extension(shelf): Extension<Arc<Shelf>>,
    Path(slug): Path<String>,
) -> Result<Response, WebError> {
    let known = shelf.known(&instance, &slug).await?;
    Ok(moved(&known.path("/")))
}

/// 308: it has one address, and this is it.
pub(crate) fn moved(path: &str) -> Response {
    // Slugs are letters, digits and hyphens.
    let location = HeaderValue::from_str(path).unwrap_or(HeaderValue::from_static("/"));
    (StatusCode::PERMANENT_REDIRECT, [(LOCATION, location)]).into_response()
}

async fn make(instance: &Instance, known: &Known) -> Result<Prepared, WebError> {
    let publication = &known.publication;
    let (editions, total) = editions::published(instance, publication.id, 1, SHOWN).await.or_internal()?;
    let mut issues = editions.iter().map(|edition| Issue::of(instance, known, edition));
    let latest =
        issues.next().zip(editions.first()).map(|(issue, edition)| (issue, reading_time(known, edition)));
    let body = rendered(&Home {
        known,
        latest,
        cover: editions.first().and_then(|edition| card::cover(instance, known, edition)),
        others: issues.collect(),
        count: known.t_with("site-count", &[("n", total.into())]),
        empty: EmptyState {
            title: known.t("site-nothing-yet-title"),
            text: known.t("site-nothing-yet-text"),
            action: None,
        },
        subscribe: Subscribe::on(instance, known),
        about: paragraphs(known),
        sisters: sisters(known),
    })?;
    let description = card::about(known);
    let page_of = ReadingPage {
        description: description.as_deref(),
        canonical: Some(publication.url(instance, "/")),
        head: card::of_home(instance, known)?,
        front: true,
        wide: true,
        ..ReadingPage::new(&known.dress, known.language(), &publication.name, body)
    };
    page_of.render().map(page)
}

/// Words a minute of someone who reads on a screen for pleasure.
const A_MINUTE: usize = 230;

/// `8 min`.
pub(crate) fn reading_time(known: &Known, edition: &Edition) -> String {
    let minutes = editions::words(&edition.document).div_ceil(A_MINUTE).max(1);
    known.t_with("site-minutes", &[("n", minutes.into())])
}

fn paragraphs(known: &Known) -> Vec<String> {
    let manner = Manner::of(known.language().tag());
    let text = known.publication.description.as_deref().unwrap_or_default().replace('\r', "");
    let paragraphs = text.split("\n\n").map(str::trim).filter(|text| !text.is_empty());
    paragraphs.map(|text| set_text(text, manner)).collect()
}

fn sisters(known: &Known) -> Vec<Sister> {
    let sister = |sister: &publications::Publication| Sister {
        link: Link::new(&sister.name, format!("/{}/", sister.slug)),
        tagline: sister.tagline.clone(),
        language: sister.language.tag(),
    };
    known.sisters.iter().map(sister).collect()
}
