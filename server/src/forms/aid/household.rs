//! The pages of household members.

use app::domain::aid::{MemberForm, Step, is_member_id};
use app::pages::Sent;
use app::pages::aid::{self as pages, Around};
use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use axum::response::Response;

use super::{From, UNPROCESSABLE, apply_path, kept, online, page_of, same_person};
use crate::error::AppError;
use crate::forms::{Fields, sent_back};
use crate::seal::random_secret;
use crate::site::{Site, Visitor, see_other};
use crate::store::StoreError;

/// 8 lower-case letters or digits.
pub(crate) fn new_member_id() -> Result<String, AppError> {
    Ok(random_secret()?.chars().take(8).collect())
}

/// One member's page, new or known.
pub(crate) async fn member(
    State(site): State<Site>,
    visitor: Visitor,
    Path((item, id)): Path<(String, String)>,
    Query(from): Query<From>,
) -> Result<Response, AppError> {
    if !is_member_id(&id) {
        return Err(AppError::NotFound);
    }
    let around = around(&site, &item, from.check())?;
    let Some(kept) = kept(&site, &visitor, &item).await? else {
        return Ok(see_other(&apply_path(&item), None));
    };
    let today = site.clock().today();
    let known = kept.draft.members.iter().find(|(known, _)| *known == id).map(|(_, form)| form.clone());
    let is_known = known.is_some();
    let sent = match (kept.member_left, known) {
        // Left with errors: the same member, or a new one (a new page has a new id each time).
        (Some((left_id, form)), known)
            if left_id == id
                || (known.is_none() && !kept.draft.members.iter().any(|(m, _)| *m == left_id)) =>
        {
            let errors = kept.draft.check_member(&id, &form, today).err().unwrap_or_default();
            Sent { form, errors }
        }
        (_, Some(form)) => Sent::fresh(form),
        (_, None) => Sent::fresh(MemberForm::default()),
    };
    Ok(site.page(&visitor, StatusCode::OK, || pages::member(&id, &sent, is_known, around)))
}

/// What stands around a member's fields.
///
/// # Errors
/// The item asks about no household, or is not applied for here.
fn around(site: &Site, item: &str, from_check: bool) -> Result<Around, AppError> {
    let (step, pages) = page_of(site, item, Step::Household.as_str())?;
    Ok(Around { step, pages, service: online(site, item)?.asks().service, from_check })
}

/// Keeps one member, or shows the page again with its errors. The id stands in the address, so a button pressed
/// twice keeps one member.
pub(crate) async fn keep_member(
    State(site): State<Site>,
    visitor: Visitor,
    Path((item, id)): Path<(String, String)>,
    fields: Fields,
) -> Result<Response, AppError> {
    if !is_member_id(&id) {
        return Err(AppError::NotFound);
    }
    let around = around(&site, &item, fields.get("return_to") == "check")?;
    let from_check = around.from_check;
    same_person(&visitor, &fields)?;
    let form: MemberForm = fields.form()?;
    let Some(kept) = kept(&site, &visitor, &item).await? else { return Err(AppError::Conflict) };
    let Some(owner) = &visitor.visit.draft_owner else { return Err(AppError::Conflict) };
    let now = site.clock().now();
    if let Err(errors) = kept.draft.check_member(&id, &form, now.shanghai_date()) {
        site.store().keep_member_left(owner, &id, &form, now).await?;
        let known = kept.draft.members.iter().any(|(known, _)| *known == id);
        let sent = sent_back(form, errors);
        return Ok(site.page(&visitor, UNPROCESSABLE, || pages::member(&id, &sent, known, around)));
    }
    site.store().keep_member(owner, &id, &form, now).await?;
    Ok(see_other(&household_path(&item, from_check), None))
}

/// Removes one member.
pub(crate) async fn remove_member(
    State(site): State<Site>,
    visitor: Visitor,
    Path((item, id)): Path<(String, String)>,
    fields: Fields,
) -> Result<Response, AppError> {
    same_person(&visitor, &fields)?;
    let Some(owner) = &visitor.visit.draft_owner else { return Err(AppError::Conflict) };
    if kept(&site, &visitor, &item).await?.is_none() {
        return Err(AppError::Conflict);
    }
    match site.store().remove_member(owner, &id, site.clock().now()).await {
        Err(StoreError::NotFound) => Err(AppError::Conflict),
        Err(other) => Err(other.into()),
        Ok(()) => Ok(see_other(&household_path(&item, fields.get("return_to") == "check"), None)),
    }
}

fn household_path(item: &str, from_check: bool) -> String {
    let query = if from_check { "?from=check" } else { "" };
    format!("{}/{}{query}", apply_path(item), Step::Household.as_str())
}
