//! What staff record at the counter.

#![cfg(test)]

use app::domain::counter::{CounterRefusal, Paper, PaperForm, Seen, SeenForm};
use app::domain::person::{Assurance, IdentityForm, Profile};
use app::domain::phone::ContactPhone;
use app::domain::proxy::ProxyState;

use super::{NOW, TestStore, fill_draft, owner, store_test, submit};
use crate::store::IdempotencyKey;
use crate::store::audit::Actor;
use crate::store::counter::CounterError;
use crate::store::residents::{CodeOutcome, Device, SignInRules};

const DAY: i64 = 24 * 3_600_000;
const RULES: SignInRules = SignInRules { unused_ms: 180 * DAY, session_ms: DAY };
const STREET: &str = "320214050";
const ELDER: &str = "320222194503129909";
const OTHER: &str = "320205199912319937";

fn clerk() -> Actor {
    Actor::Staff { id: "clerk".into(), post: "street_officer@320214050".into() }
}

fn seen(phone: &str, name: &str, number: &str) -> Seen {
    let form = SeenForm {
        phone: phone.into(),
        name: name.into(),
        document_kind: "citizen_id".into(),
        document_number: number.into(),
        birth_date: String::new(),
        seen: "yes".into(),
    };
    Seen::parse(&form, NOW.shanghai_date()).unwrap()
}

fn paper(number: &str, phone: &str) -> Paper {
    let form = PaperForm {
        document_kind: "citizen_id".into(),
        document_number: number.into(),
        representative_name: "王样例".into(),
        representative_phone: phone.into(),
        relation: "parent".into(),
        ends_on: "2026-12-31".into(),
        signed: "yes".into(),
    };
    Paper::parse(&form, NOW.shanghai_date()).unwrap()
}

async fn sign_in(store: &TestStore, number: &str, token: &str) -> String {
    let phone = ContactPhone::parse(number).unwrap();
    let id = store.request_code(token, &phone, str::to_owned, NOW).await.unwrap();
    let (_, code) = store.demo_message(&id).await.unwrap().unwrap();
    let device = Device { old: "", new: token, described: "other" };
    let outcome = store.sign_in_with_code(token, &code, token, &device, RULES, NOW).await.unwrap();
    assert!(matches!(outcome, CodeOutcome::SignedIn { .. }));
    store.resident_session(token, DAY, NOW).await.unwrap().unwrap().resident
}

fn refusal<T: std::fmt::Debug>(result: Result<T, CounterError>) -> CounterRefusal {
    match result {
        Err(CounterError::Refused(refusal)) => refusal,
        other => panic!("{other:?}"),
    }
}

store_test!(a_document_that_was_seen_verifies_the_account_of_the_number, |store| {
    store.record_identity(&seen("13900000002", "样例老人", ELDER), &clerk(), STREET, NOW).await.unwrap();
    let elder = sign_in(&store, "13900000002", "t1").await;
    let kept = store.account(&elder).await.unwrap();
    assert_eq!(kept.assurance, Assurance::Verified);
    assert_eq!(kept.profile.identity.map(|identity| identity.name).as_deref(), Some("样例老人"));
    let opened = store.who_opened(&elder, &[]).await.unwrap();
    assert_eq!(opened[0].post, "street_officer@320214050", "the resident sees in which post");
    // Seen again: the same.
    store.record_identity(&seen("13900000002", "样例老人", ELDER), &clerk(), STREET, NOW).await.unwrap();
    // A change of the name makes it a declared one again.
    let change = |profile: &mut Profile| {
        profile.identity = Some(IdentityForm { name: "样例".into(), ..profile.identity.clone().unwrap() });
        Ok(())
    };
    store.change_profile(&elder, &Actor::Resident(elder.clone()), None, change, NOW).await.unwrap();
    assert_eq!(store.account(&elder).await.unwrap().assurance, Assurance::Declared);
});

store_test!(a_document_belongs_to_one_account_and_a_number_to_one_person, |store| {
    store.record_identity(&seen("13900000002", "样例老人", ELDER), &clerk(), STREET, NOW).await.unwrap();
    let twice = store.record_identity(&seen("13900000003", "样例老人", ELDER), &clerk(), STREET, NOW).await;
    assert_eq!(refusal(twice), CounterRefusal::DocumentOfAnother);
    let other = store.record_identity(&seen("13900000002", "王样例", OTHER), &clerk(), STREET, NOW).await;
    assert_eq!(refusal(other), CounterRefusal::PhoneOfAnother);
});

store_test!(what_was_sent_under_a_number_tells_whose_it_is, |store| {
    fill_draft(&store, &owner("device")).await;
    submit(&store, &owner("device"), "LS261123000001", "key-1", "body").await.unwrap();
    let phone = ContactPhone::parse("13900001234").unwrap();
    let id = store.request_code("t1", &phone, str::to_owned, NOW).await.unwrap();
    let (_, code) = store.demo_message(&id).await.unwrap().unwrap();
    let device = Device { old: "device", new: "d1", described: "other" };
    store.sign_in_with_code("t1", &code, "t1", &device, RULES, NOW).await.unwrap();
    let other = store.record_identity(&seen("13900001234", "样例老人", ELDER), &clerk(), STREET, NOW).await;
    assert_eq!(refusal(other), CounterRefusal::PhoneOfAnother);
    store.record_identity(&seen("13900001234", "王小明", OTHER), &clerk(), STREET, NOW).await.unwrap();
});

store_test!(an_agreement_on_paper_needs_a_verified_person_and_holds_like_any_other, |store| {
    let key = |text: &str| IdempotencyKey::new(&store.store, text, "body");
    let early = store.record_proxy(&paper(ELDER, "13900000001"), &key("k1"), &clerk(), STREET, NOW).await;
    assert_eq!(refusal(early), CounterRefusal::NotVerified);
    store.record_identity(&seen("13900000002", "样例老人", ELDER), &clerk(), STREET, NOW).await.unwrap();
    let own = store.record_proxy(&paper(ELDER, "13900000002"), &key("k2"), &clerk(), STREET, NOW).await;
    assert_eq!(refusal(own), CounterRefusal::SamePerson);
    for _ in 0..2 {
        store.record_proxy(&paper(ELDER, "13900000001"), &key("k3"), &clerk(), STREET, NOW).await.unwrap();
    }
    let helper = sign_in(&store, "13900000001", "t1").await;
    let elder = sign_in(&store, "13900000002", "t2").await;
    let lines = store.proxies_of(&helper, NOW).await.unwrap();
    assert_eq!(lines.len(), 1, "a second press records once");
    assert_eq!(lines[0].state, ProxyState::Active);
    for reader in [&helper, &elder] {
        assert!(!store.inbox(reader).await.unwrap().is_empty(), "both are told");
    }
    store.act_under("t1", &helper, Some(&lines[0].id), NOW).await.unwrap();
    store.end_proxy(&lines[0].id, &elder, NOW).await.unwrap();
    let session = store.resident_session("t1", DAY, NOW).await.unwrap().unwrap();
    assert!(session.acting.is_none());
});
