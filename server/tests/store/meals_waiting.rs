//! The line for a full dish: first come, first served, one meal to one person whoever gives it, nobody past the line; on both engines.

#![cfg(test)]

use app::domain::meals::{KeptWait, MealMode, WaitState};
use app::domain::retention::Retained;
use app::domain::time::Instant;

use super::meals::{DAY, cancel, change, confirmation, dish, documents, eater, keep, order, tables, taken};
use super::meals_ratings::doing;
use super::{NOW, TestStore, owner, store_test};
use crate::store::audit::Actor;
use crate::store::meals::Doing;
use crate::store::meals::orders::{MealRefusal, WantedMeal};
use crate::store::meals::plans::MealChange;
use crate::store::{IdempotencyKey, Store, StoreError};

async fn join(store: &TestStore, who: &str, dish: &str, second: i64) -> Result<String, MealRefusal> {
    let eater = store.eater(who).await.unwrap();
    let key = IdempotencyKey::new(store, &format!("wait-{who}-{second}"), "body");
    let by = owner(who);
    let now = Instant(NOW.0 + second * 1_000);
    let doing = Doing { actor: &Actor::System, owner: &by, key: &key, now };
    store.join_line(&eater, (dish, MealMode::DineIn), &doing).await
}

async fn give(
    store: &TestStore,
    server: &Store,
    wait: &KeptWait,
    number: &str,
) -> Result<String, MealRefusal> {
    let confirmation = confirmation(store, number).await;
    let wanted = WantedMeal { dish: &wait.dish, mode: wait.mode, number, confirmation: &confirmation };
    let key = IdempotencyKey::new(server, number, "waiting");
    let by = owner("system");
    let doing = Doing { actor: &Actor::System, owner: &by, key: &key, now: NOW };
    server.give_to_waiting(wait, &wanted, &tables(2), &doing).await
}

async fn told(store: &TestStore, template: &str) -> i64 {
    sqlx::query_scalar("select cast(count(*) as bigint) from outbox where template = $1")
        .bind(template)
        .fetch_one(&store.database().await)
        .await
        .unwrap()
}

store_test!(a_freed_meal_goes_to_the_first_in_the_line_once_and_nobody_passes_the_line, |store| {
    change(&store, "menu", MealChange::Add(&[dish("清蒸鱼", 1), dish("面", 9)])).await.unwrap();
    let menu = store.meal_menu("xg-01", (DAY, DAY)).await.unwrap();
    let (fish, noodles) = (menu[0].id.clone(), menu[1].id.clone());
    let mut eaters = Vec::new();
    for document in documents(5) {
        eaters.push(keep(&store, &eater(&document)).await);
    }
    let [one, two, three, four, five] = eaters.as_slice() else { panic!("five") };
    assert!(matches!(join(&store, two, &fish, 1).await, Err(MealRefusal::Over)), "there is one left");
    let meal = order(&store, one, &[&fish], "1").await.unwrap();
    assert!(matches!(join(&store, one, &fish, 1).await, Err(MealRefusal::Twice(_))), "they have theirs");
    let second = join(&store, two, &fish, 2).await.unwrap();
    assert_eq!(join(&store, two, &fish, 2).await.unwrap(), second, "the same form again");
    assert!(matches!(join(&store, two, &fish, 3).await, Err(MealRefusal::Twice(_))));
    let third = join(&store, three, &fish, 4).await.unwrap();
    let place = async |id: &str| store.wait(id).await.unwrap().place;
    assert_eq!((place(&second).await, place(&third).await), (1, 2));
    assert!(store.first_in_lines(DAY).await.unwrap().is_empty(), "nothing is free");
    let stale = store.wait(&second).await.unwrap();
    assert!(matches!(give(&store, &store, &stale, "ZC1").await, Err(MealRefusal::SoldOut(_))));

    cancel(&store, &meal, "1").await.unwrap();
    let past = order(&store, four, &[&fish], "4").await;
    assert!(matches!(past, Err(MealRefusal::SoldOut(_))), "who waits comes first: {past:?}");
    let behind = store.wait(&third).await.unwrap();
    assert!(matches!(give(&store, &store, &behind, "ZC2").await, Err(MealRefusal::Over)), "not their turn");
    let first = store.first_in_lines(DAY).await.unwrap();
    assert_eq!((first.len(), &first[0].0.id), (1, &second));
    let another = store.another().await;
    let (here, there) = tokio::join!(
        give(&store, &store, &first[0].0, "ZC261123000001"),
        give(&store, &another, &first[0].0, "ZC261123000002"),
    );
    assert!(here.is_ok() != there.is_ok(), "{here:?} {there:?}");
    assert_eq!((taken(&store).await, told(&store, "meal_wait_given").await), (1, 1));
    let given = store.wait(&second).await.unwrap();
    assert_eq!((given.state, given.meal.as_deref()), (WaitState::Given, here.or(there).ok().as_deref()));
    assert_eq!(place(&third).await, 1);

    // Whoever declines it gives it up as any meal; whoever ordered something else meanwhile is passed over.
    order(&store, three, &[&noodles], "3").await.unwrap();
    cancel(&store, &given.meal.unwrap(), "2").await.unwrap();
    let last = join(&store, five, &fish, 9).await.unwrap();
    let (next, _) = store.first_in_lines(DAY).await.unwrap().remove(0);
    assert!(matches!(give(&store, &store, &next, "ZC3").await, Err(MealRefusal::Twice(_))));
    store.settle_wait(&next, WaitState::Over, None, NOW).await.unwrap();

    // Behind the cut-off they are rung, and given it by hand.
    let waits = store.wait(&last).await.unwrap();
    let notice = app::domain::notices::Notice::MealWaitStandby { meal: "午饭".into() };
    store.settle_wait(&waits, WaitState::Standby, Some(&notice), NOW).await.unwrap();
    store.settle_wait(&waits, WaitState::Standby, Some(&notice), NOW).await.unwrap();
    assert_eq!(told(&store, "meal_wait_standby").await, 1);
    assert!(store.first_in_lines(DAY).await.unwrap().is_empty(), "nobody is taken for sure to come");
    let lines = store.lines_at("xg-01", DAY).await.unwrap();
    assert_eq!((lines.len(), lines[0].1, lines[0].0.place), (1, 1, 1));
    give(&store, &store, &lines[0].0, "ZC261123000005").await.unwrap();
    assert_eq!(told(&store, "meal_wait_rung").await, 1);
    let leave = doing(&store, "leave", async |by| store.leave_line(&last, WaitState::Left, by).await).await;
    assert!(matches!(leave, Err(MealRefusal::Over)), "they are out of it");

    let late = Instant(NOW.0 + 400 * 24 * 3_600_000);
    store.retire(Retained::MealOrders, late, late).await.unwrap();
    assert!(matches!(store.wait(&last).await, Err(StoreError::NotFound)));
});
