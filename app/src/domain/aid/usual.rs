//! How long it usually takes in a street: what a resident may expect, from what others got, and never a promise.

use jiff::civil::Date;

use super::case::Pause;
use crate::domain::calendar::Calendar;

/// Decisions of so many days count.
pub const DAYS: i64 = 90;

/// With fewer decisions nothing is said: a number from three families would be chance, and might point at one of them.
pub const LEAST: usize = 5;

/// The working days from the receipt (not counted itself) to the decision in which the resident was not waited for. `None`:
/// beyond the holiday calendar.
pub fn working_days(received: Date, decided: Date, pauses: &[Pause], calendar: &Calendar) -> Option<u32> {
    let mut days = calendar.working_days_between(received, decided)?;
    for pause in pauses {
        let until = pause.until.unwrap_or(decided).min(decided);
        days = days.saturating_sub(calendar.working_days_between(pause.from.min(until), until)?);
    }
    Some(days)
}

/// The fewest working days within which half of the cases were decided; `None` for fewer than [`LEAST`] cases.
pub fn half_within(mut days: Vec<u32>) -> Option<u32> {
    if days.len() < LEAST {
        return None;
    }
    days.sort_unstable();
    days.get(days.len().div_ceil(2) - 1).copied()
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    #[test]
    fn the_time_that_waited_for_the_resident_is_not_the_offices() {
        let calendar = Calendar::embedded();
        // Friday 18 September to Monday 28 September 2026; Sunday 20 was worked, Friday 25 was a holiday.
        let (received, decided) = (date(2026, 9, 18), date(2026, 9, 28));
        let all = working_days(received, decided, &[], calendar).expect("loaded");
        let pause = Pause { from: date(2026, 9, 21), until: Some(date(2026, 9, 24)) };
        assert_eq!(working_days(received, decided, &[pause], calendar), Some(all - 3));
        let open = Pause { from: date(2026, 9, 21), until: None };
        let left = working_days(received, decided, &[open], calendar).expect("loaded");
        assert_eq!(
            left, 2,
            "waited for until the decision: the Sunday that was worked and the Monday were the office's"
        );
        let later = Pause { from: date(2026, 9, 21), until: Some(date(2026, 10, 30)) };
        assert_eq!(working_days(received, decided, &[later], calendar), Some(left));
        assert_eq!(working_days(date(2026, 12, 30), date(2027, 1, 20), &[], calendar), None);
    }

    #[test]
    fn half_of_the_cases_were_decided_within_it_and_few_cases_say_nothing() {
        assert_eq!(half_within(vec![1, 2, 3, 4]), None);
        assert_eq!(half_within(vec![9, 1, 5, 2, 30]), Some(5));
        assert_eq!(half_within(vec![4, 1, 9, 2, 6, 8]), Some(4), "three of six");
    }
}
