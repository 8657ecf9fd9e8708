//! `/staff/account`: one's own password, devices and passkeys.

use app::domain::form::{FormErrors, Rule};
use app::domain::staff::PasswordForm;
use app::pages::Sent;
use app::pages::staff::account::{self as pages, Account, AccountLine};
use app::text::staff::device_name;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::Response;

use crate::error::AppError;
use crate::forms::{Fields, count_tries, sent_back};
use crate::site::{Site, see_other};
use crate::staff::passkey::{Passkeys, credential_text};
use crate::staff::session::{AtTheDoor, idle_since};
use crate::staff::{StaffVisitor, password};
use crate::store::StoreError;

async fn page(
    site: &Site,
    staff: &StaffVisitor,
    status: StatusCode,
    passkey_refused: bool,
) -> Result<Response, AppError> {
    let now = site.clock().now();
    let devices = site.store().signed_in_devices(staff.staff_id(), idle_since(site, now), now).await?;
    let devices = devices
        .into_iter()
        .map(|device| AccountLine {
            title: if device.id == staff.session.id {
                format!("{}（正在用的这一台）", device_name(device.device))
            } else {
                device_name(device.device).to_owned()
            },
            hint: format!(
                "{} 登录，最近一次操作 {}",
                device.created_at.shanghai_text(),
                device.seen_at.shanghai_text()
            ),
            id: String::new(),
        })
        .collect();
    let passkeys = site.store().passkey_lines(staff.staff_id()).await?;
    let passkeys = passkeys
        .into_iter()
        .map(|key| AccountLine {
            title: device_name(key.device).to_owned(),
            hint: match key.used_at {
                Some(used) => {
                    format!("{} 添加，{} 用过", key.created_at.shanghai_text(), used.shanghai_text())
                }
                None => format!("{} 添加，还没有用过", key.created_at.shanghai_text()),
            },
            id: key.id,
        })
        .collect();
    let account = Account {
        login: staff.session.login.clone(),
        devices,
        passkeys,
        offers_passkeys: Passkeys::of(site.settings()).is_some(),
        passkey_refused,
    };
    let me = staff.me();
    Ok(site.page(&staff.visitor, status, || pages::account(&me, &account)))
}

/// The account.
pub(crate) async fn show(State(site): State<Site>, staff: StaffVisitor) -> Result<Response, AppError> {
    page(&site, &staff, StatusCode::OK, false).await
}

fn password_page(
    site: &Site,
    staff: &StaffVisitor,
    status: StatusCode,
    sent: &Sent<PasswordForm>,
) -> Response {
    let (me, first) = (staff.me(), staff.session.password_once);
    site.page(&staff.visitor, status, || pages::password(&me, sent, first))
}

/// The form for a new password.
pub(crate) async fn password_form(State(site): State<Site>, staff: StaffVisitor) -> Response {
    password_page(&site, &staff, StatusCode::OK, &Sent::fresh(PasswordForm::default()))
}

/// Takes a new password.
pub(crate) async fn change_password(
    State(site): State<Site>,
    staff: StaffVisitor,
    fields: Fields,
) -> Result<Response, AppError> {
    let form: PasswordForm = fields.form()?;
    let refuse = |errors: FormErrors| {
        let sent = sent_back(PasswordForm::default(), errors);
        Ok(password_page(&site, &staff, StatusCode::UNPROCESSABLE_ENTITY, &sent))
    };
    if let Err(errors) = form.parse(&staff.session.login, password::is_breached) {
        return refuse(errors);
    }
    // Whoever sits at an unlocked desk must not find the password by trying.
    let subject = format!("password {}", staff.staff_id());
    let limit = i64::from(site.settings().lookup_tries_per_hour);
    count_tries(&site, &[(subject.clone(), limit)]).await?;
    let now = site.clock().now();
    let Some(credentials) = site.store().credentials(&staff.session.login).await? else {
        return Err(AppError::NotFound);
    };
    let old = credentials.password_hash;
    if !password::verify(&form.current, Some(old.clone())).await? {
        let mut errors = FormErrors::default();
        errors.add("current", Rule::PasswordWrong);
        return refuse(errors);
    }
    site.store().forgive_try(&subject, now).await?;
    let new = password::hash(&form.password).await?;
    site.store().change_password(&staff.session, &old, &new, now).await?;
    Ok(see_other(if staff.session.password_once { "/staff" } else { "/staff/account" }, None))
}

/// Keeps the passkey that the browser made.
pub(crate) async fn add_passkey(
    State(site): State<Site>,
    staff: StaffVisitor,
    at: AtTheDoor,
    fields: Fields,
) -> Result<Response, AppError> {
    let Some(passkeys) = Passkeys::of(site.settings()) else { return Err(AppError::NotFound) };
    let pending = site.store().take_pending(&staff.session.id).await?;
    let made = pending.and_then(|pending| passkeys.finish_registration(fields.get("credential"), &pending));
    let Some(passkey) = made else {
        return page(&site, &staff, StatusCode::UNPROCESSABLE_ENTITY, true).await;
    };
    let now = site.clock().now();
    let kept =
        site.store().add_passkey(&staff.session, &credential_text(&passkey), &passkey, at.kind, now).await;
    match kept {
        Ok(()) => Ok(see_other("/staff/account", None)),
        Err(StoreError::Conflict) => page(&site, &staff, StatusCode::UNPROCESSABLE_ENTITY, true).await,
        Err(other) => Err(other.into()),
    }
}

/// Removes a passkey of one's own.
pub(crate) async fn remove_passkey(
    State(site): State<Site>,
    staff: StaffVisitor,
    Path(id): Path<String>,
) -> Result<Response, AppError> {
    match site.store().remove_passkey(&staff.session, &id, site.clock().now()).await {
        Ok(()) => Ok(see_other("/staff/account", None)),
        Err(StoreError::NotFound) => {
            staff.refused("staff_passkeys", "", app::domain::area::district()).await?;
            Err(AppError::NotFound)
        }
        Err(other) => Err(other.into()),
    }
}
