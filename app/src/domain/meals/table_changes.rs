//! What a table of subsidies changes: for sample people of many ages, beside what holds without it.

use jiff::ToSpan as _;
use jiff::civil::Date;

use super::eater::HujiPlace;
use super::subsidy::{Eater, Status, SubsidyTable, Unset, tier_on};
use crate::domain::area::streets;
use crate::domain::money::Fen;

/// The ages of the sample people: each side of every limit that such tables have.
const AGES: [i16; 12] = [59, 60, 64, 65, 69, 70, 74, 75, 79, 80, 90, 100];

/// A made-up person.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SampleEater {
    /// Full years on the table's first day.
    pub age: i16,
    /// What they are.
    pub status: Option<Status>,
    /// Where their 户籍 is.
    pub huji: HujiPlace,
}

/// The tier of somebody with its amount; none where the level gives them nothing.
pub type TierSaid = Result<Option<(String, Fen)>, Unset>;

/// A sample person whom the table touches.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TierChange {
    /// Who.
    pub sample: SampleEater,
    /// What the level gives without the table.
    pub before: TierSaid,
    /// What it gives with it.
    pub after: TierSaid,
}

/// All sample people: every age with every status, and every age from elsewhere.
pub fn sample_eaters() -> Vec<SampleEater> {
    let statuses = std::iter::once(None).chain(Status::ALL.iter().copied().map(Some));
    let here = statuses.flat_map(|status| {
        AGES.iter().map(move |age| SampleEater { age: *age, status, huji: HujiPlace::Here })
    });
    let away = [HujiPlace::City, HujiPlace::Elsewhere]
        .into_iter()
        .flat_map(|huji| AGES.iter().map(move |age| SampleEater { age: *age, status: None, huji }));
    here.chain(away).collect()
}

/// Those of the sample people for whom the level's tier or amount is another with the table, on its first day.
pub fn tier_changes(table: &SubsidyTable, without: &[SubsidyTable]) -> Vec<TierChange> {
    let day = table.effective_from;
    let with: Vec<_> = without.iter().cloned().chain([table.clone()]).collect();
    let residence = match table.place.len() {
        9 => table.place.clone(),
        _ => streets()
            .iter()
            .find(|street| street.code.starts_with(&table.place))
            .map(|street| street.code.to_owned())
            .unwrap_or_default(),
    };
    let said = |eater: &Eater, tables: &[SubsidyTable]| {
        tier_on(tables, table.level, eater, day)
            .map(|tier| tier.map(|tier| (tier.name.clone(), tier.amount())))
    };
    let changed = sample_eaters().into_iter().filter_map(|sample| {
        let eater = Eater {
            birth_date: born(sample.age, day)?,
            huji: sample.huji.code(),
            residence: residence.clone(),
            statuses: sample.status.into_iter().collect(),
        };
        let (before, after) = (said(&eater, without), said(&eater, &with));
        (before != after).then_some(TierChange { sample, before, after })
    });
    changed.collect()
}

fn born(age: i16, day: Date) -> Option<Date> {
    day.checked_sub(i32::from(age).years()).ok()
}

#[cfg(test)]
mod tests {
    use super::super::{Level, read_tables};
    use super::*;

    fn table(from: &str, tiers: &str) -> SubsidyTable {
        let text = format!(
            "[[table]]\nlevel = \"district\"\nplace = \"320214\"\neffective_from = \"{from}\"\nhuji = \"same_city\"\n\
             source = \"示例\"\nsample = true\ntiers = [{tiers}]\n"
        );
        read_tables(&text).unwrap().remove(0)
    }

    #[test]
    fn those_whose_tier_changes_are_named_and_nobody_else() {
        let old = table("2026-01-01", "{ name = \"60\", from_age = 60, fen = 200 }");
        let new = table(
            "2026-12-01",
            "{ name = \"60\", from_age = 60, fen = 200 }, { name = \"80\", from_age = 80, fen = 300 }",
        );
        let changes = tier_changes(&new, std::slice::from_ref(&old));
        assert!(
            changes
                .iter()
                .all(|change| change.sample.age >= 80 && change.sample.huji != HujiPlace::Elsewhere)
        );
        let plain = changes.iter().filter(|change| change.sample.status.is_none()).count();
        assert_eq!(plain, 6, "80, 90 and 100, from here and from the city");
        assert_eq!(changes[0].before, Ok(Some(("60".to_owned(), Fen(200)))));
        assert_eq!(changes[0].after, Ok(Some(("80".to_owned(), Fen(300)))));
        assert!(
            tier_changes(&table("2026-12-01", "{ name = \"60\", from_age = 60, fen = 200 }"), &[old])
                .is_empty()
        );
    }

    #[test]
    fn where_nothing_was_known_everybody_changes_and_an_empty_amount_is_no_nought() {
        let new = table("2026-12-01", "{ name = \"60\", from_age = 60 }");
        let changes = tier_changes(&new, &[]);
        assert_eq!(changes.len(), sample_eaters().len());
        let of = |age: i16| changes.iter().find(|change| change.sample.age == age).unwrap();
        assert_eq!(of(60).before, Err(Unset::NoTable(Level::District)));
        assert_eq!(of(60).after, Err(Unset::NoAmount(Level::District)));
        assert_eq!(of(59).after, Ok(None));
    }
}
