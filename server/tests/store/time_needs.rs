//! Needs and services: taken by one, counted with the served person's word alone, paid and given back; on both engines.

#![cfg(test)]

use app::domain::time::Instant;
use app::domain::timebank::{
    Account, AccountKind, EntryKind, Minutes, Movement, NeedForm, NeedState, NewNeed, Order, Volunteer,
    VolunteerForm, preset,
};
use app::visit::Owner;

use super::residents::account;
use super::{NOW, TestStore, store_test};
use crate::store::IdempotencyKey;
use crate::store::audit::Actor;
use crate::store::timebank::{Doing, NeedRefusal};

pub(super) const MINUTE: i64 = 60_000;
/// A quarter of a day after the needs are posted, they begin.
const LATER: i64 = 24 * 60 * MINUTE;

pub(super) fn need(day: &str, minutes: &str) -> NewNeed {
    let form = NeedForm {
        name: "李大妈".into(),
        phone: "13900000003".into(),
        street: "320214050".into(),
        community: "320214050001".into(),
        detail: "新光路 1 号".into(),
        kind: "companionship".into(),
        day: day.into(),
        starts: "9:00".into(),
        minutes: minutes.into(),
        language: "wuxi".into(),
        ..NeedForm::default()
    };
    NewNeed::parse(&form, NOW).unwrap()
}

/// Does one act with a key of its own.
macro_rules! act {
    ($store:ident, $who:expr, $key:expr, $at:expr, |$doing:ident| $call:expr) => {{
        let key = IdempotencyKey::new(&$store.store, $key, "body");
        let (actor, owner) = (Actor::Resident($who.to_owned()), Owner(format!("resident:{}", $who)));
        let $doing = &Doing { actor: &actor, owner: &owner, key: &key, now: Instant($at) };
        $call.await
    }};
}
pub(super) use act;

pub(super) async fn register(store: &TestStore, who: &str) {
    let form = VolunteerForm {
        street: "320214050".into(),
        language: "both".into(),
        kinds: vec!["companionship".into()],
        agreed: "yes".into(),
        ..VolunteerForm::default()
    };
    let volunteer = Volunteer::parse(&form, 40).unwrap();
    act!(store, who, &format!("volunteer {who}"), NOW.0, |doing| store
        .register_volunteer(who, &volunteer, doing))
    .unwrap();
}

pub(super) async fn balance(store: &TestStore, who: &str, kind: AccountKind) -> i64 {
    sqlx::query_scalar("select minutes from time_accounts where area = '320214' and id = $1")
        .bind(Account::of(kind, who).id())
        .fetch_optional(&store.database().await)
        .await
        .unwrap()
        .unwrap_or(0)
}

pub(super) async fn told(store: &TestStore, template: &str) -> i64 {
    sqlx::query_scalar("select cast(count(*) as bigint) from outbox where template = $1")
        .bind(template)
        .fetch_one(&store.database().await)
        .await
        .unwrap()
}

store_test!(a_service_is_one_volunteers_and_counts_with_the_served_persons_word, |store| {
    let one = account(&store, "13900000001", "t1").await;
    let two = account(&store, "13900000002", "t2").await;
    let elder = account(&store, "13900000003", "t3").await;
    register(&store, &one).await;
    register(&store, &two).await;
    let new = need("2026-11-25", "90");
    let id = act!(store, "worker", "post", NOW.0, |doing| store.post_need(&new, doing)).unwrap();
    let again = act!(store, "worker", "post", NOW.0, |doing| store.post_need(&new, doing)).unwrap();
    assert_eq!(again, id);
    let volunteer = store.volunteer(&one).await.unwrap().unwrap();
    assert_eq!(store.needs_near(&volunteer, &one, NOW).await.unwrap().len(), 1);
    assert_eq!(store.needs_at("320214050001").await.unwrap().len(), 1);
    assert!(store.needs_at("320214050002").await.unwrap().is_empty(), "another community's");

    act!(store, one, "take", NOW.0, |doing| store.take_need(&id, (&one, "王＊＊"), doing)).unwrap();
    let late = act!(store, two, "take 2", NOW.0, |doing| store.take_need(&id, (&two, "李＊＊"), doing));
    assert!(matches!(late, Err(NeedRefusal::Gone)), "one was faster");
    let same = need("2026-11-25", "30");
    let other = act!(store, "worker", "post 2", NOW.0, |doing| store.post_need(&same, doing)).unwrap();
    let both = act!(store, one, "take 3", NOW.0, |doing| store.take_need(&other, (&one, "王＊＊"), doing));
    assert!(matches!(both, Err(NeedRefusal::Overlap)), "nobody is at two doors");

    let kept = store.need(&id).await.unwrap();
    let (code, starts) = (kept.code.clone().unwrap(), kept.starts_at.0);
    let wrong = act!(store, one, "sign 0", starts, |doing| store.sign_service(&id, (&one, "x"), doing));
    assert!(matches!(wrong, Err(NeedRefusal::Code)));
    let begun = act!(store, one, "sign 1", starts, |doing| store.sign_service(&id, (&one, &code), doing));
    assert_eq!(begun.unwrap(), NeedState::Started);
    let over = starts + 80 * MINUTE;
    let ended = act!(store, one, "sign 2", over, |doing| store.sign_service(&id, (&one, &code), doing));
    assert_eq!(ended.unwrap(), NeedState::Ended);
    assert_eq!(balance(&store, &one, AccountKind::Person).await, 0, "silence never counts");
    let rules = preset("default").unwrap();
    for _ in 0..2 {
        act!(store, elder, "yes", over + LATER, |doing| store.confirm_service(&id, rules, doing)).unwrap();
    }
    assert_eq!(balance(&store, &one, AccountKind::Person).await, 80, "once, what was really given");
    let twice = act!(store, elder, "yes 2", over, |doing| store.confirm_service(&id, rules, doing));
    assert!(matches!(twice, Err(NeedRefusal::Gone)));
    assert_eq!(store.own_needs(&one).await.unwrap()[0].true_minutes(), Some(80));
    let sum: i64 = sqlx::query_scalar("select cast(sum(minutes) as bigint) from time_accounts")
        .fetch_one(&store.database().await)
        .await
        .unwrap();
    assert_eq!(sum, 0);
});

store_test!(hours_are_kept_aside_with_an_order_and_come_back_with_its_end, |store| {
    let payer = account(&store, "13900000001", "t1").await;
    let helper = account(&store, "13900000002", "t2").await;
    register(&store, &helper).await;
    let mut tx = store.begin().await;
    let earned = Movement::plain(
        EntryKind::Earned,
        Account::only(AccountKind::Issuance),
        Account::of(AccountKind::Person, &payer),
        Minutes::new(100).unwrap(),
    );
    store.post_time(&mut tx, "320214", &earned, NOW).await.unwrap();
    tx.commit().await.unwrap();
    let order = |minutes: &str| Order {
        need: need("2026-11-25", minutes),
        minutes: Minutes::new(minutes.parse().unwrap()).unwrap(),
        own: true,
    };
    let (ninety, sixty) = (order("90"), order("60"));
    let id = act!(store, payer, "o1", NOW.0, |doing| store.order_service(&payer, &ninety, doing)).unwrap();
    assert_eq!(balance(&store, &payer, AccountKind::Person).await, 10);
    assert_eq!(balance(&store, &payer, AccountKind::Reserved).await, 90);
    let more = act!(store, payer, "o2", NOW.0, |doing| store.order_service(&payer, &sixty, doing));
    assert!(matches!(more, Err(NeedRefusal::NotEnough)));
    let own = act!(store, payer, "own", NOW.0, |doing| store.take_need(&id, (&payer, "王＊＊"), doing));
    assert!(matches!(own, Err(NeedRefusal::Gone)), "nobody earns what they pay");
    act!(store, helper, "take", NOW.0, |doing| store.take_need(&id, (&helper, "李＊＊"), doing)).unwrap();
    act!(store, payer, "cancel", NOW.0, |doing| store.cancel_need(&id, doing)).unwrap();
    assert_eq!(balance(&store, &payer, AccountKind::Person).await, 100, "all of it comes back");
    assert_eq!(told(&store, "time_need_cancelled").await, 1, "nobody goes to a door for nothing");
    let gone = act!(store, payer, "cancel 2", NOW.0, |doing| store.cancel_need(&id, doing));
    assert!(matches!(gone, Err(NeedRefusal::Gone)));

    let half = Minutes::new(50).unwrap();
    act!(store, payer, "gift", NOW.0, |doing| store.donate_time(&payer, half, doing)).unwrap();
    assert_eq!(balance(&store, &payer, AccountKind::Person).await, 50);
    let rest = act!(store, payer, "gift 2", NOW.0, |doing| store.donate_time(&payer, half, doing));
    assert!(rest.is_ok() && balance(&store, &payer, AccountKind::Person).await == 0);
    let none = act!(store, payer, "gift 3", NOW.0, |doing| store.donate_time(&payer, half, doing));
    assert!(matches!(none, Err(NeedRefusal::NotEnough)));
});

store_test!(an_account_that_closes_takes_its_needs_back_and_tells_who_was_to_come, |store| {
    let helper = account(&store, "13900000002", "t2").await;
    let elder = account(&store, "13900000003", "t3").await;
    register(&store, &helper).await;
    let new = need("2026-11-25", "90");
    let id = act!(store, "worker", "post", NOW.0, |doing| store.post_need(&new, doing)).unwrap();
    act!(store, helper, "take", NOW.0, |doing| store.take_need(&id, (&helper, "李＊＊"), doing)).unwrap();
    store.close_account(&elder, NOW).await.unwrap();
    let kept = store.need(&id).await.unwrap();
    assert_eq!((kept.state, kept.elder.as_deref()), (NeedState::Cancelled, None));
    assert!(kept.served.name.is_empty() && kept.served.phone.is_empty(), "nobody is named any more");
    assert_eq!(told(&store, "time_need_cancelled").await, 1);
});

store_test!(a_request_is_matched_by_place_time_skill_and_language_and_hides_nothing, |store| {
    let near = account(&store, "13900000001", "t1").await;
    let comes = account(&store, "13900000002", "t2").await;
    let far = account(&store, "13900000009", "t3").await;
    let other = account(&store, "13900000004", "t4").await;
    let base = VolunteerForm {
        street: "320214050".into(),
        language: "both".into(),
        kinds: vec!["companionship".into()],
        agreed: "yes".into(),
        ..VolunteerForm::default()
    };
    let elsewhere =
        app::domain::area::streets().iter().find(|street| street.code != "320214050").unwrap().code;
    let forms = [
        (&near, VolunteerForm { days: vec!["mon".into()], parts: vec!["evening".into()], ..base.clone() }),
        (
            &comes,
            VolunteerForm {
                street: elsewhere.into(),
                also: vec!["320214050".into()],
                skills: vec!["signs".into()],
                days: vec!["wed".into()],
                parts: vec!["morning".into()],
                ..base.clone()
            },
        ),
        (&far, VolunteerForm { street: elsewhere.into(), ..base.clone() }),
        (&other, VolunteerForm { kinds: vec!["errands".into()], ..base.clone() }),
    ];
    for (who, form) in &forms {
        let who: &str = who;
        let volunteer = Volunteer::parse(form, 40).unwrap();
        act!(store, who, &format!("volunteer {who}"), NOW.0, |doing| store
            .register_volunteer(who, &volunteer, doing))
        .unwrap();
        assert_eq!(store.volunteer(who).await.unwrap(), Some(volunteer), "kept as it was told");
    }
    // 2026-11-25 is a Wednesday.
    let mut new = need("2026-11-25", "90");
    new.skill = Some(app::domain::timebank::Skill::Signs);
    let id = act!(store, "worker", "post", NOW.0, |doing| store.post_need(&new, doing)).unwrap();
    let kept = store.need(&id).await.unwrap();
    let mut found = store.volunteers_for(&kept, (0, 200), NOW).await.unwrap();
    found.sort_by_key(|(who, _)| *who != comes);
    let names: Vec<_> = found.iter().map(|(who, fit)| (who.as_str(), fit.fits())).collect();
    assert_eq!(
        names,
        [(comes.as_str(), true), (near.as_str(), false)],
        "who is far or does other things is not asked"
    );
    assert_eq!((found[1].1.time, found[1].1.skill), (Some(false), Some(false)));

    for who in [&near, &comes, &far, &other] {
        let volunteer = store.volunteer(who).await.unwrap().unwrap();
        let list = store.needs_near(&volunteer, who, NOW).await.unwrap();
        assert_eq!(list.len(), 1, "nothing is hidden");
        assert_eq!(list[0].1.fits(), *who == comes);
    }
    let untold = act!(store, other, "take 0", NOW.0, |doing| store.take_need(&id, (&other, "赵＊"), doing));
    assert!(matches!(untold, Err(NeedRefusal::Gone)), "a kind for which their age was not looked at");

    // Who is at another door at that time is not asked.
    let same = need("2026-11-25", "30");
    let second = act!(store, "worker", "post 2", NOW.0, |doing| store.post_need(&same, doing)).unwrap();
    act!(store, comes, "take", NOW.0, |doing| store.take_need(&second, (&comes, "王＊"), doing)).unwrap();
    let left = store.volunteers_for(&kept, (0, 200), NOW).await.unwrap();
    assert!(left.iter().all(|(who, _)| *who != comes));
});
