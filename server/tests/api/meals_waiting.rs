//! The line for a full dish over HTTP: stood in by the elder or by telephone, moved by whoever gives up, rung behind the cut-off.

#![cfg(test)]

use super::counter::clerk;
use super::meals::{BASE, HOME, cooking, dish_id, elder, send};
use super::meals_desk::{EATER, telephone};
use super::residents::{ELDER, HELPER, sign_in};
use super::{Browser, TestApp};

/// A neighbour whom the worker orders for.
async fn neighbour(worker: &Browser<'_>) -> String {
    let mut form: Vec<_> = EATER.to_vec();
    for field in &mut form {
        match field.0 {
            "name" => field.1 = "张大爷",
            "document_number" => field.1 = "320214194607128118",
            "phone" => field.1 = "13900005679",
            _ => {}
        }
    }
    let kept = send(worker, "/staff/meal-orders/new", &form).await;
    assert_eq!(kept.status, 303, "{}", kept.body);
    kept.location().to_owned()
}

async fn give_up(worker: &Browser<'_>, page: &str) {
    let shown = worker.get(page).await.body;
    let (_, id) = shown.split_once("name=\"order\" value=\"").unwrap();
    let order = id.split('"').next().unwrap();
    assert_eq!(send(worker, &format!("{page}/cancel"), &[("order", order)]).await.status, 303);
}

#[tokio::test]
async fn a_meal_given_up_goes_to_whoever_waits_and_late_ones_are_asked_by_telephone() {
    let app = TestApp::start().await;
    let cook = cooking(&app).await;
    let worker = clerk(&app, "worker", "community_worker@320214050001").await;
    let elder = elder(&app).await;
    assert_eq!(elder.post("/me/profile/address", HOME).await.status, 303);
    let fish = dish_id(&elder.get("/meals/xg-01").await.body, "清蒸鱼套餐");
    assert_eq!(
        send(&cook, &format!("{BASE}/dishes/{fish}"), &[("act", "quota"), ("quota", "1")]).await.status,
        303
    );
    let wait = "/meals/xg-01/wait";
    let stand = [("dish", fish.as_str()), ("mode", "dine_in")];
    let early = send(&elder, wait, &stand).await;
    assert!(early.status == 422 && early.body.contains("不用排队，回去直接订就行"), "{}", early.body);
    let neighbour = neighbour(&worker).await;
    assert_eq!(telephone(&worker, &neighbour, "dine_in").await.status, 303);

    let menu = elder.get("/meals/xg-01").await.body;
    let link = format!("{wait}?dish={fish}");
    assert!(menu.contains(&link) && menu.contains("排队等清蒸鱼套餐"), "{menu}");
    assert!(elder.get(&link).await.body.contains("您是第一个"));
    assert_eq!(elder.get(&format!("{wait}?dish=none")).await.status, 404);
    assert_eq!(send(&elder, wait, &stand[..1]).await.status, 422);
    let stood = send(&elder, wait, &stand).await;
    assert!(stood.location().starts_with("/meals/waiting/"), "{}", stood.body);
    let place = stood.location().to_owned();
    assert!(elder.get(&place).await.body.contains("排在第 1 位"));
    assert!(elder.get("/meals/mine").await.body.contains("排在第 1 位"));
    assert!(elder.get("/me/data/export").await.body.contains("meal_waits"));
    assert!(elder.get("/meals/xg-01").await.body.contains("订完了，1 人在排队"));
    let stranger = app.browser();
    sign_in(&app, &stranger, HELPER).await;
    assert_eq!(stranger.get(&place).await.status, 404);
    assert_eq!(send(&stranger, &format!("{place}/leave"), &[]).await.status, 404);
    let staff = cook.get(&format!("{BASE}/waiting")).await.body;
    assert!(staff.contains("李＊＊") && !staff.contains("13900005678"), "nobody is rung yet: {staff}");

    give_up(&worker, &neighbour).await;
    let inbox = elder.get("/me/inbox").await.body;
    assert!(inbox.contains("您排队等的11月24日午饭，清蒸鱼套餐，轮到您了"), "{inbox}");
    assert!(elder.get(&place).await.body.contains("轮到了，已经订上"));
    let mine = elder.get("/meals/mine").await.body;
    let (_, meal) = mine.split_once("href=\"/meals/mine/").unwrap();
    let meal = format!("/meals/mine/{}", meal.split('"').next().unwrap());

    // The neighbour waits now, by telephone, and leaves, and waits again; the elder declines.
    let shown = worker.get(&neighbour).await.body;
    assert!(shown.contains("（订完了）") && shown.contains("排队，"), "{shown}");
    let stand = [("point", "xg-01"), ("dish", fish.as_str()), ("mode", "dine_in")];
    assert_eq!(send(&worker, &format!("{neighbour}/wait"), &stand).await.status, 303);
    let shown = worker.get(&neighbour).await.body;
    let (_, id) = shown.split_once(&format!("{neighbour}/waits/")).unwrap();
    let leave = format!("{neighbour}/waits/{}", id.split('"').next().unwrap());
    assert_eq!(send(&worker, &leave, &[]).await.status, 303);
    assert!(!worker.get(&neighbour).await.body.contains("在排队的</h2>"));
    assert_eq!(send(&worker, &format!("{neighbour}/wait"), &stand).await.status, 303);
    assert_eq!(send(&elder, &format!("{meal}/cancel"), &[]).await.status, 303);
    let shown = worker.get(&neighbour).await.body;
    assert!(shown.contains("清蒸鱼套餐") && shown.contains("退掉") && !shown.contains("/waits/"), "{shown}");

    // Behind the cut-off: told, and rung by the point when the neighbour gives up late.
    let stood = send(&elder, wait, &[("dish", fish.as_str()), ("mode", "dine_in")]).await;
    let place = stood.location().to_owned();
    app.later(20 * 3_600_000);
    crate::jobs::once(&app.site, app.site.clock().now()).await.unwrap();
    sign_in(&app, &elder, ELDER).await;
    for (browser, login) in [(&worker, "worker"), (&cook, "cook")] {
        browser.sign_in_as(login).await;
    }
    assert!(elder.get("/me/inbox").await.body.contains("到截止还没有轮到"));
    assert!(elder.get(&place).await.body.contains("打电话问您"));
    give_up(&worker, &neighbour).await;
    assert!(!elder.get(&place).await.body.contains("轮到了"), "nobody is taken for sure to come");
    let staff = cook.get(&format!("{BASE}/waiting")).await.body;
    assert!(staff.contains("空出来 1 份。请先问 李大妈") && staff.contains("tel:"), "{staff}");
    let act = format!("{BASE}/waiting/{}", place.rsplit('/').next().unwrap());
    assert_eq!(send(&cook, &act, &[("answer", "perhaps")]).await.status, 400);
    let far = clerk(&app, "far", "meal_point_operator@zc-01").await;
    assert_eq!(send(&far, &act, &[("answer", "comes")]).await.status, 403);
    let list = format!("{BASE}/waiting");
    assert_eq!(send(&cook, &act, &[("answer", "comes")]).await.location(), list);
    assert_eq!(send(&cook, &act, &[("answer", "comes")]).await.location(), list, "pressed twice");
    assert!(elder.get(&place).await.body.contains("轮到了，已经订上"));
    assert!(elder.get("/me/inbox").await.body.contains("电话里说好的11月24日午饭，清蒸鱼套餐，给您留着"));
    assert!(cook.get(&list).await.body.contains("没有人在排队"));
}
