//! Standing orders: the same meal on the same weekdays until somebody says otherwise, with a pause for the hospital.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::eater::MealState;
use super::menu::Dish;
use super::point::{MealKind, MealMode, coming_day, meal_kind};
use crate::domain::form::{FieldError, FormErrors, Prompt, Rule};
use crate::domain::normalise;
use crate::domain::time::Instant;
use crate::slugs;

/// So many days ahead a standing order is placed: a point's menu is public a week before.
pub const STANDING_AHEAD_DAYS: i32 = 7;

/// Days of the week, Monday first.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Weekdays(u8);

impl Weekdays {
    /// The days that are kept as these bits; `None` for none of them.
    pub fn from_bits(bits: i64) -> Option<Self> {
        u8::try_from(bits).ok().filter(|bits| (1..=127).contains(bits)).map(Self)
    }

    /// As they are kept: Monday is the lowest bit.
    pub fn bits(self) -> i64 {
        i64::from(self.0)
    }

    /// Reads numbers from 0 for Monday to 6 for Sunday.
    fn parse(text: &str) -> Option<Self> {
        let days = text.split_whitespace().filter_map(|word| word.parse::<u8>().ok()).filter(|day| *day < 7);
        Self::from_bits(i64::from(days.fold(0_u8, |bits, day| bits | (1 << day))))
    }

    /// Whether the weekday, counted from Monday as 0, is one of them.
    pub fn has(self, weekday: usize) -> bool {
        weekday < 7 && self.0 & (1 << weekday) != 0
    }

    /// Whether that day is one of them.
    pub fn holds(self, day: Date) -> bool {
        self.has(usize::from(day.weekday().to_monday_zero_offset().unsigned_abs()))
    }

    /// Whether one day is in both.
    pub fn meets(self, other: Self) -> bool {
        self.0 & other.0 != 0
    }
}

/// What somebody wants each week.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewStanding {
    /// The point.
    pub point: String,
    /// Which meal.
    pub kind: MealKind,
    /// How it comes.
    pub mode: MealMode,
    /// On which days.
    pub weekdays: Weekdays,
    /// The dish that is taken where it is cooked.
    pub usual: Option<String>,
    /// Not on public holidays.
    pub skip_holidays: bool,
}

/// What somebody wants each week, as typed.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct StandingForm {
    /// Slug of a [`MealKind`].
    pub standing_kind: String,
    /// Slug of a [`MealMode`].
    pub standing_mode: String,
    /// Numbers of weekdays from 0, with spaces between.
    pub weekdays: String,
    /// A dish's name; empty for whichever there is.
    pub usual: String,
    /// `yes`: not on public holidays.
    pub skip_holidays: String,
}

/// The field of a weekday, counted from Monday as 0.
pub fn weekday_field(weekday: usize) -> String {
    format!("weekday-{weekday}")
}

/// What a point has for a standing order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StandingOffer {
    /// Its code.
    pub point: String,
    /// The meals that it serves.
    pub kinds: Vec<MealKind>,
    /// The names of dishes that it cooks these days.
    pub dishes: Vec<String>,
    /// It brings the meal to where the eater lives.
    pub delivers: bool,
}

impl StandingForm {
    /// Checks it against what the point has.
    ///
    /// # Errors
    /// All fields that are wrong, in page order.
    pub fn parse(&self, offer: &StandingOffer) -> Result<NewStanding, FormErrors> {
        let mut errors = FormErrors::default();
        let weekdays =
            errors.keep(weekday_field(0), Weekdays::parse(&self.weekdays).ok_or(Prompt::StandingDays));
        let kind = meal_kind(&self.standing_kind).and_then(|kind| {
            if offer.kinds.contains(&kind) { Ok(kind) } else { Err(FieldError::NotOffered) }
        });
        let kind = errors.keep("standing_kind", kind);
        let usual = match self.usual.as_str() {
            "" => Ok(None),
            name if offer.dishes.iter().any(|dish| dish == name) => Ok(Some(name.to_owned())),
            _ => Err(FieldError::NotOffered),
        };
        let usual = errors.keep("usual", usual);
        let mode = match MealMode::parse(&self.standing_mode) {
            Some(MealMode::Delivery) if !offer.delivers => Err(Rule::NoDelivery.into()),
            Some(mode) => Ok(mode),
            None if self.standing_mode.is_empty() => Err(Prompt::MealMode.into()),
            None => Err(FieldError::NotOffered),
        };
        match (kind, weekdays, usual, errors.keep("standing_mode", mode)) {
            (Some(kind), Some(weekdays), Some(usual), Some(mode)) => Ok(NewStanding {
                point: offer.point.clone(),
                kind,
                mode,
                weekdays,
                usual,
                skip_holidays: self.skip_holidays == "yes",
            }),
            _ => Err(errors),
        }
    }
}

/// From when to when nothing is ordered; both days count. Without an end, until it is resumed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Pause {
    /// The first day.
    pub from: Date,
    /// The last day.
    pub to: Option<Date>,
}

impl Pause {
    /// Whether that day is in it.
    pub fn holds(&self, day: Date) -> bool {
        day >= self.from && self.to.is_none_or(|to| day <= to)
    }

    /// Checks a pause as typed; the fields are named after the order that it is for.
    ///
    /// # Errors
    /// All fields that are wrong, in page order.
    pub fn parse(id: &str, (from, to): (&str, &str), today: Date) -> Result<Self, FormErrors> {
        let mut errors = FormErrors::default();
        let from = errors.keep(format!("pause_from-{id}"), coming_day(from, today));
        let to = if normalise::single_line(to).is_empty() {
            Ok(None)
        } else {
            coming_day(to, today).and_then(|to| match from {
                Some(from) if to < from => Err(Rule::PauseEndsFirst.into()),
                _ => Ok(Some(to)),
            })
        };
        match (from, errors.keep(format!("pause_to-{id}"), to)) {
            (Some(from), Some(to)) => Ok(Self { from, to }),
            _ => Err(errors),
        }
    }
}

/// A standing order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Standing {
    /// The row's id.
    pub id: String,
    /// Who eats.
    pub eater: String,
    /// What is wanted.
    pub what: NewStanding,
    /// When nothing is ordered.
    pub pause: Option<Pause>,
}

impl Standing {
    /// Whether a meal is wanted on that day.
    pub fn wants(&self, day: Date, is_holiday: bool) -> bool {
        self.what.weekdays.holds(day)
            && !(self.what.skip_holidays && is_holiday)
            && !self.pause.is_some_and(|pause| pause.holds(day))
    }
}

/// What became of a standing order on a day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StandingDay {
    /// Ordered.
    Ordered,
    /// Everything that they may eat is gone.
    Full,
    /// There is something in every dish that they must not eat.
    Avoided,
    /// The point wrote no menu in time.
    NoMenu,
    /// The point is closed that day, or serves that meal no longer.
    Closed,
    /// The point does not deliver to them any more.
    NoDelivery,
    /// They have a meal of that kind on that day already.
    Twice,
}

slugs!(StandingDay {
    Ordered = "ordered",
    Full = "full",
    Avoided = "avoided",
    NoMenu = "no_menu",
    Closed = "closed",
    NoDelivery = "no_delivery",
    Twice = "twice",
});

/// A day of a standing order, as it is kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeptStandingDay {
    /// The day.
    pub day: Date,
    /// What became of it.
    pub what: StandingDay,
    /// The meal that was ordered, and how it stands.
    pub meal: Option<(String, MealState)>,
}

/// So long before the cut-off somebody learns that there is no menu: time enough for a telephone call.
const NO_MENU_TOLD_MS: i64 = 12 * 3_600_000;

/// The dish that a standing order takes of one meal's dishes: the usual one, else the first, of those that have something left and
/// hold nothing that is avoided.
///
/// # Errors
/// Why there is none.
pub fn standing_dish<'a>(
    dishes: &[&'a Dish],
    usual: Option<&str>,
    avoid: &[String],
) -> Result<&'a Dish, StandingDay> {
    let fit: Vec<&Dish> = dishes.iter().filter(|dish| dish.blocked_by(avoid).is_none()).copied().collect();
    match (dishes.is_empty(), fit.is_empty()) {
        (true, _) => return Err(StandingDay::NoMenu),
        (_, true) => return Err(StandingDay::Avoided),
        _ => {}
    }
    let is_usual = |dish: &&&Dish| usual == Some(dish.dish.name.as_str());
    let left: Vec<&Dish> = fit.into_iter().filter(|dish| dish.left() > 0).collect();
    left.iter().find(is_usual).or_else(|| left.first()).copied().ok_or(StandingDay::Full)
}

/// What is done about a day at one moment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StandingStep<'a> {
    /// Order this dish.
    Order(&'a Dish),
    /// Tell why there is none.
    Tell(StandingDay),
    /// Nothing yet, or nothing any more.
    Leave,
}

/// What is done about a wanted day: nothing behind the cut-off, and a menu is waited for until half a day before it. `cutoff` is
/// none where the point does not serve that meal on that day.
pub fn standing_step<'a>(
    (now, cutoff): (Instant, Option<Instant>),
    dishes: &[&'a Dish],
    (usual, avoid): (Option<&str>, &[String]),
) -> StandingStep<'a> {
    let Some(cutoff) = cutoff else { return StandingStep::Tell(StandingDay::Closed) };
    if cutoff <= now {
        return StandingStep::Leave;
    }
    match standing_dish(dishes, usual, avoid) {
        Ok(dish) => StandingStep::Order(dish),
        Err(StandingDay::NoMenu) if cutoff.0 - now.0 > NO_MENU_TOLD_MS => StandingStep::Leave,
        Err(why) => StandingStep::Tell(why),
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;
    use proptest::prelude::*;

    use super::super::NewDish;
    use super::*;
    use crate::domain::money::Fen;

    const TODAY: Date = date(2026, 11, 27);

    fn form() -> StandingForm {
        StandingForm {
            standing_kind: "lunch".into(),
            standing_mode: "delivery".into(),
            weekdays: "0 2 9 x".into(),
            usual: "鱼".into(),
            skip_holidays: "yes".into(),
        }
    }

    fn offer() -> StandingOffer {
        StandingOffer {
            point: "xg-01".into(),
            kinds: vec![MealKind::Lunch],
            dishes: vec!["鱼".into()],
            delivers: true,
        }
    }

    fn dish(name: &str, left: i64) -> Dish {
        Dish {
            id: name.into(),
            point: String::new(),
            dish: NewDish {
                day: TODAY,
                kind: MealKind::Lunch,
                name: name.into(),
                price: Fen(1_000),
                quota: 10,
                tags: Vec::new(),
                ingredients: Vec::new(),
            },
            taken: 10 - left,
            instead_of: None,
        }
    }

    #[test]
    fn a_week_is_read_and_every_wrong_field_is_told() {
        let new = form().parse(&offer()).unwrap();
        assert!(new.weekdays.has(0) && new.weekdays.has(2) && !new.weekdays.has(1) && new.skip_holidays);
        assert_eq!((new.point.as_str(), new.usual.as_deref()), ("xg-01", Some("鱼")));
        let errors = StandingForm::default().parse(&offer()).unwrap_err();
        for field in ["weekday-0", "standing_kind", "standing_mode"] {
            assert!(errors.of(field).is_some(), "{field}");
        }
        let far =
            StandingOffer { delivers: false, kinds: vec![MealKind::Dinner], dishes: Vec::new(), ..offer() };
        let errors = form().parse(&far).unwrap_err();
        assert_eq!(errors.of("standing_mode"), Some(&Rule::NoDelivery.into()));
        assert_eq!(errors.iter().count(), 3, "neither the meal nor the dish is there");
    }

    #[test]
    fn a_menu_is_waited_for_until_half_a_day_before_the_cutoff() {
        let now = Instant(1_000_000_000);
        let step = |hours: i64, dishes: &[&Dish]| match standing_step(
            (now, Some(Instant(now.0 + hours * 3_600_000))),
            dishes,
            (None, &[]),
        ) {
            StandingStep::Order(_) => "order",
            StandingStep::Tell(why) => why.as_str(),
            StandingStep::Leave => "leave",
        };
        let fish = dish("鱼", 1);
        assert_eq!((step(13, &[]), step(12, &[]), step(0, &[&fish])), ("leave", "no_menu", "leave"));
        assert_eq!((step(1, &[&fish]), step(13, &[&dish("汤", 0)])), ("order", "full"));
        let closed = standing_step((now, None), &[&fish], (None, &[]));
        assert_eq!(closed, StandingStep::Tell(StandingDay::Closed));
    }

    #[test]
    fn a_pause_begins_today_or_later_and_may_be_open() {
        let pause = |from: &str, to: &str| Pause::parse("1", (from, to), TODAY);
        assert_eq!(pause("2026-11-28", "").unwrap().to, None);
        assert!(pause("2026-11-28", "2026-11-28").is_ok());
        assert!(pause("2026-11-26", "").unwrap_err().of("pause_from-1").is_some());
        assert!(pause("2026-11-29", "2026-11-28").unwrap_err().of("pause_to-1").is_some());
    }

    #[test]
    fn the_first_dish_that_one_may_eat_is_taken_and_else_the_reason_is_known() {
        let (fish, nuts, soup) = (dish("鱼", 0), dish("花生", 5), dish("汤", 1));
        let avoid = ["花生".to_owned()];
        assert_eq!(standing_dish(&[&fish, &nuts, &soup], None, &avoid).unwrap().id, "汤");
        assert_eq!(standing_dish(&[&fish, &nuts], None, &avoid).unwrap_err(), StandingDay::Full);
        assert_eq!(standing_dish(&[&nuts], None, &avoid).unwrap_err(), StandingDay::Avoided);
        assert_eq!(standing_dish(&[], None, &avoid).unwrap_err(), StandingDay::NoMenu);
        let rice = dish("饭", 1);
        assert_eq!(standing_dish(&[&rice, &soup], Some("汤"), &avoid).unwrap().id, "汤");
        assert_eq!(standing_dish(&[&rice, &soup], Some("鱼"), &avoid).unwrap().id, "饭", "it is not cooked");
    }

    proptest! {
        #[test]
        fn nothing_is_wanted_on_another_weekday_in_a_pause_or_on_a_holiday(
            bits in 1_i64..128, ahead in 0_i64..400, from in 0_i64..400, length in 0_i64..60, holiday: bool, skip: bool,
        ) {
            use jiff::ToSpan as _;
            let day = |ahead: i64| TODAY.checked_add(ahead.days()).unwrap();
            let weekdays = Weekdays::from_bits(bits).unwrap();
            let pause = Pause { from: day(from), to: Some(day(from + length)) };
            let what = NewStanding {
                point: String::new(), kind: MealKind::Lunch, mode: MealMode::DineIn, weekdays, usual: None,
                skip_holidays: skip,
            };
            let standing = Standing { id: String::new(), eater: String::new(), what, pause: Some(pause) };
            let wants = standing.wants(day(ahead), holiday);
            let paused = (from..=from + length).contains(&ahead);
            prop_assert_eq!(wants, weekdays.holds(day(ahead)) && !paused && !(holiday && skip));
        }
    }
}
