//! The door of an office: each couple one number, each number one couple, and nobody called twice, whoever presses at once.

#![cfg(test)]

use app::domain::cancellation::CancelReason;
use app::domain::confirm::check::CheckState;
use app::domain::marriage::{DoorAct, Matter, VisitState};
use app::domain::time::Instant;

use super::marriage_bookings::{DAY, MAN, SECRET, WOMAN, agree, count, couple, hold, slot, tell};
use super::{NOW, TestStore, owner, store_test};
use crate::store::audit::Actor;
use crate::store::confirmations::ByStaff;
use crate::store::standards::Doer;
use crate::store::{IdempotencyKey, Store, StoreError};

/// A moment of the day of the appointments.
fn at(hour: i64, minute: i64) -> Instant {
    Instant(Instant::shanghai_midnight(DAY).0 + (hour * 60 + minute) * 60_000)
}

fn clerk() -> Actor {
    Actor::Staff { id: "clerk".into(), post: "marriage_clerk@a".into() }
}

async fn arrive(store: &Store, booking: &str, key: &str, now: Instant) -> Result<i64, StoreError> {
    let (key, actor) = (IdempotencyKey::new(store, key, "body"), clerk());
    let doer = Doer { id: "clerk", actor: &actor };
    store.arrive_marriage_couple(("a", booking), doer, &key, now).await
}

async fn walk_in(store: &Store, key: &str, now: Instant) -> i64 {
    let (key, actor) = (IdempotencyKey::new(store, key, "body"), clerk());
    let doer = Doer { id: "clerk", actor: &actor };
    store.walk_in_marriage_couple(("a", Matter::MarriageRegistration), doer, &key, now).await.unwrap()
}

async fn call(store: &Store, counter: u32, key: &str, now: Instant) -> Option<i64> {
    let (key, actor) = (IdempotencyKey::new(store, key, "body"), clerk());
    let doer = Doer { id: "clerk", actor: &actor };
    store.call_next_marriage_couple(("a", counter), doer, &key, now).await.unwrap()
}

async fn act(store: &Store, visit: &str, act: DoorAct, key: &str, now: Instant) -> Result<(), StoreError> {
    let (key, actor) = (IdempotencyKey::new(store, key, "body"), clerk());
    let doer = Doer { id: "clerk", actor: &actor };
    store.act_on_marriage_visit(("a", visit, act), doer, &key, now).await
}

/// A firm booking at 9:00.
async fn firm(store: &TestStore) -> String {
    let id = hold(store, "me", &slot("a", 540, 1)).await.unwrap();
    tell(store, &id, "me", &couple(MAN, WOMAN, "link"), SECRET).await.unwrap();
    agree(store, "HY261123000001", "042042", NOW).await.unwrap().unwrap()
}

store_test!(a_couple_gets_one_number_and_its_code_counts_as_used, |store| {
    let id = firm(&store).await;
    let early = arrive(&store, &id, "early", NOW).await;
    assert!(matches!(early, Err(StoreError::Conflict)), "another day: {early:?}");
    assert_eq!(arrive(&store, &id, "key", at(8, 50)).await.unwrap(), 1);
    assert_eq!(arrive(&store, &id, "key", at(8, 51)).await.unwrap(), 1, "the same press");
    assert_eq!(arrive(&store, &id, "scanned anew", at(8, 52)).await.unwrap(), 1);
    assert_eq!(count(&store, "select cast(count(*) as bigint) from marriage_visits").await, 1);
    assert_eq!(count(&store, "select cast(count(*) as bigint) from confirmation_uses").await, 1);
    let kept = store.confirmations_of_number("HY261123000001").await.unwrap().remove(0);
    assert_eq!(kept.state(at(8, 53)), CheckState::Used);
    let booking = store.marriage_booking(&id, &owner("me")).await.unwrap();
    let arrival = store.marriage_arrival(&booking, at(8, 53)).await.unwrap().unwrap();
    assert_eq!((arrival.number, arrival.before, arrival.state), (1, 0, VisitState::Waiting));
    let actor = clerk();
    let doer = Doer { id: "clerk", actor: &actor };
    let key = IdempotencyKey::new(&store, "elsewhere", "body");
    let other = store.arrive_marriage_couple(("b", &id), doer, &key, at(8, 54)).await;
    assert!(matches!(other, Err(StoreError::NotFound)), "another office: {other:?}");
    let noted = "select cast(count(*) as bigint) from audit_entries where act in ('marriage_arrived', 'confirmation_used')";
    assert_eq!(count(&store, noted).await, 2);
});

store_test!(twelve_that_come_at_once_get_twelve_numbers_and_two_counters_never_call_the_same, |store| {
    let server = store.another().await;
    let mut given = tokio::task::JoinSet::new();
    for n in 0..12 {
        let store = if n % 2 == 0 { store.store.clone() } else { server.clone() };
        given.spawn(async move { walk_in(&store, &format!("walk-in-{n}"), at(9, 0)).await });
    }
    let mut numbers = given.join_all().await;
    numbers.sort_unstable();
    assert_eq!(numbers, (1..=12).collect::<Vec<_>>());
    let mut calls = tokio::task::JoinSet::new();
    for n in 0..12_u32 {
        let store = if n % 2 == 0 { store.store.clone() } else { server.clone() };
        calls.spawn(async move { call(&store, n + 1, &format!("call-{n}"), at(9, 1)).await });
    }
    let mut called: Vec<_> = calls.join_all().await.into_iter().flatten().collect();
    called.sort_unstable();
    assert_eq!(called, numbers);
    assert_eq!(call(&store, 1, "none-left", at(9, 2)).await, None);
    assert_eq!(call(&store, 1, "none-left", at(9, 2)).await, None, "the same press");
});

store_test!(
    who_booked_goes_first_who_does_not_answer_goes_behind_and_the_next_call_ends_the_one_before,
    |store| {
        let id = firm(&store).await;
        assert_eq!(walk_in(&store, "w1", at(8, 40)).await, 1);
        assert_eq!(arrive(&store, &id, "arrive", at(8, 50)).await.unwrap(), 2);
        assert_eq!(walk_in(&store, "w2", at(8, 55)).await, 3);
        let visit = async |number: i64| {
            let visits = store.marriage_visits("a", DAY).await.unwrap();
            visits.into_iter().find(|visit| visit.number == number).unwrap()
        };
        assert_eq!(call(&store, 3, "c1", at(9, 0)).await, Some(2));
        let booked = visit(2).await;
        assert_eq!((booked.state, booked.counter), (VisitState::Called, Some(3)));
        act(&store, &booked.id, DoorAct::Again, "again", at(9, 1)).await.unwrap();
        act(&store, &booked.id, DoorAct::Skip, "skip", at(9, 2)).await.unwrap();
        assert_eq!((visit(2).await.state, visit(2).await.due), (VisitState::Waiting, 542));
        let twice = act(&store, &booked.id, DoorAct::Served, "served", at(9, 2)).await;
        assert!(matches!(twice, Err(StoreError::Conflict)), "not called any more: {twice:?}");
        act(&store, &visit(1).await.id, DoorAct::Left, "left", at(9, 2)).await.unwrap();
        assert_eq!(call(&store, 3, "c2", at(9, 3)).await, Some(2));
        assert_eq!(call(&store, 3, "c3", at(9, 20)).await, Some(3));
        assert_eq!((visit(2).await.state, visit(1).await.state), (VisitState::Served, VisitState::Left));
        let called = store.called_marriage_numbers("a", DAY).await.unwrap();
        assert_eq!(called.iter().map(|visit| visit.number).collect::<Vec<_>>(), [3]);
        let named = store.marriage_visits_named("a", DAY).await.unwrap();
        assert_eq!(named.iter().map(|visit| visit.names.len()).collect::<Vec<_>>(), [0, 2, 0]);
        assert_eq!(
            walk_in(&store, "tomorrow", Instant(at(9, 0).0 + 86_400_000)).await,
            1,
            "each day begins at 1"
        );
    }
);

store_test!(a_booking_that_ends_leaves_the_line_and_one_that_ended_gets_no_number, |store| {
    let id = firm(&store).await;
    arrive(&store, &id, "arrive", at(8, 50)).await.unwrap();
    let confirmation = store.marriage_booking(&id, &owner("me")).await.unwrap().confirmation;
    let actor = clerk();
    let by = ByStaff { actor: &actor, staff: "clerk" };
    let key = IdempotencyKey::new(&store, "end", "body");
    store.cancel_confirmation(&confirmation, CancelReason::Office, &by, &key, at(9, 0)).await.unwrap();
    assert_eq!(store.marriage_visits("a", DAY).await.unwrap()[0].state, VisitState::Left);
    assert_eq!(call(&store, 1, "call", at(9, 1)).await, None);
    let late = arrive(&store, &id, "late", at(9, 2)).await;
    assert!(matches!(late, Err(StoreError::Conflict)), "{late:?}");
});

store_test!(what_was_at_the_door_goes_with_its_bookings, |store| {
    use app::domain::retention::Retained;
    let id = firm(&store).await;
    arrive(&store, &id, "arrive", at(8, 50)).await.unwrap();
    let later = Instant(at(0, 0).0 + 86_400_000);
    store.retire(Retained::MarriageBookings, at(23, 0), later).await.unwrap();
    assert_eq!(count(&store, "select cast(count(*) as bigint) from marriage_visits").await, 1);
    store.retire(Retained::MarriageBookings, later, later).await.unwrap();
    for table in [
        "select cast(count(*) as bigint) from marriage_visits",
        "select cast(count(*) as bigint) from marriage_numbers",
        "select cast(count(*) as bigint) from marriage_bookings",
    ] {
        assert_eq!(count(&store, table).await, 0, "{table}");
    }
});
