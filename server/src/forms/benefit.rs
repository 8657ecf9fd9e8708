//! `/confirm/{number}/hearing` and `…/unchanged`: what the owner says of aid that is paid month by month.

use app::domain::aid::benefit::Heard;
use app::domain::form::FormErrors;
use app::pages::Sent;
use app::pages::confirm as pages;
use app::ports::BenefitStepLine;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::Response;

use super::aid::same_person;
use super::case::{own, receipt_of};
use super::follow_up::doing;
use super::{Fields, new_key, sent_back};
use crate::error::AppError;
use crate::site::{Site, Visitor};
use crate::store::case_acts::CaseRef;

/// The proposal that waits for the owner's word.
async fn waiting(site: &Site, case: &CaseRef) -> Result<Option<BenefitStepLine>, AppError> {
    let benefit = site.store().benefit_of(&case.area, &case.id).await?;
    Ok(benefit.and_then(|benefit| benefit.open_step().cloned()).filter(|line| line.heard.is_none()))
}

/// The form for one's own word.
pub(crate) async fn hearing_form(
    State(site): State<Site>,
    visitor: Visitor,
    Path(number): Path<String>,
) -> Result<Response, AppError> {
    let (case, _) = own(&site, &visitor, &number).await?;
    let Some(line) = waiting(&site, &case).await? else { return Ok(receipt_of(&case)) };
    let (sent, key) = (Sent::fresh(String::new()), new_key()?);
    Ok(site.page(&visitor, StatusCode::OK, || pages::hearing(&case.number, &line, &sent, &key)))
}

/// Takes it.
pub(crate) async fn hearing(
    State(site): State<Site>,
    visitor: Visitor,
    Path(number): Path<String>,
    fields: Fields,
) -> Result<Response, AppError> {
    let (case, owner) = own(&site, &visitor, &number).await?;
    same_person(&visitor, &fields)?;
    let heard = match Heard::online(fields.get("words"), site.clock().today()) {
        Ok(heard) => heard,
        Err(error) => {
            let Some(line) = waiting(&site, &case).await? else { return Err(AppError::Conflict) };
            let mut errors = FormErrors::default();
            errors.add("words", error);
            let (sent, key) = (sent_back(fields.get("words").to_owned(), errors), new_key()?);
            let status = StatusCode::UNPROCESSABLE_ENTITY;
            return Ok(site.page(&visitor, status, || pages::hearing(&case.number, &line, &sent, &key)));
        }
    };
    let doing = doing(&site, &visitor, owner, &fields)?;
    site.store().hear(&case, &heard, &doing).await?;
    Ok(receipt_of(&case))
}

/// Nothing has changed: one tap.
pub(crate) async fn unchanged(
    State(site): State<Site>,
    visitor: Visitor,
    Path(number): Path<String>,
    fields: Fields,
) -> Result<Response, AppError> {
    let (case, owner) = own(&site, &visitor, &number).await?;
    same_person(&visitor, &fields)?;
    let doing = doing(&site, &visitor, owner, &fields)?;
    site.store().say_unchanged(&case, &doing).await?;
    Ok(receipt_of(&case))
}
