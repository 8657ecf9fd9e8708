//! Somebody comes to eat without an order: by card, by telephone, or as a guest; and a second time somewhere else.

#![cfg(test)]

use super::counter::{ELDER as ELDER_SEEN, clerk};
use super::kin::visit_of;
use super::meals::{cooking, send};
use super::meals_desk::registered;
use super::meals_elder::ordered;
use super::residents::ELDER;
use super::{Answer, Browser, TestApp};

const WALK_IN: &str = "/staff/meals/xg-01/walk-in";
const DESK: &str = "/staff/meals/xg-01/hand-out";

/// The dish that an option of the form names.
fn dish_of(list: &str, name: &str) -> String {
    let at = list.find(name).unwrap_or_else(|| panic!("no {name} in {list}"));
    let (_, rest) = list[..at].rsplit_once("value=\"").unwrap();
    rest.split('"').next().unwrap().to_owned()
}

async fn come(cook: &Browser<'_>, dish: &str, fields: &[(&str, &str)]) -> Answer {
    let mut all = vec![("dish", dish), ("paid", "paid")];
    all.extend_from_slice(fields);
    send(cook, WALK_IN, &all).await
}

/// A second point that serves the same lunch.
async fn far_point(app: &TestApp) -> Browser<'_> {
    let far = clerk(app, "far", "meal_point_operator@zc-01").await;
    let times = [
        ("service_kind", "lunch"),
        ("starts", "11:00"),
        ("ends", "14:30"),
        ("cutoff_days", "0"),
        ("cutoff", "9:30"),
    ];
    assert_eq!(send(&far, "/staff/meals/zc-01/services", &times).await.status, 303);
    let menu = [("lines", "2026-11-24,午饭,豆腐煲,11,30,软烂,豆腐")];
    assert_eq!(send(&far, "/staff/meals/zc-01/menu", &menu).await.status, 303);
    far
}

#[tokio::test]
async fn a_guest_eats_at_the_price_as_published_and_a_second_time_is_seen_at_both_points() {
    let app = TestApp::start().await;
    let cook = cooking(&app).await;
    let far = far_point(&app).await;
    app.later(22 * 3_600_000);
    cook.sign_in_as("cook").await;
    far.sign_in_as("far").await;
    let list = cook.get(DESK).await.body;
    let fish = dish_of(&list, "清蒸鱼套餐");
    let guest = [("who", "王大爷"), ("guest", "yes")];
    let look = come(&cook, &fish, &[guest[0], guest[1], ("act", "look")]).await;
    assert_eq!(look.status, 200, "{}", look.body);
    for words in ["原价 12 元", "以街道公布为准，到点支付", "王＊＊"] {
        assert!(look.body.contains(words), "{words}: {}", look.body);
    }
    assert!(cook.get(DESK).await.body.contains("订了 0 份"), "looking takes nothing");
    let wrong = come(&cook, &fish, &[("who", "12"), ("guest", "yes"), ("guest_phone", "12")]).await;
    for field in ["who", "guest_phone"] {
        assert!(wrong.status == 422 && wrong.body.contains(&format!("{field}-error")), "{}", wrong.body);
    }
    assert!(wrong.body.contains("value=\"12\""), "what was typed stays");
    assert_eq!(come(&cook, &fish, &guest).await.location(), DESK);
    let list = cook.get(DESK).await.body;
    assert!(list.contains("原价 12 元，以街道公布为准，到点支付") && !list.contains("收 0 元"), "{list}");
    let again = come(&cook, &fish, &guest).await;
    assert!(again.status == 422 && again.body.contains("这个姓名今天这一餐领过了"), "{}", again.body);
    assert!(again.body.contains("同名的另一位"), "{}", again.body);
    let tofu = dish_of(&far.get("/staff/meals/zc-01/hand-out").await.body, "豆腐煲");
    let there = [("dish", tofu.as_str()), ("paid", "paid"), guest[0], guest[1]];
    let there = send(&far, "/staff/meals/zc-01/walk-in", &there).await;
    assert!(there.status == 422 && there.body.contains("领过了，只算一份"), "{}", there.body);
    for (browser, desk) in [(&cook, DESK), (&far, "/staff/meals/zc-01/hand-out")] {
        let shown = browser.get(desk).await.body;
        assert!(shown.contains("没有给第二份"), "{shown}");
    }
    assert_eq!(come(&cook, &fish, &[guest[0], guest[1], ("apart", "yes")]).await.location(), DESK);
    let month = cook.get("/staff/meals/xg-01/month").await.body;
    assert!(month.contains("以街道公布为准，到点支付"), "{month}");
    assert_eq!(far.post(WALK_IN, &[]).await.status, 403);
}

#[tokio::test]
async fn whoever_is_registered_is_found_by_telephone_and_sees_the_price_first() {
    let app = TestApp::start().await;
    let cook = cooking(&app).await;
    let worker = clerk(&app, "worker", "community_worker@320214050001").await;
    registered(&worker).await;
    app.later(22 * 3_600_000);
    cook.sign_in_as("cook").await;
    let fish = dish_of(&cook.get(DESK).await.body, "清蒸鱼套餐");
    let look = come(&cook, &fish, &[("who", "13900005678"), ("act", "look")]).await.body;
    assert!(look.contains("区里补 4 元，街道补 3 元，收 5 元（示例补贴）"), "{look}");
    let key = crate::seal::random_secret().unwrap();
    let fields = [
        ("idempotency_key", key.as_str()),
        ("who", "13900005678"),
        ("dish", fish.as_str()),
        ("paid", "unpaid"),
    ];
    assert_eq!(cook.post(WALK_IN, &fields).await.location(), DESK);
    assert_eq!(cook.post(WALK_IN, &fields).await.location(), DESK, "the same press");
    let other = [fields[0], fields[1], fields[2], ("paid", "paid")];
    assert_eq!(cook.post(WALK_IN, &other).await.status, 409, "another body with the key");
    let list = cook.get(DESK).await.body;
    assert!(list.contains("订了 1 份，领了 1 份") && list.contains("个人的部分没收"), "{list}");
}

#[tokio::test]
async fn a_paper_card_serves_with_no_telephone_and_an_order_is_handed_out_in_the_list() {
    let app = TestApp::start().await;
    let cook = cooking(&app).await;
    let (_, meal) = ordered(&app).await;
    let street = clerk(&app, "street", "street_officer@320214050").await;
    let visit = visit_of(&street, ELDER, ELDER_SEEN).await;
    let key = street.get(&visit).await.hidden("idempotency_key");
    street.post(&format!("{visit}/card"), &[("idempotency_key", &key)]).await;
    let (code, token): (String, String) = sqlx::query_as(
        "select short_code, token from confirmations where kind = 'card' order by issued_at desc limit 1",
    )
    .fetch_one(&app.database().await)
    .await
    .unwrap();
    app.later(22 * 3_600_000);
    cook.sign_in_as("cook").await;
    let egg = dish_of(&cook.get(DESK).await.body, "肉末蒸蛋");
    let waits = come(&cook, &egg, &[("who", &code)]).await;
    assert!(waits.status == 422 && waits.body.contains("已经订了，编号 ZC"), "{}", waits.body);
    let id = meal.rsplit('/').next().unwrap();
    assert_eq!(send(&cook, &format!("{DESK}/{id}"), &[("paid", "paid")]).await.status, 303);
    let scanned = format!("HTTP://LOCALHOST/V/{token}");
    let again = come(&cook, &egg, &[("who", &scanned)]).await;
    assert!(again.status == 422 && again.body.contains("领过了，只算一份"), "{}", again.body);
    assert!(cook.get(DESK).await.body.contains("没有给第二份"));
}

#[tokio::test]
async fn face_recognition_is_never_the_only_way() {
    let app = TestApp::start().await;
    let cook = cooking(&app).await;
    let (_, meal) = ordered(&app).await;
    let id = meal.rsplit('/').next().unwrap();
    let kept = app.site.store().meal(id).await.unwrap();
    let code = app.site.store().confirmation(&kept.confirmation).await.unwrap().unwrap().short_code;
    app.later(22 * 3_600_000);
    cook.sign_in_as("cook").await;
    // The code on paper, the number and the name find the meal; and a name alone serves whoever has none of them.
    for find in [code.as_str(), kept.number.as_str(), "李大妈"] {
        let found = send(&cook, DESK, &[("find", find)]).await.body;
        assert!(found.contains(&format!("{DESK}/{id}\"")), "{find}: {found}");
        for face in ["人脸", "刷脸", "type=\"file\"", "capture"] {
            assert!(!found.contains(face), "{face}");
        }
    }
    let egg = dish_of(&cook.get(DESK).await.body, "肉末蒸蛋");
    assert_eq!(come(&cook, &egg, &[("who", "王大爷"), ("guest", "yes")]).await.location(), DESK);
}
