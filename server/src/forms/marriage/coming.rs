//! `/marriage/bookings/{booking}/coming`: a couple that was asked says that it still comes.

use app::domain::marriage::BookingState;
use axum::extract::{Path, State};
use axum::response::Response;

use super::booking::{own, owner};
use crate::error::AppError;
use crate::forms::Fields;
use crate::site::{Site, Visitor, see_other};

/// They still come. Nothing else changes: silence is no cancelling.
pub(crate) async fn say(
    State(site): State<Site>,
    visitor: Visitor,
    Path(id): Path<String>,
    fields: Fields,
) -> Result<Response, AppError> {
    let key = fields.key(site.store())?;
    let owner = owner(&visitor)?;
    let (booking, _) = own(&site, &visitor, &id).await?;
    if booking.state == BookingState::Firm {
        site.store().say_coming(&id, (&owner, &visitor.actor()), &key, site.clock().now()).await?;
    }
    Ok(see_other(&format!("/marriage/bookings/{id}"), None))
}
