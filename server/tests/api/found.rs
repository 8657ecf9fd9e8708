//! Somebody tells of a household; the community goes there.

#![cfg(test)]

use super::staff::account;
use super::{Answer, Browser, TestApp};

const TOLD: [(&str, &str); 6] = [
    ("teller", "neighbour"),
    ("street", "320214050"),
    ("community", "320214050001"),
    ("detail", "新光路 5 号楼一楼东边"),
    ("story", "老人一个人住，好几天没有出门了"),
    ("contact", "0510-85212345"),
];

async fn send(browser: &Browser<'_>, page: &str, action: &str, fields: &[(&str, &str)]) -> Answer {
    let shown = browser.get(page).await;
    assert_eq!(shown.status, 200, "{page}: {}", shown.body);
    let key = shown.hidden("idempotency_key");
    let fields: Vec<_> = fields.iter().copied().chain([("idempotency_key", key.as_str())]).collect();
    browser.post(action, &fields).await
}

#[tokio::test]
async fn a_household_is_told_of_visited_and_nobody_learns_by_whom() {
    let app = TestApp::start().await;
    account(&app, "worker", &["community_worker@320214050001"]).await;
    account(&app, "colleague", &["street_officer@320214050"]).await;
    account(&app, "elsewhere", &["community_worker@320214050002"]).await;
    let neighbour = app.browser();
    let empty = send(&neighbour, "/aid/tell", "/aid/tell", &[]).await;
    assert_eq!(empty.status, 422);
    for words in
        ["请选择您是他的什么人", "请选择那一家在哪个街道", "请填写那一家住在哪里", "请写一写您看到了什么"]
    {
        assert!(empty.body.contains(words), "{words}: {}", empty.body);
    }
    let told = send(&neighbour, "/aid/tell", "/aid/tell", &TOLD).await;
    assert_eq!(told.status, 303, "{}", told.body);
    let page = told.location().to_owned();
    let number = page.rsplit('/').next().unwrap().to_owned();
    let shown = app.browser().get(&page).await.body;
    assert!(
        shown.contains("正在安排人去看") && !shown.contains("新光路"),
        "the number tells nothing: {shown}"
    );

    let (worker, colleague, elsewhere) = (app.browser(), app.browser(), app.browser());
    worker.sign_in_as("worker").await;
    colleague.sign_in_as("colleague").await;
    elsewhere.sign_in_as("elsewhere").await;
    let file = format!("/staff/found/{number}");
    assert_eq!(elsewhere.get(&file).await.status, 403);
    assert!(!elsewhere.get("/staff/found").await.body.contains(&number));
    assert!(worker.get("/staff").await.body.contains("1 家等着上门看望"));
    assert!(worker.get("/staff/found").await.body.contains(&number));
    let visited = format!("{file}/visited");
    let result = [("outcome", "helped"), ("note", "老人摔了一跤，愿意申请。")];
    let key = ("idempotency_key", "0123456789abcdef0123456789abcdef");
    assert_eq!(
        worker.post(&visited, &[result[0], result[1], key]).await.status,
        409,
        "nobody has gone there"
    );
    assert_eq!(send(&worker, &file, &format!("{file}/take"), &[]).await.status, 303);
    let not_theirs = colleague.get(&file).await.body;
    assert!(not_theirs.contains("我去看") && !not_theirs.contains("去看过了"), "{not_theirs}");
    let empty = send(&worker, &file, &visited, &[]).await;
    assert!(empty.status == 422 && empty.body.contains("请选择去看的结果"), "{}", empty.body);
    assert_eq!(send(&worker, &file, &visited, &result).await.status, 303);
    assert!(worker.get(&file).await.body.contains("帮他申请救助"));
    assert!(!worker.get("/staff/found").await.body.contains(&number), "it waits no longer");
    let shown = neighbour.get(&page).await.body;
    assert!(shown.contains("已经去看过了") && !shown.contains("帮他申请"), "{shown}");

    let database = app.database().await;
    let actors: Vec<String> =
        sqlx::query_scalar("select actor from audit_entries where act = 'household_told'")
            .fetch_all(&database)
            .await
            .unwrap();
    assert_eq!(actors, [""], "the trail names nobody");
}

#[tokio::test]
async fn a_household_goes_once_its_visit_has_lain_for_its_time() {
    let app = TestApp::start().await;
    account(&app, "worker", &["community_worker@320214050001"]).await;
    let (neighbour, worker) = (app.browser(), app.browser());
    let told = send(&neighbour, "/aid/tell", "/aid/tell", &TOLD).await.location().to_owned();
    let number = told.rsplit('/').next().unwrap().to_owned();
    worker.sign_in_as("worker").await;
    let file = format!("/staff/found/{number}");
    send(&worker, &file, &format!("{file}/take"), &[]).await;
    let result = [("outcome", "no-need"), ("note", "女儿回来了，不需要。")];
    send(&worker, &file, &format!("{file}/visited"), &result).await;
    let day = 24 * 3_600_000;
    for (days, kept) in [(364, true), (366, false)] {
        app.later(days * day);
        crate::jobs::retire(&app.site, app.site.clock().now()).await;
        let found = app.store.store.find_found(&number).await.unwrap();
        assert_eq!(found.is_some(), kept, "after {days} days");
    }
}
