//! What is asked of other systems, between a street, the district and the resident.

#![cfg(test)]

use super::notices::apply;
use super::staff::account;
use super::{Answer, Browser, TestApp};

async fn act(staff: &Browser<'_>, path: &str, fields: &[(&str, &str)]) -> Answer {
    let key = crate::forms::new_key().unwrap();
    let fields: Vec<_> = fields.iter().copied().chain([("idempotency_key", key.as_str())]).collect();
    staff.post(path, &fields).await
}

#[tokio::test]
async fn law_41_each_query_has_its_purpose_and_agreement_and_comes_back_by_hand_or_by_file() {
    let app = TestApp::start().await;
    account(&app, "street", &["street_officer@320214050"]).await;
    account(&app, "district", &["district_officer@320214"]).await;
    let (resident, street, district) = (app.browser(), app.browser(), app.browser());
    let number = apply(&resident).await;
    street.sign_in_as("street").await;
    district.sign_in_as("district").await;
    let means = format!("/staff/cases/{number}/means");
    let empty = act(&street, &means, &[("person", "obligor-1")]).await;
    assert_eq!(empty.status, 422);
    for words in ["只能选已经同意核对的人", "请选择向哪个部门核对什么", "请写明为什么要核对这一项"]
    {
        assert!(empty.body.contains(words), "{words}: {}", empty.body);
    }
    let query = |source| [("person", "applicant"), ("source", source), ("purpose", "核对家庭存款和车辆")];
    for source in ["bank", "vehicles"] {
        assert_eq!(act(&street, &means, &query(source)).await.location(), means);
    }
    assert_eq!(act(&street, &means, &query("bank")).await.status, 409, "it waits already");

    let obligor = format!("/staff/cases/{number}/obligor");
    assert_eq!(act(&street, &obligor, &[("obligor", "王大勇")]).await.location(), means);
    let page = street.get(&means).await.body;
    assert!(page.contains("王大勇（法定义务人）") && page.contains("待补授权，不能查"), "{page}");
    let receipt = resident.get(&format!("/confirm/{number}")).await.body;
    assert!(receipt.contains("王＊＊") && receipt.contains("/authorise/"), "the link to hand on: {receipt}");
    let agreement = format!("/staff/cases/{number}/agreement");
    assert_eq!(act(&street, &agreement, &[("signatory", "obligor-1")]).await.status, 422);
    let signed = [("signatory", "obligor-1"), ("signed-obligor-1", "yes")];
    assert_eq!(act(&street, &agreement, &signed).await.status, 303);

    // The street asks, the district answers.
    let list = district.get("/staff/means").await;
    assert!(list.body.contains("最晚 2026 年 11 月 26 日") && !list.body.contains("王小明"), "{}", list.body);
    assert_eq!(street.get("/staff/means").await.status, 403);
    let file = act(&district, "/staff/means/file", &[]).await;
    assert_eq!(file.status, 200);
    let lines: Vec<&str> = file.body.lines().collect();
    assert_eq!(lines.len(), 3, "{}", file.body);
    let reference = |line: &str| line.split(',').next().unwrap().to_owned();
    let (one, other) = (reference(lines[1]), reference(lines[2]));
    assert!(lines[1].contains("核对家庭存款和车辆"), "{}", lines[1]);

    let wrong =
        act(&district, "/staff/means/answers", &[("lines", "查询编号,结果,说明\nHD000000000000,一致,\n")])
            .await;
    assert_eq!(wrong.status, 422);
    assert!(wrong.body.contains("第 2 行") && wrong.body.contains("HD000000000000"), "{}", wrong.body);
    let answers = format!("查询编号,结果,说明\n{one},不一致,\"名下有一辆车,没有申报\"\n");
    let taken = act(&district, "/staff/means/answers", &[("lines", &answers)]).await;
    assert_eq!(taken.location(), "/staff/means?post=0&taken=1");
    assert!(district.get(taken.location()).await.body.contains("导入了 1 个结果"));
    let shown = resident.get(&format!("/confirm/{number}")).await.body;
    assert!(shown.contains("名下有一辆车,没有申报") && shown.contains("有不同意见"), "{shown}");

    let by_hand = format!("{means}/answer");
    let (outcome, detail) = (format!("outcome-{other}"), format!("detail-{other}"));
    let unsaid = act(&district, &by_hand, &[("reference", &other), (&outcome, "differs")]).await;
    assert_eq!(unsaid.status, 422);
    assert!(unsaid.body.contains("请写明核对到了什么"), "{}", unsaid.body);
    let said = [("reference", other.as_str()), (&outcome, "agrees"), (&detail, "")];
    assert_eq!(act(&street, &by_hand, &said).await.status, 403);
    assert_eq!(act(&district, &by_hand, &said).await.status, 303);
    assert_eq!(act(&district, &by_hand, &said).await.status, 409, "once");
    let page = street.get(&means).await.body;
    assert!(page.contains("和申报的一致") && page.contains("和申报的不一致"), "{page}");
}
