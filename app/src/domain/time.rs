//! Moments and dates, and how they read. All civil time is Asia/Shanghai.

use jiff::civil::{Date, Weekday};
use serde::{Deserialize, Serialize};

use crate::domain::normalise;

/// A moment in Unix milliseconds. The clock hands it in; nothing here reads one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Instant(pub i64);

impl Instant {
    /// A moment in Unix seconds.
    pub const fn from_seconds(seconds: i64) -> Self {
        Self(seconds.saturating_mul(1000))
    }

    /// Whole Unix seconds, rounded down.
    pub const fn seconds(self) -> i64 {
        self.0.div_euclid(1000)
    }
}

/// The zone's rules come from its database, since summer time ended only in 1991; the browser's half does
/// without them, and without the weight.
#[cfg(feature = "ssr")]
impl Instant {
    /// The date in Shanghai: the one that deadlines and ages are counted from.
    pub fn shanghai_date(self) -> Date {
        self.shanghai().date()
    }

    /// 11月23日 14:05
    pub fn shanghai_text(self) -> String {
        let at = self.shanghai();
        format!("{}月{}日 {:02}:{:02}", at.month(), at.day(), at.hour(), at.minute())
    }

    /// 2026 年 11 月 23 日 14:05
    pub fn shanghai_full(self) -> String {
        let at = self.shanghai();
        format!("{} 年 {} 月 {} 日 {:02}:{:02}", at.year(), at.month(), at.day(), at.hour(), at.minute())
    }

    /// The moment at which a day begins in Shanghai.
    pub fn shanghai_midnight(date: Date) -> Self {
        // The last day that jiff knows may lie beyond its last moment; none of ours does.
        zone().to_timestamp(date.at(0, 0, 0, 0)).map_or(Self(i64::MAX), |at| Self(at.as_millisecond()))
    }

    /// Minutes since midnight in Shanghai.
    pub fn shanghai_minute(self) -> u16 {
        let at = self.shanghai();
        u16::from(at.hour().unsigned_abs()) * 60 + u16::from(at.minute().unsigned_abs())
    }

    fn shanghai(self) -> jiff::civil::DateTime {
        // A moment outside jiff's years -9999 to 9999 is shown as the nearest inside.
        let nearest = if self.0 < 0 { jiff::Timestamp::MIN } else { jiff::Timestamp::MAX };
        let timestamp = jiff::Timestamp::from_millisecond(self.0).unwrap_or(nearest);
        zone().to_datetime(timestamp)
    }
}

#[cfg(feature = "ssr")]
fn zone() -> &'static jiff::tz::TimeZone {
    static ZONE: std::sync::OnceLock<jiff::tz::TimeZone> = std::sync::OnceLock::new();
    #[expect(clippy::expect_used, reason = "the zone database is compiled in: jiff/tzdb-bundle-always")]
    ZONE.get_or_init(|| {
        jiff::tz::TimeZone::get("Asia/Shanghai").expect("Asia/Shanghai is in the bundled database")
    })
}

/// A month as people write it, as its first day: 2026-12, 202612, 2026年12月.
pub fn parse_month(text: &str) -> Option<Date> {
    let digits: String = normalise::single_line(text).chars().filter(char::is_ascii_digit).collect();
    let (year, month) = digits.split_at_checked(4)?;
    Date::new(year.parse().ok()?, month.parse().ok()?, 1).ok()
}

/// 2026 年 12 月 1 日 星期二
pub fn date_text(date: Date) -> String {
    let weekday = match date.weekday() {
        Weekday::Monday => "星期一",
        Weekday::Tuesday => "星期二",
        Weekday::Wednesday => "星期三",
        Weekday::Thursday => "星期四",
        Weekday::Friday => "星期五",
        Weekday::Saturday => "星期六",
        Weekday::Sunday => "星期日",
    };
    format!("{} 年 {} 月 {} 日 {weekday}", date.year(), date.month(), date.day())
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    #[test]
    fn dates_read_with_their_weekday() {
        assert_eq!(date_text(date(2026, 12, 1)), "2026 年 12 月 1 日 星期二");
        assert_eq!(date_text(date(2026, 2, 14)), "2026 年 2 月 14 日 星期六");
        assert_eq!(date_text(date(2026, 2, 15)), "2026 年 2 月 15 日 星期日");
    }

    #[test]
    fn seconds_are_rounded_down_and_never_overflow() {
        assert_eq!(Instant::from_seconds(7), Instant(7000));
        assert_eq!(Instant(7999).seconds(), 7);
        assert_eq!(Instant(-1).seconds(), -1);
        assert_eq!(Instant::from_seconds(i64::MAX), Instant(i64::MAX));
    }

    #[cfg(feature = "ssr")]
    mod in_shanghai {
        use proptest::prelude::*;

        use super::*;

        /// 2026-11-23 06:05:00 UTC.
        const AFTERNOON: Instant = Instant::from_seconds(1_795_413_900);

        #[test]
        fn moments_read_in_shanghai_time() {
            assert_eq!(AFTERNOON.shanghai_date(), date(2026, 11, 23));
            assert_eq!(AFTERNOON.shanghai_text(), "11月23日 14:05");
            assert_eq!(AFTERNOON.shanghai_full(), "2026 年 11 月 23 日 14:05");
        }

        #[test]
        fn a_day_begins_at_midnight_in_shanghai() {
            let midnight = Instant::shanghai_midnight(date(2026, 11, 24));
            assert_eq!(midnight.shanghai_full(), "2026 年 11 月 24 日 00:00");
            assert_eq!((midnight.shanghai_minute(), AFTERNOON.shanghai_minute()), (0, 14 * 60 + 5));
        }

        #[test]
        fn the_day_changes_at_16_00_utc() {
            let midnight = Instant::from_seconds(1_795_413_900 + 9 * 3600 + 55 * 60);
            assert_eq!(midnight.shanghai_date(), date(2026, 11, 24));
            assert_eq!(Instant(midnight.0 - 1).shanghai_date(), date(2026, 11, 23));
        }

        #[test]
        fn summer_time_of_1990_is_in_the_database() {
            // 1990-07-01 04:00 UTC was 13:00 in Shanghai.
            assert_eq!(Instant::from_seconds(646_804_800).shanghai_full(), "1990 年 7 月 1 日 13:00");
        }

        proptest! {
            #[test]
            fn any_moment_can_be_shown(milliseconds in any::<i64>()) {
                prop_assert!(!Instant(milliseconds).shanghai_full().is_empty());
            }
        }
    }
}
