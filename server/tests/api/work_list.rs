//! The work list over HTTP: filters, several cases at once, a leave, notes; and what is refused.

#![cfg(test)]

use super::staff::account;
use super::{Browser, TestApp};

async fn sent(app: &TestApp) -> String {
    let resident = app.browser();
    resident.fill_in().await;
    resident.submit().await
}

/// Sends the list's form with these cases picked.
async fn press(staff: &Browser<'_>, act: &str, cases: &[&str], to: &str) -> super::Answer {
    let page = staff.get("/staff/cases").await;
    let key = page.hidden("idempotency_key");
    let names: Vec<String> = cases.iter().map(|number| format!("case-{number}")).collect();
    let mut fields =
        vec![("idempotency_key", key.as_str()), ("post", "0"), ("back", "&order=waited"), ("to", to)];
    fields.extend(names.iter().map(|name| (name.as_str(), "yes")));
    staff.post(&format!("/staff/cases/{act}"), &fields).await
}

#[tokio::test]
async fn cases_are_given_out_accepted_together_and_handed_over_before_a_leave() {
    let app = TestApp::start().await;
    account(&app, "anna", &["street_officer@320214050"]).await;
    let bert = account(&app, "bert", &["street_officer@320214050"]).await;
    let far = account(&app, "far", &["street_officer@320214051"]).await;
    let (one, two) = (sent(&app).await, sent(&app).await);
    let anna = app.browser();
    anna.sign_in_as("anna").await;

    let list = anna.get("/staff/cases").await.body;
    assert!(list.contains("快到期的在前") && list.contains("还没有人经办"), "{list}");
    assert!(list.contains(&format!("name=\"case-{one}\"")) && list.contains(&format!("value=\"{bert}\"")));
    assert!(!list.contains(&far), "nobody of another street is offered");

    let none = press(&anna, "assign", &[], "me").await;
    assert_eq!(none.status, 422);
    assert!(none.body.contains("请先在申请左边的方框里打勾"), "{}", none.body);
    let wrong = press(&anna, "assign", &[&one], &far).await;
    assert_eq!(wrong.status, 422);
    assert!(wrong.body.contains("请选择一位岗位管得到这些申请的同事"), "{}", wrong.body);

    let taken = press(&anna, "assign", &[&one, &two], "me").await;
    assert_eq!((taken.status, taken.location()), (303, "/staff/cases?post=0&order=waited&done=2-2"));
    let mine = anna.get("/staff/cases?whose=mine").await.body;
    assert!(mine.contains(&one) && mine.contains(&two) && mine.contains("李小白经办"), "{mine}");
    assert!(anna.get("/staff/cases?whose=nobodys").await.body.contains("没有符合条件的申请"));

    let accepted = press(&anna, "accept", &[&one, &two], "me").await;
    assert_eq!(accepted.location(), "/staff/cases?post=0&order=waited&done=2-2");
    let again = press(&anna, "accept", &[&one, &two], "me").await;
    assert_eq!(again.location(), "/staff/cases?post=0&order=waited&done=0-2", "none is accepted twice");
    assert!(anna.get(again.location()).await.body.contains("2 件里办好了 0 件"));
    assert!(anna.get("/staff/cases?state=accepted").await.body.contains(&one));
    assert!(anna.get("/staff/cases?state=received").await.body.contains("没有符合条件的申请"));

    let leave = anna.get("/staff/cases/hand-over").await;
    assert!(leave.body.contains("您手里有 2 件"), "{}", leave.body);
    let key = leave.hidden("idempotency_key");
    let refused = anna.post("/staff/cases/hand-over", &[("idempotency_key", &key), ("to", &far)]).await;
    assert_eq!(refused.status, 422);
    let handed = anna.post("/staff/cases/hand-over", &[("idempotency_key", &key), ("to", &bert)]).await;
    assert_eq!(handed.status, 303, "{}", handed.body);
    assert!(anna.get("/staff/cases/hand-over").await.body.contains("您手里没有经办的申请"));
    let next = app.browser();
    next.sign_in_as("bert").await;
    assert!(next.get("/staff/cases?whose=mine").await.body.contains(&two));
}

#[tokio::test]
async fn who_does_not_cover_a_case_changes_nothing_of_it() {
    let app = TestApp::start().await;
    account(&app, "far", &["street_officer@320214051"]).await;
    account(&app, "helper", &["community_worker@320214050001"]).await;
    let bert = account(&app, "bert", &["street_officer@320214050"]).await;
    let number = sent(&app).await;
    let far = app.browser();
    far.sign_in_as("far").await;
    let name = format!("case-{number}");
    let fields =
        [("idempotency_key", "x".repeat(32)), ("to", "me".to_owned()), (name.as_str(), "yes".to_owned())];
    let fields: Vec<_> = fields.iter().map(|(name, value)| (*name, value.as_str())).collect();
    for act in ["assign", "accept"] {
        assert_eq!(far.post(&format!("/staff/cases/{act}"), &fields).await.status, 403, "{act}");
    }
    // A community worker takes a case of the community and gives none to others, and accepts none.
    let helper = app.browser();
    helper.sign_in_as("helper").await;
    assert_eq!(press(&helper, "assign", &[&number], &bert).await.status, 422);
    assert_eq!(press(&helper, "accept", &[&number], "me").await.status, 403);
    assert_eq!(press(&helper, "assign", &[&number], "me").await.status, 303);
}

#[tokio::test]
async fn labels_and_notes_stand_on_the_cases_own_page_for_staff_alone() {
    let app = TestApp::start().await;
    account(&app, "anna", &["street_officer@320214050"]).await;
    let (number, other) = (sent(&app).await, sent(&app).await);
    let anna = app.browser();
    anna.sign_in_as("anna").await;
    let path = format!("/staff/cases/{number}/work");
    let page = anna.get(&path).await;
    assert!(
        page.body.contains("可能是同一户的申请") && page.body.contains(&format!("/staff/cases/{other}")),
        "{}",
        page.body
    );
    let key = page.hidden("idempotency_key");
    let labelled = anna
        .post(&format!("/staff/cases/{number}/labels"), &[("idempotency_key", &key), ("label-ring", "yes")])
        .await;
    assert_eq!((labelled.status, labelled.location()), (303, path.as_str()));
    let key = anna.get(&path).await.hidden("idempotency_key");
    let empty = anna.post(&format!("/staff/cases/{number}/note"), &[("idempotency_key", &key)]).await;
    assert_eq!(empty.status, 422);
    assert!(empty.body.contains("请写备注"), "{}", empty.body);
    let fields = [("idempotency_key", key.as_str()), ("note", "周三下午去家里看")];
    for _ in 0..2 {
        assert_eq!(anna.post(&format!("/staff/cases/{number}/note"), &fields).await.status, 303);
    }
    let page = anna.get(&path).await.body;
    assert_eq!(page.matches("周三下午去家里看").count(), 1, "{page}");
    let list = anna.get("/staff/cases?label=ring").await.body;
    assert!(
        list.contains("要打电话") && list.contains(&number) && !list.contains(&format!("case-{other}")),
        "{list}"
    );
    assert!(!list.contains("周三下午"), "a list holds no note");
}
