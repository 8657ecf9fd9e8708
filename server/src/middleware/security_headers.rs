//! Headers that tell the browser what our pages never do.

use std::collections::BTreeSet;
use std::sync::Arc;

use anyhow::Context;
use axum::extract::{Request, State};
use axum::http::header::{
    CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE, REFERRER_POLICY, STRICT_TRANSPORT_SECURITY,
    X_CONTENT_TYPE_OPTIONS, X_FRAME_OPTIONS,
};
use axum::http::{HeaderName, HeaderValue, StatusCode};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use data_encoding::BASE64URL_NOPAD;

use crate::settings::{OidcProvider, Settings};

/// The nonce of this request's page, in the request's extensions: an inline script runs only with it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct CspNonce(pub(crate) String);

/// What a page may ask of the device.
pub(crate) const PERMISSIONS_POLICY: HeaderName = HeaderName::from_static("permissions-policy");

/// Only names that browsers know: an unknown one is a line in the console.
const NOTHING: &str = "camera=(), accelerometer=(), display-capture=(), geolocation=(), gyroscope=(), magnetometer=(), \
                       microphone=(), midi=(), payment=(), usb=()";

/// The camera and nothing else, for the page that scans codes.
pub(crate) const CAMERA_ALONE: &str = "camera=(self), accelerometer=(), display-capture=(), geolocation=(), gyroscope=(), \
                                       magnetometer=(), microphone=(), midi=(), payment=(), usb=()";

/// Where pages have forms that lead to a sign-in provider, the page at `/sign-in` apart: the list of devices, and pages
/// that offer a refused form once more.
const LEADS_TO_PROVIDERS: [&str; 3] = ["/me/devices", "/me/logins/", "/sign-in/with/"];

/// The headers of this deployment.
#[derive(Clone, Debug)]
pub(crate) struct Headers {
    /// The policy before and after the nonce.
    policy: Arc<(String, String)>,
    /// What follows the nonce on pages whose forms lead to a sign-in provider.
    to_providers: Arc<str>,
    /// What is the same in every answer.
    fixed: Arc<[(HeaderName, HeaderValue)]>,
}

impl Headers {
    /// Works the headers out from the settings.
    pub(crate) fn new(settings: &Settings) -> anyhow::Result<Self> {
        let ancestors: String = settings.host_apps.iter().map(|app| format!(" {app}")).collect();
        let before = "default-src 'none'; script-src 'self' 'wasm-unsafe-eval' 'nonce-".to_owned();
        let after = |providers: &str| {
            format!(
                "'; style-src 'self'; img-src 'self' data:; font-src 'self'; connect-src 'self'; \
                 form-action 'self'{providers}; base-uri 'none'; manifest-src 'self'; frame-ancestors 'self'{ancestors}"
            )
        };
        // Chromium holds the redirects of a form against form-action too.
        let origins: BTreeSet<String> =
            settings.oidc_providers.iter().flat_map(OidcProvider::form_origins).collect();
        let to_providers = after(&origins.iter().map(|origin| format!(" {origin}")).collect::<String>());
        let after = after("");
        for policy in [&after, &to_providers] {
            HeaderValue::from_str(policy).context("host_apps or oidc_providers cannot stand in a header")?;
        }

        let mut fixed = vec![
            (X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff")),
            // Same origin, not none: browsers send `Origin: null` with a form otherwise, which the CSRF layer
            // refuses.
            (REFERRER_POLICY, HeaderValue::from_static("same-origin")),
            (PERMISSIONS_POLICY, HeaderValue::from_static(NOTHING)),
        ];
        // Browsers ignore this one on plain http and complain in the console, this machine apart.
        if settings.is_https() || settings.is_this_machine() {
            fixed.push((
                HeaderName::from_static("cross-origin-opener-policy"),
                HeaderValue::from_static("same-origin"),
            ));
        }
        // For browsers that do not know frame-ancestors. It cannot name a host app, so it goes where one is named.
        if settings.host_apps.is_empty() {
            fixed.push((X_FRAME_OPTIONS, HeaderValue::from_static("DENY")));
        }
        // Without subdomains: they may be other offices' machines.
        if settings.is_https() {
            fixed.push((STRICT_TRANSPORT_SECURITY, HeaderValue::from_static("max-age=31536000")));
        }
        Ok(Self { policy: Arc::new((before, after)), to_providers: to_providers.into(), fixed: fixed.into() })
    }
}

/// Layer: makes a nonce for the page and adds the headers to the answer.
pub(crate) async fn add(State(headers): State<Headers>, mut request: Request, next: Next) -> Response {
    let mut bytes = [0; 16];
    if let Err(cause) = getrandom::fill(&mut bytes) {
        // A guessable nonce would be worse than no page.
        tracing::error!(%cause, "the machine has no randomness");
        return StatusCode::SERVICE_UNAVAILABLE.into_response();
    }
    let nonce = BASE64URL_NOPAD.encode(&bytes);
    let (before, after) = &*headers.policy;
    let leads_away = LEADS_TO_PROVIDERS.iter().any(|path| request.uri().path().starts_with(path))
        || request.uri().path() == "/sign-in";
    let after = if leads_away { &*headers.to_providers } else { after };
    let is_check = is_check(request.uri().path());
    let policy = HeaderValue::from_str(&format!("{before}{nonce}{after}"));
    request.extensions_mut().insert(CspNonce(nonce));

    let mut response = next.run(request).await;
    let answer = response.headers_mut();
    if let Ok(policy) = policy {
        answer.insert(CONTENT_SECURITY_POLICY, policy);
    }
    for (name, value) in headers.fixed.iter() {
        // A handler may be stricter, as the check of a confirmation is with the referrer.
        answer.entry(name.clone()).or_insert_with(|| value.clone());
    }
    if is_check {
        // The token in the address goes nowhere else, whatever the answer is: no copy, no referrer, no index.
        answer.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
        answer.insert(REFERRER_POLICY, HeaderValue::from_static("no-referrer"));
        answer.insert(HeaderName::from_static("x-robots-tag"), HeaderValue::from_static("noindex"));
    }
    // Pages show personal data: the next person at a shared phone must not find them with the back button.
    if is_html(answer.get(CONTENT_TYPE)) && !answer.contains_key(CACHE_CONTROL) {
        answer.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    }
    response
}

/// Whether a path is below `/V/`, where a token stands, in whatever dress: empty parts and the letter's case don't matter.
pub(crate) fn is_check(path: &str) -> bool {
    let first = path.split('/').find(|part| !part.is_empty()).unwrap_or_default();
    first.eq_ignore_ascii_case("v") || first.eq_ignore_ascii_case("%56") || first.eq_ignore_ascii_case("%76")
}

/// Whether a content type is that of a page.
pub(crate) fn is_html(content_type: Option<&HeaderValue>) -> bool {
    content_type.is_some_and(|value| value.as_bytes().starts_with(b"text/html"))
}

#[cfg(test)]
mod tests {
    use axum::body::Body;
    use axum::response::Html;
    use axum::routing::get;
    use axum::{Extension, Router};
    use tower::ServiceExt;

    use super::*;

    async fn answer(settings: &Settings, path: &str) -> Response {
        Router::new()
            .route("/", get(|Extension(nonce): Extension<CspNonce>| async { Html(nonce.0) }))
            .route("/cached", get(|| async { ([(CACHE_CONTROL, "max-age=60")], Html("")) }))
            .route("/text", get(|| async { "text" }))
            .layer(axum::middleware::from_fn_with_state(Headers::new(settings).unwrap(), add))
            .oneshot(Request::builder().uri(path).body(Body::empty()).unwrap())
            .await
            .unwrap()
    }

    fn policy(response: &Response) -> String {
        response.headers()[CONTENT_SECURITY_POLICY].to_str().unwrap().to_owned()
    }

    #[tokio::test]
    async fn the_page_gets_the_nonce_that_the_policy_names_and_a_new_one_each_time() {
        let settings = Settings::for_tests();
        let response = answer(&settings, "/").await;
        let first = policy(&response);
        let nonce = axum::body::to_bytes(response.into_body(), 100).await.unwrap();
        let nonce = std::str::from_utf8(&nonce).unwrap();
        assert_eq!(nonce.len(), 22);
        assert!(first.contains(&format!("script-src 'self' 'wasm-unsafe-eval' 'nonce-{nonce}';")), "{first}");
        assert!(first.starts_with("default-src 'none';"));
        assert!(!first.contains("unsafe-inline") && !first.contains("'unsafe-eval'"));
        assert_ne!(first, policy(&answer(&settings, "/").await));
    }

    #[tokio::test]
    async fn without_host_apps_nobody_else_may_frame_us() {
        let response = answer(&Settings::for_tests(), "/").await;
        assert!(policy(&response).ends_with("frame-ancestors 'self'"));
        assert_eq!(response.headers()[X_FRAME_OPTIONS], "DENY");
    }

    #[tokio::test]
    async fn host_apps_may_frame_us() {
        let settings = Settings { host_apps: vec!["https://app.example.cn".into()], ..Settings::for_tests() };
        let response = answer(&settings, "/").await;
        assert!(policy(&response).ends_with("frame-ancestors 'self' https://app.example.cn"));
        assert!(!response.headers().contains_key(X_FRAME_OPTIONS));
    }

    #[tokio::test]
    async fn forms_lead_to_sign_in_providers_from_the_pages_that_offer_them_alone() {
        let mut provider = OidcProvider::for_tests("province", "https://id.example.cn/realms/residents");
        provider.origins = vec!["https://login.example.cn".into()];
        let settings = Settings { oidc_providers: vec![provider], ..Settings::for_tests() };
        let policy = async |path| policy(&answer(&settings, path).await);
        let led = "form-action 'self' https://id.example.cn https://login.example.cn;";
        for path in ["/sign-in", "/me/devices", "/me/logins/province/connect", "/sign-in/with/province"] {
            assert!(policy(path).await.contains(led), "{path}: {}", policy(path).await);
        }
        for path in ["/", "/sign-in/code", "/me", "/me/data"] {
            assert!(policy(path).await.contains("form-action 'self';"), "{path}");
        }
    }

    #[tokio::test]
    async fn only_https_deployments_ask_browsers_to_stay_with_https() {
        let opener = "cross-origin-opener-policy";
        for (base_url, hsts, coop) in [
            ("https://xw.example.cn", true, true),
            ("http://localhost:3000", false, true),
            ("http://192.168.1.5:3000", false, false),
        ] {
            let settings = Settings { base_url: base_url.into(), ..Settings::for_tests() };
            let response = answer(&settings, "/").await;
            assert_eq!(response.headers().contains_key(STRICT_TRANSPORT_SECURITY), hsts);
            assert_eq!(response.headers().contains_key(opener), coop);
        }
    }

    #[tokio::test]
    async fn pages_are_not_stored_unless_they_say_so_themselves() {
        let settings = Settings::for_tests();
        let cache = async |path| answer(&settings, path).await.headers().get(CACHE_CONTROL).cloned();
        assert_eq!(cache("/").await.unwrap(), "no-store");
        assert_eq!(cache("/cached").await.unwrap(), "max-age=60");
        assert_eq!(cache("/text").await, None);
    }
}
