//! `/meals…`: where one can eat, what is cooked, and what one has ordered.

use app::domain::meals::{Dish, MealPoint, PointSearch, Service};
use app::pages::meals::{self as pages, PointLine, PointView};
use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use axum::response::Response;
use jiff::ToSpan as _;

use crate::error::AppError;
use crate::site::{Site, Visitor};

/// The list of points.
pub(crate) async fn list(
    State(site): State<Site>,
    visitor: Visitor,
    Query(search): Query<PointSearch>,
) -> Result<Response, AppError> {
    let (store, now) = (site.store(), site.clock().now());
    let (today, minute) = (now.shanghai_date(), now.shanghai_minute());
    let (services, closed) = (store.all_meal_services().await?, store.closed_meal_points(today).await?);
    let left = store.meals_left(today).await?;
    let line = |point: &MealPoint| {
        let closed = closed.contains(&point.code);
        let is_on = |(of, service): &(String, Service)| *of == point.code && service.is_on(minute);
        // What is over for today, or not cooked at all, is left for nobody.
        let still = |kind| {
            !closed && services.iter().any(|(of, s)| *of == point.code && s.kind == kind && minute < s.ends)
        };
        let mut left: Vec<_> = left
            .iter()
            .filter(|(of, kind, _)| *of == point.code && still(*kind))
            .map(|(_, kind, left)| (*kind, *left))
            .collect();
        left.sort_unstable_by_key(|(kind, _)| *kind);
        PointLine { point: point.clone(), open: !closed && services.iter().any(is_on), closed, left }
    };
    let lines = site.meals().points.iter().map(line);
    let found: Vec<_> = lines.filter(|line| search.finds(&line.point, line.open)).collect();
    let (signed_in, again) = (visitor.session.is_some(), super::meals_order::again(&site, &visitor).await?);
    Ok(site.page(&visitor, StatusCode::OK, || {
        pages::list(&search, &found, site.hotline(), (signed_in, again.as_ref()))
    }))
}

/// How many days of a menu are shown.
const SHOWN_DAYS: i32 = 7;

/// What is known of a point.
pub(in crate::forms) async fn point_view(site: &Site, code: &str) -> Result<PointView, AppError> {
    point_view_until(site, code, SHOWN_DAYS - 1).await
}

/// What is known of a point up to so many days from today.
pub(crate) async fn point_view_until(site: &Site, code: &str, days: i32) -> Result<PointView, AppError> {
    let point = site.meals().point(code).ok_or(AppError::NotFound)?.clone();
    let (store, now) = (site.store(), site.clock().now());
    let today = now.shanghai_date();
    let until = today.checked_add(days.days()).unwrap_or(today);
    let mut menu: Vec<Dish> = store.meal_menu(code, (today, until)).await?;
    let waiting = store.waiting_for(code, today).await?;
    // Who waits comes first: nothing of it is left for anybody else.
    for dish in menu.iter_mut().filter(|dish| waiting.iter().any(|(of, _)| *of == dish.id)) {
        dish.taken = dish.taken.max(dish.dish.quota);
    }
    let mut closures = store.meal_closures(code, today).await?;
    closures.retain(|closure| closure.day <= until);
    Ok(PointView { services: store.meal_services(code).await?, closures, menu, waiting, point, now })
}

/// One point with its menu.
pub(crate) async fn point(
    State(site): State<Site>,
    visitor: Visitor,
    Path(code): Path<String>,
) -> Result<Response, AppError> {
    let view = point_view(&site, &code).await?;
    Ok(site.page(&visitor, StatusCode::OK, || pages::point(&view, None)))
}
