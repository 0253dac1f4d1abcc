//! What stands around every route.
//!
//! One pass, in this order: a reference and a span for the log; is the host ours; does an unsafe method come from our
//! own pages; then the handler, with a limit on its time and on the size of the body, and nothing lost if it panics;
//! then a page for an error, and the security headers.

mod headers;
mod host;
mod origin;
mod trace;
mod watch;

use std::sync::Arc;
use std::time::{Duration, Instant};

use axum::Router;
use axum::extract::{DefaultBodyLimit, Request, State};
use axum::http::Method;
use axum::middleware::{Next, from_fn_with_state};
use axum::response::{IntoResponse, Response};
use tracing::Instrument;

use crate::{Face, WebConfig, WebError, error};

pub use headers::{EMBED_POLICY, LETTER_POLICY, PAGE_POLICY, PREVIEW_POLICY};
pub use origin::exempt;
pub use trace::RequestId;

/// An edition of 100,000 words is far below; a file is sent to a route that allows more for itself.
const BODY_LIMIT: usize = 2 * 1024 * 1024;
/// A person has left long before.
const TIME_LIMIT: Duration = Duration::from_secs(60);

/// The rules for letting requests in.
#[derive(Clone)]
pub struct Guard {
    /// Handed to every handler as `Extension<Arc<WebConfig>>`.
    pub config: Arc<WebConfig>,
    /// Host names, with a port when it is not the scheme's own, that we answer to besides that of the base address.
    pub hosts: Vec<String>,
    /// Bytes of a body, where a route does not set its own `DefaultBodyLimit`.
    pub body_limit: usize,
    /// How long a handler may take to begin its answer.
    pub time_limit: Duration,
    /// The paths on which an unsafe method may come from anywhere, because it carries no cookie's authority.
    pub exempt: fn(&Method, &str) -> bool,
}

impl Guard {
    /// The usual rules.
    pub fn new(config: WebConfig) -> Self {
        Guard {
            config: Arc::new(config),
            hosts: vec![],
            body_limit: BODY_LIMIT,
            time_limit: TIME_LIMIT,
            exempt: origin::exempt,
        }
    }

    /// The routes with this guard around them, their fallback included.
    pub fn around(self, routes: Router) -> Router {
        let limit = DefaultBodyLimit::max(self.body_limit);
        routes.layer(limit).layer(from_fn_with_state(Arc::new(self), pass))
    }
}

async fn pass(State(guard): State<Arc<Guard>>, mut request: Request, next: Next) -> Response {
    let started = Instant::now();
    let id = RequestId::new();
    let span = trace::span(&request, &id);
    let face = Face::of(request.headers(), request.uri());
    request.extensions_mut().insert(Arc::clone(&guard.config));
    request.extensions_mut().insert(id.clone());
    async {
        let response = match refusal(&guard, &request) {
            Some(error) => error.into_response(),
            None => watch::over(next.run(request), guard.time_limit).await,
        };
        let mut response = error::with_page(response, &face, id.as_str());
        headers::add(response.headers_mut(), &face.here, guard.config.secure);
        trace::answered(response.status(), started.elapsed());
        response
    }
    .instrument(span)
    .await
}

fn refusal(guard: &Guard, request: &Request) -> Option<WebError> {
    let path = request.uri().path();
    if !host::is_ours(guard, request) {
        return Some(WebError::UnknownHost);
    }
    let safe = request.method().is_safe() || (guard.exempt)(request.method(), path);
    (!safe && !origin::is_ours(request.headers(), &guard.config)).then_some(WebError::CrossSite)
}

#[cfg(test)]
mod tests;
