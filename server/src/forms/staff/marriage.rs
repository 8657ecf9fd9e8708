//! `/staff/marriage…`: what an office offers, and who comes on a day. A clerk's post is at one office and covers it alone.

use app::domain::form::FormErrors;
use app::domain::marriage::{BookingRules, ClosureForm, DoorRulesForm, RulesForm, SessionForm};
use app::domain::staff::Role;
use app::pages::Sent;
use app::pages::staff::marriage::{self as pages, Plan};
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::Response;

use crate::error::AppError;
use crate::forms::{Fields, new_key, sent_back};
use crate::site::{Site, see_other};
use crate::staff::StaffVisitor;
use crate::store::StoreError;
use crate::store::audit::Actor;
use crate::store::marriage::plans::PlanChange;
use crate::store::standards::Doer;

/// The clerk of this office, for the trail.
///
/// # Errors
/// Nobody is signed in, or the post is not at this office; a refusal is noted.
pub(super) async fn clerk(staff: &StaffVisitor, office: &str) -> Result<Actor, AppError> {
    let post = staff.require(&[Role::MarriageClerk], office).await?;
    Ok(staff.actor(post))
}

/// One's own offices.
pub(crate) async fn home(State(site): State<Site>, staff: StaffVisitor) -> Result<Response, AppError> {
    let posts = staff.require_role(&[Role::MarriageClerk]).await?;
    let mut offices = site.store().marriage_offices(site.clock().today()).await?;
    offices.retain(|office| posts.iter().any(|post| post.covers(&office.code)));
    let me = staff.me();
    Ok(site.page(&staff.visitor, StatusCode::OK, || pages::offices(&me, &offices)))
}

#[derive(Default)]
struct Typed {
    session: Sent<SessionForm>,
    closure: Sent<ClosureForm>,
    rules: Option<Sent<RulesForm>>,
    door: Option<Sent<DoorRulesForm>>,
    conflict: bool,
}

async fn page(site: &Site, staff: &StaffVisitor, office: &str, typed: Typed) -> Result<Response, AppError> {
    let (store, today) = (site.store(), site.clock().today());
    let rules: BookingRules = store.marriage_rules(office).await?;
    let wrong = typed.conflict
        || !typed.session.errors.is_empty()
        || !typed.closure.errors.is_empty()
        || typed.rules.as_ref().is_some_and(|rules| !rules.errors.is_empty())
        || typed.door.as_ref().is_some_and(|door| !door.errors.is_empty());
    let door = store.marriage_door_rules(office).await?;
    let history = store.marriage_history(office).await?;
    let plan = Plan {
        office: store.marriage_office(office, today).await?,
        sessions: store.marriage_sessions(office, today).await?,
        closures: store.marriage_closures(office, today).await?,
        history: history.into_iter().map(|line| (line.at, line.words)).collect(),
        session: typed.session,
        closure: typed.closure,
        rules: typed.rules.unwrap_or_else(|| Sent::fresh(RulesForm::of(rules))),
        door: typed.door.unwrap_or_else(|| Sent::fresh(DoorRulesForm::of(door))),
        objections: store.marriage_objections(office).await?,
        conflict: typed.conflict,
        key: new_key()?,
    };
    let status = if wrong { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    let me = staff.me();
    Ok(site.page(&staff.visitor, status, || pages::plan(&me, &plan)))
}

/// What the office offers.
pub(crate) async fn show(
    State(site): State<Site>,
    staff: StaffVisitor,
    Path(office): Path<String>,
) -> Result<Response, AppError> {
    clerk(&staff, &office).await?;
    page(&site, &staff, &office, Typed::default()).await
}

async fn change(
    site: &Site,
    staff: &StaffVisitor,
    (office, actor): (&str, &Actor),
    change: &PlanChange<'_>,
    fields: &Fields,
) -> Result<Response, AppError> {
    let key = fields.key(site.store())?;
    let doer = Doer { id: staff.staff_id(), actor };
    match site.store().change_marriage_plan(office, change, doer, &key, site.clock().now()).await {
        Ok(()) => Ok(see_other(&format!("/staff/marriage/{office}"), None)),
        Err(StoreError::Conflict) => {
            page(site, staff, office, Typed { conflict: true, ..Typed::default() }).await
        }
        Err(other) => Err(other.into()),
    }
}

/// A new time.
pub(crate) async fn add_session(
    State(site): State<Site>,
    staff: StaffVisitor,
    Path(office): Path<String>,
    fields: Fields,
) -> Result<Response, AppError> {
    let actor = clerk(&staff, &office).await?;
    let form: SessionForm = fields.form()?;
    match form.parse(site.clock().today()) {
        Ok(session) => {
            change(&site, &staff, (&office, &actor), &PlanChange::AddSession(&session), &fields).await
        }
        Err(errors) => {
            page(&site, &staff, &office, Typed { session: sent_back(form, errors), ..Typed::default() }).await
        }
    }
}

/// A time ends with today; what is booked already stays.
pub(crate) async fn end_session(
    State(site): State<Site>,
    staff: StaffVisitor,
    Path((office, session)): Path<(String, String)>,
    fields: Fields,
) -> Result<Response, AppError> {
    let actor = clerk(&staff, &office).await?;
    let last = site.clock().today();
    change(&site, &staff, (&office, &actor), &PlanChange::EndSession(&session, last), &fields).await
}

/// A new closure.
pub(crate) async fn close(
    State(site): State<Site>,
    staff: StaffVisitor,
    Path(office): Path<String>,
    fields: Fields,
) -> Result<Response, AppError> {
    let actor = clerk(&staff, &office).await?;
    let form: ClosureForm = fields.form()?;
    match form.parse(site.clock().today()) {
        Ok(closure) => change(&site, &staff, (&office, &actor), &PlanChange::Close(&closure), &fields).await,
        Err(errors) => {
            page(&site, &staff, &office, Typed { closure: sent_back(form, errors), ..Typed::default() }).await
        }
    }
}

/// A closure is taken back.
pub(crate) async fn reopen(
    State(site): State<Site>,
    staff: StaffVisitor,
    Path((office, closure)): Path<(String, String)>,
    fields: Fields,
) -> Result<Response, AppError> {
    let actor = clerk(&staff, &office).await?;
    change(&site, &staff, (&office, &actor), &PlanChange::Reopen(&closure), &fields).await
}

/// New rules.
pub(crate) async fn rules(
    State(site): State<Site>,
    staff: StaffVisitor,
    Path(office): Path<String>,
    fields: Fields,
) -> Result<Response, AppError> {
    let actor = clerk(&staff, &office).await?;
    let form: RulesForm = fields.form()?;
    let parsed: Result<BookingRules, FormErrors> = form.parse();
    match parsed {
        Ok(rules) => change(&site, &staff, (&office, &actor), &PlanChange::Rules(rules), &fields).await,
        Err(errors) => {
            page(&site, &staff, &office, Typed { rules: Some(sent_back(form, errors)), ..Typed::default() })
                .await
        }
    }
}

/// New rules of the door.
pub(crate) async fn door_rules(
    State(site): State<Site>,
    staff: StaffVisitor,
    Path(office): Path<String>,
    fields: Fields,
) -> Result<Response, AppError> {
    let actor = clerk(&staff, &office).await?;
    let form: DoorRulesForm = fields.form()?;
    match form.parse() {
        Ok(rules) => change(&site, &staff, (&office, &actor), &PlanChange::Door(rules), &fields).await,
        Err(errors) => {
            let door = Some(sent_back(form, errors));
            page(&site, &staff, &office, Typed { door, ..Typed::default() }).await
        }
    }
}
