//! `/staff/audit`: figures for auditors.

use app::domain::area::district;
use app::domain::complaint::ComplaintState;
use app::domain::staff::Role;
use app::domain::time::Instant;
use app::pages::staff::audit::{self as pages, AreaComplaints};
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;

use crate::error::AppError;
use crate::site::Site;
use crate::staff::StaffVisitor;
use crate::store::ComplaintCount;

const DAY_MS: i64 = 24 * 3_600_000;

/// One line for each area, from the counts of each state.
fn by_area(counts: &[ComplaintCount], now: Instant) -> Vec<AreaComplaints> {
    let mut areas: Vec<AreaComplaints> = Vec::new();
    for count in counts {
        let waits = matches!(count.state, ComplaintState::Received | ComplaintState::Handling);
        let days = waits.then(|| (now.0 - count.oldest.0) / DAY_MS);
        if areas.last().is_none_or(|area| area.area != count.area) {
            areas.push(AreaComplaints { area: count.area.clone(), ..AreaComplaints::default() });
        }
        let Some(area) = areas.last_mut() else { continue };
        match count.state {
            ComplaintState::Received => area.received = count.count,
            ComplaintState::Handling => area.handling = count.count,
            ComplaintState::Answered => area.answered = count.count,
            ComplaintState::Closed => area.closed = count.count,
        }
        area.overdue += count.overdue;
        area.oldest_days = area.oldest_days.max(days);
    }
    areas
}

/// The page.
pub(crate) async fn show(State(site): State<Site>, staff: StaffVisitor) -> Result<Response, AppError> {
    staff.require(&[Role::Auditor], district()).await?;
    let now = site.clock().now();
    let counts = site.store().complaint_counts(district(), now.shanghai_date()).await?;
    let (me, areas) = (staff.me(), by_area(&counts, now));
    Ok(site.page(&staff.visitor, StatusCode::OK, || pages::audit(&me, &areas)))
}
