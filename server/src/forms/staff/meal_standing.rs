//! `/staff/meal-orders/{eater}/standing`: a standing order that somebody tells on the telephone, its pause and its end.

use app::domain::meals::{KeptEater, StandingForm};
use app::pages::Sent;
use app::pages::meals::PauseForm;
use app::pages::staff::meal_standing::{self as pages, StandingDesk};
use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use axum::response::Response;

use super::meal_orders::{Asked, eater_of, point_for};
use super::meals::owner_of;
use crate::error::AppError;
use crate::forms::meals::point_view;
use crate::forms::meals_order::delivery_to;
use crate::forms::meals_standing::{asked, carry_out, keep, making, shown, typed};
use crate::forms::{Fields, sent_back};
use crate::site::{Site, see_other};
use crate::staff::StaffVisitor;
use crate::store::meals::Doing;
use crate::store::meals::standing::{STANDING_CHANGE, STANDING_MAKE};

const UNPROCESSABLE: StatusCode = StatusCode::UNPROCESSABLE_ENTITY;

async fn page(
    site: &Site,
    staff: &StaffVisitor,
    (eater, code): (&KeptEater, &str),
    (made, paused): (&Sent<StandingForm>, &Sent<PauseForm>),
) -> Result<Response, AppError> {
    let mut standing = Vec::new();
    for one in site.store().standing_of_eater(&eater.id).await? {
        standing.push(shown(site, one).await?);
    }
    let meals = site.store().meals_of(&eater.id, site.clock().today()).await?;
    let making = match point_for(site, eater, &meals, code) {
        Some(point) => {
            let view = point_view(site, &point.code).await?;
            let goes = delivery_to(point, &eater.community, &eater.person.detail);
            Some(making(&view, goes, &eater.avoid)?)
        }
        None => None,
    };
    let view = StandingDesk { eater: eater.clone(), standing, making };
    let fine = made.errors.is_empty() && paused.errors.is_empty();
    let (me, status) = (staff.me(), if fine { StatusCode::OK } else { UNPROCESSABLE });
    Ok(site.page(&staff.visitor, status, || pages::desk(&me, &view, (made, paused))))
}

/// What somebody eats each week, and the form of another.
pub(crate) async fn show(
    State(site): State<Site>,
    staff: StaffVisitor,
    Path(id): Path<String>,
    Query(asked): Query<Asked>,
) -> Result<Response, AppError> {
    let (eater, _) = eater_of(&site, &staff, &id).await?;
    page(&site, &staff, (&eater, &asked.point), (&Sent::default(), &Sent::default())).await
}

/// Makes one.
pub(crate) async fn make(
    State(site): State<Site>,
    staff: StaffVisitor,
    Path(id): Path<String>,
    fields: Fields,
) -> Result<Response, AppError> {
    let (eater, actor) = eater_of(&site, &staff, &id).await?;
    let key = fields.key(site.store())?;
    let owner = owner_of(&staff);
    let there = || see_other(&format!("/staff/meal-orders/{id}/standing"), None);
    if site.store().answer_of(&key, &owner, STANDING_MAKE).await?.is_some() {
        return Ok(there());
    }
    let code = fields.get("point");
    let view = point_view(&site, code).await?;
    let goes = delivery_to(&view.point, &eater.community, &eater.person.detail);
    let form = typed(&fields)?;
    let errors = match form.parse(&making(&view, goes, &eater.avoid)?.offer) {
        Ok(new) => {
            let doing = Doing { actor: &actor, owner: &owner, key: &key, now: site.clock().now() };
            match keep(&site, &eater, &new, &doing).await? {
                Ok(_) => return Ok(there()),
                Err(errors) => errors,
            }
        }
        Err(errors) => errors,
    };
    page(&site, &staff, (&eater, code), (&sent_back(form, errors), &Sent::default())).await
}

/// Pauses one, goes on with it, or ends it.
pub(crate) async fn change(
    State(site): State<Site>,
    staff: StaffVisitor,
    Path((id, standing)): Path<(String, String)>,
    fields: Fields,
) -> Result<Response, AppError> {
    let (eater, actor) = eater_of(&site, &staff, &id).await?;
    let key = fields.key(site.store())?;
    let owner = owner_of(&staff);
    let there = || see_other(&format!("/staff/meal-orders/{id}/standing"), None);
    if site.store().answer_of(&key, &owner, STANDING_CHANGE).await?.is_some() {
        return Ok(there());
    }
    match asked(&site, &fields, &standing)? {
        Ok(change) => {
            let doing = Doing { actor: &actor, owner: &owner, key: &key, now: site.clock().now() };
            carry_out(&site, (&standing, &eater.id), change, &doing).await?;
            Ok(there())
        }
        Err((form, errors)) => {
            page(&site, &staff, (&eater, ""), (&Sent::default(), &sent_back(form, errors))).await
        }
    }
}
