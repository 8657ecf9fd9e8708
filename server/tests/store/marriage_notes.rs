//! Before the day: everybody of a time moved by the office, notes, 「还来吗」, and a month in counts.

#![cfg(test)]

use app::domain::marriage::{Coming, Matter, MonthCounts};
use app::domain::time::Instant;
use jiff::civil::date;

use super::marriage_bookings::{
    DAY, MAN, SECRET, WOMAN, agree, confirmation, count, couple, hold, slot, tell,
};
use super::{NOW, TestStore, owner, store_test};
use crate::store::IdempotencyKey;
use crate::store::audit::Actor;
use crate::store::marriage::bookings::{BookRefusal, Signed};
use crate::store::marriage::moving::MovedBy;
use crate::store::standards::Doer;

const NUMBER: &str = "HY261123000001";

fn clerk() -> Actor {
    Actor::Staff { id: "clerk".into(), post: "marriage_clerk@a".into() }
}

async fn firm(store: &TestStore) -> String {
    let id = hold(store, "me", &slot("a", 540, 1)).await.unwrap();
    tell(store, &id, "me", &couple(MAN, WOMAN, "link"), SECRET).await.unwrap();
    agree(store, NUMBER, "042042", NOW).await.unwrap().unwrap()
}

async fn move_to(store: &TestStore, id: &str, office: &'static str, starts: u16) -> Result<(), BookRefusal> {
    let booking = store.marriage_booking(id, &owner("me")).await.unwrap();
    let confirmation = confirmation(store, NUMBER).await;
    let signed = Signed { number: NUMBER, confirmation: &confirmation };
    let actor = clerk();
    let by = MovedBy::Office(Doer { id: "clerk", actor: &actor });
    let key = IdempotencyKey::new(store, &format!("move-{office}-{starts}"), "body");
    let both = couple(MAN, WOMAN, "link");
    store.move_marriage_booking(&booking, &slot(office, starts, 1), &both, &signed, by, &key, NOW).await
}

store_test!(an_office_moves_its_own_bookings_into_free_places_alone_and_both_are_told, |store| {
    let id = firm(&store).await;
    let all = store.marriage_bookings_at("a", Matter::MarriageRegistration, (DAY, 540)).await.unwrap();
    assert_eq!(all.iter().map(|booking| booking.id.as_str()).collect::<Vec<_>>(), [id.as_str()]);
    hold(&store, "rival", &slot("a", 600, 1)).await.unwrap();
    let full = move_to(&store, &id, "a", 600).await;
    assert!(matches!(full, Err(BookRefusal::Full)), "{full:?}");
    let elsewhere = move_to(&store, &id, "b", 600).await;
    assert!(matches!(elsewhere, Err(BookRefusal::Over)), "another office's: {elsewhere:?}");
    move_to(&store, &id, "a", 780).await.unwrap();
    assert_eq!(store.marriage_booking(&id, &owner("me")).await.unwrap().starts, 780);
    let told = "select cast(count(*) as bigint) from outbox where template = 'marriage_moved_by_office'";
    assert_eq!(count(&store, told).await, 2);
    assert_eq!(
        count(&store, "select cast(sum(taken) as bigint) from marriage_slots").await,
        2,
        "one place each"
    );
});

store_test!(a_couple_is_asked_once_two_days_before_and_silence_changes_nothing, |store| {
    let id = firm(&store).await;
    let at = |days: i64| Instant(Instant::shanghai_midnight(DAY).0 - days * 86_400_000 + 9 * 3_600_000);
    assert_eq!(store.ask_marriage_couples(at(3)).await.unwrap(), 0, "too early");
    assert_eq!(store.marriage_coming(&id).await.unwrap(), None);
    let server = store.another().await;
    let (one, other) = tokio::join!(store.ask_marriage_couples(at(2)), server.ask_marriage_couples(at(2)));
    assert_eq!(one.unwrap() + other.unwrap(), 1, "of two servers one asks");
    assert_eq!(store.ask_marriage_couples(at(1)).await.unwrap(), 0, "once");
    let told = "select cast(count(*) as bigint) from outbox where template = 'marriage_coming'";
    assert_eq!(count(&store, told).await, 2);
    assert_eq!(store.marriage_coming(&id).await.unwrap(), Some(Coming::Asked));
    assert_eq!(store.marriage_state(&id).await, "firm");
    for key in ["yes", "yes", "again"] {
        let key = IdempotencyKey::new(&store, key, "body");
        store.say_coming(&id, (&owner("me"), &Actor::System), &key, at(1)).await.unwrap();
    }
    assert_eq!(store.marriage_coming(&id).await.unwrap(), Some(Coming::Yes));
});

store_test!(who_booked_within_a_day_is_not_asked, |store| {
    firm(&store).await;
    sqlx::query("update marriage_bookings set changed_at = $1")
        .bind(Instant::shanghai_midnight(DAY).0 - 30 * 3_600_000)
        .execute(&store.database().await)
        .await
        .unwrap();
    let noon = Instant(Instant::shanghai_midnight(DAY).0 - 12 * 3_600_000);
    assert_eq!(store.ask_marriage_couples(noon).await.unwrap(), 0);
});

store_test!(a_note_is_sealed_and_the_couple_reads_only_what_is_shown, |store| {
    let id = firm(&store).await;
    let actor = clerk();
    for (words, shown) in [("请带军人证来", true), ("第二次打电话没有人接", false)] {
        let key = IdempotencyKey::new(&store, words, "body");
        let doer = Doer { id: "clerk", actor: &actor };
        for _ in 0..2 {
            store.note_on_marriage_booking(&id, (words, shown), doer, &key, NOW).await.unwrap();
        }
    }
    let words = async |for_couple: bool| {
        let notes = store.marriage_notes(&id, for_couple).await.unwrap();
        notes.into_iter().map(|note| note.words).collect::<Vec<_>>()
    };
    assert_eq!(words(true).await, ["请带军人证来"]);
    assert_eq!(words(false).await.len(), 2);
    let key = IdempotencyKey::new(&store, "cancel", "body");
    store.cancel_marriage_booking(&id, (&owner("me"), &Actor::System), &key, NOW).await.unwrap();
    assert!(words(false).await.is_empty(), "nothing is left of a booking that was given up");
});

store_test!(a_month_is_told_in_counts, |store| {
    let id = firm(&store).await;
    let at = |minute: i64| Instant(Instant::shanghai_midnight(DAY).0 + minute * 60_000);
    let actor = clerk();
    let doer = Doer { id: "clerk", actor: &actor };
    let key = |of: &str| IdempotencyKey::new(&store, of, "body");
    store.arrive_marriage_couple(("a", &id), doer, &key("arrive"), at(530)).await.unwrap();
    let matter = Matter::MarriageRegistration;
    store.walk_in_marriage_couple(("a", matter), doer, &key("walk-in"), at(535)).await.unwrap();
    store.call_next_marriage_couple(("a", 1), doer, &key("call"), at(540)).await.unwrap();
    let given_up = hold(&store, "you", &slot("a", 600, 1)).await.unwrap();
    let by = (&owner("you"), &Actor::System);
    store.cancel_marriage_booking(&given_up, by, &key("cancel"), NOW).await.unwrap();
    let month = store.marriage_month("a", (date(2026, 12, 1), date(2026, 12, 31))).await.unwrap();
    let counts = MonthCounts {
        booked: 1,
        came: 1,
        cancelled: 1,
        walk_ins: 1,
        called: 1,
        waited: 10,
        ..MonthCounts::default()
    };
    assert_eq!(month, [(matter, counts)]);
    assert!(store.marriage_month("a", (date(2026, 11, 1), date(2026, 11, 30))).await.unwrap().is_empty());
});
