//! Standards over HTTP: two administrators, and what everybody reads.

#![cfg(test)]

use super::TestApp;
use super::staff::account;

#[tokio::test]
async fn one_administrator_enters_a_value_and_another_approves_it() {
    let app = TestApp::start().await;
    for login in ["first", "second"] {
        account(&app, login, &["administrator@320214"]).await;
    }
    account(&app, "officer", &["district_officer@320214"]).await;
    let (first, second, officer) = (app.browser(), app.browser(), app.browser());
    first.sign_in_as("first").await;
    second.sign_in_as("second").await;
    officer.sign_in_as("officer").await;
    assert_eq!(officer.get("/staff/standards").await.status, 403);

    let key = first.get("/staff/standards").await.hidden("idempotency_key");
    let form = |value, day, document| {
        [
            ("idempotency_key", key.as_str()),
            ("key", "tekun"),
            ("value", value),
            ("effective_from", day),
            ("document", document),
        ]
    };
    let wrong = first.post("/staff/standards", &form("一千", "2026-02-30", "号")).await;
    assert_eq!(wrong.status, 422);
    for shown in ["一千", "2026-02-30", "value-error", "effective_from-error", "document-error"] {
        assert!(wrong.body.contains(shown), "{shown}: {}", wrong.body);
    }
    let good = form("1,616", "2026-07-01", "测试文件一号");
    let added = first.post("/staff/standards", &good).await;
    assert_eq!(added.status, 303, "{}", added.body);
    let page = added.location().to_owned();
    assert_eq!(first.post("/staff/standards", &good).await.location(), page, "an old page sent twice");
    let other = first.post("/staff/standards", &form("1,617", "2026-07-01", "测试文件一号")).await;
    assert_eq!(other.status, 409, "another body with the key");
    let key2 = second.get("/staff/standards").await.hidden("idempotency_key");
    let mut taken = form("1,617", "2026-07-01", "测试文件二号");
    taken[0].1 = &key2;
    let taken = second.post("/staff/standards", &taken).await;
    assert!(taken.status == 422 && taken.body.contains("先撤回那一条"), "{}", taken.body);

    // The one who entered it sees why not; nothing holds yet.
    let own = first.get(&page).await.body;
    assert!(own.contains("不能自己批准") && own.contains("编出来的") && own.contains("1,616 元"), "{own}");
    assert_eq!(first.post(&format!("{page}/approve"), &[]).await.status, 422);
    let anybody = app.browser();
    assert!(!anybody.get("/aid/special-hardship").await.body.contains("1,616"));
    assert_eq!(officer.post(&format!("{page}/approve"), &[]).await.status, 403);

    assert!(second.get("/staff/standards").await.body.contains("等着批准"));
    for _ in 0..2 {
        assert_eq!(second.post(&format!("{page}/approve"), &[]).await.location(), page);
    }
    let shown = anybody.get("/aid/special-hardship").await.body;
    assert!(shown.contains("每人每月 1,616 元") && shown.contains("测试文件一号"), "{shown}");

    assert_eq!(second.post(&format!("{page}/withdraw"), &[]).await.status, 422);
    assert_eq!(second.post(&format!("{page}/withdraw"), &[("why", "数写错了")]).await.location(), page);
    assert!(second.get(&page).await.body.contains("数写错了"));
    assert!(!anybody.get("/aid/special-hardship").await.body.contains("1,616"));
}
