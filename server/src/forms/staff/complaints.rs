//! `/staff/complaints`: complaints and suggestions, from taking over to closing.

use std::collections::BTreeMap;

use app::domain::audit::{AuditAct, Purpose};
use app::domain::complaint::{ComplaintState, TEXT_MAX, handlers, is_about};
use app::domain::confirm::CaseNumber;
use app::domain::form::{FormErrors, Prompt};
use app::domain::notices::Notice;
use app::domain::phone::ContactPhone;
use app::domain::staff::Post;
use app::domain::written;
use app::pages::Sent;
use app::pages::staff::complaints::{self as pages, ComplaintHead, ComplaintPage, ComplaintView, HANDLERS};
use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use axum::response::Response;
use jiff::civil::Date;

use super::number_in;
use crate::error::AppError;
use crate::forms::{Fields, sent_back};
use crate::site::{Site, see_other};
use crate::staff::StaffVisitor;
use crate::staff::session::chain;
use crate::store::audit::Actor;
use crate::store::messages::Channel;
use crate::store::{ComplaintLine, ComplaintScope, complaint_entry};

/// How many stand on one page of the list.
const ON_A_PAGE: i64 = 20;

/// What waits for a post: a district's list has its streets' overdue ones too.
pub(super) fn scope_of(post: &Post, today: Date) -> ComplaintScope {
    ComplaintScope { area: post.place().to_owned(), role: post.role(), today }
}

fn head_of(line: &ComplaintLine, today: Date) -> ComplaintHead {
    let waits = matches!(line.state, ComplaintState::Received | ComplaintState::Handling);
    let late = line.due_on.filter(|due| waits && *due < today);
    ComplaintHead {
        number: line.number.clone(),
        kind: line.kind,
        area: line.area.clone(),
        level: line.level,
        state: line.state,
        received_at: line.received_at,
        due_on: line.due_on,
        about: line.about,
        overdue_days: late.and_then(|due| today.since(due).ok()).map(|span| span.get_days()),
    }
}

/// The list.
pub(crate) async fn list(
    State(site): State<Site>,
    staff: StaffVisitor,
    Query(query): Query<BTreeMap<String, String>>,
) -> Result<Response, AppError> {
    let posts: Vec<Post> = staff.require_role(HANDLERS).await?.into_iter().cloned().collect();
    let today = site.clock().today();
    let at = usize::try_from(number_in(&query, "post")).unwrap_or_default();
    let at = if at < posts.len() { at } else { 0 };
    let Some(post) = posts.get(at) else { return Err(AppError::Forbidden) };
    let page = number_in(&query, "page").clamp(1, 10_000);
    let skip = i64::from(page - 1) * ON_A_PAGE;
    let scope = scope_of(post, today);
    let mut lines = site.store().waiting_complaints(&scope, skip, ON_A_PAGE + 1).await?;
    let on_a_page = usize::try_from(ON_A_PAGE).unwrap_or(usize::MAX);
    let more = lines.len() > on_a_page;
    lines.truncate(on_a_page);
    let complaints = lines.iter().map(|line| head_of(line, today)).collect();
    let shown = ComplaintPage { posts, at, complaints, page, more };
    let me = staff.me();
    Ok(site.page(&staff.visitor, StatusCode::OK, || pages::list(&me, &shown)))
}

/// The complaint, and the post that lets this person handle it. What the street has passed on is the district's; what is
/// said about the district's officers is its auditors'.
async fn complaint_of<'a>(
    site: &Site,
    staff: &'a StaffVisitor,
    number: &str,
) -> Result<(ComplaintLine, &'a Post), AppError> {
    staff.require_role(HANDLERS).await?;
    let number = CaseNumber::parse(number).map_err(|_| AppError::NotFound)?;
    let found = site.store().find_complaint(number.as_str()).await?;
    let Some(complaint) = found else { return Err(AppError::NotFound) };
    match staff.post_for(handlers(complaint.level, complaint.about), &complaint.area) {
        Some(post) => Ok((complaint, post)),
        None => Err(staff.refused("complaints", &complaint.id, &complaint.area).await?),
    }
}

fn is_about_me(staff: &StaffVisitor, complaint: &ComplaintLine) -> bool {
    is_about(staff.posts(), complaint.about, &complaint.area)
}

/// Who acts, unless the complaint is about them: such a try is noted.
async fn fair_actor(
    staff: &StaffVisitor,
    (complaint, post): (&ComplaintLine, &Post),
) -> Result<Actor, AppError> {
    if is_about_me(staff, complaint) {
        return Err(staff.refused("complaints", &complaint.id, &complaint.area).await?);
    }
    Ok(staff.actor(post))
}

async fn page(
    site: &Site,
    staff: &StaffVisitor,
    (complaint, post): (&ComplaintLine, &Post),
    sent: &Sent<String>,
) -> Result<Response, AppError> {
    let now = site.clock().now();
    let me = staff.me();
    if is_about_me(staff, complaint) {
        // Noted: whoever it is about asked for it and was not shown what was written.
        staff.refused("complaints", &complaint.id, &complaint.area).await?;
        let head = head_of(complaint, now.shanghai_date());
        return Ok(site.page(&staff.visitor, StatusCode::OK, || pages::about_oneself(&me, &head)));
    }
    let actor = staff.actor(post);
    let object = (chain(&complaint.area), complaint.id.as_str());
    let entry = complaint_entry(&actor, AuditAct::DetailsRead, object, Purpose::Complaint);
    site.store().note_alone(&entry, now).await?;
    let file = site.store().complaint_file(&complaint.id).await?;
    let own = complaint.handler.as_deref() == Some(staff.staff_id());
    let contact = file.contact.map(|contact| match ContactPhone::parse(&contact) {
        Ok(phone) if !own => phone.masked(),
        _ => contact,
    });
    let shown = ComplaintView {
        head: head_of(complaint, now.shanghai_date()),
        text: file.text,
        contact,
        case_number: file.case_number,
        reply: file.reply,
        own,
    };
    let status = if sent.errors.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    Ok(site.page(&staff.visitor, status, || pages::complaint(&me, &shown, sent)))
}

/// One complaint.
pub(crate) async fn show(
    State(site): State<Site>,
    staff: StaffVisitor,
    Path(number): Path<String>,
) -> Result<Response, AppError> {
    let (complaint, post) = complaint_of(&site, &staff, &number).await?;
    page(&site, &staff, (&complaint, post), &Sent::fresh(String::new())).await
}

fn back_to(complaint: &ComplaintLine) -> Response {
    see_other(&format!("/staff/complaints/{}", complaint.number), None)
}

/// Takes it over.
pub(crate) async fn take(
    State(site): State<Site>,
    staff: StaffVisitor,
    Path(number): Path<String>,
) -> Result<Response, AppError> {
    let (complaint, post) = complaint_of(&site, &staff, &number).await?;
    let actor = fair_actor(&staff, (&complaint, post)).await?;
    // A second press finds it taken by the same person.
    if complaint.handler.as_deref() != Some(staff.staff_id()) {
        site.store().take_complaint(&complaint, staff.staff_id(), &actor, site.clock().now()).await?;
    }
    Ok(back_to(&complaint))
}

/// Answers it.
pub(crate) async fn reply(
    State(site): State<Site>,
    staff: StaffVisitor,
    Path(number): Path<String>,
    fields: Fields,
) -> Result<Response, AppError> {
    let (complaint, post) = complaint_of(&site, &staff, &number).await?;
    let actor = fair_actor(&staff, (&complaint, post)).await?;
    let reply = match written::paragraph(fields.get("reply"), Prompt::Reply, 5, TEXT_MAX) {
        Ok(reply) => reply,
        Err(error) => {
            let mut errors = FormErrors::default();
            errors.add("reply", error);
            let sent = sent_back(fields.get("reply").to_owned(), errors);
            return page(&site, &staff, (&complaint, post), &sent).await;
        }
    };
    let file = site.store().complaint_file(&complaint.id).await?;
    // A second press of the same answer has been done before.
    if file.reply.as_ref().is_some_and(|(before, _)| *before == reply) {
        return Ok(back_to(&complaint));
    }
    let text = Notice::ComplaintAnswered { number: complaint.number.clone() }.sms();
    let contact = file.contact.as_deref().and_then(|contact| ContactPhone::parse(contact).ok());
    let message = contact.as_ref().map(|contact| {
        let channel = if contact.mobile().is_some() { Channel::Text } else { Channel::Call };
        (channel, contact.as_str(), text.as_str())
    });
    site.store()
        .answer_complaint(&complaint, staff.staff_id(), (&reply, message), &actor, site.clock().now())
        .await?;
    Ok(back_to(&complaint))
}

/// Passes it on to the district.
pub(crate) async fn escalate(
    State(site): State<Site>,
    staff: StaffVisitor,
    Path(number): Path<String>,
) -> Result<Response, AppError> {
    let (complaint, post) = complaint_of(&site, &staff, &number).await?;
    let actor = staff.actor(post);
    site.store().escalate_complaint(&complaint, &actor, site.clock().now()).await?;
    // It may be out of this person's hands now.
    Ok(see_other("/staff/complaints", None))
}

/// Closes it.
pub(crate) async fn close(
    State(site): State<Site>,
    staff: StaffVisitor,
    Path(number): Path<String>,
) -> Result<Response, AppError> {
    let (complaint, post) = complaint_of(&site, &staff, &number).await?;
    let actor = fair_actor(&staff, (&complaint, post)).await?;
    if complaint.state != ComplaintState::Closed {
        site.store().close_complaint(&complaint, &actor, site.clock().now()).await?;
    }
    Ok(back_to(&complaint))
}
