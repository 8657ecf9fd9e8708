//! `/staff`.

use app::pages::staff::home as pages;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;

use crate::error::AppError;
use crate::site::Site;
use crate::staff::StaffVisitor;

/// Today's work.
pub(crate) async fn home(State(site): State<Site>, staff: StaffVisitor) -> Result<Response, AppError> {
    let me = staff.me();
    Ok(site.page(&staff.visitor, StatusCode::OK, || pages::home(&me)))
}
