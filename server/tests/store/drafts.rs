//! Drafts.

#![cfg(test)]

use app::domain::aid::{ApplicantForm, FinancesForm, Step};
use app::domain::time::Instant;

use super::{NOW, answers, fill_draft, member, owner, store_test};
use crate::store::StoreError;

store_test!(a_draft_gives_back_what_was_typed_right_or_wrong, |store| {
    let me = owner("me");
    fill_draft(&store, &me).await;
    assert!(store.draft_of(&me).await.unwrap().unwrap().draft == answers());
    let wrong =
        ApplicantForm { name: "1".into(), mobile: "</textarea><script>".into(), ..Default::default() };
    store.keep_step(&me, Step::Applicant, &wrong, NOW).await.unwrap();
    assert!(store.draft_of(&me).await.unwrap().unwrap().draft.applicant == Some(wrong));
});

store_test!(nobody_but_its_owner_sees_a_draft_or_changes_it, |store| {
    fill_draft(&store, &owner("me")).await;
    assert!(store.draft_of(&owner("other")).await.unwrap().is_none());
    let other = store.keep_step(&owner("other"), Step::Pledge, &(), NOW).await;
    assert!(matches!(other, Err(StoreError::NotFound)));
    store.discard_draft(&owner("other")).await.unwrap();
    assert!(store.draft_of(&owner("me")).await.unwrap().is_some());
});

store_test!(opening_twice_is_one_draft_and_each_page_counts_a_version, |store| {
    let me = owner("me");
    store.open_draft(&me, NOW).await.unwrap();
    let first = store.draft_of(&me).await.unwrap().unwrap();
    store.keep_step(&me, Step::Household, &(), NOW).await.unwrap();
    store.open_draft(&me, Instant(NOW.0 + 1)).await.unwrap();
    let again = store.draft_of(&me).await.unwrap().unwrap();
    assert_eq!((again.id, again.version), (first.id, first.version + 1));
    assert!(again.draft.household_told);
});

store_test!(a_page_is_offered_only_where_nothing_was_kept, |store| {
    let me = owner("me");
    let income = |yuan: &str| FinancesForm { monthly_income: yuan.into(), ..Default::default() };
    let refused = store.offer_step(&me, Step::Finances, &income("1"), NOW).await;
    assert!(matches!(refused, Err(StoreError::NotFound)));
    store.open_draft(&me, NOW).await.unwrap();
    store.offer_step(&me, Step::Finances, &income("1"), NOW).await.unwrap();
    let first = store.draft_of(&me).await.unwrap().unwrap();
    assert!(first.draft.finances == Some(income("1")));
    store.offer_step(&me, Step::Finances, &income("2"), NOW).await.unwrap();
    let second = store.draft_of(&me).await.unwrap().unwrap();
    assert!(second.draft.finances == Some(income("1")) && second.version == first.version);
    // It is a page as any other, which its owner changes.
    store.keep_step(&me, Step::Finances, &income("3"), NOW).await.unwrap();
    assert!(store.draft_of(&me).await.unwrap().unwrap().draft.finances == Some(income("3")));
});

store_test!(members_keep_their_order_when_one_is_changed_and_go_when_removed, |store| {
    let me = owner("me");
    store.open_draft(&me, NOW).await.unwrap();
    for (id, name) in [("zzzzzzzz", "甲"), ("mmmmmmmm", "乙"), ("aaaaaaaa", "丙")] {
        store.keep_member(&me, id, &member(name, "320222194503129909", "parent"), NOW).await.unwrap();
    }
    store.keep_member(&me, "zzzzzzzz", &member("甲甲", "320222194503129909", "parent"), NOW).await.unwrap();
    store.remove_member(&me, "mmmmmmmm", NOW).await.unwrap();
    store.remove_member(&me, "mmmmmmmm", NOW).await.unwrap();
    let names: Vec<_> = store
        .draft_of(&me)
        .await
        .unwrap()
        .unwrap()
        .draft
        .members
        .into_iter()
        .map(|(_, form)| form.name)
        .collect();
    assert_eq!(names, ["甲甲", "丙"]);
});

store_test!(a_member_left_with_errors_is_kept_apart_until_it_is_right, |store| {
    let me = owner("me");
    store.open_draft(&me, NOW).await.unwrap();
    let wrong = member("甲", "1", "parent");
    store.keep_member_left(&me, "aaaaaaaa", &wrong, NOW).await.unwrap();
    let kept = store.draft_of(&me).await.unwrap().unwrap();
    assert!(kept.draft.members.is_empty() && kept.member_left == Some(("aaaaaaaa".into(), wrong)));
    store.keep_member(&me, "aaaaaaaa", &member("甲", "320222194503129909", "parent"), NOW).await.unwrap();
    let kept = store.draft_of(&me).await.unwrap().unwrap();
    assert!(kept.draft.members.len() == 1 && kept.member_left.is_none());
});

store_test!(a_draft_is_deleted_once_nobody_touched_it_for_its_time, |store| {
    let me = owner("me");
    fill_draft(&store, &me).await;
    assert_eq!(store.expire_drafts(NOW).await.unwrap(), 0);
    assert_eq!(store.expire_drafts(Instant(NOW.0 + 1)).await.unwrap(), 1);
    assert!(store.draft_of(&me).await.unwrap().is_none());
});

store_test!(a_discarded_draft_leaves_no_page_behind, |store| {
    let me = owner("me");
    fill_draft(&store, &me).await;
    store.discard_draft(&me).await.unwrap();
    store.open_draft(&me, NOW).await.unwrap();
    assert!(store.draft_of(&me).await.unwrap().unwrap().draft == app::domain::aid::Draft::default());
});
