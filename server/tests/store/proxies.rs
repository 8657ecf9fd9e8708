//! Acting for someone: asked, agreed, used, ended.

#![cfg(test)]

use app::domain::name::PersonName;
use app::domain::person::{IdentityForm, NeedsForm};
use app::domain::phone::ContactPhone;
use app::domain::proxy::{ProxyForm, ProxyRequest, ProxyState};
use app::domain::time::Instant;
use app::ports::ProxySide;

use super::{NOW, TestStore, store_test};
use crate::store::audit::Actor;
use crate::store::proxies::{Answerer, NewProxy, ProxyAnswer};
use crate::store::residents::{CodeOutcome, Device, SignInRules};
use crate::store::{IdempotencyKey, StoreError};

const DAY: i64 = 24 * 3_600_000;
const RULES: SignInRules = SignInRules { unused_ms: 180 * DAY, session_ms: DAY };
/// Somebody with the link and the code, and nothing else.
const BY: Answerer<'static> = Answerer { resident: None, device: "", unused_ms: RULES.unused_ms };
const SECRET: &str = "secretsecretsecretsecretsecretse";

async fn sign_in(store: &TestStore, number: &str, token: &str) -> String {
    let phone = ContactPhone::parse(number).unwrap();
    let id = store.request_code(token, &phone, str::to_owned, NOW).await.unwrap();
    let (_, code) = store.demo_message(&id).await.unwrap().unwrap();
    let device = Device { old: "", new: token, described: "other" };
    match store.sign_in_with_code(token, &code, token, &device, RULES, NOW).await.unwrap() {
        CodeOutcome::SignedIn { .. } => {
            store.resident_session(token, DAY, NOW).await.unwrap().unwrap().resident
        }
        CodeOutcome::Refused => panic!("the right code was refused"),
    }
}

async fn ask(store: &TestStore, helper: &str, key: &str) -> Result<(), StoreError> {
    let form = ProxyForm {
        name: "样例老人".into(),
        phone: "13900000002".into(),
        relation: "parent".into(),
        scope_aid: "yes".into(),
        ends_on: "2026-12-31".into(),
        ..Default::default()
    };
    let own = ContactPhone::parse("13900000001").unwrap();
    let request = ProxyRequest::parse(&form, Some(&own), NOW.shanghai_date()).unwrap();
    let new = NewProxy {
        representative: helper,
        representative_name: &PersonName::parse("王样例").unwrap(),
        request: &request,
        secret: SECRET,
        code: "123456",
        url: "http://localhost:3000/acting/x",
    };
    store.request_proxy(&new, &IdempotencyKey::new(&store.store, key, "body"), NOW).await
}

async fn state(store: &TestStore, resident: &str) -> Option<(String, ProxySide, ProxyState)> {
    let line = store.proxies_of(resident, NOW).await.unwrap().pop()?;
    Some((line.id, line.side, line.state))
}

store_test!(the_represented_person_agrees_with_the_code_and_either_side_ends_it, |store| {
    let helper = sign_in(&store, "13900000001", "t1").await;
    ask(&store, &helper, "key-1").await.unwrap();
    ask(&store, &helper, "key-1").await.unwrap();
    assert_eq!(store.proxies_of(&helper, NOW).await.unwrap().len(), 1, "a second press asks once");
    let asked = store.proxy_asked(SECRET, NOW).await.unwrap().unwrap();
    assert!(!format!("{asked:?}").contains("样例老人"), "masked");
    let wrong = store.answer_proxy(SECRET, "000000", true, &BY, NOW).await.unwrap();
    assert_eq!(wrong, ProxyAnswer::WrongCode);
    assert_eq!(store.answer_proxy(SECRET, "123456", true, &BY, NOW).await.unwrap(), ProxyAnswer::Taken);
    assert_eq!(store.answer_proxy(SECRET, "123456", true, &BY, NOW).await.unwrap(), ProxyAnswer::Taken);
    let refused = store.answer_proxy(SECRET, "123456", false, &BY, NOW).await;
    assert!(matches!(refused, Err(StoreError::Conflict)), "the first answer stays");

    let elder = sign_in(&store, "13900000002", "t2").await;
    let (id, side, now) = state(&store, &elder).await.unwrap();
    assert_eq!((side, now), (ProxySide::Represented, ProxyState::Active));
    for reader in [&helper, &elder] {
        assert_eq!(store.inbox(reader).await.unwrap().len(), 1, "both are told");
    }
    store.act_under("t1", &helper, Some(&id), NOW).await.unwrap();
    let session = store.resident_session("t1", DAY, NOW).await.unwrap().unwrap();
    assert_eq!(session.acting.as_ref().map(|acting| acting.represented.as_str()), Some(elder.as_str()));
    // Neither the represented person nor a stranger acts under it.
    let stranger = sign_in(&store, "13900000003", "t3").await;
    for (token, resident) in [("t2", &elder), ("t3", &stranger)] {
        assert!(matches!(store.act_under(token, resident, Some(&id), NOW).await, Err(StoreError::NotFound)));
    }
    assert!(matches!(store.end_proxy(&id, &stranger, NOW).await, Err(StoreError::NotFound)));
    store.end_proxy(&id, &elder, NOW).await.unwrap();
    store.end_proxy(&id, &helper, NOW).await.unwrap();
    let session = store.resident_session("t1", DAY, NOW).await.unwrap().unwrap();
    assert!(session.acting.is_none() && session.acting_ended == Some(id), "it is over in every tab at once");
    assert_eq!(store.inbox(&helper).await.unwrap().len(), 2);
});

store_test!(an_agreement_is_over_after_its_last_day, |store| {
    let helper = sign_in(&store, "13900000001", "t1").await;
    ask(&store, &helper, "key-1").await.unwrap();
    store.answer_proxy(SECRET, "123456", true, &BY, NOW).await.unwrap();
    let (id, _, _) = state(&store, &helper).await.unwrap();
    store.act_under("t1", &helper, Some(&id), NOW).await.unwrap();
    let after = Instant(NOW.0 + 40 * DAY);
    let lines = store.proxies_of(&helper, after).await.unwrap();
    assert_eq!(lines[0].state, ProxyState::Ended);
    assert!(matches!(store.act_under("t1", &helper, Some(&id), after).await, Err(StoreError::NotFound)));
});

store_test!(a_request_that_was_refused_or_is_a_week_old_opens_nothing, |store| {
    let helper = sign_in(&store, "13900000001", "t1").await;
    ask(&store, &helper, "key-1").await.unwrap();
    assert!(store.proxy_asked(SECRET, Instant(NOW.0 + 8 * DAY)).await.unwrap().is_none());
    assert!(store.proxy_asked("another", NOW).await.unwrap().is_none());
    store.answer_proxy(SECRET, "123456", false, &BY, NOW).await.unwrap();
    assert_eq!(state(&store, &helper).await.unwrap().2, ProxyState::Refused);
    let late = store.answer_proxy(SECRET, "123456", true, &BY, NOW).await;
    assert!(matches!(late, Err(StoreError::Conflict)));
});

/// Writes name and document into the account.
async fn keep_identity(store: &TestStore, resident: &str) {
    let keep = |profile: &mut app::domain::person::Profile| {
        profile.identity = Some(IdentityForm {
            name: "样例老人".into(),
            document_kind: "citizen_id".into(),
            document_number: "320222194503129909".into(),
            ..IdentityForm::default()
        });
        Ok(())
    };
    store.change_profile(resident, &Actor::Resident(resident.into()), None, keep, NOW).await.unwrap();
}

store_test!(whoever_holds_the_telephone_alone_opens_no_account_to_another_person, |store| {
    let elder = sign_in(&store, "13900000002", "t2").await;
    keep_identity(&store, &elder).await;
    let helper = sign_in(&store, "13900000001", "t1").await;
    ask(&store, &helper, "key-1").await.unwrap();
    let strangers = [
        BY,
        Answerer { device: "another-device", ..BY },
        Answerer { device: "t1", resident: Some(&helper), ..BY },
    ];
    for by in &strangers {
        let answer = store.answer_proxy(SECRET, "123456", true, by, NOW).await.unwrap();
        assert_eq!(answer, ProxyAnswer::SignInFirst, "{by:?}");
    }
    assert_eq!(state(&store, &helper).await.unwrap().2, ProxyState::Requested);
    let owner = Answerer { resident: Some(&elder), ..BY };
    assert_eq!(store.answer_proxy(SECRET, "123456", true, &owner, NOW).await.unwrap(), ProxyAnswer::Taken);
});

store_test!(a_device_that_the_owner_signed_in_on_agrees_with_the_code_alone, |store| {
    let elder = sign_in(&store, "13900000002", "t2").await;
    keep_identity(&store, &elder).await;
    let helper = sign_in(&store, "13900000001", "t1").await;
    ask(&store, &helper, "key-1").await.unwrap();
    let known = Answerer { device: "t2", ..BY };
    assert_eq!(store.answer_proxy(SECRET, "123456", true, &known, NOW).await.unwrap(), ProxyAnswer::Taken);
});

store_test!(an_account_that_lay_unused_is_opened_by_its_owner_first, |store| {
    let elder = sign_in(&store, "13900000002", "t2").await;
    let keep = |profile: &mut app::domain::person::Profile| {
        profile.home = Some(app::domain::person::HomeForm::default());
        Ok(())
    };
    store.change_profile(&elder, &Actor::Resident(elder.clone()), None, keep, NOW).await.unwrap();
    let helper = sign_in(&store, "13900000001", "t1").await;
    ask(&store, &helper, "key-1").await.unwrap();
    let answer =
        store.answer_proxy(SECRET, "123456", true, &Answerer { unused_ms: -1, ..BY }, NOW).await.unwrap();
    assert_eq!(answer, ProxyAnswer::SignInFirst);
    assert_eq!(state(&store, &helper).await.unwrap().2, ProxyState::Requested);
});

store_test!(a_deleted_account_leaves_its_masked_name_to_the_other_side_alone, |store| {
    let helper = sign_in(&store, "13900000001", "t1").await;
    ask(&store, &helper, "key-1").await.unwrap();
    store.answer_proxy(SECRET, "123456", true, &BY, NOW).await.unwrap();
    let elder = sign_in(&store, "13900000002", "t2").await;
    let (id, _, _) = state(&store, &elder).await.unwrap();
    store.close_account(&helper, NOW).await.unwrap();
    assert_eq!(store.proxy_texts(&id).await, ["王＊＊", "样例老人", "parent", ""]);
    let line = store.proxies_of(&elder, NOW).await.unwrap().pop().unwrap();
    assert_eq!((line.other.as_str(), line.state), ("王＊＊", ProxyState::Ended));
    store.close_account(&elder, NOW).await.unwrap();
    assert_eq!(store.proxy_texts(&id).await, ["王＊＊", "样＊＊＊", "parent", ""]);
});

store_test!(a_request_that_nobody_answered_says_nothing_once_its_sender_is_gone, |store| {
    let helper = sign_in(&store, "13900000001", "t1").await;
    ask(&store, &helper, "key-1").await.unwrap();
    let (id, _, _) = state(&store, &helper).await.unwrap();
    store.close_account(&helper, NOW).await.unwrap();
    assert_eq!(store.proxy_texts(&id).await, ["王＊＊", "", "", ""]);
});

/// The ways by which messages to a resident wait to go.
async fn ways(store: &TestStore, resident: &str) -> Vec<String> {
    sqlx::query_scalar("select channel from outbox where resident = $1 order by created_at, id")
        .bind(resident)
        .fetch_all(&store.database().await)
        .await
        .unwrap()
}

store_test!(
    who_has_no_telephone_gets_a_letter_and_a_way_that_leads_nowhere_gives_way_to_one_that_does,
    |store| {
        let told = async |resident: &str| {
            let mut tx = store.begin().await;
            let notice = app::domain::notices::Notice::ProxyEnded { name: "样＊＊＊".into() };
            store.tell(&mut tx, resident, &notice, None, NOW).await.unwrap();
            tx.commit().await.unwrap();
            ways(&store, resident).await
        };
        store.resident("nobody").await;
        assert!(told("nobody").await.is_empty(), "neither telephone nor address: the inbox alone");
        store.resident("at-home").await;
        let home = app::domain::person::HomeForm {
            street: "320214050".into(),
            community: "320214050001".into(),
            detail: "梅里路 9 号".into(),
        };
        let live = |profile: &mut app::domain::person::Profile| {
            profile.home = Some(home.clone());
            Ok(())
        };
        let own = Actor::Resident("at-home".into());
        store.change_profile("at-home", &own, None, live, NOW).await.unwrap();
        assert_eq!(told("at-home").await, ["letter"]);
        // A letter was wished for, and no address told.
        let phone = sign_in(&store, "13900000002", "t2").await;
        let wish = |profile: &mut app::domain::person::Profile| {
            profile.needs = Some(NeedsForm { reach: "letter".into(), ..NeedsForm::default() });
            Ok(())
        };
        store.change_profile(&phone, &Actor::Resident(phone.clone()), None, wish, NOW).await.unwrap();
        assert_eq!(told(&phone).await, ["text"]);
    }
);
