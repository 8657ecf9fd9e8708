//! Meals handed out where there is no network: one meal, two scans, one subsidy, and what differs is seen; on both engines.

#![cfg(test)]

use app::domain::meals::{DeskOutcome, MealState, Paid};
use app::domain::retention::Retained;
use app::domain::time::Instant;

use super::meals::{DAY, change, dish, documents, eater, keep, order};
use super::{NOW, TestStore, owner, store_test};
use crate::store::audit::Actor;
use crate::store::confirmations::ByStaff;
use crate::store::meals::Doing;
use crate::store::meals::desk::DeskScan;
use crate::store::meals::plans::MealChange;
use crate::store::scans::NewScan;
use crate::store::{IdempotencyKey, Store, StoreError};

/// Noon of the meals' day.
fn noon() -> Instant {
    Instant(Instant::shanghai_midnight(DAY).0 + 12 * 3_600_000)
}

fn scan_id(at: usize) -> String {
    format!("{at:032x}")
}

/// A scan of a device at a point, said to be made so many minutes before one in the afternoon.
async fn scan(
    server: &Store,
    (id, meal): (usize, Option<&str>),
    (point, device): (&str, &str),
    minutes: i64,
) -> Result<DeskOutcome, StoreError> {
    let now = Instant(noon().0 + 3_600_000);
    let said_at = Instant(now.0 - minutes * 60_000);
    let id = scan_id(id);
    let new = DeskScan { id: &id, meal, point, device, paid: Paid::Paid, said_at };
    let by = ByStaff { actor: &Actor::System, staff: "cook" };
    Ok(server.take_desk_scan(&new, &by, now).await?.outcome)
}

async fn meals(store: &TestStore, count: usize) -> Vec<String> {
    change(store, "menu", MealChange::Add(&[dish("清蒸鱼", 60)])).await.unwrap();
    let fish = store.meal_menu("xg-01", (DAY, DAY)).await.unwrap().remove(0).id;
    let mut made = Vec::new();
    for (at, document) in documents(count).iter().enumerate() {
        let elder = keep(store, &eater(document)).await;
        made.push(order(store, &elder, &[&fish], &format!("{at}")).await.unwrap());
    }
    made
}

store_test!(one_meal_is_handed_out_once_by_any_devices_and_who_differs_is_seen_at_both_points, |store| {
    let ids = meals(&store, 2).await;
    let (first, second) = (ids[0].as_str(), ids[1].as_str());
    let here = ("xg-01", "device-a");
    for _ in 0..2 {
        assert_eq!(scan(&store, (1, Some(first)), here, 30).await.unwrap(), DeskOutcome::Done, "sent twice");
    }
    assert_eq!(scan(&store, (2, Some(first)), here, 20).await.unwrap(), DeskOutcome::Again);
    assert!(store.desk_conflicts("xg-01").await.unwrap().is_empty());
    let other = ("xg-01", "device-b");
    assert_eq!(scan(&store, (3, Some(first)), other, 45).await.unwrap(), DeskOutcome::Already);
    assert_eq!(scan(&store, (4, Some(second)), ("zc-01", "far"), 10).await.unwrap(), DeskOutcome::Elsewhere);
    assert_eq!(scan(&store, (5, None), here, 10).await.unwrap(), DeskOutcome::Unknown);
    assert!(matches!(scan(&store, (1, Some(first)), ("zc-01", "far"), 1).await, Err(StoreError::Conflict)));
    let kept = store.meal(first).await.unwrap();
    assert_eq!((kept.state, kept.paid, kept.paid_open), (MealState::HandedOut, Some(Paid::Paid), false));
    assert_eq!(kept.handed_at, Some(Instant(noon().0 + 1_800_000)), "by the clock of the device");
    assert_eq!(
        kept.scanned,
        Some((Instant(noon().0 + 900_000), "xg-01".to_owned())),
        "the earlier scan is the use, however late it came"
    );
    assert_eq!(store.meal(second).await.unwrap().state, MealState::Reserved, "not eaten at its own point");
    assert_eq!(store.desk_conflicts("xg-01").await.unwrap().len(), 2);
    let far = store.desk_conflicts("zc-01").await.unwrap();
    assert_eq!((far.len(), far[0].outcome), (1, DeskOutcome::Elsewhere));
    let settle = async |point: &str, key: &str| {
        let key = IdempotencyKey::new(&store, &format!("settle-{key}"), "body");
        let by = owner("cook");
        let doing = Doing { actor: &Actor::System, owner: &by, key: &key, now: noon() };
        store.settle_desk_conflict((&far[0].id, point), &doing).await
    };
    assert!(settle("wz-01", "1").await.is_err(), "a third point's affair it is not");
    settle("zc-01", "2").await.unwrap();
    settle("zc-01", "2").await.unwrap();
    assert!(settle("xg-01", "3").await.is_err());
    assert_eq!(store.desk_conflicts("xg-01").await.unwrap().len(), 1);
    let late = Instant(NOW.0 + 400 * 24 * 3_600_000);
    store.retire(Retained::MealOrders, late, late).await.unwrap();
    let left: i64 = sqlx::query_scalar("select cast(count(*) as bigint) from meal_scans")
        .fetch_one(&store.database().await)
        .await
        .unwrap();
    assert_eq!(left, 0);
});

store_test!(of_six_devices_that_send_one_meal_at_the_same_moment_one_hands_it_out, |store| {
    let meal = meals(&store, 1).await.remove(0);
    let another = store.another().await;
    let mut tries = tokio::task::JoinSet::new();
    for at in 0..6_usize {
        let (server, meal) = (if at % 2 == 0 { store.store.clone() } else { another.clone() }, meal.clone());
        tries.spawn(async move {
            let device = format!("device-{at}");
            scan(&server, (at, Some(&meal)), ("xg-01", &device), 10).await.unwrap()
        });
    }
    let done = tries.join_all().await;
    assert_eq!(done.iter().filter(|outcome| **outcome == DeskOutcome::Done).count(), 1);
    assert_eq!(done.iter().filter(|outcome| **outcome == DeskOutcome::Already).count(), 5);
    assert_eq!(store.desk_conflicts("xg-01").await.unwrap().len(), 5);
});

store_test!(a_counters_scan_hands_the_meal_out_at_its_own_point_and_leaves_the_money_open, |store| {
    let ids = meals(&store, 2).await;
    let scanned = async |meal: &str, id: usize, office: &str| {
        let confirmation = store.meal(meal).await.unwrap().confirmation;
        let (id, said_at) = (scan_id(id), noon());
        let new = NewScan { id: &id, confirmation: &confirmation, said_at, offline: true, office };
        let by = ByStaff { actor: &Actor::System, staff: "cook" };
        store.record_scan(&new, &by, Instant(noon().0 + 60_000)).await.unwrap();
        store.meal(meal).await.unwrap()
    };
    let here = scanned(&ids[0], 1, "xg-01").await;
    assert_eq!((here.state, here.paid, here.paid_open), (MealState::HandedOut, Some(Paid::Unpaid), true));
    assert_eq!(here.handed_at, Some(noon()));
    assert_eq!(scanned(&ids[1], 2, "zc-01").await.state, MealState::Reserved);
    let note = async |paid: Paid, key: &str| {
        let key = IdempotencyKey::new(&store, &format!("paid-{key}"), "body");
        let by = owner("cook");
        let doing = Doing { actor: &Actor::System, owner: &by, key: &key, now: noon() };
        store.note_meal_paid((&ids[0], "xg-01"), paid, &doing).await
    };
    note(Paid::Unpaid, "1").await.unwrap();
    let noted = store.meal(&ids[0]).await.unwrap();
    assert_eq!((noted.paid, noted.paid_open), (Some(Paid::Unpaid), false));
    note(Paid::Paid, "2").await.unwrap();
    assert!(matches!(note(Paid::Waived, "3").await, Err(StoreError::Conflict)), "it is paid");
    assert_eq!(store.meal(&ids[0]).await.unwrap().paid, Some(Paid::Paid));
    // The device that handed out the same meal without knowing learns of it.
    assert_eq!(
        scan(&store, (9, Some(&ids[0])), ("xg-01", "device-a"), 5).await.unwrap(),
        DeskOutcome::Already
    );
});

store_test!(a_print_keeps_what_was_on_paper_once_a_form_and_goes_with_its_meals, |store| {
    let ids = meals(&store, 2).await;
    let print = async |key: &str, at: i64| {
        let key = IdempotencyKey::new(&store, &format!("print-{key}"), "body");
        let by = owner("cook");
        let doing = Doing { actor: &Actor::System, owner: &by, key: &key, now: Instant(noon().0 + at) };
        store.note_print(("xg-01", DAY), &doing).await.unwrap()
    };
    assert!(store.last_print("xg-01", DAY).await.unwrap().is_none());
    let first = print("1", 0).await;
    assert_eq!(print("1", 5).await, first, "the same form again");
    let (at, paper) = store.last_print("xg-01", DAY).await.unwrap().unwrap();
    assert_eq!((at, paper.len()), (noon(), 2));
    assert!(paper.iter().all(|meal| ids.contains(&meal.id) && meal.dish == "清蒸鱼"));
    let fish = store.meal_menu("xg-01", (DAY, DAY)).await.unwrap().remove(0).id;
    change(&store, "other", MealChange::Substitute(&fish, "鱼丸", &["鱼".to_owned()])).await.unwrap();
    let (_, paper) = store.last_print("xg-01", DAY).await.unwrap().unwrap();
    assert!(paper.iter().all(|meal| meal.dish == "清蒸鱼"), "paper stays as it is");
    print("2", 10).await;
    let (at, paper) = store.last_print("xg-01", DAY).await.unwrap().unwrap();
    assert!(at == Instant(noon().0 + 10) && paper.iter().all(|meal| meal.dish == "鱼丸"));
    let late = Instant(NOW.0 + 400 * 24 * 3_600_000);
    store.retire(Retained::MealOrders, late, late).await.unwrap();
    assert!(store.last_print("xg-01", DAY).await.unwrap().is_none());
});
