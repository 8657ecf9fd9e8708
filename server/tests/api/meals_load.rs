//! The hour before the cut-off: everybody orders for tomorrow, each with an account of their own, through the whole server on SQLite.

#![cfg(test)]

use std::sync::Arc;
use std::time::{Duration, Instant as Moment};

use app::domain::meals::{EaterForm, MealKind, NewDish, Service};
use app::domain::money::Fen;
use app::domain::time::Instant;
use jiff::civil::date;
use reqwest::header::ORIGIN;

use super::TestApp;
use crate::seal::random_secret;
use crate::store::IdempotencyKey;
use crate::store::audit::Actor;
use crate::store::meals::Doing;
use crate::store::meals::plans::MealChange;
use crate::store_tests::NOW;
use crate::store_tests::residents::account;

/// How many order: in `make test`, and in `make soak`.
const ORDERS: (usize, usize) = (180, 12_000);

/// The dish of each point is cooked so many times: together as often as there are orders.
const POINTS: usize = 12;

/// So many orders are under way at a time. The hour itself has three and a half a second.
const AT_ONCE: usize = 2;

const HOUR_MS: usize = 3_600_000;

/// Documents that are made up, all valid and all different.
fn documents(count: usize) -> Vec<String> {
    let weights = [7_u32, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
    let body = |at: usize| {
        format!(
            "320214{}{:02}{:02}{:03}",
            1940 + at % 25,
            1 + at / 25 % 12,
            1 + at / 300 % 28,
            100 + at / 8_400
        )
    };
    let check = |body: &str| {
        let sum: u32 =
            body.bytes().zip(weights).map(|(digit, weight)| u32::from(digit - b'0') * weight).sum();
        "10X98765432".chars().nth(usize::try_from(sum % 11).unwrap()).unwrap()
    };
    (0..count).map(body).map(|body| format!("{body}{}", check(&body))).collect()
}

/// Somebody who orders: their session's cookie, and where.
struct Elder {
    cookie: String,
    point: usize,
}

/// A point's dish for tomorrow, cooked so many times, to be ordered until an hour from now.
async fn cook(app: &TestApp, point: &str, quota: usize) -> String {
    let store = app.site.store();
    // It is 14:05.
    let lunch =
        Service { kind: MealKind::Lunch, starts: 660, ends: 780, cutoff_days: 1, cutoff: 14 * 60 + 5 + 60 };
    let dish = NewDish {
        day: date(2026, 11, 24),
        kind: MealKind::Lunch,
        name: "清蒸鱼".into(),
        price: Fen(1_200),
        quota: i64::try_from(quota).unwrap(),
        tags: Vec::new(),
        ingredients: vec!["鱼".into()],
    };
    let owner = app::visit::Owner("cook".into());
    for (name, change) in
        [("s", MealChange::Service(&lunch)), ("d", MealChange::Add(std::slice::from_ref(&dish)))]
    {
        let key = IdempotencyKey::new(store, &format!("load-{name}-{point}"), "body");
        let doing = Doing { actor: &Actor::System, owner: &owner, key: &key, now: NOW };
        store.change_meal_plan(point, &change, &doing).await.unwrap();
    }
    store.meal_menu(point, (dish.day, dish.day)).await.unwrap().remove(0).id
}

/// An account, signed in, that eats.
async fn elder(app: &TestApp, at: usize, document: &str) -> Elder {
    let token = random_secret().unwrap();
    let resident = account(&app.store, &format!("139{at:08}"), &token).await;
    let form = EaterForm {
        name: "李大妈".into(),
        document_number: document.into(),
        street: "320214050".into(),
        community: "320214050001".into(),
        detail: "新光路 1 号".into(),
        huji: "city".into(),
        seen: "yes".into(),
        ..EaterForm::default()
    };
    let new = form.parse(NOW.shanghai_date()).unwrap();
    let store = app.site.store();
    let owner = app::visit::Owner("worker".into());
    let key = IdempotencyKey::new(store, &format!("load-eater-{at}"), "body");
    let doing = Doing { actor: &Actor::System, owner: &owner, key: &key, now: NOW };
    let eater = store.keep_eater(&new, None, &doing).await.unwrap();
    let key = IdempotencyKey::new(store, &format!("load-link-{at}"), "body");
    store.link_eater(&eater, &resident, &Doing { key: &key, ..doing }).await.unwrap();
    Elder { cookie: format!("xw_session={token}"), point: at % POINTS }
}

/// How long the orders took: the middle one, and what 95 and 99 of 100 stayed below.
#[derive(Debug)]
struct Took {
    p50: Duration,
    p95: Duration,
    p99: Duration,
}

fn took(mut times: Vec<Duration>) -> Took {
    times.sort_unstable();
    let at = |share: usize| times[(times.len() * share).div_ceil(100).saturating_sub(1)];
    Took { p50: at(50), p95: at(95), p99: at(99) }
}

/// Lets so many order, each once and all at their place of the hour; nothing is lost, doubled or oversold.
async fn an_hour(orders: usize) -> Took {
    let app = TestApp::start().await;
    let points: Vec<String> =
        app.site.meals().points.iter().take(POINTS).map(|point| point.code.clone()).collect();
    let mut dishes = Vec::new();
    for point in &points {
        dishes.push(cook(&app, point, orders / POINTS).await);
    }
    let mut elders = Vec::with_capacity(orders);
    for (at, document) in documents(orders).iter().enumerate() {
        elders.push(elder(&app, at, document).await);
    }
    let fields = |elder: &Elder| {
        let key = random_secret().unwrap();
        let mut body = form_urlencoded::Serializer::new(String::new());
        body.extend_pairs([
            ("idempotency_key", key.as_str()),
            ("pick-2026-11-24-lunch", dishes[elder.point].as_str()),
            ("mode", "dine_in"),
        ]);
        body.finish()
    };
    let requests: Vec<_> = elders
        .iter()
        .map(|elder| {
            app.request("POST", &format!("/meals/{}/reserve", points[elder.point]))
                .header(ORIGIN, &app.site.settings().base_url)
                .header("content-type", "application/x-www-form-urlencoded")
                .header("cookie", &elder.cookie)
                .body(fields(elder))
        })
        .collect();
    let queue = Arc::new(tokio::sync::Mutex::new(requests.into_iter().enumerate()));
    let mut clients = tokio::task::JoinSet::new();
    for _ in 0..AT_ONCE {
        let (queue, clock) = (queue.clone(), app.clock.clone());
        clients.spawn(async move {
            let mut times = Vec::new();
            loop {
                let Some((at, request)) = queue.lock().await.next() else { return times };
                let now = Instant(NOW.0 + i64::try_from(at * HOUR_MS / orders).unwrap());
                clock.set(now);
                let began = Moment::now();
                let answer = request.send().await.unwrap();
                times.push(began.elapsed());
                let status = answer.status().as_u16();
                assert_eq!(status, 303, "{}", answer.text().await.unwrap());
            }
        });
    }
    let times: Vec<Duration> = clients.join_all().await.into_iter().flatten().collect();
    assert_eq!(times.len(), orders);
    let database = app.database().await;
    let count =
        async |query: &'static str| sqlx::query_scalar::<_, i64>(query).fetch_one(&database).await.unwrap();
    let all = i64::try_from(orders).unwrap();
    assert_eq!(count("select count(*) from meal_orders where state = 'reserved'").await, all);
    assert_eq!(count("select count(distinct eater) from meal_orders").await, all, "one each");
    assert_eq!(count("select cast(sum(taken) as bigint) from meal_dishes").await, all);
    assert_eq!(
        count("select count(*) from meal_dishes where taken <> quota").await,
        0,
        "to the last portion"
    );
    assert_eq!(count("select count(*) from confirmations where kind = 'meal'").await, all);
    let took = took(times);
    println!(
        "{orders} orders, {AT_ONCE} at a time: p50 {:?}, p95 {:?}, p99 {:?}",
        took.p50, took.p95, took.p99
    );
    took
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_hour_before_the_cut_off_takes_every_order_once_and_nothing_is_oversold() {
    an_hour(ORDERS.0).await;
}

/// Only `make soak` builds it; it holds the budget of 12,000 orders in the hour before the cut-off.
#[cfg(feature = "soak")]
mod soak {
    use super::*;

    /// What 99 of 100 orders take at most.
    const P99: Duration = Duration::from_millis(100);

    #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
    async fn twelve_thousand_orders() {
        let took = an_hour(ORDERS.1).await;
        assert!(took.p99 <= P99, "{took:?}");
    }
}
