//! Staff: signing in, and what a session is worth.

#![cfg(test)]

use app::domain::staff::Post;

use super::{Browser, TestApp};
use crate::staff::{password, totp};
use crate::store::audit::Actor;
use crate::store::messages::Channel;
use crate::store::staff::NewStaffAccount;

const PASSWORD: &str = "white-egrets-by-the-lake";
const SECRET: &[u8] = b"12345678901234567890";

/// An account with this password and this secret; gives its id.
pub(crate) async fn account(app: &TestApp, login: &str, posts: &[&str]) -> String {
    let hash = password::hash(PASSWORD).await.unwrap();
    let posts: Vec<Post> = posts.iter().map(|post| Post::parse(post).unwrap()).collect();
    let new = NewStaffAccount {
        login,
        name: "李小白",
        password_hash: &hash,
        password_once: false,
        totp_secret: Some(SECRET),
        posts: &posts,
    };
    app.site.store().add_staff(&new, &Actor::System, app.site.clock().now()).await.unwrap()
}

/// The code that an app shows now.
fn code(app: &TestApp) -> String {
    totp::code_at(SECRET, app.site.clock().now()).unwrap()
}

impl Browser<'_> {
    /// Signs in with both factors.
    pub(crate) async fn sign_in_as(&self, login: &str) {
        let first = self.post("/staff/sign-in", &[("login", login), ("password", PASSWORD)]).await;
        assert_eq!((first.status, first.location()), (303, "/staff/sign-in/second"), "{}", first.body);
        let second = self.post("/staff/sign-in/second", &[("code", &code(self.app))]).await;
        assert_eq!((second.status, second.location()), (303, "/staff"), "{}", second.body);
    }
}

/// How many entries of the trail say this of an account.
async fn noted(app: &TestApp, act: &str, staff: &str) -> usize {
    app.site.store().noted(act, staff).await
}

#[tokio::test]
async fn staff_sign_in_with_two_factors_and_out_again() {
    let app = TestApp::start().await;
    let id = account(&app, "li.ming", &["street_officer@320214050"]).await;
    let browser = app.browser();
    assert_eq!(browser.get("/staff").await.location(), "/staff/sign-in");
    let first = browser.post("/staff/sign-in", &[("login", " Li.Ming"), ("password", PASSWORD)]).await;
    assert_eq!(first.location(), "/staff/sign-in/second");
    assert_eq!(browser.get("/staff").await.location(), "/staff/sign-in/second", "one factor opens nothing");
    assert_eq!(browser.post("/staff/account/password", &[]).await.status, 401);
    let wrong = browser.post("/staff/sign-in/second", &[("code", "000000")]).await;
    assert_eq!(wrong.status, 422);
    let second = browser.post("/staff/sign-in/second", &[("code", &code(&app))]).await;
    assert_eq!(second.location(), "/staff");
    let home = browser.get("/staff").await;
    assert_eq!(home.status, 200);
    assert!(home.body.contains("李小白") && home.body.contains("街道经办（旺庄街道）"), "{}", home.body);
    assert_eq!(browser.post("/staff/sign-out", &[]).await.location(), "/staff/sign-in");
    assert_eq!(browser.get("/staff").await.location(), "/staff/sign-in");
    for (act, count) in [("staff_added", 1), ("sign_in_refused", 1), ("signed_in", 1), ("signed_out", 1)] {
        assert_eq!(noted(&app, act, &id).await, count, "{act}");
    }
}

#[tokio::test]
async fn the_token_changes_with_each_factor_and_an_old_one_opens_nothing() {
    let app = TestApp::start().await;
    account(&app, "li.ming", &[]).await;
    let browser = app.browser();
    // A token that somebody put there before is nobody's and does not become anybody's.
    let planted = format!("xw_staff={}", "a".repeat(32));
    let sign_in = app
        .request("POST", "/staff/sign-in")
        .header("cookie", &planted)
        .header("origin", &app.base)
        .header("content-type", "application/x-www-form-urlencoded")
        .body(format!("login=li.ming&password={PASSWORD}"));
    let answer = app.send(sign_in).await;
    assert!(!answer.header("set-cookie").contains(&"a".repeat(32)));
    browser.post("/staff/sign-in", &[("login", "li.ming"), ("password", PASSWORD)]).await;
    let first = browser.cookie();
    browser.post("/staff/sign-in/second", &[("code", &code(&app))]).await;
    let second = browser.cookie();
    assert_ne!(first, second);
    for old in [&planted, &first] {
        let answer = app.send(app.request("GET", "/staff").header("cookie", old)).await;
        assert_eq!(answer.location(), "/staff/sign-in", "{old}");
    }
    assert_eq!(browser.get("/staff").await.status, 200);
    let cookie = answer.header("set-cookie");
    assert!(cookie.contains("HttpOnly") && cookie.contains("SameSite=Lax"), "{cookie}");
}

#[tokio::test]
async fn a_code_works_once() {
    let app = TestApp::start().await;
    account(&app, "li.ming", &[]).await;
    app.browser().sign_in_as("li.ming").await;
    let again = app.browser();
    again.post("/staff/sign-in", &[("login", "li.ming"), ("password", PASSWORD)]).await;
    assert_eq!(again.post("/staff/sign-in/second", &[("code", &code(&app))]).await.status, 422);
    app.later(30_000);
    assert_eq!(again.post("/staff/sign-in/second", &[("code", &code(&app))]).await.status, 303);
}

#[tokio::test]
async fn a_session_ends_when_idle_and_after_its_hours() {
    let app = TestApp::start().await;
    account(&app, "li.ming", &[]).await;
    let browser = app.browser();
    browser.sign_in_as("li.ming").await;
    for minutes in [20, 40, 60] {
        app.later(minutes * 60_000);
        assert_eq!(browser.get("/staff").await.status, 200, "in use after {minutes} minutes");
    }
    app.later((60 + 31) * 60_000);
    assert_eq!(browser.get("/staff").await.status, 303, "idle");
    app.later(0);
    let busy = app.browser();
    app.later(3 * 3_600_000);
    busy.sign_in_as("li.ming").await;
    for step in 1..=30 {
        app.later(3 * 3_600_000 + step * 20 * 60_000);
        let expected = if step < 30 { 200 } else { 303 };
        assert_eq!(busy.get("/staff").await.status, expected, "after {step} times 20 minutes");
    }
}

#[tokio::test]
async fn a_post_taken_away_and_an_account_disabled_end_at_once() {
    let app = TestApp::start().await;
    let id = account(&app, "li.ming", &["street_officer@320214050"]).await;
    let browser = app.browser();
    browser.sign_in_as("li.ming").await;
    assert!(browser.get("/staff").await.body.contains("旺庄街道"));
    let store = app.site.store();
    let now = app.site.clock().now();
    store.take_post(&id, "street_officer", "320214050", &Actor::System, now).await.unwrap();
    assert!(!browser.get("/staff").await.body.contains("旺庄街道"));
    store.disable_staff(&id, &Actor::System, now).await.unwrap();
    assert_eq!(browser.get("/staff").await.location(), "/staff/sign-in");
    let refused = browser.post("/staff/sign-in", &[("login", "li.ming"), ("password", PASSWORD)]).await;
    assert_eq!(refused.status, 422);
}

#[tokio::test]
async fn wrong_tries_from_elsewhere_lock_nobody_out() {
    let app = TestApp::start_with(|settings| {
        settings.trusted_hops = 1;
        settings.lookup_tries_per_hour = 3;
    })
    .await;
    account(&app, "li.ming", &[]).await;
    let known = app.browser();
    known.sign_in_as("li.ming").await;
    known.post("/staff/sign-out", &[]).await;
    let from = |address: &'static str, cookie: String, password: &'static str| {
        let request = app
            .request("POST", "/staff/sign-in")
            .header("x-forwarded-for", address)
            .header("origin", &app.base)
            .header("cookie", cookie)
            .header("content-type", "application/x-www-form-urlencoded")
            .body(format!("login=li.ming&password={password}"));
        app.send(request)
    };
    for _ in 0..3 {
        assert_eq!(from("198.51.100.7", String::new(), "wrong").await.status, 422);
    }
    assert_eq!(from("198.51.100.7", String::new(), PASSWORD).await.status, 429, "the guesser has to wait");
    assert_eq!(from("198.51.100.7", known.cookie(), PASSWORD).await.status, 303, "the known device need not");
    assert_eq!(from("203.0.113.9", String::new(), PASSWORD).await.status, 303, "nor does another address");
    // An unknown login answers like a wrong password.
    let unknown = app
        .request("POST", "/staff/sign-in")
        .header("origin", &app.base)
        .header("content-type", "application/x-www-form-urlencoded")
        .body("login=nobody&password=wrong");
    let unknown = app.send(unknown).await;
    assert!(unknown.status == 422 && unknown.body.contains("账号或密码不对"));
}

#[tokio::test]
async fn a_first_password_is_changed_before_anything_else() {
    let app = TestApp::start().await;
    let hash = password::hash("first-password").await.unwrap();
    let new = NewStaffAccount {
        login: "li.ming",
        name: "李小白",
        password_hash: &hash,
        password_once: true,
        totp_secret: None,
        posts: &[],
    };
    let now = app.site.clock().now();
    app.site.store().add_staff(&new, &Actor::System, now).await.unwrap();
    let browser = app.browser();
    browser.post("/staff/sign-in", &[("login", "li.ming"), ("password", "first-password")]).await;
    let enrol = browser.get("/staff/sign-in/second").await;
    assert!(enrol.body.contains("<svg") && enrol.body.contains("设置动态码"), "{}", enrol.body);
    let (_, shown) = enrol.body.split_once("xw-secret\">").unwrap();
    let secret = shown.split('<').next().unwrap().replace(' ', "");
    let secret = data_encoding::BASE32_NOPAD.decode(secret.as_bytes()).unwrap();
    let code = totp::code_at(&secret, now).unwrap();
    assert_eq!(browser.post("/staff/sign-in/second", &[("code", &code)]).await.location(), "/staff");
    assert_eq!(browser.get("/staff").await.location(), "/staff/account/password");
    assert_eq!(browser.get("/staff/account").await.location(), "/staff/account/password");
    let change = |current, new| [("current", current), ("password", new), ("again", new)];
    for (current, new) in
        [("wrong", "a-new-password-1"), ("first-password", "short"), ("first-password", "qwertyuiop")]
    {
        let refused = browser.post("/staff/account/password", &change(current, new)).await;
        assert_eq!(refused.status, 422, "{new}");
        assert!(
            !refused.body.contains(new) && !refused.body.contains("first-password"),
            "a password is echoed"
        );
    }
    let done = browser.post("/staff/account/password", &change("first-password", "a-new-password-1")).await;
    assert_eq!(done.location(), "/staff", "{}", done.body);
    assert_eq!(browser.get("/staff").await.status, 200);
    // The first password is over.
    let again =
        app.browser().post("/staff/sign-in", &[("login", "li.ming"), ("password", "first-password")]).await;
    assert_eq!(again.status, 422);
}

#[tokio::test]
async fn a_first_password_holds_for_a_week() {
    let app = TestApp::start().await;
    let hash = password::hash("first-password").await.unwrap();
    let new = NewStaffAccount {
        login: "li.ming",
        name: "李小白",
        password_hash: &hash,
        password_once: true,
        totp_secret: None,
        posts: &[],
    };
    app.site.store().add_staff(&new, &Actor::System, app.site.clock().now()).await.unwrap();
    app.later(8 * 24 * 3_600_000);
    let late =
        app.browser().post("/staff/sign-in", &[("login", "li.ming"), ("password", "first-password")]).await;
    assert_eq!(late.status, 422);
}

#[tokio::test]
async fn signing_out_everywhere_ends_the_other_devices_too() {
    let app = TestApp::start().await;
    account(&app, "li.ming", &[]).await;
    let (one, other) = (app.browser(), app.browser());
    one.sign_in_as("li.ming").await;
    app.later(30_000);
    other.sign_in_as("li.ming").await;
    assert!(other.get("/staff/account").await.body.contains("正在用的这一台"));
    assert_eq!(one.post("/staff/account/sign-out-everywhere", &[]).await.status, 303);
    assert_eq!(other.get("/staff").await.location(), "/staff/sign-in");
}

#[tokio::test]
async fn sample_accounts_stand_on_the_page_in_the_demo_alone() {
    let app = TestApp::start().await;
    crate::demo::load_staff(app.site.store(), app.site.clock().now()).await.unwrap();
    let browser = app.browser();
    let page = browser.get("/staff/sign-in").await.body;
    assert!(page.contains("demo-street") && page.contains(crate::demo::STAFF_PASSWORD));
    let password = crate::demo::STAFF_PASSWORD;
    browser.post("/staff/sign-in", &[("login", "demo-street"), ("password", password)]).await;
    let code = totp::code_at(crate::demo::STAFF_SECRET, app.site.clock().now()).unwrap();
    assert!(browser.get("/staff/sign-in/second").await.body.contains(&code));
    assert_eq!(browser.post("/staff/sign-in/second", &[("code", &code)]).await.status, 303);
    let real = TestApp::start_with(|settings| settings.sample_data = false).await;
    let page = real.browser().get("/staff/sign-in").await.body;
    assert!(!page.contains("demo-street") && !page.contains(password));
}

#[tokio::test]
async fn an_application_is_read_in_its_own_area_for_a_reason_and_each_reading_is_noted() {
    let app = TestApp::start().await;
    let resident = app.browser();
    resident.fill_in().await;
    let number = resident.submit().await;
    let path = format!("/staff/cases/{number}");
    let case = app.site.store().find_case(&number).await.unwrap().unwrap();
    assert_eq!(case.place(), "320214050001");
    for (login, post) in [
        ("worker", "community_worker@320214050001"),
        ("street", "street_officer@320214050"),
        ("district", "district_officer@320214"),
    ] {
        account(&app, login, &[post]).await;
        let reader = app.browser();
        reader.sign_in_as(login).await;
        assert!(reader.get("/staff").await.body.contains("1 件救助申请等着看"));
        assert!(reader.get("/staff/cases").await.body.contains(&path), "{login}");
        let asked = reader.get(&path).await;
        assert!(asked.status == 200 && !asked.body.contains("王小明") && !asked.body.contains("失火"));
        assert_eq!(reader.post(&path, &[("purpose", "own")]).await.status, 422);
        let opened = reader.post(&path, &[("purpose", "handling")]).await;
        assert_eq!(opened.status, 200, "{}", opened.body);
        for shown in
            ["王小明", "李大妈", "王小宝", "家里失火", "新光路 1 号", "320***********9937", "139****1234"]
        {
            assert!(opened.body.contains(shown), "{shown} for {login}: {}", opened.body);
        }
        for hidden in ["320205199912319937", "13900001234", "6222023200000000011"] {
            assert!(!opened.body.contains(hidden), "{hidden} for {login}");
        }
        let full = reader.post(&path, &[("purpose", "handling"), ("full", "yes")]).await.body;
        for shown in ["320205199912319937", "13900001234", "6222023200000000011"] {
            assert!(full.contains(shown), "{shown} for {login}");
        }
    }
    assert_eq!(noted(&app, "details_read", &case.id).await, 3);
    assert_eq!(noted(&app, "numbers_read", &case.id).await, 3);
    for (login, post) in [
        ("worker2", "community_worker@320214050002"),
        ("street2", "street_officer@320214051"),
        ("clerk", "marriage_clerk@xinwu"),
        ("auditor", "auditor@320214"),
    ] {
        account(&app, login, &[post]).await;
        let other = app.browser();
        other.sign_in_as(login).await;
        let list = other.get("/staff/cases").await;
        assert!(!list.body.contains(&number), "{login}");
        assert_eq!(other.get(&path).await.status, 403, "{login}");
        let refused = other.post(&path, &[("purpose", "handling")]).await;
        assert_eq!(refused.status, 403, "{login}");
        assert!(refused.body.contains("您的岗位不办这件事") && !refused.body.contains("王小明"), "{login}");
    }
    // Two strangers of the right role asked for it twice each; the others have no such list at all.
    assert_eq!(noted(&app, "access_refused", &case.id).await, 4);
    assert_eq!(noted(&app, "details_read", &case.id).await, 3);
    assert_eq!(noted(&app, "numbers_read", &case.id).await, 3);
    assert_eq!(app.browser().get(&path).await.location(), "/staff/sign-in");
}

#[tokio::test]
async fn an_administrator_makes_accounts_and_changes_what_they_may() {
    let app = TestApp::start().await;
    let own = account(&app, "admin", &["administrator@320214"]).await;
    let admin = app.browser();
    admin.sign_in_as("admin").await;
    let key = admin.get("/staff/accounts/new").await.hidden("idempotency_key");
    let form = |place, office| {
        vec![
            ("idempotency_key", key.as_str()),
            ("login", "zhao.liu"),
            ("name", "赵柳"),
            ("role", "street_officer"),
            ("place", place),
            ("office", office),
        ]
    };
    let wrong = admin.post("/staff/accounts/new", &form("320214050001", "")).await;
    assert!(
        wrong.status == 422 && wrong.body.contains("这个岗位不能设在这里") && wrong.body.contains("赵柳")
    );
    let added = admin.post("/staff/accounts/new", &form("320214050", "")).await;
    assert_eq!(added.status, 200, "{}", added.body);
    let first = |page: &str| {
        let (_, rest) = page.split_once("一次性密码</span><strong class=\"xw-figure__value\">").unwrap();
        rest.split('<').next().unwrap().to_owned()
    };
    let password = first(&added.body);
    let again = admin.post("/staff/accounts/new", &form("320214050", "")).await;
    assert_eq!(first(&again.body), password, "a second press shows the same password");
    let key2 = admin.get("/staff/accounts/new").await.hidden("idempotency_key");
    let taken = admin
        .post(
            "/staff/accounts/new",
            &[
                ("idempotency_key", &key2),
                ("login", "zhao.liu"),
                ("name", "钱"),
                ("role", "meal_point_operator"),
                ("office", "xg-01"),
            ],
        )
        .await;
    assert!(taken.status == 422 && taken.body.contains("已经有人用了"), "{}", taken.body);
    let id = app.site.store().credentials("zhao.liu").await.unwrap().unwrap().id;
    let page = format!("/staff/accounts/{id}");
    assert!(admin.get("/staff/accounts").await.body.contains(&page));
    let person = app.browser();
    let signed = person.post("/staff/sign-in", &[("login", "zhao.liu"), ("password", &password)]).await;
    assert_eq!(signed.location(), "/staff/sign-in/second");
    let give = [("role", "auditor"), ("place", "320214")];
    assert_eq!(admin.post(&format!("{page}/posts"), &give).await.location(), page);
    assert!(admin.get(&page).await.body.contains("审计（全区）"));
    assert_eq!(admin.post(&format!("{page}/posts"), &[]).await.status, 422);
    admin.post(&format!("{page}/posts/remove"), &give).await;
    assert!(!admin.get(&page).await.body.contains("审计（全区）"));
    let reset = admin.post(&format!("{page}/reset"), &[]).await;
    assert_ne!(first(&reset.body), password);
    admin.post(&format!("{page}/disable"), &[]).await;
    assert!(admin.get(&page).await.body.contains("停用"));
    for (act, object) in [
        ("post_given", format!("{id}/auditor@320214")),
        ("post_taken", format!("{id}/auditor@320214")),
        ("staff_reset", id.clone()),
        ("staff_disabled", id.clone()),
    ] {
        assert_eq!(noted(&app, act, &object).await, 1, "{act}");
    }
    // Nobody gives oneself a post, and so reads what is not theirs; nor takes their own, and so locks everybody out.
    let own_id = own;
    let own = format!("/staff/accounts/{own_id}");
    let officer = [("role", "street_officer"), ("place", "320214050")];
    let refused = admin.post(&format!("{own}/posts"), &officer).await;
    assert!(refused.status == 422 && refused.body.contains("不能给自己加岗位"), "{}", refused.body);
    assert!(!admin.get(&own).await.body.contains("街道经办（旺庄街道）"));
    assert_eq!(admin.get("/staff/cases").await.status, 403);
    assert_eq!(noted(&app, "access_refused", &own_id).await, 1);
    let remove = [("role", "administrator"), ("place", "320214")];
    assert_eq!(admin.post(&format!("{own}/posts/remove"), &remove).await.status, 422);
    assert_eq!(admin.post(&format!("{own}/disable"), &[]).await.status, 422);
    assert_eq!(admin.get("/staff/accounts").await.status, 200);
    account(&app, "officer", &["district_officer@320214"]).await;
    let officer = app.browser();
    officer.sign_in_as("officer").await;
    assert_eq!(officer.get("/staff/accounts").await.status, 403);
    assert_eq!(officer.post(&format!("{page}/posts"), &give).await.status, 403);
}

/// Sends a complaint about this street and role; gives its path.
pub(crate) async fn complain(browser: &Browser<'_>, area: &str, about: &str) -> String {
    let key = browser.get("/feedback").await.hidden("idempotency_key");
    let fields = [
        ("idempotency_key", key.as_str()),
        ("kind", "complaint"),
        ("area", area),
        ("about", about),
        ("text", "窗口等了三个小时"),
        ("contact", "13900001234"),
    ];
    let sent = browser.post("/feedback", &fields).await;
    assert_eq!(sent.status, 303, "{}", sent.body);
    sent.location().to_owned()
}

#[tokio::test]
async fn a_complaint_is_handled_to_its_end_and_read_by_whoever_sent_it_alone() {
    let app = TestApp::start().await;
    let resident = app.browser();
    let feedback = complain(&resident, "320214050", "").await;
    let received = resident.get(&feedback).await;
    assert!(
        received.body.contains("查询码") && received.body.contains("2026 年 12 月 14 日"),
        "{}",
        received.body
    );
    let (_, code) = received
        .body
        .split_once("查询码</span><strong aria-hidden=\"true\" class=\"xw-figure__value\">")
        .unwrap();
    let code = code.split('<').next().unwrap().to_owned();
    let stranger = app.browser();
    let shown = stranger.get(&feedback).await.body;
    assert!(shown.contains("已收到") && !shown.contains("三个小时") && !shown.contains(&code), "{shown}");

    account(&app, "street", &["street_officer@320214050"]).await;
    let officer = app.browser();
    officer.sign_in_as("street").await;
    assert!(officer.get("/staff").await.body.contains("1 件投诉建议等着处理"));
    let page = feedback.replace("/feedback/", "/staff/complaints/");
    assert!(officer.get("/staff/complaints").await.body.contains(&page));
    let seen = officer.get(&page).await.body;
    assert!(seen.contains("三个小时") && seen.contains("139****1234"), "{seen}");
    assert_eq!(officer.post(&format!("{page}/reply"), &[("reply", "已经加开窗口")]).await.status, 409);
    assert_eq!(officer.post(&format!("{page}/take"), &[]).await.location(), page);
    assert_eq!(officer.post(&format!("{page}/take"), &[]).await.location(), page, "a second press");
    assert!(officer.get(&page).await.body.contains("13900001234"));
    assert!(stranger.get(&feedback).await.body.contains("正在处理"));
    let short = officer.post(&format!("{page}/reply"), &[("reply", "好")]).await;
    assert!(short.status == 422 && short.body.contains("请再多写一点"));
    for _ in 0..2 {
        let reply = officer.post(&format!("{page}/reply"), &[("reply", "已经道歉，并加开窗口")]).await;
        assert_eq!(reply.location(), page);
    }
    assert_eq!(officer.post(&format!("{page}/reply"), &[("reply", "换一个说法")]).await.status, 409);
    assert_eq!(officer.post(&format!("{page}/close"), &[]).await.location(), page);
    assert!(resident.get(&feedback).await.body.contains("并加开窗口"));

    assert!(!stranger.get(&feedback).await.body.contains("并加开窗口"));
    assert_eq!(stranger.post(&feedback, &[("code", "")]).await.status, 422);
    assert_eq!(stranger.post(&feedback, &[("code", "9999")]).await.status, 422);
    let id = app
        .site
        .store()
        .find_complaint(feedback.strip_prefix("/feedback/").unwrap())
        .await
        .unwrap()
        .unwrap()
        .id;
    assert_eq!(noted(&app, "access_refused", &id).await, 1);
    assert_eq!(stranger.post(&feedback, &[("code", "1234")]).await.location(), feedback);
    assert!(stranger.get(&feedback).await.body.contains("并加开窗口"));
    let other = app.browser();
    other.get(&feedback).await;
    assert_eq!(other.post(&feedback, &[("code", &code.to_lowercase())]).await.location(), feedback);
    let guesser = app.browser();
    for _ in 0..30 {
        guesser.post(&feedback, &[("code", "9999")]).await;
    }
    assert_eq!(guesser.post(&feedback, &[("code", "1234")]).await.status, 429);
}

#[tokio::test]
async fn a_complaint_belongs_to_its_area_and_never_to_whom_it_is_about() {
    let app = TestApp::start().await;
    let resident = app.browser();
    let ours = complain(&resident, "320214050", "").await.replace("/feedback/", "/staff/complaints/");
    let about =
        complain(&resident, "320214050", "street_officer").await.replace("/feedback/", "/staff/complaints/");
    for (login, posts) in [
        ("street", vec!["street_officer@320214050"]),
        ("neighbour", vec!["street_officer@320214051"]),
        ("worker", vec!["community_worker@320214050001"]),
        ("district", vec!["district_officer@320214"]),
        ("both", vec!["district_officer@320214", "street_officer@320214050"]),
        ("auditor", vec!["auditor@320214"]),
    ] {
        account(&app, login, &posts).await;
    }
    let signed_in = |login: &'static str| {
        let browser = app.browser();
        async move {
            browser.sign_in_as(login).await;
            browser
        }
    };
    let neighbour = signed_in("neighbour").await;
    assert_eq!(neighbour.get(&ours).await.status, 403);
    assert_eq!(neighbour.post(&format!("{ours}/take"), &[]).await.status, 403);
    assert_eq!(signed_in("worker").await.get("/staff/complaints").await.status, 403);
    // What is said about the street's officers goes to the district at once.
    let street = signed_in("street").await;
    assert_eq!(street.get(&about).await.status, 403);
    let district = signed_in("district").await;
    assert!(district.get("/staff/complaints").await.body.contains(&about));
    let both = signed_in("both").await;
    let kept_back = both.get(&about).await.body;
    assert!(kept_back.contains("这件投诉说的是您的岗位") && !kept_back.contains("三个小时"), "{kept_back}");
    assert!(!kept_back.contains("139****1234"), "{kept_back}");
    assert_eq!(both.post(&format!("{about}/take"), &[]).await.status, 403);
    district.post(&format!("{about}/take"), &[]).await;
    district.post(&format!("{about}/reply"), &[("reply", "已经谈话，并向您道歉")]).await;
    assert_eq!(both.post(&format!("{about}/close"), &[]).await.status, 403);
    assert_eq!(district.post(&format!("{about}/close"), &[]).await.status, 303);
    // The street passes one on, and so it leaves its hands.
    assert_eq!(street.post(&format!("{ours}/escalate"), &[]).await.location(), "/staff/complaints");
    assert_eq!(street.get(&ours).await.status, 403);
    assert_eq!(district.get(&ours).await.status, 200);
    app.later(30 * 24 * 3_600_000);
    let auditor = signed_in("auditor").await;
    let figures = auditor.get("/staff/audit").await.body;
    assert!(figures.contains("旺庄街道的投诉与建议") && figures.contains("30 天"), "{figures}");
    assert!(!figures.contains("TS26") && !figures.contains("三个小时"));
    assert!(auditor.get("/staff/complaints").await.body.contains("没有等着处理"));
    assert_eq!(auditor.get(&ours).await.status, 403);
    let late = signed_in("district").await;
    let list = late.get("/staff/complaints").await.body;
    assert!(list.contains("有 1 件超过了答复期限") && list.contains("已经超过答复期限 9 天"), "{list}");
    assert_eq!(late.get("/staff/audit").await.status, 403);
}

#[tokio::test]
async fn what_is_said_about_the_districts_officers_is_handled_by_its_auditors() {
    let app = TestApp::start().await;
    let resident = app.browser();
    let mut staff = std::collections::BTreeMap::new();
    for (login, posts) in [
        ("street", vec!["street_officer@320214050"]),
        ("district", vec!["district_officer@320214"]),
        ("auditor", vec!["auditor@320214"]),
        ("both", vec!["auditor@320214", "district_officer@320214"]),
    ] {
        account(&app, login, &posts).await;
        let browser = app.browser();
        browser.sign_in_as(login).await;
        staff.insert(login, browser);
    }
    for area in ["320214050", ""] {
        let feedback = complain(&resident, area, "district_officer").await;
        let page = feedback.replace("/feedback/", "/staff/complaints/");
        let number = feedback.replace("/feedback/", "");
        let id = app.site.store().find_complaint(&number).await.unwrap().unwrap().id;
        for login in ["street", "district"] {
            let browser = &staff[login];
            assert!(!browser.get("/staff/complaints").await.body.contains(&page), "{login}");
            assert_eq!(browser.get(&page).await.status, 403, "{login}");
            for act in ["take", "reply", "escalate", "close"] {
                assert_eq!(browser.post(&format!("{page}/{act}"), &[]).await.status, 403, "{login} {act}");
            }
        }
        let kept_back = staff["both"].get(&page).await.body;
        assert!(kept_back.contains("说的是您的岗位") && !kept_back.contains("三个小时"), "{kept_back}");
        assert_eq!(staff["both"].post(&format!("{page}/take"), &[]).await.status, 403);
        assert_eq!(noted(&app, "access_refused", &id).await, 12);
        let auditor = &staff["auditor"];
        assert!(auditor.get("/staff").await.body.contains("1 件投诉建议等着处理"));
        assert!(auditor.get("/staff/complaints").await.body.contains(&page));
        assert!(auditor.get(&page).await.body.contains("三个小时"));
        assert_eq!(auditor.post(&format!("{page}/take"), &[]).await.status, 303);
        let reply = [("reply", "已经谈话，并向您道歉")];
        assert_eq!(auditor.post(&format!("{page}/reply"), &reply).await.status, 303);
        assert_eq!(auditor.post(&format!("{page}/close"), &[]).await.status, 303);
        assert!(resident.get(&feedback).await.body.contains("向您道歉"));
    }
}

#[tokio::test]
async fn complaints_are_limited_by_device_and_by_address_and_lose_nothing_that_was_typed() {
    let app = TestApp::start().await;
    let typed = |key: &str| {
        let fields = [("kind", "complaint"), ("text", "窗口等了四个小时"), ("contact", "13900001234")];
        let mut fields: Vec<_> = fields.map(|(name, value)| (name.to_owned(), value.to_owned())).into();
        fields.push(("idempotency_key".into(), key.to_owned()));
        fields
    };
    let send = async |browser: &Browser<'_>| {
        let fields = typed(&browser.get("/feedback").await.hidden("idempotency_key"));
        let fields: Vec<_> = fields.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        let answer = browser.post("/feedback", &fields).await;
        if answer.status == 303 {
            assert_eq!(
                browser.post("/feedback", &fields).await.location(),
                answer.location(),
                "a second press"
            );
        }
        answer
    };
    let browser = app.browser();
    // The first one has no cookie yet and so counts for the address alone.
    for _ in 0..6 {
        assert_eq!(send(&browser).await.status, 303);
    }
    let refused = send(&browser).await;
    assert_eq!((refused.status, refused.header("retry-after")), (429, "3600"));
    for kept in ["请过一个小时再提交", "窗口等了四个小时", "value=\"13900001234\""] {
        assert!(refused.body.contains(kept), "{kept}");
    }
    // The device's seventh uses up nothing of its address.
    for _ in 0..54 {
        assert_eq!(send(&app.browser()).await.status, 303, "others are not kept out");
    }
    assert_eq!(send(&app.browser()).await.status, 429);
    app.later(3_600_000);
    assert_eq!(send(&browser).await.status, 303);
}

#[tokio::test]
async fn letters_and_calls_are_delivered_by_staff_of_their_area() {
    let app = TestApp::start().await;
    let now = app.site.clock().now();
    let letter = app.site.store().put_delivery("320214050", Channel::Letter, now).await;
    let call = app.site.store().put_delivery("320214050001", Channel::Call, now).await;
    account(&app, "worker", &["community_worker@320214050001"]).await;
    account(&app, "street", &["street_officer@320214050"]).await;
    let worker = app.browser();
    worker.sign_in_as("worker").await;
    assert!(worker.get("/staff").await.body.contains("0 封信要寄，1 个电话要打"));
    let list = worker.get("/staff/deliveries").await.body;
    assert!(list.contains(&call) && !list.contains(&letter) && !list.contains("王小明"), "{list}");
    assert_eq!(worker.get(&format!("/staff/deliveries/{letter}")).await.status, 403);
    assert_eq!(worker.post(&format!("/staff/deliveries/{letter}/done"), &[]).await.status, 403);
    let street = app.browser();
    street.sign_in_as("street").await;
    let shown = street.get(&format!("/staff/deliveries/{letter}")).await.body;
    assert!(shown.contains("王小明") && shown.contains("xw-letter"), "{shown}");
    for _ in 0..2 {
        let done = street.post(&format!("/staff/deliveries/{letter}/done"), &[]).await;
        assert_eq!(done.location(), "/staff/deliveries");
    }
    assert_eq!(street.get(&format!("/staff/deliveries/{letter}")).await.status, 404);
    for (act, count) in [("details_read", 1), ("message_delivered", 1), ("access_refused", 2)] {
        assert_eq!(noted(&app, act, &letter).await, count, "{act}");
    }
}

#[tokio::test]
async fn the_register_holds_the_rows_of_ones_own_area_alone_names_nobody_in_full_and_is_noted() {
    let app = TestApp::start().await;
    let resident = app.browser();
    resident.fill_in().await;
    let number = resident.submit().await;
    let path = "/staff/cases/register";
    for (login, post, holds) in [
        ("street", "street_officer@320214050", true),
        ("district", "district_officer@320214", true),
        ("neighbour", "street_officer@320214051", false),
    ] {
        account(&app, login, &[post]).await;
        let officer = app.browser();
        officer.sign_in_as(login).await;
        assert_eq!(officer.get(path).await.status, 200, "{login}");
        let asked = officer.post(path, &[("post", post), ("purpose", "own")]).await;
        assert!(asked.status == 422 && !asked.body.contains(&number), "{login}");
        let made = officer.post(path, &[("post", post), ("purpose", "handling")]).await;
        assert_eq!((made.status, made.header("cache-control")), (200, "no-store"), "{login}");
        assert!(made.header("content-disposition").starts_with("attachment; filename=\"applications-"));
        assert_eq!(
            made.body.contains(&number) && made.body.contains("王＊＊"),
            holds,
            "{login}: {}",
            made.body
        );
        for hidden in ["王小明", "320205199912319937", "13900001234", "失火", "新光路", "李大妈"] {
            assert!(!made.body.contains(hidden), "{hidden} for {login}");
        }
    }
    assert_eq!(noted(&app, "rows_exported", "320214050").await, 1);
    assert_eq!(noted(&app, "rows_exported", "320214").await, 1);

    // Rows of other persons by another post's name: one that is not one's own, and one that has no such right.
    let neighbour = app.browser();
    app.later(60_000);
    neighbour.sign_in_as("neighbour").await;
    for post in ["street_officer@320214050", "district_officer@320214", "community_worker@320214050001"] {
        let refused = neighbour.post(path, &[("post", post), ("purpose", "handling")]).await;
        assert!(
            refused.status == 403 && refused.body.contains("您的岗位不办这件事"),
            "{post}: {}",
            refused.body
        );
        assert!(!refused.body.contains(&number), "{post}");
        assert_eq!(neighbour.get(&format!("{path}?post={post}")).await.status, 403, "{post}");
    }
    assert_eq!(neighbour.post(path, &[("post", "nonsense"), ("purpose", "handling")]).await.status, 404);
    account(&app, "worker", &["community_worker@320214050001"]).await;
    let worker = app.browser();
    worker.sign_in_as("worker").await;
    assert_eq!(worker.get(path).await.status, 403);
    assert!(!worker.get("/staff/cases").await.body.contains("导出登记表"));
    assert_eq!(noted(&app, "access_refused", "320214050").await, 2);
    assert_eq!(noted(&app, "rows_exported", "320214050").await, 1);
}
