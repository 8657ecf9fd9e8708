//! Another telephone number for an account, over HTTP: by its owner, at the counter, and what must fail.

#![cfg(test)]

use app::domain::phone::ContactPhone;
use app::domain::time::Instant;

use super::counter::{ELDER, begin, clerk};
use super::residents::{IDENTITY, code_sent, sign_in};
use super::{Browser, TestApp};

const PAGE: &str = "/me/profile/phone";
const CODE: &str = "/me/profile/phone/code";
const OLD: &str = "13900001234";
const NEW: &str = "13900008888";
const MINUTE: i64 = 60_000;

fn pass(app: &TestApp, ms: i64) {
    app.clock.set(Instant(app.site.clock().now().0 + ms));
}

/// Asks for a code to the new number and gives it.
async fn code_to(app: &TestApp, browser: &Browser<'_>, number: &str) -> String {
    pass(app, 1_000);
    assert_eq!(browser.post(PAGE, &[("phone", number)]).await.location(), CODE);
    code_sent(app, number, "phone_change_code").await
}

async fn told(app: &TestApp, number: &str) -> bool {
    let phone = ContactPhone::parse(number).unwrap();
    app.site.store().last_message_to(&phone, "phone_changed").await.unwrap().is_some()
}

#[tokio::test]
async fn a_new_number_is_proved_and_the_old_one_hears_of_it() {
    let app = TestApp::start().await;
    let (here, elsewhere) = (app.browser(), app.browser());
    sign_in(&app, &here, OLD).await;
    sign_in(&app, &elsewhere, OLD).await;
    for (typed, words) in [("", "请填写手机号"), (OLD, "这就是现在的登录号码"), ("139", "value=\"139\"")]
    {
        let refused = here.post(PAGE, &[("phone", typed)]).await;
        assert!(refused.status == 422 && refused.body.contains(words), "{}", refused.body);
    }
    let code = code_to(&app, &here, NEW).await;
    assert!(here.get(CODE).await.body.contains("139****8888"));
    let planted = here.cookie();
    let wrong = if code == "000000" { "000001" } else { "000000" };
    assert_eq!(here.post(CODE, &[("code", wrong)]).await.status, 422);
    // The code is this session's: another device of the same account can't use it.
    assert_eq!(elsewhere.post(CODE, &[("code", &code)]).await.location(), PAGE);
    assert_eq!(here.post(CODE, &[("code", &code)]).await.location(), "/me/profile/phone/changed");
    assert!(here.get("/me/profile/phone/changed").await.body.contains("139****8888"));
    assert!(told(&app, OLD).await && !told(&app, NEW).await);
    assert!(here.get("/me/inbox").await.body.contains("换了登录号码"));
    assert_eq!(elsewhere.get("/me/profile").await.status, 303, "other devices sign in again");
    let before = app.send(app.request("GET", "/me/profile").header("cookie", planted)).await;
    assert_eq!(before.status, 303, "the token is another one now");
    assert!(app.site.store().audit_acts().await.contains(&"phone_changed".to_owned()));
    // The new number opens the account, the old one a new account.
    here.post("/me/profile/identity", IDENTITY).await;
    assert_eq!(sign_in(&app, &app.browser(), NEW).await, "/sign-in/prove?next=/me");
    assert_eq!(sign_in(&app, &app.browser(), OLD).await, "/me");
}

#[tokio::test]
async fn five_wrong_codes_end_it_and_a_code_is_used_once() {
    let app = TestApp::start().await;
    let browser = app.browser();
    sign_in(&app, &browser, OLD).await;
    let code = code_to(&app, &browser, NEW).await;
    let wrong = if code == "000000" { "000001" } else { "000000" };
    for _ in 0..5 {
        assert_eq!(browser.post(CODE, &[("code", wrong)]).await.status, 422);
    }
    assert_eq!(browser.post(CODE, &[("code", &code)]).await.status, 422);
    let code = code_to(&app, &browser, NEW).await;
    pass(&app, 5 * MINUTE);
    assert_eq!(browser.post(CODE, &[("code", &code)]).await.location(), PAGE, "too late");
    let code = code_to(&app, &browser, NEW).await;
    // A code for a change is none for a sign-in.
    let thief = app.browser();
    thief.post("/sign-in", &[("phone", NEW)]).await;
    if code_sent(&app, NEW, "sign_in_code").await != code {
        assert_eq!(thief.post("/sign-in/code", &[("code", &code)]).await.status, 422);
    }
    assert_eq!(browser.post(CODE, &[("code", &code)]).await.status, 303);
    assert_eq!(browser.post(CODE, &[("code", &code)]).await.location(), PAGE);
}

#[tokio::test]
async fn a_number_with_an_account_is_told_only_to_whoever_proved_it() {
    let app = TestApp::start().await;
    let (taker, owner) = (app.browser(), app.browser());
    sign_in(&app, &taker, OLD).await;
    let free = taker.post(PAGE, &[("phone", "13900007777")]).await;
    sign_in(&app, &owner, NEW).await;
    let taken = taker.post(PAGE, &[("phone", NEW)]).await;
    assert_eq!((free.status, free.location()), (taken.status, taken.location()));
    let code = code_sent(&app, NEW, "phone_change_code").await;
    let refused = taker.post(CODE, &[("code", &code)]).await;
    assert_eq!(refused.status, 409);
    assert!(refused.body.contains("已经有一个账号"), "{}", refused.body);
    assert!(app.site.store().audit_acts().await.contains(&"phone_change_refused".to_owned()));
    assert!(taker.get("/me/profile").await.body.contains("139****1234"), "nothing changed");
    assert_eq!(owner.get("/me/profile").await.status, 200);
}

#[tokio::test]
async fn a_sign_in_of_a_while_ago_is_proved_again() {
    let app = TestApp::start().await;
    let browser = app.browser();
    sign_in(&app, &browser, OLD).await;
    browser.post("/me/profile/identity", IDENTITY).await;
    assert!(browser.get(PAGE).await.body.contains("新号码"));
    pass(&app, 11 * MINUTE);
    assert!(browser.get(PAGE).await.body.contains("document_tail"));
    assert_eq!(browser.post(PAGE, &[("phone", NEW)]).await.location(), PAGE, "not without the proof");
    let prove = format!("{PAGE}/prove");
    assert_eq!(browser.post(&prove, &[]).await.status, 422);
    let wrong = browser.post(&prove, &[("name", "王小明"), ("document_tail", "1234")]).await;
    assert!(wrong.status == 422 && wrong.body.contains("对不上"));
    let right = [("name", "王小明"), ("document_tail", "9937")];
    assert_eq!(browser.post(&prove, &right).await.location(), PAGE);
    let code = code_to(&app, &browser, NEW).await;
    assert_eq!(browser.post(CODE, &[("code", &code)]).await.status, 303);
}

#[tokio::test]
async fn a_stranger_uses_up_no_codes_of_a_known_device() {
    let app = TestApp::start().await;
    let (owner, stranger) = (app.browser(), app.browser());
    sign_in(&app, &owner, OLD).await;
    owner.post("/sign-out", &[]).await;
    // The one code of the owner's first sign-in came from a device that nobody knew.
    for _ in 0..4 {
        assert_eq!(stranger.post("/sign-in", &[("phone", OLD)]).await.status, 303);
    }
    assert_eq!(stranger.post("/sign-in", &[("phone", OLD)]).await.status, 429);
    assert_eq!(app.browser().post("/sign-in", &[("phone", OLD)]).await.status, 429, "strangers share");
    assert_eq!(sign_in(&app, &owner, OLD).await, "/me");
    owner.post("/sign-out", &[]).await;
    // A day of it: the strangers' day ends before the owner's own.
    for hour in 1..=6 {
        app.later(hour * 60 * MINUTE);
        for _ in 0..6 {
            stranger.post("/sign-in", &[("phone", OLD)]).await;
        }
    }
    app.later(7 * 60 * MINUTE);
    assert_eq!(stranger.post("/sign-in", &[("phone", OLD)]).await.status, 429, "twenty a day");
    assert_eq!(sign_in(&app, &owner, OLD).await, "/me");
    for _ in 0..5 {
        assert_eq!(owner.post("/sign-in", &[("phone", NEW)]).await.status, 303);
    }
    assert_eq!(owner.post("/sign-in", &[("phone", NEW)]).await.status, 429, "known for its own number alone");
}

#[tokio::test]
async fn staff_change_the_number_of_a_person_whose_document_they_saw() {
    let app = TestApp::start().await;
    let street = clerk(&app, "street", "street_officer@320214050").await;
    let visit = begin(&street, &[("phone", OLD)]).await;
    let (phone, code_page) = (format!("{visit}/phone"), format!("{visit}/phone/code"));
    assert_eq!(street.get(&phone).await.location(), visit, "not before the document was seen");
    assert_eq!(street.post(&phone, &[("phone", NEW)]).await.status, 409);
    street.post(&format!("{visit}/identity"), ELDER).await;
    assert!(street.get(&visit).await.body.contains(&format!("href=\"{phone}\"")));
    let paper = street.post(&phone, &[("phone", NEW), ("paper", "yes")]).await;
    assert!(paper.status == 422 && paper.body.contains("手机号要收验证码"), "{}", paper.body);
    assert_eq!(street.post(&phone, &[("phone", NEW)]).await.location(), code_page);
    let code = code_sent(&app, NEW, "phone_change_at_counter").await;
    let wrong = if code == "000000" { "000001" } else { "000000" };
    assert_eq!(street.post(&code_page, &[("code", wrong)]).await.status, 422);
    assert_eq!(street.post(&code_page, &[("code", &code)]).await.location(), visit);
    assert!(street.get(&visit).await.body.contains("139****8888"));
    assert!(told(&app, OLD).await);
    // A landline at home rings in vain while its owner stands here: a signature does.
    let landline = [("phone", "0510-85219999"), ("paper", "yes")];
    assert_eq!(street.post(&phone, &landline).await.location(), visit);
    assert!(street.get(&visit).await.body.contains("0510-****9999"));
    assert!(told(&app, NEW).await);
    sign_in(&app, &app.browser(), NEW).await;
    pass(&app, 1_000);
    street.post(&phone, &[("phone", NEW)]).await;
    let code = code_sent(&app, NEW, "phone_change_at_counter").await;
    assert_eq!(street.post(&code_page, &[("code", &code)]).await.status, 409, "another account's by now");
    let colleague = clerk(&app, "colleague", "street_officer@320214050").await;
    assert_eq!(colleague.post(&phone, &[("phone", OLD)]).await.status, 403);
}
