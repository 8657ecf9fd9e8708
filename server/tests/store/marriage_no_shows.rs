//! Couples that did not come: nothing follows unless the office says so, an objection counts until it is settled.

#![cfg(test)]

use app::domain::marriage::{DoorRules, NoShowPolicy, NoShowState};
use app::domain::time::Instant;
use jiff::ToSpan as _;

use super::marriage_bookings::{DAY, MAN, SECRET, WOMAN, confirmation, count, couple, hold_at, slot};
use super::{NOW, TestStore, owner, store_test};
use crate::store::audit::Actor;
use crate::store::marriage::bookings::{Signed, WantedSlot};
use crate::store::marriage::plans::PlanChange;
use crate::store::standards::Doer;
use crate::store::{IdempotencyKey, StoreError};

fn clerk() -> Actor {
    Actor::Staff { id: "clerk".into(), post: "marriage_clerk@a".into() }
}

/// A firm booking some days after [`DAY`], each made once the one before is over.
async fn firm(store: &TestStore, days: i64, number: &str) -> String {
    let day = DAY.checked_add(days.days()).unwrap();
    let wanted = WantedSlot { day, ..slot("a", 540, 1) };
    let at = if days == 0 { NOW } else { at(days, 0, 1) };
    let id = hold_at(store, "me", &wanted, number, at).await.unwrap();
    let secret = format!("{SECRET}{number}");
    let key = IdempotencyKey::new(store, &format!("tell-{number}"), "body");
    let invite = crate::store::marriage::bookings::Invite { secret: secret.clone(), code: "042042".into() };
    let (by, keep) = ((&owner("me"), &Actor::System), Instant(at.0 + 3_600_000));
    let both = couple(MAN, WOMAN, "link");
    store.tell_marriage_couple(&id, &both, keep, Some(&invite), None, by, &key, at).await.unwrap();
    let confirmation = confirmation(store, number).await;
    let signed = Signed { number, confirmation: &confirmation };
    let by = (&owner("other"), &Actor::System);
    store.agree_to_marriage_booking((&secret, "042042"), &signed, by, at).await.unwrap().unwrap()
}

fn at(days: i64, hour: i64, minute: i64) -> Instant {
    Instant(Instant::shanghai_midnight(DAY).0 + ((days * 24 + hour) * 60 + minute) * 60_000)
}

async fn mark(store: &TestStore, booking: &str, key: &str, now: Instant) -> Result<(), StoreError> {
    let (key, actor) = (IdempotencyKey::new(store, key, "body"), clerk());
    store.mark_no_show(("a", booking), Doer { id: "clerk", actor: &actor }, &key, now).await
}

async fn settle(store: &TestStore, booking: &str, lifted: bool, now: Instant) -> Result<(), StoreError> {
    let (key, actor) = (IdempotencyKey::new(store, &format!("settle-{booking}-{lifted}"), "body"), clerk());
    store.settle_no_show(("a", booking, lifted), Doer { id: "clerk", actor: &actor }, &key, now).await
}

async fn policy(store: &TestStore, no_show: NoShowPolicy) {
    let (key, actor) = (IdempotencyKey::new(store, no_show.as_str(), "policy"), clerk());
    let change = PlanChange::Door(DoorRules { walk_in: false, no_show });
    store.change_marriage_plan("a", &change, Doer { id: "clerk", actor: &actor }, &key, NOW).await.unwrap();
}

store_test!(a_no_show_is_entered_after_the_time_and_never_of_those_who_came, |store| {
    let id = firm(&store, 0, "HY261123000001").await;
    let early = mark(&store, &id, "early", at(0, 9, 59)).await;
    assert!(matches!(early, Err(StoreError::Conflict)), "their time is not over: {early:?}");
    for _ in 0..2 {
        mark(&store, &id, "key", at(0, 10, 0)).await.unwrap();
    }
    assert_eq!(store.no_show_of(&id).await.unwrap().map(|entry| entry.state), Some(NoShowState::Marked));
    let told = "select cast(count(*) as bigint) from outbox where template = 'marriage_no_show'";
    assert_eq!(count(&store, told).await, 2);
    let again = firm(&store, 1, "HY261123000002").await;
    let (key, actor) = (IdempotencyKey::new(&store, "arrive", "body"), clerk());
    let doer = Doer { id: "clerk", actor: &actor };
    store.arrive_marriage_couple(("a", &again), doer, &key, at(1, 9, 30)).await.unwrap();
    let came = mark(&store, &again, "came", at(1, 18, 0)).await;
    assert!(matches!(came, Err(StoreError::Conflict)), "{came:?}");
});

store_test!(what_follows_is_the_offices_policy_and_an_objection_stops_it, |store| {
    let both = couple(MAN, WOMAN, "link");
    let first = firm(&store, 0, "HY261123000001").await;
    mark(&store, &first, "first", at(0, 18, 0)).await.unwrap();
    let second = firm(&store, 1, "HY261123000002").await;
    mark(&store, &second, "second", at(1, 18, 0)).await.unwrap();
    let blocked = async |days: i64| store.blocked_for_no_shows("a", &both, at(days, 9, 0)).await.unwrap();
    assert_eq!(blocked(2).await, None, "none by default");
    policy(&store, NoShowPolicy::TwiceInThirty).await;
    assert!(!store.marriage_door_rules("a").await.unwrap().walk_in);
    let until = DAY.checked_add(16.days()).unwrap();
    assert_eq!((blocked(2).await, blocked(17).await), (Some(until), None));
    assert_eq!(store.blocked_for_no_shows("b", &both, at(2, 9, 0)).await.unwrap(), None, "another office");
    // They object: it does not count until it is settled.
    let booking = store.marriage_booking(&second, &owner("me")).await.unwrap();
    let by = (&owner("me"), &Actor::System);
    let key = IdempotencyKey::new(&store, "object", "body");
    store.object_to_no_show(&booking, "那天我们到了，窗口没有人。", by, &key, at(2, 8, 0)).await.unwrap();
    let twice = IdempotencyKey::new(&store, "object-again", "body");
    let twice = store.object_to_no_show(&booking, "再说一次", by, &twice, at(2, 8, 1)).await;
    assert!(matches!(twice, Err(StoreError::Conflict)), "{twice:?}");
    assert_eq!(blocked(2).await, None);
    assert_eq!(store.marriage_objections("a").await.unwrap().len(), 1);
    assert!(store.marriage_objections("b").await.unwrap().is_empty());
    let entry = store.no_show_of(&second).await.unwrap().unwrap();
    assert_eq!((entry.state, entry.words.as_str()), (NoShowState::Objected, "那天我们到了，窗口没有人。"));
    settle(&store, &second, false, at(2, 9, 0)).await.unwrap();
    assert_eq!(blocked(2).await, Some(until), "upheld");
    let late = settle(&store, &second, true, at(2, 9, 0)).await;
    assert!(matches!(late, Err(StoreError::Conflict)), "{late:?}");
    settle(&store, &first, true, at(2, 9, 0)).await.unwrap();
    assert_eq!(blocked(2).await, None, "one was taken back");
});
