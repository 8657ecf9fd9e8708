//! `/meals/tours…`: a volunteer brings meals, and closes each at its door with the eater's code.

use app::domain::area;
use app::domain::form::{FormErrors, Prompt, Rule};
use app::domain::meals::{KeptEater, MealState, route_key};
use app::domain::normalise;
use app::pages::Sent;
use app::pages::meals::tour::{self as pages, Stop, TourView};
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::Response;

use super::own_or_noted;
use super::staff::meal_desk::{meal_of_typed, place_words};
use super::timebank::{own, refusal, rules};
use crate::error::AppError;
use crate::forms::{Fields, count_tries, forgive_tries, new_key, sent_back, try_limits};
use crate::site::{Site, Visitor, see_other};
use crate::store::StoreError;
use crate::store::meals::Doing;
use crate::store::meals::orders::{KeptMeal, MealRefusal};
use crate::store::meals::tours::{AtDoor, Tour};

/// Where a meal goes: community and door.
pub(in crate::forms) fn address(eater: &KeptEater) -> String {
    let place = area::community(&eater.community).map_or("", |place| place.short_name());
    format!("{place}{}", eater.person.detail)
}

/// A door of a tour.
pub(in crate::forms) fn stop_of(meal: &KeptMeal, eater: &KeptEater) -> Stop {
    Stop {
        id: meal.id.clone(),
        address: address(eater),
        who: eater.person.masked(),
        dish: meal.dish_name.clone(),
        kind: meal.kind,
        state: meal.state,
        handed_at: meal.handed_at,
    }
}

/// A tour with its doors in the order of walking.
pub(in crate::forms) fn tour_view(site: &Site, tour: &Tour, meals: &[(KeptMeal, KeptEater)]) -> TourView {
    let mut stops: Vec<_> = meals
        .iter()
        .filter(|(meal, _)| meal.tour.as_deref() == Some(&tour.id))
        .map(|(meal, eater)| stop_of(meal, eater))
        .collect();
    stops.sort_by_key(|stop| route_key(&stop.address));
    TourView {
        id: tour.id.clone(),
        point: place_words(site, &tour.point),
        day: tour.day,
        began_at: tour.began_at,
        stops,
    }
}

/// Today's tours.
pub(crate) async fn list(State(site): State<Site>, visitor: Visitor) -> Result<Response, AppError> {
    let session = own(&visitor)?;
    let mut views = Vec::new();
    for tour in site.store().tours_of(session.resident(), site.clock().today()).await? {
        let meals = site.store().meals_at(&tour.point, tour.day).await?;
        views.push(tour_view(&site, &tour, &meals));
    }
    Ok(site.page(&visitor, StatusCode::OK, || pages::list(&views)))
}

/// One's own tour of today. The addresses of a day that is over are nobody's business any more.
async fn own_tour(site: &Site, visitor: &Visitor, id: &str) -> Result<Tour, AppError> {
    let session = own(visitor)?;
    let found = site.store().tour(id).await.and_then(|tour| {
        let today = site.clock().today();
        if tour.volunteer == session.resident() && tour.day == today {
            Ok(tour)
        } else {
            Err(StoreError::NotFound)
        }
    });
    own_or_noted(site, &visitor.actor(), ("meal_tours", id), found).await
}

async fn page(
    site: &Site,
    visitor: &Visitor,
    tour: &Tour,
    sent: &Sent<String>,
) -> Result<Response, AppError> {
    let meals = site.store().meals_at(&tour.point, tour.day).await?;
    let (view, key) = (tour_view(site, tour, &meals), new_key()?);
    let status = if sent.errors.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    Ok(site.page(visitor, status, || pages::tour(&view, sent, &key)))
}

/// One tour.
pub(crate) async fn show(
    State(site): State<Site>,
    visitor: Visitor,
    Path(id): Path<String>,
) -> Result<Response, AppError> {
    let tour = own_tour(&site, &visitor, &id).await?;
    page(&site, &visitor, &tour, &Sent::fresh(String::new())).await
}

/// The volunteer goes.
pub(crate) async fn begin(
    State(site): State<Site>,
    visitor: Visitor,
    Path(id): Path<String>,
    fields: Fields,
) -> Result<Response, AppError> {
    own_tour(&site, &visitor, &id).await?;
    let (key, owner, actor) = (fields.key(site.store())?, own(&visitor)?.owner(), visitor.actor());
    let doing = Doing { actor: &actor, owner: &owner, key: &key, now: site.clock().now() };
    site.store().begin_tour(&id, &doing).await?;
    Ok(see_other(&format!("/meals/tours/{id}"), None))
}

/// A meal is at its door: the eater's code says so, and the time of it is the volunteer's.
pub(crate) async fn door(
    State(site): State<Site>,
    visitor: Visitor,
    Path(id): Path<String>,
    fields: Fields,
) -> Result<Response, AppError> {
    let tour = own_tour(&site, &visitor, &id).await?;
    let (key, owner, actor) = (fields.key(site.store())?, own(&visitor)?.owner(), visitor.actor());
    let typed = normalise::single_line(fields.get("code"));
    let wrong = |error: app::domain::form::FieldError| {
        let mut errors = FormErrors::default();
        errors.add("code", error);
        sent_back(fields.get("code").to_owned(), errors)
    };
    if typed.is_empty() {
        return page(&site, &visitor, &tour, &wrong(Prompt::ShortCode.into())).await;
    }
    // Nobody tries codes out until one fits.
    let limits = try_limits(&site, &visitor, &id);
    count_tries(&site, &limits).await?;
    let meal = meal_of_typed(&site, &typed, (&tour.point, tour.day)).await?;
    // The meal's number stands on lists and proves nothing.
    let meal =
        meal.filter(|meal| meal.tour.as_deref() == Some(&id) && !meal.number.eq_ignore_ascii_case(&typed));
    let Some(meal) = meal else {
        return page(&site, &visitor, &tour, &wrong(Rule::NotOfThisTour.into())).await;
    };
    forgive_tries(&site, &limits).await?;
    let doing = Doing { actor: &actor, owner: &owner, key: &key, now: site.clock().now() };
    match site.store().close_delivery((&id, &meal.id), AtDoor::Code, &doing).await {
        Ok(()) => {}
        // Scanned once more.
        Err(MealRefusal::Over) if meal.state == MealState::HandedOut => {}
        Err(MealRefusal::Store(cause)) => return Err(cause.into()),
        Err(_) => return page(&site, &visitor, &tour, &wrong(Rule::NotOfThisTour.into())).await,
    }
    site.store().consume_service_events(rules(&site)?, site.clock().now()).await.map_err(refusal)?;
    Ok(see_other(&format!("/meals/tours/{id}"), None))
}
