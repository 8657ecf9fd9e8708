//! Residents over HTTP: signing in, sessions, the profile, acting for someone; and what must fail.

#![cfg(test)]

use app::domain::phone::ContactPhone;
use app::domain::time::Instant;

use super::{APPLY, Browser, PAGES, TestApp};

pub(super) const ELDER: &str = "13900005678";
pub(super) const HELPER: &str = "13900001234";
const HOUR: i64 = 3_600_000;
const DAY: i64 = 24 * HOUR;

pub(super) const IDENTITY: &[(&str, &str)] = &[
    ("name", "王小明"),
    ("document_kind", "citizen_id"),
    ("document_number", "320205199912319937"),
    ("consent", "2026-11-24"),
];

/// The digits of the last message of a template to a number.
pub(super) async fn code_sent(app: &TestApp, number: &str, template: &'static str) -> String {
    let phone = ContactPhone::parse(number).unwrap();
    let text = app.site.store().last_message_to(&phone, template).await.unwrap().unwrap();
    let mut runs = text.split(|c: char| !c.is_ascii_digit());
    runs.rfind(|run| run.len() == 6).unwrap().to_owned()
}

/// Signs in; gives where it led.
pub(super) async fn sign_in(app: &TestApp, browser: &Browser<'_>, number: &str) -> String {
    // A moment later, so that the newest message is known as such.
    app.clock.set(Instant(app.site.clock().now().0 + 1_000));
    assert_eq!(browser.post("/sign-in", &[("phone", number)]).await.location(), "/sign-in/code?next=/me");
    let code = code_sent(app, number, "sign_in_code").await;
    let answer = browser.post("/sign-in/code", &[("code", &code), ("next", "/me")]).await;
    assert_eq!(answer.status, 303, "{}", answer.body);
    answer.location().to_owned()
}

#[tokio::test]
async fn one_signs_in_with_a_code_and_known_and_unknown_numbers_are_answered_alike() {
    let app = TestApp::start().await;
    let (first, second) = (app.browser(), app.browser());
    let unknown = first.post("/sign-in", &[("phone", HELPER)]).await;
    assert_eq!(sign_in(&app, &second, HELPER).await, "/me");
    assert!(second.get("/me").await.body.contains("退出登录"));
    let known = first.post("/sign-in", &[("phone", HELPER)]).await;
    assert_eq!((unknown.status, unknown.location()), (known.status, known.location()));
    let wrong = first.post("/sign-in", &[("phone", "139")]).await;
    assert_eq!(wrong.status, 422);
    assert!(wrong.body.contains("value=\"139\""), "what was typed stays");
}

#[tokio::test]
async fn a_planted_session_or_device_cookie_is_worth_nothing_after_signing_in() {
    let app = TestApp::start().await;
    let victim = app.browser();
    victim.post(APPLY, &[]).await;
    let planted = victim.cookie();
    assert!(planted.starts_with("xw_visitor="));
    sign_in(&app, &victim, HELPER).await;
    assert!(!victim.cookie().contains(&planted), "the device's cookie is another one now");
    let thief = app.request("GET", "/me").header("cookie", &planted);
    let page = app.send(thief).await.body;
    assert!(page.contains("登录") && !page.contains("退出登录") && !page.contains("接着填"), "{page}");
    // A token that the server never made opens nothing and is never taken over.
    let made_up = format!("xw_session={}", "a".repeat(32));
    let answer = app.send(app.request("GET", "/me/profile").header("cookie", made_up)).await;
    assert_eq!(answer.location(), "/sign-in?next=/me/profile");
}

#[tokio::test]
async fn codes_can_neither_be_guessed_nor_used_twice_nor_in_another_browser() {
    let app = TestApp::start().await;
    let browser = app.browser();
    browser.post("/sign-in", &[("phone", HELPER)]).await;
    let right = code_sent(&app, HELPER, "sign_in_code").await;
    let other = app.browser();
    let stolen = other.post("/sign-in/code", &[("code", &right)]).await;
    assert_eq!(stolen.location(), "/sign-in?next=/me", "a code belongs to the browser that asked for it");
    let wrong = if right == "000000" { "000001" } else { "000000" };
    for _ in 0..5 {
        let answer = browser.post("/sign-in/code", &[("code", wrong)]).await;
        assert_eq!(answer.status, 422);
        assert!(!answer.body.contains(wrong));
    }
    let late = browser.post("/sign-in/code", &[("code", &right)]).await;
    assert_eq!(late.status, 422, "after five wrong tries the right one is refused too");
    assert!(app.site.store().audit_acts().await.iter().filter(|act| *act == "sign_in_refused").count() >= 6);
    for _ in 0..4 {
        assert_eq!(browser.post("/sign-in", &[("phone", HELPER)]).await.status, 303);
    }
    let flood = browser.post("/sign-in", &[("phone", HELPER)]).await;
    assert_eq!(flood.status, 429, "five codes an hour for one number");
    assert_eq!(other.post("/sign-in", &[("phone", ELDER)]).await.status, 303, "others are not kept out");
}

#[tokio::test]
async fn an_ended_session_loses_nothing_that_was_typed() {
    let app = TestApp::start().await;
    let browser = app.browser();
    sign_in(&app, &browser, HELPER).await;
    browser.post(APPLY, &[]).await;
    app.later(2 * HOUR);
    let typed = [("name", "王小明"), ("mobile", "1390000")];
    let answer = browser.post(&format!("{APPLY}/applicant"), &typed).await;
    assert_eq!(answer.status, 401);
    for kept in ["name=\"name\" value=\"王小明\"", "name=\"mobile\" value=\"1390000\"", "再提交一次"]
    {
        assert!(answer.body.contains(kept), "{kept}");
    }
    sign_in(&app, &browser, HELPER).await;
    let again = browser.post(&format!("{APPLY}/applicant"), &typed).await;
    assert_eq!(again.status, 422, "the form itself answers now");
}

#[tokio::test]
async fn an_open_page_asks_how_long_the_session_lasts_and_goes_on_with_it() {
    let app = TestApp::start().await;
    let browser = app.browser();
    let minute = 60_000;
    assert_eq!(browser.get("/sign-in/left").await.body, "0 0");
    sign_in(&app, &browser, HELPER).await;
    assert!(browser.get("/me").await.body.contains("session-prompt"));
    assert!(!app.browser().get("/me").await.body.contains("session-prompt"));
    let start = app.site.clock().now();
    let later = |ms: i64| app.clock.set(Instant(start.0 + ms));
    later(50 * minute);
    let left = browser.get("/sign-in/left").await;
    assert_eq!(left.body, format!("{} {}", 10 * minute, 12 * HOUR - 50 * minute));
    assert_eq!(left.header("cache-control"), "no-store");
    later(59 * minute);
    assert_eq!(browser.get("/sign-in/left").await.body, format!("{minute} {}", 11 * HOUR + minute));
    let stayed = browser.post("/sign-in/left", &[]).await;
    assert_eq!(stayed.body, format!("{HOUR} {}", 12 * HOUR));
    later(59 * minute + HOUR);
    assert_eq!(browser.get("/sign-in/left").await.body, "0 0", "asking alone keeps nothing open");
    assert_eq!(browser.post("/sign-in/left", &[]).await.body, "0 0");
    assert_eq!(browser.get("/me/profile").await.status, 303);
    // Up to seven days from the sign-in, and no longer.
    sign_in(&app, &browser, HELPER).await;
    let start = app.site.clock().now();
    let mut at = 0;
    while at < 7 * DAY - HOUR {
        at += 50 * minute;
        app.clock.set(Instant(start.0 + at));
        browser.post("/sign-in/left", &[]).await;
    }
    let end = browser.get("/sign-in/left").await.body;
    app.clock.set(Instant(start.0 + at + 50 * minute));
    browser.post("/sign-in/left", &[]).await;
    app.clock.set(Instant(start.0 + at + 55 * minute));
    let after = browser.post("/sign-in/left", &[]).await.body;
    let end_of = |text: &str| text.split_once(' ').unwrap().1.parse::<i64>().unwrap();
    assert!(end_of(&after) < end_of(&end), "{end} then {after}");
    // From another site nothing is done.
    let forged = app.request("POST", "/sign-in/left").header("cookie", browser.cookie());
    assert_eq!(app.send(forged.header("origin", "https://evil.example")).await.status, 403);
}

#[tokio::test]
async fn the_profile_fills_the_form_and_each_value_stands_in_one_place() {
    let app = TestApp::start().await;
    let browser = app.browser();
    sign_in(&app, &browser, HELPER).await;
    let empty = browser.post("/me/profile/identity", &[]).await;
    assert_eq!(empty.status, 422);
    assert_eq!(browser.post("/me/profile/identity", IDENTITY).await.status, 303);
    let home = [("street", "320214050"), ("community", "320214050001"), ("detail", "新光路 1 号")];
    assert_eq!(browser.post("/me/profile/address", &home).await.status, 303);
    let (_, member) = PAGES[2];
    assert_eq!(browser.post("/me/profile/household/aaaaaaaa", member).await.status, 303);
    let needs = [("large_text", "yes"), ("reach", "inbox")];
    assert_eq!(browser.post("/me/profile/needs", &needs).await.location(), "/me/profile?care=1");
    let page = browser.get("/me/profile").await.body;
    assert!(page.contains("王小明") && !page.contains("320205199912319937"), "masked: {page}");
    browser.post(APPLY, &[]).await;
    let applicant = browser.get(&format!("{APPLY}/applicant")).await.body;
    for value in ["王小明", "320205199912319937", HELPER] {
        assert!(applicant.contains(value), "{value}");
    }
    assert!(browser.get(&format!("{APPLY}/household")).await.body.contains("李大妈"));
    // A draft that goes on is never filled over.
    browser.post(&format!("{APPLY}/applicant"), &[("name", "王大明")]).await;
    browser.post(APPLY, &[]).await;
    assert!(browser.get(&format!("{APPLY}/applicant")).await.body.contains("王大明"));
}

#[tokio::test]
async fn a_new_device_proves_name_and_digits_before_old_things_open() {
    let app = TestApp::start().await;
    let (old, new) = (app.browser(), app.browser());
    sign_in(&app, &old, HELPER).await;
    old.post("/me/profile/identity", IDENTITY).await;
    assert_eq!(sign_in(&app, &new, HELPER).await, "/sign-in/prove?next=/me");
    for path in ["/me/profile", "/me/data", "/me/acting", "/me/inbox"] {
        assert_eq!(new.get(path).await.status, 303, "{path} is closed");
    }
    assert!(!new.get("/").await.body.contains("已登录"));
    let wrong = new.post("/sign-in/prove", &[("name", "王小明"), ("document_tail", "1234")]).await;
    assert_eq!(wrong.status, 422);
    let right = [("name", "王小明"), ("document_tail", "9937"), ("next", "/me")];
    assert_eq!(new.post("/sign-in/prove", &right).await.location(), "/me");
    assert_eq!(new.get("/me/profile").await.status, 200);
    // Another person with the number finds nothing.
    let stranger = app.browser();
    sign_in(&app, &stranger, HELPER).await;
    assert_eq!(stranger.post("/sign-in/fresh", &[("next", "/me")]).await.location(), "/me");
    assert!(!stranger.get("/me/profile").await.body.contains("王小明"));
    assert_eq!(old.get("/me/profile").await.status, 303, "the old sessions ended");
}

/// The helper asks, the elder agrees on a phone of their own; gives the agreement's id.
pub(super) async fn agreed(app: &TestApp, helper: &Browser<'_>, scope: &str) -> String {
    sign_in(app, helper, HELPER).await;
    helper.post("/me/profile/identity", IDENTITY).await;
    let key = helper.get("/me/acting/new").await.hidden("idempotency_key");
    let ask = [
        ("idempotency_key", key.as_str()),
        ("name", "李大妈"),
        ("phone", ELDER),
        ("relation", "parent"),
        (scope, "yes"),
        ("ends_on", "2026-12-31"),
    ];
    assert_eq!(helper.post("/me/acting/new", &ask).await.location(), "/me/acting");
    let phone = ContactPhone::parse(ELDER).unwrap();
    let text = app.site.store().last_message_to(&phone, "proxy_request").await.unwrap().unwrap();
    let path = text.split("/acting/").nth(1).unwrap().split(' ').next().unwrap();
    let code = code_sent(app, ELDER, "proxy_request").await;
    let elder = app.browser();
    let page = format!("/acting/{path}");
    assert!(elder.get(&page).await.body.contains("王＊＊"));
    let wrong = if code == "000000" { "000001" } else { "000000" };
    assert_eq!(elder.post(&page, &[("code", wrong), ("answer", "agree")]).await.status, 422);
    assert_eq!(elder.post(&page, &[("code", &code), ("answer", "agree")]).await.status, 303);
    let list = helper.get("/me/acting").await.body;
    list.split("/me/acting/").find_map(|part| part.split_once("/begin")).unwrap().0.to_owned()
}

#[tokio::test]
async fn a_helper_applies_for_the_elder_and_both_hear_of_it() {
    let app = TestApp::start().await;
    let helper = app.browser();
    let id = agreed(&app, &helper, "scope_aid").await;
    assert_eq!(helper.post(&format!("/me/acting/{id}/begin"), &[]).await.status, 303);
    let home = helper.get("/").await.body;
    assert!(home.contains("您正在替"), "the banner is on every page");
    let profile = helper.get("/me/profile").await;
    assert!(profile.status == 403 && profile.body.contains("这一页是您自己的事"), "{}", profile.body);
    helper.post(APPLY, &[]).await;
    let applicant = helper.get(&format!("{APPLY}/applicant")).await.body;
    assert!(
        !applicant.contains("王小明") && !applicant.contains("320205199912319937"),
        "nothing of the helper's"
    );
    helper.fill_in().await;
    let number = helper.submit().await;
    assert!(helper.get("/me").await.body.contains(&number));
    helper.post("/me/acting/stop", &[]).await;
    assert!(!helper.get("/me").await.body.contains(&number), "it is the elder's");
    assert!(helper.get("/me/inbox").await.body.contains(&number));
    let elder = app.browser();
    // The application's own name and digits prove the elder on a new device, though a helper typed them.
    assert_eq!(sign_in(&app, &elder, ELDER).await, "/sign-in/prove?next=/me");
    assert!(!elder.get("/me").await.body.contains(&number), "the telephone alone opens nothing");
    let proof = [("name", "王小明"), ("document_tail", "9937"), ("next", "/me")];
    assert_eq!(elder.post("/sign-in/prove", &proof).await.location(), "/me");
    let mine = elder.get("/me").await.body;
    assert!(mine.contains(&number), "{mine}");
    assert!(elder.get("/me/inbox").await.body.contains("临时救助申请"));
}

#[tokio::test]
async fn an_agreement_that_ended_takes_nothing_more_in_another_tab() {
    let app = TestApp::start().await;
    let helper = app.browser();
    let id = agreed(&app, &helper, "scope_aid").await;
    helper.post(&format!("/me/acting/{id}/begin"), &[]).await;
    helper.post(APPLY, &[]).await;
    let elder = app.browser();
    sign_in(&app, &elder, ELDER).await;
    assert_eq!(elder.post(&format!("/me/acting/{id}/end"), &[]).await.status, 303);
    let late = helper.post(&format!("{APPLY}/applicant"), &[("name", "李大妈")]).await;
    assert_eq!(late.status, 403);
    assert!(late.body.contains("代办已经结束"), "{}", late.body);
    assert!(app.site.store().audit_acts().await.contains(&"proxy_misused".to_owned()));
    assert!(!helper.get("/").await.body.contains("您正在替"));
    assert_eq!(helper.post(&format!("/me/acting/{id}/begin"), &[]).await.status, 404);
}

#[tokio::test]
async fn an_agreement_holds_for_its_services_alone_and_for_its_two_people() {
    let app = TestApp::start().await;
    let helper = app.browser();
    let id = agreed(&app, &helper, "scope_meals").await;
    helper.post(&format!("/me/acting/{id}/begin"), &[]).await;
    for answer in [helper.get(APPLY).await, helper.post(APPLY, &[]).await] {
        assert_eq!(answer.status, 403, "aid was not agreed to");
        assert!(answer.body.contains("这件事没有约定代办"), "{}", answer.body);
    }
    assert_eq!(app.site.store().noted("proxy_misused", &id).await, 2, "each try is noted");
    let stranger = app.browser();
    sign_in(&app, &stranger, "13900009999").await;
    for act in ["begin", "end"] {
        assert_eq!(stranger.post(&format!("/me/acting/{id}/{act}"), &[]).await.status, 404, "{act}");
    }
    assert_eq!(app.site.store().noted("access_refused", &id).await, 2);
    // What somebody writes into the address is not kept.
    assert_eq!(stranger.post("/me/acting/wangxiaoming/end", &[]).await.status, 404);
    assert_eq!(app.site.store().noted("access_refused", "wangxiaoming").await, 0);
    assert_eq!(app.site.store().noted("access_refused", "").await, 1);
}

#[tokio::test]
async fn nobody_agrees_to_oneself() {
    let app = TestApp::start().await;
    let helper = app.browser();
    sign_in(&app, &helper, HELPER).await;
    helper.post("/me/profile/identity", IDENTITY).await;
    let key = helper.get("/me/acting/new").await.hidden("idempotency_key");
    let own = [
        ("idempotency_key", key.as_str()),
        ("name", "李大妈"),
        ("phone", HELPER),
        ("relation", "parent"),
        ("scope_aid", "yes"),
        ("ends_on", "2026-12-31"),
    ];
    let answer = helper.post("/me/acting/new", &own).await;
    assert_eq!(answer.status, 422);
    assert!(answer.body.contains("这是您自己的号码"));
}

#[tokio::test]
async fn one_reads_takes_and_deletes_ones_own_data_and_nobody_elses() {
    let app = TestApp::start().await;
    let (me, other) = (app.browser(), app.browser());
    sign_in(&app, &me, HELPER).await;
    me.post("/me/profile/identity", IDENTITY).await;
    sign_in(&app, &other, ELDER).await;
    let file = me.get("/me/data/export").await;
    assert_eq!(file.header("content-type"), "application/json; charset=utf-8");
    assert!(file.body.contains("320205199912319937"));
    assert!(me.get("/me/data/readable").await.body.contains("320205199912319937"));
    assert!(!other.get("/me/data/export").await.body.contains("320205199912319937"));
    assert_eq!(me.post("/me/data/delete", &[]).await.status, 422, "only on purpose");
    assert_eq!(me.post("/me/data/delete", &[("sure", "yes")]).await.location(), "/account-deleted");
    assert_eq!(me.get("/me/profile").await.status, 303);
    assert_eq!(sign_in(&app, &app.browser(), HELPER).await, "/me", "the number begins anew");
}

#[tokio::test]
async fn devices_are_listed_ended_and_signed_out_together() {
    let app = TestApp::start().await;
    let (one, two) = (app.browser(), app.browser());
    sign_in(&app, &one, HELPER).await;
    sign_in(&app, &two, HELPER).await;
    let list = one.get("/me/devices").await.body;
    let other = list.split("/me/devices/").nth(1).unwrap().split('/').next().unwrap().to_owned();
    let stranger = app.browser();
    sign_in(&app, &stranger, ELDER).await;
    assert_eq!(stranger.post(&format!("/me/devices/{other}/end"), &[]).await.status, 404);
    assert_eq!(app.site.store().noted("access_refused", &other).await, 1);
    assert_eq!(two.get("/me/devices").await.status, 200);
    one.post(&format!("/me/devices/{other}/end"), &[]).await;
    assert_eq!(two.get("/me/devices").await.status, 303);
    one.post("/sign-out/everywhere", &[]).await;
    assert_eq!(one.get("/me/devices").await.status, 303);
}

#[tokio::test]
async fn an_unused_number_is_asked_for_proof_on_a_known_device_too() {
    let app = TestApp::start().await;
    let browser = app.browser();
    sign_in(&app, &browser, HELPER).await;
    browser.post("/me/profile/identity", IDENTITY).await;
    browser.post("/sign-out", &[]).await;
    app.later(179 * DAY);
    assert_eq!(sign_in(&app, &browser, HELPER).await, "/me");
    browser.post("/sign-out", &[]).await;
    app.later((179 + 181) * DAY);
    assert_eq!(sign_in(&app, &browser, HELPER).await, "/sign-in/prove?next=/me");
}

#[tokio::test]
async fn a_complaint_is_the_devices_and_neither_the_accounts_nor_the_elders() {
    let app = TestApp::start().await;
    let (helper, elder, other) = (app.browser(), app.browser(), app.browser());
    let before = super::staff::complain(&helper, "320214050", "").await;
    let id = agreed(&app, &helper, "scope_aid").await;
    let signed_in = super::staff::complain(&helper, "320214050", "").await;
    helper.post(&format!("/me/acting/{id}/begin"), &[]).await;
    let acting = super::staff::complain(&helper, "320214050", "").await;
    sign_in(&app, &elder, ELDER).await;
    for feedback in [&before, &signed_in, &acting] {
        let page = elder.get(feedback).await.body;
        assert!(page.contains("已收到") && !page.contains("三个小时"), "{page}");
        assert!(helper.get(feedback).await.body.contains("三个小时"));
    }
    // What was proved while acting is the device's too.
    let others = super::staff::complain(&other, "320214050", "").await;
    assert_eq!(helper.post(&others, &[("code", "1234")]).await.location(), others);
    assert!(helper.get(&others).await.body.contains("三个小时"));
    assert!(!elder.get(&others).await.body.contains("三个小时"));
    helper.post("/me/acting/stop", &[]).await;
    assert!(helper.get(&acting).await.body.contains("三个小时"), "it was the helper who wrote it");
    let database = app.database().await;
    for query in [
        "select count(*) from complaints where device like 'resident:%'",
        "select count(*) from confirmation_grants where owner like 'resident:%'",
        "select count(*) from idempotency_keys where act = 'complaint' and owner like 'resident:%'",
        "select count(*) from audit_entries where act = 'complaint_received' and actor <> ''",
    ] {
        let found: i64 = sqlx::query_scalar(query).fetch_one(&database).await.unwrap();
        assert_eq!(found, 0, "{query}");
    }
}

#[tokio::test]
async fn a_confirmation_that_was_proved_while_acting_is_not_opened_to_the_elder() {
    let app = TestApp::start().await;
    let (applicant, helper, elder) = (app.browser(), app.browser(), app.browser());
    applicant.fill_in().await;
    let number = applicant.submit().await;
    let id = agreed(&app, &helper, "scope_meals").await;
    helper.post(&format!("/me/acting/{id}/begin"), &[]).await;
    let page = format!("/confirm/{number}");
    let opened = helper.post("/confirm", &[("number", &number), ("mobile_tail", "1234")]).await;
    assert_eq!(opened.location(), page);
    assert!(helper.get(&page).await.body.contains("王＊＊"), "what was proved opens here");
    sign_in(&app, &elder, ELDER).await;
    assert!(!elder.get(&page).await.body.contains("王＊＊"));
    helper.post("/me/acting/stop", &[]).await;
    assert!(helper.get(&page).await.body.contains("王＊＊"));
}

#[tokio::test]
async fn wrong_digits_for_a_confirmation_are_noted_and_so_is_each_letter_that_staff_read() {
    let app = TestApp::start().await;
    let (applicant, stranger, me) = (app.browser(), app.browser(), app.browser());
    applicant.fill_in().await;
    let number = applicant.submit().await;
    let case = app.site.store().find_case(&number).await.unwrap().unwrap();
    let wrong = stranger.post("/confirm", &[("number", &number), ("mobile_tail", "9999")]).await;
    assert_eq!(wrong.status, 422);
    assert_eq!(app.site.store().noted("access_refused", &case.id).await, 1);

    sign_in(&app, &me, ELDER).await;
    let resident: String = sqlx::query_scalar("select id from residents limit 1")
        .fetch_one(&app.database().await)
        .await
        .unwrap();
    let mut tx = app.site.store().begin().await;
    let letter = crate::store::messages::NewMessage {
        resident: Some(&resident),
        area: "320214050",
        channel: crate::store::messages::Channel::Letter,
        template: "test",
        to: "旺庄街道新光路 1 号 李大妈",
        text: "您的申请已经收到。",
        urgent: false,
        expires_at: None,
    };
    let id = app.site.store().enqueue(&mut tx, &letter, app.site.clock().now()).await.unwrap();
    tx.commit().await.unwrap();
    assert!(!me.get("/me/data").await.body.contains("看了您的材料"));
    super::staff::account(&app, "street", &["street_officer@320214050"]).await;
    let officer = app.browser();
    officer.sign_in_as("street").await;
    assert_eq!(officer.get(&format!("/staff/deliveries/{id}")).await.status, 200);
    let opened = me.get("/me/data").await.body;
    assert!(opened.contains("看了您的材料，为了送达通知"), "{opened}");
}
