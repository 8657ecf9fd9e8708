//! Hours over time: above the cap, waiting, after an account closes; reminders, forgetting, patterns; on both engines.

#![cfg(test)]

use app::domain::retention::Retained;
use app::domain::time::Instant;
use app::domain::timebank::{
    Account, AccountKind, BankRules, EntryKind, FreezeForm, Minutes, Movement, NewFreeze, NewOutcome, Order,
    Outcome, OutcomeForm, Pattern, preset,
};
use app::visit::Owner;

use super::residents::account;
use super::time_corrections::confirmed;
use super::time_needs::{MINUTE, act, balance, need, register, told};
use super::{NOW, TestStore, store_test};
use crate::store::IdempotencyKey;
use crate::store::audit::Actor;
use crate::store::timebank::{Doing, NeedRefusal};

const HOUR: i64 = 60 * MINUTE;

async fn earn(store: &TestStore, who: &str, minutes: i64) {
    let mut tx = store.begin().await;
    let earned = Movement::plain(
        EntryKind::Earned,
        Account::only(AccountKind::Issuance),
        Account::of(AccountKind::Person, who),
        Minutes::new(minutes).unwrap(),
    );
    store.post_time(&mut tx, "320214", &earned, NOW).await.unwrap();
    tx.commit().await.unwrap();
}

async fn whole(store: &TestStore) {
    let report = crate::timebank::verify::verify(store, "320214").await.unwrap();
    assert_eq!(report.fault, None);
    assert!(store.time_totals("320214").await.unwrap().add_up());
}

fn frozen() -> NewFreeze {
    let form = FreezeForm {
        phone: "13900000001".into(),
        name: "王小明".into(),
        reason: "moved".into(),
        why: "本人来说要搬走".into(),
    };
    NewFreeze::parse(&form).unwrap()
}

fn outcome(word: &str) -> NewOutcome {
    let form = OutcomeForm {
        outcome: word.into(),
        phone: "13900000002".into(),
        name: "李大妈".into(),
        why: "看过结婚证".into(),
    };
    NewOutcome::parse(&form, frozen().reason, Outcome::ALL).unwrap()
}

store_test!(what_is_above_the_cap_is_offered_and_goes_to_the_pool_with_the_volunteers_word_alone, |store| {
    let helper = account(&store, "13900000001", "t1").await;
    register(&store, &helper).await;
    let new = need("2026-11-25", "90");
    let id = act!(store, "worker", "post", NOW.0, |doing| store.post_need(&new, doing)).unwrap();
    act!(store, helper, "take", NOW.0, |doing| store.take_need(&id, (&helper, "王＊＊"), doing)).unwrap();
    let began = store.need(&id).await.unwrap().starts_at;
    let over = Instant(began.0 + 90 * MINUTE);
    act!(store, "worker", "record", over.0, |doing| store.record_service(&id, (began, over), doing)).unwrap();
    let capped = BankRules { total_cap: Some(40), ..preset("default").unwrap().clone() };
    act!(store, "worker", "yes", over.0, |doing| store.confirm_service(&id, &capped, doing)).unwrap();
    assert_eq!(balance(&store, &helper, AccountKind::Person).await, 40);
    assert_eq!(store.surplus(&helper).await.unwrap(), 50);
    assert_eq!(balance(&store, "district", AccountKind::Pool).await, 0, "nobody took it");
    for _ in 0..2 {
        let given = act!(store, helper, "give", over.0, |doing| store.settle_surplus(&helper, true, doing));
        assert_eq!(given.unwrap(), 50);
    }
    assert_eq!(balance(&store, "district", AccountKind::Pool).await, 50);
    let twice = act!(store, helper, "give 2", over.0, |doing| store.settle_surplus(&helper, false, doing));
    assert!(matches!(twice, Err(NeedRefusal::Gone)));
    whole(&store).await;
});

store_test!(hours_that_wait_are_spent_by_nobody_until_two_people_settle_them, |store| {
    let holder = account(&store, "13900000001", "t1").await;
    let spouse = account(&store, "13900000002", "t2").await;
    earn(&store, &holder, 120).await;
    let freeze = frozen();
    let place = (holder.as_str(), "320214050");
    let id =
        act!(store, "one", "f", NOW.0, |doing| store.freeze_hours(place, &freeze, "one", doing)).unwrap();
    let twice = act!(store, "one", "f2", NOW.0, |doing| store.freeze_hours(place, &freeze, "one", doing));
    assert!(matches!(twice, Err(NeedRefusal::Gone)));
    let half = Minutes::new(60).unwrap();
    let spent = act!(store, holder, "d", NOW.0, |doing| store.donate_time(&holder, half, doing));
    assert!(matches!(spent, Err(NeedRefusal::Frozen)));
    let given = act!(store, holder, "g", NOW.0, |doing| store.give_time(&holder, &spouse, half, doing));
    assert!(matches!(given, Err(NeedRefusal::Frozen)));
    assert!(store.is_frozen(&holder).await.unwrap());
    assert_eq!(store.freezes_at("320214050").await.unwrap().len(), 1);
    assert!(store.freezes_at("320214051").await.unwrap().is_empty(), "another street's");

    let kept = store.freeze(&id).await.unwrap();
    let none = act!(store, "two", "s0", NOW.0, |doing| store.settle_outcome(&kept, "two", doing));
    assert!(matches!(none, Err(NeedRefusal::Gone)), "nothing is proposed");
    let to = outcome("spouse");
    let propose = (&to, Some(spouse.as_str()));
    act!(store, "one", "p", NOW.0, |doing| store.propose_outcome(&kept, propose, "one", doing)).unwrap();
    let kept = store.freeze(&id).await.unwrap();
    assert_eq!(kept.proposed.as_ref().unwrap().why, "看过结婚证");
    let own = act!(store, "one", "s1", NOW.0, |doing| store.settle_outcome(&kept, "one", doing));
    assert!(matches!(own, Err(NeedRefusal::Gone)), "nobody agrees to their own");
    act!(store, "two", "n", NOW.0, |doing| store.drop_outcome(&kept, doing)).unwrap();
    let later = NOW.0 + MINUTE;
    act!(store, "one", "p2", later, |doing| store.propose_outcome(&kept, propose, "one", doing)).unwrap();
    let old = act!(store, "two", "s2", later, |doing| store.settle_outcome(&kept, "two", doing));
    assert!(matches!(old, Err(NeedRefusal::Gone)), "that was proposed anew");
    let kept = store.freeze(&id).await.unwrap();
    for _ in 0..2 {
        act!(store, "two", "s3", later, |doing| store.settle_outcome(&kept, "two", doing)).unwrap();
    }
    assert_eq!(balance(&store, &spouse, AccountKind::Person).await, 120);
    assert_eq!(told(&store, "time_received").await, 1);
    assert!(!store.is_frozen(&holder).await.unwrap());
    whole(&store).await;
});

store_test!(an_account_that_closes_gets_back_what_was_kept_aside_and_its_hours_wait, |store| {
    let payer = account(&store, "13900000001", "t1").await;
    earn(&store, &payer, 120).await;
    let order = Order { need: need("2026-11-25", "90"), minutes: Minutes::new(90).unwrap(), own: true };
    act!(store, payer, "o", NOW.0, |doing| store.order_service(&payer, &order, doing)).unwrap();
    store.close_account(&payer, NOW).await.unwrap();
    assert_eq!(balance(&store, &payer, AccountKind::Reserved).await, 0, "nothing stays kept aside");
    assert_eq!(balance(&store, &payer, AccountKind::Person).await, 120);
    let waiting = store.freezes_at("320214").await.unwrap();
    assert_eq!((waiting.len(), waiting[0].resident.as_str()), (1, payer.as_str()));
    let poor = account(&store, "13900000002", "t2").await;
    store.close_account(&poor, NOW).await.unwrap();
    assert_eq!(store.freezes_at("320214").await.unwrap().len(), 1, "who has none leaves none");
    whole(&store).await;
});

store_test!(both_are_reminded_once_and_long_after_nobody_knows_whom_it_was_for, |store| {
    let helper = account(&store, "13900000001", "t1").await;
    register(&store, &helper).await;
    let new = need("2026-11-25", "90");
    let id = act!(store, "worker", "post", NOW.0, |doing| store.post_need(&new, doing)).unwrap();
    let other = act!(store, "worker", "post 2", NOW.0, |doing| store.post_need(&new, doing)).unwrap();
    act!(store, helper, "take", NOW.0, |doing| store.take_need(&id, (&helper, "王＊＊"), doing)).unwrap();
    let starts = store.need(&id).await.unwrap().starts_at;
    assert_eq!(store.remind_services(Instant(starts.0 - 25 * HOUR)).await.unwrap(), 0, "too early");
    assert_eq!(store.remind_services(Instant(starts.0 - 23 * HOUR)).await.unwrap(), 1);
    assert_eq!(store.remind_services(Instant(starts.0 - 22 * HOUR)).await.unwrap(), 0, "once");
    assert_eq!((told(&store, "time_go_soon").await, told(&store, "time_come_soon").await), (1, 1));

    let over = Instant(starts.0 + 90 * MINUTE);
    act!(store, "worker", "record", over.0, |doing| store.record_service(&id, (starts, over), doing))
        .unwrap();
    let rules = preset("default").unwrap();
    act!(store, "worker", "yes", over.0, |doing| store.confirm_service(&id, rules, doing)).unwrap();
    act!(store, "worker", "cancel", over.0, |doing| store.cancel_need(&other, doing)).unwrap();
    assert_eq!(store.retire(Retained::TimeNeeds, over, over).await.unwrap(), 0, "not a moment too early");
    let after = Instant(over.0 + 1);
    assert_eq!(store.retire(Retained::TimeNeeds, after, after).await.unwrap(), 2);
    assert!(store.need(&other).await.is_err(), "what came to nothing is gone");
    let kept = store.need(&id).await.unwrap();
    assert!(kept.served.name.is_empty() && kept.elder.is_none());
    assert_eq!(store.given_services(&helper).await.unwrap().len(), 1, "the record of service stays");
    assert_eq!(store.retire(Retained::TimeNeeds, after, after).await.unwrap(), 0);
});

store_test!(what_is_unusual_is_shown_until_a_person_has_looked, |store| {
    let helper = account(&store, "13900000001", "t1").await;
    register(&store, &helper).await;
    let new = need("2026-11-25", "30");
    let id = act!(store, "worker", "post", NOW.0, |doing| store.post_need(&new, doing)).unwrap();
    confirmed(&store, &helper, &id).await;
    let later = Instant(NOW.0 + 72 * HOUR);
    let found = store.unusual_services("320214050", later).await.unwrap();
    assert_eq!(found.len(), 1, "90 minutes where 30 were asked for");
    assert_eq!((found[0].0.id.as_str(), found[0].1), (id.as_str(), Pattern::FarLonger));
    assert!(store.unusual_services("320214051", later).await.unwrap().is_empty());
    assert_eq!(balance(&store, &helper, AccountKind::Person).await, 90, "no minute is taken");
    for _ in 0..2 {
        act!(store, "one", "look", later.0, |doing| store.look_at_pattern(
            &found[0].0,
            found[0].1,
            "one",
            doing
        ))
        .unwrap();
    }
    assert!(store.unusual_services("320214050", later).await.unwrap().is_empty());
});
