//! Received applications, as staff see them.

#![cfg(test)]

use app::domain::aid::work::WorkFilter;
use app::domain::staff::Post;
use app::pages::staff::work::WorkLine;

use super::{NOW, TestStore, fill_draft, owner, store_test};
use crate::store::staff_cases::Scope;
use crate::store::work_list::WorkPart;

fn scope(post: &str) -> Scope {
    Scope::of(&Post::parse(post).unwrap())
}

/// The work list of a post.
async fn work(store: &TestStore, post: &str) -> Vec<WorkLine> {
    let (scope, filter) = (scope(post), WorkFilter::default());
    let today = NOW.shanghai_date();
    store
        .work_list(WorkPart { scope: &scope, filter: &filter, me: "", today, skip: 0, count: 10 })
        .await
        .unwrap()
}

store_test!(a_list_holds_the_applications_of_its_area_alone, |store| {
    let me = owner("me");
    for (number, key) in [("LS261123000001", "key-1"), ("LS261123000002", "key-2")] {
        fill_draft(&store, &me).await;
        // One link's secret is one row's; the second application sends the same draft without a link.
        let kept = store.draft_of(&me).await.unwrap().unwrap();
        crate::store_tests::submit_draft(
            &store,
            &me,
            number,
            crate::store::IdempotencyKey::new(&store, key, number),
            &kept.id,
            kept.version,
            &kept.draft,
            &format!("{key}secretsecretsecretsecretsec"),
        )
        .await
        .unwrap();
    }
    for (post, count) in [
        ("community_worker@320214050001", 2),
        ("community_worker@320214050002", 0),
        ("street_officer@320214050", 2),
        ("street_officer@320214051", 0),
        ("district_officer@320214", 2),
    ] {
        assert_eq!(work(&store, post).await.len(), count, "{post}");
        let counted = store.count_cases(&scope(post)).await.unwrap();
        assert_eq!(counted, (count as i64, count as i64), "{post}");
    }
    let number = work(&store, "district_officer@320214").await[1].head.number.clone();
    let second = store.find_case(&number).await.unwrap().unwrap();
    let file = store.case_file(&second).await.unwrap();
    assert_eq!((file.name.as_str(), file.mobile.as_str()), ("王小明", "13900001234"));
    assert_eq!((file.members.len(), file.members[0].name.as_str()), (2, "李大妈"));
    assert_eq!(file.account_number.as_deref(), Some("6222023200000000011"));
    assert_eq!((file.consents.len(), file.events.len()), (2, 1));
    assert!(!format!("{file:?}").contains("王"));
    assert!(store.find_case("LS000000000000").await.unwrap().is_none());
});
