//! `/meals/{point}/standing`, `/meals/standing/…`: what somebody eats each week, a pause from–to, and its end.

use app::domain::form::{FormErrors, Rule};
use app::domain::meals::{
    KeptEater, NewStanding, Pause, Standing, StandingForm, StandingOffer, weekday_field,
};
use app::pages::Sent;
use app::pages::meals::{
    self as pages, NotReady, PauseForm, PointView, StandingMaking, StandingView, kinds_of,
};
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::Response;

use super::meals::point_view;
use super::meals_order::{Diner, concerned, delivery, diner, known};
use crate::error::AppError;
use crate::forms::{Fields, new_key, own_or_noted, sent_back};
use crate::site::{Site, Visitor, see_other};
use crate::standing_orders::{place_one, wanted_days};
use crate::store::StoreError;
use crate::store::meals::Doing;
use crate::store::meals::orders::MealRefusal;
use crate::store::meals::standing::{STANDING_CHANGE, STANDING_MAKE, StandingChange};

const UNPROCESSABLE: StatusCode = StatusCode::UNPROCESSABLE_ENTITY;

/// The standing orders of an eater, each with its point's name.
pub(in crate::forms) async fn named(site: &Site, eater: &str) -> Result<Vec<(Standing, String)>, AppError> {
    let named = |standing: Standing| {
        let name = point_name(site, &standing.what.point);
        (standing, name)
    };
    Ok(site.store().standing_of_eater(eater).await?.into_iter().map(named).collect())
}

fn point_name(site: &Site, code: &str) -> String {
    site.meals().point(code).map_or_else(String::new, |point| point.name.clone())
}

/// What a point has for somebody who avoids these words.
pub(in crate::forms) fn making(
    view: &PointView,
    delivery: Option<String>,
    avoid: &[String],
) -> Result<StandingMaking, AppError> {
    let fit = view.menu.iter().filter(|dish| dish.blocked_by(avoid).is_none());
    let mut dishes: Vec<_> = fit.map(|dish| dish.dish.name.clone()).collect();
    dishes.sort_unstable();
    dishes.dedup();
    let offer = StandingOffer {
        point: view.point.code.clone(),
        kinds: kinds_of(&view.services),
        dishes,
        delivers: delivery.is_some(),
    };
    Ok(StandingMaking { name: view.point.name.clone(), offer, delivery, key: new_key()? })
}

/// The form as it was typed.
pub(in crate::forms) fn typed(fields: &Fields) -> Result<StandingForm, AppError> {
    let days = (0..7).filter(|day| fields.get(&weekday_field(*day)) == "yes");
    let weekdays: Vec<_> = days.map(|day: usize| day.to_string()).collect();
    Ok(StandingForm { weekdays: weekdays.join(" "), ..fields.form()? })
}

/// Keeps it and places what is due at once; gives its id, or what is wrong.
pub(in crate::forms) async fn keep(
    site: &Site,
    eater: &KeptEater,
    new: &NewStanding,
    doing: &Doing<'_>,
) -> Result<Result<String, FormErrors>, AppError> {
    match site.store().make_standing(eater, new, doing).await {
        Ok(id) => {
            place_now(site, &id).await;
            Ok(Ok(id))
        }
        Err(MealRefusal::Store(cause)) => Err(cause.into()),
        Err(_) => {
            let mut errors = FormErrors::default();
            errors.add(weekday_field(0), Rule::StandingTwice);
            Ok(Err(errors))
        }
    }
}

/// It is kept, whatever comes of its first days: the job tries again.
async fn place_now(site: &Site, id: &str) {
    if let Err(cause) = place_one(site, id).await {
        tracing::error!(standing = id, %cause, "a standing order could not be placed at once");
    }
}

/// A standing order with what came of it.
pub(in crate::forms) async fn shown(site: &Site, standing: Standing) -> Result<StandingView, AppError> {
    let today = site.clock().today();
    Ok(StandingView {
        name: point_name(site, &standing.what.point),
        wanted: wanted_days(&standing, today),
        days: site.store().standing_days(&standing.id, today).await?,
        today,
        key: new_key()?,
        standing,
    })
}

/// A change as it was asked for.
///
/// # Errors
/// Within: the pause's fields that are wrong. Without: no button that the page has.
pub(in crate::forms) fn asked(
    site: &Site,
    fields: &Fields,
    id: &str,
) -> Result<Result<StandingChange, (PauseForm, FormErrors)>, AppError> {
    let typed = |field: &str| fields.get(&format!("{field}-{id}")).to_owned();
    match fields.get("act") {
        "resume" => Ok(Ok(StandingChange::Resume)),
        "end" => Ok(Ok(StandingChange::End)),
        "pause" => {
            let form = PauseForm { id: id.to_owned(), from: typed("pause_from"), to: typed("pause_to") };
            match Pause::parse(id, (&form.from, &form.to), site.clock().today()) {
                Ok(pause) => Ok(Ok(StandingChange::Pause(pause))),
                Err(errors) => Ok(Err((form, errors))),
            }
        }
        _ => Err(AppError::BadRequest),
    }
}

/// Does it, and places what is due again where it goes on.
pub(in crate::forms) async fn carry_out(
    site: &Site,
    (id, eater): (&str, &str),
    change: StandingChange,
    doing: &Doing<'_>,
) -> Result<(), AppError> {
    match site.store().change_standing((id, eater), change, doing).await {
        Ok(_) => {}
        Err(MealRefusal::Store(cause)) => return Err(cause.into()),
        // It was ended in this moment.
        Err(_) => return Err(AppError::NotFound),
    }
    if !matches!(change, StandingChange::End) {
        place_now(site, id).await;
    }
    Ok(())
}

async fn make_page(
    site: &Site,
    visitor: &Visitor,
    (view, diner): (&PointView, &Result<Diner, NotReady>),
    sent: &Sent<StandingForm>,
) -> Result<Response, AppError> {
    let ready = diner.as_ref().ok();
    let goes = ready.and_then(|diner| delivery(&view.point, diner));
    let shown = making(view, goes, ready.map(Diner::avoid).unwrap_or_default())?;
    let status = if sent.errors.is_empty() { StatusCode::OK } else { UNPROCESSABLE };
    let why = diner.as_ref().err().copied();
    Ok(site.page(visitor, status, || pages::make_standing(&shown, sent, why)))
}

/// The form of a new one.
pub(crate) async fn form(
    State(site): State<Site>,
    visitor: Visitor,
    Path(code): Path<String>,
) -> Result<Response, AppError> {
    let resident = concerned(&site, &visitor).await?;
    let (view, diner) = (point_view(&site, &code).await?, diner(&site, resident).await?);
    make_page(&site, &visitor, (&view, &diner), &Sent::default()).await
}

/// Makes one.
pub(crate) async fn make(
    State(site): State<Site>,
    visitor: Visitor,
    Path(code): Path<String>,
    fields: Fields,
) -> Result<Response, AppError> {
    let resident = concerned(&site, &visitor).await?.to_owned();
    let key = fields.key(site.store())?;
    let (owner, actor) = (visitor.resident()?.owner(), visitor.actor());
    let made = |id: &str| see_other(&format!("/meals/standing/{id}"), None);
    if let Some(id) = site.store().answer_of(&key, &owner, STANDING_MAKE).await? {
        return Ok(made(&id));
    }
    let (view, diner) = (point_view(&site, &code).await?, diner(&site, &resident).await?);
    let form = typed(&fields)?;
    let ready = diner.as_ref().ok();
    let goes = ready.and_then(|diner| delivery(&view.point, diner));
    let offer = making(&view, goes, ready.map(Diner::avoid).unwrap_or_default())?.offer;
    let errors = match (ready, form.parse(&offer)) {
        (Some(ready), Ok(new)) => {
            let eater = known(&site, ready, &resident, &visitor, &fields).await?;
            let doing = Doing { actor: &actor, owner: &owner, key: &key, now: site.clock().now() };
            match keep(&site, &eater, &new, &doing).await? {
                Ok(id) => return Ok(made(&id)),
                Err(errors) => errors,
            }
        }
        (None, Ok(_)) => FormErrors::default(),
        (_, Err(errors)) => errors,
    };
    make_page(&site, &visitor, (&view, &diner), &sent_back(form, errors)).await
}

/// A standing order that is this visitor's; another's is not found, and that is noted.
async fn own(site: &Site, visitor: &Visitor, id: &str) -> Result<Standing, AppError> {
    let resident = concerned(site, visitor).await?;
    let found = async {
        let (standing, _) = site.store().standing(id).await?;
        let eater = site.store().eater(&standing.eater).await?;
        if eater.resident.as_deref() == Some(resident) { Ok(standing) } else { Err(StoreError::NotFound) }
    };
    own_or_noted(site, &visitor.actor(), ("meal_standing", id), found.await).await
}

/// One of one's own.
pub(crate) async fn show(
    State(site): State<Site>,
    visitor: Visitor,
    Path(id): Path<String>,
) -> Result<Response, AppError> {
    let view = shown(&site, own(&site, &visitor, &id).await?).await?;
    Ok(site.page(&visitor, StatusCode::OK, || pages::standing_page(&view, &Sent::default())))
}

/// Pauses it, goes on with it, or ends it.
pub(crate) async fn change(
    State(site): State<Site>,
    visitor: Visitor,
    Path(id): Path<String>,
    fields: Fields,
) -> Result<Response, AppError> {
    concerned(&site, &visitor).await?;
    let key = fields.key(site.store())?;
    let (owner, actor) = (visitor.resident()?.owner(), visitor.actor());
    let there = match fields.get("act") {
        "end" => "/meals/mine".to_owned(),
        _ => format!("/meals/standing/{id}"),
    };
    // A second press of the end finds no order any more.
    if site.store().answer_of(&key, &owner, STANDING_CHANGE).await?.is_some() {
        return Ok(see_other(&there, None));
    }
    let standing = own(&site, &visitor, &id).await?;
    match asked(&site, &fields, &id)? {
        Ok(change) => {
            let doing = Doing { actor: &actor, owner: &owner, key: &key, now: site.clock().now() };
            carry_out(&site, (&id, &standing.eater), change, &doing).await?;
            Ok(see_other(&there, None))
        }
        Err((form, errors)) => {
            let (view, sent) = (shown(&site, standing).await?, sent_back(form, errors));
            Ok(site.page(&visitor, UNPROCESSABLE, || pages::standing_page(&view, &sent)))
        }
    }
}
