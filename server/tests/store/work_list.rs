//! The work list: what stands first, what it is narrowed to, who handles what; and how fast with many cases.

#![cfg(test)]

use std::time::{Duration, Instant as Stopwatch};

use app::domain::aid::case::CaseAct;
use app::domain::aid::correction::{CorrectionForm, CorrectionList};
use app::domain::aid::work::{CaseLabel, WorkFilter};
use app::domain::staff::Post;
use app::domain::time::Instant;
use app::pages::staff::work::WorkLine;
use sqlx::{Column as _, Row as _};

use super::{NOW, TestStore, fill_draft, owner, store_test};
use crate::store::audit::Actor;
use crate::store::case_acts::{CaseRef, Doing};
use crate::store::case_due::{NO_DAY, day_of};
use crate::store::staff_cases::Scope;
use crate::store::work_list::WorkPart;
use crate::store::{IdempotencyKey, OnlyOnce};

const NUMBER: &str = "LS261123000001";
const STREET: &str = "street_officer@320214050";
const DAY: i64 = 24 * 3_600_000;
/// Cases of the run in `make tests`, and of the one in `make soak`.
const CASES: (i64, i64) = (2_000, 200_000);

async fn received(store: &TestStore, me: &str, number: &str) -> CaseRef {
    let me = owner(me);
    fill_draft(store, &me).await;
    let kept = store.draft_of(&me).await.unwrap().unwrap();
    let key = IdempotencyKey::new(&store.store, number, "body");
    let secret = format!("{number}secretsecretsecretsecret");
    super::submit_draft(store, &me, number, key, &kept.id, kept.version, &kept.draft, &secret).await.unwrap();
    store.own_case(number, &me).await.unwrap().unwrap()
}

fn doing(store: &TestStore, id: &str, key: &str) -> Doing {
    Doing {
        actor: Actor::Staff { id: id.to_owned(), post: STREET.to_owned() },
        key: IdempotencyKey::new(&store.store, key, "body"),
        owner: owner(id),
        now: Instant(NOW.0 + DAY),
    }
}

async fn list(store: &TestStore, post: &str, me: &str, filter: &[(&str, &str)], skip: i64) -> Vec<WorkLine> {
    let get = |name: &str| filter.iter().find(|(key, _)| *key == name).map_or("", |(_, value)| *value);
    let (scope, filter) = (Scope::of(&Post::parse(post).unwrap()), WorkFilter::read(get));
    let today = NOW.shanghai_date();
    store.work_list(WorkPart { scope: &scope, filter: &filter, me, today, skip, count: 21 }).await.unwrap()
}

async fn due(store: &TestStore, case: &CaseRef) -> i64 {
    let row = sqlx::query("select due_day from cases where area = $1 and application_id = $2")
        .bind(&case.area)
        .bind(&case.id)
        .fetch_one(&store.database().await)
        .await
        .unwrap();
    row.get("due_day")
}

store_test!(the_latest_day_stands_still_with_the_clock_and_ends_with_the_case, |store| {
    let case = received(&store, "me", NUMBER).await;
    let first = due(&store, &case).await;
    assert!(day_of(first).unwrap() > NOW.shanghai_date());
    let form = CorrectionForm {
        notes: [("paper".to_owned(), "请补医院的收费票据".to_owned())].into(),
        again: String::new(),
    };
    let asked = CorrectionList::parse(&form, false).unwrap();
    store.request_correction(&case, &asked, &doing(&store, "a", "k1")).await.unwrap();
    assert_eq!(due(&store, &case).await, NO_DAY, "it waits for the resident");
    let answers = vec![(asked.items[0].clone(), "票据丢了".to_owned())];
    let later = Doing { now: Instant(NOW.0 + 8 * DAY), ..doing(&store, "me", "k2") };
    store.answer_correction(&case, &answers, &later).await.unwrap();
    let moved = due(&store, &case).await;
    assert!(moved > first && moved != NO_DAY, "{moved} after {first}");
    store.move_case(&case, CaseAct::Withdraw, &doing(&store, "me", "k3")).await.unwrap();
    assert_eq!(due(&store, &case).await, NO_DAY);
    assert!(list(&store, STREET, "a", &[], 0).await.is_empty(), "what has ended stands in no list");

    // What was received before days were kept finds its own.
    let old = received(&store, "you", "LS261123000002").await;
    let forget = "update cases set due_day = 99991231 where application_id = $1";
    sqlx::query(forget).bind(&old.id).execute(&store.database().await).await.unwrap();
    assert_eq!(store.find_missing_due(NOW).await.unwrap(), 1);
    assert_eq!(due(&store, &old).await, first);
    assert_eq!(store.find_missing_due(NOW).await.unwrap(), 0);
});

store_test!(a_case_has_one_handler_its_labels_and_notes_that_stay, |store| {
    let one = received(&store, "me", NUMBER).await;
    let two = received(&store, "you", "LS261123000002").await;
    let (anna, bert) = (store.staff_account("anna").await, store.staff_account("bert").await);
    let both = [one.clone(), two.clone()];
    let given = doing(&store, &anna, "k1");
    let done = store.assign_cases(&both, Some(&anna), &given).await.unwrap();
    assert!(matches!(done, OnlyOnce::Done(ref count) if count == "2"));
    let again = store.assign_cases(&both, Some(&anna), &given).await.unwrap();
    assert!(matches!(again, OnlyOnce::Before(ref count) if count == "2"), "the same key, the same answer");
    let same = store.assign_cases(&both, Some(&anna), &doing(&store, &anna, "k2")).await.unwrap();
    assert_eq!(same.answer(), "0", "who has them has them");
    assert_eq!(list(&store, STREET, &anna, &[("whose", "mine")], 0).await.len(), 2);
    assert_eq!(store.cases_of_assignee(&anna).await.unwrap().len(), 2);
    store.assign_cases(&both[1..], None, &doing(&store, &anna, "k3")).await.unwrap();
    let nobodys = list(&store, STREET, &bert, &[("whose", "nobodys")], 0).await;
    assert_eq!((nobodys.len(), nobodys[0].head.number.as_str()), (1, "LS261123000002"));
    assert_eq!(store.assignee_of(&one.area, &one.id).await.unwrap().unwrap().id, anna);

    let labels = [CaseLabel::Ring, CaseLabel::Visit];
    store.set_labels(&one, &labels, &doing(&store, &anna, "k4")).await.unwrap();
    store.set_labels(&one, &labels[..1], &doing(&store, &anna, "k5")).await.unwrap();
    assert_eq!(store.labels_of(&one.area, &one.id).await.unwrap(), [CaseLabel::Ring]);
    let ring = list(&store, STREET, &anna, &[("label", "ring")], 0).await;
    assert_eq!((ring.len(), &ring[0].labels[..]), (1, &[CaseLabel::Ring][..]));
    assert!(list(&store, STREET, &anna, &[("label", "visit")], 0).await.is_empty());

    store.add_note(&one, "周三下午去家里看", &doing(&store, &anna, "k6")).await.unwrap();
    store.add_note(&one, "周三下午去家里看", &doing(&store, &anna, "k6")).await.unwrap();
    let notes = store.notes_of(&one.area, &one.id).await.unwrap();
    assert_eq!(
        (notes.len(), notes[0].note.as_str(), notes[0].by.as_str()),
        (1, "周三下午去家里看", "李小白")
    );
    let kept: Vec<u8> =
        sqlx::query_scalar("select note from case_notes").fetch_one(&store.database().await).await.unwrap();
    assert!(!String::from_utf8_lossy(&kept).contains("周三"), "sealed");
    for (act, count) in [("case_assigned", 1), ("case_labelled", 2), ("case_noted", 1)] {
        assert_eq!(store.noted(act, &one.id).await, count, "{act}");
    }
    // A case that has ended changes hands no more.
    store.move_case(&one, CaseAct::Withdraw, &doing(&store, "me", "k7")).await.unwrap();
    let ended = store.assign_cases(&both[..1], Some(&bert), &doing(&store, &bert, "k8")).await.unwrap();
    assert_eq!(ended.answer(), "0");
});

store_test!(the_same_household_in_another_application_is_found_by_its_documents, |store| {
    let one = received(&store, "me", NUMBER).await;
    assert!(store.related_cases(&one).await.unwrap().is_empty());
    let two = received(&store, "you", "LS261123000002").await;
    let found = store.related_cases(&one).await.unwrap();
    assert_eq!((found.len(), found[0].0.id.as_str(), found[0].1), (1, two.id.as_str(), true));
    // Another applicant, the same mother in the household.
    sqlx::query("update applications set document_index = 'another' where id = $1")
        .bind(&two.id)
        .execute(&store.database().await)
        .await
        .unwrap();
    let found = store.related_cases(&one).await.unwrap();
    assert_eq!((found.len(), found[0].1), (1, false));
    sqlx::query("update household_members set document_index = 'another' where application_id = $1")
        .bind(&two.id)
        .execute(&store.database().await)
        .await
        .unwrap();
    assert!(store.related_cases(&one).await.unwrap().is_empty());
});

#[expect(clippy::disallowed_types, reason = "made of the names of columns and of numbers alone")]
fn made(text: String) -> sqlx::AssertSqlSafe<String> {
    sqlx::AssertSqlSafe(text)
}

/// Copies the one case that is there until there are `count`, a tenth of them open, over six streets and 60 days.
async fn many(store: &TestStore, count: i64) {
    let pool = store.database().await;
    let row = sqlx::query("select * from applications").fetch_one(&pool).await.unwrap();
    let columns: Vec<String> = row.columns().iter().map(|column| column.name().to_owned()).collect();
    let values: Vec<String> = columns
        .iter()
        .map(|column| match column.as_str() {
            "id" => "'copy' || cast(n.i as text)".to_owned(),
            "number" => "'LC' || cast(n.i as text)".to_owned(),
            "draft_id" => "'draft' || cast(n.i as text)".to_owned(),
            "owner" => "'owner' || cast(n.i as text)".to_owned(),
            "area" => "'32021405' || cast(n.i % 6 as text)".to_owned(),
            "document_index" => "'document' || cast(n.i as text)".to_owned(),
            "received_at" => format!("a.received_at - cast(n.i % 60 as bigint) * {DAY} - n.i"),
            other => format!("a.{other}"),
        })
        .collect();
    let copy = format!(
        "with recursive n(i) as (select 1 union all select i + 1 from n where i < {count}) \
         insert into applications ({}) select {} from n, applications a where a.number = '{NUMBER}'",
        columns.join(", "),
        values.join(", ")
    );
    sqlx::query(made(copy)).execute(&pool).await.unwrap();
    let state = "case when cast(substr(number, 3) as bigint) % 10 = 0 then 'accepted' else 'granted' end";
    let cases = format!(
        "insert into cases (area, application_id, state, changed_at, office, open_since, community, kind, urgency, due_day) \
         select area, id, {state}, received_at, area, case when cast(substr(number, 3) as bigint) % 10 = 0 then received_at end, \
         community, kind, urgency, 20261101 + cast(substr(number, 3) as bigint) % 28 from applications where number like 'LC%'"
    );
    sqlx::query(made(cases)).execute(&pool).await.unwrap();
    sqlx::query("analyze").execute(&pool).await.unwrap();
}

fn p95(mut times: Vec<Duration>) -> Duration {
    times.sort_unstable();
    times[times.len() * 95 / 100]
}

/// Lists pages by both orders and each filter, and hands applications in; gives the slow ends of both.
async fn list_and_submit(store: &TestStore, count: i64) -> (Duration, Duration) {
    received(store, "me", NUMBER).await;
    many(store, count).await;
    let filters: [&[(&str, &str)]; 6] = [
        &[],
        &[("order", "waited")],
        &[("due", "soon")],
        &[("due", "over"), ("whose", "nobodys")],
        &[("state", "accepted"), ("kind", "emergency"), ("order", "waited")],
        &[("label", "visit")],
    ];
    let mut lists = Vec::new();
    for turn in 0..10 {
        for filter in filters {
            for post in [STREET, "district_officer@320214", "community_worker@320214050001"] {
                let began = Stopwatch::now();
                let lines = list(store, post, "anna", filter, turn * 20).await;
                lists.push(began.elapsed());
                assert!(lines.iter().all(|line| line.head.state.is_open()));
                let sorted =
                    |key: fn(&WorkLine) -> i64| lines.windows(2).all(|two| key(&two[0]) <= key(&two[1]));
                if filter.contains(&("order", "waited")) {
                    assert!(sorted(|line| line.head.received_at.0), "{post} {filter:?}");
                } else {
                    assert!(sorted(|line| line.due.map_or(NO_DAY, crate::store::case_due::day_number)));
                }
                if post == STREET {
                    assert!(lines.iter().all(|line| line.head.area == "320214050"));
                }
                if filter.is_empty() && turn == 0 {
                    assert_eq!(lines.len(), 21, "{post}");
                }
            }
        }
    }
    let mut submits = Vec::new();
    for n in 0..40 {
        let me = owner(&format!("applicant {n}"));
        fill_draft(store, &me).await;
        let number = format!("LS2611249{n:05}");
        let kept = store.draft_of(&me).await.unwrap().unwrap();
        let key = IdempotencyKey::new(&store.store, &number, "body");
        let secret = format!("{number}secretsecretsecretsecret");
        let began = Stopwatch::now();
        super::submit_draft(store, &me, &number, key, &kept.id, kept.version, &kept.draft, &secret)
            .await
            .unwrap();
        submits.push(began.elapsed());
    }
    let (all, open): (i64, i64) = (
        sqlx::query_scalar("select count(*) from cases").fetch_one(&store.database().await).await.unwrap(),
        sqlx::query_scalar("select count(*) from cases where open_since is not null")
            .fetch_one(&store.database().await)
            .await
            .unwrap(),
    );
    let (list, submit) = (p95(lists), p95(submits));
    println!("{all} cases, {open} open: work list p95 {list:?}, submit p95 {submit:?}");
    (list, submit)
}

store_test!(a_long_list_is_in_order_under_each_filter, |store| {
    list_and_submit(&store, CASES.0).await;
    let (scope, today) = (Scope::of(&Post::parse(STREET).unwrap()), NOW.shanghai_date());
    let (count, _) = store.count_cases(&scope).await.unwrap();
    let mut seen = std::collections::BTreeSet::new();
    for page in 0.. {
        let filter = WorkFilter::default();
        let part = WorkPart { scope: &scope, filter: &filter, me: "", today, skip: page * 20, count: 20 };
        let lines = store.work_list(part).await.unwrap();
        if lines.is_empty() {
            break;
        }
        assert!(
            lines.iter().all(|line| seen.insert(line.head.number.clone())),
            "no line stands on two pages"
        );
    }
    assert_eq!(i64::try_from(seen.len()).unwrap(), count, "and none on no page");
});

/// Only `make soak` builds these; they hold the budgets with 200,000 cases on each engine.
#[cfg(feature = "soak")]
mod soak {
    use super::*;
    use crate::settings::Engine;

    /// The budgets of the work list and of an application's submission, the slowest 5 % left out.
    const LIST_P95: Duration = Duration::from_millis(50);
    const SUBMIT_P95: Duration = Duration::from_millis(30);

    async fn within_budget(engine: Engine) {
        let store = super::super::open(engine).await;
        let (list, submit) = list_and_submit(&store, CASES.1).await;
        assert!(list <= LIST_P95, "the work list took {list:?}");
        assert!(submit <= SUBMIT_P95, "a submission took {submit:?}");
    }

    #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
    async fn sqlite() {
        within_budget(Engine::Sqlite).await;
    }

    #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
    async fn postgres() {
        within_budget(Engine::Postgres).await;
    }
}
