//! No line of the log tells anything about anybody.

#![cfg(test)]

use std::io::Write;
use std::sync::{Arc, Mutex};

use tracing_subscriber::Layer as _;
use tracing_subscriber::filter::filter_fn;
use tracing_subscriber::fmt::MakeWriter;
use tracing_subscriber::layer::SubscriberExt as _;

use super::{APPLY, TestApp};

#[derive(Clone, Default)]
struct Lines(Arc<Mutex<Vec<u8>>>);

impl Write for Lines {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

impl<'a> MakeWriter<'a> for Lines {
    type Writer = Self;

    fn make_writer(&'a self) -> Self {
        self.clone()
    }
}

// The log of the whole test run from here on: what other tests make the server say is searched as well. A log of
// this thread alone would miss lines when others register theirs at the same moment.
#[tokio::test]
async fn no_line_of_the_log_holds_anything_personal() {
    let lines = Lines::default();
    let layer = tracing_subscriber::fmt::layer()
        .with_ansi(false)
        .with_writer(lines.clone())
        .with_filter(filter_fn(crate::telemetry::may_log));
    tracing::subscriber::set_global_default(tracing_subscriber::registry().with(layer)).unwrap();
    let app = TestApp::start().await;
    let browser = app.browser();
    browser.fill_in().await;
    let number = browser.submit().await;
    let page = browser.get(&format!("/confirm/{number}")).await.body;
    let (_, rest) = page.split_once("/authorise/").unwrap();
    let secret = rest.split('<').next().unwrap().to_owned();
    browser.get(&format!("/authorise/{secret}")).await;
    browser.post("/confirm", &[("number", &number), ("mobile_tail", "9876")]).await;
    browser.get("/V/TOKENCANARY").await;
    let kept = app.site.store().confirmations_of_number(&number).await.unwrap().remove(0);
    for path in [format!("/V/{}", kept.token), format!("//V/{}/?a", kept.token), format!("/v/{}", kept.token)]
    {
        browser.get(&path).await;
        browser.post(&path, &[]).await;
    }
    browser.post("/check", &[("code", &kept.short_code)]).await;
    let household = [("people", "3"), ("income", "314159.26"), ("spending", "271828.18")];
    assert_eq!(browser.post("/aid/check", &household).await.status, 200);
    browser.post("/aid/check", &[("income", "314159.26.5")]).await;
    browser.post(&format!("{APPLY}/from-check"), &[("monthly_income", "314159.26")]).await;
    browser.get("/nowhere/13900001234?id=320205199912319937").await;
    browser
        .post(
            &format!("{APPLY}/applicant"),
            &[("name", "赵坏字1"), ("document_number", "32020519991231993X")],
        )
        .await;
    app.site.store().close().await;
    browser.post(&format!("{APPLY}/applicant"), &[("name", "赵坏字1")]).await;
    let log = String::from_utf8(lines.0.lock().unwrap().clone()).unwrap();
    for logged in ["/confirm/{number}", "/aid/check", "/V/{token}", "status=303", "internal error"] {
        assert!(log.contains(logged), "{logged} is not in the log:\n{log}");
    }
    let cookie = browser.cookie();
    let canaries = [
        "王小明",
        "李大妈",
        "赵坏字",
        "320205199912319937",
        "32020519991231993X",
        "13900001234",
        "9876",
        "6222023200000000011",
        "失火",
        "新光路",
        "314159",
        "314,159",
        "271828",
        "TOKENCANARY",
        &kept.token,
        &kept.short_code,
        &number,
        &secret,
        cookie.split_once('=').unwrap().1,
    ];
    for canary in canaries {
        assert!(!log.contains(canary), "{canary} stands in the log:\n{log}");
    }
}
