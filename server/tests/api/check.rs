//! Checking confirmations over HTTP: how each stands, who sees what of it, the lists for counters, and their scans.

#![cfg(test)]

use app::domain::confirm::check::{CheckState, Standing};
use app::domain::confirm::list::{DayList, StateList};
use app::domain::confirm::{Claims, ConfirmationKind, Holder, ShortCode};
use reqwest::header::{COOKIE, ORIGIN};
use serde_json::{Value, json};

use super::staff::account;
use super::{Answer, Browser, TestApp};
use crate::confirm::{fits, issue_claims};
use crate::store::IdempotencyKey;
use crate::store::audit::Actor;
use crate::store::confirmations::{Belongs, KeptConfirmation};
use crate::store_tests::NOW;

const HOUR: i64 = 3_600_000;

/// A case with its confirmation.
async fn case(app: &TestApp, browser: &Browser<'_>) -> (String, KeptConfirmation) {
    browser.fill_in().await;
    let number = browser.submit().await;
    let kept = app.site.store().confirmations_of_number(&number).await.unwrap().remove(0);
    (number, kept)
}

/// A meal for one use, from now on for six hours.
async fn meal(app: &TestApp) -> KeptConfirmation {
    let claims = Claims {
        issuer: app.site.settings().issuer.clone(),
        issued_at: NOW.seconds(),
        not_before: None,
        expires_at: NOW.seconds() + 6 * 3_600,
        id: [0; 10],
        kind: ConfirmationKind::Meal,
        number: "ZC261123000001".into(),
        office: 320_214_050,
        start: NOW.seconds() + 3_600,
        minutes: 60,
        holder: Some(Holder { name: "李＊＊".into(), document_tail: "909".into() }),
    };
    let store = app.site.store();
    let new = issue_claims(app.site.keys().signing(), claims).await.unwrap();
    let belongs = Belongs { office: Some("xg-01"), ..Belongs::default() };
    let key = IdempotencyKey::new(store, &new.id, "");
    store.issue_confirmation(&new, &belongs, &Actor::System, &key, NOW).await.unwrap();
    store.confirmation(&new.id).await.unwrap().unwrap()
}

async fn clerk<'a>(app: &'a TestApp, login: &str, post: &str) -> Browser<'a> {
    account(app, login, &[post]).await;
    let browser = app.browser();
    browser.sign_in_as(login).await;
    browser
}

fn is(page: &Answer, state: CheckState) {
    let shown = format!("data-state=\"{}\"", state.as_str());
    assert!(page.status == 200 && page.body.contains(&shown), "{state:?}: {}", page.body);
}

/// The list that a counter would load, its signature checked.
async fn states(app: &TestApp) -> StateList {
    let answer = app.request("GET", "/verify/list").send().await.unwrap();
    assert_eq!(answer.headers()["content-type"], "application/cose");
    assert_eq!(answer.headers()["access-control-allow-origin"], "*");
    let signed = StateList::read(&answer.bytes().await.unwrap()).unwrap();
    let ring = app.site.keys();
    let key = ring.public().for_check(signed.key, signed.algorithm, signed.content.made_at).unwrap();
    assert!(fits(key, &signed.message, &signed.signature));
    signed.content
}

#[tokio::test]
async fn a_clerk_of_the_office_cancels_and_everybody_sees_it() {
    let app = TestApp::start().await;
    let (resident, stranger) = (app.browser(), app.browser());
    let (number, kept) = case(&app, &resident).await;
    let here = clerk(&app, "here", "street_officer@320214050").await;
    let there = clerk(&app, "there", "street_officer@320214051").await;
    let path = format!("/V/{}", kept.token);
    let (page, act) =
        (format!("/staff/confirmations/{}", kept.id), format!("/staff/confirmations/{}/cancel", kept.id));
    for browser in [&stranger, &resident, &there] {
        let checked = browser.get(&path).await;
        is(&checked, CheckState::Valid);
        for more in ["作废", "申请人", "王＊＊", "救助", "/staff/confirmations/"] {
            assert!(!checked.body.contains(more), "{more}: {}", checked.body);
        }
        assert!(checked.body.contains("收件凭证") && checked.body.contains("旺庄街道"), "{}", checked.body);
    }
    let checked = here.get(&path).await;
    is(&checked, CheckState::Valid);
    for more in ["王＊＊", act.as_str(), "重新出具", &format!("/staff/cases/{number}")] {
        assert!(checked.body.contains(more), "{more}: {}", checked.body);
    }
    assert!(!checked.body.contains("王小明") && !checked.body.contains(&kept.token));
    assert!(states(&app).await.entries().is_empty());
    // The other office can't, and that is noted; without a reason nobody can.
    let key = checked.hidden("idempotency_key");
    let fields = [("idempotency_key", key.as_str()), ("reason", "misuse")];
    assert_eq!(there.post(&act, &fields).await.status, 403);
    assert_eq!(app.site.store().noted("access_refused", &kept.id).await, 1);
    let asked = here.post(&act, &fields[..1]).await;
    assert!(asked.status == 422 && asked.body.contains("请选择为什么作废"), "{}", asked.body);
    for _ in 0..2 {
        let done = here.post(&act, &fields).await;
        assert_eq!((done.status, done.location()), (303, page.as_str()));
    }
    for browser in [&stranger, &resident, &there, &here] {
        let checked = browser.get(&path).await;
        is(&checked, CheckState::Cancelled);
        assert!(!checked.body.contains("被别人拿去用") || std::ptr::eq(browser, &here));
    }
    let shown = here.get(&page).await.body;
    assert!(shown.contains("被别人拿去用") && !shown.contains(&act), "{shown}");
    // At once, without waiting for the list's half minute.
    let list = states(&app).await;
    assert_eq!(list.standing(&kept.id_bytes().unwrap()), Standing::Cancelled(NOW));
    let own = resident.get(&format!("/confirm/{number}")).await.body;
    assert!(own.contains("这张凭证已作废") && !own.contains("xw-qr__short"), "{own}");
    assert_eq!(resident.get(&format!("/confirm/{number}/slip")).await.status, 303);
    // Dead for good.
    let again = here.post(&act, &[("idempotency_key", &"1".repeat(32)), ("reason", "mistake")]).await;
    assert!(again.status == 409 && again.body.contains("没有办成"), "{}", again.body);
    let anew = format!("{page}/reissue");
    let again = here.post(&anew, &[("idempotency_key", &"2".repeat(32))]).await;
    assert_eq!(again.status, 409);
    assert_eq!(app.site.store().noted("confirmation_cancelled", &kept.id).await, 1);
}

#[tokio::test]
async fn one_issued_anew_takes_the_place_of_the_old_one_everywhere() {
    let app = TestApp::start().await;
    let (resident, stranger) = (app.browser(), app.browser());
    let (number, old) = case(&app, &resident).await;
    let here = clerk(&app, "here", "street_officer@320214050").await;
    let found = here.post("/staff/confirmations", &[("text", &number)]).await;
    let page = format!("/staff/confirmations/{}", old.id);
    assert_eq!(found.location(), page);
    let shown = here.get(&page).await;
    assert!(here.get("/staff/confirmations").await.body.contains(&page), "today's");
    let key = shown.hidden("idempotency_key");
    let done = here.post(&format!("{page}/reissue"), &[("idempotency_key", &key)]).await;
    let id = done.location().strip_prefix("/staff/confirmations/").unwrap().to_owned();
    let second = here.post(&format!("{page}/reissue"), &[("idempotency_key", &key)]).await;
    assert_eq!(second.location(), done.location(), "the same press twice");
    let new = app.site.store().confirmation(&id).await.unwrap().unwrap();
    is(&stranger.get(&format!("/V/{}", old.token)).await, CheckState::Replaced);
    is(&stranger.get(&format!("/V/{}", new.token)).await, CheckState::Valid);
    let own = resident.get(&format!("/confirm/{number}")).await.body;
    let (old_code, new_code) =
        (app::text::short_code(&old.short_code), app::text::short_code(&new.short_code));
    assert!(own.contains(&new_code) && !own.contains(&old_code) && own.contains("二维码已换新"), "{own}");
    assert!(here.get(&page).await.body.contains(&id), "the old one leads to the new one");
    // Found by either code, and by the number the one that holds.
    for (text, id) in [(&old_code, &old.id), (&new_code, &new.id), (&number, &new.id)] {
        let found = here.post("/staff/confirmations", &[("text", text)]).await;
        assert_eq!(found.location(), format!("/staff/confirmations/{id}"));
    }
    let none = here.post("/staff/confirmations", &[("text", "LS000000000000")]).await;
    assert!(none.status == 422 && none.body.contains("没有找到"), "{}", none.body);
    assert_eq!(states(&app).await.standing(&old.id_bytes().unwrap()), Standing::Replaced(NOW));
}

#[tokio::test]
async fn a_token_in_any_dress_is_told_to_nobody_else() {
    let app = TestApp::start().await;
    let browser = app.browser();
    let (_, kept) = case(&app, &browser).await;
    let token = &kept.token;
    let encoded: String = token.bytes().map(|byte| format!("%{byte:02X}")).collect();
    let long = "A".repeat(20_000);
    for (method, path, status, state) in [
        ("GET", format!("/V/{token}"), 200, Some(CheckState::Valid)),
        ("GET", format!("/V/{}", token.to_lowercase()), 200, Some(CheckState::Valid)),
        ("GET", format!("/V/{encoded}"), 200, Some(CheckState::Valid)),
        ("GET", format!("/V/{token}?care=1&from={token}"), 200, Some(CheckState::Valid)),
        ("GET", format!("/V/{token}{token}"), 200, Some(CheckState::NotOurs)),
        ("GET", format!("/V/{long}"), 200, Some(CheckState::NotOurs)),
        ("GET", "/V/%E4%BD%A0%E5%A5%BD".into(), 200, Some(CheckState::NotOurs)),
        ("GET", "/V/%FF".into(), 400, None),
        ("GET", format!("/V/{token}/"), 404, None),
        ("GET", format!("//V/{token}"), 404, None),
        ("GET", format!("/v/{token}"), 404, None),
        ("GET", "/V/".into(), 404, None),
        ("HEAD", format!("/V/{token}"), 200, None),
        ("POST", format!("/V/{token}"), 405, None),
    ] {
        let request = app.request(method, &path).header(ORIGIN, &app.base);
        let answer = app.send(request).await;
        let shown = path.get(..20).unwrap_or(&path);
        assert_eq!(answer.status, status, "{method} {shown}");
        assert_eq!(answer.header("cache-control"), "no-store", "{method} {shown}");
        assert_eq!(answer.header("referrer-policy"), "no-referrer", "{method} {shown}");
        assert_eq!(answer.header("x-robots-tag"), "noindex", "{method} {shown}");
        assert!(!answer.body.contains(token.as_str()), "{method} {shown}: {}", answer.body);
        if let Some(state) = state {
            is(&answer, state);
        }
    }
    // A form that comes from nowhere is offered once more elsewhere than at the token's address.
    let browser = app.browser();
    browser.post("/aid/temporary-aid/apply", &[]).await;
    let nowhere = app.request("POST", &format!("/V/{token}")).header(COOKIE, browser.cookie());
    let answer = app.send(nowhere).await;
    assert!(!answer.body.contains(token.as_str()), "{}", answer.body);
    // Signed by us, and in no record: no green.
    let claims = kept.claims().unwrap();
    let unknown = issue_claims(app.site.keys().signing(), claims).await.unwrap();
    is(&app.browser().get(&format!("/V/{}", unknown.token)).await, CheckState::NoRecord);
    // What is kept of all this names no token.
    let entries: Vec<String> =
        sqlx::query_scalar("select act || object_kind || object || actor from audit_entries")
            .fetch_all(&app.database().await)
            .await
            .unwrap();
    assert!(!entries.is_empty() && entries.iter().all(|entry| !entry.contains(token.as_str())));
}

/// Asks by short code as the counter's page does.
async fn ask(app: &TestApp, browser: &Browser<'_>, code: &str) -> (u16, Value) {
    let request = app
        .request("POST", "/check")
        .header(ORIGIN, &app.base)
        .header(COOKIE, browser.cookie())
        .header("accept", "application/json")
        .header("content-type", "application/x-www-form-urlencoded")
        .body(format!("code={code}"));
    let answer = app.send(request).await;
    assert!(answer.status == 429 || answer.header("cache-control") == "no-store");
    (answer.status, serde_json::from_str(&answer.body).unwrap_or_default())
}

#[tokio::test]
async fn a_short_code_answers_programs_and_wrong_ones_are_limited_for_each_counter() {
    let app = TestApp::start().await;
    let meal = meal(&app).await;
    let counter = clerk(&app, "counter", "meal_point_operator@xg-01").await;
    let stranger = app.browser();
    let (status, said) = ask(&app, &stranger, &app::text::short_code(&meal.short_code)).await;
    assert_eq!(status, 200);
    let expected = json!({
        "state": "valid", "confirmation": null, "token": null, "kind": "meal", "office": 320_214_050, "place": "旺庄街道",
        "start": NOW.seconds() + 3_600, "until": NOW.seconds() + 6 * 3_600,
    });
    assert_eq!(said, expected);
    assert_eq!(ask(&app, &stranger, "00000001").await, (422, json!({ "state": null, "error": "mistyped" })));
    let unknown = |n: u64| ShortCode::from_random(n).as_str().to_owned();
    for n in 0..30 {
        let answer = ask(&app, &stranger, &unknown(n)).await;
        assert_eq!(answer, (422, json!({ "state": null, "error": "unknown" })));
    }
    assert_eq!(ask(&app, &stranger, &unknown(99)).await.0, 429);
    assert_eq!(ask(&app, &app.browser(), &meal.short_code).await.0, 429, "the whole address");
    let (_, said) = ask(&app, &counter, &meal.short_code).await;
    assert_eq!(said["confirmation"], json!(meal.id), "a counter sends its use");
    // A counter has tries of its own, and no end of right ones.
    for n in 0..60 {
        assert_eq!(ask(&app, &counter, &meal.short_code).await.0, 200);
        assert_eq!(ask(&app, &counter, &unknown(n)).await.0, 422);
    }
    assert_eq!(ask(&app, &counter, &unknown(99)).await.0, 429);
}

#[tokio::test]
async fn the_list_of_states_is_made_anew_twice_a_minute_and_known_by_its_tag() {
    let app = TestApp::start().await;
    let first = app.send(app.request("GET", "/verify/list")).await;
    let tag = first.header("etag").to_owned();
    let again = app.send(app.request("GET", "/verify/list").header("if-none-match", &tag)).await;
    assert_eq!((again.status, again.body.as_str()), (304, ""));
    app.later(29_000);
    assert_eq!(states(&app).await.made_at, NOW);
    app.later(31_000);
    assert_eq!(states(&app).await.made_at.0, NOW.0 + 31_000);
    let other = app.send(app.request("GET", "/verify/list").header("if-none-match", &tag)).await;
    assert_eq!(other.status, 200);
}

#[tokio::test]
async fn a_counter_gets_its_own_day_and_nothing_that_names_anybody() {
    let app = TestApp::start().await;
    let (_, receipt) = case(&app, &app.browser()).await;
    let meal = meal(&app).await;
    let point = clerk(&app, "point", "meal_point_operator@xg-01").await;
    let street = clerk(&app, "street", "street_officer@320214050").await;
    let there = clerk(&app, "there", "street_officer@320214051").await;
    let auditor = clerk(&app, "auditor", "auditor@320214").await;
    let ask = async |browser: &Browser<'_>| {
        let request = app.request("GET", "/verify/day-list").header(COOKIE, browser.cookie());
        let answer = request.send().await.unwrap();
        let status = answer.status().as_u16();
        assert!(status != 200 || answer.headers()["cache-control"] == "no-store");
        (status, answer.bytes().await.unwrap())
    };
    assert_eq!(ask(&app.browser()).await.0, 401);
    assert_eq!(ask(&auditor).await.0, 403);
    let read = |bytes: &[u8]| DayList::read(bytes).unwrap().content;
    let find = |list: &DayList, kept: &KeptConfirmation| {
        list.find(&ShortCode::parse(&kept.short_code).unwrap()).map(|entry| entry.id)
    };
    let list = read(&ask(&street).await.1);
    assert_eq!((list.office, list.day), (320_214_050, NOW.shanghai_date()));
    assert_eq!(find(&list, &receipt), receipt.id_bytes());
    assert_eq!(find(&list, &meal), meal.id_bytes());
    let list = read(&ask(&point).await.1);
    assert_eq!((find(&list, &receipt), find(&list, &meal)), (None, meal.id_bytes()));
    assert!(read(&ask(&there).await.1).entries().is_empty());
    let bytes = ask(&street).await.1;
    for canary in [meal.short_code.as_str(), "ZC261123000001", "李", "909"] {
        assert!(!bytes.windows(canary.len()).any(|part| part == canary.as_bytes()), "{canary}");
    }
    // Tomorrow is another day.
    app.later(11 * HOUR);
    let street = app.browser();
    street.sign_in_as("street").await;
    assert!(read(&ask(&street).await.1).entries().is_empty());
}

/// Sends scans as the counter's page does.
async fn send(app: &TestApp, browser: &Browser<'_>, scans: Value) -> (u16, Value) {
    let request = app
        .request("POST", "/verify/scans")
        .header(ORIGIN, &app.base)
        .header(COOKIE, browser.cookie())
        .header("content-type", "application/json")
        .body(json!({ "scans": scans }).to_string());
    let answer = app.send(request).await;
    (answer.status, serde_json::from_str(&answer.body).unwrap_or_default())
}

#[tokio::test]
async fn two_counters_that_took_one_code_learn_who_was_first() {
    let app = TestApp::start().await;
    let meal = meal(&app).await;
    let point = clerk(&app, "point", "meal_point_operator@xg-01").await;
    let street = clerk(&app, "street", "street_officer@320214051").await;
    let auditor = clerk(&app, "auditor", "auditor@320214").await;
    let scan = |id: &str, at: i64, offline: bool| json!({ "id": id.repeat(32), "confirmation": meal.id, "at": NOW.0 + at, "offline": offline });
    let (status, said) = send(&app, &point, json!([scan("1", 5_000, false)])).await;
    assert_eq!(status, 200);
    assert_eq!(said["now"], NOW.0);
    let first = &said["answers"][0];
    assert_eq!((&first["state"], &first["refused"]), (&json!("valid"), &json!(false)));
    assert_eq!(first["first"], json!({ "at": NOW.0, "office": 320_214_050, "place": "xg-01", "own": true }));
    is(&app.browser().get(&format!("/V/{}", meal.token)).await, CheckState::Used);
    assert!(matches!(states(&app).await.standing(&meal.id_bytes().unwrap()), Standing::Used(_)));
    // Another office, later: it is told when and where. The same place once more is told so too.
    app.later(60_000);
    let (_, said) = send(&app, &street, json!([scan("2", 60_000, false)])).await;
    let second = &said["answers"][0];
    assert_eq!(second["state"], "used");
    assert_eq!((&second["first"]["at"], &second["first"]["own"]), (&json!(NOW.0), &json!(false)));
    let (_, said) = send(&app, &point, json!([scan("3", 60_000, false), scan("1", 0, false)])).await;
    assert_eq!(
        (&said["answers"][0]["state"], &said["answers"][0]["first"]["own"]),
        (&json!("used"), &json!(true))
    );
    assert_eq!(said["answers"][1]["state"], "valid", "its own scan stays the use");
    assert_eq!(said["answers"][1]["also"][0]["place"], "硕放街道");
    assert_eq!(app.site.store().noted("confirmation_used", &meal.id).await, 1);
    assert_eq!(app.site.store().noted("confirmation_used_again", &meal.id).await, 1);
    // What is none of theirs.
    assert_eq!(send(&app, &auditor, json!([scan("4", 0, false)])).await.0, 403);
    assert_eq!(send(&app, &app.browser(), json!([scan("4", 0, false)])).await.0, 401);
    let (_, said) = send(&app, &street, json!([scan("1", 0, true)])).await;
    assert_eq!(said["answers"][0]["refused"], true, "another counter's id");
    let unknown = json!([{ "id": "5".repeat(32), "confirmation": "0".repeat(20), "at": 0, "offline": true }]);
    assert_eq!(send(&app, &street, unknown).await.1["answers"][0]["state"], "no_record");
    for wrong in [
        json!([{ "id": "x", "confirmation": meal.id, "at": 0, "offline": true }]),
        json!([{ "id": "5".repeat(32), "confirmation": meal.token, "at": 0, "offline": true }]),
        json!([{ "id": "5".repeat(32), "confirmation": meal.id, "at": -1, "offline": true }]),
        json!(vec![scan("5", 0, true); 201]),
        json!("x"),
    ] {
        assert_eq!(send(&app, &street, wrong).await.0, 400);
    }
    // Staff who look after it see all of it.
    let page = point.get(&format!("/staff/confirmations/{}", meal.id)).await.body;
    assert!(
        page.contains("第一次使用") && page.contains("又扫了一次") && page.contains("硕放街道"),
        "{page}"
    );
    assert!(!page.contains("/reissue"), "what was used is not issued anew: {page}");
}

#[tokio::test]
async fn what_another_office_shows_as_often_as_it_likes_is_answered_and_not_kept() {
    let app = TestApp::start().await;
    let (_, receipt) = case(&app, &app.browser()).await;
    let there = clerk(&app, "there", "street_officer@320214051").await;
    let here = clerk(&app, "here", "street_officer@320214050").await;
    let scan = json!([{ "id": "a".repeat(32), "confirmation": receipt.id, "at": NOW.0, "offline": false }]);
    for (browser, kept) in [(&there, 0), (&here, 1)] {
        let (status, said) = send(&app, browser, scan.clone()).await;
        assert_eq!(status, 200);
        assert_eq!(
            (&said["answers"][0]["state"], &said["answers"][0]["first"]),
            (&json!("valid"), &Value::Null)
        );
        assert_eq!(app.site.store().scans_of(&receipt.id).await.unwrap().len(), kept);
    }
}
