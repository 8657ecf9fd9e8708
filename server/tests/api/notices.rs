//! 低保 from the application through the public notice to the decision, between residents, a neighbour and two offices.

#![cfg(test)]

use super::staff::account;
use super::{Browser, TestApp};

const DIBAO: &str = "minimum-living-security";
const DAY: i64 = 24 * 3_600_000;

/// Fills in the nine pages of 低保 and sends them.
pub(crate) async fn apply(resident: &Browser<'_>) -> String {
    apply_for(resident, DIBAO).await
}

/// Fills in the nine pages of an item that a household lives on, and sends them.
pub(super) async fn apply_for(resident: &Browser<'_>, item: &str) -> String {
    let situation: &[_] =
        &[("kind", "expenditure"), ("story", "母亲长期生病，没有别的收入。"), ("urgency", "usual")];
    let (check, number) = super::items::apply_with(resident, item, &[], &[("situation", situation)]).await;
    assert!(!check.contains("急难发生在"), "that is asked of 临时救助 alone: {check}");
    number
}

pub(super) async fn act(
    staff: &Browser<'_>,
    number: &str,
    act: &str,
    fields: &[(&str, &str)],
) -> super::Answer {
    let page = staff.get(&format!("/staff/cases/{number}/handle")).await;
    assert_eq!(page.status, 200, "{}", page.body);
    let key = crate::forms::new_key().unwrap();
    let fields: Vec<_> = fields.iter().copied().chain([("idempotency_key", key.as_str())]).collect();
    staff.post(&format!("/staff/cases/{number}/{act}"), &fields).await
}

#[tokio::test]
async fn dibao_goes_from_the_application_through_its_notice_to_the_decision() {
    let app = TestApp::start().await;
    account(&app, "street", &["street_officer@320214050"]).await;
    let companion = account(&app, "companion", &["street_officer@320214050"]).await;
    account(&app, "district", &["district_officer@320214"]).await;
    let (resident, neighbour) = (app.browser(), app.browser());
    let number = apply(&resident).await;
    assert!(number.starts_with("JZ"), "{number}");
    let receipt = resident.get(&format!("/confirm/{number}")).await.body;
    // 30 working days from Monday 23 November end beyond the calendar: said, not guessed.
    assert!(receipt.contains("最低生活保障") && receipt.contains("还没有公布"), "{receipt}");
    let (street, district) = (app.browser(), app.browser());
    street.sign_in_as("street").await;
    assert_eq!(act(&street, &number, "accept", &[]).await.status, 303);
    let page = street.get(&format!("/staff/cases/{number}/handle")).await.body;
    assert!(page.contains("一提出就在社区公示") && page.contains("above-line"), "{page}");
    assert!(!page.contains("happened-elsewhere"), "that is a ground of 临时救助: {page}");
    let visited = super::inquiry::enter_visit(&street, &number, &companion, &[]).await;
    assert_eq!(visited.status, 303, "{}", visited.body);
    let why = ("reasons", "入户看了，母亲长期生病，没有别的收入。");
    let given = act(&street, &number, "opinion", &[("outcome", "grant"), ("amount", "1530"), why]).await;
    assert_eq!(given.status, 303, "{}", given.body);

    let list = neighbour.get("/notices?street=320214050").await.body;
    assert!(list.contains("王＊＊") && list.contains("3 人") && list.contains("1,530 元"), "{list}");
    for secret in ["320205199912319937", "13900001234", "新光路", "母亲", "长期生病", &number] {
        assert!(!list.contains(secret), "{secret}");
    }
    assert!(neighbour.get("/notices?street=320214051").await.body.contains("现在这里没有公示"));
    let waiting = resident.get(&format!("/confirm/{number}")).await.body;
    assert!(waiting.contains("正在社区公示") && waiting.contains("2026 年 11 月 30 日"), "{waiting}");

    let (_, rest) = list.split_once("/notices/").unwrap();
    let id = rest.split('/').next().unwrap();
    let path = format!("/notices/{id}/object");
    let form = neighbour.get(&path).await;
    let key = form.hidden("idempotency_key");
    let empty = neighbour.post(&path, &[("idempotency_key", &key), ("contact", "12")]).await;
    assert_eq!(empty.status, 422);
    assert!(empty.body.contains("请写明哪里和您知道的不一样"), "{}", empty.body);
    let fields =
        [("idempotency_key", key.as_str()), ("text", "这家人在外面还有一套房子出租。"), ("contact", "")];
    for _ in 0..2 {
        assert_eq!(neighbour.post(&path, &fields).await.location(), format!("{path}?done=yes"));
    }
    district.sign_in_as("district").await;
    let page = district.get(&format!("/staff/cases/{number}/handle")).await.body;
    assert!(page.contains("有异议还没有查清") && page.contains("还有一套房子"), "{page}");
    let early = act(&district, &number, "decide", &[("outcome", "grant")]).await;
    assert_eq!(early.status, 409);

    let page = street.get(&format!("/staff/cases/{number}/handle")).await.body;
    let (_, rest) = page.split_once(&format!("/staff/cases/{number}/objections/")).unwrap();
    let objection = format!("objections/{}", rest.split('"').next().unwrap());
    let empty = act(&street, &number, &objection, &[]).await;
    assert_eq!(empty.status, 422);
    assert!(empty.body.contains("请选择怎么处理"), "{}", empty.body);
    let answered = act(
        &street,
        &number,
        &objection,
        &[("outcome", "unfounded"), ("answer", "查了不动产登记，名下没有别的房子。")],
    )
    .await;
    assert_eq!(answered.status, 303, "{}", answered.body);
    app.later(8 * DAY);
    street.sign_in_as("street").await;
    district.sign_in_as("district").await;
    assert!(neighbour.get("/notices").await.body.contains("现在这里没有公示"), "it ended by itself");
    assert_eq!(neighbour.get(&path).await.status, 404);
    let decided = act(&district, &number, "decide", &[("outcome", "grant")]).await;
    assert_eq!(decided.status, 303, "{}", decided.body);
    let list = neighbour.get("/notices?street=320214050").await.body;
    assert!(list.contains("已经决定给予") && !list.contains("提出异议"), "{list}");
    let page = resident.get(&format!("/confirm/{number}")).await.body;
    // Decided on 1 December: paid from January on.
    assert!(page.contains("按月发放") && page.contains("2027 年 1 月"), "{page}");
}

#[tokio::test]
async fn one_draft_at_a_time_and_no_page_of_another_items_form_is_kept() {
    let app = TestApp::start().await;
    let resident = app.browser();
    let apply = format!("/aid/{DIBAO}/apply");
    resident.post(&apply, &[]).await;
    let other = resident.get(super::APPLY).await.body;
    assert!(other.contains("最低生活保障") && other.contains(&format!("{apply}/applicant")), "{other}");
    let page = [("name", "王小明")];
    let refused = resident.post(&format!("{}/applicant", super::APPLY), &page).await;
    assert_eq!(refused.location(), super::APPLY, "nothing is kept of it");
    assert!(!resident.get(&format!("{apply}/applicant")).await.body.contains("王小明"));
    for path in ["/aid/price-subsidy/apply", "/aid/none/apply/applicant"] {
        assert_eq!(resident.get(path).await.status, 404, "{path}");
    }
}
