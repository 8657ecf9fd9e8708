//! What a point cooks: dishes with their day, price and quota, what diets they suit and what is in them.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::point::{MealKind, coming_day, count, meal_kind};
use crate::domain::form::{FormErrors, Prompt};
use crate::domain::money::Fen;
use crate::domain::{normalise, written};
use crate::slugs;

/// For whom a dish is good.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum DietTag {
    /// 软烂
    Soft,
    /// 少盐
    LowSalt,
    /// 少糖
    LowSugar,
    /// 少油
    LowOil,
    /// 无猪肉
    NoPork,
    /// 无骨无刺
    NoBone,
    /// 素菜
    Vegetarian,
}

slugs!(DietTag {
    Soft = "soft",
    LowSalt = "low_salt",
    LowSugar = "low_sugar",
    LowOil = "low_oil",
    NoPork = "no_pork",
    NoBone = "no_bone",
    Vegetarian = "vegetarian",
});

/// How far ahead a menu may be written, in days.
pub const MENU_DAYS: i32 = 60;

/// A dish, checked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewDish {
    /// The day.
    pub day: Date,
    /// Which meal.
    pub kind: MealKind,
    /// Its name.
    pub name: String,
    /// What it costs before subsidy.
    pub price: Fen,
    /// How many are cooked.
    pub quota: i64,
    /// What diets it suits.
    pub tags: Vec<DietTag>,
    /// What is in it.
    pub ingredients: Vec<String>,
}

/// A dish of a menu.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Dish {
    /// The row's id.
    pub id: String,
    /// Whose.
    pub point: String,
    /// What was entered.
    pub dish: NewDish,
    /// How many are ordered.
    pub taken: i64,
    /// The name of the dish in whose place it came.
    pub instead_of: Option<String>,
}

impl Dish {
    /// How many can still be had.
    pub fn left(&self) -> i64 {
        (self.dish.quota - self.taken).max(0)
    }

    /// The ingredient that somebody avoids, if one is in it. A name that holds the word counts: 「花生油」 for 「花生」.
    pub fn blocked_by<'a>(&self, avoid: &'a [String]) -> Option<&'a str> {
        let names = || self.dish.ingredients.iter().chain([&self.dish.name]);
        avoid
            .iter()
            .find(|word| !word.is_empty() && names().any(|name| name.contains(word.as_str())))
            .map(String::as_str)
    }
}

/// A dish, as typed.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct DishForm {
    /// The day.
    pub day: String,
    /// Slug of a [`MealKind`].
    pub kind: String,
    /// Its name.
    pub name: String,
    /// Yuan.
    pub price: String,
    /// How many.
    pub quota: String,
    /// Slugs of [`DietTag`] with spaces between.
    pub tags: String,
    /// Words with 、 between.
    pub ingredients: String,
}

/// Splits 「鱼、姜，葱」 into its words.
pub fn word_list(text: &str) -> Vec<String> {
    let words = text.split(['、', '，', ',', '；', ';', ' ', '\u{3000}', '\n']);
    let mut list: Vec<String> =
        words.map(normalise::single_line).filter(|word| !word.is_empty()).take(30).collect();
    list.dedup();
    list
}

impl DishForm {
    /// Checks the dish on the day `today`.
    ///
    /// # Errors
    /// All fields that are wrong, in page order.
    pub fn parse(&self, today: Date) -> Result<NewDish, FormErrors> {
        let mut errors = FormErrors::default();
        let day = coming_day(&self.day, today).and_then(|day| {
            let far = (day - today).get_days() > MENU_DAYS;
            if far { Err(crate::domain::form::Rule::MenuTooFar.into()) } else { Ok(day) }
        });
        let day = errors.keep("day", day);
        let kind = errors.keep("kind", meal_kind(&self.kind));
        let name = errors.keep("name", written::line(&self.name, Prompt::DishName, 1, 30));
        let price = errors.keep("price", Fen::parse_yuan(&self.price));
        let quota = errors.keep("quota", count(&self.quota, 1..=2_000));
        let ingredients =
            errors.keep("ingredients", written::line(&self.ingredients, Prompt::DishIngredients, 1, 200));
        let tags = DietTag::ALL
            .iter()
            .copied()
            .filter(|tag| self.tags.split_whitespace().any(|slug| slug == tag.as_str()))
            .collect();
        match (day, kind, name, price, quota, ingredients) {
            (Some(day), Some(kind), Some(name), Some(price), Some(quota), Some(ingredients)) => {
                Ok(NewDish { day, kind, name, price, quota, tags, ingredients: word_list(&ingredients) })
            }
            _ => Err(errors),
        }
    }
}

/// A line of a pasted menu and what is wrong with it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MenuProblem {
    /// Counted from 1.
    pub line: usize,
    /// Its fields that are wrong; none where it has another number of columns.
    pub errors: Option<FormErrors>,
}

/// The most lines of one menu.
pub const MENU_LINES: usize = 200;

/// Reads a menu from lines of day, meal, name, price, quota, tags, ingredients, with commas or tabs between, as a spreadsheet
/// gives them. `meal` and `tag` read the words that people use.
///
/// # Errors
/// Every line that is wrong.
pub fn read_menu(
    text: &str,
    today: Date,
    meal: impl Fn(&str) -> String,
    tag: impl Fn(&str) -> String,
) -> Result<Vec<NewDish>, Vec<MenuProblem>> {
    let (mut dishes, mut problems) = (Vec::new(), Vec::new());
    let lines = text.lines().enumerate().filter(|(_, line)| !line.trim().is_empty());
    for (at, line) in lines.take(MENU_LINES) {
        let separator = if line.contains('\t') { '\t' } else { ',' };
        let line_text = line.trim_start_matches('\u{feff}').replace('，', ",");
        let fields: Vec<_> = line_text.split(separator).map(normalise::single_line).collect();
        let [day, kind, name, price, quota, tags, ingredients] = fields.as_slice() else {
            problems.push(MenuProblem { line: at + 1, errors: None });
            continue;
        };
        let form = DishForm {
            day: day.clone(),
            kind: meal(kind),
            name: name.clone(),
            price: price.clone(),
            quota: quota.clone(),
            tags: word_list(tags).iter().map(|word| tag(word)).collect::<Vec<_>>().join(" "),
            ingredients: ingredients.clone(),
        };
        match form.parse(today) {
            Ok(dish) => dishes.push(dish),
            Err(errors) => problems.push(MenuProblem { line: at + 1, errors: Some(errors) }),
        }
    }
    if dishes.is_empty() && problems.is_empty() {
        problems.push(MenuProblem { line: 1, errors: None });
    }
    if problems.is_empty() { Ok(dishes) } else { Err(problems) }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    const TODAY: Date = date(2026, 11, 27);

    fn form() -> DishForm {
        DishForm {
            day: "2026-11-28".into(),
            kind: "lunch".into(),
            name: "清蒸鱼套餐".into(),
            price: "12".into(),
            quota: "30".into(),
            tags: "soft low_salt".into(),
            ingredients: "鱼、姜，葱".into(),
        }
    }

    #[test]
    fn a_dish_is_checked_whole() {
        let dish = form().parse(TODAY).unwrap();
        assert_eq!((dish.price, dish.quota), (Fen(1_200), 30));
        assert_eq!(dish.tags, [DietTag::Soft, DietTag::LowSalt]);
        assert_eq!(dish.ingredients, ["鱼", "姜", "葱"]);
        assert_eq!(DishForm::default().parse(TODAY).unwrap_err().iter().count(), 6);
        for (day, fine) in
            [("2026-11-27", true), ("2026-11-26", false), ("2027-01-26", true), ("2027-01-27", false)]
        {
            assert_eq!(DishForm { day: day.into(), ..form() }.parse(TODAY).is_ok(), fine, "{day}");
        }
    }

    #[test]
    fn what_somebody_avoids_blocks_the_dish_and_says_so() {
        let dish = Dish {
            id: String::new(),
            point: String::new(),
            dish: form().parse(TODAY).unwrap(),
            taken: 31,
            instead_of: None,
        };
        let avoid = |words: &[&str]| words.iter().map(|word| (*word).to_owned()).collect::<Vec<_>>();
        assert_eq!(dish.blocked_by(&avoid(&["花生", "姜"])), Some("姜"));
        assert_eq!(dish.blocked_by(&avoid(&["清蒸"])), Some("清蒸"), "its name counts too");
        assert_eq!(dish.blocked_by(&avoid(&["花生", ""])), None);
        assert_eq!(dish.left(), 0);
    }

    #[test]
    fn a_pasted_menu_is_read_whole_or_every_wrong_line_is_named() {
        let meal = |word: &str| if word == "午饭" { "lunch".to_owned() } else { word.to_owned() };
        let tag = |word: &str| if word == "软烂" { "soft".to_owned() } else { String::new() };
        let read = |text: &str| read_menu(text, TODAY, meal, tag);
        let dishes =
            read("2026-11-28,午饭,红烧肉,15,40,软烂 少盐,猪肉、糖\n\n2026-11-28\tlunch\t青菜\t8\t10\t\t青菜")
                .unwrap();
        assert_eq!((dishes.len(), dishes[0].tags.len(), dishes[1].price), (2, 1, Fen(800)));
        let problems = read("2026-11-28,午饭\n2026-11-28,夜宵,面,0,0,,面").unwrap_err();
        assert_eq!(problems.iter().map(|problem| problem.line).collect::<Vec<_>>(), [1, 2]);
        assert!(problems[0].errors.is_none());
        assert!(problems[1].errors.as_ref().is_some_and(|errors| errors.of("kind").is_some()));
        assert_eq!(read(" \n").unwrap_err().len(), 1);
    }
}
