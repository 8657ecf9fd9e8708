//! Minors give service under a guardian's agreement, as long as both hold; on both engines.

#![cfg(test)]

use app::domain::person::IdentityForm;
use app::domain::time::Instant;
use app::domain::timebank::{Agreement, Guarded, NeedState, service_kind};
use app::visit::Owner;

use super::residents::account;
use super::time_needs::{act, need, register, told};
use super::{NOW, TestStore, store_test};
use crate::store::IdempotencyKey;
use crate::store::audit::Actor;
use crate::store::timebank::{Doing, NeedRefusal};

/// Writes name and document of a person of 15 years into the account.
async fn fifteen(store: &TestStore, resident: &str) {
    let keep = |profile: &mut app::domain::person::Profile| {
        profile.identity = Some(IdentityForm {
            name: "王小宝".into(),
            document_kind: "citizen_id".into(),
            document_number: "320214201103059916".into(),
            ..IdentityForm::default()
        });
        Ok(())
    };
    store.change_profile(resident, &Actor::Resident(resident.into()), None, keep, NOW).await.unwrap();
}

/// A guardianship as the counter enters it.
async fn guardianship(store: &TestStore, (guardian, child): (&str, &str), id: &str) {
    sqlx::query(
        "insert into proxies (id, kind, state, represented, representative, scope, ends_on, details, evidence, requested_at) \
         values ($1, 'guardian', 'active', $2, $3, 'aid', '2029-03-04', $4, 'documents', $5)",
    )
    .bind(id)
    .bind(child)
    .bind(guardian)
    .bind(vec![0_u8])
    .bind(NOW.0)
    .execute(&store.database().await)
    .await
    .unwrap();
}

store_test!(a_minor_promises_nothing_without_a_guardian_and_gives_up_what_is_not_allowed_any_more, |store| {
    let child = account(&store, "13900000001", "t1").await;
    let mother = account(&store, "13900000002", "t2").await;
    let father = account(&store, "13900000003", "t3").await;
    let stranger = account(&store, "13900000004", "t4").await;
    register(&store, &child).await;
    fifteen(&store, &child).await;
    guardianship(&store, (&mother, &child), "g1").await;
    guardianship(&store, (&father, &child), "g2").await;
    let kind = service_kind("companionship").unwrap();
    let new = need("2026-11-25", "90");
    let id = act!(store, "worker", "post", NOW.0, |doing| store.post_need(&new, doing)).unwrap();
    let take = async |key: &str| {
        act!(store, child, key, NOW.0, |doing| store.take_need(&id, (&child, "王＊＊"), doing))
    };
    assert!(matches!(take("take 1").await, Err(NeedRefusal::GuardianFirst)));
    assert_eq!(store.minor_at(&child, kind, NOW).await.unwrap(), Guarded::Waiting);
    assert_eq!(store.minor_at(&mother, kind, NOW).await.unwrap(), Guarded::No);

    let agreement = Agreement { child: child.clone(), kind, accompanied: true };
    let others =
        act!(store, stranger, "agree s", NOW.0, |doing| store.agree_for_minor(&stranger, &agreement, doing));
    assert!(matches!(others, Err(NeedRefusal::Gone)), "not their child");
    for (guardian, key) in [(&mother, "agree m"), (&mother, "agree m"), (&father, "agree f")] {
        act!(store, guardian, key, NOW.0, |doing| store.agree_for_minor(guardian, &agreement, doing))
            .unwrap();
    }
    assert_eq!(store.time_agreements(&mother).await.unwrap().len(), 1);
    assert_eq!(store.minor_at(&child, kind, NOW).await.unwrap(), Guarded::Agreed { accompanied: true });
    take("take 2").await.unwrap();

    let end = async |guardian: &str, key: &str| {
        act!(store, guardian, key, NOW.0, |doing| store.end_agreement(guardian, (&child, kind), doing))
    };
    end(&mother, "end m").await.unwrap();
    assert_eq!(store.need(&id).await.unwrap().state, NeedState::Taken, "the other one still agrees");
    assert!(matches!(end(&mother, "end m 2").await, Err(NeedRefusal::Gone)));
    end(&father, "end f").await.unwrap();
    let kept = store.need(&id).await.unwrap();
    assert_eq!((kept.state, kept.helper, kept.code), (NeedState::Posted, None, None));
    assert_eq!((told(&store, "time_helper_gone").await, told(&store, "time_agreement_ended").await), (1, 1));

    act!(store, mother, "agree m 2", NOW.0, |doing| store.agree_for_minor(&mother, &agreement, doing))
        .unwrap();
    sqlx::query("update proxies set state = 'ended' where id = 'g1'")
        .execute(&store.database().await)
        .await
        .unwrap();
    assert!(
        matches!(take("take 3").await, Err(NeedRefusal::GuardianFirst)),
        "who is no guardian says nothing"
    );
});
