//! The language a person is spoken to.

use std::convert::Infallible;

use axum::Router;
use axum::extract::FromRequestParts;
use axum::http::header::{ACCEPT_LANGUAGE, SET_COOKIE};
use axum::http::request::Parts;
use axum::http::{HeaderMap, Uri};
use axum::response::Response;
use axum::routing::post;
use i18n::Language;
use serde::Deserialize;

use crate::{Form, cookie, redirect};

/// What a page wants to know about whoever opens it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Face {
    /// The language chosen before, else the one the browser asks for, else English.
    pub language: Language,
    /// The same, if anything was chosen or asked for.
    pub asked: Option<Language>,
    /// The path and query of this request: where to come back to.
    pub here: String,
}

impl Face {
    pub(crate) fn of(headers: &HeaderMap, uri: &Uri) -> Self {
        Face {
            language: language_of(headers),
            asked: asked(headers),
            here: uri.path_and_query().map_or("/", |part| part.as_str()).to_owned(),
        }
    }
}

pub(crate) fn language_of(headers: &HeaderMap) -> Language {
    asked(headers).unwrap_or_default()
}

fn asked(headers: &HeaderMap) -> Option<Language> {
    cookie::read(headers, cookie::LANGUAGE)
        .map(Language::from_tag)
        .or_else(|| headers.get(ACCEPT_LANGUAGE)?.to_str().ok().and_then(Language::from_accept))
}

impl<S: Sync> FromRequestParts<S> for Face {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Infallible> {
        Ok(Face::of(&parts.headers, &parts.uri))
    }
}

#[derive(Deserialize)]
struct Choice {
    language: String,
    #[serde(default)]
    back: String,
}

/// `POST /desk/language`: remembers a language and goes back.
pub(crate) fn routes<S: Clone + Send + Sync + 'static>() -> Router<S> {
    Router::new().route("/desk/language", post(choose))
}

async fn choose(Form(choice): Form<Choice>) -> Response {
    let mut response = redirect::to(redirect::local(&choice.back).unwrap_or("/desk"));
    if let Some(value) = cookie::language(Language::from_tag(&choice.language)) {
        response.headers_mut().append(SET_COOKIE, value);
    }
    response
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::http::HeaderValue;
    use axum::http::header::COOKIE;

    #[test]
    fn a_chosen_language_goes_before_the_browsers() {
        for (cookie, accept, language) in [
            (None, None, Language::English),
            (None, Some("fr-FR,fr;q=0.9,en;q=0.5"), Language::French),
            (Some("a=b; lang=en"), Some("fr"), Language::English),
            (Some("lang=fr"), None, Language::French),
        ] {
            let mut headers = HeaderMap::new();
            if let Some(value) = cookie {
                headers.insert(COOKIE, HeaderValue::from_static(value));
            }
            if let Some(value) = accept {
                headers.insert(ACCEPT_LANGUAGE, HeaderValue::from_static(value));
            }
            assert_eq!(language_of(&headers), language, "{cookie:?} {accept:?}");
        }
    }
}
