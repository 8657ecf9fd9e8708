//! What a resident agrees to apart from the law, over HTTP: given at the place, listed, taken back with effect.

#![cfg(test)]

use app::domain::phone::ContactPhone;

use super::counter::{begin, clerk};
use super::residents::{IDENTITY, code_sent, sign_in};
use super::{APPLY, PAGES, TestApp};

const PAGE: &str = "/me/consents";
const ME: &str = "13900001234";
const HOME: &[(&str, &str)] =
    &[("street", "320214050"), ("community", "320214050001"), ("detail", "新光路 1 号")];

#[tokio::test]
async fn a_profile_is_kept_by_consent_alone_and_goes_with_it() {
    let app = TestApp::start().await;
    let browser = app.browser();
    sign_in(&app, &browser, ME).await;
    let form = browser.get("/me/profile/identity").await;
    assert!(form.body.contains("敏感个人信息") && form.body.contains("同意并保存"), "{}", form.body);
    assert_eq!(form.hidden("consent"), "2026-11-24");
    // Without the text nothing is kept, and what was typed stays.
    let refused = browser.post("/me/profile/identity", &IDENTITY[..3]).await;
    assert!(refused.status == 422 && refused.body.contains("value=\"王小明\""), "{}", refused.body);
    assert!(refused.body.contains("href=\"#consent\""));
    assert_eq!(browser.post("/me/profile/identity", IDENTITY).await.status, 303);
    assert!(!browser.get("/me/profile/address").await.body.contains("同意并保存"), "asked once");
    assert_eq!(browser.post("/me/profile/address", HOME).await.status, 303);
    browser.post("/me/profile/household/aaaaaaaa", PAGES[2].1).await;
    browser.post("/me/profile/needs", &[("hearing", "yes"), ("reach", "text")]).await;
    let listed = browser.get(PAGE).await.body;
    assert_eq!(listed.matches("已同意").count(), 2, "{listed}");
    assert!(listed.contains("恢复不了") && listed.contains("第十三条第一款第三项"));
    for path in ["/me/data", "/privacy"] {
        assert!(browser.get(path).await.body.contains("href=\"/me/consents\""), "{path}");
    }

    assert_eq!(browser.post("/me/consents/profile/withdraw", &[]).await.location(), PAGE);
    let profile = browser.get("/me/profile").await.body;
    for gone in ["王小明", "新光路", "李大妈", "听力不便"] {
        assert!(!profile.contains(gone), "{gone}");
    }
    assert!(profile.contains("发短信"), "how to be told is a consent of its own");
    let file = browser.get("/me/data/export").await.body;
    assert!(!file.contains("新光路") && file.contains("withdrawn_at"), "{file}");
    let listed = browser.get(PAGE).await.body;
    assert!(listed.contains("收回</p>") && listed.matches("已同意").count() == 1, "{listed}");
    // A form that was open in another tab keeps nothing.
    assert_eq!(browser.post("/me/profile/address", HOME).await.status, 422);
    browser.post("/me/consents/profile/withdraw", &[]).await;
    let acts = app.site.store().audit_acts().await;
    let count = |act: &str| acts.iter().filter(|noted| *noted == act).count();
    assert_eq!((count("consent_given"), count("consent_withdrawn")), (2, 1));
    assert_eq!(browser.post("/me/consents/nothing/withdraw", &[]).await.status, 404);
}

#[tokio::test]
async fn a_verified_identity_stays_when_the_profile_goes() {
    let app = TestApp::start().await;
    let (browser, street) = (app.browser(), clerk(&app, "street", "street_officer@320214050").await);
    sign_in(&app, &browser, ME).await;
    browser.post("/me/profile/identity", IDENTITY).await;
    browser.post("/me/profile/address", HOME).await;
    let visit = begin(&street, &[("phone", ME)]).await;
    let seen = [IDENTITY[0], IDENTITY[1], IDENTITY[2], ("seen", "yes")];
    assert_eq!(street.post(&format!("{visit}/identity"), &seen).await.location(), visit);
    browser.post("/me/consents/profile/withdraw", &[]).await;
    let profile = browser.get("/me/profile").await.body;
    assert!(profile.contains("王小明") && profile.contains("已核对证件"), "{profile}");
    assert!(!profile.contains("新光路"));
}

#[tokio::test]
async fn without_consent_news_lie_in_the_inbox_alone() {
    let app = TestApp::start().await;
    let browser = app.browser();
    sign_in(&app, &browser, ME).await;
    let phone = ContactPhone::parse(ME).unwrap();
    let sent = async || {
        let store = app.site.store();
        store.last_message_to(&phone, "signed_in_on_new_device").await.unwrap().is_some()
    };
    browser.post("/me/consents/messages/withdraw", &[]).await;
    sign_in(&app, &app.browser(), ME).await;
    assert!(!sent().await);
    assert!(browser.get("/me/inbox").await.body.contains("新设备"));
    assert!(browser.get(PAGE).await.body.contains("只放在站内消息里"));
    let needs = [("reach", "text"), ("consent", "2026-11-24")];
    assert_eq!(browser.post("/me/profile/needs", &needs).await.status, 303);
    sign_in(&app, &app.browser(), ME).await;
    assert!(sent().await);
    // The code itself is what one waits for.
    assert!(!code_sent(&app, ME, "sign_in_code").await.is_empty());
}

#[tokio::test]
async fn consents_of_an_application_are_listed_with_what_can_be_done() {
    let app = TestApp::start().await;
    let (browser, stranger) = (app.browser(), app.browser());
    sign_in(&app, &browser, ME).await;
    browser.fill_in().await;
    let noticed = browser.post(&format!("{APPLY}/notice"), &[("suggest", "yes")]).await;
    assert_eq!(noticed.status, 303);
    let number = browser.submit().await;
    let listed = browser.get(PAGE).await.body;
    assert!(listed.contains("用申请看看还有什么帮助适合我"), "{listed}");
    assert!(listed.contains("核对家庭经济状况") && listed.contains("href=\"/feedback\""));
    let withdraw = format!("/me/consents/suggestions/{number}/withdraw");
    sign_in(&app, &stranger, "13900009999").await;
    assert_eq!(stranger.post(&withdraw, &[]).await.status, 404);
    assert_eq!(browser.post(&withdraw, &[]).await.location(), PAGE);
    assert_eq!(browser.post(&withdraw, &[]).await.location(), PAGE);
    let listed = browser.get(PAGE).await.body;
    assert!(!listed.contains("用申请看看还有什么帮助适合我") && listed.contains(&number));
    let acts = app.site.store().audit_acts().await;
    assert_eq!(acts.iter().filter(|act| *act == "consent_withdrawn").count(), 1);
}
