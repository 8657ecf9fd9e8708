//! Who may do what: every route of the router has a row here, or this test fails.

#![cfg(test)]

use super::{APPLY, TestApp};

/// What a route answers to a stranger without a cookie, to another resident with a case and a draft of their
/// own, and to the resident whose things are asked for.
struct Row {
    route: &'static str,
    /// The path asked for; `{number}` and `{secret}` are the owner's.
    path: &'static str,
    fields: &'static [(&'static str, &'static str)],
    stranger: u16,
    other: u16,
    own: u16,
}

const fn row(
    route: &'static str,
    path: &'static str,
    fields: &'static [(&'static str, &'static str)],
    answers: [u16; 3],
) -> Row {
    Row { route, path, fields, stranger: answers[0], other: answers[1], own: answers[2] }
}

const KEY: (&str, &str) = ("idempotency_key", "00000000000000000000000000000000");

/// Rows that end a draft come last.
const MATRIX: &[Row] = &[
    row("GET /", "/", &[], [200, 200, 200]),
    row("GET /privacy", "/privacy", &[], [200, 200, 200]),
    row("GET /aid/temporary-aid", "/aid/temporary-aid", &[], [200, 200, 200]),
    row("GET /feedback", "/feedback", &[], [200, 200, 200]),
    row("POST /feedback", "/feedback", &[KEY], [422, 422, 422]),
    row("GET /feedback/{number}", "/feedback/TS000000000000", &[], [404, 404, 404]),
    row("GET /V/{token}", "/V/AAAA", &[], [200, 200, 200]),
    row("GET /check", "/check", &[], [200, 200, 200]),
    row("POST /check", "/check", &[("code", "0")], [422, 422, 422]),
    row("GET /me", "/me", &[], [200, 200, 200]),
    row("GET /_kit", "/_kit", &[], [200, 200, 200]),
    row("GET /confirm", "/confirm", &[], [200, 200, 200]),
    row(
        "POST /confirm",
        "/confirm",
        &[("number", "LS000000000000"), ("mobile_tail", "0000")],
        [422, 422, 422],
    ),
    // The same page for all; what it shows is tested beside it.
    row("GET /confirm/{number}", "/confirm/{number}", &[], [200, 200, 200]),
    row("GET /confirm/{number}/slip", "/confirm/{number}/slip", &[], [303, 303, 200]),
    row("GET /authorise/{secret}", "/authorise/unknown", &[], [404, 404, 404]),
    row("POST /authorise/{secret}", "/authorise/unknown", &[], [404, 404, 404]),
    row("GET /staff/sign-in", "/staff/sign-in", &[], [200, 200, 200]),
    row("POST /staff/sign-in", "/staff/sign-in", &[], [422, 422, 422]),
    row("GET /staff/sign-in/second", "/staff/sign-in/second", &[], [303, 303, 303]),
    row("POST /staff/sign-in/second", "/staff/sign-in/second", &[], [303, 303, 303]),
    // Under a number there are no passkeys at all.
    row("POST /staff/passkey", "/staff/passkey", &[], [404, 404, 404]),
    row("POST /staff/sign-out", "/staff/sign-out", &[], [303, 303, 303]),
    row("GET /staff", "/staff", &[], [303, 303, 303]),
    row("GET /staff/cases", "/staff/cases", &[], [303, 303, 303]),
    row("GET /staff/cases/{number}", "/staff/cases/{number}", &[], [303, 303, 303]),
    row("POST /staff/cases/{number}", "/staff/cases/{number}", &[("purpose", "handling")], [401, 401, 401]),
    row("GET /staff/accounts", "/staff/accounts", &[], [303, 303, 303]),
    row("GET /staff/accounts/new", "/staff/accounts/new", &[], [303, 303, 303]),
    row("POST /staff/accounts/new", "/staff/accounts/new", &[], [401, 401, 401]),
    row("GET /staff/accounts/{id}", "/staff/accounts/1", &[], [303, 303, 303]),
    row("POST /staff/accounts/{id}/posts", "/staff/accounts/1/posts", &[], [401, 401, 401]),
    row("POST /staff/accounts/{id}/posts/remove", "/staff/accounts/1/posts/remove", &[], [401, 401, 401]),
    row("POST /staff/accounts/{id}/reset", "/staff/accounts/1/reset", &[], [401, 401, 401]),
    row("POST /staff/accounts/{id}/disable", "/staff/accounts/1/disable", &[], [401, 401, 401]),
    row("GET /staff/account", "/staff/account", &[], [303, 303, 303]),
    row("GET /staff/account/password", "/staff/account/password", &[], [303, 303, 303]),
    row("POST /staff/account/password", "/staff/account/password", &[], [401, 401, 401]),
    row("POST /staff/account/passkeys", "/staff/account/passkeys", &[], [401, 401, 401]),
    row("POST /staff/account/passkeys/{id}/remove", "/staff/account/passkeys/1/remove", &[], [401, 401, 401]),
    row(
        "POST /staff/account/sign-out-everywhere",
        "/staff/account/sign-out-everywhere",
        &[],
        [401, 401, 401],
    ),
    row("GET /aid/temporary-aid/apply", APPLY, &[], [200, 200, 200]),
    // For residents who are signed in; everybody else is led to where one signs in. Whose things these are is tested
    // in residents.rs.
    row("GET /sign-in", "/sign-in", &[], [200, 200, 200]),
    row("POST /sign-in", "/sign-in", &[], [422, 422, 422]),
    row("GET /sign-in/code", "/sign-in/code", &[], [303, 303, 303]),
    row("POST /sign-in/code", "/sign-in/code", &[("code", "123456")], [303, 303, 303]),
    row("GET /sign-in/prove", "/sign-in/prove", &[], [303, 303, 303]),
    row("POST /sign-in/prove", "/sign-in/prove", &[], [303, 303, 303]),
    row("POST /sign-in/fresh", "/sign-in/fresh", &[], [303, 303, 303]),
    row("POST /sign-in/continue", "/sign-in/continue", &[], [303, 303, 303]),
    row("GET /sign-in/back", "/sign-in/back", &[], [200, 200, 200]),
    row("POST /sign-out", "/sign-out", &[], [303, 303, 303]),
    row("POST /sign-out/everywhere", "/sign-out/everywhere", &[], [303, 303, 303]),
    row("GET /me/inbox", "/me/inbox", &[], [303, 303, 303]),
    row("POST /me/inbox", "/me/inbox", &[], [303, 303, 303]),
    row("GET /me/profile", "/me/profile", &[], [303, 303, 303]),
    row("GET /me/profile/identity", "/me/profile/identity", &[], [303, 303, 303]),
    row("POST /me/profile/identity", "/me/profile/identity", &[], [303, 303, 303]),
    row("GET /me/profile/address", "/me/profile/address", &[], [303, 303, 303]),
    row("POST /me/profile/address", "/me/profile/address", &[], [303, 303, 303]),
    row("GET /me/profile/needs", "/me/profile/needs", &[], [303, 303, 303]),
    row("POST /me/profile/needs", "/me/profile/needs", &[], [303, 303, 303]),
    row("GET /me/devices", "/me/devices", &[], [303, 303, 303]),
    row("GET /me/data", "/me/data", &[], [303, 303, 303]),
    row("GET /me/data/readable", "/me/data/readable", &[], [303, 303, 303]),
    row("GET /me/data/export", "/me/data/export", &[], [303, 303, 303]),
    row("GET /me/data/delete", "/me/data/delete", &[], [303, 303, 303]),
    row("POST /me/data/delete", "/me/data/delete", &[], [303, 303, 303]),
    row("GET /me/acting", "/me/acting", &[], [303, 303, 303]),
    row("GET /me/acting/new", "/me/acting/new", &[], [303, 303, 303]),
    row("POST /me/acting/new", "/me/acting/new", &[], [303, 303, 303]),
    row("POST /me/acting/stop", "/me/acting/stop", &[], [303, 303, 303]),
    row("GET /me/profile/household/{member}", "/me/profile/household/cccccccc", &[], [303, 303, 303]),
    row("POST /me/profile/household/{member}", "/me/profile/household/cccccccc", &[], [303, 303, 303]),
    row(
        "POST /me/profile/household/{member}/remove",
        "/me/profile/household/cccccccc/remove",
        &[],
        [303, 303, 303],
    ),
    row("POST /me/devices/{id}/end", "/me/devices/x/end", &[], [303, 303, 303]),
    row("POST /me/acting/{id}/begin", "/me/acting/x/begin", &[], [303, 303, 303]),
    row("POST /me/acting/{id}/end", "/me/acting/x/end", &[], [303, 303, 303]),
    row("GET /account-deleted", "/account-deleted", &[], [200, 200, 200]),
    row("GET /acting/{secret}", "/acting/unknown", &[], [404, 404, 404]),
    row("POST /acting/{secret}", "/acting/unknown", &[], [404, 404, 404]),
    // Without a draft of one's own there is nothing to show: back to the beginning.
    row("GET /aid/temporary-aid/apply/{step}", "/aid/temporary-aid/apply/applicant", &[], [303, 200, 200]),
    row("GET /aid/temporary-aid/apply/check", "/aid/temporary-aid/apply/check", &[], [303, 200, 200]),
    row(
        "GET /aid/temporary-aid/apply/household/{member}",
        "/aid/temporary-aid/apply/household/cccccccc",
        &[],
        [303, 200, 200],
    ),
    row("POST /aid/temporary-aid/apply/{step}", "/aid/temporary-aid/apply/household", &[], [303, 303, 303]),
    row(
        "POST /aid/temporary-aid/apply/household/{member}",
        "/aid/temporary-aid/apply/household/cccccccc",
        &[],
        [409, 422, 422],
    ),
    row(
        "POST /aid/temporary-aid/apply/household/{member}/remove",
        "/aid/temporary-aid/apply/household/aaaaaaaa/remove",
        &[],
        [409, 303, 303],
    ),
    row(
        "POST /aid/temporary-aid/apply/check",
        "/aid/temporary-aid/apply/check",
        &[KEY, ("version", "0")],
        [409, 409, 409],
    ),
    row("POST /aid/temporary-aid/apply/discard", "/aid/temporary-aid/apply/discard", &[], [303, 303, 303]),
    row("POST /aid/temporary-aid/apply", APPLY, &[], [303, 303, 303]),
];

#[tokio::test]
async fn every_route_answers_each_person_as_the_matrix_says() {
    let app = TestApp::start().await;
    let (own, other, stranger) = (app.browser(), app.browser(), app.browser());
    own.fill_in().await;
    let number = own.submit().await;
    own.fill_in().await;
    other.fill_in().await;

    let mut routes: Vec<String> = crate::router::routes().iter().map(|route| format!("{route:?}")).collect();
    let mut rows: Vec<String> = MATRIX.iter().map(|row| row.route.to_owned()).collect();
    routes.sort();
    rows.sort();
    assert_eq!(routes, rows, "a route has no row in the access matrix, or a row no route");

    for row in MATRIX {
        let path = row.path.replace("{number}", &number);
        for (who, browser, expected) in
            [("stranger", &stranger, row.stranger), ("other", &other, row.other), ("own", &own, row.own)]
        {
            let answer = match row.route.split_once(' ').unwrap().0 {
                "GET" => browser.get(&path).await,
                _ => browser.post(&path, row.fields).await,
            };
            assert_eq!(answer.status, expected, "{} for {who}", row.route);
        }
    }
}

#[tokio::test]
async fn a_confirmation_shows_its_content_to_its_owner_alone() {
    let app = TestApp::start().await;
    let (own, other) = (app.browser(), app.browser());
    own.fill_in().await;
    let number = own.submit().await;
    other.fill_in().await;
    assert!(own.get(&format!("/confirm/{number}")).await.body.contains("<svg"));
    for browser in [&other, &app.browser()] {
        let page = browser.get(&format!("/confirm/{number}")).await.body;
        assert!(
            page.contains("mobile_tail") && !page.contains("<figure") && !page.contains("旺庄"),
            "{page}"
        );
        // An unknown number looks the same but for the number itself.
        let unknown = browser.get("/confirm/LS000000000000").await.body;
        assert_eq!(
            without_nonce(&page.replace(&number, "")),
            without_nonce(&unknown.replace("LS000000000000", ""))
        );
    }
}

fn without_nonce(page: &str) -> String {
    page.split("nonce=\"")
        .enumerate()
        .map(|(i, p)| if i == 0 { p } else { p.split_once('"').unwrap().1 })
        .collect()
}

#[tokio::test]
async fn nobody_reads_or_changes_the_draft_of_another_device() {
    let app = TestApp::start().await;
    let (own, other) = (app.browser(), app.browser());
    own.fill_in().await;
    other.post(APPLY, &[]).await;
    for path in ["applicant", "household", "situation", "check", "household/aaaaaaaa"] {
        let page = other.get(&format!("{APPLY}/{path}")).await.body;
        for answer in ["王小明", "李大妈", "320205199912319937", "失火"] {
            assert!(!page.contains(answer), "{path} shows {answer}");
        }
    }
    other.post(&format!("{APPLY}/household/aaaaaaaa/remove"), &[]).await;
    other.post(&format!("{APPLY}/discard"), &[]).await;
    assert!(own.get(&format!("{APPLY}/household")).await.body.contains("李大妈"));
}

#[tokio::test]
async fn the_kit_is_closed_in_production() {
    let app = TestApp::start_with(|s| s.profile = crate::settings::Profile::Production).await;
    assert_eq!(app.browser().get("/_kit").await.status, 404);
}
