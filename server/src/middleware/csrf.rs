//! No other site acts in a resident's name.
//!
//! tower-http's `CsrfLayer` decides from `Origin` and `Sec-Fetch-Site`. It lets two kinds of request through that we
//! do not want, so [`check_origin`] stands before it:
//!
//! - A request with neither header. `CsrfLayer` takes it for a program's. With our cookie it is a browser's, and its
//!   origin is not known: refused, and what was typed is kept so that the person can send it again.
//! - Without `Sec-Fetch-Site`, an `Origin` that equals `Host`, whatever the scheme. Behind a proxy that rewrites
//!   `Host`, that is the origin of something on the proxy's side; and `http://` of our own name is anyone on the
//!   path. Under an https address, only the public address itself counts.

use std::fmt;
use std::sync::Arc;

use anyhow::Context;
use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::header::{CONTENT_TYPE, ORIGIN};
use axum::http::{HeaderMap, HeaderName, Method, StatusCode};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use tower_http::csrf::{CsrfLayer, ProtectionError};

use crate::middleware::care::cookie_value;
use crate::middleware::limits::{UPLOAD_BYTES, drain};
use crate::settings::Settings;

/// Cookies that act for a person.
const COOKIES: [&str; 8] = [
    "__Host-xw_session",
    "xw_session",
    "__Host-xw_visitor",
    "xw_visitor",
    "__Host-xw_staff",
    "xw_staff",
    "__Host-xw_helping",
    "xw_helping",
];

const SEC_FETCH_SITE: HeaderName = HeaderName::from_static("sec-fetch-site");

/// Why a request was refused; in the answer's extensions.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum CsrfRefusal {
    /// The browser did not say where the request came from. Old browsers and some privacy tools are like that.
    NoOrigin,
    /// It came from another site.
    CrossSite,
}

/// What was typed into a form that was refused; in the answer's extensions, for the page to offer it again.
/// `Debug` shows how much there is, not what.
#[derive(Clone, Default, PartialEq, Eq)]
pub(crate) struct KeptInput(pub(crate) Vec<(String, String)>);

impl fmt::Debug for KeptInput {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "KeptInput({} fields)", self.0.len())
    }
}

/// What the check needs of the settings.
#[derive(Clone, Debug)]
pub(crate) struct Rules {
    base_url: Arc<str>,
    https: bool,
    body_limit: usize,
}

impl Rules {
    /// The rules of a deployment.
    pub(crate) fn new(settings: &Settings) -> Self {
        Self {
            base_url: settings.base_url.as_str().into(),
            https: settings.is_https(),
            body_limit: settings.body_limit_bytes,
        }
    }

    /// Whether what `CsrfLayer` would let through is to be refused.
    fn refusal(&self, method: &Method, headers: &HeaderMap) -> Option<CsrfRefusal> {
        // The same three as in CsrfLayer.
        if matches!(*method, Method::GET | Method::HEAD | Method::OPTIONS) {
            return None;
        }
        let present = |name: &HeaderName| headers.get(name).filter(|value| !value.is_empty());
        let names_site = present(&SEC_FETCH_SITE).is_some();
        let Some(origin) = present(&ORIGIN) else {
            let acts_for_someone = COOKIES.iter().any(|name| cookie_value(headers, name).is_some());
            return (!names_site && acts_for_someone).then_some(CsrfRefusal::NoOrigin);
        };
        let is_ours = origin.as_bytes() == self.base_url.as_bytes();
        // A browser sends each header once. Two of them are an attempt to show one to us and one to a proxy.
        let doubled = headers.get_all(ORIGIN).iter().nth(1).is_some()
            || headers.get_all(SEC_FETCH_SITE).iter().nth(1).is_some();
        let plain_http = origin.as_bytes().starts_with(b"http://");
        let refused = doubled || (self.https && !is_ours && (!names_site || plain_http));
        refused.then_some(CsrfRefusal::CrossSite)
    }
}

/// What `CsrfLayer` answers with.
type Refuse = fn(ProtectionError) -> Response;

/// The layer of tower-http, with the public address as the trusted origin: it holds also where a proxy rewrites
/// `Host`.
pub(crate) fn trusted_origin_layer(settings: &Settings) -> anyhow::Result<CsrfLayer<Refuse>> {
    Ok(CsrfLayer::new()
        .add_trusted_origin(&settings.base_url)
        .context("base_url cannot be a trusted origin")?
        .with_rejection_response(cross_site as Refuse))
}

/// The answer of `CsrfLayer` to a request from elsewhere.
fn cross_site(_: ProtectionError) -> Response {
    refuse(CsrfRefusal::CrossSite)
}

/// Layer: refuses what `CsrfLayer` would let through, see above.
pub(crate) async fn check_origin(State(rules): State<Rules>, request: Request, next: Next) -> Response {
    match rules.refusal(request.method(), request.headers()) {
        None => next.run(request).await,
        Some(CsrfRefusal::CrossSite) => refuse(CsrfRefusal::CrossSite),
        Some(CsrfRefusal::NoOrigin) => {
            let kept = typed_input(request, rules.body_limit).await;
            let mut response = refuse(CsrfRefusal::NoOrigin);
            response.extensions_mut().insert(kept);
            response
        }
    }
}

fn refuse(refusal: CsrfRefusal) -> Response {
    tracing::warn!(?refusal, "refused a form that may come from elsewhere");
    let mut response = StatusCode::FORBIDDEN.into_response();
    response.extensions_mut().insert(refusal);
    response
}

/// The fields of a form, where the body is one and within the limit.
pub(crate) async fn typed_input(request: Request, limit: usize) -> KeptInput {
    let is_form = request
        .headers()
        .get(CONTENT_TYPE)
        .is_some_and(|value| value.as_bytes().starts_with(b"application/x-www-form-urlencoded"));
    if !is_form {
        // A photo: the browser listens only after it has sent. The layer around has set the limit.
        let _ = drain(request.into_body(), UPLOAD_BYTES).await;
        return KeptInput::default();
    }
    let body: Body = request.into_body();
    match axum::body::to_bytes(body, limit).await {
        Ok(bytes) => KeptInput(form_urlencoded::parse(&bytes).into_owned().collect()),
        Err(_) => KeptInput::default(),
    }
}

#[cfg(test)]
mod tests {
    use axum::Router;
    use axum::middleware::from_fn_with_state;
    use axum::routing::{get, post};
    use tower::ServiceExt;

    use super::*;

    const HTTPS: &str = "https://xw.example.cn";
    const DEMO: &str = "http://localhost:3000";

    async fn send(base_url: &str, method: &str, headers: &[(&str, &str)]) -> Response {
        let settings = Settings { base_url: base_url.into(), ..Settings::for_tests() };
        let app = Router::new()
            .route("/", post(|body: String| async { body }).merge(get(|| async {})).delete(|| async {}))
            .layer(trusted_origin_layer(&settings).unwrap())
            .layer(from_fn_with_state(Rules::new(&settings), check_origin));
        let mut request = Request::builder().method(method);
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        app.oneshot(request.body(Body::from("name=%E5%BC%A0%E4%B8%89&note=a+b")).unwrap()).await.unwrap()
    }

    /// What a POST gets: nothing, or the refusal.
    async fn post_with(base_url: &str, headers: &[(&str, &str)]) -> Option<CsrfRefusal> {
        let response = send(base_url, "POST", headers).await;
        let refusal = response.extensions().get::<CsrfRefusal>().copied();
        assert_eq!(response.status(), if refusal.is_some() { 403 } else { 200 });
        refusal
    }

    const COOKIE: (&str, &str) = ("cookie", "a=b; __Host-xw_visitor=1");
    const CROSS_SITE: Option<CsrfRefusal> = Some(CsrfRefusal::CrossSite);

    #[tokio::test]
    async fn our_own_pages_may_send_forms_also_where_a_proxy_rewrites_host() {
        for host in ["xw.example.cn", "10.0.0.2:3000"] {
            let host = ("host", host);
            let origin = ("origin", HTTPS);
            assert_eq!(post_with(HTTPS, &[host, COOKIE, origin]).await, None);
            let site = ("sec-fetch-site", "same-origin");
            assert_eq!(post_with(HTTPS, &[host, COOKIE, origin, site]).await, None);
            assert_eq!(post_with(HTTPS, &[host, COOKIE, site]).await, None);
        }
    }

    #[tokio::test]
    async fn other_sites_may_not() {
        let host = ("host", "xw.example.cn");
        for origin in
            ["https://evil.example", "https://sub.xw.example.cn", "null", "https://xw.example.cn:8443"]
        {
            for site in [None, Some("cross-site"), Some("same-site")] {
                let mut headers = vec![host, COOKIE, ("origin", origin)];
                headers.extend(site.map(|site| ("sec-fetch-site", site)));
                assert_eq!(post_with(HTTPS, &headers).await, CROSS_SITE, "{origin} {site:?}");
            }
        }
        assert_eq!(post_with(HTTPS, &[host, COOKIE, ("sec-fetch-site", "cross-site")]).await, CROSS_SITE);
    }

    #[tokio::test]
    async fn under_https_the_plain_http_page_of_the_same_name_is_another_site() {
        let headers = [("host", "xw.example.cn"), COOKIE, ("origin", "http://xw.example.cn")];
        assert_eq!(post_with(HTTPS, &headers).await, CROSS_SITE);
        let said = [headers.as_slice(), &[("sec-fetch-site", "same-origin")]].concat();
        assert_eq!(post_with(HTTPS, &said).await, CROSS_SITE);
    }

    #[tokio::test]
    async fn under_https_an_origin_that_equals_a_rewritten_host_is_another_site() {
        for origin in ["https://10.0.0.2:3000", "http://10.0.0.2:3000", "http://127.0.0.1:3000"] {
            let host = origin.split_once("://").unwrap().1;
            assert_eq!(post_with(HTTPS, &[("host", host), COOKIE, ("origin", origin)]).await, CROSS_SITE);
        }
    }

    #[tokio::test]
    async fn the_demo_works_under_each_name_of_this_machine() {
        for origin in ["http://localhost:3000", "http://127.0.0.1:3000"] {
            let host = origin.split_once("://").unwrap().1;
            assert_eq!(post_with(DEMO, &[("host", host), COOKIE, ("origin", origin)]).await, None);
        }
        let other = [("host", "localhost:3000"), COOKIE, ("origin", "http://localhost:4000")];
        assert_eq!(post_with(DEMO, &other).await, CROSS_SITE);
        let evil = [("host", "localhost:3000"), COOKIE, ("origin", "http://evil.example")];
        assert_eq!(post_with(DEMO, &evil).await, CROSS_SITE);
    }

    #[tokio::test]
    async fn a_form_with_our_cookie_and_no_origin_is_refused_and_its_input_kept() {
        for cookie in ["xw_visitor=1", "__Host-xw_visitor=1", "a=b;xw_visitor=1"] {
            let form = ("content-type", "application/x-www-form-urlencoded");
            let response = send(DEMO, "POST", &[("cookie", cookie), form]).await;
            assert_eq!(response.status(), 403);
            assert_eq!(response.extensions().get(), Some(&CsrfRefusal::NoOrigin));
            let kept: &KeptInput = response.extensions().get().unwrap();
            assert_eq!(kept.0, [("name".into(), "张三".into()), ("note".into(), "a b".into())]);
            assert_eq!(format!("{kept:?}"), "KeptInput(2 fields)");
        }
    }

    #[tokio::test]
    async fn empty_headers_are_missing_headers() {
        let headers = [COOKIE, ("origin", ""), ("sec-fetch-site", "")];
        assert_eq!(post_with(HTTPS, &headers).await, Some(CsrfRefusal::NoOrigin));
    }

    #[tokio::test]
    async fn a_doubled_origin_is_refused() {
        let headers = [COOKIE, ("origin", HTTPS), ("origin", "https://evil.example")];
        assert_eq!(post_with(HTTPS, &headers).await, CROSS_SITE);
    }

    #[tokio::test]
    async fn a_program_without_our_cookie_may_post() {
        assert_eq!(post_with(HTTPS, &[("host", "xw.example.cn"), ("cookie", "xw_care=1")]).await, None);
    }

    #[tokio::test]
    async fn other_unsafe_methods_are_treated_like_post_and_reading_is_free() {
        assert_eq!(send(HTTPS, "DELETE", &[COOKIE]).await.status(), 403);
        assert_eq!(send(HTTPS, "GET", &[COOKIE, ("origin", "https://evil.example")]).await.status(), 200);
    }
}
