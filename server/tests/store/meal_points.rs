//! The day of all points in counts: nothing counted twice, nothing of another day; on both engines.

#![cfg(test)]

use app::domain::meals::{MealClosure, NewRating, Paid, PointDay, Score};
use app::domain::time::Instant;

use super::meals::{DAY, change, dish, documents, eater, keep, order};
use super::{owner, store_test};
use crate::store::IdempotencyKey;
use crate::store::audit::Actor;
use crate::store::confirmations::ByStaff;
use crate::store::meals::Doing;
use crate::store::meals::desk::DeskScan;
use crate::store::meals::plans::MealChange;

store_test!(the_figures_of_a_day_are_those_of_its_meals_and_a_conflict_is_both_points, |store| {
    change(&store, "menu", MealChange::Add(&[dish("清蒸鱼", 5)])).await.unwrap();
    let fish = store.meal_menu("xg-01", (DAY, DAY)).await.unwrap().remove(0).id;
    let mut ids = Vec::new();
    for (at, document) in documents(3).iter().enumerate() {
        let elder = keep(&store, &eater(document)).await;
        ids.push(order(&store, &elder, &[&fish], &format!("{at}")).await.unwrap());
    }
    let noon = Instant(Instant::shanghai_midnight(DAY).0 + 12 * 3_600_000);
    let by = owner("cook");
    let key = IdempotencyKey::new(&store.store, "out-1", "body");
    let doing = Doing { actor: &Actor::System, owner: &by, key: &key, now: noon };
    store.hand_out((&ids[0], "xg-01"), Paid::Paid, "cook", &doing).await.unwrap();
    let key = IdempotencyKey::new(&store.store, "rate-1", "body");
    let rating = NewRating { score: Score::Bad, word: Some("太硬了".into()) };
    store.rate_meal(&ids[0], &rating, &Doing { key: &key, ..doing }).await.unwrap();
    // One scan at the same point, one at another: two conflicts here, one there.
    for (at, (meal, point)) in [(&ids[0], "xg-01"), (&ids[1], "zc-01")].into_iter().enumerate() {
        let id = format!("{at:032x}");
        let scan =
            DeskScan { id: &id, meal: Some(meal), point, device: "d", paid: Paid::Paid, said_at: noon };
        store.take_desk_scan(&scan, &ByStaff { actor: &Actor::System, staff: "cook" }, noon).await.unwrap();
    }
    let closure = MealClosure { id: String::new(), day: DAY.tomorrow().unwrap(), reason: "修灶".into() };
    change(&store, "close", MealChange::Close(&closure)).await.unwrap();
    let today = store.points_today(noon).await.unwrap();
    let expected = PointDay {
        reserved: 3,
        handed_out: 1,
        left: 2,
        conflicts: 2,
        bad: 1,
        unanswered: 1,
        closing: vec![(closure.day, "修灶".into())],
        ..PointDay::default()
    };
    assert_eq!(today["xg-01"], expected);
    assert_eq!(today["zc-01"], PointDay { conflicts: 1, ..PointDay::default() });
    let next = store.points_today(Instant(noon.0 + 24 * 3_600_000)).await.unwrap();
    assert_eq!((next["xg-01"].reserved, next["xg-01"].closed.as_deref()), (0, Some("修灶")));
    assert_eq!(next["xg-01"].conflicts, 2, "what nobody looked at stays");
});
