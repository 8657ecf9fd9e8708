//! Moments that meet: a hold that ends while the partner confirms, and the last second of a day.

#![cfg(test)]

use app::domain::time::Instant;

use super::marriage_bookings::{DAY, MAN, SECRET, WOMAN, agree, count, couple, hold, slot, tell};
use super::{NOW, owner, store_test};

/// Until when [`tell`] keeps a time.
const KEEP: Instant = Instant(NOW.0 + 24 * 3_600_000);

store_test!(a_hold_that_ends_while_the_partner_confirms_is_firm_or_released_and_never_both, |store| {
    let another = store.another().await;
    for (turn, at) in [Instant(KEEP.0 - 1), KEEP, Instant(KEEP.0 - 1)].into_iter().enumerate() {
        let who = format!("me-{turn}");
        let booking = hold(&store, &who, &slot("a", 540 + u16::try_from(turn).unwrap(), 1)).await.unwrap();
        tell(&store, &booking, &who, &couple(MAN, WOMAN, "link"), SECRET).await.unwrap();
        let number = format!("HY26112300000{turn}");
        // The job of another server comes by at the very moment at which the time runs out.
        let (yes, released) =
            tokio::join!(agree(&store, &number, "042042", at), another.release_marriage_holds(KEEP));
        let firm = matches!(yes, Ok(Some(_)));
        assert_eq!(released.unwrap(), u64::from(!firm), "turn {turn}");
        let state = store.marriage_state(&booking).await;
        assert_eq!(state, if firm { "firm" } else { "released" }, "turn {turn}");
        assert!(at < KEEP || !firm, "at the end itself it is over");
        let taken = "select cast(sum(taken) as bigint) from marriage_slots";
        assert_eq!(count(&store, taken).await, i64::from(firm), "turn {turn}");
        let codes = "select cast(count(*) as bigint) from confirmations where state = 'active'";
        assert_eq!(count(&store, codes).await, i64::from(firm), "no code without a time");
        if firm {
            let key = crate::store::IdempotencyKey::new(&store, &format!("cancel-{turn}"), "body");
            let by = (&owner(&who), &crate::store::audit::Actor::System);
            store.cancel_marriage_booking(&booking, by, &key, KEEP).await.unwrap();
        }
        sqlx::query("update marriage_bookings set invite_hash = null")
            .execute(&store.database().await)
            .await
            .unwrap();
    }
});

store_test!(what_is_kept_at_the_last_second_of_a_day_ends_with_it, |store| {
    let midnight = Instant::shanghai_midnight(DAY);
    let booking = hold(&store, "me", &slot("a", 540, 1)).await.unwrap();
    let booking = store.marriage_booking(&booking, &owner("me")).await.unwrap();
    let second_before = Instant(midnight.0 - 1_000);
    assert_eq!(second_before.shanghai_minute(), 23 * 60 + 59);
    assert_eq!(booking.keep_until(24, second_before), midnight, "never into the day itself");
    let day_before = Instant(second_before.0 - 24 * 3_600_000);
    assert_eq!(booking.keep_until(24, day_before), second_before);
});
