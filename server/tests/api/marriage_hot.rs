//! A hot day over HTTP: its own times on a Saturday, booking only, and nobody who says yes at the door.

#![cfg(test)]

use super::marriage::{COUPLE, DAY, office_here};
use super::{Browser, TestApp};

/// A Saturday, twelve days ahead.
pub(super) const SATURDAY: &str = "2026-12-05";

/// The clerk marks a day; gives the answer.
pub(super) async fn mark(clerk: &Browser<'_>, day: &str, times: &str, walk_in: &str) -> super::Answer {
    let key = clerk.get("/staff/marriage/xinwu/hot").await.hidden("idempotency_key");
    let form = [
        ("idempotency_key", key.as_str()),
        ("day", day),
        ("matter", "marriage"),
        ("name", "七夕"),
        ("times", times),
        ("walk_in", walk_in),
    ];
    clerk.post("/staff/marriage/xinwu/hot", &form).await
}

async fn hold_at(browser: &Browser<'_>, day: &str, starts: &str) -> super::Answer {
    let page = browser.get(&format!("/marriage/offices/xinwu/times/marriage/{day}")).await;
    let key = page.hidden("idempotency_key");
    let wanted = [
        ("idempotency_key", key.as_str()),
        ("office", "xinwu"),
        ("matter", "marriage"),
        ("day", day),
        ("starts", starts),
    ];
    browser.post("/marriage/hold", &wanted).await
}

#[tokio::test]
async fn a_hot_saturday_has_its_own_times_and_both_say_yes_before() {
    let app = TestApp::start().await;
    let clerk = office_here(&app).await;
    let wrong = mark(&clerk, SATURDAY, "9:00 20", "").await;
    assert!(wrong.status == 422 && wrong.body.contains("times-error") && wrong.body.contains("9:00 20"));
    let marked = mark(&clerk, SATURDAY, "8:00-10:00 1\n10:00-12:00 2", "no").await;
    assert_eq!(marked.location(), "/staff/marriage/xinwu/hot", "{}", marked.body);
    let again = mark(&clerk, SATURDAY, "8:00-10:00 1", "no").await;
    assert!(again.status == 422 && again.body.contains("已经标记过"), "{}", again.body);
    let page = clerk.get("/staff/marriage/xinwu/hot").await.body;
    assert!(page.contains("8:00–10:00，1 对") && page.contains("只收预约好的"), "{page}");

    let he = app.browser();
    let month = he.get("/marriage/offices/xinwu/times/marriage").await.body;
    assert!(month.contains(&format!("/times/marriage/{SATURDAY}")) && month.contains("七夕，跟平常不一样"));
    let day = he.get(&format!("/marriage/offices/xinwu/times/marriage/{SATURDAY}")).await.body;
    for shown in ["七夕，时间和名额跟平常不一样", "8:00–10:00", "10:00–12:00", "不能到现场再确认"]
    {
        assert!(day.contains(shown), "{shown}: {day}");
    }
    assert!(!day.contains("9:00–11:00"), "the ordinary time");
    assert!(hold_at(&he, SATURDAY, "540").await.status == 422, "no such time on that day");
    let booking = hold_at(&he, SATURDAY, "480").await.location().to_owned();
    let page = he.get(&booking).await;
    assert!(page.body.contains("不能到现场再确认") && !page.body.contains("value=\"door\""), "{}", page.body);
    let key = page.hidden("idempotency_key");
    let mut fields = vec![("idempotency_key", key.as_str())];
    fields.extend(COUPLE.iter().map(|(name, value)| (*name, if *name == "way" { "door" } else { *value })));
    let refused = he.post(&format!("{booking}/couple"), &fields).await;
    assert!(refused.status == 422 && refused.body.contains("way-error") && refused.body.contains("王小明"));
    let key = refused.hidden("idempotency_key");
    let mut fields = vec![("idempotency_key", key.as_str())];
    fields.extend(COUPLE);
    assert_eq!(he.post(&format!("{booking}/couple"), &fields).await.location(), booking);

    let key = he.get(&booking).await.hidden("idempotency_key");
    let cancel = [("idempotency_key", key.as_str()), ("sure", "yes")];
    assert_eq!(he.post(&format!("{booking}/cancel"), &cancel).await.location(), booking);

    // Someone who said 「at the door」 for an ordinary day can't move to the hot one.
    let other = app.browser();
    let booked = super::marriage_door::book(&other).await;
    let key = other.get(&format!("{booked}/move/{SATURDAY}")).await.hidden("idempotency_key");
    let wanted = [("idempotency_key", key.as_str()), ("day", SATURDAY), ("starts", "600")];
    let stays = other.post(&format!("{booked}/move"), &wanted).await;
    assert!(stays.status == 422 && stays.body.contains("两个人都要事先确认"), "{}", stays.body);
    assert!(other.get(&booked).await.body.contains("预约好了"), "the old time is kept");

    // An ordinary day again.
    let page = clerk.get("/staff/marriage/xinwu/hot").await;
    let (_, rest) = page.body.split_once("/staff/marriage/xinwu/hot/").unwrap();
    let end = format!("/staff/marriage/xinwu/hot/{}/end", &rest[..26]);
    let key = page.hidden("idempotency_key");
    assert_eq!(clerk.post(&end, &[("idempotency_key", &key)]).await.location(), "/staff/marriage/xinwu/hot");
    assert!(!he.get("/marriage/offices/xinwu/times/marriage").await.body.contains(SATURDAY));
    let history = clerk.get("/staff/marriage/xinwu").await.body;
    assert!(history.contains("照平常的安排") && history.contains("8:00–10:00，1 对"), "{history}");
}

#[tokio::test]
async fn on_a_day_for_bookings_only_nobody_gets_a_number_without_one() {
    let app = TestApp::start().await;
    let clerk = office_here(&app).await;
    // The clock stands at a Monday in November.
    assert_eq!(mark(&clerk, "2026-11-23", "8:00-18:00 9", "no").await.status, 303);
    let walk_in = async |key: &str, matter: &str| {
        let form = [("idempotency_key", key), ("matter", matter), ("both", "yes")];
        clerk.post("/staff/marriage/xinwu/door/walk-in", &form).await.status
    };
    let door = clerk.get("/staff/marriage/xinwu/door").await.body;
    assert!(!door.contains("value=\"marriage\"") && door.contains("value=\"reissue\""), "{door}");
    assert_eq!(walk_in("00000000000000000000000000000001", "marriage").await, 409);
    assert_eq!(walk_in("00000000000000000000000000000002", "reissue").await, 303);
    // Who books an ordinary day says yes at the door as ever.
    let booked = super::marriage_door::book(&app.browser()).await;
    assert!(booked.starts_with("/marriage/bookings/"), "{DAY}");
}
