//! What people say of a meal: once, of a meal that they ate, and sealed; on both engines.

#![cfg(test)]

use app::domain::meals::{NewRating, Paid, Score};
use app::domain::retention::Retained;
use app::domain::time::Instant;

use super::meals::{DAY, DOCUMENT, change, dish, eater, keep, order};
use super::{NOW, TestStore, owner, store_test};
use crate::store::IdempotencyKey;
use crate::store::audit::Actor;
use crate::store::meals::Doing;
use crate::store::meals::orders::MealRefusal;
use crate::store::meals::plans::MealChange;

/// Does something under a key of that name.
pub(super) async fn doing<T>(store: &TestStore, key: &str, act: impl AsyncFnOnce(&Doing<'_>) -> T) -> T {
    let (key, by) = (IdempotencyKey::new(store, key, "body"), owner("somebody"));
    act(&Doing { actor: &Actor::System, owner: &by, key: &key, now: NOW }).await
}

/// Hands a meal out.
pub(super) async fn hand_out(store: &TestStore, meal: &str) {
    let key = format!("out-{meal}");
    doing(store, &key, async |by| store.hand_out((meal, "xg-01"), Paid::Paid, "cook", by).await)
        .await
        .unwrap();
}

store_test!(a_meal_is_rated_once_after_it_was_handed_out_and_its_words_are_sealed, |store| {
    change(&store, "menu", MealChange::Add(&[dish("清蒸鱼", 5)])).await.unwrap();
    let fish = store.meal_menu("xg-01", (DAY, DAY)).await.unwrap().remove(0).id;
    let elder = keep(&store, &eater(DOCUMENT)).await;
    let meal = order(&store, &elder, &[&fish], "1").await.unwrap();
    let bad = NewRating { score: Score::Bad, word: Some("太咸了".into()) };
    let rate = async |key: &str| doing(&store, key, async |by| store.rate_meal(&meal, &bad, by).await).await;
    assert!(matches!(rate("early").await, Err(MealRefusal::Over)), "it was not eaten");
    hand_out(&store, &meal).await;
    rate("1").await.unwrap();
    rate("1").await.unwrap();
    assert!(matches!(rate("2").await, Err(MealRefusal::Over)));
    let kept = store.ratings_at("xg-01", DAY).await.unwrap();
    assert_eq!((kept.len(), kept[0].word.as_deref(), kept[0].waits()), (1, Some("太咸了"), true));
    assert_eq!(store.ratings_waiting("xg-01").await.unwrap(), 1);
    let raw: Vec<u8> = sqlx::query_scalar("select words from meal_ratings")
        .fetch_one(&store.database().await)
        .await
        .unwrap();
    assert!(!String::from_utf8_lossy(&raw).contains("太咸了"));
    let answer = async |key: &str, point: &str| {
        let at = (point, kept[0].id.as_str());
        doing(&store, key, async |by| store.answer_rating(at, "少放盐", by).await).await
    };
    assert!(matches!(answer("3", "zc-01").await, Err(MealRefusal::Over)), "another point's");
    answer("4", "xg-01").await.unwrap();
    assert!(matches!(answer("5", "xg-01").await, Err(MealRefusal::Over)));
    assert_eq!(store.ratings_waiting("xg-01").await.unwrap(), 0);
    let said = store.rating_of_meal(&meal).await.unwrap().unwrap();
    assert_eq!(said.answered.map(|(_, words)| words).as_deref(), Some("少放盐"));
    let late = Instant(NOW.0 + 400 * 24 * 3_600_000);
    store.retire(Retained::MealOrders, late, late).await.unwrap();
    assert!(store.ratings_at("xg-01", DAY).await.unwrap().is_empty());
});
