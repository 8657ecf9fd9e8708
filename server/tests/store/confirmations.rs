//! Confirmations of every kind: dead ones stay dead, one use is one use, and old rows are carried over.

#![cfg(test)]

use std::sync::Arc;

use app::domain::cancellation::CancelReason;
use app::domain::confirm::check::{CheckState, Standing};
use app::domain::confirm::{CardState, Claims, ConfirmationKind, Holder};
use app::domain::retention::Retained;
use app::domain::time::Instant;
use sqlx::migrate::Migrator;

use super::cards::clerk;
use super::{NOW, TestStore, fill_draft, fresh_postgres, owner, store_test, submit};
use crate::confirm::{ConfirmationKey, issue_card, issue_claims, issue_receipt};
use crate::seal::Sealer;
use crate::settings::Engine;
use crate::store::audit::Actor;
use crate::store::confirmations::{Belongs, ByStaff, KeptConfirmation};
use crate::store::scans::{NewScan, ScanAnswer};
use crate::store::{IdempotencyKey, NewConfirmation, Store, StoreError};

const STREET: &str = "320214050";
const NUMBER: &str = "LS261123000001";
const HOUR: i64 = 3_600_000;

fn later(ms: i64) -> Instant {
    Instant(NOW.0 + ms)
}

fn key(store: &Store, text: &str) -> IdempotencyKey {
    IdempotencyKey::new(store, text, "body")
}

/// A meal that was reserved at `NOW` and is handed out from then on for six hours.
fn meal() -> Claims {
    Claims {
        issuer: "XW".into(),
        issued_at: NOW.seconds(),
        not_before: None,
        expires_at: later(6 * HOUR).seconds(),
        id: [0; 10],
        kind: ConfirmationKind::Meal,
        number: "ZC261123000001".into(),
        office: 320_214_050,
        start: later(HOUR).seconds(),
        minutes: 60,
        holder: Some(Holder { name: "李＊＊".into(), document_tail: "909".into() }),
    }
}

async fn issue(store: &TestStore, claims: Claims) -> NewConfirmation {
    let new = issue_claims(&store.signing, claims).await.unwrap();
    let belongs = Belongs::default();
    store.issue_confirmation(&new, &belongs, &Actor::System, &key(store, &new.id), NOW).await.unwrap();
    new
}

async fn kept(store: &Store, id: &str) -> KeptConfirmation {
    store.confirmation(id).await.unwrap().unwrap()
}

/// The receipt of an application that a device sent.
async fn receipt(store: &TestStore) -> KeptConfirmation {
    let me = owner("me");
    fill_draft(store, &me).await;
    submit(store, &me, NUMBER, "sent", "body").await.unwrap();
    store.confirmations_of_number(NUMBER).await.unwrap().remove(0)
}

async fn again(store: &TestStore, old: &KeptConfirmation) -> NewConfirmation {
    issue_claims(&store.signing, old.claims().unwrap()).await.unwrap()
}

store_test!(what_was_cancelled_is_brought_back_by_nothing, |store| {
    let receipt = receipt(&store).await;
    let (staff, actor) = clerk(&store, "li.ming").await;
    let by = ByStaff { actor: &actor, staff: &staff };
    let at = later(HOUR);
    for _ in 0..2 {
        let key = key(&store, "cancel");
        store.cancel_confirmation(&receipt.id, CancelReason::Misuse, &by, &key, at).await.unwrap();
    }
    let dead = kept(&store, &receipt.id).await;
    assert_eq!(dead.standing, Standing::Cancelled(at));
    assert_eq!((dead.state(at), dead.ended_for), (CheckState::Cancelled, Some(CancelReason::Misuse)));
    assert_eq!(store.noted("confirmation_cancelled", &receipt.id).await, 1);
    // Every act on it is refused, and leaves nothing behind.
    let after = later(2 * HOUR);
    let once_more =
        store.cancel_confirmation(&receipt.id, CancelReason::Mistake, &by, &key(&store, "k2"), after).await;
    assert!(matches!(once_more, Err(StoreError::Conflict)));
    let new = again(&store, &receipt).await;
    let anew = store.reissue_confirmation(&receipt.id, &new, &by, &key(&store, "k3"), after).await;
    assert!(matches!(anew, Err(StoreError::Conflict)));
    assert!(store.confirmation(&new.id).await.unwrap().is_none());
    let same = NewConfirmation {
        id: receipt.id.clone(),
        short_code: new.short_code.clone(),
        token: receipt.token.clone(),
        expires_at: receipt.expires_at,
    };
    let belongs = Belongs { application: receipt.application.as_deref(), ..Belongs::default() };
    let put_again =
        store.issue_confirmation(&same, &belongs, &Actor::System, &key(&store, "k4"), after).await;
    assert!(put_again.is_err());
    let scan = NewScan {
        id: &"a".repeat(32),
        confirmation: &receipt.id,
        said_at: after,
        offline: false,
        office: STREET,
    };
    store.record_scan(&scan, &by, after).await.unwrap();
    // Nor does the database let anybody who writes to it.
    let database = store.database().await;
    for statement in [
        "update confirmations set state = 'active', ended_at = null, ended_for = null where state = 'cancelled'",
        "update confirmations set state = 'replaced', replaced_by = 'x' where state = 'cancelled'",
        "update confirmations set ended_at = ended_at + 1 where state = 'cancelled'",
        "update confirmations set id = 'ffffffffffffffffffff' where state = 'cancelled'",
        "update confirmations set token = 'A' where state = 'cancelled'",
    ] {
        assert!(sqlx::query(statement).execute(&database).await.is_err(), "{statement}");
    }
    if store.url.starts_with("sqlite") {
        let replaced = sqlx::query(
            "insert or replace into confirmations select id, area, office, kind, number, short_code, token, 'active', \
             null, null, null, application_id, resident, issued_by, issued_at, holds_from, starts_at, expires_at \
             from confirmations",
        );
        assert!(replaced.execute(&database).await.is_err());
    }
    assert_eq!(kept(&store, &receipt.id).await.standing, Standing::Cancelled(at));
    // The resident's page says so.
    let case = store.case_for(NUMBER, &owner("me"), after).await.unwrap().unwrap();
    assert_eq!((case.cancelled_at, case.replaced_at), (Some(at), None));
    let told: i64 =
        sqlx::query_scalar("select count(*) from outbox where template = 'confirmation_cancelled'")
            .fetch_one(&database)
            .await
            .unwrap();
    assert_eq!(told, 1, "the telephone in the application");
});

store_test!(one_that_is_issued_anew_has_another_identity_and_the_old_one_is_replaced, |store| {
    let first = receipt(&store).await;
    let (staff, actor) = clerk(&store, "li.ming").await;
    let by = ByStaff { actor: &actor, staff: &staff };
    let new = again(&store, &first).await;
    assert_ne!((&new.id, &new.short_code), (&first.id, &first.short_code));
    let changes = store.state_changes();
    for _ in 0..2 {
        // The second press draws another code, and gives the answer of the first.
        let drawn = if store.confirmation(&new.id).await.unwrap().is_some() {
            again(&store, &first).await
        } else {
            new.clone()
        };
        let issued =
            store.reissue_confirmation(&first.id, &drawn, &by, &key(&store, "k1"), later(HOUR)).await;
        assert_eq!(issued.unwrap(), new.id);
    }
    assert_eq!(store.state_changes(), changes + 1);
    let old = kept(&store, &first.id).await;
    assert_eq!(old.standing, Standing::Replaced(later(HOUR)));
    assert_eq!(old.replaced_by.as_deref(), Some(new.id.as_str()));
    let active = kept(&store, &new.id).await;
    assert_eq!((active.number.as_str(), active.standing), (NUMBER, Standing::Holds));
    assert_eq!((active.application, active.issued_by), (first.application.clone(), staff.clone()));
    assert_eq!(store.noted("confirmation_reissued", &first.id).await, 1);
    let case = store.case_for(NUMBER, &owner("me"), later(HOUR)).await.unwrap().unwrap();
    assert_eq!((case.token, case.replaced_at), (new.token.clone(), Some(later(HOUR))));
    assert_eq!(case.cancelled_at, None);
    // The old one stays what it is.
    let twice = again(&store, &first).await;
    let refused = store.reissue_confirmation(&first.id, &twice, &by, &key(&store, "k2"), later(HOUR)).await;
    assert!(matches!(refused, Err(StoreError::Conflict)));
    let refused = store
        .cancel_confirmation(&first.id, CancelReason::Mistake, &by, &key(&store, "k3"), later(HOUR))
        .await;
    assert!(matches!(refused, Err(StoreError::Conflict)));
    // One receipt of an application holds at a time, whoever writes it.
    let belongs = Belongs { application: first.application.as_deref(), ..Belongs::default() };
    let second = store.issue_confirmation(&twice, &belongs, &Actor::System, &key(&store, "k4"), NOW).await;
    assert!(matches!(second, Err(StoreError::Conflict)));
    // What is over is not issued anew.
    let over = Instant(first.expires_at.0);
    let refused = store.reissue_confirmation(&new.id, &twice, &by, &key(&store, "k5"), over).await;
    assert!(matches!(refused, Err(StoreError::Conflict)));
    let listed = store.ended_confirmations(later(HOUR)).await.unwrap();
    assert_eq!(listed, [(first.id_bytes().unwrap(), Standing::Replaced(later(HOUR)))]);
    assert!(store.ended_confirmations(over).await.unwrap().is_empty());
    assert_eq!(store.confirmation_of_short_code(&new.short_code).await.unwrap().unwrap().id, new.id);
    // It goes with its application, and not before.
    let gone = store.retire(Retained::Confirmations, Instant(over.0 + 1), over).await.unwrap();
    assert_eq!(gone, 0);
    assert_eq!(store.retire(Retained::Applications, over, over).await.unwrap(), 1);
    assert!(store.confirmation(&first.id).await.unwrap().is_none());
});

store_test!(sixteen_clerks_at_once_issue_one_in_the_place_of_the_old_one, |store| {
    let first = receipt(&store).await;
    let store = Arc::new(store);
    let mut tasks = tokio::task::JoinSet::new();
    for press in 0..16 {
        let (store, first) = (store.clone(), first.clone());
        tasks.spawn(async move {
            let actor = Actor::staff("clerk");
            let by = ByStaff { actor: &actor, staff: "clerk" };
            let new = again(&store, &first).await;
            let key = key(&store, &format!("k{press}"));
            store.reissue_confirmation(&first.id, &new, &by, &key, later(HOUR)).await
        });
    }
    let done = tasks.join_all().await.into_iter().filter(Result::is_ok).count();
    assert_eq!(done, 1);
    let all = store.confirmations_of_number(NUMBER).await.unwrap();
    assert_eq!(all.iter().filter(|kept| kept.standing == Standing::Holds).count(), 1);
    assert_eq!(all.len(), 2);
});

/// A scan by that person in that place.
async fn scan(
    store: &Store,
    id: &str,
    confirmation: &str,
    (staff, office): (&str, &str),
    (said_at, offline, now): (Instant, bool, Instant),
) -> Result<ScanAnswer, StoreError> {
    let actor = Actor::Staff { id: staff.to_owned(), post: format!("street_officer@{office}") };
    let by = ByStaff { actor: &actor, staff };
    let id = format!("{id:0>32}");
    let new = NewScan { id: &id, confirmation, said_at, offline, office };
    store.record_scan(&new, &by, now).await
}

/// Whether the scan is the use.
fn is_first(answer: &ScanAnswer) -> bool {
    answer.first.as_ref().is_some_and(|first| first.id == answer.scan.id)
}

store_test!(sixty_four_counters_at_once_use_one_code_once, |store| {
    let meal = issue(&store, meal()).await;
    let store = Arc::new(store);
    let mut tasks = tokio::task::JoinSet::new();
    for counter in 0..64 {
        let (store, id) = (store.clone(), meal.id.clone());
        tasks.spawn(async move {
            let office = if counter % 2 == 0 { STREET } else { "320214051" };
            let who = format!("clerk-{counter}");
            // Each counter's clock says something else; online, ours counts.
            let said = later(HOUR - i64::from(counter));
            scan(&store, &counter.to_string(), &id, (&who, office), (said, false, later(HOUR))).await.unwrap()
        });
    }
    let answers = tasks.join_all().await;
    assert_eq!(answers.iter().filter(|answer| is_first(answer)).count(), 1);
    assert!(answers.iter().all(|answer| answer.scan.counts && answer.scan.at == later(HOUR)));
    let first = answers.iter().find(|answer| is_first(answer)).unwrap().scan.clone();
    assert!(answers.iter().all(|answer| answer.first.as_ref() == Some(&first)), "all name the same one");
    assert_eq!(store.noted("confirmation_used", &meal.id).await, 1);
    assert_eq!(store.noted("confirmation_used_again", &meal.id).await, 63);
    assert!(matches!(kept(&store, &meal.id).await.standing, Standing::Used(_)));
    assert_eq!(store.scans_of(&meal.id).await.unwrap().len(), 50, "a page full");
});

store_test!(who_was_first_shows_when_all_scans_are_in, |store| {
    let meal = issue(&store, meal()).await;
    let (here, there) = (("li.ming", STREET), ("wang.fang", "320214051"));
    let at = |hours: i64| later(hours * HOUR);
    // Online at three o'clock; then a scan of two o'clock comes in that was made without network.
    let online = scan(&store, "1", &meal.id, here, (at(3), false, at(3))).await.unwrap();
    assert!(is_first(&online) && online.also.is_empty());
    let offline = scan(&store, "2", &meal.id, there, (at(2), true, at(4))).await.unwrap();
    assert!(is_first(&offline));
    assert_eq!(offline.also.first(), Some(&online.scan));
    // The same id again is the same scan, and learns what is known by now.
    let asked = scan(&store, "1", &meal.id, here, (at(5), false, at(5))).await.unwrap();
    assert_eq!(asked.scan, online.scan);
    assert_eq!(asked.first.as_ref(), Some(&offline.scan));
    let Standing::Used(first) = kept(&store, &meal.id).await.standing else { panic!("not used") };
    assert_eq!((first.at, first.office), (at(2), 320_214_051));
    // One more of the same moment changes nothing, nor does a later one.
    for (id, hour) in [("3", 2), ("4", 3)] {
        assert!(!is_first(&scan(&store, id, &meal.id, here, (at(hour), true, at(5))).await.unwrap()));
    }
    // A clock that is ahead counts as ours, one that is behind the issuing as that.
    let ahead = scan(&store, "5", &meal.id, here, (at(99), true, at(5))).await.unwrap();
    assert_eq!(ahead.scan.at, at(5));
    let behind = scan(&store, "6", &meal.id, here, (at(-99), true, at(5))).await.unwrap();
    assert_eq!((behind.scan.at, is_first(&behind)), (NOW, true));
    // Somebody else's id, and an identity that nobody issued.
    let other = scan(&store, "1", &meal.id, there, (at(1), true, at(5))).await;
    assert!(matches!(other, Err(StoreError::Conflict)));
    let unknown = scan(&store, "7", &"0".repeat(20), here, (at(1), true, at(5))).await;
    assert!(matches!(unknown, Err(StoreError::NotFound)));
    assert_eq!(store.scans_of(&meal.id).await.unwrap().len(), 6);
    // What was used is not issued anew.
    let actor = Actor::staff("li.ming");
    let by = ByStaff { actor: &actor, staff: "li.ming" };
    let new = again(&store, &kept(&store, &meal.id).await).await;
    let refused = store.reissue_confirmation(&meal.id, &new, &by, &key(&store, "k1"), at(5)).await;
    assert!(matches!(refused, Err(StoreError::Conflict)));
    // With its time it goes, and its scans with it.
    let gone = store.retire(Retained::Confirmations, at(7), at(8)).await.unwrap();
    assert_eq!(gone, 1);
    let rest: i64 = sqlx::query_scalar(
        "select (select count(*) from confirmation_scans) + (select count(*) from confirmation_uses)",
    )
    .fetch_one(&store.database().await)
    .await
    .unwrap();
    assert_eq!(rest, 0);
});

store_test!(a_use_counts_only_while_the_code_held, |store| {
    let meal = issue(&store, meal()).await;
    let here = ("li.ming", STREET);
    let actor = Actor::staff("li.ming");
    let by = ByStaff { actor: &actor, staff: "li.ming" };
    let over = scan(&store, "1", &meal.id, here, (later(6 * HOUR), false, later(6 * HOUR))).await.unwrap();
    assert!(!over.scan.counts && over.first.is_none(), "its time was over");
    store
        .cancel_confirmation(&meal.id, CancelReason::Office, &by, &key(&store, "k1"), later(2 * HOUR))
        .await
        .unwrap();
    let after = scan(&store, "2", &meal.id, here, (later(3 * HOUR), true, later(4 * HOUR))).await.unwrap();
    assert!(!after.scan.counts && after.first.is_none());
    let before = scan(&store, "3", &meal.id, here, (later(HOUR), true, later(4 * HOUR))).await.unwrap();
    assert!(before.scan.counts && is_first(&before), "handed out before it was cancelled");
    assert_eq!(kept(&store, &meal.id).await.state(later(4 * HOUR)), CheckState::Cancelled);
    // What may be shown as often as one likes is used by nothing.
    let receipt = receipt(&store).await;
    let shown = scan(&store, "4", &receipt.id, here, (later(HOUR), false, later(HOUR))).await.unwrap();
    assert!(!shown.scan.counts && shown.first.is_none());
    assert_eq!(kept(&store, &receipt.id).await.state(later(HOUR)), CheckState::Valid);
    // Before it begins to hold, it is no use either.
    let booking = Claims {
        kind: ConfirmationKind::Booking,
        number: "HY261123000001".into(),
        not_before: Some(later(4 * HOUR).seconds()),
        ..self::meal()
    };
    let booking = issue(&store, booking).await;
    let early = scan(&store, "5", &booking.id, here, (later(HOUR), false, later(HOUR))).await.unwrap();
    assert!(!early.scan.counts);
    assert_eq!(kept(&store, &booking.id).await.state(later(HOUR)), CheckState::NotYet);
});

/// A database as it was before confirmations of all kinds had one table, with a receipt and three cards of one resident.
async fn old_database(engine: Engine) -> (tempfile::TempDir, String, Vec<NewConfirmation>) {
    let folder = tempfile::tempdir().unwrap();
    let pem = folder.path().join("signing.pem");
    Sealer::create(&folder.path().join("data-keys.toml")).unwrap();
    ConfirmationKey::create(&pem).unwrap();
    let signing = ConfirmationKey::load(&pem).unwrap();
    sqlx::any::install_default_drivers();
    let (url, all) = match engine {
        Engine::Sqlite => (
            format!("sqlite://{}?mode=rwc", folder.path().join("test.db").display()),
            sqlx::migrate!("./migrations/sqlite"),
        ),
        Engine::Postgres => (fresh_postgres().await, sqlx::migrate!("./migrations/postgres")),
    };
    let old = all.iter().filter(|migration| migration.version < 20_261_126_000_001).cloned().collect();
    let database = sqlx::AnyPool::connect(&url).await.unwrap();
    Migrator::with_migrations(old).run(&database).await.unwrap();
    let mut all = vec![issue_receipt(&signing, "XW", NUMBER, STREET, NOW).await.unwrap()];
    for number in ["KP261123000001", "KP261123000002", "KP261123000003"] {
        let holder = Holder { name: "李＊＊".into(), document_tail: "909".into() };
        all.push(issue_card(&signing, "XW", number, STREET, holder, NOW).await.unwrap());
    }
    sqlx::query(
        "insert into residents (id, phone_proved_at, assurance, created_at) values ('r1', 0, 'verified', 0)",
    )
    .execute(&database)
    .await
    .unwrap();
    sqlx::query(
        "insert into applications (area, id, number, item, kind, urgency, state, owner, draft_id, received_at, \
         limit_sample, applicant_name, document_number, document_index, mobile, mobile_index, mobile_tail_index, \
         story, details) values ($1, 'a1', $2, 'temp', 'emergency', 'today', 'received', 'me', 'd1', $3, 0, $4, $4, \
         'x', $4, 'x', 'x', $4, $4)",
    )
    .bind(STREET)
    .bind(NUMBER)
    .bind(NOW.0)
    .bind(vec![0_u8])
    .execute(&database)
    .await
    .unwrap();
    sqlx::query(
        "insert into confirmations (area, id, kind, application_id, short_code, token, issued_at, expires_at) \
         values ($1, $2, 'receipt', 'a1', $3, $4, $5, $6)",
    )
    .bind(STREET)
    .bind(&all[0].id)
    .bind(&all[0].short_code)
    .bind(&all[0].token)
    .bind(NOW.0)
    .bind(all[0].expires_at.0)
    .execute(&database)
    .await
    .unwrap();
    let states = [("replaced", 0, Some(HOUR)), ("lost", HOUR, Some(2 * HOUR)), ("active", 3 * HOUR, None)];
    for (card, (state, issued, ended)) in all[1..].iter().zip(states) {
        sqlx::query(
            "insert into cards (id, resident, area, short_code, token, state, issued_by, issued_at, expires_at, \
             ended_at) values ($1, 'r1', $2, $3, $4, $5, 'clerk', $6, $7, $8)",
        )
        .bind(&card.id)
        .bind(STREET)
        .bind(&card.short_code)
        .bind(&card.token)
        .bind(state)
        .bind(NOW.0 + issued)
        .bind(card.expires_at.0)
        .bind(ended.map(|ms| NOW.0 + ms))
        .execute(&database)
        .await
        .unwrap();
    }
    database.close().await;
    (folder, url, all)
}

async fn old_rows_are_carried_over(engine: Engine) {
    let (folder, url, old) = old_database(engine).await;
    let sealer = Sealer::load(&folder.path().join("data-keys.toml")).unwrap();
    let store = Store::open(&url, engine, Arc::new(sealer)).await.unwrap();
    let receipt = kept(&store, &old[0].id).await;
    assert_eq!((receipt.kind, receipt.number.as_str()), (ConfirmationKind::AidReceipt, NUMBER));
    assert_eq!((receipt.standing, receipt.issued_at), (Standing::Holds, NOW));
    assert_eq!(receipt.application.as_deref(), Some("a1"));
    let cards = [
        (Standing::Replaced(later(HOUR)), "KP261123000001"),
        (Standing::Lost(later(2 * HOUR)), "KP261123000002"),
        (Standing::Holds, "KP261123000003"),
    ];
    for (new, (standing, number)) in old[1..].iter().zip(cards) {
        let card = kept(&store, &new.id).await;
        assert_eq!((card.kind, card.standing), (ConfirmationKind::Card, standing));
        assert_eq!((card.number.as_str(), card.token.as_str()), (number, new.token.as_str()));
        assert_eq!((card.resident.as_deref(), card.issued_by.as_str()), (Some("r1"), "clerk"));
        assert_eq!((card.area.as_str(), card.expires_at), (STREET, new.expires_at));
        assert_eq!(store.confirmation_of_short_code(&new.short_code).await.unwrap().unwrap().id, new.id);
    }
    assert_eq!(kept(&store, &old[1].id).await.replaced_by.as_ref(), Some(&old[2].id));
    assert_eq!(store.card_state(&old[3].id).await.unwrap(), Some(CardState::Active));
    assert_eq!(store.cards_of("r1").await.unwrap().len(), 3);
    store.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn old_rows_are_carried_over_sqlite() {
    old_rows_are_carried_over(Engine::Sqlite).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn old_rows_are_carried_over_postgres() {
    old_rows_are_carried_over(Engine::Postgres).await;
}
