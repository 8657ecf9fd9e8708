//! Cases that move to another street.

#![cfg(test)]

use app::domain::aid::case::CaseAct;
use app::domain::aid::transfer::{Transfer, TransferForm};
use app::domain::aid::work::WorkFilter;
use app::domain::staff::Post;
use app::domain::time::Instant;

use super::{NOW, TestStore, fill_draft, owner, store_test, submit};
use crate::store::audit::Actor;
use crate::store::case_acts::{CaseRef, Doing};
use crate::store::staff_cases::Scope;
use crate::store::work_list::WorkPart;
use crate::store::{IdempotencyKey, OnlyOnce, StoreError};

const NUMBER: &str = "LS261123000001";
const HERE: &str = "320214050";
const THERE: &str = "320214051";

fn by(store: &TestStore, key: &str, post: &str) -> Doing {
    Doing {
        actor: Actor::Staff { id: "a".to_owned(), post: post.to_owned() },
        key: IdempotencyKey::new(&store.store, key, "body"),
        owner: owner("staff"),
        now: Instant(NOW.0 + 3_600_000),
    }
}

async fn received(store: &TestStore) -> CaseRef {
    let me = owner("me");
    fill_draft(store, &me).await;
    submit(store, &me, NUMBER, "key-submit", "body").await.unwrap();
    store.own_case(NUMBER, &me).await.unwrap().unwrap()
}

fn to(street: &str, from: &str) -> Transfer {
    let form =
        TransferForm { street: street.into(), why: "户籍在那边，应当向户籍地申请".into() };
    Transfer::parse(&form, from).unwrap()
}

async fn listed(store: &TestStore, post: &str) -> usize {
    let scope = Scope::of(&Post::parse(post).unwrap());
    let filter = WorkFilter::default();
    let today = NOW.shanghai_date();
    let part = WorkPart { scope: &scope, filter: &filter, me: "a", today, skip: 0, count: 10 };
    store.work_list(part).await.unwrap().len()
}

store_test!(law_64_a_case_moves_to_the_right_street_with_its_clock_and_is_nobodys_there, |store| {
    let case = received(&store).await;
    let (here, there) = (format!("street_officer@{HERE}"), format!("street_officer@{THERE}"));
    let before: i64 =
        sqlx::query_scalar("select due_day from cases").fetch_one(&store.database().await).await.unwrap();
    assert_eq!((listed(&store, &here).await, listed(&store, &there).await), (1, 0));
    let moved = store.transfer_case(&case, (HERE, &to(THERE, HERE)), &by(&store, "k1", &here)).await;
    assert!(matches!(moved, Ok(OnlyOnce::Done(_))), "{moved:?}");
    let again = store.transfer_case(&case, (HERE, &to(THERE, HERE)), &by(&store, "k1", &here)).await;
    assert!(matches!(again, Ok(OnlyOnce::Before(_))), "the same key gives the same answer: {again:?}");
    assert_eq!((listed(&store, &here).await, listed(&store, &there).await), (0, 1));
    let district = "district_officer@320214";
    assert_eq!(listed(&store, district).await, 1);
    let after: i64 =
        sqlx::query_scalar("select due_day from cases").fetch_one(&store.database().await).await.unwrap();
    assert_eq!(before, after, "moving gives nobody more time");
    let found = store.find_case(NUMBER).await.unwrap().unwrap();
    assert_eq!((found.head.area.as_str(), found.head.office.as_str(), found.place()), (HERE, THERE, THERE));
    let was = store.transfers_of(&case.area, &case.id).await.unwrap();
    assert_eq!(was.len(), 1);
    assert_eq!((was[0].from.as_str(), was[0].to.as_str()), (HERE, THERE));
    assert_eq!(was[0].why, "户籍在那边，应当向户籍地申请");
    assert_eq!(store.noted("case_transferred", &case.id).await, 1);
    let told: i64 =
        sqlx::query_scalar("select cast(count(*) as bigint) from outbox where template = 'case_transferred'")
            .fetch_one(&store.database().await)
            .await
            .unwrap();
    assert_eq!(told, 1);
    let mine = store.case_for(NUMBER, &owner("me"), NOW).await.unwrap().unwrap();
    assert_eq!(mine.office, THERE, "the resident sees who has it now");
});

store_test!(whoever_had_it_before_moves_nothing_on_any_more, |store| {
    let case = received(&store).await;
    let (here, there) = (format!("street_officer@{HERE}"), format!("street_officer@{THERE}"));
    let stranger = store.transfer_case(&case, (HERE, &to(THERE, HERE)), &by(&store, "k0", &there)).await;
    assert!(matches!(stranger, Err(StoreError::Conflict)), "it is not theirs yet");
    store.transfer_case(&case, (HERE, &to(THERE, HERE)), &by(&store, "k1", &here)).await.unwrap();
    let late = store.move_case(&case, CaseAct::Accept, &by(&store, "k2", &here)).await;
    assert!(matches!(late, Err(StoreError::Conflict)), "their page was opened before");
    store.move_case(&case, CaseAct::Accept, &by(&store, "k3", &there)).await.unwrap();
    let back = store.transfer_case(&case, (THERE, &to(HERE, THERE)), &by(&store, "k4", &there)).await;
    assert!(matches!(back, Err(StoreError::Conflict)), "a street passes on nothing that was passed to it");
    let district = by(&store, "k5", "district_officer@320214");
    store.transfer_case(&case, (THERE, &to(HERE, THERE)), &district).await.unwrap();
    let out = Scope::of(&Post::parse(&there).unwrap());
    let seen = store.transfers(&out, 0, 10).await.unwrap();
    assert_eq!(seen.len(), 2, "in and out");
    assert!(seen.iter().all(|moved| moved.number == NUMBER && moved.office == HERE));
});
