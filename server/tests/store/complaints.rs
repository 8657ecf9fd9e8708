//! Complaints and suggestions.

#![cfg(test)]

use app::domain::complaint::{Complaint, ComplaintForm};

use super::{NOW, owner, store_test};
use crate::store::{IdempotencyKey, NewComplaint, OnlyOnce, StoreError};

store_test!(a_complaint_is_kept_once_and_read_back, |store| {
    let form = ComplaintForm {
        kind: "complaint".into(),
        text: "窗口等了三个小时".into(),
        contact: "0510-85212345".into(),
    };
    let complaint = Complaint::parse(&form).unwrap();
    let new = |id: &str, number: &str| NewComplaint {
        id: id.into(),
        number: number.into(),
        complaint: &complaint,
        received_at: NOW,
    };
    let key = IdempotencyKey::new(&store, "key-1", "body");
    let first = store.keep_complaint(&new("1", "TS261123000001"), &key, &owner("me")).await.unwrap();
    assert_eq!(first, OnlyOnce::Done("TS261123000001".into()));
    let again = store.keep_complaint(&new("2", "TS261123000002"), &key, &owner("me")).await.unwrap();
    assert_eq!(again, OnlyOnce::Before("TS261123000001".into()));
    let other = IdempotencyKey::new(&store, "key-1", "other");
    let refused = store.keep_complaint(&new("3", "TS261123000003"), &other, &owner("me")).await;
    assert!(matches!(refused, Err(StoreError::Conflict)));
    assert!(store.complaint_exists("TS261123000001").await.unwrap());
    assert!(!store.complaint_exists("TS261123000002").await.unwrap());
    let all = store.complaints().await.unwrap();
    assert_eq!(all.len(), 1);
    assert_eq!((all[0].3.as_str(), all[0].4.as_deref()), ("窗口等了三个小时", Some("0510-85212345")));
});
