//! Visits to a household at home, and near relatives among those who handle aid.

#![cfg(test)]

use app::domain::aid::case::CaseAct;
use app::domain::aid::catalogue::Gives;
use app::domain::aid::clock::Extension;
use app::domain::aid::decision::{Opinion, OpinionForm, Outcome};
use app::domain::aid::home_visit::{HomeVisit, SelfCare, Signature, Signatures};
use app::domain::aid::means_check::{MeansQuery, MeansSource};
use app::domain::aid::staff_kin::{KinRelation, StaffKin};
use app::domain::form::Prompt;
use app::domain::money::Fen;
use app::domain::time::Instant;
use app::ports::VisitLevel;

use super::{NOW, TestStore, fill_draft, owner, store_test, submit};
use crate::store::audit::Actor;
use crate::store::case_acts::{CaseRef, Doing};
use crate::store::staff_cases::Scope;
use crate::store::{IdempotencyKey, OnlyOnce, StoreError};

const NUMBER: &str = "LS261123000001";
const STREET: &str = "street_officer@320214050";
const DISTRICT: &str = "district_officer@320214";

fn by(store: &TestStore, key: &str, (id, post): (&str, &str)) -> Doing {
    Doing {
        actor: Actor::Staff { id: id.to_owned(), post: post.to_owned() },
        key: IdempotencyKey::new(&store.store, key, "body"),
        owner: owner(&format!("staff:{id}")),
        now: Instant(NOW.0 + 3_600_000),
    }
}

async fn received(store: &TestStore) -> CaseRef {
    let me = owner("me");
    fill_draft(store, &me).await;
    submit(store, &me, NUMBER, "key-submit", "body").await.unwrap();
    store.own_case(NUMBER, &me).await.unwrap().unwrap()
}

fn visit(companion: &str) -> HomeVisit {
    let drawn = "1,1 2,9 3,17 4,25 5,33 6,41 7,49 8,57";
    let signature = || Signature::parse(drawn, Prompt::SignatureOwn).unwrap();
    HomeVisit {
        day: NOW.shanghai_date(),
        companion: companion.to_owned(),
        family: "王芳".into(),
        family_is: "妻子".into(),
        findings: "一室一厅，家里没有值钱的东西，申请人卧床，妻子照料。".into(),
        unmet: Some(vec![SelfCare::Bed, SelfCare::Bathing]),
        signatures: Signatures::Screen([signature(), signature(), signature()]),
    }
}

fn kin(account: Option<&str>) -> StaffKin {
    StaffKin { account: account.map(str::to_owned), name: "李明".into(), relation: KinRelation::Sibling }
}

fn grant() -> Opinion {
    let form = OpinionForm {
        outcome: "grant".into(),
        amount: "3000".into(),
        reasons: "房子进了水，家里一时没有地方住。".into(),
        ..Default::default()
    };
    Opinion::parse(&form, Gives::Money, NOW.shanghai_date()).unwrap()
}

store_test!(measures_57_article_16_a_visit_is_kept_with_its_three_signatures_and_once, |store| {
    let case = received(&store).await;
    let doing = by(&store, "v1", ("a", STREET));
    let alone = store.enter_visit(&case, &visit("a"), &by(&store, "v0", ("a", STREET))).await;
    assert!(alone.is_err(), "the table itself wants two people");
    store.enter_visit(&case, &visit("b"), &doing).await.unwrap();
    let again = store.enter_visit(&case, &visit("b"), &doing).await.unwrap();
    assert!(matches!(again, OnlyOnce::Before(_)));
    let kept = store.visits_of(&case.area, &case.id).await.unwrap();
    assert_eq!(kept.len(), 1);
    assert!(kept[0].visit == visit("b") && kept[0].level == VisitLevel::Street);
    assert_eq!(store.noted("home_visited", &case.id).await, 1);
    let events = store.events_of(&case.area, &case.id).await.unwrap();
    assert_eq!(events.last().unwrap().kind.as_str(), "home_visited");
    // Nothing that was seen, and no name, lies open.
    let open: i64 = sqlx::query_scalar(
        "select cast(count(*) as bigint) from home_visits where cast(companion as text) like '%王%'",
    )
    .fetch_one(&store.database().await)
    .await
    .unwrap();
    assert_eq!(open, 0);
    store.move_case(&case, CaseAct::Withdraw, &by(&store, "w", ("a", STREET))).await.unwrap();
    let late = store.enter_visit(&case, &visit("b"), &by(&store, "v2", ("a", STREET))).await;
    assert!(matches!(late, Err(StoreError::Conflict)), "the case is closed");
});

store_test!(staff_relative_flag_forces_county_home_visit, |store| {
    let case = received(&store).await;
    let street = |key: &str| by(&store, key, ("a", STREET));
    let district = |key: &str| by(&store, key, ("d", DISTRICT));
    store.move_case(&case, CaseAct::Accept, &street("accept")).await.unwrap();
    store.enter_visit(&case, &visit("b"), &street("v1")).await.unwrap();
    store.enter_kin(&case, &kin(None), &street("k1")).await.unwrap();
    store.give_opinion(&case, &grant(), &street("opinion")).await.unwrap();
    for outcome in [Outcome::Grant, Outcome::Refuse] {
        let early = store.decide(&case, outcome, &district(outcome.as_str())).await;
        assert!(matches!(early, Err(StoreError::Conflict)), "the street's own visit is not enough");
    }
    let scope = |post: &str| Scope::of(&app::domain::staff::Post::parse(post).unwrap());
    let listed = store.kin_register(&scope(DISTRICT), 0, 10).await.unwrap();
    assert_eq!(
        listed.iter().map(|(found, seen)| (found.id.clone(), *seen)).collect::<Vec<_>>(),
        [(case.id.clone(), false)]
    );
    store.enter_visit(&case, &visit("e"), &district("v2")).await.unwrap();
    assert!(store.kin_register(&scope(DISTRICT), 0, 10).await.unwrap()[0].1);
    store.decide(&case, Outcome::Grant, &district("decide")).await.unwrap();
    let decision = store.case_progress(&case.area, &case.id).await.unwrap().decision.unwrap();
    assert_eq!(decision.opinion.amount, Some(Fen(300_000)));
});

store_test!(a_relative_has_no_part_in_the_case, |store| {
    let case = received(&store).await;
    let other = |key: &str| by(&store, key, ("b", STREET));
    let relative = |key: &str| by(&store, key, ("a", STREET));
    store.enter_kin(&case, &kin(Some("a")), &relative("k1")).await.unwrap();
    let refused = |result: Result<OnlyOnce<String>, StoreError>| matches!(result, Err(StoreError::Conflict));
    assert!(refused(store.move_case(&case, CaseAct::Accept, &relative("a1")).await), "nor accepts it");
    store.move_case(&case, CaseAct::Accept, &other("accept")).await.unwrap();
    let query =
        MeansQuery { person: "applicant".into(), source: MeansSource::Bank, purpose: "核对存款".into() };
    assert!(refused(store.ask_means(&case, &query, "HD1", &relative("m1")).await), "nor asks about them");
    let more =
        Extension {
            ground: "人户分离".into(), working_days: 25, reasons: "户籍在外地，等材料。".into()
        };
    assert!(refused(store.extend_case(&case, &more, &relative("x1")).await), "nor gives more time");
    assert!(refused(store.enter_visit(&case, &visit("b"), &relative("v1")).await), "nor goes there");
    assert!(refused(store.enter_visit(&case, &visit("a"), &other("v2")).await), "nor comes along");
    assert!(refused(store.give_opinion(&case, &grant(), &relative("o1")).await), "nor gives an opinion");
    store.give_opinion(&case, &grant(), &other("o2")).await.unwrap();
    store.enter_visit(&case, &visit("e"), &by(&store, "v3", ("d", DISTRICT))).await.unwrap();
    let own = by(&store, "d1", ("a", DISTRICT));
    assert!(refused(store.decide(&case, Outcome::Grant, &own).await), "nor decides");
    store.decide(&case, Outcome::Grant, &by(&store, "d2", ("d", DISTRICT))).await.unwrap();
});
