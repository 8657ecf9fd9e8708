//! The audit chain: what was noted can be proved, what was tampered with is named.

#![cfg(test)]

use std::process::ExitCode;
use std::time::{Duration, Instant as Stopwatch};

use app::domain::audit::{AuditAct, Purpose};
use app::domain::time::Instant;

use super::{CODE, NOW, SECRET, TestStore, fill_draft, owner, store_test, submit};
use crate::audit::Head;
use crate::audit::command::cut_all;
use crate::audit::sealer::seal_all;
use crate::audit::verify::{How, Report, verify};
use crate::settings::Settings;
use crate::store::Store;
use crate::store::audit::{Actor, AuditEntry};

const STREET: &str = "320214050";
const OTHER: &str = "320214051";

/// How many entries the test of concurrent writers writes in `make tests`, and how many in `make soak`.
const CONCURRENT: (usize, usize) = (200, 20_000);

fn staff() -> Actor {
    Actor::Staff { id: "s1".into(), post: "street_officer@320214050".into() }
}

fn entry<'a>(area: &'a str, object: &'a str, actor: &'a Actor) -> AuditEntry<'a> {
    AuditEntry {
        area,
        actor,
        on_behalf_of: None,
        act: AuditAct::DetailsRead,
        object_kind: "applications",
        object,
        subject: Some("r1"),
        purpose: Purpose::Handling,
    }
}

/// Notes `count` entries, a second apart, and seals them.
async fn sealed(store: &TestStore, count: i64) {
    for n in 0..count {
        store
            .note_alone(&entry(STREET, &format!("a{n}"), &staff()), Instant(NOW.0 + n * 1_000))
            .await
            .unwrap();
    }
    assert_eq!(seal(store).await, u64::try_from(count).unwrap());
}

async fn seal(store: &Store) -> u64 {
    seal_all(store, || NOW).await.unwrap()
}

async fn report(store: &Store) -> Report {
    verify(store, STREET).await.unwrap()
}

/// Which link is broken, and how.
async fn broken(store: &Store) -> (i64, How) {
    let broken = report(store).await.broken.expect("the chain should be broken");
    (broken.sequence, broken.how)
}

/// Takes the triggers away, as somebody with the database's password could.
async fn without_triggers(store: &TestStore) -> sqlx::AnyPool {
    let database = store.database().await;
    for table in ["audit_entries", "audit_seals", "audit_cuts"] {
        if store.url.starts_with("sqlite") {
            let names: Vec<String> =
                sqlx::query_scalar("select name from sqlite_master where type = 'trigger' and tbl_name = $1")
                    .bind(table)
                    .fetch_all(&database)
                    .await
                    .unwrap();
            for name in names {
                run(&database, &format!("drop trigger {name}")).await;
            }
        } else {
            run(&database, &format!("alter table {table} disable trigger user")).await;
        }
    }
    database
}

async fn run(database: &sqlx::AnyPool, statement: &str) -> u64 {
    try_to(database, statement).await.unwrap()
}

async fn try_to(database: &sqlx::AnyPool, statement: &str) -> Result<u64, sqlx::Error> {
    // Statements of this file, made of its own words.
    sqlx::query(sqlx::AssertSqlSafe(statement.to_owned()))
        .execute(database)
        .await
        .map(|done| done.rows_affected())
}

store_test!(entries_of_each_area_are_linked_in_their_order_and_hold, |store| {
    for (n, area) in [(2, STREET), (0, STREET), (1, OTHER)] {
        store.note_alone(&entry(area, &format!("a{n}"), &staff()), Instant(NOW.0 + n)).await.unwrap();
    }
    let before = report(&store).await;
    assert_eq!((before.sealed, before.unsealed, before.broken), (0, 2, None));
    assert!(before.head.sequence == 0);
    assert_eq!(seal(&store).await, 3);
    assert_eq!(seal(&store).await, 0, "nothing waits any more");
    let after = report(&store).await;
    assert_eq!((after.sealed, after.unsealed, after.broken), (2, 0, None));
    assert_ne!(after.head.hash, before.head.hash);
    assert_eq!(verify(&store, OTHER).await.unwrap().sealed, 1);
    let first: String = sqlx::query_scalar(
        "select e.object from audit_seals s join audit_entries e on e.area = s.area and e.id = s.entry \
         where s.area = $1 and s.sequence = 1",
    )
    .bind(STREET)
    .fetch_one(&store.database().await)
    .await
    .unwrap();
    assert_eq!(first, "a0");
    // What comes later with an earlier time goes behind the end.
    store.note_alone(&entry(STREET, "late", &staff()), Instant(NOW.0 - 5)).await.unwrap();
    assert_eq!(seal(&store).await, 1);
    assert_eq!(report(&store).await.broken, None);
});

store_test!(nothing_of_the_trail_is_changed_or_deleted_while_the_triggers_stand, |store| {
    sealed(&store, 3).await;
    store.note_alone(&entry(STREET, "new", &staff()), NOW).await.unwrap();
    let database = store.database().await;
    for statement in [
        "update audit_entries set post = 'x'",
        "delete from audit_entries",
        "delete from audit_entries where object = 'new'",
        "update audit_seals set hash = 'x'",
        "delete from audit_seals where sequence = 3",
        "delete from audit_seals",
    ] {
        assert!(try_to(&database, statement).await.is_err(), "{statement}");
    }
    assert_eq!(cut_all(&store, STREET, Instant(NOW.0 + 1_000), NOW).await.unwrap(), 1);
    for statement in [
        "update audit_cuts set through = 3",
        "delete from audit_cuts",
        "delete from audit_seals where sequence = 2",
    ] {
        assert!(try_to(&database, statement).await.is_err(), "{statement}");
    }
    if !store.url.starts_with("sqlite") {
        for table in ["audit_entries", "audit_seals", "audit_cuts"] {
            assert!(try_to(&database, &format!("truncate {table}")).await.is_err(), "{table}");
        }
    }
    assert_eq!(report(&store).await.broken, None);
});

store_test!(a_changed_entry_is_found, |store| {
    sealed(&store, 5).await;
    let database = without_triggers(&store).await;
    for (column, value) in
        [("post", "'other@320214050'"), ("subject", "null"), ("act", "'signed_in'"), ("at", "1")]
    {
        let old = report(&store).await;
        assert_eq!(old.broken, None, "{column}");
        run(&database, "create table kept as select * from audit_entries").await;
        run(&database, &format!("update audit_entries set {column} = {value} where object = 'a2'")).await;
        assert_eq!(broken(&store).await, (3, How::Changed), "{column}");
        let found = report(&store).await;
        assert_eq!(found.sealed, 2, "what stands before it holds");
        assert!(found.lines()[0].contains("BROKEN: number 3, entry "), "{:?}", found.lines());
        run(&database, "delete from audit_entries").await;
        run(&database, "insert into audit_entries select * from kept").await;
        run(&database, "drop table kept").await;
    }
});

store_test!(a_removed_entry_or_seal_is_found, |store| {
    sealed(&store, 5).await;
    let database = without_triggers(&store).await;
    run(&database, "create table kept as select * from audit_entries").await;
    run(&database, "delete from audit_entries where object = 'a3'").await;
    assert_eq!(broken(&store).await, (4, How::Removed));
    run(&database, "insert into audit_entries select * from kept where object = 'a3'").await;
    assert_eq!(report(&store).await.broken, None);
    // The last entry, with its seal left.
    run(&database, "delete from audit_entries where object = 'a4'").await;
    assert_eq!(broken(&store).await, (5, How::Removed));
    run(&database, "insert into audit_entries select * from kept where object = 'a4'").await;
    run(&database, "delete from audit_seals where sequence = 1").await;
    assert_eq!(broken(&store).await, (1, How::Removed));
});

store_test!(reordered_entries_and_seals_are_found, |store| {
    sealed(&store, 6).await;
    let database = without_triggers(&store).await;
    let swap = "update audit_seals set sequence = case sequence when 2 then -3 when 3 then -2 end where sequence in (2, 3)";
    run(&database, swap).await;
    run(&database, "update audit_seals set sequence = - sequence where sequence < 0").await;
    assert_eq!(broken(&store).await, (2, How::Reordered));
    run(&database, swap).await;
    run(&database, "update audit_seals set sequence = - sequence where sequence < 0").await;
    assert_eq!(report(&store).await.broken, None);

    // The seals stand, their entries are exchanged.
    run(&database, "create table kept as select sequence, entry from audit_seals").await;
    run(&database, "update audit_seals set entry = '-' || entry where sequence in (4, 5)").await;
    run(
        &database,
        "update audit_seals set entry = (select k.entry from kept k where k.sequence = 9 - audit_seals.sequence) \
         where sequence in (4, 5)",
    )
    .await;
    assert_eq!(broken(&store).await, (4, How::Reordered));
});

store_test!(an_inserted_entry_is_found, |store| {
    sealed(&store, 4).await;
    let database = without_triggers(&store).await;
    run(&database, "update audit_seals set sequence = - (sequence + 1) where sequence >= 3").await;
    run(&database, "update audit_seals set sequence = - sequence where sequence < 0").await;
    run(
        &database,
        "insert into audit_entries select area, 'forged', at, actor_kind, actor, post, on_behalf_of, act, object_kind, \
         object, subject, purpose from audit_entries where object = 'a1'",
    )
    .await;
    run(
        &database,
        "insert into audit_seals select area, 3, 'forged', hash, sealed_at from audit_seals where sequence = 2",
    )
    .await;
    assert_eq!(broken(&store).await, (3, How::Inserted));
});

store_test!(an_entry_without_a_seal_is_counted_and_no_fault, |store| {
    sealed(&store, 2).await;
    store.note_alone(&entry(STREET, "new", &staff()), NOW).await.unwrap();
    let found = report(&store).await;
    assert_eq!((found.sealed, found.unsealed, &found.broken), (2, 1, &None));
    assert!(
        found.lines().iter().any(|line| line.contains("1 entries not sealed yet")),
        "{:?}",
        found.lines()
    );
});

store_test!(a_cut_chain_holds_and_goes_on, |store| {
    sealed(&store, 10).await;
    let cut_at = Instant(NOW.0 + 99_000);
    assert_eq!(cut_all(&store, STREET, NOW, cut_at).await.unwrap(), 0, "nothing is that old");
    assert_eq!(cut_all(&store, STREET, Instant(NOW.0 + 4_000), cut_at).await.unwrap(), 4);
    let found = report(&store).await;
    assert_eq!((found.sealed, found.unsealed, &found.broken), (6, 1, &None), "the cut itself is noted");
    assert_eq!(found.cut, Some((4, cut_at)));
    assert_eq!(seal(&store).await, 1);
    assert_eq!(report(&store).await.head.sequence, 11);
    assert_eq!(store.audit_head(STREET).await.unwrap(), report(&store).await.head);

    // All of it, and on from there.
    assert_eq!(cut_all(&store, STREET, Instant(NOW.0 + 3_600_000), cut_at).await.unwrap(), 7);
    let database = store.database().await;
    let left: i64 =
        sqlx::query_scalar("select count(*) from audit_seals").fetch_one(&database).await.unwrap();
    assert_eq!(left, 0);
    assert_eq!(store.audit_head(STREET).await.unwrap().sequence, 11, "the end stands in the cut");
    assert_eq!(seal(&store).await, 1);
    let found = report(&store).await;
    assert_eq!((found.sealed, found.head.sequence, &found.broken), (1, 12, &None));

    // What lies before a cut was put there.
    let database = without_triggers(&store).await;
    run(&database, "insert into audit_seals values ('320214050', 3, 'x', 'y', 0)").await;
    assert_eq!(broken(&store).await, (3, How::BeforeCut));
});

store_test!(a_cut_that_the_program_did_not_make_is_found_although_the_triggers_let_it_go, |store| {
    sealed(&store, 6).await;
    assert_eq!(cut_all(&store, STREET, Instant(NOW.0 + 1_000), NOW).await.unwrap(), 1);
    let database = store.database().await;
    run(
        &database,
        "insert into audit_cuts (area, through, end_hash, cut_at) \
         select area, sequence, hash, sealed_at from audit_seals where sequence = 4",
    )
    .await;
    let gone = "delete from audit_entries where id in (select entry from audit_seals where sequence <= 4)";
    assert_eq!(run(&database, gone).await, 3);
    assert_eq!(run(&database, "delete from audit_seals where sequence <= 4").await, 3);
    assert_eq!(broken(&store).await, (4, How::CutByOthers));
    let told = report(&store).await.lines();
    assert!(told[0].contains("BROKEN: number 4 and all before it were cut"), "{told:?}");
    // A proof that was another cut's is none.
    let database = without_triggers(&store).await;
    run(
        &database,
        "update audit_cuts set proof = (select c.proof from audit_cuts c where c.through = 1) where through = 4",
    )
    .await;
    assert_eq!(broken(&store).await, (4, How::CutByOthers));
});

store_test!(no_row_of_the_trail_is_put_in_the_place_of_another, |store| {
    if !store.url.starts_with("sqlite") {
        // PostgreSQL has no way to replace a row but an update.
        return;
    }
    sealed(&store, 3).await;
    assert_eq!(cut_all(&store, STREET, Instant(NOW.0 + 1_000), NOW).await.unwrap(), 1);
    store.note_alone(&entry(STREET, "new", &staff()), NOW).await.unwrap();
    let database = store.database().await;
    for statement in [
        "insert or replace into audit_entries select area, id, at, actor_kind, 'other', post, on_behalf_of, act, \
         object_kind, object, subject, purpose from audit_entries",
        "insert or replace into audit_seals select area, sequence, entry, 'x', sealed_at from audit_seals",
        "insert or replace into audit_seals select area, 99, entry, hash, sealed_at from audit_seals",
        "insert or replace into audit_cuts select area, through, 'x', cut_at, proof from audit_cuts",
    ] {
        assert!(try_to(&database, statement).await.is_err(), "{statement}");
    }
    assert_eq!(report(&store).await.broken, None);
});

store_test!(an_end_that_was_written_down_proves_what_came_before_it, |store| {
    let written = |head: &Head| vec![format!("{STREET}:{}:{}", head.sequence, head.hash)];
    sealed(&store, 5).await;
    let early = report(&store).await.head;
    for n in 5..8 {
        store
            .note_alone(&entry(STREET, &format!("a{n}"), &staff()), Instant(NOW.0 + n * 1_000))
            .await
            .unwrap();
    }
    seal(&store).await;
    let late = report(&store).await.head;
    let ask = async |heads: Vec<String>| {
        let verify = crate::cli::AuditCommand::Verify { area: None, heads };
        let (lines, code) =
            crate::audit::command::run(&verify, &Settings::for_tests(), &store, NOW).await.unwrap();
        (lines.last().cloned().unwrap(), format!("{code:?}") == format!("{:?}", ExitCode::SUCCESS))
    };
    for head in [&early, &late] {
        let (line, whole) = ask(written(head)).await;
        assert!(whole && line.contains("as it was written down"), "{line}");
    }
    let (line, whole) = ask(written(&Head { hash: late.hash.clone(), ..early.clone() })).await;
    assert!(!whole && line.contains("is another"), "{line}");
    // The end is cut off, cleanly.
    let database = without_triggers(&store).await;
    run(
        &database,
        "delete from audit_entries where id in (select entry from audit_seals where sequence > 6)",
    )
    .await;
    run(&database, "delete from audit_seals where sequence > 6").await;
    assert_eq!(report(&store).await.broken, None, "the chain alone can't tell");
    let (line, whole) = ask(written(&late)).await;
    assert!(!whole && line.contains("is gone"), "{line}");
    assert!(ask(written(&early)).await.1);
    // What was cut in the course of things is neither proved nor refuted.
    cut_all(&store, STREET, Instant(NOW.0 + 5_000), NOW).await.unwrap();
    let (line, whole) = ask(written(&early)).await;
    assert!(whole && line.contains("was the last that was cut"), "{line}");
    cut_all(&store, STREET, Instant(NOW.0 + 6_000), NOW).await.unwrap();
    let (line, whole) = ask(written(&early)).await;
    assert!(whole && line.contains("lies before the cut"), "{line}");
    for nonsense in ["", "320214050", "320214050:x:y", "999:1:00"] {
        let verify = crate::cli::AuditCommand::Verify { area: None, heads: vec![nonsense.into()] };
        let asked = crate::audit::command::run(&verify, &Settings::for_tests(), &store, NOW).await;
        assert!(asked.is_err(), "{nonsense}");
    }
});

store_test!(a_broken_chain_is_not_cut, |store| {
    sealed(&store, 5).await;
    let database = without_triggers(&store).await;
    run(&database, "update audit_entries set post = 'x' where object = 'a1'").await;
    assert!(cut_all(&store, STREET, Instant(NOW.0 + 3_600_000), NOW).await.is_err());
    assert_eq!(broken(&store).await, (2, How::Changed));
});

store_test!(the_command_tells_each_chain_and_fails_for_a_broken_one, |store| {
    use crate::cli::AuditCommand::{Cut, Verify};
    let mut settings = Settings::for_tests();
    let all = Verify { area: None, heads: Vec::new() };
    let command = |settings: Settings, command| {
        let store = store.store.clone();
        async move { crate::audit::command::run(&command, &settings, &store, NOW).await }
    };
    let code = |code: ExitCode| format!("{code:?}");
    let (lines, ended) = command(settings.clone(), all.clone()).await.unwrap();
    assert_eq!((lines.len(), code(ended)), (1, code(ExitCode::SUCCESS)));
    sealed(&store, 2).await;
    store.note_alone(&entry(OTHER, "a", &staff()), NOW).await.unwrap();
    let (lines, ended) = command(settings.clone(), all.clone()).await.unwrap();
    assert_eq!((lines[0].as_str(), lines[2].as_str()), ("320214050  whole", "320214051  whole"));
    assert_eq!(code(ended), code(ExitCode::SUCCESS));

    settings.profile = crate::settings::Profile::Production;
    let yesterday = Cut { before: jiff::civil::date(2026, 11, 22) };
    assert!(command(settings.clone(), yesterday.clone()).await.is_err(), "too early in production");
    let long_ago = Cut { before: jiff::civil::date(2026, 5, 1) };
    assert!(command(settings.clone(), long_ago).await.is_ok());
    settings.profile = crate::settings::Profile::Demo;
    assert!(command(settings.clone(), yesterday).await.is_ok());

    let database = without_triggers(&store).await;
    run(&database, "update audit_entries set post = 'x' where object = 'a1'").await;
    let (lines, ended) = command(settings.clone(), all).await.unwrap();
    assert!(lines[0].contains("BROKEN: number 2"), "{lines:?}");
    assert_eq!(code(ended), code(ExitCode::FAILURE));
    let (_, ended) = command(settings, Verify { area: Some(OTHER.into()), heads: Vec::new() }).await.unwrap();
    assert_eq!(code(ended), code(ExitCode::SUCCESS));
});

store_test!(acts_of_residents_are_noted_with_them, |store| {
    let me = owner("me");
    fill_draft(&store, &me).await;
    submit(&store, &me, "LS261123000001", "key-1", "body").await.unwrap();
    // Pressed again: the same answer, no second act.
    submit(&store, &me, "LS261123000001", "key-1", "body").await.unwrap();
    let own = app::domain::name::PersonName::parse("李大妈").unwrap();
    let device = Actor::Device("phone".into());
    for _ in 0..2 {
        assert!(store.give_consent(SECRET, CODE, &own, &device, NOW).await.unwrap());
    }
    let noted: Vec<(String, String, String, String, String)> =
        sqlx::query_as("select area, actor_kind, actor, act, object_kind from audit_entries order by act")
            .fetch_all(&store.database().await)
            .await
            .unwrap();
    let row = |actor: &str, act: &str, kind: &str| {
        (STREET.to_owned(), "device".to_owned(), actor.to_owned(), act.to_owned(), kind.to_owned())
    };
    assert_eq!(
        noted,
        [
            row("me", "application_submitted", "applications"),
            row("phone", "check_consent_given", "check_consents")
        ]
    );
});

store_test!(a_resident_sees_which_post_opened_their_things_and_never_who, |store| {
    let note = |area, object, subject, actor: Actor, at: i64| {
        let store = store.store.clone();
        async move {
            let new = AuditEntry { subject, ..entry(area, object, &actor) };
            store.note_alone(&new, Instant(NOW.0 + at)).await.unwrap();
        }
    };
    note(STREET, "mine", None, staff(), 1).await;
    note(OTHER, "whatever", Some("r1"), staff(), 3).await;
    note(STREET, "mine", Some("r1"), staff(), 2).await;
    note(STREET, "mine", Some("r1"), Actor::Resident("r1".into()), 4).await;
    note(STREET, "others", Some("r2"), staff(), 5).await;
    let opened = store.who_opened("r1", &["mine".into(), "none".into()]).await.unwrap();
    let times: Vec<_> = opened.iter().map(|opened| opened.at.0 - NOW.0).collect();
    assert_eq!(times, [3, 2, 1]);
    let first = &opened[0];
    assert_eq!(first.post, "street_officer@320214050");
    assert_eq!((first.act, first.purpose), (AuditAct::DetailsRead, Purpose::Handling));
    assert!(!format!("{opened:?}").contains("s1"), "{opened:?}");
    assert!(store.who_opened("r3", &[]).await.unwrap().is_empty());
});

store_test!(many_writers_and_two_sealers_leave_whole_chains, |store| {
    write_and_seal(&store, CONCURRENT.0).await;
});

/// Only `make soak` builds these; they print how many entries a second are sealed.
#[cfg(feature = "soak")]
mod soak {
    use super::*;

    #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
    async fn sqlite() {
        write_and_seal(&super::super::open(crate::settings::Engine::Sqlite).await, CONCURRENT.1).await;
    }

    #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
    async fn postgres() {
        write_and_seal(&super::super::open(crate::settings::Engine::Postgres).await, CONCURRENT.1).await;
    }
}

/// Four writers on two areas, two servers that seal, until all is sealed; then a backlog is sealed in one go, timed.
async fn write_and_seal(store: &TestStore, count: usize) {
    let began = Stopwatch::now();
    let each = count / 4;
    let mut writers = tokio::task::JoinSet::new();
    for writer in 0..4_usize {
        let store = store.store.clone();
        writers.spawn(async move {
            let area = if writer % 2 == 0 { STREET } else { OTHER };
            for n in 0..each {
                let at = Instant(NOW.0 + i64::try_from(n).unwrap());
                store.note_alone(&entry(area, &format!("{writer}-{n}"), &staff()), at).await.unwrap();
            }
        });
    }
    let (stop, stopped) = tokio::sync::watch::channel(false);
    let mut sealers = tokio::task::JoinSet::new();
    for server in [store.store.clone(), store.another().await] {
        let stopped = stopped.clone();
        sealers.spawn(async move {
            loop {
                let last = *stopped.borrow();
                // Another server may have been faster again and again; the next pass finds the rest.
                let _ = seal_all(&server, || NOW).await;
                if last {
                    return;
                }
                tokio::time::sleep(Duration::from_millis(5)).await;
            }
        });
    }
    while let Some(ended) = writers.join_next().await {
        ended.unwrap();
    }
    let written = began.elapsed();
    stop.send(true).unwrap();
    while let Some(ended) = sealers.join_next().await {
        ended.unwrap();
    }
    seal(store).await;
    // Each entry once: what a sealer counted before another overtook it is lost, what the chains hold is not.
    for area in [STREET, OTHER] {
        let found = verify(store, area).await.unwrap();
        assert_eq!(found.broken, None);
        assert_eq!((found.sealed, found.unsealed), (i64::try_from(each * 2).unwrap(), 0));
    }

    let mut tx = store.begin().await;
    for n in 0..count {
        Store::note(&mut tx, &entry(STREET, &format!("backlog-{n}"), &staff()), NOW).await.unwrap();
    }
    tx.commit().await.unwrap();
    let began = Stopwatch::now();
    assert_eq!(seal(store).await, u64::try_from(count).unwrap());
    let sealing = began.elapsed();
    let began = Stopwatch::now();
    assert_eq!(report(store).await.broken, None);
    let per_second = |count: usize, took: Duration| (count as f64 / took.as_secs_f64()).round();
    println!(
        "{:?}: {} entries written beside two sealers, {}/s; {count} sealed in one go, {}/s; verified {}/s",
        store.store,
        each * 4,
        per_second(each * 4, written),
        per_second(count, sealing),
        per_second(count + each * 2, began.elapsed())
    );
}
