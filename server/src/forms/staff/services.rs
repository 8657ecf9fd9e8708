//! `/staff/services` and `/staff/cases/{number}/service`: services that were arranged, and what came of them.

use std::collections::BTreeMap;

use app::domain::aid::service::{ArrangedForm, ServiceReport, ServiceReportForm};
use app::domain::staff::Post;
use app::pages::Sent;
use app::pages::staff::services::{self as pages, REPORTERS, ServiceCase, ServicesPage};
use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use axum::response::Response;

use super::cases::{case_of, note_reading};
use super::handling::{case_for, doing};
use super::number_in;
use crate::error::AppError;
use crate::forms::{Fields, new_key, sent_back};
use crate::site::{Site, see_other};
use crate::staff::StaffVisitor;
use crate::store::staff_cases::{FoundCase, Scope};

/// How many stand on a page of the list.
const ON_A_PAGE: i64 = 20;

/// The two fields by which a service is arranged.
pub(super) fn arranged_form(fields: &Fields) -> ArrangedForm {
    ArrangedForm { day: fields.get("service-day").to_owned(), words: fields.get("service-words").to_owned() }
}

/// The list of one post's area.
pub(crate) async fn list(
    State(site): State<Site>,
    staff: StaffVisitor,
    Query(query): Query<BTreeMap<String, String>>,
) -> Result<Response, AppError> {
    let posts: Vec<Post> = staff.require_role(REPORTERS).await?.into_iter().cloned().collect();
    let at = usize::try_from(number_in(&query, "post")).unwrap_or_default();
    let at = if at < posts.len() { at } else { 0 };
    let Some(post) = posts.get(at) else { return Err(AppError::NotFound) };
    let page = number_in(&query, "page").max(1);
    let skip = i64::from(page - 1) * ON_A_PAGE;
    let mut lines = site.store().services_to_come(&Scope::of(post), skip, ON_A_PAGE + 1).await?;
    let on_a_page = usize::try_from(ON_A_PAGE).unwrap_or(usize::MAX);
    let more = lines.len() > on_a_page;
    lines.truncate(on_a_page);
    let today = site.clock().today();
    let (me, shown) = (staff.me(), ServicesPage { posts, at, lines, page, more, today });
    Ok(site.page(&staff.visitor, StatusCode::OK, || pages::list(&me, &shown)))
}

/// The page. How it was arranged is personal: each showing is noted.
async fn page(
    site: &Site,
    staff: &StaffVisitor,
    (case, reader): (&FoundCase, &Post),
    sent: &Sent<ServiceReportForm>,
) -> Result<Response, AppError> {
    note_reading(site, staff, (case, reader)).await?;
    let lines = site.store().services_of(&case.head.area, &case.id).await?;
    let (me, shown) = (staff.me(), ServiceCase { head: case.head.clone(), lines, key: new_key()? });
    let status = if sent.errors.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    Ok(site.page(&staff.visitor, status, || pages::report(&me, &shown, sent)))
}

/// The form.
pub(crate) async fn show(
    State(site): State<Site>,
    staff: StaffVisitor,
    Path(number): Path<String>,
) -> Result<Response, AppError> {
    let (case, reader) = case_of(&site, &staff, &number).await?;
    page(&site, &staff, (&case, reader), &Sent::fresh(ServiceReportForm::default())).await
}

/// Writes down what came of it.
pub(crate) async fn report(
    State(site): State<Site>,
    staff: StaffVisitor,
    Path(number): Path<String>,
    fields: Fields,
) -> Result<Response, AppError> {
    let (case, post) = case_for(&site, &staff, &number, REPORTERS).await?;
    let form = ServiceReportForm {
        outcome: fields.get("service-outcome").to_owned(),
        note: fields.get("service-note").to_owned(),
        next: arranged_form(&fields),
    };
    let report = match ServiceReport::parse(&form, site.clock().today()) {
        Ok(report) => report,
        Err(errors) => return page(&site, &staff, (&case, post), &sent_back(form, errors)).await,
    };
    let doing = doing(&site, &staff, post, &fields)?;
    site.store().report_service(&case.to_act_on(), &report, &doing).await?;
    site.messages_waiting().notify_one();
    Ok(see_other("/staff/services", None))
}
