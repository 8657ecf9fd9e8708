//! Marriage offices: taken in whole or not at all, dated, and `here` only while a clerk is posted there.

#![cfg(test)]

use app::domain::marriage::{LineFault, LineProblem, NewOffice, OfficeMode, PROVINCES, read_offices};
use app::domain::staff::Post;
use jiff::civil::date;

use super::{NOW, TestStore, store_test};
use crate::store::audit::Actor;
use crate::store::marriage::offices::Import;
use crate::store::staff::NewStaffAccount;
use crate::store::standards::Doer;
use crate::store::{IdempotencyKey, OnlyOnce, StoreError};

/// One line of the table for each pair of code and day.
fn offices(lines: &[(&str, &str, &str)]) -> Vec<NewOffice> {
    let rows: Vec<_> = lines
        .iter()
        .map(|(code, mode, day)| {
            format!(
                "{code},{code} 登记处,32,无锡市,新吴区,路 1 号,,周一,,marriage,0,,,110,,{mode},{day},测试"
            )
        })
        .collect();
    let table = format!("{}\n{}", app::domain::marriage::COLUMNS.join(","), rows.join("\n"));
    read_offices(&table, false).unwrap()
}

async fn import(store: &TestStore, key: &str, new: &[NewOffice]) -> Import {
    let doer = Doer { id: "admin", actor: &Actor::System };
    store.import_marriage_offices(new, doer, &IdempotencyKey::new(store, key, "body"), NOW).await.unwrap()
}

async fn clerk(store: &TestStore, login: &str, post: &str) {
    let new = NewStaffAccount {
        login,
        name: "测试",
        password_hash: "none",
        password_once: false,
        totp_secret: None,
        posts: &[Post::parse(post).unwrap()],
    };
    store.add_staff(&new, &Actor::System, NOW).await.unwrap();
}

store_test!(an_office_is_here_only_while_a_clerk_is_posted_there, |store| {
    let new = offices(&[("a", "elsewhere", "2026-01-01"), ("b", "here", "2026-01-01")]);
    let refused = import(&store, "first", &new).await;
    assert_eq!(refused, Import::Refused(vec![LineProblem { line: 3, fault: LineFault::NoClerk }]));
    assert!(store.marriage_offices(date(2026, 11, 23)).await.unwrap().is_empty(), "all or nothing");

    clerk(&store, "clerk-b", "marriage_clerk@b").await;
    assert_eq!(import(&store, "first", &new).await, Import::Done(OnlyOnce::Done("2".into())));
    assert_eq!(import(&store, "first", &new).await, Import::Done(OnlyOnce::Before("2".into())));
    let mode = async |code| store.marriage_office(code, date(2026, 11, 23)).await.unwrap().mode;
    assert_eq!((mode("a").await, mode("b").await), (OfficeMode::Elsewhere, OfficeMode::Here));

    sqlx::query("update staff set disabled_at = 1").execute(&store.database().await).await.unwrap();
    assert_eq!(mode("b").await, OfficeMode::Elsewhere, "nobody works there in this system any more");
});

store_test!(facts_of_an_office_are_dated_and_never_changed, |store| {
    import(&store, "first", &offices(&[("a", "elsewhere", "2026-01-01")])).await;
    import(&store, "second", &offices(&[("a", "elsewhere", "2026-12-01")])).await;
    let on = async |day| store.marriage_office("a", day).await.map(|office| office.effective_from);
    assert!(matches!(on(date(2025, 12, 31)).await, Err(StoreError::NotFound)));
    assert_eq!(on(date(2026, 11, 30)).await.unwrap(), date(2026, 1, 1));
    assert_eq!(on(date(2026, 12, 1)).await.unwrap(), date(2026, 12, 1));
    let again = import(&store, "third", &offices(&[("a", "elsewhere", "2026-12-01")])).await;
    assert_eq!(again, Import::Refused(vec![LineProblem { line: 2, fault: LineFault::DayTaken }]));
    let database = store.database().await;
    for statement in ["update marriage_offices set phone = '1'", "delete from marriage_offices"] {
        assert!(sqlx::query(statement).execute(&database).await.is_err(), "{statement}");
    }
});

store_test!(the_demo_has_a_marked_sample_office_in_each_province, |store| {
    for _ in 0..2 {
        crate::demo::load_staff(&store, NOW).await.unwrap();
        crate::demo_marriage::load_offices(&store, NOW).await.unwrap();
    }
    let offices = store.marriage_offices(NOW.shanghai_date()).await.unwrap();
    for province in PROVINCES {
        assert!(offices.iter().any(|office| office.province == province), "{}", province.name);
    }
    assert!(offices.iter().all(|office| office.sample && office.name.contains("示例")));
    assert!(offices.iter().all(|office| office.mode == OfficeMode::Here));
});
