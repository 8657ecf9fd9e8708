//! `/staff/meal-tables`: tables of meal subsidies, entered by one administrator and approved by another.

use app::domain::aid::standards::WithdrawalForm;
use app::domain::area::district;
use app::domain::form::Rule;
use app::domain::meals::{KeptTable, SubsidyTable, TableForm, TableRefusal, sample_eaters, tier_changes};
use app::domain::staff::Role;
use app::pages::Sent;
use app::pages::staff::meal_tables::{self as pages, Entering, Shown};
use app::text::meals::status_slug;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::Response;

use crate::error::AppError;
use crate::forms::{Fields, new_key, sent_back};
use crate::site::{Site, see_other};
use crate::staff::StaffVisitor;
use crate::store::StoreError;
use crate::store::audit::Actor;
use crate::store::standards::Doer;

const UNPROCESSABLE: StatusCode = StatusCode::UNPROCESSABLE_ENTITY;

/// The administrator who asks.
async fn administrator(staff: &StaffVisitor) -> Result<Actor, AppError> {
    let post = staff.require(&[Role::Administrator], district()).await?;
    Ok(staff.actor(post))
}

async fn page(
    site: &Site,
    staff: &StaffVisitor,
    status: StatusCode,
    entering: &Entering,
) -> Result<Response, AppError> {
    let lines = site.store().meal_table_lines().await?;
    let (me, today) = (staff.me(), site.clock().today());
    let of_file = &site.meals().file_tables;
    Ok(site.page(&staff.visitor, status, || pages::list(&me, (&lines, of_file), today, entering)))
}

/// All tables, and the form for a new one.
pub(crate) async fn list(State(site): State<Site>, staff: StaffVisitor) -> Result<Response, AppError> {
    administrator(&staff).await?;
    let entering = Entering { sent: Sent::fresh(TableForm::default()), lines: Vec::new(), key: new_key()? };
    page(&site, &staff, StatusCode::OK, &entering).await
}

/// Enters a table.
pub(crate) async fn add(
    State(site): State<Site>,
    staff: StaffVisitor,
    fields: Fields,
) -> Result<Response, AppError> {
    let actor = administrator(&staff).await?;
    let key = fields.key(site.store())?;
    let form: TableForm = fields.form()?;
    // Where sample data is on, nothing that is entered is a fact.
    let sample = site.settings().sample_data;
    let now = site.clock().now();
    let mut refused = TableRefusal::default();
    match form.parse(now.shanghai_date(), sample, status_slug) {
        Ok(table) => {
            let same = |of: &SubsidyTable| {
                (of.level, &of.place, of.effective_from) == (table.level, &table.place, table.effective_from)
            };
            if !site.meals().file_tables.iter().any(same) {
                let doer = Doer { id: staff.staff_id(), actor: &actor };
                if let Some(once) = site.store().add_meal_table(&table, doer, &key, now).await? {
                    return Ok(see_other(&format!("/staff/meal-tables/{}", once.answer()), None));
                }
            }
            refused.errors.add("effective_from", Rule::MealTableTaken);
        }
        Err(wrong) => refused = wrong,
    }
    let entering = Entering {
        sent: sent_back(form, refused.errors),
        lines: refused.lines,
        key: fields.get("idempotency_key").to_owned(),
    };
    page(&site, &staff, UNPROCESSABLE, &entering).await
}

async fn one(
    site: &Site,
    staff: &StaffVisitor,
    id: &str,
    status: StatusCode,
    sent: &Sent<WithdrawalForm>,
) -> Result<Response, AppError> {
    let lines = site.store().meal_table_lines().await?;
    let kept = lines.iter().find(|line| line.id == id).ok_or(AppError::NotFound)?;
    // What holds beside this table, whether or not it holds itself.
    let others = lines.iter().rev().filter(|line| line.id != id && line.holds());
    let file = site.meals().file_tables.iter().cloned();
    let without: Vec<_> = file.chain(others.map(|line: &KeptTable| line.table.clone())).collect();
    let shown = Shown {
        own: kept.entered.by == staff.staff_id(),
        samples: sample_eaters().len(),
        changes: tier_changes(&kept.table, &without),
        kept: kept.clone(),
    };
    let me = staff.me();
    Ok(site.page(&staff.visitor, status, || pages::table(&me, &shown, sent)))
}

/// One table: its tiers, and for whom it changes something.
pub(crate) async fn show(
    State(site): State<Site>,
    staff: StaffVisitor,
    Path(id): Path<String>,
) -> Result<Response, AppError> {
    administrator(&staff).await?;
    one(&site, &staff, &id, StatusCode::OK, &Sent::fresh(WithdrawalForm::default())).await
}

/// Approves what another entered. A second press, or a page that was left open, leads to how it stands.
pub(crate) async fn approve(
    State(site): State<Site>,
    staff: StaffVisitor,
    Path(id): Path<String>,
) -> Result<Response, AppError> {
    let actor = administrator(&staff).await?;
    let doer = Doer { id: staff.staff_id(), actor: &actor };
    match site.store().approve_meal_table(&id, doer, site.clock().now()).await {
        Ok(()) => Ok(see_other(&format!("/staff/meal-tables/{id}"), None)),
        Err(StoreError::Conflict) => {
            let lines = site.store().meal_table_lines().await?;
            let line = lines.into_iter().find(|line| line.id == id).ok_or(AppError::NotFound)?;
            if line.waits() {
                // The page says why: nobody approves their own.
                return one(&site, &staff, &id, UNPROCESSABLE, &Sent::fresh(WithdrawalForm::default())).await;
            }
            Ok(see_other(&format!("/staff/meal-tables/{id}"), None))
        }
        Err(other) => Err(other.into()),
    }
}

/// Takes a table back.
pub(crate) async fn withdraw(
    State(site): State<Site>,
    staff: StaffVisitor,
    Path(id): Path<String>,
    fields: Fields,
) -> Result<Response, AppError> {
    let actor = administrator(&staff).await?;
    let form: WithdrawalForm = fields.form()?;
    match form.parse() {
        Ok(why) => {
            let doer = Doer { id: staff.staff_id(), actor: &actor };
            match site.store().withdraw_meal_table(&id, &why, doer, site.clock().now()).await {
                // A second press finds it taken back already; the page tells a table that isn't there.
                Ok(()) | Err(StoreError::Conflict) => {
                    Ok(see_other(&format!("/staff/meal-tables/{id}"), None))
                }
                Err(other) => Err(other.into()),
            }
        }
        Err(errors) => one(&site, &staff, &id, UNPROCESSABLE, &sent_back(form, errors)).await,
    }
}
