//! Every route of the house behind one guard.

use axum::Router;
use axum::middleware::from_fn_with_state;
use axum::routing::get;
use instance::Instance;
use web::{Guard, WebConfig};

use super::health;
use super::metrics::{self, Metrics};

/// All pages of an instance.
pub(super) fn whole(instance: &Instance) -> Router {
    let figures = Metrics::new(instance);
    let pages = Router::new()
        .route("/healthz", get(health::show))
        .merge(accounts::routes())
        .merge(publications::routes())
        .merge(audience::routes())
        .merge(editions::routes())
        .merge(dispatch::routes())
        .merge(routes::routes())
        .merge(returns::routes(returns::internet(instance.config.dns)))
        .merge(doctor::routes())
        .merge(catcher::routes())
        .merge(pictures_of_the_demo(instance))
        .merge(site::routes())
        .merge(web::routes())
        .with_state(instance.clone())
        .route("/metrics", get(metrics::show).with_state(figures.clone()));
    guard(instance).around(pages).layer(from_fn_with_state(figures, metrics::count))
}

/// A demo is an instance with a catcher; on any other its pictures have no place.
fn pictures_of_the_demo(instance: &Instance) -> Router<Instance> {
    if instance.config.catcher { demo::routes() } else { Router::new() }
}

fn guard(instance: &Instance) -> Guard {
    let config = WebConfig {
        catcher: instance.config.catcher,
        trusted_proxies: instance.config.trusted_proxies.clone(),
        ..WebConfig::new(&instance.config.base_url)
    };
    Guard::new(config)
}
