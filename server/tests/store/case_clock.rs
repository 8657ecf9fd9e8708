//! More time by a legal ground, once and in time; small aid before its papers.

#![cfg(test)]

use app::domain::aid::case::CaseAct;
use app::domain::aid::clock::{Expedited, Extension};
use app::domain::money::Fen;
use app::domain::time::Instant;

use super::{NOW, TestStore, fill_draft, owner, store_test, submit};
use crate::store::audit::Actor;
use crate::store::case_acts::{CaseRef, Doing};
use crate::store::{IdempotencyKey, OnlyOnce, StoreError};

const NUMBER: &str = "LS261123000001";
const DAY: i64 = 24 * 3_600_000;

fn on(store: &TestStore, key: &str, day: i64) -> Doing {
    Doing {
        actor: Actor::Staff { id: "a".to_owned(), post: "street_officer@320214050".to_owned() },
        key: IdempotencyKey::new(&store.store, key, "body"),
        owner: owner("staff"),
        now: Instant(NOW.0 + day * DAY),
    }
}

async fn received(store: &TestStore) -> CaseRef {
    let me = owner("me");
    fill_draft(store, &me).await;
    submit(store, &me, NUMBER, "key-submit", "body").await.unwrap();
    store.own_case(NUMBER, &me).await.unwrap().unwrap()
}

fn extension(working_days: u16) -> Extension {
    Extension {
        ground: "人户分离".into(),
        working_days,
        reasons: "户籍在外地，那边的材料还没有回来。".into(),
    }
}

async fn due(store: &TestStore) -> i64 {
    sqlx::query_scalar("select due_day from cases").fetch_one(&store.database().await).await.unwrap()
}

store_test!(an_extension_moves_the_latest_day_once_and_never_mends_lateness, |store| {
    let case = received(&store).await;
    assert_eq!(due(&store).await, 20_261_221, "20 working days from Monday 23 November");
    let shorter = store.extend_case(&case, &extension(20), &on(&store, "k0", 1)).await;
    assert!(matches!(shorter, Err(StoreError::Conflict)), "no more time than before is no extension");
    let late = store.extend_case(&case, &extension(25), &on(&store, "k1", 60)).await;
    assert!(matches!(late, Err(StoreError::Conflict)), "the day has passed");
    assert!(matches!(
        store.extend_case(&case, &extension(25), &on(&store, "k2", 1)).await,
        Ok(OnlyOnce::Done(_))
    ));
    assert_eq!(due(&store).await, 20_261_228);
    assert_eq!(store.limit_of(&case.area, &case.id).await.unwrap().working_days, Some(25));
    let seen = store.case_for(NUMBER, &owner("me"), NOW).await.unwrap().unwrap();
    assert_eq!(seen.limit.working_days, Some(25), "the resident sees the same");
    let again = store.extend_case(&case, &extension(28), &on(&store, "k3", 2)).await;
    assert!(matches!(again, Err(StoreError::Conflict)), "once");
    assert_eq!(store.noted("case_extended", &case.id).await, 1);
    let told: i64 =
        sqlx::query_scalar("select cast(count(*) as bigint) from outbox where template = 'case_extended'")
            .fetch_one(&store.database().await)
            .await
            .unwrap();
    assert_eq!(told, 1);
});

store_test!(law_50_small_aid_goes_first_once_and_its_papers_follow, |store| {
    let case = received(&store).await;
    let expedited = Expedited { amount: Fen(200_000), why: "家里失火，今晚没有地方住。".into() };
    let early = store.supplement_case(&case, "收据和户口本都看过了。", &on(&store, "s0", 0)).await;
    assert!(matches!(early, Err(StoreError::Conflict)), "nothing was given");
    store.expedite_case(&case, (&expedited, 5), &on(&store, "k1", 0)).await.unwrap();
    let twice = store.expedite_case(&case, (&expedited, 5), &on(&store, "k2", 0)).await;
    assert!(matches!(twice, Err(StoreError::Conflict)));
    let clock = store.clock_of(&case.area, &case.id).await.unwrap();
    let first = clock.expedited.unwrap();
    assert_eq!((first.expedited.amount, first.supplement.is_none()), (Fen(200_000), true));
    assert_eq!(first.papers_by.unwrap().to_string(), "2026-11-30");
    store.supplement_case(&case, "收据和户口本都看过了。", &on(&store, "s1", 2)).await.unwrap();
    let clock = store.clock_of(&case.area, &case.id).await.unwrap();
    assert_eq!(clock.expedited.unwrap().supplement.unwrap().0, "收据和户口本都看过了。");
    // The case goes its way all the same.
    store.move_case(&case, CaseAct::Accept, &on(&store, "accept", 2)).await.unwrap();
});

store_test!(aid_case_is_not_deemed_accepted_after_five_days, |store| {
    let case = received(&store).await;
    store.find_missing_due(Instant(NOW.0 + 60 * DAY)).await.unwrap();
    let state = store.case_progress(&case.area, &case.id).await.unwrap().state;
    assert_eq!(state, app::domain::aid::case::CaseState::Received, "行政许可法 32 does not apply to aid");
});
