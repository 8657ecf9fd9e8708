//! Tables of meal subsidies: four eyes, one table from a day, and a meal keeps what it was priced by; on both engines.

#![cfg(test)]

use app::domain::meals::{Level, SubsidyTable, Tier};
use app::domain::money::Fen;
use jiff::civil::{Date, date};

use super::meals::{DAY, DOCUMENT, change, confirmation, dish, documents, eater, keep, tables};
use super::{NOW, TestStore, owner, store_test};
use crate::store::audit::Actor;
use crate::store::meals::Doing;
use crate::store::meals::orders::WantedMeal;
use crate::store::meals::plans::MealChange;
use crate::store::standards::Doer;
use crate::store::{IdempotencyKey, OnlyOnce, StoreError};

fn doer(id: &'static str) -> Doer<'static> {
    Doer { id, actor: &Actor::System }
}

/// A district's table that gives everybody from 60 on the same.
fn table(fen: i64, effective_from: Date) -> SubsidyTable {
    let tier =
        Tier {
            name: "60 岁以上".into(), from_age: 60, to_age: None, statuses: Vec::new(), fen: Some(fen)
        };
    let district = tables(2).remove(0);
    SubsidyTable { effective_from, source: "示例文件".into(), tiers: vec![tier], ..district }
}

/// Enters a table as `first`; `None` where that day has one.
async fn add(store: &TestStore, table: &SubsidyTable) -> Option<String> {
    let key = format!("{}-{:?}", table.effective_from, table.tiers[0].fen);
    let key = IdempotencyKey::new(store, &key, "body");
    store.add_meal_table(table, doer("first"), &key, NOW).await.unwrap().map(OnlyOnce::answer)
}

store_test!(a_table_holds_once_a_second_person_approved_it_and_comes_back_as_it_was, |store| {
    let new = table(500, date(2026, 11, 24));
    let id = add(&store, &new).await.unwrap();
    assert_eq!(add(&store, &new).await.as_ref(), Some(&id), "the same form sent twice");
    assert!(store.meal_tables().await.unwrap().is_empty());
    assert!(matches!(store.approve_meal_table(&id, doer("first"), NOW).await, Err(StoreError::Conflict)));
    store.approve_meal_table(&id, doer("second"), NOW).await.unwrap();
    assert_eq!(store.meal_tables().await.unwrap(), std::slice::from_ref(&new));
    assert!(matches!(store.approve_meal_table(&id, doer("third"), NOW).await, Err(StoreError::Conflict)));
    let line = store.meal_table_lines().await.unwrap().remove(0);
    assert!(line.holds() && line.table == new && line.table.sample, "a sample stays one");
    assert_eq!(add(&store, &table(600, date(2026, 11, 24))).await, None, "that day has one");
    store.withdraw_meal_table(&id, "数写错了", doer("second"), NOW).await.unwrap();
    assert!(store.meal_tables().await.unwrap().is_empty());
    assert!(matches!(
        store.withdraw_meal_table(&id, "再来一次", doer("first"), NOW).await,
        Err(StoreError::Conflict)
    ));
    assert!(add(&store, &table(600, date(2026, 11, 24))).await.is_some(), "now another may come");
    for act in ["meal_table_entered", "meal_table_approved", "meal_table_withdrawn"] {
        assert_eq!(store.noted(act, &id).await, 1, "{act}");
    }
});

store_test!(a_meal_keeps_the_table_it_was_priced_by_and_a_new_one_holds_from_its_day, |store| {
    change(&store, "menu", MealChange::Add(&[dish("清蒸鱼", 9)])).await.unwrap();
    let fish = store.meal_menu("xg-01", (DAY, DAY)).await.unwrap().remove(0).id;
    let reserve = async |document: &str, at: usize| {
        let elder = keep(&store, &eater(document)).await;
        let number = format!("ZC26112300000{at}");
        let confirmation = confirmation(&store, &number).await;
        let wanted = [WantedMeal {
            dish: &fish,
            mode: app::domain::meals::MealMode::DineIn,
            number: &number,
            confirmation: &confirmation,
        }];
        let key = IdempotencyKey::new(&store.store, &format!("order-{at}"), "body");
        let by = owner(&elder);
        let doing = Doing { actor: &Actor::System, owner: &by, key: &key, now: NOW };
        // As the site puts them together: the file's first.
        let mut all = tables(2);
        all.extend(store.meal_tables().await.unwrap());
        store.reserve_meals(&elder, &wanted, &all, &doing).await.unwrap()
    };
    let district = async |id: &str| store.meal(id).await.unwrap().bill.unwrap().district;
    let documents = documents(2);
    let before = reserve(DOCUMENT, 1).await;
    assert_eq!(district(&before).await, Fen(300));
    let later = add(&store, &table(700, date(2026, 11, 25))).await.unwrap();
    store.approve_meal_table(&later, doer("second"), NOW).await.unwrap();
    let same_day = reserve(&documents[0], 2).await;
    assert_eq!(district(&same_day).await, Fen(300), "the meal is of a day before the new table");
    let now = add(&store, &table(500, DAY)).await.unwrap();
    store.approve_meal_table(&now, doer("second"), NOW).await.unwrap();
    let after = reserve(&documents[1], 3).await;
    assert_eq!(district(&after).await, Fen(500), "no restart");
    assert_eq!(district(&before).await, Fen(300), "what was ordered stays as it was priced");
});

store_test!(tables_are_never_changed_whoever_writes_to_the_database, |store| {
    let id = add(&store, &table(500, date(2026, 12, 1))).await.unwrap();
    let database = store.database().await;
    let own = sqlx::query("update meal_tables set approved_by = entered_by, approved_at = 1");
    assert!(own.execute(&database).await.is_err(), "nobody approves their own");
    store.approve_meal_table(&id, doer("second"), NOW).await.unwrap();
    for forbidden in [
        "update meal_tables set body = '{}'",
        "update meal_tables set effective_from = '2019-07-01'",
        "update meal_tables set sample = 0",
        "update meal_tables set approved_by = null, approved_at = null",
        "delete from meal_tables",
        "insert into meal_tables (id, level, place, effective_from, body, sample, entered_by, entered_at) \
         values ('other', 'district', '320214', '2026-12-01', '{}', 0, 'z', 1)",
    ] {
        assert!(sqlx::query(forbidden).execute(&database).await.is_err(), "{forbidden}");
    }
    let kept = store.meal_tables().await.unwrap();
    assert_eq!((kept.len(), kept[0].level), (1, Level::District));
});
