//! Corrections of the time bank's records: by two people, once, in whole, and never below nothing; on both engines.

#![cfg(test)]

use app::domain::time::Instant;
use app::domain::timebank::{
    Account, AccountKind, Correction, CorrectionForm, EntryKind, Minutes, Movement, NeedState, Order, preset,
};
use app::visit::Owner;

use super::residents::account;
use super::time_needs::{MINUTE, act, balance, need, register, told};
use super::{NOW, TestStore, store_test};
use crate::store::IdempotencyKey;
use crate::store::audit::Actor;
use crate::store::timebank::{Doing, NeedRefusal};

fn correction(right: &str) -> Correction {
    let form = CorrectionForm { right: right.into(), why: "两边都问过了".into() };
    Correction::parse(&form, 90).unwrap()
}

/// A service of 90 minutes that was confirmed; gives its id.
pub(super) async fn confirmed(store: &TestStore, helper: &str, id: &str) {
    act!(store, helper, &format!("take {id}"), NOW.0, |doing| store.take_need(id, (helper, "王＊＊"), doing))
        .unwrap();
    let began = store.need(id).await.unwrap().starts_at;
    let over = Instant(began.0 + 90 * MINUTE);
    let worker = "worker";
    act!(store, worker, &format!("record {id}"), over.0, |doing| store.record_service(
        id,
        (began, over),
        doing
    ))
    .unwrap();
    let rules = preset("default").unwrap();
    act!(store, worker, &format!("yes {id}"), over.0, |doing| store.confirm_service(id, rules, doing))
        .unwrap();
    assert_eq!(store.need(id).await.unwrap().state, NeedState::Confirmed);
}

store_test!(two_people_put_a_record_right_and_one_alone_never, |store| {
    let helper = account(&store, "13900000001", "t1").await;
    register(&store, &helper).await;
    let new = need("2026-11-25", "90");
    let id = act!(store, "worker", "post", NOW.0, |doing| store.post_need(&new, doing)).unwrap();
    confirmed(&store, &helper, &id).await;
    let sixty = correction("60");
    for _ in 0..2 {
        act!(store, "one", "p", NOW.0, |doing| store.propose_correction((&id, 90), &sixty, "one", doing))
            .unwrap();
    }
    let again =
        act!(store, "two", "p2", NOW.0, |doing| store.propose_correction((&id, 90), &sixty, "two", doing));
    assert!(matches!(again, Err(NeedRefusal::Gone)), "one proposal at a time");
    assert_eq!(store.corrections_waiting("320214").await.unwrap().len(), 1);
    assert!(store.corrections_waiting("320214051").await.unwrap().is_empty(), "another street's");
    let kept = store.correction_of(&id).await.unwrap().unwrap();
    let rules = preset("default").unwrap();
    let own =
        act!(store, "one", "y1", NOW.0, |doing| store.approve_correction(&kept.id, "one", rules, doing));
    assert!(matches!(own, Err(NeedRefusal::Gone)), "nobody agrees to their own");
    assert_eq!(balance(&store, &helper, AccountKind::Person).await, 90);
    for _ in 0..2 {
        act!(store, "two", "y2", NOW.0, |doing| store.approve_correction(&kept.id, "two", rules, doing))
            .unwrap();
    }
    assert_eq!(balance(&store, &helper, AccountKind::Person).await, 60);
    let now = store.need(&id).await.unwrap();
    assert_eq!((now.true_minutes(), now.right_minutes), (Some(60), Some(60)));
    assert_eq!(told(&store, "time_corrected").await, 1);
    assert_eq!(store.correction_of(&id).await.unwrap().unwrap().approved.unwrap().by, "two");
    let report = crate::timebank::verify::verify(&store, "320214").await.unwrap();
    assert_eq!((report.fault, report.head.sequence), (None, 2), "the older entry stays");
});

store_test!(a_correction_that_was_dropped_moves_nothing_and_another_may_follow, |store| {
    let helper = account(&store, "13900000001", "t1").await;
    register(&store, &helper).await;
    let new = need("2026-11-25", "90");
    let id = act!(store, "worker", "post", NOW.0, |doing| store.post_need(&new, doing)).unwrap();
    let early = correction("60");
    let unconfirmed =
        act!(store, "one", "p0", NOW.0, |doing| store.propose_correction((&id, 90), &early, "one", doing));
    assert!(matches!(unconfirmed, Err(NeedRefusal::Gone)));
    confirmed(&store, &helper, &id).await;
    act!(store, "one", "p1", NOW.0, |doing| store.propose_correction((&id, 90), &early, "one", doing))
        .unwrap();
    let kept = store.correction_of(&id).await.unwrap().unwrap();
    act!(store, "two", "n1", NOW.0, |doing| store.drop_correction(&kept.id, "two", doing)).unwrap();
    assert!(store.correction_of(&id).await.unwrap().is_none());
    let more = correction("120");
    act!(store, "one", "p2", NOW.0, |doing| store.propose_correction((&id, 90), &more, "one", doing))
        .unwrap();
    let kept = store.correction_of(&id).await.unwrap().unwrap();
    let rules = preset("default").unwrap();
    act!(store, "two", "y2", NOW.0, |doing| store.approve_correction(&kept.id, "two", rules, doing)).unwrap();
    assert_eq!(balance(&store, &helper, AccountKind::Person).await, 120, "what was missing is credited");
    assert_eq!(store.need(&id).await.unwrap().true_minutes(), Some(120));
});

store_test!(whoever_paid_gets_back_what_was_not_needed_and_spent_minutes_are_not_taken_twice, |store| {
    let payer = account(&store, "13900000001", "t1").await;
    let helper = account(&store, "13900000002", "t2").await;
    register(&store, &helper).await;
    let mut tx = store.begin().await;
    let earned = Movement::plain(
        EntryKind::Earned,
        Account::only(AccountKind::Issuance),
        Account::of(AccountKind::Person, &payer),
        Minutes::new(90).unwrap(),
    );
    store.post_time(&mut tx, "320214", &earned, NOW).await.unwrap();
    tx.commit().await.unwrap();
    let order = Order { need: need("2026-11-25", "90"), minutes: Minutes::new(90).unwrap(), own: true };
    let id = act!(store, payer, "o", NOW.0, |doing| store.order_service(&payer, &order, doing)).unwrap();
    confirmed(&store, &helper, &id).await;
    assert_eq!(balance(&store, &payer, AccountKind::Person).await, 0);
    let all = Minutes::new(90).unwrap();
    act!(store, helper, "gift", NOW.0, |doing| store.donate_time(&helper, all, doing)).unwrap();
    let sixty = correction("60");
    act!(store, "one", "p", NOW.0, |doing| store.propose_correction((&id, 90), &sixty, "one", doing))
        .unwrap();
    let kept = store.correction_of(&id).await.unwrap().unwrap();
    let rules = preset("default").unwrap();
    let gone =
        act!(store, "two", "y", NOW.0, |doing| store.approve_correction(&kept.id, "two", rules, doing));
    assert!(matches!(gone, Err(NeedRefusal::NotEnough)), "they were given away");
    assert_eq!(store.need(&id).await.unwrap().true_minutes(), Some(90), "nothing changed by half");
    let mut tx = store.begin().await;
    let back = Movement::plain(
        EntryKind::Granted,
        Account::of(AccountKind::Pool, "district"),
        Account::of(AccountKind::Person, &helper),
        Minutes::new(30).unwrap(),
    );
    store.post_time(&mut tx, "320214", &back, NOW).await.unwrap();
    tx.commit().await.unwrap();
    act!(store, "two", "y again", NOW.0, |doing| store.approve_correction(&kept.id, "two", rules, doing))
        .unwrap();
    assert_eq!(balance(&store, &helper, AccountKind::Person).await, 0);
    assert_eq!(balance(&store, &payer, AccountKind::Person).await, 30, "60 were needed");
    assert_eq!(balance(&store, &payer, AccountKind::Reserved).await, 0);
    assert_eq!(crate::timebank::verify::verify(&store, "320214").await.unwrap().fault, None);
});
