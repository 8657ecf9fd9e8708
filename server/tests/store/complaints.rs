//! Complaints and suggestions.

#![cfg(test)]

use app::domain::complaint::{Complaint, ComplaintForm, ComplaintLevel, ComplaintState};
use app::domain::staff::Role;
use app::domain::time::Instant;

use super::{NOW, TestStore, owner, store_test};
use crate::store::audit::Actor;
use crate::store::messages::Channel;
use crate::store::staff::NewStaffAccount;
use crate::store::{ComplaintScope, IdempotencyKey, NewComplaint, OnlyOnce, StoreError};

store_test!(a_complaint_is_kept_once_and_read_back, |store| {
    let form = ComplaintForm {
        kind: "complaint".into(),
        area: "320214050".into(),
        text: "窗口等了三个小时".into(),
        contact: "0510-85212345".into(),
        ..ComplaintForm::default()
    };
    let complaint = Complaint::parse(&form).unwrap();
    let new = |id: &str, number: &str| NewComplaint {
        id: id.into(),
        number: number.into(),
        complaint: &complaint,
        code: "7K3M9QXD".into(),
        received_at: NOW,
        due_on: None,
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

/// Keeps a complaint about this street, sent by this device; gives its number.
async fn keep(store: &TestStore, number: &str, area: &str, due_on: Option<jiff::civil::Date>) -> String {
    keep_about(store, number, (area, ""), due_on).await
}

async fn keep_about(
    store: &TestStore,
    number: &str,
    (area, about): (&str, &str),
    due_on: Option<jiff::civil::Date>,
) -> String {
    let form = ComplaintForm {
        kind: "complaint".into(),
        area: area.into(),
        about: about.into(),
        text: "窗口等了三个小时".into(),
        contact: "13900001234".into(),
        ..ComplaintForm::default()
    };
    let complaint = Complaint::parse(&form).unwrap();
    let new = NewComplaint {
        id: format!("id-{number}"),
        number: number.into(),
        complaint: &complaint,
        code: "7K3M9QXD".into(),
        received_at: NOW,
        due_on,
    };
    let key = IdempotencyKey::new(store, number, number);
    store.keep_complaint(&new, &key, &owner("me")).await.unwrap().answer()
}

async fn officer(store: &TestStore, login: &str) -> String {
    let new = NewStaffAccount {
        login,
        name: "李小白",
        password_hash: "",
        password_once: false,
        totp_secret: None,
        posts: &[],
    };
    store.add_staff(&new, &Actor::System, NOW).await.unwrap()
}

store_test!(a_complaint_opens_to_its_device_its_code_and_the_last_four_digits, |store| {
    let number = keep(&store, "TS261123000001", "320214050", None).await;
    let opened = |who: &'static str, now| {
        let (store, number) = (store.store.clone(), number.clone());
        async move {
            let found = store.complaint_for(&number, Some(&owner(who)), now).await.unwrap().unwrap();
            found.opened.map(|opened| (opened.text, opened.code))
        }
    };
    let all = Some(("窗口等了三个小时".to_owned(), Some("7K3M9QXD".to_owned())));
    assert_eq!(opened("me", NOW).await, all);
    assert_eq!(opened("other", NOW).await, None);
    let nobody = store.complaint_for(&number, None, NOW).await.unwrap().unwrap();
    assert!(nobody.opened.is_none() && nobody.state == ComplaintState::Received);
    let until = Instant(NOW.0 + 1_000);
    assert!(!store.grant_complaint(&number, "0000", &owner("other"), until).await.unwrap());
    assert!(!store.grant_complaint("TS000000000000", "1234", &owner("other"), until).await.unwrap());
    for (who, proof) in [("by-code", "7K3M9QXD"), ("by-digits", "1234")] {
        assert!(store.grant_complaint(&number, proof, &owner(who), until).await.unwrap());
        assert_eq!(opened(who, NOW).await, all);
        assert_eq!(opened(who, until).await, None, "the permission ends");
    }
});

store_test!(a_complaint_goes_from_hand_to_hand_and_each_step_is_taken_once, |store| {
    let number = keep(&store, "TS261123000001", "320214050", None).await;
    let (one, other) = (officer(&store, "one").await, officer(&store, "other").await);
    let now = |store: &TestStore| {
        let (store, number) = (store.store.clone(), number.clone());
        async move { store.find_complaint(&number).await.unwrap().unwrap() }
    };
    let actor = Actor::staff(&one);
    let fresh = now(&store).await;
    assert_eq!((fresh.level, fresh.state), (ComplaintLevel::Street, ComplaintState::Received));
    let close = store.close_complaint(&fresh, &actor, NOW).await;
    assert!(matches!(close, Err(StoreError::Conflict)), "nothing is closed unanswered");
    store.take_complaint(&fresh, &one, &actor, NOW).await.unwrap();
    let late = store.take_complaint(&fresh, &other, &actor, NOW).await;
    assert!(matches!(late, Err(StoreError::Conflict)), "somebody was faster");
    store.take_complaint(&now(&store).await, &other, &actor, NOW).await.unwrap();
    let answer = store.answer_complaint(&fresh, &one, ("已经道歉", None), &actor, NOW).await;
    assert!(matches!(answer, Err(StoreError::Conflict)), "it is the other one's now");
    store.escalate_complaint(&fresh, &actor, NOW).await.unwrap();
    let passed = now(&store).await;
    assert_eq!(
        (passed.level, passed.state, passed.handler.clone()),
        (ComplaintLevel::District, ComplaintState::Received, None)
    );
    assert!(matches!(store.escalate_complaint(&passed, &actor, NOW).await, Err(StoreError::Conflict)));
    store.take_complaint(&passed, &one, &actor, NOW).await.unwrap();
    let message = Some((Channel::Text, "13900001234", "已经答复"));
    store.answer_complaint(&passed, &one, ("已经道歉，并加开窗口", message), &actor, NOW).await.unwrap();
    store.close_complaint(&passed, &actor, NOW).await.unwrap();
    assert!(matches!(store.close_complaint(&passed, &actor, NOW).await, Err(StoreError::Conflict)));
    let resident = store.complaint_for(&number, Some(&owner("me")), NOW).await.unwrap().unwrap();
    assert_eq!(resident.state, ComplaintState::Closed);
    assert_eq!(resident.opened.unwrap().reply, Some(("已经道歉，并加开窗口".into(), NOW)));
    for (act, count) in [
        ("complaint_received", 1),
        ("complaint_taken", 3),
        ("complaint_escalated", 1),
        ("complaint_answered", 1),
        ("complaint_closed", 1),
    ] {
        assert_eq!(store.noted(act, &fresh.id).await, count, "{act}");
    }
});

store_test!(overdue_complaints_stand_on_top_and_reach_the_district, |store| {
    let today = jiff::civil::date(2026, 11, 23);
    keep(&store, "TS261123000001", "320214050", Some(jiff::civil::date(2026, 11, 24))).await;
    keep(&store, "TS261123000002", "320214050", Some(jiff::civil::date(2026, 11, 20))).await;
    keep(&store, "TS261123000003", "320214050", Some(today)).await;
    keep(&store, "TS261123000004", "", None).await;
    let scope = |area: &str, role| ComplaintScope { area: area.into(), role, today };
    let street = scope("320214050", Role::StreetOfficer);
    let found = store.waiting_complaints(&street, 0, 10).await.unwrap();
    assert_eq!((found.len(), found[0].number.as_str()), (3, "TS261123000002"));
    assert_eq!(store.count_waiting_complaints(&street).await.unwrap(), (3, 1));
    assert_eq!(store.waiting_complaints(&street, 2, 10).await.unwrap().len(), 1);
    let other = scope("320214051", Role::StreetOfficer);
    assert_eq!(store.count_waiting_complaints(&other).await.unwrap(), (0, 0));
    let district = scope("320214", Role::DistrictOfficer);
    let found = store.waiting_complaints(&district, 0, 10).await.unwrap();
    let numbers: Vec<_> = found.iter().map(|line| line.number.as_str()).collect();
    assert_eq!(numbers, ["TS261123000002", "TS261123000004"]);
    let counts = store.complaint_counts("320214", today).await.unwrap();
    let told: Vec<_> = counts.iter().map(|c| (c.area.as_str(), c.state, c.count, c.overdue)).collect();
    assert_eq!(
        told,
        [("320214", ComplaintState::Received, 1, 0), ("320214050", ComplaintState::Received, 3, 1)]
    );
});

store_test!(what_is_said_about_the_districts_officers_waits_for_its_auditors_alone, |store| {
    let today = jiff::civil::date(2026, 11, 23);
    let late = Some(jiff::civil::date(2026, 11, 20));
    keep_about(&store, "TS261123000001", ("320214050", "district_officer"), late).await;
    keep_about(&store, "TS261123000002", ("", "district_officer"), None).await;
    keep_about(&store, "TS261123000003", ("", "street_officer"), None).await;
    let numbers = |area: &'static str, role| {
        let store = store.store.clone();
        async move {
            let scope = ComplaintScope { area: area.into(), role, today };
            let found = store.waiting_complaints(&scope, 0, 10).await.unwrap();
            assert_eq!(store.count_waiting_complaints(&scope).await.unwrap().0, found.len() as i64);
            found.into_iter().map(|line| line.number).collect::<Vec<_>>()
        }
    };
    assert!(numbers("320214050", Role::StreetOfficer).await.is_empty());
    assert_eq!(numbers("320214", Role::DistrictOfficer).await, ["TS261123000003"]);
    assert_eq!(numbers("320214", Role::Auditor).await, ["TS261123000001", "TS261123000002"]);
});
