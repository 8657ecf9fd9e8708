//! What others see of a case: no more than the item lets be shown, of nobody under age, and nothing is decided before.

#![cfg(test)]

use app::domain::aid::case::{CaseAct, CaseState};
use app::domain::aid::catalogue::{Gives, NoticeField};
use app::domain::aid::decision::{Opinion, OpinionForm, Outcome};
use app::domain::aid::public_notice::{NoticeKind, Objection, ObjectionForm, ObjectionOutcome, Publicity};
use app::domain::aid::{ApplicantForm, BankAccountForm, Draft};
use app::domain::time::Instant;

use super::{NOW, TestStore, answers, fill_draft, owner, store_test, submit, submit_draft};
use crate::store::audit::Actor;
use crate::store::case_acts::{CaseRef, Doing};
use crate::store::public_notices::{NewObjection, PublicRules};
use crate::store::{IdempotencyKey, OnlyOnce, StoreError};

const NUMBER: &str = "JZ261123000001";
const DAY: i64 = 24 * 3_600_000;

fn rules(fields: &[NoticeField]) -> PublicRules {
    PublicRules {
        publicity: Publicity { notice_days: Some(7), fields: fields.to_vec() },
        rolls: true,
        whole_names: false,
        publication_days: 30,
    }
}

const ALL: &[NoticeField] = &[NoticeField::Name, NoticeField::HouseholdSize, NoticeField::Amount];

fn opinion(outcome: &str) -> Opinion {
    let form = OpinionForm {
        outcome: outcome.into(),
        amount: "1530".into(),
        ground: "above-line".into(),
        reasons: "入户看了，母亲长期生病，没有别的收入。".into(),
        ..OpinionForm::default()
    };
    Opinion::parse(&form, Gives::Money, NOW.shanghai_date()).unwrap()
}

fn on(store: &TestStore, who: &str, key: &str, day: i64) -> Doing {
    Doing {
        actor: Actor::Staff { id: who.to_owned(), post: "street_officer@320214050".to_owned() },
        key: IdempotencyKey::new(&store.store, key, "body"),
        owner: owner("staff"),
        now: Instant(NOW.0 + day * DAY),
    }
}

async fn accepted(store: &TestStore) -> CaseRef {
    let me = owner("me");
    fill_draft(store, &me).await;
    submit(store, &me, NUMBER, "key-submit", "body").await.unwrap();
    let case = store.own_case(NUMBER, &me).await.unwrap().unwrap();
    store.move_case(&case, CaseAct::Accept, &on(store, "a", "accept", 0)).await.unwrap();
    case
}

async fn public(store: &TestStore, day: i64) -> Vec<app::pages::notices::ShownNotice> {
    let today = Instant(NOW.0 + day * DAY).shanghai_date();
    store.public_notices(("", ""), today, 100).await.unwrap()
}

async fn object(
    store: &TestStore,
    notice: &str,
    key: &str,
    day: i64,
) -> Result<OnlyOnce<String>, StoreError> {
    let form = ObjectionForm {
        text: "这家人在外面还有一套房子出租。".into(), contact: "13900005678".into()
    };
    let objection = Objection::parse(&form).unwrap();
    let key = IdempotencyKey::new(&store.store, key, "body");
    let new = NewObjection { notice, objection: &objection };
    store.keep_objection(&new, &key, &owner("neighbour"), Instant(NOW.0 + day * DAY)).await
}

store_test!(nobody_decides_before_the_notice_has_ended_and_what_is_given_is_public, |store| {
    let (case, rules) = (accepted(&store).await, rules(ALL));
    store
        .give_opinion_in_public(&case, &opinion("grant"), Some(&rules), &on(&store, "a", "op", 0))
        .await
        .unwrap();
    let shown = public(&store, 0).await;
    assert_eq!(shown.len(), 1);
    assert_eq!((shown[0].name.as_deref(), shown[0].household_size), (Some("王＊＊"), Some(3)));
    assert_eq!(shown[0].amount.map(|amount| amount.0), Some(153_000));
    // Monday 23 November, seven days by the calendar: the 30th is the last.
    assert_eq!(shown[0].last_day.to_string(), "2026-11-30");
    for day in [0, 6, 7] {
        let key = format!("early {day}");
        let early =
            store.decide_in_public(&case, Outcome::Grant, Some(&rules), &on(&store, "b", &key, day)).await;
        assert!(matches!(early, Err(StoreError::Conflict)), "day {day}");
    }
    // It ends by itself.
    assert_eq!(public(&store, 7).await.len(), 1);
    assert!(public(&store, 8).await.is_empty());
    store.decide_in_public(&case, Outcome::Grant, Some(&rules), &on(&store, "b", "due", 8)).await.unwrap();
    let shown = public(&store, 8).await;
    assert_eq!((shown.len(), shown[0].kind), (1, NoticeKind::Grant));
    assert!(public(&store, 39).await.is_empty(), "for thirty days");
    let told: i64 = sqlx::query_scalar(
        "select cast(count(*) as bigint) from outbox where template = 'public_notice_begun'",
    )
    .fetch_one(&store.database().await)
    .await
    .unwrap();
    assert_eq!(told, 1, "the one it is about is told");
});

store_test!(a_notice_that_was_never_put_up_is_not_passed_over, |store| {
    let case = accepted(&store).await;
    store.give_opinion(&case, &opinion("grant"), &on(&store, "a", "op", 0)).await.unwrap();
    let rules = rules(ALL);
    let late = store.decide_in_public(&case, Outcome::Grant, Some(&rules), &on(&store, "b", "d", 60)).await;
    assert!(matches!(late, Err(StoreError::Conflict)));
});

store_test!(notice_list_shows_no_id_phone_address_illness, |store| {
    let case = accepted(&store).await;
    let rules = rules(&[NoticeField::HouseholdSize]);
    store
        .give_opinion_in_public(&case, &opinion("grant"), Some(&rules), &on(&store, "a", "op", 0))
        .await
        .unwrap();
    let shown = public(&store, 0).await;
    assert_eq!((&shown[0].name, shown[0].household_size, shown[0].amount), (&None, Some(3), None));
    // The row itself has no place for anything else, and a field that the item does not name stays empty in it.
    let row: (Option<Vec<u8>>, Option<i64>) = sqlx::query_as("select name, amount from public_notices")
        .fetch_one(&store.database().await)
        .await
        .unwrap();
    assert_eq!(row, (None, None));
});

store_test!(child_case_never_reaches_a_public_list, |store| {
    // A girl of ten, whose guardian applied; and a boy of sixteen, who applied himself.
    for (at, (birth, under_14)) in [("320214201602299914", true), ("", false)].into_iter().enumerate() {
        let (me, number) = (owner(&format!("child {at}")), format!("JZ26112300000{at}"));
        fill_draft(&store, &me).await;
        let kept = store.draft_of(&me).await.unwrap().unwrap();
        let mut draft: Draft = answers();
        if under_14 {
            draft.members.pop();
            draft.bank_account = Some(BankAccountForm::default());
            draft.applicant = Some(ApplicantForm {
                name: "王小宝".into(),
                document_kind: "citizen_id".into(),
                document_number: birth.into(),
                mobile: "13900001234".into(),
            });
        }
        let key = IdempotencyKey::new(&store.store, &format!("s{at}"), "body");
        let secret = format!("{number}secretsecretsecretse");
        submit_draft(&store, &me, &number, key, &kept.id, kept.version, &draft, &secret).await.unwrap();
        let case = store.own_case(&number, &me).await.unwrap().unwrap();
        if !under_14 {
            // The mark alone is enough, whatever the document says.
            sqlx::query("update applications set under_14 = 1 where id = $1")
                .bind(&case.id)
                .execute(&store.database().await)
                .await
                .unwrap();
        }
        let key = |name: &str| format!("{name}{at}");
        let rules = rules(ALL);
        store.move_case(&case, CaseAct::Accept, &on(&store, "a", &key("accept"), 0)).await.unwrap();
        store
            .give_opinion_in_public(&case, &opinion("grant"), Some(&rules), &on(&store, "a", &key("op"), 0))
            .await
            .unwrap();
        assert!(public(&store, 0).await.is_empty(), "no notice");
        store
            .decide_in_public(&case, Outcome::Grant, Some(&rules), &on(&store, "b", &key("d"), 0))
            .await
            .unwrap();
        assert!(public(&store, 0).await.is_empty(), "no publication");
    }
    let rows: i64 = sqlx::query_scalar("select cast(count(*) as bigint) from public_notices")
        .fetch_one(&store.database().await)
        .await
        .unwrap();
    assert_eq!(rows, 0, "nor is one kept");
});

store_test!(an_objection_is_answered_before_anybody_decides, |store| {
    let (case, rules) = (accepted(&store).await, rules(ALL));
    store
        .give_opinion_in_public(&case, &opinion("grant"), Some(&rules), &on(&store, "a", "op", 0))
        .await
        .unwrap();
    let notice = public(&store, 0).await[0].id.clone();
    assert!(matches!(object(&store, &notice, "o1", 3).await, Ok(OnlyOnce::Done(_))));
    assert!(matches!(object(&store, &notice, "o1", 3).await, Ok(OnlyOnce::Before(_))), "once");
    let late = store.decide_in_public(&case, Outcome::Grant, Some(&rules), &on(&store, "b", "d1", 8)).await;
    assert!(matches!(late, Err(StoreError::Conflict)), "it waits for the answer");
    let (_, objections) = store.notice_of_case(&case.area, &case.id).await.unwrap();
    assert_eq!(objections[0].contact.as_deref(), Some("13900005678"));
    let answer = (ObjectionOutcome::Unfounded, "查了不动产登记，名下没有别的房子。");
    store.answer_objection(&case, &objections[0].id, answer, &on(&store, "a", "u", 8)).await.unwrap();
    let twice = store.answer_objection(&case, &objections[0].id, answer, &on(&store, "a", "u2", 8)).await;
    assert!(matches!(twice, Err(StoreError::Conflict)));
    assert!(
        matches!(object(&store, &notice, "o2", 8).await, Err(StoreError::NotFound)),
        "the notice is over"
    );
    store.decide_in_public(&case, Outcome::Grant, Some(&rules), &on(&store, "b", "d2", 8)).await.unwrap();
});

store_test!(an_objection_that_is_looked_into_takes_the_notice_down_and_needs_a_new_opinion, |store| {
    let (case, rules) = (accepted(&store).await, rules(ALL));
    store
        .give_opinion_in_public(&case, &opinion("grant"), Some(&rules), &on(&store, "a", "op", 0))
        .await
        .unwrap();
    let notice = public(&store, 0).await[0].id.clone();
    object(&store, &notice, "o1", 1).await.unwrap();
    let (_, objections) = store.notice_of_case(&case.area, &case.id).await.unwrap();
    let answer = (ObjectionOutcome::Reinvestigate, "房子的事要再去查一查。");
    store.answer_objection(&case, &objections[0].id, answer, &on(&store, "a", "re", 1)).await.unwrap();
    assert!(public(&store, 1).await.is_empty());
    assert_eq!(store.case_progress(&case.area, &case.id).await.unwrap().state, CaseState::Accepted);
    store
        .give_opinion_in_public(&case, &opinion("grant"), Some(&rules), &on(&store, "a", "op2", 2))
        .await
        .unwrap();
    assert_eq!(public(&store, 2).await.len(), 1, "put up again, for its own seven days");
    let early = store.decide_in_public(&case, Outcome::Grant, Some(&rules), &on(&store, "b", "d", 8)).await;
    assert!(matches!(early, Err(StoreError::Conflict)));
    store.decide_in_public(&case, Outcome::Grant, Some(&rules), &on(&store, "b", "d2", 10)).await.unwrap();
});
