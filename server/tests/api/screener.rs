//! The screener over HTTP: an answer, and nothing kept of it.

#![cfg(test)]

use sqlx::Row as _;

use super::{APPLY, TestApp};

const CHECK: &str = "/aid/check";
const FROM_CHECK: &str = "/aid/temporary-aid/apply/from-check";

const FAMILY: &[(&str, &str)] = &[
    ("people", "3"),
    ("income", "1,537.29"),
    ("huji", "here"),
    ("receives", "nothing"),
    ("sudden", "yes"),
    ("spending", "27182"),
    ("assets", "no"),
    ("oldest", "80"),
    ("child", "unknown"),
];

/// How many rows each table has.
async fn rows(app: &TestApp) -> Vec<(String, i64)> {
    let database = app.database().await;
    let tables = sqlx::query("select name from sqlite_master where type = 'table' order by name");
    let mut counted = Vec::new();
    for table in tables.fetch_all(&database).await.unwrap() {
        let table: String = table.get("name");
        let count = sqlx::AssertSqlSafe(format!("select count(*) as n from \"{table}\""));
        let count = sqlx::query(count).fetch_one(&database).await.unwrap().get("n");
        counted.push((table, count));
    }
    counted
}

#[tokio::test]
async fn a_result_stands_above_the_answers_and_nothing_of_it_is_kept() {
    let app = TestApp::start().await;
    let browser = app.browser();
    let before = rows(&app).await;
    let asked = browser.get(CHECK).await;
    assert_eq!(asked.status, 200);
    assert!(asked.body.contains("不问姓名") && !asked.body.contains("screened-result"));
    let answer = browser.post(CHECK, FAMILY).await;
    assert_eq!((answer.status, answer.header("cache-control")), (200, "no-store"));
    for shown in [
        "screened-title",
        "这只是参考，不是决定",
        "您家突然遇到了急难",
        "家里最年长的满 80 岁了",
        "低保标准：没有找到现在公布的文件，我们不猜",
        "打 12345 问这一项",
        "value=\"1,537.29\"",
        "没有保存",
    ] {
        assert!(answer.body.contains(shown), "{shown}: {}", answer.body);
    }
    assert_eq!(answer.body.matches("data-item=").count(), 17);
    // Answered as before: five choices and the one that says nothing.
    assert_eq!(answer.body.matches(" checked").count(), 6);
    assert_eq!(rows(&app).await, before);
    assert_eq!(browser.cookie(), "", "no device is known by its answers");
}

#[tokio::test]
async fn what_is_wrong_is_listed_and_what_was_typed_stays() {
    let app = TestApp::start().await;
    let wrong = [("people", "0"), ("income", "很少"), ("huji", "moon"), ("oldest", "90")];
    let answer = app.browser().post(CHECK, &wrong).await;
    assert_eq!(answer.status, 422);
    for field in ["people", "income", "huji"] {
        assert!(answer.body.contains(&format!("href=\"#{field}\"")), "{field}: {}", answer.body);
    }
    assert!(answer.body.contains("value=\"很少\"") && !answer.body.contains("screened-result"));
    assert_eq!(answer.body.matches(" checked").count(), 1);
}

#[tokio::test]
async fn the_page_hands_its_module_what_is_public_and_no_more() {
    let app = TestApp::start().await;
    let page = app.browser().get(CHECK).await.body;
    assert!(page.contains("src=\"/pkg/screener/s/loader.js\""), "{page}");
    assert_eq!(page.matches("<script").count(), 1, "no islands");
    let facts = page.split("data-facts=\"").nth(1).unwrap().split('"').next().unwrap();
    let facts = app::screened::ScreenerFacts::read(facts).unwrap();
    assert_eq!((facts.hotline.as_str(), facts.whose.as_str()), ("12345", ""));
    assert_eq!(facts.day, app.site.clock().today());
    let item = app.browser().get("/aid/orphan").await;
    assert_eq!(item.status, 200, "an item's own page is found beside it");
}

#[tokio::test]
async fn answers_fill_the_pages_of_a_draft_that_are_still_empty() {
    let app = TestApp::start().await;
    let browser = app.browser();
    let result = browser.post(CHECK, FAMILY).await;
    let (income, kind) = (result.hidden("monthly_income"), result.hidden("kind"));
    let fields = [("monthly_income", income.as_str()), ("kind", kind.as_str())];
    let begun = browser.post(FROM_CHECK, &fields).await;
    assert_eq!((begun.status, begun.location()), (303, "/aid/temporary-aid/apply/applicant"));
    let finances = browser.get(&format!("{APPLY}/finances")).await;
    assert_eq!(finances.hidden("whose"), "");
    assert!(finances.body.contains("value=\"1,537.29\""), "{}", finances.body);
    let situation = browser.get(&format!("{APPLY}/situation")).await.body;
    assert_eq!(situation.matches(" checked").count(), 1, "{situation}");

    // Another look at the screener changes nothing of what stands there.
    let other = [("monthly_income", "9999"), ("kind", "expenditure")];
    assert_eq!(browser.post(FROM_CHECK, &other).await.status, 303);
    let finances = browser.get(&format!("{APPLY}/finances")).await.body;
    assert!(finances.contains("value=\"1,537.29\"") && !finances.contains("9999"), "{finances}");
}

#[tokio::test]
async fn a_draft_keeps_what_it_had() {
    let app = TestApp::start().await;
    let browser = app.browser();
    browser.post(APPLY, &[]).await;
    browser.post(&format!("{APPLY}/finances"), &[("monthly_income", "2600"), ("medical", "80")]).await;
    browser.post(FROM_CHECK, &[("monthly_income", "9999"), ("kind", "expenditure")]).await;
    let finances = browser.get(&format!("{APPLY}/finances")).await.body;
    assert!(finances.contains("value=\"2600\"") && finances.contains("value=\"80\""), "{finances}");
    let situation = browser.get(&format!("{APPLY}/situation")).await.body;
    assert_eq!(situation.matches(" checked").count(), 1, "that page was empty");

    // What no page of ours sends fills nothing.
    let stranger = app.browser();
    stranger.post(FROM_CHECK, &[("monthly_income", "<script>"), ("kind", "moon")]).await;
    let draft = stranger.get(&format!("{APPLY}/finances")).await;
    assert!(draft.status == 200 && !draft.body.contains("&lt;script"), "{}", draft.body);
}
