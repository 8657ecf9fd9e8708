//! A point's month: how many meals, who pays what, and where hand-out and scans say different things.

use super::eater::{MealState, Paid};
use super::subsidy::Bill;
use crate::domain::money::Fen;

/// A meal as the month counts it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SettledMeal {
    /// How it stands.
    pub state: MealState,
    /// Its price before subsidy.
    pub price: Fen,
    /// Who pays what; nothing where nobody has published it.
    pub bill: Option<Bill>,
    /// What became of the elder's part.
    pub paid: Option<Paid>,
    /// Its code was scanned somewhere.
    pub scanned: bool,
}

/// The sums of a month.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Settlement {
    /// Meals that were handed out.
    pub handed_out: usize,
    /// Ordered, and neither handed out nor given up.
    pub missed: usize,
    /// Handed-out meals whose parts are known.
    pub known: usize,
    /// What those cost before subsidy.
    pub price: Fen,
    /// What the district pays of them.
    pub district: Fen,
    /// What the street pays of them.
    pub street: Fen,
    /// What the elders pay of them.
    pub own: Fen,
    /// What of the elders' part was not paid, or waived.
    pub open: Fen,
    /// What those cost whose parts nobody has published.
    pub unknown_price: Fen,
    /// Scanned somewhere, and never written down as handed out: to be looked at.
    pub scanned_only: usize,
    /// One of the tables is a sample.
    pub sample: bool,
}

impl Settlement {
    /// Adds a month up.
    pub fn of(meals: &[SettledMeal]) -> Self {
        let mut sums = Self::default();
        for meal in meals {
            match meal.state {
                MealState::Cancelled => {}
                MealState::Reserved => {
                    sums.missed += 1;
                    sums.scanned_only += usize::from(meal.scanned);
                }
                MealState::HandedOut => sums.add(meal),
            }
        }
        sums
    }

    fn add(&mut self, meal: &SettledMeal) {
        self.handed_out += 1;
        let Some(bill) = meal.bill else {
            self.unknown_price.0 += meal.price.0;
            return;
        };
        self.known += 1;
        self.sample |= bill.sample;
        self.price.0 += bill.price.0;
        self.district.0 += bill.district.0;
        self.street.0 += bill.street.0;
        self.own.0 += bill.own.0;
        if meal.paid != Some(Paid::Paid) {
            self.open.0 += bill.own.0;
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn meal(state: MealState, own: Option<i64>, paid: Option<Paid>, scanned: bool) -> SettledMeal {
        let bill = own.map(|own| Bill {
            price: Fen(own + 300),
            district: Fen(200),
            street: Fen(100),
            own: Fen(own),
            sample: false,
        });
        SettledMeal { state, price: Fen(own.unwrap_or(0) + 300), bill, paid, scanned }
    }

    #[test]
    fn a_month_counts_what_was_handed_out_and_shows_where_the_scans_differ() {
        let sums = Settlement::of(&[
            meal(MealState::HandedOut, Some(900), Some(Paid::Paid), true),
            meal(MealState::HandedOut, Some(500), Some(Paid::Waived), true),
            meal(MealState::HandedOut, None, Some(Paid::Paid), true),
            meal(MealState::Reserved, Some(900), None, false),
            meal(MealState::Reserved, Some(900), None, true),
            meal(MealState::Cancelled, Some(900), None, false),
        ]);
        assert_eq!((sums.handed_out, sums.known, sums.missed, sums.scanned_only), (3, 2, 2, 1));
        assert_eq!(
            (sums.district, sums.street, sums.own, sums.open),
            (Fen(400), Fen(200), Fen(1_400), Fen(500))
        );
        assert_eq!((sums.price, sums.unknown_price), (Fen(2_000), Fen(300)));
    }

    proptest! {
        #[test]
        fn the_parts_of_any_month_add_up_to_its_price(
            month in proptest::collection::vec((0_usize..3, proptest::option::of(0_i64..3_000), any::<bool>()), 0..80),
        ) {
            let meals: Vec<_> = month
                .iter()
                .map(|(state, own, scanned)| {
                    let state = MealState::ALL[*state];
                    let paid = (state == MealState::HandedOut).then_some(Paid::Paid);
                    meal(state, *own, paid, *scanned)
                })
                .collect();
            let sums = Settlement::of(&meals);
            prop_assert_eq!(sums.district.0 + sums.street.0 + sums.own.0, sums.price.0);
            prop_assert!(sums.known <= sums.handed_out && sums.scanned_only <= sums.missed);
        }
    }
}
