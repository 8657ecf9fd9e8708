//! Accounts behind telephone numbers: codes, sessions, re-issued numbers, profile, deletion.

#![cfg(test)]

use app::domain::aid::change::{Change, ChangeKind};
use app::domain::audit::AuditAct;
use app::domain::name::PersonName;
use app::domain::person::{HomeForm, IdentityForm, Profile, Proof};
use app::domain::phone::ContactPhone;
use app::domain::time::Instant;
use jiff::civil::date;

use super::{NOW, TestStore, fill_draft, member, owner, store_test, submit};
use crate::store::audit::Actor;
use crate::store::case_acts::Doing;
use crate::store::residents::{CodeOutcome, Device, SignInRules, owner_of};
use crate::store::{IdempotencyKey, StoreError};

const DAY: i64 = 24 * 3_600_000;
const HOUR: i64 = 3_600_000;
pub(super) const RULES: SignInRules = SignInRules { unused_ms: 180 * DAY, session_ms: 12 * HOUR };
const IDLE: i64 = HOUR;

fn phone(text: &str) -> ContactPhone {
    ContactPhone::parse(text).unwrap()
}

fn device<'a>(old: &'a str, new: &'a str) -> Device<'a> {
    Device { old, new, described: "android" }
}

fn later(ms: i64) -> Instant {
    Instant(NOW.0 + ms)
}

/// An account behind a number; gives its id.
pub(crate) async fn account(store: &TestStore, number: &str, token: &str) -> String {
    let cookie = format!("device {token}");
    sign_in(store, number, token, &device("", &cookie), NOW).await.0
}

/// Asks for a code and reads it from the outbox, as a telephone would.
async fn code(store: &TestStore, attempt: &str, number: &str, now: Instant) -> String {
    let id = store.request_code(attempt, &phone(number), |code| format!("code {code}"), now).await.unwrap();
    let (to, text) = store.demo_message(&id).await.unwrap().unwrap();
    assert_eq!(to, phone(number).as_str());
    text.strip_prefix("code ").unwrap().to_owned()
}

/// Signs in; gives the account and whether it opened at once.
pub(super) async fn sign_in(
    store: &TestStore,
    number: &str,
    token: &str,
    device: &Device<'_>,
    now: Instant,
) -> (String, bool) {
    let attempt = format!("attempt-{token}");
    let code = code(store, &attempt, number, now).await;
    match store.sign_in_with_code(&attempt, &code, token, device, RULES, now).await.unwrap() {
        CodeOutcome::SignedIn { proved } => {
            (store.resident_session(token, IDLE, now).await.unwrap().unwrap().resident, proved)
        }
        CodeOutcome::Refused => panic!("the right code was refused"),
    }
}

fn identity() -> IdentityForm {
    IdentityForm {
        name: "王小明".into(),
        document_kind: "citizen_id".into(),
        document_number: "320205199912319937".into(),
        birth_date: "1999-12-31".into(),
    }
}

fn proof(name: &str, tail: &str) -> Proof {
    Proof { name: PersonName::parse(name).unwrap(), document_tail: tail.into() }
}

async fn keep_identity(store: &TestStore, resident: &str) {
    let actor = Actor::Resident(resident.to_owned());
    let change = |profile: &mut Profile| {
        profile.identity = Some(identity());
        Ok(())
    };
    store.change_profile(resident, &actor, None, change, NOW).await.unwrap();
}

store_test!(nobody_proves_who_they_are_by_the_document_of_a_household_member, |store| {
    let (resident, _) = sign_in(&store, "13900000001", "t1", &device("", "d1"), NOW).await;
    let actor = Actor::Resident(resident.clone());
    let live_with = |profile: &mut Profile| {
        profile.members = vec![("aaaaaaaa".into(), member("李大妈", "320222194503129909", "parent"))];
        Ok(())
    };
    store.change_profile(&resident, &actor, None, live_with, NOW).await.unwrap();
    keep_identity(&store, &resident).await;
    let here = device("", "d2");
    assert!(!sign_in(&store, "13900000001", "t2", &here, NOW).await.1, "a new device");
    assert!(!store.prove("t2", "t3", &proof("李大妈", "9909"), &here, NOW).await.unwrap());
    assert!(store.prove("t2", "t3", &proof("王小明", "9937"), &here, NOW).await.unwrap());
});

store_test!(a_code_opens_one_account_once, |store| {
    let code = code(&store, "attempt", "13900000001", NOW).await;
    let here = device("", "d1");
    let first = store.sign_in_with_code("attempt", &code, "token1", &here, RULES, NOW).await.unwrap();
    assert!(matches!(first, CodeOutcome::SignedIn { proved: true }));
    let again = store.sign_in_with_code("attempt", &code, "token2", &here, RULES, NOW).await.unwrap();
    assert!(matches!(again, CodeOutcome::Refused), "a code is good once");
    assert!(store.resident_session("token1", IDLE, NOW).await.unwrap().is_some());
    assert!(store.resident_session("token2", IDLE, NOW).await.unwrap().is_none());
    let (same, _) = sign_in(&store, "13900000001", "token3", &device("d1", "d2"), later(1_000)).await;
    let session = store.resident_session("token3", IDLE, later(1_000)).await.unwrap().unwrap();
    assert_eq!(session.resident, same);
});

store_test!(five_wrong_codes_and_five_minutes_end_an_attempt, |store| {
    let right = code(&store, "attempt", "13900000001", NOW).await;
    let wrong = if right == "000000" { "000001" } else { "000000" };
    let here = device("", "d1");
    for _ in 0..5 {
        let outcome = store.sign_in_with_code("attempt", wrong, "t", &here, RULES, NOW).await.unwrap();
        assert!(matches!(outcome, CodeOutcome::Refused));
    }
    let sixth = store.sign_in_with_code("attempt", &right, "t", &here, RULES, NOW).await.unwrap();
    assert!(matches!(sixth, CodeOutcome::Refused), "the sixth try is too late, even if right");
    let right = code(&store, "later", "13900000001", NOW).await;
    let late = later(5 * 60_000);
    let outcome = store.sign_in_with_code("later", &right, "t", &here, RULES, late).await.unwrap();
    assert!(matches!(outcome, CodeOutcome::Refused));
    let right = code(&store, "mine", "13900000001", NOW).await;
    let outcome = store.sign_in_with_code("other", &right, "t", &here, RULES, NOW).await.unwrap();
    assert!(matches!(outcome, CodeOutcome::Refused), "a code belongs to the browser that asked for it");
});

store_test!(a_new_device_and_an_unused_number_ask_for_name_and_digits, |store| {
    let (resident, proved) = sign_in(&store, "13900000001", "t1", &device("", "d1"), NOW).await;
    assert!(proved, "there is nothing to protect yet");
    keep_identity(&store, &resident).await;
    assert!(sign_in(&store, "13900000001", "t2", &device("d1", "d2"), NOW).await.1, "the device is known");
    assert!(!sign_in(&store, "13900000001", "t3", &device("x", "y"), NOW).await.1, "a new device");
    let much_later = later(181 * DAY);
    assert!(!sign_in(&store, "13900000001", "t4", &device("d2", "d3"), much_later).await.1, "unused");

    let here = device("d2", "d3");
    for wrong in [proof("王小明", "9938"), proof("李小明", "9937")] {
        assert!(!store.prove("t4", "t5", &wrong, &here, much_later).await.unwrap());
        assert!(store.resident_session("t5", IDLE, much_later).await.unwrap().is_none());
    }
    assert!(store.prove("t4", "t5", &proof("王小明", "9937"), &here, much_later).await.unwrap());
    assert!(store.resident_session("t4", IDLE, much_later).await.unwrap().is_none(), "the token is rotated");
    let session = store.resident_session("t5", IDLE, much_later).await.unwrap().unwrap();
    assert!(session.proved && session.resident == resident);
});

store_test!(who_got_another_persons_number_starts_afresh_and_finds_nothing, |store| {
    let (old, _) = sign_in(&store, "13900000001", "t1", &device("", "d1"), NOW).await;
    keep_identity(&store, &old).await;
    let (waiting, proved) = sign_in(&store, "13900000001", "t2", &device("", "d9"), NOW).await;
    assert!(waiting == old && !proved);
    store.start_afresh("t2", "t3", &device("", "d9"), RULES, NOW).await.unwrap();
    let session = store.resident_session("t3", IDLE, NOW).await.unwrap().unwrap();
    assert_ne!(session.resident, old);
    assert!(store.account(&session.resident).await.unwrap().profile.identity.is_none());
    assert!(store.resident_session("t1", IDLE, NOW).await.unwrap().is_none(), "the old sessions end");
    assert!(store.account(&old).await.is_ok(), "the old account is kept for its owner");
    assert!(store.audit_acts().await.contains(&AuditAct::NumberPassedOn.as_str().to_owned()));
});

store_test!(what_this_device_did_with_this_number_becomes_the_accounts, |store| {
    fill_draft(&store, &owner("device")).await;
    submit(&store, &owner("device"), "LS261123000001", "key-1", "body").await.unwrap();
    fill_draft(&store, &owner("device")).await;
    // Another number on the same device claims nothing of it.
    let (other, _) = sign_in(&store, "13900000009", "t0", &device("device", "d1"), NOW).await;
    assert!(store.cases_of(&owner_of(&other)).await.unwrap().is_empty());
    assert_eq!(store.cases_of(&owner("d1")).await.unwrap().len(), 1, "it stays with the device");
    assert!(store.cases_of(&owner("device")).await.unwrap().is_empty(), "under its new cookie");
    let (me, _) = sign_in(&store, "13900001234", "t1", &device("d1", "d2"), NOW).await;
    assert_eq!(store.cases_of(&owner_of(&me)).await.unwrap().len(), 1);
    assert!(store.cases_of(&owner("d2")).await.unwrap().is_empty());
});

store_test!(a_session_ends_idle_and_at_its_end_and_can_be_continued, |store| {
    sign_in(&store, "13900000001", "t1", &device("", "d1"), NOW).await;
    assert!(store.resident_session("t1", IDLE, later(HOUR - 1)).await.unwrap().is_some());
    assert!(store.resident_session("t1", IDLE, later(2 * HOUR)).await.unwrap().is_none(), "idle");
    for hour in 0..11 {
        let at = later(hour * HOUR + HOUR - 1);
        assert!(store.resident_session("t1", IDLE * 2, at).await.unwrap().is_some(), "{hour}");
    }
    assert!(store.extend_session("t1", RULES.session_ms, 7 * DAY, later(11 * HOUR)).await.unwrap());
    assert!(store.resident_session("t1", IDLE * 2, later(12 * HOUR + 1)).await.unwrap().is_some());
    assert!(!store.extend_session("t1", RULES.session_ms, HOUR, later(12 * HOUR)).await.unwrap());
    store.forget_sessions(IDLE, later(30 * HOUR)).await.unwrap();
    assert!(store.resident_session("t1", 100 * DAY, NOW).await.unwrap().is_none());
});

store_test!(signing_out_everywhere_leaves_no_session_and_no_known_device, |store| {
    let (me, _) = sign_in(&store, "13900000001", "t1", &device("", "d1"), NOW).await;
    keep_identity(&store, &me).await;
    sign_in(&store, "13900000001", "t2", &device("d1", "d2"), NOW).await;
    assert_eq!(store.devices(&me, "", IDLE, NOW).await.unwrap().len(), 2);
    let (other, _) = sign_in(&store, "13900000002", "t3", &device("", "d3"), NOW).await;
    let line = store.devices(&me, "", IDLE, NOW).await.unwrap().remove(0);
    let refused = store.end_device(&other, &line.id, NOW).await;
    assert!(matches!(refused, Err(StoreError::NotFound)), "another person's device");
    store.sign_out_everywhere(&me, NOW).await.unwrap();
    assert!(store.devices(&me, "", IDLE, NOW).await.unwrap().is_empty());
    assert!(store.resident_session("t3", IDLE, NOW).await.unwrap().is_some());
    assert!(!sign_in(&store, "13900000001", "t4", &device("d2", "d5"), NOW).await.1);
});

store_test!(two_tabs_lose_nothing_of_each_others_profile, |store| {
    let (me, _) = sign_in(&store, "13900000001", "t1", &device("", "d1"), NOW).await;
    let actor = Actor::Resident(me.clone());
    let home = HomeForm { street: "outside".into(), detail: "样例路 1 号".into(), ..Default::default() };
    let one = store.change_profile(
        &me,
        &actor,
        None,
        |profile| {
            profile.identity = Some(identity());
            Ok(())
        },
        NOW,
    );
    let other = store.change_profile(
        &me,
        &actor,
        None,
        |profile| {
            profile.home = Some(home);
            Ok(())
        },
        NOW,
    );
    let (one, other) = tokio::join!(one, other);
    one.and(other).unwrap();
    let profile = store.account(&me).await.unwrap().profile;
    assert!(profile.identity.is_some() && profile.home.is_some());
});

store_test!(deleting_the_account_destroys_the_key_and_keeps_the_case, |store| {
    fill_draft(&store, &owner("device")).await;
    submit(&store, &owner("device"), "LS261123000001", "key-1", "body").await.unwrap();
    let (me, _) = sign_in(&store, "13900001234", "t1", &device("device", "d1"), NOW).await;
    keep_identity(&store, &me).await;
    let case = store.own_case("LS261123000001", &owner_of(&me)).await.unwrap().unwrap();
    let change =
        Change { kinds: vec![ChangeKind::Income], since: date(2026, 11, 1), words: "儿子上班了".into() };
    let doing = Doing {
        actor: Actor::Resident(me.clone()),
        key: IdempotencyKey::new(&store.store, "change", "body"),
        owner: owner_of(&me),
        now: NOW,
    };
    store.tell_change(&case, &change, &doing).await.unwrap();
    let export = store.export(&me, NOW).await.unwrap().readable(str::to_owned);
    let text = format!("{export:?}");
    for value in ["王小明", "320205199912319937", "13900001234", "LS261123000001", "失火", "儿子上班了"]
    {
        assert!(text.contains(value), "{value}");
    }
    store.close_account(&me, NOW).await.unwrap();
    assert!(matches!(store.account(&me).await, Err(StoreError::NotFound)));
    assert!(store.resident_session("t1", IDLE, NOW).await.unwrap().is_none());
    assert!(store.cases_of(&owner_of(&me)).await.unwrap().is_empty());
    assert!(store.find_case("LS261123000001").await.unwrap().is_some(), "kept for as long as the law has it");
    let database = store.database().await;
    let waiting: Vec<String> =
        sqlx::query_scalar("select template from outbox where resident = $1 and body is not null")
            .bind(&me)
            .fetch_all(&database)
            .await
            .unwrap();
    assert_eq!(waiting, ["data_deleted"], "one last message by text");
    assert!(matches!(store.close_account(&me, NOW).await, Err(StoreError::NotFound)));
    let (again, proved) = sign_in(&store, "13900001234", "t2", &device("d1", "d2"), NOW).await;
    assert!(again != me && proved, "the same number begins anew");
});

store_test!(a_device_that_signed_in_again_can_still_be_signed_out_from_the_list, |store| {
    let (me, _) = sign_in(&store, "13900000001", "t1", &device("", "d1"), NOW).await;
    keep_identity(&store, &me).await;
    sign_in(&store, "13900000001", "t2", &device("d1", "d2"), later(1_000)).await;
    let first = store.resident_session("t1", IDLE, later(1_000)).await.unwrap().unwrap().id;
    store.end_device(&me, &first, later(2_000)).await.unwrap();
    let (_, proved) = sign_in(&store, "13900000001", "t3", &device("d2", "d3"), later(3_000)).await;
    assert!(!proved, "the device is a new one now");
});
