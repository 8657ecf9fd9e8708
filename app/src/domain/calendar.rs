//! Working days and the deadlines counted in them.
//!
//! A weekday test is wrong: the State Council's yearly notice moves days, and 2026 alone has six Saturdays and
//! Sundays that are worked. A year whose notice is not loaded has no answer here, and no guess either.

use std::sync::OnceLock;

use jiff::civil::{Date, Weekday};

/// The days that differ from Monday to Friday, for a run of whole years.
#[derive(Clone, Debug)]
pub struct Calendar {
    /// Ascending, each date once; true is a day off.
    days: Vec<(Date, bool)>,
    first: Date,
    last: Date,
}

/// Why a calendar file was not accepted. Written for the operator who loads it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CalendarError {
    /// The first line is not the header.
    #[error("calendar line 1: the header must be `date,name,is_off`")]
    Header,
    /// No row below the header.
    #[error("calendar: no day is listed")]
    Empty,
    /// A line without exactly three fields.
    #[error("calendar line {line}: a row has three fields, date, name and is_off")]
    Fields {
        /// The line, counted from 1.
        line: usize,
    },
    /// A date that does not exist or is not written as 2026-02-14.
    #[error("calendar line {line}: the date does not exist or is not written as 2026-02-14")]
    Date {
        /// The line, counted from 1.
        line: usize,
    },
    /// `is_off` is neither 0 nor 1.
    #[error("calendar line {line}: is_off must be 1 for a day off or 0 for a working day")]
    IsOff {
        /// The line, counted from 1.
        line: usize,
    },
    /// A date that is not after the one above.
    #[error("calendar line {line}: dates must ascend, each once")]
    Order {
        /// The line, counted from 1.
        line: usize,
    },
    /// A whole year is missing before this line.
    #[error("calendar line {line}: the year before this one is missing")]
    Gap {
        /// The line, counted from 1.
        line: usize,
    },
}

/// When a period ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Deadline {
    /// On this day, at its end.
    On(Date),
    /// Not known: the period reaches into a year whose notice is not loaded.
    BeyondCalendar {
        /// The last day that can be told.
        loaded_to: Date,
    },
}

impl Calendar {
    /// Reads `date,name,is_off`, ascending, without a missing year.
    ///
    /// A year counts as loaded when it has a row: each has at least 元旦.
    ///
    /// # Errors
    /// The first line that is wrong.
    pub fn from_csv(csv: &str) -> Result<Self, CalendarError> {
        let mut lines = csv.trim_start_matches('\u{feff}').lines().zip(1_usize..);
        if lines.next().map(|(header, _)| header.trim_end()) != Some("date,name,is_off") {
            return Err(CalendarError::Header);
        }
        let mut days: Vec<(Date, bool)> = Vec::new();
        for (row, line) in lines.filter(|(row, _)| !row.trim().is_empty()) {
            let mut fields = row.trim().split(',');
            let (Some(date), Some(_name), Some(is_off), None) =
                (fields.next(), fields.next(), fields.next(), fields.next())
            else {
                return Err(CalendarError::Fields { line });
            };
            let date = iso_date(date).ok_or(CalendarError::Date { line })?;
            let is_off = match is_off {
                "1" => true,
                "0" => false,
                _ => return Err(CalendarError::IsOff { line }),
            };
            if let Some(&(before, _)) = days.last() {
                if date <= before {
                    return Err(CalendarError::Order { line });
                }
                if date.year() > before.year() + 1 {
                    return Err(CalendarError::Gap { line });
                }
            }
            days.push((date, is_off));
        }
        match (days.first(), days.last()) {
            (Some(&(first, _)), Some(&(last, _))) => {
                Ok(Self { first: first.first_of_year(), last: last.last_of_year(), days })
            }
            _ => Err(CalendarError::Empty),
        }
    }

    /// The calendar that is compiled in, 2018 to 2026.
    pub fn embedded() -> &'static Self {
        static EMBEDDED: OnceLock<Calendar> = OnceLock::new();
        #[expect(clippy::expect_used, reason = "the file is compiled in and a test reads it")]
        EMBEDDED.get_or_init(|| {
            Self::from_csv(include_str!("../../data/holidays.csv"))
                .expect("the embedded calendar is well formed")
        })
    }

    /// The last day of the last loaded year.
    pub fn last_loaded(&self) -> Date {
        self.last
    }

    /// The notice's word for this day, else Monday to Friday; none outside the loaded years.
    pub fn is_working_day(&self, day: Date) -> Option<bool> {
        if day < self.first || day > self.last {
            return None;
        }
        Some(match self.days.binary_search_by_key(&day, |&(date, _)| date) {
            Ok(i) => self.days.get(i).is_some_and(|&(_, is_off)| !is_off),
            Err(_) => !matches!(day.weekday(), Weekday::Saturday | Weekday::Sunday),
        })
    }

    /// Whether the notice names the day as off; none outside the loaded years. A plain weekend is no holiday.
    pub fn is_holiday(&self, day: Date) -> Option<bool> {
        if day < self.first || day > self.last {
            return None;
        }
        let found = self.days.binary_search_by_key(&day, |&(date, _)| date);
        Some(found.is_ok_and(|at| self.days.get(at).is_some_and(|&(_, is_off)| is_off)))
    }

    /// The n-th working day after `start`, which itself is not counted (民法典 201). For n = 0 the start.
    pub fn add_working_days(&self, start: Date, n: u32) -> Deadline {
        let mut day = start;
        let mut left = n;
        while left > 0 {
            let Ok(next) = day.tomorrow() else { return self.beyond() };
            day = next;
            match self.is_working_day(day) {
                Some(true) => left -= 1,
                Some(false) => {}
                None => return self.beyond(),
            }
        }
        Deadline::On(day)
    }

    /// n calendar days after `start`, which is not counted; a last day that is off moves to the first working day
    /// after it (民法典 203). That plain weekends move and worked Saturdays do not is the usual reading.
    pub fn add_calendar_days_rolled(&self, start: Date, n: u32) -> Deadline {
        let mut day = start;
        for _ in 0..n {
            match day.tomorrow() {
                Ok(next) if next <= self.last => day = next,
                _ => return self.beyond(),
            }
        }
        loop {
            match (self.is_working_day(day), day.tomorrow()) {
                (Some(true), _) => return Deadline::On(day),
                (Some(false), Ok(next)) => day = next,
                _ => return self.beyond(),
            }
        }
    }

    /// How many working days lie after `from` and not after `to`; none outside the loaded years, 0 where `to` is not later.
    pub fn working_days_between(&self, from: Date, to: Date) -> Option<u32> {
        let (mut day, mut found) = (from, 0);
        while day < to {
            day = day.tomorrow().ok()?;
            found += u32::from(self.is_working_day(day)?);
        }
        Some(found)
    }

    fn beyond(&self) -> Deadline {
        Deadline::BeyondCalendar { loaded_to: self.last }
    }
}

/// Reads 2026-02-14 and nothing else; jiff's own parser would weigh in the browser's bundle.
fn iso_date(text: &str) -> Option<Date> {
    let bytes = text.as_bytes();
    let shaped = bytes.len() == 10
        && bytes
            .iter()
            .enumerate()
            .all(|(i, b)| if matches!(i, 4 | 7) { *b == b'-' } else { b.is_ascii_digit() });
    if !shaped {
        return None;
    }
    Date::new(text.get(..4)?.parse().ok()?, text.get(5..7)?.parse().ok()?, text.get(8..)?.parse().ok()?).ok()
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;
    use proptest::prelude::*;

    use super::*;

    const LOADED_TO: Date = date(2026, 12, 31);
    const BEYOND: Deadline = Deadline::BeyondCalendar { loaded_to: LOADED_TO };

    fn rows(csv: &'static str) -> impl Iterator<Item = Vec<&'static str>> {
        csv.lines().skip(1).map(|row| row.split(',').collect())
    }

    fn day(text: &str) -> Date {
        iso_date(text).unwrap()
    }

    fn count(text: &str) -> u32 {
        text.parse().unwrap()
    }

    #[test]
    fn working_day_vectors() {
        let calendar = Calendar::embedded();
        let mut seen = 0;
        for row in rows(include_str!("../../data/vectors/workday_vectors.csv")) {
            let found = calendar.add_working_days(day(row[0]), count(row[1]));
            assert_eq!(found, Deadline::On(day(row[2])), "{row:?}");
            seen += 1;
        }
        assert_eq!(seen, 10);
    }

    #[test]
    fn rollover_vectors() {
        let calendar = Calendar::embedded();
        let mut seen = 0;
        for row in rows(include_str!("../../data/vectors/calendar_rollover_vectors.csv")) {
            let found = calendar.add_calendar_days_rolled(day(row[0]), count(row[1]));
            assert_eq!(found, Deadline::On(day(row[3])), "{row:?}");
            seen += 1;
        }
        assert_eq!(seen, 4);
    }

    #[test]
    fn calendar_2026_02_14_is_a_working_day() {
        let calendar = Calendar::embedded();
        assert_eq!(calendar.is_working_day(date(2026, 2, 14)), Some(true));
        assert_eq!(calendar.is_working_day(date(2026, 2, 15)), Some(false));
    }

    #[test]
    fn the_six_worked_weekend_days_of_2026() {
        let calendar = Calendar::embedded();
        let mut found = Vec::new();
        let mut day = date(2026, 1, 1);
        while let (Some(works), Ok(next)) = (calendar.is_working_day(day), day.tomorrow()) {
            if works && matches!(day.weekday(), Weekday::Saturday | Weekday::Sunday) {
                found.push((day.month(), day.day()));
            }
            day = next;
        }
        assert_eq!(found, [(1, 4), (2, 14), (2, 28), (5, 9), (9, 20), (10, 10)]);
    }

    #[test]
    fn deadline_into_an_unloaded_year_is_an_explicit_state() {
        let calendar = Calendar::embedded();
        assert_eq!(calendar.last_loaded(), LOADED_TO);
        assert_eq!(calendar.is_working_day(date(2027, 1, 4)), None);
        assert_eq!(calendar.is_working_day(date(2017, 12, 29)), None);
        assert_eq!(calendar.add_working_days(date(2026, 12, 30), 1), Deadline::On(LOADED_TO));
        assert_eq!(calendar.add_working_days(date(2026, 12, 30), 2), BEYOND);
        assert_eq!(calendar.add_calendar_days_rolled(date(2026, 12, 1), 30), Deadline::On(LOADED_TO));
        assert_eq!(calendar.add_calendar_days_rolled(date(2026, 12, 1), 31), BEYOND);
        assert_eq!(calendar.add_working_days(Date::MAX, u32::MAX), BEYOND);
        assert_eq!(calendar.add_calendar_days_rolled(Date::MAX, u32::MAX), BEYOND);
    }

    #[test]
    fn wrong_files_name_the_line() {
        let read =
            |rows: &str| Calendar::from_csv(&format!("date,name,is_off\n{rows}")).map(|c| c.last_loaded());
        assert_eq!(Calendar::from_csv("").map(|c| c.last_loaded()), Err(CalendarError::Header));
        assert_eq!(read(""), Err(CalendarError::Empty));
        assert_eq!(read("2026-01-01,元旦,1\n\n2026-01-02,元旦"), Err(CalendarError::Fields { line: 4 }));
        assert_eq!(read("2026-02-30,春节,1"), Err(CalendarError::Date { line: 2 }));
        assert_eq!(read("2026-2-3,春节,1"), Err(CalendarError::Date { line: 2 }));
        assert_eq!(read("2026-02-03,春节,yes"), Err(CalendarError::IsOff { line: 2 }));
        assert_eq!(read("2026-01-02,元旦,1\n2026-01-01,元旦,1"), Err(CalendarError::Order { line: 3 }));
        assert_eq!(read("2026-01-01,元旦,1\n2026-01-01,元旦,1"), Err(CalendarError::Order { line: 3 }));
        assert_eq!(read("2025-01-01,元旦,1\n2027-01-01,元旦,1"), Err(CalendarError::Gap { line: 3 }));
        assert_eq!(read("2027-01-01,元旦,1\r\n"), Ok(date(2027, 12, 31)));
    }

    fn loaded_day() -> impl Strategy<Value = Date> {
        (2018..=2026_i16, 1..=12_i8, 1..=28_i8).prop_map(|(y, m, d)| date(y, m, d))
    }

    /// Dates in order, days that cannot be told last.
    fn order(deadline: Deadline) -> Date {
        match deadline {
            Deadline::On(day) => day,
            Deadline::BeyondCalendar { .. } => Date::MAX,
        }
    }

    proptest! {
        #[test]
        fn a_deadline_falls_on_a_working_day(start in loaded_day(), n in 1..120_u32) {
            let calendar = Calendar::embedded();
            for deadline in [calendar.add_working_days(start, n), calendar.add_calendar_days_rolled(start, n)] {
                if let Deadline::On(day) = deadline {
                    prop_assert!(day > start);
                    prop_assert_eq!(calendar.is_working_day(day), Some(true));
                }
            }
        }

        #[test]
        fn days_between_are_the_days_that_were_added(start in loaded_day(), n in 0..120_u32) {
            let calendar = Calendar::embedded();
            if let Deadline::On(day) = calendar.add_working_days(start, n) {
                prop_assert_eq!(calendar.working_days_between(start, day), Some(n));
                prop_assert_eq!(calendar.working_days_between(day, start), Some(0));
            }
        }

        #[test]
        fn more_days_never_end_earlier(start in loaded_day(), n in 0..120_u32) {
            let calendar = Calendar::embedded();
            prop_assert!(
                order(calendar.add_working_days(start, n)) <= order(calendar.add_working_days(start, n + 1))
            );
            prop_assert!(
                order(calendar.add_calendar_days_rolled(start, n))
                    <= order(calendar.add_calendar_days_rolled(start, n + 1))
            );
            prop_assert!(
                n == 0 || order(calendar.add_calendar_days_rolled(start, n)) <= order(calendar.add_working_days(start, n))
            );
        }

        #[test]
        fn between_start_and_deadline_lie_n_working_days(start in loaded_day(), n in 0..120_u32) {
            let calendar = Calendar::embedded();
            if let Deadline::On(end) = calendar.add_working_days(start, n) {
                let mut counted = 0;
                let mut day = start;
                while day < end {
                    day = day.tomorrow().unwrap_or(end);
                    counted += u32::from(calendar.is_working_day(day) == Some(true));
                }
                prop_assert_eq!(counted, n);
            }
        }

        #[test]
        fn any_text_is_read_or_refused(text in any::<String>(), rows in "(date,name,is_off\n)?([0-9-]{8,10},a,[01]\n){0,4}") {
            let _ = Calendar::from_csv(&text);
            let _ = Calendar::from_csv(&rows);
        }
    }
}
