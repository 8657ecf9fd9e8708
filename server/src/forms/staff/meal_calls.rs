//! `/staff/meal-calls…`: calls to elders who missed two meals in a row, as they wished. A post covers those who live in its area.

use app::domain::meals::{CallForm, MealCall};
use app::domain::time::Instant;
use app::pages::Sent;
use app::pages::staff::meal_calls::{self as pages, CallLine, CallView};
use app::pages::staff::meal_orders::TAKERS;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::Response;
use jiff::ToSpan as _;

use super::meal_orders::eater_of;
use super::meals::owner_of;
use crate::error::AppError;
use crate::forms::meals_order::line_of;
use crate::forms::{Fields, new_key, sent_back};
use crate::site::{Site, see_other};
use crate::staff::StaffVisitor;
use crate::store::meals::Doing;
use crate::store::meals::orders::MealRefusal;

/// Calls that were done stay in the list for a week.
const SHOWN_MS: i64 = 7 * 24 * 3_600_000;

/// The calls of one's areas.
pub(crate) async fn list(State(site): State<Site>, staff: StaffVisitor) -> Result<Response, AppError> {
    let posts = staff.require_role(TAKERS).await?;
    let since = Instant(site.clock().now().0 - SHOWN_MS);
    let mut lines: Vec<CallLine> = Vec::new();
    for post in posts {
        for call in site.store().meal_calls(post.place(), since).await? {
            if lines.iter().any(|line| line.call.id == call.id) {
                continue;
            }
            let eater = site.store().eater(&call.eater).await?;
            lines.push(CallLine { who: eater.person.masked(), community: eater.community, call });
        }
    }
    let me = staff.me();
    Ok(site.page(&staff.visitor, StatusCode::OK, || pages::list(&me, &lines)))
}

async fn page(
    site: &Site,
    staff: &StaffVisitor,
    call: MealCall,
    sent: &Sent<CallForm>,
) -> Result<Response, AppError> {
    let (eater, _) = eater_of(site, staff, &call.eater).await?;
    let today = site.clock().today();
    let from = today.checked_sub(14.days()).unwrap_or(today);
    let meals = site.store().meals_of(&eater.id, from).await?;
    let meals = meals.iter().map(|meal| line_of(site, meal)).collect();
    let view = CallView { call, eater, meals, key: new_key()? };
    let status = if sent.errors.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    let me = staff.me();
    Ok(site.page(&staff.visitor, status, || pages::call(&me, &view, sent)))
}

/// One call: whom to ring, and why.
pub(crate) async fn show(
    State(site): State<Site>,
    staff: StaffVisitor,
    Path(id): Path<String>,
) -> Result<Response, AppError> {
    staff.require_role(TAKERS).await?;
    let call = site.store().meal_call(&id).await?;
    page(&site, &staff, call, &Sent::default()).await
}

/// What it found.
pub(crate) async fn finish(
    State(site): State<Site>,
    staff: StaffVisitor,
    Path(id): Path<String>,
    fields: Fields,
) -> Result<Response, AppError> {
    staff.require_role(TAKERS).await?;
    let call = site.store().meal_call(&id).await?;
    let (_, actor) = eater_of(&site, &staff, &call.eater).await?;
    let key = fields.key(site.store())?;
    let form: CallForm = fields.form()?;
    let report = match form.parse() {
        Ok(report) => report,
        Err(errors) => return page(&site, &staff, call, &sent_back(form, errors)).await,
    };
    let owner = owner_of(&staff);
    let doing = Doing { actor: &actor, owner: &owner, key: &key, now: site.clock().now() };
    match site.store().finish_meal_call(&id, &report, &doing).await {
        Ok(()) => Ok(see_other("/staff/meal-calls", None)),
        // A colleague was quicker: the page tells what was found.
        Err(MealRefusal::Over) => Ok(see_other(&format!("/staff/meal-calls/{id}"), None)),
        Err(MealRefusal::Store(cause)) => Err(cause.into()),
        Err(MealRefusal::SoldOut(_) | MealRefusal::Twice(_)) => Err(AppError::Conflict),
    }
}
