//! `/me/acting…`, `/acting/{secret}`: acting for someone, asked for by the one and agreed to by the other.

use app::domain::minor::{AgeGroup, age_group};
use app::domain::name::PersonName;
use app::domain::person::CodeForm;
use app::domain::proxy::{ProxyForm, ProxyRequest, ProxyState};
use app::pages::{Sent, me as pages};
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::Response;

use super::me::own;
use super::{Fields, count_tries, new_key, own_or_noted, sent_back, try_limits};
use crate::error::AppError;
use crate::helping;
use crate::seal::{random_secret, random_u64};
use crate::session::{self, Ended, Session};
use crate::site::{Site, Visitor, see_other};
use crate::store::proxies::{Answerer, NewProxy, ProxyAnswer};
use crate::store::visits::AtCounter;

const UNPROCESSABLE: StatusCode = StatusCode::UNPROCESSABLE_ENTITY;

/// Both sides of all agreements. Open also while acting for somebody: this is where one stops.
pub(crate) async fn list(State(site): State<Site>, visitor: Visitor) -> Result<Response, AppError> {
    let session = visitor.resident()?;
    let now = site.clock().now();
    let lines = site.store().proxies_of(session.resident(), now).await?;
    let acting_for = session.acting().map(|acting| acting.name.clone());
    let kept = site.store().account(session.resident()).await?;
    let waiting = lines.iter().any(|line| line.state == ProxyState::Requested);
    let message = match site.settings().show_codes_on_page && waiting {
        true => site.store().last_proxy_message(session.resident()).await?,
        false => None,
    };
    let known = kept.profile.identity.is_some();
    Ok(site.page(&visitor, StatusCode::OK, || pages::acting(&lines, acting_for, known, message)))
}

/// The request.
pub(crate) async fn form(State(site): State<Site>, visitor: Visitor) -> Result<Response, AppError> {
    let session = own(&site, &visitor).await?;
    of_age(&site, session).await?;
    let key = new_key()?;
    Ok(site.page(&visitor, StatusCode::OK, || pages::ask(&Sent::fresh(ProxyForm::default()), &key)))
}

/// Asks the other side.
pub(crate) async fn ask(
    State(site): State<Site>,
    visitor: Visitor,
    fields: Fields,
) -> Result<Response, AppError> {
    let session = own(&site, &visitor).await?;
    of_age(&site, session).await?;
    let key = fields.key(site.store())?;
    let kept = site.store().account(session.resident()).await?;
    let name = kept.profile.identity.as_ref().and_then(|form| PersonName::parse(&form.name).ok());
    let Some(name) = name else { return Ok(see_other("/me/acting", None)) };
    let form: ProxyForm = fields.form()?;
    let now = site.clock().now();
    let request = match ProxyRequest::parse(&form, kept.phone.as_ref(), now.shanghai_date()) {
        Ok(request) => request,
        Err(errors) => {
            let sent = sent_back(form, errors);
            let key = fields.get("idempotency_key");
            return Ok(site.page(&visitor, UNPROCESSABLE, || pages::ask(&sent, key)));
        }
    };
    // Neither may one person flood many telephones, nor many one.
    count_tries(&site, &try_limits(&site, &visitor, &format!("proxy by {}", session.resident()))).await?;
    let to_phone = format!("proxy to {}", request.phone.as_str());
    count_tries(&site, &[(to_phone, i64::from(site.settings().codes_per_hour))]).await?;
    let secret = random_secret()?;
    let code = format!("{:06}", random_u64()? % 1_000_000);
    let url = format!("{}/acting/{secret}", site.settings().base_url);
    let new = NewProxy {
        representative: session.resident(),
        representative_name: &name,
        request: &request,
        secret: &secret,
        code: &code,
        url: &url,
    };
    site.store().request_proxy(&new, &key, now).await?;
    site.messages_waiting().notify_one();
    Ok(see_other("/me/acting", None))
}

/// Who is known to be under 18 acts for nobody else.
async fn of_age(site: &Site, session: &Session) -> Result<(), AppError> {
    let today = site.clock().today();
    let birth = site.store().account(session.resident()).await?.profile.birth_date(today);
    match birth.map(|birth| age_group(birth, today)) {
        Some(AgeGroup::Child | AgeGroup::Teenager) => Err(AppError::NotTaken(Ended::HelperTooYoung)),
        Some(AgeGroup::Adult) | None => Ok(()),
    }
}

/// Begins to act under an agreement.
pub(crate) async fn begin(
    State(site): State<Site>,
    visitor: Visitor,
    Path(id): Path<String>,
) -> Result<Response, AppError> {
    let session = visitor.resident()?;
    of_age(&site, session).await?;
    let now = site.clock().now();
    let begun = site.store().act_under(&session.token, session.resident(), Some(&id), now).await;
    own_or_noted(&site, &session.actor(), ("proxies", &id), begun).await?;
    Ok(see_other("/", None))
}

/// Stops acting. A clerk who helps goes back to the visit, and the browser forgets the person's pages.
pub(crate) async fn stop(State(site): State<Site>, visitor: Visitor) -> Result<Response, AppError> {
    if let Some(helping) = &visitor.helping {
        let at = AtCounter {
            actor: &helping.actor,
            staff: &helping.staff,
            area: &helping.area,
            resident: &helping.acting.represented,
        };
        site.store().stop_help(&helping.visit, &at, site.clock().now()).await?;
        let back =
            see_other(&format!("/staff/counter/visit/{}", helping.visit), Some(helping::no_cookie(&site)?));
        return Ok(helping::leaves_nothing(back));
    }
    let session = visitor.resident()?;
    site.store().act_under(&session.token, session.resident(), None, site.clock().now()).await?;
    Ok(see_other("/me/acting", None))
}

/// Ends an agreement for good, by either side.
pub(crate) async fn end(
    State(site): State<Site>,
    visitor: Visitor,
    Path(id): Path<String>,
) -> Result<Response, AppError> {
    let session = visitor.resident()?;
    let ended = site.store().end_proxy(&id, session.resident(), site.clock().now()).await;
    own_or_noted(&site, &session.actor(), ("proxies", &id), ended).await?;
    site.messages_waiting().notify_one();
    Ok(see_other("/me/acting", None))
}

/// The question to the represented person, or how it was answered.
pub(crate) async fn asked(
    State(site): State<Site>,
    visitor: Visitor,
    Path(secret): Path<String>,
) -> Result<Response, AppError> {
    let asked = site.store().proxy_asked(&secret, site.clock().now()).await?.ok_or(AppError::NotFound)?;
    let sent = Sent::fresh(CodeForm::default());
    Ok(site.page(&visitor, StatusCode::OK, || pages::agree(&asked, &secret, &sent, false, false)))
}

/// Takes the answer.
pub(crate) async fn answer(
    State(site): State<Site>,
    visitor: Visitor,
    Path(secret): Path<String>,
    fields: Fields,
) -> Result<Response, AppError> {
    let now = site.clock().now();
    let asked = site.store().proxy_asked(&secret, now).await?.ok_or(AppError::NotFound)?;
    let agree = match fields.get("answer") {
        "agree" => true,
        "refuse" => false,
        _ => return Err(AppError::BadRequest),
    };
    let form = CodeForm { code: fields.get("code").to_owned() };
    let code = match form.parse() {
        Ok(code) => code,
        Err(errors) => {
            let sent = sent_back(form, errors);
            return Ok(
                site.page(&visitor, UNPROCESSABLE, || pages::agree(&asked, &secret, &sent, false, false))
            );
        }
    };
    count_tries(&site, &try_limits(&site, &visitor, &format!("proxy {secret}"))).await?;
    let session = visitor.session.as_ref().filter(|session| session.acting().is_none());
    let by = Answerer {
        resident: session.map(Session::resident),
        device: visitor.device.as_ref().map(|device| device.0.as_str()).unwrap_or_default(),
        unused_ms: session::rules(&site).unused_ms,
    };
    let answer = site.store().answer_proxy(&secret, &code, agree, &by, now).await?;
    if answer == ProxyAnswer::Taken {
        site.messages_waiting().notify_one();
        return Ok(see_other(&format!("/acting/{secret}"), None));
    }
    let sent = Sent::fresh(CodeForm::default());
    let (wrong, sign_in) = (answer == ProxyAnswer::WrongCode, answer == ProxyAnswer::SignInFirst);
    Ok(site.page(&visitor, UNPROCESSABLE, || pages::agree(&asked, &secret, &sent, wrong, sign_in)))
}
