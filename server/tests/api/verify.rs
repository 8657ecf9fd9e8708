//! `/verify`: the page that a browser keeps.

#![cfg(test)]

use super::TestApp;

#[tokio::test]
async fn the_page_may_use_the_camera_and_no_other_page_may() {
    let app = TestApp::start().await;
    let browser = app.browser();
    let page = browser.get("/verify").await;
    assert!(page.header("permissions-policy").starts_with("camera=(self),"), "{page:?}");
    assert!(browser.get("/").await.header("permissions-policy").starts_with("camera=(),"));
    assert_eq!(page.body.matches("<script").count(), 1);
    assert!(page.body.contains("src=\"/pkg/verify/v/loader.js\""), "{}", page.body);
    assert!(
        page.body.contains("<link rel=\"manifest\" href=\"/verify/manifest.webmanifest\""),
        "{}",
        page.body
    );
    assert!(!browser.get("/check").await.body.contains("rel=\"manifest\""));
    for state in app::domain::confirm::check::CheckState::ALL {
        assert!(page.body.contains(&format!("<template id=\"verify-{}\"", state.as_str())), "{state:?}");
    }
}

#[tokio::test]
async fn a_page_that_a_browser_keeps_says_nothing_of_who_opened_it() {
    let app = TestApp::start().await;
    let browser = app.browser();
    browser.fill_in().await;
    let own = browser.get("/verify").await.body;
    let nobody = app.browser().get("/verify").await.body;
    let plain = |page: &str| {
        let (before, rest) = page.split_once("nonce=\"").unwrap();
        format!("{before}{}", rest.split_once('"').unwrap().1)
    };
    assert_eq!(plain(&own), plain(&nobody));
}

#[tokio::test]
async fn the_service_worker_keeps_the_files_of_the_page_and_no_list() {
    let app = TestApp::start().await;
    let browser = app.browser();
    let worker = browser.get("/verify/service-worker.js").await;
    assert_eq!(worker.header("service-worker-allowed"), "/verify");
    assert_eq!(worker.header("cache-control"), "no-cache");
    let files = worker.body.lines().nth(1).unwrap();
    for file in [
        "/pkg/app.c.css",
        "/pkg/verify/v/verify.wasm",
        "/pkg/verify/v/signature.js",
        "/pkg/verify/v/loader.js",
    ] {
        assert!(files.contains(file), "{files}");
    }
    for never in ["list", "jwks", "scans"] {
        assert!(!files.contains(never), "{files}");
    }
    // The page names the version that the worker keeps.
    let version = worker.body.lines().next().unwrap().split('"').nth(1).unwrap().to_owned();
    assert!(browser.get("/verify").await.body.contains(&format!("data-version=\"{version}\"")));
    let manifest = browser.get("/verify/manifest.webmanifest").await;
    assert!(manifest.body.contains("\"scope\":\"/verify\""), "{}", manifest.body);
}
