//! The second visit of a divorce over HTTP: the window, the organ, and who says when the application was accepted.

#![cfg(test)]

use super::marriage::{COUPLE, DAY, office_here};
use super::{Browser, TestApp};

/// From 2026-11-23 14:05 to ten to nine on 2026-12-01.
const TO_THE_DAY: i64 = (8 * 24 * 60 - 14 * 60 - 5 + 8 * 60 + 50) * 60_000;

/// Times for a matter.
async fn times(clerk: &Browser<'_>, matter: &str) {
    let key = clerk.get("/staff/marriage/xinwu").await.hidden("idempotency_key");
    let time = [
        ("idempotency_key", key.as_str()),
        ("matter", matter),
        ("starts", "9:00"),
        ("ends", "11:00"),
        ("quota", "3"),
        ("from", "2026-11-23"),
    ];
    let added = clerk.post("/staff/marriage/xinwu/sessions", &time).await;
    assert_eq!(added.location(), "/staff/marriage/xinwu", "{}", added.body);
}

async fn hold(browser: &Browser<'_>, matter: &str, day: &str) -> String {
    let page = browser.get(&format!("/marriage/offices/xinwu/times/{matter}/{day}")).await;
    let key = page.hidden("idempotency_key");
    let wanted = [
        ("idempotency_key", key.as_str()),
        ("office", "xinwu"),
        ("matter", matter),
        ("day", day),
        ("starts", "540"),
    ];
    let held = browser.post("/marriage/hold", &wanted).await;
    assert_eq!(held.status, 303, "{}", held.body);
    held.location().to_owned()
}

/// Sends both people with what a divorce asks besides; the other one says yes at the door.
async fn send(
    browser: &Browser<'_>,
    booking: &str,
    besides: &[(&'static str, &'static str)],
) -> super::Answer {
    let key = browser.get(booking).await.hidden("idempotency_key");
    let mut fields = vec![("idempotency_key", key.as_str())];
    fields.extend(COUPLE.iter().map(|(name, value)| (*name, if *name == "way" { "door" } else { *value })));
    fields.extend(besides.iter().copied());
    browser.post(&format!("{booking}/couple"), &fields).await
}

#[tokio::test]
async fn a_second_visit_is_refused_outside_its_window_and_at_another_organ_with_the_reason() {
    let app = TestApp::start().await;
    let clerk = office_here(&app).await;
    times(&clerk, "divorce-second").await;
    let he = app.browser();
    let office = he.get("/marriage/offices/xinwu").await.body;
    assert!(
        office.contains("/times/divorce-second") && office.contains("预约离婚登记（第二次）"),
        "{office}"
    );
    let booking = hold(&he, "divorce-second", DAY).await;
    let page = he.get(&booking).await.body;
    assert!(page.contains("离婚申请是“示例：新吴区婚姻登记处”受理的吗？"), "{page}");
    for (besides, words) in [
        (&[][..], "请选择离婚申请是不是这一家受理的"),
        (&[("organ", "no"), ("accepted", "2026-10-15")], "第二次要去受理申请的那一家"),
        // Cooling-off until 2026-12-02.
        (&[("organ", "yes"), ("accepted", "2026-11-02")], "约的那天冷静期还没有过"),
        (&[("organ", "yes"), ("accepted", "2026-09-01")], "约的那天已经过了第二次的期限"),
        (&[("organ", "yes"), ("accepted", "2026-11-24")], "还没有到"),
    ] {
        let refused = send(&he, &booking, besides).await;
        assert!(refused.status == 422 && refused.body.contains(words), "{words}: {}", refused.body);
        assert!(refused.body.contains("王小明"), "what was typed stays");
    }
    let late = send(&he, &booking, &[("organ", "yes"), ("accepted", "2026-09-01")]).await.body;
    assert!(late.contains("2026 年 11 月 9 日"), "the days that follow from it are told: {late}");
    let done = send(&he, &booking, &[("organ", "yes"), ("accepted", "2026-10-15")]).await;
    assert_eq!(done.location(), booking, "{}", done.body);
    let firm = he.get(&booking).await.body;
    assert!(firm.contains("2026 年 10 月 15 日 星期四（以回执为准）") && firm.contains("预约好了"), "{firm}");
    let day = clerk.get(&format!("/staff/marriage/xinwu/day?day={DAY}")).await.body;
    assert!(day.contains("离婚登记（第二次）") && day.contains("以回执为准"), "{day}");

    // Moved: only to a day of its window, which ends on 2026-12-16.
    let page = he.get(&format!("{booking}/move/2026-12-17")).await;
    let key = page.hidden("idempotency_key");
    let to = |day: &'static str| {
        [("day", day), ("starts", "540"), ("office", "xinwu"), ("matter", "divorce-second")]
    };
    let mut fields = vec![("idempotency_key", key.as_str())];
    fields.extend(to("2026-12-17"));
    let moved = he.post(&format!("{booking}/move"), &fields).await;
    assert!(moved.status == 422 && moved.body.contains("那天不在第二次能去的日子里"), "{}", moved.body);
    let key = he.get(&format!("{booking}/move/2026-12-16")).await.hidden("idempotency_key");
    let mut fields = vec![("idempotency_key", key.as_str())];
    fields.extend(to("2026-12-16"));
    assert_eq!(he.post(&format!("{booking}/move"), &fields).await.location(), booking);
}

#[tokio::test]
async fn what_the_clerk_wrote_down_at_the_first_visit_counts_for_the_second() {
    let app = TestApp::start().await;
    let clerk = office_here(&app).await;
    times(&clerk, "divorce").await;
    times(&clerk, "divorce-second").await;
    let he = app.browser();
    let first = hold(&he, "divorce", DAY).await;
    let abroad = send(&he, &first, &[("registered", "no")]).await;
    assert!(abroad.status == 422 && abroad.body.contains("第十三条"), "{}", abroad.body);
    assert_eq!(send(&he, &first, &[("registered", "yes")]).await.location(), first);
    let id = first.strip_prefix("/marriage/bookings/").unwrap();

    app.later(TO_THE_DAY);
    let clerk = app.browser();
    clerk.sign_in_as("clerk").await;
    let there = format!("/staff/marriage/xinwu/door/{id}");
    let page = clerk.get(&there).await;
    assert!(!page.body.contains("记下受理的日子"), "nothing is accepted before both are there");
    let key = page.hidden("idempotency_key");
    let arrived = clerk.post(&format!("{there}/arrive"), &[("idempotency_key", &key), ("both", "yes")]).await;
    assert_eq!(arrived.status, 303, "{}", arrived.body);
    let page = clerk.get(&there).await;
    assert!(page.body.contains("记下受理的日子"), "{}", page.body);
    let key = page.hidden("idempotency_key");
    let accept = async |key: &str, day: &str| {
        clerk.post(&format!("{there}/accepted"), &[("idempotency_key", key), ("accepted", day)]).await
    };
    assert_eq!(accept(&key, "2026-12-02").await.status, 422, "a day to come");
    assert_eq!(accept(&key, DAY).await.location(), there);
    assert!(clerk.get(&there).await.body.contains("2026 年 12 月 1 日"));

    // The couple reads of it. The window of December reaches into a year whose holidays are not published.
    let own = he.get(&first).await.body;
    assert!(own.contains("现在还算不准") && own.contains("约第二次"), "{own}");

    // Two weeks later they say another day than the office's own: the office's counts, and it is within the cooling-off.
    app.later(TO_THE_DAY + 14 * 86_400_000);
    let second = hold(&he, "divorce-second", "2026-12-31").await;
    let refused = send(&he, &second, &[("organ", "yes"), ("accepted", "2026-11-05")]).await;
    assert!(refused.status == 422 && refused.body.contains("冷静期还没有过"), "{}", refused.body);
}
