//! Tours over HTTP: a point gives deliveries to a volunteer, doors close by the eaters' codes, and the time is the volunteer's.

#![cfg(test)]

use super::counter::clerk;
use super::meals::{cooking, send};
use super::meals_desk::{registered, telephone};
use super::residents::HELPER;
use super::timebank::{People, people};
use super::{Browser, TestApp};

const TOURS: &str = "/staff/meals/xg-01/tours";

/// The first piece of a page between two texts.
fn between<'a>(page: &'a str, before: &str, after: &str) -> &'a str {
    let (_, rest) = page.split_once(before).unwrap_or_else(|| panic!("no {before} in {page}"));
    rest.split_once(after).unwrap().0
}

async fn code_of(app: &TestApp, cook: &Browser<'_>) -> (String, String, String) {
    let page = cook.get(TOURS).await.body;
    let id = between(&page, "name=\"stop-", "\"").to_owned();
    let meal = app.site.store().meal(&id).await.unwrap();
    let kept = app.site.store().confirmation(&meal.confirmation).await.unwrap().unwrap();
    (id, kept.short_code, meal.number)
}

#[tokio::test]
async fn a_volunteer_brings_a_meal_and_has_the_minutes_and_nobody_elses_code_or_number_closes_a_door() {
    let app = TestApp::start().await;
    let cook = cooking(&app).await;
    let People { worker, volunteer, elder } = people(&app).await;
    let page = registered(&worker).await;
    assert_eq!(telephone(&worker, &page, "delivery").await.status, 303);
    app.later(21 * 3_600_000);
    cook.sign_in_as("cook").await;
    let (id, code, number) = code_of(&app, &cook).await;
    let empty = send(&cook, TOURS, &[]).await;
    assert!(empty.status == 422 && empty.body.contains("stops-error") && empty.body.contains("phone-error"));
    let stop = format!("stop-{id}");
    let nobody = send(&cook, TOURS, &[(stop.as_str(), "yes"), ("phone", "13900009999")]).await;
    assert!(nobody.status == 422 && nobody.body.contains("没有登记过志愿者"), "{}", nobody.body);
    let given = send(&cook, TOURS, &[(stop.as_str(), "yes"), ("phone", HELPER)]).await;
    assert_eq!(given.location(), TOURS, "{}", given.body);
    let shown = cook.get(TOURS).await.body;
    assert!(shown.contains("没有等着分的送餐") && shown.contains("还没出发"), "{shown}");

    super::residents::sign_in(&app, &volunteer, HELPER).await;
    let list = volunteer.get("/meals/tours").await.body;
    let tour = format!("/meals/tours/{}", between(&list, "href=\"/meals/tours/", "\""));
    let shown = volunteer.get(&tour).await.body;
    assert!(
        shown.contains("新光路 1 号") && shown.contains("李＊＊") && !shown.contains("李大妈"),
        "{shown}"
    );
    assert!(!shown.contains(&number), "the number would open the door");
    super::residents::sign_in(&app, &elder, super::residents::ELDER).await;
    assert_eq!(elder.get(&tour).await.status, 404, "another's tour");
    assert_eq!(send(&volunteer, &format!("{tour}/begin"), &[]).await.location(), tour);
    app.later(21 * 3_600_000 + 8 * 60_000);
    let door = format!("{tour}/door");
    let nothing = send(&volunteer, &door, &[]).await;
    assert!(nothing.status == 422 && nothing.body.contains("请填写八位短码"), "{}", nothing.body);
    let typed = send(&volunteer, &door, &[("code", &number)]).await;
    assert!(typed.status == 422 && typed.body.contains("不在您这一趟里"), "{}", typed.body);
    let scanned = format!("http://localhost/V/{}", {
        let meal = app.site.store().meal(&id).await.unwrap();
        app.site.store().confirmation(&meal.confirmation).await.unwrap().unwrap().token
    });
    assert_eq!(send(&volunteer, &door, &[("code", &scanned)]).await.location(), tour);
    assert_eq!(send(&volunteer, &door, &[("code", &code)]).await.location(), tour, "scanned once more");
    let done = volunteer.get(&tour).await.body;
    assert!(done.contains("都送到了") && done.contains("送到了 1 份"), "{done}");
    let bank = volunteer.get("/timebank").await.body;
    // Signing in took a part of the first minute, and only whole ones count.
    assert!(bank.contains("7 分钟"), "{bank}");
    let desk = cook.get("/staff/meals/xg-01/hand-out").await.body;
    assert!(desk.contains("订了 1 份，领了 1 份") && desk.contains("还没有记"), "{desk}");
    app.later(45 * 3_600_000);
    super::residents::sign_in(&app, &volunteer, HELPER).await;
    assert_eq!(volunteer.get(&tour).await.status, 404, "addresses of a day that is over");
}

#[tokio::test]
async fn the_point_closes_a_door_for_whoever_has_no_code_and_takes_the_rest_back() {
    let app = TestApp::start().await;
    let cook = cooking(&app).await;
    let People { worker, .. } = people(&app).await;
    let page = registered(&worker).await;
    assert_eq!(telephone(&worker, &page, "delivery").await.status, 303);
    app.later(21 * 3_600_000);
    cook.sign_in_as("cook").await;
    let (id, ..) = code_of(&app, &cook).await;
    let stop = format!("stop-{id}");
    let give = async || send(&cook, TOURS, &[(stop.as_str(), "yes"), ("phone", HELPER)]).await;
    assert_eq!(give().await.status, 303);
    let shown = cook.get(TOURS).await.body;
    let back = format!(
        "{TOURS}/{}",
        between(&shown, &format!("action=\"{TOURS}/"), "\"").replace("/begin", "/back")
    );
    assert_eq!(send(&cook, &back, &[]).await.location(), TOURS);
    assert!(cook.get(TOURS).await.body.contains(&stop), "to be given again");
    assert_eq!(give().await.status, 303);
    let shown = cook.get(TOURS).await.body;
    let tour = between(&shown, &format!("action=\"{TOURS}/"), "/begin").to_owned();
    let here = format!("{TOURS}/{tour}");
    assert_eq!(send(&cook, &format!("{here}/stops/{id}"), &[]).await.status, 422, "not gone yet");
    assert_eq!(send(&cook, &format!("{here}/begin"), &[]).await.location(), TOURS);
    app.later(21 * 3_600_000 + 5 * 60_000);
    assert_eq!(send(&cook, &format!("{here}/stops/{id}"), &[]).await.location(), TOURS);
    let brought = cook.get(TOURS).await.body;
    assert!(brought.contains("送到了 1 份，一共 1 份"), "{brought}");
    let far = clerk(&app, "far", "meal_point_operator@zc-01").await;
    assert_eq!(far.get(TOURS).await.status, 403);
    let strange = send(&far, &format!("/staff/meals/zc-01/tours/{tour}/begin"), &[]).await;
    assert_eq!(strange.status, 404, "another point's tour");
}

#[tokio::test]
async fn who_is_too_young_to_bring_meals_is_given_no_walk_and_a_volunteer_finds_theirs() {
    let app = TestApp::start().await;
    let cook = cooking(&app).await;
    let People { worker, volunteer, elder } = people(&app).await;
    let desk = clerk(&app, "teens", "street_officer@320214050").await;
    let teen = super::timebank_minors::TEEN;
    super::kin::visit_of(&desk, teen, super::timebank_minors::TEEN_SEEN).await;
    super::kin::prove(&app, &app.browser(), teen, "王小宝", "9916").await;
    assert!(volunteer.get("/timebank").await.body.contains("href=\"/meals/tours\""));
    assert!(!elder.get("/timebank").await.body.contains("/meals/tours"), "nothing for others");
    let page = registered(&worker).await;
    assert_eq!(telephone(&worker, &page, "delivery").await.status, 303);
    app.later(21 * 3_600_000);
    cook.sign_in_as("cook").await;
    let (id, ..) = code_of(&app, &cook).await;
    let stop = format!("stop-{id}");
    let young = send(&cook, TOURS, &[(stop.as_str(), "yes"), ("phone", teen)]).await;
    assert!(young.status == 422 && young.body.contains("年龄还不能送餐"), "{}", young.body);
    assert!(app.site.store().meal(&id).await.unwrap().tour.is_none());
    assert_eq!(send(&cook, TOURS, &[(stop.as_str(), "yes"), ("phone", HELPER)]).await.location(), TOURS);
}
