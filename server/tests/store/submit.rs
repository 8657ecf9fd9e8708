//! Submission: once, whole, and only what was shown.

#![cfg(test)]

use std::sync::Arc;

use app::domain::aid::{ConsentWay, Step, TemporaryAidKind};
use app::domain::time::Instant;
use app::ports::CaseEventKind;

use super::{NOW, SECRET, TestStore, fill_draft, owner, store_test, submit, submit_draft};
use crate::store::{IdempotencyKey, OnlyOnce, SubmitRefusal};

store_test!(an_application_is_received_whole_and_its_draft_is_gone, |store| {
    let me = owner("me");
    fill_draft(&store, &me).await;
    let number = submit(&store, &me, "LS261123000001", "key-1", "body").await.unwrap();
    assert_eq!(number, OnlyOnce::Done("LS261123000001".into()));
    assert!(store.draft_of(&me).await.unwrap().is_none());
    let case = store.case_for("LS261123000001", &me, NOW).await.unwrap().unwrap();
    assert_eq!((case.office.as_str(), case.kind), ("320214050", TemporaryAidKind::Emergency));
    assert_eq!(case.applicant, "王＊＊");
    assert_eq!(case.limit.working_days, Some(20));
    assert!(!case.account_missing);
    let consents: Vec<_> = case.consents.iter().map(|c| (c.is_applicant, c.way, c.given_at)).collect();
    assert_eq!(consents, [(true, ConsentWay::ThisPhone, Some(NOW)), (false, ConsentWay::Link, None)]);
    let events: Vec<_> = case.events.iter().map(|e| (e.kind, e.at)).collect();
    assert_eq!(events, [(CaseEventKind::Received, NOW)]);
    let lines = store.cases_of(&me).await.unwrap();
    assert_eq!(
        lines.iter().map(|l| (l.number.as_str(), l.consents_missing)).collect::<Vec<_>>(),
        [("LS261123000001", 1)]
    );
    assert_eq!(store.token_of_short_code(&case.short_code).await.unwrap(), Some(case.token));
});

store_test!(the_same_key_gives_the_same_answer_and_another_body_is_refused, |store| {
    let me = owner("me");
    fill_draft(&store, &me).await;
    submit(&store, &me, "LS261123000001", "key-1", "body").await.unwrap();
    let again = submit(&store, &me, "LS261123000002", "key-1", "body").await.unwrap();
    assert_eq!(again, OnlyOnce::Before("LS261123000001".into()));
    let other_body = submit(&store, &me, "LS261123000002", "key-1", "other").await;
    assert!(matches!(other_body, Err(SubmitRefusal::OtherBody)));
    let other_owner = submit(&store, &owner("other"), "LS261123000002", "key-1", "body").await;
    assert!(matches!(other_owner, Err(SubmitRefusal::OtherBody)));
    let key = IdempotencyKey::new(&store, "key-1", "body");
    assert_eq!(
        store.answer_of(&key, &me, crate::store::submit::ACT).await.unwrap().as_deref(),
        Some("LS261123000001")
    );
    assert_eq!(store.cases_of(&me).await.unwrap().len(), 1);
});

store_test!(sixteen_presses_at_once_with_one_key_give_one_application, |store| {
    let me = owner("me");
    fill_draft(&store, &me).await;
    presses(store, &me, |_| "key-1".into()).await;
});

store_test!(sixteen_pages_of_one_draft_at_once_give_one_application, |store| {
    let me = owner("me");
    fill_draft(&store, &me).await;
    presses(store, &me, |press| format!("key-{press}")).await;
});

/// Sends one draft sixteen times at the same moment: all get the same number, and there is one case.
async fn presses(store: TestStore, me: &app::visit::Owner, key: impl Fn(usize) -> String) {
    let kept = store.draft_of(me).await.unwrap().unwrap();
    let store = Arc::new(store);
    let kept = Arc::new(kept);
    let mut tasks = tokio::task::JoinSet::new();
    for press in 0..16 {
        let (store, kept, me, key) = (store.clone(), kept.clone(), me.clone(), key(press));
        tasks.spawn(async move {
            let key = IdempotencyKey::new(&store, &key, "body");
            let number = format!("LS26112300{press:04}");
            let secret = format!("{SECRET}{press}");
            submit_draft(&store, &me, &number, key, &kept.id, kept.version, &kept.draft, &secret).await
        });
    }
    let answers: Vec<_> = tasks.join_all().await.into_iter().map(Result::unwrap).collect();
    assert_eq!(answers.iter().filter(|a| matches!(a, OnlyOnce::Done(_))).count(), 1);
    let numbers: std::collections::BTreeSet<_> = answers.into_iter().map(OnlyOnce::answer).collect();
    assert_eq!(numbers.len(), 1);
    assert_eq!(store.cases_of(me).await.unwrap().len(), 1);
}

store_test!(a_draft_changed_since_it_was_shown_is_not_sent, |store| {
    let me = owner("me");
    fill_draft(&store, &me).await;
    let shown = store.draft_of(&me).await.unwrap().unwrap();
    store.keep_step(&me, Step::Household, &(), NOW).await.unwrap();
    let key = IdempotencyKey::new(&store, "key-1", "body");
    let sent =
        submit_draft(&store, &me, "LS261123000001", key, &shown.id, shown.version, &shown.draft, SECRET)
            .await;
    assert!(matches!(sent, Err(SubmitRefusal::DraftChanged)));
    // Nothing is left of the attempt: the key is free, the draft is there.
    assert!(store.draft_of(&me).await.unwrap().is_some());
    let sent = submit(&store, &me, "LS261123000001", "key-1", "other body").await;
    assert!(matches!(sent, Ok(OnlyOnce::Done(_))));
});

store_test!(a_number_that_is_taken_leaves_the_draft_and_the_key_as_they_were, |store| {
    for name in ["first", "second"] {
        fill_draft(&store, &owner(name)).await;
    }
    submit(&store, &owner("first"), "LS261123000001", "key-1", "body").await.unwrap();
    let kept = store.draft_of(&owner("second")).await.unwrap().unwrap();
    let key = || IdempotencyKey::new(&store, "key-2", "body");
    let taken = submit_draft(
        &store,
        &owner("second"),
        "LS261123000001",
        key(),
        &kept.id,
        kept.version,
        &kept.draft,
        "another",
    )
    .await;
    assert!(matches!(taken, Err(SubmitRefusal::NumberTaken)), "{taken:?}");
    let free = submit_draft(
        &store,
        &owner("second"),
        "LS261123000002",
        key(),
        &kept.id,
        kept.version,
        &kept.draft,
        "another",
    )
    .await;
    assert_eq!(free.unwrap(), OnlyOnce::Done("LS261123000002".into()));
});

store_test!(a_case_opens_to_its_owner_and_to_number_with_digits_for_a_while, |store| {
    let me = owner("me");
    let other = owner("other");
    fill_draft(&store, &me).await;
    submit(&store, &me, "LS261123000001", "key-1", "body").await.unwrap();
    assert!(store.case_for("LS261123000001", &other, NOW).await.unwrap().is_none());
    let until = Instant(NOW.0 + 1_000);
    assert!(!store.grant_case("LS261123000001", "9999", &other, until).await.unwrap());
    assert!(!store.grant_case("LS261123999999", "1234", &other, until).await.unwrap());
    assert!(store.case_for("LS261123000001", &other, NOW).await.unwrap().is_none());
    assert!(store.grant_case("LS261123000001", "1234", &other, until).await.unwrap());
    assert!(store.case_for("LS261123000001", &other, NOW).await.unwrap().is_some());
    assert!(store.case_for("LS261123000001", &other, until).await.unwrap().is_none());
    assert!(store.cases_of(&other).await.unwrap().is_empty(), "a grant opens one page, it is not a list");
});

store_test!(tries_are_counted_by_the_hour_and_a_right_one_is_taken_back, |store| {
    assert_eq!(store.count_try("open 1", NOW).await.unwrap(), 1);
    assert_eq!(store.count_try("open 1", NOW).await.unwrap(), 2);
    assert_eq!(store.count_try("open 2", NOW).await.unwrap(), 1);
    store.forgive_try("open 1", NOW).await.unwrap();
    assert_eq!(store.count_try("open 1", NOW).await.unwrap(), 2);
    assert_eq!(store.count_try("open 1", Instant(NOW.0 + 3_600_000)).await.unwrap(), 1);
});
