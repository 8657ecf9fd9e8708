//! The kitchen's paper over HTTP: labels with what to avoid first, and a second print that tells only what is different.

#![cfg(test)]

use super::TestApp;
use super::counter::clerk;
use super::meals::{cooking, send};
use super::meals_desk::{EATER, registered, telephone};

#[tokio::test]
async fn a_second_print_tells_only_what_came_went_and_changed_and_labels_say_first_what_to_avoid() {
    let app = TestApp::start().await;
    let cook = cooking(&app).await;
    let worker = clerk(&app, "worker", "community_worker@320214050001").await;
    let page = registered(&worker).await;
    assert_eq!(telephone(&worker, &page, "delivery").await.status, 303);
    // The meals are tomorrow's.
    app.later(10 * 3_600_000);
    cook.sign_in_as("cook").await;
    let kitchen = "/staff/meals/xg-01/kitchen";
    let whole = cook.get(kitchen).await.body;
    assert!(whole.contains("午饭，一共 1 份") && !whole.contains("打印以后的变化"), "{whole}");
    assert_eq!(send(&cook, kitchen, &[]).await.location(), kitchen);
    let same = cook.get(kitchen).await.body;
    assert!(same.contains("没有变化，纸上的还是对的") && !same.contains("一共 1 份"), "{same}");
    assert!(cook.get(&format!("{kitchen}?whole=yes")).await.body.contains("午饭，一共 1 份"));

    let mut other = EATER.to_vec();
    other[0] = ("name", "王小明");
    other[2] = ("document_number", "320222194503129925");
    other[3] = ("phone", "13900005679");
    worker.sign_in_as("worker").await;
    let second = send(&worker, "/staff/meal-orders/new", &other).await;
    assert_eq!(second.status, 303, "{}", second.body);
    assert_eq!(telephone(&worker, second.location(), "dine_in").await.status, 303);
    let added = cook.get(kitchen).await.body;
    assert!(added.contains("多了") && added.contains("清蒸鱼套餐（自己来吃） 1 份"), "{added}");
    assert!(!added.contains("换了") && !added.contains("退了"), "{added}");
    let staff = cook.get("/staff/meals/xg-01").await.body;
    let (_, dish) =
        staff[staff.find("清蒸鱼套餐").unwrap()..].split_once("/staff/meals/xg-01/dishes/").unwrap();
    let dish = format!("/staff/meals/xg-01/dishes/{}", dish.split('"').next().unwrap());
    let instead = [("act", "substitute"), ("name", "红烧鱼套餐"), ("ingredients", "鱼")];
    assert_eq!(send(&cook, &dish, &instead).await.status, 303);
    let shown = worker.get(&page).await.body;
    let (_, order) = shown.split_once("name=\"order\" value=\"").unwrap();
    let order = order.split('"').next().unwrap().to_owned();
    let cancel = format!("{page}/cancel");
    let labels = cook.get("/staff/meals/xg-01/labels").await.body;
    let first = labels.find("xw-meal-label\"").unwrap();
    assert!(
        labels[first..].trim_start_matches("xw-meal-label\">").starts_with("<p><strong>忌口：花生、猪肉"),
        "{labels}"
    );
    for words in ["新光社区新光路 1 号", "李＊＊", "红烧鱼套餐", "软烂、少盐", "2 张"] {
        assert!(labels.contains(words), "{words}: {labels}");
    }
    assert!(!labels.contains("李大妈"));
    assert_eq!(send(&worker, &cancel, &[("order", &order)]).await.location(), page);
    let changed = cook.get(kitchen).await.body;
    assert!(changed.contains("退了") && changed.contains("清蒸鱼套餐（送到家） 1 份"), "{changed}");
    assert!(changed.contains("红烧鱼套餐（自己来吃） 1 份"), "what came is told as it is now: {changed}");
    app.later(10 * 3_600_000 + 60_000);
    assert_eq!(send(&cook, kitchen, &[]).await.location(), kitchen);
    assert!(cook.get(kitchen).await.body.contains("没有变化"));
}
