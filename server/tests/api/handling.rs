//! A case from its receipt to the decision, between two browsers and an office.

#![cfg(test)]

use super::staff::account;
use super::{Browser, TestApp};

async fn sent(app: &TestApp) -> (Browser<'_>, String) {
    let resident = app.browser();
    resident.fill_in().await;
    let number = resident.submit().await;
    (resident, number)
}

/// Opens the page, and sends one of its forms.
async fn act(staff: &Browser<'_>, number: &str, act: &str, fields: &[(&str, &str)]) -> super::Answer {
    let page = staff.get(&format!("/staff/cases/{number}/handle")).await;
    assert_eq!(page.status, 200, "{}", page.body);
    let key = page.hidden("idempotency_key");
    let fields: Vec<_> = fields.iter().copied().chain([("idempotency_key", key.as_str())]).collect();
    staff.post(&format!("/staff/cases/{number}/{act}"), &fields).await
}

const WHY: (&str, &str) = ("reasons", "入户看了，房子没有损坏，家里有存款。");

#[tokio::test]
async fn decision_page_always_shows_60_days_6_months_organ_and_online_link() {
    let app = TestApp::start().await;
    account(&app, "street", &["street_officer@320214050"]).await;
    account(&app, "district", &["district_officer@320214"]).await;
    let (resident, number) = sent(&app).await;
    let (street, district) = (app.browser(), app.browser());
    street.sign_in_as("street").await;
    district.sign_in_as("district").await;

    let empty = act(&street, &number, "correct", &[]).await;
    assert_eq!(empty.status, 422);
    assert!(empty.body.contains("请至少写一项要补的内容"), "{}", empty.body);
    let asked = act(&street, &number, "correct", &[("note-paper", "请补医院的收费票据")]).await;
    assert_eq!(asked.status, 303, "{}", asked.body);
    let receipt = resident.get(&format!("/confirm/{number}")).await;
    assert!(
        receipt.body.contains("要补 1 项") && receipt.body.contains("请补医院的收费票据"),
        "{}",
        receipt.body
    );
    let form = resident.get(&format!("/confirm/{number}/answer")).await;
    let (key, whose) = (form.hidden("idempotency_key"), form.hidden("whose"));
    let empty = resident
        .post(&format!("/confirm/{number}/answer"), &[("idempotency_key", &key), ("whose", &whose)])
        .await;
    assert_eq!(empty.status, 422);
    let fields = [
        ("idempotency_key", key.as_str()),
        ("whose", whose.as_str()),
        ("answer-paper", "票据丢了，医院可以查"),
    ];
    for _ in 0..2 {
        let answered = resident.post(&format!("/confirm/{number}/answer"), &fields).await;
        assert_eq!((answered.status, answered.location()), (303, format!("/confirm/{number}").as_str()));
    }
    assert_eq!(
        resident
            .post(
                &format!("/confirm/{number}/answer"),
                &[("idempotency_key", &"x".repeat(32)), ("whose", &whose)]
            )
            .await
            .status,
        409
    );

    assert_eq!(act(&street, &number, "accept", &[]).await.status, 303);
    let wrong = act(&street, &number, "opinion", &[("outcome", "refuse")]).await;
    assert_eq!(wrong.status, 422);
    assert!(
        wrong.body.contains("请选择不给救助的依据") && wrong.body.contains("请写明理由"),
        "{}",
        wrong.body
    );
    let given =
        act(&street, &number, "opinion", &[("outcome", "refuse"), ("ground", "not-in-hardship"), WHY]).await;
    assert_eq!(given.status, 303, "{}", given.body);
    assert!(
        !resident.get(&format!("/confirm/{number}")).await.body.contains("家里有存款"),
        "not decided yet"
    );
    let decided = act(&district, &number, "decide", &[("outcome", "refuse")]).await;
    assert_eq!(decided.status, 303, "{}", decided.body);

    let page = resident.get(&format!("/confirm/{number}")).await.body;
    for words in [
        "不予救助",
        "家里有存款",
        "《社会救助法》第十三条",
        "60 天",
        "6 个月",
        "新吴区人民政府",
        "https://fuyi.example.cn/",
        "2027 年 1 月 22 日",
    ] {
        assert!(page.contains(words), "{words}: {page}");
    }
    assert!(!page.contains("撤回申请") && !page.contains("最晚"), "{page}");
}

#[tokio::test]
async fn nobody_decides_online_while_the_way_against_it_is_not_set() {
    let app = TestApp::start_with(|settings| settings.reconsideration_url = None).await;
    account(&app, "street", &["street_officer@320214050"]).await;
    account(&app, "district", &["district_officer@320214"]).await;
    let (_, number) = sent(&app).await;
    let (street, district) = (app.browser(), app.browser());
    street.sign_in_as("street").await;
    district.sign_in_as("district").await;
    act(&street, &number, "accept", &[]).await;
    act(&street, &number, "opinion", &[("outcome", "grant"), ("amount", "3000"), WHY]).await;
    let page = district.get(&format!("/staff/cases/{number}/handle")).await;
    assert!(page.body.contains("行政复议法第二十二条"), "{}", page.body);
    let tried = act(&district, &number, "decide", &[("outcome", "grant")]).await;
    assert_eq!(tried.status, 409);
}

#[tokio::test]
async fn each_act_is_its_own_office_and_four_eyes() {
    let app = TestApp::start().await;
    account(&app, "community", &["community_worker@320214050001"]).await;
    account(&app, "elsewhere", &["street_officer@320214051"]).await;
    let both = account(&app, "both", &["street_officer@320214050", "district_officer@320214"]).await;
    let (_, number) = sent(&app).await;
    let (community, elsewhere, officer) = (app.browser(), app.browser(), app.browser());
    community.sign_in_as("community").await;
    elsewhere.sign_in_as("elsewhere").await;
    officer.sign_in_as("both").await;
    let key = ("idempotency_key", "0123456789abcdef0123456789abcdef");
    assert_eq!(community.get(&format!("/staff/cases/{number}/handle")).await.status, 200, "may look");
    for act in ["accept", "correct", "opinion", "send-back", "decide"] {
        let path = format!("/staff/cases/{number}/{act}");
        assert_eq!(community.post(&path, &[key]).await.status, 403, "{act}");
        assert_eq!(elsewhere.post(&path, &[key]).await.status, 403, "{act}");
    }
    assert_eq!(elsewhere.get(&format!("/staff/cases/{number}/handle")).await.status, 403);
    act(&officer, &number, "accept", &[]).await;
    act(&officer, &number, "opinion", &[("outcome", "grant"), ("amount", "3000"), WHY]).await;
    let page = officer.get(&format!("/staff/cases/{number}/handle")).await;
    assert!(page.body.contains("意见是您提的"), "{}", page.body);
    let own = officer.post(&format!("/staff/cases/{number}/decide"), &[key, ("outcome", "grant")]).await;
    assert_eq!(own.status, 409, "two posts are not two people");
    assert!(app.site.store().noted("access_refused", &both).await == 0);
}

#[tokio::test]
async fn only_whoever_sent_it_takes_it_back() {
    let app = TestApp::start().await;
    let (resident, number) = sent(&app).await;
    let other = app.browser();
    other.post("/confirm", &[("number", &number), ("mobile_tail", "1234")]).await;
    let seen = other.get(&format!("/confirm/{number}")).await;
    assert!(seen.body.contains("接下来") && !seen.body.contains("撤回申请"), "{}", seen.body);
    for page in ["answer", "withdraw"] {
        assert_eq!(other.get(&format!("/confirm/{number}/{page}")).await.status, 404, "{page}");
        assert_eq!(other.post(&format!("/confirm/{number}/{page}"), &[]).await.status, 404, "{page}");
    }
    let form = resident.get(&format!("/confirm/{number}/withdraw")).await;
    let (key, whose) = (form.hidden("idempotency_key"), form.hidden("whose"));
    let fields = [("idempotency_key", key.as_str()), ("whose", whose.as_str())];
    let unsure = resident.post(&format!("/confirm/{number}/withdraw"), &fields).await;
    assert_eq!(unsure.status, 422);
    let fields = [fields[0], fields[1], ("sure", "yes")];
    for _ in 0..2 {
        assert_eq!(resident.post(&format!("/confirm/{number}/withdraw"), &fields).await.status, 303);
    }
    let page = resident.get(&format!("/confirm/{number}")).await.body;
    assert!(page.contains("申请已撤回"), "{page}");
    assert_eq!(resident.get(&format!("/confirm/{number}/withdraw")).await.status, 303);
}
