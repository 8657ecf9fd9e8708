//! `/staff/templates`: what residents are written, with made-up values.

use app::domain::notices::Notice;
use app::pages::staff::templates::{self as pages, READERS};
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::Response;

use crate::error::AppError;
use crate::site::Site;
use crate::staff::StaffVisitor;

/// All of them.
pub(crate) async fn list(State(site): State<Site>, staff: StaffVisitor) -> Result<Response, AppError> {
    staff.require_role(READERS).await?;
    let me = staff.me();
    Ok(site.page(&staff.visitor, StatusCode::OK, || pages::templates(&me)))
}

/// One of them as a letter.
pub(crate) async fn letter(
    State(site): State<Site>,
    staff: StaffVisitor,
    Path(id): Path<String>,
) -> Result<Response, AppError> {
    staff.require_role(READERS).await?;
    let samples = Notice::samples();
    let notice = samples.iter().find(|notice| notice.id() == id).ok_or(AppError::NotFound)?;
    let me = staff.me();
    Ok(site.page(&staff.visitor, StatusCode::OK, || pages::letter(&me, notice)))
}
