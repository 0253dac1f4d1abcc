//! The page of the routes at the desk.

mod choose;
mod show;

use axum::Router;
use axum::routing::get;
use instance::Instance;

/// `/desk/{publication}/routes`.
pub fn routes() -> Router<Instance> {
    Router::new().route("/desk/{publication}/routes", get(show::show).post(choose::choose))
}
