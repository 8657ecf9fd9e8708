//! `/staff/accounts`: accounts of staff, for administrators.

use app::domain::area::district;
use app::domain::form::{FormErrors, Rule};
use app::domain::staff::{NewStaffForm, PostForm, Role};
use app::pages::Sent;
use app::pages::staff::accounts::{self as pages, StaffAccount};
use app::visit::Owner;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::Response;

use crate::error::AppError;
use crate::forms::{Fields, new_key, sent_back};
use crate::site::{Site, see_other};
use crate::staff::{StaffVisitor, password};
use crate::store::StoreError;
use crate::store::audit::Actor;
use crate::store::staff::{NewStaffAccount, StaffLine};

/// The administrator who asks.
async fn administrator(staff: &StaffVisitor) -> Result<Actor, AppError> {
    let post = staff.require(&[Role::Administrator], district()).await?;
    Ok(staff.actor(post))
}

fn shown(staff: &StaffVisitor, line: StaffLine) -> StaffAccount {
    StaffAccount {
        own: line.id == staff.staff_id(),
        id: line.id,
        login: line.login,
        name: line.name,
        posts: line.posts,
        enrolled: line.enrolled,
        created_at: line.created_at,
        disabled_at: line.disabled_at,
    }
}

/// All accounts.
pub(crate) async fn list(State(site): State<Site>, staff: StaffVisitor) -> Result<Response, AppError> {
    administrator(&staff).await?;
    let accounts: Vec<_> =
        site.store().staff_accounts().await?.into_iter().map(|line| shown(&staff, line)).collect();
    let me = staff.me();
    Ok(site.page(&staff.visitor, StatusCode::OK, || pages::list(&me, &accounts)))
}

/// The form for a new account.
pub(crate) async fn form(State(site): State<Site>, staff: StaffVisitor) -> Result<Response, AppError> {
    administrator(&staff).await?;
    let (me, key, sent) = (staff.me(), new_key()?, Sent::fresh(NewStaffForm::default()));
    Ok(site.page(&staff.visitor, StatusCode::OK, || pages::new(&me, &sent, &key)))
}

/// Makes an account. It answers with the page itself: the first password is shown and kept nowhere. A second press of the
/// same form shows the same one.
pub(crate) async fn add(
    State(site): State<Site>,
    staff: StaffVisitor,
    fields: Fields,
) -> Result<Response, AppError> {
    let actor = administrator(&staff).await?;
    let key = fields.key(site.store())?;
    let form: NewStaffForm = fields.form()?;
    let me = staff.me();
    let refuse = |form: NewStaffForm, errors: FormErrors| {
        let sent = sent_back(form, errors);
        let key = fields.get("idempotency_key");
        Ok(site.page(&staff.visitor, StatusCode::UNPROCESSABLE_ENTITY, || pages::new(&me, &sent, key)))
    };
    let new = match form.parse() {
        Ok(new) => new,
        Err(errors) => return refuse(form, errors),
    };
    let first = site.store().first_password_of(fields.get("idempotency_key"));
    let first = password::first_password_from(&first);
    let hash = password::hash(&first).await?;
    let posts = [new.post];
    let account = NewStaffAccount {
        login: new.login.as_str(),
        name: new.name.as_str(),
        password_hash: &hash,
        password_once: true,
        totp_secret: None,
        posts: &posts,
    };
    let owner = Owner(staff.staff_id().to_owned());
    let now = site.clock().now();
    match site.store().add_staff_once(&account, (&key, &owner), &actor, now).await {
        Ok(once) => {
            let id = once.answer();
            Ok(site.page(&staff.visitor, StatusCode::OK, || {
                pages::first_password(&me, &id, new.login.as_str(), &first)
            }))
        }
        Err(StoreError::Conflict) if site.store().credentials(new.login.as_str()).await?.is_some() => {
            let mut errors = FormErrors::default();
            errors.add("login", Rule::LoginTaken);
            refuse(form, errors)
        }
        Err(other) => Err(other.into()),
    }
}

async fn account_of(site: &Site, staff: &StaffVisitor, id: &str) -> Result<StaffAccount, AppError> {
    let found = site.store().staff_accounts().await?.into_iter().find(|line| line.id == id);
    found.map(|line| shown(staff, line)).ok_or(AppError::NotFound)
}

/// One account.
pub(crate) async fn show(
    State(site): State<Site>,
    staff: StaffVisitor,
    Path(id): Path<String>,
) -> Result<Response, AppError> {
    administrator(&staff).await?;
    let account = account_of(&site, &staff, &id).await?;
    let (me, sent) = (staff.me(), Sent::fresh(PostForm::default()));
    Ok(site.page(&staff.visitor, StatusCode::OK, || pages::account(&me, &account, &sent, false)))
}

/// Says that nobody takes away what they are an administrator by.
fn keeps_own(site: &Site, staff: &StaffVisitor, account: &StaffAccount) -> Response {
    let (me, sent) = (staff.me(), Sent::fresh(PostForm::default()));
    site.page(&staff.visitor, StatusCode::UNPROCESSABLE_ENTITY, || pages::account(&me, account, &sent, true))
}

/// Gives one more post.
pub(crate) async fn give_post(
    State(site): State<Site>,
    staff: StaffVisitor,
    Path(id): Path<String>,
    fields: Fields,
) -> Result<Response, AppError> {
    let actor = administrator(&staff).await?;
    let account = account_of(&site, &staff, &id).await?;
    if account.own {
        // Whoever hands out posts must not hand them to oneself. The page says so; the trail keeps that it was tried.
        let _ = staff.refused("staff", &id, app::domain::area::district()).await?;
        return Ok(keeps_own(&site, &staff, &account));
    }
    let form: PostForm = fields.form()?;
    match form.parse() {
        Ok(post) => {
            site.store().give_post(&id, &post, &actor, site.clock().now()).await?;
            Ok(see_other(&format!("/staff/accounts/{id}"), None))
        }
        Err(errors) => {
            let (me, sent) = (staff.me(), sent_back(form, errors));
            Ok(site.page(&staff.visitor, StatusCode::UNPROCESSABLE_ENTITY, || {
                pages::account(&me, &account, &sent, false)
            }))
        }
    }
}

/// Takes a post away.
pub(crate) async fn take_post(
    State(site): State<Site>,
    staff: StaffVisitor,
    Path(id): Path<String>,
    fields: Fields,
) -> Result<Response, AppError> {
    let actor = administrator(&staff).await?;
    let account = account_of(&site, &staff, &id).await?;
    let (role, place) = (fields.get("role"), fields.get("place"));
    if account.own && role == Role::Administrator.as_str() {
        return Ok(keeps_own(&site, &staff, &account));
    }
    match site.store().take_post(&id, role, place, &actor, site.clock().now()).await {
        // A second press finds it gone already.
        Ok(()) | Err(StoreError::NotFound) => Ok(see_other(&format!("/staff/accounts/{id}"), None)),
        Err(other) => Err(other.into()),
    }
}

/// Forgets password and second factors; shows a new first password.
pub(crate) async fn reset(
    State(site): State<Site>,
    staff: StaffVisitor,
    Path(id): Path<String>,
) -> Result<Response, AppError> {
    let actor = administrator(&staff).await?;
    let account = account_of(&site, &staff, &id).await?;
    if account.own {
        return Ok(keeps_own(&site, &staff, &account));
    }
    let first = password::first_password()?;
    let hash = password::hash(&first).await?;
    site.store().reset_staff(&id, &hash, &actor, site.clock().now()).await?;
    let me = staff.me();
    Ok(site.page(&staff.visitor, StatusCode::OK, || pages::first_password(&me, &id, &account.login, &first)))
}

/// Disables an account.
pub(crate) async fn disable(
    State(site): State<Site>,
    staff: StaffVisitor,
    Path(id): Path<String>,
) -> Result<Response, AppError> {
    let actor = administrator(&staff).await?;
    let account = account_of(&site, &staff, &id).await?;
    if account.own {
        return Ok(keeps_own(&site, &staff, &account));
    }
    match site.store().disable_staff(&id, &actor, site.clock().now()).await {
        Ok(()) | Err(StoreError::NotFound) => Ok(see_other(&format!("/staff/accounts/{id}"), None)),
        Err(other) => Err(other.into()),
    }
}
