//! Agreement by link and code.

#![cfg(test)]

use app::domain::name::PersonName;
use app::domain::time::Instant;
use app::ports::CaseEventKind;

use super::{CODE, NOW, SECRET, fill_draft, owner, store_test, submit};
use crate::store::StoreError;
use crate::store::audit::Actor;

store_test!(an_adult_agrees_once_with_code_and_own_name, |store| {
    let me = owner("me");
    fill_draft(&store, &me).await;
    submit(&store, &me, "LS261123000001", "key-1", "body").await.unwrap();
    let request = store.consent_request(SECRET).await.unwrap().unwrap();
    assert_eq!(
        (request.name.as_str(), request.applicant.as_str(), request.given_at),
        ("李＊＊", "王＊＊", None)
    );
    let own = PersonName::parse("李大妈").unwrap();
    let other = PersonName::parse("王小明").unwrap();
    assert!(!store.give_consent(SECRET, "000000", &own, &Actor::System, NOW).await.unwrap());
    assert!(!store.give_consent(SECRET, CODE, &other, &Actor::System, NOW).await.unwrap());
    assert_eq!(store.consent_request(SECRET).await.unwrap().unwrap().given_at, None);
    assert!(store.give_consent(SECRET, CODE, &own, &Actor::System, NOW).await.unwrap());
    assert!(store.give_consent(SECRET, CODE, &own, &Actor::System, Instant(NOW.0 + 5)).await.unwrap());
    assert_eq!(store.consent_request(SECRET).await.unwrap().unwrap().given_at, Some(NOW));
    let case = store.case_for("LS261123000001", &me, NOW).await.unwrap().unwrap();
    let events: Vec<_> = case.events.iter().map(|e| e.kind).collect();
    assert_eq!(events, [CaseEventKind::Received, CaseEventKind::ConsentGiven]);
    assert_eq!(store.cases_of(&me).await.unwrap()[0].consents_missing, 0);
});

store_test!(an_unknown_link_is_nobodys, |store| {
    assert!(store.consent_request("unknown").await.unwrap().is_none());
    let name = PersonName::parse("李大妈").unwrap();
    assert!(matches!(
        store.give_consent("unknown", CODE, &name, &Actor::System, NOW).await,
        Err(StoreError::NotFound)
    ));
});
