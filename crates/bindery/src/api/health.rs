//! Whether the server lives and is ready.

use axum::Json;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use bindery_store::{Query, params};
use http::StatusCode;
use serde::Serialize;
use utoipa::ToSchema;

use crate::app::App;

/// What `/healthz` and `/readyz` answer.
#[derive(Debug, Serialize, ToSchema)]
pub struct HealthBody {
    /// `ok`, or what is wrong.
    #[schema(example = "ok")]
    pub status: String,
}

/// Says that the process lives.
#[utoipa::path(get, path = "/healthz", operation_id = "Operation_getHealth", tag = "Operation", security(()),
    responses((status = 200, description = "The process lives.", body = HealthBody)))]
pub async fn get_health() -> Json<HealthBody> {
    Json(HealthBody { status: "ok".to_owned() })
}

/// Says whether the server can do its work.
#[utoipa::path(get, path = "/readyz", operation_id = "Operation_getReadiness", tag = "Operation", security(()),
    responses(
        (status = 200, description = "Database and storage answer.", body = HealthBody),
        (status = 503, description = "One of them does not; says which.", body = HealthBody)))]
pub async fn get_readiness(State(app): State<App>) -> Response {
    let (code, status) = match app.store.query("select 1", params![]).await {
        Ok(_) => (StatusCode::OK, "ok".to_owned()),
        Err(error) => {
            tracing::warn!(error = %error, "the server is not ready");
            (StatusCode::SERVICE_UNAVAILABLE, "the database does not answer".to_owned())
        }
    };
    (code, Json(HealthBody { status })).into_response()
}
