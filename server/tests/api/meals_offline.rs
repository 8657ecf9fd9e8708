//! A point's own device over HTTP: the list that it keeps, what it sends when the network is back, and the sheet of paper.

#![cfg(test)]

use serde_json::{Value, json};

use super::counter::clerk;
use super::meals::{cooking, send};
use super::meals_desk::{registered, telephone};
use super::{Answer, Browser, TestApp};
use crate::seal::sha256;

const BASE: &str = "/staff/meals/xg-01/offline";

async fn post_json(app: &TestApp, browser: &Browser<'_>, path: &str, body: &Value) -> Answer {
    let request = app
        .request("POST", path)
        .header("cookie", browser.cookie())
        .header("origin", &app.site.settings().base_url)
        .header("content-type", "application/json")
        .body(body.to_string());
    app.send(request).await
}

/// What the server says of scans of a device.
async fn sent(
    app: &TestApp,
    cook: &Browser<'_>,
    point: &str,
    device: &str,
    scans: &[(&str, &str)],
) -> Vec<(String, String)> {
    let at = app.site.clock().now().0 - 60_000;
    let scans: Vec<_> =
        scans.iter().map(|(id, code)| json!({ "id": id, "code": code, "at": at, "paid": "paid" })).collect();
    let body = json!({ "device": device, "scans": scans });
    let answer = post_json(app, cook, &format!("/staff/meals/{point}/offline/scans"), &body).await;
    assert_eq!(answer.status, 200, "{}", answer.body);
    let answer: Value = serde_json::from_str(&answer.body).unwrap();
    let text = |line: &Value, name: &str| line[name].as_str().unwrap().to_owned();
    answer["answers"]
        .as_array()
        .unwrap()
        .iter()
        .map(|line| (text(line, "outcome"), text(line, "words")))
        .collect()
}

const ID: [&str; 4] = [
    "00000000000000000000000000000001",
    "00000000000000000000000000000002",
    "00000000000000000000000000000003",
    "00000000000000000000000000000004",
];
const A: &str = "aaaaaaaaaaaaaaaa";
const B: &str = "bbbbbbbbbbbbbbbb";

#[tokio::test]
async fn a_device_keeps_a_list_without_names_or_codes_and_two_devices_share_one_meal() {
    let app = TestApp::start().await;
    let cook = cooking(&app).await;
    let worker = clerk(&app, "worker", "community_worker@320214050001").await;
    let page = registered(&worker).await;
    assert_eq!(telephone(&worker, &page, "dine_in").await.status, 303);
    app.later(21 * 3_600_000);
    cook.sign_in_as("cook").await;
    let empty = cook.get(BASE).await;
    assert!(empty.status == 200 && !empty.body.contains("李＊＊"), "the page holds nobody");
    let list = post_json(&app, &cook, &format!("{BASE}/list"), &json!({})).await;
    assert_eq!(list.header("cache-control"), "no-store");
    let list: Value = serde_json::from_str(&list.body).unwrap();
    let meal = &list["meals"][0];
    assert!(meal["words"].as_str().unwrap().contains("李＊＊"), "{list}");
    assert_eq!((meal["avoid"].as_str(), meal["own"].as_str()), (Some("花生、猪肉"), Some("收 5 元")));
    let number = meal["number"].as_str().unwrap().to_owned();
    let kept = app.site.store().meal_of_number(&number).await.unwrap().unwrap();
    let confirmation = app.site.store().confirmation(&kept.confirmation).await.unwrap().unwrap();
    let salt = list["salt"].as_str().unwrap();
    for code in [&confirmation.short_code, &confirmation.token, &number, "李大妈"] {
        let hash = sha256(&format!("{salt}{code}"))[..16].to_owned();
        assert!(meal["codes"].as_array().unwrap().contains(&json!(hash)), "{code}");
    }
    let whole = list.to_string();
    assert!(!whole.contains(&confirmation.short_code) && !whole.contains("李大妈"), "{whole}");

    let scanned = format!("HTTP://LOCALHOST/V/{}", confirmation.token);
    let first = sent(&app, &cook, "xg-01", A, &[(ID[0], &number), (ID[1], &confirmation.short_code)]).await;
    assert_eq!([&first[0].0, &first[1].0], ["done", "again"], "{first:?}");
    let again = sent(&app, &cook, "xg-01", A, &[(ID[0], &number)]).await;
    assert_eq!(again[0].0, "done", "the same scan has the same answer");
    let other = sent(&app, &cook, "xg-01", B, &[(ID[2], &scanned), (ID[3], "没有这个")]).await;
    assert_eq!([&other[0].0, &other[1].0], ["already", "unknown"], "{other:?}");
    assert!(other[0].1.contains("领过了") && other[0].1.contains(&number), "{other:?}");
    let desk = "/staff/meals/xg-01/hand-out";
    let shown = cook.get(desk).await.body;
    assert!(shown.contains("订了 1 份，领了 1 份") && shown.contains("一份记了两次，只算一份"), "{shown}");
    let (_, rest) = shown.split_once("/conflicts/").unwrap();
    let settle = format!("/staff/meals/xg-01/conflicts/{}", rest.split('"').next().unwrap());
    assert_eq!(send(&cook, &settle, &[]).await.location(), desk);
    assert!(!cook.get(desk).await.body.contains("要核对"));
    let far = clerk(&app, "far", "meal_point_operator@zc-01").await;
    let body = json!({ "device": A, "scans": [] });
    assert_eq!(post_json(&app, &far, &format!("{BASE}/scans"), &body).await.status, 403);
}

#[tokio::test]
async fn a_meal_of_another_point_is_told_there_and_here_and_a_sheet_of_paper_does_what_a_device_does() {
    let app = TestApp::start().await;
    let cook = cooking(&app).await;
    let worker = clerk(&app, "worker", "community_worker@320214050001").await;
    let page = registered(&worker).await;
    assert_eq!(telephone(&worker, &page, "dine_in").await.status, 303);
    app.later(21 * 3_600_000);
    cook.sign_in_as("cook").await;
    let desk = "/staff/meals/xg-01/hand-out";
    let list = cook.get(desk).await.body;
    let (_, number) = list.split_once("编号 ").unwrap();
    let number = number.split('<').next().unwrap().to_owned();
    let far = clerk(&app, "far", "meal_point_operator@zc-01").await;
    let there = sent(&app, &far, "zc-01", A, &[(ID[0], &number)]).await;
    assert_eq!(there[0].0, "elsewhere");
    for (browser, path) in [(&cook, desk), (&far, "/staff/meals/zc-01/hand-out")] {
        let shown = browser.get(path).await.body;
        assert!(shown.contains("订在一个点，在另一个点领"), "{shown}");
    }
    let nothing = send(&cook, BASE, &[("lines", "李大妈 收了")]).await;
    assert!(nothing.status == 422 && nothing.body.contains("第 1 行看不懂"), "{}", nothing.body);
    assert!(nothing.body.contains("李大妈 收了"), "what was typed stays");
    let lines = format!("{number} 收了\nZC261124999999 免了");
    let half = send(&cook, BASE, &[("lines", &lines)]).await;
    assert!(half.status == 422 && half.body.contains("查不到这一份"), "{}", half.body);
    let kept = app.site.store().meal_of_number(&number).await.unwrap().unwrap();
    assert_eq!(kept.paid, Some(app::domain::meals::Paid::Paid), "the line that is right is recorded");
    let again = send(&cook, BASE, &[("lines", &number)]).await;
    assert!(again.status == 422 && again.body.contains("领过了"), "another sheet: {}", again.body);
}
