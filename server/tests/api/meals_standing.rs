//! Standing orders over HTTP: made by the elder or by telephone, placed by the server, paused for the hospital, ended.

#![cfg(test)]

use super::counter::clerk;
use super::meals::{BASE, HOME, cooking, elder, send};
use super::meals_desk::registered;
use super::residents::{ELDER, HELPER, sign_in};
use super::{Answer, Browser, TestApp};

const MAKE: &str = "/meals/xg-01/standing";

/// Tuesday, Wednesday and Thursday, fish where there is some.
const WEEK: &[(&str, &str)] = &[
    ("weekday-1", "yes"),
    ("weekday-2", "yes"),
    ("weekday-3", "yes"),
    ("standing_kind", "lunch"),
    ("usual", "清蒸鱼套餐"),
    ("standing_mode", "delivery"),
];

/// An elder with such an order; gives its page.
async fn standing(app: &TestApp) -> (Browser<'_>, String) {
    let elder = elder(app).await;
    assert_eq!(elder.post("/me/profile/address", HOME).await.status, 303);
    let made = send(&elder, MAKE, WEEK).await;
    assert!(made.location().starts_with("/meals/standing/"), "{}", made.body);
    let page = made.location().to_owned();
    (elder, page)
}

async fn round(app: &TestApp) {
    crate::jobs::once(&app.site, app.site.clock().now()).await.unwrap();
}

async fn pause(elder: &Browser<'_>, page: &str, from: &str, to: &str) -> Answer {
    let id = page.rsplit('/').next().unwrap();
    let (from_field, to_field) = (format!("pause_from-{id}"), format!("pause_to-{id}"));
    send(elder, page, &[("act", "pause"), (&from_field, from), (&to_field, to)]).await
}

#[tokio::test]
async fn an_elder_orders_once_for_each_week_pauses_goes_on_and_ends_it() {
    let app = TestApp::start().await;
    cooking(&app).await;
    let (elder, page) = standing(&app).await;
    let form = elder.get(MAKE).await.body;
    for words in ["每周哪几天", "清蒸鱼套餐", "哪样都行", "送到新光社区新光路 1 号 502 室"]
    {
        assert!(form.contains(words), "{words}: {form}");
    }
    let empty = send(&elder, MAKE, &[]).await;
    assert_eq!(empty.status, 422);
    for words in ["请至少勾一天", "standing_kind-error", "请选择自己来吃还是送到家"] {
        assert!(empty.body.contains(words), "{words}: {}", empty.body);
    }
    let again = send(&elder, MAKE, WEEK).await;
    assert!(again.status == 422 && again.body.contains("这几天里已经有固定订的这一餐了"), "{}", again.body);
    assert!(
        again.body.contains("id=\"weekday-1\" name=\"weekday-1\" value=\"yes\" checked"),
        "{}",
        again.body
    );

    let shown = elder.get(&page).await.body;
    for words in ["星期二、星期三、星期四", "2026 年 11 月 24 日", "订好了", "菜单写好了就订"]
    {
        assert!(shown.contains(words), "{words}: {shown}");
    }
    let mine = elder.get("/meals/mine").await.body;
    assert!(mine.contains("清蒸鱼套餐") && mine.contains("番茄豆腐") && mine.contains(&page), "{mine}");
    let file = elder.get("/me/data/export").await.body;
    assert!(file.contains("standing_meals") && file.contains("星期二、星期三、星期四"), "{file}");
    let stranger = app.browser();
    sign_in(&app, &stranger, HELPER).await;
    assert_eq!(stranger.get(&page).await.status, 404);
    assert_eq!(send(&stranger, &page, &[("act", "end")]).await.status, 404);

    let wrong = pause(&elder, &page, "2026-11-25", "2026-11-24").await;
    assert!(wrong.status == 422 && wrong.body.contains("不能早于从哪一天停"), "{}", wrong.body);
    assert!(wrong.body.contains("value=\"2026-11-25\""), "{}", wrong.body);
    assert_eq!(pause(&elder, &page, "2026-11-24", "2026-11-24").await.location(), page);
    let shown = elder.get(&page).await.body;
    assert!(shown.contains("从 2026 年 11 月 24 日 星期二 停到 2026 年 11 月 24 日 星期二"), "{shown}");
    let left = async || app.browser().get("/meals/xg-01").await.body.contains("12 元 · 还有 2 份");
    assert!(left().await, "the fish is free again");
    round(&app).await;
    assert!(left().await, "and is left alone in the pause");
    assert_eq!(send(&elder, &page, &[("act", "resume")]).await.location(), page);
    assert!(!left().await, "it was ordered again at once");
    assert_eq!(send(&elder, &page, &[("act", "dance")]).await.status, 400);

    let (key, end) = (crate::seal::random_secret().unwrap(), ("act", "end"));
    let over = [("idempotency_key", key.as_str()), end];
    assert_eq!(elder.post(&page, &over).await.location(), "/meals/mine");
    assert_eq!(elder.post(&page, &over).await.location(), "/meals/mine", "pressed twice");
    assert_eq!(elder.get(&page).await.status, 404);
    assert!(left().await && !elder.get("/meals/mine").await.body.contains(&page));
    round(&app).await;
    assert!(left().await);
}

#[tokio::test]
async fn a_day_without_a_menu_is_told_once_and_a_meal_that_comes_after_all_too() {
    let app = TestApp::start().await;
    let cook = cooking(&app).await;
    let (elder, page) = standing(&app).await;
    let told = async |words: &str| elder.get("/me/inbox").await.body.matches(words).count();
    round(&app).await;
    assert_eq!(told("没有订上").await, 0, "the menu may still come");
    // Wednesday, 22:05: ordering ends at 9:30.
    app.later(56 * 3_600_000);
    sign_in(&app, &elder, ELDER).await;
    cook.sign_in_as("cook").await;
    round(&app).await;
    round(&app).await;
    let failed = "您固定订的11月26日午饭没有订上：助餐点还没有写菜单";
    assert_eq!(told(failed).await, 1, "{}", elder.get("/me/inbox").await.body);
    assert!(elder.get(&page).await.body.contains("助餐点还没有写菜单"));
    let menu = [("lines", "2026-11-26,午饭,小馄饨,9,5,软烂,面粉、青菜\n2026-12-01,午饭,面,9,5,,面粉")];
    assert_eq!(send(&cook, &format!("{BASE}/menu"), &menu).await.status, 303);
    let closed = [("closed_day", "2026-12-01"), ("reason", "检修")];
    assert_eq!(send(&cook, &format!("{BASE}/closures"), &closed).await.status, 303);
    round(&app).await;
    round(&app).await;
    assert_eq!(told("您固定订的11月26日午饭，刚才没有订上，现在订上了").await, 1);
    assert_eq!(told("您固定订的12月1日午饭没有订上：助餐点那天不供应").await, 1);
    let mine = elder.get("/meals/mine").await.body;
    assert!(mine.contains("小馄饨"), "{mine}");
}

#[tokio::test]
async fn a_worker_makes_one_on_the_telephone_and_what_is_avoided_is_not_ordered() {
    let app = TestApp::start().await;
    let cook = cooking(&app).await;
    let pork = [("lines", "2026-11-26,午饭,红烧肉,15,5,,猪肉")];
    assert_eq!(send(&cook, &format!("{BASE}/menu"), &pork).await.status, 303);
    let worker = clerk(&app, "worker", "community_worker@320214050001").await;
    let far = clerk(&app, "far", "community_worker@320214050002").await;
    let eater = registered(&worker).await;
    let desk = format!("{eater}/standing");
    assert!(worker.get(&eater).await.body.contains(&format!("{desk}?point=")));
    let form = worker.get(&format!("{desk}?point=xg-01")).await.body;
    assert!(form.contains("清蒸鱼套餐") && !form.contains("红烧肉"), "they avoid pork: {form}");
    let mut week = vec![("point", "xg-01")];
    week.extend_from_slice(WEEK);
    assert_eq!(send(&far, &desk, &week).await.status, 403);
    assert_eq!(send(&worker, &desk, &week).await.location(), desk);
    let shown = worker.get(&desk).await.body;
    for words in ["星期二、星期三、星期四", "订好了", "每样里都有您忌口的"] {
        assert!(shown.contains(words), "{words}: {shown}");
    }
    assert!(worker.get(&eater).await.body.contains("清蒸鱼套餐"));
    let (_, order) = shown.split_once(&format!("action=\"{desk}/")).unwrap();
    let order = order.split('"').next().unwrap();
    let act = format!("{desk}/{order}");
    let empty = send(&worker, &act, &[("act", "pause")]).await;
    assert!(
        empty.status == 422 && empty.body.contains(&format!("pause_from-{order}-error")),
        "{}",
        empty.body
    );
    assert_eq!(send(&far, &act, &[("act", "end")]).await.status, 403);
    assert_eq!(send(&worker, &act, &[("act", "end")]).await.location(), desk);
    assert!(!worker.get(&desk).await.body.contains(order));
    assert!(app.browser().get("/meals/xg-01").await.body.contains("12 元 · 还有 2 份"));
}
