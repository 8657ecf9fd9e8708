//! Minors in the time bank: nothing without a guardian, kind by kind, and what follows when it is taken back.

#![cfg(test)]

use super::counter::{ELDER as ELDER_SEEN, clerk};
use super::kin::{GUARDIAN, prove, visit_of};
use super::residents::{ELDER, HELPER};
use super::timebank::{VOLUNTEER, posted, send};
use super::timebank_events::EVENT;
use super::{Answer, Browser, TestApp};

pub(super) const TEEN: &str = "13900000009";
/// Born on 5 March 2011: 15 years old.
pub(super) const TEEN_SEEN: &[(&str, &str)] = &[
    ("name", "王小宝"),
    ("document_kind", "citizen_id"),
    ("document_number", "320214201103059916"),
    ("seen", "yes"),
];

struct Family<'a> {
    worker: Browser<'a>,
    teen: Browser<'a>,
    guardian: Browser<'a>,
    elder: Browser<'a>,
}

async fn family(app: &TestApp) -> Family<'_> {
    let worker = clerk(app, "worker", "community_worker@320214050001").await;
    let desk = clerk(app, "desk", "street_officer@320214050").await;
    visit_of(&desk, TEEN, TEEN_SEEN).await;
    visit_of(&desk, ELDER, ELDER_SEEN).await;
    let visit = visit_of(&desk, HELPER, GUARDIAN).await;
    let path = format!("{visit}/guardian");
    let key = desk.get(&path).await.hidden("idempotency_key");
    let kept = desk
        .post(
            &path,
            &[
                ("idempotency_key", &key),
                ("paper", "household_register"),
                ("name", "王小宝"),
                ("document_kind", "citizen_id"),
                ("document_number", "320214201103059916"),
                ("relation", "child"),
                ("scope_aid", "yes"),
                ("signed", "yes"),
                ("consent", "yes"),
            ],
        )
        .await;
    assert_eq!(kept.location(), visit, "{}", kept.body);
    let (teen, guardian, elder) = (app.browser(), app.browser(), app.browser());
    prove(app, &teen, TEEN, "王小宝", "9916").await;
    prove(app, &guardian, HELPER, "王小明", "9937").await;
    prove(app, &elder, ELDER, "李大妈", "9909").await;
    Family { worker, teen, guardian, elder }
}

/// What the page's form of that kind holds beside the act.
fn form_of(page: &Answer, kind: &str) -> [(&'static str, String); 4] {
    let (before, after) = page.body.split_once(&format!("name=\"kind\" value=\"{kind}\"")).unwrap();
    let value = |text: &str| text.split('"').next().unwrap().to_owned();
    let last = |name: &str| value(before.rsplit_once(&format!("name=\"{name}\" value=\"")).unwrap().1);
    let field = value(after.split_once("name=\"box\" value=\"").unwrap().1);
    [
        ("idempotency_key", last("idempotency_key")),
        ("child", last("child")),
        ("kind", kind.to_owned()),
        ("box", field),
    ]
}

async fn decide(guardian: &Browser<'_>, act: &str, accompany: bool) -> Answer {
    let page = guardian.get("/timebank/wards").await;
    let form = form_of(&page, "companionship");
    let field = form[3].1.clone();
    let mut fields: Vec<(&str, &str)> = form.iter().map(|(name, value)| (*name, value.as_str())).collect();
    fields.push(("act", act));
    if accompany {
        fields.push((&field, "yes"));
    }
    guardian.post("/timebank/wards", &fields).await
}

#[tokio::test]
async fn a_minor_gives_service_with_a_guardians_agreement_and_gives_it_up_when_that_ends() {
    let app = TestApp::start_with(|settings| settings.timebank_rules = "beijing-2022".into()).await;
    let Family { worker, teen, guardian, elder } = family(&app).await;
    let form = teen.get("/timebank/volunteer").await.body;
    assert!(form.contains("您还没满 18 周岁"), "{form}");
    let mut too_much = VOLUNTEER.to_vec();
    too_much.push(("kind-clinic", "yes"));
    let refused = send(&teen, "/timebank/volunteer", &too_much).await;
    assert!(refused.status == 422 && refused.body.contains("kind-clinic-error"), "a kind has its least age");
    assert_eq!(send(&teen, "/timebank/volunteer", VOLUNTEER).await.location(), "/timebank");

    let need = posted(&worker).await;
    let page = format!("/timebank/needs/{need}");
    let alone = send(&teen, &page, &[("act", "take")]).await;
    assert!(alone.status == 422 && alone.body.contains("要监护人先同意"), "{}", alone.body);
    let desk = send(&worker, "/staff/timebank/events/new", EVENT).await.location().to_owned();
    let event = desk.replace("/staff/timebank/", "/timebank/");
    let alone = send(&teen, &event, &[("act", "join")]).await;
    assert!(alone.status == 422 && alone.body.contains("要监护人先同意"), "{}", alone.body);

    assert!(guardian.get("/timebank").await.body.contains("孩子做志愿者"));
    let wards = guardian.get("/timebank/wards").await.body;
    assert!(wards.contains("王＊＊") && !wards.contains("王小宝") && !wards.contains("陪同看病"), "{wards}");
    let unaccompanied = decide(&guardian, "agree", false).await;
    assert!(
        unaccompanied.status == 422 && unaccompanied.body.contains("这一样要有大人陪着"),
        "{}",
        unaccompanied.body
    );
    assert_eq!(decide(&guardian, "agree", true).await.location(), "/timebank/wards");
    assert!(guardian.get("/timebank/wards").await.body.contains("有大人陪着"));
    assert_eq!(send(&teen, &page, &[("act", "take")]).await.location(), page);
    let shown = worker.get(&format!("/staff/timebank/{need}")).await.body;
    assert!(shown.contains("没满 18 周岁，监护人同意了，有大人陪着"), "{shown}");

    assert_eq!(decide(&guardian, "withdraw", false).await.location(), "/timebank/wards");
    let open = worker.get(&format!("/staff/timebank/{need}")).await.body;
    assert!(open.contains("还没有人接"), "{open}");
    assert!(teen.get("/me/inbox").await.body.contains("监护人不再同意"));
    let told: i64 = sqlx::query_scalar("select count(*) from outbox where template = 'time_helper_gone'")
        .fetch_one(&app.database().await)
        .await
        .unwrap();
    assert_eq!(told, 1, "whoever waits is told");
    let again = send(&teen, &page, &[("act", "take")]).await;
    assert_eq!(again.status, 422, "{}", again.body);
    assert!(!elder.get("/timebank").await.body.contains("孩子做志愿者"), "nobody's guardian");
}

#[tokio::test]
async fn nobody_agrees_for_anothers_child_and_a_bank_may_let_minors_to_events_alone_or_not_at_all() {
    let app = TestApp::start_with(|settings| settings.timebank_rules = "shanghai".into()).await;
    let Family { worker, teen, guardian, elder } = family(&app).await;
    let mut form = form_of(&guardian.get("/timebank/wards").await, "companionship");
    form[0].1 = "0".repeat(32);
    let field = form[3].1.clone();
    let mut fields: Vec<(&str, &str)> = form.iter().map(|(name, value)| (*name, value.as_str())).collect();
    fields.extend([("act", "agree"), (field.as_str(), "yes")]);
    assert_eq!(elder.post("/timebank/wards", &fields).await.status, 404, "not their child");
    assert_eq!(decide(&guardian, "agree", true).await.status, 303);
    assert_eq!(send(&teen, "/timebank/volunteer", VOLUNTEER).await.status, 303);
    let need = posted(&worker).await;
    let alone = send(&teen, &format!("/timebank/needs/{need}"), &[("act", "take")]).await;
    assert!(alone.status == 422 && alone.body.contains("只参加集体活动"), "{}", alone.body);
    let desk = send(&worker, "/staff/timebank/events/new", EVENT).await.location().to_owned();
    let event = desk.replace("/staff/timebank/", "/timebank/");
    assert_eq!(send(&teen, &event, &[("act", "join")]).await.location(), event);
    let list = worker.get(&desk).await.body;
    assert!(list.contains("王小宝：报了名") && list.contains("监护人同意了"), "{list}");
    decide(&guardian, "withdraw", false).await;
    assert!(!worker.get(&desk).await.body.contains("王小宝：报了名"), "the place is another's");

    let closed = TestApp::start().await;
    let Family { teen, guardian, .. } = family(&closed).await;
    assert!(teen.get("/timebank/volunteer").await.body.contains("满 18 周岁再来登记"));
    assert!(!guardian.get("/timebank").await.body.contains("孩子做志愿者"));
}
