//! `/`: the letters of this house; with one letter alone, the way to it.

use std::collections::HashMap;

use askama::Template;
use axum::extract::State;
use axum::http::header::{LOCATION, VARY};
use axum::http::{HeaderMap, HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use i18n::{Language, date_long, t};
use instance::Instance;
use letter::{Manner, Rgb, set_text};
use publications::Publication;
use store::{Row, params};
use web::{Dress, EmptyState, Face, Link, OrInternal, PlainPage, ReadingPage, WebError, rendered};

use crate::answer::page;
use crate::known::timestamp;
use crate::{assets, queries};

#[derive(Template)]
#[template(path = "front.html")]
struct Front {
    language: Language,
    letters: Vec<Letter>,
}

struct Letter {
    name: String,
    home: String,
    language: Language,
    foreign: bool,
    tagline: Option<String>,
    accent: Rgb,
    newest: Option<Newest>,
}

struct Newest {
    link: Link,
    day: String,
    date: String,
}

impl Front {
    fn t(&self, key: &str) -> String {
        t(self.language, key)
    }
}

pub(crate) async fn show(
    State(instance): State<Instance>,
    face: Face,
    headers: HeaderMap,
) -> Result<Response, WebError> {
    let publications = publications::all(&instance).await.or_internal()?;
    match publications.as_slice() {
        [] => nothing_yet(&face),
        [only] => Ok(to_home(only)),
        several => list(&instance, &face, several, &headers).await,
    }
}

/// 302: tomorrow there may be a second one.
fn to_home(publication: &Publication) -> Response {
    // A slug is letters, digits and hyphens.
    let home = HeaderValue::from_str(&format!("/{}/", publication.slug));
    (StatusCode::FOUND, [(LOCATION, home.unwrap_or(HeaderValue::from_static("/desk")))]).into_response()
}

fn nothing_yet(face: &Face) -> Result<Response, WebError> {
    let words = |key: &str| t(face.language, key);
    let title = words("site-front-empty-title");
    let empty = EmptyState {
        title: title.clone(),
        text: words("site-front-empty-text"),
        action: Some(Link::new(words("site-front-empty-action"), "/desk")),
    };
    let page = PlainPage { here: "/", ..PlainPage::new(face.language, &title, empty.to_string()) };
    page.respond()
}

async fn list(
    instance: &Instance,
    face: &Face,
    publications: &[Publication],
    headers: &HeaderMap,
) -> Result<Response, WebError> {
    let mut newest = HashMap::new();
    for row in instance.store.read(queries::NEWEST_OF_EACH, params![]).await.or_internal()? {
        newest.insert(row.int(0).or_internal()?, row);
    }
    let mut letters = vec![];
    for publication in publications {
        let row = newest.get(&publication.id);
        letters.push(Letter {
            name: publication.name.clone(),
            home: format!("/{}/", publication.slug),
            language: publication.language,
            foreign: publication.language != face.language,
            tagline: publication.tagline.clone(),
            accent: publication.look.accent,
            newest: row.map(|row| newest_of(publication, row)).transpose().or_internal()?,
        });
    }
    let title = t(face.language, "site-front-title");
    let dress = Dress {
        name: title.clone(),
        home: "/".to_owned(),
        tagline: Some(t(face.language, "site-front-tagline")),
        stylesheets: vec![assets::url("site.css").to_owned()],
        foot: vec![Link::new(t(face.language, "site-front-desk"), "/desk")],
        ..Dress::default()
    };
    let body = rendered(&Front { language: face.language, letters })?;
    let html = ReadingPage {
        canonical: Some(instance.url("/")),
        front: true,
        wide: true,
        ..ReadingPage::new(&dress, face.language, &title, body)
    };
    let mut response = page(html.render()?).respond(headers);
    response.headers_mut().insert(VARY, HeaderValue::from_static("accept-language, cookie"));
    Ok(response)
}

fn newest_of(publication: &Publication, row: &Row) -> Result<Newest, store::StoreError> {
    let title = set_text(&row.text(2)?, Manner::of(publication.language.tag()));
    let day = publication.zone().to_datetime(timestamp(row.int(3)?)).date();
    Ok(Newest {
        link: Link::new(title, format!("/{}/{}", publication.slug, row.text(1)?)),
        day: day.to_string(),
        date: date_long(publication.language, day),
    })
}
