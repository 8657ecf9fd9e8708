//! What is over goes after its time; what is open stays, however old it is.

#![cfg(test)]

use app::domain::audit::{AuditAct, Purpose};
use app::domain::complaint::{Complaint, ComplaintForm};
use app::domain::retention::Retained;
use app::domain::time::Instant;

use super::{CODE, NOW, SECRET, TestStore, fill_draft, owner, store_test, submit};
use crate::store::audit::{Actor, AuditEntry};
use crate::store::{IdempotencyKey, NewComplaint, StoreError};

const DAY: i64 = 24 * 3_600_000;

fn days_later(days: i64) -> Instant {
    Instant(NOW.0 + days * DAY)
}

async fn count(store: &TestStore, query: &'static str) -> i64 {
    sqlx::query_scalar(query).fetch_one(&store.database().await).await.unwrap()
}

async fn run(store: &TestStore, statement: &'static str) {
    sqlx::query(statement).bind(NOW.0).execute(&store.database().await).await.unwrap();
}

/// Deletes what was over a day before `now`.
async fn retire(store: &TestStore, retained: Retained, now: Instant) -> u64 {
    store.retire(retained, Instant(now.0 - DAY), now).await.unwrap()
}

store_test!(an_application_goes_with_everything_that_hangs_on_it, |store| {
    let (me, other) = (owner("me"), owner("other"));
    fill_draft(&store, &me).await;
    submit(&store, &me, "LS261123000001", "key-1", "body").await.unwrap();
    assert!(store.grant_case("LS261123000001", "1234", &other, days_later(1)).await.unwrap());
    assert_eq!(retire(&store, Retained::Applications, days_later(1)).await, 0, "not a moment too early");
    let own = app::domain::name::PersonName::parse("李大妈").unwrap();
    assert!(store.give_consent(SECRET, CODE, &own, &Actor::System, NOW).await.unwrap());
    assert_eq!(retire(&store, Retained::Applications, Instant(days_later(1).0 + 1)).await, 1);
    for query in [
        "select count(*) from applications",
        "select count(*) from household_members",
        "select count(*) from check_consents",
        "select count(*) from case_events",
        "select count(*) from papers",
        "select count(*) from confirmations",
        "select count(*) from confirmation_grants",
    ] {
        assert_eq!(count(&store, query).await, 0, "{query}");
    }
    assert!(store.case_for("LS261123000001", &me, NOW).await.unwrap().is_none());
    let gone = store.give_consent(SECRET, CODE, &own, &Actor::System, NOW).await;
    assert!(matches!(gone, Err(StoreError::NotFound)));
    let noted = "select count(*) from audit_entries where act = 'retired' and object_kind = 'applications'";
    assert_eq!(count(&store, noted).await, 1);
    assert_eq!(retire(&store, Retained::Applications, days_later(9)).await, 0);
    assert_eq!(count(&store, noted).await, 1, "where nothing went, nothing is noted");
});

store_test!(a_complaint_goes_after_its_closing_and_never_before, |store| {
    let form = ComplaintForm {
        kind: "complaint".into(),
        text: "窗口等了三个小时".into(),
        area: "320214050".into(),
        ..ComplaintForm::default()
    };
    let complaint = Complaint::parse(&form).unwrap();
    for (id, number) in [("open", "TS1"), ("closed", "TS2"), ("again", "TS3"), ("answered", "TS4")] {
        let new = NewComplaint {
            id: id.into(),
            number: number.into(),
            complaint: &complaint,
            code: format!("7K3M9QX{}", number.len() + number.bytes().last().map_or(0, usize::from)),
            received_at: NOW,
            due_on: None,
        };
        let key = IdempotencyKey::new(&store, id, "body");
        store.keep_complaint(&new, &key, &owner("me")).await.unwrap();
    }
    run(&store, "update complaints set state = 'closed', closed_at = $1 + 864000000 where id = 'closed'")
        .await;
    run(
        &store,
        "update complaints set state = 'answered', answered_at = $1 + 864000000 where id = 'answered'",
    )
    .await;
    // Closed once, then sent on.
    run(&store, "update complaints set state = 'received', closed_at = $1 where id = 'again'").await;
    assert_eq!(retire(&store, Retained::Complaints, days_later(11)).await, 0);
    assert_eq!(retire(&store, Retained::Complaints, days_later(12)).await, 2);
    assert!(!store.complaint_exists("TS2").await.unwrap());
    assert!(!store.complaint_exists("TS4").await.unwrap(), "answered and left unclosed");
    assert!(store.complaint_exists("TS1").await.unwrap() && store.complaint_exists("TS3").await.unwrap());
});

store_test!(sent_and_given_up_messages_go_and_waiting_ones_stay, |store| {
    for statement in [
        "insert into outbox (id, area, channel, template, urgent, created_at, next_try_at, tries, sent_at) \
         values ('sent', '320214', 'text', 't', 0, 0, 0, 1, $1)",
        "insert into outbox (id, area, channel, template, urgent, created_at, next_try_at, tries, gave_up_at) \
         values ('given-up', '320214', 'text', 't', 0, 0, 0, 10, $1)",
        "insert into outbox (id, area, channel, template, urgent, created_at, next_try_at, tries) \
         values ('letter', '320214', 'letter', 't', 0, $1, 0, 0)",
        "insert into outbox (id, area, channel, template, urgent, created_at, next_try_at, tries) \
         values ('waiting', '320214', 'text', 't', 0, $1, 0, 0)",
    ] {
        run(&store, statement).await;
    }
    assert_eq!(retire(&store, Retained::Outbox, days_later(1)).await, 0);
    assert_eq!(retire(&store, Retained::Outbox, days_later(2)).await, 2);
    assert_eq!(count(&store, "select count(*) from outbox where id in ('letter', 'waiting')").await, 2);
});

store_test!(a_notice_goes_after_its_reading_or_its_age, |store| {
    store.resident("r1").await;
    for statement in [
        "insert into notices (id, resident, template, details, created_at, read_at) \
         select 'read-late', 'r1', 't', wrapped, $1, $1 + 432000000 from person_keys",
        "insert into notices (id, resident, template, details, created_at) \
         select 'unread', 'r1', 't', wrapped, $1 from person_keys",
    ] {
        run(&store, statement).await;
    }
    assert_eq!(retire(&store, Retained::Notices, days_later(2)).await, 1);
    assert_eq!(count(&store, "select count(*) from notices where id = 'read-late'").await, 1);
    assert_eq!(retire(&store, Retained::Notices, days_later(7)).await, 1);
});

store_test!(codes_sessions_and_grants_go_after_their_end, |store| {
    store.resident("r1").await;
    for statement in [
        "insert into sign_in_codes (id, phone, phone_index, code_hash, tries, created_at, expires_at) \
         select 'c1', wrapped, 'x', 'x', 0, 0, $1 from person_keys",
        "insert into resident_sessions (token_hash, id, resident, device, described, proved, created_at, seen_at, \
         ends_at) values ('t1', 's1', 'r1', 'd', 'd', 1, 0, 0, $1)",
        "insert into confirmation_grants (owner, number, expires_at) values ('o', 'n', $1)",
        "insert into idempotency_keys (key_hash, owner, act, body_hash, answer, created_at) \
         values ('k', 'o', 'a', 'b', 'c', $1)",
    ] {
        run(&store, statement).await;
    }
    for retained in [
        Retained::SignInCodes,
        Retained::ResidentSessions,
        Retained::ConfirmationGrants,
        Retained::IdempotencyKeys,
    ] {
        assert_eq!(retire(&store, retained, days_later(1)).await, 0, "{retained:?}");
        assert_eq!(retire(&store, retained, days_later(2)).await, 1, "{retained:?}");
    }
});

store_test!(the_hour_that_counts_is_never_forgotten, |store| {
    store.count_try("open 1", NOW).await.unwrap();
    assert_eq!(store.retire(Retained::Tries, NOW, NOW).await.unwrap(), 0, "zero days");
    let later = Instant(NOW.0 + 3 * 3_600_000);
    assert_eq!(store.retire(Retained::Tries, later, later).await.unwrap(), 1);
    assert_eq!(store.count_try("open 1", NOW).await.unwrap(), 1);
});

store_test!(a_proxy_that_holds_stays_and_what_is_over_goes, |store| {
    let ended = [
        "insert into proxies (id, kind, state, representative, scope, ends_on, details, evidence, requested_at, \
         ended_at) select 'ended', 'relative', 'ended', 'r1', 's', '2027-11-23', wrapped, 'code', 0, $1 from person_keys",
        "insert into proxies (id, kind, state, representative, scope, ends_on, details, evidence, requested_at, \
         link_ends_at) select 'never-answered', 'relative', 'requested', 'r1', 's', '2027-11-23', wrapped, 'none', 0, $1 \
         from person_keys",
    ];
    store.resident("r1").await;
    for statement in ended {
        run(&store, statement).await;
    }
    for (id, until) in [("by-its-day", "2026-11-23"), ("holds", "2027-11-23")] {
        sqlx::query(
            "insert into proxies (id, kind, state, representative, scope, ends_on, details, evidence, requested_at) \
             select $1, 'relative', 'active', 'r1', 's', $2, wrapped, 'code', 0 from person_keys",
        )
        .bind(id)
        .bind(until)
        .execute(&store.database().await)
        .await
        .unwrap();
    }
    assert_eq!(retire(&store, Retained::Proxies, days_later(1)).await, 0);
    assert_eq!(retire(&store, Retained::Proxies, days_later(2)).await, 3);
    assert_eq!(count(&store, "select count(*) from proxies where id = 'holds'").await, 1);
});

store_test!(many_rows_go_in_batches_and_are_noted_once, |store| {
    let mut tx = store.begin().await;
    for n in 0..1_100 {
        sqlx::query(
            "insert into idempotency_keys (key_hash, owner, act, body_hash, answer, created_at) \
             values ($1, 'o', 'a', 'b', 'c', $2)",
        )
        .bind(format!("k{n}"))
        .bind(NOW.0)
        .execute(&mut *tx)
        .await
        .unwrap();
    }
    tx.commit().await.unwrap();
    assert_eq!(retire(&store, Retained::IdempotencyKeys, days_later(2)).await, 1_100);
    assert_eq!(count(&store, "select count(*) from audit_entries where act = 'retired'").await, 1);
});

store_test!(the_trail_is_cut_after_its_time, |store| {
    for (area, at) in [("320214050", NOW), ("320214051", NOW), ("320214050", days_later(5))] {
        let entry = AuditEntry {
            area,
            actor: &Actor::System,
            on_behalf_of: None,
            act: AuditAct::DetailsRead,
            object_kind: "applications",
            object: "a",
            subject: None,
            purpose: Purpose::Handling,
        };
        store.note_alone(&entry, at).await.unwrap();
    }
    assert_eq!(retire(&store, Retained::AuditEntries, days_later(2)).await, 0, "not sealed, so not cut");
    crate::audit::sealer::seal_all(&store, || NOW).await.unwrap();
    assert_eq!(retire(&store, Retained::AuditEntries, days_later(2)).await, 2);
    assert_eq!(count(&store, "select count(*) from audit_entries where act = 'details_read'").await, 1);
    for area in ["320214050", "320214051"] {
        assert_eq!(crate::audit::verify::verify(&store, area).await.unwrap().broken, None);
    }
});
