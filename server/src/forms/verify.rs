//! `/verify` and what makes it installable. The page holds nothing about anybody, so that a browser may keep it.

use app::pages::verify::{self as pages, VerifyFacts};
use app::visit::Visit;
use axum::extract::State;
use axum::http::StatusCode;
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE, HeaderName, HeaderValue};
use axum::response::{IntoResponse as _, Response};
use serde_json::json;

use crate::error::AppError;
use crate::middleware::security_headers::{CAMERA_ALONE, PERMISSIONS_POLICY};
use crate::seal::sha256;
use crate::site::{Site, Visitor};
use crate::staff::AnyStaff;

/// The part of the service worker that is the same everywhere.
const SERVICE_WORKER: &str = include_str!("../../../app/verifier/service-worker.js");

/// The names of the modules, as `app/modules.mjs` writes them.
const MODULES: [&str; 3] = ["verify", "signature", "qr_reader"];

/// What the page needs with no network, besides itself.
fn files(site: &Site) -> Vec<String> {
    let assets = site.assets();
    let folder = &assets.verifier;
    let modules =
        MODULES.iter().flat_map(|name| [format!("{folder}/{name}.js"), format!("{folder}/{name}.wasm")]);
    let mut files =
        vec![assets.css.clone(), "/icon.svg".to_owned(), "/verify/manifest.webmanifest".to_owned()];
    if !folder.is_empty() {
        files.push(format!("{folder}/loader.js"));
        files.extend(modules);
    }
    files
}

/// Follows the content of all files and of the service worker itself: the names of files do.
fn version(site: &Site) -> String {
    let mut version = sha256(&format!("{}\n{SERVICE_WORKER}", files(site).join("\n")));
    version.truncate(16);
    version
}

/// The page.
pub(crate) async fn page(State(site): State<Site>, visitor: Visitor, AnyStaff(staff): AnyStaff) -> Response {
    let version = version(&site);
    let visit = Visit { owner: None, draft_owner: None, signed_in: None, ..visitor.visit.clone() };
    let nobody = Visitor { visit, ..visitor };
    let facts = VerifyFacts { issuer: &site.settings().issuer, version: &version, staff: staff.is_some() };
    let mut page = site.page(&nobody, StatusCode::OK, || pages::page(facts));
    page.headers_mut().insert(PERMISSIONS_POLICY, HeaderValue::from_static(CAMERA_ALONE));
    page
}

/// What makes the page installable.
pub(crate) async fn manifest(State(site): State<Site>) -> Response {
    let manifest = json!({
        "id": "/verify",
        "name": format!("{}核对凭证", site.settings().site_name),
        "short_name": "核对凭证",
        "lang": "zh-CN",
        "start_url": "/verify",
        "scope": "/verify",
        "display": "standalone",
        "background_color": "#f3f6f5",
        "theme_color": "#0b6b74",
        "icons": [{ "src": "/icon.svg", "sizes": "any", "type": "image/svg+xml", "purpose": "any" }],
    });
    let headers = [
        (CONTENT_TYPE, HeaderValue::from_static("application/manifest+json")),
        (CACHE_CONTROL, HeaderValue::from_static("no-cache")),
    ];
    (headers, manifest.to_string()).into_response()
}

/// The service worker of this page and no other. It differs where a file differs, and so browsers take the new one.
pub(crate) async fn service_worker(State(site): State<Site>) -> Result<Response, AppError> {
    let files = serde_json::to_string(&files(&site)).map_err(|cause| AppError::Internal(cause.into()))?;
    let script = format!("const VERSION = \"{}\";\nconst FILES = {files};\n{SERVICE_WORKER}", version(&site));
    let headers = [
        (CONTENT_TYPE, HeaderValue::from_static("text/javascript; charset=utf-8")),
        (CACHE_CONTROL, HeaderValue::from_static("no-cache")),
        // The page is at /verify, a step above the script's own folder.
        (HeaderName::from_static("service-worker-allowed"), HeaderValue::from_static("/verify")),
    ];
    Ok((headers, script).into_response())
}
