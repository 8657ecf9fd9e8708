//! A household is looked at at home by two, near relatives of staff are entered, and what follows from both.

#![cfg(test)]

use super::notices::{act, apply, apply_for};
use super::staff::account;
use super::{Answer, Browser, TestApp};

/// Enters a visit, signed on paper unless told otherwise.
pub(super) async fn enter_visit(
    staff: &Browser<'_>,
    number: &str,
    companion: &str,
    more: &[(&str, &str)],
) -> Answer {
    let path = format!("/staff/cases/{number}/visit");
    let page = staff.get(&path).await;
    assert_eq!(page.status, 200, "{}", page.body);
    let key = page.hidden("idempotency_key");
    let mut fields = vec![
        ("idempotency_key", key.as_str()),
        ("visit-day", "2026-11-23"),
        ("companion", companion),
        ("family", "王芳"),
        ("family-is", "妻子"),
        ("findings", "一室一厅，家里没有值钱的东西，申请人卧床，妻子照料。"),
    ];
    if !more.iter().any(|(name, _)| *name == "signed") {
        fields.push(("signed", "paper"));
    }
    fields.extend_from_slice(more);
    staff.post(&path, &fields).await
}

const DRAWN: &str = "1,1 2,9 3,17 4,25 5,33 6,41 7,49 8,57";

#[tokio::test]
async fn measures_57_article_16_no_opinion_to_give_dibao_before_two_were_there_and_three_signed() {
    let app = TestApp::start().await;
    account(&app, "street", &["street_officer@320214050"]).await;
    let companion = account(&app, "companion", &["street_officer@320214050"]).await;
    account(&app, "neighbour", &["street_officer@320214051"]).await;
    let (resident, street, neighbour) = (app.browser(), app.browser(), app.browser());
    let number = apply(&resident).await;
    street.sign_in_as("street").await;
    neighbour.sign_in_as("neighbour").await;
    act(&street, &number, "accept", &[]).await;
    let grant =
        [("outcome", "grant"), ("amount", "1530"), ("reasons", "入户看了，母亲长期生病，没有别的收入。")];
    let early = act(&street, &number, "opinion", &grant).await;
    assert_eq!(early.status, 422);
    assert!(early.body.contains("请先上门看过") && early.body.contains("1530"), "{}", early.body);

    // Everything wrong at once, and what was typed is there again.
    let wrong = enter_visit(&street, &number, "", &[("signed", "screen"), ("signature-own", DRAWN)]).await;
    assert_eq!(wrong.status, 422);
    for words in ["请选择和您一起上门的同事", "请一起上门的同事在框里签名", "请在场的家人在框里签名", DRAWN]
    {
        assert!(wrong.body.contains(words), "{words}: {}", wrong.body);
    }
    let far = neighbour.get(&format!("/staff/cases/{number}/visit")).await;
    assert_eq!(far.status, 403);

    let signed = [
        ("signed", "screen"),
        ("signature-own", DRAWN),
        ("signature-companion", DRAWN),
        ("signature-family", DRAWN),
    ];
    let page = street.get(&format!("/staff/cases/{number}/visit")).await.body;
    assert!(!page.contains("王芳") && !page.contains("13900001234"), "nothing of the resident: {page}");
    let entered = enter_visit(&street, &number, &companion, &signed).await;
    assert_eq!(entered.location(), format!("/staff/cases/{number}/inquiry"), "{}", entered.body);
    let page = street.get(&format!("/staff/cases/{number}/inquiry")).await.body;
    assert!(page.contains("街道入户") && page.contains("申请人卧床") && page.contains("M1 1L2 9"), "{page}");
    assert!(resident.get(&format!("/confirm/{number}")).await.body.contains("工作人员上门了解"));
    assert_eq!(act(&street, &number, "opinion", &grant).await.status, 303);
}

#[tokio::test]
async fn staff_relative_flag_forces_county_home_visit() {
    let app = TestApp::start().await;
    account(&app, "street", &["street_officer@320214050"]).await;
    let companion = account(&app, "companion", &["street_officer@320214050"]).await;
    account(&app, "district", &["district_officer@320214"]).await;
    let (resident, street, relative, district) = (app.browser(), app.browser(), app.browser(), app.browser());
    resident.fill_in().await;
    let number = resident.submit().await;
    for (browser, login) in [(&street, "street"), (&relative, "companion"), (&district, "district")] {
        browser.sign_in_as(login).await;
    }
    act(&street, &number, "accept", &[]).await;
    let inquiry = format!("/staff/cases/{number}/inquiry");
    let wrong = act(&street, &number, "kin", &[("kin-staff", "none")]).await;
    assert_eq!(wrong.status, 422);
    for words in ["请填写这位工作人员的姓名", "请选择这位工作人员是申请人家里的什么人"]
    {
        assert!(wrong.body.contains(words), "{words}: {}", wrong.body);
    }
    let kin = [("kin-staff", companion.as_str()), ("kin-relation", "sibling")];
    assert_eq!(act(&street, &number, "kin", &kin).await.location(), inquiry);
    let own = relative.get(&format!("/staff/cases/{number}/handle")).await.body;
    assert!(own.contains("这是您近亲属家里的申请") && !own.contains("提出意见</button>"), "{own}");
    let key = ("idempotency_key", "0123456789abcdef0123456789abcdef");
    let opinion = [("outcome", "grant"), ("amount", "3000"), ("reasons", "房子进了水，家里一时没有地方住。")];
    let tried = relative
        .post(&format!("/staff/cases/{number}/opinion"), &[opinion[0], opinion[1], opinion[2], key])
        .await;
    assert_eq!(tried.status, 409, "{}", tried.body);
    assert_eq!(act(&street, &number, "opinion", &opinion).await.status, 303);

    let register = district.get("/staff/kin").await.body;
    assert!(register.contains(&inquiry) && register.contains("区里还没有上门，不能决定"), "{register}");
    let page = district.get(&format!("/staff/cases/{number}/handle")).await.body;
    assert!(page.contains("区里上门看过，才能决定") && !page.contains("同意，给予救助"), "{page}");
    let early = act(&district, &number, "decide", &[("outcome", "grant")]).await;
    assert_eq!(early.status, 409, "{}", early.body);
    // The two of the district: nobody else of it has an account yet.
    let second = account(&app, "second", &["district_officer@320214"]).await;
    assert_eq!(enter_visit(&district, &number, &second, &[]).await.status, 303);
    assert!(district.get("/staff/kin").await.body.contains("区里已经上门"));
    assert_eq!(act(&district, &number, "decide", &[("outcome", "grant")]).await.status, 303);
}

#[tokio::test]
async fn tekun_measures_article_16_a_case_that_is_drawn_waits_for_the_district() {
    let app = TestApp::start().await;
    account(&app, "street", &["street_officer@320214050"]).await;
    let companion = account(&app, "companion", &["street_officer@320214050"]).await;
    account(&app, "district", &["district_officer@320214"]).await;
    let second = account(&app, "second", &["district_officer@320214"]).await;
    crate::jobs::once(&app.site, app.site.clock().now()).await.unwrap();
    let (resident, street, district) = (app.browser(), app.browser(), app.browser());
    let number = apply_for(&resident, "special-hardship").await;
    street.sign_in_as("street").await;
    act(&street, &number, "accept", &[]).await;
    let page = street.get(&format!("/staff/cases/{number}/handle")).await.body;
    assert!(page.contains("not-tekun") && !page.contains("above-line"), "{page}");
    let care =
        ["eating", "dressing", "bed", "toilet", "walking", "bathing"].map(|what| format!("care-{what}"));
    let answered = |unmet: usize| -> Vec<(&str, &str)> {
        care.iter()
            .enumerate()
            .map(|(at, name)| (name.as_str(), if at < unmet { "no" } else { "yes" }))
            .collect()
    };
    let unanswered = enter_visit(&street, &number, &companion, &[]).await;
    assert!(unanswered.body.contains("请选择这一项能不能自己做"), "{}", unanswered.body);
    assert_eq!(enter_visit(&street, &number, &companion, &answered(4)).await.status, 303);
    let page = street.get(&format!("/staff/cases/{number}/inquiry")).await.body;
    assert!(page.contains("完全丧失自理能力；不能自己做：吃饭、穿衣、上下床、上厕所"), "{page}");
    let grant = [("outcome", "grant"), ("amount", "2000"), ("reasons", "没有劳动能力，没有收入，没有亲人。")];
    assert_eq!(act(&street, &number, "opinion", &grant).await.status, 303);

    // The hash is public before, the seed is not.
    let before = resident.get("/aid/random-checks").await.body;
    let (_, rest) = before.split_once("下一次种子的摘要").unwrap();
    let hash = rest.split(|c: char| !c.is_ascii_hexdigit()).find(|word| word.len() == 64).unwrap().to_owned();
    app.later(8 * 24 * 3_600_000);
    district.sign_in_as("district").await;
    street.sign_in_as("street").await;
    let page = district.get(&format!("/staff/cases/{number}/handle")).await.body;
    assert!(page.contains("先抽查，再决定") && !page.contains("同意，给予救助"), "{page}");
    assert_eq!(act(&district, &number, "decide", &[("outcome", "grant")]).await.status, 409);

    let list = district.get("/staff/random-checks").await;
    assert!(list.body.contains("还没有抽过的：1 份") && list.body.contains(&hash), "{}", list.body);
    let key = list.hidden("idempotency_key");
    let fields = [("idempotency_key", key.as_str()), ("item", "special-hardship")];
    let drawn = district.post("/staff/random-checks", &fields).await;
    assert_eq!(drawn.status, 303, "{}", drawn.body);
    assert_eq!(
        district.post("/staff/random-checks", &fields).await.location(),
        drawn.location(),
        "one press"
    );
    let page = district.get(drawn.location()).await.body;
    assert!(page.contains("抽中，等区里上门"), "{page}");
    let after = resident.get("/aid/random-checks").await.body;
    assert!(
        after.contains(&hash) && after.contains("1 份里抽中 1 份") && !after.contains(&number),
        "{after}"
    );

    let page = district.get(&format!("/staff/cases/{number}/handle")).await.body;
    assert!(page.contains("被抽中"), "{page}");
    assert_eq!(act(&district, &number, "decide", &[("outcome", "grant")]).await.status, 409);
    assert_eq!(enter_visit(&district, &number, &second, &answered(4)).await.status, 303);
    let decided = act(&district, &number, "decide", &[("outcome", "grant")]).await;
    assert_eq!(decided.status, 303, "{}", decided.body);
    let shown = resident.get(&format!("/confirm/{number}")).await.body;
    assert!(shown.contains("每月 2,000 元") || shown.contains("2,000 元"), "{shown}");
}
