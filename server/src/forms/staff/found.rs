//! `/staff/found`: households that somebody told of, and the visits to them.

use std::collections::BTreeMap;

use app::domain::aid::correction::NOTE_MAX;
use app::domain::aid::found::VisitOutcome;
use app::domain::audit::{AuditAct, Purpose};
use app::domain::confirm::CaseNumber;
use app::domain::form::{FieldError, FormErrors, Prompt};
use app::domain::staff::Post;
use app::domain::written;
use app::pages::Sent;
use app::pages::staff::found::{self as pages, FoundPage, VISITORS, VisitForm};
use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use axum::response::Response;

use super::handling::doing;
use super::number_in;
use crate::error::AppError;
use crate::forms::{Fields, new_key, sent_back};
use crate::site::{Site, see_other};
use crate::staff::StaffVisitor;
use crate::store::found::{FoundRef, found_entry};
use crate::store::staff_cases::Scope;

/// How many stand on one page of the list.
const ON_A_PAGE: i64 = 20;

/// The list of one post's area.
pub(crate) async fn list(
    State(site): State<Site>,
    staff: StaffVisitor,
    Query(query): Query<BTreeMap<String, String>>,
) -> Result<Response, AppError> {
    let posts: Vec<Post> = staff.require_role(VISITORS).await?.into_iter().cloned().collect();
    let at = usize::try_from(number_in(&query, "post")).unwrap_or_default();
    let at = if at < posts.len() { at } else { 0 };
    let page = number_in(&query, "page").clamp(1, 10_000);
    let Some(post) = posts.get(at) else { return Err(AppError::NotFound) };
    let skip = i64::from(page - 1) * ON_A_PAGE;
    let mut lines = site.store().found_waiting(&Scope::of(post), skip, ON_A_PAGE + 1).await?;
    let on_a_page = usize::try_from(ON_A_PAGE).unwrap_or(usize::MAX);
    let more = lines.len() > on_a_page;
    lines.truncate(on_a_page);
    let (me, today) = (staff.me(), site.clock().today());
    let shown = FoundPage { posts, at, lines, page, more, today };
    Ok(site.page(&staff.visitor, StatusCode::OK, || pages::list(&me, &shown)))
}

/// The household, and the post that lets this person see it.
async fn found_of<'a>(
    site: &Site,
    staff: &'a StaffVisitor,
    number: &str,
) -> Result<(FoundRef, &'a Post), AppError> {
    staff.require_role(VISITORS).await?;
    let number = CaseNumber::parse(number).map_err(|_| AppError::NotFound)?;
    let found = site.store().find_found(number.as_str()).await?.ok_or(AppError::NotFound)?;
    match staff.post_for(VISITORS, found.head.place()) {
        Some(post) => Ok((found, post)),
        None => Err(staff.refused("found_households", &found.id, &found.head.area).await?),
    }
}

async fn page(
    site: &Site,
    staff: &StaffVisitor,
    (found, post): (&FoundRef, &Post),
    sent: &Sent<VisitForm>,
) -> Result<Response, AppError> {
    let actor = staff.actor(post);
    let object = (found.head.area.as_str(), found.id.as_str());
    let entry = found_entry(&actor, AuditAct::DetailsRead, object, Purpose::Handling);
    site.store().note_alone(&entry, site.clock().now()).await?;
    let file = site.store().found_file(found, staff.staff_id(), new_key()?).await?;
    let (me, today) = (staff.me(), site.clock().today());
    let status = if sent.errors.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    Ok(site.page(&staff.visitor, status, || pages::file(&me, &file, sent, today)))
}

/// One household.
pub(crate) async fn show(
    State(site): State<Site>,
    staff: StaffVisitor,
    Path(number): Path<String>,
) -> Result<Response, AppError> {
    let (found, post) = found_of(&site, &staff, &number).await?;
    page(&site, &staff, (&found, post), &Sent::fresh(VisitForm::default())).await
}

fn back_to(found: &FoundRef) -> Response {
    see_other(&format!("/staff/found/{}", found.head.number), None)
}

/// Says that one goes there.
pub(crate) async fn take(
    State(site): State<Site>,
    staff: StaffVisitor,
    Path(number): Path<String>,
    fields: Fields,
) -> Result<Response, AppError> {
    let (found, post) = found_of(&site, &staff, &number).await?;
    let doing = doing(&site, &staff, post, &fields)?;
    site.store().take_found(&found, &doing).await?;
    Ok(back_to(&found))
}

/// Writes down what the visit came to.
pub(crate) async fn visited(
    State(site): State<Site>,
    staff: StaffVisitor,
    Path(number): Path<String>,
    fields: Fields,
) -> Result<Response, AppError> {
    let (found, post) = found_of(&site, &staff, &number).await?;
    let form = VisitForm { outcome: fields.get("outcome").to_owned(), note: fields.get("note").to_owned() };
    let mut errors = FormErrors::default();
    let outcome = match form.outcome.as_str() {
        "" => Err(FieldError::Missing(Prompt::VisitOutcome)),
        slug => VisitOutcome::parse(slug).ok_or(FieldError::NotOffered),
    };
    let outcome = errors.keep("outcome", outcome);
    let note = errors.keep("note", written::paragraph(&form.note, Prompt::VisitNote, 4, NOTE_MAX));
    let (Some(outcome), Some(note)) = (outcome, note) else {
        return page(&site, &staff, (&found, post), &sent_back(form, errors)).await;
    };
    let doing = doing(&site, &staff, post, &fields)?;
    site.store().settle_found(&found, (outcome, &note), &doing).await?;
    Ok(back_to(&found))
}
