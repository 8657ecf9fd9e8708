//! What a value of a standard changes: beside the one before it, and for the sample families.

use jiff::civil::Date;

use super::families::Family;
use super::screener::{Finding, ScreenedItem, Standing, judge};
use super::standards::{Standard, Standards};
use crate::domain::money::Fen;

/// The standards without a value and with it.
#[derive(Clone, Debug)]
pub struct Comparison {
    /// The value looked at.
    pub value: Standard,
    /// All others that hold.
    pub without: Standards,
}

/// What one item says to a family, without the value and with it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ItemChange {
    /// The item.
    pub item: ScreenedItem,
    /// What it says without the value.
    pub before: Said,
    /// What it says with it.
    pub after: Said,
}

/// An item's answer: whether it fits, and what it could be in a month.
pub type Said = (Standing, Option<Fen>);

/// A family that the value touches.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FamilyChange {
    /// The family's name.
    pub family: String,
    /// What changes for it, in the order of the catalogue.
    pub items: Vec<ItemChange>,
}

impl Comparison {
    /// The day on which both are judged: the first on which the value holds.
    pub fn day(&self) -> Date {
        self.value.effective_from
    }

    /// What held on that day before it.
    pub fn before(&self) -> Option<&Standard> {
        self.without.on(self.value.key, self.day())
    }

    /// The families for whom an item says something else with the value.
    pub fn families(&self, families: &[Family]) -> Vec<FamilyChange> {
        let with = self.without.clone().with([self.value.clone()]);
        let said = |family: &Family, standards: &Standards| {
            let mut findings = judge(&family.answers, standards, self.day());
            findings.sort_by_key(|finding| finding.item);
            findings
        };
        let changed = families.iter().map(|family| FamilyChange {
            family: family.name.clone(),
            items: differences(&said(family, &self.without), &said(family, &with)),
        });
        changed.filter(|change| !change.items.is_empty()).collect()
    }
}

fn differences(before: &[Finding], after: &[Finding]) -> Vec<ItemChange> {
    let pairs = before.iter().zip(after);
    pairs
        .map(|(before, after)| ItemChange {
            item: before.item,
            before: (before.standing, before.estimate),
            after: (after.standing, after.estimate),
        })
        .filter(|change| change.before != change.after)
        .collect()
}

/// By how much a value grew, in tenths of a percent, rounded to the nearest. `before` is more than nothing.
pub fn growth(before: i64, after: i64) -> i64 {
    let thousandths = (i128::from(after) - i128::from(before)) * 2_000 / i128::from(before.max(1));
    i64::try_from((thousandths + thousandths.signum()) / 2).unwrap_or(i64::MAX)
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;
    use crate::domain::aid::families::families;
    use crate::domain::aid::standards::StandardKey;

    fn dibao(value: i64, effective_from: Date) -> Standard {
        Standard { key: StandardKey::Dibao, value, effective_from, document: "示例".into(), sample: true }
    }

    #[test]
    fn a_lower_standard_takes_a_family_out_and_a_higher_one_gives_it_more() {
        let without = Standards::national().with([dibao(101_000, date(2025, 7, 1))]);
        let change = |value| {
            let comparison = Comparison { value: dibao(value, date(2026, 7, 1)), without: without.clone() };
            assert_eq!(comparison.before().map(|before| before.value), Some(101_000));
            let changes = comparison.families(families());
            let family =
                changes.into_iter().find(|change| change.family.starts_with("三口人，月收入 1500 元"));
            family.expect("the family of three").items
        };
        // 3 × 1,100 − 1,500 = 1,800; 3 × 1,010 − 1,500 = 1,530.
        assert_eq!(
            change(110_000),
            [ItemChange {
                item: ScreenedItem::Dibao,
                before: (Standing::Likely, Some(Fen(153_000))),
                after: (Standing::Likely, Some(Fen(180_000))),
            }]
        );
        let lower = change(40_000);
        assert_eq!(lower[0].after, (Standing::NotNow, None));
        assert_eq!(lower[1].item, ScreenedItem::DibaoMargin);
        assert_eq!(lower[1].after.0, Standing::Likely);
    }

    #[test]
    fn a_value_like_the_one_before_changes_nobody() {
        let without = Standards::national().with([dibao(101_000, date(2025, 7, 1))]);
        let comparison = Comparison { value: dibao(101_000, date(2026, 7, 1)), without };
        assert_eq!(comparison.families(families()), []);
    }

    #[test]
    fn growth_is_rounded_to_a_tenth_of_a_percent() {
        for (before, after, growth_in_tenths) in [
            (101_000, 106_050, 50),
            (100_000, 100_000, 0),
            (3, 4, 333),
            (3, 5, 667),
            (3, 2, -333),
            (70_000, 101_000, 443),
        ] {
            assert_eq!(growth(before, after), growth_in_tenths, "{before} {after}");
        }
    }
}
