//! `/{publication}/{edition}`: an edition to be read.

use std::sync::Arc;

use askama::Template;
use axum::Extension;
use axum::extract::{Path, State};
use axum::http::HeaderMap;
use axum::response::Response;
use editions::{Edition, Rendering};
use i18n::{date_time, t};
use instance::Instance;
use jiff::Timestamp;
use jiff::civil::DateTime;
use web::{Link, OrInternal, Prepared, ReadingPage, WebError, redirect, rendered};

use crate::answer::{answer, dressed, page};
use crate::home::{moved, reading_time};
use crate::issue::Issue;
use crate::known::Known;
use crate::shelf::Shelf;
use crate::subscribe::Subscribe;
use crate::{card, heart};

/// Longer than any slug: what is longer is not looked for.
const LONGEST_SLUG: usize = 200;

#[derive(Template)]
#[template(path = "edition.html")]
struct Page<'a> {
    known: &'a Known,
    issue: &'a Issue,
    minutes: String,
    /// The author's line, when it is the author's own and not the first words.
    standfirst: Option<&'a str>,
    authors: Option<String>,
    language: String,
    article: String,
    /// When it was written, where the article does not say so itself.
    written: Option<String>,
    /// How many hearts, in words.
    hearts: Option<String>,
    tags: Vec<Link>,
    url: &'a str,
    share_by_mail: String,
    previous: Option<Issue>,
    next: Option<Issue>,
    subscribe: Subscribe<'a>,
}

impl Page<'_> {
    fn t(&self, key: &str) -> String {
        t(self.known.language(), key)
    }
}

pub(crate) async fn show(
    State(instance): State<Instance>,
    Extension(shelf): Extension<Arc<Shelf>>,
    Path((slug, edition)): Path<(String, String)>,
    headers: HeaderMap,
) -> Result<Response, WebError> {
    let make = async |known: &Known| make(&instance, known, &edition).await;
    answer(&instance, &shelf, &slug, &edition, &headers, make).await
}

/// A slash too many is taken away, where there is an edition.
pub(crate) async fn without_slash(
    State(instance): State<Instance>,
    Extension(shelf): Extension<Arc<Shelf>>,
    Path((slug, edition)): Path<(String, String)>,
) -> Result<Response, WebError> {
    let known = shelf.known(&instance, &slug).await?;
    match find(&instance, &known, &edition).await {
        Ok(edition) => Ok(moved(&known.path(&format!("/{}", edition.slug)))),
        Err(error) => Ok(dressed(error, &known)),
    }
}

/// A public edition. A draft is nobody's business: it is not there, like one that never was.
async fn find(instance: &Instance, known: &Known, slug: &str) -> Result<Edition, WebError> {
    if slug.len() > LONGEST_SLUG || slug.contains('\0') {
        return Err(WebError::NotFound);
    }
    let edition = editions::find(instance, known.publication.id, slug).await.or_internal()?;
    edition.filter(Edition::is_public).ok_or(WebError::NotFound)
}

async fn make(instance: &Instance, known: &Known, slug: &str) -> Result<Prepared, WebError> {
    let edition = find(instance, known, slug).await?;
    let (previous, next) = editions::neighbours(instance, &edition).await.or_internal()?;
    let hearts = heart::count(instance, edition.id).await?;
    let rendering = Rendering::of(instance, &known.publication, &edition);
    let issue = Issue::of(instance, known, &edition);
    let neighbour = |edition: Option<Edition>| edition.map(|edition| Issue::of(instance, known, &edition));
    let own_line = edition.document.front.preheader.as_deref().is_some_and(|line| !line.trim().is_empty());
    let article = rendering.web().render_for_nobody();
    let body = rendered(&Page {
        known,
        issue: &issue,
        minutes: reading_time(known, &edition),
        standfirst: issue.summary.as_deref().filter(|_| own_line),
        authors: authors(known, &rendering),
        language: rendering.tag(),
        written: written(known, &edition, &article),
        article,
        hearts: (hearts > 0).then(|| heart::in_words(known, hearts)),
        tags: tags(known, &edition),
        url: rendering.page_url(),
        share_by_mail: share_by_mail(known, &issue, rendering.page_url()),
        previous: neighbour(previous),
        next: neighbour(next),
        subscribe: Subscribe::on(instance, known),
    })?;
    let description = issue.summary.as_deref();
    let title = &issue.title;
    let page_of = ReadingPage {
        description,
        canonical: Some(rendering.page_url().to_owned()),
        head: card::of_edition(instance, known, &edition, &rendering, description)?,
        ..ReadingPage::new(&known.dress, known.language(), title, body)
    };
    page_of.render().map(page)
}

/// `par Ada et Grace`.
fn authors(known: &Known, rendering: &Rendering) -> Option<String> {
    let (last, others) = rendering.authors().split_last()?;
    let who = match others {
        [] => last.clone(),
        others => format!("{} {} {last}", others.join(", "), known.t("site-and")),
    };
    Some(known.t_with("site-by", &[("who", who.as_str().into())]))
}

/// `Écrit le 23 novembre 2026 à 8 h 30.`, from the front matter. An as-of line in the article says it better.
fn written(known: &Known, edition: &Edition, article: &str) -> Option<String> {
    let text = edition.document.front.written_at.as_deref()?.trim();
    if article.contains("class=\"written\"") {
        return None;
    }
    let moment = match text.parse::<Timestamp>() {
        Ok(moment) => known.publication.zone().to_datetime(moment),
        Err(_) => text.parse::<DateTime>().ok()?,
    };
    Some(known.t_with("letter-written", &[("when", date_time(known.language(), moment).as_str().into())]))
}

fn tags(known: &Known, edition: &Edition) -> Vec<Link> {
    let link =
        |tag: &String| Link::new(tag, known.path(&format!("/archive?tag={}", redirect::query_value(tag))));
    edition.document.front.tags.iter().filter(|tag| !tag.trim().is_empty()).map(link).collect()
}

/// RFC 6068: a mail without a receiver; who shares chooses one.
fn share_by_mail(known: &Known, issue: &Issue, url: &str) -> String {
    let subject = known.t_with("site-share-subject", &[("title", issue.title.as_str().into())]);
    let body = format!("{}\n\n{url}", known.t("site-share-body"));
    // RFC 6068 5: a line break in a body is CR LF.
    let body = body.replace('\n', "\r\n");
    format!("mailto:?subject={}&body={}", redirect::query_value(&subject), redirect::query_value(&body))
}
