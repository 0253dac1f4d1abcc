//! Asking to subscribe: the page, the small form for other sites, and the door for programs.

use askama::Template;
use axum::Json;
use axum::extract::rejection::JsonRejection;
use axum::extract::{Path, State};
use axum::http::header::CONTENT_SECURITY_POLICY;
use axum::http::{HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use i18n::{Language, t, t_with};
use instance::Instance;
use publications::Publication;
use serde::Deserialize;
use web::{Client, EMBED_POLICY, Field, Form as Sent, OrInternal, PlainPage, Problems, WebError, rendered};
use wire::Address;

use super::page;
use crate::model::{AudienceError, Form};
use crate::stamp::{self, Stamp};
use crate::{Request, subscribe};

/// What a form sends. The field `website` is a trap: people do not see it.
#[derive(Deserialize, Default)]
pub(super) struct Given {
    #[serde(default)]
    email: String,
    #[serde(default)]
    first_name: String,
    #[serde(default)]
    stamp: String,
    #[serde(default)]
    website: String,
}

#[derive(Template)]
#[template(path = "audience/subscribe.html")]
struct SignUp<'a> {
    language: Language,
    name: &'a str,
    action: String,
    stamp: String,
    email: Field,
    first_name: Option<Field>,
    framed: bool,
    again: bool,
}

impl SignUp<'_> {
    fn t(&self, key: &str) -> String {
        t(self.language, key)
    }

    fn named(&self, key: &str) -> String {
        t_with(self.language, key, &[("name", self.name.into())])
    }
}

#[derive(Template)]
#[template(path = "audience/asked.html")]
struct Asked<'a> {
    language: Language,
    name: &'a str,
    archive: String,
    framed: bool,
}

impl Asked<'_> {
    fn t(&self, key: &str) -> String {
        t(self.language, key)
    }

    fn named(&self, key: &str) -> String {
        t_with(self.language, key, &[("name", self.name.into())])
    }
}

pub(super) async fn show(
    State(instance): State<Instance>,
    Path(slug): Path<String>,
) -> Result<Response, WebError> {
    let publication = page::publication(&instance, &slug).await?;
    form(&instance, &publication, Form::Page, &Given::default(), &Problems::new(), false).await
}

pub(super) async fn ask(
    State(instance): State<Instance>,
    Path(slug): Path<String>,
    client: Client,
    Sent(given): Sent<Given>,
) -> Result<Response, WebError> {
    asked(&instance, &slug, Form::Page, client, given).await
}

pub(super) async fn show_embed(
    State(instance): State<Instance>,
    Path(slug): Path<String>,
) -> Result<Response, WebError> {
    let publication = page::publication(&instance, &slug).await?;
    form(&instance, &publication, Form::Embed, &Given::default(), &Problems::new(), false).await
}

pub(super) async fn ask_embed(
    State(instance): State<Instance>,
    Path(slug): Path<String>,
    client: Client,
    Sent(given): Sent<Given>,
) -> Result<Response, WebError> {
    asked(&instance, &slug, Form::Embed, client, given).await
}

async fn asked(
    instance: &Instance,
    slug: &str,
    which: Form,
    client: Client,
    given: Given,
) -> Result<Response, WebError> {
    let publication = page::publication(instance, slug).await?;
    let language = publication.language;
    // What fell into the trap is thanked like everybody else, and learns nothing.
    if !given.website.is_empty() {
        return thanks(instance, &publication, which).await;
    }
    let mut problems = Problems::new();
    let Ok(email) = Address::parse(&given.email) else {
        problems.add("email", t(language, "audience-email-wrong"));
        return form(instance, &publication, which, &given, &problems, false).await;
    };
    if stamp::check(instance, publication.id, &given.stamp) != Stamp::Good {
        return form(instance, &publication, which, &given, &problems, true).await;
    }
    let network = client.truncated();
    let request = Request {
        email: &email,
        first_name: Some(&given.first_name),
        language: None,
        wording: &wording(&publication),
        form: which,
        network: network.as_deref(),
    };
    told(subscribe(instance, &publication, request).await)?;
    thanks(instance, &publication, which).await
}

/// The exact words beside the button, as they are kept.
fn wording(publication: &Publication) -> String {
    let (language, name) = (publication.language, publication.name.as_str());
    let consent = t_with(language, "audience-subscribe-consent", &[("name", name.into())]);
    format!("{consent} [{}]", t(language, "audience-subscribe-button"))
}

fn told(result: Result<(), AudienceError>) -> Result<(), WebError> {
    match result {
        Err(AudienceError::Wait(seconds)) => Err(WebError::TooMany { retry_after_s: seconds }),
        other => other.or_internal(),
    }
}

async fn form(
    instance: &Instance,
    publication: &Publication,
    which: Form,
    given: &Given,
    problems: &Problems,
    again: bool,
) -> Result<Response, WebError> {
    let language = publication.language;
    let framed = which == Form::Embed;
    let title = t_with(language, "audience-subscribe-title", &[("name", publication.name.as_str().into())]);
    let end = if framed { "embed" } else { "subscribe" };
    let email = Field::email("email", t(language, "audience-email")).value(&given.email).required();
    let first_name = Field::text("first_name", t(language, "audience-subscribe-first-name"))
        .value(&given.first_name)
        .autocomplete("given-name");
    let body = rendered(&SignUp {
        language,
        name: &publication.name,
        action: format!("/{}/{end}", publication.slug),
        stamp: stamp::stamp(instance, publication.id),
        email: email.checked(problems),
        first_name: (!framed).then_some(first_name),
        framed,
        again,
    })?;
    if !framed {
        return page::inviting(instance, publication, &title, body).await;
    }
    dressed(instance, publication, which, &title, body).await
}

async fn thanks(instance: &Instance, publication: &Publication, which: Form) -> Result<Response, WebError> {
    let language = publication.language;
    let title = t(language, "audience-asked-title");
    let framed = which == Form::Embed;
    let archive = format!("/{}/archive", publication.slug);
    let body = rendered(&Asked { language, name: &publication.name, archive, framed })?;
    dressed(instance, publication, which, &title, body).await
}

async fn dressed(
    instance: &Instance,
    publication: &Publication,
    which: Form,
    title: &str,
    body: String,
) -> Result<Response, WebError> {
    if which != Form::Embed {
        return page::reading(instance, publication, publication.language, title, body, None).await;
    }
    let page = PlainPage {
        framed: true,
        stylesheets: vec![format!("/{}/look.css", publication.slug)],
        ..PlainPage::new(publication.language, title, body)
    };
    let mut response = page.respond()?;
    response.headers_mut().insert(CONTENT_SECURITY_POLICY, HeaderValue::from_static(EMBED_POLICY));
    Ok(response)
}

/// What a program sends.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Subscription {
    email: String,
    #[serde(default)]
    first_name: Option<String>,
    #[serde(default)]
    language: Option<String>,
}

pub(super) async fn ask_api(
    State(instance): State<Instance>,
    Path(slug): Path<String>,
    client: Client,
    body: Result<Json<Subscription>, JsonRejection>,
) -> Result<Response, WebError> {
    let publication = page::publication(&instance, &slug).await?;
    let Json(given) = body.map_err(|rejection| WebError::BadRequest(rejection.body_text()))?;
    let email =
        Address::parse(&given.email).map_err(|error| WebError::BadRequest(format!("email: {error}")))?;
    let network = client.truncated();
    let request = Request {
        email: &email,
        first_name: given.first_name.as_deref(),
        language: given.language.as_deref().map(Language::from_tag),
        wording: &wording(&publication),
        form: Form::Api,
        network: network.as_deref(),
    };
    told(subscribe(&instance, &publication, request).await)?;
    // Whether the address was known is told to its mailbox, not to whoever asks.
    Ok((StatusCode::ACCEPTED, Json(serde_json::json!({ "state": "asked" }))).into_response())
}
