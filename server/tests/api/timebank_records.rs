//! Services that count, over HTTP: put right by two people, and what must fail.

#![cfg(test)]

use super::counter::clerk;
use super::residents::{HELPER, sign_in};
use super::timebank::{MINUTE, People, people, posted, send};
use super::{Browser, TestApp};

/// A service of 90 minutes that was confirmed by the community worker; gives the need's id.
pub(super) async fn confirmed(app: &TestApp, worker: &Browser<'_>, volunteer: &Browser<'_>) -> String {
    let need = posted(worker).await;
    send(volunteer, &format!("/timebank/needs/{need}"), &[("act", "take")]).await;
    app.later(22 * 60 * MINUTE);
    worker.sign_in_as("worker").await;
    let desk = format!("/staff/timebank/{need}");
    send(worker, &desk, &[("act", "record"), ("began", "9:00"), ("over", "10:30")]).await;
    let done = send(worker, &desk, &[("act", "confirm"), ("spoke", "yes")]).await;
    assert_eq!(done.location(), desk, "{}", done.body);
    sign_in(app, volunteer, HELPER).await;
    need
}

#[tokio::test]
async fn one_proposes_a_correction_another_agrees_and_the_volunteer_is_told() {
    let app = TestApp::start().await;
    let People { worker, volunteer, .. } = people(&app).await;
    let need = confirmed(&app, &worker, &volunteer).await;
    let page = format!("/staff/timebank/records/{need}");
    assert_eq!(worker.get(&page).await.status, 403, "a community worker puts nothing right");
    let one = clerk(&app, "coordinator", "time_bank_coordinator@320214").await;
    let two = clerk(&app, "district", "district_officer@320214").await;
    assert!(one.get("/staff/timebank").await.body.contains("/staff/timebank/records"));
    assert!(one.get("/staff/timebank/records").await.body.contains(&page));
    let shown = one.get(&page).await.body;
    assert!(shown.contains("1 小时 30 分钟") && !shown.contains("李大妈"), "{shown}");
    let wrong = send(&one, &page, &[("act", "propose"), ("right", "90"), ("why", "")]).await;
    assert!(wrong.status == 422 && wrong.body.contains("right-error") && wrong.body.contains("why-error"));
    let right = [("act", "propose"), ("right", "60"), ("why", "两边都说是一个小时")];
    assert_eq!(send(&one, &page, &right).await.location(), page);
    let kept = one.get(&page).await;
    assert!(kept.body.contains("不能自己同意") && !kept.body.contains("同意更正"), "{}", kept.body);
    let correction = kept.hidden("correction");
    let own = send(&one, &page, &[("act", "approve"), ("correction", &correction)]).await;
    assert_eq!(own.status, 422, "{}", own.body);
    assert!(two.get("/staff/timebank/records").await.body.contains("等另一位同意"));
    let yes = send(&two, &page, &[("act", "approve"), ("correction", &correction)]).await;
    assert_eq!(yes.location(), page, "{}", yes.body);
    let after = two.get(&page).await.body;
    assert!(after.contains("更正过") || after.contains("1 小时</"), "{after}");
    let bank = volunteer.get("/timebank").await.body;
    assert!(bank.contains("1 小时</strong>") && bank.contains("更正"), "{bank}");
    assert!(volunteer.get("/messages").await.status != 500);
    let far = clerk(&app, "far", "time_bank_coordinator@320214051").await;
    assert_eq!(far.get(&page).await.status, 403);
}

#[tokio::test]
async fn a_certificate_lists_what_was_given_and_its_code_tells_so() {
    let app = TestApp::start().await;
    let People { worker, volunteer, elder } = people(&app).await;
    assert!(volunteer.get("/timebank/certificate").await.body.contains("还没有服务记录"));
    let none = send(&elder, "/timebank/volunteer", &[]).await;
    assert_eq!(none.status, 422);
    confirmed(&app, &worker, &volunteer).await;
    let unsaid = volunteer.post("/timebank/certificate", &[("idempotency_key", &"0".repeat(32))]).await;
    assert!(unsaid.status == 422 && unsaid.body.contains("year-error"), "{}", unsaid.body);
    let made = send(&volunteer, "/timebank/certificate", &[("year", "2026")]).await;
    assert_eq!(made.status, 303, "{}", made.body);
    let page = volunteer.get(made.location()).await.body;
    for shown in ["1 小时 30 分钟", "王小明", "<svg", "2026-11-24", "陪聊天", "记录单位"] {
        assert!(page.contains(shown), "{shown}: {page}");
    }
    sign_in(&app, &elder, super::residents::ELDER).await;
    assert_eq!(elder.get(made.location()).await.status, 404, "it is nobody else's");
    let number = made.location().rsplit('/').next().unwrap();
    let token: String = sqlx::query_scalar("select token from confirmations where number = $1")
        .bind(number)
        .fetch_one(&app.database().await)
        .await
        .unwrap();
    let checked = app.browser().get(&format!("/V/{token}")).await.body;
    for shown in ["这张凭证是真的", "1 小时 30 分钟", number, "王＊＊"] {
        assert!(checked.contains(shown), "{shown}: {checked}");
    }
    let all = volunteer.get("/timebank/certificate").await.body;
    assert!(all.contains(number), "{all}");
    let json = volunteer.get("/timebank/records.json").await.body;
    assert!(json.contains("\"minutes\": \"90\"") && json.contains("王小明"), "{json}");
    let table = volunteer.get("/timebank/records.csv").await.body;
    assert!(table.contains("\"1.50\",\"90\""), "{table}");
}

#[tokio::test]
async fn records_from_elsewhere_are_taken_in_line_by_line_and_once() {
    let app = TestApp::start().await;
    let People { volunteer, .. } = people(&app).await;
    let coordinator = clerk(&app, "coordinator", "time_bank_coordinator@320214").await;
    let page = "/staff/timebank/import";
    let empty = send(&coordinator, page, &[]).await;
    assert!(empty.status == 422 && empty.body.contains("phone-error") && empty.body.contains("lines-error"));
    let nobody = send(&coordinator, page, &[("phone", "13900000009"), ("lines", "一")]).await;
    assert!(nobody.status == 422 && nobody.body.contains("没有登记过志愿者"), "{}", nobody.body);
    let header = send(&coordinator, page, &[("phone", HELPER), ("lines", "一,二")]).await;
    assert!(header.status == 422 && header.body.contains("表头"), "{}", header.body);
    let header = app::domain::timebank::RECORD_COLUMNS.join(",");
    let lines = format!(
        "{header}\n王小明,2026-11-01,别处社区,读报,1.5,90,别处志愿队,\n\
         李大妈,2026-11-02,别处社区,读报,2,90,别处志愿队,\n王小明,2026-11-01,别处社区,读报,1.5,90,别处志愿队,"
    );
    let mixed = send(&coordinator, page, &[("phone", HELPER), ("lines", &lines)]).await;
    assert_eq!(mixed.status, 422);
    for shown in ["收下 1 条，没有收的 1 条", "姓名和登记的不一样；小时和分钟对不上", "以前收过"]
    {
        assert!(mixed.body.contains(shown), "{shown}: {}", mixed.body);
    }
    let json = volunteer.get("/timebank/records.json").await.body;
    assert!(json.contains("别处志愿队"), "{json}");
    let again = send(&coordinator, page, &[("phone", HELPER), ("lines", &json)]).await;
    assert!(again.status == 200 && again.body.contains("收下 0 条"), "{}", again.body);
    assert!(volunteer.get("/timebank").await.body.contains("0 分钟</strong>"), "they bring no hours here");
    let far = clerk(&app, "far", "time_bank_coordinator@320214051").await;
    let refused = send(&far, page, &[("phone", HELPER), ("lines", &json)]).await;
    assert_eq!(refused.status, 403, "another street's volunteer");
}

#[tokio::test]
async fn a_service_that_may_be_dangerous_begins_with_an_insurance_alone() {
    let app = TestApp::start().await;
    let People { worker, volunteer, elder } = people(&app).await;
    let all: Vec<_> = super::timebank::VOLUNTEER.iter().copied().chain([("kind-clinic", "yes")]).collect();
    assert_eq!(send(&volunteer, "/timebank/volunteer", &all).await.location(), "/timebank");
    let clinic: Vec<_> = super::timebank::NEED
        .iter()
        .map(|(name, value)| (*name, if *name == "kind" { "clinic" } else { *value }))
        .collect();
    let added = send(&worker, "/staff/timebank/new", &clinic).await;
    let need = added.location().strip_prefix("/staff/timebank/").unwrap().to_owned();
    let page = format!("/timebank/needs/{need}");
    assert_eq!(send(&volunteer, &page, &[("act", "take")]).await.location(), page);
    let code = super::timebank::code_on(&elder.get(&page).await);
    let list = worker.get("/staff/timebank/insurance").await.body;
    assert!(
        list.contains("还没有登记意外险") && list.contains("王＊＊") && !list.contains("王小明"),
        "{list}"
    );
    app.later(19 * 60 * MINUTE);
    sign_in(&app, &volunteer, HELPER).await;
    let refused = send(&volunteer, &page, &[("act", "sign"), ("code", &code)]).await;
    assert!(refused.status == 422 && refused.body.contains("要先有意外险"), "{}", refused.body);
    worker.sign_in_as("worker").await;
    let form = format!("/staff/timebank/insurance/{need}");
    let wrong = send(&worker, &form, &[("insurer", "示例保险"), ("until", "2026-11-01")]).await;
    assert!(wrong.status == 422 && wrong.body.contains("policy-error") && wrong.body.contains("until-error"));
    let right = [("insurer", "示例保险"), ("policy", "SL-0001"), ("until", "2027-06-30")];
    assert_eq!(send(&worker, &form, &right).await.location(), "/staff/timebank/insurance");
    assert!(worker.get("/staff/timebank/insurance").await.body.contains("保到"));
    let begun = send(&volunteer, &page, &[("act", "sign"), ("code", &code)]).await;
    assert_eq!(begun.location(), page, "{}", begun.body);
}
