//! Errors in the product's looks, and requests that other sites make.

#![cfg(test)]

use super::{APPLY, TestApp};

#[tokio::test]
async fn every_error_has_a_page_with_the_requests_number_and_no_detail() {
    let app = TestApp::start().await;
    let browser = app.browser();
    browser.post(APPLY, &[]).await;
    let not_found = browser.get("/nowhere").await;
    let not_allowed = browser.post("/me", &[]).await;
    let conflict = app.browser().post(&format!("{APPLY}/household/aaaaaaaa"), &[]).await;
    let large = browser.post("/feedback", &[("text", &"长".repeat(60_000))]).await;
    let broken = app
        .send(app.request("POST", "/feedback").header("content-type", "application/json").body("{}"))
        .await;
    app.site.store().close().await;
    let failed = browser.get("/me").await;
    for (answer, status) in
        [(not_found, 404), (not_allowed, 405), (conflict, 409), (large, 413), (broken, 422), (failed, 500)]
    {
        assert_eq!(answer.status, status);
        let number = answer.header("x-request-id");
        assert!(number.len() == 10 && answer.body.contains(number), "{status}: {}", answer.body);
        assert!(answer.body.contains("新吴民政掌上办") && !answer.body.contains("pool"), "{status}");
        assert!(!answer.body.contains("<script"), "{status}");
    }
}

#[tokio::test]
async fn the_server_says_that_it_is_not_ready_when_the_database_is_gone() {
    let app = TestApp::start().await;
    assert_eq!(app.browser().get("/readyz").await.status, 200);
    app.site.store().close().await;
    assert_eq!(app.browser().get("/readyz").await.status, 503);
    assert_eq!(app.browser().get("/healthz").await.status, 200);
}

#[tokio::test]
async fn another_site_can_not_act_and_a_browser_that_says_nothing_is_asked_again_with_its_input_kept() {
    let app = TestApp::start().await;
    let browser = app.browser();
    browser.post(APPLY, &[]).await;
    let path = format!("{APPLY}/finances");
    let post = || {
        app.request("POST", &path)
            .header("cookie", browser.cookie())
            .header("content-type", "application/x-www-form-urlencoded")
            .body("monthly_income=2600%22%3E")
    };
    let cross = app.send(post().header("origin", "https://evil.example")).await;
    assert_eq!(cross.status, 403);
    assert!(!cross.body.contains("2600"));
    let cross = app.send(post().header("sec-fetch-site", "cross-site")).await;
    assert_eq!(cross.status, 403);
    let silent = app.send(post()).await;
    assert_eq!(silent.status, 403);
    assert!(
        silent.body.contains("请再按一次提交") && silent.body.contains("2600&quot;&gt;"),
        "{}",
        silent.body
    );
    assert!(silent.body.contains(&format!("action=\"{path}\"")));
    // Behind a proxy that rewrites Host, the public address still counts.
    let proxied = app.send(post().header("origin", &app.base).header("host", "backend:8080")).await;
    assert_eq!(proxied.status, 422, "accepted, and judged: the amount is no number");
    assert!(!browser.get(&path).await.body.contains("2600\""));
}

#[tokio::test]
async fn answers_carry_the_headers_that_keep_a_page_to_itself() {
    let app = TestApp::start_with(|s| s.host_apps = vec!["https://host.example".into()]).await;
    let page = app.browser().get("/feedback").await;
    let policy = page.header("content-security-policy");
    assert!(
        policy.contains("'wasm-unsafe-eval'")
            && policy.contains("'nonce-")
            && !policy.contains("unsafe-inline")
    );
    assert!(policy.contains("frame-ancestors 'self' https://host.example"), "{policy}");
    let nonce = policy.split("'nonce-").nth(1).unwrap().split('\'').next().unwrap();
    assert!(page.body.contains(&format!("nonce=\"{nonce}\"")));
    assert_eq!(page.header("x-content-type-options"), "nosniff");
    assert_eq!(page.header("referrer-policy"), "same-origin");
    assert_eq!(page.header("cache-control"), "no-store");
}
