//! `/meals/{point}/wait`, `/meals/waiting/…`: a place in the line for a dish that is full.

use app::domain::form::{FieldError, FormErrors, Prompt, Rule};
use app::domain::meals::{Dish, KeptEater, KeptWait, MealMode, WaitState};
use app::pages::Sent;
use app::pages::meals::{self as pages, JoinView, NotReady, PointView, ReserveForm, WaitLine};
use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use axum::response::Response;
use serde::Deserialize;

use super::meals::point_view;
use super::meals_order::{Diner, concerned, delivery, diner, known};
use crate::error::AppError;
use crate::forms::{Fields, new_key, own_or_noted, sent_back};
use crate::meal_waiting::give_freed;
use crate::site::{Site, Visitor, see_other};
use crate::store::StoreError;
use crate::store::meals::Doing;
use crate::store::meals::orders::MealRefusal;
use crate::store::meals::waiting::WAIT;

const UNPROCESSABLE: StatusCode = StatusCode::UNPROCESSABLE_ENTITY;

/// The dish that is asked for.
#[derive(Default, Deserialize)]
#[serde(default)]
pub(crate) struct Asked {
    dish: String,
}

/// What stands against waiting for a dish.
pub(in crate::forms) fn against(view: &PointView, dish: &Dish, avoid: &[String]) -> Option<Rule> {
    if view.orderable(dish).is_none() {
        Some(Rule::MealTooLate)
    } else if dish.blocked_by(avoid).is_some() {
        Some(Rule::MealAvoided)
    } else {
        None
    }
}

/// Stands in the line; gives the place's id, or what is wrong.
pub(in crate::forms) async fn join(
    site: &Site,
    eater: &KeptEater,
    (dish, mode): (&str, MealMode),
    doing: &Doing<'_>,
) -> Result<Result<String, Rule>, AppError> {
    match site.store().join_line(eater, (dish, mode), doing).await {
        Ok(id) => {
            // One may have been given up in this moment.
            give_freed(site).await;
            Ok(Ok(id))
        }
        Err(MealRefusal::SoldOut(_)) => Ok(Err(Rule::DishSoldOut)),
        Err(MealRefusal::Twice(_)) => Ok(Err(Rule::MealTwice)),
        Err(MealRefusal::Over) => Ok(Err(Rule::DishLeft)),
        Err(MealRefusal::Store(cause)) => Err(cause.into()),
    }
}

fn join_page(
    site: &Site,
    visitor: &Visitor,
    (view, dish, diner): (&PointView, &Dish, &Result<Diner, NotReady>),
    sent: &Sent<ReserveForm>,
) -> Result<Response, AppError> {
    let shown = JoinView {
        point: view.point.clone(),
        waiting: view.waiting_for(dish),
        delivery: diner.as_ref().ok().and_then(|diner| delivery(&view.point, diner)),
        dish: dish.clone(),
        key: new_key()?,
    };
    let status = if sent.errors.is_empty() { StatusCode::OK } else { UNPROCESSABLE };
    let why = diner.as_ref().err().copied();
    Ok(site.page(visitor, status, || pages::join_line(&shown, sent, why)))
}

/// The form.
pub(crate) async fn form(
    State(site): State<Site>,
    visitor: Visitor,
    Path(code): Path<String>,
    Query(asked): Query<Asked>,
) -> Result<Response, AppError> {
    let resident = concerned(&site, &visitor).await?;
    let (view, diner) = (point_view(&site, &code).await?, diner(&site, resident).await?);
    let dish = view.menu.iter().find(|dish| dish.id == asked.dish).ok_or(AppError::NotFound)?;
    join_page(&site, &visitor, (&view, dish, &diner), &Sent::default())
}

/// Stands in the line.
pub(crate) async fn stand(
    State(site): State<Site>,
    visitor: Visitor,
    Path(code): Path<String>,
    fields: Fields,
) -> Result<Response, AppError> {
    let resident = concerned(&site, &visitor).await?.to_owned();
    let key = fields.key(site.store())?;
    let (owner, actor) = (visitor.resident()?.owner(), visitor.actor());
    let there = |id: &str| see_other(&format!("/meals/waiting/{id}"), None);
    if let Some(id) = site.store().answer_of(&key, &owner, WAIT).await? {
        return Ok(there(&id));
    }
    let (view, diner) = (point_view(&site, &code).await?, diner(&site, &resident).await?);
    let dish = view.menu.iter().find(|dish| dish.id == fields.get("dish")).ok_or(AppError::NotFound)?;
    let form = ReserveForm { mode: fields.get("mode").to_owned() };
    let mut errors = FormErrors::default();
    let mode = match MealMode::parse(&form.mode) {
        Some(mode) => Ok(mode),
        None if form.mode.is_empty() => Err(Prompt::MealMode.into()),
        None => Err(FieldError::NotOffered),
    };
    let mode = errors.keep("mode", mode);
    if let Ok(ready) = &diner {
        if let Some(rule) = against(&view, dish, ready.avoid()) {
            errors.add("mode", rule);
        }
        if mode == Some(MealMode::Delivery) && delivery(&view.point, ready).is_none() {
            errors.add("mode", Rule::NoDelivery);
        }
    }
    if let (Ok(ready), Some(mode), true) = (&diner, mode, errors.is_empty()) {
        let eater = known(&site, ready, &resident, &visitor, &fields).await?;
        let doing = Doing { actor: &actor, owner: &owner, key: &key, now: site.clock().now() };
        match join(&site, &eater, (&dish.id, mode), &doing).await? {
            Ok(id) => return Ok(there(&id)),
            Err(rule) => errors.add("mode", rule),
        }
    }
    join_page(&site, &visitor, (&view, dish, &diner), &sent_back(form, errors))
}

/// A place in a line, with its point's name.
pub(in crate::forms) fn line_of(site: &Site, wait: KeptWait) -> WaitLine {
    let point = site.meals().point(&wait.point).map_or_else(String::new, |point| point.name.clone());
    WaitLine { wait, point }
}

/// A place that is this visitor's; another's is not found, and that is noted.
async fn own(site: &Site, visitor: &Visitor, id: &str) -> Result<KeptWait, AppError> {
    let resident = concerned(site, visitor).await?;
    let found = async {
        let wait = site.store().wait(id).await?;
        let eater = site.store().eater(&wait.eater).await?;
        if eater.resident.as_deref() == Some(resident) { Ok(wait) } else { Err(StoreError::NotFound) }
    };
    own_or_noted(site, &visitor.actor(), ("meal_waits", id), found.await).await
}

/// How one's waiting stands.
pub(crate) async fn show(
    State(site): State<Site>,
    visitor: Visitor,
    Path(id): Path<String>,
) -> Result<Response, AppError> {
    let (line, key) = (line_of(&site, own(&site, &visitor, &id).await?), new_key()?);
    Ok(site.page(&visitor, StatusCode::OK, || pages::waiting(&line, &key)))
}

/// Leaves the line.
pub(crate) async fn leave(
    State(site): State<Site>,
    visitor: Visitor,
    Path(id): Path<String>,
    fields: Fields,
) -> Result<Response, AppError> {
    own(&site, &visitor, &id).await?;
    let key = fields.key(site.store())?;
    let (owner, actor) = (visitor.resident()?.owner(), visitor.actor());
    let doing = Doing { actor: &actor, owner: &owner, key: &key, now: site.clock().now() };
    match site.store().leave_line(&id, WaitState::Left, &doing).await {
        // Out of it already: the page says how.
        Ok(()) | Err(MealRefusal::Over) => Ok(see_other(&format!("/meals/waiting/{id}"), None)),
        Err(MealRefusal::Store(cause)) => Err(cause.into()),
        Err(MealRefusal::SoldOut(_) | MealRefusal::Twice(_)) => Err(AppError::Conflict),
    }
}
