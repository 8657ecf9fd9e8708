//! Opening and checking confirmations over HTTP.

#![cfg(test)]

use app::domain::time::Instant;

use super::{Answer, Browser, TestApp};

async fn a_case(browser: &Browser<'_>) -> String {
    browser.fill_in().await;
    browser.submit().await
}

async fn open(browser: &Browser<'_>, number: &str, tail: &str) -> Answer {
    browser.post("/confirm", &[("number", number), ("mobile_tail", tail)]).await
}

#[tokio::test]
async fn number_and_digits_open_a_case_on_another_device_for_a_day() {
    let app = TestApp::start().await;
    let number = a_case(&app.browser()).await;
    let other = app.browser();
    let spaced = format!(" {} {} ", number[..2].to_lowercase(), &number[2..]);
    assert_eq!(open(&other, &spaced, "１２３４").await.location(), format!("/confirm/{number}"));
    assert!(other.get(&format!("/confirm/{number}")).await.body.contains("已收到"));
    app.later(24 * 3_600_000 + 1);
    assert!(!other.get(&format!("/confirm/{number}")).await.body.contains("已收到"));
}

#[tokio::test]
async fn wrong_digits_and_an_unknown_number_are_one_answer_and_tries_are_limited() {
    let app = TestApp::start().await;
    let number = a_case(&app.browser()).await;
    let other = app.browser();
    let wrong = open(&other, &number, "9999").await;
    let unknown = open(&other, "LS000000000000", "9999").await;
    assert_eq!((wrong.status, unknown.status), (422, 422));
    assert_eq!(wrong.body.replace(&number, ""), unknown.body.replace("LS000000000000", ""));
    assert!(other.cookie().is_empty(), "a wrong try leaves nothing behind");
    for _ in 0..9 {
        assert_eq!(open(&other, &number, "9998").await.status, 422);
    }
    let limited = open(&other, &number, "1234").await;
    assert_eq!((limited.status, limited.header("retry-after")), (429, "3600"));
    assert!(limited.body.contains("请稍等一会儿"));
    app.later(3_600_000);
    assert_eq!(open(&other, &number, "1234").await.status, 303);
}

#[tokio::test]
async fn one_address_can_not_try_many_numbers_and_a_street_office_is_not_locked_out() {
    let app = TestApp::start().await;
    let browser = app.browser();
    let mut limited = 0;
    for at in 0..31 {
        let answer = open(&browser, &format!("LS00000000{at:04}"), "0000").await;
        limited += usize::from(answer.status == 429);
    }
    assert_eq!(limited, 1, "30 tries an hour from one address");
    let office = TestApp::start_with(|s| s.office_networks = vec!["127.0.0.0/8".parse().unwrap()]).await;
    let browser = office.browser();
    for at in 0..60 {
        assert_eq!(open(&browser, &format!("LS00000000{at:04}"), "0000").await.status, 422);
    }
}

/// The token of a case, taken from the store as a camera would take it from the page.
async fn token(app: &TestApp, browser: &Browser<'_>, number: &str) -> String {
    let secret = browser.cookie();
    let owner = app::visit::Owner(crate::seal::sha256(secret.split_once('=').unwrap().1));
    app.site.store().case_for(number, &owner, crate::store_tests::NOW).await.unwrap().unwrap().token
}

#[tokio::test]
async fn a_check_says_valid_altered_expired_or_not_ours_and_never_who() {
    let app = TestApp::start().await;
    let browser = app.browser();
    let number = a_case(&browser).await;
    let token = token(&app, &browser, &number).await;
    let stranger = app.browser();
    for path in [format!("/V/{token}"), format!("/V/{}", token.to_lowercase())] {
        let page = stranger.get(&path).await;
        assert!(page.body.contains("这张凭证是真的") && page.body.contains(&number), "{}", page.body);
        for personal in ["王", "小明", "320205", "13900001234"] {
            assert!(!page.body.replace(&number, "").contains(personal), "{personal}");
        }
        assert_eq!(page.header("cache-control"), "no-store");
        assert_eq!(page.header("referrer-policy"), "no-referrer");
        assert_eq!(page.header("x-robots-tag"), "noindex");
        assert!(!page.body.contains(&token), "the page does not repeat the token");
    }
    let last = if token.ends_with('A') { "B" } else { "A" };
    let middle = token.len() / 2;
    let swapped = if &token[middle..=middle] == "A" { "B" } else { "A" };
    let altered = format!("{}{swapped}{}", &token[..middle], &token[middle + 1..]);
    let page = stranger.get(&format!("/V/{altered}")).await.body;
    assert!(!page.contains("是真的"), "{page}");
    let page = stranger.get(&format!("/V/{}{last}", &token[..token.len() - 1])).await.body;
    assert!(!page.contains("是真的"), "{page}");
    assert!(stranger.get("/V/HELLO").await.body.contains("没有认出这个码"));
    app.clock.set(Instant(crate::store_tests::NOW.0 + 3 * 365 * 24 * 3_600_000));
    assert!(stranger.get(&format!("/V/{token}")).await.body.contains("有效期过了"));
}

#[tokio::test]
async fn a_short_code_is_checked_and_a_typing_error_is_told_apart_from_an_unknown_one() {
    let app = TestApp::start().await;
    let browser = app.browser();
    let number = a_case(&browser).await;
    let page = browser.get(&format!("/confirm/{number}")).await.body;
    let (_, rest) = page.split_once("xw-qr__short\">").unwrap();
    let code = rest.split('<').next().unwrap().to_owned();
    let stranger = app.browser();
    let checked = stranger.post("/check", &[("code", &code.to_lowercase())]).await;
    assert_eq!(checked.status, 200);
    assert!(checked.body.contains("这张凭证是真的"));
    let unknown = app::domain::confirm::ShortCode::from_random(1).shown();
    assert!(stranger.post("/check", &[("code", &unknown)]).await.body.contains("没有这个短码"));
    let mistyped = stranger.post("/check", &[("code", "0000-0001")]).await;
    assert_eq!(mistyped.status, 422);
    assert!(mistyped.body.contains("href=\"#code\""));
}

#[tokio::test]
async fn an_adult_agrees_by_link_and_code_on_another_phone() {
    let app = TestApp::start().await;
    let applicant = app.browser();
    let number = a_case(&applicant).await;
    let page = applicant.get(&format!("/confirm/{number}")).await.body;
    let (_, rest) = page.split_once("/authorise/").unwrap();
    let path = format!("/authorise/{}", rest.split('<').next().unwrap());
    let (_, rest) = page.split_once("授权码 ").unwrap();
    let code: String = rest.chars().skip_while(|c| !c.is_ascii_digit()).take(6).collect();
    let adult = app.browser();
    let asked = adult.get(&path).await;
    assert!(asked.body.contains("李＊＊") && !asked.body.contains("李大妈"), "{}", asked.body);
    assert_eq!(adult.post(&path, &[("name", ""), ("code", "12")]).await.status, 422);
    let wrong = adult.post(&path, &[("name", "王小明"), ("code", &code)]).await;
    assert!(wrong.status == 422 && wrong.body.contains("对不上"));
    assert_eq!(adult.post(&path, &[("name", "李大妈"), ("code", &code)]).await.location(), path);
    assert!(adult.get(&path).await.body.contains("已经收到您的同意"));
    let page = applicant.get(&format!("/confirm/{number}")).await.body;
    assert!(page.contains("一位家人同意了核对") && !page.contains("待补授权"), "{page}");
}

#[tokio::test]
async fn codes_of_a_link_can_not_be_tried_without_end() {
    let app = TestApp::start().await;
    let applicant = app.browser();
    let number = a_case(&applicant).await;
    let page = applicant.get(&format!("/confirm/{number}")).await.body;
    let (_, rest) = page.split_once("/authorise/").unwrap();
    let path = format!("/authorise/{}", rest.split('<').next().unwrap());
    let adult = app.browser();
    let mut statuses = Vec::new();
    for at in 0..11 {
        statuses.push(adult.post(&path, &[("name", "李大妈"), ("code", &format!("{at:06}"))]).await.status);
    }
    assert_eq!(statuses.last(), Some(&429));
}

#[tokio::test]
async fn four_digits_are_not_found_out_by_trying_for_days_and_right_ones_use_up_nothing() {
    let app = TestApp::start().await;
    let browser = app.browser();
    browser.fill_in().await;
    let number = browser.submit().await;
    let open = async |digits: &str| {
        app.browser().post("/confirm", &[("number", number.as_str()), ("mobile_tail", digits)]).await.status
    };
    for _ in 0..40 {
        assert_eq!(open("1234").await, 303, "whoever knows them opens it as often as they like");
    }
    let mut wrong = 0;
    for hour in 0..5 {
        app.later(hour * 3_600_000);
        for _ in 0..9 {
            match open("0000").await {
                422 => wrong += 1,
                status => assert_eq!(status, 429),
            }
        }
    }
    assert_eq!(wrong, 30, "a day's worth, over several hours");
    app.later(30 * 3_600_000);
    assert_eq!(open("1234").await, 303, "the next day it opens again");
}
