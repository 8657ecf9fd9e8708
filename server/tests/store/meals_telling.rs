//! What a point's changes mean for those who have ordered; on both engines.

#![cfg(test)]

use app::domain::meals::{MealClosure, MealState};

use super::meals::{
    DAY, DOCUMENT, cancel, change, confirmation, dish, documents, eater, keep, order, order_one, taken,
};
use super::residents::account;
use super::{NOW, TestStore, store_test};
use crate::store::meals::orders::MealRefusal;
use crate::store::meals::plans::MealChange;

/// How many messages of a template wait to be sent, by channel.
pub(super) async fn told(store: &TestStore, template: &str, channel: &str) -> i64 {
    sqlx::query_scalar("select cast(count(*) as bigint) from outbox where template = $1 and channel = $2")
        .bind(template)
        .bind(channel)
        .fetch_one(&store.database().await)
        .await
        .unwrap()
}

fn closure() -> MealClosure {
    MealClosure { id: String::new(), day: DAY, reason: "修灶".into() }
}

store_test!(a_closed_day_ends_every_meal_once_tells_each_and_nobody_missed_it, |store| {
    change(&store, "menu", MealChange::Add(&[dish("清蒸鱼", 5)])).await.unwrap();
    let fish = store.meal_menu("xg-01", (DAY, DAY)).await.unwrap().remove(0).id;
    let mut numbers = documents(3).into_iter();
    // One with a mobile, one with nothing but a door, one with an account.
    let by_mobile = keep(&store, &eater(&numbers.next().unwrap())).await;
    let mut at_home = eater(&numbers.next().unwrap());
    at_home.person.phone = String::new();
    at_home.phone = None;
    let at_home = keep(&store, &at_home).await;
    let online = keep(&store, &eater(DOCUMENT)).await;
    let account = account(&store, "13900005678", "t1").await;
    sqlx::query("update meal_eaters set resident = $1 where id = $2")
        .bind(&account)
        .bind(&online)
        .execute(&store.database().await)
        .await
        .unwrap();
    let meals = [
        order(&store, &by_mobile, &[&fish], "1").await.unwrap(),
        order(&store, &at_home, &[&fish], "2").await.unwrap(),
        order(&store, &online, &[&fish], "3").await.unwrap(),
    ];
    change(&store, "close", MealChange::Close(&closure())).await.unwrap();
    change(&store, "close", MealChange::Close(&closure())).await.unwrap();
    for meal in &meals {
        let kept = store.meal(meal).await.unwrap();
        assert_eq!((kept.state, kept.by_point), (MealState::Cancelled, true));
        let code = store.confirmation(&kept.confirmation).await.unwrap().unwrap();
        assert_eq!(code.state(NOW), app::domain::confirm::check::CheckState::Cancelled);
    }
    assert_eq!(taken(&store).await, 0);
    assert_eq!(
        told(&store, "meal_closed", "text").await,
        2,
        "each once, however often the button was pressed"
    );
    assert_eq!(told(&store, "meal_closed", "letter").await, 1);
    let inbox = store.inbox(&account).await.unwrap();
    assert!(inbox.iter().any(|notice| notice.text.contains("11月24日午饭") && notice.text.contains("修灶")));
    assert_eq!(store.meals_ended("xg-01", DAY).await.unwrap(), [(DAY, 3)]);
    assert!(matches!(cancel(&store, &meals[0], "late").await, Err(MealRefusal::Over)));
    assert!(matches!(order(&store, &online, &[&fish], "4").await, Err(MealRefusal::Over)), "it is closed");
    let live = store.meals_at("xg-01", DAY).await.unwrap();
    assert!(live.is_empty(), "nothing is left that the month's sums would count as missed");

    let id = store.meal_closures("xg-01", DAY).await.unwrap().remove(0).id;
    change(&store, "open", MealChange::Reopen(&id)).await.unwrap();
    assert_eq!(told(&store, "meal_open_again", "text").await, 2);
    order(&store, &online, &[&fish], "5").await.unwrap();
    assert_eq!(taken(&store).await, 1);
});

store_test!(orders_and_a_closing_at_one_moment_leave_nobody_before_a_closed_door, |store| {
    change(&store, "menu", MealChange::Add(&[dish("清蒸鱼", 30)])).await.unwrap();
    let fish = store.meal_menu("xg-01", (DAY, DAY)).await.unwrap().remove(0).id;
    let mut eaters = Vec::new();
    for document in documents(8) {
        eaters.push(keep(&store, &eater(&document)).await);
    }
    let another = store.another().await;
    let mut tries = tokio::task::JoinSet::new();
    for (at, eater) in eaters.into_iter().enumerate() {
        let server = if at % 2 == 0 { store.store.clone() } else { another.clone() };
        let (number, fish) = (format!("ZC261123{at:06}"), fish.clone());
        let confirmation = confirmation(&store, &number).await;
        tries.spawn(
            async move { order_one(&server, &eater, (&fish, &number, &confirmation)).await.map(drop) },
        );
    }
    change(&store, "close", MealChange::Close(&closure())).await.unwrap();
    for tried in tries.join_all().await {
        assert!(matches!(tried, Ok(()) | Err(MealRefusal::Over)), "{tried:?}");
    }
    assert_eq!(taken(&store).await, 0);
    assert!(store.meals_at("xg-01", DAY).await.unwrap().is_empty());
});

store_test!(another_dish_is_told_and_whoever_must_not_eat_it_reads_so, |store| {
    change(&store, "menu", MealChange::Add(&[dish("清蒸鱼", 5)])).await.unwrap();
    let fish = store.meal_menu("xg-01", (DAY, DAY)).await.unwrap().remove(0).id;
    let mut numbers = documents(2).into_iter();
    let avoids = keep(&store, &eater(&numbers.next().unwrap())).await;
    let mut eats_all = eater(&numbers.next().unwrap());
    eats_all.avoid = Vec::new();
    let eats_all = keep(&store, &eats_all).await;
    order(&store, &avoids, &[&fish], "1").await.unwrap();
    order(&store, &eats_all, &[&fish], "2").await.unwrap();
    change(&store, "other", MealChange::Substitute(&fish, "宫保鸡丁", &["鸡肉".into(), "花生".into()]))
        .await
        .unwrap();
    assert_eq!(told(&store, "meal_substituted", "text").await, 1);
    assert_eq!(told(&store, "meal_substituted_avoided", "text").await, 1);
});
