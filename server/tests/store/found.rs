//! Households that were told of: once, sealed, seen by those whose area it is.

#![cfg(test)]

use app::domain::aid::found::{Found, FoundForm, FoundState, VisitOutcome};
use app::domain::staff::Post;
use app::domain::time::Instant;
use jiff::civil::date;

use super::{NOW, TestStore, owner, store_test};
use crate::store::audit::Actor;
use crate::store::case_acts::Doing;
use crate::store::found::NewFound;
use crate::store::staff_cases::Scope;
use crate::store::{IdempotencyKey, OnlyOnce, StoreError};

fn told(community: &str) -> Found {
    let form = FoundForm {
        teller: "neighbour".into(),
        street: "320214050".into(),
        community: community.into(),
        detail: "新光路 5 号楼一楼东边".into(),
        story: "老人一个人住，好几天没有出门了".into(),
        contact: "0510-85212345".into(),
    };
    Found::parse(&form).unwrap()
}

async fn keep(
    store: &TestStore,
    number: &str,
    found: &Found,
    key: &str,
) -> Result<OnlyOnce<String>, StoreError> {
    let new = NewFound {
        id: crate::seal::new_id(NOW).unwrap(),
        number: number.into(),
        found,
        received_at: NOW,
        due_on: Some(date(2026, 11, 26)),
    };
    store.keep_found(&new, &IdempotencyKey::new(&store.store, key, "body"), &owner("me")).await
}

fn scope(post: &str) -> Scope {
    Scope::of(&Post::parse(post).unwrap())
}

store_test!(a_household_is_kept_once_and_listed_for_its_own_community_and_those_above, |store| {
    let (known, unknown) = (told("320214050001"), told("unknown"));
    keep(&store, "FX261123000001", &known, "k1").await.unwrap();
    let again = keep(&store, "FX261123000009", &known, "k1").await.unwrap();
    assert!(matches!(again, OnlyOnce::Before(number) if number == "FX261123000001"));
    let taken = keep(&store, "FX261123000001", &unknown, "k2").await;
    assert!(matches!(taken, Err(StoreError::Conflict)), "the number is another's");
    keep(&store, "FX261123000002", &unknown, "k3").await.unwrap();
    let today = date(2026, 11, 27);
    for (post, waiting) in [
        ("community_worker@320214050001", 1),
        ("community_worker@320214050002", 0),
        ("street_officer@320214050", 2),
        ("street_officer@320214051", 0),
        ("district_officer@320214", 2),
    ] {
        let listed = store.found_waiting(&scope(post), 0, 9).await.unwrap();
        assert_eq!(i64::try_from(listed.len()), Ok(waiting), "{post}");
        assert_eq!(store.count_found(&scope(post), today).await.unwrap(), (waiting, waiting), "{post}");
    }
});

store_test!(only_whoever_goes_there_writes_down_what_the_visit_came_to, |store| {
    keep(&store, "FX261123000001", &told("320214050001"), "k1").await.unwrap();
    let (one, two) = (store.staff_account("one").await, store.staff_account("two").await);
    let doing = |staff: &str, key: &str| Doing {
        actor: Actor::Staff { id: staff.into(), post: "community_worker@320214050001".into() },
        key: IdempotencyKey::new(&store.store, key, "body"),
        owner: owner("staff"),
        now: Instant(NOW.0 + 1),
    };
    let found = store.find_found("FX261123000001").await.unwrap().unwrap();
    let result = (VisitOutcome::Helped, "愿意申请。");
    let early = store.settle_found(&found, result, &doing(&one, "s0")).await;
    assert!(matches!(early, Err(StoreError::Conflict)), "nobody has gone there");
    store.take_found(&found, &doing(&one, "t1")).await.unwrap();
    store.take_found(&found, &doing(&two, "t2")).await.unwrap();
    let late = store.settle_found(&found, result, &doing(&one, "s1")).await;
    assert!(matches!(late, Err(StoreError::Conflict)), "a colleague goes now");
    store.settle_found(&found, result, &doing(&two, "s2")).await.unwrap();
    store.settle_found(&found, result, &doing(&two, "s2")).await.unwrap();
    let over = store.take_found(&found, &doing(&one, "t3")).await;
    assert!(matches!(over, Err(StoreError::Conflict)), "it was visited");
    let found = store.find_found("FX261123000001").await.unwrap().unwrap();
    assert_eq!(found.head.state, FoundState::Visited);
    let file = store.found_file(&found, &two, String::new()).await.unwrap();
    assert_eq!(file.detail, "新光路 5 号楼一楼东边");
    assert!(file.own && file.visited.is_some_and(|(outcome, note, _)| (outcome, note.as_str()) == result));
    assert_eq!(store.noted("household_visited", &found.id).await, 1);
});
