//! `/staff/meals/{point}/ratings…`: what people say of a point's meals, without names, and what the point did about it.

use app::domain::form::FormErrors;
use app::domain::meals::{MealPoint, rating_answer};
use app::pages::Sent;
use app::pages::staff::meal_ratings::{self as pages, RatingsView};
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::Response;
use jiff::ToSpan as _;

use super::meals::{at_point, owner_of};
use crate::error::AppError;
use crate::forms::{Fields, new_key, sent_back};
use crate::site::{Site, see_other};
use crate::staff::StaffVisitor;
use crate::store::meals::Doing;
use crate::store::meals::orders::MealRefusal;

/// How far back the counts go, in days.
const SHOWN_DAYS: i32 = 60;

async fn page(
    site: &Site,
    staff: &StaffVisitor,
    point: MealPoint,
    (about, sent): (&str, &Sent<String>),
    refused: &'static str,
) -> Result<Response, AppError> {
    let today = site.clock().today();
    let from = today.checked_sub(SHOWN_DAYS.days()).unwrap_or(today);
    let view = RatingsView {
        ratings: site.store().ratings_at(&point.code, from).await?,
        point,
        days: SHOWN_DAYS,
        about: about.to_owned(),
        refused,
        key: new_key()?,
    };
    let wrong = !sent.errors.is_empty() || !refused.is_empty();
    let status = if wrong { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    let me = staff.me();
    Ok(site.page(&staff.visitor, status, || pages::ratings(&me, &view, sent)))
}

/// Counts by dish, and words.
pub(crate) async fn show(
    State(site): State<Site>,
    staff: StaffVisitor,
    Path(code): Path<String>,
) -> Result<Response, AppError> {
    let (point, _) = at_point(&site, &staff, &code).await?;
    page(&site, &staff, point, ("", &Sent::default()), "").await
}

/// What the point did about one word.
pub(crate) async fn answer(
    State(site): State<Site>,
    staff: StaffVisitor,
    Path((code, id)): Path<(String, String)>,
    fields: Fields,
) -> Result<Response, AppError> {
    let (point, actor) = at_point(&site, &staff, &code).await?;
    let key = fields.key(site.store())?;
    let typed = fields.get(&format!("answer-{id}"));
    let answer = match rating_answer(typed) {
        Ok(answer) => answer,
        Err(wrong) => {
            let mut errors = FormErrors::default();
            errors.add(format!("answer-{id}"), wrong);
            return page(&site, &staff, point, (&id, &sent_back(typed.to_owned(), errors)), "").await;
        }
    };
    let owner = owner_of(&staff);
    let doing = Doing { actor: &actor, owner: &owner, key: &key, now: site.clock().now() };
    match site.store().answer_rating((&code, &id), &answer, &doing).await {
        Ok(()) => Ok(see_other(&format!("/staff/meals/{code}/ratings"), None)),
        Err(MealRefusal::Store(cause)) => Err(cause.into()),
        Err(_) => {
            page(&site, &staff, point, ("", &Sent::default()), "没有记下：已经有人看过了，或者没有这一条")
                .await
        }
    }
}
