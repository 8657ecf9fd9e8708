//! Meals: what a point offers, nothing oversold, one meal and one subsidy; on both engines.

#![cfg(test)]

use app::domain::confirm::Holder;
use app::domain::confirm::check::CheckState;
use app::domain::meals::{
    DietTag, EaterForm, HujiPlace, MealClosure, MealKind, MealMode, MealState, NewDish, NewEater, Paid,
    Service, Status, SubsidyTable, read_tables,
};
use app::domain::money::Fen;
use app::domain::retention::Retained;
use app::domain::time::Instant;
use jiff::civil::{Date, date};

use super::residents::account;
use super::{NOW, TestStore, owner, store_test};
use crate::confirm::issue_meal;
use crate::store::audit::Actor;
use crate::store::meals::Doing;
use crate::store::meals::eaters::EaterKey;
use crate::store::meals::orders::{MealRefusal, WantedMeal};
use crate::store::meals::plans::MealChange;
use crate::store::{IdempotencyKey, NewConfirmation, Store, StoreError};

pub(super) const DAY: Date = date(2026, 11, 24);

pub(super) fn dish(name: &str, quota: i64) -> NewDish {
    NewDish {
        day: DAY,
        kind: MealKind::Lunch,
        name: name.into(),
        price: Fen(1_200),
        quota,
        tags: vec![DietTag::Soft, DietTag::NoPork],
        ingredients: vec!["鱼".into(), "姜".into()],
    }
}

pub(super) async fn change(store: &TestStore, key: &str, change: MealChange<'_>) -> Result<(), StoreError> {
    change_at(store, key, change, NOW).await
}

pub(super) async fn change_at(
    store: &TestStore,
    key: &str,
    change: MealChange<'_>,
    now: Instant,
) -> Result<(), StoreError> {
    let key = IdempotencyKey::new(store, &format!("meal-change-{key}"), "body");
    let by = owner("cook");
    let doing = Doing { actor: &Actor::System, owner: &by, key: &key, now };
    store.change_meal_plan("xg-01", &change, &doing).await
}

store_test!(the_newest_times_hold_and_a_day_is_closed_and_opened_again, |store| {
    let lunch = Service { kind: MealKind::Lunch, starts: 660, ends: 780, cutoff_days: 0, cutoff: 570 };
    let later = Service { cutoff: 600, ..lunch };
    change(&store, "1", MealChange::Service(&lunch)).await.unwrap();
    change_at(&store, "2", MealChange::Service(&later), Instant(NOW.0 + 1)).await.unwrap();
    assert_eq!(store.meal_services("xg-01").await.unwrap(), [later]);
    assert_eq!(store.all_meal_services().await.unwrap().len(), 1);
    assert!(store.meal_services("zc-01").await.unwrap().is_empty());
    let closure = MealClosure { id: String::new(), day: DAY, reason: "修灶".into() };
    change(&store, "3", MealChange::Close(&closure)).await.unwrap();
    assert!(matches!(change(&store, "4", MealChange::Close(&closure)).await, Err(StoreError::Conflict)));
    assert_eq!(store.closed_meal_points(DAY).await.unwrap(), ["xg-01"]);
    let id = store.meal_closures("xg-01", DAY).await.unwrap().remove(0).id;
    change(&store, "5", MealChange::Reopen(&id)).await.unwrap();
    assert!(matches!(change(&store, "6", MealChange::Reopen(&id)).await, Err(StoreError::Conflict)));
    assert!(store.meal_closures("xg-01", DAY).await.unwrap().is_empty());
    change(&store, "7", MealChange::Close(&closure)).await.unwrap();
});

store_test!(a_menu_is_kept_whole_and_a_repeated_form_adds_nothing, |store| {
    let dishes = [dish("清蒸鱼", 2), dish("蒸蛋", 30)];
    change(&store, "1", MealChange::Add(&dishes)).await.unwrap();
    change(&store, "1", MealChange::Add(&dishes)).await.unwrap();
    let menu = store.meal_menu("xg-01", (DAY, DAY)).await.unwrap();
    assert_eq!(menu.iter().map(|kept| kept.dish.clone()).collect::<Vec<_>>(), dishes);
    let twice = [dish("新菜", 5), dish("蒸蛋", 5)];
    assert!(matches!(change(&store, "2", MealChange::Add(&twice)).await, Err(StoreError::Conflict)));
    assert_eq!(store.meal_menu("xg-01", (DAY, DAY)).await.unwrap().len(), 2, "none of them");
    assert_eq!(store.meals_left(DAY).await.unwrap(), [("xg-01".to_owned(), MealKind::Lunch, 32)]);
    let fish = &menu[0].id;
    change(&store, "3", MealChange::Substitute(fish, "红烧鱼", &["鱼".to_owned()])).await.unwrap();
    change(&store, "4", MealChange::Substitute(fish, "鱼丸", &["鱼".to_owned()])).await.unwrap();
    let now = store.meal_dish(fish).await.unwrap();
    assert_eq!((now.dish.name.as_str(), now.instead_of.as_deref()), ("鱼丸", Some("清蒸鱼")));
    change(&store, "5", MealChange::Quota(fish, 1)).await.unwrap();
    change(&store, "6", MealChange::Withdraw(fish)).await.unwrap();
    assert!(matches!(store.meal_dish(fish).await, Err(StoreError::NotFound)));
});

pub(super) const DOCUMENT: &str = "320222194503129909";

pub(crate) fn eater(document: &str) -> NewEater {
    let form = EaterForm {
        name: "李大妈".into(),
        document_number: document.into(),
        phone: "13900005678".into(),
        street: "320214050".into(),
        community: "320214050001".into(),
        detail: "新光路 1 号".into(),
        huji: "here".into(),
        statuses: "dibao".into(),
        avoid: "花生".into(),
        seen: "yes".into(),
        ..EaterForm::default()
    };
    form.parse(NOW.shanghai_date()).unwrap()
}

pub(crate) async fn keep(store: &TestStore, new: &NewEater) -> String {
    let key = format!("eater-{}", new.document.number());
    let key = IdempotencyKey::new(store, &key, "body");
    let by = owner("worker");
    let doing = Doing { actor: &Actor::System, owner: &by, key: &key, now: NOW };
    store.keep_eater(new, None, &doing).await.unwrap()
}

pub(super) fn tables(per_day: u32) -> Vec<SubsidyTable> {
    read_tables(&format!(
        "[[table]]\nlevel = \"district\"\nplace = \"320214\"\neffective_from = \"2026-01-01\"\nhuji = \"any\"\n\
         per_day = {per_day}\nsource = \"示例\"\nsample = true\ntiers = [{{ name = \"60\", from_age = 60, fen = 300 }}]\n\
         [[table]]\nlevel = \"street\"\nplace = \"320214\"\neffective_from = \"2026-01-01\"\nhuji = \"any\"\n\
         source = \"示例\"\nsample = true\n"
    ))
    .unwrap()
}

pub(super) async fn confirmation(store: &TestStore, number: &str) -> NewConfirmation {
    let holder = Holder { name: "李＊＊".into(), document_tail: "909".into() };
    let times = (Instant::shanghai_midnight(DAY), 60, Instant::shanghai_midnight(DAY.tomorrow().unwrap()));
    issue_meal(&store.signing, "XW", (number, "320214050"), holder, times, NOW).await.unwrap()
}

pub(super) async fn order_one(
    server: &Store,
    eater: &str,
    (dish, number, confirmation): (&str, &str, &NewConfirmation),
) -> Result<String, MealRefusal> {
    let wanted = [WantedMeal { dish, mode: MealMode::DineIn, number, confirmation }];
    let key = IdempotencyKey::new(server, &format!("order-{number}"), "body");
    let by = owner(eater);
    let doing = Doing { actor: &Actor::System, owner: &by, key: &key, now: NOW };
    server.reserve_meals(eater, &wanted, &tables(2), &doing).await
}

/// Orders dishes for an eater under a key of that name.
pub(super) async fn order(
    store: &TestStore,
    eater: &str,
    dishes: &[&str],
    key: &str,
) -> Result<String, MealRefusal> {
    let mut made = Vec::new();
    for (at, dish) in dishes.iter().enumerate() {
        let number = format!("ZC261123{key:0>4}{at:02}");
        let confirmation = confirmation(store, &number).await;
        made.push((*dish, number, confirmation));
    }
    let wanted: Vec<_> = made
        .iter()
        .map(|(dish, number, confirmation)| WantedMeal { dish, mode: MealMode::DineIn, number, confirmation })
        .collect();
    let key = IdempotencyKey::new(store, &format!("order-{key}"), "body");
    let by = owner(eater);
    let doing = Doing { actor: &Actor::System, owner: &by, key: &key, now: NOW };
    store.reserve_meals(eater, &wanted, &tables(2), &doing).await
}

pub(super) async fn cancel(store: &TestStore, id: &str, key: &str) -> Result<(), MealRefusal> {
    let key = IdempotencyKey::new(store, &format!("cancel-{key}"), "body");
    let by = owner("elder");
    store.cancel_meal(id, false, &Doing { actor: &Actor::System, owner: &by, key: &key, now: NOW }).await
}

pub(super) async fn taken(store: &TestStore) -> i64 {
    sqlx::query_scalar("select cast(sum(taken) as bigint) from meal_dishes")
        .fetch_one(&store.database().await)
        .await
        .unwrap()
}

/// Numbers that are made up, one for each of so many people.
pub(crate) fn documents(count: usize) -> Vec<String> {
    let digits = |at: usize| format!("320214194501{:02}{:03}", 1 + at % 28, 900 + at);
    let check = |body: &str| {
        let weights = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
        let sum: u32 =
            body.bytes().zip(weights).map(|(digit, weight)| u32::from(digit - b'0') * weight).sum();
        "10X98765432".chars().nth(usize::try_from(sum % 11).unwrap()).unwrap()
    };
    (0..count).map(digits).map(|body| format!("{body}{}", check(&body))).collect()
}

store_test!(twelve_at_once_for_three_meals_get_three_and_two_servers_share_them, |store| {
    change(&store, "menu", MealChange::Add(&[dish("清蒸鱼", 3)])).await.unwrap();
    let fish = store.meal_menu("xg-01", (DAY, DAY)).await.unwrap().remove(0).id;
    let mut eaters = Vec::new();
    for document in documents(12) {
        eaters.push(keep(&store, &eater(&document)).await);
    }
    let another = store.another().await;
    let mut tries = tokio::task::JoinSet::new();
    for (at, eater) in eaters.into_iter().enumerate() {
        let server = if at % 2 == 0 { store.store.clone() } else { another.clone() };
        let (number, fish) = (format!("ZC261123{at:06}"), fish.clone());
        let confirmation = confirmation(&store, &number).await;
        tries.spawn(async move { order_one(&server, &eater, (&fish, &number, &confirmation)).await });
    }
    let mut done = 0;
    while let Some(tried) = tries.join_next().await {
        match tried.unwrap() {
            Ok(_) => done += 1,
            Err(MealRefusal::SoldOut(_)) => {}
            Err(other) => panic!("{other:?}"),
        }
    }
    assert_eq!(done, 3);
    assert_eq!(taken(&store).await, 3);
});

store_test!(a_meal_is_one_persons_once_all_or_none_and_its_place_comes_back_once, |store| {
    let mut dinner = dish("面", 5);
    dinner.kind = MealKind::Dinner;
    let mut breakfast = dish("粥", 5);
    breakfast.kind = MealKind::Breakfast;
    let dishes = [dish("清蒸鱼", 2), dish("蒸蛋", 5), dinner, breakfast];
    change(&store, "menu", MealChange::Add(&dishes)).await.unwrap();
    let menu = store.meal_menu("xg-01", (DAY, DAY)).await.unwrap();
    let id = |name: &str| menu.iter().find(|dish| dish.dish.name == name).unwrap().id.clone();
    let (fish, egg, noodles, porridge) = (id("清蒸鱼"), id("蒸蛋"), id("面"), id("粥"));
    let elder = keep(&store, &eater(DOCUMENT)).await;
    let meal = order(&store, &elder, &[&fish], "1").await.unwrap();
    assert_eq!(order(&store, &elder, &[&fish], "1").await.unwrap(), meal, "the same form again");
    let kept = store.meal(&meal).await.unwrap();
    let bill = kept.bill.unwrap();
    assert_eq!((bill.district, bill.street, bill.own, bill.sample), (Fen(300), Fen(0), Fen(900), true));
    let twice = order(&store, &elder, &[&egg, &noodles], "2").await;
    assert!(matches!(twice, Err(MealRefusal::Twice(_))), "a second lunch: {twice:?}");
    assert_eq!(taken(&store).await, 1, "the noodles with it were not taken");
    order(&store, &elder, &[&noodles], "3").await.unwrap();
    let third = order(&store, &elder, &[&porridge], "4").await.unwrap();
    assert_eq!(store.meal(&third).await.unwrap().bill.unwrap().own, Fen(1_200), "two a day are subsidised");
    assert!(matches!(change(&store, "w", MealChange::Withdraw(&fish)).await, Err(StoreError::Conflict)));
    assert!(change(&store, "q", MealChange::Quota(&fish, 0)).await.is_err());
    cancel(&store, &meal, "1").await.unwrap();
    cancel(&store, &meal, "1").await.unwrap();
    assert!(matches!(cancel(&store, &meal, "2").await, Err(MealRefusal::Over)));
    assert_eq!(taken(&store).await, 2);
    let state = store.confirmation(&kept.confirmation).await.unwrap().unwrap().state(NOW);
    assert_eq!(state, CheckState::Cancelled);
    order(&store, &elder, &[&egg], "5").await.unwrap();
    assert_eq!(store.meals_of(&elder, DAY).await.unwrap().len(), 4);
});

store_test!(who_eats_is_sealed_found_again_and_what_staff_saw_is_not_written_over, |store| {
    let id = keep(&store, &eater(DOCUMENT)).await;
    let found = async |key| store.find_eaters(&key).await.unwrap().pop().map(|eater| eater.id);
    let new = eater(DOCUMENT);
    assert_eq!(found(EaterKey::Document(new.document.clone())).await.as_ref(), Some(&id));
    assert_eq!(found(EaterKey::Phone(new.phone.clone().unwrap())).await.as_ref(), Some(&id));
    assert_eq!(found(EaterKey::Name(new.name.clone())).await.as_ref(), Some(&id));
    let kept = store.eater(&id).await.unwrap();
    assert_eq!((kept.person.clone(), kept.avoid.len()), (new.person.clone(), 1));
    let account = account(&store, "13900005678", "t1").await;
    let told = NewEater { checked: None, avoid: Vec::new(), ..eater(DOCUMENT) };
    let key = IdempotencyKey::new(&store, "told", "body");
    let by = owner(&account);
    let doing = Doing { actor: &Actor::System, owner: &by, key: &key, now: NOW };
    assert_eq!(store.keep_eater(&told, Some(&account), &doing).await.unwrap(), id);
    let kept = store.eater_of_resident(&account).await.unwrap().unwrap();
    assert_eq!(kept.checked, Some((HujiPlace::Here, vec![Status::Dibao])));
    assert_eq!(kept.avoid, ["花生"]);
    let raw: Vec<u8> = sqlx::query_scalar("select person from meal_eaters")
        .fetch_one(&store.database().await)
        .await
        .unwrap();
    assert!(!String::from_utf8_lossy(&raw).contains("李大妈"));
    // Its time is over.
    let late = Instant(NOW.0 + 400 * 24 * 3_600_000);
    assert_eq!(store.retire(Retained::MealOrders, late, late).await.unwrap(), 1);
    assert!(store.eater_of_resident(&account).await.unwrap().is_none());
});

store_test!(a_meal_is_handed_out_once_whoever_tries_at_the_same_moment_and_not_given_up_after, |store| {
    change(&store, "menu", MealChange::Add(&[dish("清蒸鱼", 3)])).await.unwrap();
    let fish = store.meal_menu("xg-01", (DAY, DAY)).await.unwrap().remove(0).id;
    let elder = keep(&store, &eater(DOCUMENT)).await;
    let meal = order(&store, &elder, &[&fish], "1").await.unwrap();
    let another = store.another().await;
    let mut tries = tokio::task::JoinSet::new();
    for at in 0..6 {
        let (server, meal) = (if at % 2 == 0 { store.store.clone() } else { another.clone() }, meal.clone());
        tries.spawn(async move {
            let key = IdempotencyKey::new(&server, &format!("out-{at}"), "body");
            let by = owner("cook");
            let doing = Doing { actor: &Actor::System, owner: &by, key: &key, now: NOW };
            server.hand_out((&meal, "xg-01"), Paid::Paid, "cook", &doing).await
        });
    }
    let done = tries.join_all().await;
    assert_eq!(done.iter().filter(|tried| tried.is_ok()).count(), 1);
    assert!(done.iter().all(|tried| matches!(tried, Ok(()) | Err(MealRefusal::Over))));
    let kept = store.meal(&meal).await.unwrap();
    assert_eq!((kept.state, kept.paid), (MealState::HandedOut, Some(Paid::Paid)));
    assert_eq!(kept.scanned.map(|(_, office)| office).as_deref(), Some("xg-01"));
    assert!(matches!(cancel(&store, &meal, "late").await, Err(MealRefusal::Over)));
    assert_eq!(taken(&store).await, 1);
    let day = store.meals_at("xg-01", DAY).await.unwrap();
    assert_eq!((day.len(), day[0].1.id.clone()), (1, elder));
    let found = store.meal_of_confirmation(&kept.confirmation).await.unwrap();
    assert_eq!(found.map(|meal| meal.id), Some(meal));
});
