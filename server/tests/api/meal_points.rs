//! What the street and the district see of the day at the points, and of whose points nothing.

#![cfg(test)]

use super::TestApp;
use super::counter::clerk;
use super::meals::{BASE, cooking, send};
use super::meals_desk::{registered, telephone};

const POINTS: &str = "/staff/meal-points";

#[tokio::test]
async fn a_street_sees_its_points_the_district_all_and_nobody_anothers() {
    let app = TestApp::start().await;
    let cook = cooking(&app).await;
    let worker = clerk(&app, "worker", "community_worker@320214050001").await;
    let page = registered(&worker).await;
    assert_eq!(telephone(&worker, &page, "dine_in").await.status, 303);
    let closed = [("closed_day", "2026-11-25"), ("reason", "修灶台")];
    assert_eq!(send(&cook, &format!("{BASE}/closures"), &closed).await.status, 303);
    app.later(22 * 3_600_000);
    cook.sign_in_as("cook").await;
    let list = cook.get(&format!("{BASE}/hand-out")).await.body;
    let at = list.find("肉末蒸蛋").unwrap();
    let egg = list[..at].rsplit_once("value=\"").unwrap().1.split('"').next().unwrap().to_owned();
    let guest = [("who", "王大爷"), ("guest", "yes"), ("dish", egg.as_str()), ("paid", "paid")];
    assert_eq!(send(&cook, &format!("{BASE}/walk-in"), &guest).await.status, 303);
    assert_eq!(send(&cook, &format!("{BASE}/walk-in"), &guest).await.status, 422);

    let street = clerk(&app, "street", "street_officer@320214050").await;
    let shown = street.get(POINTS).await.body;
    for words in [
        "订了 2 份，领了 1 份（没订来吃的 1 份），还剩 30 份",
        "要核对的 1",
        "七天里不开的",
        "修灶台",
        "有要看的",
    ] {
        assert!(shown.contains(words), "{words}: {shown}");
    }
    assert!(!shown.contains("王＊＊") && !shown.contains("李＊＊"), "counts alone");
    assert!(!shown.contains("street=320214051"), "no way to another street");
    assert_eq!(street.get(&format!("{POINTS}?street=320214051")).await.status, 403);
    assert_eq!(street.get(&format!("{POINTS}?street=mars")).await.status, 403);

    let district = clerk(&app, "district", "district_officer@320214").await;
    let all = district.get(POINTS).await.body;
    assert!(
        all.contains("全区") && all.contains("street=320214050") && all.contains("street=320214051"),
        "{all}"
    );
    assert!(!all.contains("修灶台"), "the points come with their street");
    let one = district.get(&format!("{POINTS}?street=320214050")).await.body;
    assert!(one.contains("修灶台") && one.contains("要核对的"), "{one}");
    assert_eq!(district.get(&format!("{POINTS}?street=mars")).await.status, 403);
    assert_eq!(cook.get(POINTS).await.status, 403);
    worker.sign_in_as("worker").await;
    assert_eq!(worker.get(POINTS).await.status, 403);
}
