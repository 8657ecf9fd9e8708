//! `/staff/marriage/{office}/hot…`: days with times and rules of their own.

use app::domain::form::{FieldError, FormErrors};
use app::domain::marriage::{DrawForm, DrawOf, HotDay, HotDayForm};
use app::pages::Sent;
use app::pages::staff::marriage_hot::{self as pages, HotDays};
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::Response;

use super::marriage::clerk;
use crate::error::AppError;
use crate::forms::{Fields, new_key, sent_back};
use crate::site::{Site, see_other};
use crate::staff::StaffVisitor;
use crate::store::StoreError;
use crate::store::audit::Actor;
use crate::store::marriage::plans::PlanChange;
use crate::store::standards::Doer;

/// The form of a day and of its draw, as typed.
#[derive(Default)]
struct Typed {
    day: Sent<HotDayForm>,
    draw: Sent<DrawForm>,
    conflict: bool,
}

async fn page(site: &Site, staff: &StaffVisitor, office: &str, typed: Typed) -> Result<Response, AppError> {
    let (store, today) = (site.store(), site.clock().today());
    let Typed { day: sent, draw, conflict } = typed;
    let wrong = conflict || !sent.errors.is_empty() || !draw.errors.is_empty();
    let mut days = Vec::new();
    for hot in store.hot_days(office, today).await? {
        let at_the_door = store.at_the_door_only((office, hot.matter, hot.day)).await?;
        days.push((hot, at_the_door));
    }
    let office = store.marriage_office(office, today).await?;
    let page = HotDays { office, days, sent, draw, conflict, key: new_key()? };
    let status = if wrong { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    let me = staff.me();
    Ok(site.page(&staff.visitor, status, || pages::hot_days(&me, &page)))
}

/// The marked days.
pub(crate) async fn show(
    State(site): State<Site>,
    staff: StaffVisitor,
    Path(office): Path<String>,
) -> Result<Response, AppError> {
    clerk(&staff, &office).await?;
    page(&site, &staff, &office, Typed::default()).await
}

async fn change(
    site: &Site,
    staff: &StaffVisitor,
    (office, actor): (&str, &Actor),
    change: &PlanChange<'_>,
    (fields, typed): (&Fields, Typed),
) -> Result<Response, AppError> {
    let key = fields.key(site.store())?;
    let doer = Doer { id: staff.staff_id(), actor };
    match site.store().change_marriage_plan(office, change, doer, &key, site.clock().now()).await {
        Ok(()) => Ok(see_other(&format!("/staff/marriage/{office}/hot"), None)),
        Err(StoreError::Conflict) => page(site, staff, office, Typed { conflict: true, ..typed }).await,
        Err(other) => Err(other.into()),
    }
}

/// Marks a day.
pub(crate) async fn mark(
    State(site): State<Site>,
    staff: StaffVisitor,
    Path(office): Path<String>,
    fields: Fields,
) -> Result<Response, AppError> {
    let actor = clerk(&staff, &office).await?;
    let (form, draw_form): (HotDayForm, DrawForm) = (fields.form()?, fields.form()?);
    let now = site.clock().now();
    let there = site.store().marriage_office(&office, now.shanghai_date()).await?;
    let mut parsed = form.parse(now.shanghai_date());
    if let Ok(hot) = &parsed
        && !there.takes(hot.matter)
    {
        let mut errors = FormErrors::default();
        errors.add("matter", FieldError::NotOffered);
        parsed = Err(errors);
    }
    let ahead = site.store().marriage_rules(&office).await?.window_min;
    let draw = draw_form.parse(parsed.as_ref().ok().map(|hot| hot.day), ahead, now);
    match (parsed, draw) {
        (Ok(hot), Ok(rules)) => {
            let draw = rules.map(|rules| DrawOf { id: String::new(), rules, drawn: false });
            let hot = HotDay { draw, ..hot };
            let typed = Typed { day: Sent::fresh(form), draw: Sent::fresh(draw_form), conflict: false };
            change(&site, &staff, (&office, &actor), &PlanChange::MarkHot(&hot), (&fields, typed)).await
        }
        (hot, draw) => {
            let typed = Typed {
                day: sent_back(form, hot.err().unwrap_or_default()),
                draw: sent_back(draw_form, draw.err().unwrap_or_default()),
                conflict: false,
            };
            page(&site, &staff, &office, typed).await
        }
    }
}

/// A day is an ordinary one again; one whose draw has opened stays what couples were promised.
pub(crate) async fn unmark(
    State(site): State<Site>,
    staff: StaffVisitor,
    Path((office, hot)): Path<(String, String)>,
    fields: Fields,
) -> Result<Response, AppError> {
    let actor = clerk(&staff, &office).await?;
    let typed = Typed::default();
    change(&site, &staff, (&office, &actor), &PlanChange::UnmarkHot(&hot), (&fields, typed)).await
}
