//! Whether the server lives and is ready.

use std::time::Duration;

use axum::Json;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use bindery_store::{Query, params};
use http::{StatusCode, header};
use serde::Serialize;
use tokio::time::timeout;
use utoipa::ToSchema;

use super::ApiError;
use crate::app::App;

/// Whoever asks for readiness gives up after some seconds, too.
const PATIENCE: Duration = Duration::from_secs(2);

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
    let (code, status) = match readiness(&app).await {
        Ok(()) => (StatusCode::OK, "ok"),
        Err(what) => (StatusCode::SERVICE_UNAVAILABLE, what),
    };
    (code, Json(HealthBody { status: status.to_owned() })).into_response()
}

/// Shows what was measured, in Prometheus' text format.
pub async fn get_metrics(State(app): State<App>) -> Result<Response, ApiError> {
    let telemetry = app.telemetry.as_ref().ok_or(ApiError::UnknownPath)?;
    if let Ok(Some(free)) = app.blobs.free_space() {
        #[expect(
            clippy::cast_precision_loss,
            reason = "gauges are floats; free space needs no last digit"
        )]
        metrics::gauge!("bindery_free_bytes").set(free as f64);
    }
    let kind = [(header::CONTENT_TYPE, "text/plain; version=0.0.4; charset=utf-8")];
    Ok((kind, telemetry.render()).into_response())
}

async fn readiness(app: &App) -> Result<(), &'static str> {
    let database = timeout(PATIENCE, app.store.query("select 1", params![])).await;
    match database {
        Ok(Ok(_)) => {}
        Ok(Err(error)) => {
            tracing::warn!(error = %error, "not ready: the database does not answer");
            return Err("the database does not answer");
        }
        Err(_) => return Err("the database does not answer in time"),
    }
    match timeout(PATIENCE, app.blobs.probe()).await {
        Ok(Ok(())) => Ok(()),
        Ok(Err(error)) => {
            tracing::warn!(error = %error, "not ready: the storage does not answer");
            Err("the storage does not answer")
        }
        Err(_) => Err("the storage does not answer in time"),
    }
}
