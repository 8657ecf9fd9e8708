//! Random draws: none is picked by hand, each case is in one, the seed's hash comes first.

#![cfg(test)]

use app::domain::aid::case::CaseAct;
use app::domain::aid::catalogue::Gives;
use app::domain::aid::decision::{Opinion, OpinionForm, Outcome};
use app::domain::aid::random_check::{commitment, drawn};
use app::domain::staff::Post;
use app::domain::time::Instant;

use super::{NOW, TestStore, fill_draft, owner, store_test, submit_draft};
use crate::store::audit::Actor;
use crate::store::case_acts::{CaseRef, Doing};
use crate::store::staff_cases::Scope;
use crate::store::{IdempotencyKey, OnlyOnce, StoreError};

const ITEM: &str = "temporary-aid";

fn by(store: &TestStore, key: &str, id: &str) -> Doing {
    Doing {
        actor: Actor::Staff { id: id.to_owned(), post: "district_officer@320214".to_owned() },
        key: IdempotencyKey::new(&store.store, key, "body"),
        owner: owner(&format!("staff:{id}")),
        now: Instant(NOW.0 + 3_600_000),
    }
}

async fn with_opinion(store: &TestStore, number: &str) -> CaseRef {
    let me = owner(number);
    fill_draft(store, &me).await;
    let kept = store.draft_of(&me).await.unwrap().unwrap();
    let key = IdempotencyKey::new(&store.store, &format!("submit-{number}"), "body");
    // Each case's link is its own.
    submit_draft(store, &me, number, key, &kept.id, kept.version, &kept.draft, number).await.unwrap();
    let case = store.own_case(number, &me).await.unwrap().unwrap();
    store.move_case(&case, CaseAct::Accept, &by(store, &format!("a-{number}"), "a")).await.unwrap();
    let form = OpinionForm {
        outcome: "grant".into(),
        amount: "3000".into(),
        reasons: "房子进了水，家里一时没有地方住。".into(),
        ..OpinionForm::default()
    };
    let opinion = Opinion::parse(&form, Gives::Money, NOW.shanghai_date()).unwrap();
    store.give_opinion(&case, &opinion, &by(store, &format!("o-{number}"), "a")).await.unwrap();
    case
}

store_test!(a_draw_takes_each_waiting_case_once_by_a_seed_whose_hash_was_public, |store| {
    let scope = Scope::of(&Post::parse("district_officer@320214").unwrap());
    let elsewhere = Scope::of(&Post::parse("street_officer@320214051").unwrap());
    let numbers: Vec<String> = (1..=4).map(|at| format!("LS26112300000{at}")).collect();
    let mut cases = Vec::new();
    for number in &numbers {
        cases.push(with_opinion(&store, number).await);
    }
    let early = store.draw_cases((ITEM, 30), &scope, &by(&store, "d0", "d")).await;
    assert!(matches!(early, Err(StoreError::Conflict)), "no seed was public");
    for _ in 0..2 {
        store.keep_seed_waiting(NOW).await.unwrap();
    }
    let public = store.waiting_seed().await.unwrap().unwrap();
    let none = store.draw_cases((ITEM, 30), &elsewhere, &by(&store, "d1", "d")).await;
    assert!(matches!(none, Err(StoreError::Conflict)), "no case waits there");
    assert_eq!(store.waiting_seed().await.unwrap().unwrap(), public, "and the seed is not used up");
    assert_eq!(store.cases_to_draw_from(ITEM, &scope).await.unwrap(), 4);

    let doing = by(&store, "d2", "d");
    let OnlyOnce::Done(id) = store.draw_cases((ITEM, 30), &scope, &doing).await.unwrap() else {
        panic!("new")
    };
    let again = store.draw_cases((ITEM, 30), &scope, &doing).await.unwrap();
    assert!(matches!(again, OnlyOnce::Before(before) if before == id));
    let (draw, lots) = store.random_draw(&id).await.unwrap().unwrap();
    assert_eq!((draw.count, draw.drawn, lots.len()), (4, 2, 4), "30 of 100 of four are two");
    assert_eq!(draw.commitment, public.commitment);
    assert_eq!(commitment(&draw.seed), public.commitment, "the seed is the one whose hash was public");
    let asked: Vec<&str> = numbers.iter().map(String::as_str).collect();
    let mut shown: Vec<&str> = lots.iter().filter(|lot| lot.drawn).map(|lot| lot.number.as_str()).collect();
    shown.sort_unstable();
    assert_eq!(shown, drawn(&draw.seed, &asked, 30), "anybody works out the same");
    assert_ne!(store.waiting_seed().await.unwrap().unwrap().commitment, public.commitment);
    assert_eq!(store.cases_to_draw_from(ITEM, &scope).await.unwrap(), 0);
    let empty = store.draw_cases((ITEM, 30), &scope, &by(&store, "d3", "d")).await;
    assert!(matches!(empty, Err(StoreError::Conflict)), "each case is in one draw");

    for case in &cases {
        let picked = store.lot_of(&case.area, &case.id).await.unwrap().unwrap();
        let key = format!("decide-{}", case.number);
        let decided = store.decide(case, Outcome::Grant, &by(&store, &key, "d")).await;
        assert_eq!(matches!(decided, Err(StoreError::Conflict)), picked, "the drawn wait for the district");
    }
});
