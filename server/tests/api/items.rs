//! What an item's file makes of its application and its decision: who is asked about, whether there is money, whether it is a child's.

#![cfg(test)]

use super::notices::act;
use super::staff::account;
use super::{Browser, PAGES, TestApp};

/// Of somebody of fifteen.
const TEENAGER: &str = "320214201102289912";

/// A key as a page gives it, for a page that gives none.
const KEY: &str = "0123456789abcdef0123456789abcdef";

/// Names and values of a form.
pub(super) type Fields = [(&'static str, &'static str)];

/// Fills in every page that the item has, `own` in place of the usual answers, finds that `not_there` aren't, and sends it.
/// Gives the last look and the case's number.
pub(super) async fn apply_with(
    browser: &Browser<'_>,
    item: &str,
    not_there: &[&str],
    own: &[(&str, &Fields)],
) -> (String, String) {
    let apply = format!("/aid/{item}/apply");
    assert_eq!(browser.post(&apply, &[]).await.status, 303);
    let mut at = format!("{apply}/applicant");
    for (step, fields) in PAGES {
        let page = format!("{apply}/{step}");
        if not_there.iter().any(|name| step.starts_with(name)) {
            assert_eq!(browser.get(&page).await.status, 404, "{step}");
            assert_eq!(browser.post(&page, fields).await.status, 404, "{step}");
            continue;
        }
        if !step.starts_with("household") {
            assert_eq!(at, page, "one page leads to the next that is asked");
        }
        let fields = own.iter().find(|(name, _)| name == step).map_or(*fields, |(_, fields)| *fields);
        let answer = browser.post(&page, fields).await;
        assert_eq!(answer.status, 303, "{step}: {}", answer.body);
        at = answer.location().to_owned();
    }
    let check = browser.get(&format!("{apply}/check")).await;
    let (key, version) = (check.hidden("idempotency_key"), check.hidden("version"));
    let sent =
        browser.post(&format!("{apply}/check"), &[("idempotency_key", &key), ("version", &version)]).await;
    assert_eq!(sent.status, 303, "{}", sent.body);
    (check.body, sent.location().strip_prefix("/confirm/").unwrap().to_owned())
}

/// A street's and the district's officer, signed in.
pub(super) async fn offices(app: &TestApp) -> [Browser<'_>; 2] {
    account(app, "street", &["street_officer@320214050"]).await;
    account(app, "district", &["district_officer@320214"]).await;
    let (street, district) = (app.browser(), app.browser());
    street.sign_in_as("street").await;
    district.sign_in_as("district").await;
    [street, district]
}

const STORY: &[(&str, &str)] =
    &[("kind", "expenditure"), ("story", "示例：情况写在这里，平时由母亲照护。"), ("urgency", "usual")];

#[tokio::test]
async fn an_item_that_looks_at_the_person_alone_asks_nothing_about_the_family() {
    let app = TestApp::start().await;
    let resident = app.browser();
    let [street, district] = offices(&app).await;
    let start = resident.get("/aid/disability-care/apply").await.body;
    assert!(start.contains("一共 6 步") && start.contains("不问家里的收入"), "{start}");
    let not_there = ["household", "finances", "authorisation"];
    let (check, number) = apply_with(&resident, "disability-care", &not_there, &[("situation", STORY)]).await;
    assert!(!check.contains("全家月收入") && !check.contains("同意核对"), "{check}");

    act(&street, &number, "accept", &[]).await;
    let page = street.get(&format!("/staff/cases/{number}/handle")).await.body;
    assert!(page.contains("not-entitled") && !page.contains("above-line"), "{page}");
    let grant = [("outcome", "grant"), ("amount", "120"), ("reasons", "残疾证一级，平时由母亲照护。")];
    assert_eq!(act(&street, &number, "opinion", &grant).await.status, 303);
    assert_eq!(act(&district, &number, "decide", &[("outcome", "grant")]).await.status, 303);
    // Counted from the month in which it was handed in.
    let shown = resident.get(&format!("/confirm/{number}")).await.body;
    assert!(shown.contains("2026 年 11 月") && !shown.contains("没有同意核对"), "{shown}");
}

#[tokio::test]
async fn aid_law_42_a_household_is_recognised_without_money_and_without_an_account() {
    let app = TestApp::start().await;
    let resident = app.browser();
    let [street, district] = offices(&app).await;
    let start = resident.get("/aid/low-income-margin/apply").await.body;
    assert!(start.contains("一共 8 步"), "{start}");
    let (check, number) =
        apply_with(&resident, "low-income-margin", &["bank-account"], &[("situation", STORY)]).await;
    assert!(check.contains("全家月收入") && !check.contains("银行账户"), "{check}");
    let receipt = resident.get(&format!("/confirm/{number}")).await.body;
    assert!(!receipt.contains("银行账户") && receipt.contains("不认定也会书面告诉您"), "{receipt}");

    act(&street, &number, "accept", &[]).await;
    let page = street.get(&format!("/staff/cases/{number}/handle")).await.body;
    assert!(
        page.contains("予以认定") && page.contains("above-line") && !page.contains("name=\"amount\""),
        "{page}"
    );
    let grant = [("outcome", "grant"), ("reasons", "示例：入户看过，收入在线以下。")];
    assert_eq!(act(&street, &number, "opinion", &grant).await.status, 303);
    let page = district.get(&format!("/staff/cases/{number}/handle")).await.body;
    assert!(page.contains("同意，予以认定"), "{page}");
    assert_eq!(act(&district, &number, "decide", &[("outcome", "grant")]).await.status, 303);
    let shown = resident.get(&format!("/confirm/{number}")).await.body;
    for words in ["予以认定", "不用再查一遍", "第四十二条", "60 天"] {
        assert!(shown.contains(words), "{words}: {shown}");
    }
    for words in ["元，一次发放", "救助金", "给予救助"] {
        assert!(!shown.contains(words), "{words}: {shown}");
    }
}

#[tokio::test]
async fn a_childrens_item_takes_no_adult_and_its_decision_reaches_no_public_list() {
    let app = TestApp::start().await;
    let resident = app.browser();
    let [street, district] = offices(&app).await;
    let not_there = ["household", "finances", "authorisation"];
    let apply = "/aid/unattended-child/apply";
    assert_eq!(resident.post(apply, &[]).await.status, 303);
    let page = resident.get(&format!("{apply}/applicant")).await.body;
    assert!(page.contains("填孩子本人的"), "{page}");
    let adult = resident.post(&format!("{apply}/applicant"), PAGES[0].1).await;
    assert_eq!(adult.status, 422);
    assert!(
        adult.body.contains("未满 18 周岁的孩子") && adult.body.contains("填孩子本人的"),
        "{}",
        adult.body
    );
    resident.post(&format!("{apply}/discard"), &[]).await;
    // Whoever is 14 or older may say it themselves (民法典 19).
    let child: &Fields = &[
        ("name", "王小贝"),
        ("document_kind", "citizen_id"),
        ("document_number", TEENAGER),
        ("mobile", "13900001234"),
    ];
    let account: &Fields =
        &[("holder", "王小明"), ("number", "6222023200000000011"), ("reason", "示例：由照顾的人代领")];
    let own = [("applicant", child), ("situation", STORY), ("bank-account", account)];
    let (_, number) = apply_with(&resident, "unattended-child", &not_there, &own).await;

    act(&street, &number, "accept", &[]).await;
    let grant = [("outcome", "grant"), ("amount", "1500"), ("reasons", "示例：父母两方的情况都查清了。")];
    assert_eq!(act(&street, &number, "opinion", &grant).await.status, 303);
    let decided = act(&district, &number, "decide", &[("outcome", "grant")]).await;
    assert_eq!(decided.status, 303, "no notice is waited for: {}", decided.body);
    let shown = resident.get(&format!("/confirm/{number}")).await.body;
    assert!(shown.contains("1,500 元，按月发放") && shown.contains("2026 年 12 月"), "{shown}");
    let notices = app.browser().get("/notices?street=320214050").await.body;
    assert!(!notices.contains("王"), "{notices}");
}

#[tokio::test]
async fn a_service_is_arranged_for_a_day_moved_once_and_done_and_its_words_are_not_those_of_aid() {
    let app = TestApp::start().await;
    let resident = app.browser();
    account(&app, "street", &["street_officer@320214050"]).await;
    account(&app, "second", &["street_officer@320214050"]).await;
    account(&app, "helper", &["community_worker@320214050001"]).await;
    let [street, second, helper] = [app.browser(), app.browser(), app.browser()];
    street.sign_in_as("street").await;
    second.sign_in_as("second").await;
    helper.sign_in_as("helper").await;
    let start = resident.get("/aid/home-adaptation/apply").await.body;
    assert!(start.contains("一共 5 步") && start.contains("哪几天方便"), "{start}");
    let not_there = ["household", "finances", "authorisation", "bank-account"];
    let (check, number) = apply_with(&resident, "home-adaptation", &not_there, &[("situation", STORY)]).await;
    assert!(check.contains("想要什么服务") && !check.contains("银行账户"), "{check}");
    let receipt = resident.get(&format!("/confirm/{number}")).await.body;
    assert!(receipt.contains("适老化改造") && !receipt.contains("社会救助法"), "{receipt}");
    assert!(!receipt.contains("核对授权"), "nobody is asked: {receipt}");

    act(&street, &number, "accept", &[]).await;
    let page = street.get(&format!("/staff/cases/{number}/handle")).await.body;
    assert!(page.contains("service-conditions") && !page.contains("huji-elsewhere"), "{page}");
    let reasons = ("reasons", "示例：上门看过，浴室没有扶手，地面滑。");
    let without = act(&street, &number, "opinion", &[("outcome", "grant"), reasons]).await;
    assert_eq!(without.status, 422);
    assert!(
        without.body.contains("请填写哪一天上门或者办") && without.body.contains("请写明谁来、几点、做什么")
    );
    let words = ("service-words", "上午九点，施工队来装扶手");
    let over = act(
        &street,
        &number,
        "opinion",
        &[("outcome", "grant"), reasons, ("service-day", "2026-11-01"), words],
    )
    .await;
    assert!(over.body.contains("这一天已经过去了"), "{}", over.body);
    let right = [("outcome", "grant"), reasons, ("service-day", "2026-12-03"), words];
    assert_eq!(act(&street, &number, "opinion", &right).await.status, 303);
    assert_eq!(act(&street, &number, "decide", &[("outcome", "grant")]).await.status, 409, "four eyes");
    assert!(helper.get("/staff/services").await.body.contains("没有约好的服务"), "nothing is decided yet");
    assert_eq!(act(&second, &number, "decide", &[("outcome", "grant")]).await.status, 303);

    let shown = resident.get(&format!("/confirm/{number}")).await.body;
    for there in ["安排服务", "约好的服务", "上午九点，施工队来装扶手", "2026 年 12 月 3 日", "60 天"]
    {
        assert!(shown.contains(there), "{there}: {shown}");
    }
    for not in ["给予救助", "社会救助法", "元，一次发放", "报告变化"] {
        assert!(!shown.contains(not), "{not}: {shown}");
    }
    let file = resident.get(&format!("/confirm/{number}/service.ics")).await;
    assert!(
        file.status == 200 && file.body.contains("20261203") && file.body.contains("适老化改造"),
        "{}",
        file.body
    );
    assert_eq!(app.browser().get(&format!("/confirm/{number}/service.ics")).await.status, 404);

    let list = helper.get("/staff/services").await.body;
    assert!(
        list.contains(&format!("/staff/cases/{number}/service")) && list.contains("适老化改造"),
        "{list}"
    );
    let address = format!("/staff/cases/{number}/service");
    let report = async |fields: &[(&str, &str)]| {
        let key = helper.get(&address).await.hidden("idempotency_key");
        let mut all = vec![("idempotency_key", key.as_str())];
        all.extend(fields);
        helper.post(&address, &all).await
    };
    let wrong = report(&[("service-outcome", "moved"), ("service-note", "家里没有人")]).await;
    assert_eq!(wrong.status, 422);
    assert!(
        wrong.body.contains("家里没有人</textarea>") && wrong.body.contains("href=\"#service-day\""),
        "{}",
        wrong.body
    );
    let moved = [
        ("service-outcome", "moved"),
        ("service-note", "家里没有人"),
        ("service-day", "2026-12-05"),
        ("service-words", "下午两点再来"),
    ];
    assert_eq!(report(&moved).await.status, 303);
    let shown = resident.get(&format!("/confirm/{number}")).await.body;
    for there in ["服务改了日子", "2026 年 12 月 5 日", "以前约的", "家里没有人"] {
        assert!(shown.contains(there), "{there}: {shown}");
    }
    assert_eq!(
        report(&[("service-outcome", "done"), ("service-note", "扶手装好了，教会了怎么用")]).await.status,
        303
    );
    let page = helper.get(&address).await.body;
    assert!(page.contains("没有等着登记的"), "{page}");
    let shown = resident.get(&format!("/confirm/{number}")).await.body;
    assert!(shown.contains("服务办好了") && shown.contains("教会了怎么用"), "{shown}");
    assert_eq!(resident.get(&format!("/confirm/{number}/service.ics")).await.status, 404, "no day waits");
    let far = app.browser();
    account(&app, "far", &["street_officer@320214051"]).await;
    far.sign_in_as("far").await;
    assert_eq!(far.get(&address).await.status, 403);
}

#[tokio::test]
async fn where_no_first_month_is_published_the_decision_names_it_and_the_list_pays_from_then_on() {
    let app = TestApp::start().await;
    let resident = app.browser();
    let [street, district] = offices(&app).await;
    let guide = resident.get("/aid/old-age-allowance").await.body;
    assert!(guide.contains("决定里会写明") && guide.contains("/aid/old-age-allowance/apply"), "{guide}");
    let not_there = ["household", "finances", "authorisation"];
    let (_, number) = apply_with(&resident, "old-age-allowance", &not_there, &[("situation", STORY)]).await;
    act(&street, &number, "accept", &[]).await;
    let grant = [("outcome", "grant"), ("amount", "100"), ("reasons", "示例：年满八十周岁，户籍在本区。")];
    let without = act(&street, &number, "opinion", &grant).await;
    assert_eq!(without.status, 422);
    assert!(
        without.body.contains("href=\"#month\"") && without.body.contains("请填写从哪个月开始发"),
        "{}",
        without.body
    );
    let named = [grant[0], grant[1], grant[2], ("month", "2026年10月")];
    assert_eq!(act(&street, &number, "opinion", &named).await.status, 303);
    assert_eq!(act(&district, &number, "decide", &[("outcome", "grant")]).await.status, 303);
    let shown = resident.get(&format!("/confirm/{number}")).await.body;
    assert!(shown.contains("2026 年 10 月") && shown.contains("按月发放"), "{shown}");
    let list =
        district.post("/staff/payments", &[("post", "district_officer@320214"), ("month", "2026-11")]).await;
    assert!(
        list.body.contains(&number) && list.body.contains(",2,200,"),
        "October and November: {}",
        list.body
    );
}

#[tokio::test]
async fn aid_law_48_a_recognition_ends_only_after_the_person_was_heard_and_by_two() {
    let app = TestApp::start().await;
    let resident = app.browser();
    let [street, district] = offices(&app).await;
    let (_, number) =
        apply_with(&resident, "low-income-margin", &["bank-account"], &[("situation", STORY)]).await;
    act(&street, &number, "accept", &[]).await;
    let grant = [("outcome", "grant"), ("reasons", "示例：入户看过，收入在线以下。")];
    act(&street, &number, "opinion", &grant).await;
    act(&district, &number, "decide", &[("outcome", "grant")]).await;

    let address = format!("/staff/cases/{number}/benefit");
    assert!(street.get(&format!("/staff/cases/{number}/handle")).await.body.contains("看认定，或者取消"));
    let page = street.get(&address).await.body;
    assert!(
        page.contains("取消认定") && !page.contains("减发") && !page.contains("name=\"amount\""),
        "{page}"
    );
    let step = async |browser: &Browser<'_>, act: &str, fields: &[(&str, &str)]| {
        let key = browser.get(&address).await.hidden("idempotency_key");
        let mut all = vec![("idempotency_key", key.as_str())];
        all.extend(fields);
        browser.post(&format!("{address}/{act}"), &all).await
    };
    let why = ("reasons", "示例：儿子有了工作，人均收入高过标准。");
    let reduced = step(&street, "step", &[("step", "reduced"), ("amount", "1"), why]).await;
    assert_eq!(reduced.status, 422, "there is nothing to reduce");
    assert_eq!(step(&street, "step", &[("step", "terminated"), why]).await.status, 303);
    let shown = resident.get(&format!("/confirm/{number}")).await.body;
    assert!(shown.contains("街道打算取消认定，先听您的意见") && shown.contains("认定照样有效"), "{shown}");
    assert_eq!(step(&district, "decide-step", &[]).await.status, 409, "nobody has heard the person");
    let hearing = format!("/confirm/{number}/hearing");
    let key = resident.get(&hearing).await.hidden("idempotency_key");
    let said = [("idempotency_key", key.as_str()), ("words", "示例：他下个月就不做了。")];
    assert_eq!(resident.post(&hearing, &said).await.status, 303);
    assert_eq!(step(&street, "decide-step", &[]).await.status, 403, "the district decides this one");
    assert_eq!(step(&district, "decide-step", &[]).await.status, 303);
    let shown = resident.get(&format!("/confirm/{number}")).await.body;
    for there in ["决定取消认定", "这份认定已经取消", "60 天"] {
        assert!(shown.contains(there), "{there}: {shown}");
    }
    assert!(!shown.contains("告诉他们您有这份认定"), "{shown}");
    let page = street.get(&address).await.body;
    assert!(
        page.contains("已经取消") && !page.contains("<form method=\"post\" action=\"/staff/cases"),
        "{page}"
    );
    let late = [("idempotency_key", KEY), ("step", "terminated"), why];
    assert_eq!(street.post(&format!("{address}/step"), &late).await.status, 409, "it ended");
}
