//! Photos of papers: each once, no more than there may be, part of the case once the office has seen them.

#![cfg(test)]

use std::sync::Arc;

use app::domain::aid::case::CaseAct;
use app::domain::papers::MAX_OF_CASE;
use app::domain::time::Instant;
use app::visit::Owner;

use super::{NOW, TestStore, fill_draft, owner, store_test, submit_draft};
use crate::papers::Part;
use crate::store::audit::Actor;
use crate::store::case_acts::Doing;
use crate::store::papers::{Added, NewPaper, PaperActor, PaperCase};
use crate::store::{IdempotencyKey, OnlyOnce, Store, StoreError};

const BY: PaperActor<'static> = PaperActor { actor: &Actor::System, on_behalf_of: None };

async fn a_case(store: &TestStore, owner: &Owner, number: &str) -> PaperCase {
    fill_draft(store, owner).await;
    let kept = store.draft_of(owner).await.unwrap().unwrap();
    let key = IdempotencyKey::new(&store.store, number, "body");
    // One link's secret is one row's.
    let secret = format!("{number}secretsecretsecret");
    submit_draft(store, owner, number, key, &kept.id, kept.version, &kept.draft, &secret).await.unwrap();
    store.paper_case(number, Some(owner), None, NOW).await.unwrap().unwrap()
}

async fn add(store: &Store, case: &PaperCase, sent: &str, key: &str) -> Result<OnlyOnce<Added>, StoreError> {
    let new = NewPaper { kind: "other", bytes: 7, sent, object: sent };
    let key = IdempotencyKey::new(store, key, sent);
    store.add_paper(case, &new, &key, (BY, &case.owner), NOW).await
}

async fn count(store: &Store, case: &PaperCase) -> usize {
    store.papers_of_case(&case.area, &case.id).await.unwrap().len()
}

async fn run(store: &TestStore, statement: &'static str) {
    sqlx::query(statement).execute(&store.database().await).await.unwrap();
}

store_test!(a_photo_is_kept_once_whatever_key_it_comes_with, |store| {
    let case = a_case(&store, &owner("me"), "LS261123000001").await;
    assert_eq!(add(&store, &case, "a", "key-1").await.unwrap(), OnlyOnce::Done(Added::New));
    assert_eq!(add(&store, &case, "a", "key-1").await.unwrap(), OnlyOnce::Before(Added::New));
    assert_eq!(add(&store, &case, "a", "key-2").await.unwrap(), OnlyOnce::Done(Added::Known));
    // Nothing was kept with that key: it serves for another photo.
    assert_eq!(add(&store, &case, "b", "key-2").await.unwrap(), OnlyOnce::Done(Added::New));
    assert!(matches!(add(&store, &case, "c", "key-2").await, Err(StoreError::Conflict)));
    assert_eq!(count(&store, &case).await, 2);
});

store_test!(photos_that_come_at_once_are_no_more_than_there_may_be, |store| {
    let case = Arc::new(a_case(&store, &owner("me"), "LS261123000001").await);
    let presses = (0..MAX_OF_CASE + 4).map(|at| {
        let (store, case) = (store.store.clone(), case.clone());
        tokio::spawn(async move { add(&store, &case, &format!("photo-{at}"), &format!("key-{at}")).await })
    });
    let mut full = 0;
    for press in presses.collect::<Vec<_>>() {
        full += usize::from(press.await.unwrap().unwrap() == OnlyOnce::Done(Added::Full));
    }
    assert_eq!((count(&store, &case).await, full), (usize::from(MAX_OF_CASE), 4));
});

store_test!(an_application_is_its_owners_and_for_sending_that_of_who_knows_number_and_digits, |store| {
    let (me, other) = (owner("me"), owner("other"));
    a_case(&store, &me, "LS261123000001").await;
    let of = async |owner: Option<&Owner>, device: Option<&Owner>| {
        let case = store.paper_case("LS261123000001", owner, device, NOW).await.unwrap();
        case.map(|case| case.own)
    };
    assert_eq!(of(Some(&me), None).await, Some(true));
    assert_eq!(of(Some(&other), Some(&other)).await, None);
    assert_eq!(of(None, None).await, None);
    let until = Instant(NOW.0 + 1);
    assert!(store.grant_case("LS261123000001", "1234", &other, until).await.unwrap());
    assert_eq!(of(Some(&owner("resident:x")), Some(&other)).await, Some(false));
});

store_test!(what_the_office_has_seen_stays_unless_the_application_is_taken_back, |store| {
    let case = a_case(&store, &owner("me"), "LS261123000001").await;
    for sent in ["a", "b"] {
        add(&store, &case, sent, sent).await.unwrap();
    }
    let papers = store.papers_of_case(&case.area, &case.id).await.unwrap();
    let ids: Vec<_> = papers.iter().map(|paper| paper.line.id.clone()).collect();
    assert!(papers.iter().all(|paper| paper.line.can_go));
    let mine = papers.iter().find(|paper| paper.line.id == ids[0]).unwrap().object.clone();
    assert_eq!(store.delete_paper(&case, &ids[0], BY, NOW).await.unwrap(), mine);
    assert!(matches!(store.delete_paper(&case, &ids[0], BY, NOW).await, Err(StoreError::NotFound)));
    assert_eq!(store.objects_without_rows(&["a".into(), "b".into()]).await.unwrap(), [mine]);
    store.papers_seen(&case.area, &case.id, NOW).await.unwrap();
    assert!(matches!(store.delete_paper(&case, &ids[1], BY, NOW).await, Err(StoreError::Conflict)));
    assert!(!store.papers_of_case(&case.area, &case.id).await.unwrap()[0].line.can_go);
    // What was deleted can be sent again.
    assert_eq!(add(&store, &case, &papers[0].object, "again").await.unwrap(), OnlyOnce::Done(Added::New));
    let key = IdempotencyKey::new(&store.store, "withdraw", "body");
    let doing = Doing { actor: Actor::Device("me".into()), key, owner: case.owner.clone(), now: NOW };
    let taken_back = store.own_case(&case.number, &case.owner).await.unwrap().unwrap();
    store.move_case(&taken_back, CaseAct::Withdraw, &doing).await.unwrap();
    assert!(store.papers_of_case(&case.area, &case.id).await.unwrap().iter().all(|paper| paper.line.can_go));
    store.delete_paper(&case, &ids[1], BY, NOW).await.unwrap();
    // A case that is over takes no more.
    assert!(matches!(add(&store, &case, "c", "late").await, Err(StoreError::Conflict)));
    let seen_now = store.paper_case(&case.number, Some(&case.owner), None, NOW).await.unwrap().unwrap();
    assert!(case.open && !seen_now.open);
});

store_test!(what_still_holds_is_used_again_by_its_owner_alone, |store| {
    let me = owner("me");
    let (first, second) =
        (a_case(&store, &me, "LS261123000001").await, a_case(&store, &me, "LS261123000002").await);
    let theirs = a_case(&store, &owner("other"), "LS261123000003").await;
    add(&store, &first, "a", "key-1").await.unwrap();
    let usable = store.reusable_papers(&second, NOW).await.unwrap();
    let [paper] = usable.as_slice() else { panic!("{usable:?}") };
    let id = paper.line.id.clone();
    assert!(store.reusable_papers(&theirs, NOW).await.unwrap().is_empty());
    assert!(matches!(store.reuse_paper(&theirs, &id, BY, NOW).await, Err(StoreError::NotFound)));
    assert_eq!(store.reuse_paper(&second, &id, BY, NOW).await.unwrap(), Added::New);
    assert_eq!(store.reuse_paper(&second, &id, BY, NOW).await.unwrap(), Added::Known);
    assert!(store.reusable_papers(&second, NOW).await.unwrap().is_empty());
    // The picture goes with the last row that names it.
    store.delete_paper(&first, &id, BY, NOW).await.unwrap();
    assert!(store.objects_without_rows(&["a".into()]).await.unwrap().is_empty());
    // From the day after its last one it is no longer offered.
    let third = a_case(&store, &me, "LS261123000004").await;
    run(&store, "update papers set valid_until = '2026-11-23' where deleted_at is null").await;
    let usable = store.reusable_papers(&third, NOW).await.unwrap();
    let tomorrow = Instant(NOW.0 + 24 * 3_600_000);
    assert_eq!((usable.len(), store.reusable_papers(&third, tomorrow).await.unwrap().len()), (1, 0));
    let late = store.reuse_paper(&third, &usable[0].line.id, BY, tomorrow).await;
    assert!(matches!(late, Err(StoreError::NotFound)));
});

store_test!(
    a_closed_account_takes_along_what_no_case_stands_on_and_leaves_the_rest_with_the_application,
    |store| {
        store.resident("r1").await;
        let case = a_case(&store, &owner("resident:r1"), "LS261123000001").await;
        add(&store, &case, "a", "key-1").await.unwrap();
        store.papers_seen(&case.area, &case.id, NOW).await.unwrap();
        add(&store, &case, "b", "key-2").await.unwrap();
        let sealed = store.seal_picture("a", Part::Whole, b"picture").unwrap();
        assert!(store.open_picture("a", Part::Small, &sealed).is_err(), "another place");
        assert!(store.open_picture("b", Part::Whole, &sealed).is_err(), "another picture");
        store.close_account("r1", NOW).await.unwrap();
        let left = store.papers_of_case(&case.area, &case.id).await.unwrap();
        assert_eq!(
            (left.len(), left[0].object.as_str()),
            (1, "a"),
            "the office has seen it: it stays as the application does"
        );
        assert_eq!(store.open_picture("a", Part::Whole, &sealed).unwrap(), b"picture");
        assert_eq!(store.objects_without_rows(&["a".into(), "b".into()]).await.unwrap(), ["b"]);
    }
);
