//! `/staff/meals/{point}/kitchen`, `…/labels`: the kitchen's sheet, its prints, and the labels.

use app::domain::meals::{
    DietTag, KeptEater, KitchenMeal, KitchenSheet, MealKind, MealState, SheetChanges, SheetMeal, route_key,
};
use app::pages::staff::meal_kitchen::{self as pages, KitchenView, Label};
use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use axum::response::Response;
use serde::Deserialize;

use super::meal_desk::note_read;
use super::meals::{at_point, owner_of};
use crate::error::AppError;
use crate::forms::meal_tours::address;
use crate::forms::{Fields, new_key};
use crate::site::{Site, see_other};
use crate::staff::StaffVisitor;
use crate::store::meals::Doing;
use crate::store::meals::orders::KeptMeal;

/// What of the sheet is asked for.
#[derive(Default, Deserialize)]
#[serde(default)]
pub(crate) struct Asked {
    /// `yes`: all of it, also where it was printed before.
    whole: String,
}

fn sheets_of(meals: &[(KeptMeal, KeptEater)]) -> Vec<(MealKind, KitchenSheet)> {
    let mut sheets = Vec::new();
    for kind in MealKind::ALL {
        let of_kind: Vec<_> = meals
            .iter()
            .filter(|(meal, _)| meal.kind == *kind)
            .map(|(meal, eater)| KitchenMeal {
                dish: meal.dish_name.clone(),
                mode: meal.mode,
                avoid: eater.avoid.clone(),
                who: eater.person.masked(),
                address: address(eater),
            })
            .collect();
        if !of_kind.is_empty() {
            sheets.push((*kind, KitchenSheet::of(&of_kind)));
        }
    }
    sheets
}

/// The kitchen's sheet of today: whole until it was printed, then what is different since.
pub(crate) async fn show(
    State(site): State<Site>,
    staff: StaffVisitor,
    Path(code): Path<String>,
    Query(asked): Query<Asked>,
) -> Result<Response, AppError> {
    let (point, actor) = at_point(&site, &staff, &code).await?;
    note_read(&site, &actor, &code).await?;
    let now = site.clock().now();
    let day = now.shanghai_date();
    let meals = site.store().meals_at(&code, day).await?;
    let ordered: Vec<_> = meals
        .iter()
        .map(|(meal, _)| SheetMeal { id: meal.id.clone(), dish: meal.dish_name.clone(), mode: meal.mode })
        .collect();
    let printed = site.store().last_print(&code, day).await?;
    let printed = printed.map(|(at, paper)| (at, SheetChanges::between(&paper, &ordered)));
    let only_changes = printed.is_some() && asked.whole.is_empty();
    let sheets = if only_changes { Vec::new() } else { sheets_of(&meals) };
    let view = KitchenView { point, day, at: now, sheets, printed, only_changes, key: new_key()? };
    let me = staff.me();
    Ok(site.page(&staff.visitor, StatusCode::OK, || pages::kitchen(&me, &view)))
}

/// The sheet was printed.
pub(crate) async fn printed(
    State(site): State<Site>,
    staff: StaffVisitor,
    Path(code): Path<String>,
    fields: Fields,
) -> Result<Response, AppError> {
    let (_, actor) = at_point(&site, &staff, &code).await?;
    let (key, owner, now) = (fields.key(site.store())?, owner_of(&staff), site.clock().now());
    let doing = Doing { actor: &actor, owner: &owner, key: &key, now };
    site.store().note_print((&code, now.shanghai_date()), &doing).await?;
    Ok(see_other(&format!("/staff/meals/{code}/kitchen"), None))
}

/// A label for each meal that waits, those with something to avoid first, then house by house.
pub(crate) async fn labels(
    State(site): State<Site>,
    staff: StaffVisitor,
    Path(code): Path<String>,
) -> Result<Response, AppError> {
    let (point, actor) = at_point(&site, &staff, &code).await?;
    note_read(&site, &actor, &code).await?;
    let day = site.clock().today();
    let (meals, menu) =
        (site.store().meals_at(&code, day).await?, site.store().meal_menu(&code, (day, day)).await?);
    let tags = |meal: &KeptMeal| -> Vec<DietTag> {
        let dish = menu.iter().find(|dish| dish.dish.kind == meal.kind && dish.dish.name == meal.dish_name);
        dish.map(|dish| dish.dish.tags.clone()).unwrap_or_default()
    };
    let mut labels: Vec<_> = meals
        .iter()
        .filter(|(meal, _)| meal.state == MealState::Reserved)
        .map(|(meal, eater)| Label {
            avoid: eater.avoid.clone(),
            kind: meal.kind,
            dish: meal.dish_name.clone(),
            tags: tags(meal),
            who: eater.person.masked(),
            mode: meal.mode,
            address: address(eater),
            number: meal.number.clone(),
        })
        .collect();
    labels.sort_by_cached_key(|label| (label.avoid.is_empty(), label.kind, route_key(&label.address)));
    let me = staff.me();
    Ok(site.page(&staff.visitor, StatusCode::OK, || pages::labels(&me, &point, day, &labels)))
}
