//! One tap after eating: good, so-so or bad, with a word if one likes. The point reads counts and words, and no name.

use serde::{Deserialize, Serialize};

use super::point::MealKind;
use crate::domain::form::{FieldError, FormErrors, Prompt};
use crate::domain::time::Instant;
use crate::domain::{normalise, written};
use crate::{masked_debug, slugs};
use jiff::civil::Date;

/// How a meal was.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Score {
    /// 好
    Good,
    /// 一般
    SoSo,
    /// 不好
    Bad,
}

slugs!(Score { Good = "good", SoSo = "so_so", Bad = "bad" });

/// The longest word, in characters.
pub const WORD_MAX: usize = 200;

/// What somebody says of a meal, as sent.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct RatingForm {
    /// Slug of a [`Score`]: the button that was pressed.
    pub score: String,
    /// In their own words; empty for none.
    pub word: String,
}

masked_debug!(RatingForm);

/// What somebody says of a meal, checked.
#[derive(Clone, PartialEq, Eq)]
pub struct NewRating {
    /// How it was.
    pub score: Score,
    /// A word.
    pub word: Option<String>,
}

masked_debug!(NewRating);

impl RatingForm {
    /// Checks it.
    ///
    /// # Errors
    /// All fields that are wrong, in page order.
    pub fn parse(&self) -> Result<NewRating, FormErrors> {
        let mut errors = FormErrors::default();
        let word = if normalise::multi_line(&self.word).is_empty() {
            Ok(None)
        } else {
            written::paragraph(&self.word, Prompt::MealScore, 1, WORD_MAX).map(Some)
        };
        let word = errors.keep("word", word);
        let score = match Score::parse(&self.score) {
            Some(score) => Ok(score),
            None if self.score.is_empty() => Err(FieldError::from(Prompt::MealScore)),
            None => Err(FieldError::NotOffered),
        };
        match (errors.keep("score", score), word) {
            (Some(score), Some(word)) if errors.is_empty() => Ok(NewRating { score, word }),
            _ => Err(errors),
        }
    }
}

/// What somebody said of a meal, as the point reads it: without a name.
#[derive(Clone, PartialEq, Eq)]
pub struct KeptRating {
    /// The row's id.
    pub id: String,
    /// The meal's day.
    pub day: Date,
    /// Which meal.
    pub kind: MealKind,
    /// What was eaten.
    pub dish: String,
    /// How it was.
    pub score: Score,
    /// A word.
    pub word: Option<String>,
    /// When the point looked at it, and what it did.
    pub answered: Option<(Instant, String)>,
}

masked_debug!(KeptRating);

impl KeptRating {
    /// Whether the point must still look at it.
    pub fn waits(&self) -> bool {
        self.score == Score::Bad && self.word.is_some() && self.answered.is_none()
    }
}

/// How a dish was found.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct DishScores {
    /// The dish.
    pub dish: String,
    /// How many found it good, so-so, bad.
    pub counts: [usize; 3],
}

impl DishScores {
    /// Counts by dish, in the order of the dishes' names: dishes are no league either.
    pub fn of(ratings: &[KeptRating]) -> Vec<Self> {
        let mut by_dish = std::collections::BTreeMap::<&str, [usize; 3]>::new();
        for rating in ratings {
            let counts = by_dish.entry(&rating.dish).or_default();
            let [good, so_so, bad] = counts;
            match rating.score {
                Score::Good => *good += 1,
                Score::SoSo => *so_so += 1,
                Score::Bad => *bad += 1,
            }
        }
        by_dish.into_iter().map(|(dish, counts)| Self { dish: dish.to_owned(), counts }).collect()
    }
}

/// What the point did about a word, checked.
///
/// # Errors
/// Nothing was written, or too much.
pub fn rating_answer(text: &str) -> Result<String, FieldError> {
    written::paragraph(text, Prompt::RatingAnswer, 2, WORD_MAX)
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    fn form(score: &str, word: &str) -> RatingForm {
        RatingForm { score: score.into(), word: word.into() }
    }

    fn kept(dish: &str, score: Score, word: Option<&str>) -> KeptRating {
        KeptRating {
            id: String::new(),
            day: date(2026, 11, 24),
            kind: MealKind::Lunch,
            dish: dish.into(),
            score,
            word: word.map(str::to_owned),
            answered: None,
        }
    }

    #[test]
    fn one_tap_is_enough_and_a_word_is_kept() {
        assert_eq!(form("good", " ").parse(), Ok(NewRating { score: Score::Good, word: None }));
        let bad = form("bad", "太咸了").parse().unwrap();
        assert_eq!((bad.score, bad.word.as_deref()), (Score::Bad, Some("太咸了")));
        assert!(form("", "").parse().unwrap_err().of("score").is_some());
        let both = form("best", &"长".repeat(WORD_MAX + 1)).parse().unwrap_err();
        assert!(both.of("score").is_some() && both.of("word").is_some());
    }

    #[test]
    fn a_bad_one_with_a_word_waits_until_it_is_answered() {
        assert!(kept("鱼", Score::Bad, Some("咸")).waits());
        assert!(!kept("鱼", Score::Bad, None).waits());
        assert!(!kept("鱼", Score::Good, Some("好")).waits());
        let answered = KeptRating {
            answered: Some((Instant(0), "少放盐".into())),
            ..kept("鱼", Score::Bad, Some("咸"))
        };
        assert!(!answered.waits());
    }

    #[test]
    fn every_word_counts_once_and_for_its_dish() {
        let all =
            [kept("鱼", Score::Bad, None), kept("蛋", Score::Good, None), kept("鱼", Score::Good, None)];
        let scores = DishScores::of(&all);
        assert_eq!(scores.iter().flat_map(|of| of.counts).sum::<usize>(), 3);
        let fish = scores.iter().find(|of| of.dish == "鱼").unwrap();
        assert_eq!(fish.counts, [1, 0, 1]);
    }
}
