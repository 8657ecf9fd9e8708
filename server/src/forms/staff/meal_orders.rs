//! `/staff/meal-orders…`: orders by telephone, and what somebody's subsidy depends on. A post covers those who live in its area.

use app::domain::audit::{AuditAct, Purpose};
use app::domain::document::{DocumentKind, IdentityDocument};
use app::domain::form::{FieldError, FormErrors, Prompt, Rule};
use app::domain::meals::{
    Dish, EaterForm, KeptEater, MealMode, MealPoint, MealState, Status, WaitState, pick_field,
};
use app::domain::name::PersonName;
use app::domain::normalise;
use app::domain::phone::ContactPhone;
use app::pages::Sent;
use app::pages::meals::PointView;
use app::pages::staff::meal_orders::{self as pages, TAKERS, TakeView};
use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use axum::response::Response;
use jiff::ToSpan as _;
use serde::Deserialize;

use super::meal_desk::{card_holder, confirmation_of_typed};
use super::meals::owner_of;
use crate::error::AppError;
use crate::forms::meals::point_view;
use crate::forms::meals_order::{line_of, picks, priced, take};
use crate::forms::meals_waiting::{against, join, line_of as wait_line};
use crate::forms::{Fields, new_key, sent_back};
use crate::meal_waiting::give_freed;
use crate::site::{Site, see_other};
use crate::staff::StaffVisitor;
use crate::staff::session::chain;
use crate::store::audit::{Actor, AuditEntry};
use crate::store::meals::Doing;
use crate::store::meals::eaters::EaterKey;
use crate::store::meals::orders::{KeptMeal, MealRefusal, RESERVE};
use crate::store::meals::waiting::WAIT;

const UNPROCESSABLE: StatusCode = StatusCode::UNPROCESSABLE_ENTITY;

/// The most dishes that are offered on one page.
const OFFERED: usize = 12;

/// Those whom somebody means by a name, a telephone, a document or a card.
///
/// # Errors
/// The database failed.
pub(super) async fn find_who(site: &Site, typed: &str) -> Result<Vec<KeptEater>, AppError> {
    let store = site.store();
    let text = normalise::single_line(typed);
    if let Some(kept) = confirmation_of_typed(site, &text).await? {
        let found = match card_holder(&kept) {
            Some(resident) => store.eater_of_resident(resident).await?,
            None => None,
        };
        return Ok(found.into_iter().collect());
    }
    let today = site.clock().today();
    let document =
        || DocumentKind::ALL.iter().find_map(|kind| IdentityDocument::parse(*kind, &text, today).ok());
    // A telephone would pass for a passport, and a name in letters too: what is surest is tried first.
    let name = PersonName::parse(&text).ok();
    let key = if let Ok(phone) = ContactPhone::parse(&text) {
        EaterKey::Phone(phone)
    } else if let Some(name) = name.clone().filter(|_| !text.is_ascii()) {
        EaterKey::Name(name)
    } else if let Some(document) = document() {
        EaterKey::Document(document)
    } else if let Some(name) = name {
        EaterKey::Name(name)
    } else {
        return Ok(Vec::new());
    };
    Ok(store.find_eaters(&key).await?)
}

/// The search.
pub(crate) async fn home(State(site): State<Site>, staff: StaffVisitor) -> Result<Response, AppError> {
    staff.require_role(TAKERS).await?;
    let (me, sent) = (staff.me(), Sent::fresh(String::new()));
    Ok(site.page(&staff.visitor, StatusCode::OK, || pages::find(&me, &sent, None)))
}

/// Looks somebody up. Who lives elsewhere is not found: another post's affair.
pub(crate) async fn find(
    State(site): State<Site>,
    staff: StaffVisitor,
    fields: Fields,
) -> Result<Response, AppError> {
    staff.require_role(TAKERS).await?;
    let typed = fields.get("who").to_owned();
    let me = staff.me();
    if normalise::single_line(&typed).is_empty() {
        let mut errors = FormErrors::default();
        errors.add("who", Prompt::MealEater);
        let sent = sent_back(typed, errors);
        return Ok(site.page(&staff.visitor, UNPROCESSABLE, || pages::find(&me, &sent, None)));
    }
    let mut found = find_who(&site, &typed).await?;
    found.retain(|eater| staff.post_for(TAKERS, &eater.community).is_some());
    let sent = Sent::fresh(typed);
    Ok(site.page(&staff.visitor, StatusCode::OK, || pages::find(&me, &sent, Some(&found))))
}

/// The form for somebody new.
pub(crate) async fn form(State(site): State<Site>, staff: StaffVisitor) -> Result<Response, AppError> {
    staff.require_role(TAKERS).await?;
    let (me, sent, key) = (staff.me(), Sent::fresh(EaterForm::default()), new_key()?);
    Ok(site.page(&staff.visitor, StatusCode::OK, || pages::eater_form(&me, &sent, &key)))
}

/// Notes what was seen.
pub(crate) async fn keep(
    State(site): State<Site>,
    staff: StaffVisitor,
    fields: Fields,
) -> Result<Response, AppError> {
    staff.require_role(TAKERS).await?;
    let key = fields.key(site.store())?;
    let statuses = Status::ALL.iter().map(|status| status.as_str());
    let statuses: Vec<_> = statuses.filter(|slug| fields.get(&format!("status-{slug}")) == "yes").collect();
    let form = EaterForm { statuses: statuses.join(" "), ..fields.form()? };
    let now = site.clock().now();
    let errors = match form.parse(now.shanghai_date()) {
        Ok(new) => match staff.post_for(TAKERS, new.community.code) {
            Some(post) => {
                let (owner, actor) = (owner_of(&staff), staff.actor(post));
                let doing = Doing { actor: &actor, owner: &owner, key: &key, now };
                let id = site.store().keep_eater(&new, None, &doing).await?;
                return Ok(see_other(&format!("/staff/meal-orders/{id}"), None));
            }
            None => {
                let mut errors = FormErrors::default();
                errors.add("community", Rule::PlaceDoesNotFit);
                errors
            }
        },
        Err(errors) => errors,
    };
    let (me, sent, key) = (staff.me(), sent_back(form, errors), new_key()?);
    Ok(site.page(&staff.visitor, UNPROCESSABLE, || pages::eater_form(&me, &sent, &key)))
}

/// Who eats, where a post of this person covers where they live. Each showing is noted.
pub(super) async fn eater_of(
    site: &Site,
    staff: &StaffVisitor,
    id: &str,
) -> Result<(KeptEater, Actor), AppError> {
    staff.require_role(TAKERS).await?;
    let eater = site.store().eater(id).await?;
    let post = staff.require(TAKERS, &eater.community).await?;
    let actor = staff.actor(post);
    let entry = AuditEntry {
        area: chain(&eater.community),
        actor: &actor,
        on_behalf_of: None,
        act: AuditAct::DetailsRead,
        object_kind: "meal_eaters",
        object: &eater.id,
        subject: eater.resident.as_deref(),
        purpose: Purpose::Handling,
    };
    site.store().note_alone(&entry, site.clock().now()).await?;
    Ok((eater, actor))
}

/// The form as it was filled in.
pub(crate) async fn change_form(
    State(site): State<Site>,
    staff: StaffVisitor,
    Path(id): Path<String>,
) -> Result<Response, AppError> {
    let (eater, _) = eater_of(&site, &staff, &id).await?;
    let (me, sent, key) = (staff.me(), Sent::fresh(eater.form()), new_key()?);
    Ok(site.page(&staff.visitor, StatusCode::OK, || pages::eater_form(&me, &sent, &key)))
}

/// The point that is looked at.
#[derive(Default, Deserialize)]
#[serde(default)]
pub(crate) struct Asked {
    pub(super) point: String,
}

/// The point asked for, the usual one, or one that is near.
pub(super) fn point_for<'a>(
    site: &'a Site,
    eater: &KeptEater,
    meals: &[KeptMeal],
    asked: &str,
) -> Option<&'a MealPoint> {
    let points = &site.meals().points;
    let usual = meals.iter().find(|meal| meal.state != MealState::Cancelled).map(|meal| meal.point.as_str());
    let street = eater.community.get(..9).unwrap_or_default();
    site.meals()
        .point(asked)
        .or_else(|| site.meals().point(usual.unwrap_or_default()))
        .or_else(|| points.iter().find(|point| point.community.code == eater.community))
        .or_else(|| points.iter().find(|point| point.delivers_to(&eater.community)))
        .or_else(|| points.iter().find(|point| point.community.street_code == street))
}

/// The page of somebody who eats, at the point asked for, at their usual one, or at one that is near.
async fn page(
    site: &Site,
    staff: &StaffVisitor,
    eater: KeptEater,
    (asked, errors): (&str, &Sent<()>),
) -> Result<Response, AppError> {
    let today = site.clock().today();
    let from = today.checked_sub(31.days()).unwrap_or(today);
    let meals = site.store().meals_of(&eater.id, from).await?;
    let points = &site.meals().points;
    let street = eater.community.get(..9).unwrap_or_default();
    let point = point_for(site, &eater, &meals, asked);
    let view: Option<PointView> = match point {
        Some(point) => Some(point_view(site, &point.code).await?),
        None => None,
    };
    let dishes = match &view {
        Some(view) => {
            let taken = |dish: &Dish| {
                meals.iter().any(|meal| {
                    meal.state != MealState::Cancelled
                        && (meal.day, meal.kind) == (dish.dish.day, dish.dish.kind)
                })
            };
            let open = view
                .menu
                .iter()
                .filter(|dish| dish.left() > 0 && view.orderable(dish).is_some() && !taken(dish));
            let open: Vec<Dish> = open.take(OFFERED).cloned().collect();
            let mut dishes = Vec::with_capacity(open.len());
            // Each by itself: one is ordered at a time.
            for dish in &open {
                dishes.extend(priced(site, view, std::slice::from_ref(dish), Some(&eater)).await?);
            }
            dishes
        }
        None => Vec::new(),
    };
    let full = view.as_ref().map_or_else(Vec::new, |view| {
        let full =
            view.menu.iter().filter(|dish| dish.left() == 0 && against(view, dish, &eater.avoid).is_none());
        full.map(|dish| (dish.clone(), view.waiting_for(dish))).collect()
    });
    let mut waits = site.store().waits_of(&eater.id, today).await?;
    waits.retain(|wait| wait.state.is_open());
    let here = view.as_ref().map(|view| view.point.code.clone()).unwrap_or_default();
    let shown = TakeView {
        delivers: point.is_some_and(|point| point.delivers_to(&eater.community))
            && !eater.person.detail.is_empty(),
        others: points
            .iter()
            .filter(|point| point.community.street_code == street && point.code != here)
            .map(|point| (point.code.clone(), point.name.clone()))
            .collect(),
        orders: meals.iter().filter(|meal| meal.day >= today).map(|meal| line_of(site, meal)).collect(),
        point: view,
        dishes,
        full,
        waits: waits.into_iter().map(|wait| wait_line(site, wait)).collect(),
        eater,
        key: new_key()?,
    };
    let status = if errors.errors.is_empty() { StatusCode::OK } else { UNPROCESSABLE };
    let me = staff.me();
    Ok(site.page(&staff.visitor, status, || pages::take(&me, &shown, errors)))
}

/// Who eats, and what can be ordered.
pub(crate) async fn show(
    State(site): State<Site>,
    staff: StaffVisitor,
    Path(id): Path<String>,
    Query(asked): Query<Asked>,
) -> Result<Response, AppError> {
    let (eater, _) = eater_of(&site, &staff, &id).await?;
    page(&site, &staff, eater, (&asked.point, &Sent::fresh(()))).await
}

/// Orders one dish for somebody who told it on the telephone.
pub(crate) async fn order(
    State(site): State<Site>,
    staff: StaffVisitor,
    Path(id): Path<String>,
    fields: Fields,
) -> Result<Response, AppError> {
    let (eater, actor) = eater_of(&site, &staff, &id).await?;
    let key = fields.key(site.store())?;
    let code = fields.get("point");
    let owner = owner_of(&staff);
    let ordered = || see_other(&format!("/staff/meal-orders/{id}?point={code}"), None);
    // As for residents: the first press may have taken the last portion.
    if site.store().answer_of(&key, &owner, RESERVE).await?.is_some() {
        return Ok(ordered());
    }
    let view = point_view(&site, code).await?;
    let mut errors = FormErrors::default();
    let mode = match MealMode::parse(fields.get("mode")) {
        Some(mode) => Ok(mode),
        None => Err(FieldError::from(Prompt::MealMode)),
    };
    let mode = errors.keep("mode", mode);
    if mode == Some(MealMode::Delivery) && !view.point.delivers_to(&eater.community) {
        errors.add("mode", Rule::NoDelivery);
    }
    let dish = view.menu.iter().find(|dish| dish.id == fields.get("dish"));
    let named = dish.map_or_else(|| "pick-".to_owned(), |dish| pick_field(dish.dish.day, dish.dish.kind));
    let asked = std::iter::once((named.as_str(), fields.get("dish")));
    let (dishes, wrong) = picks(&view, asked, &eater.avoid);
    for error in wrong.iter() {
        errors.add(error.field.clone(), error.error.clone());
    }
    if dishes.is_empty() && errors.is_empty() {
        errors.add("dish", Prompt::MealPick);
    }
    if let (Some(mode), true) = (mode, errors.is_empty()) {
        let doing = Doing { actor: &actor, owner: &owner, key: &key, now: site.clock().now() };
        match take(&site, &view, (&dishes, mode), &eater, &doing).await? {
            Ok(_) => return Ok(ordered()),
            Err(refused) => errors = refused,
        }
    }
    page(&site, &staff, eater, (code, &sent_back((), errors))).await
}

/// Gives a meal up that somebody told on the telephone.
pub(crate) async fn cancel(
    State(site): State<Site>,
    staff: StaffVisitor,
    Path(id): Path<String>,
    fields: Fields,
) -> Result<Response, AppError> {
    let (eater, actor) = eater_of(&site, &staff, &id).await?;
    let key = fields.key(site.store())?;
    let meal = site.store().meal(fields.get("order")).await?;
    if meal.eater != eater.id {
        return Err(AppError::NotFound);
    }
    let owner = owner_of(&staff);
    let now = site.clock().now();
    let services = site.store().meal_services(&meal.point).await?;
    let service = services.into_iter().find(|service| service.kind == meal.kind);
    let late = service.is_some_and(|service| service.cutoff_at(meal.day) <= now);
    let doing = Doing { actor: &actor, owner: &owner, key: &key, now };
    match site.store().cancel_meal(&meal.id, late, &doing).await {
        Ok(()) | Err(MealRefusal::Over) => {
            give_freed(&site).await;
            Ok(see_other(&format!("/staff/meal-orders/{id}"), None))
        }
        Err(MealRefusal::Store(cause)) => Err(cause.into()),
        Err(MealRefusal::SoldOut(_) | MealRefusal::Twice(_)) => Err(AppError::Conflict),
    }
}

/// Stands in a line for somebody who told it on the telephone.
pub(crate) async fn wait(
    State(site): State<Site>,
    staff: StaffVisitor,
    Path(id): Path<String>,
    fields: Fields,
) -> Result<Response, AppError> {
    let (eater, actor) = eater_of(&site, &staff, &id).await?;
    let key = fields.key(site.store())?;
    let (code, owner) = (fields.get("point"), owner_of(&staff));
    let there = || see_other(&format!("/staff/meal-orders/{id}?point={code}"), None);
    if site.store().answer_of(&key, &owner, WAIT).await?.is_some() {
        return Ok(there());
    }
    let view = point_view(&site, code).await?;
    let dish = view.menu.iter().find(|dish| dish.id == fields.get("dish")).ok_or(AppError::NotFound)?;
    let mode = MealMode::parse(fields.get("mode")).ok_or(AppError::BadRequest)?;
    let mut errors = FormErrors::default();
    if mode == MealMode::Delivery && !view.point.delivers_to(&eater.community) {
        errors.add("mode", Rule::NoDelivery);
    }
    if let Some(rule) = against(&view, dish, &eater.avoid) {
        errors.add("dish", rule);
    }
    if errors.is_empty() {
        let doing = Doing { actor: &actor, owner: &owner, key: &key, now: site.clock().now() };
        match join(&site, &eater, (&dish.id, mode), &doing).await? {
            Ok(_) => return Ok(there()),
            Err(rule) => errors.add("dish", rule),
        }
    }
    page(&site, &staff, eater, (code, &sent_back((), errors))).await
}

/// Leaves a line for somebody who told it on the telephone.
pub(crate) async fn leave_line(
    State(site): State<Site>,
    staff: StaffVisitor,
    Path((id, wait)): Path<(String, String)>,
    fields: Fields,
) -> Result<Response, AppError> {
    let (eater, actor) = eater_of(&site, &staff, &id).await?;
    let key = fields.key(site.store())?;
    if site.store().wait(&wait).await?.eater != eater.id {
        return Err(AppError::NotFound);
    }
    let owner = owner_of(&staff);
    let doing = Doing { actor: &actor, owner: &owner, key: &key, now: site.clock().now() };
    match site.store().leave_line(&wait, WaitState::Left, &doing).await {
        Ok(()) | Err(MealRefusal::Over) => Ok(see_other(&format!("/staff/meal-orders/{id}"), None)),
        Err(MealRefusal::Store(cause)) => Err(cause.into()),
        Err(MealRefusal::SoldOut(_) | MealRefusal::Twice(_)) => Err(AppError::Conflict),
    }
}
