//! Several meals at once: how a form names them, and what each costs beside the others.

use std::collections::BTreeMap;

use jiff::civil::Date;

use super::menu::Dish;
use super::point::MealKind;
use super::subsidy::{Eater, Quote, SubsidyTable, Used, bill};

/// The most meals of one form.
pub const PICKS_MAX: usize = 30;

/// The field of a form that holds the dish for a meal of a day. One field a meal: nobody picks two.
pub fn pick_field(day: Date, kind: MealKind) -> String {
    format!("pick-{day}-{}", kind.as_str())
}

/// Whether a field's name is one of those.
pub fn is_pick(name: &str) -> bool {
    name.starts_with("pick-")
}

/// What each dish costs, in the order in which they are given, each counted as used for those after it. `used` tells what was
/// subsidised before the form.
pub fn quote_all(
    dishes: &[Dish],
    eater: Option<&Eater>,
    tables: &[SubsidyTable],
    used: &BTreeMap<Date, Used>,
) -> Vec<Quote> {
    let mut given: Vec<Date> = Vec::new();
    let mut quotes = Vec::with_capacity(dishes.len());
    for dish in dishes {
        let day = dish.dish.day;
        let before = used.get(&day).copied().unwrap_or_default();
        let count = |same: &dyn Fn(&Date) -> bool| {
            u32::try_from(given.iter().filter(|of| same(of)).count()).unwrap_or(u32::MAX)
        };
        let now = Used {
            same_meal: before.same_meal,
            on_day: before.on_day.saturating_add(count(&|of| *of == day)),
            in_month: before
                .in_month
                .saturating_add(count(&|of| of.first_of_month() == day.first_of_month())),
        };
        let quote = bill(dish.dish.price, eater, tables, day, now);
        if let Quote::Known(bill) = quote
            && bill.district.0 + bill.street.0 > 0
        {
            given.push(day);
        }
        quotes.push(quote);
    }
    quotes
}

#[cfg(test)]
mod tests {
    use jiff::ToSpan as _;
    use jiff::civil::date;
    use proptest::prelude::*;

    use super::super::{NewDish, read_tables};
    use super::*;
    use crate::domain::money::Fen;

    fn dish(day: Date, kind: MealKind) -> Dish {
        Dish {
            id: String::new(),
            point: String::new(),
            dish: NewDish {
                day,
                kind,
                name: String::new(),
                price: Fen(1_000),
                quota: 1,
                tags: Vec::new(),
                ingredients: Vec::new(),
            },
            taken: 0,
            instead_of: None,
        }
    }

    #[test]
    fn a_field_names_a_meal_of_a_day() {
        let field = pick_field(date(2026, 12, 1), MealKind::Lunch);
        assert_eq!(field, "pick-2026-12-01-lunch");
        assert!(is_pick(&field) && !is_pick("mode"));
    }

    proptest! {
        #[test]
        fn no_cap_is_passed_however_many_meals_one_form_holds(
            days in proptest::collection::vec((0_i64..40, 0_usize..3), 1..30),
            before in 0_u32..12,
        ) {
            let text = "[[table]]\nlevel = \"district\"\nplace = \"320214\"\neffective_from = \"2026-01-01\"\n\
                        huji = \"any\"\nper_day = 2\nper_month = 10\nsource = \"示例\"\nsample = true\n\
                        tiers = [{ name = \"60\", from_age = 60, fen = 300 }]\n\
                        [[table]]\nlevel = \"street\"\nplace = \"320214\"\neffective_from = \"2026-01-01\"\n\
                        huji = \"any\"\nsource = \"示例\"\nsample = true\n";
            let tables = read_tables(text).unwrap();
            let eater = Eater {
                birth_date: date(1945, 1, 1),
                huji: "320214".into(),
                residence: "320214050".into(),
                statuses: Vec::new(),
            };
            let dishes: Vec<_> = days
                .iter()
                .map(|(ahead, kind)| dish(date(2026, 11, 20).checked_add(ahead.days()).unwrap(), MealKind::ALL[*kind]))
                .collect();
            let used = dishes
                .iter()
                .filter(|dish| dish.dish.day.month() == 11)
                .map(|dish| (dish.dish.day, Used { in_month: before, ..Used::default() }))
                .collect();
            let quotes = quote_all(&dishes, Some(&eater), &tables, &used);
            let given: Vec<Date> = dishes
                .iter()
                .zip(&quotes)
                .filter(|(_, quote)| matches!(quote, Quote::Known(bill) if bill.district.0 > 0))
                .map(|(dish, _)| dish.dish.day)
                .collect();
            for day in &given {
                prop_assert!(given.iter().filter(|of| *of == day).count() <= 2);
            }
            let in_november = given.iter().filter(|day| day.month() == 11).count();
            prop_assert!(in_november + usize::try_from(before).unwrap() <= 10 || in_november == 0);
            prop_assert!(given.iter().filter(|day| day.month() == 12).count() <= 10);
        }
    }
}
