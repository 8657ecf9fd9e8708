//! `/staff/counter/visit/{visit}/phone…`: another number for the resident of a visit whose document was seen.

use app::domain::form::{FormErrors, Rule};
use app::domain::notices::Notice;
use app::domain::person::{Assurance, CodeForm};
use app::domain::phone_change::NewPhoneForm;
use app::pages::Sent;
use app::pages::staff::visit_phone as pages;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::Response;

use super::visits::{OVER, Open, open};
use crate::error::AppError;
use crate::forms::sign_in::count_code;
use crate::forms::{Fields, count_tries, sent_back, try_limits};
use crate::site::{Site, see_other};
use crate::staff::StaffVisitor;
use crate::store::phone_change::{ChangedBy, PhoneChange};
use crate::store::residents::KeptResident;

const UNPROCESSABLE: StatusCode = StatusCode::UNPROCESSABLE_ENTITY;

/// The template of the code.
const TEMPLATE: &str = "phone_change_at_counter";

/// What binds a code to this visit; its secret is known to this clerk alone.
fn attempt(visit: &str) -> String {
    format!("phone of visit {visit}")
}

/// The resident, if the document was seen.
async fn verified(site: &Site, open: &Open) -> Result<Option<KeptResident>, AppError> {
    let kept = site.store().account(&open.kept.resident).await?;
    Ok(Some(kept).filter(|kept| kept.assurance == Assurance::Verified))
}

/// The new number.
pub(crate) async fn form(
    State(site): State<Site>,
    staff: StaffVisitor,
    Path(visit): Path<String>,
) -> Result<Response, AppError> {
    let Some(open) = open(&site, &staff, &visit).await? else { return Ok(see_other(OVER, None)) };
    let Some(kept) = verified(&site, &open).await? else { return Ok(see_other(&open.path(), None)) };
    let (me, sent) = (staff.me(), Sent::fresh(NewPhoneForm::default()));
    let now = kept.phone.map(|phone| phone.masked());
    Ok(site.page(&staff.visitor, StatusCode::OK, || pages::number(&me, &visit, &sent, now)))
}

/// Sends a code to the new number, or takes a landline that was signed for.
pub(crate) async fn send_code(
    State(site): State<Site>,
    staff: StaffVisitor,
    Path(visit): Path<String>,
    fields: Fields,
) -> Result<Response, AppError> {
    let Some(open) = open(&site, &staff, &visit).await? else { return Ok(see_other(OVER, None)) };
    let kept = verified(&site, &open).await?.ok_or(AppError::Conflict)?;
    let form: NewPhoneForm = fields.form()?;
    let me = staff.me();
    let new = match form.parse(kept.phone.as_ref()) {
        Ok(new) => new,
        Err(errors) => {
            let (sent, now) = (sent_back(form, errors), kept.phone.map(|phone| phone.masked()));
            return Ok(site.page(&staff.visitor, UNPROCESSABLE, || pages::number(&me, &visit, &sent, now)));
        }
    };
    let now = site.clock().now();
    if new.on_paper {
        return match site.store().change_phone_on_paper(&new.phone, open.at(), now).await? {
            PhoneChange::Changed => changed(&site, &open),
            _ => Ok(taken(&site, &staff, &visit)),
        };
    }
    count_code(&site, &staff.visitor, &new.phone).await?;
    let write = |code: &str| Notice::PhoneChangeAtCounter { code: code.to_owned(), minutes: 5 }.sms();
    site.store().request_code_for(TEMPLATE, &attempt(&visit), &new.phone, write, now).await?;
    site.messages_waiting().notify_one();
    Ok(see_other(&format!("{}/phone/code", open.path()), None))
}

fn changed(site: &Site, open: &Open) -> Result<Response, AppError> {
    site.messages_waiting().notify_one();
    Ok(see_other(&open.path(), None))
}

fn taken(site: &Site, staff: &StaffVisitor, visit: &str) -> Response {
    let me = staff.me();
    site.page(&staff.visitor, StatusCode::CONFLICT, || pages::taken(&me, visit))
}

/// Asks for the code.
pub(crate) async fn code_form(
    State(site): State<Site>,
    staff: StaffVisitor,
    Path(visit): Path<String>,
) -> Result<Response, AppError> {
    let Some(open) = open(&site, &staff, &visit).await? else { return Ok(see_other(OVER, None)) };
    code_page(&site, &staff, (&open, &visit), Sent::fresh(CodeForm::default()), StatusCode::OK).await
}

async fn code_page(
    site: &Site,
    staff: &StaffVisitor,
    (open, visit): (&Open, &str),
    sent: Sent<CodeForm>,
    status: StatusCode,
) -> Result<Response, AppError> {
    let Some(phone) = site.store().phone_of_attempt(&attempt(visit), site.clock().now()).await? else {
        return Ok(see_other(&open.path(), None));
    };
    let message = match site.settings().show_codes_on_page {
        true => site.store().last_message_to(&phone, TEMPLATE).await?,
        false => None,
    };
    let me = staff.me();
    Ok(site.page(&staff.visitor, status, || pages::code(&me, visit, &sent, &phone.masked(), message)))
}

/// Takes the code, and changes the number.
pub(crate) async fn take_code(
    State(site): State<Site>,
    staff: StaffVisitor,
    Path(visit): Path<String>,
    fields: Fields,
) -> Result<Response, AppError> {
    let Some(open) = open(&site, &staff, &visit).await? else { return Ok(see_other(OVER, None)) };
    verified(&site, &open).await?.ok_or(AppError::Conflict)?;
    let form: CodeForm = fields.form()?;
    let here = (&open, visit.as_str());
    let code = match form.parse() {
        Ok(code) => code,
        Err(errors) => return code_page(&site, &staff, here, sent_back(form, errors), UNPROCESSABLE).await,
    };
    let subject = format!("new phone tries {}", open.kept.resident);
    count_tries(&site, &try_limits(&site, &staff.visitor, &subject)).await?;
    let by = ChangedBy::Counter(open.at());
    match site.store().change_phone(&attempt(&visit), &code, &by, site.clock().now()).await? {
        PhoneChange::Changed => changed(&site, &open),
        PhoneChange::Taken => Ok(taken(&site, &staff, &visit)),
        PhoneChange::Refused => {
            let mut errors = FormErrors::default();
            errors.add("code", Rule::CodeDoesNotFit);
            let sent = sent_back(CodeForm::default(), errors);
            code_page(&site, &staff, here, sent, UNPROCESSABLE).await
        }
    }
}
