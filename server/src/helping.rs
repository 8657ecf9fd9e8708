//! A clerk who fills in for the person at the counter: the residents' pages, opened for one visit.
//!
//! The cookie holds the visit's secret and is worth nothing alone: with each request the clerk must be signed in, hold a
//! post that serves the person's area, and the visit must go on. Everything but the open services is closed, so a clerk
//! can do less here than a relative: no account, no profile, no data, no other agreements.

use app::domain::minor::{AgeGroup, CHILD_READERS, age_group};
use app::pages::staff::counter::AT_THE_COUNTER;
use app::pages::staff::visits::serves;
use axum::http::header::{HeaderName, HeaderValue};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse as _, Response};

use crate::error::AppError;
use crate::middleware::care::cookie_value;
use crate::session::Ended;
use crate::site::{Site, with_cookie};
use crate::staff::session::{idle_since, token_in};
use crate::store::audit::Actor;
use crate::store::helping::HelpFound;
use crate::store::sessions::KeptActing;
use crate::store::staff_sessions::{KeptSession, Stage};

/// The name of the cookie; the layer against forged forms knows it too.
fn cookie_name(site: &Site) -> &'static str {
    if site.settings().is_https() { "__Host-xw_helping" } else { "xw_helping" }
}

/// What a helping clerk may open: the services that somebody may act in, what came of them, and what is public anyway.
fn is_open(path: &str) -> bool {
    matches!(path, "/" | "/aid" | "/me" | "/privacy" | "/check" | "/me/acting/stop")
        || path.starts_with("/aid/")
        || (path.starts_with("/confirm/") && path.len() > "/confirm/".len())
}

/// A clerk who helps; in the request's extensions.
#[derive(Clone)]
pub(crate) struct Helping {
    /// The visit's secret.
    pub(crate) visit: String,
    /// For whom, under which agreement.
    pub(crate) acting: KeptActing,
    /// The area that the person belongs to.
    pub(crate) area: String,
    /// The clerk's account.
    pub(crate) staff: String,
    /// The clerk in the post that allows it.
    pub(crate) actor: Actor,
}

impl std::fmt::Debug for Helping {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Helping({}, {})", self.staff, self.acting.proxy)
    }
}

/// What the cookie of a helping clerk is worth now.
pub(crate) enum Found {
    /// There is none.
    None,
    /// It goes on.
    Open(Box<Helping>),
    /// The request is not taken.
    Refused(Response),
}

/// The cookie of a clerk who begins to help; it goes when the browser is closed. After the end of the visit it stays
/// until the next request: so that a page that is still open in another tab is known as one and told so.
///
/// # Errors
/// Never for our own secrets.
pub(crate) fn cookie(site: &Site, visit: &str) -> Result<HeaderValue, AppError> {
    written(site, visit, "")
}

/// Takes the cookie away.
///
/// # Errors
/// Never.
pub(crate) fn no_cookie(site: &Site) -> Result<HeaderValue, AppError> {
    written(site, "", "; Max-Age=0")
}

fn written(site: &Site, value: &str, more: &str) -> Result<HeaderValue, AppError> {
    let secure = if site.settings().is_https() { "; Secure" } else { "" };
    let name = cookie_name(site);
    HeaderValue::from_str(&format!("{name}={value}; Path=/; HttpOnly; SameSite=Lax{more}{secure}"))
        .map_err(|cause| AppError::Internal(cause.into()))
}

/// Has the browser forget the pages that were open.
pub(crate) fn leaves_nothing(mut response: Response) -> Response {
    response.headers_mut().insert(
        HeaderName::from_static("clear-site-data"),
        HeaderValue::from_static("\"cache\", \"storage\""),
    );
    response
}

/// Judges the cookie of a helping clerk anew.
///
/// # Errors
/// The database failed.
pub(crate) async fn find(site: &Site, headers: &HeaderMap, path: &str) -> Result<Found, AppError> {
    let secret = cookie_value(headers, cookie_name(site))
        // What is no secret of ours is nobody's: it is never looked up.
        .filter(|secret| secret.len() == 32 && secret.bytes().all(|b| b.is_ascii_alphanumeric()));
    let Some(secret) = secret else { return Ok(Found::None) };
    let now = site.clock().now();
    let staff = match token_in(site, headers) {
        Some(token) => site.store().session(&token, idle_since(site, now), now).await?,
        None => None,
    };
    let staff = staff.filter(|staff| staff.stage == Stage::Full && !staff.password_once);
    let id = staff.as_ref().map(|staff| staff.staff.as_str());
    let over = match site.store().help(secret, id, idle_since(site, now), now).await? {
        HelpFound::Open(help) => match &staff {
            Some(staff) => {
                let child = is_child(site, &help.acting.represented).await?;
                match actor(staff, &help.area, child) {
                    Some(actor) => {
                        let helping = Helping {
                            visit: secret.to_owned(),
                            acting: help.acting,
                            area: help.area,
                            staff: staff.staff.clone(),
                            actor,
                        };
                        return open(site, helping, path).await;
                    }
                    // The post was taken away meanwhile.
                    None => Some((help.acting.proxy, help.acting.represented)),
                }
            }
            None => None,
        },
        HelpFound::Over(over) => over,
    };
    if let Some((proxy, person)) = over {
        let actor = id.map_or_else(|| Actor::Device(String::new()), Actor::staff);
        site.store().note_misuse(&proxy, &actor, Some(&person), now).await?;
    }
    let refused = leaves_nothing(with_cookie(refused(Ended::Helping), Some(no_cookie(site)?)));
    Ok(Found::Refused(refused))
}

async fn open(site: &Site, helping: Helping, path: &str) -> Result<Found, AppError> {
    if is_open(path) {
        return Ok(Found::Open(Box::new(helping)));
    }
    let (proxy, person) = (&helping.acting.proxy, helping.acting.represented.as_str());
    site.store().note_misuse(proxy, &helping.actor, Some(person), site.clock().now()).await?;
    Ok(Found::Refused(refused(Ended::NotWhileHelping)))
}

fn refused(why: Ended) -> Response {
    let mut response = StatusCode::FORBIDDEN.into_response();
    response.extensions_mut().insert(why);
    response
}

/// The clerk in a post that serves the area; a child's in a post that may read what concerns a child.
fn actor(staff: &KeptSession, area: &str, child: bool) -> Option<Actor> {
    let roles = if child { CHILD_READERS } else { AT_THE_COUNTER };
    let post = staff.posts.iter().find(|post| roles.contains(&post.role()) && serves(post, area))?;
    Some(Actor::Staff { id: staff.staff.clone(), post: post.text() })
}

/// Whether a person is known to be under 14.
///
/// # Errors
/// The account is closed, or the database failed.
pub(crate) async fn is_child(site: &Site, resident: &str) -> Result<bool, AppError> {
    let today = site.clock().now().shanghai_date();
    let birth = site.store().account(resident).await?.profile.birth_date(today);
    Ok(birth.is_some_and(|birth| age_group(birth, today) == AgeGroup::Child))
}
