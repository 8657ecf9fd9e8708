//! `/staff/standards`: numbers that rules compare with, entered by one administrator and approved by another.

use app::domain::aid::families::families;
use app::domain::aid::standard_changes::Comparison;
use app::domain::aid::standards::{KeptStandard, NewStandard, StandardForm, Standards, WithdrawalForm};
use app::domain::area::district;
use app::domain::form::{FormErrors, Rule};
use app::domain::staff::Role;
use app::pages::Sent;
use app::pages::staff::standards::{self as pages, Shown};
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

/// The administrator who asks.
async fn administrator(staff: &StaffVisitor) -> Result<Actor, AppError> {
    let post = staff.require(&[Role::Administrator], district()).await?;
    Ok(staff.actor(post))
}

async fn page(
    site: &Site,
    staff: &StaffVisitor,
    status: StatusCode,
    sent: &Sent<StandardForm>,
    key: &str,
) -> Result<Response, AppError> {
    let lines = site.store().standard_lines().await?;
    let (me, today) = (staff.me(), site.clock().today());
    Ok(site.page(&staff.visitor, status, || pages::list(&me, &lines, today, sent, key)))
}

/// All values, and the form for a new one.
pub(crate) async fn list(State(site): State<Site>, staff: StaffVisitor) -> Result<Response, AppError> {
    administrator(&staff).await?;
    page(&site, &staff, StatusCode::OK, &Sent::fresh(StandardForm::default()), &new_key()?).await
}

/// Enters a value.
pub(crate) async fn add(
    State(site): State<Site>,
    staff: StaffVisitor,
    fields: Fields,
) -> Result<Response, AppError> {
    let actor = administrator(&staff).await?;
    let key = fields.key(site.store())?;
    let form: StandardForm = fields.form()?;
    let errors = match NewStandard::parse(&form, site.clock().today()) {
        Ok(new) => {
            let doer = Doer { id: staff.staff_id(), actor: &actor };
            // Where sample data is on, nothing that is entered is a fact.
            let sample = site.settings().sample_data;
            match site.store().add_standard(&new, sample, doer, &key, site.clock().now()).await? {
                Some(once) => return Ok(see_other(&format!("/staff/standards/{}", once.answer()), None)),
                None => {
                    let mut errors = FormErrors::default();
                    errors.add("effective_from", Rule::StandardTaken);
                    errors
                }
            }
        }
        Err(errors) => errors,
    };
    let sent = sent_back(form, errors);
    page(&site, &staff, StatusCode::UNPROCESSABLE_ENTITY, &sent, fields.get("idempotency_key")).await
}

async fn one(
    site: &Site,
    staff: &StaffVisitor,
    id: &str,
    status: StatusCode,
    sent: &Sent<WithdrawalForm>,
) -> Result<Response, AppError> {
    let lines = site.store().standard_lines().await?;
    let value = lines.iter().find(|line| line.id == id).ok_or(AppError::NotFound)?;
    // What holds beside this value, whether or not it holds itself.
    let others = lines.iter().rev().filter(|line| line.id != id && line.holds());
    let without = Standards::national().with(others.map(|line: &KeptStandard| line.standard.clone()));
    let comparison = Comparison { value: value.standard.clone(), without };
    let shown = Shown {
        own: value.entered.by == staff.staff_id(),
        families: families().len(),
        changes: comparison.families(families()),
        before: comparison.before().cloned(),
        value: value.clone(),
    };
    let me = staff.me();
    Ok(site.page(&staff.visitor, status, || pages::value(&me, &shown, sent)))
}

/// One value: what it changes, and for whom.
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
    match site.store().approve_standard(&id, doer, site.clock().now()).await {
        Ok(()) => Ok(see_other(&format!("/staff/standards/{id}"), None)),
        Err(StoreError::Conflict) => {
            let sent = Sent::fresh(WithdrawalForm::default());
            let lines = site.store().standard_lines().await?;
            let line = lines.into_iter().find(|line| line.id == id).ok_or(AppError::NotFound)?;
            if line.waits() {
                // The page says why: nobody approves their own.
                return one(&site, &staff, &id, StatusCode::UNPROCESSABLE_ENTITY, &sent).await;
            }
            Ok(see_other(&format!("/staff/standards/{id}"), None))
        }
        Err(other) => Err(other.into()),
    }
}

/// Takes a value back.
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
            match site.store().withdraw_standard(&id, &why, doer, site.clock().now()).await {
                // A second press finds it taken back already; the page tells a value that isn't there.
                Ok(()) | Err(StoreError::Conflict) => Ok(see_other(&format!("/staff/standards/{id}"), None)),
                Err(other) => Err(other.into()),
            }
        }
        Err(errors) => {
            one(&site, &staff, &id, StatusCode::UNPROCESSABLE_ENTITY, &sent_back(form, errors)).await
        }
    }
}
