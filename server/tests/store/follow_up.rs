//! After a step of a case: once for each, by whom it is not about, and nothing readable in the database.

#![cfg(test)]

use app::domain::aid::case::{CaseAct, CaseState};
use app::domain::aid::catalogue::Gives;
use app::domain::aid::change::{Change, ChangeForm, ChangeKind, ChangeOutcome};
use app::domain::aid::decision::{Opinion, OpinionForm, Outcome};
use app::domain::aid::rating::{Grade, Rating, RatingNode};
use app::domain::aid::recheck::{RecheckAnswer, RecheckOutcome};
use app::domain::staff::Post;
use app::domain::time::Instant;

use super::{NOW, TestStore, fill_draft, owner, store_test, submit};
use crate::store::audit::Actor;
use crate::store::case_acts::{CaseRef, Doing};
use crate::store::case_ratings::RatingCount;
use crate::store::staff_cases::Scope;
use crate::store::{IdempotencyKey, OnlyOnce, StoreError};

const NUMBER: &str = "LS261123000001";
const DAY: i64 = 24 * 3_600_000;

fn officer(id: &str) -> Actor {
    Actor::Staff { id: id.to_owned(), post: "street_officer@320214050".to_owned() }
}

fn doing(store: &TestStore, actor: Actor, key: &str, days: i64) -> Doing {
    let owner = owner(if matches!(actor, Actor::Staff { .. }) { "staff" } else { "me" });
    Doing {
        actor,
        key: IdempotencyKey::new(&store.store, key, "body"),
        owner,
        now: Instant(NOW.0 + days * DAY),
    }
}

fn me() -> Actor {
    Actor::Device("me".into())
}

/// A case that was refused by `a` and `b` on the second day.
async fn refused(store: &TestStore) -> CaseRef {
    let mine = owner("me");
    fill_draft(store, &mine).await;
    submit(store, &mine, NUMBER, "key-submit", "body").await.unwrap();
    let case = store.own_case(NUMBER, &mine).await.unwrap().unwrap();
    let form = OpinionForm {
        outcome: "refuse".into(),
        ground: "not-in-hardship".into(),
        reasons: "入户看了，房子没有损坏，家里有存款。".into(),
        ..OpinionForm::default()
    };
    let opinion = Opinion::parse(&form, Gives::Money, NOW.shanghai_date()).unwrap();
    store.move_case(&case, CaseAct::Accept, &doing(store, officer("a"), "accept", 1)).await.unwrap();
    store.give_opinion(&case, &opinion, &doing(store, officer("a"), "opinion", 1)).await.unwrap();
    store.decide(&case, Outcome::Refuse, &doing(store, officer("b"), "decide", 1)).await.unwrap();
    case
}

fn answer(outcome: RecheckOutcome) -> RecheckAnswer {
    RecheckAnswer { outcome, reasons: "再看了一遍，照片上房子进了水。".into() }
}

fn scope() -> Scope {
    Scope::of(&Post::parse("street_officer@320214050").unwrap())
}

store_test!(each_node_is_rated_once_and_only_what_was_reached, |store| {
    let case = refused(&store).await;
    let good = Rating { grade: Grade::Good, words: Some("办得很快".into()) };
    let done = store
        .rate_case(&case, (RatingNode::Decision, &good), None, &doing(&store, me(), "r1", 2))
        .await
        .unwrap();
    assert!(matches!(done, OnlyOnce::Done(answer) if answer == "-"));
    let again =
        store.rate_case(&case, (RatingNode::Decision, &good), None, &doing(&store, me(), "r1", 2)).await;
    assert!(matches!(again, Ok(OnlyOnce::Before(_))));
    let other =
        store.rate_case(&case, (RatingNode::Decision, &good), None, &doing(&store, me(), "r2", 2)).await;
    assert!(matches!(other, Err(StoreError::Conflict)));
    let bad = Rating { grade: Grade::VeryBad, words: None };
    let alone =
        store.rate_case(&case, (RatingNode::Acceptance, &bad), None, &doing(&store, me(), "r3", 2)).await;
    assert!(alone.is_err(), "the table itself knows that a bad one has its complaint");
    assert_eq!(store.ratings_of(&case.area, &case.id).await.unwrap(), [(RatingNode::Decision, Grade::Good)]);
    let counted = store.count_ratings(&scope(), NOW).await.unwrap();
    assert_eq!(counted, [RatingCount { node: RatingNode::Decision, grade: Grade::Good, count: 1 }]);
    assert!(store.count_ratings(&scope(), Instant(NOW.0 + 3 * DAY)).await.unwrap().is_empty());
    assert_eq!(store.noted("case_rated", &case.id).await, 1);
});

store_test!(a_recheck_is_asked_once_and_whoever_had_a_part_does_not_answer_it, |store| {
    let case = refused(&store).await;
    let due = jiff::civil::date(2026, 12, 10);
    let words = ("房子确实淹了，照片在社区。", Some(due));
    store.ask_recheck(&case, words, &doing(&store, me(), "q1", 3)).await.unwrap();
    let again = store.ask_recheck(&case, words, &doing(&store, me(), "q2", 3)).await;
    assert!(matches!(again, Err(StoreError::Conflict)), "once for each decision");
    let waiting = store.follow_ups(&scope(), 0, 9).await.unwrap();
    assert_eq!(
        waiting.iter().map(|line| (line.recheck, line.changes, line.due_on)).collect::<Vec<_>>(),
        [(true, 0, Some(due))]
    );
    assert_eq!(store.count_follow_ups(&scope()).await.unwrap(), (1, 0, 0));
    for part in ["a", "b"] {
        for outcome in [RecheckOutcome::Upheld, RecheckOutcome::Reopened] {
            let doing = doing(&store, officer(part), &format!("{part} {outcome:?}"), 4);
            let tried = store.answer_recheck(&case, &answer(outcome), &doing).await;
            assert!(matches!(tried, Err(StoreError::Conflict)), "{part} {outcome:?}");
        }
        assert!(store.had_part(&case.area, &case.id, part).await.unwrap());
    }
    assert_eq!(store.case_progress(&case.area, &case.id).await.unwrap().state, CaseState::Refused);

    let reopened = answer(RecheckOutcome::Reopened);
    store.answer_recheck(&case, &reopened, &doing(&store, officer("c"), "k", 8)).await.unwrap();
    let progress = store.case_progress(&case.area, &case.id).await.unwrap();
    assert_eq!(progress.state, CaseState::Accepted);
    assert!(progress.decision.is_none(), "what was reopened is decided no longer");
    assert_eq!(
        progress.opinion.as_ref().and_then(|o| o.sent_back.as_deref()),
        Some(reopened.reasons.as_str())
    );
    let day = |days: i64| Instant(NOW.0 + days * DAY).shanghai_date();
    let pauses: Vec<_> = progress.pauses().iter().map(|pause| (pause.from, pause.until)).collect();
    assert_eq!(pauses, [(day(1), Some(day(8)))], "the office's clock did not run while the refusal stood");
    assert!(store.follow_ups(&scope(), 0, 9).await.unwrap().is_empty());

    // Refused once more: that decision can be looked at once more too, the first one stays where it was.
    let form = OpinionForm {
        outcome: "refuse".into(),
        ground: "no-consent".into(),
        reasons: "有家人不同意核对，无法了解家里的情况。".into(),
        ..OpinionForm::default()
    };
    let opinion = Opinion::parse(&form, Gives::Money, NOW.shanghai_date()).unwrap();
    store.give_opinion(&case, &opinion, &doing(&store, officer("a"), "o2", 9)).await.unwrap();
    store.decide(&case, Outcome::Refuse, &doing(&store, officer("b"), "d2", 9)).await.unwrap();
    let progress = store.case_progress(&case.area, &case.id).await.unwrap();
    assert!(progress.decision.is_some_and(|d| d.opinion.reasons.starts_with("有家人不同意")));
    store.ask_recheck(&case, words, &doing(&store, me(), "q3", 10)).await.unwrap();
    let upheld = answer(RecheckOutcome::Upheld);
    store.answer_recheck(&case, &upheld, &doing(&store, officer("c"), "k2", 11)).await.unwrap();
    let progress = store.case_progress(&case.area, &case.id).await.unwrap();
    assert_eq!((progress.state, progress.rechecks.len()), (CaseState::Refused, 2));
    let told: Vec<String> =
        sqlx::query_scalar("select template from outbox where template = 'recheck_answered'")
            .fetch_all(&store.database().await)
            .await
            .unwrap();
    assert_eq!(told.len(), 2, "the person is told of both");
});

store_test!(a_change_is_settled_once_and_an_ended_case_takes_none, |store| {
    let case = refused(&store).await;
    let form = ChangeForm {
        kinds: vec!["income".into()],
        since: "2026-11-01".into(),
        words: "儿子找到工作了".into(),
    };
    let change = Change::parse(&form, NOW.shanghai_date()).unwrap();
    let late = store.tell_change(&case, &change, &doing(&store, me(), "c1", 2)).await;
    assert!(matches!(late, Err(StoreError::Conflict)), "nothing is given: nothing depends on it");
    store
        .ask_recheck(&case, ("房子确实淹了，照片在社区。", None), &doing(&store, me(), "q", 2))
        .await
        .unwrap();
    let reopened = answer(RecheckOutcome::Reopened);
    store.answer_recheck(&case, &reopened, &doing(&store, officer("c"), "k", 3)).await.unwrap();
    store.tell_change(&case, &change, &doing(&store, me(), "c2", 4)).await.unwrap();
    let again = store.tell_change(&case, &change, &doing(&store, me(), "c2", 4)).await.unwrap();
    assert!(matches!(again, OnlyOnce::Before(_)));
    let told = store.changes_of(&case.area, &case.id).await.unwrap();
    assert_eq!(
        told.iter().map(|change| (change.sequence, change.told.kinds.as_slice())).collect::<Vec<_>>(),
        [(1, &[ChangeKind::Income][..])]
    );
    let settled = (ChangeOutcome::Recheck, "要再核对一次收入。");
    store.settle_change(&case, 1, settled, &doing(&store, officer("a"), "s1", 5)).await.unwrap();
    let twice = store.settle_change(&case, 1, settled, &doing(&store, officer("a"), "s2", 5)).await;
    assert!(matches!(twice, Err(StoreError::Conflict)));
    let none = store.settle_change(&case, 2, settled, &doing(&store, officer("a"), "s3", 5)).await;
    assert!(matches!(none, Err(StoreError::Conflict)));
    for at in 0..12 {
        let doing = doing(&store, me(), &format!("many {at}"), 6);
        assert_eq!(store.tell_change(&case, &change, &doing).await.is_ok(), at < 10, "{at}");
    }
    let all = store.changes_of(&case.area, &case.id).await.unwrap();
    assert_eq!((all.len(), all.iter().filter(|change| change.settled.is_some()).count()), (11, 1));
});
