//! Letters and calls that wait for a person.

#![cfg(test)]

use super::{NOW, store_test};
use crate::store::StoreError;
use crate::store::audit::Actor;
use crate::store::messages::Channel;

store_test!(letters_and_calls_wait_in_their_area_and_are_delivered_once, |store| {
    let letter = store.put_delivery("320214050001", Channel::Letter, NOW).await;
    store.put_delivery("320214050", Channel::Call, NOW).await;
    store.put_delivery("320214051", Channel::Call, NOW).await;
    // What a machine sends is nobody's list.
    let text = store.put_delivery("320214050", Channel::Text, NOW).await;
    for (area, letters, calls) in [
        ("320214", 1, 2),
        ("320214050", 1, 1),
        ("320214050001", 1, 0),
        ("320214051", 0, 1),
        ("320214052", 0, 0),
    ] {
        assert_eq!(store.count_deliveries(area).await.unwrap(), (letters, calls), "{area}");
        let listed = store.deliveries(area, 0, 10).await.unwrap();
        assert_eq!(listed.len() as i64, letters + calls, "{area}");
    }
    assert!(store.find_delivery(&text).await.unwrap().is_none());
    let found = store.find_delivery(&letter).await.unwrap().unwrap();
    let (to, words) = store.delivery_text(&letter).await.unwrap();
    assert!(to.contains("王小明") && words.contains("已经收到"));
    let actor = Actor::staff("somebody");
    store.delivered(&found, &actor, NOW).await.unwrap();
    assert!(matches!(store.delivered(&found, &actor, NOW).await, Err(StoreError::NotFound)));
    assert!(matches!(store.delivery_text(&letter).await, Err(StoreError::NotFound)), "its text is gone");
    assert!(store.find_delivery(&letter).await.unwrap().is_none());
    assert_eq!(store.noted("message_delivered", &letter).await, 1);
});
