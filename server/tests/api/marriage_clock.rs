//! The window of booking at the end of a day: what was open at 23:59:59 is too near a second later.

#![cfg(test)]

use app::domain::time::Instant;

use super::TestApp;
use super::marriage::office_here;

#[tokio::test]
async fn a_page_of_the_last_second_of_a_day_books_nothing_in_the_next() {
    let app = TestApp::start().await;
    office_here(&app).await;
    let midnight = Instant::shanghai_midnight("2026-11-24".parse().unwrap());
    app.clock.set(Instant(midnight.0 - 1_000));
    let (he, she) = (app.browser(), app.browser());
    let hold = async |browser: &super::Browser<'_>, key: &str, day: &str| {
        let wanted = [
            ("idempotency_key", key),
            ("office", "xinwu"),
            ("matter", "marriage"),
            ("day", day),
            ("starts", "540"),
        ];
        browser.post("/marriage/hold", &wanted).await
    };
    let page = he.get("/marriage/offices/xinwu/times/marriage/2026-11-25").await;
    assert!(page.body.contains("9:00–11:00"), "two days ahead: {}", page.body);
    assert!(!she.get("/marriage/offices/xinwu/times/marriage/2026-12-24").await.body.contains("9:00–11:00"));
    app.clock.set(midnight);
    let late = hold(&he, &page.hidden("idempotency_key"), "2026-11-25").await;
    assert_eq!(late.status, 422, "one day ahead by now: {}", late.body);
    let page = she.get("/marriage/offices/xinwu/times/marriage/2026-12-24").await;
    assert!(page.body.contains("9:00–11:00"), "and the thirtieth day is open: {}", page.body);
    assert_eq!(hold(&she, &page.hidden("idempotency_key"), "2026-12-24").await.status, 303);
}
