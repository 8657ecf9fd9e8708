//! A resident's visit at the counter, over HTTP.

#![cfg(test)]

use super::staff::account;
use super::{Answer, Browser, TestApp};

const FORM: &str = "/staff/counter/visit";
const OVER: &str = "/staff/counter/visit?ended=1";
/// Somebody without a telephone, whose document was seen.
pub(super) const ELDER: &[(&str, &str)] = &[
    ("name", "李大妈"),
    ("document_kind", "citizen_id"),
    ("document_number", "320222194503129909"),
    ("seen", "yes"),
];

pub(super) async fn clerk<'a>(app: &'a TestApp, login: &'static str, post: &str) -> Browser<'a> {
    account(app, login, &[post]).await;
    let browser = app.browser();
    browser.sign_in_as(login).await;
    browser
}

pub(super) async fn begin(browser: &Browser<'_>, fields: &[(&str, &str)]) -> String {
    let begun = browser.post(FORM, fields).await;
    assert_eq!(begun.status, 303, "{}", begun.body);
    begun.location().to_owned()
}

pub(super) async fn end(browser: &Browser<'_>, visit: &str) -> Answer {
    let secret = visit.rsplit('/').next().unwrap();
    browser.post("/staff/counter/end", &[("visit", secret)]).await
}

#[tokio::test]
async fn a_person_without_a_telephone_is_served_and_nothing_stays_in_the_browser() {
    let app = TestApp::start().await;
    let street = clerk(&app, "street", "street_officer@320214050").await;
    let unseen = street.post(FORM, &ELDER[..3]).await;
    assert!(unseen.status == 422 && unseen.body.contains("320222194503129909"), "typed values stay");
    let visit = begin(&street, ELDER).await;
    let shown = street.get(&visit).await;
    assert!(shown.body.contains("李＊＊") && shown.body.contains("证件已核对"), "{}", shown.body);
    assert!(!shown.body.contains("李大妈") && !shown.body.contains("320222194503129909"));
    assert_eq!(shown.header("cache-control"), "no-store");

    let ended = end(&street, &visit).await;
    assert_eq!((ended.status, ended.location()), (303, "/staff/counter/visit?ended=1"));
    assert_eq!(ended.header("clear-site-data"), "\"cache\", \"storage\"");
    // Another tab still shows it; what is sent from there is not done.
    assert_eq!(street.get(&visit).await.location(), OVER);
    assert_eq!(street.post(&format!("{visit}/identity"), ELDER).await.location(), OVER);
    assert_eq!(end(&street, &visit).await.status, 303);

    // The same person again, with the same account; another name with that document opens nothing.
    begin(&street, ELDER).await;
    let mut other = ELDER.to_vec();
    other[0] = ("name", "王小明");
    let refused = street.post(FORM, &other).await;
    assert!(refused.status == 422 && !refused.body.contains("李＊"), "{}", refused.body);
}

#[tokio::test]
async fn a_visit_is_of_the_clerk_who_began_it_and_ends_when_idle() {
    let app = TestApp::start().await;
    let street = clerk(&app, "street", "street_officer@320214050").await;
    let colleague = clerk(&app, "colleague", "street_officer@320214050").await;
    let visit = begin(&street, &[("phone", "13900000002")]).await;
    assert_eq!(colleague.get(&visit).await.status, 403);
    assert_eq!(colleague.post(&format!("{visit}/identity"), ELDER).await.status, 403);
    end(&colleague, &visit).await;
    assert_eq!(street.get(&visit).await.status, 200, "nobody else ends it");
    for minutes in [20, 40] {
        app.later(minutes * 60_000);
        assert_eq!(street.get(&visit).await.status, 200);
    }
    app.later((40 + 29) * 60_000);
    street.get("/staff").await;
    app.later((40 + 31) * 60_000);
    assert_eq!(street.get(&visit).await.location(), OVER);
}

#[tokio::test]
async fn a_document_verifies_the_account_of_a_visit_and_never_two() {
    let app = TestApp::start().await;
    let street = clerk(&app, "street", "street_officer@320214050").await;
    let visit = begin(&street, &[("phone", "13900000002")]).await;
    let identity = format!("{visit}/identity");
    assert!(street.get(&visit).await.body.contains("证件还没有核对"));
    assert_eq!(street.post(&identity, &ELDER[..3]).await.status, 422);
    assert_eq!(street.post(&identity, ELDER).await.location(), visit);
    assert!(street.get(&visit).await.body.contains("证件已核对"));
    let second = begin(&street, &[("phone", "13900000003")]).await;
    let refused = street.post(&format!("{second}/identity"), ELDER).await;
    assert!(refused.status == 422 && refused.body.contains("「李＊＊」的账号"), "{}", refused.body);
}

#[tokio::test]
async fn a_resident_belongs_to_the_street_of_their_address() {
    let app = TestApp::start().await;
    let worker = clerk(&app, "worker", "community_worker@320214050001").await;
    let neighbour = clerk(&app, "neighbour", "street_officer@320214051").await;
    let district = clerk(&app, "district", "district_officer@320214").await;
    begin(&neighbour, ELDER).await;
    let (store, now) = (app.site.store(), app.site.clock().now());
    let date = now.shanghai_date();
    let form = app::domain::counter_visit::VisitForm {
        identity: app::domain::person::IdentityForm {
            name: "李大妈".into(),
            document_kind: "citizen_id".into(),
            document_number: "320222194503129909".into(),
            birth_date: String::new(),
        },
        seen: "yes".into(),
        ..Default::default()
    };
    let holder = store.holder_of_document(&form.parse_seen(date).unwrap()).await.unwrap().unwrap();
    let home = app::domain::person::HomeForm {
        street: "320214050".into(),
        community: "320214050001".into(),
        detail: "新光路 1 号".into(),
    };
    let change = |profile: &mut app::domain::person::Profile| {
        profile.home = Some(home);
        Ok(())
    };
    let actor = crate::store::audit::Actor::System;
    store.change_profile(&holder.resident, &actor, None, change, now).await.unwrap();
    assert_eq!(neighbour.post(FORM, ELDER).await.status, 403);
    begin(&worker, ELDER).await;
    begin(&district, ELDER).await;
}

/// The text of the QR code's address is drawn, so the token comes from the store by the short code on the page.
async fn token(app: &TestApp, page: &str) -> (String, String) {
    let (_, rest) = page.split_once("xw-qr__short\">").unwrap();
    let short = rest.split('<').next().unwrap().replace([' ', '-'], "");
    let code = app::domain::confirm::ShortCode::parse(&short).unwrap();
    let token = app.site.store().token_of_short_code(code.as_str()).await.unwrap().unwrap();
    (short, token)
}

#[tokio::test]
async fn a_card_that_was_replaced_or_lost_says_so_to_whoever_checks_it() {
    let app = TestApp::start().await;
    let street = clerk(&app, "street", "street_officer@320214050").await;
    let visit = begin(&street, ELDER).await;
    let path = format!("{visit}/card");
    let issue = async || {
        let key = street.get(&visit).await.hidden("idempotency_key");
        let issued = street.post(&path, &[("idempotency_key", &key)]).await;
        assert_eq!((issued.status, issued.location()), (303, path.as_str()), "{}", issued.body);
        street.post(&path, &[("idempotency_key", &key)]).await;
        let printed = street.get(&path).await.body;
        assert!(
            printed.contains("李＊＊") && !printed.contains("李大妈") && printed.contains("KP "),
            "{printed}"
        );
        token(&app, &printed).await
    };
    let stranger = app.browser();
    let (first_short, first) = issue().await;
    let shown = stranger.get(&format!("/V/{first}")).await.body;
    assert!(shown.contains("这张卡是真的") && shown.contains("李＊＊"), "{shown}");
    assert!(!shown.contains("李大妈") && !shown.contains("909"), "never more than the masked name");
    let (_, second) = issue().await;
    assert!(stranger.get(&format!("/V/{first}")).await.body.contains("已经换成新卡"));
    assert!(stranger.post("/check", &[("code", &first_short)]).await.body.contains("已经换成新卡"));
    assert!(stranger.get(&format!("/V/{second}")).await.body.contains("这张卡是真的"));
    let id = street.get(&visit).await.hidden("card");
    assert_eq!(street.post(&format!("{path}/lost"), &[("card", &id)]).await.location(), visit);
    assert!(stranger.get(&format!("/V/{second}")).await.body.contains("已经挂失"));
    end(&street, &visit).await;
    assert_eq!(street.get(&path).await.location(), OVER);
}

#[tokio::test]
async fn a_clerk_who_tries_which_number_and_document_belong_together_is_noted_and_stopped() {
    let app = TestApp::start().await;
    let street = clerk(&app, "street", "street_officer@320214050").await;
    begin(&street, ELDER).await;
    let mut other = ELDER.to_vec();
    other[0] = ("name", "王小明");
    let with_phone: Vec<_> = ELDER.iter().copied().chain([("phone", "13900000002")]).collect();
    let pairs = [(FORM, &other), ("/staff/counter/identity", &with_phone)];
    for (path, fields) in pairs.into_iter().cycle().take(20) {
        let refused = street.post(path, fields).await;
        assert_eq!(refused.status, 422, "{path}: {}", refused.body);
    }
    assert_eq!(app.site.store().noted("access_refused", "").await, 20, "each of them");
    assert_eq!(street.post(FORM, &other).await.status, 429);
    let colleague = clerk(&app, "colleague", "street_officer@320214050").await;
    assert_eq!(colleague.post(FORM, &other).await.status, 422, "a colleague is not");
}
