//! `/staff/deliveries`: letters to print and calls to make.

use std::collections::BTreeMap;

use app::domain::audit::AuditAct;
use app::domain::staff::Post;
use app::pages::staff::deliveries::{self as pages, DELIVERERS, DeliveryHead, DeliveryPage};
use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use axum::response::Response;

use super::number_in;
use crate::error::AppError;
use crate::site::{Site, see_other};
use crate::staff::StaffVisitor;
use crate::store::StoreError;
use crate::store::deliveries::DeliveryLine;
use crate::store::messages::Channel;

/// How many stand on one page of the list.
const ON_A_PAGE: i64 = 20;

fn head_of(line: &DeliveryLine) -> DeliveryHead {
    DeliveryHead {
        id: line.id.clone(),
        is_letter: line.channel == Channel::Letter,
        area: line.area.clone(),
        created_at: line.created_at,
        expires_at: line.expires_at,
    }
}

/// The list of one post's area.
pub(crate) async fn list(
    State(site): State<Site>,
    staff: StaffVisitor,
    Query(query): Query<BTreeMap<String, String>>,
) -> Result<Response, AppError> {
    let posts: Vec<Post> = staff.require_role(DELIVERERS).await?.into_iter().cloned().collect();
    let at = usize::try_from(number_in(&query, "post")).unwrap_or_default();
    let at = if at < posts.len() { at } else { 0 };
    let Some(post) = posts.get(at) else { return Err(AppError::Forbidden) };
    let page = number_in(&query, "page").clamp(1, 10_000);
    let skip = i64::from(page - 1) * ON_A_PAGE;
    let mut lines = site.store().deliveries(post.place(), skip, ON_A_PAGE + 1).await?;
    let on_a_page = usize::try_from(ON_A_PAGE).unwrap_or(usize::MAX);
    let more = lines.len() > on_a_page;
    lines.truncate(on_a_page);
    let deliveries = lines.iter().map(head_of).collect();
    let shown = DeliveryPage { posts, at, deliveries, page, more };
    let me = staff.me();
    Ok(site.page(&staff.visitor, StatusCode::OK, || pages::list(&me, &shown)))
}

/// What waits, and the post that lets this person deliver it.
async fn delivery_of<'a>(
    site: &Site,
    staff: &'a StaffVisitor,
    id: &str,
) -> Result<Option<(DeliveryLine, &'a Post)>, AppError> {
    staff.require_role(DELIVERERS).await?;
    let Some(delivery) = site.store().find_delivery(id).await? else { return Ok(None) };
    match staff.post_for(DELIVERERS, &delivery.area) {
        Some(post) => Ok(Some((delivery, post))),
        None => Err(staff.refused("outbox", &delivery.id, &delivery.area).await?),
    }
}

/// One letter or call. Showing it is a reading, noted before.
pub(crate) async fn show(
    State(site): State<Site>,
    staff: StaffVisitor,
    Path(id): Path<String>,
) -> Result<Response, AppError> {
    let Some((delivery, post)) = delivery_of(&site, &staff, &id).await? else {
        return Err(AppError::NotFound);
    };
    let actor = staff.actor(post);
    let entry = delivery.entry(&actor, AuditAct::DetailsRead);
    site.store().note_alone(&entry, site.clock().now()).await?;
    let (to, text) = site.store().delivery_text(&delivery.id).await?;
    let (me, head) = (staff.me(), head_of(&delivery));
    Ok(site.page(&staff.visitor, StatusCode::OK, || pages::delivery(&me, &head, &to, &text)))
}

/// It was delivered.
pub(crate) async fn done(
    State(site): State<Site>,
    staff: StaffVisitor,
    Path(id): Path<String>,
) -> Result<Response, AppError> {
    if let Some((delivery, post)) = delivery_of(&site, &staff, &id).await? {
        let actor = staff.actor(post);
        match site.store().delivered(&delivery, &actor, site.clock().now()).await {
            // Somebody else did the same at the same moment.
            Ok(()) | Err(StoreError::NotFound) => {}
            Err(other) => return Err(other.into()),
        }
    }
    // A second press finds it gone already.
    Ok(see_other("/staff/deliveries", None))
}
