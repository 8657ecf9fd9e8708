//! Marriage registration over HTTP: papers, offices, and the table of offices.

#![cfg(test)]

use app::domain::marriage::COLUMNS;

use super::TestApp;
use super::staff::account;

const ELSEWHERE: &str = "wx,无锡测试登记处,江苏省,无锡市,新吴区,汉江路 3 号,5 楼,周一至周五,,marriage divorce,0,地铁,有电梯,\
    0510-00000000,https://example.org/book,elsewhere,2026-01-01,测试来源";

#[tokio::test]
async fn three_questions_give_the_papers_and_nothing_is_kept() {
    let app = TestApp::start().await;
    let couple = app.browser();
    let page = couple.get("/marriage/papers/marriage").await;
    assert!(page.status == 200 && page.body.contains("有现役军人吗"), "{}", page.body);
    let wrong = couple.post("/marriage/papers/marriage", &[("parties", "mainland")]).await;
    assert_eq!(wrong.status, 422);
    assert!(wrong.body.contains("soldier-error") && wrong.body.contains("background-error"));
    let answers = |parties, background| [("parties", parties), ("soldier", "no"), ("background", background)];
    let papers = couple.post("/marriage/papers/marriage", &answers("mainland", "first")).await;
    assert!(papers.status == 200 && papers.body.contains("居民身份证原件") && papers.body.contains("第八条"));
    assert!(!papers.body.contains("户口簿"), "the household book is gone since 2025-05-10");
    let foreign = couple.post("/marriage/papers/marriage", &answers("foreigner", "first")).await.body;
    assert!(foreign.contains("第二条第二款") && foreign.contains("/marriage/offices?foreign=yes"));
    let divorce = couple.post("/marriage/papers/divorce", &answers("mainland", "elsewhere")).await.body;
    assert!(divorce.contains("登记处不能办") && divorce.contains("第十三条"), "{divorce}");
    assert_eq!(couple.get("/marriage/papers/wedding").await.status, 404);
    assert_eq!(couple.cookie(), "", "nobody is remembered for asking");
}

#[tokio::test]
async fn an_administrator_takes_a_table_in_and_an_office_elsewhere_gives_no_booking() {
    let app = TestApp::start().await;
    account(&app, "admin", &["administrator@320214"]).await;
    let admin = app.browser();
    admin.sign_in_as("admin").await;
    let key = admin.get("/staff/marriage-offices").await.hidden("idempotency_key");
    let here = ELSEWHERE.replace("wx,", "wy,").replace("elsewhere", "here");
    let table = |rows: &[&str]| format!("{}\n{}", COLUMNS.join(","), rows.join("\n"));
    let lines = table(&[ELSEWHERE, &here, "a,b"]);
    let wrong = admin.post("/staff/marriage-offices", &[("idempotency_key", &key), ("lines", &lines)]).await;
    assert!(wrong.status == 422 && wrong.body.contains("第 4 行：栏数不对"), "{}", wrong.body);
    assert!(wrong.body.contains("汉江路 3 号"), "what was pasted stays");
    let lines = table(&[ELSEWHERE, &here]);
    let wrong = admin.post("/staff/marriage-offices", &[("idempotency_key", &key), ("lines", &lines)]).await;
    assert!(wrong.status == 422 && wrong.body.contains("第 3 行：here 要先有登记员"), "{}", wrong.body);
    let lines = table(&[ELSEWHERE]);
    for _ in 0..2 {
        let done =
            admin.post("/staff/marriage-offices", &[("idempotency_key", &key), ("lines", &lines)]).await;
        assert_eq!(done.location(), "/staff/marriage-offices?taken=1", "{}", done.body);
    }

    let couple = app.browser();
    let found = couple.get("/marriage/offices?province=32&city=%E6%96%B0%E5%90%B4").await.body;
    assert!(found.contains("无锡测试登记处"), "{found}");
    assert!(!couple.get("/marriage/offices?province=11").await.body.contains("无锡测试登记处"));
    let office = couple.get("/marriage/offices/wx").await.body;
    for shown in ["0510-00000000", "https://example.org/book", "这一家不用本系统预约", "5 楼", "测试来源"]
    {
        assert!(office.contains(shown), "{shown}: {office}");
    }
    let answers = [("parties", "mainland"), ("soldier", "no"), ("background", "first"), ("office", "wx")];
    let sheet = couple.post("/marriage/papers/marriage", &answers).await.body;
    assert!(sheet.contains("这不是预约") && sheet.contains("准备单") && sheet.contains("无锡测试登记处"));
}

const WOMAN_MOBILE: &str = "13900005678";
pub(super) const DAY: &str = "2026-12-01";

/// An office that works here, with one clerk and one time for one couple.
pub(super) async fn office_here(app: &TestApp) -> super::Browser<'_> {
    account(app, "clerk", &["marriage_clerk@xinwu"]).await;
    crate::demo_marriage::load_offices(app.site.store(), app.site.clock().now()).await.unwrap();
    let clerk = app.browser();
    clerk.sign_in_as("clerk").await;
    let page = clerk.get("/staff/marriage/xinwu").await;
    let key = page.hidden("idempotency_key");
    let time = [
        ("idempotency_key", key.as_str()),
        ("matter", "marriage"),
        ("starts", "9:00"),
        ("ends", "11:00"),
        ("quota", "1"),
        ("from", "2026-11-23"),
    ];
    let added = clerk.post("/staff/marriage/xinwu/sessions", &time).await;
    assert_eq!(added.location(), "/staff/marriage/xinwu", "{}", added.body);
    assert!(
        clerk.get("/staff/marriage/xinwu").await.body.contains("加了 结婚登记 9:00–11:00"),
        "its history"
    );
    clerk
}

pub(super) const COUPLE: [(&str, &str); 8] = [
    ("me", "man"),
    ("man_name", "王小明"),
    ("man_document", "320205199912319937"),
    ("man_mobile", "13900001234"),
    ("woman_name", "李小红"),
    ("woman_document", "320222194503129909"),
    ("woman_mobile", WOMAN_MOBILE),
    ("way", "link"),
];

/// Holds the one time; gives the booking's page.
pub(super) async fn hold(browser: &super::Browser<'_>) -> super::Answer {
    let times = browser.get(&format!("/marriage/offices/xinwu/times/marriage/{DAY}")).await;
    let key = times.hidden("idempotency_key");
    let wanted = [
        ("idempotency_key", key.as_str()),
        ("office", "xinwu"),
        ("matter", "marriage"),
        ("day", DAY),
        ("starts", "540"),
    ];
    browser.post("/marriage/hold", &wanted).await
}

#[tokio::test]
async fn a_couple_books_on_two_phones_and_a_rival_finds_it_full() {
    let app = TestApp::start().await;
    let clerk = office_here(&app).await;
    let (he, she, rival) = (app.browser(), app.browser(), app.browser());
    let month = he.get("/marriage/offices/xinwu/times/marriage").await.body;
    for shown in ["有空", "不办公", "还没开放", "太近了"] {
        assert!(month.contains(shown), "{shown}: {month}");
    }
    let rivals_page = rival.get(&format!("/marriage/offices/xinwu/times/marriage/{DAY}")).await;
    let held = hold(&he).await;
    assert_eq!(held.status, 303, "{}", held.body);
    let booking = held.location().to_owned();
    assert!(he.get(&booking).await.body.contains("时间为您留到 11月23日 14:15"));
    let key = rivals_page.hidden("idempotency_key");
    let wanted = [
        ("idempotency_key", key.as_str()),
        ("office", "xinwu"),
        ("matter", "marriage"),
        ("day", DAY),
        ("starts", "540"),
    ];
    let full = rival.post("/marriage/hold", &wanted).await;
    assert!(full.status == 422 && full.body.contains("刚刚约满了"), "{}", full.body);
    assert_eq!(rival.get(&booking).await.status, 404);

    let key = he.get(&booking).await.hidden("idempotency_key");
    let form = |fields: &[(&'static str, &'static str)]| {
        let mut form = vec![("idempotency_key".to_owned(), key.clone())];
        form.extend(fields.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())));
        form
    };
    let post = async |browser: &super::Browser<'_>, path: &str, fields: &[(String, String)]| {
        let fields: Vec<_> = fields.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        browser.post(path, &fields).await
    };
    let wrong = post(&he, &format!("{booking}/couple"), &form(&COUPLE[..2])).await;
    assert!(
        wrong.status == 422 && wrong.body.contains("woman_document-error") && wrong.body.contains("王小明")
    );
    let told = post(&he, &format!("{booking}/couple"), &form(&COUPLE)).await;
    assert_eq!(told.location(), booking, "{}", told.body);
    let waiting = he.get(&booking).await.body;
    assert!(
        waiting.contains("还差一步") && waiting.contains("11月24日 14:05") && waiting.contains("<svg"),
        "{waiting}"
    );
    let (_, rest) = waiting.split_once("/marriage/invite/").unwrap();
    let invite = format!("/marriage/invite/{}", &rest[..32]);

    let asked = she.get(&invite).await;
    assert!(asked.status == 200 && !asked.body.contains("王"), "the link names nobody: {}", asked.body);
    assert_eq!(she.post(&invite, &[("code", "000000")]).await.status, 422);
    let code = super::residents::code_sent(&app, WOMAN_MOBILE, "marriage_invite").await;
    let agreed = she.post(&invite, &[("code", &code)]).await;
    assert_eq!(agreed.location(), booking, "{}", agreed.body);
    assert_eq!(she.get(&invite).await.status, 404, "a yes is said once");

    for phone in [&he, &she] {
        let firm = phone.get(&booking).await.body;
        assert!(firm.contains("这是预约，不是登记") && firm.contains("<svg"), "{firm}");
        assert!(!firm.contains("320205199912319937") && !firm.contains("王小明"), "masked on screen");
        assert!(phone.get("/me").await.body.contains("婚姻登记：预约好了"));
    }
    let firm = he.get(&booking).await.body;
    let at = firm.find("HY26").unwrap();
    let number = &firm[at..at + 14];
    assert_eq!(he.get(&format!("/confirm/{number}")).await.location(), booking);
    assert!(he.get(&format!("{booking}/slip")).await.body.contains(number));
    let file = he.get(&format!("{booking}/day.ics")).await;
    assert!(file.body.contains("DTSTART;VALUE=DATE:20261201"), "{}", file.body);

    // The office sees them, and nobody of another office does.
    let day = clerk.get(&format!("/staff/marriage/xinwu/day?day={DAY}")).await.body;
    assert!(day.contains(number) && day.contains("9:00–11:00"), "{day}");

    let key = he.get(&booking).await.hidden("idempotency_key");
    let unsure = he.post(&format!("{booking}/cancel"), &[("idempotency_key", &key)]).await;
    assert!(unsure.status == 422 && unsure.body.contains("马上让给别人"));
    let sure = [("idempotency_key", key.as_str()), ("sure", "yes")];
    assert_eq!(he.post(&format!("{booking}/cancel"), &sure).await.location(), booking);
    assert!(she.get(&booking).await.body.contains("已取消"));
    assert_eq!(hold(&rival).await.status, 303, "the place is free again");
}

#[tokio::test]
async fn the_other_one_may_confirm_at_the_door_and_a_hold_that_ran_out_is_no_booking() {
    let app = TestApp::start().await;
    office_here(&app).await;
    let he = app.browser();
    let booking = hold(&he).await.location().to_owned();
    app.later(600_000);
    assert!(he.get(&booking).await.body.contains("时间到了，已让出"));
    assert_eq!(he.post(&format!("{booking}/extend"), &[]).await.location(), booking);
    let booking = hold(&he).await.location().to_owned();
    let key = he.get(&booking).await.hidden("idempotency_key");
    let mut fields = vec![("idempotency_key", key.as_str())];
    fields.extend(COUPLE.iter().map(|(name, value)| (*name, if *name == "way" { "door" } else { *value })));
    assert_eq!(he.post(&format!("{booking}/couple"), &fields).await.location(), booking);
    let firm = he.get(&booking).await.body;
    assert!(firm.contains("另一位到现场再确认") && firm.contains("预约好了"), "{firm}");
    let moved = he.get(&format!("{booking}/move")).await.body;
    assert!(moved.contains("选日子"), "{moved}");
}

#[tokio::test]
async fn an_office_elsewhere_has_no_times_however_one_asks() {
    let app = TestApp::start().await;
    office_here(&app).await;
    sqlx::query("update staff set disabled_at = 1 where login = 'clerk'")
        .execute(&app.database().await)
        .await
        .unwrap();
    let he = app.browser();
    assert_eq!(he.get("/marriage/offices/xinwu/times/marriage").await.status, 404);
    assert!(!he.get("/marriage/offices/xinwu").await.body.contains("/times/"));
    let key = "00000000000000000000000000000000";
    let wanted = [
        ("idempotency_key", key),
        ("office", "xinwu"),
        ("matter", "marriage"),
        ("day", DAY),
        ("starts", "540"),
    ];
    assert_eq!(he.post("/marriage/hold", &wanted).await.status, 404);
}

#[tokio::test]
async fn the_days_of_the_second_visit_are_counted_from_the_receipt_and_nothing_is_kept() {
    let app = TestApp::start().await;
    let couple = app.browser();
    let page = couple.post("/marriage/second-visit", &[("accepted", "2026-09-01")]).await.body;
    for day in ["2026 年 10 月 8 日", "2026 年 10 月 9 日", "2026 年 11 月 9 日", "以回执为准"]
    {
        assert!(page.contains(day), "{day}: {page}");
    }
    let far = couple.post("/marriage/second-visit", &[("accepted", "2026-11-20")]).await.body;
    assert!(far.contains("现在还算不准"), "{far}");
    assert_eq!(couple.post("/marriage/second-visit", &[("accepted", "2026-12-20")]).await.status, 422);
    assert_eq!(couple.cookie(), "");
}

#[tokio::test]
async fn the_first_free_time_and_the_offices_of_ones_own_day_are_found() {
    let app = TestApp::start().await;
    office_here(&app).await;
    let he = app.browser();
    let found = he.get("/marriage/free?matter=marriage&province=32").await.body;
    assert!(found.contains("/marriage/offices/xinwu/times/marriage/2026-11-25"), "{found}");
    let found = he.get(&format!("/marriage/free?matter=marriage&day={DAY}")).await.body;
    assert!(found.contains(&format!("/times/marriage/{DAY}")), "{found}");
    assert_eq!(hold(&he).await.status, 303);
    let full = he.get(&format!("/marriage/free?matter=marriage&day={DAY}")).await.body;
    assert!(full.contains("没有找到空的时间"), "{full}");
    assert!(!he.get("/marriage/free?matter=marriage&province=11").await.body.contains("/times/"));
    assert_eq!(he.get("/marriage/free?matter=marriage&day=2026-02-30").await.status, 422);
}
