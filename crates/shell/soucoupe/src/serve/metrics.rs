//! `/metrics`, for Prometheus: requests as they are answered, and where the latest dispatches stand.
//!
//! The numbers of a dispatch are counts of its rows, which cost time with its size: they are read again every ten
//! seconds at most, and only for dispatches that are open or ended within the hour.

use std::sync::Arc;
use std::time::{Duration, Instant};

use axum::extract::{Request, State};
use axum::http::header::CONTENT_TYPE;
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use dispatch::Status;
use instance::Instance;
use prometheus_client::encoding::text::encode;
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::metrics::histogram::Histogram;
use prometheus_client::registry::Registry;
use tokio::sync::Mutex;
use web::{OrInternal, WebError};

type Labels = Vec<(&'static str, String)>;

/// How long counted rows stay good.
const GOOD_FOR: Duration = Duration::from_secs(10);
/// How long a dispatch that ended stays in the figures.
const SHOWN_AFTER: i64 = 3_600_000_000;
/// The newest dispatches of each publication that are looked at.
const LATEST: i64 = 20;
/// Seconds.
const BUCKETS: [f64; 9] = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.1, 0.25, 1.0, 5.0];

/// The figures of this process.
#[derive(Clone)]
pub(super) struct Metrics(Arc<Figures>);

struct Figures {
    instance: Instance,
    registry: Registry,
    requests: Family<Labels, Counter>,
    seconds: Histogram,
    deliveries: Family<Labels, Gauge>,
    open: Gauge,
    counted: Mutex<Option<Instant>>,
}

impl Metrics {
    pub(super) fn new(instance: &Instance) -> Self {
        let mut registry = Registry::with_prefix("soucoupe");
        let (requests, deliveries, open) = (Family::default(), Family::default(), Gauge::default());
        let seconds = Histogram::new(BUCKETS);
        registry.register("requests", "Requests answered, by method and status", requests.clone());
        registry.register("request_seconds", "Time to answer a request", seconds.clone());
        registry.register("deliveries", "Rows of dispatches of the last hour, by state", deliveries.clone());
        registry.register("dispatches_open", "Dispatches that may still send something", open.clone());
        let store = Family::<Labels, Gauge>::default();
        store.get_or_create(&vec![("engine", instance.store.engine().to_string())]).set(1);
        registry.register("store", "The engine that holds the state", store);
        let figures = Figures {
            instance: instance.clone(),
            registry,
            requests,
            seconds,
            deliveries,
            open,
            counted: Mutex::default(),
        };
        Metrics(Arc::new(figures))
    }
}

/// Around every route: counts what is answered.
pub(super) async fn count(State(metrics): State<Metrics>, request: Request, next: Next) -> Response {
    let started = Instant::now();
    // A stranger can invent methods; each would be a series of its own.
    let known = ["GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS"];
    let method = known.into_iter().find(|known| *known == request.method().as_str()).unwrap_or("other");
    let response = next.run(request).await;
    let labels = vec![("method", method.to_owned()), ("status", response.status().as_str().to_owned())];
    metrics.0.requests.get_or_create(&labels).inc();
    metrics.0.seconds.observe(started.elapsed().as_secs_f64());
    response
}

pub(super) async fn show(State(metrics): State<Metrics>) -> Result<Response, WebError> {
    let figures = &metrics.0;
    let mut counted = figures.counted.lock().await;
    if counted.is_none_or(|at| at.elapsed() >= GOOD_FOR) {
        recount(figures).await.or_internal()?;
        *counted = Some(Instant::now());
    }
    drop(counted);
    let mut text = String::new();
    encode(&mut text, &figures.registry).or_internal()?;
    let kind = "application/openmetrics-text; version=1.0.0; charset=utf-8";
    Ok(([(CONTENT_TYPE, kind)], text).into_response())
}

async fn recount(figures: &Figures) -> Result<(), dispatch::DispatchError> {
    let instance = &figures.instance;
    let (mut open, mut all) = (0, Vec::new());
    for publication in publications::all(instance).await? {
        for (dispatch, ..) in dispatch::list(instance, publication.id, LATEST, 0).await? {
            open += i64::from(dispatch.is_open());
            let fresh = dispatch.finished_at.is_none_or(|at| at > instance.now_us() - SHOWN_AFTER);
            if fresh {
                all.push((publication.slug.to_string(), dispatch::status(instance, dispatch.id).await?));
            }
        }
    }
    figures.open.set(open);
    figures.deliveries.clear();
    for (publication, status) in &all {
        for (state, rows) in states(status) {
            let labels = vec![
                ("publication", publication.clone()),
                ("dispatch", status.id.to_string()),
                ("state", state.to_owned()),
            ];
            figures.deliveries.get_or_create(&labels).set(rows);
        }
    }
    Ok(())
}

fn states(status: &Status) -> [(&'static str, i64); 7] {
    [
        ("pending", status.pending),
        ("claimed", status.claimed),
        ("in_doubt", status.in_doubt),
        ("accepted", status.accepted),
        ("deferred", status.deferred),
        ("failed", status.failed),
        ("left_out", status.left_out),
    ]
}
