//! After a step of a case: what the resident thinks of it, what changed at home, a refusal looked at once more.

#![cfg(test)]

use super::staff::account;
use super::{Answer, Browser, TestApp};

/// Opens a page, and sends its form with these fields.
async fn send(browser: &Browser<'_>, page: &str, action: &str, fields: &[(&str, &str)]) -> Answer {
    let shown = browser.get(page).await;
    assert_eq!(shown.status, 200, "{page}: {}", shown.body);
    let (key, whose) = (shown.hidden("idempotency_key"), shown.find_hidden("whose").unwrap_or_default());
    let fields: Vec<_> = fields
        .iter()
        .copied()
        .chain([("idempotency_key", key.as_str()), ("whose", whose.as_str())])
        .filter(|(_, value)| !value.is_empty())
        .collect();
    browser.post(action, &fields).await
}

const REASONS: &str = "入户看了，房子没有损坏，家里有存款。";

/// A refused case; its resident, and three officers: who gave the opinion, who decided, and a third.
async fn refused(app: &TestApp) -> (Browser<'_>, String, [Browser<'_>; 3]) {
    account(app, "street", &["street_officer@320214050"]).await;
    account(app, "district", &["district_officer@320214"]).await;
    account(app, "third", &["district_officer@320214"]).await;
    let resident = app.browser();
    resident.fill_in().await;
    let number = resident.submit().await;
    let officers = [app.browser(), app.browser(), app.browser()];
    for (browser, login) in officers.iter().zip(["street", "district", "third"]) {
        browser.sign_in_as(login).await;
    }
    let page = format!("/staff/cases/{number}/handle");
    let act = |act: &str| format!("/staff/cases/{number}/{act}");
    let opinion = [("outcome", "refuse"), ("ground", "not-in-hardship"), ("reasons", REASONS)];
    assert_eq!(send(&officers[0], &page, &act("accept"), &[]).await.status, 303);
    assert_eq!(send(&officers[0], &page, &act("opinion"), &opinion).await.status, 303);
    assert_eq!(send(&officers[1], &page, &act("decide"), &[("outcome", "refuse")]).await.status, 303);
    (resident, number, officers)
}

#[tokio::test]
async fn a_bad_rating_opens_a_complaint_with_a_clock_and_none_is_given_twice() {
    let app = TestApp::start().await;
    let (resident, number, [street, ..]) = refused(&app).await;
    let receipt = format!("/confirm/{number}");
    let page = format!("/confirm/{number}/rate/acceptance");
    let empty = send(&resident, &page, &page, &[]).await;
    assert_eq!(empty.status, 422);
    assert!(empty.body.contains("请选一个评价"), "{}", empty.body);

    let shown = resident.get(&page).await;
    let (key, whose) = (shown.hidden("idempotency_key"), shown.hidden("whose"));
    let fields = [
        ("idempotency_key", key.as_str()),
        ("whose", whose.as_str()),
        ("grade", "bad"),
        ("words", "跑了三趟才说清楚"),
    ];
    let first = resident.post(&page, &fields).await;
    assert_eq!(first.status, 200, "{}", first.body);
    let complaint = first.body.split("/feedback/").nth(1).and_then(|rest| rest.get(..14)).unwrap().to_owned();
    assert!(complaint.starts_with("TS"), "{complaint}");
    let again = resident.post(&page, &fields).await;
    assert!(again.body.contains(&complaint), "the same press, the same complaint");
    let other = [("idempotency_key", "x".repeat(32)), ("whose", whose.clone()), ("grade", "good".to_owned())];
    let other: Vec<_> = other.iter().map(|(name, value)| (*name, value.as_str())).collect();
    assert_eq!(resident.post(&page, &other).await.status, 409, "once for each node");

    // It is about the street's officers: the street doesn't see it, the district answers it, by a day.
    let listed = app.store.store.find_complaint(&complaint).await.unwrap().unwrap();
    assert_eq!((listed.level.as_str(), listed.area.as_str()), ("district", "320214050"));
    assert!(listed.due_on.is_some());
    assert_eq!(street.get(&format!("/staff/complaints/{complaint}")).await.status, 403);
    let own = resident.get(&format!("/feedback/{complaint}")).await;
    assert!(own.body.contains("跑了三趟才说清楚"), "{}", own.body);

    let decision = format!("/confirm/{number}/rate/decision");
    assert_eq!(send(&resident, &decision, &decision, &[("grade", "fair")]).await.status, 303);
    let shown = resident.get(&receipt).await.body;
    assert!(shown.contains("您的评价") && shown.contains("基本满意"), "{shown}");
    assert!(!shown.contains("/rate/"), "both were rated: {shown}");
    let counts = street.get("/staff/ratings").await.body;
    assert!(
        counts.contains("受理：1 件评价") && !counts.contains("三趟") && !counts.contains(&number),
        "{counts}"
    );
}

#[tokio::test]
async fn a_recheck_begins_with_the_refusal_and_is_answered_by_a_third_person() {
    let app = TestApp::start_with(|settings| settings.recheck_reply_days = Some(10)).await;
    let (resident, number, [street, district, third]) = refused(&app).await;
    let receipt = format!("/confirm/{number}");
    let page = format!("/confirm/{number}/recheck");
    let shown = resident.get(&page).await;
    for words in ["没有同意给予", "我认为：", "10 个工作日内", "不影响您申请行政复议", "家里有存款"]
    {
        assert!(shown.body.contains(words), "{words}: {}", shown.body);
    }
    let empty = send(&resident, &page, &page, &[]).await;
    assert_eq!(empty.status, 422);
    let asked = send(&resident, &page, &page, &[("words", "我认为：房子确实淹了，照片在社区。")]).await;
    assert_eq!(asked.status, 303, "{}", asked.body);
    let shown = resident.get(&receipt).await.body;
    assert!(shown.contains("正在复核，最晚") && !shown.contains(&page), "{shown}");
    assert!(street.get("/staff/follow-up").await.body.contains(&format!("/staff/cases/{number}/follow-up")));

    let follow_up = format!("/staff/cases/{number}/follow-up");
    let action = format!("/staff/cases/{number}/recheck");
    let answer = [("outcome", "reopened"), ("reasons", "再看了照片，房子进了水，要重新了解。")];
    for part in [&street, &district] {
        let shown = part.get(&follow_up).await;
        assert!(shown.body.contains("不能再由您复核"), "{}", shown.body);
        let key = ("idempotency_key", "0123456789abcdef0123456789abcdef");
        let tried = part.post(&action, &[answer[0], answer[1], key]).await;
        assert_eq!(tried.status, 409, "whoever had a part in the refusal");
    }
    assert_eq!(send(&third, &follow_up, &action, &[]).await.status, 422);
    assert_eq!(send(&third, &follow_up, &action, &answer).await.status, 303);
    let shown = resident.get(&receipt).await.body;
    for words in ["重新办理", "房子进了水", "复核以后重新办理", "已受理"] {
        assert!(shown.contains(words), "{words}: {shown}");
    }
    assert!(!shown.contains("您的权利"), "nothing is decided: {shown}");

    // It goes its way again, to a decision of its own.
    let handle = format!("/staff/cases/{number}/handle");
    let act = |act: &str| format!("/staff/cases/{number}/{act}");
    let opinion = [("outcome", "grant"), ("amount", "3000"), ("reasons", "房子进了水，家里一时没有地方住。")];
    assert_eq!(send(&street, &handle, &act("opinion"), &opinion).await.status, 303);
    let decided = send(&district, &handle, &act("decide"), &[("outcome", "grant")]).await;
    assert_eq!(decided.status, 303, "{}", decided.body);
    let shown = resident.get(&receipt).await.body;
    assert!(shown.contains("3,000 元") || shown.contains("3000 元"), "{shown}");
}

#[tokio::test]
async fn a_change_is_told_looked_at_and_answered() {
    let app = TestApp::start().await;
    account(&app, "street", &["street_officer@320214050"]).await;
    account(&app, "elsewhere", &["street_officer@320214051"]).await;
    let resident = app.browser();
    resident.fill_in().await;
    let number = resident.submit().await;
    let (street, elsewhere) = (app.browser(), app.browser());
    street.sign_in_as("street").await;
    elsewhere.sign_in_as("elsewhere").await;
    let page = format!("/confirm/{number}/change");
    let empty = send(&resident, &page, &page, &[]).await;
    assert_eq!(empty.status, 422);
    for words in ["请至少选一项，什么变了", "请填写从哪一天起变的", "请写一写怎么变了"]
    {
        assert!(empty.body.contains(words), "{words}: {}", empty.body);
    }
    let fields = [
        ("kind-income", "yes"),
        ("kind-household", "yes"),
        ("since", "2026-11-01"),
        ("words", "儿子找到工作了"),
    ];
    assert_eq!(send(&resident, &page, &page, &fields).await.status, 303);
    let receipt = format!("/confirm/{number}");
    let shown = resident.get(&receipt).await.body;
    assert!(shown.contains("家里的人多了或者少了、工作或者收入") && shown.contains("还没有看"), "{shown}");

    let follow_up = format!("/staff/cases/{number}/follow-up");
    let action = format!("/staff/cases/{number}/changes/1");
    assert!(street.get("/staff").await.body.contains("1 项变化等着看"));
    assert!(!elsewhere.get("/staff/follow-up").await.body.contains(&number), "another street's");
    let empty = send(&street, &follow_up, &action, &[]).await;
    assert!(empty.status == 422 && empty.body.contains("请选择怎么处理"), "{}", empty.body);
    let fields = [("outcome-1", "no-effect"), ("note-1", "收到了，不影响这次救助。")];
    assert_eq!(send(&street, &follow_up, &action, &fields).await.status, 303);
    let key = ("idempotency_key", "0123456789abcdef0123456789abcdef");
    assert_eq!(street.post(&action, &[fields[0], fields[1], key]).await.status, 409, "settled once");
    let shown = resident.get(&receipt).await.body;
    assert!(shown.contains("不影响这次救助") && shown.contains("不影响救助"), "{shown}");
    assert!(!street.get("/staff").await.body.contains("项变化等着看"));
}

#[tokio::test]
async fn a_contact_is_handed_over_only_to_whom_the_person_agreed() {
    let app = TestApp::start().await;
    let (resident, number, [street, ..]) = refused(&app).await;
    let page = format!("/confirm/{number}/referral");
    let receipt = format!("/confirm/{number}");
    let shown = resident.get(&page).await.body;
    assert!(shown.contains("示例：爱心救急金") && shown.contains("证件号、银行账户和收入不会转"), "{shown}");
    let empty = send(&resident, &page, &page, &[]).await;
    assert!(empty.status == 422 && empty.body.contains("请至少选一个单位"), "{}", empty.body);
    assert!(empty.body.contains("请勾选同意，我们才能转"), "{}", empty.body);
    let both = [
        ("programme-sample-fund", "yes"),
        ("programme-sample-mutual", "yes"),
        ("programme-none", "yes"),
        ("consent", "yes"),
    ];
    assert_eq!(send(&resident, &page, &page, &both).await.status, 303);
    assert!(street.get("/staff").await.body.contains("2 项转介等着看"));

    let follow_up = format!("/staff/cases/{number}/follow-up");
    let hand = |programme: &str| format!("/staff/cases/{number}/referrals/{programme}");
    let key = |sign: &str| ("idempotency_key", sign.repeat(32));
    let press = async |programme: &str, sign: &str| {
        let (name, value) = key(sign);
        street.post(&hand(programme), &[(name, value.as_str())]).await.status
    };
    assert!(street.get(&follow_up).await.body.contains("居民同意转"));
    assert_eq!(press("sample-fund", "a").await, 303);
    assert_eq!(press("sample-fund", "b").await, 409, "once");
    assert_eq!(press("sample-insurance", "c").await, 409, "nobody agreed to that");
    let whose = resident.get(&page).await.hidden("whose");
    let withdrawn = resident.post(&format!("{page}/withdraw"), &[("whose", &whose)]).await;
    assert_eq!(withdrawn.status, 303);
    assert_eq!(press("sample-mutual", "d").await, 409, "the consent was taken back");
    let shown = resident.get(&receipt).await.body;
    assert!(shown.contains("转过去了") && shown.contains("您收回了同意"), "{shown}");
    assert!(!street.get("/staff").await.body.contains("项转介"));
    // Agreed to once more: what was taken back is open again, what was handed over stays.
    let again = [("programme-sample-mutual", "yes"), ("consent", "yes")];
    assert_eq!(send(&resident, &page, &page, &again).await.status, 303);
    assert_eq!(press("sample-mutual", "e").await, 303);
}
