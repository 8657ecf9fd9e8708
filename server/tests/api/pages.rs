//! What pages are made of.

#![cfg(test)]

use super::{APPLY, TestApp};

#[tokio::test]
async fn a_page_loads_the_module_only_where_it_has_an_island() {
    let app = TestApp::start().await;
    let browser = app.browser();
    browser.fill_in().await;
    let number = browser.submit().await;
    browser.fill_in().await;
    let paths = [
        "/",
        "/privacy",
        "/aid",
        "/aid/temporary-aid",
        "/aid/orphan",
        "/feedback",
        "/V/AAAA",
        "/check",
        "/me",
        "/confirm",
        "/nowhere",
        APPLY,
    ];
    let steps = [
        "applicant",
        "address",
        "household",
        "household/cccccccc",
        "finances",
        "situation",
        "bank-account",
        "notice",
        "authorisation",
        "pledge",
        "check",
    ]
    .map(|step| format!("{APPLY}/{step}"));
    let confirm = [format!("/confirm/{number}"), format!("/confirm/{number}/slip")];
    let mut with = 0;
    for path in paths.iter().map(ToString::to_string).chain(steps).chain(confirm) {
        let page = browser.get(&path).await.body;
        let has_island = page.contains("<leptos-island");
        let scripts = page.matches("<script").count();
        assert_eq!(scripts, usize::from(has_island), "{path}");
        assert_eq!(page.contains("/island-loader.js"), has_island, "{path}");
        assert!(page.starts_with("<!DOCTYPE html>") && page.trim_end().ends_with("</html>"), "{path}");
        with += usize::from(has_island);
    }
    assert_eq!(with, 10, "the form pages and the complaint");
}

#[tokio::test]
async fn elder_mode_is_chosen_by_address_kept_in_a_cookie_and_rendered_by_the_server() {
    let app = TestApp::start().await;
    let browser = app.browser();
    assert!(!browser.get("/").await.body.contains("data-care"));
    assert!(browser.get("/?care=1").await.body.contains("data-care"));
    assert_eq!(browser.cookie(), "xw_care=1");
    assert!(browser.get("/aid/temporary-aid").await.body.contains("data-care"));
    assert!(browser.get("/nowhere").await.body.contains("data-care"));
    assert!(!browser.get("/?care=0").await.body.contains("data-care"));
}

#[tokio::test]
async fn complaint_entry_is_reachable() {
    let app = TestApp::start().await;
    let browser = app.browser();
    for path in ["/", "/aid/temporary-aid", "/nowhere"] {
        assert!(browser.get(path).await.body.contains("href=\"/feedback\""), "{path}");
    }
    let key = browser.get("/feedback").await.hidden("idempotency_key");
    let fields = [("idempotency_key", key.as_str()), ("kind", "complaint"), ("text", "窗口等了三个小时")];
    let sent = browser.post("/feedback", &fields).await;
    assert_eq!(sent.status, 303);
    assert!(browser.get(sent.location()).await.body.contains("谢谢您告诉我们"));
    assert_eq!(browser.post("/feedback", &fields).await.location(), sent.location());
    let other = [("idempotency_key", key.as_str()), ("kind", "suggestion"), ("text", "窗口等了三个小时")];
    assert_eq!(browser.post("/feedback", &other).await.status, 409);
}

#[tokio::test]
async fn the_guide_gives_each_fact_its_source_and_ships_no_amount_after_2020() {
    let app = TestApp::start().await;
    let page = app.browser().get("/aid/temporary-aid").await.body;
    for source in ["第三十七条", "第六十二条", "第四十五条", "2026 年 7 月 1 日起"] {
        assert!(page.contains(source), "{source}");
    }
    assert!(page.contains("2020 年是 8,000 元，只作历史参考。现在的以街道公布为准。"));
    assert_eq!(page.matches(" 元").count(), 1, "no other amount");
}

#[tokio::test]
async fn only_doors_that_open_are_shown() {
    let app = TestApp::start().await;
    let home = app.browser().get("/").await.body;
    for link in home.split("href=\"/").skip(1) {
        let path = format!("/{}", link.split('"').next().unwrap());
        if path.starts_with("/pkg") || path.starts_with("/icon") {
            continue;
        }
        assert_eq!(app.browser().get(&path.replace("&amp;", "&")).await.status, 200, "{path}");
    }
}
