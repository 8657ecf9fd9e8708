//! `/notices`: what is put up in public, and objections to it by anybody.

use std::collections::BTreeMap;

use app::domain::aid::public_notice::{Objection, ObjectionForm};
use app::domain::area;
use app::pages::Sent;
use app::pages::notices::{self as pages, NoticePlace};
use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use axum::response::Response;

use super::{Fields, complaint_limits, count_tries, new_key, sent_back};
use crate::error::AppError;
use crate::site::{Site, Visitor, see_other};
use crate::store::StoreError;
use crate::store::public_notices::NewObjection;

/// Lines of one page.
const LINES: usize = 100;

/// The list. What the address says of a place that there is not is passed over.
pub(crate) async fn list(
    State(site): State<Site>,
    visitor: Visitor,
    Query(query): Query<BTreeMap<String, String>>,
) -> Result<Response, AppError> {
    let street = query.get("street").and_then(|code| area::street(code)).map(|street| street.code);
    let community = query
        .get("community")
        .and_then(|code| area::community(code))
        .filter(|community| Some(community.street_code) == street)
        .map(|community| community.code);
    let place = NoticePlace {
        street: street.unwrap_or_default().to_owned(),
        community: community.unwrap_or_default().to_owned(),
    };
    let asked = (place.street.as_str(), place.community.as_str());
    let count = i64::try_from(LINES + 1).unwrap_or(i64::MAX);
    let mut shown = site.store().public_notices(asked, site.clock().today(), count).await?;
    let more = shown.len() > LINES;
    shown.truncate(LINES);
    Ok(site.page(&visitor, StatusCode::OK, || pages::notices(&place, &shown, more)))
}

/// The form, or that the notice is over.
pub(crate) async fn form(
    State(site): State<Site>,
    visitor: Visitor,
    Path(id): Path<String>,
    Query(query): Query<BTreeMap<String, String>>,
) -> Result<Response, AppError> {
    if query.contains_key("done") {
        return Ok(site.page(&visitor, StatusCode::OK, pages::objected));
    }
    let Some(notice) = site.store().open_notice(&id, site.clock().today()).await? else {
        return Ok(site.page(&visitor, StatusCode::NOT_FOUND, pages::over));
    };
    let (key, sent) = (new_key()?, Sent::fresh(ObjectionForm::default()));
    Ok(site.page(&visitor, StatusCode::OK, || pages::object(&notice, &sent, &key, false)))
}

/// Takes the form.
pub(crate) async fn submit(
    State(site): State<Site>,
    visitor: Visitor,
    Path(id): Path<String>,
    fields: Fields,
) -> Result<Response, AppError> {
    let now = site.clock().now();
    let Some(notice) = site.store().open_notice(&id, now.shanghai_date()).await? else {
        return Ok(site.page(&visitor, StatusCode::NOT_FOUND, pages::over));
    };
    let key = fields.key(site.store())?;
    let form =
        ObjectionForm { text: fields.get("text").to_owned(), contact: fields.get("contact").to_owned() };
    let typed = fields.get("idempotency_key");
    let objection = match Objection::parse(&form) {
        Ok(objection) => objection,
        Err(errors) => {
            let sent = sent_back(form, errors);
            return Ok(site.page(&visitor, StatusCode::UNPROCESSABLE_ENTITY, || {
                pages::object(&notice, &sent, typed, false)
            }));
        }
    };
    match count_tries(&site, &complaint_limits(&site, &visitor)).await {
        Ok(()) => {}
        // What was written stays on the page, to be sent later.
        Err(AppError::TooManyTries { .. }) => {
            let sent = Sent::fresh(form);
            return Ok(site.page(&visitor, StatusCode::TOO_MANY_REQUESTS, || {
                pages::object(&notice, &sent, typed, true)
            }));
        }
        Err(other) => return Err(other),
    }
    let (device, cookie) = site.device_or_new(&visitor)?;
    let new = NewObjection { notice: &id, objection: &objection };
    match site.store().keep_objection(&new, &key, &device, now).await {
        Ok(_) => Ok(see_other(&format!("/notices/{id}/object?done=yes"), cookie)),
        Err(StoreError::NotFound) => Ok(site.page(&visitor, StatusCode::NOT_FOUND, pages::over)),
        Err(other) => Err(other.into()),
    }
}
