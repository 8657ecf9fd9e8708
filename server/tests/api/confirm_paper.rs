//! A confirmation on paper, as a picture and in a calendar; and the files by which host apps check the address.

#![cfg(test)]

use super::TestApp;

#[tokio::test]
async fn both_slips_tell_what_somebody_without_a_telephone_needs() {
    let app = TestApp::start_with(|s| {
        s.street_phones = app::domain::area::streets()
            .iter()
            .map(|street| (street.code.to_owned(), "0510-85210000".to_owned()))
            .collect();
    })
    .await;
    let browser = app.browser();
    browser.fill_in().await;
    let number = browser.submit().await;
    let shown = app::text::case_number(&number);
    let address = app.base.clone();
    for (path, other) in [("slip", "slip/58mm"), ("slip/58mm", "slip")] {
        let page = browser.get(&format!("/confirm/{number}/{path}")).await.body;
        for part in [
            &shown,
            "街道",
            "0510-85210000",
            "最晚 ",
            "手机号后四位",
            &format!("{address}/check"),
            "短码：",
            &format!("href=\"/confirm/{number}/{other}\""),
        ] {
            assert!(page.contains(part), "{part} in {page}");
        }
        assert_eq!(page.contains("xw-page--roll"), path == "slip/58mm");
        assert!(page.contains("mm\" viewBox=\"0 0 "), "the code names its own width on paper");
    }
    let stranger = app.browser().get(&format!("/confirm/{number}/slip/58mm")).await;
    assert_eq!((stranger.status, stranger.location()), (303, format!("/confirm/{number}").as_str()));
}

#[tokio::test]
async fn the_picture_and_the_day_are_there_for_their_owner_alone() {
    let app = TestApp::start().await;
    let browser = app.browser();
    browser.fill_in().await;
    let number = browser.submit().await;
    let page = browser.get(&format!("/confirm/{number}")).await.body;
    for (path, kind) in [("card.png", "image/png"), ("latest-day.ics", "text/calendar; charset=utf-8")] {
        let path = format!("/confirm/{number}/{path}");
        assert!(page.contains(&format!("\"{path}\"")), "{path} in {page}");
        let answer = browser.get(&path).await;
        let headers = [answer.header("content-type"), answer.header("cache-control")];
        assert_eq!((answer.status, headers), (200, [kind, "no-store"]), "{path}");
        let other = app.browser();
        let strangers = other.get(&path).await;
        assert_eq!((strangers.status, strangers.header("cache-control")), (404, "no-store"), "{path}");
        assert_eq!(other.get(&path.replace(&number, "LS000000000000")).await.status, 404, "{path}");
        assert_eq!(other.get(&path.replace(&number, "x")).await.status, 404, "{path}");
        other.post("/confirm", &[("number", number.as_str()), ("mobile_tail", "1234")]).await;
        assert_eq!(other.get(&path).await.status, 200, "number and digits open it too: {path}");
    }
    let day = browser.get(&format!("/confirm/{number}/latest-day.ics")).await;
    assert_eq!(
        day.header("content-disposition"),
        format!("attachment; filename=\"{number}-latest-day.ics\"")
    );
    assert!(
        day.body.contains("\r\nDTSTART;VALUE=DATE:2026") && day.body.contains("（示例）"),
        "{}",
        day.body
    );
    for personal in ["王", "小明", "320205", "13900001234"] {
        assert!(!day.body.replace(&number, "").contains(personal), "{personal}");
    }
}

#[tokio::test]
async fn without_a_latest_day_there_is_nothing_for_the_calendar() {
    let app = TestApp::start_with(|s| s.sample_data = false).await;
    let browser = app.browser();
    browser.fill_in().await;
    let number = browser.submit().await;
    assert!(!browser.get(&format!("/confirm/{number}")).await.body.contains(".ics"));
    assert_eq!(browser.get(&format!("/confirm/{number}/latest-day.ics")).await.status, 404);
}

#[tokio::test]
async fn a_host_app_finds_its_file_and_no_file_shadows_a_page() {
    let folder = tempfile::tempdir().unwrap();
    for name in ["MP_verify_a1B2.txt", "me", "confirm", "check", "robots.txt", "healthz"] {
        std::fs::write(folder.path().join(name), "from the folder").unwrap();
    }
    let path = folder.path().to_owned();
    let app = TestApp::start_with(|s| s.domain_check_dir = Some(path)).await;
    let browser = app.browser();
    let found = browser.get("/MP_verify_a1B2.txt").await;
    assert_eq!((found.status, found.body.as_str()), (200, "from the folder"));
    assert_eq!(found.header("content-type"), "text/plain; charset=utf-8");
    assert_eq!(found.header("x-content-type-options"), "nosniff");
    for ours in ["/me", "/confirm", "/check", "/robots.txt", "/healthz"] {
        assert!(!browser.get(ours).await.body.contains("from the folder"), "{ours}");
    }
    for outside in
        ["/..%2Fsigning.pem", "/%2e%2e/signing.pem", "/MP_verify_none.txt", "/a/MP_verify_a1B2.txt"]
    {
        assert_eq!(browser.get(outside).await.status, 404, "{outside}");
    }
    assert_eq!(browser.post("/MP_verify_a1B2.txt", &[]).await.status, 404);
}
