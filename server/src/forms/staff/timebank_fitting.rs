//! `/staff/timebank/{need}/fitting`: who could do one request, for the coordinator of its place.

use std::collections::BTreeMap;

use app::domain::audit::{AuditAct, Purpose};
use app::domain::phone::ContactPhone;
use app::domain::staff::{Post, Role};
use app::domain::timebank::NeedState;
use app::pages::staff::timebank_fitting::{self as pages, Candidate, FittingPage};
use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use axum::response::Response;

use super::number_in;
use super::timebank_insurance::masked_or_empty;
use crate::error::AppError;
use crate::forms::Fields;
use crate::site::Site;
use crate::staff::StaffVisitor;
use crate::staff::session::chain;
use crate::store::audit::AuditEntry;
use crate::store::timebank::Need;

const COORDINATORS: &[Role] = &[Role::TimeBankCoordinator];

/// How many stand on a page.
const ON_A_PAGE: i64 = 50;

/// The request that waits for somebody, and the post of who looks for one.
async fn open_need<'a>(site: &Site, staff: &'a StaffVisitor, id: &str) -> Result<(Need, &'a Post), AppError> {
    staff.require_role(COORDINATORS).await?;
    let need = site.store().need(id).await?;
    let post = staff.require(COORDINATORS, &need.area).await?;
    if need.state != NeedState::Posted {
        return Err(AppError::NotFound);
    }
    Ok((need, post))
}

/// The page; `opened` is the one whose telephone was asked for. Each volunteer who is named is told so in the trail of their own
/// data.
async fn page(
    site: &Site,
    staff: &StaffVisitor,
    (need, post): (&Need, &Post),
    page: u32,
    opened: Option<&str>,
) -> Result<Response, AppError> {
    let (store, now) = (site.store(), site.clock().now());
    let actor = staff.actor(post);
    let part = (i64::from(page.max(1) - 1) * ON_A_PAGE, ON_A_PAGE + 1);
    let mut found = store.volunteers_for(need, part, now).await?;
    let on_a_page = usize::try_from(ON_A_PAGE).unwrap_or(usize::MAX);
    let more = found.len() > on_a_page;
    found.truncate(on_a_page);
    let mut candidates = Vec::new();
    for (resident, fit) in found {
        let name = masked_or_empty(site, &resident).await;
        if name.is_empty() {
            continue;
        }
        let full = opened == Some(resident.as_str());
        let entry = AuditEntry {
            area: chain(&need.area),
            actor: &actor,
            on_behalf_of: None,
            act: if full { AuditAct::NumbersRead } else { AuditAct::DetailsRead },
            object_kind: "time_needs",
            object: &need.id,
            subject: Some(&resident),
            purpose: Purpose::Handling,
        };
        store.note_alone(&entry, now).await?;
        let phone = store.account(&resident).await?.phone;
        let shown = |phone: &ContactPhone| if full { phone.as_str().to_owned() } else { phone.masked() };
        let phone = phone.as_ref().map(shown).unwrap_or_default();
        candidates.push(Candidate { id: resident, name, phone, full, fit });
    }
    let what = format!("{}，{}", need.kind.name, need.starts_at.shanghai_full());
    let shown = FittingPage { need: need.id.clone(), what, candidates, page: page.max(1), more };
    let me = staff.me();
    Ok(site.page(&staff.visitor, StatusCode::OK, || pages::fitting(&me, &shown)))
}

/// Whom one may ask, with masked telephones.
pub(crate) async fn list(
    State(site): State<Site>,
    staff: StaffVisitor,
    Path(id): Path<String>,
    Query(query): Query<BTreeMap<String, String>>,
) -> Result<Response, AppError> {
    let (need, post) = open_need(&site, &staff, &id).await?;
    page(&site, &staff, (&need, post), number_in(&query, "page"), None).await
}

/// Shows one telephone. It answers with the page itself and not with a redirect: no address ever shows it unasked.
pub(crate) async fn open(
    State(site): State<Site>,
    staff: StaffVisitor,
    Path(id): Path<String>,
    fields: Fields,
) -> Result<Response, AppError> {
    let (need, post) = open_need(&site, &staff, &id).await?;
    let at = fields.get("page").parse().unwrap_or_default();
    page(&site, &staff, (&need, post), at, Some(fields.get("volunteer"))).await
}
