//! `/authorise/{secret}`: an adult agrees to the data check on their own phone (社会救助法 40).

use app::domain::form::{FieldError, FormErrors, Prompt, Rule};
use app::domain::name::PersonName;
use app::domain::normalise;
use app::pages::Sent;
use app::pages::authorise::{AuthoriseForm, authorise};
use app::ports::ConsentRequest;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::Response;

use super::{Fields, count_tries, sent_back, try_limits};
use crate::error::AppError;
use crate::site::{Site, Visitor, see_other};
use crate::store::audit::Actor;

async fn request_of(site: &Site, secret: &str) -> Result<ConsentRequest, AppError> {
    site.store().consent_request(secret).await?.ok_or(AppError::NotFound)
}

/// The question, or the answer given before.
pub(crate) async fn show(
    State(site): State<Site>,
    visitor: Visitor,
    Path(secret): Path<String>,
) -> Result<Response, AppError> {
    let request = request_of(&site, &secret).await?;
    let sent = Sent::fresh(AuthoriseForm::default());
    Ok(site.page(&visitor, StatusCode::OK, || authorise(&request, &secret, &sent, false)))
}

/// Takes the answer.
pub(crate) async fn agree(
    State(site): State<Site>,
    visitor: Visitor,
    Path(secret): Path<String>,
    fields: Fields,
) -> Result<Response, AppError> {
    let request = request_of(&site, &secret).await?;
    let form = AuthoriseForm { name: fields.get("name").to_owned(), code: fields.get("code").to_owned() };
    let mut errors = FormErrors::default();
    let name = errors.keep("name", PersonName::parse(&form.name));
    let code = normalise::digits(&form.code);
    let code = match code.len() {
        0 => Err(FieldError::from(Prompt::ConsentCode)),
        6 if code.bytes().all(|b| b.is_ascii_digit()) => Ok(code),
        _ => Err(Rule::NotSixDigits.into()),
    };
    let code = errors.keep("code", code);
    let (Some(name), Some(code)) = (name, code) else {
        let sent = sent_back(form, errors);
        return Ok(site.page(&visitor, StatusCode::UNPROCESSABLE_ENTITY, || {
            authorise(&request, &secret, &sent, false)
        }));
    };
    let subject = format!("authorise {secret}");
    count_tries(&site, &try_limits(&site, &visitor, &subject)).await?;
    // Somebody with a link may have no cookie of ours; the link itself tells who it is.
    let actor = Actor::Device(visitor.visit.owner.as_ref().map(|owner| owner.0.clone()).unwrap_or_default());
    if site.store().give_consent(&secret, &code, &name, &actor, site.clock().now()).await? {
        return Ok(see_other(&format!("/authorise/{secret}"), None));
    }
    let sent = Sent::fresh(form);
    Ok(site.page(&visitor, StatusCode::UNPROCESSABLE_ENTITY, || authorise(&request, &secret, &sent, true)))
}
