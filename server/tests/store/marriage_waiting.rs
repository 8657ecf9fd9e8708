//! The lines of full days: first come, first offered; no place promised twice; nobody passes a line.

#![cfg(test)]

use app::domain::marriage::{Matter, WaitState};
use app::domain::phone::Mobile;
use app::domain::time::Instant;

use super::marriage_bookings::{DAY, MAN, SECRET, WOMAN, count, couple, hold, slot, tell};
use super::{NOW, TestStore, owner, store_test};
use crate::store::audit::Actor;
use crate::store::marriage::bookings::BookRefusal;
use crate::store::{IdempotencyKey, OnlyOnce, Store};

const LINE: (&str, Matter, jiff::civil::Date) = ("a", Matter::MarriageRegistration, DAY);
const UNTIL: Instant = Instant(NOW.0 + 7_200_000);

async fn join_at(store: &Store, who: &str, office: &str, at: i64) -> Result<String, BookRefusal> {
    let key = IdempotencyKey::new(store, &format!("join-{who}-{office}"), "body");
    let mobile = Mobile::parse("13900001234").unwrap();
    let by = (&owner(who), &Actor::System);
    let line = (office, LINE.1, LINE.2);
    store.join_marriage_line(line, &mobile, by, &key, Instant(NOW.0 + at)).await.map(OnlyOnce::answer)
}

async fn join(store: &Store, who: &str, at: i64) -> String {
    join_at(store, who, "a", at).await.unwrap()
}

async fn cancel(store: &TestStore, booking: &str, who: &str) {
    let key = IdempotencyKey::new(store, &format!("cancel-{booking}"), "body");
    store.cancel_marriage_booking(booking, (&owner(who), &Actor::System), &key, NOW).await.unwrap();
}

async fn state(store: &TestStore, id: &str, who: &str) -> (WaitState, i64) {
    let wait = store.marriage_wait(id, &owner(who)).await.unwrap();
    (wait.state, wait.before)
}

store_test!(who_came_first_is_offered_first_and_nobody_passes_the_line, |store| {
    let wanted = slot("a", 540, 1);
    let taken = hold(&store, "booked", &wanted).await.unwrap();
    let (first, second) = (join(&store, "first", 1).await, join(&store, "second", 2).await);
    assert_eq!(join(&store, "first", 3).await, first, "the same form sent twice");
    assert_eq!(state(&store, &second, "second").await, (WaitState::Waiting, 1));
    assert!(store.marriage_wait(&second, &owner("first")).await.is_err(), "another's place");
    assert!(!store.offer_marriage_place(&wanted, UNTIL, NOW).await.unwrap(), "it is full");
    cancel(&store, &taken, "booked").await;
    let passing = hold(&store, "passing", &wanted).await;
    assert!(matches!(passing, Err(BookRefusal::Full)), "{passing:?}");
    assert!(store.offer_marriage_place(&wanted, UNTIL, NOW).await.unwrap());
    assert!(!store.offer_marriage_place(&wanted, UNTIL, NOW).await.unwrap(), "one place, one offer");
    let wait = store.marriage_wait(&first, &owner("first")).await.unwrap();
    assert_eq!((wait.state, wait.until), (WaitState::Offered, Some(UNTIL)));
    assert_eq!(state(&store, &second, "second").await, (WaitState::Waiting, 0));
    let told = "select cast(count(*) as bigint) from outbox where template = 'marriage_offer'";
    assert_eq!(count(&store, told).await, 1);
    // Asking for more time never shortens it.
    let booking = wait.booking.unwrap();
    store.extend_marriage_hold(&booking, &owner("first"), NOW).await.unwrap();
    let held = store.marriage_booking(&booking, &owner("first")).await.unwrap();
    assert_eq!(held.hold_until, UNTIL);
    // They let it go by: the next one is asked.
    store.release_marriage_holds(UNTIL).await.unwrap();
    store.settle_marriage_offers(UNTIL).await.unwrap();
    assert_eq!(state(&store, &first, "first").await.0, WaitState::Passed);
    assert!(store.offer_marriage_place(&wanted, Instant(UNTIL.0 + 1), UNTIL).await.unwrap());
    assert_eq!(state(&store, &second, "second").await.0, WaitState::Offered);
});

store_test!(an_offer_that_is_taken_is_a_booking_like_any_other, |store| {
    let wanted = slot("a", 540, 1);
    let id = join(&store, "first", 1).await;
    assert!(store.offer_marriage_place(&wanted, UNTIL, NOW).await.unwrap());
    let booking = store.marriage_wait(&id, &owner("first")).await.unwrap().booking.unwrap();
    tell(&store, &booking, "first", &couple(MAN, WOMAN, "link"), SECRET).await.unwrap();
    store.settle_marriage_offers(NOW).await.unwrap();
    assert_eq!(state(&store, &id, "first").await.0, WaitState::Taken);
    assert_eq!(
        count(&store, "select cast(count(*) as bigint) from marriage_waiting where mobile is not null").await,
        0
    );
    assert!(store.marriage_lines().await.unwrap().is_empty());
});

store_test!(two_servers_offer_three_places_to_three_of_five_in_their_order, |store| {
    let mut ids = Vec::new();
    for n in 0..5 {
        ids.push(join(&store, &format!("p{n}"), n).await);
    }
    let server = store.another().await;
    let mut offers = tokio::task::JoinSet::new();
    for n in 0..6 {
        let store = if n % 2 == 0 { store.store.clone() } else { server.clone() };
        offers
            .spawn(async move { store.offer_marriage_place(&slot("a", 540, 3), UNTIL, NOW).await.unwrap() });
    }
    let made = offers.join_all().await.into_iter().filter(|made| *made).count();
    assert_eq!(made, 3);
    for (n, id) in ids.iter().enumerate() {
        let expected = if n < 3 { WaitState::Offered } else { WaitState::Waiting };
        assert_eq!(state(&store, id, &format!("p{n}")).await.0, expected, "{n}");
    }
    assert_eq!(count(&store, "select cast(sum(taken) as bigint) from marriage_slots").await, 3);
});

store_test!(one_stands_in_two_lines_at_most_and_leaves_them, |store| {
    let id = join(&store, "me", 1).await;
    join_at(&store, "me", "b", 2).await.unwrap();
    let third = join_at(&store, "me", "c", 3).await;
    assert!(matches!(third, Err(BookRefusal::TooMany)), "{third:?}");
    let key = IdempotencyKey::new(&store, "leave", "body");
    for _ in 0..2 {
        store.leave_marriage_line(&id, (&owner("me"), &Actor::System), &key, NOW).await.unwrap();
    }
    assert_eq!(state(&store, &id, "me").await.0, WaitState::Left);
    join_at(&store, "me", "c", 4).await.unwrap();
    assert!(!store.somebody_waits(LINE).await.unwrap());
});

store_test!(who_holds_two_others_keeps_the_place_and_the_next_is_asked, |store| {
    hold(&store, "busy", &slot("b", 540, 1)).await.unwrap();
    hold(&store, "busy", &slot("c", 540, 1)).await.unwrap();
    let (busy, next) = (join(&store, "busy", 1).await, join(&store, "next", 2).await);
    assert!(store.offer_marriage_place(&slot("a", 540, 1), UNTIL, NOW).await.unwrap());
    assert_eq!(state(&store, &busy, "busy").await.0, WaitState::Waiting);
    assert_eq!(state(&store, &next, "next").await.0, WaitState::Offered);
});

store_test!(a_line_whose_day_is_near_ends_and_all_are_told, |store| {
    let id = join(&store, "me", 1).await;
    store.end_marriage_line(LINE, NOW).await.unwrap();
    assert_eq!(state(&store, &id, "me").await.0, WaitState::Over);
    let told = "select cast(count(*) as bigint) from outbox where template = 'marriage_line_over'";
    assert_eq!(count(&store, told).await, 1);
});
