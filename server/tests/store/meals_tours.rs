//! Tours: a door closes once, its minutes are kept as an event, and the time bank takes each event up once; on both engines.

#![cfg(test)]

use app::domain::meals::{MealMode, MealState, Paid};
use app::domain::time::Instant;
use app::domain::timebank::{AccountKind, preset};

use super::meals::{DAY, change, confirmation, dish, documents, eater, keep, tables};
use super::residents::account;
use super::time_needs::{balance, register};
use super::{NOW, TestStore, owner, store_test};
use crate::store::IdempotencyKey;
use crate::store::audit::Actor;
use crate::store::meals::Doing;
use crate::store::meals::orders::{MealRefusal, WantedMeal};
use crate::store::meals::plans::MealChange;
use crate::store::meals::tours::AtDoor;
use crate::store::timebank::Need;

/// Deliveries of so many people.
async fn deliveries(store: &TestStore, count: usize) -> Vec<String> {
    change(store, "menu", MealChange::Add(&[dish("清蒸鱼", 60)])).await.unwrap();
    let fish = store.meal_menu("xg-01", (DAY, DAY)).await.unwrap().remove(0).id;
    let mut made = Vec::new();
    for (at, document) in documents(count).iter().enumerate() {
        let elder = keep(store, &eater(document)).await;
        let number = format!("ZC261123{at:06}");
        let confirmation = confirmation(store, &number).await;
        let wanted = [WantedMeal {
            dish: &fish,
            mode: MealMode::Delivery,
            number: &number,
            confirmation: &confirmation,
        }];
        let key = IdempotencyKey::new(store, &format!("order-{at}"), "body");
        let by = owner(&elder);
        let doing = Doing { actor: &Actor::System, owner: &by, key: &key, now: NOW };
        made.push(store.reserve_meals(&elder, &wanted, &tables(2), &doing).await.unwrap());
    }
    made
}

/// So many seconds after the meals' noon.
fn at(seconds: i64) -> Instant {
    Instant(Instant::shanghai_midnight(DAY).0 + 12 * 3_600_000 + seconds * 1_000)
}

async fn assign(
    store: &TestStore,
    volunteer: &str,
    meals: &[String],
    key: &str,
) -> Result<String, MealRefusal> {
    let key = IdempotencyKey::new(store, &format!("tour-{key}"), "body");
    let by = owner("cook");
    let doing = Doing { actor: &Actor::System, owner: &by, key: &key, now: at(0) };
    store.assign_tour(("xg-01", DAY), volunteer, meals, &doing).await
}

async fn begin(store: &TestStore, tour: &str) {
    let key = IdempotencyKey::new(store, &format!("begin-{tour}"), "body");
    let by = owner("cook");
    let doing = Doing { actor: &Actor::System, owner: &by, key: &key, now: at(0) };
    store.begin_tour(tour, &doing).await.unwrap();
}

async fn door(
    store: &TestStore,
    (tour, meal): (&str, &str),
    (how, seconds): (AtDoor, i64),
    key: &str,
) -> Result<(), MealRefusal> {
    let key = IdempotencyKey::new(store, &format!("door-{key}"), "body");
    let by = owner("volunteer");
    let doing = Doing { actor: &Actor::System, owner: &by, key: &key, now: at(seconds) };
    store.close_delivery((tour, meal), how, &doing).await
}

store_test!(a_tour_is_given_whole_once_and_what_was_not_brought_comes_back, |store| {
    let meals = deliveries(&store, 3).await;
    let who = account(&store, "13900001234", "t1").await;
    let tour = assign(&store, &who, &meals[..2], "1").await.unwrap();
    assert_eq!(assign(&store, &who, &meals[..2], "1").await.unwrap(), tour, "the same form again");
    assert!(matches!(assign(&store, &who, &meals[1..], "2").await, Err(MealRefusal::Over)));
    assert_eq!(store.meal(&meals[2]).await.unwrap().tour, None, "none of them");
    let early = door(&store, (&tour, &meals[0]), (AtDoor::Code, 60), "1").await;
    assert!(matches!(early, Err(MealRefusal::Over)), "nobody has gone yet");
    begin(&store, &tour).await;
    door(&store, (&tour, &meals[0]), (AtDoor::Code, 60), "2").await.unwrap();
    let strange = door(&store, (&tour, &meals[2]), (AtDoor::Code, 60), "3").await;
    assert!(matches!(strange, Err(MealRefusal::Over)), "of no tour");
    let kept = store.meal(&meals[0]).await.unwrap();
    assert_eq!((kept.state, kept.paid, kept.paid_open), (MealState::HandedOut, Some(Paid::Unpaid), true));
    assert_eq!(kept.scanned.map(|(when, _)| when), Some(at(60)), "its code is used");
    let back = async |key: &str| {
        let key = IdempotencyKey::new(&store, &format!("back-{key}"), "body");
        let by = owner("cook");
        let doing = Doing { actor: &Actor::System, owner: &by, key: &key, now: at(90) };
        store.take_tour_back((&tour, "xg-01"), &doing).await
    };
    back("1").await.unwrap();
    assert!(matches!(back("2").await, Err(MealRefusal::Over)));
    assert_eq!(store.tours_of(&who, DAY).await.unwrap().len(), 1, "what was brought stays");
    let other = assign(&store, &who, &meals[1..], "3").await.unwrap();
    assert_eq!(store.tours_at("xg-01", DAY).await.unwrap().len(), 2);
    assert_ne!(other, tour);
});

store_test!(an_event_waits_for_its_volunteer_and_is_credited_once_with_every_minute_of_the_walk, |store| {
    let meals = deliveries(&store, 4).await;
    let who = account(&store, "13900001234", "t1").await;
    let rules = preset("default").unwrap();
    let tour = assign(&store, &who, &meals, "1").await.unwrap();
    begin(&store, &tour).await;
    for (meal, seconds) in [(0, 630), (1, 655), (2, 665)] {
        let key = format!("{meal}");
        door(&store, (&tour, &meals[meal]), (AtDoor::Code, seconds), &key).await.unwrap();
        door(&store, (&tour, &meals[meal]), (AtDoor::Code, seconds), &key).await.unwrap();
    }
    let again = door(&store, (&tour, &meals[0]), (AtDoor::Code, 700), "again").await;
    assert!(matches!(again, Err(MealRefusal::Over)));
    let later = Instant(at(0).0 + 40 * 24 * 3_600_000);
    assert_eq!(store.consume_service_events(rules, later).await.unwrap(), 0, "nobody of the register");
    register(&store, &who).await;
    let (here, there) = (store.store.clone(), store.another().await);
    let (one, other) =
        tokio::join!(here.consume_service_events(rules, later), there.consume_service_events(rules, later));
    assert_eq!(one.unwrap() + other.unwrap(), 3, "each once, also by two servers at once");
    assert_eq!(
        balance(&store, &who, AccountKind::Person).await,
        11,
        "665 seconds are 11 minutes, of which no door loses one"
    );
    assert_eq!(store.consume_service_events(rules, later).await.unwrap(), 0);
    let given = store.given_services(&who).await.unwrap();
    assert_eq!(given.iter().filter_map(Need::true_minutes).sum::<i64>(), 11);

    door(&store, (&tour, &meals[3]), (AtDoor::Staff, 1_300), "staff").await.unwrap();
    assert_eq!(store.consume_service_events(rules, later).await.unwrap(), 1);
    assert_eq!(
        balance(&store, &who, AccountKind::Person).await,
        11,
        "without the code it waits for somebody's word"
    );
    let waiting: i64 = sqlx::query_scalar(
        "select cast(count(*) as bigint) from time_needs where state = 'ended' and proof = 'staff'",
    )
    .fetch_one(&store.database().await)
    .await
    .unwrap();
    assert_eq!(waiting, 1);
});
