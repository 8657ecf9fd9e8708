//! What is different since a kitchen's sheet was printed.

use super::point::MealMode;

/// A meal as a sheet has it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SheetMeal {
    /// Its id.
    pub id: String,
    /// The dish.
    pub dish: String,
    /// How it comes.
    pub mode: MealMode,
}

/// What came, went and is another one now.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SheetChanges {
    /// Ordered since.
    pub added: Vec<SheetMeal>,
    /// Given up since, as it was on paper.
    pub gone: Vec<SheetMeal>,
    /// Another dish, or another way to come: as it was, and as it is.
    pub changed: Vec<(SheetMeal, SheetMeal)>,
}

impl SheetChanges {
    /// Between what is on paper and what is ordered now.
    pub fn between(printed: &[SheetMeal], now: &[SheetMeal]) -> Self {
        let of = |meals: &[SheetMeal], id: &str| meals.iter().find(|meal| meal.id == id).cloned();
        let mut changes = Self::default();
        for meal in now {
            match of(printed, &meal.id) {
                None => changes.added.push(meal.clone()),
                Some(was) if was != *meal => changes.changed.push((was, meal.clone())),
                Some(_) => {}
            }
        }
        changes.gone = printed.iter().filter(|meal| of(now, &meal.id).is_none()).cloned().collect();
        changes
    }

    /// Whether the paper is still right.
    pub fn is_empty(&self) -> bool {
        self.added.is_empty() && self.gone.is_empty() && self.changed.is_empty()
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn meals(ids: &[(u8, u8)]) -> Vec<SheetMeal> {
        let mut made: Vec<SheetMeal> = Vec::new();
        for (id, dish) in ids {
            let meal = SheetMeal { id: format!("{id}"), dish: format!("菜{dish}"), mode: MealMode::DineIn };
            if made.iter().all(|other| other.id != meal.id) {
                made.push(meal);
            }
        }
        made
    }

    proptest! {
        #[test]
        fn the_paper_and_its_changes_are_what_is_ordered_now(
            before in proptest::collection::vec((0_u8..20, 0_u8..3), 0..20),
            now in proptest::collection::vec((0_u8..20, 0_u8..3), 0..20),
        ) {
            let (before, now) = (meals(&before), meals(&now));
            let changes = SheetChanges::between(&before, &now);
            let mut made: Vec<_> = before
                .iter()
                .filter(|meal| !changes.gone.contains(meal))
                .map(|meal| {
                    let new = changes.changed.iter().find(|(was, _)| was == meal);
                    new.map_or_else(|| meal.clone(), |(_, is)| is.clone())
                })
                .chain(changes.added.iter().cloned())
                .collect();
            let mut now = now;
            made.sort_by(|one, other| one.id.cmp(&other.id));
            now.sort_by(|one, other| one.id.cmp(&other.id));
            prop_assert_eq!(changes.is_empty(), before.len() == now.len() && before.iter().all(|meal| now.contains(meal)));
            prop_assert_eq!(made, now);
        }
    }
}
