//! 结果共享 over HTTP: the district's lists, what stands in the file, and that the person sees who was told.

#![cfg(test)]

use super::TestApp;
use super::items::{apply_with, offices};
use super::notices::act;

#[tokio::test]
async fn aid_law_42_the_district_hands_a_list_over_and_the_person_sees_to_whom() {
    let app = TestApp::start().await;
    let resident = app.browser();
    let [street, district] = offices(&app).await;
    let (_, number) = apply_with(&resident, "rigid-expenditure", &["bank-account"], &[]).await;
    act(&street, &number, "accept", &[]).await;
    let grant = [("outcome", "grant"), ("reasons", "示例：票据核对过，花费超过比例。")];
    assert_eq!(act(&street, &number, "opinion", &grant).await.status, 303);
    assert_eq!(act(&district, &number, "decide", &[("outcome", "grant")]).await.status, 303);
    assert!(!resident.get(&format!("/confirm/{number}")).await.body.contains("告知了哪些部门"));

    let empty = district.post("/staff/sharing", &[("idempotency_key", &key())]).await;
    assert_eq!(empty.status, 422);
    for words in ["请选择告知哪个部门", "请写明他们要用这份名单做什么"] {
        assert!(empty.body.contains(words), "{words}: {}", empty.body);
    }
    let pressed = key();
    let asked =
        [("idempotency_key", &*pressed), ("receiver", "medical"), ("purpose", "示例：医疗救助直接认定")];
    let made = district.post("/staff/sharing", &asked).await;
    assert_eq!(made.status, 303, "{}", made.body);
    assert_eq!(district.post("/staff/sharing", &asked).await.location(), made.location(), "one press");
    let other = [("idempotency_key", &*pressed), ("receiver", "housing"), ("purpose", "示例：住房救助")];
    assert_eq!(district.post("/staff/sharing", &other).await.status, 409);
    let shown = district.get(made.location()).await.body;
    assert!(shown.contains("1 户认定") && shown.contains("示例：医疗救助直接认定"), "{shown}");
    assert!(
        !shown.contains("王小明") && !shown.contains("320205199912319937"),
        "names are in the file alone"
    );
    let nothing = key();
    let again = [("idempotency_key", &*nothing), asked[1], asked[2]];
    let again = district.post("/staff/sharing", &again).await;
    assert!(again.status == 200 && again.body.contains("没有要告知的"), "{}", again.body);

    let file = district.post(&format!("{}/file", made.location()), &[]).await.body;
    for words in ["王小明", "320205199912319937", "李大妈", "刚性支出困难家庭认定", "已经认定"]
    {
        assert!(file.contains(words), "{words}: {file}");
    }
    assert!(
        !file.contains("13900001234") && !file.contains("新光路"),
        "only what a department needs: {file}"
    );
    let shown = resident.get(&format!("/confirm/{number}")).await.body;
    assert!(shown.contains("告知了哪些部门") && shown.contains("医疗救助"), "{shown}");
}

fn key() -> String {
    crate::forms::new_key().unwrap()
}
