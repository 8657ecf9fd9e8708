//! Bookings: nothing oversold, nobody booked twice, every place given back once, whatever comes at the same moment.

#![cfg(test)]

use app::domain::cancellation::CancelReason;
use app::domain::confirm::Holder;
use app::domain::marriage::{Couple, CoupleForm, HOLD_MS, Matter};
use app::domain::time::Instant;
use jiff::civil::{Date, date};

use super::{NOW, TestStore, owner, store_test};
use crate::confirm::issue_booking;
use crate::store::audit::Actor;
use crate::store::confirmations::ByStaff;
use crate::store::marriage::bookings::{BookRefusal, Invite, Signed, WantedSlot};
use crate::store::marriage::moving::MovedBy;
use crate::store::{IdempotencyKey, NewConfirmation, OnlyOnce, Store};

pub(super) const DAY: Date = date(2026, 12, 1);
const KEEP: Instant = Instant(NOW.0 + 24 * 3_600_000);
pub(super) const SECRET: &str = "secretsecretsecretsecretsecretse";

pub(super) fn slot(office: &'static str, starts: u16, quota: i64) -> WantedSlot<'static> {
    WantedSlot { office, matter: Matter::MarriageRegistration, day: DAY, starts, ends: starts + 60, quota }
}

pub(super) async fn hold_at(
    store: &Store,
    who: &str,
    wanted: &WantedSlot<'_>,
    key: &str,
    at: Instant,
) -> Result<String, BookRefusal> {
    let key = IdempotencyKey::new(store, &format!("hold-{key}"), "body");
    store.hold_marriage_slot(wanted, &owner(who), &Actor::System, &key, at).await.map(OnlyOnce::answer)
}

pub(super) async fn hold(store: &Store, who: &str, wanted: &WantedSlot<'_>) -> Result<String, BookRefusal> {
    hold_at(store, who, wanted, &format!("{who}-{}-{}", wanted.office, wanted.starts), NOW).await
}

pub(super) const MAN: &str = "320205199912319937";
pub(super) const WOMAN: &str = "320222194503129909";

pub(super) fn couple(man: &str, woman: &str, way: &str) -> Couple {
    let form = CoupleForm {
        me: "man".into(),
        man_name: "王小明".into(),
        man_document: man.into(),
        man_mobile: "13900001234".into(),
        woman_name: "李小红".into(),
        woman_document: woman.into(),
        woman_mobile: "13900005678".into(),
        way: way.into(),
    };
    Couple::parse(&form, Matter::MarriageRegistration, DAY, NOW.shanghai_date()).unwrap()
}

fn invite(secret: &str) -> Invite {
    Invite { secret: secret.into(), code: "042042".into() }
}

pub(super) async fn confirmation(store: &TestStore, number: &str) -> NewConfirmation {
    let holder = Holder { name: "王＊＊".into(), document_tail: "937".into() };
    let times = (Instant::shanghai_midnight(DAY), 60, Instant::shanghai_midnight(DAY.tomorrow().unwrap()));
    issue_booking(&store.signing, "XW", number, holder, times, NOW).await.unwrap()
}

/// The first one says yes with a link.
pub(super) async fn tell(
    store: &TestStore,
    id: &str,
    who: &str,
    couple: &Couple,
    secret: &str,
) -> Result<(), BookRefusal> {
    let key = IdempotencyKey::new(store, &format!("tell-{id}"), "body");
    let by = (&owner(who), &Actor::System);
    store.tell_marriage_couple(id, couple, KEEP, Some(&invite(secret)), None, by, &key, NOW).await
}

/// The other one says yes.
pub(super) async fn agree(
    store: &TestStore,
    number: &str,
    code: &str,
    at: Instant,
) -> Result<Option<String>, BookRefusal> {
    let confirmation = confirmation(store, number).await;
    let signed = Signed { number, confirmation: &confirmation };
    store.agree_to_marriage_booking((SECRET, code), &signed, (&owner("other"), &Actor::System), at).await
}

async fn taken(store: &TestStore) -> i64 {
    let database = store.database().await;
    sqlx::query_scalar("select cast(coalesce(sum(taken), 0) as bigint) from marriage_slots")
        .fetch_one(&database)
        .await
        .unwrap()
}

pub(super) async fn count(store: &TestStore, statement: &'static str) -> i64 {
    sqlx::query_scalar(statement).fetch_one(&store.database().await).await.unwrap()
}

store_test!(twelve_at_once_for_three_places_get_three_and_two_servers_share_them, |store| {
    let another = store.another().await;
    let wanted = slot("a", 540, 3);
    let mut tries = tokio::task::JoinSet::new();
    for n in 0..12 {
        let server = if n % 2 == 0 { store.store.clone() } else { another.clone() };
        tries.spawn(async move { hold(&server, &format!("person-{n}"), &slot("a", 540, 3)).await });
    }
    let mut held = 0;
    while let Some(done) = tries.join_next().await {
        match done.unwrap() {
            Ok(_) => held += 1,
            Err(BookRefusal::Full) => {}
            Err(other) => panic!("{other:?}"),
        }
    }
    assert_eq!((held, taken(&store).await), (3, 3));
    // Ten minutes later their places are there again, each once.
    let later = Instant(NOW.0 + HOLD_MS);
    hold_at(&store, "late", &wanted, "late", later).await.unwrap();
    assert_eq!(taken(&store).await, 1);
    assert_eq!(store.release_marriage_holds(later).await.unwrap(), 0, "released already");
});

store_test!(one_key_holds_once_and_a_third_open_hold_is_refused, |store| {
    let first = hold(&store, "me", &slot("a", 540, 5)).await.unwrap();
    assert_eq!(hold(&store, "me", &slot("a", 540, 5)).await.unwrap(), first, "the same form sent twice");
    hold(&store, "me", &slot("b", 540, 5)).await.unwrap();
    let third = hold(&store, "me", &slot("c", 540, 5)).await;
    assert!(matches!(third, Err(BookRefusal::TooMany)), "{third:?}");
    assert_eq!(taken(&store).await, 2, "the refused one took no place");
});

store_test!(a_hold_is_extended_ten_times_and_never_after_its_end, |store| {
    let id = hold(&store, "me", &slot("a", 540, 5)).await.unwrap();
    let stranger = store.extend_marriage_hold(&id, &owner("another"), NOW).await;
    assert!(matches!(stranger, Err(BookRefusal::Over)));
    for _ in 0..10 {
        store.extend_marriage_hold(&id, &owner("me"), NOW).await.unwrap();
    }
    assert!(matches!(store.extend_marriage_hold(&id, &owner("me"), NOW).await, Err(BookRefusal::Over)));
    let late = hold(&store, "late", &slot("a", 540, 5)).await.unwrap();
    let end = Instant(NOW.0 + HOLD_MS);
    assert!(matches!(store.extend_marriage_hold(&late, &owner("late"), end).await, Err(BookRefusal::Over)));
});

store_test!(couple_entered_in_reverse_order_is_the_same_couple, |store| {
    let first = hold(&store, "me", &slot("a", 540, 5)).await.unwrap();
    tell(&store, &first, "me", &couple(MAN, WOMAN, "link"), SECRET).await.unwrap();
    // At another office, by another device, each in the other's place.
    let second = hold(&store, "her", &slot("b", 540, 5)).await.unwrap();
    let swapped = tell(&store, &second, "her", &couple(WOMAN, MAN, "link"), "another").await;
    assert!(matches!(swapped, Err(BookRefusal::BookedBefore)), "{swapped:?}");
    assert_eq!(store.marriage_state(&second).await, "held", "nothing of it was kept");
    assert_eq!(count(&store, "select cast(count(*) as bigint) from marriage_people").await, 2);
});

store_test!(firm_only_when_both_said_yes_with_a_code_of_their_own, |store| {
    let id = hold(&store, "me", &slot("a", 540, 1)).await.unwrap();
    tell(&store, &id, "me", &couple(MAN, WOMAN, "link"), SECRET).await.unwrap();
    assert_eq!(store.marriage_state(&id).await, "waiting");
    assert!(
        store.marriage_day("a", DAY).await.unwrap().is_empty(),
        "the clerk sees no couple that isn't one"
    );
    assert_eq!(agree(&store, "HY261123000001", "000000", NOW).await.unwrap(), None);
    assert_eq!(agree(&store, "HY261123000001", "042042", NOW).await.unwrap(), Some(id.clone()));
    assert_eq!(store.marriage_state(&id).await, "firm");
    let line = store.marriage_day("a", DAY).await.unwrap().remove(0);
    assert_eq!((line.booking.names.len(), line.short_code.len()), (2, 8));
    assert!(store.marriage_booking(&id, &owner("other")).await.is_ok(), "who said yes may open it");
    assert!(store.marriage_booking(&id, &owner("stranger")).await.is_err());
    let kept = store.confirmations_of_number("HY261123000001").await.unwrap().remove(0);
    assert_eq!((kept.office.as_str(), kept.kind.as_str()), ("a", "booking"));
});

store_test!(a_time_that_ends_while_the_other_one_confirms_is_released_and_both_are_told, |store| {
    let id = hold(&store, "me", &slot("a", 540, 1)).await.unwrap();
    tell(&store, &id, "me", &couple(MAN, WOMAN, "link"), SECRET).await.unwrap();
    assert_eq!(
        agree(&store, "HY261123000001", "042042", KEEP).await.unwrap(),
        None,
        "the end itself is too late"
    );
    assert_eq!(store.release_marriage_holds(KEEP).await.unwrap(), 1);
    assert_eq!((store.marriage_state(&id).await.as_str(), taken(&store).await), ("released", 0));
    let told = "select cast(count(*) as bigint) from outbox where template = 'marriage_released'";
    assert_eq!(count(&store, told).await, 2);
    assert_eq!(count(&store, "select cast(count(*) as bigint) from marriage_people").await, 0);
});

store_test!(a_move_takes_the_new_place_before_it_gives_the_old_one_back, |store| {
    let id = hold(&store, "me", &slot("a", 540, 1)).await.unwrap();
    let both = couple(MAN, WOMAN, "link");
    tell(&store, &id, "me", &both, SECRET).await.unwrap();
    agree(&store, "HY261123000001", "042042", NOW).await.unwrap();
    hold(&store, "rival", &slot("a", 840, 1)).await.unwrap();
    let move_to = async |starts: u16, key: &str| {
        let booking = store.marriage_booking(&id, &owner("me")).await.unwrap();
        let confirmation = confirmation(&store, "HY261123000001").await;
        let signed = Signed { number: "HY261123000001", confirmation: &confirmation };
        let (key, wanted) = (IdempotencyKey::new(&store, key, "body"), slot("a", starts, 1));
        let me = owner("me");
        let by = MovedBy::Couple(&me, &Actor::System);
        store.move_marriage_booking(&booking, &wanted, &both, &signed, by, &key, NOW).await
    };
    assert!(matches!(move_to(840, "first").await, Err(BookRefusal::Full)));
    let booking = store.marriage_booking(&id, &owner("me")).await.unwrap();
    assert_eq!((booking.starts, taken(&store).await), (540, 2), "the old time is not lost");
    move_to(900, "second").await.unwrap();
    let moved = store.marriage_booking(&id, &owner("me")).await.unwrap();
    assert_eq!((moved.starts, taken(&store).await), (900, 2));
    let all = store.confirmations_of_number("HY261123000001").await.unwrap();
    let holding = all.iter().filter(|kept| kept.state(NOW) == app::domain::confirm::check::CheckState::Valid);
    assert_eq!((all.len(), holding.count()), (2, 1), "the old code holds no longer");
});

store_test!(who_gives_a_booking_up_leaves_a_free_place_and_no_data, |store| {
    let id = hold(&store, "me", &slot("a", 540, 1)).await.unwrap();
    tell(&store, &id, "me", &couple(MAN, WOMAN, "link"), SECRET).await.unwrap();
    agree(&store, "HY261123000001", "042042", NOW).await.unwrap();
    let key = IdempotencyKey::new(&store, "cancel", "body");
    for _ in 0..2 {
        store.cancel_marriage_booking(&id, (&owner("other"), &Actor::System), &key, NOW).await.unwrap();
    }
    assert_eq!((store.marriage_state(&id).await.as_str(), taken(&store).await), ("cancelled", 0));
    assert_eq!(count(&store, "select cast(count(*) as bigint) from marriage_people").await, 0);
    let again = hold(&store, "me", &slot("b", 540, 1)).await.unwrap();
    tell(&store, &again, "me", &couple(MAN, WOMAN, "link"), "another").await.unwrap();
});

store_test!(staff_who_end_or_renew_the_confirmation_end_or_renew_the_booking, |store| {
    let id = hold(&store, "me", &slot("a", 540, 1)).await.unwrap();
    tell(&store, &id, "me", &couple(MAN, WOMAN, "link"), SECRET).await.unwrap();
    agree(&store, "HY261123000001", "042042", NOW).await.unwrap();
    let first = store.marriage_booking(&id, &owner("me")).await.unwrap().confirmation;
    let actor = Actor::Staff { id: "clerk".into(), post: "marriage_clerk@a".into() };
    let by = ByStaff { actor: &actor, staff: "clerk" };
    let new = confirmation(&store, "HY261123000001").await;
    let key = IdempotencyKey::new(&store, "anew", "body");
    store.reissue_confirmation(&first, &new, &by, &key, NOW).await.unwrap();
    let shown = store.marriage_booking(&id, &owner("me")).await.unwrap().confirmation;
    assert_eq!((&shown, shown == first), (&new.id, false), "the couple sees the code that holds");
    let key = IdempotencyKey::new(&store, "end", "body");
    store.cancel_confirmation(&shown, CancelReason::Office, &by, &key, NOW).await.unwrap();
    assert_eq!((store.marriage_state(&id).await.as_str(), taken(&store).await), ("cancelled", 0));
    assert_eq!(count(&store, "select cast(count(*) as bigint) from marriage_people").await, 0);
    let told = "select cast(count(*) as bigint) from outbox where template = 'marriage_cancelled'";
    assert_eq!(count(&store, told).await, 2);
});

store_test!(two_couples_who_change_places_at_once_never_wait_for_each_other, |store| {
    let others = ["320205199001011237", "320205199202021220"];
    let mut ids = Vec::new();
    for (who, starts, [man, woman]) in [("me", 540, [MAN, WOMAN]), ("you", 600, others)] {
        let id = hold(&store, who, &slot("a", starts, 2)).await.unwrap();
        let both = couple(man, woman, "link");
        let secret = format!("{who}{SECRET}");
        tell(&store, &id, who, &both, &secret).await.unwrap();
        let number = format!("HY26112300000{}", ids.len());
        let signed = confirmation(&store, &number).await;
        let signed = Signed { number: &number, confirmation: &signed };
        let by = (&owner("other"), &Actor::System);
        store.agree_to_marriage_booking((&secret, "042042"), &signed, by, NOW).await.unwrap().unwrap();
        ids.push((id, who, both, number));
    }
    let server = store.another().await;
    for turn in 0..10 {
        let mut moves = Vec::new();
        for (at, (id, who, both, number)) in ids.iter().enumerate() {
            let store_of = if at == 0 { &store.store } else { &server };
            let starts = if (turn + at) % 2 == 0 { 600 } else { 540 };
            let booking = store.marriage_booking(id, &owner(who)).await.unwrap();
            let new = confirmation(&store, number).await;
            moves.push(async move {
                let signed = Signed { number, confirmation: &new };
                let key = IdempotencyKey::new(store_of, &format!("move-{turn}-{at}"), "body");
                let (me, wanted) = (owner(who), slot("a", starts, 2));
                store_of
                    .move_marriage_booking(
                        &booking,
                        &wanted,
                        both,
                        &signed,
                        MovedBy::Couple(&me, &Actor::System),
                        &key,
                        NOW,
                    )
                    .await
            });
        }
        let two = moves.pop().unwrap();
        let (one, two) = tokio::join!(moves.pop().unwrap(), two);
        one.unwrap();
        two.unwrap();
    }
    assert_eq!(taken(&store).await, 2);
});

store_test!(places_taken_are_always_the_live_bookings_and_never_more_than_the_quota, |store| {
    let (mut seed, mut now, mut ids) = (7_u64, NOW.0, Vec::new());
    for step in 0..400 {
        seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        let pick = seed >> 33;
        let who = format!("p{}", pick % 9);
        now += i64::try_from(pick % 90_000).unwrap();
        match pick % 5 {
            0..=2 => {
                let wanted = slot(["a", "b"][(pick % 2) as usize], 540 + 60 * (pick % 3) as u16, 3);
                let held = hold_at(&store, &who, &wanted, &format!("{step}"), Instant(now)).await;
                match held {
                    Ok(id) => ids.push((id, who)),
                    Err(BookRefusal::Full | BookRefusal::TooMany) => {}
                    Err(other) => panic!("{other:?}"),
                }
            }
            3 => {
                if let Some((id, who)) = ids.get(pick as usize % ids.len().max(1)) {
                    let key = IdempotencyKey::new(&store, &format!("cancel-{step}"), "body");
                    let by = (&owner(who), &Actor::System);
                    let _ = store.cancel_marriage_booking(id, by, &key, Instant(now)).await;
                }
            }
            _ => {
                store.release_marriage_holds(Instant(now)).await.unwrap();
            }
        }
        if step % 20 == 0 {
            let live = "select cast(count(*) as bigint) from marriage_bookings where state in ('held', 'waiting', 'firm')";
            assert_eq!(taken(&store).await, count(&store, live).await, "step {step}");
            assert_eq!(
                count(&store, "select cast(count(*) as bigint) from marriage_slots where taken > 3").await,
                0
            );
        }
    }
});
