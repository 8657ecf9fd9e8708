//! The time bank's ledger: nothing is lost, nothing is made of nothing, and whoever changes a row is found out.

#![cfg(test)]

use std::collections::BTreeMap;
use std::process::ExitCode;

use app::domain::time::Instant;
use app::domain::timebank::{Account, AccountKind, Credits, EntryKind, Minutes, Movement};

use super::random::{Random, seed};
use super::{NOW, TestStore, store_test};
use crate::cli::LedgerCommand;
use crate::store::Store;
use crate::store::timebank::ledger::PostRefusal;
use crate::timebank::command;
use crate::timebank::verify::{Fault, verify};

const AREA: &str = "320214";

/// How many acts the test of random acts does: in `make test`, and with the feature `soak`.
const RANDOM_SQLITE: u64 = if cfg!(feature = "soak") { 1_000_000 } else { 10_000 };
const RANDOM_POSTGRES: u64 = if cfg!(feature = "soak") { 100_000 } else { 1_000 };
const TASKS: u64 = 16;

fn person(name: &str) -> Account {
    Account::of(AccountKind::Person, name)
}

fn issuance() -> Account {
    Account::only(AccountKind::Issuance)
}

fn pool() -> Account {
    Account::of(AccountKind::Pool, "elders")
}

fn minutes(count: i64) -> Minutes {
    Minutes::new(count).unwrap()
}

fn moved(kind: EntryKind, payer: Account, payee: Account, count: i64) -> Movement {
    Movement::plain(kind, payer, payee, minutes(count))
}

fn earned(name: &str, count: i64) -> Movement {
    moved(EntryKind::Earned, issuance(), person(name), count)
}

/// Posts all of these in one transaction, or none.
async fn post(store: &Store, area: &str, movements: &[Movement]) -> Result<Vec<String>, PostRefusal> {
    let mut tx = store.begin().await;
    let mut ids = Vec::new();
    for movement in movements {
        ids.push(store.post_time(&mut tx, area, movement, NOW).await?);
    }
    tx.commit().await.unwrap();
    Ok(ids)
}

async fn sum(store: &TestStore) -> i64 {
    sqlx::query_scalar("select cast(coalesce(sum(minutes), 0) as bigint) from time_accounts")
        .fetch_one(&store.database().await)
        .await
        .unwrap()
}

async fn fault(store: &Store) -> Option<Fault> {
    verify(store, AREA).await.unwrap().fault
}

store_test!(time_ledger_sums_to_zero, |store| {
    let acts = [
        earned("a", 90),
        earned("a", 90),
        moved(EntryKind::Reserved, person("a"), Account::of(AccountKind::Reserved, "a"), 60),
        moved(
            EntryKind::Spent,
            Account::of(AccountKind::Reserved, "a"),
            Account::only(AccountKind::Spent),
            30,
        ),
        moved(EntryKind::Released, Account::of(AccountKind::Reserved, "a"), person("a"), 30),
        moved(EntryKind::Gift, person("a"), person("b"), 45),
        moved(EntryKind::Donated, person("b"), pool(), 15),
        moved(EntryKind::Granted, pool(), person("c"), 10),
        moved(EntryKind::Expired, person("c"), Account::only(AccountKind::Expiry), 4),
    ];
    for act in &acts {
        post(&store, AREA, std::slice::from_ref(act)).await.unwrap();
        assert_eq!(sum(&store).await, 0, "{act:?}");
        assert!(store.time_totals(AREA).await.unwrap().add_up());
    }
    let totals = store.time_totals(AREA).await.unwrap();
    assert_eq!(
        (totals.issued, totals.held, totals.spent, totals.donated, totals.expired),
        (180, 141, 30, 5, 4)
    );
    assert_eq!(fault(&store).await, None);
});

store_test!(ninety_minutes_earned_twice_is_exactly_three_points, |store| {
    post(&store, AREA, &[earned("a", 90)]).await.unwrap();
    post(&store, AREA, &[earned("a", 90)]).await.unwrap();
    let balance = store.time_balance(AREA, &person("a")).await.unwrap();
    assert_eq!(Credits::of(balance, minutes(60)), Credits { whole: 3, minutes_left: 0 });
    assert_eq!(sum(&store).await, 0);
});

store_test!(nobody_spends_what_they_have_not_and_a_refused_act_leaves_nothing, |store| {
    post(&store, AREA, &[earned("a", 30)]).await.unwrap();
    let too_much = [earned("a", 10), moved(EntryKind::Gift, person("a"), person("b"), 41)];
    assert!(matches!(post(&store, AREA, &too_much).await, Err(PostRefusal::NotEnough)));
    let unsound = moved(EntryKind::Gift, issuance(), person("b"), 1);
    assert!(matches!(post(&store, AREA, &[unsound]).await, Err(PostRefusal::Unsound)));
    assert_eq!(store.time_balance(AREA, &person("a")).await.unwrap(), 30);
    assert_eq!(store.time_balance(AREA, &person("b")).await.unwrap(), 0);
    assert_eq!(store.time_entries_of(AREA, &person("a"), 10).await.unwrap().len(), 1);
    assert_eq!(fault(&store).await, None);
});

store_test!(a_service_earns_once_and_an_entry_is_corrected_once_by_one_that_names_it, |store| {
    let service = earned("a", 90).for_service("s1");
    let wrong = post(&store, AREA, std::slice::from_ref(&service)).await.unwrap().remove(0);
    assert!(matches!(post(&store, AREA, &[service]).await, Err(PostRefusal::Before)));
    let correct = async |back: i64| {
        let mut tx = store.begin().await;
        let id = store.correct_time(&mut tx, AREA, &wrong, minutes(back), NOW).await?;
        tx.commit().await.unwrap();
        Ok::<_, PostRefusal>(id)
    };
    assert!(matches!(correct(91).await, Err(PostRefusal::NotEnough)));
    correct(30).await.unwrap();
    assert!(matches!(correct(30).await, Err(PostRefusal::Before)));
    assert_eq!(store.time_balance(AREA, &person("a")).await.unwrap(), 60);
    let entries = store.time_entries_of(AREA, &person("a"), 10).await.unwrap();
    assert_eq!(entries[0].entry.corrects.as_deref(), Some(wrong.as_str()));
    assert_eq!(entries[1].entry.minutes, 90, "the wrong entry stays as it was");
    assert_eq!(fault(&store).await, None);
});

async fn try_to(database: &sqlx::AnyPool, statement: &str) -> Result<u64, sqlx::Error> {
    // Statements of this file, made of its own words.
    sqlx::query(sqlx::AssertSqlSafe(statement.to_owned()))
        .execute(database)
        .await
        .map(|done| done.rows_affected())
}

store_test!(the_database_itself_refuses_to_change_or_delete_a_row, |store| {
    post(&store, AREA, &[earned("a", 90)]).await.unwrap();
    let database = store.database().await;
    for statement in [
        "update time_entries set minutes = 900",
        "delete from time_entries",
        "delete from time_accounts",
        "delete from time_chains",
        "update time_accounts set minutes = -1 where kind = 'person'",
    ] {
        assert!(try_to(&database, statement).await.is_err(), "{statement}");
    }
    let own = if store.url.starts_with("sqlite") {
        "insert or replace into time_entries select area, sequence, id, at, kind, payer, payee, 900, true_minutes, \
         payer_after, payee_after, service, corrects, hash from time_entries"
    } else {
        "truncate time_entries"
    };
    assert!(try_to(&database, own).await.is_err(), "{own}");
    assert_eq!(fault(&store).await, None);
});

/// Takes the triggers away, as somebody with the database's password could.
async fn without_triggers(store: &TestStore) -> sqlx::AnyPool {
    let database = store.database().await;
    for table in ["time_entries", "time_accounts", "time_chains"] {
        if store.url.starts_with("sqlite") {
            let names: Vec<String> =
                sqlx::query_scalar("select name from sqlite_master where type = 'trigger' and tbl_name = $1")
                    .bind(table)
                    .fetch_all(&database)
                    .await
                    .unwrap();
            for name in names {
                try_to(&database, &format!("drop trigger {name}")).await.unwrap();
            }
        } else {
            try_to(&database, &format!("alter table {table} disable trigger user")).await.unwrap();
        }
    }
    database
}

store_test!(ledger_verify_fails_on_a_changed_a_dropped_and_a_reordered_row, |store| {
    for n in 1..=6 {
        post(&store, AREA, &[earned(if n % 2 == 0 { "a" } else { "b" }, n)]).await.unwrap();
    }
    let whole = verify(&store, AREA).await.unwrap();
    assert_eq!((whole.fault.clone(), whole.head.sequence, whole.accounts), (None, 6, 3));
    let database = without_triggers(&store).await;
    let run = async |statement: &str| {
        try_to(&database, statement).await.unwrap();
    };
    let swap = async |one: i64, other: i64| {
        for (from, to) in [(one, 99), (other, one), (99, other)] {
            run(&format!("update time_entries set sequence = {to} where sequence = {from}")).await;
        }
    };

    run("update time_entries set minutes = 30 where sequence = 3").await;
    assert_eq!(fault(&store).await, Some(Fault::Changed(3)));
    let told = command::run(&LedgerCommand::Verify { area: None, heads: vec![] }, &store).await.unwrap();
    assert!(told.0[0].contains("BROKEN: entry number 3 was changed"), "{:?}", told.0);
    assert_eq!(format!("{:?}", told.1), format!("{:?}", ExitCode::FAILURE));
    run("update time_entries set minutes = 3 where sequence = 3").await;
    assert_eq!(fault(&store).await, None);

    swap(2, 4).await;
    assert_eq!(fault(&store).await, Some(Fault::Reordered(2)));
    swap(2, 4).await;
    swap(5, 6).await;
    assert_eq!(fault(&store).await, Some(Fault::Reordered(5)));
    swap(5, 6).await;
    assert_eq!(fault(&store).await, None);

    run("update time_accounts set minutes = minutes + 5 where id = 'person:a'").await;
    assert_eq!(fault(&store).await, Some(Fault::Balance("person:a".into())));
    run("update time_accounts set minutes = minutes - 5 where id = 'person:a'").await;

    // The last one alone: the kept end tells. With that wound back too, an end that was written down does.
    let head = format!("{AREA}:6:{}", whole.head.hash);
    let kept = LedgerCommand::Verify { area: None, heads: vec![head] };
    let told = command::run(&kept, &store).await.unwrap();
    assert_eq!(format!("{:?}", told.1), format!("{:?}", ExitCode::SUCCESS), "{:?}", told.0);
    run("delete from time_entries where sequence = 6").await;
    assert_eq!(fault(&store).await, Some(Fault::Removed(6)));
    run("update time_chains set sequence = 5, hash = (select hash from time_entries where sequence = 5)")
        .await;
    assert_eq!(fault(&store).await, Some(Fault::Balance("issuance:".into())));
    let told = command::run(&kept, &store).await.unwrap();
    assert!(told.0.iter().any(|line| line.contains("BROKEN: number 6")), "{:?}", told.0);
    run("delete from time_entries where sequence = 3").await;
    assert_eq!(fault(&store).await, Some(Fault::Removed(3)));
});

impl Random {
    /// Any act among 40 people.
    fn act(&mut self) -> Movement {
        let (one, other) = (format!("p{}", self.below(40)), format!("q{}", self.below(40)));
        let reserved = Account::of(AccountKind::Reserved, &one);
        let (kind, payer, payee) = match self.below(10) {
            0..=2 => (EntryKind::Earned, issuance(), person(&one)),
            3 => (EntryKind::Reserved, person(&one), reserved),
            4 => (EntryKind::Released, reserved, person(&one)),
            5 => (EntryKind::Spent, reserved, Account::only(AccountKind::Spent)),
            6 => (EntryKind::Gift, person(&one), person(&other)),
            7 => (EntryKind::Donated, person(&other), pool()),
            8 => (EntryKind::Granted, pool(), person(&one)),
            _ => (EntryKind::Expired, person(&other), Account::only(AccountKind::Expiry)),
        };
        moved(kind, payer, payee, self.count(240))
    }
}

/// The ledger as a map: what the store must agree with.
#[derive(Clone, Default)]
struct Model(BTreeMap<String, i64>);

impl Model {
    /// Whether the act is possible; does it if so.
    fn act(&mut self, movement: &Movement) -> bool {
        let count = movement.minutes.get();
        let payer = self.0.entry(movement.payer.id()).or_default();
        if movement.payer.kind != AccountKind::Issuance && *payer < count {
            return false;
        }
        *payer -= count;
        *self.0.entry(movement.payee.id()).or_default() += count;
        true
    }

    fn balances(mut self) -> BTreeMap<String, i64> {
        self.0.retain(|_, minutes| *minutes != 0);
        self.0
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn random_acts_leave_what_a_map_says_on_sqlite() {
    let store = super::open(crate::settings::Engine::Sqlite).await;
    let mut random = Random(seed());
    let mut model = Model::default();
    let (mut done, mut refused) = (0, 0);
    let mut batch = Vec::new();
    while done + refused < RANDOM_SQLITE {
        let act = random.act();
        if model.act(&act) {
            batch.push(act);
            done += 1;
            if random.below(40) > 0 {
                continue;
            }
        } else {
            post(&store, AREA, &std::mem::take(&mut batch)).await.unwrap();
            refused += 1;
            assert!(matches!(post(&store, AREA, &[act]).await, Err(PostRefusal::NotEnough)));
            continue;
        }
        post(&store, AREA, &std::mem::take(&mut batch)).await.unwrap();
        if random.below(20) == 0 {
            assert_eq!(sum(&store).await, 0);
        }
    }
    post(&store, AREA, &batch).await.unwrap();
    let (head, mut kept) = store.time_ledger_now(AREA).await.unwrap();
    kept.retain(|_, minutes| *minutes != 0);
    assert_eq!(kept, model.balances());
    assert_eq!(u64::try_from(head.sequence).unwrap(), done);
    assert_eq!((fault(&store).await, sum(&store).await), (None, 0));
    eprintln!("{done} acts done, {refused} refused");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn random_acts_of_16_at_once_hold_on_postgres() {
    let store = super::open(crate::settings::Engine::Postgres).await;
    let seed = seed();
    let mut tasks = tokio::task::JoinSet::new();
    for task in 0..TASKS {
        let store = store.store.clone();
        tasks.spawn(async move {
            let mut random = Random(seed ^ (task << 32));
            let mut done = 0;
            for _ in 0..RANDOM_POSTGRES / TASKS {
                let area = if random.below(2) == 0 { AREA } else { "320215" };
                let acts: Vec<_> = (0..random.count(3)).map(|_| random.act()).collect();
                match post(&store, area, &acts).await {
                    Ok(_) => done += acts.len(),
                    Err(PostRefusal::NotEnough) => {}
                    Err(other) => panic!("{other:?}"),
                }
            }
            done
        });
    }
    let mut done = 0;
    while let Some(task) = tasks.join_next().await {
        done += task.unwrap();
        assert_eq!(sum(&store).await, 0);
    }
    let mut entries = 0;
    for area in store.time_ledger_areas().await.unwrap() {
        let report = verify(&store, &area).await.unwrap();
        assert_eq!(report.fault, None);
        entries += usize::try_from(report.head.sequence).unwrap();
        let (_, kept) = store.time_ledger_now(&area).await.unwrap();
        assert!(kept.iter().all(|(account, minutes)| *minutes >= 0 || account.starts_with("issuance")));
    }
    assert_eq!(entries, done);
}

store_test!(a_bank_whose_customers_pay_each_other_never_shows_another_sum, |store| {
    let start: Vec<_> = (0..5).map(|n| earned(&format!("c{n}"), 100)).collect();
    post(&store, AREA, &start).await.unwrap();
    let mut tasks = tokio::task::JoinSet::new();
    for task in 0..8u64 {
        let store = store.store.clone();
        tasks.spawn(async move {
            let mut random = Random(task);
            for _ in 0..15 {
                let (from, step) = (random.below(5), random.below(4) + 1);
                let [payer, payee] = [from, (from + step) % 5].map(|n| person(&format!("c{n}")));
                let gift = moved(EntryKind::Gift, payer, payee, random.count(60));
                match post(&store, AREA, &[gift]).await {
                    Ok(_) | Err(PostRefusal::NotEnough) => {}
                    Err(other) => panic!("{other:?}"),
                }
            }
        });
    }
    while tasks.try_join_next().map(Result::unwrap).is_some() || !tasks.is_empty() {
        let (_, kept) = store.time_ledger_now(AREA).await.unwrap();
        assert_eq!(kept.values().sum::<i64>(), 0);
        let people: i64 = kept.iter().filter(|(id, _)| id.starts_with("person:")).map(|(_, m)| *m).sum();
        assert_eq!(people, 500);
        tokio::task::yield_now().await;
    }
    assert_eq!(fault(&store).await, None);
});

store_test!(the_same_instant_of_two_entries_keeps_their_order, |store| {
    post(&store, AREA, &[earned("a", 1), earned("a", 2), earned("a", 3)]).await.unwrap();
    let newest = store.time_entries_of(AREA, &person("a"), 2).await.unwrap();
    assert_eq!(newest.iter().map(|link| link.entry.minutes).collect::<Vec<_>>(), [3, 2]);
    assert_eq!(Instant(newest[0].entry.at), NOW);
});
