//! Aid that is paid month by month: nobody's is reduced or ended unheard, nor by one person.

#![cfg(test)]

use app::domain::aid::benefit::{BenefitStep, Heard, HeardHow, StepProposal, payment};
use app::domain::aid::case::CaseAct;
use app::domain::aid::catalogue::{Gives, StartMonth};
use app::domain::aid::decision::{Opinion, OpinionForm, Outcome};
use app::domain::aid::sharing::{Receiver, Share, SharedNews};
use app::domain::money::Fen;
use app::domain::staff::Post;
use app::domain::time::Instant;
use jiff::civil::date;

use super::{NOW, TestStore, answers, fill_draft, owner, store_test, submit, submit_draft};
use crate::store::audit::Actor;
use crate::store::case_acts::{CaseRef, Doing};
use crate::store::staff_cases::Scope;
use crate::store::{IdempotencyKey, OnlyOnce, StoreError};

const DAY: i64 = 24 * 3_600_000;

fn doing(store: &TestStore, who: &str, key: &str, day: i64) -> Doing {
    let actor = match who {
        "me" => Actor::Device("me".into()),
        staff => Actor::Staff { id: staff.into(), post: "street_officer@320214050".into() },
    };
    let owner = owner(if who == "me" { "me" } else { "staff" });
    Doing {
        actor,
        key: IdempotencyKey::new(&store.store, key, "body"),
        owner,
        now: Instant(NOW.0 + day * DAY),
    }
}

/// A case that `a` and `b` granted on the second day: 1,530 yuan.
async fn granted(store: &TestStore) -> CaseRef {
    let me = owner("me");
    fill_draft(store, &me).await;
    submit(store, &me, "JZ261123000001", "key-submit", "body").await.unwrap();
    grant(store).await
}

store_test!(aid_law_42_a_recognition_is_given_without_money_and_no_list_pays_it, |store| {
    let me = owner("me");
    fill_draft(&store, &me).await;
    submit(&store, &me, "DB261123000001", "key-submit", "body").await.unwrap();
    let case = store.own_case("DB261123000001", &me).await.unwrap().unwrap();
    store.move_case(&case, CaseAct::Accept, &doing(&store, "a", "accept", 1)).await.unwrap();
    let form = OpinionForm {
        outcome: "grant".into(),
        amount: "1530".into(),
        reasons: "入户看了，收入在线以下。".into(),
        ..OpinionForm::default()
    };
    let opinion = Opinion::parse(&form, Gives::Recognition, NOW.shanghai_date()).unwrap();
    store.give_opinion(&case, &opinion, &doing(&store, "a", "opinion", 1)).await.unwrap();
    store.decide(&case, Outcome::Grant, &doing(&store, "b", "decide", 1)).await.unwrap();
    let decision = store.case_progress(&case.area, &case.id).await.unwrap().decision.unwrap();
    assert_eq!(
        (decision.opinion.outcome, decision.opinion.amount),
        (Outcome::Grant, None),
        "what was typed is not kept"
    );
    let recognised = store.benefit_of(&case.area, &case.id).await.unwrap().unwrap();
    assert!(recognised.recognition && recognised.goes_on() && recognised.amount == Fen(0));
    let later = Instant(NOW.0 + 40 * DAY);
    let scope = Scope::of(&Post::parse("street_officer@320214050").unwrap());
    assert!(store.granted_cases(&scope, later, 10).await.unwrap().is_empty());
});

/// What `a` and `b` do with the case that was received.
async fn grant(store: &TestStore) -> CaseRef {
    let me = owner("me");
    let case = store.own_case("JZ261123000001", &me).await.unwrap().unwrap();
    let form = OpinionForm {
        outcome: "grant".into(),
        amount: "1530".into(),
        reasons: "入户看了，没有别的收入。".into(),
        ..OpinionForm::default()
    };
    store.move_case(&case, CaseAct::Accept, &doing(store, "a", "accept", 1)).await.unwrap();
    let opinion = Opinion::parse(&form, Gives::Money, NOW.shanghai_date()).unwrap();
    store.give_opinion(&case, &opinion, &doing(store, "a", "opinion", 1)).await.unwrap();
    store.decide(&case, Outcome::Grant, &doing(store, "b", "decide", 1)).await.unwrap();
    case
}

fn less(amount: i64) -> StepProposal {
    let step = if amount == 0 { BenefitStep::Terminated } else { BenefitStep::Reduced };
    StepProposal {
        step, amount: Fen(amount), reasons: "儿子有了工作，家里收入增加了。".into()
    }
}

fn said() -> Heard {
    Heard { how: HeardHow::Phone, on: date(2026, 11, 26), words: "同意，儿子上班了。".into() }
}

store_test!(law_48_reduction_without_heard_opinion_record_is_impossible, |store| {
    let case = granted(&store).await;
    store.propose_step(&case, &less(80_000), &doing(&store, "a", "p", 2)).await.unwrap();
    let second = store.propose_step(&case, &less(0), &doing(&store, "a", "p2", 2)).await;
    assert!(matches!(second, Err(StoreError::Conflict)), "one at a time");
    let unheard = store.decide_step(&case, &doing(&store, "b", "d0", 3)).await;
    assert!(matches!(unheard, Err(StoreError::Conflict)), "nobody has heard the person");
    let forced = sqlx::query(
        "update benefit_steps set decided_by = 'b', decided_post = 'x', decided_at = 1, from_month = 20261201",
    )
    .execute(&store.database().await)
    .await;
    assert!(forced.is_err(), "the table itself knows");
    store.hear(&case, &said(), &doing(&store, "me", "h", 3)).await.unwrap();
    let twice = store.hear(&case, &said(), &doing(&store, "a", "h2", 3)).await;
    assert!(matches!(twice, Err(StoreError::Conflict)), "what the person said is not written over");
    let own = store.decide_step(&case, &doing(&store, "a", "d1", 4)).await;
    assert!(matches!(own, Err(StoreError::Conflict)), "four eyes");
    for _ in 0..2 {
        let done = store.decide_step(&case, &doing(&store, "b", "d2", 4)).await.unwrap();
        assert_eq!(done.answer(), case.number);
    }
    let benefit = store.benefit_of(&case.area, &case.id).await.unwrap().unwrap();
    assert_eq!(benefit.paid(), Fen(80_000));
    let line = &benefit.steps[0];
    assert_eq!(
        line.decided.as_ref().map(|(_, _, from)| *from),
        Some(date(2026, 12, 1)),
        "from the next month"
    );
    assert_eq!(line.heard.as_ref().map(|heard| heard.words.as_str()), Some("同意，儿子上班了。"));
    for act in ["benefit_step_proposed", "person_heard", "benefit_step_decided"] {
        assert_eq!(store.noted(act, &case.id).await, 1, "{act}");
    }
});

store_test!(what_is_let_go_changes_nothing_and_an_end_is_paid_no_more, |store| {
    let case = granted(&store).await;
    store.propose_step(&case, &less(80_000), &doing(&store, "a", "p", 2)).await.unwrap();
    store.drop_step(&case, &doing(&store, "a", "x", 3)).await.unwrap();
    let gone = store.hear(&case, &said(), &doing(&store, "me", "h", 3)).await;
    assert!(matches!(gone, Err(StoreError::Conflict)));
    assert_eq!(store.benefit_of(&case.area, &case.id).await.unwrap().unwrap().paid(), Fen(153_000));
    store.propose_step(&case, &less(0), &doing(&store, "a", "p2", 4)).await.unwrap();
    store.hear(&case, &said(), &doing(&store, "a", "h2", 5)).await.unwrap();
    store.decide_step(&case, &doing(&store, "b", "d", 6)).await.unwrap();
    let scope = Scope::of(&Post::parse("street_officer@320214050").unwrap());
    let all = store.granted_cases(&scope, Instant(NOW.0 + 40 * DAY), 10).await.unwrap();
    let benefit = &all[0].benefit;
    assert_eq!((all.len(), benefit.steps.len(), benefit.paid()), (1, 2, Fen(0)));
    assert!(all[0].account.is_some() && all[0].name == "王小明", "what is needed to pay it");
    assert_eq!(benefit.review_due(12), None, "nothing to review");
    let of = |month| {
        let days = (benefit.submitted, benefit.decided, benefit.named);
        payment(Some(StartMonth::OfSubmission), days, benefit.amount, &benefit.decided_steps(), month)
    };
    assert!(of(date(2026, 11, 1)).is_some() && of(date(2026, 12, 1)).is_none());
    let elsewhere = Scope::of(&Post::parse("street_officer@320214051").unwrap());
    assert!(store.granted_cases(&elsewhere, Instant(NOW.0 + 40 * DAY), 10).await.unwrap().is_empty());
});

store_test!(aid_law_42_a_department_is_told_once_of_a_recognition_and_once_of_its_end, |store| {
    let case = granted(&store).await;
    let district = Scope::of(&Post::parse("district_officer@320214").unwrap());
    let share = |receiver| Share { receiver, purpose: "示例：直接认定".into() };
    let items = ["temporary-aid"];
    let make = async |receiver, key: &str, day| {
        store.share_results(&share(receiver), &items, &district, &doing(&store, "a", key, day)).await
    };
    let first = make(Receiver::Medical, "s1", 3).await.unwrap().answer();
    assert_eq!(make(Receiver::Medical, "s1", 3).await.unwrap().answer(), first, "one press");
    let again = make(Receiver::Medical, "s2", 4).await;
    assert!(matches!(again, Err(StoreError::NotFound)), "there is no news");
    make(Receiver::Housing, "s3", 4).await.unwrap();
    let (education, pressed) = (share(Receiver::Education), doing(&store, "a", "s4", 4));
    let other = store.share_results(&education, &["orphan"], &district, &pressed).await;
    assert!(matches!(other, Err(StoreError::NotFound)), "of other items nobody is told");
    let street = Scope::of(&Post::parse("street_officer@320214051").unwrap());
    assert!(store.shared_cases(&first, &street).await.unwrap().is_empty(), "another street's");

    store.propose_step(&case, &less(0), &doing(&store, "a", "p", 5)).await.unwrap();
    store.hear(&case, &said(), &doing(&store, "a", "h", 6)).await.unwrap();
    store.decide_step(&case, &doing(&store, "b", "d", 7)).await.unwrap();
    let ended = make(Receiver::Medical, "s5", 8).await.unwrap().answer();
    assert!(matches!(make(Receiver::Medical, "s6", 9).await, Err(StoreError::NotFound)));
    let never = make(Receiver::Employment, "s7", 9).await;
    assert!(matches!(never, Err(StoreError::NotFound)), "who never heard of it hears nothing of its end");
    let on = store.shared_cases(&ended, &district).await.unwrap();
    assert_eq!(
        on.iter().map(|c| (c.number.as_str(), c.news)).collect::<Vec<_>>(),
        [(case.number.as_str(), SharedNews::Ended)]
    );
    let told = store.told_of(&case.area, &case.id).await.unwrap();
    let told: Vec<_> = told.iter().map(|told| (told.receiver, told.news)).collect();
    use SharedNews::{Ended, Recognised};
    assert_eq!(
        told,
        [(Receiver::Medical, Recognised), (Receiver::Housing, Recognised), (Receiver::Medical, Ended)]
    );
    let lists = store.shared_lists(10).await.unwrap();
    assert_eq!(lists.iter().map(|l| (l.recognised, l.ended)).collect::<Vec<_>>(), [(0, 1), (1, 0), (1, 0)]);
    assert_eq!(lists[0].purpose, "示例：直接认定");
});

store_test!(nothing_changed_is_said_once_for_each_review, |store| {
    let case = granted(&store).await;
    for key in ["u1", "u2"] {
        store.say_unchanged(&case, &doing(&store, "me", key, 300)).await.unwrap();
    }
    let benefit = store.benefit_of(&case.area, &case.id).await.unwrap().unwrap();
    assert_eq!(benefit.reviews.len(), 1);
    assert_eq!(benefit.unchanged_at(), Some(Instant(NOW.0 + 300 * DAY)));
    assert_eq!(benefit.review_due(12), Some(date(2027, 11, 24)));
    let done = store.review_done(&case, 6, &doing(&store, "a", "r1", 310)).await.unwrap();
    assert!(matches!(done, OnlyOnce::Done(_)));
    let benefit = store.benefit_of(&case.area, &case.id).await.unwrap().unwrap();
    let reviewed = Instant(NOW.0 + 310 * DAY).shanghai_date();
    assert_eq!(benefit.review_due(12), Some(reviewed.saturating_add(jiff::Span::new().months(6))));
    assert_eq!(benefit.unchanged_at(), None, "the next one is another");
    store.say_unchanged(&case, &doing(&store, "me", "u3", 480)).await.unwrap();
    assert_eq!(store.benefit_of(&case.area, &case.id).await.unwrap().unwrap().reviews.len(), 2);
});

store_test!(tekun_minor_in_school_is_not_closed_at_18, |store| {
    let me = owner("me");
    fill_draft(&store, &me).await;
    let kept = store.draft_of(&me).await.unwrap().unwrap();
    let mut draft = answers();
    if let Some(applicant) = &mut draft.applicant {
        // Born on 29 February 2016.
        applicant.document_number = "320214201602299914".into();
    }
    // The sample child of the household has that number.
    draft.members.retain(|(id, _)| id != "bbbbbbbb");
    let key = IdempotencyKey::new(&store.store, "key-submit", "body");
    submit_draft(&store, &me, "JZ261123000001", key, &kept.id, kept.version, &draft, "secret").await.unwrap();
    grant(&store).await;
    // Of age since the end of February 2034, and still in senior-secondary school: nothing ends by itself (社会救助法 16).
    let later = Instant::shanghai_midnight(date(2034, 4, 15));
    store.find_missing_due(later).await.unwrap();
    let scope = Scope::of(&Post::parse("street_officer@320214050").unwrap());
    let all = store.granted_cases(&scope, later, 10).await.unwrap();
    let benefit = &all[0].benefit;
    assert!(benefit.steps.is_empty());
    let days = (benefit.submitted, benefit.decided, benefit.named);
    let paid = payment(
        Some(StartMonth::AfterDecision),
        days,
        benefit.amount,
        &benefit.decided_steps(),
        date(2034, 4, 1),
    );
    assert_eq!(paid.map(|paid| paid.amount), Some(Fen(153_000)));
});
