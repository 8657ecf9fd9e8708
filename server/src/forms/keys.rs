//! The public keys of confirmations: for programs, and as a sheet for the counter.

use app::domain::confirm::keys::JwkSet;
use app::domain::time::Instant;
use app::pages::confirm::keys::{self as pages, KeyFact, KeyState};
use axum::extract::State;
use axum::http::StatusCode;
use axum::http::header::{ACCESS_CONTROL_ALLOW_ORIGIN, CACHE_CONTROL, CONTENT_TYPE, HeaderValue};
use axum::response::{IntoResponse as _, Response};

use crate::confirm;
use crate::error::AppError;
use crate::site::{Site, Visitor};

/// Public for any page of anybody; five minutes old at most.
fn published(content_type: &'static str, body: Vec<u8>) -> Response {
    let headers = [
        (CONTENT_TYPE, HeaderValue::from_static(content_type)),
        (CACHE_CONTROL, HeaderValue::from_static("public, max-age=300")),
        (ACCESS_CONTROL_ALLOW_ORIGIN, HeaderValue::from_static("*")),
    ];
    (headers, body).into_response()
}

/// The JWK set.
pub(crate) async fn jwk_set(State(site): State<Site>) -> Result<Response, AppError> {
    let set = JwkSet::of(site.keys().public());
    let json = serde_json::to_vec_pretty(&set).map_err(|cause| AppError::Internal(cause.into()))?;
    Ok(published("application/jwk-set+json", json))
}

/// The COSE key set.
pub(crate) async fn cose_key_set(State(site): State<Site>) -> Result<Response, AppError> {
    let set = confirm::cose_key_set(site.keys().public())?;
    Ok(published("application/cose-key-set", set))
}

/// The sheet with the fingerprints.
pub(crate) async fn sheet(State(site): State<Site>, visitor: Visitor) -> Response {
    let ring = site.keys();
    let signing = ring.signing().public().id;
    let facts: Vec<KeyFact> = ring
        .public()
        .all()
        .iter()
        .map(|key| KeyFact {
            id: key.id.to_string(),
            fingerprint: key.fingerprint(),
            since: key.made_at.map(Instant::shanghai_date),
            state: match (key.lost, key.retired_at) {
                (true, _) => KeyState::Lost,
                (false, Some(end)) => KeyState::Retired(end.shanghai_date()),
                (false, None) if key.id == signing => KeyState::Signs,
                (false, None) => KeyState::StandsBy,
            },
        })
        .collect();
    let today = site.clock().today();
    site.page(&visitor, StatusCode::OK, || pages::sheet(&facts, &site.settings().issuer, today))
}
