//! Signing in and out.

use askama::Template;
use axum::extract::{Path, Query, State};
use axum::http::HeaderMap;
use axum::http::header::SET_COOKIE;
use axum::response::Response;
use i18n::{Language, t, t_with};
use instance::Instance;
use serde::Deserialize;
use web::{
    Client, Face, Field, Form, Notice, OrInternal, PlainPage, WebConfig, WebError, cookie, redirect, rendered,
};

use crate::model::AccountError;
use crate::session::{self, Session};
use crate::{create, link};

#[derive(Deserialize, Default)]
pub(super) struct Back {
    #[serde(default)]
    back: String,
}

#[derive(Deserialize)]
pub(super) struct Credentials {
    email: String,
    password: String,
    #[serde(default)]
    back: String,
}

#[derive(Template)]
#[template(path = "sign-in.html")]
struct SignInForm<'a> {
    language: Language,
    email: Field,
    password: Field,
    back: &'a str,
}

impl SignInForm<'_> {
    fn t(&self, key: &str) -> String {
        t(self.language, key)
    }
}

#[derive(Template)]
#[template(path = "link.html")]
struct LinkForm {
    language: Language,
    good: bool,
}

impl LinkForm {
    fn t(&self, key: &str) -> String {
        t(self.language, key)
    }
}

pub(super) async fn show(
    State(instance): State<Instance>,
    face: Face,
    Query(back): Query<Back>,
) -> Result<Response, WebError> {
    if !create::exists(&instance).await.or_internal()? {
        return Ok(redirect::to("/desk/welcome"));
    }
    page(&face, "", &back.back, None)
}

pub(super) async fn sign_in(
    State(instance): State<Instance>,
    face: Face,
    client: Client,
    Form(given): Form<Credentials>,
) -> Result<Response, WebError> {
    let network = client.truncated();
    match crate::sign_in(&instance, &given.email, &given.password, network.as_deref()).await {
        Ok((_, session)) => Ok(enter(&instance, &session, redirect::local(&given.back).unwrap_or("/desk"))),
        Err(AccountError::Wait(seconds)) => {
            let minutes = seconds.div_ceil(60);
            let sentence = t_with(face.language, "accounts-sign-in-wait", &[("minutes", minutes.into())]);
            page(&face, &given.email, &given.back, Some(sentence))
        }
        Err(AccountError::Refused) => {
            page(&face, &given.email, &given.back, Some(t(face.language, "accounts-sign-in-refused")))
        }
        Err(other) => Err(WebError::internal(other)),
    }
}

fn page(face: &Face, email: &str, back: &str, wrong: Option<String>) -> Result<Response, WebError> {
    let language = face.language;
    let body = rendered(&SignInForm {
        language,
        email: Field::email("email", t(language, "accounts-email")).value(email).required().autofocus(),
        password: Field::password("password", t(language, "accounts-password"), "current-password")
            .required(),
        back,
    })?;
    let title = t(language, "accounts-sign-in-title");
    let here = "/desk/sign-in";
    PlainPage { notice: wrong.map(Notice::wrong), here, ..PlainPage::new(language, &title, body) }.respond()
}

pub(super) async fn show_link(
    State(instance): State<Instance>,
    face: Face,
    Path(token): Path<String>,
) -> Result<Response, WebError> {
    let good = link::is_good(&instance, &token).await.or_internal()?;
    let body = rendered(&LinkForm { language: face.language, good })?;
    PlainPage::new(face.language, &t(face.language, "accounts-sign-in-title"), body).respond()
}

pub(super) async fn use_link(
    State(instance): State<Instance>,
    face: Face,
    Path(token): Path<String>,
) -> Result<Response, WebError> {
    match link::sign_in_by_link(&instance, &token).await {
        Ok(session) => Ok(enter(&instance, &session, "/desk")),
        Err(AccountError::Refused) => {
            let body = rendered(&LinkForm { language: face.language, good: false })?;
            PlainPage::new(face.language, &t(face.language, "accounts-sign-in-title"), body).respond()
        }
        Err(other) => Err(WebError::internal(other)),
    }
}

pub(super) async fn sign_out(
    State(instance): State<Instance>,
    headers: HeaderMap,
) -> Result<Response, WebError> {
    let config = WebConfig::new(&instance.config.base_url);
    if let Some(token) = cookie::session(&headers, &config) {
        session::sign_out(&instance, token).await.or_internal()?;
    }
    let mut response = redirect::to("/desk/sign-in");
    if let Some(value) = cookie::clear_session(&config) {
        response.headers_mut().append(SET_COOKIE, value);
    }
    Ok(response)
}

/// Goes on with a session in the cookie.
pub(super) fn enter(instance: &Instance, session: &Session, to: &str) -> Response {
    let config = WebConfig::new(&instance.config.base_url);
    let mut response = redirect::to(to);
    if let Some(value) = cookie::set_session(&config, &session.token, session.lifetime_s) {
        response.headers_mut().append(SET_COOKIE, value);
    }
    response
}
