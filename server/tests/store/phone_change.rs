//! Another telephone number for an account, on both engines.

#![cfg(test)]

use app::domain::phone::ContactPhone;
use app::domain::time::Instant;

use super::{NOW, TestStore, store_test};
use crate::store::phone_change::{ChangedBy, PhoneChange};
use crate::store::residents::{CodeOutcome, Device, SignInRules};

const RULES: SignInRules = SignInRules { unused_ms: i64::MAX, session_ms: 3_600_000 };

fn phone(text: &str) -> ContactPhone {
    ContactPhone::parse(text).unwrap()
}

async fn code(store: &TestStore, attempt: &str, number: &str) -> String {
    let id = store.request_code(attempt, &phone(number), str::to_owned, NOW).await.unwrap();
    store.demo_message(&id).await.unwrap().unwrap().1
}

async fn sign_in(store: &TestStore, number: &str, token: &str, cookie: &str) -> String {
    let code = code(store, token, number).await;
    let device = Device { old: "", new: cookie, described: "android" };
    let outcome = store.sign_in_with_code(token, &code, token, &device, RULES, NOW).await.unwrap();
    assert!(matches!(outcome, CodeOutcome::SignedIn { .. }));
    store.resident_session(token, 3_600_000, NOW).await.unwrap().unwrap().resident
}

store_test!(a_number_is_swapped_whole_and_only_once, |store| {
    let resident = sign_in(&store, "13900000001", "t1", "d1").await;
    let other = sign_in(&store, "13900000001", "t2", "d2").await;
    assert_eq!(resident, other);
    let by = ChangedBy::Owner { resident: &resident, token: "t1", new_token: "t3" };
    let right = code(&store, "change", "13900000002").await;
    let wrong = if right == "000000" { "000001" } else { "000000" };
    assert_eq!(store.change_phone("change", wrong, &by, NOW).await.unwrap(), PhoneChange::Refused);
    assert_eq!(store.change_phone("change", &right, &by, NOW).await.unwrap(), PhoneChange::Changed);
    assert_eq!(store.change_phone("change", &right, &by, NOW).await.unwrap(), PhoneChange::Refused);
    let kept = store.account(&resident).await.unwrap();
    assert_eq!(kept.phone, Some(phone("13900000002")));
    for (token, holds) in [("t1", false), ("t2", false), ("t3", true)] {
        assert_eq!(store.resident_session(token, 3_600_000, NOW).await.unwrap().is_some(), holds, "{token}");
    }
    assert!(store.is_device_of(&phone("13900000002"), "d1").await.unwrap());
    assert!(!store.is_device_of(&phone("13900000002"), "d2").await.unwrap());
    assert!(!store.is_device_of(&phone("13900000001"), "d1").await.unwrap());
    assert!(store.last_message_to(&phone("13900000001"), "phone_changed").await.unwrap().is_some());
    assert_eq!(store.noted("phone_changed", &resident).await, 1);
});

store_test!(a_number_of_another_account_is_refused_and_both_stay_as_they_were, |store| {
    let one = sign_in(&store, "13900000001", "t1", "d1").await;
    let two = sign_in(&store, "13900000002", "t2", "d2").await;
    let right = code(&store, "change", "13900000002").await;
    let by = ChangedBy::Owner { resident: &one, token: "t1", new_token: "t3" };
    assert_eq!(store.change_phone("change", &right, &by, NOW).await.unwrap(), PhoneChange::Taken);
    assert_eq!(store.account(&one).await.unwrap().phone, Some(phone("13900000001")));
    assert_eq!(store.account(&two).await.unwrap().phone, Some(phone("13900000002")));
    assert!(store.resident_session("t1", 3_600_000, NOW).await.unwrap().is_some());
    assert_eq!(store.noted("phone_change_refused", &one).await, 1);
    // Asked for again under the same secret, the older code is dead.
    let first = code(&store, "again", "13900000003").await;
    let second = code(&store, "again", "13900000003").await;
    if first != second {
        assert_eq!(store.change_phone("again", &first, &by, NOW).await.unwrap(), PhoneChange::Refused);
    }
    assert_eq!(store.change_phone("again", &second, &by, NOW).await.unwrap(), PhoneChange::Changed);
});

store_test!(tries_of_a_day_are_counted_apart_from_those_of_an_hour, |store| {
    let hour = 3_600_000;
    for expected in 1..=3 {
        let now = Instant(NOW.0 + expected * hour);
        assert_eq!(store.count_try_of_day("codes", now).await.unwrap(), expected);
        assert_eq!(store.count_try("code", now).await.unwrap(), 1);
    }
    assert_eq!(store.count_try_of_day("codes", Instant(NOW.0 + 24 * hour)).await.unwrap(), 1);
});
