//! `/timebank/needs/{need}/sign`, `/code`, `/timebank/devices`: a service begins and ends by the volunteer's device, with what the served
//! person tells, shows or has on paper; with or without a network.

use app::domain::confirm::ConfirmationKind;
use app::domain::confirm::check::{CheckState, Standing};
use app::domain::form::{FormErrors, Rule};
use app::domain::time::Instant;
use app::domain::timebank::{NeedState, ServedCode, SignAct, device_text};
use app::pages::Sent;
use app::pages::timebank::{self as pages, Role, SignView};
use axum::Json;
use axum::extract::{Path, State};
use axum::http::header::CACHE_CONTROL;
use axum::http::{HeaderMap, HeaderValue, StatusCode};
use axum::response::{IntoResponse as _, Response};
use data_encoding::{BASE64URL_NOPAD, HEXLOWER};
use serde_json::json;
use sha2::{Digest as _, Sha256};

use super::timebank::{own, place, role_in, words};
use super::{Fields, count_tries, forgive_tries, new_key, sent_back, try_limits};
use crate::confirm::verify;
use crate::error::AppError;
use crate::session::Session;
use crate::site::{Site, Visitor, see_other};
use crate::store::confirmations::KeptConfirmation;
use crate::store::timebank::{Doing, FromDevice, Given, Need, NeedRefusal, signed_by};

/// Where the script says what the device's clock shows while it sends.
const DEVICE_TIME: &str = "x-device-time";

/// A need of whoever is signed in, in this role; nobody else finds it.
async fn need_as(site: &Site, session: &Session, id: &str, role: Role) -> Result<Need, AppError> {
    let need = site.store().need(id).await?;
    if role_in(&need, session.resident()) == Some(role) { Ok(need) } else { Err(AppError::NotFound) }
}

fn view_of(need: &Need, session: &Session) -> SignView {
    // The label tells two volunteers of one phone apart and nothing else.
    let label = crate::seal::sha256(&format!("time device of {}", session.resident()));
    SignView {
        id: need.id.clone(),
        kind: need.kind.name.clone(),
        place: place(&need.area),
        starts_at: need.starts_at,
        state: need.state,
        signer: label.chars().take(16).collect(),
    }
}

fn goes_on(need: &Need) -> bool {
    matches!(need.state, NeedState::Taken | NeedState::Started)
}

fn page(
    site: &Site,
    visitor: &Visitor,
    view: &SignView,
    sent: &Sent<()>,
    words: &str,
) -> Result<Response, AppError> {
    let fresh = sent.errors.is_empty() && words.is_empty();
    let status = if fresh { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    let key = new_key()?;
    Ok(site.page(visitor, status, || pages::sign(view, sent, words, &key)))
}

/// The volunteer's page.
pub(crate) async fn form(
    State(site): State<Site>,
    visitor: Visitor,
    Path(id): Path<String>,
) -> Result<Response, AppError> {
    let session = own(&visitor)?;
    let need = need_as(&site, session, &id, Role::Helper).await?;
    if !goes_on(&need) {
        return Ok(see_other(&format!("/timebank/needs/{id}"), None));
    }
    page(&site, &visitor, &view_of(&need, session), &Sent::fresh(()), "")
}

/// Whose paper card it is, where it is one that holds.
fn holder(kept: Option<KeptConfirmation>, now: Instant) -> Option<String> {
    kept.filter(|kept| {
        kept.kind == ConfirmationKind::Card && kept.standing == Standing::Holds && kept.expires_at > now
    })
    .and_then(|kept| kept.resident)
}

/// What was typed or scanned, with the holder of a card.
async fn given(site: &Site, code: ServedCode) -> Result<Given, AppError> {
    let now = site.clock().now();
    Ok(match code {
        ServedCode::Digits(code) => Given::Digits(code),
        ServedCode::Phone(code) => Given::Phone(code),
        ServedCode::CardCode(code) => {
            Given::Card(holder(site.store().confirmation_of_short_code(code.as_str()).await?, now))
        }
        ServedCode::CardToken(text) => {
            let answer = verify(&text, site.keys().public(), &site.settings().issuer, now);
            let kept = match answer.claims.filter(|_| answer.state == CheckState::Valid) {
                Some(claims) => site.store().confirmation(&HEXLOWER.encode(&claims.id)).await?,
                None => None,
            };
            Given::Card(holder(kept, now))
        }
    })
}

/// Begins or ends a service; a code that doesn't fit is counted.
///
/// # Errors
/// Too many tries, or the database failed; why nothing came of it stands inside.
pub(super) async fn signed(
    site: &Site,
    visitor: &Visitor,
    (id, resident): (&str, &str),
    (code, from): (ServedCode, Option<&FromDevice<'_>>),
    doing: &Doing<'_>,
) -> Result<Result<(), NeedRefusal>, AppError> {
    let limits = try_limits(site, visitor, &format!("timebank {id}"));
    count_tries(site, &limits).await?;
    let given = given(site, code).await?;
    let done = site.store().sign(id, (resident, &given), from, doing).await;
    if done.is_ok() {
        forgive_tries(site, &limits).await?;
        site.messages_waiting().notify_one();
    }
    Ok(done.map(|_| ()))
}

/// What a device sent beside the form.
struct Device {
    at: Instant,
    device_now: Instant,
    signature: Vec<u8>,
}

fn from_device(fields: &Fields, headers: &HeaderMap, now: Instant) -> Result<Option<Device>, AppError> {
    if fields.get("device").is_empty() {
        return Ok(None);
    }
    let number = |text: &str| text.parse().map(Instant).map_err(|_| AppError::BadRequest);
    let device_now = match headers.get(DEVICE_TIME).and_then(|value| value.to_str().ok()) {
        Some(text) => number(text)?,
        None => now,
    };
    let signature =
        BASE64URL_NOPAD.decode(fields.get("signature").as_bytes()).map_err(|_| AppError::BadRequest)?;
    Ok(Some(Device { at: number(fields.get("at"))?, device_now, signature }))
}

/// Begins or ends a service.
pub(crate) async fn sign(
    State(site): State<Site>,
    visitor: Visitor,
    Path(id): Path<String>,
    headers: HeaderMap,
    fields: Fields,
) -> Result<Response, AppError> {
    let session = own(&visitor)?;
    let need = need_as(&site, session, &id, Role::Helper).await?;
    let key = fields.key(site.store())?;
    let act = SignAct::parse(fields.get("act")).ok_or(AppError::BadRequest)?;
    let now = site.clock().now();
    let device = from_device(&fields, &headers, now)?;
    let name = format!("{}-code", act.as_str());
    let typed = fields.get(&name);
    let code_hash = HEXLOWER.encode(&Sha256::digest(typed.as_bytes()));
    let from = device.as_ref().map(|device| FromDevice {
        act,
        at: device.at,
        device_now: device.device_now,
        device: fields.get("device"),
        key: fields.get("idempotency_key"),
        code_hash: &code_hash,
        signature: &device.signature,
    });
    let (owner, actor) = (session.owner(), visitor.actor());
    let doing = Doing { actor: &actor, owner: &owner, key: &key, now };
    let mut errors = FormErrors::default();
    let done = match ServedCode::parse(typed) {
        Ok(code) => signed(&site, &visitor, (&id, session.resident()), (code, from.as_ref()), &doing).await?,
        Err(error) => {
            errors.add(name.clone(), error);
            Ok(())
        }
    };
    let refused = match done {
        Ok(()) if errors.is_empty() => return Ok(see_other(&format!("/timebank/needs/{id}"), None)),
        Ok(()) => "",
        Err(NeedRefusal::Code) => {
            errors.add(name, Rule::CodeDoesNotFit);
            ""
        }
        Err(NeedRefusal::Store(cause)) => return Err(cause.into()),
        Err(other) => words(&other),
    };
    page(&site, &visitor, &view_of(&need, session), &sent_back((), errors), refused)
}

/// The served person's page.
pub(crate) async fn code(
    State(site): State<Site>,
    visitor: Visitor,
    Path(id): Path<String>,
) -> Result<Response, AppError> {
    let session = own(&visitor)?;
    let need = need_as(&site, session, &id, Role::Served).await?;
    // Whoever ordered for another is not the one at the door.
    if !goes_on(&need) || need.elder.as_deref() != Some(session.resident()) {
        return Ok(see_other(&format!("/timebank/needs/{id}"), None));
    }
    let view = view_of(&need, session);
    Ok(site.page(&visitor, StatusCode::OK, || pages::code(&view)))
}

/// Gives the served person's telephone the key of its codes.
pub(crate) async fn phone_key(
    State(site): State<Site>,
    visitor: Visitor,
    Path(id): Path<String>,
) -> Result<Response, AppError> {
    let session = own(&visitor)?;
    let key = site.store().phone_key(&id, session.resident()).await?;
    let answer = json!({ "key": BASE64URL_NOPAD.encode(&key) });
    Ok(([(CACHE_CONTROL, HeaderValue::from_static("no-store"))], Json(answer)).into_response())
}

/// Keeps the public key of the volunteer's device. It shows that it has the other half.
pub(crate) async fn device(
    State(site): State<Site>,
    visitor: Visitor,
    fields: Fields,
) -> Result<Response, AppError> {
    let session = own(&visitor)?;
    let key = fields.key(site.store())?;
    let text = fields.get("public_key");
    let bytes = |text: &str| BASE64URL_NOPAD.decode(text.as_bytes()).map_err(|_| AppError::BadRequest);
    let (public_key, signature) = (bytes(text)?, bytes(fields.get("signature"))?);
    if !signed_by(&public_key, &device_text(fields.get("idempotency_key"), text), &signature) {
        return Err(AppError::BadRequest);
    }
    let id = HEXLOWER.encode(&Sha256::digest(&public_key));
    let (owner, actor) = (session.owner(), visitor.actor());
    let doing = Doing { actor: &actor, owner: &owner, key: &key, now: site.clock().now() };
    site.store().keep_time_device(session.resident(), (&id, &public_key), &doing).await?;
    Ok(StatusCode::NO_CONTENT.into_response())
}
