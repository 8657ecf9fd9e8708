//! Times that an office offers, and how a day stands: free, few, full, closed, not yet open.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::{HotDay, Matter};
use crate::domain::calendar::Calendar;
use crate::domain::document::parse_date;
use crate::domain::form::{FieldError, FormErrors, Prompt, Rule};
use crate::domain::{normalise, written};
use crate::slugs;

/// A time that an office offers on each working day from a day on, to so many couples.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Session {
    /// The row's id.
    pub id: String,
    /// For what.
    pub matter: Matter,
    /// Minutes since midnight in Shanghai.
    pub starts: u16,
    /// Minutes since midnight in Shanghai.
    pub ends: u16,
    /// How many couples.
    pub quota: i64,
    /// The first day.
    pub from: Date,
    /// The last day, where one was set.
    pub until: Option<Date>,
}

/// Which part of a day is closed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DayPart {
    /// All of it.
    Whole,
    /// What begins before 12:00.
    Morning,
    /// What begins at 12:00 or later.
    Afternoon,
}

slugs!(DayPart { Whole = "day", Morning = "am", Afternoon = "pm" });

impl DayPart {
    /// Whether a time that begins then lies in it.
    pub fn covers(self, starts: u16) -> bool {
        match self {
            Self::Whole => true,
            Self::Morning => starts < NOON,
            Self::Afternoon => starts >= NOON,
        }
    }
}

const NOON: u16 = 12 * 60;

/// A day, or half of it, on which the office is closed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Closure {
    /// The row's id.
    pub id: String,
    /// The day.
    pub day: Date,
    /// Which part.
    pub part: DayPart,
    /// Why, as couples read it.
    pub reason: String,
}

/// The office's own rules of booking.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BookingRules {
    /// The first day that can be booked, counted from today.
    pub window_min: u32,
    /// The last one.
    pub window_max: u32,
    /// How many hours a time is kept for the other person's yes.
    pub keep_hours: u32,
}

impl Default for BookingRules {
    /// 2 to 30 days ahead, as 新吴区's office tells on the district's own site (undated); the hours are a setting of ours.
    fn default() -> Self {
        Self { window_min: 2, window_max: 30, keep_hours: 24 }
    }
}

/// How a day stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DayState {
    /// There is room.
    Free,
    /// A fifth of the places or fewer are left.
    Few,
    /// Nothing is left.
    Full,
    /// No working day, or the office is closed, or it offers nothing.
    Closed,
    /// It can't be booked yet, or its holidays are not published.
    NotYet,
    /// Its places are drawn, and were not yet.
    Draw,
    /// It is too near, or over.
    Past,
}

/// One time of one day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Slot {
    /// Minutes since midnight in Shanghai.
    pub starts: u16,
    /// Minutes since midnight in Shanghai.
    pub ends: u16,
    /// How many couples.
    pub quota: i64,
    /// How many places are taken.
    pub taken: i64,
}

impl Slot {
    /// How many places are left.
    pub fn left(&self) -> i64 {
        (self.quota - self.taken).max(0)
    }
}

/// What an office offers for one matter, and what is taken of it.
#[derive(Clone, Debug, Default)]
pub struct OfficeBook {
    /// Its times, of this matter alone.
    pub sessions: Vec<Session>,
    /// When it is closed.
    pub closures: Vec<Closure>,
    /// The days that it marked, of this matter alone.
    pub hot: Vec<HotDay>,
    /// Day, start and places taken.
    pub taken: Vec<(Date, u16, i64)>,
    /// Its rules.
    pub rules: BookingRules,
}

impl OfficeBook {
    /// What makes a day a hot one.
    pub fn hot_day(&self, day: Date) -> Option<&HotDay> {
        self.hot.iter().find(|hot| hot.day == day)
    }

    /// Start, end and quota of each time by the plan; none on a day that is off or whose holidays are not published. A hot day
    /// has its own, also on a day that is off.
    fn planned(&self, day: Date, calendar: &Calendar) -> Vec<(u16, u16, i64)> {
        if let Some(hot) = self.hot_day(day) {
            return hot.times.iter().map(|time| (time.starts, time.ends, time.quota)).collect();
        }
        if calendar.is_working_day(day) != Some(true) {
            return Vec::new();
        }
        let holds =
            |session: &&Session| session.from <= day && session.until.is_none_or(|until| day <= until);
        let times = self.sessions.iter().filter(holds);
        times.map(|session| (session.starts, session.ends, session.quota)).collect()
    }

    /// The times of a day, the earliest first.
    pub fn slots(&self, day: Date, calendar: &Calendar) -> Vec<Slot> {
        let closed =
            |starts| self.closures.iter().any(|closure| closure.day == day && closure.part.covers(starts));
        let taken = |starts| self.taken.iter().find(|(of, at, _)| (*of, *at) == (day, starts));
        let planned = self.planned(day, calendar).into_iter().filter(|(starts, ..)| !closed(*starts));
        let mut slots: Vec<Slot> = planned
            .map(|(starts, ends, quota)| Slot {
                starts,
                ends,
                quota,
                taken: taken(starts).map_or(0, |(_, _, taken)| *taken),
            })
            .collect();
        slots.sort_by_key(|slot| slot.starts);
        slots
    }

    /// How a day stands on `today`.
    pub fn state(&self, day: Date, today: Date, calendar: &Calendar) -> DayState {
        let days = (day - today).get_days();
        if i64::from(days) < i64::from(self.rules.window_min) {
            return DayState::Past;
        }
        let hot = self.hot_day(day);
        let draw = hot.and_then(|hot| hot.draw.as_ref());
        if draw.is_some_and(|draw| !draw.drawn) {
            return DayState::Draw;
        }
        // What was drawn is open, however far away it is.
        let far = draw.is_none() && i64::from(days) > i64::from(self.rules.window_max);
        if far || (hot.is_none() && calendar.is_working_day(day).is_none()) {
            return DayState::NotYet;
        }
        let slots = self.slots(day, calendar);
        let (left, all) =
            slots.iter().fold((0, 0), |(left, all), slot| (left + slot.left(), all + slot.quota));
        match left {
            _ if all == 0 => DayState::Closed,
            0 => DayState::Full,
            left if left * 5 <= all => DayState::Few,
            _ => DayState::Free,
        }
    }

    /// The slot that begins then, where the day can be booked on `today` at all.
    pub fn bookable(&self, day: Date, starts: u16, today: Date, calendar: &Calendar) -> Option<Slot> {
        if !matches!(self.state(day, today, calendar), DayState::Free | DayState::Few | DayState::Full) {
            return None;
        }
        self.slots(day, calendar).into_iter().find(|slot| slot.starts == starts)
    }
}

impl OfficeBook {
    /// The first day with room on `today`; with `wanted` only that day counts.
    pub fn first_free(&self, wanted: Option<Date>, today: Date, calendar: &Calendar) -> Option<Date> {
        let is_free =
            |day: &Date| matches!(self.state(*day, today, calendar), DayState::Free | DayState::Few);
        if let Some(wanted) = wanted {
            return Some(wanted).filter(is_free);
        }
        let days = std::iter::successors(Some(today), |day| day.tomorrow().ok());
        days.take(usize::try_from(self.rules.window_max).unwrap_or_default() + 1).find(is_free)
    }
}

/// The search for a free time, as typed.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct FreeSearch {
    /// Slug of a [`Matter`].
    pub matter: String,
    /// Two digits; empty for all.
    pub province: String,
    /// The day wanted; empty for the first one.
    pub day: String,
}

impl FreeSearch {
    /// Checks what is looked for.
    ///
    /// # Errors
    /// All fields that are wrong, in page order.
    pub fn parse(&self, today: Date) -> Result<(Matter, Option<Date>), FormErrors> {
        let mut errors = FormErrors::default();
        let matter = errors.keep("matter", Matter::parse_choice(&self.matter).ok_or(Prompt::MarriageAnswer));
        let day = match normalise::single_line(&self.day).is_empty() {
            true => Some(None),
            false => errors.keep("day", coming_day(&self.day, today)).map(Some),
        };
        match (matter, day) {
            (Some(matter), Some(day)) => Ok((matter, day)),
            _ => Err(errors),
        }
    }
}

/// A new time, as typed.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct SessionForm {
    /// Slug of a [`Matter`].
    pub matter: String,
    /// 9:00
    pub starts: String,
    /// 11:00
    pub ends: String,
    /// How many couples.
    pub quota: String,
    /// The first day.
    pub from: String,
}

/// Reads 9:00 or 09:00 as minutes since midnight.
///
/// # Errors
/// [`Rule::NotATime`].
pub fn minutes_of_day(text: &str) -> Result<u16, Rule> {
    let text = normalise::single_line(text);
    let (hours, minutes) = text.split_once(':').ok_or(Rule::NotATime)?;
    let number = |digits: &str, below: u16| {
        let formed = (1..=2).contains(&digits.len()) && digits.bytes().all(|b| b.is_ascii_digit());
        digits.parse::<u16>().ok().filter(|number| formed && *number < below).ok_or(Rule::NotATime)
    };
    Ok(number(hours, 24)? * 60 + number(minutes, 60)?)
}

pub(super) fn count(text: &str, range: std::ops::RangeInclusive<u32>) -> Result<u32, Rule> {
    normalise::digits(text).parse().ok().filter(|count| range.contains(count)).ok_or(Rule::NotACount)
}

pub(super) fn coming_day(text: &str, today: Date) -> Result<Date, Rule> {
    let day = parse_date(text)?;
    if day < today { Err(Rule::DayOver) } else { Ok(day) }
}

impl SessionForm {
    /// Checks the time; the id is empty until it is kept.
    ///
    /// # Errors
    /// All fields that are wrong, in page order.
    pub fn parse(&self, today: Date) -> Result<Session, FormErrors> {
        let mut errors = FormErrors::default();
        let matter = match Matter::parse(&self.matter) {
            Some(matter) => Ok(matter),
            None if self.matter.is_empty() => Err(FieldError::from(Prompt::MarriageAnswer)),
            None => Err(FieldError::NotOffered),
        };
        let matter = errors.keep("matter", matter);
        let starts = errors.keep("starts", minutes_of_day(&self.starts));
        let ends = match (starts, minutes_of_day(&self.ends)) {
            (Some(starts), Ok(ends)) if ends <= starts => Err(Rule::TimeNotLater),
            (_, ends) => ends,
        };
        let ends = errors.keep("ends", ends);
        let quota = errors.keep("quota", count(&self.quota, 1..=999));
        let from = errors.keep("from", coming_day(&self.from, today));
        match (matter, starts, ends, quota, from) {
            (Some(matter), Some(starts), Some(ends), Some(quota), Some(from)) => Ok(Session {
                id: String::new(),
                matter,
                starts,
                ends,
                quota: i64::from(quota),
                from,
                until: None,
            }),
            _ => Err(errors),
        }
    }
}

/// A closure, as typed.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct ClosureForm {
    /// The day.
    pub day: String,
    /// Slug of a [`DayPart`].
    pub part: String,
    /// Why.
    pub reason: String,
}

impl ClosureForm {
    /// Checks it; the id is empty until it is kept.
    ///
    /// # Errors
    /// All fields that are wrong, in page order.
    pub fn parse(&self, today: Date) -> Result<Closure, FormErrors> {
        let mut errors = FormErrors::default();
        let day = errors.keep("day", coming_day(&self.day, today));
        let part = errors.keep("part", DayPart::parse(&self.part).ok_or(Prompt::MarriageAnswer));
        let reason = errors.keep("reason", written::line(&self.reason, Prompt::ClosureReason, 2, 60));
        match (day, part, reason) {
            (Some(day), Some(part), Some(reason)) => Ok(Closure { id: String::new(), day, part, reason }),
            _ => Err(errors),
        }
    }
}

/// The rules, as typed.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct RulesForm {
    /// Days.
    pub window_min: String,
    /// Days.
    pub window_max: String,
    /// Hours.
    pub keep_hours: String,
}

impl RulesForm {
    /// As the page shows what holds.
    pub fn of(rules: BookingRules) -> Self {
        Self {
            window_min: rules.window_min.to_string(),
            window_max: rules.window_max.to_string(),
            keep_hours: rules.keep_hours.to_string(),
        }
    }

    /// Checks them.
    ///
    /// # Errors
    /// All fields that are wrong, in page order.
    pub fn parse(&self) -> Result<BookingRules, FormErrors> {
        let mut errors = FormErrors::default();
        let window_min = errors.keep("window_min", count(&self.window_min, 1..=30));
        let window_max = match (window_min, count(&self.window_max, 1..=90)) {
            (Some(min), Ok(max)) if max < min => Err(Rule::WindowTurned),
            (_, max) => max,
        };
        let window_max = errors.keep("window_max", window_max);
        let keep_hours = errors.keep("keep_hours", count(&self.keep_hours, 1..=72));
        match (window_min, window_max, keep_hours) {
            (Some(window_min), Some(window_max), Some(keep_hours)) => {
                Ok(BookingRules { window_min, window_max, keep_hours })
            }
            _ => Err(errors),
        }
    }
}

/// 9:00–11:00
pub fn time_words(starts: u16, ends: u16) -> String {
    format!("{}:{:02}–{}:{:02}", starts / 60, starts % 60, ends / 60, ends % 60)
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    fn session(starts: u16, quota: i64) -> Session {
        Session {
            id: String::new(),
            matter: Matter::MarriageRegistration,
            starts,
            ends: starts + 60,
            quota,
            from: date(2026, 1, 1),
            until: None,
        }
    }

    fn book() -> OfficeBook {
        OfficeBook { sessions: vec![session(840, 5), session(540, 5)], ..OfficeBook::default() }
    }

    #[test]
    fn a_day_is_free_few_full_closed_not_yet_or_over() {
        let (mut book, calendar, today) = (book(), Calendar::embedded(), date(2026, 11, 23));
        let state = |book: &OfficeBook, day| book.state(day, today, calendar);
        let day = date(2026, 11, 25);
        assert_eq!(state(&book, date(2026, 11, 24)), DayState::Past, "tomorrow is nearer than two days");
        assert_eq!(state(&book, day), DayState::Free, "the first day of the window");
        assert_eq!(state(&book, date(2026, 12, 23)), DayState::Free, "its last");
        assert_eq!(state(&book, date(2026, 12, 24)), DayState::NotYet);
        assert_eq!(state(&book, date(2026, 11, 28)), DayState::Closed, "a Saturday");
        book.taken = vec![(day, 540, 5), (day, 840, 3)];
        assert_eq!(state(&book, day), DayState::Few);
        book.taken = vec![(day, 540, 5), (day, 840, 5)];
        assert_eq!(state(&book, day), DayState::Full);
        book.closures =
            vec![Closure { id: String::new(), day, part: DayPart::Morning, reason: String::new() }];
        assert_eq!(book.slots(day, calendar).len(), 1, "the afternoon stays");
    }

    #[test]
    fn a_swapped_saturday_is_worked_and_a_year_without_its_notice_is_not_open_yet() {
        let (mut book, calendar) = (book(), Calendar::embedded());
        assert_eq!(book.state(date(2026, 2, 14), date(2026, 2, 1), calendar), DayState::Free);
        assert_eq!(book.state(date(2026, 2, 16), date(2026, 2, 1), calendar), DayState::Closed);
        book.rules.window_max = 60;
        assert_eq!(book.state(date(2027, 1, 4), date(2026, 12, 1), calendar), DayState::NotYet);
    }

    /// 520 and 七夕 fall on any day of the week; the offices decide (民政部 2024).
    #[test]
    fn a_hot_day_has_its_own_times_also_on_a_saturday_and_a_closure_still_holds() {
        let (mut book, calendar, today) = (book(), Calendar::embedded(), date(2026, 11, 23));
        let day = date(2026, 11, 28);
        let time = |starts, quota| super::super::HotTime { starts, ends: starts + 60, quota };
        book.hot = vec![HotDay {
            id: String::new(),
            matter: Matter::MarriageRegistration,
            day,
            name: "520".into(),
            times: vec![time(480, 40), time(840, 40)],
            walk_in: false,
            draw: None,
        }];
        assert_eq!(book.state(day, today, calendar), DayState::Free, "a Saturday");
        let slots = book.slots(day, calendar);
        assert_eq!(
            slots.iter().map(|slot| (slot.starts, slot.quota)).collect::<Vec<_>>(),
            [(480, 40), (840, 40)]
        );
        assert_eq!(book.bookable(day, 540, today, calendar), None, "the ordinary time does not hold");
        book.closures =
            vec![Closure { id: String::new(), day, part: DayPart::Morning, reason: String::new() }];
        assert_eq!(book.slots(day, calendar).len(), 1);
        book.rules.window_max = 60;
        let mut next = book.hot.remove(0);
        next.day = date(2027, 1, 4);
        book.hot.push(next);
        assert_eq!(
            book.state(date(2027, 1, 4), date(2026, 12, 1), calendar),
            DayState::Free,
            "no notice needed"
        );
        let rules = super::super::DrawRules {
            opens: crate::domain::time::Instant(0),
            closes: crate::domain::time::Instant(1),
            hours: 24,
        };
        for (drawn, state) in [(false, DayState::Draw), (true, DayState::Free)] {
            book.hot.first_mut().unwrap().draw =
                Some(super::super::DrawOf { id: String::new(), rules, drawn });
            book.rules.window_max = 30;
            assert_eq!(book.state(date(2027, 1, 4), today, calendar), state, "beyond the window");
            assert_eq!(book.bookable(date(2027, 1, 4), 480, today, calendar).is_some(), drawn);
        }
    }

    #[test]
    fn the_first_free_day_is_found_and_a_wanted_one_only_where_it_is_free() {
        let (mut book, calendar, today) = (book(), Calendar::embedded(), date(2026, 11, 26));
        // A Thursday; the weekend is off.
        assert_eq!(book.first_free(None, today, calendar), Some(date(2026, 11, 30)));
        book.taken = vec![(date(2026, 11, 30), 540, 5), (date(2026, 11, 30), 840, 5)];
        assert_eq!(book.first_free(None, today, calendar), Some(date(2026, 12, 1)));
        assert_eq!(book.first_free(Some(date(2026, 11, 30)), today, calendar), None);
        assert_eq!(book.first_free(Some(date(2026, 12, 2)), today, calendar), Some(date(2026, 12, 2)));
        assert_eq!(OfficeBook::default().first_free(None, today, calendar), None);
    }

    #[test]
    fn times_and_numbers_are_read_as_people_write_them() {
        assert_eq!(minutes_of_day("９：０５"), Ok(545));
        for text in ["", "24:00", "9", "9:60", "9:5x", "+9:00"] {
            assert_eq!(minutes_of_day(text), Err(Rule::NotATime), "{text}");
        }
        let form = SessionForm {
            matter: "marriage".into(),
            starts: "11:00".into(),
            ends: "9:00".into(),
            quota: "0".into(),
            from: "2026-11-22".into(),
        };
        let errors = form.parse(date(2026, 11, 23)).unwrap_err();
        let told: Vec<_> = errors.iter().map(|error| error.error.clone()).collect();
        assert_eq!(
            told,
            [Rule::TimeNotLater.into(), Rule::NotACount.into(), Rule::DayOver.into()] as [FieldError; 3]
        );
    }
}
