//! Start and end by the volunteer's device, in time and later: what counts, what is refused, and what a coordinator looks at first.

#![cfg(test)]

use app::domain::time::Instant;
use app::domain::timebank::{SignAct, device_text, signed_text};
use data_encoding::{BASE64URL_NOPAD, HEXLOWER};
use reqwest::header::ORIGIN;
use ring::rand::SystemRandom;
use ring::signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, KeyPair as _};
use sha2::{Digest as _, Sha256};

use super::counter::{ELDER as ELDER_SEEN, clerk};
use super::kin::{prove, visit_of};
use super::residents::{ELDER, HELPER, sign_in};
use super::timebank::{MINUTE, NEED, People, code_on, people, posted, send};
use super::{Answer, Browser, TestApp};

/// A volunteer's telephone with a key of its own.
struct Phone {
    keys: EcdsaKeyPair,
    random: SystemRandom,
}

impl Phone {
    fn new() -> Self {
        let random = SystemRandom::new();
        let document = EcdsaKeyPair::generate_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, &random).unwrap();
        let keys =
            EcdsaKeyPair::from_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, document.as_ref(), &random).unwrap();
        Self { keys, random }
    }

    fn id(&self) -> String {
        HEXLOWER.encode(&Sha256::digest(self.keys.public_key().as_ref()))
    }

    fn sign(&self, text: &str) -> String {
        BASE64URL_NOPAD.encode(self.keys.sign(&self.random, text.as_bytes()).unwrap().as_ref())
    }

    async fn register(&self, browser: &Browser<'_>) -> u16 {
        let key = crate::seal::random_secret().unwrap();
        let public = BASE64URL_NOPAD.encode(self.keys.public_key().as_ref());
        let signature = self.sign(&device_text(&key, &public));
        let fields = [("idempotency_key", &*key), ("public_key", &public), ("signature", &signature)];
        browser.post("/timebank/devices", &fields).await.status
    }

    /// A line as the telephone keeps it.
    fn line(&self, need: &str, act: SignAct, at: i64, code: &str) -> Line {
        let key = crate::seal::random_secret().unwrap();
        let hash = HEXLOWER.encode(&Sha256::digest(code.as_bytes()));
        let text = signed_text(need, (act, Instant(at)), &self.id(), (&key, &hash));
        Line {
            path: format!("/timebank/needs/{need}/sign"),
            fields: vec![
                ("idempotency_key".to_owned(), key),
                ("act".to_owned(), act.as_str().to_owned()),
                (format!("{}-code", act.as_str()), code.to_owned()),
                ("at".to_owned(), at.to_string()),
                ("device".to_owned(), self.id()),
                ("signature".to_owned(), self.sign(&text)),
            ],
        }
    }
}

/// What waits on a telephone.
struct Line {
    path: String,
    fields: Vec<(String, String)>,
}

impl Line {
    /// The same with another value.
    fn with(&self, name: &str, value: &str) -> Self {
        let mut fields = self.fields.clone();
        fields.iter_mut().find(|field| field.0 == name).unwrap().1 = value.to_owned();
        Self { path: self.path.clone(), fields }
    }

    async fn send(&self, browser: &Browser<'_>) -> Answer {
        let now = browser.app.site.clock().now().0;
        self.send_at(browser, now).await
    }

    /// Sends it from a telephone whose clock shows `device_now`.
    async fn send_at(&self, browser: &Browser<'_>, device_now: i64) -> Answer {
        let mut body = form_urlencoded::Serializer::new(String::new());
        body.extend_pairs(&self.fields);
        let request = browser
            .app
            .request("POST", &self.path)
            .header(ORIGIN, &browser.app.site.settings().base_url)
            .header("content-type", "application/x-www-form-urlencoded")
            .header("x-device-time", device_now.to_string())
            .body(body.finish());
        browser.send(request).await
    }
}

/// 9:05 on the need's day, after the tests' own time.
const BEGAN: i64 = 19 * 60 * MINUTE;

/// A need that the volunteer took, with its code.
async fn taken(people: &People<'_>) -> (String, String) {
    let need = posted(&people.worker).await;
    let page = format!("/timebank/needs/{need}");
    assert_eq!(send(&people.volunteer, &page, &[("act", "take")]).await.status, 303);
    let code = code_on(&people.elder.get(&page).await);
    (need, code)
}

fn now(app: &TestApp) -> i64 {
    app.site.clock().now().0
}

#[tokio::test]
async fn a_start_and_an_end_taken_without_a_network_come_in_later_and_count_once() {
    let app = TestApp::start().await;
    let all = people(&app).await;
    let (need, code) = taken(&all).await;
    let (page, phone) = (format!("/timebank/needs/{need}"), Phone::new());
    let shown = all.volunteer.get(&format!("{page}/sign")).await.body;
    assert!(shown.contains("data-sign=") && shown.contains("出门前先打开这一页"), "{shown}");
    for hidden in ["李大妈", "新光路 1 号", ELDER, &code] {
        assert!(!shown.contains(hidden), "a telephone keeps this page: {hidden}");
    }
    assert_eq!(phone.register(&all.volunteer).await, 204);
    let began = now(&app) + BEGAN;
    let start = phone.line(&need, SignAct::Start, began, &code);
    let end = phone.line(&need, SignAct::End, began + 90 * MINUTE + 5_000, &code);

    app.later(BEGAN + 3 * 60 * MINUTE);
    assert_eq!(start.send(&all.volunteer).await.status, 401, "after a night");
    sign_in(&app, &all.volunteer, HELPER).await;
    assert!(end.send(&all.volunteer).await.status == 422, "nothing ends that didn't begin");
    for line in [&start, &start, &end, &end] {
        let sent = line.send(&all.volunteer).await;
        assert_eq!((sent.status, sent.location()), (303, page.as_str()), "{}", sent.body);
    }
    sign_in(&app, &all.elder, ELDER).await;
    assert!(all.elder.get(&page).await.body.contains("1 小时 30 分钟"));
    all.worker.sign_in_as("worker").await;
    let desk = all.worker.get(&format!("/staff/timebank/{need}")).await.body;
    assert!(desk.contains("当时没有信号") && desk.contains("本人确认了"), "{desk}");
    assert_eq!(send(&all.elder, &page, &[("act", "confirm")]).await.status, 303);
    assert!(all.volunteer.get("/timebank").await.body.contains("1 小时 30 分钟"));
    let kept: i64 = sqlx::query_scalar("select count(*) from time_signs where clock_off is null")
        .fetch_one(&app.database().await)
        .await
        .unwrap();
    assert_eq!(kept, 2, "both are kept for whoever asks later");
}

#[tokio::test]
async fn what_is_forged_replayed_or_anothers_begins_nothing() {
    let app = TestApp::start().await;
    let all = people(&app).await;
    let (need, code) = taken(&all).await;
    let (phone, other) = (Phone::new(), Phone::new());
    let stranger = app.browser();
    sign_in(&app, &stranger, "13900000003").await;
    assert_eq!(phone.register(&all.volunteer).await, 204);
    assert_eq!(phone.register(&all.volunteer).await, 204, "each time the page is opened");
    assert_eq!(phone.register(&stranger).await, 409, "a key is one person's");
    assert_eq!(other.register(&stranger).await, 204);
    let public = BASE64URL_NOPAD.encode(phone.keys.public_key().as_ref());
    let stolen = [
        ("idempotency_key", "0123456789abcdef0123456789abcdef"),
        ("public_key", &*public),
        ("signature", &*other.sign(&device_text("0123456789abcdef0123456789abcdef", &public))),
    ];
    assert_eq!(stranger.post("/timebank/devices", &stolen).await.status, 400, "not their key");

    let began = now(&app) + BEGAN;
    app.later(BEGAN + 3 * 60 * MINUTE);
    sign_in(&app, &all.volunteer, HELPER).await;
    sign_in(&app, &stranger, "13900000003").await;
    let start = phone.line(&need, SignAct::Start, began, &code);
    assert_eq!(start.send(&stranger).await.status, 404, "another person's service");
    let tampered = (began - 30 * MINUTE).to_string();
    let not_the_phones = other.line(&need, SignAct::Start, began, &code);
    let unknown = Phone::new().line(&need, SignAct::Start, began, &code);
    for (forged, why) in [
        (start.with("at", &tampered), "another time"),
        (start.with("idempotency_key", &"0".repeat(32)), "the same line as a second one"),
        (not_the_phones, "another person's telephone"),
        (unknown, "a telephone that nobody knows"),
        (start.with("device", &other.id()), "under another telephone's name"),
    ] {
        let refused = forged.send(&all.volunteer).await;
        assert!(
            refused.status == 422 && refused.body.contains("不是您这部手机签的"),
            "{why}: {}",
            refused.body
        );
    }
    let wrong = phone.line(&need, SignAct::Start, began, if code == "000000" { "000001" } else { "000000" });
    assert!(wrong.send(&all.volunteer).await.body.contains("start-code-error"));
    for at in [now(&app) + 60 * MINUTE, began - 3 * 24 * 60 * MINUTE] {
        let refused = phone.line(&need, SignAct::Start, at, &code).send(&all.volunteer).await;
        assert!(refused.status == 422 && refused.body.contains("时间对不上"), "{at}: {}", refused.body);
    }
    assert_eq!(start.send(&all.volunteer).await.status, 303, "the true one still counts");
    let replayed = phone.line(&need, SignAct::Start, began + MINUTE, &code).send(&all.volunteer).await;
    assert_eq!(replayed.status, 422, "it began once");
    let early = phone.line(&need, SignAct::End, began + 30_000, &code).send(&all.volunteer).await;
    assert!(early.status == 422 && early.body.contains("要满一分钟"), "{}", early.body);
    app.later(BEGAN + 15 * 24 * 60 * MINUTE);
    sign_in(&app, &all.volunteer, HELPER).await;
    let old = phone.line(&need, SignAct::End, began + 90 * MINUTE, &code).send(&all.volunteer).await;
    assert!(old.status == 422 && old.body.contains("存得太久了"), "{}", old.body);
}

#[tokio::test]
async fn two_services_that_overlap_on_the_telephone_are_not_both_taken() {
    let app = TestApp::start().await;
    let all = people(&app).await;
    let (first, code) = taken(&all).await;
    let later: Vec<_> =
        NEED.iter().map(|&(name, value)| (name, if name == "starts" { "11:00" } else { value })).collect();
    let added = send(&all.worker, "/staff/timebank/new", &later).await;
    let second = added.location().strip_prefix("/staff/timebank/").unwrap().to_owned();
    let page = format!("/timebank/needs/{second}");
    assert_eq!(send(&all.volunteer, &page, &[("act", "take")]).await.status, 303);
    let second_code = code_on(&all.elder.get(&page).await);
    let phone = Phone::new();
    assert_eq!(phone.register(&all.volunteer).await, 204);
    let began = now(&app) + BEGAN;
    app.later(BEGAN + 5 * 60 * MINUTE);
    sign_in(&app, &all.volunteer, HELPER).await;
    for line in [
        phone.line(&first, SignAct::Start, began, &code),
        phone.line(&first, SignAct::End, began + 90 * MINUTE, &code),
    ] {
        assert_eq!(line.send(&all.volunteer).await.status, 303);
    }
    let twice = phone.line(&second, SignAct::Start, began + 60 * MINUTE, &second_code);
    let refused = twice.send(&all.volunteer).await;
    assert!(refused.status == 422 && refused.body.contains("同一个时间不能有两次"), "{}", refused.body);
    let after = phone.line(&second, SignAct::Start, began + 95 * MINUTE, &second_code);
    assert_eq!(after.send(&all.volunteer).await.status, 303, "one after the other is right");
}

#[tokio::test]
async fn a_clock_that_is_wrong_is_a_coordinators_to_look_at_and_nothing_is_lost() {
    let app = TestApp::start().await;
    let all = people(&app).await;
    let (need, code) = taken(&all).await;
    let (page, phone) = (format!("/timebank/needs/{need}"), Phone::new());
    assert_eq!(phone.register(&all.volunteer).await, 204);
    let began = now(&app) + BEGAN;
    app.later(BEGAN + 3 * 60 * MINUTE);
    sign_in(&app, &all.volunteer, HELPER).await;
    let slow = now(&app) - 20 * MINUTE;
    for line in [
        phone.line(&need, SignAct::Start, began, &code),
        phone.line(&need, SignAct::End, began + 60 * MINUTE, &code),
    ] {
        assert_eq!(line.send_at(&all.volunteer, slow).await.status, 303);
    }
    sign_in(&app, &all.elder, ELDER).await;
    let asked = send(&all.elder, &page, &[("act", "confirm")]).await;
    assert!(asked.status == 422 && asked.body.contains("手机时间对不上"), "{}", asked.body);
    all.worker.sign_in_as("worker").await;
    let desk = format!("/staff/timebank/{need}");
    let shown = all.worker.get(&desk).await.body;
    assert!(shown.contains("手机的时间对不上") && !shown.contains("本人确认了"), "{shown}");
    let coordinator = clerk(&app, "coordinator", "time_bank_coordinator@320214").await;
    let confirm = [("act", "confirm"), ("spoke", "yes")];
    assert_eq!(send(&coordinator, &desk, &confirm).await.location(), desk);
}

#[tokio::test]
async fn the_elders_telephone_and_their_paper_card_prove_a_service_and_nobody_elses_do() {
    let app = TestApp::start().await;
    let all = people(&app).await;
    let (need, _) = taken(&all).await;
    let (page, phone) = (format!("/timebank/needs/{need}"), Phone::new());
    assert_eq!(phone.register(&all.volunteer).await, 204);
    let shown = all.elder.get(&format!("{page}/code")).await;
    assert!(shown.status == 200 && shown.body.contains("data-served-code="), "{}", shown.body);
    assert_eq!(all.volunteer.get(&format!("{page}/code")).await.status, 404);
    assert_eq!(all.volunteer.post(&format!("{page}/code"), &[]).await.status, 404);
    let key = all.elder.post(&format!("{page}/code"), &[]).await;
    assert_eq!((key.status, key.header("cache-control")), (200, "no-store"));
    let again = all.elder.post(&format!("{page}/code"), &[]).await;
    assert_eq!(again.body, key.body, "the page may be opened twice");
    let key: serde_json::Value = serde_json::from_str(&key.body).unwrap();
    let key = BASE64URL_NOPAD.decode(key["key"].as_str().unwrap().as_bytes()).unwrap();
    let digits = |at: i64| crate::store::timebank::phone_code(&key, &need, Instant(at));

    let street = clerk(&app, "street", "street_officer@320214050").await;
    let card_of = async |number: &str, seen| {
        let visit = visit_of(&street, number, seen).await;
        let key = street.get(&visit).await.hidden("idempotency_key");
        street.post(&format!("{visit}/card"), &[("idempotency_key", &key)]).await;
        sqlx::query_scalar::<_, String>(
            "select short_code from confirmations where kind = 'card' order by issued_at desc limit 1",
        )
        .fetch_one(&app.database().await)
        .await
        .unwrap()
    };
    let card = card_of(ELDER, ELDER_SEEN).await;
    let began = now(&app) + BEGAN;
    app.later(BEGAN + 3 * 60 * MINUTE);
    sign_in(&app, &all.volunteer, HELPER).await;
    let stale = phone.line(&need, SignAct::Start, began, &digits(began - 40 * MINUTE));
    assert!(stale.send(&all.volunteer).await.body.contains("start-code-error"), "a code of another hour");
    let start = phone.line(&need, SignAct::Start, began, &digits(began));
    assert_eq!(start.send(&all.volunteer).await.status, 303);
    let wrong = phone.line(&need, SignAct::End, began + 60 * MINUTE, "7K3M-9QXD");
    assert_eq!(wrong.send(&all.volunteer).await.status, 422);
    let end = phone.line(&need, SignAct::End, began + 60 * MINUTE, &card);
    assert_eq!(end.send(&all.volunteer).await.status, 303, "the card is theirs");
    let proofs: Vec<String> = sqlx::query_scalar("select proof from time_signs where need = $1 order by at")
        .bind(&need)
        .fetch_all(&app.database().await)
        .await
        .unwrap();
    assert_eq!(proofs, ["phone", "card"]);
    assert_eq!(all.elder.get(&format!("{page}/code")).await.status, 303, "it is over");
}

#[tokio::test]
async fn without_the_script_the_page_is_a_form_as_any_other() {
    let app = TestApp::start().await;
    let all = people(&app).await;
    let (need, code) = taken(&all).await;
    let path = format!("/timebank/needs/{need}/sign");
    let missing = send(&all.volunteer, &path, &[("act", "start"), ("start-code", "")]).await;
    assert!(missing.status == 422 && missing.body.contains("start-code-error"), "{}", missing.body);
    let begun = send(&all.volunteer, &path, &[("act", "start"), ("start-code", &code)]).await;
    assert_eq!(begun.location(), format!("/timebank/needs/{need}"));
    app.later(30 * MINUTE);
    let ended = send(&all.volunteer, &path, &[("act", "end"), ("end-code", &code)]).await;
    assert_eq!(ended.status, 303, "{}", ended.body);
    assert_eq!(all.volunteer.get(&path).await.location(), format!("/timebank/needs/{need}"));
    let other = app.browser();
    prove(&app, &other, ELDER, "李大妈", "9909").await;
    assert_eq!(other.get(&path).await.status, 404);
}
