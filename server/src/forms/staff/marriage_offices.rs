//! `/staff/marriage-offices`: the table of offices, taken in by an administrator.

use app::domain::area::district;
use app::domain::marriage::{ImportForm, LineProblem, read_offices};
use app::domain::staff::Role;
use app::pages::staff::marriage_offices as pages;
use axum::extract::{Query, State};
use axum::http::StatusCode;
use axum::response::Response;
use serde::Deserialize;

use crate::error::AppError;
use crate::forms::{Fields, new_key};
use crate::site::{Site, see_other};
use crate::staff::StaffVisitor;
use crate::store::marriage::offices::Import;
use crate::store::standards::Doer;

#[derive(Default, Deserialize)]
#[serde(default)]
pub(crate) struct Taken {
    /// How many offices were taken in just now.
    taken: String,
}

async fn page(
    site: &Site,
    staff: &StaffVisitor,
    status: StatusCode,
    (form, problems): (&ImportForm, &[LineProblem]),
    (key, taken): (&str, usize),
) -> Result<Response, AppError> {
    let offices = site.store().marriage_offices(site.clock().today()).await?;
    let me = staff.me();
    Ok(site.page(&staff.visitor, status, || pages::table(&me, &offices, form, problems, key, taken)))
}

/// The offices that hold today, and the form.
pub(crate) async fn show(
    State(site): State<Site>,
    staff: StaffVisitor,
    Query(taken): Query<Taken>,
) -> Result<Response, AppError> {
    staff.require(&[Role::Administrator], district()).await?;
    let count = taken.taken.parse().unwrap_or_default();
    page(&site, &staff, StatusCode::OK, (&ImportForm::default(), &[]), (&new_key()?, count)).await
}

/// Takes a table in.
pub(crate) async fn import(
    State(site): State<Site>,
    staff: StaffVisitor,
    fields: Fields,
) -> Result<Response, AppError> {
    let post = staff.require(&[Role::Administrator], district()).await?;
    let actor = staff.actor(post);
    let key = fields.key(site.store())?;
    let form: ImportForm = fields.form()?;
    // Where sample data is on, nothing that is entered is a fact.
    let problems = match read_offices(&form.lines, site.settings().sample_data) {
        Ok(offices) => {
            let doer = Doer { id: staff.staff_id(), actor: &actor };
            match site.store().import_marriage_offices(&offices, doer, &key, site.clock().now()).await? {
                Import::Done(once) => {
                    return Ok(see_other(&format!("/staff/marriage-offices?taken={}", once.answer()), None));
                }
                Import::Refused(problems) => problems,
            }
        }
        Err(problems) => problems,
    };
    let key = fields.get("idempotency_key");
    page(&site, &staff, StatusCode::UNPROCESSABLE_ENTITY, (&form, &problems), (key, 0)).await
}
