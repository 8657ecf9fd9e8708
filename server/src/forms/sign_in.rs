//! `/sign-in…`, `/sign-out…`: a resident signs in by telephone and one-time code.

use app::domain::form::{FormErrors, Rule};
use app::domain::notices::Notice;
use app::domain::person::{CodeForm, ProveForm, SignInForm};
use app::domain::phone::ContactPhone;
use app::pages::{self, Sent};
use axum::extract::{Query, State};
use axum::http::StatusCode;
use axum::http::header::{CACHE_CONTROL, HeaderMap, HeaderValue, SET_COOKIE};
use axum::response::{IntoResponse as _, Response};
use serde::Deserialize;

use super::{Fields, count_tries, forgive_tries, sent_back, try_limits};
use crate::error::AppError;
use crate::middleware::care::cookie_value;
use crate::seal::random_secret;
use crate::session::{self, FreshDevice};
use crate::site::{Site, Visitor, see_other, with_cookie};
use crate::store::residents::CodeOutcome;

/// A code that was asked for is waited for ten minutes: as long as it holds, and the time to say that it doesn't.
const ATTEMPT_SECONDS: u64 = 600;

/// Where to go afterwards; only ever a page of ours.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Next {
    next: String,
}

impl Next {
    pub(crate) fn path(&self) -> String {
        own_path(&self.next)
    }
}

/// A path of ours, or the resident's own page. Nothing that a browser could take for another site's address.
pub(crate) fn own_path(text: &str) -> String {
    let ours = text.len() <= 200
        && text.starts_with('/')
        && !text.starts_with("//")
        && text
            .bytes()
            .all(|b| b.is_ascii_alphanumeric() || matches!(b, b'/' | b'-' | b'_' | b'.' | b'?' | b'='));
    if ours { text.to_owned() } else { "/me".to_owned() }
}

/// The page where one signs in, and then goes to `next`.
pub(crate) fn path_with_next(next: &str) -> String {
    app::text::path_with_next("/sign-in", &own_path(next))
}

fn attempt_name(site: &Site) -> &'static str {
    if site.settings().is_https() { "__Host-xw_attempt" } else { "xw_attempt" }
}

fn attempt_in(site: &Site, headers: &HeaderMap) -> Option<String> {
    cookie_value(headers, attempt_name(site))
        .filter(|secret| secret.len() == 32 && secret.bytes().all(|b| b.is_ascii_alphanumeric()))
        .map(str::to_owned)
}

/// The telephone number.
pub(crate) async fn form(
    State(site): State<Site>,
    visitor: Visitor,
    Query(next): Query<Next>,
) -> Result<Response, AppError> {
    let next = next.path();
    if visitor.session.is_some() {
        return Ok(see_other(&next, None));
    }
    if visitor.waiting.is_some() {
        return Ok(see_other(&app::text::path_with_next("/sign-in/prove", &next), None));
    }
    let sent = Sent::fresh(SignInForm::default());
    Ok(site.page(&visitor, StatusCode::OK, || pages::sign_in::phone(&sent, &site.providers().names(), &next)))
}

/// Sends a code. Known and unknown numbers get the same answer.
pub(crate) async fn send_code(
    State(site): State<Site>,
    visitor: Visitor,
    fields: Fields,
) -> Result<Response, AppError> {
    let next = own_path(fields.get("next"));
    let form: SignInForm = fields.form()?;
    let phone = match form.parse() {
        Ok(phone) => phone,
        Err(errors) => {
            let sent = sent_back(form, errors);
            return Ok(site.page(&visitor, StatusCode::UNPROCESSABLE_ENTITY, || {
                pages::sign_in::phone(&sent, &site.providers().names(), &next)
            }));
        }
    };
    count_code(&site, &visitor, &phone).await?;
    let attempt = random_secret()?;
    let write = |code: &str| Notice::SignInCode { code: code.to_owned(), minutes: 5 }.sms();
    site.store().request_code(&attempt, &phone, write, site.clock().now()).await?;
    site.messages_waiting().notify_one();
    let cookie = session::written(&site, attempt_name(&site), &attempt, ATTEMPT_SECONDS)?;
    Ok(see_other(&app::text::path_with_next("/sign-in/code", &next), Some(cookie)))
}

/// Counts a code that is about to be sent. A device on which the number's owner has proved who they are has an allowance of
/// its own: strangers, who share theirs, can't use it up, nor can those who share its address.
pub(super) async fn count_code(site: &Site, visitor: &Visitor, phone: &ContactPhone) -> Result<(), AppError> {
    let number = phone.as_str();
    let known = match &visitor.device {
        Some(device) if site.store().is_device_of(phone, &device.0).await? => Some(&device.0),
        _ => None,
    };
    let (mut limits, of_day) = match known {
        Some(device) => {
            (vec![(format!("code {number} {device}"), 0)], format!("codes of a day, known {number}"))
        }
        None => (try_limits(site, visitor, &format!("code {number}")), format!("codes of a day {number}")),
    };
    if let Some((_, per_number)) = limits.first_mut() {
        *per_number = i64::from(site.settings().codes_per_hour);
    }
    count_tries(site, &limits).await?;
    let today = site.store().count_try_of_day(&of_day, site.clock().now()).await?;
    if today > i64::from(site.settings().codes_per_day) {
        return Err(AppError::TooManyTries { retry_after: 3_600 });
    }
    Ok(())
}

/// Asks for the code.
pub(crate) async fn code_form(
    State(site): State<Site>,
    visitor: Visitor,
    headers: HeaderMap,
    Query(next): Query<Next>,
) -> Result<Response, AppError> {
    code_page(&site, &visitor, &headers, &next.path(), Sent::fresh(CodeForm::default()), StatusCode::OK).await
}

async fn code_page(
    site: &Site,
    visitor: &Visitor,
    headers: &HeaderMap,
    next: &str,
    sent: Sent<CodeForm>,
    status: StatusCode,
) -> Result<Response, AppError> {
    let begin = || see_other(&app::text::path_with_next("/sign-in", next), None);
    let Some(attempt) = attempt_in(site, headers) else { return Ok(begin()) };
    let Some(phone) = site.store().phone_of_attempt(&attempt, site.clock().now()).await? else {
        return Ok(begin());
    };
    let message = match site.settings().show_codes_on_page {
        true => site.store().last_message_to(&phone, "sign_in_code").await?,
        false => None,
    };
    Ok(site.page(visitor, status, || pages::sign_in::code(&sent, &phone.masked(), message, next)))
}

/// Takes the code.
pub(crate) async fn take_code(
    State(site): State<Site>,
    visitor: Visitor,
    headers: HeaderMap,
    fields: Fields,
) -> Result<Response, AppError> {
    let next = own_path(fields.get("next"));
    let form: CodeForm = fields.form()?;
    let unprocessable = StatusCode::UNPROCESSABLE_ENTITY;
    let code = match form.parse() {
        Ok(code) => code,
        Err(errors) => {
            return code_page(&site, &visitor, &headers, &next, sent_back(form, errors), unprocessable).await;
        }
    };
    let Some(attempt) = attempt_in(&site, &headers) else {
        return Ok(see_other(&app::text::path_with_next("/sign-in", &next), None));
    };
    let limits = try_limits(&site, &visitor, &format!("code tries {attempt}"));
    count_tries(&site, &limits).await?;
    let token = random_secret()?;
    let device = FreshDevice::of(&site, &visitor, &headers)?;
    let now = site.clock().now();
    let outcome = site
        .store()
        .sign_in_with_code(&attempt, &code, &token, &device.device(), session::rules(&site), now)
        .await?;
    match outcome {
        CodeOutcome::Refused => {
            let mut errors = FormErrors::default();
            errors.add("code", Rule::CodeDoesNotFit);
            code_page(&site, &visitor, &headers, &next, sent_back(CodeForm::default(), errors), unprocessable)
                .await
        }
        CodeOutcome::SignedIn { proved } => {
            // Honest sign-ins close no address that many share.
            forgive_tries(&site, &limits).await?;
            let to = if proved { next } else { app::text::path_with_next("/sign-in/prove", &next) };
            let mut response = see_other(&to, Some(session::cookie(&site, &token)?));
            if proved {
                response.headers_mut().append(SET_COOKIE, device.cookie);
            }
            Ok(with_cookie(response, Some(no_attempt(&site)?)))
        }
    }
}

fn no_attempt(site: &Site) -> Result<HeaderValue, AppError> {
    session::written(site, attempt_name(site), "", 0)
}

/// Asks for name and document digits.
pub(crate) async fn prove_form(
    State(site): State<Site>,
    visitor: Visitor,
    Query(next): Query<Next>,
) -> Result<Response, AppError> {
    let next = next.path();
    let Some(waiting) = &visitor.waiting else { return Ok(see_other(&path_with_next(&next), None)) };
    let by_phone = waiting.kept.provider.is_none();
    let sent = Sent::fresh(ProveForm::default());
    Ok(site.page(&visitor, StatusCode::OK, || pages::sign_in::prove(&sent, false, by_phone, &next)))
}

/// Takes name and document digits.
pub(crate) async fn prove(
    State(site): State<Site>,
    visitor: Visitor,
    headers: HeaderMap,
    fields: Fields,
) -> Result<Response, AppError> {
    let next = own_path(fields.get("next"));
    let Some(waiting) = visitor.waiting.clone() else { return Ok(see_other(&path_with_next(&next), None)) };
    let by_phone = waiting.kept.provider.is_none();
    let form: ProveForm = fields.form()?;
    let unprocessable = StatusCode::UNPROCESSABLE_ENTITY;
    let proof = match form.parse() {
        Ok(proof) => proof,
        Err(errors) => {
            let sent = sent_back(form, errors);
            return Ok(
                site.page(&visitor, unprocessable, || pages::sign_in::prove(&sent, false, by_phone, &next))
            );
        }
    };
    let limits = try_limits(&site, &visitor, &format!("prove {}", waiting.resident()));
    count_tries(&site, &limits).await?;
    let token = random_secret()?;
    let device = FreshDevice::of(&site, &visitor, &headers)?;
    let now = site.clock().now();
    if !site.store().prove(&waiting.token, &token, &proof, &device.device(), now).await? {
        let sent = Sent::fresh(form);
        return Ok(site.page(&visitor, unprocessable, || pages::sign_in::prove(&sent, true, by_phone, &next)));
    }
    forgive_tries(&site, &limits).await?;
    let response = see_other(&next, Some(session::cookie(&site, &token)?));
    Ok(with_cookie(response, Some(device.cookie)))
}

/// The number was another person's before.
pub(crate) async fn fresh(
    State(site): State<Site>,
    visitor: Visitor,
    headers: HeaderMap,
    fields: Fields,
) -> Result<Response, AppError> {
    let next = own_path(fields.get("next"));
    let Some(waiting) = visitor.waiting.clone() else { return Ok(see_other(&path_with_next(&next), None)) };
    let token = random_secret()?;
    let device = FreshDevice::of(&site, &visitor, &headers)?;
    let now = site.clock().now();
    site.store().start_afresh(&waiting.token, &token, &device.device(), session::rules(&site), now).await?;
    let response = see_other(&next, Some(session::cookie(&site, &token)?));
    Ok(with_cookie(response, Some(device.cookie)))
}

/// Goes on with a session that is about to end.
pub(crate) async fn go_on(State(site): State<Site>, visitor: Visitor) -> Result<Response, AppError> {
    let session = visitor.resident()?;
    let now = site.clock().now();
    let (ms, longest) = (session::session_ms(&site), session::longest_ms());
    if site.store().extend_session(&session.token, ms, longest, now).await? {
        return Ok(see_other("/me", None));
    }
    // Older than a session may become: the code is asked for once more.
    site.store().sign_out_resident(&session.token, session.resident(), now).await?;
    Ok(see_other("/sign-in?next=/me", None))
}

/// How long the session lasts, in milliseconds: without a step, and whatever is done. For the prompt of an open page.
pub(crate) async fn left(visitor: Visitor) -> Response {
    let (idle, end) =
        visitor.visit.signed_in.map_or((0, 0), |signed_in| (signed_in.idle_left_ms, signed_in.end_left_ms));
    spans(idle, end)
}

fn spans(idle: i64, end: i64) -> Response {
    ([(CACHE_CONTROL, HeaderValue::from_static("no-store"))], format!("{idle} {end}")).into_response()
}

/// Goes on with the session from an open page, and tells how long it lasts then.
pub(crate) async fn stay(State(site): State<Site>, visitor: Visitor) -> Result<Response, AppError> {
    let Some(session) = &visitor.session else { return Ok(spans(0, 0)) };
    let (now, idle) = (site.clock().now(), session::idle_ms(&site));
    let (ms, longest) = (session::session_ms(&site), session::longest_ms());
    // A session of seven days keeps its end; the step itself is counted already.
    site.store().extend_session(&session.token, ms, longest, now).await?;
    let kept = site.store().resident_session(&session.token, idle, now).await?;
    let (idle, end) = kept.map_or((0, 0), |kept| (kept.seen_at.0 + idle - now.0, kept.ends_at.0 - now.0));
    Ok(spans(idle, end))
}

/// Where one comes out who signed in beside a page that waits.
pub(crate) async fn back(State(site): State<Site>, visitor: Visitor) -> Response {
    site.page(&visitor, StatusCode::OK, pages::error::go_back)
}

/// Signs out on this device.
pub(crate) async fn sign_out(State(site): State<Site>, visitor: Visitor) -> Result<Response, AppError> {
    if let Some(session) = visitor.session.as_ref().or(visitor.waiting.as_ref()) {
        site.store().sign_out_resident(&session.token, session.resident(), site.clock().now()).await?;
    }
    let mut response = see_other("/", Some(session::no_cookie(&site)?));
    // A shared phone or a counter keeps nothing that a page left behind.
    response.headers_mut().insert("clear-site-data", HeaderValue::from_static("\"cache\", \"storage\""));
    Ok(response)
}

/// Signs out on all devices.
pub(crate) async fn sign_out_everywhere(
    State(site): State<Site>,
    visitor: Visitor,
) -> Result<Response, AppError> {
    let session = visitor.resident()?;
    site.store().sign_out_everywhere(session.resident(), site.clock().now()).await?;
    Ok(see_other("/sign-in", Some(session::no_cookie(&site)?)))
}

#[cfg(test)]
mod tests {
    use super::own_path;

    #[test]
    fn only_a_page_of_ours_comes_next() {
        for ours in ["/me", "/aid/temporary-aid/apply", "/sign-in?next=/me"] {
            assert_eq!(own_path(ours), ours);
        }
        for other in
            ["", "https://evil.example", "//evil.example", "/\\evil.example", "me", "/a:b", "/%0d%0a"]
        {
            assert_eq!(own_path(other), "/me", "{other}");
        }
    }
}
