//! `/healthz`: whether the database answers. For whoever watches the machine; it tells nothing else.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use instance::Instance;
use serde_json::json;

pub(super) async fn show(State(instance): State<Instance>) -> Response {
    match instance.store.schema().await {
        Ok(schema) => {
            let engine = instance.store.engine().to_string();
            Json(json!({ "status": "ok", "engine": engine, "schema": schema })).into_response()
        }
        Err(error) => {
            tracing::error!(%error, "the database does not answer");
            (StatusCode::SERVICE_UNAVAILABLE, Json(json!({ "status": "the database does not answer" })))
                .into_response()
        }
    }
}
