//! The month's settlement with what differs from the scans, and the auditor's sample of it.

#![cfg(test)]

use app::domain::aid::random_check::{commitment, lot};

use super::TestApp;
use super::counter::clerk;
use super::meals::{cooking, send};
use super::meals_desk::{registered, telephone};
use super::staff::account;

const DAY: i64 = 24 * 3_600_000;

#[tokio::test]
async fn the_month_shows_each_difference_and_the_auditor_draws_by_a_seed_that_was_public() {
    let app = TestApp::start().await;
    let cook = cooking(&app).await;
    crate::jobs::once(&app.site, app.site.clock().now()).await.unwrap();
    let public = app.browser().get("/meals/checks").await.body;
    let seeds = app.site.store().meal_seeds().await.unwrap();
    let (month, seed) = seeds[1].clone();
    assert_eq!(month.slug(), "2026-11");
    assert!(public.contains(&seed.commitment) && public.contains("抽查以后公布"), "{public}");

    // One ordered and collected, one guest, one guest more; one that nobody collected.
    let worker = clerk(&app, "worker", "community_worker@320214050001").await;
    let page = registered(&worker).await;
    assert_eq!(telephone(&worker, &page, "dine_in").await.status, 303);
    app.later(22 * 3_600_000);
    cook.sign_in_as("cook").await;
    let desk = "/staff/meals/xg-01/hand-out";
    let list = cook.get(desk).await.body;
    let (_, id) = list.split_once(&format!("{desk}/")).unwrap();
    let id = id.split('"').next().unwrap().to_owned();
    let at = list.find("肉末蒸蛋").unwrap();
    let egg = list[..at].rsplit_once("value=\"").unwrap().1.split('"').next().unwrap().to_owned();
    let guest = [("who", "王大爷"), ("guest", "yes"), ("dish", egg.as_str()), ("paid", "unpaid")];
    assert_eq!(send(&cook, "/staff/meals/xg-01/walk-in", &guest).await.status, 303);
    assert_eq!(send(&cook, "/staff/meals/xg-01/walk-in", &guest).await.status, 422, "a conflict now");
    let before = cook.get("/staff/meals/xg-01/month").await.body;
    for words in [
        "没有订，来了给的：1 份",
        "订了，没有来领：1 份",
        "两边记的不一样：1 份",
        "补贴的档不知道：1 份",
        "还没有核对的",
        "街道核对签字",
    ] {
        assert!(before.contains(words), "{words}: {before}");
    }
    assert!(!before.contains("王大爷") && !before.contains("李大妈"));
    assert_eq!(send(&cook, &format!("{desk}/{id}"), &[("paid", "paid")]).await.status, 303);
    let month_page = cook.get("/staff/meals/xg-01/month").await.body;
    assert!(
        month_page.contains("每份区里补 4 元、街道补 3 元")
            && month_page.contains("1 份：区里 4 元，街道 3 元，个人 5 元"),
        "{month_page}"
    );
    assert!(!month_page.contains("订了，没有来领：") && month_page.contains("档不知道的"), "{month_page}");
    let file = cook.get("/staff/meals/xg-01/month.csv").await.body;
    assert!(
        file.contains("差别") && file.contains("没有订，来了给的；两边记的不一样；补贴的档不知道"),
        "{file}"
    );

    account(&app, "auditor", &["auditor@320214"]).await;
    let auditor = app.browser();
    auditor.sign_in_as("auditor").await;
    let check = "/staff/meal-checks/2026-11";
    assert!(auditor.get("/staff/meal-checks").await.body.contains("2026 年 11 月"));
    assert!(auditor.get(check).await.body.contains("起可以抽"));
    assert_eq!(send(&auditor, check, &[("percent", "50")]).await.status, 409, "the month is not whole");
    assert_eq!(cook.get(check).await.status, 403);
    app.later(16 * DAY);
    auditor.sign_in_as("auditor").await;
    let wrong = send(&auditor, check, &[("percent", "0")]).await;
    assert!(wrong.status == 422 && wrong.body.contains("percent-error"), "{}", wrong.body);
    let key = crate::seal::random_secret().unwrap();
    let fields = [("idempotency_key", key.as_str()), ("percent", "100")];
    for _ in 0..2 {
        assert_eq!(auditor.post(check, &fields).await.location(), check, "one press");
    }
    let shown = auditor.get(check).await.body;
    for words in [
        "2 份里抽中 2 份",
        "王＊＊",
        "李＊＊",
        "没有订，来了给的",
        "扫码",
        "另有 1 次记录",
        "以街道公布为准",
        "sha256sum",
    ] {
        assert!(shown.contains(words), "{words}: {shown}");
    }
    assert!(!shown.contains("王大爷") && !shown.contains("李大妈"), "{shown}");
    let drawn = app.site.store().meal_checks().await.unwrap().remove(0);
    assert_eq!(commitment(&drawn.seed), seed.commitment);
    let after = app.browser().get("/meals/checks").await.body;
    assert!(
        after.contains(&drawn.seed) && after.contains("2 份里抽中 2 份") && !after.contains("ZC26"),
        "{after}"
    );
    let numbers = auditor.get(&format!("{check}/numbers.csv")).await.body;
    for number in app.site.store().handed_out_numbers(month).await.unwrap() {
        assert!(numbers.contains(&format!("{number},{},抽中", lot(&drawn.seed, &number))), "{numbers}");
    }
    let sample = auditor.get(&format!("{check}/sample.csv")).await.body;
    assert!(sample.contains("王＊＊") && !sample.contains("王大爷"), "{sample}");
    assert_eq!(auditor.get("/staff/meal-checks/2026-13").await.status, 404);
}
