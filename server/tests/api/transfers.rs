//! Cases that another street has to handle, over HTTP.

#![cfg(test)]

use super::TestApp;
use super::staff::account;

#[tokio::test]
async fn law_37_a_case_that_came_to_the_wrong_street_moves_and_the_resident_sees_where_and_why() {
    let app = TestApp::start().await;
    account(&app, "anna", &["street_officer@320214050"]).await;
    account(&app, "bert", &["street_officer@320214051"]).await;
    account(&app, "chief", &["district_officer@320214"]).await;
    let resident = app.browser();
    resident.fill_in().await;
    let number = resident.submit().await;
    let (anna, bert, chief) = (app.browser(), app.browser(), app.browser());
    anna.sign_in_as("anna").await;
    bert.sign_in_as("bert").await;
    chief.sign_in_as("chief").await;
    let address = format!("/staff/cases/{number}/transfer");

    assert!(
        anna.get(&format!("/staff/cases/{number}/handle")).await.body.contains("不归这里办，转给别的街道")
    );
    let page = anna.get(&address).await;
    assert!(page.body.contains("硕放街道") && !page.body.contains("value=\"320214050\""), "{}", page.body);
    let key = page.hidden("idempotency_key");
    let wrong =
        anna.post(&address, &[("idempotency_key", &key), ("street", "320214050"), ("why", "短")]).await;
    assert_eq!(wrong.status, 422);
    assert!(
        wrong.body.contains("href=\"#street\"") && wrong.body.contains("短</textarea>"),
        "{}",
        wrong.body
    );
    let why = "户籍在硕放，低保向户籍所在地申请";
    let form = [("idempotency_key", key.as_str()), ("street", "320214051"), ("why", why)];
    let moved = anna.post(&address, &form).await;
    assert_eq!((moved.status, moved.location()), (303, "/staff/transfers"), "{}", moved.body);

    let list = anna.get("/staff/transfers").await.body;
    assert!(list.contains("转出去了，由那边办") && list.contains("旺庄街道 → 硕放街道"), "{list}");
    assert!(!list.contains(&format!("href=\"/staff/cases/{number}\"")) && !list.contains(why), "{list}");
    assert_eq!(anna.get(&format!("/staff/cases/{number}")).await.status, 403, "it is theirs no longer");
    assert_eq!(anna.post(&address, &form).await.status, 403);
    let there = bert.get("/staff/transfers").await.body;
    assert!(there.contains(&format!("href=\"/staff/cases/{number}\"")), "{there}");
    assert!(bert.get("/staff/cases").await.body.contains(&number));

    let seen = resident.get(&format!("/confirm/{number}")).await.body;
    assert!(seen.contains("由硕放街道办理") && seen.contains("转到别的街道办理"), "{seen}");
    assert!(seen.contains(&format!("旺庄街道 → 硕放街道：{why}")), "{seen}");
    let other = app.browser();
    assert!(!other.get(&format!("/confirm/{number}")).await.body.contains(why), "it is the owner's alone");

    let page = bert.get(&address).await.body;
    assert!(page.contains("由区里定") && page.contains(why) && !page.contains("<textarea"), "{page}");
    let page = chief.get(&address).await;
    let form = [
        ("idempotency_key", page.hidden("idempotency_key")),
        ("street", "320214050".to_owned()),
        ("why", "住在旺庄，临时救助由旺庄办".to_owned()),
    ];
    let form: Vec<_> = form.iter().map(|(name, value)| (*name, value.as_str())).collect();
    assert_eq!(chief.post(&address, &form).await.status, 303);
    assert_eq!(anna.get(&format!("/staff/cases/{number}")).await.status, 200, "it came back");
    assert_eq!(bert.get(&format!("/staff/cases/{number}")).await.status, 403);
}
