//! `/aid/tell`: somebody tells of a household that seems to be in need.

use app::domain::aid::found::{Found, FoundForm};
use app::domain::confirm::CaseNumber;
use app::pages::Sent;
use app::pages::aid as pages;
use axum::extract::{Path, State};
use axum::http::header::RETRY_AFTER;
use axum::http::{HeaderValue, StatusCode};
use axum::response::Response;

use super::follow_up::due_after;
use super::{Fields, complaint_limits, count_tries, new_key, sent_back};
use crate::error::AppError;
use crate::seal::{new_id, random_u64};
use crate::site::{Site, Visitor, see_other};
use crate::store::StoreError;
use crate::store::found::{KEY, NewFound};

/// The form.
pub(crate) async fn form(State(site): State<Site>, visitor: Visitor) -> Result<Response, AppError> {
    let (sent, key) = (Sent::fresh(FoundForm::default()), new_key()?);
    let days = site.settings().found_visit_days;
    Ok(site.page(&visitor, StatusCode::OK, || pages::tell(&sent, &key, days, false)))
}

fn told(number: &str) -> String {
    format!("/aid/tell/{number}")
}

/// Takes the form. It asks for no account and keeps nobody's: whoever tells stays unknown.
pub(crate) async fn submit(
    State(site): State<Site>,
    visitor: Visitor,
    fields: Fields,
) -> Result<Response, AppError> {
    let key = fields.key(site.store())?;
    let field = |name: &str| fields.get(name).to_owned();
    let form = FoundForm {
        teller: field("teller"),
        street: field("street"),
        community: field("community"),
        detail: field("detail"),
        story: field("story"),
        contact: field("contact"),
    };
    let days = site.settings().found_visit_days;
    let found = match Found::parse(&form) {
        Ok(found) => found,
        Err(errors) => {
            let sent = sent_back(form, errors);
            // Nothing was kept with the key, so the same one goes on.
            let (status, key) = (StatusCode::UNPROCESSABLE_ENTITY, fields.get("idempotency_key"));
            return Ok(site.page(&visitor, status, || pages::tell(&sent, key, days, false)));
        }
    };
    if let Some(device) = &visitor.device
        && let Some(number) = site.store().answer_before(&key, device, KEY).await?
    {
        return Ok(see_other(&told(&number), None));
    }
    // Counted with complaints: both are what anybody may send.
    match count_tries(&site, &complaint_limits(&site, &visitor)).await {
        Ok(()) => {}
        Err(AppError::TooManyTries { retry_after }) => {
            let (sent, key) = (Sent::fresh(form), fields.get("idempotency_key"));
            let status = StatusCode::TOO_MANY_REQUESTS;
            let mut page = site.page(&visitor, status, || pages::tell(&sent, key, days, true));
            page.headers_mut().insert(RETRY_AFTER, HeaderValue::from(retry_after));
            return Ok(page);
        }
        Err(other) => return Err(other),
    }
    let (device, cookie) = site.device_or_new(&visitor)?;
    let now = site.clock().now();
    let today = now.shanghai_date();
    for _ in 0..5 {
        let new = NewFound {
            id: new_id(now)?,
            number: CaseNumber::new("FX", today, random_u64()?).as_str().to_owned(),
            found: &found,
            received_at: now,
            due_on: due_after(today, days),
        };
        match site.store().keep_found(&new, &key, &device).await {
            Ok(number) => return Ok(see_other(&told(&number.answer()), cookie)),
            // Six random digits a day may meet once in a while; then new ones are drawn.
            Err(StoreError::Conflict) if site.store().told_household(&new.number).await?.is_some() => {}
            Err(other) => return Err(other.into()),
        }
    }
    Err(AppError::Unavailable)
}

/// How the visit stands.
pub(crate) async fn received(
    State(site): State<Site>,
    visitor: Visitor,
    Path(number): Path<String>,
) -> Result<Response, AppError> {
    let told = site.store().told_household(&number).await?.ok_or(AppError::NotFound)?;
    Ok(site.page(&visitor, StatusCode::OK, || pages::told(&told)))
}
