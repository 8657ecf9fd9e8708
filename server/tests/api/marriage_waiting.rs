//! The line of a full day over HTTP: a couple waits, is offered the place that another gives back, and takes it.

#![cfg(test)]

use super::TestApp;
use super::marriage::{COUPLE, DAY, hold, office_here};

#[tokio::test]
async fn a_couple_waits_and_takes_the_place_that_another_gives_back() {
    let app = TestApp::start().await;
    office_here(&app).await;
    let (booked, he, rival) = (app.browser(), app.browser(), app.browser());
    let taken = hold(&booked).await.location().to_owned();
    let month = he.get("/marriage/offices/xinwu/times/marriage").await.body;
    assert!(month.contains("可以排队"), "{month}");
    let day = he.get(&format!("/marriage/offices/xinwu/times/marriage/{DAY}")).await.body;
    let line = format!("/marriage/offices/xinwu/wait/marriage/{DAY}");
    assert!(day.contains(&line), "{day}");
    let key = he.get(&line).await.hidden("idempotency_key");
    let empty = he.post(&line, &[("idempotency_key", &key), ("mobile", "")]).await;
    assert!(empty.status == 422 && empty.body.contains("mobile-error"), "{}", empty.body);
    let join = [("idempotency_key", key.as_str()), ("mobile", "13900001234")];
    let joined = he.post(&line, &join).await;
    let place = joined.location().to_owned();
    assert!(place.starts_with("/marriage/waiting/"), "{}", joined.body);
    assert_eq!(he.post(&line, &join).await.location(), place, "the same press");
    let page = he.get(&place).await.body;
    assert!(page.contains("第 1 位") && page.contains("前面还有 0 对"), "{page}");
    assert!(he.get("/marriage/waiting").await.body.contains(&place));
    assert_eq!(rival.get(&place).await.status, 404, "a stranger");
    assert!(rival.get("/marriage/waiting").await.body.contains("没有排队"));

    // The other couple gives its place back: it is kept for those who wait, whoever asks first.
    let key = booked.get(&taken).await.hidden("idempotency_key");
    let cancel = [("idempotency_key", key.as_str()), ("sure", "yes")];
    assert_eq!(booked.post(&format!("{taken}/cancel"), &cancel).await.location(), taken);
    let page = he.get(&place).await.body;
    assert!(page.contains("排到你们了") && page.contains("11月23日 16:05"), "{page}");
    let (_, rest) = page.split_once("/marriage/bookings/").unwrap();
    let booking = format!("/marriage/bookings/{}", &rest[..26]);
    assert_eq!(rival.get(&booking).await.status, 404);
    let key = he.get(&booking).await.hidden("idempotency_key");
    let mut fields = vec![("idempotency_key", key.as_str())];
    fields.extend(COUPLE.iter().map(|(name, value)| (*name, if *name == "way" { "door" } else { *value })));
    assert_eq!(he.post(&format!("{booking}/couple"), &fields).await.location(), booking);
    let page = he.get(&place).await.body;
    assert!(page.contains("已经去约") && page.contains(&booking), "{page}");
}

#[tokio::test]
async fn one_leaves_a_line_and_a_day_that_is_too_near_has_none() {
    let app = TestApp::start().await;
    office_here(&app).await;
    let (booked, he) = (app.browser(), app.browser());
    hold(&booked).await;
    let line = format!("/marriage/offices/xinwu/wait/marriage/{DAY}");
    let key = he.get(&line).await.hidden("idempotency_key");
    let join = [("idempotency_key", key.as_str()), ("mobile", "13900001234")];
    let place = he.post(&line, &join).await.location().to_owned();
    let key = he.get(&place).await.hidden("idempotency_key");
    for _ in 0..2 {
        assert_eq!(he.post(&format!("{place}/leave"), &[("idempotency_key", &key)]).await.location(), place);
    }
    assert!(he.get(&place).await.body.contains("退出了排队"));
    assert_eq!(he.get("/marriage/offices/xinwu/wait/marriage/2026-11-24").await.status, 404, "too near");
    assert_eq!(he.get("/marriage/offices/xinwu/wait/marriage/2026-11-28").await.status, 404, "a Saturday");

    // Two days before the day the line is still open, one day before it ends.
    let key = he.get(&line).await.hidden("idempotency_key");
    let join = [("idempotency_key", key.as_str()), ("mobile", "13900001234")];
    // The time that another held has run out: it is offered at once.
    app.later(600_000);
    let place = he.post(&line, &join).await.location().to_owned();
    assert!(he.get(&place).await.body.contains("排到你们了"), "{}", he.get(&place).await.body);
}

#[tokio::test]
async fn who_takes_their_data_along_finds_the_line_and_what_the_office_wrote() {
    let app = TestApp::start().await;
    let clerk = office_here(&app).await;
    let (booked, he, other) = (app.browser(), app.browser(), app.browser());
    super::residents::sign_in(&app, &booked, "13900000001").await;
    super::residents::sign_in(&app, &he, "13900000002").await;
    super::residents::sign_in(&app, &other, "13900000003").await;
    let booking = super::marriage_door::book(&booked).await;
    let id = booking.strip_prefix("/marriage/bookings/").unwrap();
    let note = [
        ("idempotency_key", "00000000000000000000000000000001"),
        ("words", "请把军人证也带来"),
        ("shown", "yes"),
    ];
    assert_eq!(clerk.post(&format!("/staff/marriage/xinwu/door/{id}/note"), &note).await.status, 303);
    let line = format!("/marriage/offices/xinwu/wait/marriage/{DAY}");
    let key = he.get(&line).await.hidden("idempotency_key");
    let join = [("idempotency_key", key.as_str()), ("mobile", "13900000002")];
    assert_eq!(he.post(&line, &join).await.status, 303);
    let export = async |browser: &super::Browser<'_>| browser.get("/me/data/export").await.body;
    let (mine, his, none) = (export(&booked).await, export(&he).await, export(&other).await);
    assert!(mine.contains("请把军人证也带来"), "{mine}");
    assert!(his.contains("marriage_lines") && his.contains(DAY) && !his.contains("军人证"), "{his}");
    assert!(!none.contains(DAY), "{none}");
    assert!(he.get("/me/data/readable").await.body.contains("婚姻登记排队"));
    // Who deletes the account leaves the line.
    he.post("/me/data/delete", &[("sure", "yes")]).await;
    let waits = app.site.store().somebody_waits((
        "xinwu",
        app::domain::marriage::Matter::MarriageRegistration,
        DAY.parse().unwrap(),
    ));
    assert!(!waits.await.unwrap());
}
