//! The desk's door.

mod door;
mod signed_in;
mod welcome;

use axum::Router;
use axum::routing::{get, post};
use instance::Instance;

pub use signed_in::SignedIn;

/// `/desk/welcome`, `/desk/sign-in`, `/desk/sign-in/{token}`, `/desk/sign-out`.
pub fn routes() -> Router<Instance> {
    Router::new()
        .route("/desk/welcome", get(welcome::show).post(welcome::create))
        .route("/desk/sign-in", get(door::show).post(door::sign_in))
        .route("/desk/sign-in/{token}", get(door::show_link).post(door::use_link))
        .route("/desk/sign-out", post(door::sign_out))
}
