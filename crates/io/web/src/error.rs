//! What a handler fails with, and what the reader is told.
//!
//! A handler returns the error; the guard makes the page. Every page says what happened, what was kept and what to
//! do. An internal error is logged once, here, under the reference that the page shows.

use std::error::Error;
use std::sync::Arc;

use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE, LOCATION, RETRY_AFTER};
use axum::http::{HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use i18n::{t, t_with};

use crate::{Dress, Face, PlainPage, ReadingPage, redirect, rendered};

/// Why a request got no page.
#[derive(Debug, thiserror::Error)]
pub enum WebError {
    /// There is nothing here, or nothing this person may know of.
    #[error("nothing is at this address")]
    NotFound,
    /// The thing is here, and this person may not do that.
    #[error("not allowed")]
    Forbidden,
    /// Whoever asks must sign in first, and then comes back.
    #[error("not signed in")]
    SignInNeeded {
        /// Path to come back to.
        back: String,
    },
    /// What was sent cannot be used; the sentence, in the reader's language, says why.
    #[error("bad request: {0}")]
    BadRequest(String),
    /// It was true a moment ago and is not any more; the sentence, in the reader's language, says what changed.
    #[error("conflict: {0}")]
    Conflict(String),
    /// Too often.
    #[error("too many requests")]
    TooMany {
        /// Seconds to wait.
        retry_after_s: u64,
    },
    /// The body is larger than this address takes.
    #[error("the request is too large")]
    TooLarge,
    /// The address is right, the method is not.
    #[error("the method is not allowed here")]
    WrongMethod,
    /// A form was sent from another site's page.
    #[error("the request came from another site")]
    CrossSite,
    /// The request names a host that is not ours.
    #[error("the host is not ours")]
    UnknownHost,
    /// The answer took too long.
    #[error("the answer took too long")]
    TooSlow,
    /// Our own fault.
    #[error("internal error")]
    Internal(#[source] Box<dyn Error + Send + Sync>),
}

impl WebError {
    /// An error of another crate that nobody here can act on.
    pub fn internal(source: impl Into<Box<dyn Error + Send + Sync>>) -> Self {
        WebError::Internal(source.into())
    }

    /// The status of the answer.
    pub fn status(&self) -> StatusCode {
        match self {
            WebError::NotFound => StatusCode::NOT_FOUND,
            WebError::Forbidden | WebError::CrossSite => StatusCode::FORBIDDEN,
            WebError::SignInNeeded { .. } => StatusCode::UNAUTHORIZED,
            WebError::BadRequest(_) => StatusCode::BAD_REQUEST,
            WebError::Conflict(_) => StatusCode::CONFLICT,
            WebError::TooMany { .. } => StatusCode::TOO_MANY_REQUESTS,
            WebError::TooLarge => StatusCode::PAYLOAD_TOO_LARGE,
            WebError::WrongMethod => StatusCode::METHOD_NOT_ALLOWED,
            WebError::UnknownHost => StatusCode::MISDIRECTED_REQUEST,
            WebError::TooSlow => StatusCode::SERVICE_UNAVAILABLE,
            WebError::Internal(_) => StatusCode::INTERNAL_SERVER_ERROR,
        }
    }

    /// The middle of the keys of its words.
    fn key(&self) -> &'static str {
        match self {
            WebError::NotFound => "not-found",
            WebError::Forbidden => "forbidden",
            WebError::SignInNeeded { .. } => "sign-in",
            WebError::BadRequest(_) => "bad-request",
            WebError::Conflict(_) => "conflict",
            WebError::TooMany { .. } => "too-many",
            WebError::TooLarge => "too-large",
            WebError::WrongMethod => "method",
            WebError::CrossSite => "cross-site",
            WebError::UnknownHost => "host",
            WebError::TooSlow => "slow",
            WebError::Internal(_) => "internal",
        }
    }

    /// What stands for an answer that has a bad status and no words of ours: an extractor's or the router's.
    fn from_status(status: StatusCode) -> Self {
        match status.as_u16() {
            403 => WebError::Forbidden,
            404 | 410 => WebError::NotFound,
            405 => WebError::WrongMethod,
            409 => WebError::Conflict(String::new()),
            413 => WebError::TooLarge,
            429 => WebError::TooMany { retry_after_s: 60 },
            400..=499 => WebError::BadRequest(String::new()),
            _ => WebError::internal(format!("answered {status} without an error")),
        }
    }
}

/// Turns an error that only the log can use into a [`WebError`]: `store.read(..).await.or_internal()?`.
pub trait OrInternal<T> {
    /// The value, or the error as an internal one.
    fn or_internal(self) -> Result<T, WebError>;
}

impl<T, E: Into<Box<dyn Error + Send + Sync>>> OrInternal<T> for Result<T, E> {
    fn or_internal(self) -> Result<T, WebError> {
        self.map_err(WebError::internal)
    }
}

/// Put into a response's extensions beside an error: the page of the error then wears a publication's dress.
#[derive(Clone, Debug)]
pub struct Dressed {
    /// The publication's dress.
    pub dress: Arc<Dress>,
    /// The publication's language.
    pub language: i18n::Language,
}

#[derive(Clone)]
struct Failed(Arc<WebError>);

impl IntoResponse for WebError {
    fn into_response(self) -> Response {
        let mut response = self.status().into_response();
        response.extensions_mut().insert(Failed(Arc::new(self)));
        response
    }
}

/// Gives an answer without a page the page of its error; leaves every other answer alone.
pub(crate) fn with_page(mut response: Response, face: &Face, reference: &str) -> Response {
    let error = match response.extensions_mut().remove::<Failed>() {
        Some(Failed(error)) => error,
        None if is_bare(&response) => Arc::new(WebError::from_status(response.status())),
        None => return response,
    };
    if let WebError::Internal(source) = &*error {
        tracing::error!(error = %chain(&**source), "a request failed");
    }
    let mut answer = match (&*error, face.here.starts_with("/api/")) {
        (WebError::SignInNeeded { back }, false) => {
            let mut answer = StatusCode::SEE_OTHER.into_response();
            let to = format!(
                "/desk/sign-in?back={}",
                redirect::query_value(redirect::local(back).unwrap_or("/desk"))
            );
            answer.headers_mut().insert(
                LOCATION,
                HeaderValue::from_str(&to).unwrap_or(HeaderValue::from_static("/desk/sign-in")),
            );
            answer
        }
        (_, true) => problem(&error, face, reference),
        (_, false) => page(&error, face, reference, response.extensions().get::<Dressed>()),
    };
    for (name, value) in response.headers() {
        // What the handler said beside the error stays (Allow, Set-Cookie, ...); what described its body does not.
        if !answer.headers().contains_key(name) && name != "content-length" && name != CONTENT_TYPE {
            answer.headers_mut().append(name, value.clone());
        }
    }
    answer.headers_mut().insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    if let WebError::TooMany { retry_after_s } = &*error {
        answer.headers_mut().insert(RETRY_AFTER, HeaderValue::from(*retry_after_s));
    }
    answer
}

fn is_bare(response: &Response) -> bool {
    let status = response.status();
    (status.is_client_error() || status.is_server_error())
        && response.headers().get(CONTENT_TYPE).is_none_or(|kind| kind.as_bytes().starts_with(b"text/plain"))
}

/// Title, sentences.
fn words(error: &WebError, language: i18n::Language) -> (String, String) {
    let key = error.key();
    let title = t(language, &format!("web-error-{key}-title"));
    let text = match error {
        WebError::BadRequest(sentence) | WebError::Conflict(sentence) if !sentence.is_empty() => {
            sentence.clone()
        }
        WebError::TooMany { retry_after_s } => {
            let minutes = retry_after_s.div_ceil(60);
            t_with(language, "web-error-too-many-text", &[("minutes", minutes.into())])
        }
        _ => t(language, &format!("web-error-{key}-text")),
    };
    (title, text)
}

fn page(error: &WebError, face: &Face, reference: &str, dressed: Option<&Dressed>) -> Response {
    // Whoever is lost is spoken to in their own language, also inside a letter in another.
    let language = face.asked.or(dressed.map(|dressed| dressed.language)).unwrap_or(face.language);
    let (title, text) = words(error, language);
    let home = dressed.map_or("/", |dressed| dressed.dress.home.as_str());
    let home = if face.here.starts_with("/desk") { "/desk" } else { home };
    let needs_reference = error.status().is_server_error();
    let body = rendered(&ErrorBody {
        language,
        title: &title,
        text: &text,
        status: error.status().as_u16(),
        home,
        reference: needs_reference.then_some(reference),
    });
    let page = body.and_then(|body| match dressed {
        Some(dressed) => {
            let mut page = ReadingPage::new(&dressed.dress, language, &title, body);
            page.noindex = true;
            page.render()
        }
        None => PlainPage { here: &face.here, ..PlainPage::new(language, &title, body) }.render(),
    });
    match page {
        Ok(page) => (error.status(), axum::response::Html(page)).into_response(),
        // Not even the page could be made: the sentence alone, never a blank screen.
        Err(_) => (error.status(), text).into_response(),
    }
}

// RFC 9457: problem details for those who are not people.
fn problem(error: &WebError, face: &Face, reference: &str) -> Response {
    let (title, detail) = words(error, face.language);
    let status = error.status();
    let body = serde_json::json!({
        "type": "about:blank",
        "title": title,
        "status": status.as_u16(),
        "detail": detail,
        "instance": format!("urn:request:{reference}"),
    });
    (status, [(CONTENT_TYPE, "application/problem+json")], body.to_string()).into_response()
}

#[derive(askama::Template)]
#[template(path = "error.html")]
struct ErrorBody<'a> {
    language: i18n::Language,
    title: &'a str,
    text: &'a str,
    status: u16,
    home: &'a str,
    reference: Option<&'a str>,
}

impl ErrorBody<'_> {
    fn t(&self, key: &str) -> String {
        t(self.language, key)
    }
}

/// An error with its causes, each said once.
fn chain(error: &(dyn Error + 'static)) -> String {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(error) = cause {
        let said = error.to_string();
        if !text.ends_with(&said) {
            text.push_str(": ");
            text.push_str(&said);
        }
        cause = error.source();
    }
    text
}
