//! How long things are kept: told to the resident, and done.

#![cfg(test)]

use app::domain::retention::Retained;
use app::domain::time::Instant;

use super::TestApp;
use crate::jobs;
use crate::store_tests::NOW;

const DAY: i64 = 24 * 3_600_000;

#[tokio::test]
async fn the_page_on_personal_data_tells_the_days_of_the_settings() {
    let app = TestApp::start().await;
    let page = app.browser().get("/privacy").await.body.replace("<!>", "");
    for line in ["交上来的申请材料和凭证：收到以后保存 5 年", "登录验证码：过期以后保存 1 天"]
    {
        assert!(page.contains(line), "{line} is not in {page}");
    }
}

#[tokio::test]
async fn an_application_goes_after_the_days_of_its_setting() {
    let app = TestApp::start().await;
    let browser = app.browser();
    browser.fill_in().await;
    let number = browser.submit().await;
    let kept = i64::from(app.site.settings().retention.days(Retained::Applications).unwrap()) * DAY;
    let early = jobs::retire(&app.site, Instant(NOW.0 + kept)).await;
    assert!(!early.iter().any(|(retained, _)| *retained == Retained::Applications), "{early:?}");
    assert!(browser.get(&format!("/confirm/{number}")).await.body.contains("王＊＊"));
    let gone = jobs::retire(&app.site, Instant(NOW.0 + kept + 1)).await;
    assert!(gone.contains(&(Retained::Applications, 1)), "{gone:?}");
    assert!(!browser.get(&format!("/confirm/{number}")).await.body.contains("王＊＊"));
    assert!(!browser.get("/me").await.body.contains(&number));
}
