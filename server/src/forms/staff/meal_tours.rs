//! `/staff/meals/{point}/tours…`: the point gives deliveries to volunteers, and tells of a door for whoever has no code.

use app::domain::form::{FormErrors, Rule};
use app::domain::meals::{MealMode, MealState, route_key};
use app::domain::phone::ContactPhone;
use app::pages::Sent;
use app::pages::staff::meal_tours::{self as pages, TourForm, ToursView, stop_field};
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::Response;

use super::meal_desk::note_read;
use super::meals::{at_point, owner_of};
use crate::error::AppError;
use crate::forms::meal_tours::{stop_of, tour_view};
use crate::forms::timebank::{refusal, rules};
use crate::forms::{Fields, new_key, sent_back};
use crate::site::{Site, see_other};
use crate::staff::StaffVisitor;
use crate::store::meals::Doing;
use crate::store::meals::orders::{KeptMeal, MealRefusal};
use crate::store::meals::tours::AtDoor;

/// Told where something else happened meanwhile.
const CHANGED: &str = "刚刚有变化，请看现在的情况";

async fn page(
    site: &Site,
    staff: &StaffVisitor,
    code: &str,
    (sent, refused): (&Sent<TourForm>, &'static str),
) -> Result<Response, AppError> {
    let (point, actor) = at_point(site, staff, code).await?;
    note_read(site, &actor, code).await?;
    let day = site.clock().today();
    let meals = site.store().meals_at(code, day).await?;
    let is_open = |meal: &KeptMeal| {
        meal.mode == MealMode::Delivery && meal.state == MealState::Reserved && meal.tour.is_none()
    };
    let mut open: Vec<_> =
        meals.iter().filter(|(meal, _)| is_open(meal)).map(|(meal, eater)| stop_of(meal, eater)).collect();
    open.sort_by_key(|stop| route_key(&stop.address));
    let mut tours = Vec::new();
    for tour in site.store().tours_at(code, day).await? {
        // Whoever deleted the account since has no number any more.
        let phone = site.store().account(&tour.volunteer).await.ok().and_then(|kept| kept.phone);
        let phone = phone.map_or_else(|| "（没有号码）".to_owned(), |phone| phone.masked());
        tours.push((tour_view(site, &tour, &meals), phone));
    }
    let view = ToursView { point, day, open, tours, refused, key: new_key()? };
    let wrong = !refused.is_empty() || !sent.errors.is_empty();
    let status = if wrong { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    let me = staff.me();
    Ok(site.page(&staff.visitor, status, || pages::tours(&me, &view, sent)))
}

/// The day's deliveries.
pub(crate) async fn show(
    State(site): State<Site>,
    staff: StaffVisitor,
    Path(code): Path<String>,
) -> Result<Response, AppError> {
    page(&site, &staff, &code, (&Sent::default(), "")).await
}

/// Gives deliveries to a volunteer.
pub(crate) async fn assign(
    State(site): State<Site>,
    staff: StaffVisitor,
    Path(code): Path<String>,
    fields: Fields,
) -> Result<Response, AppError> {
    let (_, actor) = at_point(&site, &staff, &code).await?;
    let (key, owner, day) = (fields.key(site.store())?, owner_of(&staff), site.clock().today());
    let meals = site.store().meals_at(&code, day).await?;
    let ticked: Vec<_> = meals
        .iter()
        .filter(|(meal, _)| !fields.get(&stop_field(&meal.id)).is_empty())
        .map(|(meal, _)| meal.id.clone())
        .collect();
    let form = TourForm { phone: fields.get("phone").to_owned(), meals: ticked };
    let mut errors = FormErrors::default();
    if form.meals.is_empty() {
        errors.add("stops", Rule::NoStops);
    }
    let phone = errors.keep("phone", ContactPhone::parse(&form.phone));
    let volunteer = match phone {
        Some(phone) => {
            let found = site.store().account_of_phone(&phone).await?;
            let found = errors.keep("phone", found.ok_or(Rule::NoSuchVolunteer));
            if let Some(volunteer) = &found
                && !site.store().may_bring_meals(volunteer, site.clock().now()).await?
            {
                errors.add("phone", Rule::VolunteerTooYoung);
            }
            found
        }
        None => None,
    };
    let Some(volunteer) = volunteer.filter(|_| errors.is_empty()) else {
        return page(&site, &staff, &code, (&sent_back(form, errors), "")).await;
    };
    let doing = Doing { actor: &actor, owner: &owner, key: &key, now: site.clock().now() };
    match site.store().assign_tour((&code, day), &volunteer, &form.meals, &doing).await {
        Ok(_) => Ok(see_other(&format!("/staff/meals/{code}/tours"), None)),
        Err(MealRefusal::Store(cause)) => Err(cause.into()),
        Err(_) => page(&site, &staff, &code, (&sent_back(form, errors), CHANGED)).await,
    }
}

/// What became of an act on a tour.
async fn answer(
    site: &Site,
    staff: &StaffVisitor,
    code: &str,
    done: Result<(), MealRefusal>,
) -> Result<Response, AppError> {
    match done {
        Ok(()) => Ok(see_other(&format!("/staff/meals/{code}/tours"), None)),
        Err(MealRefusal::Store(cause)) => Err(cause.into()),
        Err(_) => page(site, staff, code, (&Sent::default(), CHANGED)).await,
    }
}

/// A tour of this point; another's is not found.
async fn here(site: &Site, code: &str, tour: &str) -> Result<(), AppError> {
    if site.store().tour(tour).await?.point == code { Ok(()) } else { Err(AppError::NotFound) }
}

/// The volunteer went, and the point says so for them.
pub(crate) async fn begin(
    State(site): State<Site>,
    staff: StaffVisitor,
    Path((code, tour)): Path<(String, String)>,
    fields: Fields,
) -> Result<Response, AppError> {
    let (_, actor) = at_point(&site, &staff, &code).await?;
    here(&site, &code, &tour).await?;
    let (key, owner) = (fields.key(site.store())?, owner_of(&staff));
    let doing = Doing { actor: &actor, owner: &owner, key: &key, now: site.clock().now() };
    let done = site.store().begin_tour(&tour, &doing).await;
    answer(&site, &staff, &code, done.map_err(MealRefusal::from)).await
}

/// Takes what was not brought back.
pub(crate) async fn take_back(
    State(site): State<Site>,
    staff: StaffVisitor,
    Path((code, tour)): Path<(String, String)>,
    fields: Fields,
) -> Result<Response, AppError> {
    let (_, actor) = at_point(&site, &staff, &code).await?;
    here(&site, &code, &tour).await?;
    let (key, owner) = (fields.key(site.store())?, owner_of(&staff));
    let doing = Doing { actor: &actor, owner: &owner, key: &key, now: site.clock().now() };
    let done = site.store().take_tour_back((&tour, &code), &doing).await;
    answer(&site, &staff, &code, done).await
}

/// The point asked on the telephone: it is there.
pub(crate) async fn stop(
    State(site): State<Site>,
    staff: StaffVisitor,
    Path((code, tour, meal)): Path<(String, String, String)>,
    fields: Fields,
) -> Result<Response, AppError> {
    let (_, actor) = at_point(&site, &staff, &code).await?;
    here(&site, &code, &tour).await?;
    let (key, owner, now) = (fields.key(site.store())?, owner_of(&staff), site.clock().now());
    let doing = Doing { actor: &actor, owner: &owner, key: &key, now };
    let done = site.store().close_delivery((&tour, &meal), AtDoor::Staff, &doing).await;
    if done.is_ok() {
        site.store().consume_service_events(rules(&site)?, now).await.map_err(refusal)?;
    }
    answer(&site, &staff, &code, done).await
}
