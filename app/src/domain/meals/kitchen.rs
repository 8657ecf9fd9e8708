//! One sheet for the kitchen at the cut-off: how many of which dish, what nobody may overlook first.

use super::point::MealMode;
use super::tour::route_key;

/// A meal as the kitchen needs to know it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KitchenMeal {
    /// The dish.
    pub dish: String,
    /// How it comes.
    pub mode: MealMode,
    /// What its eater must not eat.
    pub avoid: Vec<String>,
    /// Who it is for, as the label says it.
    pub who: String,
    /// Where it goes, for a delivery.
    pub address: String,
}

/// How many of one dish.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct DishCount {
    /// The dish.
    pub dish: String,
    /// Eaten at the point.
    pub dine_in: usize,
    /// Brought home.
    pub delivery: usize,
}

impl DishCount {
    /// All of them.
    pub fn all(&self) -> usize {
        self.dine_in + self.delivery
    }
}

/// The sheet.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct KitchenSheet {
    /// Meals whose eaters must not eat something, by dish.
    pub allergies: Vec<KitchenMeal>,
    /// By dish, the most first.
    pub counts: Vec<DishCount>,
    /// Deliveries, house by house.
    pub route: Vec<KitchenMeal>,
}

impl KitchenSheet {
    /// Counts what was ordered.
    pub fn of(meals: &[KitchenMeal]) -> Self {
        let mut counts: Vec<DishCount> = Vec::new();
        for meal in meals {
            let at = counts.iter().position(|count| count.dish == meal.dish);
            let at = at.unwrap_or_else(|| {
                counts.push(DishCount { dish: meal.dish.clone(), ..DishCount::default() });
                counts.len() - 1
            });
            if let Some(count) = counts.get_mut(at) {
                match meal.mode {
                    MealMode::DineIn => count.dine_in += 1,
                    MealMode::Delivery => count.delivery += 1,
                }
            }
        }
        counts.sort_by(|one, other| other.all().cmp(&one.all()).then_with(|| one.dish.cmp(&other.dish)));
        let mut allergies: Vec<_> = meals.iter().filter(|meal| !meal.avoid.is_empty()).cloned().collect();
        allergies.sort_by(|one, other| (&one.dish, &one.who).cmp(&(&other.dish, &other.who)));
        let mut route: Vec<_> =
            meals.iter().filter(|meal| meal.mode == MealMode::Delivery).cloned().collect();
        route.sort_by_cached_key(|meal| (route_key(&meal.address), meal.who.clone()));
        Self { allergies, counts, route }
    }

    /// How many meals there are.
    pub fn total(&self) -> usize {
        self.counts.iter().map(DishCount::all).sum()
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn meal(dish: usize, delivery: bool, avoid: bool, house: u8) -> KitchenMeal {
        KitchenMeal {
            dish: format!("菜{dish}"),
            mode: if delivery { MealMode::Delivery } else { MealMode::DineIn },
            avoid: if avoid { vec!["花生".into()] } else { Vec::new() },
            who: "李＊＊".into(),
            address: format!("新光社区 {house:03} 号"),
        }
    }

    #[test]
    fn what_nobody_may_overlook_stands_apart_and_deliveries_go_house_by_house() {
        let meals = [meal(1, true, false, 9), meal(2, true, true, 3), meal(1, false, false, 0)];
        let sheet = KitchenSheet::of(&meals);
        assert_eq!(sheet.counts[0], DishCount { dish: "菜1".into(), dine_in: 1, delivery: 1 });
        assert_eq!((sheet.allergies.len(), sheet.total()), (1, 3));
        let houses: Vec<_> = sheet.route.iter().map(|meal| meal.address.clone()).collect();
        assert_eq!(houses, ["新光社区 003 号", "新光社区 009 号"]);
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(10_000))]
        #[test]
        fn the_sheet_of_any_day_has_as_many_meals_as_were_ordered(
            day in proptest::collection::vec((0_usize..6, any::<bool>(), any::<bool>(), any::<u8>()), 0..40),
        ) {
            let meals: Vec<_> = day.iter().map(|(dish, delivery, avoid, house)| meal(*dish, *delivery, *avoid, *house)).collect();
            let sheet = KitchenSheet::of(&meals);
            prop_assert_eq!(sheet.total(), meals.len());
            for count in &sheet.counts {
                let of = |mode| meals.iter().filter(|meal| meal.dish == count.dish && meal.mode == mode).count();
                prop_assert_eq!((count.dine_in, count.delivery), (of(MealMode::DineIn), of(MealMode::Delivery)));
            }
            prop_assert_eq!(sheet.route.len(), meals.iter().filter(|meal| meal.mode == MealMode::Delivery).count());
            prop_assert_eq!(sheet.allergies.len(), meals.iter().filter(|meal| !meal.avoid.is_empty()).count());
        }
    }
}
