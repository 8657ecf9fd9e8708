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

/// Hands out the meal whose page that is.
async fn handed_out(cook: &Browser<'_>, meal: &str) {
    let id = meal.rsplit('/').next().unwrap();
    let out = send(cook, &format!("{BASE}/hand-out/{id}"), &[("paid", "paid")]).await;
    assert_eq!(out.status, 303, "{}", out.body);
}

#[tokio::test]
async fn one_tap_after_eating_is_kept_once_and_the_point_answers_a_word_without_a_name() {
    let app = TestApp::start().await;
    let cook = cooking(&app).await;
    let (elder, meal) = ordered(&app).await;
    let rate = format!("{meal}/rate");
    assert_eq!(send(&elder, &rate, &[("score", "good")]).await.location(), meal);
    assert!(!elder.get(&meal).await.body.contains("吃得怎么样"), "nothing was eaten yet");
    app.later(21 * 3_600_000);
    cook.sign_in_as("cook").await;
    sign_in(&app, &elder, ELDER).await;
    handed_out(&cook, &meal).await;
    assert!(elder.get("/meals/mine").await.body.contains("好吃吗"));
    let page = elder.get(&meal).await.body;
    for words in ["吃得怎么样？", "value=\"good\"", "value=\"so_so\"", "value=\"bad\"", "看不到名字"]
    {
        assert!(page.contains(words), "{words}: {page}");
    }
    let long = "咸".repeat(201);
    let wrong = send(&elder, &rate, &[("word", long.as_str())]).await;
    assert!(
        wrong.status == 422 && wrong.body.contains("请点一下") && wrong.body.contains(&long),
        "{}",
        wrong.body
    );
    let stranger = app.browser();
    sign_in(&app, &stranger, super::residents::HELPER).await;
    assert_eq!(send(&stranger, &rate, &[("score", "good")]).await.status, 404);
    let said = [("score", "bad"), ("word", "鱼太咸了")];
    assert_eq!(send(&elder, &rate, &said).await.location(), meal);
    assert_eq!(send(&elder, &rate, &[("score", "good")]).await.location(), meal);
    let page = elder.get(&meal).await.body;
    assert!(
        page.contains("鱼太咸了") && page.contains("我说过的") && !page.contains("value=\"good\""),
        "{page}"
    );

    assert!(cook.get(BASE).await.body.contains("有 1 条「不好」写了话"));
    let ratings = format!("{BASE}/ratings");
    let list = cook.get(&ratings).await.body;
    assert!(list.contains("好 0，一般 0，不好 1") && list.contains("鱼太咸了"), "{list}");
    let id = meal.rsplit('/').next().unwrap();
    assert!(
        !list.contains("李大妈") && !list.contains("李＊") && !list.contains(id),
        "neither a name nor a way to it: {list}"
    );
    let (_, rating) = list.split_once(&format!("{ratings}/")).unwrap();
    let rating = rating.split('"').next().unwrap().to_owned();
    let act = format!("{ratings}/{rating}");
    let field = format!("answer-{rating}");
    let empty = send(&cook, &act, &[(&field, "")]).await;
    assert!(empty.status == 422 && empty.body.contains("请写一写看了以后怎么做的"), "{}", empty.body);
    let far = super::counter::clerk(&app, "far", "meal_point_operator@zc-01").await;
    assert_eq!(send(&far, &act, &[(&field, "别处")]).await.status, 403);
    assert_eq!(send(&cook, &act, &[(&field, "跟厨房说了，少放盐")]).await.location(), ratings);
    assert_eq!(send(&cook, &act, &[(&field, "再说一次")]).await.status, 422);
    assert!(!cook.get(BASE).await.body.contains("写了话"));
    assert!(elder.get(&meal).await.body.contains("跟厨房说了，少放盐"));
    let file = elder.get("/me/data/export").await.body;
    assert!(file.contains("鱼太咸了"), "{file}");
}

#[tokio::test]
async fn whoever_wishes_it_is_rung_after_two_missed_meals_and_the_call_is_done_once() {
    let app = TestApp::start().await;
    cooking(&app).await;
    let (elder, _) = ordered(&app).await;
    let tofu = dish_id(&elder.get("/meals/xg-01").await.body, "番茄豆腐");
    let picked = [("pick-2026-11-25-lunch", tofu.as_str()), ("mode", "dine_in")];
    assert_eq!(send(&elder, "/meals/xg-01/reserve", &picked).await.status, 303);
    let worker = super::counter::clerk(&app, "worker", "community_worker@320214050001").await;
    let far = super::counter::clerk(&app, "far", "community_worker@320214050002").await;
    let calls = async |browser: &Browser<'_>| browser.get("/staff/meal-calls").await.body;
    app.later(3 * 24 * 3_600_000);
    let rounds = async || crate::jobs::once(&app.site, app.site.clock().now()).await.unwrap();
    rounds().await;
    sign_in(&app, &elder, ELDER).await;
    for (browser, login) in [(&worker, "worker"), (&far, "far")] {
        browser.sign_in_as(login).await;
    }
    assert!(!calls(&worker).await.contains("/staff/meal-calls/"), "nobody wished to be rung");
    let mine = elder.get("/meals/mine").await.body;
    assert!(mine.contains("没来领，请打电话问我"), "{mine}");
    let wish = "/meals/mine/care-call";
    assert_eq!(send(&elder, wish, &[("care_call", "perhaps")]).await.status, 400);
    assert_eq!(send(&elder, wish, &[("care_call", "yes")]).await.location(), "/meals/mine");
    assert!(elder.get("/meals/mine").await.body.contains("不用打电话问我"));
    rounds().await;
    rounds().await;
    let list = calls(&worker).await;
    assert!(list.contains("李＊＊") && list.contains("11月24日午饭和11月25日午饭"), "{list}");
    assert_eq!(list.matches("href=\"/staff/meal-calls/").count(), 1, "{list}");
    let (_, id) = list.split_once("href=\"/staff/meal-calls/").unwrap();
    let call = format!("/staff/meal-calls/{}", id.split('"').next().unwrap());
    assert!(!calls(&far).await.contains(&call));
    assert_eq!(far.get(&call).await.status, 403);
    assert_eq!(send(&far, &call, &[("outcome", "fine")]).await.status, 403);
    let page = worker.get(&call).await.body;
    assert!(
        page.contains("李大妈") && page.contains("tel:") && page.contains("新光路 1 号 502 室"),
        "{page}"
    );
    let help = send(&worker, &call, &[("outcome", "help")]).await;
    assert!(help.status == 422 && help.body.contains("请写一写谁在帮"), "{}", help.body);
    let found = [("outcome", "away"), ("note", "住院了，女儿在陪")];
    assert_eq!(send(&worker, &call, &found).await.location(), "/staff/meal-calls");
    assert_eq!(send(&worker, &call, &[("outcome", "fine")]).await.location(), call, "it was done");
    assert!(worker.get(&call).await.body.contains("住院了，女儿在陪"));
    rounds().await;
    assert_eq!(
        calls(&worker).await.matches("href=\"/staff/meal-calls/").count(),
        1,
        "rung once for these two"
    );
    let file = elder.get("/me/data/export").await.body;
    assert!(file.contains("住院了，女儿在陪"), "{file}");
}
