//! `/staff/meals/{point}/waiting`: who waits for which dish, and whom the point rings when a meal is given up late.

use app::domain::audit::{AuditAct, Purpose};
use app::domain::meals::{MealPoint, WaitAnswer, WaitState};
use app::pages::staff::meal_waiting::{self as pages, LineView, Waiting};
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::Response;

use super::meals::{at_point, owner_of};
use crate::error::AppError;
use crate::forms::{Fields, new_key};
use crate::meal_waiting::{Gave, give, give_freed};
use crate::site::{Site, see_other};
use crate::staff::StaffVisitor;
use crate::staff::session::chain;
use crate::store::audit::{Actor, AuditEntry};
use crate::store::meals::Doing;
use crate::store::meals::orders::MealRefusal;

async fn page(
    site: &Site,
    staff: &StaffVisitor,
    (point, actor): (MealPoint, &Actor),
    refused: &'static str,
) -> Result<Response, AppError> {
    // Who is behind the cut-off by now, and what is free, is settled first: the page shows how it stands.
    give_freed(site).await;
    let now = site.clock().now();
    let mut lines = Vec::new();
    for (wait, free) in site.store().lines_at(&point.code, now.shanghai_date()).await? {
        let eater = site.store().eater(&wait.eater).await?;
        let ring = wait.state == WaitState::Standby && wait.place == 1 && free > 0;
        if ring {
            // A telephone that is shown is noted.
            let entry = AuditEntry {
                area: chain(&eater.community),
                actor,
                on_behalf_of: None,
                act: AuditAct::DetailsRead,
                object_kind: "meal_eaters",
                object: &eater.id,
                subject: eater.resident.as_deref(),
                purpose: Purpose::Handling,
            };
            site.store().note_alone(&entry, now).await?;
        }
        lines.push(Waiting { wait, free, ring, eater });
    }
    let view = LineView { point, lines, refused, key: new_key()? };
    let status = if refused.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    let me = staff.me();
    Ok(site.page(&staff.visitor, status, || pages::lines(&me, &view)))
}

/// The lines of today and the days to come.
pub(crate) async fn show(
    State(site): State<Site>,
    staff: StaffVisitor,
    Path(code): Path<String>,
) -> Result<Response, AppError> {
    let (point, actor) = at_point(&site, &staff, &code).await?;
    page(&site, &staff, (point, &actor), "").await
}

/// What was heard on the telephone.
pub(crate) async fn answer(
    State(site): State<Site>,
    staff: StaffVisitor,
    Path((code, id)): Path<(String, String)>,
    fields: Fields,
) -> Result<Response, AppError> {
    let (point, actor) = at_point(&site, &staff, &code).await?;
    let key = fields.key(site.store())?;
    let answer = WaitAnswer::parse(fields.get("answer")).ok_or(AppError::BadRequest)?;
    let wait = site.store().wait(&id).await?;
    if wait.point != code {
        return Err(AppError::NotFound);
    }
    let there = Ok(see_other(&format!("/staff/meals/{code}/waiting"), None));
    let owner = owner_of(&staff);
    let state = match answer {
        // Pressed twice.
        WaitAnswer::Comes if wait.state == WaitState::Given => return there,
        WaitAnswer::Comes if wait.state != WaitState::Standby => {
            return page(&site, &staff, (point, &actor), "没有留：还没到截止，或者已经不在排队了").await;
        }
        WaitAnswer::Comes => {
            return match give(&site, &wait, (&owner, &actor)).await? {
                Gave::Meal => {
                    site.messages_waiting().notify_one();
                    there
                }
                Gave::Ended => {
                    page(&site, &staff, (point, &actor), "没有留：这位已经订了别的，或者换的菜里有忌口的")
                        .await
                }
                Gave::Nothing => {
                    page(&site, &staff, (point, &actor), "没有留：刚刚没有空出来的了，或者前面还有人").await
                }
            };
        }
        WaitAnswer::Declines => WaitState::Declined,
        WaitAnswer::Unreached => WaitState::Unreached,
    };
    let doing = Doing { actor: &actor, owner: &owner, key: &key, now: site.clock().now() };
    match site.store().leave_line(&id, state, &doing).await {
        Ok(()) | Err(MealRefusal::Over) => there,
        Err(MealRefusal::Store(cause)) => Err(cause.into()),
        Err(MealRefusal::SoldOut(_) | MealRefusal::Twice(_)) => Err(AppError::Conflict),
    }
}
