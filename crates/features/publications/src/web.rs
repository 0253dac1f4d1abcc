//! The desk's pages about publications, and what every page of the desk begins with.

mod desk;
mod list;
mod new;
mod settings;

use axum::Router;
use axum::routing::get;
use instance::Instance;

pub use desk::Desk;

/// `/desk`, `/desk/new`, `/desk/{publication}/settings`.
pub fn routes() -> Router<Instance> {
    Router::new()
        .route("/desk", get(list::show))
        .route("/desk/new", get(new::show).post(new::create))
        .route("/desk/{publication}/settings", get(settings::show).post(settings::change))
}
