//! The door of an office over HTTP: a couple comes with its code, gets a number, is called, and reads of it on its own phone.

#![cfg(test)]

use super::TestApp;
use super::marriage::{COUPLE, DAY, hold, office_here};
use super::staff::account;

/// From 2026-11-23 14:05 to ten to nine on the day of the appointment.
const TO_THE_DAY: i64 = (8 * 24 * 60 - 14 * 60 - 5 + 8 * 60 + 50) * 60_000;

/// A couple books with the other one to be confirmed at the door; gives the booking's address.
pub(super) async fn book(browser: &super::Browser<'_>) -> String {
    let booking = hold(browser).await.location().to_owned();
    let key = browser.get(&booking).await.hidden("idempotency_key");
    let mut fields = vec![("idempotency_key", key.as_str())];
    fields.extend(COUPLE.iter().map(|(name, value)| (*name, if *name == "way" { "door" } else { *value })));
    assert_eq!(browser.post(&format!("{booking}/couple"), &fields).await.location(), booking);
    booking
}

/// The short code on the page, without its dash.
fn short_code(page: &str) -> String {
    let (_, rest) = page.split_once("xw-qr__short").expect("the page shows a code");
    let (_, rest) = rest.split_once('>').unwrap();
    rest.chars().take_while(|c| *c != '<').filter(char::is_ascii_alphanumeric).collect()
}

#[tokio::test]
async fn a_couple_is_checked_in_by_its_code_called_and_reads_how_many_are_before() {
    let app = TestApp::start().await;
    office_here(&app).await;
    account(&app, "far", &["marriage_clerk@demo-11"]).await;
    let he = app.browser();
    let booking = book(&he).await;
    let code = short_code(&he.get(&booking).await.body);
    app.later(TO_THE_DAY);
    let (clerk, far) = (app.browser(), app.browser());
    clerk.sign_in_as("clerk").await;
    far.sign_in_as("far").await;
    let door = "/staff/marriage/xinwu/door";
    assert!(clerk.get("/staff/marriage/xinwu").await.body.contains(door));
    assert!(clerk.get(&format!("/staff/marriage/xinwu/day?day={DAY}")).await.body.contains("还没到"));

    // Somebody without a booking came before them.
    let page = clerk.get(door).await;
    let walk_in = |key: &str, both: &str| {
        [("idempotency_key", key.to_owned()), ("matter", "marriage".to_owned()), ("both", both.to_owned())]
    };
    let post = async |browser: &super::Browser<'_>, path: &str, fields: &[(&str, String)]| {
        let fields: Vec<_> = fields.iter().map(|(name, value)| (*name, value.as_str())).collect();
        browser.post(path, &fields).await
    };
    let key = page.hidden("idempotency_key");
    let alone = post(&clerk, &format!("{door}/walk-in"), &walk_in(&key, "")).await;
    assert!(alone.status == 422 && alone.body.contains("少一位不能办"), "{}", alone.body);
    let given = post(&clerk, &format!("{door}/walk-in"), &walk_in(&key, "yes")).await;
    assert_eq!(given.location(), format!("{door}?given=1"), "{}", given.body);

    // The code: empty, wrong, at another office, and at its own.
    let find = async |browser: &super::Browser<'_>, door: &str, code: &str| {
        browser
            .post(&format!("{door}/find"), &[("idempotency_key", "0000000000000000"), ("code", code)])
            .await
    };
    assert_eq!(find(&clerk, door, " ").await.status, 422);
    assert_eq!(find(&clerk, door, "HY261123000000").await.status, 422);
    let elsewhere = find(&far, "/staff/marriage/demo-11/door", &code).await;
    assert!(elsewhere.status == 422 && !elsewhere.body.contains("王"), "{}", elsewhere.body);
    let token = app.site.store().token_of_short_code(&code).await.unwrap().unwrap();
    let found = find(&clerk, door, &format!("https://example.org/V/{token}")).await;
    let there = found.location().to_owned();
    assert!(there.starts_with(door), "by the whole code: {}", found.body);
    assert_eq!(find(&clerk, door, &code).await.location(), there, "by the short code");
    let couple = clerk.get(&there).await;
    assert!(couple.body.contains("另一位还没有确认过") && !couple.body.contains("王小明"), "{}", couple.body);
    let key = couple.hidden("idempotency_key");
    let arrive = format!("{there}/arrive");
    assert_eq!(clerk.post(&arrive, &[("idempotency_key", &key)]).await.status, 422, "both must be there");
    for _ in 0..2 {
        let given = clerk.post(&arrive, &[("idempotency_key", &key), ("both", "yes")]).await;
        assert_eq!(given.location(), format!("{door}?given=2"), "{}", given.body);
    }
    assert!(clerk.get(&format!("{door}?given=2")).await.body.contains("取好了：2 号"));

    // At ten to nine nobody who booked for nine is due: who came without is called first.
    let own = he.get(&booking).await.body;
    assert!(own.contains("前面还有 1 对") && own.contains("2 号"), "{own}");
    assert!(!own.contains("取消这次预约"), "nobody cancels in the hall");
    app.later(TO_THE_DAY + 600_000);
    let own = he.get(&booking).await.body;
    assert!(own.contains("下一对就是你们"), "{own}");
    let key = clerk.get(door).await.hidden("idempotency_key");
    let next = async |key: &str, counter: &str| {
        clerk.post(&format!("{door}/next"), &[("idempotency_key", key), ("counter", counter)]).await
    };
    assert_eq!(next(&key, "0").await.status, 422);
    let called = next(&key, "3").await;
    assert_eq!(called.location(), format!("{door}?called=2&counter=3"), "{}", called.body);
    assert!(clerk.get(called.location()).await.body.contains("叫到 2 号"));
    assert!(he.get(&booking).await.body.contains("请到 3 号窗口"));
    let hall = app.browser().get("/marriage/offices/xinwu/hall").await;
    assert!(
        hall.body.contains("2 号") && hall.body.contains("请到 3 号窗口") && hall.body.contains("还有 1 对")
    );
    assert!(!hall.body.contains("王") && !hall.body.contains("HY26"), "numbers only: {}", hall.body);
    assert_eq!(hall.header("refresh"), "10");
    let still = app.browser().get("/marriage/offices/xinwu/hall?still=1").await;
    assert!(still.header("refresh").is_empty() && still.body.contains("现在不会自己更新"));
    assert!(clerk.get(&format!("/staff/marriage/xinwu/day?day={DAY}")).await.body.contains("2 号，叫到了"));

    // They leave the counter; who pressed twice is told how it stands.
    let page = clerk.get(door).await.body;
    let (_, rest) = page.split_once(&format!("{door}/visits/")).unwrap();
    let visit = format!("{door}/visits/{}", &rest[..26]);
    let served = [("idempotency_key", "00000000000000000000000000000001"), ("act", "served")];
    assert_eq!(clerk.post(&visit, &served).await.location(), door);
    assert!(he.get(&booking).await.body.contains("离开窗口了"));
    let late = [("idempotency_key", "00000000000000000000000000000002"), ("act", "again")];
    let late = clerk.post(&visit, &late).await;
    assert!(late.status == 422 && late.body.contains("情况刚刚变了"), "{}", late.body);
}

#[tokio::test]
async fn a_couple_of_another_day_gets_no_number() {
    let app = TestApp::start().await;
    let clerk = office_here(&app).await;
    let he = app.browser();
    let booking = book(&he).await;
    let id = booking.strip_prefix("/marriage/bookings/").unwrap();
    let there = format!("/staff/marriage/xinwu/door/{id}");
    assert!(clerk.get(&there).await.body.contains("约的不是今天"));
    let early = [("idempotency_key", "00000000000000000000000000000001"), ("both", "yes")];
    assert_eq!(clerk.post(&format!("{there}/arrive"), &early).await.location(), there);
    assert!(clerk.get("/staff/marriage/xinwu/door").await.body.contains("没有人在等"));
    assert!(he.get(&booking).await.body.contains("预约好了"));
}

#[tokio::test]
async fn a_couple_that_did_not_come_is_told_and_its_objection_is_answered() {
    let app = TestApp::start().await;
    office_here(&app).await;
    let he = app.browser();
    let booking = book(&he).await;
    let id = booking.strip_prefix("/marriage/bookings/").unwrap();
    // Ten in the evening of that day.
    app.later(TO_THE_DAY + 13 * 3_600_000);
    let clerk = app.browser();
    clerk.sign_in_as("clerk").await;
    let there = format!("/staff/marriage/xinwu/door/{id}");
    let page = clerk.get(&there).await;
    assert!(page.body.contains("时间过了，他们没来？"), "{}", page.body);
    let key = page.hidden("idempotency_key");
    for _ in 0..2 {
        let marked =
            clerk.post(&format!("{there}/no-show"), &[("idempotency_key", &key), ("outcome", "")]).await;
        assert_eq!(marked.location(), there, "{}", marked.body);
    }
    let own = he.get(&booking).await;
    assert!(own.body.contains("那天没有等到你们") && own.body.contains("提意见"), "{}", own.body);
    let key = "00000000000000000000000000000007";
    let empty = he.post(&format!("{booking}/object"), &[("idempotency_key", key), ("words", "")]).await;
    assert!(empty.status == 422 && empty.body.contains("words-error"), "{}", empty.body);
    let words = [("idempotency_key", key), ("words", "我们九点就到了")];
    assert_eq!(app.browser().post(&format!("{booking}/object"), &words).await.status, 404, "a stranger");
    assert_eq!(he.post(&format!("{booking}/object"), &words).await.location(), booking);
    assert!(clerk.get("/staff/marriage/xinwu").await.body.contains("有意见，等答复"));
    let page = clerk.get(&there).await;
    assert!(page.body.contains("我们九点就到了"), "{}", page.body);
    let key = page.hidden("idempotency_key");
    let lifted = [("idempotency_key", key.as_str()), ("outcome", "lifted")];
    assert_eq!(clerk.post(&format!("{there}/no-show/settle"), &lifted).await.location(), there);
    assert!(he.get(&booking).await.body.contains("撤销了记录，不算数"));

    // An office that takes nobody without a booking.
    let key = clerk.get("/staff/marriage/xinwu").await.hidden("idempotency_key");
    let rules = [("idempotency_key", key.as_str()), ("walk_in", "no"), ("no_show", "30-15")];
    let changed = clerk.post("/staff/marriage/xinwu/door-rules", &rules).await;
    assert_eq!(changed.location(), "/staff/marriage/xinwu", "{}", changed.body);
    assert!(clerk.get("/staff/marriage/xinwu").await.body.contains("没有预约的不收"));
    assert!(!clerk.get("/staff/marriage/xinwu/door").await.body.contains("没有预约的来了"));
    let walk_in =
        [("idempotency_key", "00000000000000000000000000000009"), ("matter", "marriage"), ("both", "yes")];
    assert_eq!(clerk.post("/staff/marriage/xinwu/door/walk-in", &walk_in).await.status, 409);
}
