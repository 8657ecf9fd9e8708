//! The draw of a hot day, instead of a race at midnight: couples enter until a moment, then everybody gets a place in one order that
//! nobody could have known before and everybody can work out after.
//!
//! The hash of a seed is public before the first entry, so the seed can't be exchanged later. The order depends on the numbers of all
//! entries besides, so whoever knows the seed can't tell the order before the last entry is in.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::Wait;
use super::slots::{count, minutes_of_day};
use crate::domain::aid::random_check::{commitment, lot};
use crate::domain::document::parse_date;
use crate::domain::form::{FormErrors, Rule};
use crate::domain::normalise;
use crate::domain::time::Instant;
use crate::slugs;

/// What the published file calls itself.
pub const DRAW_FORMAT: &str = "marriage-draw/1";

/// How a draw is set.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DrawRules {
    /// From when couples may enter.
    pub opens: Instant,
    /// Until when.
    pub closes: Instant,
    /// How many hours whoever has a place may take to say that they come.
    pub hours: u32,
}

/// A draw as a day's plan knows it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DrawOf {
    /// The row's id.
    pub id: String,
    /// How it is set.
    pub rules: DrawRules,
    /// It was drawn.
    pub drawn: bool,
}

/// The part of a form that sets a draw, as typed.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct DrawForm {
    /// `yes` for a draw; anything else is none.
    pub draw: String,
    /// 2027-05-01 9:00
    pub opens: String,
    /// 2027-05-08 18:00
    pub closes: String,
    /// Hours.
    pub hours: String,
}

/// Reads 2027-05-01 9:00.
fn moment(text: &str) -> Result<Instant, Rule> {
    let line = normalise::single_line(text);
    let (day, time) = line.rsplit_once(' ').ok_or(Rule::NotAMoment)?;
    let day = parse_date(day).map_err(|_| Rule::NotAMoment)?;
    let minute = minutes_of_day(time).map_err(|_| Rule::NotAMoment)?;
    Ok(Instant(Instant::shanghai_midnight(day).0 + i64::from(minute) * 60_000))
}

impl DrawForm {
    /// Checks it for a day, with the office's own shortest time ahead in days; `None` where there is no draw.
    ///
    /// # Errors
    /// All fields that are wrong, in page order.
    pub fn parse(
        &self,
        day: Option<Date>,
        ahead: u32,
        now: Instant,
    ) -> Result<Option<DrawRules>, FormErrors> {
        if self.draw != "yes" {
            return Ok(None);
        }
        let mut errors = FormErrors::default();
        let opens = errors.keep(
            "opens",
            moment(&self.opens).and_then(|at| {
                // The hash is public before the first entry.
                if at <= now { Err(Rule::MomentOver) } else { Ok(at) }
            }),
        );
        let closes = moment(&self.closes).and_then(|at| match opens {
            Some(opens) if at <= opens => Err(Rule::TimeNotLater),
            _ => Ok(at),
        });
        let closes = errors.keep("closes", closes);
        let hours = errors.keep("hours", count(&self.hours, 1..=72));
        if let (Some(day), Some(closes), Some(hours)) = (day, closes, hours) {
            // The first ones have their hours, and then the next ones have some too, before the day is too near.
            let near = Instant::shanghai_midnight(day).0 - i64::from(ahead) * 86_400_000;
            if closes.0 + i64::from(hours) * 2 * 3_600_000 > near {
                errors.add("closes", Rule::DrawTooLate);
            }
        }
        match (opens, closes, hours) {
            (Some(opens), Some(closes), Some(hours)) if errors.is_empty() => {
                Ok(Some(DrawRules { opens, closes, hours }))
            }
            _ => Err(errors),
        }
    }
}

/// How an entry stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EntryState {
    /// The other one has not said yes.
    Waiting,
    /// Both said yes.
    Entered,
    /// It has its place in the order.
    Drawn,
    /// The couple took it back.
    Withdrawn,
    /// The other one did not say yes in time.
    Lapsed,
}

slugs!(EntryState {
    Waiting = "waiting",
    Entered = "entered",
    Drawn = "drawn",
    Withdrawn = "withdrawn",
    Lapsed = "lapsed",
});

/// An entry as both of the couple see it.
#[derive(Clone, PartialEq, Eq)]
pub struct DrawEntry {
    /// The row's id.
    pub id: String,
    /// The draw.
    pub draw: String,
    /// The public number.
    pub number: String,
    /// How it stands.
    pub state: EntryState,
    /// Its place in the order, once it was drawn.
    pub place: Option<i64>,
    /// How it stands in the day's line, once it was drawn: how many wait before it, and the place that is kept.
    pub wait: Option<Wait>,
    /// The secret of the other one's link, for the one who began.
    pub invite: Option<String>,
}

crate::masked_debug!(DrawEntry);

/// One entry in the order: its number and its lot.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ordered {
    /// The entry's number.
    pub number: String,
    /// Its lot; the smallest comes first.
    pub lot: String,
}

/// The SHA-256 of all numbers, sorted, one a line.
pub fn numbers_hash(numbers: &[String]) -> String {
    let mut sorted = numbers.to_vec();
    sorted.sort_unstable();
    commitment(&sorted.join("\n"))
}

/// The order: each number's lot is the SHA-256 of the seed, the hash of all numbers and the number, one a line; the smallest comes first.
pub fn order(seed: &str, numbers: &[String]) -> Vec<Ordered> {
    let round = format!("{seed}\n{}", numbers_hash(numbers));
    let mut all: Vec<_> =
        numbers.iter().map(|number| Ordered { lot: lot(&round, number), number: number.clone() }).collect();
    all.sort_unstable_by(|one, other| (&one.lot, &one.number).cmp(&(&other.lot, &other.number)));
    all
}

/// A draw as everybody may read it: no name, no telephone, no document.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PublishedDraw {
    /// [`DRAW_FORMAT`].
    pub format: String,
    /// The office's code.
    pub office: String,
    /// Slug of the matter.
    pub matter: String,
    /// The day.
    pub day: String,
    /// How many places there are.
    pub places: i64,
    /// From when couples may enter, in milliseconds since 1970.
    pub opens: i64,
    /// Until when.
    pub closes: i64,
    /// The hash that was public before.
    pub seed_sha256: String,
    /// The seed, once it was drawn.
    pub seed: Option<String>,
    /// The hash of all numbers, once it was drawn.
    pub numbers_sha256: Option<String>,
    /// The order, once it was drawn.
    pub order: Vec<Ordered>,
}

/// What does not hold in a published draw.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DrawFault {
    /// It is of another format.
    Format,
    /// It was not drawn yet.
    NotDrawn,
    /// The seed is not the one whose hash was public.
    Seed,
    /// The numbers are not those of the hash, or one stands there twice.
    Numbers,
    /// The order is another one.
    Order,
}

impl PublishedDraw {
    /// Works everything out anew. Gives how many entries there are.
    ///
    /// # Errors
    /// The first thing that does not hold.
    pub fn verify(&self) -> Result<usize, DrawFault> {
        if self.format != DRAW_FORMAT {
            return Err(DrawFault::Format);
        }
        let (Some(seed), Some(numbers_sha256)) = (&self.seed, &self.numbers_sha256) else {
            return Err(DrawFault::NotDrawn);
        };
        if commitment(seed) != self.seed_sha256 {
            return Err(DrawFault::Seed);
        }
        let mut numbers: Vec<String> = self.order.iter().map(|entry| entry.number.clone()).collect();
        numbers.sort_unstable();
        let twice = numbers.windows(2).any(|pair| matches!(pair, [one, other] if one == other));
        if twice || numbers_hash(&numbers) != *numbers_sha256 {
            return Err(DrawFault::Numbers);
        }
        if order(seed, &numbers) == self.order { Ok(numbers.len()) } else { Err(DrawFault::Order) }
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;
    use proptest::prelude::*;

    use super::*;

    fn numbers(count: usize) -> Vec<String> {
        (0..count).map(|at| format!("{:08}", at * 7_919 + 11)).collect()
    }

    fn published(seed: &str, numbers: &[String]) -> PublishedDraw {
        PublishedDraw {
            format: DRAW_FORMAT.into(),
            office: "xinwu".into(),
            matter: "marriage".into(),
            day: "2027-05-20".into(),
            places: 3,
            opens: 0,
            closes: 1,
            seed_sha256: commitment(seed),
            seed: Some(seed.into()),
            numbers_sha256: Some(numbers_hash(numbers)),
            order: order(seed, numbers),
        }
    }

    #[test]
    fn the_order_can_be_worked_out_with_any_tool() {
        // printf '1\n2' | sha256sum; printf 'seed\nHASH\n1' | sha256sum
        let numbers = ["2".to_owned(), "1".to_owned()];
        let hash = commitment("1\n2");
        assert_eq!(numbers_hash(&numbers), hash);
        let order = order("seed", &numbers);
        let one = order.iter().find(|entry| entry.number == "1").unwrap();
        assert_eq!(one.lot, commitment(&format!("seed\n{hash}\n1")));
    }

    #[test]
    fn what_was_changed_is_named() {
        let right = published("seed", &numbers(9));
        assert_eq!(right.verify(), Ok(9));
        let fault = |change: &dyn Fn(&mut PublishedDraw)| {
            let mut draw = right.clone();
            change(&mut draw);
            draw.verify().unwrap_err()
        };
        assert_eq!(fault(&|draw| draw.format = "other".into()), DrawFault::Format);
        assert_eq!(fault(&|draw| draw.seed = None), DrawFault::NotDrawn);
        assert_eq!(fault(&|draw| draw.seed = Some("another".into())), DrawFault::Seed);
        assert_eq!(fault(&|draw| draw.order.truncate(8)), DrawFault::Numbers);
        assert_eq!(fault(&|draw| draw.order.swap(0, 8)), DrawFault::Order);
        let twice = fault(&|draw| {
            let again = draw.order.first().unwrap().clone();
            draw.order.push(again);
            let numbers: Vec<_> = draw.order.iter().map(|entry| entry.number.clone()).collect();
            draw.numbers_sha256 = Some(numbers_hash(&numbers));
        });
        assert_eq!(twice, DrawFault::Numbers);
    }

    #[test]
    fn a_draw_opens_later_closes_after_that_and_leaves_time_for_the_next_ones() {
        let now = Instant(Instant::shanghai_midnight(date(2026, 11, 23)).0 + 14 * 3_600_000);
        let form = |opens: &str, closes: &str, hours: &str| DrawForm {
            draw: "yes".into(),
            opens: opens.into(),
            closes: closes.into(),
            hours: hours.into(),
        };
        let day = Some(date(2026, 12, 5));
        let rules = form("2026-11-23 15:00", "2026-11-30 18:00", "24").parse(day, 2, now).unwrap().unwrap();
        assert_eq!(rules.opens.0, now.0 + 3_600_000);
        assert_eq!(rules.hours, 24);
        let wrong = |opens: &str, closes: &str, hours: &str, field: &str| {
            form(opens, closes, hours).parse(day, 2, now).unwrap_err().of(field).cloned()
        };
        assert_eq!(
            wrong("2026-11-23 14:00", "2026-11-30 18:00", "24", "opens"),
            Some(Rule::MomentOver.into())
        );
        assert_eq!(wrong("明天", "2026-11-30 18:00", "24", "opens"), Some(Rule::NotAMoment.into()));
        assert_eq!(
            wrong("2026-11-24 9:00", "2026-11-24 9:00", "24", "closes"),
            Some(Rule::TimeNotLater.into())
        );
        // Two days ahead is the nearest, and two rounds of a day come before that.
        assert_eq!(
            wrong("2026-11-24 9:00", "2026-12-01 0:01", "24", "closes"),
            Some(Rule::DrawTooLate.into())
        );
        assert!(form("2026-11-24 9:00", "2026-12-01 0:00", "24").parse(day, 2, now).is_ok());
        assert_eq!(wrong("2026-11-24 9:00", "2026-11-25 9:00", "0", "hours"), Some(Rule::NotACount.into()));
        assert_eq!(DrawForm::default().parse(day, 2, now), Ok(None));
    }

    proptest! {
        #[test]
        fn the_order_depends_on_the_seed_and_on_who_is_in_it_alone(seed in "[a-f0-9]{32}", count in 0usize..40, turned in any::<bool>()) {
            let mut all = numbers(count);
            let first = order(&seed, &all);
            if turned { all.reverse(); }
            prop_assert_eq!(&first, &order(&seed, &all));
            prop_assert_eq!(published(&seed, &all).verify(), Ok(count));
            let mut names: Vec<_> = first.iter().map(|entry| entry.number.clone()).collect();
            names.sort_unstable();
            all.sort_unstable();
            prop_assert_eq!(names, all);
        }
    }
}
