//! Tables of meal subsidies over HTTP: two administrators, wrong lines told one by one, and the price without a restart.

#![cfg(test)]

use super::TestApp;
use super::counter::clerk;
use super::meals::{cooking, send};
use super::meals_desk::registered;
use super::staff::account;

const TABLES: &str = "/staff/meal-tables";

fn form<'a>(level: &'a str, day: &'a str, tiers: &'a str) -> Vec<(&'a str, &'a str)> {
    vec![
        ("level", level),
        ("place", "320214"),
        ("effective_from", day),
        ("document", "测试文件一号"),
        ("huji", "same_city"),
        ("per_day", "2"),
        ("full_board", "yes"),
        ("tiers", tiers),
    ]
}

#[tokio::test]
async fn a_table_changes_the_price_from_its_day_without_a_restart_and_says_whose_tier_changes() {
    let app = TestApp::start().await;
    let cook = cooking(&app).await;
    for login in ["first", "second"] {
        account(&app, login, &["administrator@320214"]).await;
    }
    let (first, second) = (app.browser(), app.browser());
    first.sign_in_as("first").await;
    second.sign_in_as("second").await;
    assert_eq!(cook.get(TABLES).await.status, 403);
    let worker = clerk(&app, "worker", "community_worker@320214050001").await;
    let elder = registered(&worker).await;
    assert!(worker.get(&elder).await.body.contains("区里补 4 元"), "the file's table");
    let list = first.get(TABLES).await.body;
    assert!(list.contains("设置文件里的") && list.contains("区里补：全区（示例）"), "{list}");

    let wrong =
        send(&first, TABLES, &form("district", "2026-11-24", "低保,60,,低保,四元\n甲,60\n乙,60,,贵宾,1"))
            .await;
    assert_eq!(wrong.status, 422);
    for words in [
        "第 1 行：第五列",
        "第 2 行：要有五列",
        "第 3 行：没有「贵宾」",
        "tiers-error",
        "测试文件一号",
        "四元",
    ] {
        assert!(wrong.body.contains(words), "{words}: {}", wrong.body);
    }
    let empty = send(&first, TABLES, &[]).await;
    for field in ["level", "place", "effective_from", "document", "huji", "tiers"] {
        assert!(empty.body.contains(&format!("{field}-error")), "{field}");
    }
    let of_file = send(&first, TABLES, &form("district", "2025-06-01", "不补")).await;
    assert!(of_file.status == 422 && of_file.body.contains("已经有一张表了"), "{}", of_file.body);

    let key = crate::seal::random_secret().unwrap();
    let mut fields = form("district", "2026-11-24", "低保，60，，低保，6.5\n60 岁以上，60，，，1");
    fields.push(("idempotency_key", key.as_str()));
    let added = first.post(TABLES, &fields).await;
    assert_eq!(added.status, 303, "{}", added.body);
    let page = added.location().to_owned();
    assert_eq!(first.post(TABLES, &fields).await.location(), page, "the same press");
    let own = first.get(&page).await.body;
    for words in ["不能自己批准", "「低保」4 元 → 「低保」6.50 元", "编出来的", "（示例）", "文件号"]
    {
        assert!(own.contains(words), "{words}: {own}");
    }
    assert_eq!(first.post(&format!("{page}/approve"), &[]).await.status, 422);
    assert!(worker.get(&elder).await.body.contains("区里补 4 元"), "nothing holds yet");
    assert_eq!(cook.post(&format!("{page}/approve"), &[]).await.status, 403);
    assert!(second.get(TABLES).await.body.contains("等着批准"));
    for _ in 0..2 {
        assert_eq!(second.post(&format!("{page}/approve"), &[]).await.location(), page);
    }
    let priced = worker.get(&elder).await.body;
    assert!(priced.contains("区里补 6.50 元"), "from the next page on: {priced}");
    let twice = send(&first, TABLES, &form("district", "2026-11-24", "不补")).await;
    assert!(twice.status == 422 && twice.body.contains("已经有一张表了"), "{}", twice.body);
    assert_eq!(second.post(&format!("{page}/withdraw"), &[]).await.status, 422);
    assert_eq!(second.post(&format!("{page}/withdraw"), &[("why", "数写错了")]).await.location(), page);
    assert!(second.get(&page).await.body.contains("数写错了"));
    assert!(worker.get(&elder).await.body.contains("区里补 4 元"), "the file's again");
}

#[tokio::test]
async fn an_amount_that_was_left_empty_is_told_as_published_and_never_a_nought() {
    let app = TestApp::start().await;
    cooking(&app).await;
    for login in ["first", "second"] {
        account(&app, login, &["administrator@320214"]).await;
    }
    let (first, second) = (app.browser(), app.browser());
    first.sign_in_as("first").await;
    second.sign_in_as("second").await;
    let worker = clerk(&app, "worker", "community_worker@320214050001").await;
    let elder = registered(&worker).await;
    let added = send(&first, TABLES, &form("district", "2026-11-24", "60 岁以上,60,,,")).await;
    let page = added.location().to_owned();
    assert!(first.get(&page).await.body.contains("以街道公布为准，到点支付"));
    assert_eq!(second.post(&format!("{page}/approve"), &[]).await.location(), page);
    let priced = worker.get(&elder).await.body;
    assert!(priced.contains("补贴以街道公布为准，到点支付") && !priced.contains("区里补 0 元"), "{priced}");
}
