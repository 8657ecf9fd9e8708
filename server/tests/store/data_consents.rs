//! Consents with rows of their own, on both engines.

#![cfg(test)]

use app::domain::consents::ConsentKind;
use app::domain::person::{IdentityForm, Profile};
use app::domain::retention::Retained;
use app::domain::time::Instant;

use super::{NOW, store_test};
use crate::store::audit::Actor;

store_test!(a_consent_is_given_once_and_taken_back_once, |store| {
    store.resident("r1").await;
    let actor = Actor::Resident("r1".into());
    let name = |name: &'static str| {
        move |profile: &mut Profile| {
            profile.identity = Some(IdentityForm { name: name.into(), ..IdentityForm::default() });
            Ok(())
        }
    };
    let settle = async |given: bool, at: i64| {
        let settled = [(ConsentKind::Profile, given)];
        let now = Instant(NOW.0 + at);
        store.change_profile_agreeing("r1", &actor, None, &settled, name("王小明"), now).await.unwrap();
    };
    settle(false, 0).await;
    assert!(store.data_consents("r1").await.unwrap().is_empty(), "what was never given is not withdrawn");
    settle(true, 1).await;
    settle(true, 2).await;
    assert!(store.agreed_to("r1", ConsentKind::Profile).await.unwrap());
    assert!(!store.agreed_to("r1", ConsentKind::Messages).await.unwrap());
    settle(false, 3).await;
    settle(false, 4).await;
    settle(true, 5).await;
    let times: Vec<_> = store
        .data_consents("r1")
        .await
        .unwrap()
        .iter()
        .map(|line| (line.given_at.0 - NOW.0, line.withdrawn_at.map(|at| at.0 - NOW.0)))
        .collect();
    assert_eq!(times, [(5, None), (1, Some(3))]);
    let acts = store.audit_acts().await;
    let count = |act: &str| acts.iter().filter(|noted| *noted == act).count();
    assert_eq!((count("consent_given"), count("consent_withdrawn")), (2, 1));

    // Only one that is over goes, and with the account the last one is over.
    let before = Instant(NOW.0 + 4);
    assert_eq!(store.retire(Retained::Consents, before, before).await.unwrap(), 1);
    store.close_account("r1", Instant(NOW.0 + 6)).await.unwrap();
    let left = store.data_consents("r1").await.unwrap();
    assert_eq!(left.iter().map(|line| line.withdrawn_at).collect::<Vec<_>>(), [Some(Instant(NOW.0 + 6))]);
});
