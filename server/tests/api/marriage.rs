//! Marriage registration over HTTP: papers, offices, and the table of offices.

#![cfg(test)]

use app::domain::marriage::COLUMNS;

use super::TestApp;
use super::staff::account;

const ELSEWHERE: &str = "wx,无锡测试登记处,江苏省,无锡市,新吴区,汉江路 3 号,5 楼,周一至周五,,marriage divorce,0,地铁,有电梯,\
    0510-00000000,https://example.org/book,elsewhere,2026-01-01,测试来源";

#[tokio::test]
async fn three_questions_give_the_papers_and_nothing_is_kept() {
    let app = TestApp::start().await;
    let couple = app.browser();
    let page = couple.get("/marriage/papers/marriage").await;
    assert!(page.status == 200 && page.body.contains("有现役军人吗"), "{}", page.body);
    let wrong = couple.post("/marriage/papers/marriage", &[("parties", "mainland")]).await;
    assert_eq!(wrong.status, 422);
    assert!(wrong.body.contains("soldier-error") && wrong.body.contains("background-error"));
    let answers = |parties, background| [("parties", parties), ("soldier", "no"), ("background", background)];
    let papers = couple.post("/marriage/papers/marriage", &answers("mainland", "first")).await;
    assert!(papers.status == 200 && papers.body.contains("居民身份证原件") && papers.body.contains("第八条"));
    assert!(!papers.body.contains("户口簿"), "the household book is gone since 2025-05-10");
    let foreign = couple.post("/marriage/papers/marriage", &answers("foreigner", "first")).await.body;
    assert!(foreign.contains("第二条第二款") && foreign.contains("/marriage/offices?foreign=yes"));
    let divorce = couple.post("/marriage/papers/divorce", &answers("mainland", "elsewhere")).await.body;
    assert!(divorce.contains("登记处不能办") && divorce.contains("第十三条"), "{divorce}");
    assert_eq!(couple.get("/marriage/papers/wedding").await.status, 404);
    assert_eq!(couple.cookie(), "", "nobody is remembered for asking");
}

#[tokio::test]
async fn an_administrator_takes_a_table_in_and_an_office_elsewhere_gives_no_booking() {
    let app = TestApp::start().await;
    account(&app, "admin", &["administrator@320214"]).await;
    let admin = app.browser();
    admin.sign_in_as("admin").await;
    let key = admin.get("/staff/marriage-offices").await.hidden("idempotency_key");
    let here = ELSEWHERE.replace("wx,", "wy,").replace("elsewhere", "here");
    let table = |rows: &[&str]| format!("{}\n{}", COLUMNS.join(","), rows.join("\n"));
    let lines = table(&[ELSEWHERE, &here, "a,b"]);
    let wrong = admin.post("/staff/marriage-offices", &[("idempotency_key", &key), ("lines", &lines)]).await;
    assert!(wrong.status == 422 && wrong.body.contains("第 4 行：栏数不对"), "{}", wrong.body);
    assert!(wrong.body.contains("汉江路 3 号"), "what was pasted stays");
    let lines = table(&[ELSEWHERE, &here]);
    let wrong = admin.post("/staff/marriage-offices", &[("idempotency_key", &key), ("lines", &lines)]).await;
    assert!(wrong.status == 422 && wrong.body.contains("第 3 行：here 要先有登记员"), "{}", wrong.body);
    let lines = table(&[ELSEWHERE]);
    for _ in 0..2 {
        let done =
            admin.post("/staff/marriage-offices", &[("idempotency_key", &key), ("lines", &lines)]).await;
        assert_eq!(done.location(), "/staff/marriage-offices?taken=1", "{}", done.body);
    }

    let couple = app.browser();
    let found = couple.get("/marriage/offices?province=32&city=%E6%96%B0%E5%90%B4").await.body;
    assert!(found.contains("无锡测试登记处"), "{found}");
    assert!(!couple.get("/marriage/offices?province=11").await.body.contains("无锡测试登记处"));
    let office = couple.get("/marriage/offices/wx").await.body;
    for shown in ["0510-00000000", "https://example.org/book", "这一家不用本系统预约", "5 楼", "测试来源"]
    {
        assert!(office.contains(shown), "{shown}: {office}");
    }
    let answers = [("parties", "mainland"), ("soldier", "no"), ("background", "first"), ("office", "wx")];
    let sheet = couple.post("/marriage/papers/marriage", &answers).await.body;
    assert!(sheet.contains("这不是预约") && sheet.contains("准备单") && sheet.contains("无锡测试登记处"));
}
