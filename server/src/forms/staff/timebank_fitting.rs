//! `/staff/timebank/{need}/fitting`: who could do one request, for the coordinator of its place.

use app::domain::audit::{AuditAct, Purpose};
use app::domain::phone::ContactPhone;
use app::domain::staff::Role;
use app::domain::timebank::NeedState;
use app::pages::staff::timebank_fitting::{self as pages, Candidate};
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::Response;

use super::timebank_insurance::masked_or_empty;
use crate::error::AppError;
use crate::site::Site;
use crate::staff::StaffVisitor;
use crate::staff::session::chain;
use crate::store::audit::AuditEntry;

const COORDINATORS: &[Role] = &[Role::TimeBankCoordinator];

/// Whom one may ask. Each volunteer who is named is told so in the trail of their own data.
pub(crate) async fn list(
    State(site): State<Site>,
    staff: StaffVisitor,
    Path(id): Path<String>,
) -> Result<Response, AppError> {
    staff.require_role(COORDINATORS).await?;
    let (store, now) = (site.store(), site.clock().now());
    let need = store.need(&id).await?;
    let post = staff.require(COORDINATORS, &need.area).await?;
    let actor = staff.actor(post);
    if need.state != NeedState::Posted {
        return Err(AppError::NotFound);
    }
    let mut candidates = Vec::new();
    for (resident, fit) in store.volunteers_for(&need).await? {
        let name = masked_or_empty(&site, &resident).await;
        if name.is_empty() {
            continue;
        }
        let entry = AuditEntry {
            area: chain(&need.area),
            actor: &actor,
            on_behalf_of: None,
            act: AuditAct::DetailsRead,
            object_kind: "time_needs",
            object: &need.id,
            subject: Some(&resident),
            purpose: Purpose::Handling,
        };
        store.note_alone(&entry, now).await?;
        let phone = store.account(&resident).await?.phone;
        candidates.push(Candidate {
            name,
            phone: phone.as_ref().map(ContactPhone::as_str).unwrap_or_default().to_owned(),
            fit,
        });
    }
    let what = format!("{}，{}", need.kind.name, need.starts_at.shanghai_full());
    let me = staff.me();
    Ok(site.page(&staff.visitor, StatusCode::OK, || pages::fitting(&me, (&id, &what), &candidates)))
}
