//! `/V/{token}` and `/check`: whether a confirmation is real and how it stands. Everybody gets yes or no and the least
//! detail; staff whose affair it is see its record and its scans besides.
//!
//! The token in the address is the one personal thing that may stand in one. The headers of every answer below `/V/`, errors
//! too, are added in [`crate::middleware::security_headers`]; the log writes `/V/…`.
//!
//! `POST /check` answers programs too. Form-encoded `code=…` with `Accept: application/json` gives
//!
//! - 200 `{"state":"valid","confirmation":null,"token":null,"kind":"meal","office":320214050,"place":"旺庄街道","start":1795413900,"until":…}`:
//!   `state` is a slug of `CheckState`, `kind` of `ConfirmationKind`, times are Unix seconds; the last five are null
//!   where nothing can be believed. The token itself is never given; signed-in staff get the identity in `confirmation`;
//! - 422 `{"state":null,"error":"mistyped"}`: the check sign doesn't fit, or nothing was typed;
//! - 422 `{"state":null,"error":"unknown"}`: there is no such code;
//! - 429 with `Retry-After`, without a body: too many wrong tries from this address or this counter.

use app::domain::confirm::ShortCode;
use app::domain::confirm::check::{CheckAnswer, Standing};
use app::domain::form::FormErrors;
use app::pages::Sent;
use app::pages::confirm::{self as pages, ShortForm};
use app::text::check::office_words;
use axum::Json;
use axum::extract::{Path, State};
use axum::http::header::{ACCEPT, CACHE_CONTROL};
use axum::http::{HeaderMap, HeaderValue, StatusCode};
use axum::response::{IntoResponse as _, Response};
use serde_json::json;

use super::staff::confirmations::{detail_for, fresh_forms};
use super::{Fields, count_tries, forgive_tries, sent_back, try_limits};
use crate::confirm::verify;
use crate::error::AppError;
use crate::site::{Site, Visitor};
use crate::staff::{AnyStaff, StaffVisitor};
use crate::store::confirmations::KeptConfirmation;

/// Wrong short codes from one counter in an hour, for each that a stranger's address has.
const COUNTER_TRIES: i64 = 6;

/// The limits for short codes that are typed at a counter.
pub(crate) fn counter_limits(site: &Site, staff: &StaffVisitor) -> Vec<(String, i64)> {
    let per_counter = i64::from(site.settings().lookup_tries_per_hour) * COUNTER_TRIES;
    vec![(format!("short code counter {}", staff.session.id), per_counter)]
}

/// Judges a text and asks the records how it stands.
async fn judged(site: &Site, text: &str) -> Result<(CheckAnswer, Option<KeptConfirmation>), AppError> {
    let answer = verify(text, site.keys().public(), &site.settings().issuer, site.clock().now());
    let Some(claims) = &answer.claims else { return Ok((answer, None)) };
    let kept = site.store().confirmation(&data_encoding::HEXLOWER.encode(&claims.id)).await?;
    let standing = kept.as_ref().map_or(Standing::NoRecord, |kept| kept.standing);
    Ok((answer.with_standing(standing), kept))
}

/// The page of an answer, with more for staff whose affair it is.
async fn page(
    site: &Site,
    visitor: &Visitor,
    staff: Option<&StaffVisitor>,
    (answer, kept): (CheckAnswer, Option<KeptConfirmation>),
) -> Result<Response, AppError> {
    let detail = match (staff, &kept) {
        (Some(staff), Some(kept)) => detail_for(site, staff, kept).await?,
        _ => None,
    };
    let forms = fresh_forms()?;
    let staff = detail.as_ref().map(|detail| (detail, &forms));
    Ok(site.page(visitor, StatusCode::OK, || pages::checked(&answer, staff)))
}

/// The check of a scanned QR code.
pub(crate) async fn token(
    State(site): State<Site>,
    mut visitor: Visitor,
    AnyStaff(staff): AnyStaff,
    Path(token): Path<String>,
) -> Result<Response, AppError> {
    let found = judged(&site, &token).await?;
    // The page's links (the elder switch) must not repeat the token in a second place: a relative `?care=1` does.
    visitor.visit.path = String::new();
    page(&site, &visitor, staff.as_ref(), found).await
}

/// The form for a short code.
pub(crate) async fn short_form(State(site): State<Site>, visitor: Visitor) -> Response {
    site.page(&visitor, StatusCode::OK, || pages::short_code(&Sent::fresh(ShortForm::default()), false))
}

/// Whether a program asks, and no page.
fn wants_json(headers: &HeaderMap) -> bool {
    headers
        .get(ACCEPT)
        .and_then(|accept| accept.to_str().ok())
        .is_some_and(|accept| accept.starts_with("application/json"))
}

fn json_answer(status: StatusCode, body: serde_json::Value) -> Response {
    (status, [(CACHE_CONTROL, HeaderValue::from_static("no-store"))], Json(body)).into_response()
}

/// The least detail, for programs. A counter's page needs the identity besides, to send a use of it.
fn json_of(answer: &CheckAnswer, staff: bool) -> Response {
    let claims = answer.claims.as_ref();
    let identity = claims.filter(|_| staff).map(|claims| data_encoding::HEXLOWER.encode(&claims.id));
    json_answer(
        StatusCode::OK,
        json!({
            "confirmation": identity,
            "state": answer.state.as_str(),
            "token": null,
            "kind": claims.map(|claims| claims.kind.as_str()),
            "office": claims.map(|claims| claims.office),
            "place": claims.map(|claims| office_words(claims.office)),
            "start": claims.map(|claims| claims.start),
            "until": claims.map(|claims| claims.expires_at),
        }),
    )
}

/// Takes a short code. It is checked as its QR code would be.
pub(crate) async fn short(
    State(site): State<Site>,
    visitor: Visitor,
    AnyStaff(staff): AnyStaff,
    headers: HeaderMap,
    fields: Fields,
) -> Result<Response, AppError> {
    let json = wants_json(&headers);
    let form = ShortForm { code: fields.get("code").to_owned() };
    let wrong = StatusCode::UNPROCESSABLE_ENTITY;
    let code = match ShortCode::parse(&form.code) {
        Ok(code) => code,
        Err(_) if json => return Ok(json_answer(wrong, json!({ "state": null, "error": "mistyped" }))),
        Err(error) => {
            let mut errors = FormErrors::default();
            errors.add("code", error);
            let sent = sent_back(form, errors);
            return Ok(site.page(&visitor, wrong, || pages::short_code(&sent, false)));
        }
    };
    // The address or the counter is limited: a limit on all codes together would let one person stop everybody. Whoever is
    // signed in is known; their counter's limit is the one that counts, wherever they work.
    let limits = match &staff {
        Some(staff) => counter_limits(&site, staff),
        None => try_limits(&site, &visitor, "short code").split_off(1),
    };
    count_tries(&site, &limits).await?;
    let Some(kept) = site.store().confirmation_of_short_code(code.as_str()).await? else {
        if json {
            return Ok(json_answer(wrong, json!({ "state": null, "error": "unknown" })));
        }
        let sent = Sent::fresh(form);
        return Ok(site.page(&visitor, wrong, || pages::short_code(&sent, true)));
    };
    forgive_tries(&site, &limits).await?;
    let found = judged(&site, &kept.token).await?;
    if json {
        return Ok(json_of(&found.0, staff.is_some()));
    }
    page(&site, &visitor, staff.as_ref(), found).await
}
