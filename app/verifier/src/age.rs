//! How old a list is, and what that means.

use app::domain::time::Instant;
use jiff::civil::DateTime;
use jiff::tz::Offset;

const MINUTE: i64 = 60_000;
const HOUR: i64 = 60 * MINUTE;
const DAY: i64 = 24 * HOUR;

/// What the age of the lists means.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Freshness {
    /// Less than a day old.
    Fresh,
    /// A day old: what was cancelled since is not on it.
    Old,
    /// A week old, or there is none.
    TooOld,
}

/// What the age of a list that was made at that moment means at `now`.
pub fn freshness(made_at: Option<Instant>, now: Instant) -> Freshness {
    match made_at.map(|made_at| now.0 - made_at.0) {
        Some(age) if age < DAY => Freshness::Fresh,
        Some(age) if age < 7 * DAY => Freshness::Old,
        _ => Freshness::TooOld,
    }
}

/// 刚刚, 12 分钟前, 3 小时前, 2 天前.
pub fn ago(then: Instant, now: Instant) -> String {
    match now.0 - then.0 {
        // A list from a moment to come: the clock is told about beside it.
        age if age < MINUTE => "刚刚".to_owned(),
        age if age < HOUR => format!("{} 分钟前", age / MINUTE),
        age if age < DAY => format!("{} 小时前", age / HOUR),
        age => format!("{} 天前", age / DAY),
    }
}

/// The civil time in Shanghai, which has kept one offset since 1991; the zone's whole history would weigh more than the page.
pub fn shanghai(at: Instant) -> DateTime {
    let nearest = if at.0 < 0 { jiff::Timestamp::MIN } else { jiff::Timestamp::MAX };
    Offset::constant(8).to_datetime(jiff::Timestamp::from_millisecond(at.0).unwrap_or(nearest))
}

/// 11:02 today, 11月23日 11:02 on another day.
pub fn time_text(at: Instant, now: Instant) -> String {
    let (at, today) = (shanghai(at), shanghai(now).date());
    let time = format!("{:02}:{:02}", at.hour(), at.minute());
    if at.date() == today { time } else { format!("{}月{}日 {time}", at.month(), at.day()) }
}

/// 2026 年 11 月 23 日 14:05
pub fn full_text(at: Instant) -> String {
    let at = shanghai(at);
    format!("{} 年 {} 月 {} 日 {:02}:{:02}", at.year(), at.month(), at.day(), at.hour(), at.minute())
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: Instant = Instant(1_795_000_000_000);

    fn before(ms: i64) -> Instant {
        Instant(NOW.0 - ms)
    }

    #[test]
    fn a_list_is_amber_after_a_day_and_red_after_seven() {
        for (age, expected) in [
            (0, Freshness::Fresh),
            (DAY - 1, Freshness::Fresh),
            (DAY, Freshness::Old),
            (7 * DAY - 1, Freshness::Old),
            (7 * DAY, Freshness::TooOld),
            (400 * DAY, Freshness::TooOld),
            (-DAY, Freshness::Fresh),
        ] {
            assert_eq!(freshness(Some(before(age)), NOW), expected, "{age}");
        }
        assert_eq!(freshness(None, NOW), Freshness::TooOld, "no list is no good list");
    }

    #[test]
    fn ages_are_told_in_words() {
        let told = |ms| ago(before(ms), NOW);
        assert_eq!(
            [told(0), told(12 * MINUTE), told(3 * HOUR), told(2 * DAY)],
            ["刚刚", "12 分钟前", "3 小时前", "2 天前"]
        );
        assert_eq!(told(-HOUR), "刚刚");
    }

    #[test]
    fn times_are_those_of_shanghai() {
        assert_eq!(full_text(NOW), "2026 年 11 月 18 日 19:06");
        assert_eq!(time_text(NOW, NOW), "19:06");
        assert_eq!(time_text(before(DAY), NOW), "11月17日 19:06");
        // Far beyond any calendar: shown as the nearest.
        assert!(!full_text(Instant(i64::MAX)).is_empty() && !full_text(Instant(i64::MIN)).is_empty());
    }
}
