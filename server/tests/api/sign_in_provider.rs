//! Signing in with an account at a provider, against a real one that nobody here wrote (npm `oidc-provider`, started by
//! end2end/tools/oidc-provider.mjs), and against one that lies.

#![cfg(test)]

use std::io::{BufRead as _, BufReader};
use std::process::{Child, Command, Stdio};
use std::sync::{Arc, Mutex, OnceLock};

use app::domain::time::Instant;
use app::ports::Clock as _;
use axum::extract::State;
use axum::routing::{get, post};
use axum::{Json, Router};
use data_encoding::BASE64URL_NOPAD;
use ed25519_dalek::{Signer as _, SigningKey};
use reqwest::header::LOCATION;
use serde_json::{Value, json};

use super::residents::sign_in as sign_in_by_phone;
use super::{Answer, Browser, TestApp};
use crate::clock::SystemClock;
use crate::settings::OidcProvider;

const NUMBER: &str = "320205199912319937";
const OTHER_NUMBER: &str = "320222194503129909";
const MINUTE: i64 = 60_000;

/// The provider's process; it ends when its standard input does, that is with this one.
struct Real {
    entry: toml::Table,
    _child: Child,
}

/// One for all tests.
fn real() -> &'static Real {
    static REAL: OnceLock<Real> = OnceLock::new();
    REAL.get_or_init(|| {
        let tool = concat!(env!("CARGO_MANIFEST_DIR"), "/../end2end/tools/oidc-provider.mjs");
        let mut child = Command::new("node")
            .arg(tool)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .expect("node is installed (make setup)");
        let mut line = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
        let said: Value =
            serde_json::from_str(&line).expect("the provider starts: npm ci in end2end (make setup-test)");
        let table = format!("entry = {}", said["entry"].as_str().unwrap());
        let mut table: toml::Table = table.parse().unwrap();
        let toml::Value::Table(entry) = table.remove("entry").unwrap() else { panic!("no table") };
        Real { entry, _child: child }
    })
}

/// The real provider under two names, and one that doesn't answer. The clock shows what the provider's does.
async fn start() -> TestApp {
    let app = TestApp::start_with(|settings| {
        for (id, name) in [("province", "示例平台"), ("city", "示例市民卡")] {
            let mut entry = real().entry.clone();
            entry.insert("id".into(), id.into());
            entry.insert("name".into(), name.into());
            settings.oidc_providers.push(entry.try_into().unwrap());
        }
        settings.oidc_providers.push(OidcProvider::for_tests("gone", "http://127.0.0.1:1"));
    })
    .await;
    app.clock.set(SystemClock.now());
    app
}

/// Goes to the provider's address, signs in there and agrees, or cancels; gives the path of ours that it leads back to.
async fn at_provider(app: &TestApp, address: &str, login: Option<&str>) -> String {
    let client = reqwest::Client::builder()
        .cookie_store(true)
        .redirect(reqwest::redirect::Policy::none())
        .build()
        .unwrap();
    let mut url: reqwest::Url = address.parse().unwrap();
    let mut answer = client.get(url.clone()).send().await.unwrap();
    for _ in 0..12 {
        if answer.status().is_redirection() {
            url = url.join(answer.headers()[LOCATION].to_str().unwrap()).unwrap();
            if let Some(path) = url.as_str().strip_prefix(&app.base) {
                return path.to_owned();
            }
            answer = client.get(url.clone()).send().await.unwrap();
            continue;
        }
        let page = answer.text().await.unwrap();
        let prompt = page.split("name=\"prompt\" value=\"").nth(1).unwrap_or_else(|| panic!("{page}"));
        let prompt = prompt.split('"').next().unwrap();
        answer = match login {
            None => client.get(format!("{url}/abort")).send().await.unwrap(),
            Some(login) => {
                let mut body = form_urlencoded::Serializer::new(String::new());
                body.extend_pairs([("prompt", prompt), ("login", login), ("password", "any")]);
                client
                    .post(url.clone())
                    .header("content-type", "application/x-www-form-urlencoded")
                    .body(body.finish())
                    .send()
                    .await
                    .unwrap()
            }
        };
    }
    panic!("the provider leads nowhere: {url}")
}

/// Begins a sign-in; gives the provider's address.
async fn begin(browser: &Browser<'_>, provider: &str) -> String {
    let answer = browser.post(&format!("/sign-in/with/{provider}"), &[("next", "/me/profile")]).await;
    assert_eq!(answer.status, 303, "{}", answer.body);
    answer.location().to_owned()
}

/// Signs in with the account `login`; gives what the callback answered.
async fn sign_in(app: &TestApp, browser: &Browser<'_>, login: &str) -> Answer {
    let address = begin(browser, "province").await;
    browser.get(&at_provider(app, &address, Some(login)).await).await
}

/// Connects the account `login` with the one that is signed in.
async fn connect(app: &TestApp, browser: &Browser<'_>, login: &str) -> Answer {
    let answer = browser.post("/me/logins/province/connect", &[]).await;
    let back = at_provider(app, answer.location(), Some(login)).await;
    browser.get(&back).await
}

async fn refusals(app: &TestApp) -> usize {
    app.site.store().audit_acts().await.iter().filter(|act| *act == "sign_in_refused").count()
}

/// The browser is nobody's.
async fn assert_signed_out(browser: &Browser<'_>) {
    assert_eq!(browser.get("/me/profile").await.location(), "/sign-in?next=/me/profile");
}

#[tokio::test]
async fn a_proved_real_name_makes_a_verified_account_and_opens_it_on_every_device() {
    let app = start().await;
    let browser = app.browser();
    let page = browser.get("/sign-in").await.body;
    assert!(page.contains("用示例平台登录") && page.contains("用示例市民卡登录"), "{page}");
    let address = begin(&browser, "province").await;
    for part in ["code_challenge_method=S256", "nonce=", "state=", "scope=openid+realname+phone"] {
        assert!(address.contains(part), "{part} is not in {address}");
    }
    let login = format!("real.{NUMBER}.13900005678");
    let back = at_provider(&app, &address, Some(&login)).await;
    let answer = browser.get(&back).await;
    assert_eq!((answer.status, answer.location()), (303, "/me/profile"), "{}", answer.body);
    assert_eq!(answer.header("referrer-policy"), "no-referrer");
    let profile = browser.get("/me/profile").await.body;
    for shown in ["王样例", "已核对证件", "联系电话", "139****5678"] {
        assert!(profile.contains(shown), "{shown}: {profile}");
    }
    assert!(!profile.contains("登录号码") && !profile.contains(NUMBER));
    let acts = app.site.store().audit_acts().await;
    for act in ["login_connected", "identity_verified", "signed_in"] {
        assert!(acts.iter().any(|noted| noted == act), "{act}: {acts:?}");
    }
    // The very person comes on another device: nothing is asked.
    let other = app.browser();
    assert_eq!(sign_in(&app, &other, &login).await.location(), "/me/profile");
    assert!(other.get("/me/profile").await.body.contains("王样例"));
    assert_eq!(
        app.site.store().audit_acts().await.iter().filter(|act| *act == "identity_verified").count(),
        1
    );
    // What the provider told as a telephone opens nothing: its code makes an account of its own.
    let phone = app.browser();
    assert_eq!(sign_in_by_phone(&app, &phone, "13900005678").await, "/me");
    assert!(!phone.get("/me/profile").await.body.contains("王样例"));
}

#[tokio::test]
async fn without_a_proved_name_the_account_is_a_declared_one_and_a_new_device_asks() {
    let app = start().await;
    let browser = app.browser();
    let login = format!("typed.{NUMBER}");
    assert_eq!(sign_in(&app, &browser, &login).await.location(), "/me/profile");
    let profile = browser.get("/me/profile").await.body;
    assert!(profile.contains("还没有核对证件") && !profile.contains("王样例"), "{profile}");
    let identity = [
        ("name", "王样例"),
        ("document_kind", "citizen_id"),
        ("document_number", NUMBER),
        ("consent", "2026-11-24"),
    ];
    assert_eq!(browser.post("/me/profile/identity", &identity).await.status, 303);
    let needs = browser.get("/me/profile/needs").await.body;
    assert!(!needs.contains("发短信") && needs.contains("寄信"), "nobody can be rung up without a number");
    browser.post("/sign-out", &[]).await;
    assert_eq!(sign_in(&app, &browser, &login).await.location(), "/me/profile", "the device is known");

    let other = app.browser();
    assert_eq!(sign_in(&app, &other, &login).await.location(), "/sign-in/prove?next=/me/profile");
    assert_signed_out(&other).await;
    let page = other.get("/sign-in/prove").await.body;
    assert!(!page.contains("/sign-in/fresh"), "a telephone number was not proved: {page}");
    assert_eq!(other.post("/sign-in/fresh", &[]).await.status, 404);
    let wrong = other.post("/sign-in/prove", &[("name", "王样例"), ("document_tail", "0000")]).await;
    assert_eq!(wrong.status, 422);
    let right = [("name", "王样例"), ("document_tail", "9937"), ("next", "/me/profile")];
    assert_eq!(other.post("/sign-in/prove", &right).await.location(), "/me/profile");
    assert!(other.get("/me/profile").await.body.contains("王样例"));
}

#[tokio::test]
async fn a_telephone_that_a_provider_told_can_not_be_taken_over_with_it() {
    let app = start().await;
    // The number's own account, and somebody who has a provider say that it is theirs.
    let owner = app.browser();
    sign_in_by_phone(&app, &owner, "13900005678").await;
    let identity = [
        ("name", "王小明"),
        ("document_kind", "citizen_id"),
        ("document_number", NUMBER),
        ("consent", "2026-11-24"),
    ];
    owner.post("/me/profile/identity", &identity).await;
    let login = format!("typed.{OTHER_NUMBER}.13900005678");
    let thief = app.browser();
    sign_in(&app, &thief, &login).await;
    let other = [
        ("name", "李大妈"),
        ("document_kind", "citizen_id"),
        ("document_number", OTHER_NUMBER),
        ("consent", "2026-11-24"),
    ];
    assert_eq!(thief.post("/me/profile/identity", &other).await.status, 303);
    let waiting = app.browser();
    assert_eq!(sign_in(&app, &waiting, &login).await.location(), "/sign-in/prove?next=/me/profile");
    assert_eq!(waiting.post("/sign-in/fresh", &[]).await.status, 404);
    assert_signed_out(&waiting).await;
    assert!(owner.get("/me/profile").await.body.contains("王小明"));
}

#[tokio::test]
async fn an_answer_counts_once_in_time_in_its_browser_and_for_its_provider() {
    let app = start().await;
    let browser = app.browser();
    let refused = async |path: &str, status: u16| {
        let before = refusals(&app).await;
        let answer = browser.get(path).await;
        assert_eq!(answer.status, status, "{path}: {}", answer.body);
        assert!(
            answer.body.contains("没有登录成功") && answer.body.contains("回到登录页"),
            "{}",
            answer.body
        );
        assert_eq!(answer.header("referrer-policy"), "no-referrer");
        assert_eq!(refusals(&app).await, before + 1, "{path}");
        assert_signed_out(&browser).await;
    };
    refused("/sign-in/callback/province", 400).await;
    refused("/sign-in/callback/province?code=made-up&state=forged", 400).await;

    // Forged, while one is under way: refused, and the one under way goes on.
    let back = at_provider(&app, &begin(&browser, "province").await, Some("bare.forged")).await;
    let (path, query) = back.split_once('?').unwrap();
    let of =
        |name: &str| query.split('&').find(|pair| pair.starts_with(&format!("{name}="))).unwrap().to_owned();
    refused(&format!("{path}?{}&state=forged", of("code")), 400).await;
    // In another browser, which has none under way or one of its own.
    let other = app.browser();
    assert_eq!(other.get(&back).await.status, 400);
    begin(&other, "province").await;
    assert_eq!(other.get(&back).await.status, 400);
    assert_signed_out(&other).await;
    // Once.
    assert_eq!(browser.get(&back).await.location(), "/me/profile");
    browser.post("/sign-out", &[]).await;
    refused(&back, 400).await;

    // Another provider's.
    let back = at_provider(&app, &begin(&browser, "province").await, Some("bare.mixed")).await;
    refused(&back.replace("/province", "/city"), 400).await;
    refused(&back, 400).await;
    let back = at_provider(&app, &begin(&browser, "province").await, Some("bare.mixed")).await;
    let (kept, _) = back.split_once("&iss=").unwrap();
    refused(&format!("{kept}&iss=https%3A%2F%2Fevil.example"), 400).await;

    // A code that belongs to another sign-in: its PKCE verifier is another one.
    let stolen = at_provider(&app, &begin(&other, "province").await, Some("bare.victim")).await;
    let code = stolen.split(['?', '&']).find(|pair| pair.starts_with("code=")).unwrap();
    let back = at_provider(&app, &begin(&browser, "province").await, Some("bare.thief")).await;
    let own = back.split(['?', '&']).find(|pair| pair.starts_with("code=")).unwrap();
    refused(&back.replace(own, code), 400).await;

    // Too late.
    let back = at_provider(&app, &begin(&browser, "province").await, Some("bare.late")).await;
    let now = app.site.clock().now();
    app.clock.set(Instant(now.0 + 11 * MINUTE));
    refused(&back, 400).await;
    app.clock.set(now);

    // The provider says no.
    let back = at_provider(&app, &begin(&browser, "province").await, None).await;
    assert!(back.contains("error=access_denied"), "{back}");
    refused(&back, 403).await;
    let address = begin(&browser, "province").await;
    let state = address.split(['?', '&']).find(|pair| pair.starts_with("state=")).unwrap();
    refused(&format!("/sign-in/callback/province?error=temporarily_unavailable&{state}"), 503).await;
    assert_eq!(browser.get("/sign-in/callback/nobody?code=a&state=b").await.status, 404);
    assert_eq!(browser.post("/sign-in/with/nobody", &[]).await.status, 404);
}

#[tokio::test]
async fn a_flood_of_forged_answers_fills_no_trail() {
    let app = start().await;
    let browser = app.browser();
    let mut answers = Vec::new();
    for _ in 0..40 {
        answers.push(browser.get("/sign-in/callback/province?code=a&state=b").await.status);
    }
    assert!(answers.starts_with(&[400; 30]) && answers.ends_with(&[429; 10]), "{answers:?}");
    assert_eq!(refusals(&app).await, 30);
}

#[tokio::test]
async fn a_provider_that_does_not_answer_leaves_the_code_as_a_way() {
    let app = start().await;
    let browser = app.browser();
    let answer = browser.post("/sign-in/with/gone", &[("next", "/me/inbox")]).await;
    assert_eq!(answer.status, 503);
    assert!(answer.body.contains("没有回应") && answer.body.contains("手机验证码"), "{}", answer.body);
    assert_eq!(sign_in_by_phone(&app, &browser, "13900001234").await, "/me");
}

#[tokio::test]
async fn a_document_of_another_account_is_neither_doubled_nor_revealed() {
    let app = start().await;
    let first = app.browser();
    assert_eq!(sign_in(&app, &first, &format!("real.{NUMBER}")).await.location(), "/me/profile");
    // Another account there, of which the provider says the same: what it says stands with the first one already.
    let second = app.browser();
    let login = format!("real.{NUMBER}.13900001234");
    let answer = sign_in(&app, &second, &login).await;
    assert_eq!(answer.location(), "/sign-in/counter?next=/me/profile", "{}", answer.body);
    let page = second.get("/sign-in/counter?next=/me/profile").await.body;
    assert!(page.contains("窗口") && !page.contains("王样例"), "{page}");
    let profile = second.get("/me/profile").await.body;
    assert!(profile.contains("还没有核对证件") && !profile.contains("王样例"), "{profile}");
    second.post("/sign-out", &[]).await;
    assert_eq!(sign_in(&app, &second, &login).await.location(), "/me/profile", "it is said once");
}

#[tokio::test]
async fn an_account_at_a_provider_is_connected_with_ones_own_and_disconnected() {
    let app = start().await;
    let browser = app.browser();
    sign_in_by_phone(&app, &browser, "13900001234").await;
    assert!(browser.get("/me/devices").await.body.contains("连接示例平台"));
    let login = format!("real.{NUMBER}");
    assert_eq!(connect(&app, &browser, &login).await.location(), "/me/devices");
    assert!(browser.get("/me/profile").await.body.contains("已核对证件"));
    assert!(browser.get("/me/inbox").await.body.contains("连接了一个登录账号"));
    let again = connect(&app, &browser, &login).await;
    assert_eq!(again.location(), "/me/devices", "connecting twice is no fault");
    assert!(browser.get("/me/data/readable").await.body.contains("示例平台"));
    // It leads into the same account.
    let other = app.browser();
    assert_eq!(sign_in(&app, &other, &login).await.location(), "/me/profile");
    assert!(other.get("/me/profile").await.body.contains("登录号码"));
    // Not into two.
    let third = app.browser();
    sign_in_by_phone(&app, &third, "13900005678").await;
    let before = refusals(&app).await;
    let taken = connect(&app, &third, &login).await;
    assert_eq!(taken.status, 409);
    assert!(taken.body.contains("没有连接成功") && taken.body.contains("另一个账号"), "{}", taken.body);
    assert_eq!(refusals(&app).await, before + 1);
    // Nor one that the provider has proved to be somebody else's.
    let identity = [
        ("name", "李大妈"),
        ("document_kind", "citizen_id"),
        ("document_number", OTHER_NUMBER),
        ("consent", "2026-11-24"),
    ];
    third.post("/me/profile/identity", &identity).await;
    let another = connect(&app, &third, "real.320214201602299914").await;
    assert_eq!(another.status, 409);
    assert!(another.body.contains("不是同一个人"), "{}", another.body);
    assert!(third.get("/me/devices").await.body.contains("连接示例平台"), "nothing was connected");

    assert_eq!(browser.post("/me/logins/province/disconnect", &[]).await.location(), "/me/devices");
    assert_signed_out(&other).await;
    assert!(browser.get("/me/devices").await.body.contains("连接示例平台"));
    assert_eq!(browser.post("/me/logins/province/disconnect", &[]).await.status, 404);
}

#[tokio::test]
async fn whoever_began_to_connect_must_still_be_signed_in() {
    let app = start().await;
    let browser = app.browser();
    assert_eq!(browser.post("/me/logins/province/connect", &[]).await.status, 303);
    sign_in_by_phone(&app, &browser, "13900001234").await;
    let answer = browser.post("/me/logins/province/connect", &[]).await;
    let back = at_provider(&app, answer.location(), Some("bare.connect")).await;
    browser.post("/sign-out", &[]).await;
    // Somebody else signs in at the shared phone.
    sign_in_by_phone(&app, &browser, "13900005678").await;
    assert_eq!(browser.get(&back).await.status, 403);
    assert!(browser.get("/me/devices").await.body.contains("连接示例平台"));
}

#[tokio::test]
async fn the_last_way_in_stays_until_the_account_is_deleted() {
    let app = start().await;
    let browser = app.browser();
    let login = format!("real.{NUMBER}");
    sign_in(&app, &browser, &login).await;
    let page = browser.get("/me/devices").await.body;
    assert!(!page.contains("断开示例平台") && page.contains("不能断开"), "{page}");
    assert_eq!(browser.post("/me/logins/province/disconnect", &[]).await.status, 409);
    assert!(browser.get("/me/inbox").await.status == 200);
    assert_eq!(browser.post("/me/data/delete", &[("sure", "yes")]).await.location(), "/account-deleted");
    assert_signed_out(&browser).await;
    // It begins afresh, and the document is free for the new account.
    assert_eq!(sign_in(&app, &browser, &login).await.location(), "/me/profile");
    let inbox = browser.get("/me/profile").await.body;
    assert!(inbox.contains("已核对证件"), "{inbox}");
}

#[tokio::test]
async fn somebody_without_a_number_asks_to_act_for_a_relative() {
    let app = start().await;
    let browser = app.browser();
    sign_in(&app, &browser, &format!("real.{NUMBER}")).await;
    let key = browser.get("/me/acting/new").await.hidden("idempotency_key");
    let ends_on = app.site.clock().today().checked_add(jiff::Span::new().days(90)).unwrap().to_string();
    let fields = [
        ("name", "样例老人"),
        ("phone", "13900005678"),
        ("relation", "parent"),
        ("scope_aid", "yes"),
        ("ends_on", &ends_on),
        ("idempotency_key", &key),
    ];
    let asked = browser.post("/me/acting/new", &fields).await;
    assert_eq!((asked.status, asked.location()), (303, "/me/acting"), "{}", asked.body);
}

// ---- A provider that lies --------------------------------------------------------------------------------------------

/// What the lying provider answers: the claims of its ID token, and whether somebody else has signed it.
#[derive(Clone, Default)]
struct Lie {
    issuer: String,
    claims: Value,
    other_key: bool,
    unsigned: bool,
    without_token: bool,
    other_user: bool,
    endpoint: Option<String>,
}

/// A change of what the provider says, by name.
type NamedLie<'a> = (&'a str, &'a dyn Fn(&mut Lie));

type Lying = Arc<Mutex<Lie>>;

fn part(value: &Value) -> String {
    BASE64URL_NOPAD.encode(value.to_string().as_bytes())
}

async fn lying_provider() -> (String, Lying) {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let issuer = format!("http://{}", listener.local_addr().unwrap());
    let lie = Lying::new(Mutex::new(Lie { issuer: issuer.clone(), ..Lie::default() }));
    let metadata = get(|State(lie): State<Lying>| async move {
        let Lie { issuer, endpoint, .. } = lie.lock().unwrap().clone();
        Json(json!({
            "issuer": issuer,
            "authorization_endpoint": format!("{issuer}/auth"),
            "token_endpoint": endpoint.unwrap_or(format!("{issuer}/token")),
            "userinfo_endpoint": format!("{issuer}/userinfo"),
            "jwks_uri": format!("{issuer}/jwks"),
            "response_types_supported": ["code"],
            "subject_types_supported": ["public"],
            "id_token_signing_alg_values_supported": ["EdDSA"],
        }))
    });
    let keys = get(|| async {
        let x = BASE64URL_NOPAD.encode(SigningKey::from_bytes(&[1; 32]).verifying_key().as_bytes());
        Json(
            json!({ "keys": [{ "kty": "OKP", "crv": "Ed25519", "use": "sig", "alg": "EdDSA", "kid": "k", "x": x }] }),
        )
    });
    let token = post(|State(lie): State<Lying>| async move {
        let lie = lie.lock().unwrap().clone();
        let header =
            if lie.unsigned { json!({ "alg": "none" }) } else { json!({ "alg": "EdDSA", "kid": "k" }) };
        let signed = format!("{}.{}", part(&header), part(&lie.claims));
        let key = SigningKey::from_bytes(&if lie.other_key { [2; 32] } else { [1; 32] });
        let signature = BASE64URL_NOPAD.encode(&key.sign(signed.as_bytes()).to_bytes());
        let signature = if lie.unsigned { String::new() } else { signature };
        let mut answer = json!({ "access_token": "a", "token_type": "Bearer", "expires_in": 60 });
        if !lie.without_token {
            answer["id_token"] = format!("{signed}.{signature}").into();
        }
        Json(answer)
    });
    let user = get(|State(lie): State<Lying>| async move {
        let other = lie.lock().unwrap().other_user;
        Json(json!({ "sub": if other { "another" } else { "somebody" }, "name": "王样例" }))
    });
    let routes = Router::new()
        .route("/.well-known/openid-configuration", metadata)
        .route("/jwks", keys)
        .route("/token", token)
        .route("/userinfo", user)
        .with_state(lie.clone());
    tokio::spawn(async move { axum::serve(listener, routes).await });
    (issuer, lie)
}

#[tokio::test]
async fn what_a_provider_says_is_believed_only_where_everything_fits() {
    let (issuer, lie) = lying_provider().await;
    let app = TestApp::start_with(|settings| {
        let mut provider = OidcProvider::for_tests("liar", &issuer);
        provider.name_claim = "name".into();
        settings.oidc_providers.push(provider);
        settings.lookup_tries_per_hour = 100;
    })
    .await;
    let now = app.site.clock().now().0 / 1_000;
    let attempt = async |change: &dyn Fn(&mut Lie)| {
        let browser = app.browser();
        let address: reqwest::Url = begin(&browser, "liar").await.parse().unwrap();
        let of = |name: &str| address.query_pairs().find(|(key, _)| key == name).unwrap().1.into_owned();
        {
            let mut lie = lie.lock().unwrap();
            *lie = Lie {
                issuer: issuer.clone(),
                claims: json!({
                    "iss": issuer, "sub": "somebody", "aud": "xinwu", "iat": now, "exp": now + 300,
                    "nonce": of("nonce"),
                }),
                ..Lie::default()
            };
            change(&mut lie);
        }
        let answer = browser.get(&format!("/sign-in/callback/liar?code=c&state={}", of("state"))).await;
        if answer.status != 303 {
            assert_signed_out(&browser).await;
            assert!(answer.body.contains("没有登录成功"), "{}", answer.body);
        }
        answer.status
    };
    assert_eq!(attempt(&|_| {}).await, 303, "the truth is believed");
    let lies: &[NamedLie<'_>] = &[
        ("another nonce", &|lie| lie.claims["nonce"] = "another".into()),
        ("no nonce", &|lie| lie.claims["nonce"] = Value::Null),
        ("another audience", &|lie| lie.claims["aud"] = "another-client".into()),
        ("another issuer", &|lie| lie.claims["iss"] = "https://id.example.cn".into()),
        ("an old token", &|lie| lie.claims["exp"] = (now - 1).into()),
        ("another access token", &|lie| lie.claims["at_hash"] = "AAAAAAAAAAAAAAAAAAAAAA".into()),
        ("another signature", &|lie| lie.other_key = true),
        ("no signature", &|lie| lie.unsigned = true),
        ("no token", &|lie| lie.without_token = true),
        ("another's user info", &|lie| lie.other_user = true),
    ];
    for (what, change) in lies {
        let before = refusals(&app).await;
        assert_eq!(attempt(change).await, 502, "{what}");
        assert_eq!(refusals(&app).await, before + 1, "{what}");
    }
    assert_eq!(attempt(&|_| {}).await, 303);
}

#[tokio::test]
async fn no_secret_is_sent_where_it_travels_readable() {
    let (issuer, lie) = lying_provider().await;
    lie.lock().unwrap().endpoint = Some("http://id.example.cn/token".into());
    let app = TestApp::start_with(|settings| {
        settings.oidc_providers.push(OidcProvider::for_tests("liar", &issuer));
    })
    .await;
    assert_eq!(app.browser().post("/sign-in/with/liar", &[]).await.status, 502);
    lie.lock().unwrap().issuer = "http://127.0.0.2:1".into();
    assert_eq!(app.browser().post("/sign-in/with/liar", &[]).await.status, 502, "another issuer's metadata");
}
