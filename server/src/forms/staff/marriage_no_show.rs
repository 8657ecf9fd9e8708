//! `/staff/marriage/{office}/door/{booking}/no-show…`: a clerk enters that a couple did not come, and settles their objection.

use axum::extract::{Path, State};
use axum::response::Response;

use super::marriage::clerk;
use crate::error::AppError;
use crate::forms::Fields;
use crate::site::{Site, see_other};
use crate::staff::StaffVisitor;
use crate::store::StoreError;
use crate::store::standards::Doer;

/// The couple's page, which says how things stand by now.
fn there(office: &str, booking: &str) -> Response {
    see_other(&format!("/staff/marriage/{office}/door/{booking}"), None)
}

/// Enters that a couple did not come.
pub(crate) async fn mark(
    State(site): State<Site>,
    staff: StaffVisitor,
    Path((office, booking)): Path<(String, String)>,
    fields: Fields,
) -> Result<Response, AppError> {
    let actor = clerk(&staff, &office).await?;
    let key = fields.key(site.store())?;
    site.store().office_marriage_booking(&office, &booking).await?;
    let doer = Doer { id: staff.staff_id(), actor: &actor };
    match site.store().mark_no_show((&office, &booking), doer, &key, site.clock().now()).await {
        Ok(()) => {
            site.messages_waiting().notify_one();
            Ok(there(&office, &booking))
        }
        Err(StoreError::Conflict) => Ok(there(&office, &booking)),
        Err(other) => Err(other.into()),
    }
}

/// Takes an entry back, or upholds it after an objection.
pub(crate) async fn settle(
    State(site): State<Site>,
    staff: StaffVisitor,
    Path((office, booking)): Path<(String, String)>,
    fields: Fields,
) -> Result<Response, AppError> {
    let actor = clerk(&staff, &office).await?;
    let key = fields.key(site.store())?;
    site.store().office_marriage_booking(&office, &booking).await?;
    let lifted = match fields.get("outcome") {
        "lifted" => true,
        "upheld" => false,
        _ => return Err(AppError::BadRequest),
    };
    let doer = Doer { id: staff.staff_id(), actor: &actor };
    match site.store().settle_no_show((&office, &booking, lifted), doer, &key, site.clock().now()).await {
        Ok(()) => {
            site.messages_waiting().notify_one();
            Ok(there(&office, &booking))
        }
        Err(StoreError::Conflict) => Ok(there(&office, &booking)),
        Err(other) => Err(other.into()),
    }
}
