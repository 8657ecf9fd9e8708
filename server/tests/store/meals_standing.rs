//! Standing orders: one for each weekday and meal, each day placed once whoever tries, a pause that gives the meals back; on both
//! engines.

#![cfg(test)]

use app::domain::meals::{
    KeptEater, MealKind, MealMode, NewStanding, Pause, Service, Standing, StandingDay, Weekdays,
};
use app::domain::retention::Retained;
use app::domain::time::Instant;

use super::meals::{DAY, DOCUMENT, change, confirmation, dish, eater, keep, tables, taken};
use super::meals_ratings::doing;
use super::{NOW, TestStore, owner, store_test};
use crate::store::audit::Actor;
use crate::store::meals::Doing;
use crate::store::meals::orders::{MealRefusal, WantedMeal};
use crate::store::meals::plans::MealChange;
use crate::store::meals::standing::StandingChange;
use crate::store::{IdempotencyKey, Store};

fn tuesdays() -> NewStanding {
    NewStanding {
        point: "xg-01".into(),
        kind: MealKind::Lunch,
        mode: MealMode::DineIn,
        weekdays: Weekdays::from_bits(0b10).unwrap(),
        usual: Some("清蒸鱼".into()),
        skip_holidays: false,
    }
}

async fn make(server: &Store, eater: &KeptEater, key: &str) -> Result<String, MealRefusal> {
    let key = IdempotencyKey::new(server, &format!("standing-{key}"), "body");
    let by = owner("elder");
    let doing = Doing { actor: &Actor::System, owner: &by, key: &key, now: NOW };
    server.make_standing(eater, &tuesdays(), &doing).await
}

async fn place(
    store: &TestStore,
    server: &Store,
    (standing, fish, number): (&Standing, &str, &str),
) -> Result<(), MealRefusal> {
    let confirmation = confirmation(store, number).await;
    let wanted = WantedMeal { dish: fish, mode: MealMode::DineIn, number, confirmation: &confirmation };
    let key = IdempotencyKey::new(server, number, "standing");
    let by = owner("elder");
    let doing = Doing { actor: &Actor::System, owner: &by, key: &key, now: NOW };
    server.place_standing((standing, DAY), &wanted, &tables(2), &doing).await
}

store_test!(a_day_is_placed_once_whoever_tries_and_a_pause_gives_it_back, |store| {
    let lunch = Service { kind: MealKind::Lunch, starts: 660, ends: 780, cutoff_days: 0, cutoff: 570 };
    change(&store, "times", MealChange::Service(&lunch)).await.unwrap();
    change(&store, "menu", MealChange::Add(&[dish("清蒸鱼", 3)])).await.unwrap();
    let fish = store.meal_menu("xg-01", (DAY, DAY)).await.unwrap().remove(0).id;
    let id = keep(&store, &eater(DOCUMENT)).await;
    let who = store.eater(&id).await.unwrap();
    let another = store.another().await;
    let (one, two) = tokio::join!(make(&store, &who, "1"), make(&another, &who, "2"));
    assert!(one.is_ok() != two.is_ok(), "one for a weekday: {one:?} {two:?}");
    let order = one.or(two).unwrap();
    assert_eq!(store.all_standing().await.unwrap().len(), 1);
    let (standing, by) = store.standing(&order).await.unwrap();
    assert_eq!((standing.what.clone(), by), (tuesdays(), owner("elder").0));

    store.standing_failed((&standing, DAY), StandingDay::Full, NOW).await.unwrap();
    store.standing_failed((&standing, DAY), StandingDay::NoMenu, NOW).await.unwrap();
    let days = store.standing_days(&order, DAY).await.unwrap();
    assert_eq!((days.len(), days[0].what), (1, StandingDay::Full), "told once");
    let told = async |template: &str| {
        let count: i64 =
            sqlx::query_scalar("select cast(count(*) as bigint) from outbox where template = $1")
                .bind(template)
                .fetch_one(&store.database().await)
                .await
                .unwrap();
        count
    };
    assert_eq!(told("meal_standing_failed").await, 1);

    let (one, two) = tokio::join!(
        place(&store, &store, (&standing, &fish, "ZC261123000001")),
        place(&store, &another, (&standing, &fish, "ZC261123000002")),
    );
    assert!(one.is_ok() != two.is_ok(), "{one:?} {two:?}");
    assert!(matches!(one.and(two), Err(MealRefusal::Twice(_))));
    assert_eq!((taken(&store).await, told("meal_standing_placed").await), (1, 1));
    store.standing_failed((&standing, DAY), StandingDay::Twice, NOW).await.unwrap();
    assert_eq!(store.standing_days(&order, DAY).await.unwrap()[0].what, StandingDay::Ordered);

    let alter = async |key: &str, change| {
        doing(&store, key, async |by| store.change_standing((&order, &id), change, by).await).await
    };
    let pause = StandingChange::Pause(Pause { from: DAY, to: Some(DAY) });
    assert_eq!(alter("pause", pause).await.unwrap(), 1);
    assert_eq!(alter("pause", pause).await.unwrap(), 1, "the same form again");
    assert_eq!(taken(&store).await, 0);
    let refused = place(&store, &store, (&standing, &fish, "ZC261123000003")).await;
    assert!(matches!(refused, Err(MealRefusal::Over)), "a round that read it before the pause");
    assert_eq!(alter("resume", StandingChange::Resume).await.unwrap(), 0);
    place(&store, &store, (&standing, &fish, "ZC261123000004")).await.unwrap();
    assert_eq!(taken(&store).await, 1);
    let elsewhere = doing(&store, "other", async |by| {
        store.change_standing((&order, "another"), StandingChange::End, by).await
    });
    assert!(matches!(elsewhere.await, Err(MealRefusal::Over)));
    assert_eq!(alter("end", StandingChange::End).await.unwrap(), 1);
    assert_eq!(taken(&store).await, 0);
    assert!(matches!(alter("end-2", StandingChange::End).await, Err(MealRefusal::Over)));
    make(&store, &who, "3").await.unwrap();

    // The ended one goes with its time; the one that goes on stays, and whose it is.
    let late = Instant(NOW.0 + 400 * 24 * 3_600_000);
    store.retire(Retained::MealOrders, late, late).await.unwrap();
    let left: i64 = sqlx::query_scalar("select cast(count(*) as bigint) from meal_standing")
        .fetch_one(&store.database().await)
        .await
        .unwrap();
    assert_eq!(left, 1);
    assert!(store.eater(&id).await.is_ok());
});
