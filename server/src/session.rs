//! Who of the residents is asking: the session's cookie, judged anew with every request.

use app::domain::person::Assurance;
use app::visit::Owner;
use axum::extract::{Request, State};
use axum::http::header::USER_AGENT;
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode};
use axum::middleware::Next;
use axum::response::{IntoResponse as _, Response};

use crate::error::AppError;
use crate::helping::Found;
use crate::middleware::care::cookie_value;
use crate::middleware::csrf;
use crate::seal::{random_secret, sha256};
use crate::site::{Site, Visitor};
use crate::store::audit::Actor;
use crate::store::residents::{Device, SignInRules, owner_of};
use crate::store::sessions::{KeptActing, KeptSession};

const MINUTE_MS: i64 = 60_000;
const DAY_MS: i64 = 24 * 60 * MINUTE_MS;

/// The cookie outlives its session, so that a form that comes too late is known as one and not lost: 30 days.
const COOKIE_SECONDS: u64 = 30 * 24 * 3_600;

/// A session can be continued until it is so old.
const LONGEST_MS: i64 = 7 * DAY_MS;

/// The name of the session's cookie; the layer against forged forms knows it too.
fn cookie_name(site: &Site) -> &'static str {
    if site.settings().is_https() { "__Host-xw_session" } else { "xw_session" }
}

/// How long a session may lie idle.
pub(crate) fn idle_ms(site: &Site) -> i64 {
    i64::from(site.settings().session_idle_minutes) * MINUTE_MS
}

/// How long a session lasts until it is continued or ends.
pub(crate) fn session_ms(site: &Site) -> i64 {
    i64::from(site.settings().session_hours) * 60 * MINUTE_MS
}

/// What a sign-in goes by.
pub(crate) fn rules(site: &Site) -> SignInRules {
    SignInRules {
        unused_ms: i64::from(site.settings().number_unused_days) * DAY_MS,
        session_ms: session_ms(site),
    }
}

/// Until when a session can be continued, counted from its beginning.
pub(crate) fn longest_ms() -> i64 {
    LONGEST_MS
}

/// A resident who is signed in; in the request's extensions.
#[derive(Clone)]
pub(crate) struct Session {
    /// The token.
    pub(crate) token: String,
    /// What the database knows.
    pub(crate) kept: KeptSession,
}

impl std::fmt::Debug for Session {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Session({})", self.kept.resident)
    }
}

impl Session {
    /// The account.
    pub(crate) fn resident(&self) -> &str {
        &self.kept.resident
    }

    /// Who acts, for the audit trail.
    pub(crate) fn actor(&self) -> Actor {
        Actor::Resident(self.kept.resident.clone())
    }

    /// For whom, if for another.
    pub(crate) fn acting(&self) -> Option<&KeptActing> {
        self.kept.acting.as_ref()
    }

    /// Whose affairs these are.
    pub(crate) fn concerned(&self) -> &str {
        self.acting().map_or(&self.kept.resident, |acting| &acting.represented)
    }

    /// Whose things are shown.
    pub(crate) fn owner(&self) -> Owner {
        owner_of(self.concerned())
    }

    /// Who keeps drafts.
    pub(crate) fn draft_owner(&self) -> Owner {
        match self.acting() {
            Some(acting) => Owner(format!("acting:{}", acting.proxy)),
            None => owner_of(&self.kept.resident),
        }
    }

    /// Whether the service is sure enough of who this is.
    ///
    /// # Errors
    /// [`AppError::Forbidden`].
    pub(crate) fn require(&self, act: app::domain::person::PersonAct) -> Result<(), AppError> {
        if self.kept.assurance >= act.needs() { Ok(()) } else { Err(AppError::Forbidden) }
    }

    /// Whether the document was seen, or a provider vouched for the name.
    pub(crate) fn is_verified(&self) -> bool {
        self.kept.assurance == Assurance::Verified
    }
}

/// Why something was not taken, where a page of its own says so. In the answer's extensions.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Ended {
    /// The session.
    Session,
    /// The agreement.
    Acting,
    /// It is the resident's own affair, and they act for somebody else at the moment.
    OwnAffair,
    /// The service is not among those that were agreed to.
    OutOfScope,
    /// The visit in which a clerk helped.
    Helping,
    /// A helping clerk asked for what is the person's own affair.
    NotWhileHelping,
    /// It is about a child under 14, and no guardian acts (个人信息保护法 31).
    GuardianFirst,
    /// The form was opened for somebody else.
    OtherPerson,
    /// Somebody under 18 would act for another.
    HelperTooYoung,
}

/// The token in the cookie, whatever it is worth.
pub(crate) fn token_in(site: &Site, headers: &HeaderMap) -> Option<String> {
    cookie_value(headers, cookie_name(site))
        // What is no token of ours is nobody's: it is never looked up.
        .filter(|token| token.len() == 32 && token.bytes().all(|b| b.is_ascii_alphanumeric()))
        .map(str::to_owned)
}

/// Layer: finds the session. A form that comes under one that has ended is not taken, and what was typed is kept in a
/// page that offers it again.
pub(crate) async fn find(State(site): State<Site>, mut request: Request, next: Next) -> Response {
    let path = request.uri().path();
    if path.starts_with("/staff") || path.starts_with("/V/") {
        return next.run(request).await;
    }
    match crate::helping::find(&site, request.headers(), path).await {
        Ok(Found::None) => {}
        // Whoever helps is here as a clerk: a session of their own as a resident counts for nothing meanwhile.
        Ok(Found::Open(helping)) => {
            request.extensions_mut().insert(*helping);
            return next.run(request).await;
        }
        Ok(Found::Refused(refused)) => return refused,
        Err(cause) => return cause.into_response(),
    }
    let Some(token) = token_in(&site, request.headers()) else { return next.run(request).await };
    let now = site.clock().now();
    let (store, idle) = (site.store(), idle_ms(&site));
    // Asking how long it lasts is no step: an open page would never end.
    let found = if path == "/sign-in/left" && request.method() == Method::GET {
        store.look_at_session(&token, idle, now).await
    } else {
        store.resident_session(&token, idle, now).await
    };
    let kept = match found {
        Ok(kept) => kept,
        Err(cause) => return AppError::from(cause).into_response(),
    };
    let is_form = request.method() == Method::POST;
    // Where one signs in or out, an old session is no obstacle.
    let about_sessions = path.starts_with("/sign-in") || path.starts_with("/sign-out");
    let ended = match &kept {
        None => Some(Ended::Session),
        Some(kept) if kept.acting_ended.is_some() => Some(Ended::Acting),
        Some(_) => None,
    };
    if ended == Some(Ended::Acting)
        && let Some(kept) = &kept
        && let Some(proxy) = &kept.acting_ended
    {
        // Told once; afterwards the session is the resident's own again.
        let noted = async {
            let actor = Actor::Resident(kept.resident.clone());
            site.store().note_misuse(proxy, &actor, None, now).await?;
            site.store().act_under(&token, &kept.resident, None, now).await
        };
        if let Err(cause) = noted.await {
            return AppError::from(cause).into_response();
        }
    }
    if let Some(ended) = ended.filter(|_| is_form && !about_sessions) {
        let input = csrf::typed_input(request, site.settings().body_limit_bytes).await;
        let status = if ended == Ended::Session { StatusCode::UNAUTHORIZED } else { StatusCode::FORBIDDEN };
        let mut response = status.into_response();
        response.extensions_mut().insert(ended);
        response.extensions_mut().insert(input);
        return response;
    }
    if let Some(kept) = kept {
        request.extensions_mut().insert(Session { token, kept });
    }
    next.run(request).await
}

/// The cookie that carries a session.
///
/// # Errors
/// Never for our own tokens.
pub(crate) fn cookie(site: &Site, token: &str) -> Result<HeaderValue, AppError> {
    written(site, cookie_name(site), token, COOKIE_SECONDS)
}

/// Takes the session's cookie away.
///
/// # Errors
/// Never.
pub(crate) fn no_cookie(site: &Site) -> Result<HeaderValue, AppError> {
    written(site, cookie_name(site), "", 0)
}

/// A cookie of ours for the whole site.
///
/// # Errors
/// The value can't stand in a header.
pub(crate) fn written(site: &Site, name: &str, value: &str, seconds: u64) -> Result<HeaderValue, AppError> {
    let secure = if site.settings().is_https() { "; Secure" } else { "" };
    HeaderValue::from_str(&format!(
        "{name}={value}; Path=/; HttpOnly; SameSite=Lax; Max-Age={seconds}{secure}"
    ))
    .map_err(|cause| AppError::Internal(cause.into()))
}

/// The device that signs in, with its rotated cookie.
pub(crate) struct FreshDevice {
    old: String,
    new: String,
    described: &'static str,
    /// The device's new cookie.
    pub(crate) cookie: HeaderValue,
}

impl FreshDevice {
    /// Rotates the device's cookie.
    ///
    /// # Errors
    /// The system has no randomness.
    pub(crate) fn of(site: &Site, visitor: &Visitor, headers: &HeaderMap) -> Result<Self, AppError> {
        let secret = random_secret()?;
        let agent = headers.get(USER_AGENT).and_then(|agent| agent.to_str().ok()).unwrap_or_default();
        Ok(Self {
            old: visitor.device.as_ref().map(|owner| owner.0.clone()).unwrap_or_default(),
            new: sha256(&secret),
            described: app::domain::staff::DeviceKind::of(agent).as_str(),
            cookie: site.visitor_cookie(&secret)?,
        })
    }

    /// As the store takes it.
    pub(crate) fn device(&self) -> Device<'_> {
        Device { old: &self.old, new: &self.new, described: self.described }
    }
}
