//! The error at the HTTP edge: one enum, one status for each arm, and a cause that is logged here and never sent.
//!
//! A refusal that a form can explain beside a field is no `AppError`; the form renders it with status 422.

use axum::http::header::RETRY_AFTER;
use axum::http::{HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};

use crate::session::Ended;

/// What a handler answers when it cannot do what was asked. The answer has no body: the error page layer
/// (`middleware::error_pages`) paints it.
#[derive(Debug, thiserror::Error)]
pub(crate) enum AppError {
    /// The request makes no sense, and no page of ours makes one like it.
    #[error("bad request")]
    BadRequest,
    /// A staff member asked for what none of their posts allows.
    #[error("forbidden")]
    Forbidden,
    /// Nothing is there, or nothing that this person may know of.
    #[error("not found")]
    NotFound,
    /// Only somebody who is signed in can do this; they sign in and come back to `next`, a path of ours.
    #[error("sign in first")]
    SignInFirst {
        /// Where to go afterwards.
        next: String,
    },
    /// Not taken, and a page of its own says why.
    #[error("not taken")]
    NotTaken(Ended),
    /// Something else happened in between, or the same key came with another content.
    #[error("conflict")]
    Conflict,
    /// Tried too often; `retry_after` is the wait in seconds.
    #[error("too many tries")]
    TooManyTries {
        /// Seconds until the next try.
        retry_after: u64,
    },
    /// Not now: something that this depends on does not answer.
    #[error("unavailable")]
    Unavailable,
    /// A fault of ours. The cause goes to the log, once, and to nobody else.
    #[error("internal error")]
    Internal(#[from] anyhow::Error),
}

impl AppError {
    /// The status of the answer.
    pub(crate) fn status_code(&self) -> StatusCode {
        match self {
            Self::BadRequest => StatusCode::BAD_REQUEST,
            Self::Forbidden | Self::NotTaken(_) => StatusCode::FORBIDDEN,
            Self::NotFound => StatusCode::NOT_FOUND,
            Self::SignInFirst { .. } => StatusCode::SEE_OTHER,
            Self::Conflict => StatusCode::CONFLICT,
            Self::TooManyTries { .. } => StatusCode::TOO_MANY_REQUESTS,
            Self::Unavailable => StatusCode::SERVICE_UNAVAILABLE,
            Self::Internal(_) => StatusCode::INTERNAL_SERVER_ERROR,
        }
    }
}

impl IntoResponse for AppError {
    fn into_response(self) -> Response {
        if let Self::Internal(cause) = &self {
            // The request's number comes from the span around it (`telemetry::log_requests`).
            // `{:#}` writes the chain of causes on one line.
            tracing::error!(cause = format!("{cause:#}"), "internal error");
        }
        if let Self::SignInFirst { next } = &self {
            return crate::site::see_other(&crate::forms::sign_in::path_with_next(next), None);
        }
        let mut response = self.status_code().into_response();
        if let Self::NotTaken(why) = self {
            response.extensions_mut().insert(why);
        }
        if let Self::TooManyTries { retry_after } = self {
            response.headers_mut().insert(RETRY_AFTER, HeaderValue::from(retry_after));
        }
        response
    }
}

#[cfg(test)]
mod tests {
    use anyhow::anyhow;

    use super::*;

    #[tokio::test]
    async fn an_internal_error_keeps_its_cause_to_itself() {
        let response = AppError::from(anyhow!("password of the database")).into_response();
        assert_eq!(response.status(), StatusCode::INTERNAL_SERVER_ERROR);
        let body = axum::body::to_bytes(response.into_body(), 1024).await.unwrap();
        assert!(body.is_empty());
    }

    #[test]
    fn the_display_of_an_internal_error_does_not_tell_the_cause() {
        assert_eq!(AppError::from(anyhow!("secret")).to_string(), "internal error");
    }

    #[test]
    fn too_many_tries_say_how_long_to_wait() {
        let response = AppError::TooManyTries { retry_after: 90 }.into_response();
        assert_eq!(response.status(), StatusCode::TOO_MANY_REQUESTS);
        assert_eq!(response.headers()[RETRY_AFTER], "90");
    }
}
