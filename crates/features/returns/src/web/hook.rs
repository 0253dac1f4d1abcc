//! `POST /hooks/{provider}`: notices of sending services. No session and no cookie: the signature over the body is
//! what counts.

use std::sync::Arc;

use axum::body::{Body, to_bytes};
use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use axum::{Extension, Json};
use instance::Instance;
use serde_json::json;
use tokio::task::JoinSet;
use web::WebError;
use webhooks::{Notice, Outcome, Provider, Request, WebhookError};

use crate::fetch::Fetcher;
use crate::model::{Event, Evidence, ReturnsError, Source};
use crate::take_in::take_in;
use crate::tokens;

/// Events taken in at the same time: their commits are one commit.
const TOGETHER: usize = 32;

pub(super) async fn take(
    State(instance): State<Instance>,
    Extension(fetcher): Extension<Arc<Fetcher>>,
    Path(name): Path<String>,
    headers: HeaderMap,
    body: Body,
) -> Result<Response, WebError> {
    // A service without a secret is not here: nothing it says could be believed.
    let provider = name.parse::<Provider>().map_err(|_| WebError::NotFound)?;
    let secrets = &instance.config.returns.webhooks;
    let secret = secrets.get(provider.as_str()).filter(|secret| !secret.trim().is_empty());
    let secret = secret.ok_or(WebError::NotFound)?;
    // Read only now: nobody makes us hold what nobody would look at.
    let Ok(body) = to_bytes(body, most(provider)).await else {
        return Ok(refused(provider, &WebhookError::TooLarge));
    };
    let headers = headers
        .iter()
        .filter_map(|(name, value)| Some((name.as_str().to_owned(), value.to_str().ok()?.to_owned())))
        .collect::<Vec<_>>();
    let request = Request { headers: &headers, body: &body, user: None };
    // Strangers do not make us fetch: only what speaks of our topic, or knows the password, is worth a certificate.
    let url = match webhooks::certificate_url(provider, &request, secret) {
        Ok(url) => url,
        Err(error) => return Ok(refused(provider, &error)),
    };
    let now = instance.now_us();
    let certificate = match &url {
        Some(url) => match fetcher.certificate(url, now).await {
            Ok(certificate) => Some(certificate),
            Err(why) => return Ok(later(provider, &why)),
        },
        None => None,
    };
    let outcome = match webhooks::read(provider, &request, secret, certificate.as_deref(), now) {
        Ok(outcome) => outcome,
        Err(error) => return Ok(refused(provider, &error)),
    };
    if let Some((url, certificate)) = url.zip(certificate) {
        fetcher.keep(url, certificate).await;
    }
    match outcome {
        Outcome::Notices(notices) => {
            let number = notices.len();
            // 2xx only once everything is committed: a service repeats what was not answered so.
            match take_all(&instance, provider, notices).await {
                Ok(()) => Ok(said(StatusCode::OK, json!({ "taken": number }))),
                Err(error @ ReturnsError::Spent) => {
                    tracing::warn!(%provider, %error, "a notice was refused");
                    Ok(said(StatusCode::FORBIDDEN, json!({ "error": error.to_string() })))
                }
                Err(error) => Ok(later(provider, &error.to_string())),
            }
        }
        Outcome::Confirm(url) => match fetcher.confirm(&url).await {
            Ok(()) => {
                tracing::info!(%provider, host = url.host_str(), "a topic of notices was confirmed");
                Ok(said(StatusCode::OK, json!({ "confirmed": true })))
            }
            Err(why) => Ok(later(provider, &why)),
        },
        Outcome::Ended { topic } => {
            tracing::warn!(%provider, topic, "a topic sends its notices no longer: bounces will go unnoticed");
            Ok(said(StatusCode::OK, json!({ "taken": 0 })))
        }
    }
}

/// The largest body of a service.
const fn most(provider: Provider) -> usize {
    match provider {
        Provider::Ses | Provider::Scaleway | Provider::Mailgun => webhooks::LARGEST_UNPROVED,
        _ => webhooks::LARGEST_BODY,
    }
}

async fn take_all(instance: &Instance, provider: Provider, notices: Vec<Notice>) -> Result<(), ReturnsError> {
    let mut under_way = JoinSet::new();
    for notice in notices {
        if under_way.len() >= TOGETHER {
            ended(&mut under_way).await?;
        }
        let (instance, event) = (instance.clone(), event(instance, provider, notice));
        under_way.spawn(async move { take_in(&instance, &event).await.map(|_| ()) });
    }
    while !under_way.is_empty() {
        ended(&mut under_way).await?;
    }
    Ok(())
}

async fn ended(under_way: &mut JoinSet<Result<(), ReturnsError>>) -> Result<(), ReturnsError> {
    match under_way.join_next().await {
        Some(Ok(result)) => result,
        // A task that panicked has not committed: the service has to repeat it.
        Some(Err(_)) => Err(store::StoreError::Closed.into()),
        None => Ok(()),
    }
}

fn event(instance: &Instance, provider: Provider, notice: Notice) -> Event {
    let now = instance.now_us();
    let id = notice.message_id.as_deref();
    Event {
        key: format!("hook:{}", notice.event_key),
        source: Source::Webhook(provider.as_str()),
        at: notice.at.map_or(now, |at| at.clamp(0, now)),
        action: notice.action,
        reason: notice.reason,
        status: notice.status,
        words: notice.words,
        evidence: Evidence {
            mail: id.and_then(|id| tokens::of_message_id(instance, id)),
            notice: id.and_then(|id| tokens::notice_of_message_id(instance, id)),
            signed: true,
            address: notice.address.and_then(|text| text.parse().ok()),
            relay_id: notice.relay_id,
            once: notice.token.map(|token| format!("{provider}:{token}")),
            ..Evidence::default()
        },
    }
}

/// The sentence goes to the log too: whoever sets a service up looks there.
fn refused(provider: Provider, error: &WebhookError) -> Response {
    tracing::warn!(%provider, %error, "a notice was refused");
    let status = match error {
        WebhookError::NoProof(_) => StatusCode::UNAUTHORIZED,
        error if error.is_forgery() => StatusCode::FORBIDDEN,
        WebhookError::TooLarge | WebhookError::TooMany => StatusCode::PAYLOAD_TOO_LARGE,
        _ => StatusCode::BAD_REQUEST,
    };
    said(status, json!({ "error": error.to_string() }))
}

fn later(provider: Provider, why: &str) -> Response {
    tracing::error!(%provider, why, "a notice could not be taken in; the service will repeat it");
    said(
        StatusCode::SERVICE_UNAVAILABLE,
        json!({ "error": "the notice cannot be taken in now; send it again" }),
    )
}

fn said(status: StatusCode, body: serde_json::Value) -> Response {
    (status, Json(body)).into_response()
}
