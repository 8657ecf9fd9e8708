//! A draw over HTTP: its hash before, entries by two phones each, the order after, and what both of a couple read.

#![cfg(test)]

use app::domain::marriage::PublishedDraw;

use super::marriage::office_here;
use super::marriage_hot::SATURDAY;
use super::residents::code_sent;
use super::{Browser, TestApp};

const HOUR: i64 = 3_600_000;

/// A made-up citizen's number of somebody born in 1995, with its check character (GB 11643).
fn person(at: usize) -> String {
    let body = format!("32020519950510{at:03}");
    let weights = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
    let sum: u32 = body.chars().zip(weights).map(|(c, weight)| c.to_digit(10).unwrap() * weight).sum();
    format!("{body}{}", "10X98765432".chars().nth(usize::try_from(sum % 11).unwrap()).unwrap())
}

async fn mark(clerk: &Browser<'_>, opens: &str, closes: &str) -> super::Answer {
    let key = clerk.get("/staff/marriage/xinwu/hot").await.hidden("idempotency_key");
    let form = [
        ("idempotency_key", key.as_str()),
        ("day", SATURDAY),
        ("matter", "marriage"),
        ("name", "520"),
        ("times", "9:00-10:00 1"),
        ("walk_in", "no"),
        ("draw", "yes"),
        ("opens", opens),
        ("closes", closes),
        ("hours", "24"),
    ];
    clerk.post("/staff/marriage/xinwu/hot", &form).await
}

/// One enters; gives the answer.
async fn enter(browser: &Browser<'_>, draw: &str, (man, woman): (usize, usize)) -> super::Answer {
    let key = browser.get(&format!("{draw}/enter")).await.hidden("idempotency_key");
    let (man_document, woman_document) = (person(man), person(woman));
    let (man_mobile, woman_mobile) = (format!("1390000100{man}"), format!("1390000100{woman}"));
    let form = [
        ("idempotency_key", key.as_str()),
        ("me", "man"),
        ("man_name", "王小明"),
        ("man_document", &man_document),
        ("man_mobile", &man_mobile),
        ("woman_name", "李小红"),
        ("woman_document", &woman_document),
        ("woman_mobile", &woman_mobile),
    ];
    browser.post(&format!("{draw}/enter"), &form).await
}

/// The other one says yes on another phone.
async fn agree(app: &TestApp, he: &Browser<'_>, she: &Browser<'_>, entry: &str, woman: usize) {
    let page = he.get(entry).await.body;
    assert!(page.contains("还差一步"), "{page}");
    let (_, rest) = page.split_once("/marriage/draw-invite/").unwrap();
    let invite = format!("/marriage/draw-invite/{}", &rest[..32]);
    assert!(!she.get(&invite).await.body.contains('王'), "the link names nobody");
    assert_eq!(she.post(&invite, &[("code", "000000")]).await.status, 422);
    let code = code_sent(app, &format!("1390000100{woman}"), "marriage_draw_invite").await;
    assert_eq!(she.post(&invite, &[("code", &code)]).await.location(), entry);
    assert_eq!(she.get(&invite).await.status, 404, "a yes is said once");
    assert!(she.get(entry).await.body.contains("报好名了"));
}

async fn published(browser: &Browser<'_>, draw: &str) -> PublishedDraw {
    serde_json::from_str(&browser.get(&format!("{draw}/draw.json")).await.body).unwrap()
}

#[tokio::test]
async fn a_days_places_are_drawn_and_who_is_late_to_confirm_leaves_it_to_the_next() {
    let app = TestApp::start().await;
    let clerk = office_here(&app).await;
    let wrong = mark(&clerk, "2026-11-23 14:00", "2026-12-04 18:00").await;
    assert!(wrong.status == 422 && wrong.body.contains("opens-error") && wrong.body.contains("closes-error"));
    let marked = mark(&clerk, "2026-11-23 15:00", "2026-11-30 18:00").await;
    assert_eq!(marked.status, 303, "{}", marked.body);

    let (he, she, rival, rivals) = (app.browser(), app.browser(), app.browser(), app.browser());
    let month = he.get("/marriage/offices/xinwu/times/marriage").await.body;
    let (_, rest) = month.split_once("/marriage/draws/").unwrap();
    let draw = format!("/marriage/draws/{}", &rest[..26]);
    assert!(month.contains("要摇号"), "{month}");
    assert_eq!(he.get(&format!("/marriage/offices/xinwu/wait/marriage/{SATURDAY}")).await.status, 404);
    let before = published(&he, &draw).await;
    assert!(before.seed.is_none());
    let page = he.get(&draw).await.body;
    assert!(page.contains("还没有开始报名") && page.contains(&before.seed_sha256), "{page}");
    assert!(!page.contains("<script"), "nothing to work out yet");
    assert_eq!(he.get(&format!("{draw}/enter")).await.status, 404);

    app.later(HOUR);
    let empty =
        he.post(&format!("{draw}/enter"), &[("idempotency_key", "00000000000000000000000000000009")]).await;
    assert!(empty.status == 422 && empty.body.contains("woman_document-error"), "{}", empty.body);
    let entry = enter(&he, &draw, (0, 1)).await.location().to_owned();
    assert!(entry.starts_with("/marriage/draw-entries/"), "{entry}");
    let again = enter(&rival, &draw, (1, 0)).await;
    assert!(again.status == 422 && again.body.contains("一个人只能报一次"), "{}", again.body);
    agree(&app, &he, &she, &entry, 1).await;
    let other = enter(&rival, &draw, (2, 3)).await.location().to_owned();
    assert_eq!(he.get(&other).await.status, 404, "another couple's");
    agree(&app, &rival, &rivals, &other, 3).await;
    // A third takes its entry back.
    let third = app.browser();
    let gone = enter(&third, &draw, (4, 5)).await.location().to_owned();
    let key = third.get(&gone).await.hidden("idempotency_key");
    for _ in 0..2 {
        assert_eq!(
            third.post(&format!("{gone}/withdraw"), &[("idempotency_key", &key)]).await.location(),
            gone
        );
    }
    assert!(third.get(&gone).await.body.contains("撤回了报名"));
    assert!(he.get("/marriage/waiting").await.body.contains(&entry));

    app.later(8 * 24 * HOUR);
    let page = third.get(&draw).await.body;
    assert!(
        page.contains("抽过了") && page.contains("server draw verify") && page.contains("/draw-verify.js"),
        "{page}"
    );
    let public = published(&third, &draw).await;
    assert_eq!((public.verify(), &public.seed_sha256), (Ok(2), &before.seed_sha256));
    for secret in ["王", "李", "13900001000", &person(0)] {
        assert!(
            !page.contains(secret) && !serde_json::to_string(&public).unwrap().contains(secret),
            "{secret}"
        );
    }
    let mine = he.get(&entry).await.body.contains("名额给你们留到");
    let (first, firsts, next, nexts) = if mine {
        ((&he, &entry), &she, (&rival, &other), &rivals)
    } else {
        ((&rival, &other), &rivals, (&he, &entry), &she)
    };
    assert!(next.0.get(next.1).await.body.contains("前面还有 0 对"));
    assert!(firsts.get(first.1).await.body.contains("我们要这个名额"), "both read it");
    assert!(
        app.browser()
            .get(&format!("/marriage/offices/xinwu/times/marriage/{SATURDAY}"))
            .await
            .body
            .contains("约满了")
    );

    // The first lets a day go by.
    app.later(9 * 24 * HOUR);
    crate::jobs::once(&app.site, app.site.clock().now()).await.unwrap();
    assert!(
        first.0.get(first.1).await.body.contains("没有在时间里填"),
        "{}",
        first.0.get(first.1).await.body
    );
    let key = nexts.get(next.1).await.hidden("idempotency_key");
    let taken = nexts.post(&format!("{}/take", next.1), &[("idempotency_key", &key)]).await;
    let booking = taken.location().to_owned();
    assert!(booking.starts_with("/marriage/bookings/"), "{}", taken.body);
    for phone in [next.0, nexts] {
        let firm = phone.get(&booking).await.body;
        assert!(firm.contains("预约好了") && firm.contains("9:00–10:00"), "{firm}");
    }
    assert!(next.0.get(next.1).await.body.contains("排到了"));
}

#[tokio::test]
async fn who_takes_their_data_along_finds_the_draw_and_leaves_it_with_the_account() {
    let app = TestApp::start().await;
    let clerk = office_here(&app).await;
    assert_eq!(mark(&clerk, "2026-11-23 15:00", "2026-11-30 18:00").await.status, 303);
    app.later(HOUR);
    let (he, she) = (app.browser(), app.browser());
    super::residents::sign_in(&app, &he, "13900000001").await;
    let month = he.get("/marriage/offices/xinwu/times/marriage").await.body;
    let (_, rest) = month.split_once("/marriage/draws/").unwrap();
    let draw = format!("/marriage/draws/{}", &rest[..26]);
    let entry = enter(&he, &draw, (0, 1)).await.location().to_owned();
    agree(&app, &he, &she, &entry, 1).await;
    let mine = he.get("/me/data/export").await.body;
    assert!(mine.contains("marriage_draws") && mine.contains(SATURDAY), "{mine}");
    assert!(he.get("/me/data/readable").await.body.contains("婚姻登记摇号"));
    he.post("/me/data/delete", &[("sure", "yes")]).await;
    assert!(she.get(&entry).await.body.contains("撤回了报名"), "the other one reads it");
    let people: i64 = sqlx::query_scalar("select cast(count(*) as bigint) from marriage_draw_people")
        .fetch_one(&app.database().await)
        .await
        .unwrap();
    assert_eq!(people, 0);
}
