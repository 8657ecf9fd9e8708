//! Hot days: what an office marked holds inside the act, whatever a page said before.

#![cfg(test)]

use app::domain::marriage::{HotDay, HotTime, Matter};
use app::domain::time::Instant;

use super::marriage_bookings::{DAY, MAN, WOMAN, confirmation, couple, hold, slot};
use super::{NOW, TestStore, owner, store_test};
use crate::store::audit::Actor;
use crate::store::marriage::bookings::{BookRefusal, Signed};
use crate::store::marriage::moving::MovedBy;
use crate::store::marriage::plans::PlanChange;
use crate::store::standards::Doer;
use crate::store::{IdempotencyKey, StoreError};

fn hot() -> HotDay {
    HotDay {
        id: String::new(),
        matter: Matter::MarriageRegistration,
        day: DAY,
        name: "520".into(),
        times: vec![
            HotTime { starts: 480, ends: 600, quota: 30 },
            HotTime { starts: 780, ends: 900, quota: 9 },
        ],
        walk_in: false,
        draw: None,
    }
}

async fn change(store: &TestStore, key: &str, change: &PlanChange<'_>) -> Result<(), StoreError> {
    let doer = Doer { id: "clerk", actor: &Actor::System };
    store.change_marriage_plan("a", change, doer, &IdempotencyKey::new(store, key, "body"), NOW).await
}

store_test!(a_day_is_marked_once_and_unmarked_once, |store| {
    let hot = hot();
    change(&store, "one", &PlanChange::MarkHot(&hot)).await.unwrap();
    let again = change(&store, "two", &PlanChange::MarkHot(&hot)).await;
    assert!(matches!(again, Err(StoreError::Conflict)));
    let kept = store.hot_day(("a", Matter::MarriageRegistration, DAY)).await.unwrap().unwrap();
    assert_eq!(HotDay { id: String::new(), ..kept.clone() }, hot, "as it was written");
    assert!(store.hot_day(("b", Matter::MarriageRegistration, DAY)).await.unwrap().is_none());
    assert!(store.hot_day(("a", Matter::CertificateReissue, DAY)).await.unwrap().is_none());
    let book = store.marriage_book("a", Matter::MarriageRegistration, NOW).await.unwrap();
    assert_eq!(book.hot.len(), 1);
    change(&store, "three", &PlanChange::UnmarkHot(&kept.id)).await.unwrap();
    assert!(matches!(
        change(&store, "four", &PlanChange::UnmarkHot(&kept.id)).await,
        Err(StoreError::Conflict)
    ));
    change(&store, "five", &PlanChange::MarkHot(&hot)).await.unwrap();
});

store_test!(a_yes_at_the_door_never_counts_on_a_hot_day, |store| {
    let at_the_door = couple(MAN, WOMAN, "door");
    let tell = async |id: &str, number: &str| {
        let confirmation = confirmation(&store, number).await;
        let signed = Signed { number, confirmation: &confirmation };
        let key = IdempotencyKey::new(&store, &format!("tell-{id}"), "body");
        let by = (&owner("me"), &Actor::System);
        let until = Instant(NOW.0 + 3_600_000);
        store.tell_marriage_couple(id, &at_the_door, until, None, Some(&signed), by, &key, NOW).await
    };
    change(&store, "one", &PlanChange::MarkHot(&hot())).await.unwrap();
    let held = hold(&store, "me", &slot("a", 480, 30)).await.unwrap();
    assert!(matches!(tell(&held, "HY261123000001").await, Err(BookRefusal::BothAhead)));
    assert_eq!(store.marriage_state(&held).await, "held", "nothing is lost: they may choose the link");
    // At another office the same day is an ordinary one; from there nobody moves here by a yes at the door.
    let ordinary = hold(&store, "me", &slot("b", 480, 30)).await.unwrap();
    tell(&ordinary, "HY261123000002").await.unwrap();
    let booking = store.marriage_booking(&ordinary, &owner("me")).await.unwrap();
    let new = confirmation(&store, "HY261123000002").await;
    let signed = Signed { number: "HY261123000002", confirmation: &new };
    let key = IdempotencyKey::new(&store, "move", "body");
    let me = owner("me");
    let by = MovedBy::Couple(&me, &Actor::System);
    let wanted = slot("a", 780, 9);
    let moved = store.move_marriage_booking(&booking, &wanted, &at_the_door, &signed, by, &key, NOW).await;
    assert!(matches!(moved, Err(BookRefusal::BothAhead)), "{moved:?}");
    assert_eq!(store.at_the_door_only(("b", Matter::MarriageRegistration, DAY)).await.unwrap(), 1);
});
