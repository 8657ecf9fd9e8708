//! Accounts at providers that open a resident's account: one each, never by what is claimed, never two ways into one
//! document.

#![cfg(test)]

use app::domain::document::{DocumentKind, IdentityDocument};
use app::domain::name::PersonName;
use app::domain::person::{Assurance, Identity, Profile, Proof};
use app::domain::phone::ContactPhone;
use app::domain::time::Instant;

use super::residents::{self, RULES};
use super::{NOW, TestStore, store_test};
use crate::oidc::{ProviderIdentity, SignInSecrets};
use crate::store::StoreError;
use crate::store::audit::Actor;
use crate::store::logins::{Connected, SignedInWith};
use crate::store::residents::Device;

const HOUR: i64 = 3_600_000;
const DAY: i64 = 24 * HOUR;
const NUMBER: &str = "320205199912319937";
const OTHER_NUMBER: &str = "320222194503129909";
const DONE: Connected = Connected::Done { to_counter: false };

fn later(ms: i64) -> Instant {
    Instant(NOW.0 + ms)
}

fn device<'a>(old: &'a str, new: &'a str) -> Device<'a> {
    Device { old, new, described: "android" }
}

fn proved(number: &str) -> Identity {
    let document = IdentityDocument::parse(DocumentKind::CitizenId, number, NOW.shanghai_date()).unwrap();
    let birth_date = document.birth_date().unwrap();
    Identity { name: PersonName::parse("王小明").unwrap(), document, birth_date }
}

/// An account at a provider; with a number, of somebody whose document it has proved.
fn account(subject: &str, number: Option<&str>) -> ProviderIdentity {
    ProviderIdentity {
        provider: "province".into(),
        subject: subject.into(),
        verified: number.map(proved),
        phone: None,
    }
}

async fn sign_in(
    store: &TestStore,
    identity: &ProviderIdentity,
    token: &str,
    device: &Device<'_>,
    now: Instant,
) -> (String, SignedInWith) {
    let signed_in = store.sign_in_with_provider(identity, token, device, RULES, now).await.unwrap();
    (store.resident_session(token, HOUR, now).await.unwrap().unwrap().resident, signed_in)
}

async fn tell(store: &TestStore, resident: &str, number: &str) {
    let form = proved(number).form();
    let change = |profile: &mut Profile| {
        profile.identity = Some(form);
        Ok(())
    };
    store.change_profile(resident, &Actor::Resident(resident.into()), None, change, NOW).await.unwrap();
}

async fn count(store: &TestStore, statement: &'static str) -> i64 {
    sqlx::query_scalar(statement).fetch_one(&store.database().await).await.unwrap()
}

store_test!(a_subject_opens_one_account_and_stands_nowhere_readable, |store| {
    let (first, signed_in) = sign_in(&store, &account("subject-1", None), "t1", &device("", "d1"), NOW).await;
    assert_eq!(signed_in, SignedInWith { proved: true, to_counter: false });
    let (again, _) = sign_in(&store, &account("subject-1", None), "t2", &device("d1", "d2"), NOW).await;
    let (other, _) = sign_in(&store, &account("subject-2", None), "t3", &device("", "d3"), NOW).await;
    let elsewhere = ProviderIdentity { provider: "city".into(), ..account("subject-1", None) };
    let (city, _) = sign_in(&store, &elsewhere, "t4", &device("", "d4"), NOW).await;
    assert_eq!(first, again);
    assert!(first != other && first != city && other != city);
    let kept: Vec<String> = sqlx::query_scalar("select subject_index from resident_logins")
        .fetch_all(&store.database().await)
        .await
        .unwrap();
    assert!(kept.len() == 3 && kept.iter().all(|index| !index.contains("subject")), "{kept:?}");
});

store_test!(two_tabs_at_once_make_one_account, |store| {
    let identity = account("subject", Some(NUMBER));
    let (here, there) = (device("", "d1"), device("", "d2"));
    let (first, second) = tokio::join!(
        store.sign_in_with_provider(&identity, "t1", &here, RULES, NOW),
        store.sign_in_with_provider(&identity, "t2", &there, RULES, NOW),
    );
    assert!(first.is_ok() && second.is_ok(), "{first:?} {second:?}");
    assert_eq!(count(&store, "select count(*) from residents").await, 1);
    assert_eq!(count(&store, "select count(*) from person_keys").await, 1);
});

store_test!(a_new_device_and_a_long_pause_ask_unless_the_person_is_proved, |store| {
    let bare = account("subject", None);
    let (resident, _) = sign_in(&store, &bare, "t1", &device("", "d1"), NOW).await;
    tell(&store, &resident, NUMBER).await;
    assert!(sign_in(&store, &bare, "t2", &device("d1", "d2"), NOW).await.1.proved, "the device is known");
    assert!(!sign_in(&store, &bare, "t3", &device("", "d3"), NOW).await.1.proved, "a new device");
    let late = later(181 * DAY);
    assert!(!sign_in(&store, &bare, "t4", &device("d2", "d4"), late).await.1.proved, "a long pause");
    let proof = Proof { name: PersonName::parse("王小明").unwrap(), document_tail: "9937".into() };
    assert!(store.prove("t4", "t5", &proof, &device("d2", "d5"), late).await.unwrap());
    assert!(sign_in(&store, &bare, "t6", &device("d5", "d6"), late).await.1.proved, "used again since");
    // The provider has proved the very document that was told: it is the person.
    let signed_in = sign_in(&store, &account("subject", Some(NUMBER)), "t7", &device("", "d7"), late).await.1;
    assert_eq!(signed_in, SignedInWith { proved: true, to_counter: false });
    assert_eq!(store.account(&resident).await.unwrap().assurance, Assurance::Verified);
});

store_test!(who_is_proved_to_be_somebody_else_gets_nothing_opened, |store| {
    let (resident, _) = sign_in(&store, &account("subject", None), "t1", &device("", "d1"), NOW).await;
    tell(&store, &resident, NUMBER).await;
    let other = account("subject", Some(OTHER_NUMBER));
    assert!(!sign_in(&store, &other, "t2", &device("", "d2"), NOW).await.1.proved);
    let kept = store.account(&resident).await.unwrap();
    assert_eq!(kept.assurance, Assurance::Declared);
    assert_eq!(kept.profile.identity.unwrap().document_number, NUMBER);
});

store_test!(a_document_is_one_accounts_alone, |store| {
    let (first, _) = sign_in(&store, &account("one", Some(NUMBER)), "t1", &device("", "d1"), NOW).await;
    let same = account("two", Some(NUMBER));
    let (second, signed_in) = sign_in(&store, &same, "t2", &device("", "d2"), NOW).await;
    assert_eq!(signed_in, SignedInWith { proved: true, to_counter: true });
    let kept = store.account(&second).await.unwrap();
    assert!(kept.assurance == Assurance::Declared && kept.profile.identity.is_none());
    // Once it is free, the next sign-in has it.
    store.close_account(&first, NOW).await.unwrap();
    sign_in(&store, &same, "t3", &device("d2", "d3"), NOW).await;
    assert_eq!(store.account(&second).await.unwrap().assurance, Assurance::Verified);
});

store_test!(a_number_is_not_proved_by_a_providers_account, |store| {
    let (resident, _) = residents::sign_in(&store, "13900000001", "t1", &device("", "d1"), NOW).await;
    tell(&store, &resident, NUMBER).await;
    assert_eq!(store.connect_login(&resident, &account("subject", None), NOW).await.unwrap(), DONE);
    // Used every month with the provider's account, the number is unused all the same.
    let month = |months: i64| later(months * 30 * DAY);
    let mut old = "d1".to_owned();
    for months in 1..=7 {
        let new = format!("m{months}");
        let token = format!("token-{months}");
        let (same, signed_in) =
            sign_in(&store, &account("subject", None), &token, &device(&old, &new), month(months)).await;
        assert!(same == resident && signed_in.proved);
        old = new;
    }
    assert!(!residents::sign_in(&store, "13900000001", "t2", &device(&old, "d2"), month(7)).await.1);
    // On a new device, who came by the provider can't say that the number is theirs.
    assert!(!sign_in(&store, &account("subject", None), "t3", &device("", "d3"), month(7)).await.1.proved);
    let afresh = store.start_afresh("t3", "t4", &device("", "d4"), RULES, month(7)).await;
    assert!(matches!(afresh, Err(StoreError::NotFound)));
    assert!(store.account(&resident).await.unwrap().phone_opens);
});

store_test!(a_telephone_that_a_provider_tells_opens_nothing, |store| {
    let phone = ContactPhone::parse("13900000001").unwrap();
    let told = ProviderIdentity { phone: Some(phone.clone()), ..account("subject", None) };
    let (resident, _) = sign_in(&store, &told, "t1", &device("", "d1"), NOW).await;
    let kept = store.account(&resident).await.unwrap();
    assert!(kept.phone == Some(phone) && !kept.phone_opens);
    let (other, _) = residents::sign_in(&store, "13900000001", "t2", &device("d1", "d2"), NOW).await;
    assert_ne!(other, resident);
    // An account that is opened by its own number keeps that.
    let (own, _) = residents::sign_in(&store, "13900000002", "t3", &device("", "d3"), NOW).await;
    assert_eq!(store.connect_login(&own, &account("own", None), NOW).await.unwrap(), DONE);
    let told = ProviderIdentity { subject: "own".into(), ..told };
    sign_in(&store, &told, "t4", &device("d3", "d4"), NOW).await;
    assert_eq!(store.account(&own).await.unwrap().phone.unwrap().as_str(), "13900000002");
});

store_test!(an_account_is_connected_with_one_and_the_last_way_in_stays, |store| {
    let (mine, _) = residents::sign_in(&store, "13900000001", "t1", &device("", "d1"), NOW).await;
    let (other, _) = sign_in(&store, &account("other", None), "t2", &device("", "d2"), NOW).await;
    assert_eq!(store.connect_login(&mine, &account("other", None), NOW).await.unwrap(), Connected::Taken);
    tell(&store, &mine, NUMBER).await;
    let somebody = account("mine", Some(OTHER_NUMBER));
    assert_eq!(store.connect_login(&mine, &somebody, NOW).await.unwrap(), Connected::OtherPerson);
    assert!(store.logins_of(&mine).await.unwrap().is_empty());
    for _ in 0..2 {
        assert_eq!(store.connect_login(&mine, &account("mine", Some(NUMBER)), NOW).await.unwrap(), DONE);
    }
    assert_eq!(store.account(&mine).await.unwrap().assurance, Assurance::Verified);
    let (same, _) = sign_in(&store, &account("mine", None), "t3", &device("d1", "d3"), NOW).await;
    assert_eq!(same, mine);

    let last = store.disconnect_login(&other, "province", "", NOW).await;
    assert!(matches!(last, Err(StoreError::Conflict)));
    assert_eq!(store.logins_of(&other).await.unwrap().len(), 1);
    store.disconnect_login(&mine, "province", "", NOW).await.unwrap();
    assert!(store.resident_session("t3", HOUR, NOW).await.unwrap().is_none(), "what it opened is closed");
    assert!(store.resident_session("t1", HOUR, NOW).await.unwrap().is_some());
    let again = store.disconnect_login(&mine, "province", "", NOW).await;
    assert!(matches!(again, Err(StoreError::NotFound)));
});

store_test!(a_sign_in_under_way_is_taken_once_and_in_time, |store| {
    let secrets = SignInSecrets {
        nonce: "nonce".into(),
        verifier: "verifier".into(),
        next: "/me".into(),
        connect: None,
    };
    store.keep_provider_sign_in("one", "province", &secrets, NOW).await.unwrap();
    store.keep_provider_sign_in("two", "province", &secrets, NOW).await.unwrap();
    assert!(store.take_provider_sign_in("three", NOW).await.unwrap().is_none());
    let (first, second) =
        tokio::join!(store.take_provider_sign_in("one", NOW), store.take_provider_sign_in("one", NOW));
    let taken: Vec<_> = [first.unwrap(), second.unwrap()].into_iter().flatten().collect();
    assert!(matches!(&taken[..], [(provider, kept)] if provider == "province" && kept.nonce == "nonce"));
    assert!(store.take_provider_sign_in("two", later(10 * 60_000)).await.unwrap().is_none(), "too late");
    store.keep_provider_sign_in("four", "province", &secrets, NOW).await.unwrap();
    store.forget_provider_sign_ins(later(10 * 60_000 - 1)).await.unwrap();
    assert_eq!(count(&store, "select count(*) from provider_sign_ins").await, 1);
    store.forget_provider_sign_ins(later(10 * 60_000)).await.unwrap();
    assert_eq!(count(&store, "select count(*) from provider_sign_ins").await, 0);
});
