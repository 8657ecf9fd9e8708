//! The two visits of a divorce: a booking each, at one organ, and nothing kept but days.

#![cfg(test)]

use app::domain::marriage::{Accepted, AcceptedFrom, Couple, CoupleForm, Matter};
use app::domain::time::Instant;
use jiff::civil::{Date, date};

use super::marriage_bookings::{DAY, MAN, SECRET, WOMAN, agree, confirmation, count, hold_at, tell};
use super::{NOW, TestStore, owner, store_test};
use crate::store::audit::Actor;
use crate::store::marriage::bookings::{BookRefusal, Signed, WantedSlot};
use crate::store::standards::Doer;
use crate::store::{IdempotencyKey, StoreError};

fn wanted(office: &'static str, matter: Matter) -> WantedSlot<'static> {
    WantedSlot { office, matter, day: DAY, starts: 540, ends: 600, quota: 3 }
}

/// The two, in either order.
fn couple(man: &str, woman: &str, second: Option<Accepted>) -> Couple {
    let form = CoupleForm {
        me: "man".into(),
        man_name: "王小明".into(),
        man_document: man.into(),
        man_mobile: "13900001234".into(),
        woman_name: "李小红".into(),
        woman_document: woman.into(),
        woman_mobile: "13900005678".into(),
        way: "link".into(),
    };
    let couple = Couple::parse(&form, Matter::DivorceRegistration, DAY, NOW.shanghai_date()).unwrap();
    Couple { second, ..couple }
}

/// A firm booking of a matter.
async fn firm(store: &TestStore, matter: Matter, second: Option<Accepted>, number: &str) -> String {
    let id = hold_at(store, "me", &wanted("a", matter), number, NOW).await.unwrap();
    let secret = format!("{SECRET}{number}");
    tell(store, &id, "me", &couple(MAN, WOMAN, second), &secret).await.unwrap();
    let confirmation = confirmation(store, number).await;
    let signed = Signed { number, confirmation: &confirmation };
    let by = (&owner("other"), &Actor::System);
    store.agree_to_marriage_booking((&secret, "042042"), &signed, by, NOW).await.unwrap().unwrap()
}

async fn record(
    store: &TestStore,
    office: &str,
    booking: &str,
    day: Date,
    key: &str,
) -> Result<(), StoreError> {
    record_at(store, office, booking, day, key, 10).await
}

async fn record_at(
    store: &TestStore,
    office: &str,
    booking: &str,
    day: Date,
    key: &str,
    hour: i64,
) -> Result<(), StoreError> {
    let actor = Actor::Staff { id: "clerk".into(), post: "marriage_clerk@a".into() };
    let doer = Doer { id: "clerk", actor: &actor };
    let key = IdempotencyKey::new(store, key, "body");
    let now = Instant(Instant::shanghai_midnight(DAY).0 + hour * 3_600_000);
    store.record_divorce_acceptance((office, booking, day), doer, &key, now).await
}

store_test!(the_second_visit_is_a_booking_of_its_own_beside_the_first, |store| {
    let first = firm(&store, Matter::DivorceRegistration, None, "HY261123000001").await;
    let accepted = Accepted { day: date(2026, 10, 15), from: AcceptedFrom::Receipt };
    let second = firm(&store, Matter::DivorceSecondVisit, Some(accepted), "HY261123000002").await;
    assert_ne!(first, second);
    let booking = store.marriage_booking(&second, &owner("me")).await.unwrap();
    assert_eq!((booking.matter, booking.accepted), (Matter::DivorceSecondVisit, Some(accepted)));
    assert_eq!(store.marriage_booking(&first, &owner("me")).await.unwrap().accepted, None);
    // Once each: another one of the same stage is refused, wherever it is.
    let again = hold_at(&store, "you", &wanted("b", Matter::DivorceSecondVisit), "again", NOW).await.unwrap();
    let refused = tell(&store, &again, "you", &couple(WOMAN, MAN, Some(accepted)), "another").await;
    assert!(matches!(refused, Err(BookRefusal::BookedBefore)), "{refused:?}");
    // Given up, nothing of it is left.
    let key = IdempotencyKey::new(&store, "cancel", "body");
    store.cancel_marriage_booking(&second, (&owner("me"), &Actor::System), &key, NOW).await.unwrap();
    assert_eq!(count(&store, "select cast(count(*) as bigint) from marriage_second_visits").await, 0);
});

store_test!(an_acceptance_is_written_down_at_the_door_and_found_for_these_two_in_either_order, |store| {
    let first = firm(&store, Matter::DivorceRegistration, None, "HY261123000001").await;
    let early = record(&store, "a", &first, DAY, "early").await;
    assert!(matches!(early, Err(StoreError::Conflict)), "nobody was at the door: {early:?}");
    let actor = Actor::Staff { id: "clerk".into(), post: "marriage_clerk@a".into() };
    let doer = Doer { id: "clerk", actor: &actor };
    let at = Instant(Instant::shanghai_midnight(DAY).0 + 9 * 3_600_000);
    let key = IdempotencyKey::new(&store, "arrive", "body");
    store.arrive_marriage_couple(("a", &first), doer, &key, at).await.unwrap();
    let other = record(&store, "b", &first, DAY, "other").await;
    assert!(matches!(other, Err(StoreError::Conflict)), "another office: {other:?}");
    for _ in 0..2 {
        record(&store, "a", &first, date(2026, 11, 30), "typed wrong").await.unwrap();
    }
    assert_eq!(count(&store, "select cast(count(*) as bigint) from marriage_acceptances").await, 1);
    record_at(&store, "a", &first, DAY, "right", 11).await.unwrap();
    assert_eq!(store.divorce_acceptance_of(&first).await.unwrap(), Some(DAY), "the newest holds");
    for both in [couple(MAN, WOMAN, None), couple(WOMAN, MAN, None)] {
        assert_eq!(store.divorce_acceptance(&both).await.unwrap(), Some(("a".to_owned(), DAY)));
    }
    let others = couple(MAN, "320205199202021220", None);
    assert_eq!(store.divorce_acceptance(&others).await.unwrap(), None, "one of them alone is nobody's");
});

store_test!(an_acceptance_belongs_to_a_divorce_alone, |store| {
    let id = hold_at(&store, "me", &wanted("a", Matter::CertificateReissue), "reissue", NOW).await.unwrap();
    tell(&store, &id, "me", &couple(MAN, WOMAN, None), SECRET).await.unwrap();
    agree(&store, "HY261123000001", "042042", NOW).await.unwrap().unwrap();
    let refused = record(&store, "a", &id, DAY, "reissue").await;
    assert!(matches!(refused, Err(StoreError::Conflict)), "{refused:?}");
});

store_test!(who_came_and_went_may_book_again_once_the_day_is_over, |store| {
    firm(&store, Matter::CertificateReissue, None, "HY261123000001").await;
    let next = WantedSlot { day: DAY.tomorrow().unwrap(), ..wanted("b", Matter::CertificateReissue) };
    let tell_at = async |who: &str, now: Instant| {
        let id = hold_at(&store, who, &next, who, now).await.unwrap();
        let key = IdempotencyKey::new(&store, &format!("tell-{who}"), "body");
        let keep = Instant(now.0 + 3_600_000);
        let by = (&owner(who), &Actor::System);
        let invite = crate::store::marriage::bookings::Invite { secret: who.into(), code: "042042".into() };
        store
            .tell_marriage_couple(&id, &couple(MAN, WOMAN, None), keep, Some(&invite), None, by, &key, now)
            .await
    };
    let midnight = Instant::shanghai_midnight(DAY.tomorrow().unwrap());
    let same_day = tell_at("same-day", Instant(midnight.0 - 1)).await;
    assert!(matches!(same_day, Err(BookRefusal::BookedBefore)), "23:59:59: {same_day:?}");
    tell_at("next-day", midnight).await.unwrap();
});
