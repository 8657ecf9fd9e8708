//! Values of standards: four eyes, one value from a day, nothing changed afterwards.

#![cfg(test)]

use app::domain::aid::standards::{NewStandard, StandardKey};
use jiff::civil::{Date, date};

use super::{NOW, TestStore, store_test};
use crate::store::audit::Actor;
use crate::store::standards::Doer;
use crate::store::{IdempotencyKey, OnlyOnce, StoreError};

fn doer(id: &'static str) -> Doer<'static> {
    Doer { id, actor: &Actor::System }
}

fn value(fen: i64, effective_from: Date) -> NewStandard {
    NewStandard { key: StandardKey::Dibao, value: fen, effective_from, document: "示例文件".into() }
}

/// Enters a value as `first`; `None` where that day has one.
async fn add(store: &TestStore, new: &NewStandard) -> Option<String> {
    let key = format!("{}-{}", new.value, new.effective_from);
    let key = IdempotencyKey::new(store, &key, "body");
    store.add_standard(new, true, doer("first"), &key, NOW).await.unwrap().map(OnlyOnce::answer)
}

async fn dibao_on(store: &TestStore, day: Date) -> Option<i64> {
    store.standards().await.unwrap().on(StandardKey::Dibao, day).map(|standard| standard.value)
}

store_test!(a_value_holds_once_a_second_person_approved_it, |store| {
    let day = date(2026, 7, 1);
    let id = add(&store, &value(101_000, day)).await.unwrap();
    assert_eq!(add(&store, &value(101_000, day)).await.as_ref(), Some(&id), "the same form sent twice");
    assert_eq!(dibao_on(&store, day).await, None);
    let own = store.approve_standard(&id, doer("first"), NOW).await;
    assert!(matches!(own, Err(StoreError::Conflict)));
    store.approve_standard(&id, doer("second"), NOW).await.unwrap();
    assert_eq!(dibao_on(&store, day).await, Some(101_000));
    let again = store.approve_standard(&id, doer("third"), NOW).await;
    assert!(matches!(again, Err(StoreError::Conflict)));
    let line = &store.standard_lines().await.unwrap()[0];
    assert!(line.holds() && line.standard.sample);
    assert_eq!(line.approved.as_ref().map(|deed| deed.by.as_str()), Some("second"));
    for act in ["standard_entered", "standard_approved"] {
        assert_eq!(store.noted(act, &id).await, 1, "{act}");
    }
});

store_test!(a_standard_has_one_value_from_a_day_and_another_once_that_was_taken_back, |store| {
    let day = date(2026, 7, 1);
    let id = add(&store, &value(101_000, day)).await.unwrap();
    assert_eq!(add(&store, &value(102_000, day)).await, None);
    store.approve_standard(&id, doer("second"), NOW).await.unwrap();
    store.withdraw_standard(&id, "数写错了", doer("second"), NOW).await.unwrap();
    assert!(matches!(
        store.withdraw_standard(&id, "再来一次", doer("first"), NOW).await,
        Err(StoreError::Conflict)
    ));
    assert_eq!(dibao_on(&store, day).await, None);
    assert_eq!(store.noted("standard_withdrawn", &id).await, 1);
    let other = add(&store, &value(102_000, day)).await.unwrap();
    let lines = store.standard_lines().await.unwrap();
    let of = |id: &str| lines.iter().find(|line| line.id == id).unwrap();
    assert!(of(&other).waits() && lines.len() == 2);
    assert_eq!(of(&id).withdrawn.as_ref().map(|(_, why)| why.as_str()), Some("数写错了"));
});

store_test!(a_later_value_leaves_what_held_on_an_earlier_day_untouched, |store| {
    let old = add(&store, &value(101_000, date(2020, 7, 1))).await.unwrap();
    store.approve_standard(&old, doer("second"), NOW).await.unwrap();
    let decided_on = date(2026, 6, 30);
    assert_eq!(dibao_on(&store, decided_on).await, Some(101_000));
    let new = add(&store, &value(110_000, date(2026, 7, 1))).await.unwrap();
    store.approve_standard(&new, doer("second"), NOW).await.unwrap();
    assert_eq!(dibao_on(&store, decided_on).await, Some(101_000), "an old case keeps its number");
    assert_eq!(dibao_on(&store, date(2026, 7, 1)).await, Some(110_000));
});

store_test!(rows_are_never_changed_whoever_writes_to_the_database, |store| {
    let id = add(&store, &value(101_000, date(2026, 7, 1))).await.unwrap();
    let database = store.database().await;
    let own = sqlx::query("update aid_standards set approved_by = entered_by, approved_at = 1");
    assert!(own.execute(&database).await.is_err(), "nobody approves their own");
    store.approve_standard(&id, doer("second"), NOW).await.unwrap();
    for forbidden in [
        "update aid_standards set value = 1",
        "update aid_standards set effective_from = '2019-07-01'",
        "update aid_standards set document = 'x'",
        "update aid_standards set sample = 0",
        "update aid_standards set approved_by = null, approved_at = null",
        "update aid_standards set approved_by = 'third'",
        "delete from aid_standards",
        "insert into aid_standards (id, key, value, effective_from, document, sample, entered_by, entered_at) \
         values ('other', 'dibao', 5, '2026-07-01', 'x', 0, 'z', 1)",
    ] {
        assert!(sqlx::query(forbidden).execute(&database).await.is_err(), "{forbidden}");
    }
    store.withdraw_standard(&id, "数写错了", doer("second"), NOW).await.unwrap();
    let back = "update aid_standards set withdrawn_by = null, withdrawn_at = null, withdrawn_why = null";
    assert!(sqlx::query(back).execute(&database).await.is_err());
    assert_eq!(store.standard_lines().await.unwrap().len(), 1);
});

store_test!(the_demo_has_one_value_and_it_is_a_sample, |store| {
    for _ in 0..2 {
        crate::demo::load_standard(&store, NOW).await.unwrap();
    }
    let lines = store.standard_lines().await.unwrap();
    assert_eq!(lines.len(), 1);
    assert!(lines[0].holds() && lines[0].standard.sample && lines[0].standard.document.contains("示例"));
});
