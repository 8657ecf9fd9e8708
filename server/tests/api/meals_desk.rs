//! Meals at the telephone and at the point: two taps for an order, one meal for two scans, nobody found who is another's affair.

#![cfg(test)]

use super::counter::clerk;
use super::meals::{cooking, send};
use super::{Browser, TestApp};

pub(super) const EATER: &[(&str, &str)] = &[
    ("name", "李大妈"),
    ("document_kind", "citizen_id"),
    ("document_number", "320222194503129909"),
    ("phone", "13900005678"),
    ("street", "320214050"),
    ("community", "320214050001"),
    ("detail", "新光路 1 号"),
    ("huji", "city"),
    ("status-dibao", "yes"),
    ("avoid", "花生、猪肉"),
    ("seen", "yes"),
];

/// Registers an elder; gives the page of their orders.
pub(super) async fn registered(worker: &Browser<'_>) -> String {
    let kept = send(worker, "/staff/meal-orders/new", EATER).await;
    assert_eq!(kept.status, 303, "{}", kept.body);
    kept.location().to_owned()
}

/// The dish whose button stands below its name.
fn dish_below(page: &str, name: &str) -> String {
    let at = page.find(name).unwrap_or_else(|| panic!("no {name} in {page}"));
    let (_, rest) = page[at..].split_once("name=\"dish\" value=\"").unwrap();
    rest.split('"').next().unwrap().to_owned()
}

pub(super) async fn telephone(worker: &Browser<'_>, page: &str, mode: &str) -> super::Answer {
    let shown = worker.get(page).await.body;
    let dish = dish_below(&shown, "清蒸鱼套餐");
    send(worker, page, &[("point", "xg-01"), ("dish", &dish), ("mode", mode)]).await
}

#[tokio::test]
async fn a_community_worker_orders_by_telephone_with_the_price_and_stops_what_is_avoided() {
    let app = TestApp::start().await;
    cooking(&app).await;
    let worker = clerk(&app, "worker", "community_worker@320214050001").await;
    let empty = send(&worker, "/staff/meal-orders/new", &EATER[..1]).await;
    for field in ["document_number", "street", "detail", "huji", "seen"] {
        assert!(empty.body.contains(&format!("{field}-error")), "{field}");
    }
    let page = registered(&worker).await;
    assert_eq!(registered(&worker).await, page, "one row for a document");
    let found = send(&worker, "/staff/meal-orders", &[("who", "李大妈")]).await.body;
    assert!(
        found.contains(&page) && found.contains("李＊＊") && !found.contains("320222194503129909"),
        "{found}"
    );
    assert!(send(&worker, "/staff/meal-orders", &[("who", "13900005678")]).await.body.contains(&page));
    let elsewhere = clerk(&app, "elsewhere", "community_worker@320214050002").await;
    assert!(!send(&elsewhere, "/staff/meal-orders", &[("who", "李大妈")]).await.body.contains(&page));
    assert_eq!(elsewhere.get(&page).await.status, 403);

    let shown = worker.get(&page).await.body;
    // 示例: dibao 4 yuan of the district, 3 of the street.
    for words in ["区里补 4 元", "街道补 3 元", "我付 5 元", "里面有忌口的猪肉，不能订"]
    {
        assert!(shown.contains(words), "{words}: {shown}");
    }
    let ordered = telephone(&worker, &page, "delivery").await;
    assert!(ordered.location().starts_with(&page), "{}", ordered.body);
    let shown = worker.get(&page).await.body;
    assert!(shown.contains("订过的") && shown.contains("订好了"), "{shown}");
    let (_, order) = shown.split_once("name=\"order\" value=\"").unwrap();
    let order = order.split('"').next().unwrap().to_owned();
    let cancel = format!("{page}/cancel");
    assert_eq!(send(&worker, &cancel, &[("order", &order)]).await.location(), page);
    assert!(worker.get(&page).await.body.contains("退了"));
    let change = worker.get(&format!("{page}/change")).await.body;
    assert!(change.contains("花生、猪肉") && change.contains("320222194503129909"));
}

#[tokio::test]
async fn a_meal_is_handed_out_once_and_the_second_counter_learns_where() {
    let app = TestApp::start().await;
    let cook = cooking(&app).await;
    let worker = clerk(&app, "worker", "community_worker@320214050001").await;
    let page = registered(&worker).await;
    assert_eq!(telephone(&worker, &page, "delivery").await.status, 303);
    app.later(21 * 3_600_000);
    cook.sign_in_as("cook").await;
    let kitchen = cook.get("/staff/meals/xg-01/kitchen").await.body;
    for words in ["午饭，一共 1 份", "先看忌口", "忌 花生、猪肉", "送餐路线", "新光社区新光路 1 号"]
    {
        assert!(kitchen.contains(words), "{words}: {kitchen}");
    }
    let desk = "/staff/meals/xg-01/hand-out";
    let list = cook.get(desk).await.body;
    assert!(list.contains("订了 1 份，领了 0 份") && list.contains("收 5 元"), "{list}");
    let (_, id) = list.split_once(&format!("{desk}/")).unwrap();
    let id = id.split('"').next().unwrap().to_owned();
    let by_name = send(&cook, desk, &[("find", "李大妈")]).await.body;
    assert!(by_name.contains(&id));
    let meal = app.site.store().meal(&id).await.unwrap();
    let code = app.site.store().confirmation(&meal.confirmation).await.unwrap().unwrap().short_code;
    assert!(send(&cook, desk, &[("find", &code)]).await.body.contains(&id), "by the code on the slip");
    assert!(!send(&cook, desk, &[("find", "王小明")]).await.body.contains(&id));
    let far = clerk(&app, "far", "meal_point_operator@zc-01").await;
    let there = send(&far, "/staff/meals/zc-01/hand-out", &[("find", &code)]).await;
    assert!(there.status == 422 && there.body.contains("不是这里"), "{}", there.body);
    assert_eq!(far.get(desk).await.status, 403);

    let act = format!("{desk}/{id}");
    assert_eq!(send(&cook, &act, &[]).await.status, 400, "paid or not is said with it");
    assert_eq!(send(&cook, &act, &[("paid", "waived")]).await.location(), desk);
    let again = send(&cook, &act, &[("paid", "paid")]).await;
    assert!(again.status == 422 && again.body.contains("领过了"), "{}", again.body);
    let kept = app.site.store().meal(&id).await.unwrap();
    assert_eq!(kept.paid, Some(app::domain::meals::Paid::Waived), "two scans, one meal, one subsidy");
    let elsewhere = send(&far, &format!("/staff/meals/zc-01/hand-out/{id}"), &[("paid", "paid")]).await;
    assert!(elsewhere.status == 422 && elsewhere.body.contains("不是这里"), "{}", elsewhere.body);
    let month = cook.get("/staff/meals/xg-01/month").await.body;
    for words in ["2026 年 11 月结算", "1 份", "4 元", "5 元", "签字"] {
        assert!(month.contains(words), "{words}: {month}");
    }
    let file = cook.get("/staff/meals/xg-01/month.csv").await;
    assert!(file.body.contains("清蒸鱼套餐") && file.body.contains("免了"), "{}", file.body);
    assert!(!file.body.contains("李大妈"));
    let check = app.browser().post("/check", &[("code", code.as_str())]).await.body;
    assert!(check.contains("用过"), "{check}");
}

#[tokio::test]
async fn somebody_who_did_not_order_gets_what_is_left_once() {
    let app = TestApp::start().await;
    let cook = cooking(&app).await;
    let worker = clerk(&app, "worker", "community_worker@320214050001").await;
    registered(&worker).await;
    app.later(22 * 3_600_000);
    cook.sign_in_as("cook").await;
    let walk_in = "/staff/meals/xg-01/walk-in";
    let empty = send(&cook, walk_in, &[]).await;
    for field in ["who", "dish", "paid"] {
        assert!(empty.body.contains(&format!("{field}-error")), "{field}: {}", empty.body);
    }
    let list = cook.get("/staff/meals/xg-01/hand-out").await.body;
    let value = |name: &str| {
        let at = list.find(name).unwrap();
        let (_, rest) = list[..at].rsplit_once("value=\"").unwrap();
        rest.split('"').next().unwrap().to_owned()
    };
    let (fish, egg) = (value("清蒸鱼套餐"), value("肉末蒸蛋"));
    let typed = async |who: &str, dish: &str| {
        send(&cook, walk_in, &[("who", who), ("dish", dish), ("paid", "paid")]).await
    };
    assert!(typed("王小明", &fish).await.body.contains("没有找到这个人"));
    assert!(typed("李大妈", &egg).await.body.contains("里有忌口的东西"), "the egg is cooked with pork");
    assert_eq!(typed("李大妈", &fish).await.location(), "/staff/meals/xg-01/hand-out");
    let again = typed("李大妈", &fish).await;
    assert!(again.status == 422 && again.body.contains("一个人一餐订一份"), "{}", again.body);
    let list = cook.get("/staff/meals/xg-01/hand-out").await.body;
    assert!(list.contains("订了 1 份，领了 1 份") && list.contains("还有 1 份"), "{list}");
}
