//! What staff record at the counter.

#![cfg(test)]

use app::domain::counter::{AtHand, CounterRefusal, Paper, PaperForm, Seen, SeenForm};
use app::domain::person::{Assurance, IdentityForm, Profile};
use app::domain::phone::ContactPhone;
use app::domain::proxy::{EndReason, PaperSeen, ProxyKind, ProxyState};
use app::domain::retention::Retained;
use app::domain::time::Instant;
use app::visit::Owner;

use super::{NOW, TestStore, fill_draft, owner, store_test, submit};
use crate::store::audit::Actor;
use crate::store::counter::CounterError;
use crate::store::helping::HelpFound;
use crate::store::residents::{CodeOutcome, Device, SignInRules};
use crate::store::visits::AtCounter;
use crate::store::{IdempotencyKey, StoreError};

const DAY: i64 = 24 * 3_600_000;
const RULES: SignInRules = SignInRules { unused_ms: 180 * DAY, session_ms: DAY };
const STREET: &str = "320214050";
const ELDER: &str = "320222194503129909";
const OTHER: &str = "320205199912319937";
const CHILD: &str = "320214201602299914";

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
        kind: "relative".into(),
        paper: "consent_form".into(),
        name: "样例老人".into(),
        document_kind: "citizen_id".into(),
        document_number: number.into(),
        representative_name: "王样例".into(),
        representative_phone: phone.into(),
        relation: "parent".into(),
        scope_aid: "yes".into(),
        ends_on: "2026-12-31".into(),
        signed: "yes".into(),
        ..Default::default()
    };
    Paper::parse(&form, AtHand::Nobody, NOW.shanghai_date()).unwrap()
}

/// A guardian's, of a child born in 2016.
fn of_child(name: &str, guardian: &str, phone: &str) -> Paper {
    let form = PaperForm {
        kind: "guardian".into(),
        paper: "household_register".into(),
        name: name.into(),
        document_kind: "citizen_id".into(),
        document_number: CHILD.into(),
        representative_name: guardian.into(),
        representative_phone: phone.into(),
        relation: "child".into(),
        scope_aid: "yes".into(),
        signed: "yes".into(),
        consent: "yes".into(),
        ..Default::default()
    };
    Paper::parse(&form, AtHand::Nobody, NOW.shanghai_date()).unwrap()
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
    let early =
        store.record_proxy(&paper(ELDER, "13900000001"), None, &key("k1"), (&clerk(), STREET), NOW).await;
    assert_eq!(refusal(early), CounterRefusal::NotVerified);
    store.record_identity(&seen("13900000002", "样例老人", ELDER), &clerk(), STREET, NOW).await.unwrap();
    let own =
        store.record_proxy(&paper(ELDER, "13900000002"), None, &key("k2"), (&clerk(), STREET), NOW).await;
    assert_eq!(refusal(own), CounterRefusal::SamePerson);
    for _ in 0..2 {
        store
            .record_proxy(&paper(ELDER, "13900000001"), None, &key("k3"), (&clerk(), STREET), NOW)
            .await
            .unwrap();
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

store_test!(a_guardians_consent_goes_with_the_agreement_and_keeps_nobody_for_ever, |store| {
    let (key, by) = (IdempotencyKey::new(&store.store, "k1", "body"), (&clerk(), STREET));
    store.record_identity(&seen("13900000001", "王小明", OTHER), by.0, STREET, NOW).await.unwrap();
    let father = of_child("王小宝", "王小明", "13900000001");
    store.record_proxy(&father, None, &key, by, NOW).await.unwrap();
    let guardian = sign_in(&store, "13900000001", "t1").await;
    let child = store.wards_of(&guardian, NOW).await.unwrap().remove(0).child;
    let id = store.proxies_of(&guardian, NOW).await.unwrap().remove(0).id;
    store.end_proxy(&id, &guardian, NOW).await.unwrap();
    let kept = async |table: &'static str| -> i64 {
        let count = sqlx::AssertSqlSafe(format!("select count(*) from {table}"));
        sqlx::query_scalar(count).fetch_one(&store.database().await).await.unwrap()
    };
    let later = Instant(NOW.0 + 2 * DAY);
    assert_eq!(store.retire(Retained::Proxies, NOW, later).await.unwrap(), 0, "not a moment too early");
    assert_eq!(kept("guardian_consents").await, 1, "it stays when the guardianship has ended");
    for account in [&guardian, &child] {
        store.close_account(account, NOW).await.unwrap();
    }
    assert_eq!(
        store.retire(Retained::Residents, later, later).await.unwrap(),
        0,
        "something names them still"
    );
    assert_eq!(store.retire(Retained::Proxies, later, later).await.unwrap(), 1);
    assert_eq!(kept("guardian_consents").await, 0);
    assert_eq!(store.retire(Retained::Residents, later, later).await.unwrap(), 2);
});

store_test!(a_guardian_is_recorded_with_papers_and_a_consent_of_its_own_by_pipl_31, |store| {
    let key = |text: &str| IdempotencyKey::new(&store.store, text, "body");
    let by = (&clerk(), STREET);
    let father = of_child("王小宝", "王小明", "13900000001");
    let early = store.record_proxy(&father, None, &key("k1"), by, NOW).await;
    assert_eq!(refusal(early), CounterRefusal::GuardianNotVerified);
    store.record_identity(&seen("13900000001", "王小明", OTHER), &clerk(), STREET, NOW).await.unwrap();
    let another = of_child("王小宝", "李小明", "13900000001");
    let another = store.record_proxy(&another, None, &key("k2"), by, NOW).await;
    assert_eq!(refusal(another), CounterRefusal::GuardianNotVerified, "another name than on the document");
    for _ in 0..2 {
        store.record_proxy(&father, None, &key("k3"), by, NOW).await.unwrap();
    }
    let guardian = sign_in(&store, "13900000001", "t1").await;
    let lines = store.proxies_of(&guardian, NOW).await.unwrap();
    assert_eq!((lines.len(), lines[0].kind), (1, ProxyKind::Guardian));
    assert_eq!(lines[0].ends_on, "2034-02-28", "the day before the 18th birthday (民法典 17)");
    let wards = store.wards_of(&guardian, NOW).await.unwrap();
    assert_eq!((wards.len(), wards[0].name.as_str()), (1, "王＊＊"));
    let child = wards[0].child.clone();
    assert!(store.has_guardian(&child, NOW).await.unwrap());
    assert_eq!(store.account(&child).await.unwrap().assurance, Assurance::Verified);
    assert_eq!(store.noted("guardian_recorded", &lines[0].id).await, 1);
    // The other parent: the same child, and both hear of it.
    store.record_identity(&seen("13900000002", "样例老人", ELDER), &clerk(), STREET, NOW).await.unwrap();
    let wrong = of_child("王大宝", "样例老人", "13900000002");
    let wrong = store.record_proxy(&wrong, None, &key("k4"), by, NOW).await;
    assert_eq!(refusal(wrong), CounterRefusal::NameDoesNotFit);
    let mother = of_child("王小宝", "样例老人", "13900000002");
    store.record_proxy(&mother, None, &key("k5"), by, NOW).await.unwrap();
    assert_eq!(store.inbox(&guardian).await.unwrap().len(), 2);
    store.act_under("t1", &guardian, Some(&lines[0].id), NOW).await.unwrap();
    let session = store.resident_session("t1", DAY, NOW).await.unwrap().unwrap();
    let acting = session.acting.unwrap();
    assert_eq!((acting.kind, acting.represented), (ProxyKind::Guardian, child.clone()));
    store.end_proxy(&lines[0].id, &guardian, NOW).await.unwrap();
    assert!(store.has_guardian(&child, NOW).await.unwrap(), "the mother still is one");
    assert!(store.wards_of(&guardian, NOW).await.unwrap().is_empty());
});

store_test!(nothing_about_a_child_is_kept_alone_and_no_minor_acts_by_pipl_31_and_civil_code_17, |store| {
    let key = |text: &str| IdempotencyKey::new(&store.store, text, "body");
    let by = (&clerk(), STREET);
    let child = store.record_identity(&seen("13900000003", "王小宝", CHILD), &clerk(), STREET, NOW).await;
    assert_eq!(refusal(child), CounterRefusal::GuardianFirst);
    // 15 years old: verified, yet neither acts for others nor lets anybody but a guardian act.
    let teenager = "320214201102289912";
    store.record_identity(&seen("13900000004", "王小美", teenager), &clerk(), STREET, NOW).await.unwrap();
    store.record_identity(&seen("13900000002", "样例老人", ELDER), &clerk(), STREET, NOW).await.unwrap();
    let young = store.record_proxy(&paper(ELDER, "13900000004"), None, &key("k1"), by, NOW).await;
    assert_eq!(refusal(young), CounterRefusal::HelperTooYoung);
    let known = sign_in(&store, "13900000004", "t4").await;
    let form = PaperForm {
        representative_name: "王样例".into(),
        representative_phone: "13900000001".into(),
        relation: "child".into(),
        scope_aid: "yes".into(),
        ends_on: "2026-12-31".into(),
        signed: "yes".into(),
        ..Default::default()
    };
    let relative = Paper::parse(&form, AtHand::Represented, NOW.shanghai_date()).unwrap();
    let minor = store.record_proxy(&relative, Some(&known), &key("k2"), by, NOW).await;
    assert_eq!(refusal(minor), CounterRefusal::MinorByGuardian);
});

store_test!(an_agreement_is_ended_at_the_counter_on_the_persons_word_and_both_hear_of_it, |store| {
    let key = |text: &str| IdempotencyKey::new(&store.store, text, "body");
    store.record_identity(&seen("13900000002", "样例老人", ELDER), &clerk(), STREET, NOW).await.unwrap();
    let by = (&clerk(), STREET);
    store.record_proxy(&paper(ELDER, "13900000001"), None, &key("k1"), by, NOW).await.unwrap();
    let helper = sign_in(&store, "13900000001", "t1").await;
    let elder = sign_in(&store, "13900000002", "t2").await;
    let id = store.proxies_of(&elder, NOW).await.unwrap()[0].id.clone();
    let stranger = sign_in(&store, "13900000003", "t3").await;
    let actor = clerk();
    let at = |resident| AtCounter { actor: &actor, staff: "clerk", area: STREET, resident };
    let reason = EndReason::OwnWish;
    let other = store.end_proxy_at_counter(&at(&stranger), &id, reason, NOW).await;
    assert!(matches!(other, Err(StoreError::NotFound)));
    for _ in 0..2 {
        store.end_proxy_at_counter(&at(&elder), &id, reason, NOW).await.unwrap();
    }
    assert_eq!(store.proxies_of(&helper, NOW).await.unwrap()[0].state, ProxyState::Ended);
    assert_eq!(store.noted("proxy_ended", &id).await, 1);
    for reader in [&helper, &elder] {
        assert_eq!(store.inbox(reader).await.unwrap().len(), 2, "agreed, then ended");
    }
});

store_test!(a_clerk_helps_for_one_visit_and_nothing_of_it_stays, |store| {
    let (staff, actor) = crate::store_tests::cards::clerk(&store, "clerk").await;
    store.record_identity(&seen("13900000002", "样例老人", ELDER), &clerk(), STREET, NOW).await.unwrap();
    let elder = sign_in(&store, "13900000002", "t2").await;
    let at = AtCounter { actor: &actor, staff: &staff, area: STREET, resident: &elder };
    let begin = |secret| {
        let (store, at) = (&store, &at);
        async move {
            store.begin_visit(secret, at, NOW).await.unwrap();
            store.begin_help(secret, at, PaperSeen::Spoken, NOW).await.unwrap();
            store.begin_help(secret, at, PaperSeen::Spoken, NOW).await.unwrap();
        }
    };
    let since = Instant(NOW.0 - 60_000);
    begin("s1").await;
    let HelpFound::Open(help) = store.help("s1", Some(&staff), since, NOW).await.unwrap() else {
        panic!("it goes on");
    };
    assert_eq!((help.acting.kind, help.acting.represented.as_str()), (ProxyKind::Staff, elder.as_str()));
    assert_eq!(store.proxies_of(&elder, NOW).await.unwrap().len(), 1, "a second press begins once");
    let drafts = Owner(format!("acting:{}", help.acting.proxy));
    store.open_draft(&drafts, NOW).await.unwrap();
    // Another clerk, an unknown secret, a visit that lay idle.
    for (secret, who, since) in [
        ("s1", Some("other"), since),
        ("s2", Some(&*staff), since),
        ("s1", None, since),
        ("s1", Some(&*staff), NOW),
    ] {
        let found = store.help(secret, who, since, NOW).await.unwrap();
        assert!(matches!(found, HelpFound::Over(_)), "{secret}");
    }
    store.end_visit("s1", &staff, NOW).await.unwrap();
    let over = store.help("s1", Some(&staff), since, NOW).await.unwrap();
    assert!(
        matches!(over, HelpFound::Over(Some((proxy, person))) if proxy == help.acting.proxy && person == elder)
    );
    assert!(store.draft_of(&drafts).await.unwrap().is_none(), "what was not sent is gone");
    assert_eq!(store.noted("help_begun", &help.acting.proxy).await, 1);
    assert_eq!(store.noted("help_ended", &help.acting.proxy).await, 1);
    // Stopped within the visit, begun again: another agreement with another draft.
    begin("s3").await;
    store.stop_help("s3", &at, NOW).await.unwrap();
    let stopped = store.help("s3", Some(&staff), since, NOW).await.unwrap();
    assert!(matches!(stopped, HelpFound::Over(_)));
    store.begin_help("s3", &at, PaperSeen::ConsentForm, NOW).await.unwrap();
    let lines = store.proxies_of(&elder, NOW).await.unwrap();
    assert_eq!(lines.len(), 3);
    // The person ends it too, from their own phone.
    let open = lines.iter().find(|line| line.state == ProxyState::Active).unwrap();
    assert_eq!(open.other, "窗口工作人员");
    store.end_proxy(&open.id, &elder, NOW).await.unwrap();
    let ended = store.help("s3", Some(&staff), since, NOW).await.unwrap();
    assert!(matches!(ended, HelpFound::Over(_)));
});
