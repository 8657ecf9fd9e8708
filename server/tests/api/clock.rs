//! More time by a legal ground, and aid before its papers, as the street gives them and the resident reads them.

#![cfg(test)]

use super::notices::apply;
use super::staff::account;
use super::{Browser, TestApp};

async fn act(staff: &Browser<'_>, number: &str, act: &str, fields: &[(&str, &str)]) -> super::Answer {
    let key = crate::forms::new_key().unwrap();
    let fields: Vec<_> = fields.iter().copied().chain([("idempotency_key", key.as_str())]).collect();
    staff.post(&format!("/staff/cases/{number}/{act}"), &fields).await
}

#[tokio::test]
async fn a_case_gets_more_time_by_a_ground_of_its_item_and_the_resident_reads_it() {
    let app = TestApp::start().await;
    account(&app, "street", &["street_officer@320214050"]).await;
    let (resident, street) = (app.browser(), app.browser());
    let number = apply(&resident).await;
    street.sign_in_as("street").await;
    let page = street.get(&format!("/staff/cases/{number}/handle")).await.body;
    assert!(
        page.contains("人户分离") && page.contains("45 个工作日") && !page.contains("先给多少"),
        "{page}"
    );
    let why = ("extension-reasons", "户籍在外地，那边的材料还没有回来。");
    let wrong = act(&street, &number, "extend", &[("extension-ground", "人手不够"), why]).await;
    assert_eq!(wrong.status, 422);
    let empty = act(&street, &number, "extend", &[]).await;
    assert!(empty.body.contains("请选择依据哪一种情形延长"), "{}", empty.body);
    let done = act(&street, &number, "extend", &[("extension-ground", "人户分离"), why]).await;
    assert_eq!(done.status, 303, "{}", done.body);
    let page = resident.get(&format!("/confirm/{number}")).await.body;
    assert!(page.contains("办理时限依法延长：人户分离，全程 45 个工作日"), "{page}");
    let again = act(&street, &number, "extend", &[("extension-ground", "人户分离"), why]).await;
    assert_eq!(again.status, 409);
}

#[tokio::test]
async fn law_50_in_an_emergency_small_aid_goes_before_its_papers() {
    let app = TestApp::start_with(|settings| settings.expedited_most_yuan = Some(2_000)).await;
    account(&app, "street", &["street_officer@320214050"]).await;
    let (resident, street) = (app.browser(), app.browser());
    resident.fill_in().await;
    let number = resident.submit().await;
    street.sign_in_as("street").await;
    let why = ("first-why", "家里失火，今晚没有地方住。");
    let much = act(&street, &number, "first", &[("first-amount", "2000.01"), why]).await;
    assert_eq!(much.status, 422);
    assert!(much.body.contains("超过了先行救助的数额") && much.body.contains("2000.01"), "{}", much.body);
    assert_eq!(act(&street, &number, "first", &[("first-amount", "2000"), why]).await.status, 303);
    let page = resident.get(&format!("/confirm/{number}")).await.body;
    assert!(page.contains("已经先给 2,000 元"), "{page}");
    let page = street.get(&format!("/staff/cases/{number}/handle")).await.body;
    assert!(page.contains("手续还要补") && page.contains("2026 年 12 月 7 日"), "{page}");
    assert_eq!(act(&street, &number, "supplement", &[("supplement", "")]).await.status, 422);
    let papers = [("supplement", "收据和户口本都看过了，和说的一样。")];
    assert_eq!(act(&street, &number, "supplement", &papers).await.status, 303);
    let page = street.get(&format!("/staff/cases/{number}/handle")).await.body;
    assert!(page.contains("收据和户口本都看过了") && !page.contains("手续还要补"), "{page}");
}
