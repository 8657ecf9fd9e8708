//! `/staff/timebank/patterns`: unusual services, for a person to look at.

use app::domain::staff::Post;
use app::domain::timebank::Pattern;
use app::pages::staff::timebank_patterns as pages;
use app::pages::staff::timebank_records::{CORRECTORS, RecordLine};
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;

use super::timebank::owner_of;
use super::timebank_records::line_of;
use crate::error::AppError;
use crate::forms::timebank::refusal;
use crate::forms::{Fields, new_key};
use crate::site::{Site, see_other};
use crate::staff::StaffVisitor;
use crate::store::timebank::Doing;

/// What nobody has looked at yet at one's posts.
pub(crate) async fn list(State(site): State<Site>, staff: StaffVisitor) -> Result<Response, AppError> {
    let posts: Vec<Post> = staff.require_role(CORRECTORS).await?.into_iter().cloned().collect();
    let mut found: Vec<(RecordLine, Pattern)> = Vec::new();
    for post in &posts {
        for (need, pattern) in site.store().unusual_services(post.place(), site.clock().now()).await? {
            // Two posts may cover one place.
            if !found.iter().any(|(line, other)| line.id == need.id && *other == pattern) {
                found.push((line_of(&need, false), pattern));
            }
        }
    }
    let (me, key) = (staff.me(), new_key()?);
    Ok(site.page(&staff.visitor, StatusCode::OK, || pages::list(&me, &found, &key)))
}

/// Somebody looked.
pub(crate) async fn looked(
    State(site): State<Site>,
    staff: StaffVisitor,
    fields: Fields,
) -> Result<Response, AppError> {
    staff.require_role(CORRECTORS).await?;
    let key = fields.key(site.store())?;
    let pattern = Pattern::parse(fields.get("pattern")).ok_or(AppError::BadRequest)?;
    let need = site.store().need(fields.get("need")).await?;
    let actor = staff.actor(staff.require(CORRECTORS, &need.area).await?);
    let owner = owner_of(&staff);
    let doing = Doing { actor: &actor, owner: &owner, key: &key, now: site.clock().now() };
    site.store().look_at_pattern(&need, pattern, staff.staff_id(), &doing).await.map_err(refusal)?;
    Ok(see_other("/staff/timebank/patterns", None))
}
