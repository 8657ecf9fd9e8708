//! Who of the staff is asking. Account and posts are read anew with each request.

use app::domain::audit::{AuditAct, Purpose};
use app::domain::staff::{DeviceKind, Post, Role};
use app::domain::time::Instant;
use app::pages::staff::Me;
use axum::extract::FromRequestParts;
use axum::http::header::USER_AGENT;
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode};
use axum::response::{IntoResponse as _, Response};

use crate::error::AppError;
use crate::middleware::care::cookie_value;
use crate::site::{Site, Visitor, see_other};
use crate::store::audit::{Actor, AuditEntry};
use crate::store::staff_sessions::{KeptSession, Stage};

/// How often the last use of a session is written down.
const TOUCH_MS: i64 = 60_000;

/// How long a device is known: 400 days, the longest that browsers keep a cookie.
pub(crate) const DEVICE_SECONDS: u64 = 400 * 24 * 3_600;

/// The name of the session's cookie; the layer against forged forms knows it too.
fn session_name(site: &Site) -> &'static str {
    if site.settings().is_https() { "__Host-xw_staff" } else { "xw_staff" }
}

fn device_name(site: &Site) -> &'static str {
    if site.settings().is_https() { "__Host-xw_staff_device" } else { "xw_staff_device" }
}

fn cookie(site: &Site, name: &str, value: &str, more: &str) -> Result<HeaderValue, AppError> {
    let secure = if site.settings().is_https() { "; Secure" } else { "" };
    HeaderValue::from_str(&format!("{name}={value}; Path=/; HttpOnly; SameSite=Lax{more}{secure}"))
        .map_err(|cause| AppError::Internal(cause.into()))
}

/// The cookie of a session; it goes when the browser is closed.
///
/// # Errors
/// Never for our own tokens.
pub(crate) fn session_cookie(site: &Site, token: &str) -> Result<HeaderValue, AppError> {
    cookie(site, session_name(site), token, "")
}

/// Takes the session's cookie away.
///
/// # Errors
/// Never.
pub(crate) fn no_session_cookie(site: &Site) -> Result<HeaderValue, AppError> {
    cookie(site, session_name(site), "", "; Max-Age=0")
}

/// The cookie by which a device is known again.
///
/// # Errors
/// Never for our own secrets.
pub(crate) fn device_cookie(site: &Site, secret: &str) -> Result<HeaderValue, AppError> {
    cookie(site, device_name(site), secret, &format!("; Max-Age={DEVICE_SECONDS}"))
}

fn secret_in(headers: &HeaderMap, name: &str) -> Option<String> {
    cookie_value(headers, name)
        .filter(|secret| secret.len() == 32 && secret.bytes().all(|b| b.is_ascii_alphanumeric()))
        .map(str::to_owned)
}

/// The token in the cookie, whatever it is worth.
pub(crate) fn token_in(site: &Site, headers: &HeaderMap) -> Option<String> {
    secret_in(headers, session_name(site))
}

/// Since when a session must have been used to go on.
pub(crate) fn idle_since(site: &Site, now: Instant) -> Instant {
    Instant(now.0 - i64::from(site.settings().staff_idle_minutes) * 60_000)
}

/// What a sign-in needs of the request.
pub(crate) struct AtTheDoor {
    /// The visitor.
    pub(crate) visitor: Visitor,
    /// The token of a session, whose worth is not known yet.
    pub(crate) token: Option<String>,
    /// The secret of the device, whose worth is not known yet.
    pub(crate) device: Option<String>,
    /// Which kind of device.
    pub(crate) kind: DeviceKind,
}

app::masked_debug!(AtTheDoor);

impl FromRequestParts<Site> for AtTheDoor {
    type Rejection = std::convert::Infallible;

    async fn from_request_parts(parts: &mut Parts, site: &Site) -> Result<Self, Self::Rejection> {
        let agent = parts.headers.get(USER_AGENT).and_then(|agent| agent.to_str().ok()).unwrap_or_default();
        Ok(Self {
            token: secret_in(&parts.headers, session_name(site)),
            device: secret_in(&parts.headers, device_name(site)),
            kind: DeviceKind::of(agent),
            visitor: Visitor::from_request_parts(parts, site).await?,
        })
    }
}

impl AtTheDoor {
    /// The session, however far the sign-in has come.
    ///
    /// # Errors
    /// The database failed.
    pub(crate) async fn session(&self, site: &Site) -> Result<Option<KeptSession>, AppError> {
        let Some(token) = &self.token else { return Ok(None) };
        let now = site.clock().now();
        Ok(site.store().session(token, idle_since(site, now), now).await?)
    }
}

/// A staff member who is signed in with both factors.
pub(crate) struct StaffVisitor {
    /// The visitor.
    pub(crate) visitor: Visitor,
    /// The session with account, name and posts as of now.
    pub(crate) session: KeptSession,
    site: Site,
}

/// Id alone: a name does not belong in a log line.
impl std::fmt::Debug for StaffVisitor {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "StaffVisitor({})", self.session.staff)
    }
}

impl FromRequestParts<Site> for StaffVisitor {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, site: &Site) -> Result<Self, Response> {
        let method = parts.method.clone();
        let to_sign_in = |path: &str| match method {
            Method::GET | Method::HEAD => see_other(path, None),
            // What was sent is not done; the page that is painted around says where to sign in.
            _ => StatusCode::UNAUTHORIZED.into_response(),
        };
        let at_the_door = match AtTheDoor::from_request_parts(parts, site).await {
            Ok(at_the_door) => at_the_door,
            Err(never) => match never {},
        };
        let session = at_the_door.session(site).await.map_err(AppError::into_response)?;
        let Some(session) = session else { return Err(to_sign_in("/staff/sign-in")) };
        if session.stage != Stage::Full {
            return Err(to_sign_in("/staff/sign-in/second"));
        }
        // A password that somebody else has seen opens one page alone, and the way out.
        let path = parts.uri.path();
        if session.password_once && !matches!(path, "/staff/account/password" | "/staff/sign-out") {
            return Err(to_sign_in("/staff/account/password"));
        }
        let now = site.clock().now();
        if now.0 - session.seen_at.0 >= TOUCH_MS {
            let touched = site.store().touch_session(&session.id, now).await;
            touched.map_err(|cause| AppError::from(cause).into_response())?;
        }
        Ok(Self { visitor: at_the_door.visitor, session, site: site.clone() })
    }
}

/// Staff, where somebody of them asks for a page that is there for everybody.
#[derive(Debug)]
pub(crate) struct AnyStaff(pub(crate) Option<StaffVisitor>);

impl FromRequestParts<Site> for AnyStaff {
    type Rejection = std::convert::Infallible;

    async fn from_request_parts(parts: &mut Parts, site: &Site) -> Result<Self, Self::Rejection> {
        // Whoever is not signed in all the way, for whatever reason, sees what everybody sees.
        Ok(Self(StaffVisitor::from_request_parts(parts, site).await.ok()))
    }
}

/// The area whose audit chain an act in this place joins: the street, or the district for all else.
pub(crate) fn chain(area: &str) -> &str {
    match area.get(..9) {
        Some(street) if app::domain::area::street(street).is_some() => street,
        _ => app::domain::area::district(),
    }
}

impl StaffVisitor {
    /// The account's id.
    pub(crate) fn staff_id(&self) -> &str {
        &self.session.staff
    }

    /// The posts held now.
    pub(crate) fn posts(&self) -> &[Post] {
        &self.session.posts
    }

    /// What pages show of the one who looks at them.
    pub(crate) fn me(&self) -> Me {
        Me { name: self.session.name.clone(), posts: self.session.posts.clone() }
    }

    /// Who acts, in the post that allows it.
    pub(crate) fn actor(&self, post: &Post) -> Actor {
        Actor::Staff { id: self.session.staff.clone(), post: post.text() }
    }

    /// The first post of one of these roles that covers the area.
    pub(crate) fn post_for(&self, roles: &[Role], area: &str) -> Option<&Post> {
        self.posts().iter().find(|post| roles.contains(&post.role()) && post.covers(area))
    }

    /// The post of one of these roles that covers the area; without one the refusal is noted.
    ///
    /// # Errors
    /// [`AppError::Forbidden`].
    pub(crate) async fn require(&self, roles: &[Role], area: &str) -> Result<&Post, AppError> {
        match self.post_for(roles, area) {
            Some(post) => Ok(post),
            None => Err(self.refused("areas", area, area).await?),
        }
    }

    /// The posts of one of these roles, wherever they are held; without any the refusal is noted.
    ///
    /// # Errors
    /// [`AppError::Forbidden`].
    pub(crate) async fn require_role(&self, roles: &[Role]) -> Result<Vec<&Post>, AppError> {
        let held: Vec<&Post> = self.posts().iter().filter(|post| roles.contains(&post.role())).collect();
        if held.is_empty() {
            let district = app::domain::area::district();
            return Err(self.refused("areas", district, district).await?);
        }
        Ok(held)
    }

    /// Notes that something was refused, and gives the refusal.
    ///
    /// # Errors
    /// The database failed.
    pub(crate) async fn refused(
        &self,
        object_kind: &'static str,
        object: &str,
        area: &str,
    ) -> Result<AppError, AppError> {
        let actor = Actor::staff(&self.session.staff);
        let entry = AuditEntry {
            area: chain(area),
            actor: &actor,
            on_behalf_of: None,
            act: AuditAct::AccessRefused,
            object_kind,
            object,
            subject: None,
            purpose: Purpose::Operation,
        };
        self.site.store().note_alone(&entry, self.site.clock().now()).await?;
        Ok(AppError::Forbidden)
    }
}
