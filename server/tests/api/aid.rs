//! The application over HTTP.

#![cfg(test)]

use super::{APPLY, PAGES, TestApp};

#[tokio::test]
async fn a_whole_application_ends_in_a_confirmation_that_a_reload_does_not_repeat() {
    let app = TestApp::start().await;
    let browser = app.browser();
    browser.fill_in().await;
    let check = browser.get(&format!("{APPLY}/check")).await;
    for shown in ["王小明", "李大妈", "王小宝", "家里失火，没有地方住。", "2,600 元", "139****1234"]
    {
        assert!(check.body.contains(shown), "{shown}");
    }
    assert!(!check.body.contains("320205199912319937") && !check.body.contains("6222023200000000011"));
    let number = browser.submit().await;
    for _ in 0..2 {
        let page = browser.get(&format!("/confirm/{number}")).await;
        for shown in ["已收到", "旺庄街道", "待补授权", "示例", "24 小时", "服务承诺"] {
            assert!(page.body.contains(shown), "{shown}: {}", page.body);
        }
    }
    assert_eq!(
        browser.get("/me").await.body.matches(&number).count(),
        4,
        "what waits, and the case: address and words each"
    );
    assert!(browser.get(APPLY).await.body.contains("开始填写"), "the draft is gone");
}

#[tokio::test]
async fn every_page_lists_all_its_errors_with_422_and_keeps_what_was_typed() {
    let app = TestApp::start().await;
    let browser = app.browser();
    browser.post(APPLY, &[]).await;
    type Case = (&'static str, &'static [(&'static str, &'static str)], &'static [&'static str]);
    let cases: &[Case] = &[
        (
            "applicant",
            &[
                ("name", "王1"),
                ("document_kind", "citizen_id"),
                ("document_number", "32021419660229991X"),
                ("mobile", "1390000"),
            ],
            &["name", "document_number", "mobile"],
        ),
        (
            "address",
            &[("street", "320214050"), ("community", "320214051001"), ("emergency_place", "elsewhere")],
            &["community", "detail", "emergency_place"],
        ),
        ("finances", &[("monthly_income", "很少"), ("medical", "1.234")], &["monthly_income", "medical"]),
        ("situation", &[("story", "啊"), ("amount", "-5")], &["kind", "story", "amount", "urgency"]),
        ("bank-account", &[("holder", "李大强"), ("number", "12")], &["number"]),
        ("authorisation", &[("way-applicant", "by-magic")], &[]),
        ("pledge", &[], &["agreed"]),
    ];
    for (step, fields, wrong) in cases {
        let answer = browser.post(&format!("{APPLY}/{step}"), fields).await;
        assert_eq!(answer.status, if wrong.is_empty() { 303 } else { 422 }, "{step}");
        // Left and opened again, it still has what was typed and says what is wrong.
        let again = browser.get(&format!("{APPLY}/{step}")).await;
        for page in [&answer, &again] {
            for field in *wrong {
                assert!(
                    page.body.contains(&format!("href=\"#{field}\"")),
                    "{step}: no link to {field}: {}",
                    page.body
                );
                assert!(page.body.contains(&format!("id=\"{field}\"")), "{step}: no field {field}");
                assert!(
                    page.body.contains(&format!("id=\"{field}-error\"")),
                    "{step}: no message at {field}"
                );
            }
            if !wrong.is_empty() {
                for (name, value) in *fields {
                    assert!(page.body.contains(value), "{step}: {name} was lost");
                }
            }
        }
    }
    let check = browser.get(&format!("{APPLY}/check")).await;
    assert!(check.body.contains("还有 8 步没有填好") && !check.body.contains("提交申请"), "{}", check.body);
}

#[tokio::test]
async fn markup_typed_into_a_page_comes_back_as_text() {
    let app = TestApp::start().await;
    let browser = app.browser();
    browser.post(APPLY, &[]).await;
    let attack = "</textarea><script>alert(1)</script>";
    let story = [("kind", "emergency"), ("story", attack), ("urgency", "today")];
    browser.post(&format!("{APPLY}/situation"), &story).await;
    browser.post(&format!("{APPLY}/applicant"), &[("name", "\"><script>alert(1)</script>")]).await;
    for path in ["situation", "applicant", "check"] {
        let page = browser.get(&format!("{APPLY}/{path}")).await.body;
        assert!(page.contains("&lt;script&gt;") || page.contains("&lt;script"), "{path}");
        assert!(!page.contains("<script>alert"), "{path}");
    }
}

#[tokio::test]
async fn a_change_from_the_last_look_goes_back_to_it() {
    let app = TestApp::start().await;
    let browser = app.browser();
    browser.fill_in().await;
    let page = browser.get(&format!("{APPLY}/finances?from=check")).await;
    assert_eq!(page.hidden("return_to"), "check");
    let saved =
        browser.post(&format!("{APPLY}/finances"), &[("monthly_income", "0"), ("return_to", "check")]).await;
    assert_eq!(saved.location(), format!("{APPLY}/check"));
}

#[tokio::test]
async fn one_key_gives_one_application_and_another_body_with_it_is_409() {
    let app = TestApp::start().await;
    let browser = app.browser();
    browser.fill_in().await;
    let check = browser.get(&format!("{APPLY}/check")).await;
    let (key, version) = (check.hidden("idempotency_key"), check.hidden("version"));
    let body = [("idempotency_key", key.as_str()), ("version", version.as_str())];
    let path = format!("{APPLY}/check");
    let (first, second) = tokio::join!(browser.post(&path, &body), browser.post(&path, &body));
    assert_eq!((first.status, second.status), (303, 303));
    assert_eq!(first.location(), second.location());
    assert_eq!(browser.post(&path, &body).await.location(), first.location());
    let other = [("idempotency_key", key.as_str()), ("version", "99")];
    assert_eq!(browser.post(&path, &other).await.status, 409);
    assert_eq!(app.browser().post(&path, &body).await.status, 409);
}

#[tokio::test]
async fn a_draft_changed_in_another_tab_is_shown_again_before_it_is_sent() {
    let app = TestApp::start().await;
    let browser = app.browser();
    browser.fill_in().await;
    let check = browser.get(&format!("{APPLY}/check")).await;
    let (key, version) = (check.hidden("idempotency_key"), check.hidden("version"));
    browser.post(&format!("{APPLY}/finances"), &[("monthly_income", "9")]).await;
    let sent =
        browser.post(&format!("{APPLY}/check"), &[("idempotency_key", &key), ("version", &version)]).await;
    assert_eq!(sent.status, 409);
    assert!(sent.body.contains("刚刚在别处改过") && sent.body.contains("提交申请"), "{}", sent.body);
    assert!(browser.get("/me").await.body.contains("还没有提交"));
}

#[tokio::test]
async fn a_button_pressed_twice_keeps_one_member_and_a_wrong_member_is_kept_to_go_on_with() {
    let app = TestApp::start().await;
    let browser = app.browser();
    browser.post(APPLY, &[]).await;
    let (_, member) = PAGES[2];
    let path = format!("{APPLY}/household/aaaaaaaa");
    tokio::join!(browser.post(&path, member), browser.post(&path, member));
    assert_eq!(browser.get(&format!("{APPLY}/household")).await.body.matches("去掉李大妈").count(), 1);
    let wrong = [
        ("name", "赵大爷"),
        ("relation", "other"),
        ("document_kind", "passport"),
        ("document_number", "E1234567"),
    ];
    let refused = browser.post(&format!("{APPLY}/household/cccccccc"), &wrong).await;
    assert_eq!(refused.status, 422);
    assert!(refused.body.contains("href=\"#birth_date\""));
    let again = browser.get(&format!("{APPLY}/household/dddddddd")).await;
    assert!(again.body.contains("赵大爷"), "a new page goes on with what was left");
    let twice = browser.post(&format!("{APPLY}/household/eeeeeeee"), member).await;
    assert_eq!(twice.status, 422, "the same document twice in one household");
}

#[tokio::test]
async fn a_draft_that_is_gone_is_told_as_a_conflict_and_old_ones_are_deleted() {
    let app = TestApp::start().await;
    let browser = app.browser();
    browser.fill_in().await;
    app.later(31 * 24 * 3_600_000);
    let now = crate::store_tests::NOW.0 + 31 * 24 * 3_600_000;
    assert_eq!(crate::jobs::once(&app.site, app::domain::time::Instant(now)).await.unwrap(), 1);
    assert_eq!(browser.post(&format!("{APPLY}/pledge"), &[("agreed", "yes")]).await.status, 409);
    assert_eq!(browser.get(&format!("{APPLY}/pledge")).await.location(), APPLY);
}

#[tokio::test]
async fn the_limit_is_shown_only_where_it_is_set_and_the_demo_marks_its_own() {
    let unset = TestApp::start_with(|s| s.sample_data = false).await;
    let browser = unset.browser();
    browser.fill_in().await;
    let number = browser.submit().await;
    let page = browser.get(&format!("/confirm/{number}")).await.body;
    assert!(page.contains("办理时限以街道公布为准") && !page.contains("示例时限"), "{page}");

    let set = TestApp::start_with(|s| {
        s.sample_data = false;
        s.temporary_aid_limit_working_days = Some(20);
        s.street_phones.insert("320214050".into(), "0510-85210000".into());
    })
    .await;
    let browser = set.browser();
    browser.fill_in().await;
    let number = browser.submit().await;
    let page = browser.get(&format!("/confirm/{number}")).await.body;
    assert!(page.contains("最晚 2026 年 12 月 21 日 星期一"), "{page}");
    assert!(page.contains("0510-85210000"));

    let beyond = TestApp::start_with(|s| s.temporary_aid_limit_working_days = Some(60)).await;
    let browser = beyond.browser();
    browser.fill_in().await;
    let number = browser.submit().await;
    let page = browser.get(&format!("/confirm/{number}")).await.body;
    assert!(page.contains("还没有公布"), "a deadline beyond the loaded calendar says so: {page}");
}
