//! `/feedback`: complaints and suggestions.

use app::domain::complaint::{Complaint, ComplaintForm};
use app::domain::confirm::CaseNumber;
use app::pages::{self, Sent};
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::Response;

use super::{Fields, new_key, sent_back};
use crate::error::AppError;
use crate::seal::{new_id, random_u64};
use crate::site::{Site, Visitor, see_other};
use crate::store::{NewComplaint, StoreError};

/// The form.
pub(crate) async fn form(State(site): State<Site>, visitor: Visitor) -> Result<Response, AppError> {
    let key = new_key()?;
    let sent = Sent::fresh(ComplaintForm::default());
    Ok(site.page(&visitor, StatusCode::OK, || pages::complaint::form(&sent, &key)))
}

/// Takes the form.
pub(crate) async fn submit(
    State(site): State<Site>,
    visitor: Visitor,
    fields: Fields,
) -> Result<Response, AppError> {
    let key = fields.key(site.store())?;
    let form: ComplaintForm = fields.form()?;
    let complaint = match Complaint::parse(&form) {
        Ok(complaint) => complaint,
        Err(errors) => {
            let sent = sent_back(form, errors);
            // Nothing was kept with the key, so the same one goes on.
            let key = fields.get("idempotency_key");
            return Ok(
                site.page(&visitor, StatusCode::UNPROCESSABLE_ENTITY, || pages::complaint::form(&sent, key))
            );
        }
    };
    let (owner, cookie) = site.owner_or_new(&visitor)?;
    let now = site.clock().now();
    // Six random digits a day may meet once in a while; then new ones are drawn.
    for _ in 0..5 {
        let new = NewComplaint {
            id: new_id(now)?,
            number: CaseNumber::new("TS", now.shanghai_date(), random_u64()?).as_str().to_owned(),
            complaint: &complaint,
            received_at: now,
        };
        match site.store().keep_complaint(&new, &key, &owner).await {
            Ok(number) => return Ok(see_other(&format!("/feedback/{}", number.answer()), cookie)),
            Err(StoreError::Conflict) if site.store().complaint_exists(&new.number).await? => {}
            Err(other) => return Err(other.into()),
        }
    }
    Err(AppError::Unavailable)
}

/// It was received. The number alone says nothing about anybody.
pub(crate) async fn received(
    State(site): State<Site>,
    visitor: Visitor,
    Path(number): Path<String>,
) -> Result<Response, AppError> {
    if !site.store().complaint_exists(&number).await? {
        return Err(AppError::NotFound);
    }
    Ok(site.page(&visitor, StatusCode::OK, || pages::complaint::received(&number)))
}
