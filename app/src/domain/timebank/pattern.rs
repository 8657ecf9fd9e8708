//! What a person looks at twice: services that are unusual. Nothing follows from it by itself, nobody is told, no minute is
//! taken. The bounds are our own, no published rule.

use std::collections::BTreeMap;

use super::service::REVIEW_ABOVE;
use crate::domain::time::Instant;
use crate::slugs;

/// Something unusual about a service.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Pattern {
    /// The same two met so often.
    SamePair,
    /// It took far longer than it was asked for.
    FarLonger,
    /// It was at night.
    AtNight,
    /// The volunteer gave more than half a day on one day.
    LongDay,
    /// It was entered later than the 10 working days.
    Late,
}

slugs!(Pattern {
    SamePair = "same-pair",
    FarLonger = "far-longer",
    AtNight = "at-night",
    LongDay = "long-day",
    Late = "late",
});

/// So many services of the same two within [`PAIR_DAYS`] are looked at.
pub const PAIR_MOST: usize = 8;

/// In how many days.
pub const PAIR_DAYS: i64 = 30;

/// A service that counts, as far as patterns go.
#[derive(Clone, Copy, Debug)]
pub struct Seen<'a> {
    /// The need's id.
    pub id: &'a str,
    /// Who gave.
    pub helper: &'a str,
    /// Who got; empty where that was forgotten.
    pub served: &'a str,
    /// When it began.
    pub began: Instant,
    /// How many minutes it was.
    pub minutes: i64,
    /// How many were asked for.
    pub planned: i64,
    /// It was entered late.
    pub late: bool,
}

const DAY_MS: i64 = 24 * 3_600_000;

/// What is unusual about these services, in their order, each with what makes it so.
pub fn patterns<'a>(services: &[Seen<'a>]) -> Vec<(&'a str, Pattern)> {
    let mut of_day: BTreeMap<(&str, jiff::civil::Date), i64> = BTreeMap::new();
    for seen in services {
        *of_day.entry((seen.helper, seen.began.shanghai_date())).or_default() += seen.minutes;
    }
    let mut found = Vec::new();
    for seen in services {
        let meetings = services.iter().filter(|other| {
            (other.helper, other.served) == (seen.helper, seen.served)
                && (0..PAIR_DAYS * DAY_MS).contains(&(seen.began.0 - other.began.0))
        });
        let hour = seen.began.shanghai_minute() / 60;
        let day = of_day.get(&(seen.helper, seen.began.shanghai_date())).copied().unwrap_or(0);
        let unusual = [
            (Pattern::SamePair, !seen.served.is_empty() && meetings.count() >= PAIR_MOST),
            (Pattern::FarLonger, seen.minutes > seen.planned * 2 && seen.minutes - seen.planned >= 60),
            (Pattern::AtNight, !(6..22).contains(&hour)),
            (Pattern::LongDay, day > REVIEW_ABOVE),
            (Pattern::Late, seen.late),
        ];
        found.extend(unusual.into_iter().filter(|(_, is)| *is).map(|(pattern, _)| (seen.id, pattern)));
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    /// 2026-11-23 14:05 in Shanghai.
    const NOW: i64 = 1_795_413_900_000;

    fn seen(id: &str, day: i64, minutes: i64) -> Seen<'_> {
        Seen {
            id,
            helper: "h",
            served: "s",
            began: Instant(NOW + day * DAY_MS),
            minutes,
            planned: 60,
            late: false,
        }
    }

    #[test]
    fn what_is_usual_is_not_flagged() {
        let ids: Vec<_> = (0..7).map(|n| format!("n{n}")).collect();
        let services: Vec<_> = ids.iter().zip(0..).map(|(id, day)| seen(id, day * 4, 90)).collect();
        assert_eq!(patterns(&services), []);
    }

    #[test]
    fn the_eighth_meeting_of_the_same_two_in_thirty_days_is_looked_at() {
        let ids: Vec<_> = (0..9).map(|n| format!("n{n}")).collect();
        let close: Vec<_> = ids.iter().zip(0..).map(|(id, day)| seen(id, day, 60)).collect();
        assert_eq!(patterns(&close), [("n7", Pattern::SamePair), ("n8", Pattern::SamePair)]);
        let far: Vec<_> = ids.iter().zip(0..).map(|(id, day)| seen(id, day * 5, 60)).collect();
        assert_eq!(patterns(&far), [], "never eight of them in thirty days");
        let nobody: Vec<_> = close.iter().map(|seen| Seen { served: "", ..*seen }).collect();
        assert_eq!(patterns(&nobody), [], "who was forgotten is no pair");
    }

    #[test]
    fn long_nightly_and_late_ones_are_looked_at() {
        let night = Seen { began: Instant(NOW + 9 * 3_600_000), ..seen("night", 0, 60) };
        assert_eq!(patterns(&[night]), [("night", Pattern::AtNight)]);
        assert_eq!(patterns(&[seen("long", 0, 180)]), [("long", Pattern::FarLonger)]);
        assert_eq!(patterns(&[Seen { late: true, ..seen("late", 0, 60) }]), [("late", Pattern::Late)]);
        let half = |id| Seen { planned: 400, ..seen(id, 0, 400) };
        assert_eq!(patterns(&[half("a"), half("b")]), [("a", Pattern::LongDay), ("b", Pattern::LongDay)]);
    }
}
