//! The auditor's sample of meals: the seed's hash comes before the month is over, nobody picks, anybody works it out again.

#![cfg(test)]

use app::domain::aid::random_check::{commitment, drawn, lot};
use app::domain::meals::{MealMonth, Paid, opens_on};
use app::domain::time::Instant;
use jiff::civil::date;

use super::meals::{DAY, change, dish, documents, eater, keep, order};
use super::{NOW, TestStore, owner, store_test};
use crate::store::audit::Actor;
use crate::store::meals::Doing;
use crate::store::meals::checks::numbers_hash;
use crate::store::meals::plans::MealChange;
use crate::store::{IdempotencyKey, StoreError};

fn month() -> MealMonth {
    MealMonth::of(DAY)
}

/// So many meals of the month that were handed out, and one that was not collected.
async fn handed_out(store: &TestStore, count: usize) {
    change(store, "menu", MealChange::Add(&[dish("清蒸鱼", 60)])).await.unwrap();
    let fish = store.meal_menu("xg-01", (DAY, DAY)).await.unwrap().remove(0).id;
    for (at, document) in documents(count + 1).iter().enumerate() {
        let elder = keep(store, &eater(document)).await;
        let meal = order(store, &elder, &[&fish], &format!("{at}")).await.unwrap();
        if at < count {
            let key = IdempotencyKey::new(store, &format!("out-{at}"), "body");
            let by = owner("cook");
            let doing = Doing { actor: &Actor::System, owner: &by, key: &key, now: NOW };
            store.hand_out((&meal, "xg-01"), Paid::Paid, "cook", &doing).await.unwrap();
        }
    }
}

async fn draw(store: &TestStore, key: &str, percent: u8) -> Result<(), StoreError> {
    let key = IdempotencyKey::new(store, &format!("draw-{key}"), "body");
    let by = owner("auditor");
    let now = Instant::shanghai_midnight(opens_on(month()));
    let doing = Doing { actor: &Actor::System, owner: &by, key: &key, now };
    store.draw_meals((month(), percent), "auditor", &doing).await
}

store_test!(a_months_sample_is_drawn_once_by_a_seed_that_was_public_and_is_worked_out_again, |store| {
    handed_out(&store, 7).await;
    let early = draw(&store, "0", 30).await;
    assert!(matches!(early, Err(StoreError::Conflict)), "no seed was public");
    for _ in 0..2 {
        store.keep_meal_seeds(NOW).await.unwrap();
    }
    let seeds = store.meal_seeds().await.unwrap();
    let months: Vec<_> = seeds.iter().map(|(month, _)| month.slug()).collect();
    assert_eq!(months, ["2026-12", "2026-11"], "the next month's hash is public before it begins");
    let public = seeds[1].1.clone();
    draw(&store, "1", 30).await.unwrap();
    draw(&store, "1", 30).await.unwrap();
    assert!(matches!(draw(&store, "2", 100).await, Err(StoreError::Conflict)), "a month is drawn once");
    let check = store.meal_checks().await.unwrap().remove(0);
    assert_eq!((check.month, check.count, check.drawn), (month(), 7, 3), "30 of 100 of seven are three");
    assert_eq!((&check.commitment, check.committed_at), (&public.commitment, NOW));
    assert_eq!(commitment(&check.seed), public.commitment, "the seed is the one whose hash was public");
    let numbers = store.handed_out_numbers(month()).await.unwrap();
    assert_eq!((numbers.len(), &check.numbers_hash), (7, &numbers_hash(&numbers)));
    let asked: Vec<&str> = numbers.iter().map(String::as_str).collect();
    let mut again: Vec<_> =
        drawn(&check.seed, &asked, 30).into_iter().map(|number| (lot(&check.seed, number), number)).collect();
    again.sort_unstable();
    let meals = store.drawn_meals(month()).await.unwrap();
    let shown: Vec<_> = meals.iter().map(|meal| (meal.lot.clone(), meal.number.as_str())).collect();
    assert_eq!(shown, again, "anybody works out the same");
    for meal in &meals {
        let (kept, who) = meal.meal.as_ref().unwrap();
        assert_eq!((kept.number.as_str(), who.as_str()), (meal.number.as_str(), "李＊＊"));
        assert_eq!(meal.handed.as_ref().map(|deed| (deed.by.as_str(), deed.at)), Some(("cook", NOW)));
        assert!(meal.used.is_some() && !meal.offline && !meal.walk_in && meal.conflicts == 0);
    }
    assert_eq!(store.noted("meals_drawn", "2026-11").await, 1);
});

store_test!(a_seed_that_was_made_after_the_month_draws_nothing_and_it_lies_sealed, |store| {
    handed_out(&store, 2).await;
    let late = Instant::shanghai_midnight(date(2026, 12, 1));
    store.keep_meal_seeds(late).await.unwrap();
    assert!(matches!(draw(&store, "1", 50).await, Err(StoreError::Conflict)), "only December's was made");
    sqlx::query("update meal_check_seeds set month = '2026-11' where month = '2026-12'")
        .execute(&store.database().await)
        .await
        .unwrap();
    assert!(matches!(draw(&store, "2", 50).await, Err(StoreError::Conflict)), "it was not public in time");
    let sealed: Vec<Vec<u8>> = sqlx::query_scalar("select seed from meal_check_seeds")
        .fetch_all(&store.database().await)
        .await
        .unwrap();
    assert!(sealed.iter().all(|seed| String::from_utf8(seed.clone()).is_err() || seed.len() > 64));
    assert!(store.meal_checks().await.unwrap().is_empty());
});
