//! The latest day of an answer. 临时救助 has no verified national limit, so the limit is a setting.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::domain::calendar::{Calendar, Deadline};

/// The limit that holds for applications received from now on.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct LimitPolicy {
    /// Working days from receipt; `None` when the street has published none.
    pub working_days: Option<u32>,
    /// A made-up value of the demo, to be marked 示例 wherever it shows.
    pub sample: bool,
}

/// The latest day of an answer to one application.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Limit {
    /// No limit is set: 办理时限以街道公布为准.
    NotSet,
    /// The last working day.
    On(Date),
    /// The day lies beyond the holiday calendar, which is loaded to this day.
    BeyondCalendar(Date),
}

impl LimitPolicy {
    /// The latest day for an application received on the day `received` (Asia/Shanghai, not counted itself:
    /// 民法典 201).
    pub fn latest_day(self, received: Date, calendar: &Calendar) -> Limit {
        match self.working_days.map(|days| calendar.add_working_days(received, days)) {
            None => Limit::NotSet,
            Some(Deadline::On(day)) => Limit::On(day),
            Some(Deadline::BeyondCalendar { loaded_to }) => Limit::BeyondCalendar(loaded_to),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    #[test]
    fn no_limit_is_shown_where_none_is_set_and_none_is_guessed_beyond_the_calendar() {
        let calendar = Calendar::embedded();
        let sample = LimitPolicy { working_days: Some(20), sample: true };
        assert_eq!(LimitPolicy::default().latest_day(date(2026, 9, 18), calendar), Limit::NotSet);
        assert_eq!(sample.latest_day(date(2026, 9, 18), calendar), Limit::On(date(2026, 10, 22)));
        assert_eq!(
            sample.latest_day(date(2026, 12, 20), calendar),
            Limit::BeyondCalendar(date(2026, 12, 31))
        );
    }
}
