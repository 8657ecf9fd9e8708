//! What is asked of other systems: about nobody who did not agree, each query once, all answers of a file or none.

#![cfg(test)]

use app::domain::aid::case::CaseAct;
use app::domain::aid::means_check::{MeansAnswer, MeansOutcome, MeansQuery, MeansSource};
use app::domain::name::PersonName;
use app::domain::staff::Post;
use app::domain::time::Instant;

use super::{NOW, TestStore, fill_draft, owner, store_test, submit};
use crate::store::audit::Actor;
use crate::store::case_acts::{CaseRef, Doing};
use crate::store::means_checks::AgreementLink;
use crate::store::staff_cases::Scope;
use crate::store::{IdempotencyKey, OnlyOnce, StoreError};

const NUMBER: &str = "LS261123000001";

fn by(store: &TestStore, key: &str) -> Doing {
    Doing {
        actor: Actor::Staff { id: "d".to_owned(), post: "district_officer@320214".to_owned() },
        key: IdempotencyKey::new(&store.store, key, "body"),
        owner: owner("staff:d"),
        now: Instant(NOW.0 + 3_600_000),
    }
}

async fn received(store: &TestStore) -> CaseRef {
    let me = owner("me");
    fill_draft(store, &me).await;
    submit(store, &me, NUMBER, "key-submit", "body").await.unwrap();
    store.own_case(NUMBER, &me).await.unwrap().unwrap()
}

fn query(person: &str) -> MeansQuery {
    MeansQuery { person: person.into(), source: MeansSource::Bank, purpose: "核对家庭存款".into() }
}

fn answer(outcome: MeansOutcome) -> MeansAnswer {
    let detail = (outcome == MeansOutcome::Differs).then(|| "名下有一笔存款没有申报".to_owned());
    MeansAnswer { outcome, detail }
}

fn district() -> Scope {
    Scope::of(&Post::parse("district_officer@320214").unwrap())
}

store_test!(obligor_outside_household_needs_own_consent, |store| {
    let case = received(&store).await;
    let name = PersonName::parse("王大勇").unwrap();
    let link = AgreementLink { secret: "0123456789abcdef0123456789abcdef", code: "123456" };
    store.enter_obligor(&case, &name, &link, &by(&store, "o1")).await.unwrap();
    let signatories = store.means_signatories(&case.area, &case.id).await.unwrap();
    let obligor = signatories.iter().find(|one| one.obligor).unwrap();
    assert_eq!((obligor.id.as_str(), obligor.name.as_str(), obligor.given_at), ("obligor-1", "王大勇", None));
    // The applicant's own agreement is no agreement of theirs.
    assert!(signatories.iter().any(|one| one.id == "applicant" && one.given_at.is_some()));
    let early = store.ask_means(&case, &query("obligor-1"), "HD261123000001", &by(&store, "q1")).await;
    assert!(matches!(early, Err(StoreError::Conflict)), "law 41: own agreement first");
    let actor = Actor::Device("phone".into());
    assert!(!store.give_consent(link.secret, "000000", &name, &actor, NOW).await.unwrap());
    assert!(store.give_consent(link.secret, link.code, &name, &actor, NOW).await.unwrap());
    store.ask_means(&case, &query("obligor-1"), "HD261123000001", &by(&store, "q2")).await.unwrap();
});

store_test!(a_query_waits_once_is_answered_once_and_a_difference_is_told, |store| {
    let case = received(&store).await;
    let scope = district();
    store.ask_means(&case, &query("applicant"), "HD1", &by(&store, "q1")).await.unwrap();
    let twice = store.ask_means(&case, &query("applicant"), "HD2", &by(&store, "q2")).await;
    assert!(matches!(twice, Err(StoreError::Conflict)), "the same waits already");
    let waiting = store.waiting_means(&scope, 0, 10).await.unwrap();
    assert_eq!(waiting.len(), 1);
    assert_eq!((waiting[0].reference.as_str(), waiting[0].purpose.as_str()), ("HD1", "核对家庭存款"));
    let (kind, number) =
        store.document_of_signatory(&waiting[0].case, &waiting[0].signatory).await.unwrap().unwrap();
    assert_eq!((kind.as_str(), number.len()), ("citizen_id", 18));

    let file = |references: &[(&str, MeansOutcome)]| -> Vec<(String, MeansAnswer)> {
        references.iter().map(|(reference, outcome)| ((*reference).to_owned(), answer(*outcome))).collect()
    };
    let mixed = file(&[("HD1", MeansOutcome::Differs), ("HD9", MeansOutcome::Agrees)]);
    let refused = store.answer_means(&mixed, &scope, &by(&store, "f1")).await.unwrap();
    assert_eq!(refused.unwrap_err(), ["HD9"]);
    assert_eq!(store.waiting_means(&scope, 0, 10).await.unwrap().len(), 1, "all or none");
    let far = Scope::of(&Post::parse("street_officer@320214051").unwrap());
    let one = file(&[("HD1", MeansOutcome::Differs)]);
    assert!(store.answer_means(&one, &far, &by(&store, "f2")).await.unwrap().is_err(), "not theirs");
    let doing = by(&store, "f3");
    assert!(matches!(store.answer_means(&one, &scope, &doing).await.unwrap().unwrap(), OnlyOnce::Done(_)));
    assert!(matches!(store.answer_means(&one, &scope, &doing).await.unwrap().unwrap(), OnlyOnce::Before(_)));
    assert!(store.answer_means(&one, &scope, &by(&store, "f4")).await.unwrap().is_err(), "answered before");
    let checks = store.means_of(&case.area, &case.id).await.unwrap();
    let (kept, _) = checks[0].answer.clone().unwrap();
    assert_eq!(kept.detail.as_deref(), Some("名下有一笔存款没有申报"));
    let told: i64 =
        sqlx::query_scalar("select cast(count(*) as bigint) from outbox where template = 'means_differ'")
            .fetch_one(&store.database().await)
            .await
            .unwrap();
    assert_eq!(told, 1);
    assert_eq!(store.noted("means_asked", &case.id).await, 1);
    assert_eq!(store.noted("means_answered", &case.id).await, 1);
    // An objection leads to another check.
    store.ask_means(&case, &query("applicant"), "HD3", &by(&store, "q4")).await.unwrap();
});

store_test!(an_agreement_on_paper_is_written_down_once_and_nothing_is_asked_about_a_closed_case, |store| {
    let case = received(&store).await;
    let waiting: Vec<_> = store.means_signatories(&case.area, &case.id).await.unwrap();
    let adult = waiting.iter().find(|one| one.given_at.is_none()).unwrap().id.clone();
    store.enter_paper_agreement(&case, &adult, &by(&store, "p1")).await.unwrap();
    let again = store.enter_paper_agreement(&case, &adult, &by(&store, "p2")).await;
    assert!(matches!(again, Err(StoreError::Conflict)));
    store.ask_means(&case, &query(&adult), "HD1", &by(&store, "q1")).await.unwrap();
    store.move_case(&case, CaseAct::Withdraw, &by(&store, "w")).await.unwrap();
    let late = store.ask_means(&case, &query("applicant"), "HD2", &by(&store, "q2")).await;
    assert!(matches!(late, Err(StoreError::Conflict)));
});
