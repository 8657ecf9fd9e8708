//! Who pays how much of a meal. District and street each have tiers of their own, dated; the amounts stack. What nobody has
//! published is not computed: the elder is told so and pays at the point.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::domain::money::Fen;
use crate::slugs;

/// Who gives a subsidy.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Level {
    /// 区
    District,
    /// 街道
    Street,
}

slugs!(Level { District = "district", Street = "street" });

/// What somebody is, as far as a tier asks. Staff saw the paper; nothing here is declared by the elder alone.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Status {
    /// 特困（分散供养）
    Tekun,
    /// 低保
    Dibao,
    /// 低保边缘
    DibaoMargin,
    /// 重度残疾
    SevereDisability,
    /// 中度以上失能
    LossOfSelfCare,
    /// 重点空巢独居
    LivesAlone,
    /// 计生特殊家庭
    FamilyPlanning,
    /// Lives in a home that feeds everybody: such tables leave these out.
    FullBoard,
}

slugs!(Status {
    Tekun = "tekun",
    Dibao = "dibao",
    DibaoMargin = "dibao_margin",
    SevereDisability = "severe_disability",
    LossOfSelfCare = "loss_of_self_care",
    LivesAlone = "lives_alone",
    FamilyPlanning = "family_planning",
    FullBoard = "full_board",
});

/// Whose 户籍 a table asks for. It is a checked fact of its own and never read out of a document's number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum HujiRule {
    /// Of the district where one lives.
    SameDistrict,
    /// Of the city: who lives away from their 户籍 district gets what holds where they live.
    SameCity,
    /// Any.
    Any,
}

slugs!(HujiRule { SameDistrict = "same_district", SameCity = "same_city", Any = "any" });

/// One class of people and the amount for a meal.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Tier {
    /// As people read it: 「80 周岁以上」.
    pub name: String,
    /// The youngest, by the date of the meal.
    pub from_age: i16,
    /// The oldest.
    #[serde(default)]
    pub to_age: Option<i16>,
    /// One of these is enough; nothing asks for none.
    #[serde(default)]
    pub statuses: Vec<Status>,
    /// A meal's amount in fen; unset where it was not published.
    #[serde(default)]
    pub fen: Option<i64>,
}

impl Tier {
    /// What a meal gets; nothing for a tier that was not published, which is asked about before.
    pub fn amount(&self) -> Fen {
        Fen(self.fen.unwrap_or_default().max(0))
    }
}

/// The tiers of one level in one place, from a day on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SubsidyTable {
    /// Who pays.
    pub level: Level,
    /// The code of the district or street for whose residents it is.
    pub place: String,
    /// The first day on which it holds.
    pub effective_from: Date,
    /// The last one, where one was set.
    #[serde(default)]
    pub effective_until: Option<Date>,
    /// Whose 户籍 it asks for.
    pub huji: HujiRule,
    /// The most subsidised meals of a person on a day; `None` is no cap beside one of each meal.
    #[serde(default)]
    pub per_day: Option<u32>,
    /// The most in a month.
    #[serde(default)]
    pub per_month: Option<u32>,
    /// Who gets nothing from it.
    #[serde(default)]
    pub without: Vec<Status>,
    /// Where it was published.
    pub source: String,
    /// It is made up, or another place's, and says so.
    pub sample: bool,
    /// The classes. A table without any says that this level gives nothing, which is another thing than saying nothing.
    #[serde(default)]
    pub tiers: Vec<Tier>,
}

/// Who eats, as far as the price goes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Eater {
    /// The birth date.
    pub birth_date: Date,
    /// The district of the 户籍, six digits.
    pub huji: String,
    /// The street where they live, nine digits.
    pub residence: String,
    /// What they are.
    pub statuses: Vec<Status>,
}

/// What was subsidised before this meal.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Used {
    /// A meal of the same kind on the same day.
    pub same_meal: bool,
    /// Meals on the day.
    pub on_day: u32,
    /// Meals in the month.
    pub in_month: u32,
}

/// Why there is no sum.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unset {
    /// Nobody has checked the age, the 户籍 and the rest.
    NotChecked,
    /// A level has no table for the day.
    NoTable(Level),
    /// The class is there, its amount is not.
    NoAmount(Level),
}

/// A meal's price by who pays.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Bill {
    /// The dish's price.
    pub price: Fen,
    /// What the district pays.
    pub district: Fen,
    /// What the street pays.
    pub street: Fen,
    /// What the elder pays at the point.
    pub own: Fen,
    /// One of the tables is a sample.
    pub sample: bool,
}

/// What is known about a meal's price.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Quote {
    /// Every part.
    Known(Bill),
    /// 以街道公布为准，到点支付.
    AsPublished(Unset),
}

/// Full years on a day. Who is born on 29 February is a year older on 1 March of other years.
fn age_on(birth_date: Date, day: Date) -> i16 {
    let had_birthday = (day.month(), day.day()) >= (birth_date.month(), birth_date.day());
    day.year() - birth_date.year() - i16::from(!had_birthday)
}

impl SubsidyTable {
    fn holds_on(&self, day: Date) -> bool {
        self.effective_from <= day && self.effective_until.is_none_or(|until| day <= until)
    }

    /// Whether it is this person's affair. Who has the wrong 户籍 for it gets nothing from it.
    fn admits(&self, eater: &Eater) -> bool {
        let residence = eater.residence.get(..6).unwrap_or_default();
        match self.huji {
            HujiRule::SameDistrict => eater.huji == residence,
            HujiRule::SameCity => eater.huji.get(..4) == residence.get(..4) && eater.huji.len() >= 4,
            HujiRule::Any => true,
        }
    }

    /// The tier with the best amount of those that fit; `Err` where a tier that fits has none, so that no number is made up.
    fn best(&self, eater: &Eater, day: Date) -> Result<Option<&Tier>, Unset> {
        let age = age_on(eater.birth_date, day);
        let has = |wanted: &[Status]| wanted.iter().any(|status| eater.statuses.contains(status));
        if !self.admits(eater) || has(&self.without) {
            return Ok(None);
        }
        let fitting = self.tiers.iter().filter(|tier| {
            tier.from_age <= age
                && tier.to_age.is_none_or(|oldest| age <= oldest)
                && (tier.statuses.is_empty() || has(&tier.statuses))
        });
        let mut best: Option<&Tier> = None;
        for tier in fitting {
            if tier.fen.is_none() {
                return Err(Unset::NoAmount(self.level));
            }
            if best.is_none_or(|kept| kept.amount() < tier.amount()) {
                best = Some(tier);
            }
        }
        Ok(best)
    }

    fn amount(&self, eater: &Eater, day: Date) -> Result<Fen, Unset> {
        Ok(self.best(eater, day)?.map_or(Fen(0), Tier::amount))
    }

    fn is_used_up(&self, used: Used) -> bool {
        used.same_meal
            || self.per_day.is_some_and(|cap| used.on_day >= cap)
            || self.per_month.is_some_and(|cap| used.in_month >= cap)
    }
}

/// The table of a level that holds where somebody lives: the narrowest place, then the newest.
fn table_of<'a>(
    tables: &'a [SubsidyTable],
    level: Level,
    eater: &Eater,
    day: Date,
) -> Option<&'a SubsidyTable> {
    tables
        .iter()
        .filter(|table| table.level == level && table.holds_on(day) && !table.place.is_empty())
        .filter(|table| eater.residence.starts_with(&table.place))
        .max_by_key(|table| (table.place.len(), table.effective_from))
}

/// The tier of a level that somebody is in on a day; none where the level gives them nothing.
///
/// # Errors
/// Nothing is known: the level has no table, or the tier no amount.
pub fn tier_on<'a>(
    tables: &'a [SubsidyTable],
    level: Level,
    eater: &Eater,
    day: Date,
) -> Result<Option<&'a Tier>, Unset> {
    table_of(tables, level, eater, day).ok_or(Unset::NoTable(level))?.best(eater, day)
}

/// A meal's price on its day, by who pays. Each level pays at most what is left, so the elder's part is never below 0.
pub fn bill(price: Fen, eater: Option<&Eater>, tables: &[SubsidyTable], day: Date, used: Used) -> Quote {
    let Some(eater) = eater else { return Quote::AsPublished(Unset::NotChecked) };
    let mut parts = [Fen(0); 2];
    let mut left = price.max(Fen(0));
    let mut sample = false;
    for (part, level) in parts.iter_mut().zip([Level::District, Level::Street]) {
        let Some(table) = table_of(tables, level, eater, day) else {
            return Quote::AsPublished(Unset::NoTable(level));
        };
        let amount = match table.amount(eater, day) {
            Ok(amount) => amount,
            Err(unset) => return Quote::AsPublished(unset),
        };
        sample |= table.sample;
        if !table.is_used_up(used) {
            *part = amount.min(left);
            left = Fen(left.0 - part.0);
        }
    }
    let [district, street] = parts;
    Quote::Known(Bill { price, district, street, own: left, sample })
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;
    use proptest::prelude::*;

    use super::super::read_tables;
    use super::*;

    fn vector_tables() -> Vec<SubsidyTable> {
        read_tables(include_str!("../../../data/vectors/meal_tables.toml")).unwrap()
    }

    fn eater(birth: Date) -> Eater {
        Eater {
            birth_date: birth,
            huji: "320214".into(),
            residence: "320214050".into(),
            statuses: Vec::new(),
        }
    }

    fn table(level: Level, tiers: Vec<Tier>) -> SubsidyTable {
        SubsidyTable {
            level,
            place: "320214".into(),
            effective_from: date(2026, 1, 1),
            effective_until: None,
            huji: HujiRule::SameCity,
            per_day: None,
            per_month: None,
            without: Vec::new(),
            source: "示例".into(),
            sample: true,
            tiers,
        }
    }

    fn tier(from_age: i16, fen: Option<i64>) -> Tier {
        Tier { name: String::new(), from_age, to_age: None, statuses: Vec::new(), fen }
    }

    fn known(quote: Quote) -> Bill {
        match quote {
            Quote::Known(bill) => bill,
            Quote::AsPublished(why) => panic!("{why:?}"),
        }
    }

    #[test]
    fn every_case_of_the_table_has_its_answer() {
        let tables = vector_tables();
        let mut cases = 0;
        for line in include_str!("../../../data/vectors/meal_price_vectors.csv").lines().skip(1) {
            let fields: Vec<_> = line.split(',').collect();
            let [name, price, birth, huji, residence, statuses, day, used, district, street, own] =
                fields[..]
            else {
                panic!("{line}")
            };
            let eater = Eater {
                birth_date: birth.parse().unwrap(),
                huji: huji.into(),
                residence: residence.into(),
                statuses: statuses
                    .split_whitespace()
                    .map(|slug| Status::parse(slug).unwrap_or_else(|| panic!("{slug}")))
                    .collect(),
            };
            let counts: Vec<u32> = used.split('/').map(|count| count.parse().unwrap()).collect();
            let used = Used { same_meal: counts[0] == 1, on_day: counts[1], in_month: counts[2] };
            let quote = bill(Fen(price.parse().unwrap()), Some(&eater), &tables, day.parse().unwrap(), used);
            let said = match quote {
                Quote::Known(bill) => {
                    (bill.district.0.to_string(), bill.street.0.to_string(), bill.own.0.to_string())
                }
                Quote::AsPublished(_) => ("-".into(), "-".into(), "-".into()),
            };
            assert_eq!(said, (district.to_owned(), street.to_owned(), own.to_owned()), "{name}");
            cases += 1;
        }
        assert!(cases >= 60, "{cases} cases");
    }

    #[test]
    fn meal_two_tiers_match_better_one_wins() {
        let mut alone = tier(60, Some(400));
        alone.statuses = vec![Status::LivesAlone];
        let mut poor = tier(60, Some(800));
        poor.statuses = vec![Status::Dibao];
        let street = table(Level::Street, vec![]);
        for tiers in [vec![alone.clone(), poor.clone()], vec![poor, alone]] {
            let tables = [table(Level::District, tiers), street.clone()];
            let both = Eater { statuses: vec![Status::LivesAlone, Status::Dibao], ..eater(date(1950, 1, 1)) };
            let quote = bill(Fen(1500), Some(&both), &tables, date(2026, 11, 27), Used::default());
            assert_eq!(known(quote).district, Fen(800), "the order of the tiers does not matter");
        }
    }

    #[test]
    fn meal_subsidy_above_price_gives_zero_not_negative() {
        let tables = [
            table(Level::District, vec![tier(60, Some(1000))]),
            table(Level::Street, vec![tier(60, Some(500))]),
        ];
        let quote =
            bill(Fen(1200), Some(&eater(date(1950, 1, 1))), &tables, date(2026, 11, 27), Used::default());
        let bill = known(quote);
        assert_eq!((bill.district, bill.street, bill.own), (Fen(1000), Fen(200), Fen(0)));
    }

    #[test]
    fn meal_two_scans_give_one_subsidy() {
        let tables = [table(Level::District, vec![tier(60, Some(300))]), table(Level::Street, vec![])];
        let elder = eater(date(1950, 1, 1));
        let second = Used { same_meal: true, on_day: 1, in_month: 1 };
        let first = known(bill(Fen(1200), Some(&elder), &tables, date(2026, 11, 27), Used::default()));
        let again = known(bill(Fen(1200), Some(&elder), &tables, date(2026, 11, 27), second));
        assert_eq!((first.own, again.own), (Fen(900), Fen(1200)));
    }

    #[test]
    fn meal_resident_away_from_huji_gets_residence_policy() {
        // Published example: 63 years, 户籍 新吴, living in the economic development zone: 2 yuan.
        let away = Eater { residence: "320271001".into(), ..eater(date(1963, 3, 1)) };
        let quote = bill(Fen(1200), Some(&away), &vector_tables(), date(2026, 7, 1), Used::default());
        let bill = known(quote);
        assert_eq!((bill.district, bill.street, bill.own), (Fen(200), Fen(0), Fen(1000)));
    }

    #[test]
    fn meal_age_is_tested_on_the_meal_date() {
        let tables = [table(Level::District, vec![tier(60, Some(300))]), table(Level::Street, vec![])];
        let soon = eater(date(1966, 12, 1));
        let on = |day| known(bill(Fen(1200), Some(&soon), &tables, day, Used::default())).district;
        assert_eq!(on(date(2026, 11, 30)), Fen(0), "59 on the day before");
        assert_eq!(on(date(2026, 12, 1)), Fen(300), "60 on the meal's date, whenever it was ordered");
    }

    #[test]
    fn an_empty_tier_is_never_a_computed_nought() {
        let elder = eater(date(1950, 1, 1));
        let day = date(2026, 11, 27);
        let quote = |tables: &[SubsidyTable]| bill(Fen(1200), Some(&elder), tables, day, Used::default());
        assert_eq!(quote(&[]), Quote::AsPublished(Unset::NoTable(Level::District)));
        let district = table(Level::District, vec![tier(60, Some(300))]);
        let only = std::slice::from_ref(&district);
        assert_eq!(quote(only), Quote::AsPublished(Unset::NoTable(Level::Street)));
        let empty = [district, table(Level::Street, vec![tier(60, None)])];
        assert_eq!(quote(&empty), Quote::AsPublished(Unset::NoAmount(Level::Street)));
        assert_eq!(
            bill(Fen(1200), None, &empty, day, Used::default()),
            Quote::AsPublished(Unset::NotChecked)
        );
    }

    #[test]
    fn a_leap_day_child_is_a_year_older_on_the_first_of_march() {
        let leap = date(1964, 2, 29);
        assert_eq!((age_on(leap, date(2025, 2, 28)), age_on(leap, date(2025, 3, 1))), (60, 61));
        assert_eq!(age_on(leap, date(2028, 2, 29)), 64);
    }

    proptest! {
        #[test]
        fn the_parts_always_add_up_to_the_price_and_none_is_below_nought(
            price in 0_i64..5_000,
            district in proptest::option::of(0_i64..3_000),
            street in proptest::option::of(0_i64..3_000),
            same_meal: bool,
            on_day in 0_u32..4,
            in_month in 0_u32..40,
        ) {
            let mut first = table(Level::District, vec![tier(60, district)]);
            first.per_day = Some(2);
            first.per_month = Some(30);
            let tables = [first, table(Level::Street, vec![tier(60, street)])];
            let used = Used { same_meal, on_day, in_month };
            let quote = bill(Fen(price), Some(&eater(date(1950, 1, 1))), &tables, date(2026, 11, 27), used);
            match quote {
                Quote::Known(bill) => {
                    prop_assert_eq!(bill.district.0 + bill.street.0 + bill.own.0, price);
                    prop_assert!(bill.district.0 >= 0 && bill.street.0 >= 0 && bill.own.0 >= 0);
                    prop_assert!(!same_meal || bill.own.0 == price);
                    prop_assert!(on_day < 2 || bill.district.0 == 0);
                }
                Quote::AsPublished(_) => prop_assert!(district.is_none() || street.is_none()),
            }
        }
    }
}
