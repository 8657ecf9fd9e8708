//! What an elder meets beside the order itself: a closed day, another dish, a word after eating.

#![cfg(test)]

use super::meals::{BASE, HOME, cooking, dish_id, elder, send};
use super::residents::{ELDER, sign_in};
use super::{Browser, TestApp};

/// An elder with a meal of tomorrow; gives the meal's page.
pub(super) async fn ordered(app: &TestApp) -> (Browser<'_>, String) {
    let elder = elder(app).await;
    assert_eq!(elder.post("/me/profile/address", HOME).await.status, 303);
    let fish = dish_id(&elder.get("/meals/xg-01").await.body, "清蒸鱼套餐");
    let picked = [("pick-2026-11-24-lunch", fish.as_str()), ("mode", "dine_in")];
    let meal = send(&elder, "/meals/xg-01/reserve", &picked).await;
    assert!(meal.location().starts_with("/meals/mine/"), "{}", meal.body);
    let page = meal.location().to_owned();
    (elder, page)
}

#[tokio::test]
async fn an_elder_reads_that_the_point_ended_the_meal_and_that_another_dish_came() {
    let app = TestApp::start().await;
    let cook = cooking(&app).await;
    let (elder, meal) = ordered(&app).await;
    let fish = dish_id(&app.browser().get("/meals/xg-01").await.body, "清蒸鱼套餐");
    let other = [("act", "substitute"), ("name", "红烧鱼套餐"), ("ingredients", "鱼、酱油")];
    assert_eq!(send(&cook, &format!("{BASE}/dishes/{fish}"), &other).await.status, 303);
    let page = elder.get(&meal).await.body;
    assert!(page.contains("原来是清蒸鱼套餐"), "{page}");
    assert!(elder.get("/me/inbox").await.body.contains("您订的11月24日午饭换成了红烧鱼套餐"));
    let closed = [("closed_day", "2026-11-24"), ("reason", "修灶台")];
    assert_eq!(send(&cook, &format!("{BASE}/closures"), &closed).await.status, 303);
    let staff = cook.get(BASE).await.body;
    assert!(staff.contains("订过的 1 份退了，每位都告诉了"), "{staff}");
    let page = elder.get(&meal).await.body;
    assert!(page.contains("助餐点这天不开，退了") && page.contains("不算您没来"), "{page}");
    assert!(!page.contains("退掉这一餐") && !page.contains("领餐的码"), "{page}");
    assert!(elder.get("/meals/mine").await.body.contains("助餐点不开，退了"));
    assert!(elder.get("/me/inbox").await.body.contains("修灶台"));
    app.later(24 * 3_600_000);
    sign_in(&app, &elder, ELDER).await;
    cook.sign_in_as("cook").await;
    let month = cook.get(&format!("{BASE}/month")).await.body;
    assert!(month.contains("订了没来领的") && month.contains("0 份"), "{month}");
}
