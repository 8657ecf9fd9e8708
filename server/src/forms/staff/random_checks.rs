//! `/staff/random-checks`: the district draws the cases that it looks into itself; `/aid/random-checks`, what everybody sees of it.

use app::domain::staff::Post;
use app::pages::random_checks as public;
use app::pages::staff::random_checks::{self as pages, DRAWERS, DrawnItem};
use app::ports::RandomDraw;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::Response;

use super::handling::doing;
use crate::error::AppError;
use crate::forms::{Fields, new_key};
use crate::site::{Site, Visitor, see_other};
use crate::staff::StaffVisitor;
use crate::store::OnlyOnce;
use crate::store::staff_cases::Scope;

/// How many draws a page shows.
const SHOWN: i64 = 50;

/// The post that draws.
async fn post(staff: &StaffVisitor) -> Result<&Post, AppError> {
    staff.require_role(DRAWERS).await?.into_iter().next().ok_or(AppError::NotFound)
}

fn name(site: &Site, slug: &str) -> String {
    site.catalogue().item(slug).map(|item| item.name.clone()).unwrap_or_default()
}

async fn draws(site: &Site) -> Result<Vec<(String, RandomDraw)>, AppError> {
    let draws = site.store().random_draws(SHOWN).await?;
    Ok(draws.into_iter().map(|draw| (name(site, &draw.item), draw)).collect())
}

/// The list.
pub(crate) async fn list(State(site): State<Site>, staff: StaffVisitor) -> Result<Response, AppError> {
    let scope = Scope::of(post(&staff).await?);
    let mut items = Vec::new();
    for (slug, item) in site.catalogue().all() {
        let Some(rule) = &item.random_check else { continue };
        items.push(DrawnItem {
            slug: slug.clone(),
            name: item.name.clone(),
            percent: rule.percent,
            source: rule.source.clone(),
            waiting: site.store().cases_to_draw_from(slug, &scope).await?,
            key: new_key()?,
        });
    }
    let (seed, draws) = (site.store().waiting_seed().await?, draws(&site).await?);
    let me = staff.me();
    Ok(site.page(&staff.visitor, StatusCode::OK, || pages::list(&me, seed.as_ref(), &items, &draws)))
}

/// Draws.
pub(crate) async fn draw(
    State(site): State<Site>,
    staff: StaffVisitor,
    fields: Fields,
) -> Result<Response, AppError> {
    let post = post(&staff).await?;
    let slug = fields.get("item");
    let rule = site.catalogue().item(slug).and_then(|item| item.random_check.as_ref());
    let Some(rule) = rule else { return Err(AppError::BadRequest) };
    let doing = doing(&site, &staff, post, &fields)?;
    let (OnlyOnce::Done(id) | OnlyOnce::Before(id)) =
        site.store().draw_cases((slug, rule.percent), &Scope::of(post), &doing).await?;
    Ok(see_other(&format!("/staff/random-checks/{id}"), None))
}

/// One draw with its lots.
pub(crate) async fn show(
    State(site): State<Site>,
    staff: StaffVisitor,
    Path(id): Path<String>,
) -> Result<Response, AppError> {
    post(&staff).await?;
    let Some((draw, lots)) = site.store().random_draw(&id).await? else { return Err(AppError::NotFound) };
    let (me, name) = (staff.me(), name(&site, &draw.item));
    Ok(site.page(&staff.visitor, StatusCode::OK, || pages::draw(&me, &name, &draw, &lots)))
}

/// What everybody sees.
pub(crate) async fn public(State(site): State<Site>, visitor: Visitor) -> Result<Response, AppError> {
    let (seed, draws) = (site.store().waiting_seed().await?, draws(&site).await?);
    Ok(site.page(&visitor, StatusCode::OK, || public::random_checks(seed.as_ref(), &draws)))
}
