//! `/staff/marriage/{office}/hot…`: days with times and rules of their own.

use app::domain::form::FieldError;
use app::domain::marriage::HotDayForm;
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

async fn page(
    site: &Site,
    staff: &StaffVisitor,
    office: &str,
    (sent, conflict): (Sent<HotDayForm>, bool),
) -> Result<Response, AppError> {
    let (store, today) = (site.store(), site.clock().today());
    let wrong = conflict || !sent.errors.is_empty();
    let mut days = Vec::new();
    for hot in store.hot_days(office, today).await? {
        let at_the_door = store.at_the_door_only((office, hot.matter, hot.day)).await?;
        days.push((hot, at_the_door));
    }
    let office = store.marriage_office(office, today).await?;
    let page = HotDays { office, days, sent, conflict, key: new_key()? };
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
    page(&site, &staff, &office, (Sent::default(), false)).await
}

async fn change(
    site: &Site,
    staff: &StaffVisitor,
    (office, actor): (&str, &Actor),
    change: &PlanChange<'_>,
    (fields, form): (&Fields, HotDayForm),
) -> Result<Response, AppError> {
    let key = fields.key(site.store())?;
    let doer = Doer { id: staff.staff_id(), actor };
    match site.store().change_marriage_plan(office, change, doer, &key, site.clock().now()).await {
        Ok(()) => Ok(see_other(&format!("/staff/marriage/{office}/hot"), None)),
        Err(StoreError::Conflict) => page(site, staff, office, (Sent::fresh(form), true)).await,
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
    let form: HotDayForm = fields.form()?;
    let there = site.store().marriage_office(&office, site.clock().today()).await?;
    let mut parsed = form.parse(site.clock().today());
    if let Ok(hot) = &parsed
        && !there.takes(hot.matter)
    {
        let mut errors = app::domain::form::FormErrors::default();
        errors.add("matter", FieldError::NotOffered);
        parsed = Err(errors);
    }
    match parsed {
        Ok(hot) => {
            change(&site, &staff, (&office, &actor), &PlanChange::MarkHot(&hot), (&fields, form)).await
        }
        Err(errors) => page(&site, &staff, &office, (sent_back(form, errors), false)).await,
    }
}

/// A day is an ordinary one again.
pub(crate) async fn unmark(
    State(site): State<Site>,
    staff: StaffVisitor,
    Path((office, hot)): Path<(String, String)>,
    fields: Fields,
) -> Result<Response, AppError> {
    let actor = clerk(&staff, &office).await?;
    let form = HotDayForm::default();
    change(&site, &staff, (&office, &actor), &PlanChange::UnmarkHot(&hot), (&fields, form)).await
}
