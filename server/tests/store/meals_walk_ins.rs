//! Meals of those who come without an order: the last portion once, one meal a person wherever they come; on both engines.

#![cfg(test)]

use app::domain::meals::{DeskOutcome, Guest, MealMode, MealState, Paid};
use app::domain::money::Fen;
use app::domain::name::PersonName;
use app::domain::phone::ContactPhone;
use app::domain::retention::Retained;
use app::domain::time::Instant;

use super::meals::{DAY, DOCUMENT, change, confirmation, dish, documents, eater, keep, order, tables, taken};
use super::{NOW, TestStore, owner, store_test};
use crate::store::audit::Actor;
use crate::store::meals::Doing;
use crate::store::meals::eaters::EaterKey;
use crate::store::meals::orders::WantedMeal;
use crate::store::meals::plans::MealChange;
use crate::store::meals::walk_ins::{AT_THE_DESK, Comes, NewWalkIn, WalkIn};
use crate::store::{IdempotencyKey, NewConfirmation, Store, StoreError};

/// Noon of the meals' day.
fn noon() -> Instant {
    Instant(Instant::shanghai_midnight(DAY).0 + 12 * 3_600_000)
}

async fn serve(
    server: &Store,
    who: Comes<'_>,
    (dish, point): (&str, &str),
    (number, confirmation): (&str, &NewConfirmation),
) -> Result<WalkIn, StoreError> {
    let meal = WantedMeal { dish, mode: MealMode::DineIn, number, confirmation };
    let new = NewWalkIn { who, meal, paid: Paid::Paid, point, staff: "cook" };
    let key = IdempotencyKey::new(server, &format!("walk-in-{number}"), "body");
    let by = owner("cook");
    let doing = Doing { actor: &Actor::System, owner: &by, key: &key, now: noon() };
    server.serve_walk_in(&new, &tables(2), &doing).await
}

/// The same under a number of its own.
async fn come(store: &TestStore, who: Comes<'_>, at: (&str, &str), number: usize) -> WalkIn {
    let number = format!("ZC261124{number:06}");
    let confirmation = confirmation(store, &number).await;
    serve(store, who, at, (&number, &confirmation)).await.unwrap()
}

fn guest(name: &str, phone: &str, apart: bool) -> Guest {
    let phone = (!phone.is_empty()).then(|| ContactPhone::parse(phone).unwrap());
    Guest { name: PersonName::parse(name).unwrap(), phone, apart }
}

/// The fish of one point and the tofu of another.
async fn two_points(store: &TestStore) -> (String, String) {
    change(store, "menu", MealChange::Add(&[dish("清蒸鱼", 3)])).await.unwrap();
    let key = IdempotencyKey::new(store, "meal-change-far", "body");
    let by = owner("far");
    let doing = Doing { actor: &Actor::System, owner: &by, key: &key, now: NOW };
    store.change_meal_plan("zc-01", &MealChange::Add(&[dish("豆腐", 3)]), &doing).await.unwrap();
    let first = async |point| store.meal_menu(point, (DAY, DAY)).await.unwrap().remove(0).id;
    (first("xg-01").await, first("zc-01").await)
}

store_test!(a_walk_in_is_reserved_and_handed_out_in_one_act_and_priced_as_any_meal, |store| {
    let (fish, _) = two_points(&store).await;
    let elder = keep(&store, &eater(DOCUMENT)).await;
    let WalkIn::Served(id) = come(&store, Comes::Kept(&elder), (&fish, "xg-01"), 1).await else {
        panic!("there are three")
    };
    let again = come(&store, Comes::Kept(&elder), (&fish, "xg-01"), 1).await;
    assert!(matches!(again, WalkIn::Served(same) if same == id), "the same form again");
    let kept = store.meal(&id).await.unwrap();
    assert_eq!(
        (kept.state, kept.paid, kept.handed_at),
        (MealState::HandedOut, Some(Paid::Paid), Some(noon()))
    );
    let bill = kept.bill.unwrap();
    assert_eq!((bill.district, bill.own), (Fen(300), Fen(900)));
    assert_eq!(kept.scanned.map(|(_, office)| office).as_deref(), Some("xg-01"), "its code is used");
    assert_eq!(store.walk_ins_between("xg-01", (DAY, DAY)).await.unwrap(), [id]);
    assert_eq!(taken(&store).await, 1);
});

store_test!(a_second_walk_in_of_a_person_and_meal_is_a_conflict_that_both_points_see, |store| {
    let (fish, tofu) = two_points(&store).await;
    let elder = keep(&store, &eater(DOCUMENT)).await;
    let WalkIn::Served(id) = come(&store, Comes::Kept(&elder), (&fish, "xg-01"), 1).await else {
        panic!("there are three")
    };
    for number in [2, 3] {
        let far = come(&store, Comes::Kept(&elder), (&tofu, "zc-01"), number).await;
        assert!(matches!(far, WalkIn::Twice(meal) if meal.id == id));
    }
    let here = come(&store, Comes::Kept(&elder), (&fish, "xg-01"), 4).await;
    assert!(matches!(here, WalkIn::Twice(meal) if meal.id == id));
    assert_eq!(taken(&store).await, 1, "one meal, one subsidy");
    let conflicts = store.desk_conflicts("xg-01").await.unwrap();
    let seen: Vec<_> =
        conflicts.iter().map(|of| (of.outcome, of.point.as_str(), of.device.as_str())).collect();
    assert_eq!(seen.len(), 2, "a point that tries twice is told of once: {seen:?}");
    assert!(seen.contains(&(DeskOutcome::Elsewhere, "zc-01", AT_THE_DESK)));
    assert!(seen.contains(&(DeskOutcome::Already, "xg-01", AT_THE_DESK)));
    assert_eq!(store.desk_conflicts("zc-01").await.unwrap().len(), 1);
    // What is ordered here and waits is no conflict: it is handed out in the list.
    let other = keep(&store, &eater(&documents(1)[0])).await;
    let waits = order(&store, &other, &[&fish], "9").await.unwrap();
    let told = come(&store, Comes::Kept(&other), (&fish, "xg-01"), 5).await;
    assert!(matches!(told, WalkIn::Twice(meal) if meal.id == waits && meal.state == MealState::Reserved));
    assert_eq!(store.desk_conflicts("xg-01").await.unwrap().len(), 2);
});

store_test!(a_guest_pays_the_price_as_published_once_a_day_and_is_found_by_nobodys_search, |store| {
    let (fish, tofu) = two_points(&store).await;
    let known = keep(&store, &eater(DOCUMENT)).await;
    let li = guest("李大妈", "", false);
    let WalkIn::Served(id) = come(&store, Comes::Guest(&li, "320214050001"), (&fish, "xg-01"), 1).await
    else {
        panic!("there are three")
    };
    let kept = store.meal(&id).await.unwrap();
    assert_eq!((kept.price, kept.bill), (Fen(1_200), None), "no sum is made up");
    assert_ne!(kept.eater, known, "who was registered under that name is not meant");
    let far = come(&store, Comes::Guest(&li, "320214051001"), (&tofu, "zc-01"), 2).await;
    assert!(matches!(far, WalkIn::Twice(meal) if meal.id == id));
    assert_eq!(store.desk_conflicts("zc-01").await.unwrap().len(), 1);
    let other = guest("李大妈", "13900005678", false);
    let another = guest("李大妈", "", true);
    for (number, one) in [(3, &other), (4, &another)] {
        let served = come(&store, Comes::Guest(one, "320214051001"), (&tofu, "zc-01"), number).await;
        assert!(matches!(served, WalkIn::Served(_)), "{served:?}");
    }
    let new = eater(DOCUMENT);
    for key in [EaterKey::Name(new.name.clone()), EaterKey::Phone(new.phone.clone().unwrap())] {
        let found = store.find_eaters(&key).await.unwrap();
        assert_eq!(found.iter().map(|of| of.id.clone()).collect::<Vec<_>>(), std::slice::from_ref(&known));
    }
    let raw: Vec<Vec<u8>> = sqlx::query_scalar("select person from meal_eaters where guest = 1")
        .fetch_all(&store.database().await)
        .await
        .unwrap();
    assert!(raw.len() == 3 && raw.iter().all(|sealed| !String::from_utf8_lossy(sealed).contains("李大妈")));
    let late = Instant(NOW.0 + 400 * 24 * 3_600_000);
    store.retire(Retained::MealOrders, late, late).await.unwrap();
    let left: i64 = sqlx::query_scalar("select cast(count(*) as bigint) from meal_eaters where guest = 1")
        .fetch_one(&store.database().await)
        .await
        .unwrap();
    assert_eq!(left, 0);
});

store_test!(of_ten_who_come_at_once_for_three_portions_three_eat, |store| {
    let (fish, _) = two_points(&store).await;
    let another = store.another().await;
    let mut tries = tokio::task::JoinSet::new();
    for at in 0..10_usize {
        let server = if at % 2 == 0 { store.store.clone() } else { another.clone() };
        let (number, fish) = (format!("ZC261124{at:06}"), fish.clone());
        let confirmation = confirmation(&store, &number).await;
        tries.spawn(async move {
            let one = guest("王大爷", &format!("139{at:08}"), false);
            let who = Comes::Guest(&one, "320214050001");
            serve(&server, who, (&fish, "xg-01"), (&number, &confirmation)).await.unwrap()
        });
    }
    let done = tries.join_all().await;
    assert_eq!(done.iter().filter(|one| matches!(one, WalkIn::Served(_))).count(), 3);
    assert_eq!(done.iter().filter(|one| matches!(one, WalkIn::SoldOut)).count(), 7);
    assert_eq!(taken(&store).await, 3);
});
