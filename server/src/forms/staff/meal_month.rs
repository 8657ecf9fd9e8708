//! `/staff/meals/{point}/month…`: a point's month for whoever settles it. Nobody's name stands in it.

use app::domain::meals::{SettledMeal, Settlement};
use app::domain::money::Fen;
use app::pages::staff::meal_desk as pages;
use app::text::meals::{meal_label, paid_label, state_label};
use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use axum::response::Response;
use jiff::ToSpan as _;
use jiff::civil::Date;
use serde::Deserialize;

use super::meals::at_point;
use super::table_file::{self, cell};
use crate::error::AppError;
use crate::site::Site;
use crate::staff::StaffVisitor;
use crate::store::meals::orders::KeptMeal;

/// The month that is looked at: 2026-11.
#[derive(Default, Deserialize)]
#[serde(default)]
pub(crate) struct Asked {
    month: String,
}

/// This month and the eleven before it.
fn months(today: Date) -> Vec<Date> {
    (0..12).filter_map(|back| today.first_of_month().checked_sub(back.months()).ok()).collect()
}

/// The month asked for; this one where none is, or one that is not offered.
async fn meals_of(
    site: &Site,
    code: &str,
    asked: &Asked,
) -> Result<(Date, Vec<Date>, Vec<KeptMeal>), AppError> {
    let today = site.clock().today();
    let months = months(today);
    let wanted = months.iter().find(|month| month.strftime("%Y-%m").to_string() == asked.month);
    let month = wanted.copied().unwrap_or(today.first_of_month());
    // A meal that is still to come is not missed yet.
    let last = month.last_of_month().min(today);
    let meals = site.store().meals_between(code, (month, last)).await?;
    Ok((month, months, meals))
}

/// The sums.
pub(crate) async fn show(
    State(site): State<Site>,
    staff: StaffVisitor,
    Path(code): Path<String>,
    Query(asked): Query<Asked>,
) -> Result<Response, AppError> {
    let (point, _) = at_point(&site, &staff, &code).await?;
    let (month, months, meals) = meals_of(&site, &code, &asked).await?;
    let settled: Vec<_> = meals
        .iter()
        .map(|meal| SettledMeal {
            state: meal.state,
            price: meal.price,
            bill: meal.bill,
            paid: meal.paid,
            scanned: meal.scanned.is_some(),
        })
        .collect();
    let sums = Settlement::of(&settled);
    let me = staff.me();
    Ok(site.page(&staff.visitor, StatusCode::OK, || pages::month(&me, &point, (month, &months), &sums)))
}

/// Each meal, for a spreadsheet.
pub(crate) async fn file(
    State(site): State<Site>,
    staff: StaffVisitor,
    Path(code): Path<String>,
    Query(asked): Query<Asked>,
) -> Result<Response, AppError> {
    at_point(&site, &staff, &code).await?;
    let (_, _, meals) = meals_of(&site, &code, &asked).await?;
    let file = table(&meals).map_err(AppError::Internal)?;
    Ok(table_file::as_file("meals", file))
}

/// The meals as CSV.
fn table(meals: &[KeptMeal]) -> anyhow::Result<Vec<u8>> {
    let mut out = table_file::table();
    out.write_record([
        "编号",
        "日子",
        "哪一餐",
        "菜",
        "原价（元）",
        "区里补（元）",
        "街道补（元）",
        "个人（元）",
        "个人的部分",
        "怎样了",
        "扫码时间",
    ])?;
    for meal in meals {
        let part = |fen: Option<Fen>| fen.map(Fen::yuan).unwrap_or_default();
        let bill = meal.bill;
        out.write_record([
            cell(&meal.number),
            meal.day.to_string(),
            meal_label(meal.kind).to_owned(),
            cell(&meal.dish_name),
            meal.price.yuan(),
            part(bill.map(|bill| bill.district)),
            part(bill.map(|bill| bill.street)),
            part(bill.map(|bill| bill.own)),
            meal.paid.map_or("", paid_label).to_owned(),
            state_label(meal.state).to_owned(),
            meal.scanned.as_ref().map(|(at, _)| at.shanghai_text()).unwrap_or_default(),
        ])?;
    }
    Ok(out.into_inner()?)
}
