//! The server over HTTP: a real listener, a real database, a clock that stands still, redirects not followed.

#![cfg(test)]

mod access;
mod aid;
mod attacks;
mod audit;
mod benefit;
mod bucket;
mod check;
mod clock;
mod confirm;
mod confirm_paper;
mod consents;
mod counter;
mod errors;
mod follow_up;
mod found;
mod handling;
mod inquiry;
mod items;
mod keys;
mod kin;
mod marriage;
mod marriage_clock;
mod marriage_day;
mod marriage_divorce;
mod marriage_door;
mod marriage_draw;
mod marriage_hot;
mod marriage_waiting;
mod meal_checks;
mod meal_points;
mod meal_tables;
mod meals;
mod meals_desk;
mod meals_elder;
mod meals_kitchen;
mod meals_load;
mod meals_offline;
mod meals_standing;
mod meals_tours;
mod meals_waiting;
mod meals_walk_ins;
mod meals_year;
mod means;
mod messages;
mod notices;
mod pages;
mod papers;
mod phone_change;
mod privacy;
mod reader;
mod residents;
mod retention;
mod screener;
mod sharing;
mod sign_in_provider;
mod staff;
mod standards;
mod timebank;
mod timebank_events;
mod timebank_freezes;
mod timebank_minors;
mod timebank_records;
mod timebank_sign;
mod transfers;
mod verify;
mod work_list;

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

use app::domain::time::Instant;
use app::visit::Assets;
use metrics_exporter_prometheus::PrometheusBuilder;
use reqwest::header::{COOKIE, LOCATION, ORIGIN, SET_COOKIE};

use crate::clock::FixedClock;
use crate::confirm::{ConfirmationKey, KeyRing};
use crate::settings::{Engine, Settings};
use crate::site::Site;
use crate::{middleware, router, startup, store_tests};

/// A running server and the way to talk to it.
pub(crate) struct TestApp {
    pub(crate) base: String,
    pub(crate) site: Site,
    pub(crate) clock: Arc<FixedClock>,
    client: reqwest::Client,
    // Its folder holds the database.
    store: store_tests::TestStore,
}

/// What came back.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) headers: reqwest::header::HeaderMap,
    pub(crate) body: String,
}

impl Answer {
    pub(crate) fn location(&self) -> &str {
        self.headers.get(LOCATION).map(|v| v.to_str().unwrap()).unwrap_or_default()
    }

    pub(crate) fn header(&self, name: &str) -> &str {
        self.headers.get(name).map(|v| v.to_str().unwrap()).unwrap_or_default()
    }

    /// The value of a hidden field.
    pub(crate) fn hidden(&self, name: &str) -> String {
        self.find_hidden(name).unwrap_or_else(|| panic!("no field {name} in {}", self.body))
    }

    /// The value of a hidden field, where the page has it.
    pub(crate) fn find_hidden(&self, name: &str) -> Option<String> {
        let marker = format!("name=\"{name}\" value=\"");
        let (_, rest) = self.body.split_once(&marker)?;
        rest.split('"').next().map(str::to_owned)
    }
}

/// A browser: keeps its cookies by name, sends its origin.
pub(crate) struct Browser<'a> {
    app: &'a TestApp,
    cookies: Mutex<BTreeMap<String, String>>,
}

impl TestApp {
    pub(crate) async fn start() -> Self {
        Self::start_with(|_| {}).await
    }

    pub(crate) async fn start_with(change: impl FnOnce(&mut Settings)) -> Self {
        Self::start_on(Engine::Sqlite, change).await
    }

    pub(crate) async fn start_on(engine: Engine, change: impl FnOnce(&mut Settings)) -> Self {
        let store = store_tests::open(engine).await;
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let base = format!("http://{}", listener.local_addr().unwrap());
        let mut settings = Settings::for_tests();
        settings.base_url.clone_from(&base);
        settings.requests_per_minute = 100_000;
        settings.papers_dir = store.folder.path().join("papers");
        change(&mut settings);
        let clock = Arc::new(FixedClock::at(store_tests::NOW));
        let signing = ConfirmationKey::load(&store.folder.path().join("signing.pem")).unwrap();
        let assets = Assets {
            css: "/pkg/app.c.css".into(),
            js: "/pkg/app.j.js".into(),
            wasm: "/pkg/app.w.wasm".into(),
            verifier: "/pkg/verify/v".into(),
            screener: "/pkg/screener/s".into(),
        };
        let site =
            Site::new(settings.clone(), store.store.clone(), clock.clone(), KeyRing::of(signing), assets)
                .unwrap();
        let figures = PrometheusBuilder::new().build_recorder().handle();
        let routes = router::router(&site, figures);
        let routes = middleware::around(routes, &settings, router::renderer(&site)).unwrap();
        let patience =
            startup::Patience { head: std::time::Duration::from_secs(15), grace: std::time::Duration::ZERO };
        tokio::spawn(startup::serve_on(listener, routes, std::future::pending(), patience));
        let client = reqwest::Client::builder().redirect(reqwest::redirect::Policy::none()).build().unwrap();
        Self { base, site, clock, client, store }
    }

    /// The database itself, for looking at rows.
    pub(crate) async fn database(&self) -> sqlx::AnyPool {
        self.store.database().await
    }

    pub(crate) fn browser(&self) -> Browser<'_> {
        Browser { app: self, cookies: Mutex::default() }
    }

    pub(crate) fn later(&self, ms: i64) {
        self.clock.set(Instant(store_tests::NOW.0 + ms));
    }

    pub(crate) async fn send(&self, request: reqwest::RequestBuilder) -> Answer {
        let response = request.send().await.unwrap();
        let (status, headers) = (response.status().as_u16(), response.headers().clone());
        Answer { status, headers, body: response.text().await.unwrap() }
    }

    pub(crate) fn request(&self, method: &str, path: &str) -> reqwest::RequestBuilder {
        self.client.request(method.parse().unwrap(), format!("{}{path}", self.base))
    }
}

impl Browser<'_> {
    async fn send(&self, request: reqwest::RequestBuilder) -> Answer {
        let cookie = self.cookie();
        let request = if cookie.is_empty() { request } else { request.header(COOKIE, cookie) };
        let answer = self.app.send(request).await;
        for set in answer.headers.get_all(SET_COOKIE) {
            let set = set.to_str().unwrap();
            let (name, value) = set.split(';').next().unwrap().split_once('=').unwrap();
            let mut cookies = self.cookies.lock().unwrap();
            if set.contains("Max-Age=0") {
                cookies.remove(name);
            } else {
                cookies.insert(name.to_owned(), value.to_owned());
            }
        }
        answer
    }

    pub(crate) fn cookie(&self) -> String {
        let cookies = self.cookies.lock().unwrap();
        cookies.iter().map(|(name, value)| format!("{name}={value}")).collect::<Vec<_>>().join("; ")
    }

    pub(crate) async fn get(&self, path: &str) -> Answer {
        self.send(self.app.request("GET", path)).await
    }

    pub(crate) async fn post(&self, path: &str, fields: &[(&str, &str)]) -> Answer {
        let mut body = form_urlencoded::Serializer::new(String::new());
        body.extend_pairs(fields);
        let request = self
            .app
            .request("POST", path)
            .header(ORIGIN, &self.app.site.settings().base_url)
            .header("content-type", "application/x-www-form-urlencoded")
            .body(body.finish());
        self.send(request).await
    }

    /// Fills in all nine pages of the application, one member of age and one child among them.
    pub(crate) async fn fill_in(&self) {
        assert_eq!(self.post(APPLY, &[]).await.location(), format!("{APPLY}/applicant"));
        for (step, fields) in PAGES {
            let answer = self.post(&format!("{APPLY}/{step}"), fields).await;
            assert_eq!(answer.status, 303, "{step}: {}", answer.body);
        }
    }

    /// Sends the application; gives the case's number.
    pub(crate) async fn submit(&self) -> String {
        let check = self.get(&format!("{APPLY}/check")).await;
        let (key, version) = (check.hidden("idempotency_key"), check.hidden("version"));
        let sent =
            self.post(&format!("{APPLY}/check"), &[("idempotency_key", &key), ("version", &version)]).await;
        assert_eq!(sent.status, 303, "{}", sent.body);
        sent.location().strip_prefix("/confirm/").unwrap().to_owned()
    }
}

pub(crate) const APPLY: &str = "/aid/temporary-aid/apply";

/// Right answers to every page, of synthetic persons.
pub(crate) const PAGES: &[(&str, &[(&str, &str)])] = &[
    (
        "applicant",
        &[
            ("name", "王小明"),
            ("document_kind", "citizen_id"),
            ("document_number", "320205199912319937"),
            ("mobile", "13900001234"),
        ],
    ),
    (
        "address",
        &[
            ("street", "320214050"),
            ("community", "320214050001"),
            ("detail", "新光路 1 号"),
            ("emergency_place", "home"),
        ],
    ),
    (
        "household/aaaaaaaa",
        &[
            ("name", "李大妈"),
            ("relation", "parent"),
            ("document_kind", "citizen_id"),
            ("document_number", "320222194503129909"),
        ],
    ),
    (
        "household/bbbbbbbb",
        &[
            ("name", "王小宝"),
            ("relation", "child"),
            ("document_kind", "citizen_id"),
            ("document_number", "320214201602299914"),
        ],
    ),
    ("household", &[]),
    ("finances", &[("monthly_income", "2600")]),
    ("situation", &[("kind", "emergency"), ("story", "家里失火，没有地方住。"), ("urgency", "today")]),
    ("bank-account", &[("holder", "王小明"), ("number", "6222023200000000011")]),
    ("notice", &[]),
    ("authorisation", &[("way-applicant", "this-phone"), ("way-aaaaaaaa", "link")]),
    ("pledge", &[("agreed", "yes")]),
];
