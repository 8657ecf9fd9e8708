//! Calls after two missed meals: for those who wished it, once, also when two servers look at one moment; on both engines.

#![cfg(test)]

use app::domain::meals::{CallOutcome, CallReport, MealKind};
use app::domain::retention::Retained;
use app::domain::time::Instant;

use super::meals::{DAY, change, dish, documents, eater, keep, order};
use super::meals_ratings::{doing, hand_out};
use super::{NOW, store_test};
use crate::store::meals::orders::MealRefusal;
use crate::store::meals::plans::MealChange;

const HOUR: i64 = 3_600_000;

store_test!(two_meals_missed_in_a_row_make_one_call_for_whoever_wished_it, |store| {
    let dinner = app::domain::meals::NewDish { kind: MealKind::Dinner, ..dish("面", 9) };
    change(&store, "menu", MealChange::Add(&[dish("清蒸鱼", 9), dinner])).await.unwrap();
    let menu = store.meal_menu("xg-01", (DAY, DAY)).await.unwrap();
    let (lunch, dinner) = (menu[0].id.clone(), menu[1].id.clone());
    let mut eaters = Vec::new();
    for (at, document) in documents(4).into_iter().enumerate() {
        let mut new = eater(&document);
        new.care_call = at != 0;
        eaters.push(keep(&store, &new).await);
    }
    let [silent, missed, ate, gave_up] = eaters.as_slice() else { panic!("four") };
    for (at, eater) in eaters.iter().enumerate() {
        order(&store, eater, &[&lunch], &format!("{at}1")).await.unwrap();
        let second = order(&store, eater, &[&dinner], &format!("{at}2")).await.unwrap();
        if eater == ate {
            hand_out(&store, &second).await;
        }
        if eater == gave_up {
            doing(&store, "give-up", async |by| store.cancel_meal(&second, false, by).await).await.unwrap();
        }
    }
    // No times were entered, so a meal is over with its day.
    let midnight = Instant::shanghai_midnight(DAY.tomorrow().unwrap());
    assert_eq!(store.make_meal_calls(midnight).await.unwrap(), 0, "it may yet come in");
    let later = Instant(midnight.0 + 2 * HOUR);
    let another = store.another().await;
    let (one, two) = tokio::join!(store.make_meal_calls(later), another.make_meal_calls(later));
    assert_eq!(one.unwrap() + two.unwrap(), 1);
    let calls = store.meal_calls("320214050", NOW).await.unwrap();
    assert_eq!((calls.len(), &calls[0].eater), (1, missed));
    assert!(store.meal_calls("320214051", NOW).await.unwrap().is_empty(), "another street's");
    assert_ne!(&calls[0].eater, silent);
    let report = CallReport { outcome: CallOutcome::Visited, note: Some("在女儿家".into()) };
    let finish = async |key: &str| {
        doing(&store, key, async |by| store.finish_meal_call(&calls[0].id, &report, by).await).await
    };
    finish("1").await.unwrap();
    finish("1").await.unwrap();
    assert!(matches!(finish("2").await, Err(MealRefusal::Over)));
    assert_eq!(store.make_meal_calls(Instant(later.0 + HOUR)).await.unwrap(), 0, "rung for once");
    let raw: Vec<u8> =
        sqlx::query_scalar("select note from meal_calls").fetch_one(&store.database().await).await.unwrap();
    assert!(!String::from_utf8_lossy(&raw).contains("女儿"));
    let late = Instant(NOW.0 + 400 * 24 * HOUR);
    store.retire(Retained::MealOrders, late, late).await.unwrap();
    assert!(matches!(store.meal_call(&calls[0].id).await, Err(crate::store::StoreError::NotFound)));
    assert!(store.eater(missed).await.is_err(), "and then who eats no more");
});
