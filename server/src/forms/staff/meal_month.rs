//! `/staff/meals/{point}/month…`: a point's month for whoever settles it. Nobody's name stands in it.

use std::collections::{BTreeMap, BTreeSet};

use app::domain::meals::{Difference, MealMonth, SettledMeal, Settlement};
use app::domain::money::Fen;
use app::pages::staff::meal_month::{self as pages, MonthView};
use app::text::meals::{difference_label, meal_label, paid_label, state_label};
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
use crate::store::meals::desk::ToldMeal;
use crate::store::meals::orders::KeptMeal;

/// The month that is looked at: 2026-11.
#[derive(Default, Deserialize)]
#[serde(default)]
pub(crate) struct Asked {
    month: String,
}

/// This month and the eleven before it.
fn months(today: Date) -> Vec<MealMonth> {
    let back = |months: i32| today.first_of_month().checked_sub(months.months()).ok();
    (0..12).filter_map(back).map(MealMonth::of).collect()
}

/// A meal of the month, and what is to be looked at.
struct Line {
    meal: KeptMeal,
    settled: SettledMeal,
    differences: Vec<Difference>,
}

/// A month of a point: each meal, and what was told of meals by two sides.
struct Month {
    month: MealMonth,
    months: Vec<MealMonth>,
    lines: Vec<Line>,
    told: Vec<ToldMeal>,
}

/// The month asked for; this one where none is, or one that is not offered.
async fn month_of(site: &Site, code: &str, asked: &Asked) -> Result<Month, AppError> {
    let today = site.clock().today();
    let months = months(today);
    let wanted = MealMonth::parse(&asked.month).filter(|month| months.contains(month));
    let month = wanted.unwrap_or_else(|| MealMonth::of(today));
    // A meal that is still to come is not missed yet.
    let days = (month.first(), month.last().min(today));
    let store = site.store();
    let walk_ins: BTreeSet<String> = store.walk_ins_between(code, days).await?.into_iter().collect();
    let told = store.told_between(code, days).await?;
    let of_both: BTreeSet<&str> = told.iter().map(|told| told.meal.as_str()).collect();
    let meals = store.meals_between(code, days).await?;
    let lines = meals
        .into_iter()
        .map(|meal| {
            let settled = SettledMeal {
                state: meal.state,
                price: meal.price,
                bill: meal.bill,
                paid: meal.paid,
                scanned: meal.scanned.is_some(),
                walk_in: walk_ins.contains(&meal.id),
                paid_open: meal.paid_open,
                conflict: of_both.contains(meal.id.as_str()),
            };
            Line { differences: settled.differences(), settled, meal }
        })
        .collect();
    Ok(Month { month, months, lines, told })
}

/// A meal in one line, without who eats it.
fn words(meal: &KeptMeal) -> String {
    let day = format!("{}月{}日", meal.day.month(), meal.day.day());
    format!("{} {day}{}：{}", meal.number, meal_label(meal.kind), meal.dish_name)
}

/// The sums.
pub(crate) async fn show(
    State(site): State<Site>,
    staff: StaffVisitor,
    Path(code): Path<String>,
    Query(asked): Query<Asked>,
) -> Result<Response, AppError> {
    let (point, _) = at_point(&site, &staff, &code).await?;
    let Month { month, months, lines, told } = month_of(&site, &code, &asked).await?;
    let settled: Vec<_> = lines.iter().map(|line| line.settled).collect();
    let mut named: BTreeMap<Difference, Vec<String>> = BTreeMap::new();
    for line in &lines {
        for difference in &line.differences {
            named.entry(*difference).or_default().push(words(&line.meal));
        }
    }
    let view = MonthView {
        point,
        month,
        months,
        sums: Settlement::of(&settled),
        named,
        of_others: told.iter().filter(|told| told.ordered_at != code).count(),
        open_conflicts: told.iter().filter(|told| !told.settled).count(),
        today: site.clock().today(),
    };
    let me = staff.me();
    Ok(site.page(&staff.visitor, StatusCode::OK, || pages::month(&me, &view)))
}

/// Each meal, for a spreadsheet.
pub(crate) async fn file(
    State(site): State<Site>,
    staff: StaffVisitor,
    Path(code): Path<String>,
    Query(asked): Query<Asked>,
) -> Result<Response, AppError> {
    at_point(&site, &staff, &code).await?;
    let month = month_of(&site, &code, &asked).await?;
    let file = table(&month.lines).map_err(AppError::Internal)?;
    Ok(table_file::as_file("meals", file))
}

/// The meals as CSV.
fn table(lines: &[Line]) -> anyhow::Result<Vec<u8>> {
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
        "差别",
    ])?;
    for Line { meal, differences, .. } in lines {
        let part = |fen: Option<Fen>| fen.map(Fen::yuan).unwrap_or_default();
        let bill = meal.bill;
        let differences: Vec<_> = differences.iter().map(|of| difference_label(*of)).collect();
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
            differences.join("；"),
        ])?;
    }
    Ok(out.into_inner()?)
}
