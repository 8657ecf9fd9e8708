//! What moves a case on: once, in its order, by four eyes.

#![cfg(test)]

use app::domain::aid::case::{CaseAct, CaseState};
use app::domain::aid::catalogue::Gives;
use app::domain::aid::correction::{CorrectionForm, CorrectionList};
use app::domain::aid::decision::{Opinion, OpinionForm, Outcome};
use app::domain::time::Instant;
use app::ports::CaseEventKind;

use super::{NOW, TestStore, fill_draft, owner, store_test, submit, submit_draft};
use crate::store::audit::Actor;
use crate::store::case_acts::{CaseRef, Doing};
use crate::store::{IdempotencyKey, OnlyOnce, StoreError};

const NUMBER: &str = "LS261123000001";
const DAY: i64 = 24 * 3_600_000;

async fn received(store: &TestStore) -> CaseRef {
    let me = owner("me");
    fill_draft(store, &me).await;
    submit(store, &me, NUMBER, "key-submit", "body").await.unwrap();
    store.own_case(NUMBER, &me).await.unwrap().unwrap()
}

fn officer(id: &str) -> Actor {
    Actor::Staff { id: id.to_owned(), post: "street_officer@320214050".to_owned() }
}

fn list(note: &str, again: &str) -> CorrectionList {
    let form =
        CorrectionForm { notes: [("paper".to_owned(), note.to_owned())].into(), again: again.to_owned() };
    CorrectionList::parse(&form, !again.is_empty()).unwrap()
}

fn opinion(outcome: &str) -> Opinion {
    let form = OpinionForm {
        outcome: outcome.into(),
        amount: "3000".into(),
        ground: "not-in-hardship".into(),
        reasons: "入户看了，房子没有损坏，家里有存款。".into(),
        ..OpinionForm::default()
    };
    Opinion::parse(&form, Gives::Money, NOW.shanghai_date()).unwrap()
}

/// Does one act with a key of its own.
macro_rules! act {
    ($store:ident, $who:expr, $key:expr, |$doing:ident| $call:expr) => {{
        let key = IdempotencyKey::new(&$store.store, $key, "body");
        let $doing = Doing { actor: $who, key, owner: owner("staff"), now: Instant(NOW.0 + DAY) };
        $call.await
    }};
}

async fn state(store: &TestStore, case: &CaseRef) -> CaseState {
    store.case_progress(&case.area, &case.id).await.unwrap().state
}

store_test!(a_case_goes_its_way_and_every_act_is_done_once, |store| {
    let case = received(&store).await;
    let asked = list("请补医院的收费票据", "");
    let done = act!(store, officer("a"), "k1", |doing| store.request_correction(&case, &asked, &doing));
    assert!(matches!(done, Ok(OnlyOnce::Done(number)) if number == NUMBER));
    let again = act!(store, officer("a"), "k1", |doing| store.request_correction(&case, &asked, &doing));
    assert!(
        matches!(again, Ok(OnlyOnce::Before(number)) if number == NUMBER),
        "the same key, the same answer"
    );
    let other = act!(store, officer("a"), "k2", |doing| store.request_correction(&case, &asked, &doing));
    assert!(matches!(other, Err(StoreError::Conflict)), "it waits for the resident");
    let progress = store.case_progress(&case.area, &case.id).await.unwrap();
    let items = progress.corrections[0].items.clone();
    assert_eq!((items.len(), items[0].note.as_str()), (1, "请补医院的收费票据"));
    assert_eq!(progress.pauses()[0].until, None);

    let answers = vec![(items[0].clone(), "票据丢了，医院可以查".to_owned())];
    act!(store, Actor::Device("me".into()), "k3", |doing| store.answer_correction(&case, &answers, &doing))
        .unwrap();
    let progress = store.case_progress(&case.area, &case.id).await.unwrap();
    assert_eq!(progress.corrections[0].answers, [("paper".to_owned(), "票据丢了，医院可以查".to_owned())]);
    assert_eq!(progress.state, CaseState::Received);
    assert_eq!(progress.pauses()[0].until, Some(Instant(NOW.0 + DAY).shanghai_date()));

    act!(store, officer("a"), "k4", |doing| store.move_case(&case, CaseAct::Accept, &doing)).unwrap();
    let given = opinion("refuse");
    act!(store, officer("a"), "k5", |doing| store.give_opinion(&case, &given, &doing)).unwrap();
    act!(store, officer("b"), "k6", |doing| store.decide(&case, Outcome::Refuse, &doing)).unwrap();
    let progress = store.case_progress(&case.area, &case.id).await.unwrap();
    let decision = progress.decision.unwrap();
    assert_eq!(progress.state, CaseState::Refused);
    assert_eq!(decision.opinion.reasons, "入户看了，房子没有损坏，家里有存款。");
    assert!(decision.opinion.ground.is_some() && decision.opinion.amount.is_none());

    let kinds: Vec<_> =
        store.events_of(&case.area, &case.id).await.unwrap().iter().map(|event| event.kind).collect();
    assert_eq!(
        kinds,
        [
            CaseEventKind::Received,
            CaseEventKind::CorrectionRequested,
            CaseEventKind::CorrectionAnswered,
            CaseEventKind::Accepted,
            CaseEventKind::OpinionGiven,
            CaseEventKind::Refused,
        ]
    );
    for act in
        ["correction_requested", "correction_answered", "case_accepted", "opinion_given", "case_refused"]
    {
        assert_eq!(store.noted(act, &case.id).await, 1, "{act}");
    }
    // The person has no account: their own mobile is told, of the list, the acceptance and the decision.
    let told: Vec<String> = sqlx::query_scalar("select template from outbox order by template")
        .fetch_all(&store.database().await)
        .await
        .unwrap();
    assert_eq!(told, ["case_accepted", "case_decided", "correction_requested"]);
    let late = act!(store, Actor::Device("me".into()), "k7", |doing| store.move_case(
        &case,
        CaseAct::Withdraw,
        &doing
    ));
    assert!(matches!(late, Err(StoreError::Conflict)), "what is decided is not taken back");
});

store_test!(whoever_gave_the_opinion_does_not_decide_and_a_decision_stays, |store| {
    let case = received(&store).await;
    act!(store, officer("a"), "k1", |doing| store.move_case(&case, CaseAct::Accept, &doing)).unwrap();
    let given = opinion("grant");
    act!(store, officer("a"), "k2", |doing| store.give_opinion(&case, &given, &doing)).unwrap();
    for (who, outcome, why) in [
        ("a", Outcome::Grant, "four eyes"),
        ("b", Outcome::Refuse, "the opinion says otherwise: it is sent back first"),
    ] {
        let refused =
            act!(store, officer(who), &format!("{who} {why}"), |doing| store.decide(&case, outcome, &doing));
        assert!(matches!(refused, Err(StoreError::Conflict)), "{why}");
        assert_eq!(state(&store, &case).await, CaseState::OpinionGiven, "{why}");
    }
    let own = act!(store, officer("a"), "k4", |doing| store.send_back(&case, "再去看看", &doing));
    assert!(matches!(own, Err(StoreError::Conflict)), "nor sends it back");
    act!(store, officer("b"), "k5", |doing| store.send_back(&case, "再去看看", &doing)).unwrap();
    assert_eq!(state(&store, &case).await, CaseState::Accepted);
    let better = opinion("grant");
    act!(store, officer("a"), "k6", |doing| store.give_opinion(&case, &better, &doing)).unwrap();
    act!(store, officer("b"), "k7", |doing| store.decide(&case, Outcome::Grant, &doing)).unwrap();
    assert_eq!(state(&store, &case).await, CaseState::Granted);

    let database = store.database().await;
    let changed = sqlx::query("update case_decisions set outcome = 'refuse'").execute(&database).await;
    assert!(changed.is_err(), "a decision is not changed, whoever tries");
    let same = sqlx::query(
        "insert into case_decisions (area, application_id, opinion, outcome, opinion_by, \
        decided_by, decided_post, decided_at) values ('x', 'y', 1, 'grant', 'a', 'a', '', 0)",
    )
    .execute(&database)
    .await;
    assert!(same.is_err(), "the table itself knows of the four eyes");
});

store_test!(law_45_refusal_without_reasons_is_impossible, |store| {
    let case = received(&store).await;
    let database = store.database().await;
    for (outcome, amount, ground) in [
        ("refuse", None, None),
        ("refuse", Some(1_i64), Some("no-consent")),
        // Without an amount something is recognised; whether an item wants one is its file's to say.
        ("grant", Some(0), None),
        ("grant", None, Some("no-consent")),
    ] {
        let written = sqlx::query(
            "insert into case_opinions (area, application_id, sequence, outcome, amount, ground, reasons, given_by, \
             given_post, given_at) values ($1, $2, 1, $3, $4, $5, $6, 'a', '', 0)",
        )
        .bind(&case.area)
        .bind(&case.id)
        .bind(outcome)
        .bind(amount)
        .bind(ground)
        .bind(vec![0_u8])
        .execute(&database)
        .await;
        assert!(written.is_err(), "{outcome} {amount:?} {ground:?}");
    }
});

store_test!(a_second_list_without_a_reason_is_refused_by_the_store_too, |store| {
    let case = received(&store).await;
    let first = list("请补医院的收费票据", "");
    act!(store, officer("a"), "k1", |doing| store.request_correction(&case, &first, &doing)).unwrap();
    let items = store.case_progress(&case.area, &case.id).await.unwrap().corrections[0].items.clone();
    let answers = vec![(items[0].clone(), "补了".to_owned())];
    act!(store, Actor::Device("me".into()), "k2", |doing| store.answer_correction(&case, &answers, &doing))
        .unwrap();
    let refused = act!(store, officer("a"), "k3", |doing| store.request_correction(&case, &first, &doing));
    assert!(matches!(refused, Err(StoreError::Conflict)));
    assert_eq!(state(&store, &case).await, CaseState::Received, "and nothing has moved");
    let second = list("请补医院的收费票据", "上次的照片看不清楚");
    act!(store, officer("a"), "k4", |doing| store.request_correction(&case, &second, &doing)).unwrap();
    let progress = store.case_progress(&case.area, &case.id).await.unwrap();
    assert_eq!(progress.corrections[1].again.as_deref(), Some("上次的照片看不清楚"));
});

store_test!(two_at_once_and_one_finds_the_case_moved_on, |store| {
    let case = received(&store).await;
    let [one, two] = ["one", "two"].map(|key| IdempotencyKey::new(&store.store, key, "body"));
    let accept = Doing { actor: officer("a"), key: one, owner: owner("x"), now: NOW };
    let withdraw = Doing { actor: Actor::Device("me".into()), key: two, owner: owner("x"), now: NOW };
    // Both are open acts in both orders but one: what was taken back is not accepted.
    let (accepted, withdrawn) = tokio::join!(
        store.move_case(&case, CaseAct::Accept, &accept),
        store.move_case(&case, CaseAct::Withdraw, &withdraw)
    );
    withdrawn.unwrap();
    let events = store.events_of(&case.area, &case.id).await.unwrap();
    assert_eq!(events.len(), if accepted.is_ok() { 3 } else { 2 });
    assert_eq!(state(&store, &case).await, CaseState::Withdrawn);
});

store_test!(number_and_digits_open_a_receipt_and_change_nothing, |store| {
    received(&store).await;
    let device = owner("another phone");
    assert!(store.grant_case(NUMBER, "1234", &device, Instant(NOW.0 + DAY)).await.unwrap());
    let seen = store.granted_case(NUMBER, &device, NOW).await.unwrap().unwrap();
    assert!(!seen.own);
    assert!(store.own_case(NUMBER, &device).await.unwrap().is_none());
    assert!(store.case_for(NUMBER, &owner("me"), NOW).await.unwrap().unwrap().own);
});

store_test!(the_usual_time_of_a_street_leaves_out_what_waited_for_residents_and_needs_five_cases, |store| {
    // Six families, each decided one day later than the one before; the last one was waited for.
    for n in 0..6_i64 {
        let (me, number) = (owner(&format!("family {n}")), format!("LS26112300001{n}"));
        fill_draft(&store, &me).await;
        let kept = store.draft_of(&me).await.unwrap().unwrap();
        let key = IdempotencyKey::new(&store.store, &format!("s{n}"), "body");
        let secret = format!("{number}secretsecretsecretsecret");
        submit_draft(&store, &me, &number, key, &kept.id, kept.version, &kept.draft, &secret).await.unwrap();
        let case = store.own_case(&number, &me).await.unwrap().unwrap();
        let at = |who: Actor, act: &str, day: i64| Doing {
            actor: who,
            key: IdempotencyKey::new(&store.store, &format!("{act}{n}"), "body"),
            owner: owner("staff"),
            now: Instant(NOW.0 + day * DAY),
        };
        if n == 5 {
            let asked = list("请补医院的收费票据", "");
            store.request_correction(&case, &asked, &at(officer("a"), "ask", 0)).await.unwrap();
            let answers = vec![(asked.items[0].clone(), "票据丢了".to_owned())];
            let mine = at(Actor::Device("me".into()), "answer", 14);
            store.answer_correction(&case, &answers, &mine).await.unwrap();
        }
        let end = if n == 5 { 15 } else { n };
        store.move_case(&case, CaseAct::Accept, &at(officer("a"), "accept", end)).await.unwrap();
        store.give_opinion(&case, &opinion("refuse"), &at(officer("a"), "opinion", end)).await.unwrap();
        let known = store.usual_days(&case.area, Instant(NOW.0 + 20 * DAY)).await.unwrap();
        assert_eq!(known.is_some(), n > 4, "after {n} decisions");
        store.decide(&case, Outcome::Refuse, &at(officer("b"), "decide", end)).await.unwrap();
    }
    // NOW is a Monday: 0, 1, 2, 3, 4 working days, and one of the eleven of the last, ten of which waited.
    assert_eq!(store.usual_days("320214050", Instant(NOW.0 + 20 * DAY)).await.unwrap(), Some(1));
    assert_eq!(store.usual_days("320214051", Instant(NOW.0 + 20 * DAY)).await.unwrap(), None);
    assert_eq!(store.usual_days("320214050", Instant(NOW.0 + 200 * DAY)).await.unwrap(), None, "long ago");
});

store_test!(aid_case_is_not_deemed_accepted_after_five_days, |store| {
    // 行政许可法 32 deems an application for a licence accepted after five days of silence. Aid is no licence: it is accepted by
    // somebody's act alone, however long that takes.
    let case = received(&store).await;
    for days in [5, 6, 30, 200] {
        store.find_missing_due(Instant(NOW.0 + days * DAY)).await.unwrap();
        assert_eq!(state(&store, &case).await, CaseState::Received, "after {days} days");
    }
    assert_eq!(store.noted("case_accepted", &case.id).await, 0);
});
