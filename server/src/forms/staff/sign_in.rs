//! `/staff/sign-in`, `/staff/sign-in/second`, `/staff/passkey`, `/staff/sign-out`.

use app::domain::audit::{AuditAct, Purpose};
use app::domain::staff::{SignInForm, TotpForm};
use app::domain::time::Instant;
use app::pages::Sent;
use app::pages::staff::sign_in::{self as pages, Enrolment, SampleAccount, SecondFactor};
use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Response};
use webauthn_rs::prelude::Passkey;

use crate::confirm::QrDrawing;
use crate::demo;
use crate::error::AppError;
use crate::forms::{Fields, count_tries, sent_back, try_limits};
use crate::seal::{random_secret, sha256};
use crate::site::{Site, see_other, with_cookie};
use crate::staff::passkey::Passkeys;
use crate::staff::session::{AtTheDoor, device_cookie, no_session_cookie, session_cookie};
use crate::staff::{StaffVisitor, password, totp};
use crate::store::audit::{Actor, AuditEntry};
use crate::store::staff_sessions::{KeptSession, Stage};

/// How long the second factor may take.
const SECOND_MS: i64 = 15 * 60_000;

/// How long a password holds that somebody else has seen.
const FIRST_PASSWORD_MS: i64 = 7 * 24 * 3_600_000;

fn first_page(
    site: &Site,
    at: &AtTheDoor,
    status: StatusCode,
    sent: &Sent<SignInForm>,
    refused: bool,
) -> Response {
    let samples: Vec<SampleAccount> = if site.settings().sample_data {
        demo::STAFF
            .iter()
            .map(|(login, post)| SampleAccount { post: demo::post_words(post), login })
            .collect()
    } else {
        Vec::new()
    };
    site.page(&at.visitor, status, || pages::sign_in(sent, refused, &samples, demo::STAFF_PASSWORD))
}

/// The first page.
pub(crate) async fn form(State(site): State<Site>, at: AtTheDoor) -> Result<Response, AppError> {
    if at.session(&site).await?.is_some_and(|session| session.stage == Stage::Full) {
        return Ok(see_other("/staff", None));
    }
    Ok(first_page(&site, &at, StatusCode::OK, &Sent::fresh(SignInForm::default()), false))
}

/// Whose tries are counted together. A device on which this person signed in before has a count of its own, so that
/// wrong tries from elsewhere never lock it; all others share the count of their address.
async fn limits(site: &Site, at: &AtTheDoor, login: &str) -> Result<Vec<(String, i64)>, AppError> {
    if let Some(device) = &at.device
        && site.store().knows_device(login, device).await?
    {
        let tries = i64::from(site.settings().lookup_tries_per_hour);
        return Ok(vec![(format!("staff {login} device {}", sha256(device)), tries)]);
    }
    let subject = format!("staff {login} address {}", at.visitor.address.limit_key());
    Ok(try_limits(site, &at.visitor, &subject))
}

/// The second factor of an account: here a stranger has the password already, so all strange devices share one count.
async fn second_limits(
    site: &Site,
    at: &AtTheDoor,
    session: &KeptSession,
) -> Result<Vec<(String, i64)>, AppError> {
    let mut limits = limits(site, at, &session.login).await?;
    let known = limits.len() == 1;
    for (subject, _) in limits.iter_mut().take(1) {
        *subject = if known { format!("second {subject}") } else { format!("second {}", session.staff) };
    }
    Ok(limits)
}

async fn note_refusal(site: &Site, at: &AtTheDoor, staff: &str) -> Result<(), AppError> {
    let device = at.visitor.visit.owner.as_ref().map(|owner| owner.0.clone()).unwrap_or_default();
    let actor = Actor::Device(device);
    let entry = AuditEntry {
        area: app::domain::area::district(),
        actor: &actor,
        on_behalf_of: None,
        act: AuditAct::SignInRefused,
        object_kind: "staff",
        object: staff,
        subject: None,
        purpose: Purpose::Operation,
    };
    Ok(site.store().note_alone(&entry, site.clock().now()).await?)
}

/// Takes login and password.
pub(crate) async fn submit(
    State(site): State<Site>,
    at: AtTheDoor,
    fields: Fields,
) -> Result<Response, AppError> {
    let form: SignInForm = fields.form()?;
    let (login, typed) = match form.parse() {
        Ok(given) => given,
        Err(errors) => {
            let sent = sent_back(form.clone(), errors);
            return Ok(first_page(&site, &at, StatusCode::UNPROCESSABLE_ENTITY, &sent, false));
        }
    };
    let limits = limits(&site, &at, &login).await?;
    count_tries(&site, &limits).await?;
    let now = site.clock().now();
    let found = site.store().credentials(&login).await?;
    let hash = found.as_ref().map(|credentials| credentials.password_hash.clone());
    let fits = password::verify(typed, hash).await?;
    let found = found.filter(|account| {
        let over = account.password_once && now.0 - account.password_changed_at.0 > FIRST_PASSWORD_MS;
        fits && !account.disabled && !over
    });
    let Some(account) = found else {
        let known = site.store().credentials(&login).await?.map(|account| account.id).unwrap_or_default();
        note_refusal(&site, &at, &known).await?;
        let sent = Sent::fresh(form);
        return Ok(first_page(&site, &at, StatusCode::UNPROCESSABLE_ENTITY, &sent, true));
    };
    for (subject, _) in &limits {
        site.store().forgive_try(subject, now).await?;
    }
    let token = random_secret()?;
    let secret = if account.enrolled { None } else { Some(totp::new_secret()?) };
    let ends_at = Instant(now.0 + SECOND_MS);
    let before = at.token.as_deref();
    site.store()
        .open_session(&token, before, (&account.id, at.kind), secret.as_deref(), now, ends_at)
        .await?;
    Ok(see_other("/staff/sign-in/second", Some(session_cookie(&site, &token)?)))
}

async fn second_page(
    site: &Site,
    at: &AtTheDoor,
    session: &KeptSession,
    sent: &Sent<TotpForm>,
    refused: bool,
) -> Result<Response, AppError> {
    let status =
        if refused || !sent.errors.is_empty() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    if session.enrolled {
        let passkey = Passkeys::of(site.settings()).is_some()
            && !site.store().passkey_lines(&session.staff).await?.is_empty();
        let sample_code = sample_code(site, session)?;
        let second = SecondFactor { passkey, sample_code, refused };
        return Ok(site.page(&at.visitor, status, || pages::second(sent, &second)));
    }
    // Without the secret that the password opened, there is nothing to enrol: begin again.
    let Some(secret) = site.store().pending(&session.id).await? else {
        return Ok(see_other("/staff/sign-in", Some(no_session_cookie(site)?)));
    };
    let address = totp::address(&secret, &site.settings().site_name, &session.login);
    let enrolment = Enrolment { qr_svg: QrDrawing::of(&address)?.svg(), secret: totp::shown(&secret) };
    Ok(site.page(&at.visitor, status, || pages::enrol(sent, &enrolment, refused)))
}

/// The code of a sample account, shown as codes of text messages are in the demo.
fn sample_code(site: &Site, session: &KeptSession) -> Result<Option<String>, AppError> {
    if !is_sample(site, session) || !site.settings().show_codes_on_page {
        return Ok(None);
    }
    Ok(Some(totp::code_at(demo::STAFF_SECRET, site.clock().now())?))
}

fn is_sample(site: &Site, session: &KeptSession) -> bool {
    site.settings().sample_data && demo::STAFF.iter().any(|(login, _)| *login == session.login)
}

/// The second page.
pub(crate) async fn second(State(site): State<Site>, at: AtTheDoor) -> Result<Response, AppError> {
    match at.session(&site).await? {
        None => Ok(see_other("/staff/sign-in", None)),
        Some(session) if session.stage == Stage::Full => Ok(see_other("/staff", None)),
        Some(session) => second_page(&site, &at, &session, &Sent::fresh(TotpForm::default()), false).await,
    }
}

/// Takes the code, or a passkey's answer.
pub(crate) async fn submit_second(
    State(site): State<Site>,
    at: AtTheDoor,
    fields: Fields,
) -> Result<Response, AppError> {
    let session = match at.session(&site).await? {
        None => return Ok(see_other("/staff/sign-in", None)),
        Some(session) if session.stage == Stage::Full => return Ok(see_other("/staff", None)),
        Some(session) => session,
    };
    let credential = fields.get("credential");
    let form: TotpForm = fields.form()?;
    let code = match form.parse() {
        _ if !credential.is_empty() => None,
        Ok(code) => Some(code),
        Err(errors) => {
            let sent = sent_back(TotpForm::default(), errors);
            return second_page(&site, &at, &session, &sent, false).await;
        }
    };
    let limits = second_limits(&site, &at, &session).await?;
    count_tries(&site, &limits).await?;
    let now = site.clock().now();
    let fits = match code {
        None => passkey_fits(&site, &session, credential, now).await?,
        Some(code) => code_fits(&site, &session, &code, now).await?,
    };
    if !fits {
        note_refusal(&site, &at, &session.staff).await?;
        return second_page(&site, &at, &session, &Sent::fresh(TotpForm::default()), true).await;
    }
    for (subject, _) in &limits {
        site.store().forgive_try(subject, now).await?;
    }
    let token = random_secret()?;
    let device = match &at.device {
        Some(device) => device.clone(),
        None => random_secret()?,
    };
    let ends_at = Instant(now.0 + i64::from(site.settings().staff_session_hours) * 3_600_000);
    site.store().complete_session(&session, &token, &device, now, ends_at).await?;
    let signed_in = see_other("/staff", Some(session_cookie(&site, &token)?));
    Ok(with_cookie(signed_in, Some(device_cookie(&site, &device)?)))
}

/// Whether it is the account's code, and uses it up; a first one enrols the app.
async fn code_fits(site: &Site, session: &KeptSession, code: &str, now: Instant) -> Result<bool, AppError> {
    if !session.enrolled {
        let Some(secret) = site.store().pending(&session.id).await? else { return Ok(false) };
        let Some(step) = totp::step_of(&secret, code, now)? else { return Ok(false) };
        return Ok(site.store().enrol(&session.staff, &secret, step, site.clock().now()).await?);
    }
    let Some(secret) = site.store().totp_secret(&session.staff).await? else { return Ok(false) };
    let Some(step) = totp::step_of(&secret, code, now)? else { return Ok(false) };
    // Several people try the sample accounts at once, and their codes stand on the page.
    Ok(site.store().use_step(&session.staff, step).await? || is_sample(site, session))
}

/// Whether a passkey's answer fits the challenge of this session.
async fn passkey_fits(
    site: &Site,
    session: &KeptSession,
    answer: &str,
    now: Instant,
) -> Result<bool, AppError> {
    let Some(passkeys) = Passkeys::of(site.settings()) else { return Ok(false) };
    // An account that has not enrolled yet keeps the secret there, which is no challenge.
    if !session.enrolled {
        return Ok(false);
    }
    let Some(pending) = site.store().take_pending(&session.id).await? else { return Ok(false) };
    let held: Vec<(String, Passkey)> = site.store().passkeys(&session.staff).await?;
    let Some((id, passkey)) = passkeys.finish_authentication(answer, &pending, held) else {
        return Ok(false);
    };
    site.store().used_passkey(&id, &passkey, now).await?;
    Ok(true)
}

/// The challenge that the browser answers with a passkey: to sign in, or once signed in to make a new one.
pub(crate) async fn challenge(State(site): State<Site>, at: AtTheDoor) -> Result<Response, AppError> {
    let Some(passkeys) = Passkeys::of(site.settings()) else { return Err(AppError::NotFound) };
    let Some(session) = at.session(&site).await? else {
        return Ok(StatusCode::UNAUTHORIZED.into_response());
    };
    let held: Vec<(String, Passkey)> = site.store().passkeys(&session.staff).await?;
    let held: Vec<Passkey> = held.into_iter().map(|(_, passkey)| passkey).collect();
    let (challenge, pending) = match session.stage {
        Stage::Full => {
            let (challenge, pending) = passkeys.start_registration(&session.staff, &session.login, &held)?;
            (Json(challenge).into_response(), pending)
        }
        Stage::Password if session.enrolled && !held.is_empty() => {
            let (challenge, pending) = passkeys.start_authentication(&held)?;
            (Json(challenge).into_response(), pending)
        }
        Stage::Password => return Err(AppError::NotFound),
    };
    site.store().keep_pending(&session.id, &pending).await?;
    Ok(challenge)
}

/// Signs out on this device.
pub(crate) async fn sign_out(State(site): State<Site>, at: AtTheDoor) -> Result<Response, AppError> {
    if let Some(session) = at.session(&site).await? {
        site.store().sign_out(&session, false, site.clock().now()).await?;
    }
    Ok(see_other("/staff/sign-in", Some(no_session_cookie(&site)?)))
}

/// Signs out on all devices.
pub(crate) async fn sign_out_everywhere(
    State(site): State<Site>,
    staff: StaffVisitor,
) -> Result<Response, AppError> {
    site.store().sign_out(&staff.session, true, site.clock().now()).await?;
    Ok(see_other("/staff/sign-in", Some(no_session_cookie(&site)?)))
}
