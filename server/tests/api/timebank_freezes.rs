//! Hours that wait, gifts and unusual services, over HTTP; and what must fail.

#![cfg(test)]

use super::TestApp;
use super::counter::clerk;
use super::residents::{ELDER, HELPER, sign_in};
use super::timebank::{People, earn, people, send};
use super::timebank_records::confirmed;

const FREEZE: &[(&str, &str)] =
    &[("phone", ELDER), ("name", "李大妈"), ("reason", "moved"), ("why", "女儿来说搬走了")];

#[tokio::test]
async fn two_people_freeze_and_undo_and_no_other_way_is_open_without_a_setting() {
    let app = TestApp::start().await;
    let People { worker, elder, .. } = people(&app).await;
    earn(&app, ELDER, 120).await;
    let one = clerk(&app, "coordinator", "time_bank_coordinator@320214").await;
    let two = clerk(&app, "district", "district_officer@320214").await;
    let list = "/staff/timebank/freezes";
    assert_eq!(worker.get(list).await.status, 403);
    let wrong = send(&one, list, &[]).await;
    for field in ["phone", "name", "reason", "why"] {
        assert!(wrong.status == 422 && wrong.body.contains(&format!("{field}-error")), "{field}");
    }
    let other_name: Vec<_> =
        FREEZE.iter().map(|(name, value)| (*name, if *name == "name" { "王小明" } else { *value })).collect();
    let nobody = send(&one, list, &other_name).await;
    assert!(nobody.status == 422 && nobody.body.contains("没有找到"), "{}", nobody.body);
    let made = send(&one, list, FREEZE).await;
    assert_eq!(made.status, 303, "{}", made.body);
    let page = made.location().to_owned();
    assert!(elder.get("/timebank").await.body.contains("您的时间先冻结了"));
    let spent = send(&elder, "/timebank/donate", &[("minutes", "30")]).await;
    assert_eq!(spent.location(), "/timebank", "the bank tells why");
    let shown = one.get(&page).await.body;
    assert!(shown.contains("2 小时") && shown.contains("李＊＊") && !shown.contains("李大妈"), "{shown}");
    assert!(shown.contains("解冻") && !shown.contains("给配偶"), "no rule was set: {shown}");
    let unset = [("act", "propose"), ("outcome", "donate"), ("why", "没有家里人")];
    assert_eq!(send(&one, &page, &unset).await.status, 422);
    let undo = [("act", "propose"), ("outcome", "restore"), ("why", "不搬了，弄错了")];
    assert_eq!(send(&one, &page, &undo).await.location(), page);
    let waits = one.get(&page).await;
    assert!(waits.body.contains("不能自己同意") && !waits.body.contains("同意，就这样处理"));
    let at = waits.hidden("proposed_at");
    let own = send(&one, &page, &[("act", "settle"), ("proposed_at", &at)]).await;
    assert_eq!(own.status, 422);
    let done = send(&two, &page, &[("act", "settle"), ("proposed_at", &at)]).await;
    assert_eq!(done.location(), list, "{}", done.body);
    assert!(!elder.get("/timebank").await.body.contains("冻结了"));
    let far = clerk(&app, "far", "time_bank_coordinator@320214051").await;
    let refused = send(&far, list, FREEZE).await;
    assert_eq!(refused.status, 403, "another street's");
}

#[tokio::test]
async fn hours_are_given_to_kin_whose_name_was_checked() {
    let app = TestApp::start().await;
    let People { volunteer, elder, .. } = people(&app).await;
    earn(&app, ELDER, 120).await;
    let empty = send(&elder, "/timebank/gift", &[]).await;
    for field in ["kin", "name", "phone", "minutes"] {
        assert!(empty.status == 422 && empty.body.contains(&format!("{field}-error")), "{field}");
    }
    let gift = |name: &'static str, phone: &'static str, minutes: &'static str| {
        [("kin", "child"), ("name", name), ("phone", phone), ("minutes", minutes)]
    };
    for (name, phone) in [("李四", HELPER), ("王小明", "13900000009"), ("李大妈", ELDER)] {
        let nobody = send(&elder, "/timebank/gift", &gift(name, phone, "60")).await;
        assert!(nobody.status == 422 && nobody.body.contains("没有找到"), "{name}: {}", nobody.body);
    }
    let poor = send(&elder, "/timebank/gift", &gift("王小明", HELPER, "150")).await;
    assert!(poor.status == 422 && poor.body.contains("您存的时间不够"), "{}", poor.body);
    let given = send(&elder, "/timebank/gift", &gift("王小明", HELPER, "60")).await;
    assert_eq!(given.location(), "/timebank/gift?thanks=1", "{}", given.body);
    assert!(elder.get("/timebank").await.body.contains("1 小时</strong>"));
    let got = volunteer.get("/timebank").await.body;
    assert!(got.contains("1 小时</strong>") && got.contains("转赠"), "{got}");
    assert_eq!(crate::timebank::verify::verify(app.site.store(), "320214").await.unwrap().fault, None);
}

#[tokio::test]
async fn an_unusual_service_is_looked_at_by_a_person_and_nothing_else_follows() {
    let app = TestApp::start().await;
    let People { worker, volunteer, .. } = people(&app).await;
    let need = confirmed(&app, &worker, &volunteer).await;
    let coordinator = clerk(&app, "coordinator", "time_bank_coordinator@320214").await;
    let list = "/staff/timebank/patterns";
    assert!(coordinator.get(list).await.body.contains("没有要看的"));
    assert!(volunteer.get("/timebank/surplus").await.body.contains("现在没有超过上限"));
    // Of an hour that was asked for, three were recorded.
    let database = app.database().await;
    sqlx::query("update time_needs set over_at = began_at + 4 * 3600000 where id = $1")
        .bind(&need)
        .execute(&database)
        .await
        .unwrap();
    let shown = coordinator.get(list).await.body;
    assert!(shown.contains("长一倍以上") && shown.contains("机器不扣时间"), "{shown}");
    let looked = send(&coordinator, list, &[("need", &need), ("pattern", "far-longer")]).await;
    assert_eq!(looked.location(), list, "{}", looked.body);
    assert!(coordinator.get(list).await.body.contains("没有要看的"));
    sign_in(&app, &volunteer, HELPER).await;
    assert!(volunteer.get("/timebank").await.body.contains("1 小时 30 分钟</strong>"), "no minute was taken");
}
