//! `/sign-in/with/{provider}`, `/sign-in/callback/{provider}`, `/me/logins…`: to a provider of OpenID Connect and back.

use app::domain::audit::{AuditAct, Purpose};
use app::pages::sign_in_provider::{self as pages, Failure};
use axum::extract::{Path, Query, RawQuery, State};
use axum::http::StatusCode;
use axum::http::header::{HeaderMap, HeaderName, HeaderValue, REFERRER_POLICY};
use axum::response::Response;

use super::me::own;
use super::sign_in::{Next, own_path, path_with_next};
use super::{Fields, count_tries, try_limits};
use crate::error::AppError;
use crate::middleware::care::cookie_value;
use crate::oidc::{Provider, ProviderIdentity, Refusal, SignInSecrets};
use crate::seal::{random_secret, sha256};
use crate::session::{self, FreshDevice};
use crate::site::{Site, Visitor, see_other, with_cookie};
use crate::store::audit::AuditEntry;
use crate::store::logins::{Connected, SignedInWith};

/// How long the browser keeps what ties it to a sign-in: as long as the resident may take at the provider.
const SECONDS: u64 = 600;

const DEVICES: &str = "/me/devices";

fn cookie_name(site: &Site) -> &'static str {
    if site.settings().is_https() { "__Host-xw_provider" } else { "xw_provider" }
}

/// The row of a sign-in: this browser's secret and the state together, hashed. Neither of them alone finds it.
fn row_id(secret: &str, state: &str) -> String {
    sha256(&format!("{secret}/{state}"))
}

/// Sends the browser to the provider, to sign in with it.
pub(crate) async fn begin(
    State(site): State<Site>,
    visitor: Visitor,
    Path(id): Path<String>,
    fields: Fields,
) -> Result<Response, AppError> {
    let next = own_path(fields.get("next"));
    lead_there(&site, visitor, &id, next, None).await
}

/// Sends the browser to the provider, to connect its account with one's own.
pub(crate) async fn connect(
    State(site): State<Site>,
    visitor: Visitor,
    Path(id): Path<String>,
) -> Result<Response, AppError> {
    let resident = own(&site, &visitor).await?.resident().to_owned();
    lead_there(&site, visitor, &id, DEVICES.to_owned(), Some(resident)).await
}

/// Pressing twice begins twice, and the last one counts: there is nothing that could be done double.
async fn lead_there(
    site: &Site,
    visitor: Visitor,
    id: &str,
    next: String,
    connect: Option<String>,
) -> Result<Response, AppError> {
    let provider = site.providers().get(id).ok_or(AppError::NotFound)?;
    let now = site.clock().now();
    count_tries(site, &limits(site, &visitor, "to a provider")).await?;
    let begun = match provider.begin(now).await {
        Ok(begun) => begun,
        Err(refusal) => return failed(site, visitor, provider, refusal).await,
    };
    let secret = random_secret()?;
    let secrets = SignInSecrets { nonce: begun.nonce, verifier: begun.verifier, next, connect };
    site.store().keep_provider_sign_in(&row_id(&secret, &begun.state), id, &secrets, now).await?;
    // A fresh secret each time: one that somebody planted is worth nothing.
    let cookie = session::written(site, cookie_name(site), &secret, SECONDS)?;
    Ok(see_other(&begun.url, Some(cookie)))
}

/// What one address may do in an hour.
fn limits(site: &Site, visitor: &Visitor, what: &str) -> Vec<(String, i64)> {
    let of_address = try_limits(site, visitor, what).into_iter().next_back();
    of_address.map(|(address, limit)| (format!("{what} {address}"), limit)).into_iter().collect()
}

/// The browser comes back. This is the one GET that writes: the protocol brings the answer in an address. What it may do
/// is bound to the cookie of the browser that began, to the state, and to being the first.
pub(crate) async fn callback(
    State(site): State<Site>,
    visitor: Visitor,
    Path(id): Path<String>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
) -> Result<Response, AppError> {
    let provider = site.providers().get(&id).ok_or(AppError::NotFound)?;
    let query = query.unwrap_or_default();
    let answer = |name: &str| {
        form_urlencoded::parse(query.as_bytes())
            .find(|(found, _)| found == name)
            .map(|(_, value)| value.into_owned())
            .unwrap_or_default()
    };
    let now = site.clock().now();
    let secret = cookie_value(&headers, cookie_name(&site)).unwrap_or_default();
    let row = row_id(secret, &answer("state"));
    let Some((begun_with, secrets)) = site.store().take_provider_sign_in(&row, now).await? else {
        // The cookie stays: whoever sends a browser here with a made-up answer ends no sign-in of it.
        return Ok(unseen(failed(&site, visitor, provider, Refusal::NotBegun).await?));
    };
    let issuer = answer("iss");
    let identity = if begun_with != id || !(issuer.is_empty() || provider.is_issuer(&issuer)) {
        Err(Refusal::MixedUp)
    } else {
        match answer("error").as_str() {
            "" => provider.finish(&secrets, &answer("code"), now).await,
            "server_error" | "temporarily_unavailable" => Err(Refusal::Unreachable),
            _ => Err(Refusal::Denied),
        }
    };
    let response = match identity {
        Err(refusal) => failed(&site, visitor, provider, refusal).await?,
        Ok(identity) => match &secrets.connect {
            None => sign_in(&site, &visitor, &headers, &identity, &secrets.next).await?,
            Some(resident) => {
                connected(&site, visitor, provider, &identity, resident, secrets.next.clone()).await?
            }
        },
    };
    let over = session::written(&site, cookie_name(&site), "", 0)?;
    Ok(unseen(with_cookie(response, Some(over))))
}

/// The address holds a code and a state, of no use any more: still, no other page hears of it.
fn unseen(mut response: Response) -> Response {
    response.headers_mut().insert(REFERRER_POLICY, HeaderValue::from_static("no-referrer"));
    response
        .headers_mut()
        .insert(HeaderName::from_static("x-robots-tag"), HeaderValue::from_static("noindex"));
    response
}

async fn sign_in(
    site: &Site,
    visitor: &Visitor,
    headers: &HeaderMap,
    identity: &ProviderIdentity,
    next: &str,
) -> Result<Response, AppError> {
    let token = random_secret()?;
    let device = FreshDevice::of(site, visitor, headers)?;
    let now = site.clock().now();
    let SignedInWith { proved, to_counter } = site
        .store()
        .sign_in_with_provider(identity, &token, &device.device(), session::rules(site), now)
        .await?;
    site.messages_waiting().notify_one();
    let to = match (proved, to_counter) {
        (false, _) => app::text::path_with_next("/sign-in/prove", next),
        (true, true) => app::text::path_with_next("/sign-in/counter", next),
        (true, false) => next.to_owned(),
    };
    let response = see_other(&to, Some(session::cookie(site, &token)?));
    Ok(with_cookie(response, proved.then_some(device.cookie)))
}

async fn connected(
    site: &Site,
    visitor: Visitor,
    provider: &Provider,
    identity: &ProviderIdentity,
    resident: &str,
    next: String,
) -> Result<Response, AppError> {
    // The one who began, on their own account still.
    if !own(site, &visitor).await.is_ok_and(|session| session.resident() == resident) {
        return failed(site, visitor, provider, Refusal::NotSignedIn).await;
    }
    match site.store().connect_login(resident, identity, site.clock().now()).await? {
        Connected::Done { to_counter } => {
            site.messages_waiting().notify_one();
            let to = if to_counter { app::text::path_with_next("/sign-in/counter", &next) } else { next };
            Ok(see_other(&to, None))
        }
        Connected::Taken => failed(site, visitor, provider, Refusal::Taken).await,
        Connected::OtherPerson => failed(site, visitor, provider, Refusal::OtherPerson).await,
    }
}

/// Says that the real name was not taken over, and where it can be shown.
pub(crate) async fn counter(
    State(site): State<Site>,
    visitor: Visitor,
    Query(next): Query<Next>,
) -> Result<Response, AppError> {
    let next = next.path();
    if visitor.session.is_none() {
        return Ok(see_other(&path_with_next(&next), None));
    }
    Ok(site.page(&visitor, StatusCode::OK, || pages::counter(&next)))
}

/// Disconnects the account at a provider from one's own.
pub(crate) async fn disconnect(
    State(site): State<Site>,
    visitor: Visitor,
    Path(id): Path<String>,
) -> Result<Response, AppError> {
    let session = own(&site, &visitor).await?;
    site.store().disconnect_login(session.resident(), &id, &session.kept.id, site.clock().now()).await?;
    Ok(see_other(DEVICES, None))
}

/// Notes that a sign-in failed, and says so kindly.
async fn failed(
    site: &Site,
    mut visitor: Visitor,
    provider: &Provider,
    refusal: Refusal,
) -> Result<Response, AppError> {
    // Nobody fills the trail from one address.
    count_tries(site, &limits(site, &visitor, "refused by a provider")).await?;
    tracing::warn!(?provider, %refusal, "a sign-in with a provider failed");
    let actor = visitor.actor();
    let entry = AuditEntry {
        area: app::domain::area::district(),
        actor: &actor,
        on_behalf_of: None,
        act: AuditAct::SignInRefused,
        object_kind: "provider_sign_ins",
        object: provider.id(),
        subject: visitor.session.as_ref().map(crate::session::Session::resident),
        purpose: Purpose::Own,
    };
    site.store().note_alone(&entry, site.clock().now()).await?;
    let (status, failure) = match refusal {
        Refusal::NotBegun | Refusal::MixedUp | Refusal::CodeRefused => {
            (StatusCode::BAD_REQUEST, Failure::Stale)
        }
        Refusal::NotSignedIn => (StatusCode::FORBIDDEN, Failure::Stale),
        Refusal::Denied => (StatusCode::FORBIDDEN, Failure::Denied),
        Refusal::Unreachable => (StatusCode::SERVICE_UNAVAILABLE, Failure::Unreachable),
        Refusal::Untrusted(_) => (StatusCode::BAD_GATEWAY, Failure::Untrusted),
        Refusal::Taken => (StatusCode::CONFLICT, Failure::Taken),
        Refusal::OtherPerson => (StatusCode::CONFLICT, Failure::OtherPerson),
    };
    // Where one begins anew; the elder switch leads there too, as this address is used up.
    let again = if visitor.session.is_some() { DEVICES } else { "/sign-in" };
    visitor.visit.path = again.into();
    Ok(site
        .page(&visitor, status, || pages::failed(failure, provider.name(), again, &visitor.visit.request_id)))
}
