//! `/me/profile/phone…`: another number to sign in with.

use app::domain::form::{FormErrors, Rule};
use app::domain::notices::Notice;
use app::domain::person::{CodeForm, ProveForm};
use app::domain::phone::ContactPhone;
use app::domain::phone_change::NewPhoneForm;
use app::pages::Sent;
use app::pages::me::phone as pages;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;

use super::me::own;
use super::sign_in::count_code;
use super::{Fields, count_tries, sent_back, try_limits};
use crate::error::AppError;
use crate::seal::random_secret;
use crate::session::{self, Session};
use crate::site::{Site, Visitor, see_other};
use crate::store::phone_change::{ChangedBy, PhoneChange};

const UNPROCESSABLE: StatusCode = StatusCode::UNPROCESSABLE_ENTITY;
const PAGE: &str = "/me/profile/phone";

/// A session whose person proved who they are so long ago proves it again: somebody else may sit there by now.
const RECENT_MS: i64 = 10 * 60_000;

/// The template of the code.
pub(super) const TEMPLATE: &str = "phone_change_code";

/// The secret that binds a code to this session; only this browser has the token.
fn attempt(session: &Session) -> String {
    format!("phone of session {}", session.token)
}

/// Whether name and document digits are asked for first. Where nothing is kept to prove it by, nothing can be asked.
async fn must_prove(site: &Site, session: &Session) -> Result<bool, AppError> {
    let old = site.clock().now().0 - session.kept.confirmed_at.0 > RECENT_MS;
    Ok(old && site.store().can_prove(session.resident()).await?)
}

async fn current(site: &Site, session: &Session) -> Result<Option<ContactPhone>, AppError> {
    Ok(site.store().account(session.resident()).await?.phone)
}

/// The new number; before it, where need be, who asks.
pub(crate) async fn form(State(site): State<Site>, visitor: Visitor) -> Result<Response, AppError> {
    let session = own(&site, &visitor).await?;
    if must_prove(&site, session).await? {
        let sent = Sent::fresh(ProveForm::default());
        return Ok(site.page(&visitor, StatusCode::OK, || pages::prove(&sent, false)));
    }
    let now = current(&site, session).await?.map(|phone| phone.masked());
    let sent = Sent::fresh(NewPhoneForm::default());
    Ok(site.page(&visitor, StatusCode::OK, || pages::number(&sent, now)))
}

/// Takes name and document digits.
pub(crate) async fn prove(
    State(site): State<Site>,
    visitor: Visitor,
    fields: Fields,
) -> Result<Response, AppError> {
    let session = own(&site, &visitor).await?;
    let form: ProveForm = fields.form()?;
    let proof = match form.parse() {
        Ok(proof) => proof,
        Err(errors) => {
            let sent = sent_back(form, errors);
            return Ok(site.page(&visitor, UNPROCESSABLE, || pages::prove(&sent, false)));
        }
    };
    count_tries(&site, &try_limits(&site, &visitor, &format!("prove {}", session.resident()))).await?;
    let now = site.clock().now();
    if site.store().confirm_session(&session.token, session.resident(), &proof, now).await? {
        return Ok(see_other(PAGE, None));
    }
    let sent = Sent::fresh(form);
    Ok(site.page(&visitor, UNPROCESSABLE, || pages::prove(&sent, true)))
}

/// Sends a code to the new number. Whether it opens another account is not told here.
pub(crate) async fn send_code(
    State(site): State<Site>,
    visitor: Visitor,
    fields: Fields,
) -> Result<Response, AppError> {
    let session = own(&site, &visitor).await?;
    if must_prove(&site, session).await? {
        return Ok(see_other(PAGE, None));
    }
    let form = NewPhoneForm { phone: fields.get("phone").to_owned(), ..NewPhoneForm::default() };
    let current = current(&site, session).await?;
    let new = match form.parse(current.as_ref()) {
        Ok(new) => new,
        Err(errors) => {
            let (sent, now) = (sent_back(form, errors), current.map(|phone| phone.masked()));
            return Ok(site.page(&visitor, UNPROCESSABLE, || pages::number(&sent, now)));
        }
    };
    // Neither may one account send codes to many telephones, nor many to one.
    count_tries(&site, &try_limits(&site, &visitor, &format!("new phone of {}", session.resident()))).await?;
    count_code(&site, &visitor, &new.phone).await?;
    let write = |code: &str| Notice::PhoneChangeCode { code: code.to_owned(), minutes: 5 }.sms();
    let now = site.clock().now();
    site.store().request_code_for(TEMPLATE, &attempt(session), &new.phone, write, now).await?;
    site.messages_waiting().notify_one();
    Ok(see_other("/me/profile/phone/code", None))
}

/// Asks for the code.
pub(crate) async fn code_form(State(site): State<Site>, visitor: Visitor) -> Result<Response, AppError> {
    code_page(&site, &visitor, Sent::fresh(CodeForm::default()), StatusCode::OK).await
}

async fn code_page(
    site: &Site,
    visitor: &Visitor,
    sent: Sent<CodeForm>,
    status: StatusCode,
) -> Result<Response, AppError> {
    let session = own(site, visitor).await?;
    let Some(phone) = site.store().phone_of_attempt(&attempt(session), site.clock().now()).await? else {
        return Ok(see_other(PAGE, None));
    };
    let message = match site.settings().show_codes_on_page {
        true => site.store().last_message_to(&phone, TEMPLATE).await?,
        false => None,
    };
    Ok(site.page(visitor, status, || pages::code(&sent, &phone.masked(), message)))
}

/// Takes the code, and changes the number.
pub(crate) async fn take_code(
    State(site): State<Site>,
    visitor: Visitor,
    fields: Fields,
) -> Result<Response, AppError> {
    let session = own(&site, &visitor).await?;
    if must_prove(&site, session).await? {
        return Ok(see_other(PAGE, None));
    }
    let form: CodeForm = fields.form()?;
    let code = match form.parse() {
        Ok(code) => code,
        Err(errors) => return code_page(&site, &visitor, sent_back(form, errors), UNPROCESSABLE).await,
    };
    let subject = format!("new phone tries {}", session.resident());
    count_tries(&site, &try_limits(&site, &visitor, &subject)).await?;
    let new_token = random_secret()?;
    let by = ChangedBy::Owner { resident: session.resident(), token: &session.token, new_token: &new_token };
    match site.store().change_phone(&attempt(session), &code, &by, site.clock().now()).await? {
        PhoneChange::Changed => {
            site.messages_waiting().notify_one();
            Ok(see_other("/me/profile/phone/changed", Some(session::cookie(&site, &new_token)?)))
        }
        PhoneChange::Taken => Ok(site.page(&visitor, StatusCode::CONFLICT, pages::taken)),
        PhoneChange::Refused => {
            let mut errors = FormErrors::default();
            errors.add("code", Rule::CodeDoesNotFit);
            code_page(&site, &visitor, sent_back(CodeForm::default(), errors), UNPROCESSABLE).await
        }
    }
}

/// It is changed.
pub(crate) async fn changed(State(site): State<Site>, visitor: Visitor) -> Result<Response, AppError> {
    let phone =
        current(&site, own(&site, &visitor).await?).await?.map(|phone| phone.masked()).unwrap_or_default();
    Ok(site.page(&visitor, StatusCode::OK, || pages::changed(&phone)))
}
