//! `/staff/meals…`: what a meal point cooks and when it serves. An operator's post is at one point and covers it alone.

use app::domain::form::{FormErrors, Prompt, Rule};
use app::domain::meals::{
    DietTag, DishForm, MENU_DAYS, MealClosureForm, MealPoint, ServiceForm, read_menu, word_list,
};
use app::domain::{normalise, written};
use app::pages::Sent;
use app::pages::staff::meals::{self as pages, OPERATORS, Pasted, Plan};
use app::text::meals::{meal_slug, tag_slug};
use app::visit::Owner;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::Response;
use jiff::ToSpan as _;

use crate::error::AppError;
use crate::forms::{Fields, new_key, sent_back};
use crate::site::{Site, see_other};
use crate::staff::StaffVisitor;
use crate::store::StoreError;
use crate::store::audit::Actor;
use crate::store::meals::Doing;
use crate::store::meals::plans::MealChange;

/// The point, and who acts there.
pub(super) async fn at_point(
    site: &Site,
    staff: &StaffVisitor,
    code: &str,
) -> Result<(MealPoint, Actor), AppError> {
    let post = staff.require(OPERATORS, code).await?;
    let point = site.meals().point(code).ok_or(AppError::NotFound)?.clone();
    Ok((point, staff.actor(post)))
}

pub(super) fn owner_of(staff: &StaffVisitor) -> Owner {
    Owner(format!("staff:{}", staff.staff_id()))
}

/// One's own points.
pub(crate) async fn home(State(site): State<Site>, staff: StaffVisitor) -> Result<Response, AppError> {
    let posts = staff.require_role(OPERATORS).await?;
    let points: Vec<_> = site
        .meals()
        .points
        .iter()
        .filter(|point| posts.iter().any(|post| post.covers(&point.code)))
        .cloned()
        .collect();
    let me = staff.me();
    Ok(site.page(&staff.visitor, StatusCode::OK, || pages::points(&me, &points)))
}

#[derive(Default)]
struct Typed {
    dish: Sent<DishForm>,
    pasted: Pasted,
    closure: Sent<MealClosureForm>,
    service: Sent<ServiceForm>,
    refused: &'static str,
}

async fn page(
    site: &Site,
    staff: &StaffVisitor,
    point: MealPoint,
    typed: Typed,
) -> Result<Response, AppError> {
    let (store, today) = (site.store(), site.clock().today());
    let until = today.checked_add(MENU_DAYS.days()).unwrap_or(today);
    let wrong = !typed.refused.is_empty()
        || !typed.pasted.problems.is_empty()
        || !typed.dish.errors.is_empty()
        || !typed.closure.errors.is_empty()
        || !typed.service.errors.is_empty();
    let plan = Plan {
        services: store.meal_services(&point.code).await?,
        closures: store.meal_closures(&point.code, today).await?,
        words_waiting: store.ratings_waiting(&point.code).await?,
        ended: store.meals_ended(&point.code, today).await?,
        menu: store.meal_menu(&point.code, (today, until)).await?,
        point,
        dish: typed.dish,
        pasted: typed.pasted,
        closure: typed.closure,
        service: typed.service,
        refused: typed.refused,
        key: new_key()?,
    };
    let status = if wrong { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    let me = staff.me();
    Ok(site.page(&staff.visitor, status, || pages::plan(&me, &plan)))
}

/// What the point offers.
pub(crate) async fn show(
    State(site): State<Site>,
    staff: StaffVisitor,
    Path(code): Path<String>,
) -> Result<Response, AppError> {
    let (point, _) = at_point(&site, &staff, &code).await?;
    page(&site, &staff, point, Typed::default()).await
}

async fn change(
    site: &Site,
    staff: &StaffVisitor,
    (point, actor): (MealPoint, &Actor),
    change: &MealChange<'_>,
    fields: &Fields,
) -> Result<Response, AppError> {
    let key = fields.key(site.store())?;
    let owner = owner_of(staff);
    let doing = Doing { actor, owner: &owner, key: &key, now: site.clock().now() };
    match site.store().change_meal_plan(&point.code, change, &doing).await {
        Ok(()) => {
            site.messages_waiting().notify_one();
            Ok(see_other(&format!("/staff/meals/{}", point.code), None))
        }
        Err(StoreError::Conflict) => {
            let refused = match change {
                MealChange::Quota(..) => "没有改：份数不能少于已经订的",
                MealChange::Withdraw(_) => "没有撤下：刚刚有人订了，请换一样代替",
                _ => "没有改：同样的已经有了，或者刚刚变了。请看看下面现在的情况",
            };
            page(site, staff, point, Typed { refused, ..Typed::default() }).await
        }
        Err(other) => Err(other.into()),
    }
}

/// A new dish.
pub(crate) async fn add_dish(
    State(site): State<Site>,
    staff: StaffVisitor,
    Path(code): Path<String>,
    fields: Fields,
) -> Result<Response, AppError> {
    let (point, actor) = at_point(&site, &staff, &code).await?;
    let tags = DietTag::ALL.iter().map(|tag| tag.as_str());
    let tags: Vec<_> = tags.filter(|slug| fields.get(&format!("tag-{slug}")) == "yes").collect();
    let form = DishForm { tags: tags.join(" "), ..fields.form()? };
    match form.parse(site.clock().today()) {
        Ok(dish) => change(&site, &staff, (point, &actor), &MealChange::Add(&[dish]), &fields).await,
        Err(errors) => {
            page(&site, &staff, point, Typed { dish: sent_back(form, errors), ..Typed::default() }).await
        }
    }
}

/// A whole menu from a spreadsheet.
pub(crate) async fn add_menu(
    State(site): State<Site>,
    staff: StaffVisitor,
    Path(code): Path<String>,
    fields: Fields,
) -> Result<Response, AppError> {
    let (point, actor) = at_point(&site, &staff, &code).await?;
    let lines = fields.get("lines").to_owned();
    match read_menu(&lines, site.clock().today(), meal_slug, tag_slug) {
        Ok(dishes) => change(&site, &staff, (point, &actor), &MealChange::Add(&dishes), &fields).await,
        Err(problems) => {
            let pasted = Pasted { lines, problems };
            page(&site, &staff, point, Typed { pasted, ..Typed::default() }).await
        }
    }
}

/// Another quota, another dish in its place, or none.
pub(crate) async fn change_dish(
    State(site): State<Site>,
    staff: StaffVisitor,
    Path((code, dish)): Path<(String, String)>,
    fields: Fields,
) -> Result<Response, AppError> {
    let (point, actor) = at_point(&site, &staff, &code).await?;
    let mut errors = FormErrors::default();
    let at = (point.clone(), &actor);
    match fields.get("act") {
        "withdraw" => return change(&site, &staff, at, &MealChange::Withdraw(&dish), &fields).await,
        "quota" => {
            let quota = normalise::digits(fields.get("quota")).parse::<i64>().ok();
            let quota = quota.filter(|quota| (1..=2_000).contains(quota)).ok_or(Rule::NotACount);
            if let Some(quota) = errors.keep(format!("quota-{dish}"), quota) {
                return change(&site, &staff, at, &MealChange::Quota(&dish, quota), &fields).await;
            }
        }
        "substitute" => {
            let name = written::line(fields.get("name"), Prompt::DishName, 1, 30);
            let name = errors.keep(format!("name-{dish}"), name);
            let words = written::line(fields.get("ingredients"), Prompt::DishIngredients, 1, 200);
            let words = errors.keep(format!("ingredients-{dish}"), words);
            if let (Some(name), Some(words)) = (name, words) {
                let words = word_list(&words);
                return change(&site, &staff, at, &MealChange::Substitute(&dish, &name, &words), &fields)
                    .await;
            }
        }
        _ => return Err(AppError::BadRequest),
    }
    let form = DishForm::default();
    page(&site, &staff, point, Typed { dish: sent_back(form, errors), ..Typed::default() }).await
}

/// When a meal is served.
pub(crate) async fn service(
    State(site): State<Site>,
    staff: StaffVisitor,
    Path(code): Path<String>,
    fields: Fields,
) -> Result<Response, AppError> {
    let (point, actor) = at_point(&site, &staff, &code).await?;
    let form: ServiceForm = fields.form()?;
    match form.parse() {
        Ok(service) => change(&site, &staff, (point, &actor), &MealChange::Service(&service), &fields).await,
        Err(errors) => {
            page(&site, &staff, point, Typed { service: sent_back(form, errors), ..Typed::default() }).await
        }
    }
}

/// A closed day.
pub(crate) async fn close(
    State(site): State<Site>,
    staff: StaffVisitor,
    Path(code): Path<String>,
    fields: Fields,
) -> Result<Response, AppError> {
    let (point, actor) = at_point(&site, &staff, &code).await?;
    let form: MealClosureForm = fields.form()?;
    match form.parse(site.clock().today()) {
        Ok(closure) => change(&site, &staff, (point, &actor), &MealChange::Close(&closure), &fields).await,
        Err(errors) => {
            page(&site, &staff, point, Typed { closure: sent_back(form, errors), ..Typed::default() }).await
        }
    }
}

/// A closed day is taken back.
pub(crate) async fn reopen(
    State(site): State<Site>,
    staff: StaffVisitor,
    Path((code, closure)): Path<(String, String)>,
    fields: Fields,
) -> Result<Response, AppError> {
    let (point, actor) = at_point(&site, &staff, &code).await?;
    change(&site, &staff, (point, &actor), &MealChange::Reopen(&closure), &fields).await
}
