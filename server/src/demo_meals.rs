//! Sample menus of the demo: every sample point serves lunch and dinner in the coming week. All made up.

use app::domain::meals::{DietTag, MealKind, NewDish, Service, sample_points};
use app::domain::money::Fen;
use app::domain::time::Instant;
use app::visit::Owner;
use jiff::ToSpan as _;
use jiff::civil::Date;

use crate::store::audit::Actor;
use crate::store::meals::Doing;
use crate::store::meals::plans::MealChange;
use crate::store::{IdempotencyKey, Store, StoreError};

/// A week, so that "the same as last time" finds something.
const DAYS: i32 = 8;

/// Name, yuan, tags, ingredients.
type Sample = (&'static str, i64, &'static [DietTag], &'static [&'static str]);

const LUNCH: &[[Sample; 2]] = &[
    [
        ("清蒸鲈鱼套餐", 15, &[DietTag::LowOil, DietTag::NoPork], &["鲈鱼", "姜", "葱", "米饭"]),
        ("肉末蒸蛋套餐", 12, &[DietTag::Soft, DietTag::LowSalt, DietTag::NoBone], &["鸡蛋", "猪肉", "米饭"]),
    ],
    [
        ("红烧狮子头套餐", 14, &[DietTag::Soft, DietTag::NoBone], &["猪肉", "荸荠", "青菜", "米饭"]),
        (
            "番茄豆腐套餐",
            10,
            &[DietTag::Soft, DietTag::LowSugar, DietTag::Vegetarian, DietTag::NoPork],
            &["番茄", "豆腐", "米饭"],
        ),
    ],
    [
        ("白切鸡套餐", 15, &[DietTag::LowSalt, DietTag::NoPork], &["鸡肉", "姜", "米饭"]),
        (
            "虾仁冬瓜套餐",
            13,
            &[DietTag::Soft, DietTag::LowOil, DietTag::NoBone, DietTag::NoPork],
            &["虾仁", "冬瓜", "米饭"],
        ),
    ],
];

const DINNER: [Sample; 1] = [("青菜肉丝面", 9, &[DietTag::Soft, DietTag::NoBone], &["面条", "猪肉", "青菜"])];

fn new_dish(day: Date, kind: MealKind, (name, yuan, tags, ingredients): Sample, quota: i64) -> NewDish {
    NewDish {
        day,
        kind,
        name: name.to_owned(),
        price: Fen(yuan * 100),
        quota,
        tags: tags.to_vec(),
        ingredients: ingredients.iter().map(|word| (*word).to_owned()).collect(),
    }
}

/// Gives every sample point its times and the menus of the coming week, unless they are there.
///
/// # Errors
/// The database failed.
pub(crate) async fn load(store: &Store, now: Instant) -> anyhow::Result<String> {
    let (owner, today) = (Owner("sample".into()), now.shanghai_date());
    let services = [
        Service {
            kind: MealKind::Lunch,
            starts: 11 * 60,
            ends: 13 * 60,
            cutoff_days: 0,
            cutoff: 9 * 60 + 30,
        },
        Service {
            kind: MealKind::Dinner,
            starts: 17 * 60,
            ends: 18 * 60 + 30,
            cutoff_days: 0,
            cutoff: 15 * 60,
        },
    ];
    let points = sample_points().map_err(|cause| anyhow::anyhow!(cause))?;
    for point in &points {
        let change = async |what: &str, change: MealChange<'_>| {
            let key = IdempotencyKey::new(store, &format!("sample-meal-{}-{what}", point.code), "meals");
            let doing = Doing { actor: &Actor::System, owner: &owner, key: &key, now };
            match store.change_meal_plan(&point.code, &change, &doing).await {
                Ok(()) | Err(StoreError::Conflict) => Ok(()),
                Err(other) => Err(anyhow::Error::from(other)),
            }
        };
        let kept = store.meal_services(&point.code).await?;
        for service in services.iter().filter(|service| kept.iter().all(|other| other.kind != service.kind)) {
            change(service.kind.as_str(), MealChange::Service(service)).await?;
        }
        for ahead in 0..DAYS {
            let day = today.checked_add(ahead.days())?;
            if !store.meal_menu(&point.code, (day, day)).await?.is_empty() {
                continue;
            }
            let of_day = usize::from(day.day().unsigned_abs()) % LUNCH.len();
            let lunch = LUNCH.get(of_day).into_iter().flatten();
            let mut dishes: Vec<_> =
                lunch.map(|sample| new_dish(day, MealKind::Lunch, *sample, 30)).collect();
            dishes.extend(DINNER.map(|sample| new_dish(day, MealKind::Dinner, sample, 20)));
            change(&day.to_string(), MealChange::Add(&dishes)).await?;
        }
    }
    Ok(format!("Sample meal points: {} at /meals; demo-meals runs xg-01 at /staff/meals.", points.len()))
}
