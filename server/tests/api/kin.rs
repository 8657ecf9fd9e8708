//! Acting for someone at the counter, over HTTP: agreements, guardians of minors, the clerk's own help; and what must fail.

#![cfg(test)]

use super::counter::{ELDER as SEEN, begin, clerk, end};
use super::residents::{ELDER, HELPER, IDENTITY, agreed, sign_in};
use super::{APPLY, Browser, PAGES, TestApp};

const FORM: &str = "/staff/counter/visit";
/// Born on 29 February 2016.
const CHILD: &str = "320214201602299914";
pub(super) const GUARDIAN: &[(&str, &str)] = &[
    ("name", "王小明"),
    ("document_kind", "citizen_id"),
    ("document_number", "320205199912319937"),
    ("seen", "yes"),
];

/// A visit of somebody with a telephone, whose document was seen in it.
pub(super) async fn visit_of(staff: &Browser<'_>, phone: &str, seen: &[(&str, &str)]) -> String {
    let visit = begin(staff, &[("phone", phone)]).await;
    let verified = staff.post(&format!("{visit}/identity"), seen).await;
    assert_eq!(verified.location(), visit, "{}", verified.body);
    visit
}

async fn with_key(staff: &Browser<'_>, path: &str, fields: &[(&str, &str)]) -> super::Answer {
    let key = staff.get(path).await.hidden("idempotency_key");
    let mut all = vec![("idempotency_key", key.as_str())];
    all.extend_from_slice(fields);
    staff.post(path, &all).await
}

/// Has a guardian record a child in a visit of their own; gives the visit.
async fn guardian(staff: &Browser<'_>) -> String {
    let visit = visit_of(staff, HELPER, GUARDIAN).await;
    let kept = with_key(
        staff,
        &format!("{visit}/guardian"),
        &[
            ("paper", "household_register"),
            ("name", "王小宝"),
            ("document_kind", "citizen_id"),
            ("document_number", CHILD),
            ("relation", "child"),
            ("scope_aid", "yes"),
            ("signed", "yes"),
            ("consent", "yes"),
        ],
    )
    .await;
    assert_eq!(kept.location(), visit, "{}", kept.body);
    visit
}

/// The id of the agreement that the page lets one act under.
fn id_in(page: &str) -> String {
    page.split("/me/acting/").find_map(|part| part.split_once("/begin")).unwrap().0.to_owned()
}

/// Signs in on a phone that the account does not know yet.
pub(super) async fn prove(app: &TestApp, phone: &Browser<'_>, number: &str, name: &str, tail: &str) {
    sign_in(app, phone, number).await;
    let right = [("name", name), ("document_tail", tail), ("next", "/me")];
    let proved = phone.post("/sign-in/prove", &right).await;
    assert_eq!(proved.location(), "/me", "{}", proved.body);
}

async fn fill_in_for(browser: &Browser<'_>, applicant: &[(&str, &str)]) {
    assert_eq!(browser.post(APPLY, &[]).await.status, 303);
    let first = browser.post(&format!("{APPLY}/applicant"), applicant).await;
    assert_eq!(first.status, 303, "{}", first.body);
    for (step, fields) in &PAGES[1..] {
        if *step == "household/bbbbbbbb" {
            continue;
        }
        let holder = [("holder", "李大妈"), ("number", "6222023200000000011")];
        let fields: &[(&str, &str)] = match *step {
            "household/aaaaaaaa" => &[
                ("name", "王小明"),
                ("relation", "child"),
                ("document_kind", "citizen_id"),
                ("document_number", "320205199912319937"),
            ],
            "bank-account" => &holder,
            _ => fields,
        };
        let answer = browser.post(&format!("{APPLY}/{step}"), fields).await;
        assert!(matches!(answer.status, 303), "{step}: {}", answer.body);
    }
}

const ELDER_APPLIES: &[(&str, &str)] = &[
    ("name", "李大妈"),
    ("document_kind", "citizen_id"),
    ("document_number", "320222194503129909"),
    ("mobile", "13900005678"),
];

#[tokio::test]
async fn a_clerk_records_lists_and_ends_agreements_in_a_visit() {
    let app = TestApp::start().await;
    let street = clerk(&app, "street", "street_officer@320214050").await;
    let visit = visit_of(&street, ELDER, SEEN).await;
    let path = format!("{visit}/relative");
    assert_eq!(with_key(&street, &path, &[]).await.status, 422);
    let relative = [
        ("representative_name", "王小明"),
        ("representative_phone", HELPER),
        ("relation", "parent"),
        ("scope_aid", "yes"),
        ("ends_on", "2026-12-31"),
        ("signed", "yes"),
    ];
    let kept = with_key(&street, &path, &relative).await;
    assert_eq!(kept.location(), visit, "{}", kept.body);
    let shown = street.get(&visit).await.body;
    assert!(
        shown.contains("王＊＊ 替他办") && shown.contains("代办中") && shown.contains("12 月 31 日"),
        "{shown}"
    );
    assert!(!shown.contains("王小明") && !shown.contains(HELPER), "masked");
    let helper = app.browser();
    sign_in(&app, &helper, HELPER).await;
    let id = id_in(&helper.get("/me/acting").await.body);
    assert_eq!(helper.post(&format!("/me/acting/{id}/begin"), &[]).await.status, 303);

    let stop = format!("{visit}/agreement/end");
    let unsure = street.post(&stop, &[]).await;
    assert!(unsure.status == 422 && unsure.body.contains("请选择结束哪一个代办"), "{}", unsure.body);
    // Neither another clerk nor the visit of another person ends it.
    let colleague = clerk(&app, "colleague", "street_officer@320214050").await;
    let wanted = [("proxy", id.as_str()), ("reason", "own_wish")];
    assert_eq!(colleague.post(&stop, &wanted).await.status, 403);
    let other = begin(&colleague, &[("phone", "13900009999")]).await;
    assert_eq!(colleague.post(&format!("{other}/agreement/end"), &wanted).await.status, 404);
    assert_eq!(street.post(&stop, &wanted).await.location(), visit);
    assert!(street.get(&visit).await.body.contains("已结束"));
    let late = helper.post(&format!("{APPLY}/applicant"), ELDER_APPLIES).await;
    assert!(late.status == 403 && late.body.contains("代办已经结束"), "{}", late.body);
    assert_eq!(app.site.store().noted("proxy_ended", &id).await, 1);
    assert!(helper.get("/me/inbox").await.body.contains("代办已经结束"));
}

#[tokio::test]
async fn the_counter_without_a_visit_records_both_kinds() {
    let app = TestApp::start().await;
    let street = clerk(&app, "street", "street_officer@320214050").await;
    let child = [
        ("kind", "guardian"),
        ("paper", "birth_certificate"),
        ("name", "王小宝"),
        ("document_kind", "citizen_id"),
        ("document_number", CHILD),
        ("representative_name", "王小明"),
        ("representative_phone", HELPER),
        ("relation", "child"),
        ("scope_aid", "yes"),
        ("signed", "yes"),
        ("consent", "yes"),
    ];
    let early = with_key(&street, "/staff/counter/proxy", &child).await;
    assert!(early.status == 422 && early.body.contains("还没有看过监护人的证件"), "{}", early.body);
    visit_of(&street, HELPER, GUARDIAN).await;
    let kept = with_key(&street, "/staff/counter/proxy", &child).await;
    assert_eq!(kept.location(), "/staff/counter/recorded", "{}", kept.body);
    let wrong =
        with_key(&street, "/staff/counter/proxy", &[("kind", "relative"), ("paper", "household_register")]);
    assert!(wrong.await.body.contains("这种材料证明不了这种代办"));
}

#[tokio::test]
async fn under_14_nothing_is_kept_before_a_guardian_agrees_by_pipl_31() {
    let app = TestApp::start().await;
    let child = app.browser();
    sign_in(&app, &child, "13900007777").await;
    let identity = [("name", "王小宝"), ("document_kind", "citizen_id"), ("document_number", CHILD)];
    let refused = child.post("/me/profile/identity", &identity).await;
    assert!(refused.status == 403 && refused.body.contains("第三十一条"), "{}", refused.body);
    assert!(!child.get("/me/profile").await.body.contains("王小宝"), "nothing is kept");
    // Nor in an application, signed in or not.
    let mut applicant = identity.to_vec();
    applicant.push(("mobile", "13900007777"));
    for browser in [&child, &app.browser()] {
        browser.post(APPLY, &[]).await;
        let refused = browser.post(&format!("{APPLY}/applicant"), &applicant).await;
        assert!(refused.status == 403 && refused.body.contains("请监护人来办"), "{}", refused.body);
        assert!(!browser.get(&format!("{APPLY}/applicant")).await.body.contains("王小宝"));
    }
    // Nor at the counter.
    let street = clerk(&app, "street", "street_officer@320214050").await;
    let mut seen = identity.to_vec();
    seen.push(("seen", "yes"));
    assert!(street.post(FORM, &seen).await.body.contains("请先由监护人带材料来登记"));
    let visit = begin(&street, &[("phone", "13900007777")]).await;
    assert_eq!(street.post(&format!("{visit}/identity"), &seen).await.status, 422);
    // From 14 on one acts for oneself (民法典 19), and for nobody else.
    let teenager = app.browser();
    sign_in(&app, &teenager, "13900006666").await;
    let identity = [
        ("name", "王小美"),
        ("document_kind", "citizen_id"),
        ("document_number", "320214201102289912"),
        ("consent", "2026-11-24"),
    ];
    assert_eq!(teenager.post("/me/profile/identity", &identity).await.status, 303);
    teenager.post(APPLY, &[]).await;
    let mine = [identity[0], identity[1], identity[2], ("mobile", "13900006666")];
    assert_eq!(teenager.post(&format!("{APPLY}/applicant"), &mine).await.status, 303);
    assert!(teenager.get(&format!("{APPLY}/check")).await.body.contains("请监护人一起看一遍"));
    let asked = teenager.get("/me/acting/new").await;
    assert!(asked.status == 403 && asked.body.contains("满 18 周岁才能替别人办"), "{}", asked.body);
}

#[tokio::test]
async fn a_guardian_applies_for_a_child_and_sees_who_of_the_staff_read_it_by_pipl_28_and_31() {
    let app = TestApp::start().await;
    let street = clerk(&app, "street", "street_officer@320214050").await;
    let worker = clerk(&app, "worker", "community_worker@320214050001").await;
    guardian(&street).await;
    let phone = app.browser();
    prove(&app, &phone, HELPER, "王小明", "9937").await;
    let list = phone.get("/me/acting").await.body;
    assert!(list.contains("我是孩子 王＊＊ 的监护人") && list.contains("监护人代办"), "{list}");
    phone.post(&format!("/me/acting/{}/begin", id_in(&list)), &[]).await;
    assert_eq!(phone.post(APPLY, &[]).await.status, 303);
    let filled = phone.get(&format!("{APPLY}/applicant")).await.body;
    assert!(filled.contains("王小宝") && filled.contains(CHILD) && !filled.contains("王小明"), "{filled}");
    // Another child is not this one's affair.
    let other = [
        ("name", "王小贝"),
        ("document_kind", "citizen_id"),
        ("document_number", "320214201305109918"),
        ("mobile", HELPER),
    ];
    assert_eq!(phone.post(&format!("{APPLY}/applicant"), &other).await.status, 403);
    let own =
        [("name", "王小宝"), ("document_kind", "citizen_id"), ("document_number", CHILD), ("mobile", HELPER)];
    assert_eq!(phone.post(&format!("{APPLY}/applicant"), &own).await.status, 303);
    for (step, fields) in &PAGES[1..] {
        let fields: &[(&str, &str)] = match *step {
            "household/bbbbbbbb" => continue,
            "bank-account" => {
                &[("holder", "王小明"), ("number", "6222023200000000011"), ("reason", "由监护人代领")]
            }
            _ => fields,
        };
        let answer = phone.post(&format!("{APPLY}/{step}"), fields).await;
        assert_eq!(answer.status, 303, "{step}: {}", answer.body);
    }
    let number = phone.submit().await;

    // The neighbours' own community worker does not open a child's papers; an officer does, for a purpose.
    let case = format!("/staff/cases/{number}");
    assert_eq!(worker.get(&case).await.status, 403);
    assert_eq!(worker.post(&case, &[("purpose", "handling")]).await.status, 403);
    assert_eq!(street.post(&case, &[]).await.status, 422, "only for a purpose");
    assert_eq!(street.post(&case, &[("purpose", "handling")]).await.status, 200);
    let seen =
        [("name", "王小宝"), ("document_kind", "citizen_id"), ("document_number", CHILD), ("seen", "yes")];
    assert_eq!(worker.post(FORM, &seen).await.status, 403);
    let visit = begin(&street, &seen).await;
    assert_eq!(street.get(&visit).await.status, 200);

    let while_acting = phone.get("/me/data").await;
    assert_eq!(while_acting.status, 403);
    phone.post("/me/acting/stop", &[]).await;
    let data = phone.get("/me/data").await.body;
    let (_, of_child) = data.split_once("谁看过孩子 王＊＊ 的材料").unwrap();
    for words in ["看了您的材料，为了办理申请", "看了您的材料，为了窗口帮办", "登记了监护关系"]
    {
        assert!(of_child.contains(words), "{words}: {of_child}");
    }
}

#[tokio::test]
async fn a_file_holds_nothing_of_the_other_side_and_is_refused_while_acting() {
    let app = TestApp::start().await;
    let helper = app.browser();
    let id = agreed(&app, &helper, "scope_aid").await;
    let elder = app.browser();
    sign_in(&app, &elder, ELDER).await;
    let theirs = [
        ("name", "李大妈"),
        ("document_kind", "citizen_id"),
        ("document_number", "320222194503129909"),
        ("consent", "2026-11-24"),
    ];
    assert_eq!(elder.post("/me/profile/identity", &theirs).await.status, 303);
    helper.post(&format!("/me/acting/{id}/begin"), &[]).await;
    fill_in_for(&helper, ELDER_APPLIES).await;
    let number = helper.submit().await;
    let before = app.site.store().noted("proxy_misused", &id).await;
    let closed =
        ["/me/data/export", "/me/data/readable", "/me/data", "/me/data/delete", "/me/profile", "/me/inbox"];
    for path in closed {
        let asked = helper.get(path).await;
        assert_eq!(asked.status, 403, "{path}");
        assert!(asked.body.contains("这一页是您自己的事"), "{path}: {}", asked.body);
        for value in ["李大妈", "320222194503129909", ELDER, IDENTITY[2].1] {
            assert!(!asked.body.contains(value), "{path} shows {value}");
        }
    }
    assert_eq!(helper.post("/me/data/delete", &[("sure", "yes")]).await.status, 403);
    assert_eq!(
        app.site.store().noted("proxy_misused", &id).await,
        before + closed.len() + 1,
        "each is noted"
    );
    helper.post("/me/acting/stop", &[]).await;
    let file = helper.get("/me/data/export").await.body;
    assert!(file.contains("王小明"));
    for value in ["李大妈", "320222194503129909", ELDER, "失火"] {
        assert!(!file.contains(value), "the helper's file holds {value}");
    }
    let file = elder.get("/me/data/export").await.body;
    assert!(file.contains(&number) && file.contains("王＊＊"), "the helper's name is masked");
    let helpers = file.split("\"proxies\"").nth(1).unwrap();
    for value in ["王小明", HELPER] {
        assert!(!helpers.contains(value), "the elder's file holds {value}");
    }
}

#[tokio::test]
async fn a_clerk_fills_in_for_the_person_at_the_counter_and_both_are_recorded() {
    let app = TestApp::start().await;
    let street = clerk(&app, "street", "street_officer@320214050").await;
    let visit = visit_of(&street, ELDER, SEEN).await;
    let help = format!("{visit}/help");
    let unasked = street.post(&help, &[]).await;
    assert!(unasked.status == 422 && unasked.body.contains("请当面问过本人"), "{}", unasked.body);
    let begun = street.post(&help, &[("help", "spoken")]).await;
    assert_eq!((begun.status, begun.location()), (303, "/"));
    assert!(!begun.header("set-cookie").contains("Max-Age"), "gone with the browser");
    let home = street.get("/").await.body;
    assert!(home.contains("窗口帮办：正在替") && home.contains("李＊＊"), "{home}");
    // Less than a relative: nothing of the account, and each try is noted.
    for path in
        ["/me/profile", "/me/data/export", "/me/acting", "/me/inbox", "/sign-in", "/confirm", "/feedback"]
    {
        let closed = street.get(path).await;
        assert!(
            closed.status == 403 && closed.body.contains("帮办时不能打开这一页"),
            "{path}: {}",
            closed.body
        );
    }
    for path in ["/me/data/delete", "/me/profile/identity", "/me/acting/new", "/sign-out"] {
        assert_eq!(street.post(path, &[("sure", "yes")]).await.status, 403, "{path}");
    }
    assert!(app.site.store().audit_acts().await.contains(&"proxy_misused".to_owned()));
    fill_in_for(&street, ELDER_APPLIES).await;
    let number = street.submit().await;
    assert!(street.get("/me").await.body.contains(&number));
    assert!(street.get(&format!("/confirm/{number}")).await.body.contains("<svg"));

    // Its own page goes on; what was not sent is gone with the visit.
    street.post(APPLY, &[]).await;
    assert!(street.get(&visit).await.body.contains("接着帮他填"));
    let ended = end(&street, &visit).await;
    assert_eq!(ended.header("clear-site-data"), "\"cache\", \"storage\"");
    let another_tab = street.post(&format!("{APPLY}/applicant"), ELDER_APPLIES).await;
    assert_eq!(another_tab.status, 403);
    assert!(
        another_tab.body.contains("帮办已经结束") && !another_tab.body.contains("李大妈"),
        "{}",
        another_tab.body
    );
    assert_eq!(another_tab.header("clear-site-data"), "\"cache\", \"storage\"");
    assert!(!street.get("/").await.body.contains("窗口帮办"), "and then the browser is nobody's");
    assert!(!street.get("/me").await.body.contains(&number));

    // The person has the application, the message, and the trail.
    let elder = app.browser();
    prove(&app, &elder, ELDER, "李大妈", "9909").await;
    assert!(elder.get("/me").await.body.contains(&number));
    let inbox = elder.get("/me/inbox").await.body;
    assert!(inbox.contains("窗口帮您办了事") && inbox.contains(&number), "{inbox}");
    let data = elder.get("/me/data").await.body;
    for words in ["开始当面帮您填表", "结束了当面帮办", "办理了您的事，为了窗口帮办"]
    {
        assert!(data.contains(words), "{words}: {data}");
    }
    assert!(elder.get("/me/acting").await.body.contains("窗口帮办"));
}

#[tokio::test]
async fn help_is_bound_to_the_clerk_the_visit_and_its_time() {
    let app = TestApp::start().await;
    let street = clerk(&app, "street", "street_officer@320214050").await;
    let visit = visit_of(&street, ELDER, SEEN).await;
    let help = async || street.post(&format!("{visit}/help"), &[("help", "consent_form")]).await;
    assert_eq!(help().await.status, 303);
    // The cookie alone is worth nothing: without the clerk, or with another one.
    let secret = visit.rsplit('/').next().unwrap();
    let stolen = app.request("GET", "/me").header("cookie", format!("xw_helping={secret}"));
    let stolen = app.send(stolen).await;
    assert!(stolen.status == 403 && stolen.body.contains("帮办已经结束"), "{}", stolen.body);
    let colleague = clerk(&app, "colleague", "street_officer@320214050").await;
    let cookies = format!("{}; xw_helping={secret}", colleague.cookie());
    assert_eq!(app.send(app.request("GET", "/me").header("cookie", cookies)).await.status, 403);
    let acts = app.site.store().audit_acts().await;
    assert_eq!(acts.iter().filter(|act| *act == "proxy_misused").count(), 2, "both are noted");
    // A made-up one is nobody's.
    let made_up = app.request("GET", "/").header("cookie", format!("xw_helping={}", "a".repeat(32)));
    assert_eq!(app.send(made_up).await.status, 403);

    // Stopped: back to the visit, which goes on; begun again, nothing of the first draft is there.
    street.post(APPLY, &[]).await;
    street.post(&format!("{APPLY}/address"), &[("detail", "新光路 1 号")]).await;
    let stopped = street.post("/me/acting/stop", &[]).await;
    assert_eq!(stopped.location(), visit);
    assert_eq!(stopped.header("clear-site-data"), "\"cache\", \"storage\"");
    assert_eq!(street.get("/").await.status, 200);
    assert_eq!(help().await.status, 303);
    street.post(APPLY, &[]).await;
    let address = street.get(&format!("{APPLY}/address")).await;
    assert!(!address.body.contains("新光路"));
    // A page that was left open from the first help is not kept for the second.
    assert_eq!(address.hidden("whose").len(), 26);
    let left_open = [("whose", "06h0e0fqs029gvj5005opa8an4"), ("detail", "新光路 1 号")];
    let refused = street.post(&format!("{APPLY}/address"), &left_open).await;
    assert!(refused.status == 403 && refused.body.contains("替另一个人打开的"), "{}", refused.body);
    assert!(!street.get(&format!("{APPLY}/address")).await.body.contains("新光路"));
    // Lying idle ends it, and signing out does.
    app.later(31 * 60_000);
    assert_eq!(street.get("/me").await.status, 403);
    let street = clerk(&app, "street2", "street_officer@320214050").await;
    let visit = begin(&street, SEEN).await;
    street.post(&format!("{visit}/help"), &[("help", "spoken")]).await;
    assert_eq!(street.get("/me").await.status, 200);
    street.post("/staff/sign-out", &[]).await;
    assert_eq!(street.get("/me").await.status, 403);
}
