//! Group events: places by conditional update, one list counted once, overlaps refused; on both engines.

#![cfg(test)]

use app::domain::time::Instant;
use app::domain::timebank::{AccountKind, EventForm, NewEvent, PlaceState, preset};
use app::visit::Owner;

use super::residents::account;
use super::time_needs::{MINUTE, act, balance, need, register, told};
use super::{NOW, TestStore, store_test};
use crate::store::IdempotencyKey;
use crate::store::audit::Actor;
use crate::store::timebank::{Doing, ListOutcome, NeedRefusal, Tick};

fn event(starts: &str, ends: &str, places: &str) -> NewEvent {
    let form = EventForm {
        title: "社区读书会".into(),
        kind: "companionship".into(),
        street: "320214050".into(),
        community: "320214050001".into(),
        detail: "活动室".into(),
        day: "2026-11-25".into(),
        starts: starts.into(),
        ends: ends.into(),
        places: places.into(),
        note: String::new(),
    };
    NewEvent::parse(&form, NOW).unwrap()
}

async fn posted(store: &TestStore, event: &NewEvent, key: &str) -> String {
    act!(store, "worker", key, NOW.0, |doing| store.post_event(event, doing)).unwrap()
}

async fn volunteers(store: &TestStore, count: u32) -> Vec<String> {
    let mut all = Vec::new();
    for n in 1..=count {
        let one = account(store, &format!("139000000{n:02}"), &format!("t{n}")).await;
        register(store, &one).await;
        all.push(one);
    }
    all
}

store_test!(ten_at_once_for_three_places_of_an_event_get_three_and_a_place_given_up_is_anothers, |store| {
    let all = volunteers(&store, 10).await;
    let id = posted(&store, &event("9:00", "11:00", "3"), "post").await;
    let mut tries = tokio::task::JoinSet::new();
    for who in all.clone() {
        let (server, id) = (store.store.clone(), id.clone());
        tries.spawn(async move {
            let key = IdempotencyKey::new(&server, &format!("join {who}"), "body");
            let (actor, owner) = (Actor::Resident(who.clone()), Owner(format!("resident:{who}")));
            let doing = Doing { actor: &actor, owner: &owner, key: &key, now: NOW };
            (who.clone(), server.join_event(&id, &who, &doing).await)
        });
    }
    let (mut inside, mut outside) = (Vec::new(), Vec::new());
    for (who, joined) in tries.join_all().await {
        match joined {
            Ok(()) => inside.push(who),
            Err(NeedRefusal::Gone) => outside.push(who),
            Err(other) => panic!("{other:?}"),
        }
    }
    assert_eq!((inside.len(), outside.len()), (3, 7));
    assert_eq!(store.event(&id).await.unwrap().taken, 3);
    let (gone, next) = (&inside[0], &outside[0]);
    act!(store, gone, "leave", NOW.0, |doing| store.leave_event(&id, gone, doing)).unwrap();
    act!(store, next, "join again", NOW.0, |doing| store.join_event(&id, next, doing)).unwrap();
    let full = act!(store, gone, "back", NOW.0, |doing| store.join_event(&id, gone, doing));
    assert!(matches!(full, Err(NeedRefusal::Gone)), "it is another's now");
    assert_eq!(store.event_list(&id).await.unwrap().len(), 3);
    // An account that closes gives its place to whoever comes next.
    store.close_account(next, NOW).await.unwrap();
    assert_eq!(store.event(&id).await.unwrap().taken, 2);
    act!(store, gone, "back again", NOW.0, |doing| store.join_event(&id, gone, doing)).unwrap();
});

store_test!(a_confirmed_list_brings_everybody_their_minutes_once_and_the_ledger_sums_to_zero, |store| {
    let all = volunteers(&store, 3).await;
    let new = event("9:00", "11:00", "5");
    let id = posted(&store, &new, "post").await;
    let (starts, ends) = (new.span.0.0, new.span.1.0);
    for who in &all {
        act!(store, who, &format!("join {who}"), NOW.0, |doing| store.join_event(&id, who, doing)).unwrap();
    }
    let (one, two, three) = (&all[0], &all[1], &all[2]);
    let code = store.event_code(&id, Instant(starts)).await.unwrap();
    let door = |who: &str, code: &str, key: &str, at: i64| {
        let (server, id) = (store.store.clone(), id.clone());
        let (who, code, key) = (who.to_owned(), code.to_owned(), key.to_owned());
        async move {
            let key = IdempotencyKey::new(&server, &key, "body");
            let (actor, owner) = (Actor::Resident(who.clone()), Owner(format!("resident:{who}")));
            let doing = Doing { actor: &actor, owner: &owner, key: &key, now: Instant(at) };
            server.pass_event_door(&id, (&who, &code), &doing).await
        }
    };
    let early = door(one, &code, "early", NOW.0).await;
    assert!(matches!(early, Err(NeedRefusal::Gone)), "the door is shut");
    let stale = door(one, &code, "stale", starts + 4 * MINUTE).await;
    assert!(matches!(stale, Err(NeedRefusal::Code)), "a code is some minutes' alone");
    door(one, &code, "in", starts + MINUTE).await.unwrap();
    let later = store.event_code(&id, Instant(ends)).await.unwrap();
    door(one, &later, "out", ends).await.unwrap();
    assert_eq!(
        store.event_place(&id, one).await.unwrap().unwrap().times,
        (Some(Instant(starts + MINUTE)), Some(Instant(ends)))
    );
    let rules = preset("default").unwrap();
    let before = act!(store, "boss", "soon", ends - 1, |doing| store.confirm_event(&id, rules, doing));
    assert!(matches!(before, Err(NeedRefusal::Gone)), "it is not over");
    let open = act!(store, "boss", "open", ends, |doing| store.confirm_event(&id, rules, doing)).unwrap();
    let mut waiting = vec![two.clone(), three.clone()];
    waiting.sort();
    assert_eq!(open, ListOutcome::Open(waiting));
    let span = Tick::Times(Instant(starts), Instant(starts + 90 * MINUTE));
    act!(store, "boss", "times", ends, |doing| store.tick_event(&id, (two, span), doing)).unwrap();
    act!(store, "boss", "missed", ends, |doing| store.tick_event(&id, (three, Tick::Missed), doing)).unwrap();
    for _ in 0..2 {
        let done = act!(store, "boss", "yes", ends, |doing| store.confirm_event(&id, rules, doing));
        assert_eq!(done.unwrap(), ListOutcome::Counted);
    }
    let twice = act!(store, "boss", "yes 2", ends, |doing| store.confirm_event(&id, rules, doing));
    assert!(matches!(twice, Err(NeedRefusal::Gone)));
    let mut balances = Vec::new();
    for who in &all {
        balances.push(balance(&store, who, AccountKind::Person).await);
    }
    assert_eq!(balances, [119, 90, 0]);
    let given = store.given_services(two).await.unwrap();
    assert_eq!(given.len(), 1, "a service as any other: certificates and corrections know it");
    assert_eq!(given[0].true_minutes(), Some(90));
    let states: Vec<_> = store.event_list(&id).await.unwrap().iter().map(|held| held.state).collect();
    assert_eq!(states.iter().filter(|state| **state == PlaceState::Counted).count(), 2);
    let sum: i64 = sqlx::query_scalar("select cast(sum(minutes) as bigint) from time_accounts")
        .fetch_one(&store.database().await)
        .await
        .unwrap();
    assert_eq!(sum, 0);
});

store_test!(
    nobody_is_at_two_events_or_at_an_event_and_at_a_door_and_a_cancellation_is_told_to_all,
    |store| {
        let all = volunteers(&store, 2).await;
        let (one, two) = (&all[0], &all[1]);
        let first = posted(&store, &event("9:00", "11:00", "5"), "post 1").await;
        let second = posted(&store, &event("10:00", "12:00", "5"), "post 2").await;
        for who in [one, two] {
            act!(store, who, &format!("join {who}"), NOW.0, |doing| store.join_event(&first, who, doing))
                .unwrap();
        }
        let both = act!(store, one, "both", NOW.0, |doing| store.join_event(&second, one, doing));
        assert!(matches!(both, Err(NeedRefusal::Overlap)));
        let visit = need("2026-11-25", "90");
        let door = act!(store, "worker", "need", NOW.0, |doing| store.post_need(&visit, doing)).unwrap();
        let taken = act!(store, one, "take", NOW.0, |doing| store.take_need(&door, (one, "王＊＊"), doing));
        assert!(matches!(taken, Err(NeedRefusal::Overlap)), "from 9:00 they are at the event");

        act!(store, "worker", "off", NOW.0, |doing| store.cancel_event(&first, doing)).unwrap();
        assert_eq!(told(&store, "time_need_cancelled").await, 2);
        act!(store, one, "take 2", NOW.0, |doing| store.take_need(&door, (one, "王＊＊"), doing)).unwrap();
        let off = act!(store, "worker", "off 2", NOW.0, |doing| store.cancel_event(&first, doing));
        assert!(matches!(off, Err(NeedRefusal::Gone)));
        let late = act!(store, two, "late", NOW.0, |doing| store.join_event(&first, two, doing));
        assert!(matches!(late, Err(NeedRefusal::Gone)), "it does not take place");

        // What really overlaps is refused when the list is confirmed, whoever entered it.
        let third = event("9:30", "10:30", "5");
        let span = (third.span.0, third.span.1);
        let third = posted(&store, &third, "post 3").await;
        act!(store, two, "join 3", NOW.0, |doing| store.join_event(&third, two, doing)).unwrap();
        let times = Tick::Times(span.0, span.1);
        act!(store, "boss", "t3", span.1.0, |doing| store.tick_event(&third, (two, times), doing)).unwrap();
        let fourth = posted(&store, &event("10:30", "12:00", "5"), "post 4").await;
        act!(store, two, "join 4", NOW.0, |doing| store.join_event(&fourth, two, doing)).unwrap();
        let early = Tick::Times(Instant(span.1.0 - 10 * MINUTE), Instant(span.1.0 + 30 * MINUTE));
        let at = span.1.0 + 90 * MINUTE;
        let overlapping =
            act!(store, "boss", "t4", at, |doing| store.tick_event(&fourth, (two, early), doing));
        assert!(matches!(overlapping, Err(NeedRefusal::Overlap)));
    }
);
