//! A point's month: how many meals, who pays what, and where hand-out and scans say different things.

use std::collections::BTreeMap;

use super::eater::{MealState, Paid};
use super::subsidy::Bill;
use crate::domain::money::Fen;
use crate::slugs;

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
    /// It was served without an order.
    pub walk_in: bool,
    /// A scan handed it out, and nobody has noted the money.
    pub paid_open: bool,
    /// Two sides told different things of it.
    pub conflict: bool,
}

/// Where a meal of the month is not simply ordered, scanned and paid: what whoever settles looks at.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Difference {
    /// Served without an order.
    WalkIn,
    /// Ordered, and not collected.
    Missed,
    /// Scanned somewhere, and never written down as handed out.
    ScannedOnly,
    /// Two devices or two points tell different things of it.
    Conflict,
    /// Handed out, and no part of its price is known.
    TierUnknown,
    /// Handed out by a scan, and nobody noted the money.
    MoneyOpen,
}

slugs!(Difference {
    WalkIn = "walk_in",
    Missed = "missed",
    ScannedOnly = "scanned_only",
    Conflict = "conflict",
    TierUnknown = "tier_unknown",
    MoneyOpen = "money_open",
});

impl SettledMeal {
    /// What is to be looked at, in the order of [`Difference::ALL`].
    pub fn differences(&self) -> Vec<Difference> {
        let handed_out = self.state == MealState::HandedOut;
        let reserved = self.state == MealState::Reserved;
        let holds = |difference: &Difference| match difference {
            Difference::WalkIn => self.walk_in,
            Difference::Missed => reserved && !self.scanned,
            Difference::ScannedOnly => reserved && self.scanned,
            Difference::Conflict => self.conflict,
            Difference::TierUnknown => handed_out && self.bill.is_none(),
            Difference::MoneyOpen => handed_out && self.paid_open,
        };
        Difference::ALL.iter().copied().filter(holds).collect()
    }
}

/// The meals of a month that a district and a street gave the same amounts to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct TierSum {
    /// What the district gave to each.
    pub district: Fen,
    /// What the street gave to each.
    pub street: Fen,
    /// How many there are.
    pub meals: usize,
    /// What the elders pay of them.
    pub own: Fen,
}

impl TierSum {
    /// What the district pays of all of them.
    pub fn district_sum(&self) -> Fen {
        Fen(self.district.0.saturating_mul(i64::try_from(self.meals).unwrap_or(i64::MAX)))
    }

    /// What the street pays of all of them.
    pub fn street_sum(&self) -> Fen {
        Fen(self.street.0.saturating_mul(i64::try_from(self.meals).unwrap_or(i64::MAX)))
    }
}

/// The sums of a month.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
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
    /// Handed-out meals with known parts by what district and street gave, the most first.
    pub tiers: Vec<TierSum>,
    /// How many meals there are to be looked at, by why; one meal may count twice.
    pub differences: BTreeMap<Difference, usize>,
}

impl Settlement {
    /// Adds a month up.
    pub fn of(meals: &[SettledMeal]) -> Self {
        let mut sums = Self::default();
        let mut tiers: BTreeMap<(i64, i64), TierSum> = BTreeMap::new();
        for meal in meals {
            for difference in meal.differences() {
                *sums.differences.entry(difference).or_default() += 1;
            }
            if let (MealState::HandedOut, Some(bill)) = (meal.state, meal.bill) {
                let tier = tiers.entry((bill.district.0, bill.street.0)).or_insert_with(|| TierSum {
                    district: bill.district,
                    street: bill.street,
                    ..TierSum::default()
                });
                tier.meals += 1;
                tier.own.0 += bill.own.0;
            }
            match meal.state {
                MealState::Cancelled => {}
                MealState::Reserved => {
                    sums.missed += 1;
                    sums.scanned_only += usize::from(meal.scanned);
                }
                MealState::HandedOut => sums.add(meal),
            }
        }
        sums.tiers = tiers.into_values().rev().collect();
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
        let price = Fen(own.unwrap_or(0) + 300);
        SettledMeal { state, price, bill, paid, scanned, walk_in: false, paid_open: false, conflict: false }
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

    #[test]
    fn each_difference_to_the_scans_is_counted_by_why_it_is_one() {
        let out = |own| meal(MealState::HandedOut, own, Some(Paid::Paid), true);
        let sums = Settlement::of(&[
            out(Some(900)),
            SettledMeal { walk_in: true, ..out(None) },
            SettledMeal { conflict: true, paid_open: true, ..out(Some(900)) },
            meal(MealState::Reserved, Some(900), None, false),
            meal(MealState::Reserved, Some(900), None, true),
            SettledMeal { conflict: true, ..meal(MealState::Cancelled, Some(900), None, false) },
        ]);
        let counted: Vec<_> = sums.differences.into_iter().collect();
        assert_eq!(
            counted,
            [
                (Difference::WalkIn, 1),
                (Difference::Missed, 1),
                (Difference::ScannedOnly, 1),
                (Difference::Conflict, 2),
                (Difference::TierUnknown, 1),
                (Difference::MoneyOpen, 1),
            ]
        );
        assert!(out(Some(900)).differences().is_empty());
    }

    #[test]
    fn meals_are_counted_by_what_each_payer_gave() {
        let with = |district, street, own| {
            let mut one = meal(MealState::HandedOut, Some(own), Some(Paid::Paid), true);
            one.bill = one.bill.map(|bill| Bill { district: Fen(district), street: Fen(street), ..bill });
            one
        };
        let sums = Settlement::of(&[with(200, 100, 900), with(400, 300, 500), with(200, 100, 700)]);
        let shown: Vec<_> = sums
            .tiers
            .iter()
            .map(|tier| (tier.meals, tier.district_sum().0, tier.street_sum().0, tier.own.0))
            .collect();
        assert_eq!(shown, [(1, 400, 300, 500), (2, 400, 200, 1_600)]);
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
            prop_assert_eq!(sums.tiers.iter().map(|tier| tier.meals).sum::<usize>(), sums.known);
            prop_assert_eq!(sums.tiers.iter().map(|tier| tier.district_sum().0).sum::<i64>(), sums.district.0);
            prop_assert_eq!(sums.tiers.iter().map(|tier| tier.street_sum().0).sum::<i64>(), sums.street.0);
            prop_assert_eq!(sums.tiers.iter().map(|tier| tier.own.0).sum::<i64>(), sums.own.0);
        }
    }
}
