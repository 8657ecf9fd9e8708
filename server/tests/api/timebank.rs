//! The time bank over HTTP: a need from the telephone to hours, and what must fail.

#![cfg(test)]

use app::domain::timebank::{Account, AccountKind, EntryKind, Minutes, Movement};

use super::counter::{ELDER as ELDER_SEEN, clerk};
use super::kin::{GUARDIAN as HELPER_SEEN, prove, visit_of};
use super::residents::{ELDER, HELPER, sign_in};
use super::{Answer, Browser, TestApp};
use crate::confirm::{KeyRing, key_ring};

pub(super) const NEED: &[(&str, &str)] = &[
    ("name", "李大妈"),
    ("phone", ELDER),
    ("street", "320214050"),
    ("community", "320214050001"),
    ("detail", "新光路 1 号"),
    ("kind", "companionship"),
    ("day", "2026-11-24"),
    ("starts", "9:00"),
    ("minutes", "90"),
    ("language", "wuxi"),
    ("note", "听力不好，请大声"),
];

pub(super) const VOLUNTEER: &[(&str, &str)] =
    &[("kind-companionship", "yes"), ("street", "320214050"), ("language", "both"), ("agreed", "yes")];

/// Sends a page's form with its key.
pub(super) async fn send(browser: &Browser<'_>, path: &str, fields: &[(&str, &str)]) -> Answer {
    let page = browser.get(path).await;
    // Each form of a page has a key of its own, beside the act that it is for.
    let act = fields
        .iter()
        .find(|(name, _)| *name == "act")
        .map(|(_, act)| format!("name=\"act\" value=\"{act}\""));
    let key = match act.and_then(|act| page.body.find(&act)) {
        Some(at) => {
            let before = page.body[..at].rsplit_once("name=\"idempotency_key\" value=\"").unwrap().1;
            before.split('"').next().unwrap().to_owned()
        }
        // A form that the page does not offer.
        None if fields.iter().any(|(name, _)| *name == "act") => "0".repeat(32),
        None => page.hidden("idempotency_key"),
    };
    let mut all = vec![("idempotency_key", key.as_str())];
    all.extend_from_slice(fields);
    browser.post(path, &all).await
}

pub(super) struct People<'a> {
    pub(super) worker: Browser<'a>,
    pub(super) volunteer: Browser<'a>,
    pub(super) elder: Browser<'a>,
}

/// A community worker, a volunteer whose name was checked, and an elder with a telephone.
pub(super) async fn people(app: &TestApp) -> People<'_> {
    let worker = clerk(app, "worker", "community_worker@320214050001").await;
    let desk = clerk(app, "desk", "street_officer@320214050").await;
    visit_of(&desk, HELPER, HELPER_SEEN).await;
    visit_of(&desk, ELDER, ELDER_SEEN).await;
    let (volunteer, elder) = (app.browser(), app.browser());
    prove(app, &volunteer, HELPER, "王小明", "9937").await;
    prove(app, &elder, ELDER, "李大妈", "9909").await;
    let registered = send(&volunteer, "/timebank/volunteer", VOLUNTEER).await;
    assert_eq!(registered.location(), "/timebank", "{}", registered.body);
    People { worker, volunteer, elder }
}

pub(super) async fn posted(worker: &Browser<'_>) -> String {
    let added = send(worker, "/staff/timebank/new", NEED).await;
    assert_eq!(added.status, 303, "{}", added.body);
    added.location().strip_prefix("/staff/timebank/").unwrap().to_owned()
}

/// The service code on the elder's page.
pub(super) fn code_on(page: &Answer) -> String {
    let (_, rest) = page.body.split_once("xw-figure__value\">").unwrap();
    rest.split('<').next().unwrap().to_owned()
}

pub(super) const MINUTE: i64 = 60_000;

#[tokio::test]
async fn a_need_goes_from_the_telephone_to_hours_in_the_bank() {
    let app = TestApp::start().await;
    let People { worker, volunteer, elder } = people(&app).await;
    let wrong = send(&worker, "/staff/timebank/new", &NEED[..2]).await;
    assert!(wrong.status == 422 && wrong.body.contains("李大妈") && wrong.body.contains("kind-error"));
    let need = posted(&worker).await;
    let page = format!("/timebank/needs/{need}");

    let near = volunteer.get("/timebank/needs").await.body;
    assert!(near.contains(&page) && near.contains("新光"), "{near}");
    let before = volunteer.get(&page).await.body;
    assert!(before.contains("我去") && before.contains("不卖东西"), "{before}");
    for hidden in ["李大妈", "新光路 1 号", ELDER, "听力"] {
        assert!(!before.contains(hidden) && !near.contains(hidden), "{hidden} before anybody said yes");
    }
    let taken = send(&volunteer, &page, &[("act", "take")]).await;
    assert_eq!(taken.location(), page, "{}", taken.body);
    let mine = volunteer.get(&page).await.body;
    assert!(mine.contains("李大妈") && mine.contains("新光路 1 号") && mine.contains("听力不好"));

    let code = code_on(&elder.get(&page).await);
    assert_eq!(code.len(), 6);
    assert!(!mine.contains(&code), "the volunteer hears the code from the served person");
    let sign = async |code: &str| send(&volunteer, &page, &[("act", "sign"), ("code", code)]).await;
    let wrong = if code == "000000" { "000001" } else { "000000" };
    assert_eq!(sign(wrong).await.status, 422);
    app.later(19 * 60 * MINUTE);
    // Everybody has been away for a night.
    sign_in(&app, &volunteer, HELPER).await;
    assert_eq!(sign(&code).await.location(), page);
    app.later(20 * 60 * MINUTE + 30 * MINUTE + 5_000);
    sign_in(&app, &volunteer, HELPER).await;
    assert_eq!(sign(&code).await.location(), page);
    assert!(volunteer.get("/timebank").await.body.contains("0 分钟"), "nothing counts by silence");

    sign_in(&app, &elder, ELDER).await;
    let asked = elder.get(&page).await.body;
    assert!(asked.contains("1 小时 30 分钟") && asked.contains("是这样，确认"), "{asked}");
    assert_eq!(send(&elder, &page, &[("act", "confirm")]).await.location(), page);
    let bank = volunteer.get("/timebank").await.body;
    assert!(bank.contains("1 小时 30 分钟") && bank.contains("1 个时间币，还多 30 分钟"), "{bank}");
    let totals = app.browser().get("/timebank/totals").await.body;
    assert!(totals.contains("1 小时 30 分钟") && totals.contains("对得上"), "{totals}");
    let report = crate::timebank::verify::verify(app.site.store(), "320214").await.unwrap();
    assert_eq!((report.fault, report.head.sequence), (None, 1));
}

#[tokio::test]
async fn a_community_worker_records_and_confirms_for_one_without_a_phone_and_a_dispute_is_the_coordinators() {
    let app = TestApp::start().await;
    let People { worker, volunteer, .. } = people(&app).await;
    let need = posted(&worker).await;
    let (page, desk) = (format!("/timebank/needs/{need}"), format!("/staff/timebank/{need}"));
    send(&volunteer, &page, &[("act", "take")]).await;
    app.later(22 * 60 * MINUTE);
    worker.sign_in_as("worker").await;
    let record = [("act", "record"), ("began", "9:00"), ("over", "10:30")];
    let turned = send(&worker, &desk, &[("act", "record"), ("began", "9:00"), ("over", "9:00")]).await;
    assert!(turned.status == 422 && turned.body.contains("over-error"), "{}", turned.body);
    assert_eq!(send(&worker, &desk, &record).await.location(), desk);
    assert!(worker.get("/staff/timebank").await.body.contains("打电话问服务对象"));
    let unasked = send(&worker, &desk, &[("act", "confirm")]).await;
    assert!(unasked.status == 422 && unasked.body.contains("spoke-error"), "{}", unasked.body);
    let said = [("act", "dispute"), ("words", "只来了半个小时")];
    assert_eq!(send(&worker, &desk, &said).await.location(), desk);
    assert_eq!(send(&worker, &desk, &record).await.status, 403, "a dispute is heard by the coordinator");

    let coordinator = clerk(&app, "coordinator", "time_bank_coordinator@320214").await;
    let both = coordinator.get(&desk).await.body;
    assert!(both.contains("只来了半个小时") && both.contains("记录：1 小时 30 分钟"), "{both}");
    let again = [("act", "record"), ("began", "9:00"), ("over", "9:30")];
    assert_eq!(send(&coordinator, &desk, &again).await.location(), desk);
    let confirm = [("act", "confirm"), ("spoke", "yes")];
    assert_eq!(send(&coordinator, &desk, &confirm).await.location(), desk);
    sign_in(&app, &volunteer, HELPER).await;
    assert!(volunteer.get("/timebank").await.body.contains("30 分钟"));
}

#[tokio::test]
async fn nobody_unproved_registers_nobody_else_finds_a_need_and_two_services_of_one_person_cannot_overlap() {
    let app = TestApp::start().await;
    let People { worker, volunteer, .. } = people(&app).await;
    let stranger = app.browser();
    sign_in(&app, &stranger, "13900000003").await;
    assert!(stranger.get("/timebank/volunteer").await.body.contains("还差一步：核对姓名"));
    let (one, other) = (posted(&worker).await, posted(&worker).await);
    for need in [&one, &other] {
        assert_eq!(stranger.get(&format!("/timebank/needs/{need}")).await.status, 404);
    }
    let elsewhere = clerk(&app, "elsewhere", "community_worker@320214050002").await;
    assert_eq!(elsewhere.get(&format!("/staff/timebank/{one}")).await.status, 403);
    assert!(!elsewhere.get("/staff/timebank").await.body.contains(&one));
    let take =
        async |need: &str| send(&volunteer, &format!("/timebank/needs/{need}"), &[("act", "take")]).await;
    assert_eq!(take(&one).await.status, 303);
    let overlapping = take(&other).await;
    assert!(
        overlapping.status == 422 && overlapping.body.contains("同一个时间不能有两次"),
        "{}",
        overlapping.body
    );
    let page = format!("/timebank/needs/{one}");
    assert_eq!(send(&volunteer, &page, &[("act", "give-up")]).await.status, 303);
    assert_eq!(take(&other).await.status, 303);
}

#[tokio::test]
async fn volunteer_views_have_no_ranking() {
    let app = TestApp::start().await;
    let People { volunteer, .. } = people(&app).await;
    for path in ["/timebank", "/timebank/needs", "/timebank/totals"] {
        let page = volunteer.get(path).await.body;
        for word in ["排行", "第一名", "名次", "榜", "超过了", "签到积分"] {
            assert!(!page.contains(word), "{path} says {word}");
        }
    }
    assert!(volunteer.get("/timebank").await.body.contains("没有排名"));
}

/// Gives somebody hours as a confirmed service would.
pub(super) async fn earn(app: &TestApp, phone: &str, minutes: i64) {
    let store = app.site.store();
    let phone = app::domain::phone::ContactPhone::parse(phone).unwrap();
    let resident = store.resident_at_counter(&phone, app.site.clock().now()).await.unwrap();
    let movement = Movement::plain(
        EntryKind::Earned,
        Account::only(AccountKind::Issuance),
        Account::of(AccountKind::Person, &resident),
        Minutes::new(minutes).unwrap(),
    );
    let mut tx = store.begin().await;
    store.post_time(&mut tx, "320214", &movement, app.site.clock().now()).await.unwrap();
    tx.commit().await.unwrap();
}

const ORDER: &[(&str, &str)] = &[
    ("kind", "companionship"),
    ("day", "2026-11-24"),
    ("starts", "9:00"),
    ("minutes", "90"),
    ("street", "320214050"),
    ("community", "320214050001"),
    ("detail", "新光路 1 号"),
    ("language", "both"),
];

#[tokio::test]
async fn hours_are_kept_aside_with_the_order_moved_with_the_word_and_returned_with_a_cancellation() {
    let app = TestApp::start().await;
    let People { worker, volunteer, elder } = people(&app).await;
    let poor = send(&elder, "/timebank/order", ORDER).await;
    assert!(poor.status == 422 && poor.body.contains("您存的时间不够"), "{}", poor.body);
    let young = volunteer.get("/timebank/order").await.body;
    assert!(young.contains("满 60 周岁可以用"), "{young}");
    earn(&app, ELDER, 150).await;
    let ordered = send(&elder, "/timebank/order", ORDER).await;
    assert_eq!(ordered.status, 303, "{}", ordered.body);
    let page = ordered.location().to_owned();
    assert!(elder.get("/timebank").await.body.contains("1 小时</strong>"), "90 of 150 are kept aside");
    assert_eq!(send(&elder, &page, &[("act", "cancel")]).await.status, 303);
    assert!(elder.get("/timebank").await.body.contains("2 小时 30 分钟</strong>"), "all of it came back");

    let again = send(&elder, "/timebank/order", ORDER).await.location().to_owned();
    assert_eq!(send(&volunteer, &again, &[("act", "take")]).await.status, 303);
    app.later(22 * 60 * MINUTE);
    worker.sign_in_as("worker").await;
    let desk = again.replace("/timebank/needs/", "/staff/timebank/");
    send(&worker, &desk, &[("act", "record"), ("began", "9:00"), ("over", "10:00")]).await;
    sign_in(&app, &elder, ELDER).await;
    assert_eq!(send(&elder, &again, &[("act", "confirm")]).await.status, 303);
    let bank = elder.get("/timebank").await.body;
    assert!(bank.contains("1 小时 30 分钟</strong>"), "60 were used, 30 came back: {bank}");
    let totals = app.site.store().time_totals("320214").await.unwrap();
    assert_eq!((totals.issued, totals.held, totals.spent), (210, 150, 60));

    let odd = send(&elder, "/timebank/donate", &[("minutes", "45")]).await;
    assert!(odd.status == 422 && odd.body.contains("value=\"45\""), "{}", odd.body);
    let given = send(&elder, "/timebank/donate", &[("minutes", "30")]).await;
    assert_eq!(given.location(), "/timebank/donate?thanks=1", "{}", given.body);
    assert!(elder.get(given.location()).await.body.contains("谢谢您"));
    let totals = app.site.store().time_totals("320214").await.unwrap();
    assert!(totals.donated == 30 && totals.add_up(), "{totals:?}");
    let report = crate::timebank::verify::verify(app.site.store(), "320214").await.unwrap();
    assert_eq!(report.fault, None);
}

#[tokio::test]
async fn a_statements_code_holds_after_two_rotations_of_the_key_and_twenty_years() {
    let app = TestApp::start().await;
    let folder = tempfile::tempdir().unwrap();
    let keys = folder.path().to_owned();
    let load = || KeyRing::load(&keys, false).unwrap();
    key_ring::make(&keys, app.site.clock().now()).unwrap();
    app.site.use_keys(load());
    let People { elder, volunteer, .. } = people(&app).await;
    earn(&app, ELDER, 150).await;
    assert_eq!(send(&elder, "/timebank/statement", &[]).await.status, 422);
    let made = send(&elder, "/timebank/statement", &[("month", "2026-11")]).await;
    assert_eq!(made.status, 303, "{}", made.body);
    let page = elder.get(made.location()).await.body;
    assert!(page.contains("2 小时 30 分钟") && page.contains("<svg") && page.contains("做了服务"), "{page}");
    assert_eq!(volunteer.get(made.location()).await.status, 404, "it is nobody else's");

    let number = made.location().rsplit('/').next().unwrap().to_owned();
    let token: String = sqlx::query_scalar("select token from confirmations where number = $1")
        .bind(&number)
        .fetch_one(&app.database().await)
        .await
        .unwrap();
    const YEAR: i64 = 365 * 24 * 60 * MINUTE;
    for years in [7, 14] {
        app.later(years * YEAR);
        key_ring::make(&keys, app.site.clock().now()).unwrap();
        key_ring::rotate(&keys, None, app.site.clock().now()).await.unwrap();
        app.site.use_keys(load());
    }
    app.later(20 * YEAR);
    let checked = app.browser().get(&format!("/V/{token}")).await.body;
    for shown in ["这张凭证是真的", "时间银行对账单", "2 小时 30 分钟", &number, "李＊＊"]
    {
        assert!(checked.contains(shown), "{shown}: {checked}");
    }
    let csv = app.browser().get("/timebank/records.csv").await;
    assert_eq!(csv.status, 303, "one's own alone");
}

#[tokio::test]
async fn a_volunteer_reads_why_a_need_fits_and_the_coordinator_whom_to_ask() {
    let app = TestApp::start().await;
    let People { worker, volunteer, .. } = people(&app).await;
    let keeper = clerk(&app, "keeper", "time_bank_coordinator@320214").await;
    let need = posted(&worker).await;
    let (page, desk) = (format!("/timebank/needs/{need}"), format!("/staff/timebank/{need}/fitting"));

    let list = volunteer.get("/timebank/needs").await.body;
    assert!(
        list.contains("合适您的") && list.contains("就在您的街道") && list.contains("话说得通"),
        "{list}"
    );
    let shown = keeper.get(&desk).await;
    assert!(shown.status == 200 && shown.body.contains("他没有说什么时候有空"), "{}", shown.body);
    assert!(!shown.body.contains(HELPER) && !shown.body.contains("王小明"), "{}", shown.body);
    let id = shown.hidden("volunteer");
    let opened = keeper.post(&desk, &[("volunteer", &id), ("page", "1")]).await;
    assert!(opened.status == 200 && opened.body.contains(HELPER), "{}", opened.body);
    assert_eq!(worker.post(&desk, &[("volunteer", &id)]).await.status, 403);
    let mine = volunteer.get("/me/data").await.body;
    assert!(mine.contains("完整的号码"), "one reads who looked at one's number: {mine}");
    assert!(keeper.get(&format!("/staff/timebank/{need}")).await.body.contains("看看谁合适"));
    assert_eq!(worker.get(&desk).await.status, 403);

    // NEED is a Tuesday morning.
    let mut told: Vec<_> = VOLUNTEER.to_vec();
    told.extend([("free-sat", "yes"), ("part-morning", "yes"), ("skill-signs", "yes")]);
    assert_eq!(send(&volunteer, "/timebank/volunteer", &told).await.location(), "/timebank");
    let form = volunteer.get("/timebank/volunteer").await.body;
    assert_eq!(form.matches(" checked").count(), 5, "what was told stands there again: {form}");
    let list = volunteer.get("/timebank/needs").await.body;
    assert!(list.contains("其他的，您看行不行") && list.contains("不是您说的有空的时候"), "{list}");
    assert!(keeper.get(&desk).await.body.contains("还差一点的"));

    let other = [("kind-errands", "yes"), ("street", "320214050"), ("language", "both"), ("agreed", "yes")];
    assert_eq!(send(&volunteer, "/timebank/volunteer", &other).await.location(), "/timebank");
    let unfit = volunteer.get(&page).await.body;
    assert!(unfit.contains("这一样您还没有登记") && !unfit.contains("value=\"take\""), "{unfit}");
    assert_eq!(send(&volunteer, &page, &[("act", "take")]).await.status, 422);
    assert!(keeper.get(&desk).await.body.contains("还没有合适的志愿者"));
    let taken = send(&volunteer, "/timebank/volunteer", VOLUNTEER).await;
    assert_eq!(taken.location(), "/timebank");
    send(&volunteer, &page, &[("act", "take")]).await;
    assert_eq!(keeper.get(&desk).await.status, 404, "somebody comes");
}
