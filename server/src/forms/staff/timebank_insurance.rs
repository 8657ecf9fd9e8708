//! `/staff/timebank/insurance…`: insurances of those who go to services that may be dangerous.

use app::domain::form::FormErrors;
use app::domain::name::PersonName;
use app::domain::staff::Post;
use app::domain::timebank::{Insurance, InsuranceForm};
use app::pages::Sent;
use app::pages::staff::timebank::CARERS;
use app::pages::staff::timebank_insurance::{self as pages, InsuranceLine};
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::Response;

use super::timebank::owner_of;
use crate::error::AppError;
use crate::forms::timebank::refusal;
use crate::forms::{Fields, new_key, sent_back};
use crate::site::{Site, see_other};
use crate::staff::StaffVisitor;
use crate::store::audit::Actor;
use crate::store::timebank::{Doing, Need, NeedRefusal};

/// The masked name of an account; empty where it is closed.
pub(super) async fn masked_or_empty(site: &Site, resident: &str) -> String {
    let profile = site.store().account(resident).await.map(|kept| kept.profile).unwrap_or_default();
    let name = profile.identity.and_then(|form| PersonName::parse(&form.name).ok());
    name.map(|name| name.masked()).unwrap_or_default()
}

/// The masked name of a volunteer.
pub(super) async fn helper_name(site: &Site, helper: &str) -> String {
    let name = masked_or_empty(site, helper).await;
    if name.is_empty() { "（账号已经注销）".to_owned() } else { name }
}

async fn line_of(site: &Site, need: &Need, insurance: Option<&Insurance>) -> InsuranceLine {
    let helper = need.helper.as_deref().unwrap_or_default();
    InsuranceLine {
        id: need.id.clone(),
        kind: need.kind.name.clone(),
        area: need.area.clone(),
        starts_at: need.starts_at,
        helper: helper_name(site, helper).await,
        until: insurance.map(|insurance| insurance.until),
        covered: insurance.is_some_and(|insurance| insurance.covers(need.starts_at.shanghai_date())),
    }
}

/// The services of one's posts for which an insurance is needed.
pub(crate) async fn list(State(site): State<Site>, staff: StaffVisitor) -> Result<Response, AppError> {
    let posts: Vec<Post> = staff.require_role(CARERS).await?.into_iter().cloned().collect();
    let mut lines: Vec<InsuranceLine> = Vec::new();
    for post in &posts {
        for (need, insurance) in site.store().services_to_insure(post.place(), site.clock().now()).await? {
            // Two posts may cover one place.
            if lines.iter().all(|line| line.id != need.id) {
                lines.push(line_of(&site, &need, insurance.as_ref()).await);
            }
        }
    }
    let me = staff.me();
    Ok(site.page(&staff.visitor, StatusCode::OK, || pages::list(&me, &lines)))
}

async fn found(site: &Site, staff: &StaffVisitor, id: &str) -> Result<(Need, Actor), AppError> {
    staff.require_role(CARERS).await?;
    let need = site.store().need(id).await?;
    let actor = staff.actor(staff.require(CARERS, &need.area).await?);
    // Where nobody goes there is nobody to insure.
    if need.helper.is_some() && need.kind.insurance { Ok((need, actor)) } else { Err(AppError::NotFound) }
}

async fn page(
    site: &Site,
    staff: &StaffVisitor,
    need: &Need,
    sent: &Sent<InsuranceForm>,
) -> Result<Response, AppError> {
    let insurance = match &need.helper {
        Some(helper) => site.store().insurance(helper).await?,
        None => None,
    };
    let line = line_of(site, need, insurance.as_ref()).await;
    let status = if sent.errors.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    let (me, key) = (staff.me(), new_key()?);
    Ok(site.page(&staff.visitor, status, || pages::form(&me, &line, sent, &key)))
}

/// The form for who goes to one of them.
pub(crate) async fn form(
    State(site): State<Site>,
    staff: StaffVisitor,
    Path(id): Path<String>,
) -> Result<Response, AppError> {
    let (need, _) = found(&site, &staff, &id).await?;
    page(&site, &staff, &need, &Sent::fresh(InsuranceForm::default())).await
}

/// Enters it.
pub(crate) async fn keep(
    State(site): State<Site>,
    staff: StaffVisitor,
    Path(id): Path<String>,
    fields: Fields,
) -> Result<Response, AppError> {
    let (need, actor) = found(&site, &staff, &id).await?;
    let key = fields.key(site.store())?;
    let form: InsuranceForm = fields.form()?;
    let errors: FormErrors = match Insurance::parse(&form, site.clock().today()) {
        Ok(insurance) => {
            let owner = owner_of(&staff);
            let doing = Doing { actor: &actor, owner: &owner, key: &key, now: site.clock().now() };
            return match site.store().keep_insurance(&need.id, &insurance, &doing).await {
                // Who went meanwhile is in the list no more.
                Ok(()) | Err(NeedRefusal::Gone) => Ok(see_other("/staff/timebank/insurance", None)),
                Err(other) => Err(refusal(other)),
            };
        }
        Err(errors) => errors,
    };
    page(&site, &staff, &need, &sent_back(form, errors)).await
}
