//! `/staff/meal-points`: the day of all points of one's area.

use app::domain::area::{Street, streets};
use app::domain::meals::PointDay;
use app::pages::staff::meal_points::{self as pages, PointsView, WATCHERS};
use axum::extract::{Query, State};
use axum::http::StatusCode;
use axum::response::Response;
use serde::Deserialize;

use crate::error::AppError;
use crate::site::Site;
use crate::staff::StaffVisitor;

/// The street that is looked at.
#[derive(Default, Deserialize)]
#[serde(default)]
pub(crate) struct Asked {
    street: String,
}

/// The page: a street's post sees its street, the district's all of them.
pub(crate) async fn show(
    State(site): State<Site>,
    staff: StaffVisitor,
    Query(asked): Query<Asked>,
) -> Result<Response, AppError> {
    let posts = staff.require_role(WATCHERS).await?;
    let own: Vec<&'static Street> =
        streets().iter().filter(|street| posts.iter().any(|post| post.covers(street.code))).collect();
    let street = match (own.iter().find(|street| street.code == asked.street), own.as_slice()) {
        (Some(street), _) => Some(*street),
        // Who asks for another's street is refused, and that is noted.
        (None, _) if !asked.street.is_empty() => {
            staff.require(WATCHERS, &asked.street).await?;
            return Err(AppError::NotFound);
        }
        (None, [only]) => Some(*only),
        (None, _) => None,
    };
    let now = site.clock().now();
    let today = site.store().points_today(now).await?;
    let of = |code: &str| today.get(code).cloned().unwrap_or_default();
    let points = || site.meals().points.iter();
    let sums = own
        .into_iter()
        .map(|street| {
            let mut sum = (PointDay::default(), 0);
            for point in points().filter(|point| point.community.street_code == street.code) {
                let day = of(&point.code);
                sum = (sum.0.with(&day), sum.1 + usize::from(day.closed.is_some()));
            }
            (street, sum.0, sum.1)
        })
        .collect();
    let shown =
        points().filter(|point| street.is_some_and(|street| point.community.street_code == street.code));
    let view = PointsView {
        day: now.shanghai_date(),
        street,
        streets: sums,
        points: shown.map(|point| (point.clone(), of(&point.code))).collect(),
    };
    let me = staff.me();
    Ok(site.page(&staff.visitor, StatusCode::OK, || pages::points(&me, &view)))
}
