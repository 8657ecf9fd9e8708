//! 低保 after its decision: paid, reviewed, reduced only after the person was heard.

#![cfg(test)]

use super::notices::{act, apply};
use super::staff::account;
use super::{Browser, TestApp};

const DAY: i64 = 24 * 3_600_000;

async fn send(browser: &Browser<'_>, page: &str, action: &str, fields: &[(&str, &str)]) -> super::Answer {
    let shown = browser.get(page).await;
    assert_eq!(shown.status, 200, "{page}: {}", shown.body);
    let key = crate::forms::new_key().unwrap();
    let whose = shown.find_hidden("whose").unwrap_or_default();
    let mut fields = fields.to_vec();
    fields.push(("idempotency_key", &key));
    if !whose.is_empty() {
        fields.push(("whose", &whose));
    }
    browser.post(action, &fields).await
}

#[tokio::test]
async fn dibao_is_paid_reviewed_and_reduced_only_after_the_person_was_heard() {
    let app = TestApp::start().await;
    account(&app, "street", &["street_officer@320214050"]).await;
    let companion = account(&app, "companion", &["street_officer@320214050"]).await;
    account(&app, "district", &["district_officer@320214"]).await;
    account(&app, "elsewhere", &["street_officer@320214051"]).await;
    let (resident, street, district) = (app.browser(), app.browser(), app.browser());
    let number = apply(&resident).await;
    street.sign_in_as("street").await;
    assert_eq!(act(&street, &number, "accept", &[]).await.status, 303);
    assert_eq!(super::inquiry::enter_visit(&street, &number, &companion, &[]).await.status, 303);
    let why = ("reasons", "入户看了，母亲长期生病，没有别的收入。");
    act(&street, &number, "opinion", &[("outcome", "grant"), ("amount", "1530"), why]).await;
    let benefit = format!("/staff/cases/{number}/benefit");
    assert_eq!(street.get(&benefit).await.status, 404, "nothing is given yet");
    app.later(8 * DAY);
    street.sign_in_as("street").await;
    district.sign_in_as("district").await;
    let decided = act(&district, &number, "decide", &[("outcome", "grant")]).await;
    assert_eq!(decided.status, 303, "{}", decided.body);

    // Decided on 1 December: December's list has nothing of it, January's has one month.
    let list = async |browser: &Browser<'_>, post: &str, month: &str| {
        browser.post("/staff/payments", &[("post", post), ("month", month)]).await
    };
    let officer = "street_officer@320214050";
    assert!(!list(&street, officer, "2026-12").await.body.contains(&number));
    let january = list(&street, officer, "2027年1月").await.body;
    assert!(
        january.contains(&number) && january.contains(",1,\"1,530\",") || january.contains(",1,1530,"),
        "{january}"
    );
    assert!(january.contains("6222023200000000011") && january.contains("一共 1 笔"), "{january}");
    assert_eq!(list(&street, officer, "2027-02").await.status, 422, "too early");
    assert_eq!(list(&street, "district_officer@320214", "2026-12").await.status, 403, "another's post");

    let elsewhere = app.browser();
    elsewhere.sign_in_as("elsewhere").await;
    assert_eq!(elsewhere.get(&benefit).await.status, 403);
    assert!(!elsewhere.get("/staff/reviews").await.body.contains(&number));
    assert!(street.get("/staff/reviews").await.body.contains(&benefit));

    let step = |name: &str| format!("{benefit}/{name}");
    let empty = send(&street, &benefit, &step("step"), &[]).await;
    assert!(empty.status == 422 && empty.body.contains("请选择减发还是停发"), "{}", empty.body);
    let more = [("step", "reduced"), ("amount", "2000"), ("reasons", "儿子有了工作，家里收入增加了。")];
    assert!(send(&street, &benefit, &step("step"), &more).await.body.contains("减发要比现在少"));
    let less = [more[0], ("amount", "800"), more[2]];
    assert_eq!(send(&street, &benefit, &step("step"), &less).await.status, 303);
    let receipt = format!("/confirm/{number}");
    let shown = resident.get(&receipt).await.body;
    assert!(
        shown.contains("街道打算减发您的救助，先听您的意见") && shown.contains("儿子有了工作"),
        "{shown}"
    );
    let early = send(&district, &benefit, &step("decide-step"), &[]).await;
    assert_eq!(early.status, 409, "nobody has heard the person");

    let hearing = format!("/confirm/{number}/hearing");
    assert_eq!(send(&resident, &hearing, &hearing, &[]).await.status, 422);
    let word = [("words", "儿子的工作是临时的，请再看看。")];
    assert_eq!(send(&resident, &hearing, &hearing, &word).await.status, 303);
    assert!(street.get(&benefit).await.body.contains("儿子的工作是临时的"));
    assert!(district.get(&benefit).await.body.contains("决定减发，从下个月起"));
    assert_eq!(send(&street, &benefit, &step("decide-step"), &[]).await.status, 409, "four eyes");
    assert_eq!(send(&district, &benefit, &step("decide-step"), &[]).await.status, 303);
    let shown = resident.get(&receipt).await.body;
    for words in ["决定减发", "每月 800 元", "2027 年 1 月", "60 天", "6 个月", "您的权利", "现在每月 800 元"]
    {
        assert!(shown.contains(words), "{words}: {shown}");
    }
    let january = list(&street, officer, "2027-01").await.body;
    assert!(january.contains("800"), "{january}");

    // Nothing has changed: one tap; the street looks and says when it looks again.
    let key = crate::forms::new_key().unwrap();
    let whose = resident.get(&receipt).await.hidden("whose");
    let tap = format!("/confirm/{number}/unchanged");
    for _ in 0..2 {
        let said = resident.post(&tap, &[("idempotency_key", &key), ("whose", &whose)]).await;
        assert_eq!(said.status, 303);
    }
    assert!(resident.get(&receipt).await.body.contains("您说了家里没有变化"));
    assert!(street.get("/staff/reviews").await.body.contains("居民说没有变化"));
    assert_eq!(send(&street, &benefit, &step("reviewed"), &[]).await.status, 422);
    assert_eq!(send(&street, &benefit, &step("reviewed"), &[("next", "6")]).await.status, 303);
    assert!(street.get("/staff/reviews").await.body.contains("2027 年 6 月 1 日"));
}
